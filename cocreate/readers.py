"""Who is reading: the signed-in person, with what every page asks about them, in one query."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import JSONObject

from actors.models import Person
from boundary.kept import kept
from partnerships.models import Office
from solutions.models import BodyMember


@kept
def _reader(pk):
    seats = BodyMember.objects.current().filter(person=OuterRef("pk"))
    held = Office.objects.filter(person=OuterRef("pk"), until=None).order_by("platform__name").distinct()
    desks = held.values(desk=JSONObject(slug=F("platform__slug"), name=F("platform__name")))
    return Person.objects.filter(pk=pk).annotate(
        is_politician_or_secretary=Exists(seats), desks=ArraySubquery(desks)
    )


class Backend(AuthenticationBackend):
    """Signs in as allauth does. A reader knows whether they sit in a body or write for one, and on which
    platforms they hold an office: the menu asks."""

    def get_user(self, user_id):
        """The active Person of a session, or None. user_id: a UUID, or its text as a session holds it."""
        found = _reader(Person._meta.pk.to_python(user_id))
        return next(iter(person for person in found if self.user_can_authenticate(person)), None)
