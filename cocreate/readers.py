"""Who is reading: the signed-in person, with what every page asks about them, in one query."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from actors.models import Person
from boundary.kept import kept
from partnerships.models import Office
from solutions.models import BodyMember

from .noticed import unread
from .owed import SOON
from .waiting import counts


@kept
def _reader(pk, at, until):
    seats = BodyMember.objects.current().filter(person=OuterRef("pk"))
    held = Office.objects.filter(person=OuterRef("pk"), until=None).order_by("platform__name").distinct()
    desks = held.values(desk=JSONObject(slug=F("platform__slug"), name=F("platform__name")))
    return Person.objects.filter(pk=pk).annotate(
        is_politician_or_secretary=Exists(seats),
        desks=ArraySubquery(desks),
        **counts(pk, at, until),
        **unread(pk, at),
    )


class Backend(AuthenticationBackend):
    """Signs in as allauth does. A reader knows whether they sit in a body or write for one, on which platforms they
    hold an office, how much waits for them and how many notices are unread: the header asks."""

    def get_user(self, user_id):
        """The active Person of a session, or None. user_id: a UUID, or its text as a session holds it."""
        today = timezone.localdate()
        found = _reader(Person._meta.pk.to_python(user_id), timezone.now(), today + SOON)
        return next(iter(person for person in found if self.user_can_authenticate(person)), None)
