"""Leadership: offered by those who lead, accepted in person, shared, handed on; and what the gate asks of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from cocreate.stages import gate
from journal.models import Entry
from notices.actions import drain
from partnerships import actions
from partnerships.models import Leadership, Member
from partnerships.models.leadership import LEADERSHIPS, TASKS, Function
from partnerships.stages import Stage
from tests.cast import make_cast, who_may

pytestmark = pytest.mark.django_db
State = Leadership.State


def page_of(name, *more):
    return reverse(name, args=["seaweed", *more])


def offer(cast, to=None, function="steward", by=None):
    return actions.leadership.offer_leadership(
        member=cast.member(to or cast.citizen), function=function, by=by or cast.convener, at=timezone.now()
    )


def answer(one, by, accept=True):
    return actions.leadership.answer_leadership(leadership=one, accept=accept, by=by, at=timezone.now())


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_offer_and_answer_when(stage):
    cast = make_cast(stage=stage)
    working = stage != Stage.CLOSED
    assert who_may(cast, lambda who: offer(cast, by=who)) == ({"convener"} if working else set())
    one = Leadership.objects.create(
        partnership=cast.partnership, member=cast.member(cast.citizen), function="mediator",
        offered_by=cast.convener, offered_at=timezone.now(),
    )  # fmt: skip
    assert who_may(cast, lambda who: answer(one, who)) == ({"citizen"} if working else set())


def test_an_offer_is_mailed_answered_in_person_and_handed_on(client, cast, smtp_sink):
    client.force_login(cast.convener)
    typed = {"function": "catalyst", "member": str(cast.member(cast.citizen).pk)}
    assert client.post(page_of("leadership"), typed).url == page_of("leadership")
    drain("bulk")
    (mail,) = smtp_sink.to("bo@example.org")
    assert mail["Subject"] == "Will you be this in Seaweed on the beach: Catalyst?"
    one = Leadership.objects.get()
    assert one.state == State.OFFERED
    client.force_login(cast.citizen)
    assert "Functions you are asked to carry" in client.get("/mine/").content.decode()
    assert "You are asked to carry this." in client.get(page_of("leadership")).content.decode()
    assert client.post(page_of("answer_leadership", one.pk), {"answer": "yes"}).status_code == 302
    assert client.post(page_of("answer_leadership", one.pk), {"answer": "no"}).status_code == 403
    one.refresh_from_db()
    assert one.state == State.HELD
    assert client.post(page_of("end_leadership", one.pk)).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.ended_at is not None) == (State.ENDED, True)
    assert client.post(page_of("end_leadership", one.pk)).status_code == 403
    verbs = Entry.objects.order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["leadership.offered", "leadership.accepted", "leadership.ended"]
    html = client.get(page_of("record")).content.decode()
    assert "Karen Convener asked Bo Citizen to carry a function." in html


def test_a_no_is_a_no_and_the_mail_is_not_sent_any_more(cast, smtp_sink):
    one = offer(cast)
    answer(one, cast.citizen, accept=False)
    drain("bulk")
    assert smtp_sink.to("bo@example.org") == []
    assert offer(cast).state == State.OFFERED  # later it may be asked again


def test_several_share_one_function_and_nobody_carries_one_twice(cast):
    for who in (cast.citizen, cast.official):
        answer(offer(cast, who), who)
    assert Leadership.objects.held().filter(function="steward").count() == 2
    with pytest.raises(Conflict, match="offered to them already"):
        offer(cast)
    own = offer(cast, cast.convener)
    assert own.state == State.HELD  # who offers it to themselves has answered


def test_who_leaves_carries_nothing_any_more(cast):
    answer(offer(cast), cast.citizen)
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    assert not Leadership.objects.held().exists()


def test_only_the_holder_and_leaders_end_it(cast):
    one = answer(offer(cast), cast.citizen)

    def ends(who):
        actions.leadership.end_leadership(leadership=one, by=who, at=timezone.now())

    assert who_may(cast, ends) == {"convener", "citizen"}
    with pytest.raises(Refused):
        answer(one, cast.official)


@pytest.mark.parametrize(
    ("wrong", "status"), [({"function": "king"}, 422), ({"member": "nobody"}, 422), ({"member": ""}, 422)]
)
def test_bad_input_is_said(client, cast, wrong, status):
    client.force_login(cast.convener)
    typed = {"function": "steward", "member": str(cast.member(cast.citizen).pk)} | wrong
    assert client.post(page_of("leadership"), typed).status_code == status
    assert not Leadership.objects.exists()


def test_an_observer_is_offered_nothing(client, cast):
    client.force_login(cast.convener)
    typed = {"function": "steward", "member": str(cast.member(cast.observer).pk)}
    assert client.post(page_of("leadership"), typed).status_code == 422


def test_the_gate_asks_for_the_three_tasks_and_more_softly_for_the_four_leaderships():
    cast = make_cast(stage=Stage.CONVENE)

    def judged(key):
        return next(one for one in gate(cast.partnership).criteria if one.key == key)

    for function in TASKS:
        assert not judged("tasks_held").met
        offer(cast, cast.convener, function)
    assert judged("tasks_held").met
    for function in LEADERSHIPS:
        assert str(Function(function).label) in judged("leaderships_held").detail
        offer(cast, cast.convener, function)
    assert judged("leaderships_held").met
    assert not judged("leaderships_held").hard


def test_visitors_see_who_carries_what_and_are_offered_nothing_to_press(client, cast):
    answer(offer(cast), cast.citizen)
    html = client.get(page_of("leadership")).content.decode()
    assert "Bo Citizen" in html
    assert "<form" not in html.partition("<main")[2].partition("</main>")[0]
    typed = {"function": "steward", "member": str(cast.member(cast.official).pk)}
    assert client.post(page_of("leadership"), typed).status_code == 403
