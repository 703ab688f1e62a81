"""Reading a case file: what is in it is checked before anything is written, and judgements are left unread."""

import datetime
import json
import re
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
# What somebody concluded about the case: a reconstruction that looked at it would only repeat it.
NOT_READ = ("theory_test", "assessment", "polarity", "negative_type")
PHASES = ("problem_definition", "design", "implementation")
# "minister Firstname Lastname" becomes "minister": people are told by what they were, never by name.
NAMED = re.compile(
    r"\b((?:[Pp]rime |[Ll]ord |[Vv]ice-|[Dd]eputy )?"
    r"(?:[Mm]inister|[Mm]ayor|[Hh]ead|[Cc]hair(?:man|woman|person)?|[Dd]irector|[Ll]eader|[Pp]rofessor|[Cc]ouncillor"
    r"|[Bb]orgmester|[Ff]ormand|[Rr]ektor|[Ff]orstander|[Dd]irektør))"
    r"((?:\s+[A-ZÆØÅÖÄÉ](?:\.|[\w'’-]*\w)){2,4})"
)


class BrokenCase(Exception):
    """The file is not a case; the message names the place."""


def read(path):
    """The facts of the case file at `path`, without the judgements in it. Raises BrokenCase naming the place."""
    try:
        facts = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise BrokenCase(f"{path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise BrokenCase(f"{path} is not JSON in UTF-8: {error}") from error
    if not isinstance(facts, dict):
        raise BrokenCase(f"{path}: a case is one JSON object.")
    facts = {key: value for key, value in facts.items() if key not in NOT_READ}
    _check_shape(facts, path)
    _check_references(facts, path)
    return without_names(facts)


def place_of(error):
    """Where an error is, as one would say it: actors[3].sector."""
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    return place.lstrip(".") or "the whole file"


def _check_shape(facts, path):
    errors = sorted(
        Draft202012Validator(SCHEMA).iter_errors(facts), key=lambda error: list(map(str, error.absolute_path))
    )
    if errors:
        told = "\n".join(f"  at {place_of(error)}: {error.message[:300]}" for error in errors[:5])
        more = f"\n  and {len(errors) - 5} more" if len(errors) > 5 else ""
        raise BrokenCase(f"{path} is not a case file:\n{told}{more}")


def _check_references(facts, path):
    """Every actor and source that is referred to exists, once; every date is one."""
    actors, sources = [one["id"] for one in facts["actors"]], [one["id"] for one in facts["sources"]]
    found = [
        f"  at {what}: “{one}” is there twice"
        for what, ids in (("actors", actors), ("sources", sources))
        for one in sorted({i for i in ids if ids.count(i) > 1})
    ]
    for place, key, value in _walk(facts):
        known = {"who": actors, "actors": actors, "src": sources}.get(key)
        if known and isinstance(value, str) and value not in known:
            found.append(f"  at {place}: there is no “{value}”")
        if key in ("from", "to", "actor", "by") and isinstance(value, str) and value not in actors:
            found.append(f"  at {place}: there is no actor “{value}”")
        if isinstance(value, str) and "\x00" in value:
            found.append(f"  at {place}: there is a character that no text has (NUL)")
        if key in ("date", "start", "end") and isinstance(value, str) and not _is_date(value):
            found.append(f"  at {place}: {value} is not a day of the calendar")
    if found:
        raise BrokenCase(f"{path} is not a case file:\n" + "\n".join(found[:5]))


def _is_date(text):
    try:
        datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def _walk(value, place="", key=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, f"{place}.{name}".lstrip("."), name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _walk(inner, f"{place}[{number}]", key)
    else:
        yield place, key, value


def without_names(value):
    """The same facts, people told by their function only. Addresses of sources stay as they are."""
    if isinstance(value, dict):
        return {key: inner if key == "url" else without_names(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_names(inner) for inner in value]
    return NAMED.sub(r"\1", value) if isinstance(value, str) else value
