"""The frame of a case: mandate, promise, stages, people and invitations."""

from django.utils.translation import gettext as _

from partnerships.models import (
    ClosingAccount,
    Group,
    Invitation,
    JoinRequest,
    Leadership,
    Member,
    Seat,
    Substitution,
)
from partnerships.settings import otherwise

from .words import Document, day, facts, in_one_line, quoted, section, when, yes


def mandate(partnership):
    mandate, platform = partnership.mandate, partnership.platform
    body = section(
        partnership.title,
        facts(
            [
                (_("In one sentence"), partnership.summary),
                (_("Case number"), partnership.case_number),
                (_("Platform"), f"{platform.name} ({platform.owner})"),
                (_("Data controller"), platform.controller),
                (_("Stage"), partnership.get_stage_display()),
                (_("Who may read it"), partnership.get_visibility_display()),
                (_("Who may join"), partnership.get_join_policy_display()),
                (_("Reconstructed from"), partnership.reconstructed_from),
            ]
        ),
        level=1,
    )
    body += section(
        _("Mandate"),
        facts(
            [
                (_("Question"), mandate.question),
                (_("Scope"), mandate.scope),
                (_("What cannot be changed, and why"), mandate.non_negotiables),
                (_("Why nobody can solve this alone"), mandate.interdependence),
                *[
                    (_("What is gained: %(sector)s") % {"sector": name}, words)
                    for name, words in mandate.gains
                ],
                *mandate.answers_to_readiness,
                (_("Later interests"), ", ".join(mandate.interests)),
                (_("What makes sure that it stays fair?"), mandate.safeguard),
                (_("Who in the legal department has seen it?"), mandate.legal_seen_by),
                (_("Template"), partnership.template),
                *otherwise(partnership),
                (_("Resources"), mandate.resources),
                (_("Sponsor"), mandate.sponsor),
                (_("Receiver"), mandate.recipient),
                (_("Who may decide"), mandate.competent_body),
                (_("Where it is written who may decide"), mandate.competence_source),
                (_("End date"), day(mandate.ends_on)),
            ]
        ),
    )
    body += section(
        _("Promise"),
        facts(
            [
                (_("State"), mandate.get_promise_state_display()),
                (_("What was asked for"), mandate.get_promise_kind_display()),
                (_("Who gave or declined it"), mandate.promise_by),
                (_("Where in the minutes"), mandate.promise_minute),
                (_("When the answer is owed"), day(mandate.promise_owed_on)),
                (_("When it was answered"), day(mandate.promise_answered_on)),
                (_("Date"), day(mandate.promise_on)),
            ]
        ),
    )
    visits = partnership.visits.prefetch_related("waivers__by", "waivers__seconded_by")
    body += section(_("Stages"), *map(_visit, visits))
    pauses = partnership.pauses.select_related("by", "resumed_by")
    body += section(_("Pauses"), *map(_pause, pauses)) if pauses else ""
    return Document("mandate.md", _("Mandate, promise and stages"), body)


def _pause(pause):
    told = f"- {when(pause.since)} – {when(pause.until)} ({pause.by})"
    told += (
        ". " + _("Look again on %(day)s") % {"day": day(pause.look_again_on)} if pause.look_again_on else ""
    )
    if pause.until:
        moved = _("What was due moved on by days: %(days)s, by %(who)s")
        told += ". " + moved % {"days": pause.days, "who": pause.resumed_by}
    return f"{told}\n{quoted(pause.reason)}"


def _visit(visit):
    told = f"{visit.number}. {visit.get_stage_display()}: {when(visit.entered_at)} – {when(visit.left_at)}"
    told += f" ({_('due')} {day(visit.due_on)})" if visit.due_on else ""
    told += f". {in_one_line(visit.reason)}" if visit.reason else ""
    for waiver in visit.waivers.all():
        told += "\n   - " + _("set aside: %(what)s, by %(who)s: %(why)s") % {
            "what": waiver.criterion,
            "who": waiver.by,
            "why": in_one_line(waiver.reason),
        }
        told += _signatures(waiver)
    return told


def _signatures(waiver):
    """The second signature on what two sides set aside, and when it took effect or was taken back."""
    told = ""
    if waiver.seconded_by_id:
        told += "; " + _("signed second by %(who)s, %(when)s") % {
            "who": waiver.seconded_by,
            "when": when(waiver.seconded_at),
        }
    if waiver.takes_effect_at is None or waiver.takes_effect_at > waiver.at:
        told += "; " + _("takes effect: %(when)s") % {"when": when(waiver.takes_effect_at) or _("not yet")}
    if waiver.withdrawn_at:
        told += "; " + _("taken back %(when)s") % {"when": when(waiver.withdrawn_at)}
    return told


def account(partnership):
    """What the partnership told at its end to those who took part; or that it is still owed."""
    accounts = ClosingAccount.objects.filter(visit__partnership=partnership).order_by("visit__number")
    rows = [
        section(
            when(one.visit.entered_at),
            facts(
                [
                    (_("What follows"), one.get_follows_display()),
                    (_("Who writes it"), one.writer.person),
                    (_("By when"), day(one.due_on)),
                    (_("Published"), when(one.published_at) or _("not yet")),
                    (_("What we set out to do"), one.aims),
                    (_("What came of it"), one.results),
                    (_("What was not done, and why"), one.not_done),
                    (_("Thanks"), one.thanks),
                ]
            ),
        )
        for one in accounts.select_related("visit", "writer__person")
    ]
    title = _("What came of it")
    return Document("account.md", title, f"# {title}\n\n" + "\n".join(rows), personal=True)


def members(partnership, contacts):
    members = Member.objects.filter(partnership=partnership).select_related("person", "organization")
    carried = {}
    for one in Leadership.objects.filter(partnership=partnership).order_by("offered_at"):
        times = f"{when(one.answered_at or one.offered_at)} – {when(one.ended_at)}"
        told = f"{one.get_function_display()} ({one.get_state_display()}, {times})"
        carried.setdefault(one.member_id, []).append(told)
    stand_ins = {}
    standing = Substitution.objects.filter(partnership=partnership).order_by("asked_at")
    for one in standing.select_related("substitute__person"):
        times = f"{when(one.from_at)} – {when(one.ended_at or one.until_at)}"
        told = f"{one.substitute.person} ({one.get_state_display()}, {times})"
        stand_ins.setdefault(one.member_id, []).append(told)
    rows = [
        section(
            str(member.person),
            facts(
                [
                    (_("Role"), member.get_role_display()),
                    (_("Function"), member.function),
                    (_("Organization"), member.organization),
                    (_("Carries"), ", ".join(carried.get(member.pk, []))),
                    (_("Substitutes"), ", ".join(stand_ins.get(member.pk, []))),
                    (_("Sector"), member.get_sector_display()),
                    (_("Side"), member.get_side_display()),
                    (_("Shown by function only"), yes(True) if member.shown_by_function else ""),
                    (_("Joined"), when(member.joined_at)),
                    (_("Left"), when(member.left_at)),
                    (_("Reason"), member.left_reason),
                    (_("E-mail"), member.person.email if contacts else ""),
                    (_("Telephone"), member.person.phone if contacts else ""),
                ]
            ),
        )
        for member in members
    ]
    seats = Seat.objects.filter(partnership=partnership, holder=None)
    free = [f"- {seat} ({seat.get_sector_display()})" for seat in seats]
    body = f"# {_('Members')}\n\n" + "\n".join(rows) + (section(_("Open seats"), *free) if free else "")
    return Document("members.md", _("Members and seats"), body, personal=True)


def _seats(group):
    return {"taken": group.taken, "open": group.open_seats}


def groups(partnership):
    """The map of who should be at the table: each group with its ratings, its seats, and why it has none."""
    rows = [
        section(
            group.name,
            facts(
                [
                    (_("Sector"), group.get_sector_display()),
                    (_("What they know, own or can do"), group.brings),
                    (_("Affected"), group.get_affectedness_display()),
                    (_("Needed for the answer"), group.get_relevance_display()),
                    (_("Formal authority"), group.get_authority_display()),
                    (_("Resources"), group.get_resources_display()),
                    (_("Their word counts"), group.get_voice_display()),
                    (_("Seats"), _("%(taken)s taken, %(open)s open") % _seats(group)),
                    (_("Why they have no seat"), group.no_seat_reason),
                    (_("Who speaks for them"), group.advocate),
                ]
            ),
        )
        for group in Group.objects.filter(partnership=partnership)
        .with_seats()
        .select_related("advocate__person")
    ]
    title = _("Who should be at the table")
    return Document("groups.md", title, f"# {title}\n\n" + "\n".join(rows), personal=True)


def invitations(partnership):
    rows = []
    for one in (
        Invitation.objects.filter(partnership=partnership)
        .select_related("invited_by")
        .prefetch_related("questions")
        .order_by("number")
    ):
        times = [
            (_("Sent"), when(one.sent_at)),
            (_("Opened"), when(one.seen_at)),
            (_("Answered"), when(one.answered_at)),
        ]
        told = [
            (_("State"), one.get_state_display()),
            (_("Address"), one.shown_address),
            (_("Invited by"), one.invited_by),
        ]
        words = [(_("Why you"), one.why_you), (_("Reason"), one.reason)]
        for asked in one.questions.all():
            words += [(_("Question"), asked.words), (_("Answer"), asked.answer)]
        rows.append(section(f"{one.number}. {one.name or one.shown_address}", facts([*told, *times, *words])))
    asked = JoinRequest.objects.filter(partnership=partnership).select_related("person", "answered_by")
    for one in asked:
        told = [
            (_("State"), one.get_state_display()),
            (_("Asked"), when(one.created_at)),
            (_("Message"), one.message),
        ]
        answer = [
            (_("Answered"), when(one.answered_at)),
            (_("By"), one.answered_by),
            (_("Reason"), one.reason),
        ]
        rows.append(section(_("%(name)s asked to join") % {"name": one.person}, facts([*told, *answer])))
    return Document(
        "invitations.md",
        _("Invitations and requests to join"),
        f"# {_('Invitations')}\n\n" + "\n".join(rows),
        personal=True,
    )
