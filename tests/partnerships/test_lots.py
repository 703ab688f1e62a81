"""Draws by lot: a frozen list, a seed made after it, an order that follows from both, and a reserve list."""

import itertools
import json
import runpy
import subprocess
import sys

import pytest
from django.utils import timezone

from boundary.answer import Conflict, Refused
from cocreate.export.gathering import gathering
from journal.models import Entry
from notices.actions import drain
from partnerships import actions, lots
from partnerships.models import Draw, Invitation, Lot, Member, Office, Partnership, Volunteer
from tests.cast import make_cast, person, told, who_may
from tests.partnerships.calling import close, crowd, draw, freeze, group, join_register, open_call, page_of
from tests.partnerships.inviting import send

pytestmark = pytest.mark.django_db
State = Lot.State
LOTS = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(8)]
KNOWN_ORDER = [2, 3, 5, 1, 6, 4, 0, 7]
KNOWN_FINGERPRINT = "ad02121842e2b51f564781b943bc7118a98fabb4074b4daddf87d9a12df7d3aa"


# --- the order, on its own ----------------------------------------------------------------------------------


def test_a_known_seed_gives_a_known_order():
    order = [LOTS.index(lot) for lot in lots.order_of(LOTS, "ab" * 32)]
    assert order == KNOWN_ORDER
    assert lots.order_of(reversed(LOTS), "ab" * 32) == [LOTS[n] for n in order]
    assert lots.digest_of(LOTS) == lots.digest_of(reversed(LOTS)) == KNOWN_FINGERPRINT
    assert lots.drawn_of(order, 3, out=order[:2]) == order[2:5]


def test_each_lot_is_drawn_as_often_as_the_others():
    """Chi-square over 4,000 draws of 2 among 8: 7 degrees of freedom, and seeds that never change."""
    draws = 4000
    drawn = [lots.order_of(LOTS, f"seed {n}")[:2] for n in range(draws)]
    counts = [sum(lot in pair for pair in drawn) for lot in LOTS]
    expected = draws * 2 / len(LOTS)
    # Two are drawn without putting back: the variance is 6/7 of what independent draws would have.
    chi_square = sum((count - expected) ** 2 / expected for count in counts) * 7 / 6
    assert chi_square < 18.48  # 99 of 100 fair draws stay below
    pairs = {frozenset(pair) for pair in drawn}
    assert len(pairs) == 28  # every pair is drawn now and then: nobody comes only together with somebody


def test_the_checker_finds_what_was_tampered_with(tmp_path):
    order = lots.order_of(LOTS, "5")
    told = {"lots": LOTS, "fingerprint": lots.digest_of(LOTS), "seed": "5", "seats": 2, "order": order}
    told |= {"stepped_back": [order[0]], "drawn": order[1:3]}
    wrong = {
        "the list is not the one that was frozen": {"lots": LOTS[1:]},
        "the order does not follow from the seed": {"seed": "6"},
        "other lots are drawn than those that come first": {"drawn": order[:2]},
        "a lot stands twice in the list": {"lots": [*LOTS, LOTS[0]]},
    }
    assert lots.faults(told) == []
    for sentence, change in wrong.items():
        assert sentence in lots.faults(told | change)
    for content, code, said in (
        (json.dumps(told), 0, "The draw is right: 2 of 8."),
        (json.dumps(told | {"seed": "6"}), 1, "does not follow"),
        ("{}", 2, ""),
        ("no draw", 2, ""),
    ):
        (tmp_path / "lots.json").write_text(content)
        ran = subprocess.run(
            [sys.executable, lots.__file__, tmp_path / "lots.json"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == code
        assert said in ran.stdout


# --- a draw among volunteers --------------------------------------------------------------------------------


@pytest.fixture
def cast():
    return make_cast()


def ready(cast, number=5, seats=2):
    """(call, group, frozen list) of a call that is over."""
    families = group(cast)
    call = open_call(cast, {families: seats})
    crowd(call, families, number)
    call = close(cast, call)
    return call, families, freeze(cast, call, families, seats=seats)


def test_who_may_freeze_draw_and_take_back(cast):
    call, families, frozen = ready(cast)
    at = timezone.now()
    assert who_may(cast, lambda who: draw(cast, frozen, by=who)) == {"convener"}
    assert who_may(cast, lambda who: back(frozen, who)) == {"convener"}
    back(frozen, cast.convener)
    assert not Lot.objects.exists()
    assert who_may(cast, lambda who: freeze(cast, call, families, by=who)) == {"convener"}
    frozen = freeze(cast, call, families)
    draw(cast, frozen)
    assert who_may(cast, lambda who: back(frozen, who)) == set()
    assert who_may(cast, lambda who: draw(cast, frozen, by=who)) == set()  # never repeated
    Member.objects.filter(volunteer__isnull=False).update(left_at=at)
    assert who_may(cast, lambda who: actions.lots.ask_next(draw=frozen, by=who, at=at)) == {"convener"}
    Partnership.objects.update(stage="closed")
    assert who_may(cast, lambda who: actions.lots.ask_next(draw=frozen, by=who, at=at)) == set()


def back(frozen, by):
    actions.lots.take_list_back(draw=frozen, by=by, at=timezone.now())


def test_a_draw_is_recorded_seated_told_and_checked_by_anyone(client, cast, smtp_sink, tmp_path):
    _call, families, frozen = ready(cast)
    client.force_login(cast.convener)
    assert client.post(page_of("draw_lots", frozen.pk)).url == page_of("draw", frozen.pk)
    frozen.refresh_from_db()
    in_order = list(frozen.lots.order_by("place").select_related("person", "volunteer__member"))
    assert [str(lot.pk) for lot in in_order] == lots.order_of([str(lot.pk) for lot in in_order], frozen.seed)
    assert [lot.state for lot in in_order] == [*[State.DRAWN] * 2, *[State.RESERVE] * 3]
    members = Member.objects.filter(person__in=[lot.person_id for lot in in_order[:2]])
    assert {one.seat.group for one in members} == {families}
    assert [lot.volunteer.state for lot in in_order] == ["chosen"] * 2 + ["not_chosen"] * 3
    drain("bulk")
    (mail,) = smtp_sink.to(in_order[3].person.email)
    assert (
        "yours came out as number 4. You are on the reserve list" in mail.get_body(("plain",)).get_content()
    )
    assert page_of("draw", frozen.pk) in mail.get_body(("plain",)).get_content()

    entries = {entry.verb: entry for entry in Entry.objects.filter(verb__startswith="lots.")}
    assert [one.audience for one in entries.values()] == ["public", "public"]
    ids = entries["lots.frozen"].ids
    assert (ids["digest"], ids["count"], ids["seats"]) == (frozen.digest, 5, 2)
    assert "seed" not in ids
    ids = entries["lots.drawn"].ids
    assert (ids["seed"], ids["digest"]) == (frozen.seed, frozen.digest)
    assert ids["lots"] == [str(lot.pk) for lot in in_order[:2]]
    client.logout()
    published = client.get(page_of("draw_file", frozen.pk))
    assert lots.faults(published.json()) == []
    for lot in in_order:
        assert (
            lot.person.name
            not in published.content.decode() + client.get(page_of("draw", frozen.pk)).content.decode()
        )
    assert "drew lots. Drawn: 2." in client.get(page_of("record")).content.decode()
    program = tmp_path / "check_lots.py"
    program.write_text(client.get("/lots/check_lots.py").content.decode())
    assert runpy.run_path(str(program))["faults"](published.json()) == []


def test_who_steps_back_after_the_freezing_is_passed_over(cast):
    _call, _families, frozen = ready(cast, number=3, seats=2)
    gone = Volunteer.objects.order_by("pk").first()
    actions.calls.step_back(volunteer=gone, by=gone.person, at=timezone.now())
    draw(cast, frozen)
    assert Lot.objects.get(volunteer=gone).state == State.OUT
    assert Lot.objects.filter(state=State.DRAWN).count() == 2
    assert told("volunteer_thanked") == []
    assert not Member.objects.filter(person=gone.person).exists()


def test_fewer_people_than_seats_are_all_drawn(cast):
    families = group(cast)
    call = open_call(cast, {families: 5})
    crowd(call, families, 2)
    frozen = freeze(cast, close(cast, call), families, seats=5)
    draw(cast, frozen)
    assert [lot.state for lot in frozen.lots.all()] == [State.DRAWN] * 2


def test_when_somebody_drawn_leaves_the_next_is_invited_and_so_on(client, cast, smtp_sink):
    _call, families, frozen = ready(cast, number=4, seats=1)
    draw(cast, frozen)
    first, second, third, _fourth = frozen.lots.order_by("place")
    with pytest.raises(Refused, match="no seat is free"):
        actions.lots.ask_next(draw=frozen, by=cast.convener, at=timezone.now())
    Member.objects.filter(person=first.person).update(left_at=timezone.now())
    client.force_login(cast.convener)
    html = client.get(page_of("draw", frozen.pk)).content.decode()
    assert f"{second.person.name} is the next on the reserve list." in html
    assert [actions.lots.tell_free_seats(at=timezone.now()) for _tick in range(2)] == [1, 1]
    drain("bulk")
    (mail,) = [one for one in smtp_sink.to("karen@example.org") if "free again" in one["Subject"]]
    assert page_of("draw", frozen.pk) in mail.get_body(("plain",)).get_content()
    assert client.post(page_of("ask_next", frozen.pk)).url == page_of("send_invitations")
    assert actions.lots.tell_free_seats(at=timezone.now()) == 0  # somebody is asked
    row = Invitation.objects.get()
    assert (row.address, row.group, row.lot) == (second.person.email, families, second)
    assert row.why_you == "You put yourself forward, and you are the next on the reserve list of the draw."
    assert client.post(page_of("ask_next", frozen.pk)).status_code == 403  # they have not answered yet
    actions.invitations.send_invitations(partnership=cast.partnership, by=cast.convener, at=timezone.now())
    actions.invitations.decline_invitation(invitation=row, reason="", at=timezone.now())
    assert client.post(page_of("ask_next", frozen.pk)).status_code == 302
    row = Invitation.objects.get(lot=third)
    actions.invitations.send_invitations(partnership=cast.partnership, by=cast.convener, at=timezone.now())
    actions.invitations.accept_invitation(invitation=row, name="", by=third.person, at=timezone.now())
    assert actions.lots.free_seats(frozen) == 0
    assert actions.calls.sought(frozen.call, families) == 0
    assert Entry.objects.filter(verb="lots.next_asked").count() == 2


def test_a_list_taken_back_is_nowhere_and_bad_numbers_are_said(client, cast):
    _call, families, frozen = ready(cast)
    client.force_login(cast.convener)
    assert client.get(page_of("draw_file", frozen.pk)).status_code == 404  # nothing is drawn yet
    assert client.post(page_of("freeze_volunteers"), {"seats": "1"}).status_code == 409
    assert client.post(page_of("take_list_back", frozen.pk)).url == page_of("volunteers")
    assert client.get(page_of("draw", frozen.pk)).status_code == 404
    assert client.post(page_of("draw_lots", frozen.pk)).status_code == 404
    for seats, status in (("", 422), ("0", 422), ("-3", 422), ("x", 422), ("1e9", 422), ("3", 403)):
        answer = client.post(f"{page_of('freeze_volunteers')}?group={families.pk}", {"seats": seats})
        assert answer.status_code == status, seats
    assert not Draw.objects.exists()


def test_my_own_lot_is_shown_to_me_and_to_nobody_else(client, cast):
    _call, _families, frozen = ready(cast)
    lot = frozen.lots.select_related("person").first()
    client.force_login(lot.person)
    assert client.get(page_of("draw", frozen.pk)).context["mine"] == lot
    client.force_login(cast.outsider)
    assert client.get(page_of("draw", frozen.pk)).context["mine"] is None


# --- a draw from the register -------------------------------------------------------------------------------


def enlisted(cast, number, **said):
    return [join_register(cast, who, **said) for who in itertools.islice(_strangers(), number)]


def _strangers():
    for n in itertools.count():
        yield person(f"R{n} Willing")


def test_a_draw_from_the_register_drafts_invitations_and_is_for_conveners(client, cast):
    enlisted(cast, 3, area="Havdrup")
    join_register(cast, cast.politician, area="Elsewhere")
    client.force_login(cast.convener)
    answer = client.post(f"{page_of('freeze_register')}?area=havdrup", {"lot-seats": "2"})
    frozen = Draw.objects.get()
    assert answer.url == page_of("draw", frozen.pk)
    assert (frozen.call, frozen.lots.count()) == (None, 3)
    actions.register.leave_register(platform=cast.platform, by=frozen.lots.first().person, at=timezone.now())
    draw(cast, frozen)
    drafts = Invitation.objects.filter(state="draft")
    drawn = frozen.lots.filter(state=State.DRAWN)
    assert {row.address for row in drafts} == {lot.person.email for lot in drawn}
    assert {row.lot for row in drafts} == set(drawn)
    assert not Member.objects.filter(person__in=drawn.values("person")).exists()
    assert set(Entry.objects.filter(verb__startswith="lots.").values_list("audience", flat=True)) == {
        "conveners"
    }
    for who, status in ((cast.case_officer, 200), (cast.citizen, 404), (cast.outsider, 404), (None, 404)):
        client.force_login(who) if who else client.logout()
        assert client.get(page_of("draw", frozen.pk)).status_code == status
        assert client.get(page_of("draw_file", frozen.pk)).status_code == status


def test_the_next_from_the_register_is_drafted_when_a_draft_is_withdrawn(cast):
    enlisted(cast, 3)
    facts = {"partnership": cast.partnership, "by": cast.convener, "at": timezone.now()}
    frozen = actions.lots.freeze_register(found={}, seats=1, **facts)
    draw(cast, frozen)
    row = Invitation.objects.get()
    actions.invitations.withdraw_invitation(invitation=row, reason="", by=cast.convener, at=timezone.now())
    second, third = frozen.lots.filter(state=State.RESERVE).order_by("place").select_related("person")
    actions.register.leave_register(platform=cast.platform, by=second.person, at=timezone.now())
    asked = actions.lots.ask_next(draw=frozen, by=cast.convener, at=timezone.now())
    assert (asked.address, asked.lot) == (third.person.email, third)
    actions.invitations.withdraw_invitation(invitation=asked, reason="", by=cast.convener, at=timezone.now())
    with pytest.raises((Conflict, Refused), match="reserve list"):
        actions.lots.ask_next(draw=frozen, by=cast.convener, at=timezone.now())


def register_draw(cast, seats=1, group=None):
    facts = {"partnership": cast.partnership, "by": cast.convener, "at": timezone.now()}
    return actions.lots.freeze_register(found={}, seats=seats, group=group, **facts)


def test_a_group_has_one_list_from_the_register_and_no_second_draw_while_somebody_can_be_asked(cast):
    enlisted(cast, 3)
    families = group(cast)
    frozen = register_draw(cast)
    with pytest.raises(Conflict, match="frozen already"):
        register_draw(cast)
    other = register_draw(cast, group=families)  # of another group
    draw(cast, frozen)
    draw(cast, other)
    for again in (None, families):
        with pytest.raises(Refused, match="still has a reserve list"):
            register_draw(cast, group=again)
    for lot in frozen.lots.filter(state=State.RESERVE).select_related("person"):
        actions.register.leave_register(platform=cast.platform, by=lot.person, at=timezone.now())
    assert register_draw(cast).lots.count() == 1  # nobody is left who could be asked


def test_who_is_behind_a_lot_from_the_register_is_shown_to_few_and_leaves_with_their_entry(client, cast):
    enlisted(cast, 3)
    frozen = register_draw(cast)
    draw(cast, frozen)
    first, second, third = frozen.lots.order_by("place").select_related("person")
    page, names = page_of("draw", frozen.pk), [lot.person.name for lot in (first, second, third)]

    def shown():
        html = client.get(page).content.decode()
        return [name for name in names if name in html]

    def in_the_case():
        (document,) = gathering(cast.partnership)
        return [name for name in names if name in document.body]

    client.force_login(cast.convener)
    assert shown() == names
    assert in_the_case() == []
    Office.objects.filter(person=cast.convener).update(until=timezone.now())
    assert shown() == []  # leads here, and may not look into the register
    Office.objects.filter(person=cast.convener).update(until=None)
    actions.register.leave_register(platform=cast.platform, by=second.person, at=timezone.now())
    assert shown() == [names[0], names[2]]
    send(cast)
    actions.register.leave_register(platform=cast.platform, by=first.person, at=timezone.now())
    assert shown() == [names[0], names[2]]  # was asked, and may have answered
    assert in_the_case() == names[:1]
    actions.invitations.decline_invitation(invitation=Invitation.objects.get(), reason="", at=timezone.now())
    next_one = "is the next on the reserve list."
    assert f"{names[1]} {next_one}" not in client.get(page).content.decode()
    Office.objects.filter(person=cast.convener).update(until=timezone.now())
    html = client.get(page).content.decode()
    assert "1 seat is free again" in html
    assert next_one not in html
