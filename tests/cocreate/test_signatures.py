"""The one required criterion that two sides may set aside together: who signs which half, and from when it counts."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from cocreate import stages
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships.models import Member, Partnership, Waiver
from partnerships.settings.table import DAYS_TO_CORRECT
from partnerships.stages import Stage
from solutions import actions
from solutions.handovers import SUPPORTED
from tests.cast import join, make_cast, person, told, who_may
from tests.cocreate.test_stages import open_the_gate
from tests.solutions.test_handovers import mark, step_of

pytestmark = pytest.mark.django_db
LATER = datetime.timedelta(days=DAYS_TO_CORRECT.default)


def dumped():
    """The cast with a second convener, and a task that the resident took over with 62 % of what it needs."""
    cast = make_cast(stage=Stage.IMPLEMENT)
    join(cast.partnership, cast.politician, role=Member.Role.CONVENER, side="public", sector="political")
    cast.step = step_of(cast, cast.citizen)
    mark(cast, cast.step, supplied="62")
    return cast


def propose(cast, by, *, at=None, expected=None, reason="They want it all the same."):
    arena = Partnership.objects.get(pk=cast.partnership.pk)
    return stages.propose_waiver(
        partnership=arena,
        key=SUPPORTED,
        reason=reason,
        expected=arena.stage_version if expected is None else expected,
        by=by,
        at=at or timezone.now(),
    )


def joins(waiver, by, at=None):
    return stages.join_waiver(waiver=waiver, by=by, at=at or timezone.now())


def takes_back(waiver, by, at=None):
    return stages.withdraw_waiver(waiver=waiver, by=by, at=at or timezone.now())


def advance(cast, at=None):
    arena = Partnership.objects.get(pk=cast.partnership.pk)
    facts = {"partnership": arena, "expected": arena.stage_version, "by": cast.convener}
    return stages.advance(to="evaluate", at=at or timezone.now(), **facts)


def keys(cast, at):
    return [one.key for one in stages.gate(cast.partnership, at=at).open_criteria if one.hard]


# --- who signs which half --------------------------------------------------------------------------------------


def test_a_convener_or_a_receiver_signs_first_and_the_other_half_second():
    cast = dumped()
    assert who_may(cast, lambda by: propose(cast, by)) == {"convener", "politician", "citizen"}
    made = propose(cast, cast.convener)
    assert (made.signed_as, made.takes_effect_at) == ("convener", None)
    assert who_may(cast, lambda by: joins(made, by)) == {"citizen"}
    takes_back(made, cast.citizen)
    made = propose(cast, cast.citizen)
    assert made.signed_as == "receiver"
    assert who_may(cast, lambda by: joins(made, by)) == {"convener", "politician"}
    assert who_may(cast, lambda by: takes_back(made, by)) == {"convener", "politician", "citizen"}


def test_who_is_both_signs_one_half_and_never_two():
    """A convener from outside the public side, who owns the step: it still takes somebody else."""
    cast = make_cast(stage=Stage.IMPLEMENT)
    owner = person("Vera Volunteer")
    join(cast.partnership, owner, role=Member.Role.CONVENER)
    mark(cast, step_of(cast, owner), supplied="62")
    made = propose(cast, owner)
    with pytest.raises(Refused) as refused:
        joins(made, owner)
    assert "somebody else" in refused.value.answer.why_not
    assert who_may(cast, lambda by: joins(made, by)) == set()  # the other convener is not the other half
    mark(cast, step_of(cast, cast.citizen), supplied="62")
    made = propose(cast, owner)
    assert who_may(cast, lambda by: joins(made, by)) == {"citizen"}


def test_who_has_left_or_never_owned_the_step_is_no_receiver():
    cast = dumped()
    neighbour = person("Nils Neighbour")
    join(cast.partnership, neighbour)
    with pytest.raises(Refused):
        propose(cast, neighbour)
    made = propose(cast, cast.convener)
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    with pytest.raises(Refused):
        joins(made, cast.citizen)


@pytest.mark.parametrize("key", ["promise_asked", "sponsor"])
def test_no_other_required_criterion_is_set_aside_by_two(key):
    cast = make_cast(stage=Stage.INITIATE)
    cast.partnership.mandate.sponsor = None
    cast.partnership.mandate.save()
    facts = {"partnership": cast.partnership, "expected": 0, "at": timezone.now()}
    with pytest.raises(Refused) as refused:
        stages.propose_waiver(key=key, reason="x", by=cast.convener, **facts)
    assert "cannot be set aside" in refused.value.answer.why_not


def test_a_soft_key_and_one_signature_never_open_it():
    cast = dumped()
    with pytest.raises(Refused) as refused:
        stages.waive(
            partnership=cast.partnership,
            key=SUPPORTED,
            reason="x",
            expected=0,
            by=cast.convener,
            at=timezone.now(),
        )
    assert "required and cannot be set aside" in refused.value.answer.why_not
    propose(cast, cast.convener)
    assert keys(cast, timezone.now() + 10 * LATER) == [SUPPORTED]


# --- from when it counts -------------------------------------------------------------------------------------------


def test_it_counts_from_the_moment_it_takes_effect_and_not_a_second_before():
    cast = dumped()
    open_the_gate(cast)
    Waiver.objects.filter(criterion=SUPPORTED).delete()
    now = timezone.now()
    made = joins(propose(cast, cast.convener, at=now), cast.citizen, at=now)
    assert made.takes_effect_at == now + LATER
    early = now + LATER - datetime.timedelta(seconds=1)
    assert keys(cast, early) == [SUPPORTED]
    with pytest.raises(Refused) as refused:
        advance(cast, at=early)
    assert "No task was handed over without enough support" in refused.value.answer.why_not
    assert keys(cast, now + LATER) == []
    advance(cast, at=now + LATER)
    entry = Entry.objects.get(verb="criterion.set_aside")
    assert (entry.audience, entry.ids["waiver"]) == ("public", str(made.pk))


def test_corrected_facts_end_what_was_signed_about_others():
    cast = dumped()
    made = joins(propose(cast, cast.convener), cast.citizen)
    mark(cast, cast.step, cast.citizen, supplied="60")
    made.refresh_from_db()
    assert made.withdrawn_by == cast.citizen
    assert keys(cast, timezone.now() + LATER) == [SUPPORTED]
    with pytest.raises(Refused) as refused:
        joins(made, cast.citizen)
    assert "taken back" in refused.value.answer.why_not
    again = propose(cast, cast.convener)
    mark(cast, cast.step, cast.convener, supplied="90")  # now it has enough: there is nothing to set aside
    assert keys(cast, timezone.now()) == []
    again.refresh_from_db()
    assert again.withdrawn_at is not None
    with pytest.raises(Refused) as refused:
        propose(cast, cast.convener)
    assert "met already" in refused.value.answer.why_not


def test_a_new_owner_of_a_handed_over_task_ends_it_too():
    cast = dumped()
    made = propose(cast, cast.convener)
    other = person("Nils Neighbour")
    actions.ask_owner(
        step=cast.step, member=join(cast.partnership, other), by=cast.convener, at=timezone.now()
    )
    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_it_is_for_this_visit_and_what_has_taken_effect_is_not_taken_back():
    cast = dumped()
    now = timezone.now()
    made = joins(propose(cast, cast.convener, at=now), cast.citizen, at=now)
    with pytest.raises(Refused) as refused:
        takes_back(made, cast.citizen, at=now + LATER)
    assert "has taken effect" in refused.value.answer.why_not
    arena = Partnership.objects.get(pk=cast.partnership.pk)
    back = {
        "partnership": arena,
        "to": "design",
        "expected": 0,
        "reason": "x",
        "by": cast.convener,
        "at": now,
    }
    stages.advance(**back)
    with pytest.raises(Conflict):
        takes_back(made, cast.citizen, at=now)


# --- who knows of it -----------------------------------------------------------------------------------------------


def page(cast, key=SUPPORTED):
    return reverse("waive_together", args=[cast.partnership.slug, key])


def words(answer):
    return " ".join(answer.content.decode().split())


def test_only_the_two_sides_and_who_keeps_the_case_know_before_it_is_public(client):
    cast = dumped()
    made = joins(propose(cast, cast.convener), cast.citizen)
    public = [reverse(name, args=[cast.partnership.slug]) for name in ("stages", "record", "partnership")]
    seen = {}
    for name in ("convener", "citizen", "case_officer", "official", "observer", "outsider"):
        client.force_login(getattr(cast, name))
        seen[name] = client.get(page(cast)).status_code
        assert "They want it all the same." not in "".join(words(client.get(one)) for one in public)
    assert seen == {
        "convener": 200,
        "citizen": 200,
        "case_officer": 200,
        "official": 404,
        "observer": 404,
        "outsider": 404,
    }
    for verb in ("criterion.waiver_proposed", "criterion.waiver_joined"):
        assert Entry.objects.get(verb=verb).audience == "conveners"
    Waiver.objects.filter(pk=made.pk).update(takes_effect_at=timezone.now())
    html = words(client.get(public[0]))
    assert "Set aside by Karen Convener and Bo Citizen together: They want it all the same." in html


def test_who_is_shown_by_function_signs_by_function(client):
    cast = dumped()
    made = joins(propose(cast, cast.convener), cast.citizen)
    for who, function in ((cast.convener, "Head of the harbour"), (cast.citizen, "Lives by the beach")):
        Member.objects.filter(person=who).update(shown_by_function=True, function=function)
    notices = list(Notice.objects.filter(kind="waiver_proposed"))
    (mail,) = kind_named("waiver_proposed").context(notices).values()
    assert mail["signer"] == "Head of the harbour"
    client.force_login(cast.citizen)
    html = words(client.get(page(cast)))
    for part in (
        "Head of the harbour signed for those who lead.",
        "Lives by the beach signed for the other side.",
    ):
        assert part in html
    assert "Karen Convener" not in html
    Waiver.objects.filter(pk=made.pk).update(takes_effect_at=timezone.now())
    client.logout()
    html = words(client.get(reverse("stages", args=[cast.partnership.slug])))
    together = "Set aside by Head of the harbour and Lives by the beach together: They want it all the same."
    assert (together in html, "Karen Convener" in html, "Bo Citizen" in html) == (True, False, False)


def test_signing_through_the_pages(client):
    cast = dumped()
    client.force_login(cast.convener)
    assert page(cast) in words(client.get(reverse("manage", args=[cast.partnership.slug])))
    assert "covers 62 %" in words(client.get(page(cast)))
    assert client.post(page(cast), {"expected": "0", "reason": " "}).status_code == 422
    assert client.post(page(cast), {"expected": "0", "reason": "They want it."}).status_code == 302
    answer = client.post(page(cast), {"expected": "0", "reason": "Me too."})
    assert answer.status_code == 409
    for part in ("Somebody has set this aside already, with a reason: They want it.", "Me too."):
        assert part in words(answer)
    made = Waiver.objects.get()
    joining = reverse("join_waiver", args=[cast.partnership.slug, made.pk])
    assert client.post(joining).status_code == 403
    client.force_login(cast.official)
    assert client.post(joining).status_code == 404
    client.force_login(cast.citizen)
    assert "Sign as the second" in words(client.get(page(cast)))
    assert client.post(joining).status_code == 302
    html = words(client.get(page(cast)))
    assert "It takes effect and becomes public, unless it is taken back or the facts are corrected." in html
    taking = reverse("withdraw_waiver", args=[cast.partnership.slug, made.pk])
    assert client.post(taking).status_code == 302
    made.refresh_from_db()
    assert made.withdrawn_by == cast.citizen
    for key in ("both_delivered", "steps_done", "nothing"):
        assert client.get(page(cast, key)).status_code == 404


def test_the_other_half_is_asked_by_mail_as_long_as_it_is_asked():
    cast = dumped()
    made = propose(cast, cast.convener)
    assert told("waiver_proposed") == [cast.citizen.pk]
    notices = list(Notice.objects.filter(kind="waiver_proposed"))
    assert kind_named("waiver_proposed").still_true(notices) == {notices[0].pk}
    takes_back(made, cast.convener)
    assert kind_named("waiver_proposed").still_true(notices) == set()
    Notice.objects.all().delete()
    propose(cast, cast.citizen)
    assert told("waiver_proposed") == sorted([cast.convener.pk, cast.politician.pk])


def test_the_page_costs_the_same_with_one_and_with_many(client, django_assert_max_num_queries):
    cast = dumped()
    propose(cast, cast.convener)
    client.force_login(cast.citizen)
    counts = []
    for more in (0, 5):
        for _one in range(more):
            mark(cast, step_of(cast, cast.citizen), supplied="62")
        propose(cast, cast.convener) if more else None
        with django_assert_max_num_queries(12) as queries:
            assert client.get(page(cast)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
