"""The fixed cast: the same people in every test, so that a reader always knows who is asking."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from actors.models import Affiliation, Organization, Person, Sector, Side, Standing
from boundary.answer import Refused
from notices.models import Notice
from partnerships.models import Mandate, Member, Office, Partnership, Platform, StageVisit
from partnerships.stages import ORDER, Stage

EVERYBODY = ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer")
LEGAL_BASIS = "Task in the public interest (GDPR art. 6(1)(e)), Local Government Act"


@dataclass
class Cast:
    """A partnership with everybody who matters around it."""

    platform: Platform
    partnership: Partnership
    municipality: Organization
    council: Organization
    convener: Person  # Karen, public manager, convenes
    citizen: Person  # Bo, resident, member
    official: Person  # Inge, municipal engineer, member on the public side
    observer: Person  # Olga
    politician: Person  # Pia, sits in the council
    secretary: Person  # Sven, writes the council's minutes
    case_officer: Person  # Kim
    outsider: Person  # Uffe, has an account and no part

    def member(self, person):
        return Member.objects.get(partnership=self.partnership, person=person, left_at=None)


def person(name, **fields):
    """A person with a verified sign-in address of their first name."""
    address = f"{name.split()[0].lower()}@example.org"
    made = Person.objects.create_user(email=address, name=name, language="en", **fields)
    made.emailaddress_set.create(email=address, verified=True, primary=True)
    return made


def platform(owner, slug="solrod"):
    return Platform.objects.create(
        slug=slug,
        name="Solrød together",
        owner=owner,
        area="Solrød",
        language="en",
        contact_name="Karen Convener",
        contact_phone="+45 56 18 20 00",
        controller=owner.name,
        legal_basis=LEGAL_BASIS,
        data_protection_contact="dpo@example.org",
    )


def partnership(host, *, stage=Stage.DEFINE, slug="seaweed", by=None, **fields):
    """A partnership in `stage`, with a visit for each stage up to it."""
    made = Partnership.objects.create(
        slug=slug,
        platform=host,
        title=fields.pop("title", "Seaweed on the beach"),
        summary="What to do about rotting seaweed.",
        language="en",
        stage=stage,
        created_by=by,
        **fields,
    )
    Mandate.objects.create(partnership=made, question="How can the beach be clean and the bay healthy?")
    enter(made, stage)
    return made


def enter(arena, stage):
    """Put the partnership in `stage` as if it had passed every stage before it."""
    now = timezone.now()
    StageVisit.objects.filter(partnership=arena).delete()
    for number, passed in enumerate(ORDER[: ORDER.index(Stage(stage)) + 1], 1):
        StageVisit.objects.create(
            partnership=arena,
            stage=passed,
            number=number,
            entered_at=now - datetime.timedelta(days=100 - number),
            left_at=None if passed == stage else now - datetime.timedelta(days=99 - number),
        )
    Partnership.objects.filter(pk=arena.pk).update(stage=stage)
    arena.stage = stage


def join(arena, who, *, role=Member.Role.MEMBER, sector=Sector.CITIZENS, side=Side.NON_PUBLIC, **fields):
    return Member.objects.create(partnership=arena, person=who, role=role, sector=sector, side=side, **fields)


def make_cast(*, stage=Stage.DEFINE, slug="seaweed", **fields):
    """Everybody, and a partnership in `stage`."""
    municipality = Organization.objects.create(name="Solrød Municipality", sector=Sector.PUBLIC)
    council = Organization.objects.create(
        name="Solrød Council", sector=Sector.POLITICAL, is_elected_body=True
    )
    host = platform(municipality)
    karen, bo, inge = person("Karen Convener"), person("Bo Citizen"), person("Inge Official")
    olga, pia, sven = person("Olga Observer"), person("Pia Politician"), person("Sven Secretary")
    kim, uffe = person("Kim Caseofficer"), person("Uffe Outsider")
    arena = partnership(host, stage=stage, slug=slug, by=karen, **fields)
    Mandate.objects.filter(partnership=arena).update(
        sponsor=municipality, recipient=council, competent_body=council
    )
    join(
        arena,
        karen,
        role=Member.Role.CONVENER,
        sector=Sector.PUBLIC,
        side=Side.PUBLIC,
        organization=municipality,
    )
    join(arena, bo, function="Lives by the beach")
    join(arena, inge, sector=Sector.PUBLIC, side=Side.PUBLIC, organization=municipality, function="Engineer")
    join(arena, olga, role=Member.Role.OBSERVER)
    Office.objects.create(platform=host, person=karen, kind=Office.Kind.CONVENER)
    Office.objects.create(platform=host, person=kim, kind=Office.Kind.CASE_OFFICER)
    Affiliation.objects.create(person=pia, organization=council, standing=Standing.ELECTED)
    return Cast(host, arena, municipality, council, karen, bo, inge, olga, pia, sven, kim, uffe)


def who_may(cast, deed):
    """The names of those whom the deed does not refuse, each tried on its own and taken back."""
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


def told(kind):
    """Whom a kind of message was told, in order."""
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient", flat=True))
