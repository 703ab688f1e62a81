"""One line in the lasting record of a partnership."""

from journal.actions import record


def remember(partnership, verb, *, by, at, audience=None, **ids):
    """Journal a deed. Without an audience it is public where the arena is, else for members.

    What conveners do before the partnership has begun is for conveners.
    """
    if partnership.begun_at is None:
        audience = "conveners"
    elif audience is None:
        audience = "public" if partnership.is_public else "members"
    return record(scope=partnership.pk, verb=verb, by=by, at=at, audience=audience, **ids)
