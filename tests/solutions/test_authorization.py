"""Authorization: one request about one revision, one answer as minuted, never carried over."""

import datetime
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.models import Notice
from partnerships.models import Partnership
from partnerships.stages import Stage
from solutions import actions
from solutions.authorized import current_authorization
from solutions.models import (
    Authority,
    Authorization,
    AuthorizationRequest,
    BodyMember,
    Step,
)
from tests.cast import enter
from tests.solutions.story import VALUE, answer, ask, asked, in_days, with_value, write

pytestmark = pytest.mark.django_db
EVERYONE = (
    *("convener", "citizen", "official", "observer", "politician", "secretary", "outsider", "case_officer"),
)
MINUTED = {"outcome": "granted", "decided_on": "2026-01-15", "item": "7", "vote_detail": "none"}


def page(cast, name="authorization", *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def minuted(**fields):
    return MINUTED | {"decided_on": timezone.localdate().isoformat()} | fields


# --- asking ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_ask_when(stage):
    cast = with_value()
    enter(cast.partnership, stage)
    found = set()
    for name in EVERYONE:
        try:
            ask(cast, by=getattr(cast, name))
            found.add(name)
        except Refused:
            pass
    assert found == ({"convener"} if stage == Stage.AUTHORIZE else set())


def test_asking_binds_the_words_and_tells_the_body(client):
    cast = with_value()
    enter(cast.partnership, Stage.AUTHORIZE)
    client.force_login(cast.convener)
    form = client.get(page(cast, "request_authorization")).content.decode()
    assert "Pia Politician" in form
    assert "Sven Secretary" in form
    typed = {"body": cast.council.pk, "meeting_on": in_days(9).date().isoformat(), "case_number": "41"}
    assert client.post(page(cast, "request_authorization"), typed).status_code == 302
    request = AuthorizationRequest.objects.get()
    assert request.digest == cast.revision.digest
    told = Notice.objects.filter(kind="authorization_requested").values_list("recipient", flat=True)
    assert set(told) == {cast.politician.pk, cast.secretary.pk}
    entry = Entry.objects.get(verb="authorization.requested")
    assert entry.ids["digest"] == cast.revision.digest


def test_a_body_is_asked_about_a_revision_once():
    cast = asked()
    with pytest.raises(Conflict):
        ask(cast)
    assert AuthorizationRequest.objects.count() == 1


def test_an_older_revision_cannot_be_put_to_a_body():
    cast = with_value()
    write(cast.value.text, VALUE | {"lose": "Nobody."}, cast.convener)
    enter(cast.partnership, Stage.AUTHORIZE)
    with pytest.raises(Refused, match="that is revision 2"):
        ask(cast)


def test_the_asker_sees_that_the_members_have_not_adopted_the_words(client):
    cast = with_value(adopted=False)
    enter(cast.partnership, Stage.AUTHORIZE)
    client.force_login(cast.convener)
    html = client.get(page(cast, "request_authorization")).content.decode()
    assert "The members have not adopted these words" in html


@pytest.mark.parametrize("meeting_on", ["", "soon", "2020-01-01"])
def test_bad_input_to_the_request_keeps_what_was_typed(client, meeting_on):
    cast = with_value()
    enter(cast.partnership, Stage.AUTHORIZE)
    client.force_login(cast.convener)
    typed = {"body": cast.council.pk, "meeting_on": meeting_on, "case_number": "27-41-typed"}
    answered = client.post(page(cast, "request_authorization"), typed)
    assert answered.status_code == 422
    assert "27-41-typed" in answered.content.decode()
    assert not AuthorizationRequest.objects.exists()


def test_a_body_that_the_mandate_does_not_name_cannot_be_asked_on_the_page(client):
    cast = with_value()
    enter(cast.partnership, Stage.AUTHORIZE)
    client.force_login(cast.convener)
    typed = {"body": cast.municipality.pk, "meeting_on": in_days(9).date().isoformat()}
    assert client.post(page(cast, "request_authorization"), typed).status_code == 422


def test_withdrawing_makes_room_for_another_request_and_ends_the_bodys_view():
    cast = asked(visibility=Partnership.Visibility.HIDDEN)
    seen = AuthorizationRequest.objects.visible_to(cast.politician)
    assert seen.count() == 1
    with pytest.raises(Refused):
        actions.withdraw_request(request=cast.request, by=cast.citizen, at=timezone.now())
    actions.withdraw_request(request=cast.request, by=cast.convener, at=timezone.now())
    assert seen.count() == 0
    with pytest.raises(Refused, match="withdrawn"):
        answer(cast)
    assert ask(cast).pk != cast.request.pk


# --- answering ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_answer_when(stage):
    cast = asked()
    enter(cast.partnership, stage)
    found = set()
    for name in EVERYONE:
        try:
            answer(cast, by=getattr(cast, name))
            found.add(name)
        except Refused:
            pass
    assert found == ({"secretary"} if stage in (Stage.AUTHORIZE, Stage.IMPLEMENT) else set())


def test_a_secretary_whose_term_has_ended_enters_nothing():
    cast = asked()
    BodyMember.objects.filter(person=cast.secretary).update(until=timezone.localdate())
    with pytest.raises(Refused):
        answer(cast)


def test_the_secretary_of_another_body_enters_nothing():
    cast = asked()
    BodyMember.objects.create(body=cast.municipality, person=cast.outsider, authority=Authority.SECRETARY)
    with pytest.raises(Refused):
        answer(cast, by=cast.outsider)


def test_entering_through_the_page_tells_every_member_once(client):
    cast = asked()
    client.force_login(cast.secretary)
    path = reverse("enter_authorization", args=[cast.request.pk])
    assert client.get(path).status_code == 200
    typed = minuted(vote_detail="counts", votes_for="17", votes_against="2", votes_abstained="0")
    assert client.post(path, typed | {"words": "The council **grants** it."}).status_code == 302
    assert current_authorization(cast.partnership).votes_for == 17
    told = list(Notice.objects.filter(kind="authorization_answered").values_list("recipient", flat=True))
    members = [cast.convener.pk, cast.citizen.pk, cast.official.pk, cast.observer.pk]
    assert sorted(told) == sorted(members)
    html = client.get(page(cast)).content.decode()
    assert "Votes: 17 for, 2 against, 0 abstained." in html
    assert "<strong>grants</strong>" in html
    assert client.get(path).status_code == 403


def test_there_is_one_answer_per_request():
    cast = asked()
    answer(cast)
    with pytest.raises(Conflict):
        answer(cast, "refused")
    assert [row.outcome for row in Authorization.objects.all()] == ["granted"]
    assert Entry.objects.filter(verb="authorization.entered").count() == 1


def race(deeds):
    """Run the deeds at the same moment, each on its own connection; what each came to."""
    barrier, ends = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(index):
        try:
            barrier.wait(10)
            ends[index] = deeds[index]()
        except Exception as failure:
            ends[index] = failure
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[index]) for index in range(len(deeds))]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    return ends


@pytest.mark.django_db(transaction=True)
def test_two_entries_at_once_leave_one_answer_and_each_may_win():
    cast = asked()
    winners = []
    for trial in range(12):
        deeds = [lambda item=item: answer(cast, "postponed", item=item) for item in ("7", "8")]
        ends = race(deeds if trial % 2 else deeds[::-1])
        assert sorted(type(end).__name__ for end in ends) == ["Authorization", "Conflict"]
        winners.append(Authorization.objects.get(request=cast.request).item)
        cast.request = ask(cast)
    assert set(winners) == {"7", "8"}
    assert Notice.objects.filter(kind="authorization_answered").count() == 12 * 4


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_have_gone_on():
    """The control: two that only look first both see room; then the table itself refuses the second."""
    cast = asked()
    looked = threading.Barrier(2)

    def unguarded(outcome):
        with transaction.atomic():
            free = not Authorization.objects.filter(request=cast.request).exists()
            looked.wait(10)
            Authorization.objects.create(
                request=cast.request,
                outcome=outcome,
                decided_on=timezone.localdate(),
                item="7",
                vote_detail="none",
                entered_by=cast.secretary,
            )
            return free

    ends = race([lambda: unguarded("granted"), lambda: unguarded("refused")])
    assert sorted(type(end).__name__ for end in ends) == ["IntegrityError", "bool"]
    assert isinstance(next(end for end in ends if not isinstance(end, bool)), IntegrityError)


def test_an_answer_counts_for_its_revision_only(client):
    cast = asked()
    answer(cast)
    assert current_authorization(cast.partnership)
    write(cast.value.text, VALUE | {"lose": "Nobody."}, cast.convener)
    assert current_authorization(cast.partnership) is None
    html = client.get(page(cast)).content.decode()
    assert "The answer is for revision 1. Revision 2 is newer" in html
    cast.revision = cast.value.text.revisions.first()
    answer(cast, request=ask(cast))
    assert current_authorization(cast.partnership).request.revision.number == 2


def test_an_authorization_that_has_expired_is_none():
    cast = asked()
    answer(cast, expires_on=in_days(30).date())
    assert current_authorization(cast.partnership)
    assert current_authorization(cast.partnership, today=in_days(31).date()) is None


@pytest.mark.parametrize("outcome", ["returned", "refused", "postponed"])
def test_other_answers_are_no_authorization(outcome):
    cast = asked()
    answer(cast, outcome)
    assert current_authorization(cast.partnership) is None


def test_the_same_words_can_come_back_after_the_body_postponed_them():
    cast = asked()
    answer(cast, "postponed")
    again = ask(cast)
    answer(cast, request=again)
    assert current_authorization(cast.partnership).request == again


def test_the_same_words_do_not_come_back_after_a_refusal():
    cast = asked()
    answer(cast, "refused")
    with pytest.raises(Conflict):
        ask(cast)


def test_each_condition_becomes_a_step():
    cast = asked()
    given = answer(cast, "conditional", conditions="- A budget by June\n\n2. Weekly samples\nx" + "y" * 400)
    steps = list(Step.objects.filter(condition_of=given))
    assert [step.what for step in steps[:2]] == ["A budget by June", "Weekly samples"]
    assert len(steps) == 3
    assert all(len(step.what) <= 300 for step in steps)
    assert steps[0].due_on == given.decided_on + datetime.timedelta(days=90)
    assert [step.number for step in steps] == [1, 2, 3]


def test_changed_words_are_noticed():
    cast = asked()
    AuthorizationRequest.objects.filter(pk=cast.request.pk).update(digest="0" * 64)
    with pytest.raises(Refused, match="not those that the body was asked about"):
        answer(cast)
    answered = AuthorizationRequest.objects.get()
    assert not hasattr(answered, "authorization")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"outcome": "conditional"}, "Type the conditions, one per line."),
        ({"conditions": "A budget"}, "Conditions belong to"),
        ({"decided_on": "2999-01-01"}, "This day has not come yet."),
        ({"vote_detail": "counts", "votes_for": "3"}, "Type the number from the minutes"),
        ({"votes_for": "3"}, "You typed numbers of votes."),
        ({"vote_detail": "parties"}, "Copy the parties or names from the minutes."),
        ({"votes_text": "A and B"}, "You typed parties or names."),
        ({"closed_item": "on", "vote_detail": "unanimous"}, "A closed item shows no votes."),
        ({"outcome": ""}, "This field is required."),
        ({"minutes_link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"expires_on": "2020-01-01"}, "It would end before it begins."),
        ({"vote_detail": "counts", "votes_for": "-3", "votes_against": "1"}, "greater than or equal to 0"),
        ({"outcome": "conditional", "conditions": "x" * 301}, "longer than 300 characters"),
    ],
)
def test_bad_minutes_keep_what_was_typed(client, fields, sentence):
    cast = asked()
    client.force_login(cast.secretary)
    path = reverse("enter_authorization", args=[cast.request.pk])
    answered = client.post(path, minuted(words="Words that were typed", **fields))
    html = answered.content.decode()
    assert answered.status_code == 422
    assert sentence in html
    assert "Words that were typed" in html
    assert not Authorization.objects.exists()


def test_a_closed_item_shows_only_what_may_be_disclosed(client):
    cast = asked()
    answer(cast, closed_item=True, words="Granted.", votes_text="Names that were never to be shown")
    for path in (page(cast), reverse("dossier", args=[cast.request.pk])):
        html = client.get(path).content.decode()
        assert "Treated behind closed doors." in html
        assert "Granted." in html
        assert "never to be shown" not in html


# --- the pages ------------------------------------------------------------------------------------------------


def test_html_is_text(client):
    cast = with_value(adopted=False)
    evil = "<script>alert(1)</script><img src=x onerror=y>"
    cast.revision = write(cast.value.text, dict.fromkeys(VALUE, evil), cast.convener)
    enter(cast.partnership, Stage.AUTHORIZE)
    cast.request = ask(cast)
    answer(cast, "conditional", words=evil, conditions=evil, votes_text=evil, vote_detail="names")
    for path in (page(cast), page(cast, "value_proposition"), reverse("dossier", args=[cast.request.pk])):
        html = client.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_a_hidden_partnership_does_not_exist_for_outsiders(client):
    cast = asked(visibility=Partnership.Visibility.HIDDEN)
    for who, status in ((None, 404), (cast.outsider, 404), (cast.politician, 404), (cast.citizen, 200)):
        client.logout()
        if who:
            client.force_login(who)
        assert client.get(page(cast)).status_code == status
        assert client.get(page(cast, "value_proposition")).status_code == status


def test_the_pages_cost_the_same_with_one_row_and_with_many(client, django_assert_max_num_queries):
    cast = asked()
    client.force_login(cast.convener)
    paths = [page(cast), page(cast, "value_proposition"), page(cast, "request_authorization")]

    def cost(path):
        with django_assert_max_num_queries(12) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = [cost(path) for path in paths]
    for number in range(8):
        answer(cast, "postponed")
        cast.request = ask(cast)
        cast.partnership.indicators.create(name=f"Indicator {number}", unit="days")
    assert [cost(path) for path in paths] == few
