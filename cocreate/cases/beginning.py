"""The beginning of a case: its platform, who convenes, the mandate, and the people invited."""

import re

from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _

from actors.models import Person, Sector
from partnerships import actions
from partnerships.actions.arenas import DANISH
from partnerships.models import Office, Platform

from .run import INFERRED, STATED, is_elected_kind, is_public, organization_of

MUNICIPAL = re.compile(r"municipal|council|city|borough|kommun", re.IGNORECASE)


def convening_actor(case):
    """Who convened: who is called so and was there from the start, else the public side, else whoever began."""
    began = case["problem_definition"]["who"]
    actors = case["actors"]
    wishes = [
        lambda actor: "convener" in actor["role"] and actor["id"] in began,
        lambda actor: is_public(actor) and actor["id"] in began,
        lambda actor: "convener" in actor["role"],
        is_public,
        lambda actor: True,
    ]
    return next(actor for wish in wishes for actor in actors if wish(actor))


def owning_actor(case):
    """Who could host it for good: the municipality, else another public body, else who convened."""
    public = [actor for actor in case["actors"] if actor["sector"] == Sector.PUBLIC]
    municipal = [actor for actor in public if MUNICIPAL.search(actor["kind"])]
    return next(iter([*municipal, *public, convening_actor(case)]))


def platform_of(case, slug, *, officer, at):
    """The platform of this address, else a new one that the case's public owner runs; and its case officer."""
    owner_actor = owning_actor(case)
    slug = slug or slugify(case["area"].split(",")[0].translate(DANISH))[:60]
    platform = Platform.objects.filter(slug=slug).first()
    if platform is None:
        owner = organization_of(owner_actor, by=officer, at=at)
        platform = Platform.objects.create(
            slug=slug,
            name=Truncator(owner.name).chars(120),
            owner=owner,
            area=Truncator(case["area"]).chars(120),
            language=case.get("language", "en"),
            created_at=at,
            contact_name=_("The platform's contact person"),
            contact_phone="00 00 00 00",
            controller=owner.name,
            legal_basis=_("Task in the public interest (GDPR art. 6(1)(e)), on the municipality's own law."),
            data_protection_contact="dpo@example.org",
        )
    return platform, case_officer(platform, at, officer)


def case_officer(platform, at, person=None):
    """Who keeps the platform's cases: the given person, else whoever does, else somebody added."""
    kept = Office.objects.filter(platform=platform, kind=Office.Kind.CASE_OFFICER, until=None).select_related(
        "person"
    )
    held = kept.filter(person=person) if person else kept
    if held.exists():
        return held.first().person
    if person is None:
        name = _("Case officer, %(platform)s") % {"platform": Truncator(platform.name).chars(80)}
        person = Person.objects.create_user(name=name, language=platform.language, created_at=at)
    Office.objects.create(platform=platform, person=person, kind=Office.Kind.CASE_OFFICER, since=at)
    return person


def elected_body(run):
    """The body that the result goes to: the first elected one that the case tells of; None where there is none."""
    told = next((one for one in run.case["authorization"] if is_elected_kind(one["body_kind"])), None)
    return body_named(run, told["body"], told["body_kind"]) if told else None


def body_named(run, name, kind):
    """The elected body of this name: an actor of the case where one fits, else a body of its own."""
    words = {word for word in re.findall(r"\w+", name.casefold()) if len(word) > 3}
    for actor in run.case["actors"]:
        fits = words & set(re.findall(r"\w+", actor["name"].casefold())) - {"council", "city"}
        if (
            actor["sector"] == Sector.POLITICAL
            and is_elected_kind(actor["kind"])
            and len(fits) >= min(2, len(words))
        ):
            return organization_of(actor, by=run.officer, at=run.clock.at(), is_elected_body=True)
    facts = {"name": name, "sector": Sector.POLITICAL, "kind": kind}
    return organization_of(facts, by=run.officer, at=run.clock.at(), is_elected_body=True)


def convene(run):
    """The mandate, and the convener at the table."""
    case, clock = run.case, run.clock
    run.convener = run.cast.get(run.host["id"]) or Person.objects.create_user(
        name=_("Convener, %(area)s") % {"area": re.split(r",| and | og ", case["area"])[0][:90]},
        language=run.platform.language,
        created_at=clock.now,
    )
    held = {"platform": run.platform, "person": run.convener, "kind": Office.Kind.CONVENER, "until": None}
    if not Office.objects.filter(**held).exists():
        Office.objects.create(since=clock.now, given_by=run.officer, **held)
    host = organization_of(run.host, by=run.officer, at=clock.at())
    body = elected_body(run)
    run.partnership = actions.arenas.convene(
        platform=run.platform,
        slug=case["id"],
        title=Truncator(case["name"]).chars(140),
        summary=case.get("summary") or Truncator(case["problem"]).chars(300),
        question=case.get("question")
        or _("What can be done about this? %(problem)s") % {"problem": case["problem"]},
        non_negotiables=case.get("non_negotiables", ""),
        interdependence=_interdependence(case),
        names_no_solution=True,
        sponsor=run.platform.owner,
        recipient=body or run.platform.owner,
        competent_body=body,
        promise_kind="consider_and_reply",
        organization=host,
        language=case.get("language", "en"),
        reconstructed_from=_told_from(case),
        join_policy=run.join_policy,
        due_on=run.periods.convene,
        by=run.convener,
        at=clock.at(run.periods.initiate),
    )
    run.members[run.host["id"]] = run.partnership.members.get(person=run.convener)
    run.mark(run.members[run.host["id"]], INFERRED, run.host.get("src"))
    run.mark(run.partnership, STATED, case["problem_definition"].get("src"))


def _interdependence(case):
    names = [actor["name"] for actor in case["actors"] if actor["id"] in case["design"]["who"]]
    return _("Each of these held a part of it: %(names)s.") % {"names": ", ".join(names)} if names else ""


def _told_from(case):
    told = _(
        "This partnership is rebuilt from %(number)s public sources, read in part. Nobody here is a living person: "
        "people are named by what they stand for. What the sources do not tell was added so that every step can be "
        "shown, and each record says whether it is stated, inferred or added."
    ) % {"number": len(case["sources"])}
    if case.get("gaps"):
        told += " " + _("Not found in the sources: %(gaps)s.") % {"gaps": "; ".join(case["gaps"])}
    return told


def bring_together(run):
    """Everyone who defined the problem joins; who did not is added where a side would be empty."""
    who = run.case["problem_definition"]["who"]
    for key in who:
        run.seat(key, STATED)
    run.stand_ins(who, "define")


def invited_later(run, phase):
    """Those who came in with a later phase."""
    for key in run.case[phase]["who"]:
        run.seat(key, STATED)
