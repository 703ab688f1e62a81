"""What was said, written and agreed, and the shared problem of a case."""

import datetime

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from actors.models import Sector
from partnerships import actions
from partnerships.models import Contribution, Member, Position
from problems.actions import add_indicator, start_definition

from .run import ADDED, INFERRED, STATED

# --- say ------------------------------------------------------------------------------------------------------


def say(run, key, kind, body, basis, src=(), day=None, answer=None, wants_answer=False):
    """One contribution of an actor who has a seat. Returns the Contribution."""
    said = actions.contributions.say(
        partnership=run.partnership,
        kind=kind,
        body=body,
        wants_answer=bool(answer) or wants_answer,
        by=run.person(key),
        at=run.clock.at(day),
    )
    run.mark(said, basis, src)
    if answer:
        actions.answering.respond(contribution=said, by=run.convener, at=run.clock.at(), **answer)
    return said


def voices(run, phase, who, part):
    """What each of `who` said in a phase, in the case's words; where it keeps silent, that they took part."""
    told = [voice for voice in run.case.get("voices", []) if voice["phase"] == phase]
    for voice in told:
        run.seat(voice["actor"])
    found = [
        say(
            run,
            voice["actor"],
            voice["kind"],
            voice["text"],
            voice.get("basis", INFERRED),
            voice.get("src"),
            answer=voice.get("answer"),
            wants_answer=voice.get("wants_answer", False),
        )
        for voice in told
    ]
    silent = [key for key in who if key not in {voice["actor"] for voice in told}]
    return found + [_took_part(run, key, part) for key in silent]


def _took_part(run, key, part):
    kind = (
        Contribution.Kind.EVIDENCE if run.actor(key)["sector"] in _KNOWERS else Contribution.Kind.EXPERIENCE
    )
    words = _("(The sources say that %(name)s %(part)s. What was said is not in them.)")
    return say(run, key, kind, words % {"name": run.actor(key)["name"], "part": part}, ADDED)


_KNOWERS = (Sector.PUBLIC, Sector.ACADEMIA, Sector.POLITICAL)


def problem_voices(run):
    """The problem as those who raised it tell it, and what else is told of how it came up."""
    case, who = run.case, run.case["problem_definition"]["who"]
    said = voices(run, "define", who, _("took part in saying what the problem is"))
    if not case.get("voices"):
        first = next((key for key in who if run.members[key].side == "non_public"), who[0] if who else None)
        if first:
            said.append(
                say(run, first, "experience", case["problem"], STATED, case["problem_definition"].get("src"))
            )
        note = case["problem_definition"].get("note")
        if note:
            said.append(say(run, who[0], "evidence", note, STATED, case["problem_definition"].get("src")))
    return said


def happenings(run, until):
    """What the timeline tells of the time before `until`, said by somebody who was part of it."""
    for day, event in run.pending_until(until):
        actor = next((key for key in event["actors"] if key in run.members), None) or run.host["id"]
        words = _("%(day)s: %(event)s") % {"day": event["date"] or _("Day unknown"), "event": event["event"]}
        if len(event["actors"]) > 1 and _is_meeting(event["event"]):
            meet(run, day, event)
        else:
            say(run, actor, "evidence", words, _basis(event), event.get("src"), day)


def _basis(event):
    return STATED if event.get("date_basis") == "stated" else INFERRED


MEETINGS = (
    "meeting",
    "workshop",
    "hearing",
    "camp",
    "sod",
    "opening",
    "ceremony",
    "celebration",
    "work day",
    "møde",
)
MEETINGS += ("åbning", "spadestik", "rejsegilde", "borgermøde")


def _is_meeting(text):
    return any(word in text.casefold() for word in MEETINGS)


def meet(run, day, event):
    """A session that the timeline tells of, with those who were there and have a seat."""
    starts = run.clock.at(day)
    meeting = actions.meetings.call_meeting(
        partnership=run.partnership,
        title=Truncator(event["event"]).chars(140),
        starts_at=starts + datetime.timedelta(minutes=2),
        ends_at=starts + datetime.timedelta(hours=2),
        time_zone=run.clock.zone,
        place=Truncator(run.case["area"]).chars(200),
        link="",
        agenda="",
        by=run.convener,
        at=starts,
    )
    run.mark(meeting, _basis(event), event.get("src"))
    run.clock.now = starts + datetime.timedelta(hours=2)
    present = [run.members[key] for key in event["actors"] if key in run.members]
    actions.meetings.record_attendance(meeting=meeting, present=present, by=run.convener, at=run.clock.at())
    minutes = _("%(day)s: %(event)s\n\nThe time of day and who came in person are not in the sources.") % {
        "day": event["date"] or _("Day unknown"),
        "event": event["event"],
    }
    actions.meetings.write_minutes(meeting=meeting, minutes=minutes, by=run.convener, at=run.clock.at())


# --- write and decide -----------------------------------------------------------------------------------------


def write_in_turn(run, text, body, who, cites, src):
    """Each of `who` adds a section, in order, so that it is written by those who the sources say wrote it."""
    authors = [run.person(key) for key in who if key in run.members] or [run.convener]
    latest, written = None, {}
    sections = [(key, words) for key, words in body.items() if words.strip()]
    for number, (key, words) in enumerate(sections):
        written[key] = words
        writer = authors[number % len(authors)]
        if not text.authors.filter(member__person=writer).exists():
            actions.texts.join_authors(text=text, by=writer, at=run.clock.at())
        last = number == len(sections) - 1
        latest = actions.texts.write_revision(
            text=text,
            body=written,
            cites=cites if last else [],
            note="",
            based_on=latest,
            by=writer,
            at=run.clock.at(),
        )
        run.mark(latest, INFERRED, src)
    return latest


def settle(run, decision, who):
    """Those who the sources say agreed, agree; everyone else stands aside, written down for them."""
    digest, agreeing = decision.revision.digest, {run.members[key].pk for key in who if key in run.members}
    reason = _("Added so that the reconstruction runs: the sources do not say where they stood.")
    for member in Member.objects.deciding().filter(partnership=run.partnership).select_related("person"):
        own = member.pk in agreeing
        position = actions.positions.take_position(
            decision=decision,
            choice=Position.Choice.AGREE if own else Position.Choice.STAND_ASIDE,
            reason="" if own else reason,
            digest=digest,
            by=member.person if own or member.person_id == run.convener.pk else run.convener,
            at=run.clock.at(),
            member=None if own or member.person_id == run.convener.pk else member,
        )
        run.mark_added(position)
    run.mark_added(decision)
    at = run.clock.reach(decision.closes_at)
    by = run.convener if at < decision.closes_at else None  # before its time: everyone has answered
    return actions.decisions.close_decision(decision=decision, at=at, by=by)


def define(run):
    """The shared problem definition, its measures, and the decision of both sides."""
    case, who = run.case, run.case["problem_definition"]["who"]
    said = problem_voices(run)
    measures(run)
    happenings(run, run.periods.design)
    text = start_definition(partnership=run.partnership, by=run.convener, at=run.clock.at()).text
    run.mark(text, INFERRED, case["problem_definition"].get("src"))
    run.definition = write_in_turn(
        run, text, definition_body(case), who, said, case["problem_definition"].get("src")
    )


def agree_on_problem(run):
    decision = actions.decisions.open_decision(
        revision=run.definition,
        question=_("Is this the problem we share?"),
        closes_at=run.clock.closing(run.periods.design),
        by=run.convener,
        at=run.clock.at(),
    )
    settle(run, decision, run.case["problem_definition"]["who"])


def definition_body(case):
    """The sections of the problem definition: the case's own, else put together from its facts."""
    if case.get("definition"):
        return case["definition"]
    touched = [
        a["name"] for a in case["actors"] if a["sector"] == Sector.CITIZENS or "beneficiary" in a["role"]
    ]
    disputes = [*(one["text"] for one in case["contested_points"]), *case.get("source_conflicts", [])]
    return {
        "what": case["problem"],
        "for_whom": _("Named in the sources: %(names)s.") % {"names": ", ".join(touched)} if touched else "",
        "evidence": (case["problem_definition"].get("note") or "")
        + "\n\n"
        + _source_list(case, case["problem_definition"]),
        "dispute": "\n".join(f"- {words}" for words in disputes),
    }


def _source_list(case, phase):
    urls = {source["id"]: source["url"] for source in case["sources"]}
    return "\n".join(f"- <{urls[one]}>" for one in phase.get("src", []) if urls[one].startswith("https:"))


def measures(run):
    """The indicators, each once, with where it stood and where it should go."""
    run.indicators = {}
    for told in run.case["indicators"]:
        if told["name"] in run.indicators:
            continue
        run.indicators[told["name"]] = add_indicator(
            partnership=run.partnership,
            name=told["name"],
            unit=told["unit"],
            baseline=told["baseline"],
            target=told["target"],
            direction=_direction(told),
            source=Truncator(_measure_source(run.case, told)).chars(300),
            by=run.convener,
            at=run.clock.at(),
        )
        run.mark(run.indicators[told["name"]], STATED, told.get("src"))


def _direction(told):
    baseline, target = told["baseline"] or 0, told["target"]
    return "down" if target is not None and target < baseline else "up"


def _measure_source(case, told):
    urls = {source["id"]: source["url"] for source in case["sources"]}
    words = [told["achieved"]] if isinstance(told["achieved"], str) else []
    return " ".join(
        [*words, *([told["note"]] if told.get("note") else []), *(urls[one] for one in told.get("src", []))]
    )
