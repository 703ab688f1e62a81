"""Rows for the benchmark of the desk: many partnerships with invitations and things that are due, made in bulk."""

import datetime
import uuid

from django.utils import timezone

from bench import _seed
from partnerships.models import (
    Contribution,
    Decision,
    Invitation,
    InvitationQuestion,
    Mandate,
    Meeting,
    Member,
    Office,
    Partnership,
    Platform,
    Revision,
    Seat,
    StageVisit,
    Text,
)
from partnerships.stages import Stage
from solutions.models import Step

STATES = ["sent", "seen", "declined", "expired", "bounced", "withdrawn", "sent", "declined"]
DAY = datetime.timedelta(days=1)


def fill(host, people, size, invitations, first):
    """`size` partnerships on the platform, in every stage, with so many invitations each and something due."""
    now, today = timezone.now(), timezone.localdate()
    arenas = Partnership.objects.bulk_create(
        Partnership(
            slug=f"d-{first + n}",
            platform=host,
            title=f"Partnership {first + n}",
            summary="What the people of this place want to do about it together.",
            stage=list(Stage)[n % 7],
            created_by=people[0],
        )
        for n in range(size)
    )
    days = {arena.pk: today + (n % 80 - 20) * DAY for n, arena in enumerate(arenas)}
    Mandate.objects.bulk_create(Mandate(partnership=one, question="How can it be better?") for one in arenas)
    StageVisit.objects.bulk_create(
        StageVisit(partnership=one, stage=one.stage, number=1, entered_at=now - 40 * DAY, due_on=days[one.pk])
        for one in arenas
    )
    _people(arenas, people)
    made = Invitation.objects.bulk_create(
        (
            Invitation(
                partnership=arena,
                number=one + 1,
                address=f"guest{one}@example.net",
                nonce="n",
                state=STATES[one % len(STATES)],
                expires_at=now + (one % 60) * DAY,
                invited_by=people[0],
            )
            for arena in arenas
            for one in range(invitations)
        ),
        batch_size=5000,
    )
    InvitationQuestion.objects.bulk_create(
        InvitationQuestion(invitation=one, words="When?", asked_at=now) for one in made[:: 3 * invitations]
    )
    _due(arenas, people, now, days)


def _people(arenas, people):
    """Twelve members, twelve open seats, and twenty-five contributions, a quarter of which wait for an answer."""
    members = Member.objects.bulk_create(
        Member(
            partnership=one,
            person=person,
            role="convener" if place == 0 else "member",
            sector="citizens",
            side="public" if place % 2 else "non_public",
        )
        for one in arenas
        for place, person in enumerate(people[:12])
    )
    Seat.objects.bulk_create(
        Seat(partnership=one, sector="citizens") for one in arenas for _seat in range(12)
    )
    Contribution.objects.bulk_create(
        Contribution(
            partnership=member.partnership,
            member=member,
            kind="question",
            body="?",
            wants_answer=said % 4 == 0,
        )
        for member in members[1::12]
        for said in range(25)
    )


def _due(arenas, people, now, days):
    texts = Text.objects.bulk_create(
        Text(partnership=one, kind="problem", title="The problem") for one in arenas
    )
    revisions = Revision.objects.bulk_create(
        Revision(text=text, number=1, body={"what": "It"}, digest="0" * 64) for text in texts
    )
    Decision.objects.bulk_create(
        Decision(
            partnership=text.partnership,
            text=text,
            revision=revision,
            question="Is this our problem?",
            opened_by=people[0],
            opened_at=now - DAY,
            closes_at=now + (n % 14 + 1) * DAY,
            quorum_public=1,
            quorum_non_public=1,
        )
        for n, (text, revision) in enumerate(zip(texts, revisions, strict=True))
    )
    Meeting.objects.bulk_create(
        Meeting(
            partnership=one,
            title="We meet",
            starts_at=now + (n % 70 + 1) * DAY,
            ends_at=now + (n % 70 + 1.1) * DAY,
            place="Here",
            called_by=people[0],
        )
        for n, one in enumerate(arenas)
    )
    Step.objects.bulk_create(
        Step(
            partnership=one,
            number=n,
            what=f"Step {n}",
            due_on=days[one.pk] + n * DAY,
            created_by=people[0],
        )
        for one in arenas
        for n in range(1, 6)
    )


def platforms(sizes, invitations):
    """{size: platform}, with the people: the first convenes on all of them, the second keeps their cases."""
    host, people = _seed.everyone()
    made, first = {}, 1
    for size in sizes:
        if made:
            host = Platform.objects.get(pk=host.pk)
            host.pk, host.slug, host.name = uuid.uuid4(), f"bench-{size}", f"Bench {size}"
            host.save(force_insert=True)
        fill(host, people, size, invitations, first)
        first += size
        made[size] = Platform.objects.get(pk=host.pk)
        Office.objects.create(platform=made[size], person=people[0], kind="convener")
        Office.objects.create(platform=made[size], person=people[1], kind="case_officer")
    return made, people
