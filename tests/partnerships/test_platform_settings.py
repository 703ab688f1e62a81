"""A platform's settings: each with its default and reason, checked when typed, and never silently overwritten."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Refused
from cocreate import stages
from journal.models import Entry
from partnerships import actions
from partnerships.actions.platforms import Overtaken
from partnerships.models import Group, Letter, Partnership, Platform, Template
from partnerships.rules.decisions import quorum_of, rule_of
from partnerships.settings import PARTS, SETTINGS, mark_of, parts_of, values_of
from partnerships.settings.kinds import Asked, Threshold
from partnerships.stages import ORDER
from solutions.settings import OPTIONS_WEIGHED, STEP_REMINDER_DAYS
from tests.cast import enter, make_cast, person, who_may
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def change(cast, by=None, part="thresholds", seen=None, **values):
    platform = Platform.objects.get()
    seen = {key: mark_of(SETTINGS[key].on(platform)) for key in values} if seen is None else seen
    return actions.platforms.change_platform(
        platform=platform, part=part, values=values, seen=seen, by=by or cast.convener, at=timezone.now()
    )


def page_of(part=""):
    return (
        reverse("change_platform", args=["solrod", part])
        if part
        else reverse("platform_settings", args=["solrod"])
    )


def typed_in(html):
    """What the browser would send back of a page's form, untouched."""
    form = html[html.index('enctype="multipart/form-data"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        facts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if facts.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if facts.get("type") != "file" and "name" in facts:
            found[facts["name"]] = unescape(facts.get("value", "on" if facts["type"] == "checkbox" else ""))
    for name, words in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        found[name] = unescape(words).replace("\n", "\r\n")
    return found


def opened(client, part):
    return typed_in(client.get(page_of(part)).content.decode())


def convened(cast, template=None):
    return actions.arenas.convene(
        platform=cast.platform, title="Square", summary="s", question="q?", template=template,
        by=cast.convener, at=timezone.now(),
    )  # fmt: skip


# --- who, and what is shown -------------------------------------------------------------------------------------


def test_office_holders_change_settings_and_only_case_officers_the_law(cast):
    for part, values, allowed in (
        ("thresholds", {"options_weighed": 3}, {"convener", "case_officer"}),
        ("words", {"name": "New"}, {"convener", "case_officer"}),
        ("law", {"keep_arena_years": 10}, {"case_officer"}),
    ):
        assert who_may(cast, lambda who, p=part, v=values: change(cast, who, p, **v)) == allowed
    assert who_may(cast, lambda who: change(cast, who)) == {"convener", "case_officer"}
    with pytest.raises(TypeError, match="look has no keep_arena_years"):
        change(cast, part="look", keep_arena_years=1)


def test_the_pages_are_for_those_who_may(client, cast):
    for who, overview, law in (("convener", 200, 403), ("case_officer", 200, 200), ("citizen", 403, 403)):
        client.force_login(getattr(cast, who))
        assert (client.get(page_of()).status_code, client.get(page_of("law")).status_code) == (overview, law)
        reset = reverse("reset_setting", args=["solrod", "keep_arena_years"])
        assert client.post(reset, {"seen": mark_of(5)}).status_code == (302 if law == 200 else 403)
        shown = (
            "Settings of the platform" in client.get(reverse("platform", args=["solrod"])).content.decode()
        )
        assert shown is (overview == 200)
    client.force_login(cast.case_officer)
    assert client.get(page_of("nothing")).status_code == 404
    assert (
        client.post(reverse("reset_setting", args=["solrod", "name"])).status_code == 404
    )  # it has no default


def test_every_setting_is_shown_with_its_default_and_reason(client, cast):
    assert {one.part for one in SETTINGS.values()} == set(PARTS)
    client.force_login(cast.case_officer)
    html = unescape(client.get(page_of()).content.decode())
    for setting in SETTINGS.values():
        assert str(setting.label) in html
        assert (setting.default is None) == (not setting.reason), setting.key
        assert setting.default is None or str(setting.shown(setting.default)), setting.key
        if setting.default is not None:
            form = unescape(client.get(page_of(setting.part)).content.decode())
            assert isinstance(setting, Asked) or str(setting.reason) in form
    assert all(setting.has_default(Platform.objects.get()) for setting in parts_of("thresholds"))


def test_a_setting_differs_is_said_and_put_back(client, cast):
    change(cast, options_weighed=4)
    client.force_login(cast.convener)
    html = client.get(page_of()).content.decode()
    put_back = re.findall(r"settings/(\w+)/reset/", html)
    assert put_back == ["language", "options_weighed"]  # the cast's platform speaks English
    reset = reverse("reset_setting", args=["solrod", "options_weighed"])
    assert client.post(reset, {"seen": mark_of(3)}).status_code == 409  # they saw another number
    assert client.post(reset, {"seen": mark_of(4)}, follow=True).status_code == 200
    assert Platform.objects.get().thresholds == {}
    changed = [
        entry.ids["fields"] for entry in Entry.objects.filter(verb="platform.changed").order_by("sequence")
    ]
    assert changed == [["options_weighed"]] * 2


# --- what may be typed ------------------------------------------------------------------------------------------


def test_what_is_untouched_changes_nothing(client, cast):
    Platform.objects.update(
        introduction="One.\n\nTwo.", ground_rules="- a\n- b", letters={"da": {"opening": "Kom.\nNu."}}
    )
    client.force_login(cast.case_officer)
    for part in PARTS:
        before = values_of(Platform.objects.get())
        assert client.post(page_of(part), opened(client, part)).status_code == 302
        assert values_of(Platform.objects.get()) == before
    assert not Entry.objects.filter(verb="platform.changed").exists()


@pytest.mark.parametrize(
    ("part", "key", "typed", "sentence"),
    [
        *[("thresholds", "options_weighed", wrong, "Write a whole number from 1 to 20.")
          for wrong in ("-1", "0", "21", "2.5", "many", "", "1e3", "9" * 5000)],
        ("thresholds", "quorum_share", "101", "Write a whole number from 1 to 100."),
        *[("reminders", "stage_due_days", wrong, "Write at most 5 whole numbers from 0 to 365")
          for wrong in ("", "soon", "7; 1", "-7", "2.5", "400", "1,2,3,4,5,6")],
        *[("look", "accent", wrong, "like #0f5b52")
          for wrong in ("yellow", "#ggg", "javascript:", "#12345", "#0f5b52;}", "url(x)")],
        ("look", "scheme", "night", "not one of the available choices"),
        ("words", "time_zone", "Mars/Olympus", "Mars/Olympus"),
        ("words", "name", "", "This field is required."),
        ("words", "contact_email", "me@", "valid email address"),
        ("law", "youngest_age", "12", "Write a whole number from 13 to 18."),
    ],
)  # fmt: skip
def test_nonsense_is_said_and_kept(client, cast, part, key, typed, sentence):
    client.force_login(cast.case_officer)
    before = values_of(Platform.objects.get())
    answer = client.post(page_of(part), opened(client, part) | {key: typed})
    html = unescape(answer.content.decode())
    assert (answer.status_code, sentence in html) == (422, True)
    assert len(typed) > 100 or typed in html
    assert values_of(Platform.objects.get()) == before


def test_what_is_typed_well_is_kept_well(client, cast):
    client.force_login(cast.convener)
    for part, typed, kept in (
        ("look", {"accent": "#FF0"}, {"accent": "#ffff00"}),
        ("look", {"accent": "0F5B52", "scheme": "dark"}, {"accent": "#0f5b52", "scheme": "dark"}),
        ("reminders", {"stage_due_days": " 14, 7,7 ,1"}, {"stage_due_days": [14, 7, 1]}),
        ("reminders", {"step_reminder_days": "3"}, {"thresholds": {"step_reminder_days": [3]}}),
        ("letters", {"asks_en": "Two\r\nevenings"}, {"letters": {"en": {"asks": "Two\nevenings"}}}),
        ("rules", {"ground_rules": "- **Listen**"}, {"ground_rules": "- **Listen**"}),
    ):
        assert client.post(page_of(part), opened(client, part) | typed).status_code == 302
        platform = Platform.objects.get()
        assert {name: getattr(platform, name) for name in kept} == kept
    off = opened(client, "gates")
    del off["gate_charter"]
    client.post(page_of("gates"), off)
    assert Platform.objects.get().gates == {"charter": "off"}
    assert "<strong>Listen</strong>" in client.get(reverse("platform", args=["solrod"])).content.decode()


# --- two at once ------------------------------------------------------------------------------------------------


def test_who_is_slower_sees_both_and_keeps_what_they_typed(client, cast):
    client.force_login(cast.convener)
    mine = opened(client, "words")
    change(cast, cast.case_officer, "words", name="Theirs", area="Køge")
    answer = client.post(page_of("words"), mine | {"name": "Mine"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert ("It now says: Theirs" in html, 'value="Mine"' in html) == (True, True)
    assert Platform.objects.get().name == "Theirs"
    again = typed_in(html)
    assert again["name"] == "Mine"
    assert client.post(page_of("words"), again).status_code == 302  # now they have seen it
    platform = Platform.objects.get()
    assert (platform.name, platform.area) == (
        "Mine",
        "Køge",
    )  # what they never touched is as the other wrote it


def test_two_who_change_different_things_both_get_their_way(client, cast):
    client.force_login(cast.convener)
    mine = opened(client, "words")
    change(cast, cast.case_officer, "words", area="Køge")
    wrong = client.post(page_of("words"), mine | {"name": ""})  # a mistake in between forgets nothing
    assert (
        client.post(page_of("words"), typed_in(wrong.content.decode()) | {"name": "Mine"}).status_code == 302
    )
    platform = Platform.objects.get()
    assert (platform.name, platform.area) == ("Mine", "Køge")


@pytest.mark.parametrize("seen", [None, "", "[]", "nonsense", "{}", "[" * 100_000])
def test_a_form_that_says_not_what_it_saw_overwrites_nothing(client, cast, seen):
    client.force_login(cast.convener)
    form = opened(client, "words") | {"name": "Mine", "seen": seen}
    answer = client.post(page_of("words"), {key: value for key, value in form.items() if value is not None})
    assert (answer.status_code, Platform.objects.get().name) == (409, "Solrød together")


def test_the_same_wish_twice_is_no_quarrel(cast):
    change(cast, options_weighed=3)
    assert change(cast, cast.case_officer, seen={"options_weighed": mark_of(2)}, options_weighed=3) == []
    with pytest.raises(Overtaken):
        change(cast, cast.case_officer, seen={"options_weighed": mark_of(2)}, options_weighed=4)


# --- what they do -----------------------------------------------------------------------------------------------


def test_thresholds_and_gates_are_copied_and_a_later_change_moves_nobody(cast):
    change(cast, options_weighed=3, quorum_share=100, consent_rounds=1)
    change(cast, part="gates", gate_charter=False, gate_answers=False)
    change(cast, part="reminders", step_reminder_days=[3])  # holds at once, and is copied nowhere
    template = Template.objects.create(
        platform=cast.platform,
        key="own",
        thresholds={"options_weighed": 5},
        gates={"charter": "on", "promise": "off"},
    )
    plain, special = convened(cast), convened(cast, template)
    change(cast, options_weighed=9, quorum_share=1, consent_rounds=9)
    change(cast, part="gates", gate_charter=True)
    Template.objects.update(thresholds={})
    plain, special = (Partnership.objects.get(pk=arena.pk) for arena in (plain, special))
    assert (OPTIONS_WEIGHED.of(plain), OPTIONS_WEIGHED.of(special)) == (3, 5)
    assert (quorum_of(plain, 7), [rule_of(plain, n) for n in (1, 2)]) == (7, ["consent", "majority"])
    assert plain.gates == {"charter": "off", "answers": "off"}
    assert special.gates == {"charter": "on", "answers": "off", "promise": "off"}
    assert plain.thresholds == {"options_weighed": 3, "quorum_share": 100, "consent_rounds": 1}
    assert (STEP_REMINDER_DAYS.of(plain), OPTIONS_WEIGHED.of(convened(cast))) == ([3], 9)
    assert OPTIONS_WEIGHED.of(cast.partnership) == 2


def test_every_soft_criterion_can_be_left_out_and_a_hard_one_never(cast):
    cast.partnership.mandate.refresh_from_db()
    Group.objects.create(
        partnership=cast.partnership, name="g", sector="citizens", affectedness=1, relevance=1
    )
    Partnership.objects.update(template=Template.objects.create(key="t"))
    soft, hard = set(), set()
    for stage in ORDER:
        enter(cast.partnership, stage)
        for one in stages.gate(Partnership.objects.get(pk=cast.partnership.pk)).criteria:
            (hard if one.hard else soft).add(one.key)
    known = {one.criterion for one in SETTINGS.values() if isinstance(one, Asked)}
    assert soft == known
    assert not hard & known


def test_a_threshold_is_said_in_the_criterion(cast):
    enter(cast.partnership, "design")
    Partnership.objects.update(thresholds={"options_weighed": 4, "answered_share": 60})
    labels = [one.label for one in stages.gate(Partnership.objects.get()).criteria]
    assert "At least 4 proposals were weighed" in labels
    assert "At least 60 % of the contributions that ask for an answer have one" in labels


def test_letters_and_ground_rules_stand_in_where_a_template_has_none(client, cast):
    change(cast, part="letters", opening_en="Come.", opening_da="Kom.", asks_da="To aftener.")
    change(cast, part="rules", ground_rules="- Be kind.")
    letter = {"opening": "From the template", "asks": ""}
    template = Template.objects.create(
        platform=cast.platform,
        key="own",
        texts={"en": {"letter": letter, "charter": {"rules": "- T"}}, "da": {}},
    )
    for made, english in ((convened(cast), "Come."), (convened(cast, template), "From the template")):
        said = {row.language: (row.opening, row.asks) for row in Letter.objects.filter(partnership=made)}
        assert said == {"en": (english, ""), "da": ("Kom.", "To aftener.")}
    client.force_login(cast.convener)
    for made, rules in (
        (cast.partnership, "- Be kind."),
        (Partnership.objects.get(template=template), "- T"),
    ):
        enter(made, "define")
        client.post(reverse("start_charter", args=[made.slug]))
        page = client.get(reverse("write", args=[made.slug, made.texts.get().pk])).content.decode()
        assert rules in page


def test_a_threshold_is_whole_in_every_language_and_of_a_known_part():
    numbers = [one for one in SETTINGS.values() if isinstance(one, Threshold)]
    assert len(numbers) >= 10
    for one in SETTINGS.values():
        assert one.part in PARTS


def test_the_pages_cost_the_same_whatever_is_set(client, cast, django_assert_max_num_queries):
    client.force_login(cast.convener)
    with django_assert_max_num_queries(12) as few:
        client.get(page_of())
    change(cast, options_weighed=3)
    for number in range(20):
        person(f"Extra{number} Person")
    with django_assert_max_num_queries(12) as many:
        client.get(page_of())
    assert len(few) == len(many)


def test_an_outsider_is_told_whom_to_call(cast):
    with pytest.raises(Refused, match="conveners and case officers"):
        change(cast, cast.citizen, options_weighed=3)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told(cast):
    seen = {"options_weighed": mark_of(2)}
    ends = race(*[lambda n=n: change(cast, seen=seen, options_weighed=n) for n in (3, 4)])
    (won,) = [n for n, end in zip((3, 4), ends, strict=True) if end == ["options_weighed"]]
    (lost,) = [end for end in ends if isinstance(end, Overtaken)]
    assert (lost.now, Platform.objects.get().thresholds) == (
        {"options_weighed": won},
        {"options_weighed": won},
    )
