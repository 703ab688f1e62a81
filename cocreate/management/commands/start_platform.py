"""`manage.py start_platform`: how a municipality begins, and how its facts are corrected later."""

from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from actors.actions import make_operator, person_at
from actors.models import Sector
from boundary.answer import Conflict
from partnerships.actions.organizations import organization_named
from partnerships.actions.platforms import appoint_officer, correct_platform, open_platform
from partnerships.forms.settings import field_of
from partnerships.models import Office, Platform
from partnerships.settings import SETTINGS
from partnerships.settings.kinds import Picture

LEGAL_BASIS = "Task in the public interest (GDPR art. 6(1)(e)), on the municipality's own law."
FACTS = {  # option -> (field of Platform, what it is)
    "name": ("name", "what the platform is called"),
    "area": ("area", "the place it is for"),
    "introduction": ("introduction", "a few lines for its front page"),
    "language": ("language", "language of its mail: da or en"),
    "sender-name": ("sender_name", "the name that mail comes from; else the platform's name"),
    "contact-name": ("contact_name", "whom readers can call"),
    "contact-phone": ("contact_phone", "and at which number"),
    "contact-email": ("contact_email", "and at which address"),
    "controller": ("controller", "data controller; else the owner"),
    "processor": ("processor", "who runs the machines, where that is somebody else"),
    "legal-basis": ("legal_basis", f"else: {LEGAL_BASIS}"),
    "data-protection-contact": ("data_protection_contact", "address of the data protection officer"),
}
NUMBERS = {
    "keep-unanswered-months": (
        "keep_unanswered_months",
        "months that addresses of who did not join are kept",
    ),
    "keep-arena-years": ("keep_arena_years", "years that a partnership is kept after it closed"),
    "youngest-age": ("youngest_age", "youngest age to take a seat alone"),
}
NEEDED = ("owner", "name", "contact-name", "contact-phone", "data-protection-contact", "case-officer")
SETTABLE = (
    "another setting, as on the settings page: accent=#0f5b52, options_weighed=3; can be given several times"
)
PERSON = '"Name <address>"; can be given several times'


class Command(BaseCommand):
    """Begins a platform with its owner, case officers, conveners and operators; repeated, it adds and corrects."""

    help = (
        "Begins a platform, its owner, who keeps its cases, who may convene, and the site's operators. Run it again"
        " with the same --slug to add people or to correct facts; what is not named stays."
    )

    def add_arguments(self, parser):
        """Facts of the platform, then people."""
        parser.add_argument("--slug", required=True, help="its address: /platforms/SLUG/")
        parser.add_argument("--owner", metavar="NAME", help="the organization that runs it")
        for option, (_field, what) in FACTS.items():
            parser.add_argument(f"--{option}", dest=option, metavar="TEXT", help=what)
        for option, (_field, what) in NUMBERS.items():
            parser.add_argument(f"--{option}", dest=option, metavar="NUMBER", type=int, help=what)
        parser.add_argument(
            "--set", action="append", default=[], metavar="SETTING=VALUE", dest="set", help=SETTABLE
        )
        for option in ("case-officer", "convener", "operator"):
            parser.add_argument(
                f"--{option}", dest=option, action="append", default=[], metavar="PERSON", help=PERSON
            )

    @transaction.atomic
    def handle(self, *, slug, **options):
        """All of it, or nothing."""
        people = {
            kind: [_read(one) for one in options[kind]] for kind in ("case-officer", "convener", "operator")
        }
        self.at = timezone.now()
        platform = Platform.objects.filter(slug=slug).first()
        if platform is None:
            platform = self.begin(slug, options, people["case-officer"])
        else:
            self.correct(platform, _facts(options))
        if options["set"]:
            self.set(platform, options["set"])
        for kind, office in (("case-officer", Office.Kind.CASE_OFFICER), ("convener", Office.Kind.CONVENER)):
            for name, address in people[kind]:
                self.appoint(platform, name, address, office)
        for name, address in people["operator"]:
            self.let_operate(person_at(address=address, name=name, language=platform.language), address)
        self.stdout.write(f"{settings.SITE_URL}/platforms/{slug}/")

    def begin(self, slug, options, case_officers):
        """The platform with its owner and first case officer."""
        missing = [f"--{option}" for option in NEEDED if not options[option]]
        if missing:
            raise CommandError(
                f"There is no platform {slug!r} yet. To begin it, also give: {' '.join(missing)}"
            )
        facts = {"controller": options["owner"], "legal_basis": LEGAL_BASIS, **_facts(options)}
        owner = organization_named(name=options["owner"], sector=Sector.PUBLIC, by=None, at=self.at)
        _check(Platform(slug=slug, owner=owner, **facts))
        name, address = case_officers[0]
        officer = person_at(address=address, name=name, language=facts.get("language", "da"))
        platform = open_platform(
            slug=slug, owner=owner, facts=facts, case_officer=officer, by=None, at=self.at
        )
        self.stdout.write(f"{platform} begins; {owner} runs it. {address} keeps its cases.")
        return platform

    def correct(self, platform, facts):
        """What was named and differs."""
        for name, value in facts.items():
            setattr(platform, name, value)
        _check(platform)
        changed = correct_platform(platform=platform, facts=facts, by=None, at=self.at)
        told = f"changed: {', '.join(changed)}" if changed else "is there already, as you say"
        self.stdout.write(f"{platform} {told}.")

    def set(self, platform, pairs):
        """Settings by their keys, each checked as on the page."""
        columns = {SETTINGS[key].put(platform, value) for key, value in map(_setting, pairs)}
        facts = {name: getattr(platform, name) for name in sorted(columns)}
        correct_platform(platform=platform, facts=facts, by=None, at=self.at)
        self.stdout.write(f"{platform} set: {', '.join(pairs)}.")

    def appoint(self, platform, name, address, kind):
        """An office, if they do not hold it."""
        person = person_at(address=address, name=name, language=platform.language)
        if appoint_officer(platform=platform, person=person, kind=kind, by=None, at=self.at):
            self.stdout.write(f"{address}: {Office.Kind(kind).label}.")

    def let_operate(self, person, address):
        """An operator, who then signs in and sets up a second factor."""
        try:
            make_operator(person=person, by=None, at=self.at)
        except Conflict:
            return
        self.stdout.write(
            f"{address}: operator. They sign in by code, then open {settings.SITE_URL}/admin/,"
            " which asks them to set up a second factor."
        )


def _facts(options):
    named = {field: options[option] for option, (field, _what) in (FACTS | NUMBERS).items()}
    return {field: value for field, value in named.items() if value is not None}


def _setting(text):
    key, _equals, typed = text.partition("=")
    setting = SETTINGS.get(key)
    if setting is None or isinstance(setting.kind, Picture):
        known = ", ".join(key for key, one in SETTINGS.items() if not isinstance(one.kind, Picture))
        raise CommandError(f"{key!r} is no setting. These are: {known}.")
    try:
        return key, field_of(setting).clean(False if typed == "no" else typed)
    except ValidationError as error:
        raise CommandError(f"{key}: {' '.join(error.messages)}") from None


def _read(text):
    name, address = parseaddr(text)
    try:
        validate_email(address)
    except ValidationError:
        raise CommandError(f'{text!r} is not like "Name <name@example.org>".') from None
    return name or address.partition("@")[0], address


def _check(platform):
    try:
        platform.full_clean(validate_unique=False)
    except ValidationError as error:
        lines = [f"{field}: {' '.join(sentences)}" for field, sentences in error.message_dict.items()]
        raise CommandError("\n".join(lines)) from None
    if platform.language not in dict(settings.LANGUAGES):
        raise CommandError(
            f"language: {platform.language!r} is none of {', '.join(dict(settings.LANGUAGES))}."
        )
