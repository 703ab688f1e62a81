"""A platform's own template: its groups, what it takes to go on, and its instruments are edited, and checked."""

import datetime
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.models import Lesson, Partnership, Template
from partnerships.settings import SETTINGS
from partnerships.stages import DEFAULT_LENGTH_DAYS
from tests.cast import enter, make_cast

pytestmark = pytest.mark.django_db
GROUP = {"name": {"en": "Anglers"}, "sector": "citizens", "affectedness": 3, "relevance": 2, "authority": 0}
GROUP |= {"resources": 1, "voice": 0, "seats": 2}
TOOL = {"stage": "define", "name": "Walk", "words": "Walk along the beach together."}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def own(cast):
    return Template.objects.create(
        platform=cast.platform,
        key="own",
        groups=[GROUP],
        texts={"en": {"name": "Own", "instruments": [TOOL]}},
    )


def page_of(part, template):
    return reverse(part, args=["solrod", template.pk]) + "?language=en"


def lines(*rows, initial=1):
    """What a browser sends of a list: `initial` of the rows were there before."""
    sent = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(initial)}
    return sent | {f"form-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def typed(group=GROUP, **changed):
    return (
        {f"name_{code}": name for code, name in group["name"].items()}
        | {key: str(value) for key, value in group.items() if key != "name"}
        | changed
    )


BLANK = typed(GROUP | {"affectedness": 1, "relevance": 1, "resources": 0, "seats": 1}, name_en="")


def test_groups_are_added_changed_and_taken_away(client, cast, own):
    client.force_login(cast.convener)
    page = page_of("change_template_groups", own)
    html = client.get(page).content.decode()
    assert 'value="Anglers"' in html
    sent = lines(typed(seats="4", name_da="Lystfiskere"), typed(name_en="Gulls", affectedness="1"))
    assert client.post(page, sent).url == reverse("template", args=["solrod", own.pk])
    own.refresh_from_db()
    first = GROUP | {"name": {"en": "Anglers", "da": "Lystfiskere"}, "seats": 4}
    assert own.groups == [first, GROUP | {"name": {"en": "Gulls"}, "affectedness": 1}]
    shown = client.get(reverse("template", args=["solrod", own.pk])).content.decode()
    assert ("Gulls" in shown, "4 seats" in shown) == (True, True)
    sent = lines(typed(first) | {"DELETE": "on"}, typed(own.groups[1]), BLANK, initial=2) | {"another": "yes"}
    assert client.post(page, sent).url == page
    own.refresh_from_db()
    assert [group["name"] for group in own.groups] == [{"en": "Gulls"}]
    arena = actions.arenas.convene(
        platform=cast.platform,
        title="t",
        summary="s",
        question="q?",
        template=own,
        by=cast.convener,
        at=timezone.now(),
    )
    assert [(group.name, group.seats.count()) for group in arena.groups.all()] == [("Gulls", 2)]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        *[
            ({"seats": seats}, "Write a whole number from 0 to 50.")
            for seats in ("-1", "51", "2.5", "many", "")
        ],
        ({"name_en": ""}, "Write which group this is"),
        ({"name_en": "x" * 121}, "at most 120 characters"),
        ({"sector": "aliens"}, "aliens is not one of the available choices"),
        ({"affectedness": "9"}, "9 is not one of the available choices"),
        ({"voice": "loud"}, "loud is not one of the available choices"),
    ],
)
def test_a_wrong_group_is_said_and_kept(client, cast, own, wrong, sentence):
    client.force_login(cast.convener)
    answer = client.post(page_of("change_template_groups", own), lines(typed(**wrong)))
    assert (answer.status_code, sentence in unescape(answer.content.decode())) == (422, True)
    own.refresh_from_db()
    assert own.groups == [GROUP]


def test_a_list_that_is_none_or_too_long_is_refused(client, cast, own):
    client.force_login(cast.convener)
    page = page_of("change_template_groups", own)
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"form-TOTAL_FORMS": "many", "form-INITIAL_FORMS": "x"}).status_code == 422
    assert client.post(page, lines(*[typed(name_en=f"G{n}") for n in range(41)])).status_code == 422
    own.refresh_from_db()
    assert own.groups == [GROUP]


def gates(**changed):
    return {key: "platform" for key in SETTINGS if key.startswith("gate_")} | changed


def test_gates_and_thresholds_differ_from_the_platform_or_follow_it(client, cast, own):
    client.force_login(cast.convener)
    page = page_of("change_template_gates", own)
    html = unescape(client.get(page).content.decode())
    assert "Empty: as the platform says, 2." in html
    for wrong in ("-1", "2.5", "many", "99"):
        answer = client.post(page, gates(options_weighed=wrong))
        assert "Write a whole number from 1 to 20." in answer.content.decode()
        assert answer.status_code == 422
    assert client.post(page, gates(gate_charter="maybe")).status_code == 422
    assert (
        client.post(page, gates(options_weighed="3", gate_charter="off", gate_answers="on")).status_code
        == 302
    )
    own.refresh_from_db()
    assert (own.thresholds, own.gates) == ({"options_weighed": 3}, {"charter": "off", "answers": "on"})
    shown = client.get(reverse("template", args=["solrod", own.pk])).content.decode()
    assert "The members have adopted their ground rules" in shown
    assert client.post(page, gates(options_weighed="")).status_code == 302
    own.refresh_from_db()
    assert (own.thresholds, own.gates) == ({}, {})


def test_instruments_are_written_per_language_and_met_in_their_stage(client, cast, own):
    client.force_login(cast.convener)
    page = page_of("change_template_instruments", own)
    other = {"stage": "design", "name": "Models", "words": "Build it from <b>clay</b>."}
    for wrong, sentence in (
        (TOOL | {"stage": "closed"}, "closed is not one of the available choices"),
        (TOOL | {"name": ""}, "This field is required."),
        (TOOL | {"words": "w" * 1001}, "at most 1000 characters"),
    ):
        answer = client.post(page, lines(wrong))
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert client.post(page, lines(TOOL, other)).status_code == 302
    own.refresh_from_db()
    assert own.texts == {"en": {"name": "Own", "instruments": [TOOL, other]}}
    Partnership.objects.update(template=own)
    pages = [reverse("manage", args=["seaweed"]), reverse("stages", args=["seaweed"])]
    for stage, there, not_there in (
        ("define", "Walk along", "clay"),
        ("design", "&lt;b&gt;clay", "Walk along"),
    ):
        enter(cast.partnership, stage)
        for path in pages:
            html = client.get(path).content.decode()
            assert (there in html, not_there in html) == (True, False)
    client.logout()
    assert "clay" not in client.get(pages[1]).content.decode()


def test_who_is_slower_is_told_and_keeps_what_they_typed(client, cast, own):
    client.force_login(cast.convener)
    page = page_of("change_template_groups", own)
    seen = own.mark(["groups"])
    actions.templates.change_template(template=own, groups=[], by=cast.convener, at=timezone.now())
    answer = client.post(page, lines(typed(name_en="Mine")) | {"seen": seen})
    html = answer.content.decode()
    assert (answer.status_code, "in the meantime" in html, 'value="Mine"' in html) == (409, True, True)
    own.refresh_from_db()
    assert own.groups == []
    assert f'value="{own.mark(["groups"])}"' in html
    assert client.post(page, lines(typed(name_en="Mine")) | {"seen": own.mark(["groups"])}).status_code == 302
    own.refresh_from_db()
    assert [group["name"]["en"] for group in own.groups] == ["Mine"]


def test_a_template_with_nothing_in_it_works_everywhere(client, cast):
    bare = Template.objects.create(platform=cast.platform, key="bare")
    client.force_login(cast.convener)
    for part in ("template", "change_template", "change_template_groups", "change_template_gates"):
        assert client.get(page_of(part, bare)).status_code == 200
    assert client.get(page_of("change_template_instruments", bare)).status_code == 200
    arena = actions.arenas.convene(
        platform=cast.platform,
        title="t",
        summary="s",
        question="q?",
        template=bare,
        by=cast.convener,
        at=timezone.now(),
    )
    usual = timezone.localdate() + datetime.timedelta(days=DEFAULT_LENGTH_DAYS["initiate"])
    assert (arena.lengths, arena.visits.get().due_on, arena.letters.count()) == ({}, usual, 0)
    assert client.get(reverse("stages", args=[arena.slug])).status_code == 200


def test_lessons_of_the_origin_stand_beside_the_form_of_its_copy(client, cast, own):
    copy = actions.templates.fork_template(
        template=own, platform=cast.platform, key="copy", by=cast.convener, at=timezone.now()
    )
    facts = {"partnership": cast.partnership, "by": cast.convener, "at": timezone.now()}
    Lesson.objects.create(template=own, words="Ask the anglers first.", **facts)
    client.force_login(cast.convener)
    for part in ("template", "change_template", "change_template_groups", "change_template_gates"):
        assert "Ask the anglers first." in client.get(page_of(part, copy)).content.decode()
    Partnership.objects.update(visibility="hidden")
    client.force_login(cast.case_officer)
    assert client.get(page_of("change_template", copy)).status_code == 403  # only who convenes adapts


def test_shipped_ones_are_not_changed_part_by_part(client, cast):
    shipped = actions.templates.load_templates(at=timezone.now())[0]
    client.force_login(cast.convener)
    for part in ("change_template_groups", "change_template_gates", "change_template_instruments"):
        assert client.post(page_of(part, shipped), lines()).status_code == 403
