"""What is needed, promised, delivered and still missing, per kind and unit.

Amounts are only added where kind and unit are the same: money with money of one currency, hours with hours. What one
need has too much covers no other one.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.models import Side

from .models import Commitment, CommitmentKind, Need
from .models.commitments import PROMISED, STANDING
from .models.needs import amount_in_words

MOST = 500  # needs and free promises that are added up; a plan has dozens
State = Commitment.State


def delivered(commitment):
    """How much of its amount a commitment has brought so far; None where it has no amount."""
    if commitment.amount is None or commitment.state == State.KEPT:
        return commitment.amount
    return commitment.delivered or Decimal(0)


def counting(commitment):
    """How much of its amount counts as promised: all of it while it stands, what came when it is settled."""
    return commitment.amount if commitment.state in STANDING else delivered(commitment)


def of_needs(partnership, *, step_number=None):
    """The needs of a partnership that hold, or of one step of its plan, each with `promises` and how it is covered."""
    needs = Need.objects.open().filter(partnership=partnership)
    if step_number is not None:
        needs = needs.filter(step_number=step_number)
    return covered(list(needs.order_by("due_on", "created_at", "pk")[:MOST]))


def covered(needs):
    """The same for these Needs, in one query: `promises`, `offers`, `promised`, `brought`, `missing`, `sentence`."""
    answers = Commitment.objects.filter(need__in=needs, state__in=[*PROMISED, State.OFFERED])
    by_need = {need.pk: [] for need in needs}
    rows = answers.select_related("member__person", "member__organization").order_by("created_at", "pk")
    for one in rows:
        by_need[one.need_id].append(one)
    for need in needs:
        _cover(need, by_need[need.pk])
    return needs


def _cover(need, answers):
    need.offers = [one for one in answers if one.state == State.OFFERED]
    need.promises = [one for one in answers if one.state != State.OFFERED]
    need.promised = sum((counting(one) or Decimal(0) for one in need.promises), Decimal(0))
    need.brought = sum((delivered(one) or Decimal(0) for one in need.promises), Decimal(0))
    need.missing = max(need.amount - need.promised, Decimal(0)) if need.amount is not None else None
    need.promised_words = amount_in_words(need.promised, need.unit)
    need.brought_words = amount_in_words(need.brought, need.unit)
    need.is_covered = bool(need.promises) if need.amount is None else need.missing == 0
    need.sentence = _sentence(need)


def _sentence(need):
    """How far a need is covered, in one sentence."""
    if need.amount is None:
        if not need.promises:
            return _("Nobody has promised this yet.")
        number = len(need.promises)
        return ngettext(
            "%(number)d member has promised it.", "%(number)d members have promised it.", number
        ) % {"number": number}
    return covered_in_words(need.amount, need.promised, need.missing, need.unit)


def covered_in_words(needed, promised, missing, unit):
    """How much of an amount is promised and missing: "180 of 240 hours are promised; 60 hours are missing."."""
    amounts = {
        "promised": amount_in_words(promised, "").strip(),
        "needed": amount_in_words(needed, unit),
        "missing": amount_in_words(missing, unit),
    }
    if not promised:
        return _("%(needed)s needed; nothing is promised yet.") % amounts
    if not missing:
        return _("%(promised)s of %(needed)s promised; nothing is missing.") % amounts
    return _("%(promised)s of %(needed)s promised; %(missing)s missing.") % amounts


@dataclass
class Line:
    """One kind in one unit: what is needed, and what each side has promised for it and brought."""

    kind: str
    unit: str
    needed: Decimal = Decimal(0)
    missing: Decimal = Decimal(0)
    promised: dict = field(default_factory=lambda: dict.fromkeys(Side.values, Decimal(0)))
    brought: dict = field(default_factory=lambda: dict.fromkeys(Side.values, Decimal(0)))
    besides: Decimal = Decimal(0)  # promised without having been asked of everyone
    promises: list = field(default_factory=list)

    @property
    def label(self):
        """The kind, with its unit."""
        return f"{CommitmentKind(self.kind).label} ({self.unit})"

    @property
    def sentence(self):
        """How far it is covered, in words."""
        return covered_in_words(self.needed, sum(self.promised.values()), self.missing, self.unit)

    @property
    def free_sentence(self):
        """How much is promised besides, in words."""
        amount = amount_in_words(self.besides, self.unit)
        return _("%(amount)s promised that nobody had asked everybody for.") % {"amount": amount}

    @property
    def columns(self):
        """The amounts of a row, as the reader writes numbers: needed, promised and brought by each side, missing."""
        sides = [self.promised[side] for side in Side.values] + [self.brought[side] for side in Side.values]
        return [amount_in_words(number, "").strip() for number in (self.needed, *sides, self.missing)]


def besides_needs(partnership):
    """Promises with an amount that answer no need that still holds."""
    rows = Commitment.objects.filter(partnership=partnership, state__in=PROMISED, amount__isnull=False)
    rows = rows.exclude(need__isnull=False, need__closed_at=None)
    return rows.select_related("member__person", "member__organization").order_by("created_at", "pk")[:MOST]


def table(needs, besides=()):
    """The Lines of these needs, as covered() gives them, and of promises besides; in the order of the kinds."""
    lines = {}
    for need in needs:
        if need.amount is not None:
            line = _line(lines, need)
            line.needed += need.amount
            line.missing += need.missing
            for one in need.promises:
                _add(line, one)
    for one in besides:
        line = _line(lines, one)
        line.besides += counting(one)
        _add(line, one, needed=False)
    order = list(CommitmentKind.values)
    return sorted(lines.values(), key=lambda line: (order.index(line.kind), line.unit.casefold()))


def _line(lines, thing):
    return lines.setdefault((thing.kind, thing.unit.strip().casefold()), Line(thing.kind, thing.unit.strip()))


def _add(line, one, *, needed=True):
    line.promises.append(one)
    if needed and one.amount is not None:
        line.promised[one.member.side] += counting(one)
        line.brought[one.member.side] += delivered(one)
