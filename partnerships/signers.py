"""What those who set a criterion aside are called in the partnership where they did."""

from django.db.models import Case, OuterRef, Subquery, Value, When

from .models import Member


def with_signers(waivers):
    """The Waivers, fetched with the people who signed and with how each chose to be shown: no query more."""
    rows = waivers.select_related("by", "seconded_by")
    return rows.annotate(by_function=_function("by"), seconded_function=_function("seconded_by"))


def _function(who):
    """The function that somebody is shown by in their newest seat of the partnership, or ""."""
    seats = Member.objects.filter(partnership=OuterRef("visit__partnership"), person=OuterRef(who))
    shown = Case(When(shown_by_function=True, then="function"), default=Value(""))
    return Subquery(seats.order_by("-joined_at", "-id").values(shown=shown)[:1])


def signers(waiver):
    """(who signed first, who signed second or None), as the arena calls them; for a waiver of with_signers."""
    second = waiver.seconded_by and (waiver.seconded_function or str(waiver.seconded_by))
    return waiver.by_function or str(waiver.by), second
