"""One line in the lasting record of a partnership."""

from journal.actions import record

from ..models import Partnership


def remember(partnership, verb, *, by, at, audience=None, **ids):
    """Journal a deed. Without an audience it is public where the arena is, else for members."""
    if audience is None:
        audience = "public" if partnership.visibility == Partnership.Visibility.PUBLIC else "members"
    return record(scope=partnership.pk, verb=verb, by=by, at=at, audience=audience, **ids)
