"""What those who signed or wrote something are called in the partnership where they did."""

from django.db.models import Case, OuterRef, Subquery, Value, When

from .models import Member


def with_signers(waivers):
    """The Waivers, fetched with the people who signed and with how each chose to be shown: no query more."""
    rows = waivers.select_related("by", "seconded_by")
    return rows.annotate(
        by_function=function_of("by", "visit__partnership"),
        seconded_function=function_of("seconded_by", "visit__partnership"),
    )


def function_of(who, arena):
    """The function that somebody is shown by in their newest seat of the partnership, or "".

    who, arena: the columns of the person and of the partnership.
    """
    seats = Member.objects.filter(partnership=OuterRef(arena), person=OuterRef(who))
    shown = Case(When(shown_by_function=True, then="function"), default=Value(""))
    return Subquery(seats.order_by("-joined_at", "-id").values(shown=shown)[:1])


def signers(waiver):
    """(who signed first, who signed second or None), as the arena calls them; for a waiver of with_signers."""
    second = waiver.seconded_by and (waiver.seconded_function or str(waiver.seconded_by))
    return waiver.by_function or str(waiver.by), second
