"""What happened in public, as Atom feeds (RFC 4287): of a partnership, or of all of a platform.

A feed is the same for everybody: it holds what the public may read, in the language of its partnership or platform.
"""

import hashlib

from django.conf import settings
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from journal.models import Audience, Entry
from partnerships.models import Partnership

from .arena import url_of_arena
from .record import line_of, names_of, who

LATEST = 50  # entries: what a busy partnership does in a week


class Feed(Atom1Feed):
    """Atom whose own time is that of its newest entry, so that nothing new means nothing changed."""

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=self.feed["since"])


def absolute(path):
    """An address of this site, whole."""
    return f"{settings.SITE_URL}{path}"


def public_entries(partnerships):
    """The newest entries of these partnerships that everybody may read, newest first."""
    rows = Entry.objects.filter(scope__in=partnerships).for_audience(Audience.PUBLIC)
    return list(rows.order_by("-at", "-scope", "-sequence")[:LATEST])


def feed_of_partnership(partnership, path):
    """(the feed as bytes, its newest time) of a public partnership. path: the feed's own address."""
    return _written(
        [partnership],
        language=partnership.language,
        key=partnership.pk,
        title=_("What happens in %(title)s") % {"title": partnership.title},
        author=partnership.platform.name,
        link=url_of_arena("record", partnership.slug),
        path=path,
        since=partnership.begun_at,
    )


def feed_of_platform(platform, partnerships, path):
    """The same of a platform, for those of its partnerships that everybody may read."""
    return _written(
        list(partnerships),
        language=platform.language,
        key=platform.pk,
        title=_("What happens on %(title)s") % {"title": platform.name},
        author=platform.name,
        link=f"/platforms/{platform.slug}/",
        path=path,
        since=platform.created_at,
    )


def _written(partnerships, *, language, key, title, author, link, path, since):
    by_scope = {partnership.pk: partnership for partnership in partnerships}
    entries = public_entries(by_scope)
    with translation.override(language):
        feed = Feed(
            title=str(title),
            link=absolute(link),
            description="",
            language=language,
            author_name=author,
            feed_url=absolute(path),
            feed_guid=f"urn:uuid:{key}",
            since=since,
        )
        names = names_of(entries) if entries else {}
        for entry in entries:
            _add(feed, entry, by_scope[entry.scope], names, named=len(by_scope) > 1)
        return feed.writeString("utf-8").encode(), feed.latest_post_date()


def _add(feed, entry, partnership, names, *, named):
    sentence = line_of(entry, names).sentence
    feed.add_item(
        title=f"{partnership.title}: {sentence}" if named else sentence,
        link=absolute(url_of_arena("record_entry", partnership.slug, entry.sequence)),
        description=None,  # the sentence is all there is, and a summary would be read as HTML
        unique_id=_id(entry),
        pubdate=entry.at,
        updateddate=entry.at,
        author_name=who(entry, names),
    )


def _id(entry):
    """A name of the entry that stays, whatever becomes of addresses (RFC 4151)."""
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    return f"tag:{host},2026:record/{entry.scope}/{entry.sequence}"


def public_of(platform):
    """The partnerships of a platform whose records everybody may read, the newest first."""
    rows = Partnership.objects.filter(platform=platform, visibility=Partnership.Visibility.PUBLIC)
    return rows.filter(begun_at__isnull=False)


def mark_of(body):
    """The strong mark (ETag) of a feed: another one when anything in it has changed, an erased name too."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
