"""How every page of a partnership begins."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import OuterRef
from django.http import Http404

from actors.models import Person
from boundary.kept import kept

from ..models import Office, Partnership
from ..places import place_of
from ..rules.standing import can_read

PAGE_SIZE = 20


def _offices_of(person):
    """The kinds of office that a person holds at a partnership's platform: fetched with it, one query less per page."""
    held = Office.objects.filter(platform=OuterRef("platform"), person=person, until=None)
    return held.order_by("kind").values("kind")


def reader(person):
    """Somebody to ask visible_to for, known by id alone; None is nobody."""
    return AnonymousUser() if person is None else Person(pk=person)


@kept
def _known(slug, person):
    """The partnership of this address, where the person with this id (None: nobody) may know of it."""
    rows = (
        Partnership.objects.visible_to(reader(person)).filter(slug=slug).select_related("platform", "mandate")
    )
    return rows if person is None else rows.annotate(reader_offices=ArraySubquery(_offices_of(person)))


def open_arena(request, slug, *, reading=True):
    """The Place of this reader in the partnership. Invisible is 404; for members only is refused in words."""
    found = _known(slug, request.user.pk)
    if not found:
        raise Http404
    partnership = found[0]
    place = place_of(partnership, request.user, getattr(partnership, "reader_offices", None))
    request.place = place  # the section tabs and the platform's name come from here
    if reading:
        can_read(place).enforce()
    return place


def page_of(request, rows, size=PAGE_SIZE):
    """The page of `rows` that the address asks for; a page that does not exist is 404."""
    paginator = Paginator(rows, size)
    number = request.GET.get("page", "1")
    if not number.isdecimal() or not 1 <= int(number) <= paginator.num_pages:
        raise Http404
    return paginator.page(int(number))


class Rows:
    """What page_of cuts pages from, where kept queries have counted the rows and give some of them."""

    def __init__(self, number, some):
        self.number, self.some = number, some

    def __len__(self):
        return self.number

    def __getitem__(self, part):
        return self.some(part.start, part.stop)
