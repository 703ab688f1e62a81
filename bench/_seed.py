"""Rows for benchmarks: partnerships of about thirty people with something in every table."""

import datetime

from django.db import connection
from django.utils import timezone

from actors.models import Organization, Person, Sector, Side
from boundary.digest import digest
from partnerships.models import (
    Citation,
    Contribution,
    Mandate,
    Member,
    Partnership,
    Platform,
    Revision,
    RevisionAuthor,
    Seat,
    StageVisit,
    Text,
    TextAuthor,
)
from partnerships.stages import Stage
from problems.models import Definition, Indicator
from solutions.models import Proposal

PEOPLE = 30
SECTORS = list(
    Sector
)  # so that the front page shows twenty rows: members, sectors as bars, sectors as numbers


def everyone():
    """The platform and the people that all partnerships share."""
    owner = Organization.objects.create(name="Municipality", sector=Sector.PUBLIC, kind="municipality")
    Organization.objects.bulk_create(
        Organization(
            name=f"Body {n}", sort_key=f"body {n}", sector=Sector.CIVIL_SOCIETY, side=Side.NON_PUBLIC
        )
        for n in range(30)
    )
    platform = Platform.objects.create(
        slug="bench",
        name="Bench",
        owner=owner,
        contact_name="Contact",
        contact_phone="12 34 56 78",
        controller="Municipality",
        legal_basis="Public task",
        data_protection_contact="dpo@example.org",
    )
    people = Person.objects.bulk_create(
        Person(name=f"Person {n}", sort_key=f"person {n:04}", email=f"person{n}@example.org", language="en")
        for n in range(PEOPLE)
    )
    return platform, people


def settle():
    """Give the planner its statistics, as autovacuum does by itself within a minute of such a change."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _side(sector):
    return Side.PUBLIC if sector in (Sector.PUBLIC, Sector.POLITICAL) else Side.NON_PUBLIC


def partnership(platform, people, number):
    """One partnership in design with members, seats, contributions, a problem and proposals with revisions."""
    now = timezone.now() - datetime.timedelta(minutes=number)
    arena = Partnership.objects.create(
        slug=f"p-{number}",
        platform=platform,
        title=f"Partnership {number}",
        summary="What the people of this place want to do about it together.",
        stage=Stage.DESIGN,
        created_at=now,
        created_by=people[0],
    )
    Mandate.objects.create(partnership=arena, question="How can it be better?")
    StageVisit.objects.create(partnership=arena, stage=Stage.DESIGN, number=1, entered_at=now)
    members = Member.objects.bulk_create(
        Member(
            partnership=arena,
            person=person,
            role=Member.Role.CONVENER if index == 0 else Member.Role.MEMBER,
            sector=SECTORS[index % len(SECTORS)],
            side=_side(SECTORS[index % len(SECTORS)]),
            function="Function",
            joined_at=now,
        )
        for index, person in enumerate(people)
    )
    Seat.objects.bulk_create(
        Seat(partnership=arena, sector=member.sector, holder=member, created_at=now) for member in members
    )
    said = Contribution.objects.bulk_create(
        Contribution(
            partnership=arena,
            member=members[n % PEOPLE],
            kind="experience",
            body=f"Words {n}",
            created_at=now,
        )
        for n in range(25)
    )
    text = _text(arena, "problem", "The problem", members, said, now)
    Definition.objects.create(text=text, partnership=arena)
    Indicator.objects.bulk_create(
        Indicator(
            partnership=arena, name=f"Indicator {n}", unit="t", baseline=n, target=n + 1, created_at=now
        )
        for n in range(5)
    )
    first = None
    for n in range(20):
        proposal = _text(arena, "proposal", f"Proposal {n}", members, said, now)
        Proposal.objects.create(text=proposal, partnership=arena, novelty="new_here")
        first = first or proposal
    return arena, first


def _text(arena, kind, title, members, said, now):
    text = Text.objects.create(partnership=arena, kind=kind, title=title, created_at=now)
    TextAuthor.objects.bulk_create(TextAuthor(text=text, member=m, joined_at=now) for m in members[:4])
    body = {"what": "What it is, told in some words that fill a line or two of the page.\n\n" * 3}
    revision = Revision.objects.create(text=text, number=1, body=body, digest=digest(body), created_at=now)
    RevisionAuthor.objects.bulk_create(RevisionAuthor(revision=revision, member=m) for m in members[:4])
    Citation.objects.bulk_create(Citation(revision=revision, contribution=c) for c in said[:20])
    return text
