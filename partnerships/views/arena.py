"""How every page of a partnership begins."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import OuterRef
from django.http import Http404

from actors.models import Person
from boundary.kept import kept

from ..models import Member, Office, Partnership
from ..models.moderation import with_writing_pause
from ..places import Place
from ..rules.standing import can_read

PAGE_SIZE = 20
SELDOM_READ = (  # by visitors: fetched when a page asks, which saves the others a thirtieth of their time
    *("lengths", "gates", "platform__gates", "platform__thresholds", "platform__letters"),
    "platform__register_years",
    "platform__keep_needs_days",
    *(
        f"platform__{field}"
        for field in ("introduction", "ground_rules", "controller", "processor", "legal_basis", "sender_name")
    ),
    *(
        f"platform__{field}"
        for field in ("data_protection_contact", "stage_due_days", "invitation_reminder_days")
    ),
    *(
        f"mandate__{field}"
        for field in ("incentives", "readiness", "later_interests", "safeguard", "legal_seen_by")
    ),
)
SELDOM_READ_OF_MANDATE = (
    *(f"mandate__{field}" for field in ("scope", "interdependence", "resources", "competence_source")),
)
LONGEST_NUMBER = 6  # digits of a page's number


def _offices_of(person, platform):
    """The kinds of office that a person holds at a partnership's platform: fetched with it, one query less per page."""
    held = Office.objects.filter(platform=OuterRef(platform), person=person, until=None)
    return ArraySubquery(held.order_by("kind").values("kind"))


def reader(person):
    """Somebody to ask visible_to for, known by id alone; None is nobody."""
    return AnonymousUser() if person is None else Person(pk=person)


@kept
def _seat(slug, person):
    """The seat of the person with this id in the partnership of this address, with all that a page begins with.

    A seat is one of the reasons for which visible_to shows a partnership: who has it needs no other.
    """
    rows = Member.objects.present().filter(partnership__slug=slug, person=person)
    rows = rows.select_related("organization", "partnership__platform", "partnership__mandate")
    return with_writing_pause(rows.annotate(reader_offices=_offices_of(person, "partnership__platform")))


@kept
def _known(slug, person, mandate):
    """The partnership of this address, where the person with this id (None: nobody) may know of it.

    mandate: whether the page begins with the mandate; without, it is fetched when it is asked for.
    """
    rows = Partnership.objects.visible_to(reader(person)).filter(slug=slug)
    if mandate:
        rows = rows.select_related("platform", "mandate").defer(*SELDOM_READ, *SELDOM_READ_OF_MANDATE)
    else:
        rows = rows.select_related("platform").defer(*SELDOM_READ)
    return rows if person is None else rows.annotate(reader_offices=_offices_of(person, "platform"))


def _place(slug, person, mandate=True):
    """The Place of a reader in the partnership of this address, or None: one query for its members and for visitors."""
    if not person.is_authenticated:
        found = _known(slug, None, mandate)
        return Place(found[0], None, None) if found else None
    if seats := _seat(slug, person.pk):
        (member,) = seats
        member.person = person
        return Place(member.partnership, person, member, frozenset(member.reader_offices))
    found = _known(slug, person.pk, mandate)
    return Place(found[0], person, None, frozenset(found[0].reader_offices)) if found else None


def open_arena(request, slug, *, reading=True, mandate=True):
    """The Place of this reader in the partnership. Invisible is 404; for members only is refused in words.

    mandate: whether the page shows the mandate, so that it is fetched along.
    """
    place = _place(slug, request.user, mandate)
    if place is None:
        raise Http404
    request.place = place  # the section tabs and the platform's name come from here
    if reading:
        can_read(place).enforce()
    return place


def page_of(request, rows, size=PAGE_SIZE):
    """The page of `rows` that the address asks for; a page that does not exist is 404."""
    paginator, number = Paginator(rows, size), number_asked(request)
    if number > paginator.num_pages:
        raise Http404
    return paginator.page(number)


def number_asked(request):
    """The number of the page that the address asks for; what is no number of a page is 404."""
    number = request.GET.get("page", "1")
    if not number.isdecimal() or len(number) > LONGEST_NUMBER or int(number) < 1:
        raise Http404
    return int(number)


def part_asked(request, size=PAGE_SIZE):
    """(start, stop) of the rows that the address asks for, for a query of its own; see PageRows."""
    stop = number_asked(request) * size
    return stop - size, stop


class PageRows:
    """What page_of takes where a query has counted all rows and another has fetched those of the page asked for."""

    def __init__(self, number, rows):
        self.number, self.rows = number, rows

    def __len__(self):
        return self.number

    def __getitem__(self, _part):
        return self.rows
