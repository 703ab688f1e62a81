"""The link that stops a kind of message. It proves itself, so that it works as long as the mail is kept."""

import uuid
from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from boundary.tokens import matches, token

EVERYWHERE = "everywhere"
NOBODY = uuid.UUID(int=0)
PURPOSE = "unsubscribe"
NONCE = "1"  # nothing to revoke: all it can do is to switch one kind of message off or on for one person


def scope_text(scope):
    """A scope as it stands in a link."""
    return str(scope) if scope else EVERYWHERE


def scope_of(text):
    """The scope that stands in a link. Raises ValueError for what is none."""
    return None if text == EVERYWHERE else uuid.UUID(text)


def unsubscribe_url(notice):
    """The absolute address at which this notice's reader stops its kind, in its scope."""
    scope = scope_text(notice.scope)
    proof = token(PURPOSE, f"{notice.recipient}:{notice.kind}:{scope}", NONCE)
    path = _path(notice.kind, scope).replace(str(NOBODY), str(notice.recipient)).replace("TOKEN", proof)
    return settings.SITE_URL + path


@lru_cache(maxsize=256)
def _path(kind, scope):
    """The path with gaps for reader and proof: reversing it anew for each of thousands of mails would be felt."""
    return reverse("unsubscribe", args=[NOBODY, kind, scope, "TOKEN"])


def unsubscribe_is_valid(recipient, kind, scope, given):
    """Whether `given` is the proof for stopping this kind for this person here."""
    return matches(PURPOSE, f"{recipient}:{kind}:{scope}", NONCE, given)
