"""The problem as both sides define it, and what it is measured by."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from partnerships.models import Partnership, Text
from partnerships.stages import Stage
from problems import actions
from problems.models import Indicator
from tests.cast import make_cast
from tests.solutions.story import adopt, write

pytestmark = pytest.mark.django_db
WORDS = {"what": "Seaweed **rots** on the beach.", "for_whom": "Everyone who lives by the bay."}
EVERYONE = ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer")


def page(cast, name="problem", *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def start(cast, by=None):
    return actions.start_definition(partnership=cast.partnership, by=by or cast.citizen, at=timezone.now())


def add(cast, by=None, name="Smelly days", **fields):
    fields = {"baseline": Decimal("60"), "target": Decimal("10.5"), "direction": "down"} | fields
    return actions.add_indicator(
        partnership=cast.partnership,
        name=name,
        unit="days a year",
        by=by or cast.citizen,
        at=timezone.now(),
        **fields,
    )


def allowed(cast, deed):
    found = set()
    for name in EVERYONE:
        try:
            deed(getattr(cast, name))
            found.add(name)
        except (Refused, Conflict) as refusal:
            if isinstance(refusal, Conflict):
                found.add(name)
    return found


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_start_the_definition_when(stage):
    cast = make_cast(stage=stage)
    found = set()
    for name in EVERYONE:
        try:
            start(cast, getattr(cast, name))
            found.add(name)
            Text.objects.all().delete()
        except Refused:
            pass
    opens = stage in (Stage.CONVENE, Stage.DEFINE, Stage.DESIGN)
    assert found == ({"convener", "citizen", "official"} if opens else set())


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_add_and_who_may_change_what_is_measured(stage):
    cast = make_cast(stage=stage)
    opens = stage not in (Stage.INITIATE, Stage.CLOSED)
    adders = allowed(cast, lambda by: add(cast, by, name=f"by {by.name}"))
    assert adders == ({"convener", "citizen", "official"} if opens else set())
    indicator = Indicator.objects.create(partnership=cast.partnership, name="Smell", unit="days")
    changers = allowed(
        cast,
        lambda by: actions.change_indicator(indicator=indicator, unit="hours", by=by, at=timezone.now()),
    )
    assert changers == ({"convener"} if opens else set())


def test_the_page_says_what_to_do_next_from_nothing_to_agreed(client):
    cast = make_cast()
    assert "have not written down the problem yet" in client.get(page(cast)).content.decode()
    client.force_login(cast.citizen)
    assert client.post(page(cast, "start_definition")).status_code == 302
    assert "Write the first words" in client.get(page(cast)).content.decode()
    revision = write(cast.partnership.definition.text, WORDS, cast.citizen)
    html = client.get(page(cast)).content.decode()
    assert "Not agreed yet" in html
    assert "<strong>rots</strong>" in html
    adopt(cast, revision)
    html = client.get(page(cast)).content.decode()
    assert "Agreed by the members on" in html
    assert "Not agreed yet" not in html


def test_a_newer_draft_does_not_hide_the_words_that_stand(client):
    cast = make_cast()
    text = start(cast).text
    adopt(cast, write(text, WORDS, cast.citizen))
    write(text, WORDS | {"what": "Quite other words."}, cast.citizen)
    html = client.get(page(cast)).content.decode()
    assert "<strong>rots</strong>" in html
    assert "Quite other words." not in html
    assert "Revision 2 is newer and not agreed yet." in html


def test_it_is_started_once():
    cast = make_cast()
    start(cast)
    with pytest.raises(Conflict):
        start(cast, cast.official)
    assert Text.objects.filter(kind=Text.Kind.PROBLEM).count() == 1


def test_adding_and_changing_through_the_page_keeps_the_old_target_in_the_record(client):
    cast = make_cast()
    client.force_login(cast.convener)
    fields = {"name": "Smelly days", "unit": "days", "direction": "down", "source": "Log of the harbour"}
    answer = client.post(page(cast, "add_indicator"), fields | {"baseline": "60", "target": "10.5"})
    assert answer.status_code == 302
    indicator = Indicator.objects.get()
    answer = client.post(
        page(cast, "change_indicator", indicator.pk), fields | {"baseline": "60", "target": "5"}
    )
    assert answer.status_code == 302
    indicator.refresh_from_db()
    assert indicator.goal == 5
    changed = Entry.objects.get(scope=cast.partnership.pk, verb="indicator.changed")
    assert (changed.ids["target_before"], changed.ids["target_after"]) == ("10.5", "5")
    assert changed.ids["fields"] == ["target"]


def test_saving_without_a_change_leaves_no_trace():
    cast = make_cast()
    indicator = add(cast)
    actions.change_indicator(indicator=indicator, target=Decimal("10.5"), by=cast.convener, at=timezone.now())
    assert not Entry.objects.filter(verb="indicator.changed").exists()


@pytest.mark.parametrize(
    ("field", "value"), [("name", "x" * 141), ("unit", ""), ("baseline", "many"), ("target", "1e40")]
)
def test_bad_input_keeps_what_was_typed(client, field, value):
    cast = make_cast()
    client.force_login(cast.citizen)
    typed = {"name": "Smelly", "unit": "days", "direction": "down", "baseline": "1", "source": "the log"}
    answer = client.post(page(cast, "add_indicator"), typed | {field: value})
    assert answer.status_code == 422
    assert "the log" in answer.content.decode()
    assert not Indicator.objects.exists()


def test_two_indicators_cannot_share_a_name(client):
    cast = make_cast()
    add(cast)
    client.force_login(cast.citizen)
    typed = {"name": "smelly DAYS", "unit": "days", "direction": "down"}
    answer = client.post(page(cast, "add_indicator"), typed)
    assert answer.status_code == 422
    assert "There is an indicator of that name already." in answer.content.decode()
    with pytest.raises(Conflict):
        add(cast)


def test_html_is_text(client):
    cast = make_cast()
    evil = "<script>alert(1)</script><img src=x onerror=y>"
    write(start(cast).text, dict.fromkeys(WORDS, evil), cast.citizen)
    add(cast, name=evil, source=evil)
    html = client.get(page(cast)).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_a_hidden_partnership_does_not_exist_for_outsiders(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    write(start(cast).text, WORDS, cast.citizen)
    indicator = add(cast)
    for path in (page(cast), page(cast, "change_indicator", indicator.pk)):
        client.force_login(cast.outsider)
        assert client.get(path).status_code == 404
        client.force_login(cast.convener)
        assert client.get(path).status_code == 200


def test_an_indicator_of_another_partnership_is_not_found(client):
    cast = make_cast()
    client.force_login(cast.convener)
    indicator = add(cast)
    other = Partnership.objects.create(
        slug="other", platform=cast.platform, title="Other", summary="Other", stage=Stage.DEFINE
    )
    Indicator.objects.filter(pk=indicator.pk).update(partnership=other)
    assert client.get(page(cast, "change_indicator", indicator.pk)).status_code == 404


def test_the_page_costs_the_same_with_one_row_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    text = start(cast).text
    adopt(cast, write(text, WORDS, cast.citizen))
    write(text, WORDS | {"causes": "Too many nutrients."}, cast.citizen)
    add(cast)
    client.force_login(cast.citizen)
    with django_assert_max_num_queries(12) as few:
        client.get(page(cast))
    for number in range(15):
        add(cast, name=f"Indicator {number}")
        write(text, WORDS | {"causes": f"Cause {number}."}, cast.official)
    with django_assert_max_num_queries(12) as many:
        client.get(page(cast))
    assert len(few) == len(many)


def test_an_address_in_a_source_is_a_link_and_all_else_is_text(client):
    cast = make_cast(stage=Stage.DEFINE)
    add(cast, source='<b>Count</b> of 2025, https://example.org/a?b=1&c="2"')
    shown = client.get(page(cast)).text
    assert '<a href="https://example.org/a?b=1&amp;c=' in shown
    assert "&lt;b&gt;Count&lt;/b&gt; of 2025" in shown
    assert "&lt;a " not in shown
