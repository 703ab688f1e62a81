"""The demonstration: a cast of functions, never of living people, and partnerships at three points of the way."""

import datetime
from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from actors.actions import add_organization
from actors.models import Organization, Person, Sector
from partnerships import actions
from partnerships.models import (
    Call,
    Commitment,
    Contribution,
    Decision,
    Meeting,
    Office,
    Partnership,
    Platform,
    Support,
    Text,
)
from partnerships.stages import Stage
from solutions.actions import appoint, put_to_choice, request_authorization, withdraw_request
from solutions.models import Authority, AuthorizationRequest, BodyMember, Proposal

from .cases.loading import AlreadyLoaded, load
from .cases.reading import read

CASES = Path(__file__).parent / "demo" / "cases"
SOLROD, AVEDORE, GENTOFTE, EMPTY = (
    "solrod-biogas",
    "avedoere-energifaellesskab",
    "gentofte-byens-hus",
    "your-municipality",
)
HEAT_COMPANY = "Avedøre Fjernvarme a.m.b.a."
ANSWER_WITHIN, MEET_IN, COUNCIL_IN, CALL_FOR = (datetime.timedelta(days=days) for days in (14, 10, 21, 60))


@dataclass(frozen=True)
class Role:
    """Somebody whom a visitor can be: a function with an address that nobody reads, who reads `language`."""

    key: str
    name: str
    language: str
    part: str
    start: tuple  # name of the page they begin on, and its arguments

    @property
    def own_name(self):
        """The name in their own language: what the others see."""
        with translation.override(self.language):
            return str(self.name)

    @property
    def email(self):
        return f"{self.key.replace('_', '.')}@example.org"

    @property
    def start_page(self):
        name, *rest = self.start
        return reverse(name, args=rest)


CAST = (
    Role(
        "convener",
        _("Convener"),
        "en",
        _("begins a new partnership on an empty platform"),
        ("convene", EMPTY),
    ),
    Role(
        "convener_solrod",
        _("Convener, Solrød"),
        "en",
        _("leads Solrød Biogas, which is being carried out"),
        ("manage", SOLROD),
    ),
    Role(
        "resident",
        _("Resident by the beach"),
        "en",
        _("takes part in Solrød Biogas"),
        ("partnership", SOLROD),
    ),
    Role(
        "convener_avedoere",
        _("Convener, Avedøre"),
        "da",
        _("leads Energifællesskab Avedøre"),
        ("manage", AVEDORE),
    ),
    Role("beboer", _("Resident in Avedøre"), "da", _("is asked to choose a proposal"), ("mine",)),
    Role(
        "convener_gentofte",
        _("Convener, Gentofte"),
        "en",
        _("waits for the council"),
        ("authorization", GENTOFTE),
    ),
    Role(
        "council_member",
        _("Council member"),
        "en",
        _("reads the dossier before the council meets"),
        ("dossiers",),
    ),
    Role(
        "secretary",
        _("Council secretary"),
        "en",
        _("enters the council’s decision as minuted"),
        ("dossiers",),
    ),
    Role(
        "case_officer",
        _("Case officer"),
        "en",
        _("reads every case and takes it out as one file"),
        ("export", SOLROD),
    ),
    Role(
        "outsider",
        _("Outsider"),
        "en",
        _("has an account, is in no partnership yet, and can ask to join"),
        ("partnerships",),
    ),
)


@transaction.atomic
def cast():
    """{key: Person} of the whole cast, each with a proved address; who is missing is added."""
    return {role.key: _person(role) for role in CAST}


def _person(role):
    address = EmailAddress.objects.filter(email=role.email).select_related("user").first()
    if address:
        return address.user
    person = Person.objects.create_user(email=role.email, name=role.own_name, language=role.language)
    EmailAddress.objects.create(user=person, email=role.email, verified=True, primary=True)
    return person


def prepare(at=None):
    """Load what is missing, and give what waits for an answer a date that is still ahead. Can be repeated."""
    at = at or timezone.now()
    people = cast()
    case(SOLROD, "solrod", people, {"mun": "convener_solrod", "residents": "resident"}, Stage.IMPLEMENT)
    case(AVEDORE, "avedoere", people, {"mun": "convener_avedoere", "citizens": "beboer"}, Stage.DESIGN)
    case(GENTOFTE, "gentofte", people, {"admin": "convener_gentofte"}, Stage.AUTHORIZE)
    empty_platform(people, at)
    solrod_waits(people, at)
    with translation.override("da"):
        avedoere_waits(people, at)
        avedoere_calls(people, at)
    with translation.override("en"):
        gentofte_waits(people, at)


def case(slug, platform, people, seats, until):
    """One of the demonstration's own cases, with the cast in their seats."""
    facts = read(CASES / f"{slug}.json")
    seated = {actor: people[key] for actor, key in seats.items()}
    try:
        load(
            facts,
            platform=platform,
            until=until,
            cast=seated,
            officer=people["case_officer"],
            join_policy=Partnership.JoinPolicy.REQUEST,
        )
    except AlreadyLoaded:
        return  # as it was left by whoever tried it


@transaction.atomic
def empty_platform(people, at):
    """A platform with nothing on it yet, where a visitor convenes."""
    if Platform.objects.filter(slug=EMPTY).exists():
        return
    name = "Your Municipality"
    owner = Organization.objects.filter(name=name).first() or add_organization(
        name=name, sector=Sector.PUBLIC, kind="municipality", by=people["case_officer"], at=at
    )
    platform = Platform.objects.create(
        slug=EMPTY,
        name=name,
        owner=owner,
        area="Anywhere",
        language="en",
        introduction="An empty platform, to try out how a partnership begins.",
        contact_name="The platform's contact person",
        contact_phone="00 00 00 00",
        controller=name,
        legal_basis="Task in the public interest (GDPR art. 6(1)(e)).",
        data_protection_contact="dpo@example.org",
        created_at=at,
    )
    for key, kind in (("convener", Office.Kind.CONVENER), ("case_officer", Office.Kind.CASE_OFFICER)):
        Office.objects.create(platform=platform, person=people[key], kind=kind, since=at)


# --- what waits for visitors ------------------------------------------------------------------------------------


def _ahead(partnership, by, at):
    """The present stage is due in a month, so that nothing that waits for a visitor is overdue."""
    due_on = partnership.visits.get(left_at=None).due_on
    if due_on is None or due_on < at.date():
        ahead = at.date() + datetime.timedelta(days=30)
        actions.stages.change_due(partnership=partnership, due_on=ahead, by=by, at=at)


@transaction.atomic
def solrod_waits(people, at):
    """Everything is carried out; what came of it is to be looked at within a month."""
    arena = Partnership.objects.get(slug=SOLROD)
    if arena.stage == Stage.IMPLEMENT:
        _ahead(arena, people["convener_solrod"], at)


@transaction.atomic
def avedoere_waits(people, at):
    """A choice to answer, a meeting to come to, a promise to give and a question, while the members design."""
    arena, by = Partnership.objects.get(slug=AVEDORE), people["convener_avedoere"]
    if arena.stage != Stage.DESIGN:
        return
    _ahead(arena, by, at)
    proposal = (
        Proposal.objects.filter(partnership=arena).select_related("text").order_by("text__created_at").first()
    )
    settled = Decision.objects.filter(partnership=arena, text__kind=Text.Kind.PROPOSAL)
    if not settled.open().exists() and not settled.filter(outcome=Decision.Outcome.ADOPTED).exists():
        put_to_choice(proposal=proposal, closes_at=at + ANSWER_WITHIN, by=by, at=at)
    if not Meeting.objects.coming(at).filter(partnership=arena).exists():
        _call(arena, by, at)
    _ask(arena, at)
    seat = arena.members.present().filter(person=people["beboer"]).first()
    if seat and not Commitment.objects.filter(member=seat).exists():
        actions.commitments.ask_commitment(
            partnership=arena,
            member=seat,
            kind=Commitment.Kind.HOURS,
            what="Vise naboerne en lørdag, hvor ladepladsen kan ligge",
            amount=4,
            unit="timer",
            due_on=at.date() + datetime.timedelta(days=40),
            by=by,
            at=at,
        )


@transaction.atomic
def avedoere_calls(people, at):
    """An open call that a visitor can answer, one who has, and people in the register to choose from; opened once."""
    arena, by = Partnership.objects.select_related("platform").get(slug=AVEDORE), people["convener_avedoere"]
    if arena.stage == Stage.CLOSED or Call.objects.filter(partnership=arena).exists():
        return
    group = actions.groups.add_group(
        partnership=arena,
        name="Unge, der bor til leje",
        sector=Sector.CITIZENS,
        brings="Ved, hvordan det er at skifte bolig tit og ikke eje sit tag",
        affectedness=3,
        relevance=2,
        seats=2,
        by=by,
        at=at,
    )
    call = actions.calls.write_call(
        partnership=arena,
        words="Energifællesskabet har mange medlemmer, der ejer deres hus. **Vi mangler jer, der bor til leje.**\n\n"
        "Vi mødes fire aftener. Du behøver ikke vide noget om strøm på forhånd, og du kan stoppe, når du vil.",
        groups={group: 2},
        closes_at=at + CALL_FOR,
        language="da",
        by=by,
        at=at,
    )
    actions.letters.write_letter(
        partnership=arena,
        group=None,
        language="da",
        opening="",
        asks="Fire aftener før sommer, i gymnasiets kantine. Du kan stoppe, når du vil.",
        support=[Support.CHILDCARE, Support.STEP_FREE],
        by=by,
        at=at,
    )
    words = "Jeg bor på tredje sal og vil gerne vide, hvad vi selv kan gøre."
    actions.calls.volunteer(call=call, group=group, words=words, by=people["council_member"], at=at)
    for key, brings in (("outsider", "Reads budgets; has organized a street party"), ("resident", "Sailing")):
        actions.register.join_register(
            platform=arena.platform,
            sector=Sector.CITIZENS,
            brings=brings,
            area="Avedøre",
            language=people[key].language,
            by=people[key],
            at=at,
        )


def _ask(arena, at):
    """A member of the heat company wants an answer from whoever leads; asked once."""
    words = "Hvem hæfter, hvis ladepladsen giver underskud?"
    asker = arena.members.present().filter(organization__name=HEAT_COMPANY).select_related("person").first()
    if asker and not Contribution.objects.filter(partnership=arena, body=words).exists():
        actions.contributions.say(
            partnership=arena,
            kind=Contribution.Kind.QUESTION,
            body=words,
            wants_answer=True,
            by=asker.person,
            at=at,
        )


def _call(arena, by, at):
    day = timezone.localtime(at + MEET_IN).replace(hour=17, minute=0, second=0, microsecond=0)
    actions.meetings.call_meeting(
        partnership=arena,
        title="Hvilket forslag vælger vi?",
        starts_at=day,
        ends_at=day + datetime.timedelta(hours=2),
        time_zone=arena.time_zone,
        place="Gymnasiets kantine, trinfri adgang",
        link="",
        agenda="1. De to forslag\n2. Hvem kan gå ind i det?\n3. Hvad mangler vi at vide?",
        by=by,
        at=at,
    )


@transaction.atomic
def gentofte_waits(people, at):
    """A request before the council, whose meeting is still to come, and the council's people in their seats."""
    arena, by = Partnership.objects.select_related("mandate").get(slug=GENTOFTE), people["convener_gentofte"]
    if arena.stage != Stage.AUTHORIZE:
        return
    body = arena.mandate.competent_body
    for key, authority in (("secretary", Authority.SECRETARY), ("council_member", Authority.MEMBER)):
        if not BodyMember.objects.current().filter(body=body, person=people[key]).exists():
            appoint(body=body, authority=authority, person=people[key], by=people["case_officer"], at=at)
    _ahead(arena, by, at)
    requests = AuthorizationRequest.objects.filter(partnership=arena)
    for overdue in requests.waiting().filter(meeting_on__lt=at.date()):
        withdraw_request(request=overdue, by=by, at=at)
    if not requests.filter(withdrawn_at=None).exists():
        value = arena.value_proposition.text.revisions.first()
        request_authorization(
            revision=value,
            body=body,
            meeting_on=at.date() + COUNCIL_IN,
            case_number="DEMO-1",
            by=by,
            at=at,
        )
