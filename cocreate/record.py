"""The record in sentences: what each line of the journal says to a person, and the names of what it points to."""

import re
from dataclasses import dataclass

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from actors.models import Person
from journal.models import Audience
from partnerships.models import (
    Commitment,
    Contribution,
    Decision,
    Mandate,
    Meeting,
    Member,
    Need,
    Revision,
    Sounding,
    Text,
)
from problems.models import Indicator
from solutions.models import Step

from .sentences import FILTERS, OUTCOMES, SENTENCES, WORDS

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SHOWN_NAME = Case(When(shown_by_function=True, then=F("function")), default=F("person__name"))
UNSIGNED = "?"  # no name, and never one


@dataclass(frozen=True)
class Line:
    """One entry as a person reads it."""

    sequence: int
    at: object
    sentence: str
    audience: str
    digest: str


def audience_of(place):
    """What this reader may read: "public", "members" or "conveners"."""
    if place.leads or place.keeps_cases:
        return Audience.CONVENERS
    return Audience.MEMBERS if place.member else Audience.PUBLIC


def only(entries, key):
    """The entries of one filter; all of them for an unknown key."""
    if key not in FILTERS:
        return entries
    condition = Q()
    for noun in FILTERS[key][1]:
        condition |= Q(verb__startswith=f"{noun}.")
    return entries.filter(condition)


def _named(rows, label, key="pk", number=None):
    """Rows as (id, name, number), so that they fit under one another."""
    named = rows.order_by().annotate(
        key=Cast(key, CharField()), label=Cast(label, CharField()), number_of=number or Value(0)
    )
    return named.values_list("key", "label", "number_of")


def things_of(partnerships):
    """[(rows, name, number)] of all that entries point to in these partnerships, people apart."""
    here = {"partnership__in": partnerships}
    revisions = Revision.objects.filter(text__partnership__in=partnerships)
    return [
        (Member.objects.filter(**here), SHOWN_NAME, None),
        (Text.objects.filter(**here), F("title"), None),
        (revisions, F("text__title"), F("number")),
        (Decision.objects.filter(**here), F("question"), None),
        (Meeting.objects.filter(**here), F("title"), None),
        (Sounding.objects.filter(**here), F("question"), None),
        (Commitment.objects.filter(**here), F("what"), None),
        (Need.objects.filter(**here), F("what"), None),
        (Step.objects.filter(**here), F("what"), None),
        (Indicator.objects.filter(**here), F("name"), None),
    ]


def names_of(entries, inside=()):
    """{id: name} of every person and thing that these entries point to: one query.

    People are named as each partnership calls them, under "partnership:person". inside: ids of the partnerships in
    which the reader takes part; of others they do not learn who said what was said without a name: UNSIGNED stands
    under "contribution:person".
    """
    scopes = {entry.scope for entry in entries}
    actors = {entry.actor for entry in entries if entry.actor}
    ids = {value for entry in entries for value in entry.ids.values() if UUID.fullmatch(str(value))}
    seats = Member.objects.filter(partnership__in=scopes, person__in=actors)
    outside = scopes - set(inside)
    unsigned = Contribution.objects.unsigned_for(False).filter(partnership__in=outside, pk__in=ids)
    found = _named(Person.objects.filter(pk__in=actors), F("name")).union(
        _named(seats, SHOWN_NAME, key=_pair("partnership", "person")),
        _named(unsigned, Value(UNSIGNED), key=_pair("pk", "member__person")),
        *(_named(rows.filter(pk__in=ids), name, number=number) for rows, name, number in things_of(scopes)),
        all=True,
    )
    return {key: f"“{label}” ({number})" if number else label for key, label, number in sorted(found)}


def _pair(one, other):
    return Concat(Cast(one, CharField()), Value(":"), Cast(other, CharField()))


class _Told(dict):
    """What an entry tells, word by word; a thing that is gone leaves a gap, not an error."""

    def __missing__(self, name):
        return "…"


def _told(entry, names):
    noun = entry.verb.partition(".")[0]
    told = _Told(who=who(entry, names))
    for name, value in entry.ids.items():
        if str(value) in names:
            told[name] = names[str(value)] or _("Erased person")
        elif name in WORDS and value in WORDS[name].values:
            told[name] = WORDS[name](value).label
        elif name == "outcome" and noun in OUTCOMES and value in OUTCOMES[noun].values:
            told[name] = OUTCOMES[noun](value).label
        elif name == "kind" and value in Mandate.PromiseKind.values:
            told["promise"] = Mandate.PromiseKind(value).label
        elif isinstance(value, list):
            told[name] = len(value)
        elif isinstance(value, int):
            told[name] = value
    return told


def who(entry, names):
    """Who did it, as the partnership calls them."""
    if entry.actor is None:
        return _("The site itself")
    if any(names.get(f"{value}:{entry.actor}") == UNSIGNED for value in entry.ids.values()):
        return _("A member")
    return names.get(f"{entry.scope}:{entry.actor}") or names.get(str(entry.actor)) or _("Erased person")


def line_of(entry, names):
    """The entry as a Line. An unknown verb is shown as it is: nothing is left out of a record."""
    sentence = str(SENTENCES.get(entry.verb, entry.verb)) % _told(entry, names)
    return Line(entry.sequence, entry.at, sentence, entry.audience, entry.digest)
