"""How the conversation of an arena is fetched: threads with their newest replies, one thread page by page."""

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from ..models import Contribution
from .arena import PAGE_SIZE, page_of

NEWEST = 3  # replies of a thread on a page of threads


def threads(partnership):
    """The first contribution of each thread."""
    return Contribution.objects.filter(partnership=partnership, thread=None)


def told(keys):
    """The contributions of these ids, in their order: a page is found by its ids alone, and only then fetched whole."""
    keys = list(keys)
    found = Contribution.objects.told().in_bulk(keys)
    return [found[key] for key in keys]


def told_with_replies(keys):
    """The same, each with its `newest` replies, oldest first, and `replies_in_all`, how many there are.

    Two queries and one for files, however many threads, and however deep.
    """
    keys, thread = list(keys), F("thread")
    ranked = Contribution.objects.filter(thread__in=keys).annotate(
        rank=Window(RowNumber(), partition_by=thread, order_by=[F("created_at").desc(), F("id").desc()]),
        in_all=Window(Count("pk"), partition_by=thread),
    )
    in_all = dict(ranked.filter(rank__lte=NEWEST).order_by("created_at", "id").values_list("pk", "in_all"))
    rows = told([*keys, *in_all])
    firsts, replies = rows[: len(keys)], rows[len(keys) :]
    for first in firsts:
        first.newest = [reply for reply in replies if reply.thread_id == first.pk]
        first.replies_in_all = in_all[first.newest[0].pk] if first.newest else 0
    return firsts


def page_of_thread(request, first, shown):
    """The page of replies that the address asks for; where it asks for none, that on which `shown` stands."""
    replies = Contribution.objects.told().filter(thread=first).order_by("created_at", "id")
    if "page" in request.GET or shown.pk == first.pk:
        return page_of(request, replies)
    earlier = Q(created_at__lt=shown.created_at) | Q(created_at=shown.created_at, id__lt=shown.pk)
    before = Contribution.objects.filter(earlier, thread=first).count()
    return Paginator(replies, PAGE_SIZE).page(before // PAGE_SIZE + 1)
