"""Whether the reader has something to decide: the menu asks on every page, so it costs one query at most."""

from django.utils.functional import cached_property

from boundary.kept import kept

from .models import BodyMember


@kept
def _seats(person):
    return BodyMember.objects.current().filter(person=person).values_list("pk")[:1]


class Reader:
    """The signed-in person as the menu sees them."""

    def __init__(self, person):
        self.person = person

    @cached_property
    def is_politician_or_secretary(self):
        """Sits in a body or writes for it."""
        return bool(_seats(self.person.pk))


class ForDecision:
    """Puts request.reader on the request of a signed-in person. Nothing is asked until the menu asks."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.reader = Reader(request.user) if request.user.is_authenticated else None
        return self.get_response(request)
