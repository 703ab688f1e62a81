"""Rows for the benchmark of the arena: one partnership with as much said, written, decided and met as asked for."""

import datetime

from django.db import transaction
from django.utils import timezone

from actors.models import Person
from bench import _seed
from boundary.digest import digest
from journal.actions import record
from partnerships.models import (
    AgendaItem,
    Attendance,
    Citation,
    Commitment,
    Contribution,
    Decision,
    Mandate,
    Meeting,
    Member,
    Partnership,
    Position,
    Response,
    Revision,
    RevisionAuthor,
    Seat,
    StageVisit,
    Suggestion,
    Text,
    TextAuthor,
)
from partnerships.stages import Stage
from problems.models import Definition
from solutions.models import Proposal, Step

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
CHOICES = [
    ("agree", ""),
    ("agree", ""),
    ("agree", ""),
    ("stand_aside", "I would wait."),
    ("object", "Too dear."),
]
KINDS = Contribution.Kind.values
DEEPEST = 500  # replies of the first thread, in the large partnership
WORDS = "We walk along the beach every week, and since the summer the seaweed lies there until it smells. "


def people(number, place):
    """So many people of one place, made in bulk."""
    return Person.objects.bulk_create(
        Person(name=f"Person {n}", sort_key=f"person {n:05}", email=f"{place}{n}@example.org", language="en")
        for n in range(number)
    )


def arena(platform, everyone, slug, *, contributions, revisions, decisions, meetings):
    """One partnership in design; its first member convenes. Returns what its pages are about, by name."""
    now = timezone.now()
    made = Partnership.objects.create(
        slug=slug, platform=platform, title=slug.title(), summary="What we do together.", stage=Stage.DESIGN,
        created_at=now - 300 * DAY, created_by=everyone[0], begun_at=now - 300 * DAY,
    )  # fmt: skip
    Mandate.objects.create(partnership=made, question="How can it be better?")
    StageVisit.objects.create(partnership=made, stage=Stage.DESIGN, number=1, entered_at=now - 30 * DAY)
    members = _members(made, everyone, now)
    held = _meetings(made, members, meetings, now)
    said = _said(made, members, held, contributions, now)
    texts = _texts(made, members, said, revisions, now)
    asked = _decisions(made, members, texts, decisions, now)
    promised = _promises(made, members, contributions // 10, now)
    _remembered(made, said[: 5 * len(members)])
    return {
        "partnership": made,
        "thread": said[0],
        "text": texts[0],
        "decision": asked[0],
        "meeting": held[0],
        "commitment": promised[0],
        "member": members[1],
    }


@transaction.atomic
def _remembered(made, said):
    """The record of so much of what was said: enough for many pages of it."""
    for one in said:
        deed = {"verb": "contribution.said", "by": one.member.person, "at": one.created_at}
        record(scope=made.pk, audience="public", contribution=one.pk, **deed)


def _members(made, everyone, now):
    rows = Member.objects.bulk_create(
        Member(
            partnership=made,
            person=person,
            role=Member.Role.CONVENER if n == 0 else Member.Role.MEMBER,
            sector=_seed.SECTORS[n % len(_seed.SECTORS)],
            side="public" if n % 2 == 0 else "non_public",
            function="Neighbour",
            joined_at=now - 200 * DAY,
        )
        for n, person in enumerate(everyone)
    )
    Seat.objects.bulk_create(Seat(partnership=made, sector=one.sector, holder=one) for one in rows)
    return rows


def _meetings(made, members, number, now):
    rows = Meeting.objects.bulk_create(
        Meeting(
            partnership=made,
            title=f"Meeting {n}",
            starts_at=now + (n - number // 2) * 2 * DAY,
            ends_at=now + (n - number // 2) * 2 * DAY + 2 * HOUR,
            place="The harbour house",
            called_by=members[0].person,
        )
        for n in range(number)
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=one, place=place, title=f"Item {place}", minutes=20)
        for one in rows
        for place in range(1, 6)
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=one, member=member, answer="room", attended=True)
        for one in rows
        for member in members
    )
    return rows


def _said(made, members, meetings, number, now):
    """The first thread is as deep as half of all, at most DEEPEST; the others are short."""
    deep, rows = min(number // 2, DEEPEST), []
    for n in range(number):
        first = rows[0] if 0 < n <= deep else rows[n - n % 5] if n > deep and n % 5 else None
        last = rows[-1] if first and 0 < n <= deep else first
        rows.append(
            Contribution(
                partnership=made,
                member=members[n % len(members)],
                kind=KINDS[n % len(KINDS)],
                body=f"{WORDS * (1 + n % 4)} Number {n}.",
                created_at=now - 100 * DAY + n * datetime.timedelta(minutes=10),
                wants_answer=n % 3 == 0,
                reply_to=last,
                thread=first and (first.thread or first),
                meeting=meetings[n % len(meetings)] if n % 7 == 0 else None,
            )
        )
    Contribution.objects.bulk_create(rows, batch_size=1000)
    Response.objects.bulk_create(
        Response(contribution=one, outcome="partly", reason="In section one.", by=members[0].person, at=now)
        for n, one in enumerate(rows)
        if n % 6 == 0
    )
    return rows


def _texts(made, members, said, revisions, now):
    """The problem definition with two thirds of all revisions, and proposals with three each."""
    texts = [Text.objects.create(partnership=made, kind="problem", title="The problem")]
    Definition.objects.create(text=texts[0], partnership=made)
    _written(texts[0], members, said, max(1, revisions * 2 // 3), now)
    for n in range(revisions // 9):
        texts.append(Text.objects.create(partnership=made, kind="proposal", title=f"Option {n}"))
        Proposal.objects.create(text=texts[-1], partnership=made, novelty="new_here")
        _written(texts[-1], members, said, 3, now)
    return texts


def _written(text, members, said, number, now):
    TextAuthor.objects.bulk_create(TextAuthor(text=text, member=one) for one in members[:6])
    rows = []
    for n in range(number):
        body = {
            key: f"{WORDS * 6}\n\nRevision {n if place == n % 5 else 0}."
            for place, key in enumerate(text.sections)
        }
        rows.append(Revision(text=text, number=n + 1, based_on=rows[-1] if rows else None, body=body,
                             digest=digest(body), created_at=now - (number - n) * HOUR))  # fmt: skip
    Revision.objects.bulk_create(rows)
    RevisionAuthor.objects.bulk_create(
        RevisionAuthor(revision=one, member=members[n % 6]) for n, one in enumerate(rows)
    )
    Citation.objects.bulk_create(Citation(revision=rows[-1], contribution=one) for one in said[:20])
    Suggestion.objects.bulk_create(
        Suggestion(
            revision=one,
            text=text,
            section="what",
            member=members[7],
            words=WORDS,
            reason="Shorter.",
            made_at=now,
        )
        for one in rows
    )


def _decisions(made, members, texts, number, now):
    """Closed decisions about the problem and the options, and one open one about the last option."""
    revisions = list(Revision.objects.filter(text__in=texts).select_related("text").order_by("created_at"))
    newest = texts[-1].revisions.first()
    asked = [*(revisions * number)[: number - 1], newest]
    rows = Decision.objects.bulk_create(
        Decision(
            partnership=made,
            text=revision.text,
            revision=revision,
            question=f"Can we live with this? ({n})",
            quorum_public=2,
            quorum_non_public=2,
            opened_at=now - (number - n) * DAY,
            opened_by=members[0].person,
            closes_at=now - (number - n) * DAY + (7 * DAY if n < number - 1 else 700 * DAY),
            closed_at=now if n < number - 1 else None,
            outcome="adopted" if n < number - 1 else "",
        )
        for n, revision in enumerate(asked)
    )
    Position.objects.bulk_create(
        Position(decision=one, member=member, choice=CHOICES[n % 5][0], reason=CHOICES[n % 5][1],
                 digest=one.revision.digest, at=one.opened_at)
        for one in rows
        for n, member in enumerate(members[2:])
    )  # fmt: skip
    return rows


def _promises(made, members, number, now):
    rows = Commitment.objects.bulk_create(
        Commitment(
            partnership=made,
            member=members[n % len(members)],
            kind=list(Commitment.Kind)[n % 7],
            what=f"Promise {n}",
            amount=n + 1,
            unit="hours",
            due_on=(now + (n % 40 - 20) * DAY).date(),
            state="accepted" if n % 3 else "kept",
            created_by=members[0].person,
            accepted_at=now - 30 * DAY,
        )
        for n in range(number)
    )
    Step.objects.bulk_create(
        Step(
            partnership=made, number=n + 1, what=f"Step {n}", due_on=now.date(), created_by=members[0].person
        )
        for n in range(min(20, number))
    )
    return rows
