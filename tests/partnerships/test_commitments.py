"""Commit: offers are taken by somebody else, requests are answered in person, and what became of it is said openly."""

import datetime
import threading
from functools import partial

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Commitment, Member, Partnership
from partnerships.stages import Stage
from tests.cast import join, make_cast, person

pytestmark = pytest.mark.django_db
State = Commitment.State
deeds = actions.commitments
EVERYBODY = ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer")


def offer(cast, who, what="Forty hours of beach cleaning", **fields):
    return deeds.offer_commitment(
        partnership=cast.partnership, kind="hours", what=what, by=who, at=timezone.now(), **fields
    )


def ask(cast, who=None, by=None, what="Measure the bay", **fields):
    return deeds.ask_commitment(
        partnership=cast.partnership,
        member=cast.member(who or cast.official),
        kind="task",
        what=what,
        by=by or cast.convener,
        at=timezone.now(),
        **fields,
    )


def accepting(commitment):
    """The deed of accepting it, looked up anew each time."""
    return lambda who: deeds.accept_commitment(
        commitment=Commitment.objects.get(pk=commitment.pk), by=who, at=timezone.now()
    )


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("recipient", flat=True))


def who_may(cast, deed):
    """The names of those whom the deed does not refuse, each tried on its own."""
    allowed = set()
    for name in EVERYBODY:
        try:
            with transaction.atomic():
                deed(getattr(cast, name))
                allowed.add(name)
                transaction.set_rollback(True)
        except Refused:
            pass
    return allowed


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_offer_and_ask_when(stage):
    cast = make_cast(stage=stage)
    closed = stage in (Stage.INITIATE, Stage.CLOSED)
    members = {"convener", "citizen", "official"}
    assert who_may(cast, lambda who: offer(cast, who)) == (set() if closed else members)
    assert who_may(cast, lambda who: ask(cast, by=who)) == (set() if closed else {"convener"})


def test_an_offer_is_taken_by_those_who_lead_and_the_owner_is_told():
    cast = make_cast()
    made = offer(cast, cast.citizen)
    assert told("commitment_offered") == {cast.convener.pk}
    assert who_may(cast, accepting(made)) == {"convener"}
    accepting(made)(cast.convener)
    made.refresh_from_db()
    assert (made.state, made.accepted_by, made.recorded_by) == (State.ACCEPTED, cast.convener, None)
    assert told("commitment_answered") == {cast.citizen.pk}


def test_nobody_takes_their_own_offer_while_another_leader_could():
    cast = make_cast()
    mine = offer(cast, cast.convener)
    join(cast.partnership, cast.outsider, role=Member.Role.FACILITATOR)
    with pytest.raises(Refused) as refused:
        deeds.accept_commitment(commitment=mine, by=cast.convener, at=timezone.now())
    assert "your own offer" in refused.value.answer.why_not
    deeds.accept_commitment(commitment=mine, by=cast.outsider, at=timezone.now())
    assert Commitment.objects.get().accepted_by == cast.outsider


def test_a_leader_alone_takes_their_own_offer():
    cast = make_cast()
    mine = offer(cast, cast.convener)
    deeds.accept_commitment(commitment=mine, by=cast.convener, at=timezone.now())
    assert Commitment.objects.get().state == State.ACCEPTED


def test_only_the_one_who_is_asked_accepts_in_person():
    cast = make_cast()
    asked = ask(cast)
    assert told("commitment_asked") == {cast.official.pk}
    assert who_may(cast, accepting(asked)) == {"official"}
    accepting(asked)(cast.official)
    asked.refresh_from_db()
    assert (asked.state, asked.accepted_by, asked.recorded_by) == (State.ACCEPTED, cast.official, None)
    assert told("commitment_answered") == {cast.convener.pk}


def test_a_yes_on_paper_is_written_down_with_who_wrote_it_and_the_owner_is_told():
    cast = make_cast()
    asked = ask(cast)
    owner = cast.member(cast.official)
    for other in (cast.citizen, cast.outsider):
        with pytest.raises(Refused):
            deeds.accept_commitment(commitment=asked, by=other, at=timezone.now(), recorded_for=owner)
    with pytest.raises(Refused):
        deeds.accept_commitment(
            commitment=asked, by=cast.convener, at=timezone.now(), recorded_for=cast.member(cast.citizen)
        )
    deeds.accept_commitment(commitment=asked, by=cast.convener, at=timezone.now(), recorded_for=owner)
    asked.refresh_from_db()
    assert (asked.accepted_by, asked.recorded_by) == (cast.official, cast.convener)
    assert told("commitment_answered") == {cast.official.pk}


def test_declining_settling_and_renegotiating_leave_their_traces():
    cast = make_cast()
    no = offer(cast, cast.citizen)
    deeds.decline_commitment(commitment=no, by=cast.convener, at=timezone.now(), note="We have enough.")
    one = offer(cast, cast.citizen, due_on=datetime.date(2030, 5, 1))
    deeds.accept_commitment(commitment=one, by=cast.convener, at=timezone.now())
    deeds.renegotiate_commitment(
        commitment=one,
        what="Twenty hours",
        due_on=datetime.date(2030, 6, 1),
        note="My back.",
        by=cast.citizen,
        at=timezone.now(),
    )
    before = one.renegotiations.get()
    assert (before.what, before.due_on, before.note) == (
        "Forty hours of beach cleaning",
        datetime.date(2030, 5, 1),
        "My back.",
    )
    deeds.settle_commitment(commitment=one, state="kept", note="", by=cast.citizen, at=timezone.now())
    one.refresh_from_db()
    assert (one.state, one.what) == (State.KEPT, "Twenty hours")
    verbs = list(Entry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == [
        "commitment.offered",
        "commitment.declined",
        "commitment.offered",
        "commitment.accepted",
        "commitment.renegotiated",
        "commitment.kept",
    ]
    with pytest.raises(Refused):
        deeds.settle_commitment(commitment=one, state="missed", note="x", by=cast.citizen, at=timezone.now())


def test_what_nobody_has_answered_is_taken_back_by_whoever_made_it():
    cast = make_cast()
    made, asked = offer(cast, cast.citizen), ask(cast)

    def take_back(commitment):
        return lambda who: deeds.settle_commitment(
            commitment=Commitment.objects.get(pk=commitment.pk),
            state="withdrawn",
            note="",
            by=who,
            at=timezone.now(),
        )

    assert who_may(cast, take_back(made)) == {"citizen"}
    assert who_may(cast, take_back(asked)) == {"convener"}


def test_a_stale_view_of_it_changes_nothing():
    cast = make_cast()
    made = offer(cast, cast.citizen)
    seen_before = Commitment.objects.get()
    deeds.decline_commitment(commitment=made, by=cast.convener, at=timezone.now())
    with pytest.raises(Conflict) as conflict:
        deeds.accept_commitment(commitment=seen_before, by=cast.convener, at=timezone.now())
    assert "declined" in conflict.value.sentence
    assert Commitment.objects.get().state == State.DECLINED


# --- races -------------------------------------------------------------------------------------------------------


def race(*deeds_of_each):
    """Run the deeds at once, each in its thread; what each ended with."""
    barrier, ends = threading.Barrier(len(deeds_of_each)), [None] * len(deeds_of_each)

    def run(place, deed):
        barrier.wait()
        try:
            deed()
            ends[place] = "won"
        except Conflict:
            ends[place] = "409"
        except Refused:
            ends[place] = "refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds_of_each)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_leave_one():
    cast = make_cast()
    for _trial in range(10):
        made = offer(cast, cast.citizen)
        facts = {"by": cast.convener, "at": timezone.now()}
        ends = race(
            partial(deeds.accept_commitment, commitment=Commitment.objects.get(pk=made.pk), **facts),
            partial(deeds.decline_commitment, commitment=Commitment.objects.get(pk=made.pk), **facts),
        )
        assert sorted(ends) == ["409", "won"]
        state = Commitment.objects.get(pk=made.pk).state
        assert state == (State.ACCEPTED if ends[0] == "won" else State.DECLINED)


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_both_would_win():
    """The control: the same race on a plain check-then-write lets both sides believe that they won."""
    cast = make_cast()

    def naive(pk, state):
        found = Commitment.objects.get(pk=pk)
        if found.state != State.OFFERED:
            raise Conflict("late")
        both_looked.wait(timeout=30)
        Commitment.objects.filter(pk=pk).update(state=state, accepted_at=timezone.now())

    made = offer(cast, cast.citizen)
    both_looked = threading.Barrier(2)
    ends = race(lambda: naive(made.pk, State.ACCEPTED), lambda: naive(made.pk, State.DECLINED))
    assert ends == ["won", "won"]


# --- pages ---------------------------------------------------------------------------------------------------------


def page(name, cast, *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def test_offering_and_answering_through_the_pages(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    answer = client.post(
        page("commitments", cast), {"kind": "hours", "what": "Cleaning", "amount": "40", "unit": "hours"}
    )
    made = Commitment.objects.get()
    assert (answer.status_code, answer.url) == (302, page("commitment", cast, made.pk))
    assert "You cannot accept" not in client.get(answer.url).content.decode()
    client.force_login(cast.convener)
    html = client.get(page("commitments", cast)).content.decode()
    assert "Waiting for you" in html
    client.post(page("accept_commitment", cast, made.pk))
    client.post(page("settle_commitment", cast, made.pk), {"settle-state": "kept", "settle-note": "Thanks"})
    html = client.get(page("commitments", cast)).content.decode()
    assert "Kept" in html
    assert "40 hours" in html
    assert "Waiting for you" not in html


def test_asking_through_the_page_and_writing_down_an_answer_on_paper(client):
    cast = make_cast()
    client.force_login(cast.convener)
    sent = {"member": str(cast.member(cast.official).pk), "kind": "data", "what": "Water samples"}
    assert client.post(page("ask_commitment", cast), sent).status_code == 302
    asked = Commitment.objects.get()
    assert "They said yes" in client.get(page("commitment", cast, asked.pk)).content.decode()
    assert client.post(page("accept_commitment", cast, asked.pk)).status_code == 403
    client.post(page("accept_commitment", cast, asked.pk), {"recorded": "1"})
    html = client.get(page("commitment", cast, asked.pk)).content.decode()
    assert "Last written down by Karen Convener" in html
    assert Commitment.objects.get().state == State.ACCEPTED


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "40"}, "Write a number and its unit together"),
        ({"unit": "hours"}, "Write a number and its unit together"),
        ({"amount": "-1", "unit": "hours"}, "Write a number above zero"),
        ({"due_on": "2001-01-01"}, "This day has passed"),
        ({"due_on": "soon"}, "Enter a valid date"),
        ({"what": "x" * 301}, "at most 300 characters"),
        ({"kind": "gold"}, "Select a valid choice"),
    ],
)
def test_bad_input_keeps_what_was_typed(client, wrong, sentence):
    cast = make_cast()
    client.force_login(cast.citizen)
    typed = {"kind": "hours", "what": "Cleaning the <b>beach</b>", **wrong}
    answer = client.post(page("commitments", cast), typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert wrong.get("what", "Cleaning the &lt;b&gt;beach&lt;/b&gt;") in html
    assert not Commitment.objects.exists()


def test_a_missed_promise_needs_a_reason_and_a_change_too(client):
    cast = make_cast()
    made = offer(cast, cast.citizen)
    deeds.accept_commitment(commitment=made, by=cast.convener, at=timezone.now())
    client.force_login(cast.citizen)
    answer = client.post(page("settle_commitment", cast, made.pk), {"settle-state": "missed"})
    assert answer.status_code == 422
    assert "Write in a few words why" in answer.content.decode()
    answer = client.post(page("renegotiate_commitment", cast, made.pk), {"change-what": "Ten hours only"})
    assert answer.status_code == 422
    assert "Ten hours only" in answer.content.decode()
    assert Commitment.objects.get().state == State.ACCEPTED


def test_filters_show_what_they_say(client):
    cast = make_cast()
    offer(cast, cast.citizen, "From the shore")
    kept = offer(cast, cast.official, "From the town hall")
    deeds.accept_commitment(commitment=kept, by=cast.convener, at=timezone.now())
    shows = {
        "": {"shore", "town hall"},
        "?state=waiting": {"shore"},
        "?state=standing": {"town hall"},
        "?side=public": {"town hall"},
        "?side=non_public&kind=hours": {"shore"},
        "?kind=money": set(),
        "?state=nonsense": {"shore", "town hall"},
    }
    for query, expected in shows.items():
        html = client.get(page("commitments", cast) + query).content.decode()
        assert {words for words in ("shore", "town hall") if words in html} == expected, query


@pytest.mark.parametrize("name", ["commitments", "commitment"])
def test_hidden_is_404_and_members_only_is_refused(client, name):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    args = [offer(cast, cast.citizen, "Secret words").pk] if name == "commitment" else []
    for who, status in ((cast.outsider, 404), (cast.citizen, 200), (cast.case_officer, 200)):
        client.force_login(who)
        assert client.get(page(name, cast, *args)).status_code == status
    Partnership.objects.update(visibility=Partnership.Visibility.MEMBERS)
    client.force_login(cast.outsider)
    answer = client.get(page(name, cast, *args))
    assert answer.status_code == 403
    assert "Secret words" not in answer.content.decode()


def test_a_commitment_of_another_partnership_is_404(client):
    cast = make_cast()
    made = offer(cast, cast.citizen)
    Partnership.objects.create(slug="other", platform=cast.platform, title="Other", summary="Other")
    client.force_login(cast.convener)
    assert client.get(reverse("commitment", args=["other", made.pk])).status_code == 404


def test_the_page_costs_the_same_with_few_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    offer(cast, cast.citizen), offer(cast, cast.convener)
    client.force_login(cast.convener)
    with django_assert_max_num_queries(12) as few:
        client.get(page("commitments", cast))
    for number in range(25):
        offer(cast, cast.citizen, f"Offer {number}")
    with django_assert_max_num_queries(12) as many:
        client.get(page("commitments", cast))
    assert len(few) == len(many)
    with django_assert_max_num_queries(12):
        client.get(page("commitment", cast, Commitment.objects.first().pk))


# --- reminders -----------------------------------------------------------------------------------------------------


def test_the_owner_is_reminded_before_on_and_after_the_day_once_each():
    cast = make_cast()
    now = timezone.now().replace(hour=12)
    due = now.date() + datetime.timedelta(days=10)
    made = offer(cast, cast.citizen, due_on=due)
    deeds.accept_commitment(commitment=made, by=cast.convener, at=now)
    days = []
    for day in range(25):
        before = Notice.objects.filter(kind="commitment_due").count()
        for hour in (0, 1):
            deeds.remind_commitments(at=now + datetime.timedelta(days=day, hours=hour))
        days += [day] * (Notice.objects.filter(kind="commitment_due").count() - before)
    assert days == [3, 9, 10, 17, 24]
    assert told("commitment_due") == {cast.citizen.pk}


def test_reminders_stop_being_true_when_it_is_kept_changed_or_left():
    cast = make_cast()
    now = timezone.now().replace(hour=12)
    due = now.date() + datetime.timedelta(days=7)
    owners = [cast.citizen, cast.official, person("Ida Member"), person("Jens Member")]
    for who in owners[2:]:
        join(cast.partnership, who)
    made = [offer(cast, who, due_on=due) for who in owners]
    for one in made:
        long_ago = now - datetime.timedelta(days=2)
        deeds.accept_commitment(commitment=one, by=cast.convener, at=long_ago)
    deeds.remind_commitments(at=now)
    notices = list(Notice.objects.filter(kind="commitment_due"))
    assert len(notices) == 4
    deeds.settle_commitment(commitment=made[0], state="kept", note="", by=owners[0], at=now)
    deeds.renegotiate_commitment(
        commitment=made[1],
        what="Less",
        due_on=due + datetime.timedelta(days=30),
        note="x",
        by=owners[1],
        at=now,
    )
    Member.objects.filter(person=owners[2]).update(left_at=now)
    true = kind_named("commitment_due").still_true(notices)
    assert {notice.recipient for notice in notices if notice.pk in true} == {owners[3].pk}
