"""What a reader has read on the site: their own notices, nobody else's."""

from ..models import Notice


def mark_read(*, recipients, notice, read, at):
    """Note that one notice was read, or is to count as unread again; the first time it was read stays.

    recipients: the ids under which its reader is written to. Returns how many changed: none of somebody else's.
    """
    mine = Notice.objects.filter(pk=notice, recipient__in=recipients)
    return mine.unread().update(read_at=at) if read else mine.update(read_at=None)


def mark_all_read(*, notices, at):
    """Note that all of these, which came until `at`, were read: what comes meanwhile stays unread. Returns how many."""
    return notices.unread().filter(created_at__lte=at).update(read_at=at)
