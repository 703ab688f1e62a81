"""Sessions in the database, as Django keeps them; read on every page, so with SQL that is written once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from boundary.kept import kept


@kept
def _open(key, now):
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """Django's own store; only the reading differs."""

    def _get_session_from_db(self):
        found = next(iter(_open(self.session_key, timezone.now())), None)
        if found is None:
            self._session_key = None
        return found
