"""Needs: asked of everyone, answered by all or a part, and how far they are covered."""

import datetime
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions, resources
from partnerships.models import Commitment, Need, Partnership
from partnerships.stages import Stage
from tests.cast import make_cast, told, who_may
from tests.partnerships.promising import State, accepting, deeds, offer
from tests.races import at_once

pytestmark = pytest.mark.django_db


def need(cast, what="Bookkeeping", amount=Decimal(40), unit="hours", by=None, kind="hours", **more):
    return actions.needs.ask_everyone(
        partnership=cast.partnership,
        kind=kind,
        what=what,
        amount=amount,
        unit=unit if amount is not None else "",
        by=by or cast.convener,
        at=timezone.now(),
        **more,
    )


def give(cast, asked, who, amount=None, what="I can"):
    """An offer that answers a need, taken by the convener."""
    made = actions.needs.answer_need(need=asked, what=what, amount=amount, by=who, at=timezone.now())
    return accepting(made)(cast.convener)


def page(name, cast, *args):
    return reverse(name, args=[cast.partnership.slug, *args])


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_ask_everyone_and_answer_when(stage):
    cast = make_cast(stage=stage)
    closed = stage in (Stage.INITIATE, Stage.CLOSED)
    assert who_may(cast, lambda who: need(cast, by=who)) == (set() if closed else {"convener"})
    asked = Need.objects.create(
        partnership=cast.partnership, kind="space", what="A room", created_by=cast.convener
    )

    def answer(who):
        return actions.needs.answer_need(need=asked, what="Mine", by=who, at=timezone.now())

    def close(who):
        return actions.needs.close_need(need=asked, why="Found one.", by=who, at=timezone.now())

    assert who_may(cast, answer) == (set() if closed else {"convener", "citizen", "official"})
    assert who_may(cast, close) == (set() if closed else {"convener"})


def test_everybody_with_a_say_is_told_while_it_is_open():
    cast = make_cast()
    asked = need(cast)
    assert told("need_asked") == sorted([cast.citizen.pk, cast.official.pk])
    notices = list(Notice.objects.filter(kind="need_asked"))
    assert len(kind_named("need_asked").still_true(notices)) == 2
    actions.needs.close_need(need=asked, why="Covered.", by=cast.convener, at=timezone.now())
    assert kind_named("need_asked").still_true(notices) == set()


def test_it_is_answered_in_parts_and_says_what_is_missing():
    cast = make_cast()
    asked = need(cast, amount=Decimal(240))
    give(cast, asked, cast.citizen, Decimal(100))
    give(cast, asked, cast.official, Decimal(80))
    actions.needs.answer_need(
        need=asked, what="Perhaps", amount=Decimal(60), by=cast.citizen, at=timezone.now()
    )
    (found,) = resources.of_needs(cast.partnership)
    assert (found.promised, found.brought, found.missing, len(found.offers)) == (180, 0, 60, 1)
    assert found.sentence == "180 of 240 hours promised; 60 hours missing."


def test_what_is_missed_or_kept_in_part_is_missing_again():
    cast = make_cast()
    asked = need(cast, amount=Decimal(40))
    kept, part, missed = (give(cast, asked, cast.citizen, Decimal(10)) for _ in range(3))
    now = {"by": cast.citizen, "at": timezone.now()}
    deeds.settle_commitment(commitment=kept, state="kept", note="", **now)
    deeds.settle_commitment(commitment=part, state="partly", delivered=Decimal(4), note="Ill.", **now)
    deeds.settle_commitment(commitment=missed, state="missed", note="Ill.", **now)
    (found,) = resources.of_needs(cast.partnership)
    assert (found.promised, found.brought, found.missing) == (14, 14, 26)


def test_units_that_differ_are_never_added_and_a_surplus_covers_nothing_else():
    cast = make_cast()
    first, second = need(cast, amount=Decimal(40)), need(cast, what="Cooking", amount=Decimal(10))
    euros = need(cast, what="Paint", amount=Decimal(100), unit="EUR", kind="money")
    crowns = need(cast, what="Wood", amount=Decimal(500), unit="kr.", kind="money")
    need(cast, what="More wood", amount=Decimal(100), unit=" KR.", kind="money")
    give(cast, first, cast.citizen, Decimal(60))
    give(cast, euros, cast.official, Decimal(100))
    offered = offer(cast, cast.citizen, amount=Decimal(5), unit="Hours")
    accepting(offered)(cast.convener)
    needs = resources.of_needs(cast.partnership)
    lines = resources.table(needs, resources.besides_needs(cast.partnership))
    assert [(line.kind, line.unit, line.needed, line.missing, line.besides) for line in lines] == [
        ("money", "EUR", 100, 0, 0),
        ("money", "kr.", 600, 600, 0),
        ("hours", "hours", 50, 10, 5),
    ]
    assert lines[0].promised == {"public": 100, "non_public": 0}
    assert lines[2].promised == {"public": 0, "non_public": 60}
    assert crowns.amount_words == "500 kr."
    assert second.amount == 10


def test_a_stale_close_changes_nothing():
    cast = make_cast()
    asked = need(cast)
    stale = Need.objects.get()
    actions.needs.close_need(need=asked, why="First.", by=cast.convener, at=timezone.now())
    with pytest.raises(Conflict):
        actions.needs.close_need(need=stale, why="Second.", by=cast.convener, at=timezone.now())
    assert Need.objects.get().closed_why == "First."
    with pytest.raises(Refused):
        actions.needs.answer_need(need=stale, what="Late", by=cast.citizen, at=timezone.now())


def test_a_part_is_more_than_nothing_and_less_than_all():
    cast = make_cast()
    asked = need(cast)
    made = give(cast, asked, cast.citizen, Decimal(10))
    for wrong in (None, Decimal(0), Decimal(10), Decimal(-1)):
        with pytest.raises(ValidationError):
            deeds.settle_commitment(
                commitment=made, state="partly", delivered=wrong, note="x", by=cast.citizen, at=timezone.now()
            )
    assert Commitment.objects.get().state == State.ACCEPTED


# --- pages ---------------------------------------------------------------------------------------------------------


def test_asked_answered_and_closed_through_the_pages(client):
    cast = make_cast()
    client.force_login(cast.convener)
    typed = {"kind": "hours", "what": "Bookkeeping", "amount": "40", "unit": "hours"}
    answer = client.post(page("ask_everyone", cast), typed)
    asked = Need.objects.get()
    assert (answer.status_code, answer.url) == (302, page("need", cast, asked.pk))
    client.force_login(cast.citizen)
    html = client.get(answer.url).content.decode()
    assert "40 hours needed; nothing is promised yet." in html
    assert 'value="40' in html
    answer = client.post(page("answer_need", cast, asked.pk), {"what": "Evenings", "amount": "30"})
    made = Commitment.objects.get()
    assert (made.need, made.unit, made.amount, answer.url) == (
        asked,
        "hours",
        30,
        page("commitment", cast, made.pk),
    )
    accepting(made)(cast.convener)
    for name in ("commitments", "need"):
        args = [asked.pk] if name == "need" else []
        assert (
            "30 of 40 hours promised; 10 hours missing."
            in client.get(page(name, cast, *args)).content.decode()
        )
    client.force_login(cast.convener)
    assert client.post(page("close_need", cast, asked.pk), {"close-why": ""}).status_code == 422
    client.post(page("close_need", cast, asked.pk), {"close-why": "We have enough."})
    assert "We have enough." in client.get(page("need", cast, asked.pk)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"amount": "0"}, "above zero"), ({"amount": "much"}, "Enter a number"), ({"what": ""}, "required")],
)
def test_bad_input_keeps_what_was_typed(client, wrong, sentence):
    cast = make_cast()
    asked = need(cast)
    client.force_login(cast.citizen)
    answer = client.post(page("answer_need", cast, asked.pk), {"what": "My evenings", "amount": "5", **wrong})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert wrong.get("what", "My evenings") in html
    assert not Commitment.objects.exists()


def test_forms_take_what_the_address_proposes(client):
    cast = make_cast()
    client.force_login(cast.convener)
    for name in ("commitments", "ask_commitment", "ask_everyone"):
        html = client.get(page(name, cast) + "?kind=space&what=A+<room>&kind2=x").content.decode()
        assert '<option value="space" selected>' in html
        assert "A &lt;room&gt;" in html
    assert client.get(page("commitments", cast) + "?kind=gold&due_on=soon").status_code == 200


def test_needs_of_hidden_arenas_are_404_and_of_members_refused(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    asked = need(cast, what="Secret need")
    client.force_login(cast.outsider)
    assert client.get(page("need", cast, asked.pk)).status_code == 404
    Partnership.objects.update(visibility=Partnership.Visibility.MEMBERS)
    answer = client.get(page("need", cast, asked.pk))
    assert answer.status_code == 403
    assert "Secret need" not in answer.content.decode()
    other = Partnership.objects.create(slug="other", platform=cast.platform, title="Other", summary="Other")
    client.force_login(cast.convener)
    assert client.get(reverse("need", args=[other.slug, asked.pk])).status_code == 404


def test_lists_cost_the_same_with_few_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    give(cast, need(cast), cast.citizen, Decimal(1))
    client.force_login(cast.convener)
    costs = []
    for more in (0, 12):
        for number in range(more):
            asked = need(cast, what=f"Need {number}")
            give(cast, asked, cast.citizen, Decimal(1))
        for name, args in (("commitments", []), ("need", [Need.objects.first().pk])):
            with django_assert_max_num_queries(12) as spent:
                client.get(page(name, cast, *args))
            costs.append(len(spent))
    assert costs[:2] == costs[2:]


@pytest.mark.django_db(transaction=True)
def test_closing_and_answering_at_once_leave_a_whole_story():
    """A need that is closed takes no answer: whoever comes second is told."""
    cast = make_cast()
    for _trial in range(5):
        asked = need(cast)
        before = Commitment.objects.count()
        ends = at_once(
            partial(actions.needs.close_need, need=asked, why="Enough.", by=cast.convener, at=timezone.now()),
            partial(actions.needs.answer_need, need=asked, what="Me", by=cast.citizen, at=timezone.now()),
        )
        assert ends[0] is None
        assert (Commitment.objects.count() - before == 1) is (ends[1] is None)
        assert ends[1] is None or isinstance(ends[1], Refused)


def test_dates_behind_us_are_no_promise(client):
    cast = make_cast()
    asked = need(cast, due_on=datetime.date(2001, 1, 1))
    client.force_login(cast.citizen)
    typed = {"what": "Me", "amount": "5", "due_on": "2001-01-01"}
    assert client.post(page("answer_need", cast, asked.pk), typed).status_code == 422
