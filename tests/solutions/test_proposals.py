"""Proposals: who proposes, who joins, and that exactly one is chosen."""

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from partnerships.actions.rounds import reopen_decision
from partnerships.models import Decision, Partnership
from partnerships.stages import Stage
from solutions import actions
from solutions.models import Proposal, ValueProposition, chosen_proposal
from tests.cast import enter, make_cast
from tests.solutions.story import PROPOSAL, answer_all, choose, in_days, propose, write

pytestmark = pytest.mark.django_db
EVERYONE = ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer")


def page(cast, name="solutions", *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def put(cast, proposal, by=None):
    return actions.put_to_choice(
        proposal=proposal, closes_at=in_days(7), by=by or cast.convener, at=timezone.now()
    )


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_propose_when(stage):
    cast = make_cast(stage=stage)
    found = set()
    for name in EVERYONE:
        try:
            propose(cast, by=getattr(cast, name), words=False)
            found.add(name)
        except Refused:
            pass
    opens = stage in (Stage.DEFINE, Stage.DESIGN)
    assert found == ({"convener", "citizen", "official"} if opens else set())


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_put_to_choice_when(stage):
    cast = make_cast(stage=Stage.DESIGN)
    proposal = propose(cast)
    enter(cast.partnership, stage)
    found = set()
    for name in EVERYONE:
        try:
            put(cast, proposal, getattr(cast, name))
            found.add(name)
            Decision.objects.all().delete()
        except Refused:
            pass
    assert found == ({"convener"} if stage == Stage.DESIGN else set())


def test_proposing_through_the_page_leads_to_writing(client):
    cast = make_cast(stage=Stage.DESIGN)
    assert "No proposals yet" in client.get(page(cast)).content.decode()
    client.force_login(cast.citizen)
    answer = client.post(page(cast, "propose"), {"title": "Biogas of seaweed", "novelty": "new_here"})
    made = Proposal.objects.get()
    assert answer.url == page(cast, "proposal", made.pk)
    html = client.get(answer.url).content.decode()
    assert "Write the first draft" in html
    client.logout()
    html = client.get(page(cast)).content.decode()
    assert "Biogas of seaweed" in html
    assert "Bo Citizen (Residents)" in html


def test_joining_in_writing(client):
    cast = make_cast(stage=Stage.DESIGN)
    proposal = propose(cast)
    client.force_login(cast.official)
    html = client.get(page(cast, "proposal", proposal.pk)).content.decode()
    assert "Only its authors and the conveners write this text." in html
    assert client.post(page(cast, "join_authors", proposal.pk)).status_code == 302
    html = client.get(page(cast, "proposal", proposal.pk)).content.decode()
    assert "Write on" in html


@pytest.mark.parametrize("typed", [{"title": "", "novelty": "adapted"}, {"title": "x" * 141, "novelty": ""}])
def test_bad_input_keeps_what_was_typed(client, typed):
    cast = make_cast(stage=Stage.DESIGN)
    client.force_login(cast.citizen)
    answer = client.post(page(cast, "propose"), typed)
    assert answer.status_code == 422
    assert typed["title"] in answer.content.decode()
    assert not Proposal.objects.exists()


def test_a_choice_in_the_past_is_refused_on_the_page(client):
    cast = make_cast(stage=Stage.DESIGN)
    proposal = propose(cast)
    client.force_login(cast.convener)
    answer = client.post(page(cast, "put_to_choice", proposal.pk), {"closes_at": "2020-01-01T12:00"})
    assert answer.status_code == 422
    assert "This time has passed." in answer.content.decode()
    assert not Decision.objects.exists()


def test_exactly_one_is_chosen(client):
    cast = make_cast(stage=Stage.DESIGN)
    first, second = propose(cast), propose(cast, "A fence")
    client.force_login(cast.convener)
    answer = client.post(page(cast, "put_to_choice", first.pk), {"closes_at": f"{in_days(3):%Y-%m-%dT%H:%M}"})
    assert answer.status_code == 302
    with pytest.raises(Refused, match="are deciding on"):
        put(cast, second)
    answer_all(cast, Decision.objects.get())
    assert chosen_proposal(cast.partnership) == first
    with pytest.raises(Refused, match="is chosen already"):
        put(cast, second)
    assert client.get(page(cast, "put_to_choice", second.pk)).status_code == 403
    html = client.get(page(cast)).content.decode()
    assert html.count(">Chosen<") == 1 or html.count("Chosen</span>") == 1


def test_the_chosen_one_can_be_decided_on_again_in_new_words():
    cast = make_cast(stage=Stage.DESIGN)
    proposal = choose(cast, propose(cast))
    write(proposal.text, PROPOSAL | {"how": "The plant takes half of it."}, cast.citizen)
    with pytest.raises(Refused, match="Revision 1 is adopted, and stands"):
        put(cast, proposal)
    chosen = Decision.objects.get(text=proposal.text)
    told = {"reason": "The plant takes less.", "by": cast.convener, "at": timezone.now()}
    reopen_decision(decision=chosen, **told)
    answer_all(cast, put(cast, proposal))
    proposal.text.refresh_from_db()
    assert proposal.text.adopted_revision.number == 2


@pytest.mark.django_db(transaction=True)
def test_two_choices_opened_at_once_leave_one():
    cast = make_cast(stage=Stage.DESIGN)
    proposals = [propose(cast), propose(cast, "A fence")]
    barrier, ends = threading.Barrier(2), [None, None]

    def run(index):
        try:
            barrier.wait(10)
            ends[index] = put(cast, proposals[index])
        except (Refused, Conflict) as refusal:
            ends[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[index]) for index in range(2)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert sorted(type(end).__name__ for end in ends) == ["Decision", "Refused"]
    assert Decision.objects.open().count() == 1


def test_the_value_proposition_starts_from_the_chosen_one_and_once():
    cast = make_cast(stage=Stage.DESIGN)
    proposal = propose(cast)

    def start(by):
        return actions.start_value_proposition(
            partnership=cast.partnership, proposal=proposal, by=by, at=timezone.now()
        )

    with pytest.raises(Refused, match="No proposal is chosen yet"):
        start(cast.convener)
    choose(cast, proposal)
    with pytest.raises(Refused):
        start(cast.citizen)
    assert start(cast.convener).proposal == proposal
    with pytest.raises(Conflict):
        start(cast.convener)
    assert ValueProposition.objects.count() == 1


def test_html_is_text(client):
    cast = make_cast(stage=Stage.DESIGN)
    evil = "<script>alert(1)</script><img src=x onerror=y>"
    proposal = propose(cast, evil, words=False)
    write(proposal.text, dict.fromkeys(PROPOSAL, evil), cast.citizen)
    client.force_login(cast.convener)
    for path in (page(cast), page(cast, "proposal", proposal.pk), page(cast, "put_to_choice", proposal.pk)):
        html = client.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_a_hidden_partnership_does_not_exist_for_outsiders(client):
    cast = make_cast(stage=Stage.DESIGN, visibility=Partnership.Visibility.HIDDEN)
    proposal = propose(cast)
    paths = [page(cast), page(cast, "proposal", proposal.pk), page(cast, "value_proposition")]
    for who, status in ((None, 404), (cast.outsider, 404), (cast.citizen, 200), (cast.case_officer, 200)):
        client.logout()
        if who:
            client.force_login(who)
        assert [client.get(path).status_code for path in paths] == [status] * 3


def test_a_proposal_of_another_partnership_is_not_found(client):
    cast = make_cast(stage=Stage.DESIGN)
    proposal = propose(cast)
    other = Partnership.objects.create(
        slug="other", platform=cast.platform, title="Other", summary="Other", stage=Stage.DESIGN
    )
    Proposal.objects.filter(pk=proposal.pk).update(partnership=other)
    assert client.get(page(cast, "proposal", proposal.pk)).status_code == 404


def test_the_pages_cost_the_same_with_one_row_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast(stage=Stage.DESIGN)
    proposal = propose(cast)
    client.force_login(cast.convener)
    paths = [page(cast), page(cast, "proposal", proposal.pk)]

    def cost(path):
        with django_assert_max_num_queries(12) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = [cost(path) for path in paths]
    for number in range(12):
        propose(cast, f"Option {number}", by=cast.official)
        write(proposal.text, PROPOSAL | {"how": f"In way {number}."}, cast.citizen)
    put(cast, proposal)
    many = [cost(path) for path in paths]
    assert few[0] == many[0]
    assert many[1] <= few[1]
