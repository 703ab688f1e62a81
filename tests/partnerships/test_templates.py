"""Templates: three are shipped, a platform copies and adapts them, and what was learned comes back."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from boundary.answer import Refused
from journal.models import Entry
from partnerships import actions
from partnerships.models import Lesson, Partnership, Template
from partnerships.models.texts import SECTIONS, Text
from partnerships.stages import DEFAULT_LENGTH_DAYS, Stage
from tests.cast import make_cast, who_may

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def shipped():
    return {one.key: one for one in actions.templates.load_templates(at=timezone.now())}


def page_of(name, template=None, *, platform="solrod"):
    return reverse(name, args=[platform, *([template.pk] if template else [])])


def forked(cast, template, key="ours", by=None):
    return actions.templates.fork_template(
        template=template, platform=cast.platform, key=key, by=by or cast.convener, at=timezone.now()
    )


def typed(**changed):
    days = {f"days_{stage.value}": str(number) for stage, number in DEFAULT_LENGTH_DAYS.items()}
    words = {"name": "Green areas", "purpose": "For parks.", "opening": "Come.", "asks": "Two evenings."}
    return days | words | {"join_policy": "open", "promise_kind": "advice_only"} | changed


def test_three_are_shipped_in_both_languages_and_loading_again_changes_nothing(capsys):
    for _time in range(2):
        call_command("load_templates")
    assert "task-committee: Political task committee" in capsys.readouterr().out
    assert set(Template.objects.values_list("key", flat=True)) == {
        *("cross-sector", "task-committee", "commons-pact"),
    }
    for template in Template.objects.all():
        assert set(template.texts) == {"en", "da"}
        for said in template.texts.values():
            assert all((said["name"], said["purpose"], said["letter"]["opening"], said["letter"]["asks"]))
            assert said["charter"].keys() <= SECTIONS[Text.Kind.CHARTER].keys()
            assert {row["stage"] for row in said["instruments"]} <= set(Stage.values)
        english, danish = template.texts["en"], template.texts["da"]
        assert [row["stage"] for row in english["instruments"]] == [
            row["stage"] for row in danish["instruments"]
        ]
        assert english["charter"].keys() == danish["charter"].keys()
        assert any(group["affectedness"] == 3 for group in template.groups)


def test_a_template_without_lengths_has_the_usual_ones_and_the_nearest_language(shipped):
    bare = Template(key="bare", texts={"en": {"name": "Bare"}})
    assert dict(bare.stages) == DEFAULT_LENGTH_DAYS
    with translation.override("da"):
        assert (bare.name, bare.purpose, bare.instruments) == ("Bare", "", [])
        assert shipped["task-committee"].name == "Politisk opgaveudvalg"
    assert Template(key="empty").name == "empty"


def test_a_platform_copies_a_template_changes_it_and_offers_it_first(client, cast, shipped):
    client.force_login(cast.convener)
    answer = client.post(page_of("fork_template", shipped["commons-pact"]), {"key": "green-areas"})
    own = Template.objects.get(platform=cast.platform)
    assert answer.url == page_of("change_template", own)
    assert (own.forked_from, own.gates) == (shipped["commons-pact"], shipped["commons-pact"].gates)
    change = page_of("change_template", own) + "?language=en"
    assert "Neighbourhood pact for commons" in client.get(change).content.decode()
    assert client.post(change, typed(charter_rules="- Be kind.", days_define="7")).status_code == 302
    own.refresh_from_db()
    assert own.texts["en"]["name"] == "Green areas"
    assert own.texts["en"]["charter"] == {"rules": "- Be kind."}
    assert own.texts["en"]["instruments"] == shipped["commons-pact"].texts["en"]["instruments"]
    assert own.texts["da"] == shipped["commons-pact"].texts["da"]
    assert (own.lengths, own.join_policy, own.promise_kind) == ({"define": 7}, "open", "advice_only")
    offered = list(Template.objects.offered_on(cast.platform).values_list("key", flat=True))
    assert offered == ["green-areas", "cross-sector", "task-committee", "commons-pact"]
    assert client.post(page_of("retire_template", own)).url == page_of("templates")
    assert client.post(page_of("retire_template", own)).status_code == 409
    assert own not in Template.objects.offered_on(cast.platform)
    verbs = Entry.objects.filter(scope=cast.platform.pk).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["template.forked", "template.changed", "template.retired"]


def test_what_began_from_a_template_keeps_what_it_was(cast, shipped):
    own = forked(cast, shipped["commons-pact"])
    arena = actions.arenas.convene(
        platform=cast.platform, title="Square", summary="s", question="q?", template=own, by=cast.convener,
        at=timezone.now(),
    )  # fmt: skip
    actions.templates.change_template(
        template=own, lengths={"define": 1}, gates={}, groups=[], by=cast.convener, at=timezone.now()
    )
    arena.refresh_from_db()
    assert (arena.lengths["define"], len(arena.gates), arena.groups.count()) == (30, 2, 5)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"purpose": "p" * 601}, "at most 600 characters"),
        ({"days_define": "0"}, "greater than or equal to 1"),
        ({"days_define": "soon"}, "Enter a whole number."),
        ({"join_policy": "nobody"}, "nobody is not one of the available choices"),
    ],
)
def test_bad_input_is_said_and_kept(client, cast, shipped, wrong, sentence):
    own = forked(cast, shipped["cross-sector"])
    client.force_login(cast.convener)
    answer = client.post(page_of("change_template", own), typed(opening="Kept <b>words</b>") | wrong)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert sentence in html
    assert "Kept &lt;b&gt;words&lt;/b&gt;" in html
    own.refresh_from_db()
    assert own.texts == shipped["cross-sector"].texts


def test_an_address_that_is_taken_or_none_is_said(client, cast, shipped):
    client.force_login(cast.convener)
    fork = page_of("fork_template", shipped["cross-sector"])
    assert client.post(fork, {"key": "ours"}).status_code == 302
    assert client.post(fork, {"key": "ours"}).status_code == 409
    assert "slug" in client.post(fork, {"key": "no good!"}, follow=True).content.decode()
    assert Template.objects.filter(platform=cast.platform).count() == 1


def test_who_may_copy_and_change(cast, shipped):
    own = forked(cast, shipped["cross-sector"], key="own")
    assert who_may(cast, lambda who: forked(cast, shipped["cross-sector"], by=who)) == {"convener"}

    def changes(template):
        return lambda who: actions.templates.change_template(
            template=template, lengths={"define": 9}, by=who, at=timezone.now()
        )

    assert who_may(cast, changes(own)) == {"convener"}
    assert who_may(cast, changes(shipped["cross-sector"])) == set()
    with pytest.raises(TypeError, match="no owner"):
        actions.templates.change_template(template=own, owner=1, by=cast.convener, at=timezone.now())


def test_a_lesson_comes_back_and_is_read_by_who_may_read_the_partnership(client, cast, shipped):
    own = forked(cast, shipped["cross-sector"])
    lesson = reverse("return_lesson", args=["seaweed"])
    client.force_login(cast.convener)
    assert client.get(lesson).status_code == 403  # it began without a template
    Partnership.objects.update(template=own)
    assert client.post(lesson, {"words": ""}).status_code == 422
    words = "Ask the <script>farmers</script> first."
    assert client.post(lesson, {"words": words}).url == page_of("template", own)
    client.logout()
    assert "Ask the" in client.get(page_of("template", own)).content.decode()
    assert "<script>farmers" not in client.get(page_of("template", own)).content.decode()
    assert "1 lesson<" in client.get(page_of("templates")).content.decode()
    Partnership.objects.update(visibility="hidden")
    assert "Ask the" not in client.get(page_of("template", own)).content.decode()
    assert "1 lesson" not in client.get(page_of("templates")).content.decode()
    assert Lesson.objects.count() == 1
    with pytest.raises(Refused):
        actions.templates.return_lesson(
            partnership=Partnership.objects.get(), words="x", by=cast.citizen, at=timezone.now()
        )


def test_a_template_of_another_platform_is_not_here(client, cast, shipped):
    own = forked(cast, shipped["cross-sector"])
    client.force_login(cast.convener)
    cast.platform.pk, cast.platform.slug = None, "other"
    cast.platform.save(force_insert=True)
    for name in ("template", "change_template"):
        assert client.get(page_of(name, own, platform="other")).status_code == 404
    assert client.get(page_of("template", own, platform="nowhere")).status_code == 404
