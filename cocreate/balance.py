"""Who sits at the table and who is heard: counted once per page, said in a sentence, drawn and tabled."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from actors.models import Sector
from boundary.kept import kept
from partnerships.models import Contribution, Member, Seat

from . import drawn

LONGEST_RING = 72  # glyphs; with more seats the ring would be a smear, and numbers say it better
FEWEST_CONTRIBUTIONS = 5  # (default) below this, shares say nothing
NOTABLE_GAP = 15  # (default) percentage points between words and seats before the page speaks up
AROUND = [  # the order around the table
    Sector.CITIZENS,
    Sector.CIVIL_SOCIETY,
    Sector.PRIVATE,
    Sector.PUBLIC,
    Sector.ACADEMIA,
    Sector.POLITICAL,
]


@dataclass(frozen=True)
class Row:
    """One sector: seats taken and still open, contributions, and both as shares in percent of all."""

    sector: str
    seats: int
    open_seats: int
    said: int
    seats_share: int
    said_share: int
    bar: str  # width of the bar and place of the tick on the track, as SVG writes them
    tick: str

    @property
    def name(self):
        return Sector(self.sector).label


@dataclass(frozen=True, eq=False)  # equal counts give the same one
class Balance:
    """The table of an arena, counted by sector."""

    rows: tuple
    seats: int
    said: int
    track: int  # what the full track stands for, in percent

    @property
    def ring(self):
        """(sector, taken) for each seat, or nothing where there are too many to draw."""
        if self.seats + sum(row.open_seats for row in self.rows) > LONGEST_RING:
            return []
        pairs = [((row.sector, True), (row.sector, False), row) for row in self.rows]
        return [seat for taken, free, row in pairs for seat in [taken] * row.seats + [free] * row.open_seats]

    @property
    def bars(self):
        """The balance as a picture."""
        return drawn.bars(self)

    @property
    def numbers(self):
        """The balance as rows of a table."""
        return drawn.numbers(self)

    @property
    def open_seats(self):
        return sum(row.open_seats for row in self.rows)

    @property
    def sentence(self):
        """The finding in one sentence: who says more, or less, than their share of the seats."""
        if self.said < FEWEST_CONTRIBUTIONS:
            return _("Too little has been said so far to tell who is heard.")
        widest = max(self.rows, key=lambda row: abs(row.said_share - row.seats_share))
        if abs(widest.said_share - widest.seats_share) < NOTABLE_GAP:
            return _("Every sector is heard about as much as its share of the seats.")
        return _("%(sector)s: %(said)s %% of the contributions from %(seats)s %% of the seats.") % {
            "sector": Sector(widest.sector).label,
            "said": widest.said_share,
            "seats": widest.seats_share,
        }


@kept
def counted(partnership):
    """Seats taken, seats open and things said in the partnership with this id, by sector."""
    seats = Member.objects.deciding().filter(partnership=partnership)
    free = Seat.objects.filter(partnership=partnership, holder=None)
    # Who speaks is a member here: said twice, so that PostgreSQL looks at this partnership's members only.
    said = Contribution.objects.shown().filter(partnership=partnership, member__partnership=partnership)
    parts = [
        rows.order_by()
        .annotate(what=Value(what), of=F(path) if isinstance(path, str) else path)
        .values_list("what", "of")
        .annotate(number=Count("pk"))
        for what, rows, path in (
            ("seats", seats, "sector"),
            ("open", free, "sector"),
            ("said", said, Coalesce(NullIf("behalf_sector", Value("")), "member__sector")),
        )
    ]
    return parts[0].union(*parts[1:], all=True)


def _share(part, whole):
    return round(100 * part / whole) if whole else 0


def balance(partnership):
    """The Balance of a partnership as it is now: one query."""
    return balance_of(counted(partnership.pk))


def balance_of(counts):
    """The Balance from rows of `counted`."""
    return _balance(tuple(counts))


@lru_cache(1024)  # who sits and speaks alike has the same balance
def _balance(counts):
    found = {(what, of): number for what, of, number in counts}
    seats = sum(number for (what, _of), number in found.items() if what == "seats")
    said = sum(number for (what, _of), number in found.items() if what == "said")
    counted = [
        (sector, *(found.get((what, sector), 0) for what in ("seats", "open", "said"))) for sector in AROUND
    ]
    present = [entry for entry in counted if any(entry[1:])]
    highest = max(
        (max(_share(mine, seats), _share(words, said)) for _s, mine, _o, words in present), default=0
    )
    track = min(100, max(20, -(-highest // 20) * 20))
    rows = tuple(
        Row(
            str(sector),
            mine,
            free,
            words,
            _share(mine, seats),
            _share(words, said),
            f"{100 * _share(words, said) / track:.1f}%",
            f"{100 * _share(mine, seats) / track:.1f}%",
        )
        for sector, mine, free, words in present
    )
    return Balance(rows, seats, said, track)
