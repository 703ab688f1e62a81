"""Whose words these are, as a reader may know it: the one place that says so."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .models import Contribution

Way = Contribution.Way


@dataclass(frozen=True)
class Author:
    """Who said something, in the words for one reader.

    name: what stands above the words; sector: its key, or "" where nobody knows it; named: whether the name is the
    author's; typed: "said in the room, typed in by …", or "".
    """

    name: str
    sector: str
    named: bool = True
    typed: str = ""


def knows_names(place):
    """Whether the reader at this Place may know who said something that was said for members' eyes."""
    return bool(place and (place.member or place.keeps_cases))


def author_for(contribution, place):
    """The Author of a contribution for the reader at `place` (None: somebody outside)."""
    if contribution.anonymous and not knows_names(place):
        return Author(_("A member"), contribution.member.sector, named=False)
    return for_members(contribution)


def for_members(contribution):
    """The Author of a contribution for a reader who is known to be a member: a message to one."""
    return _on_behalf(contribution) if contribution.is_on_behalf else _openly(contribution)


def _openly(contribution):
    return Author(contribution.member.shown_name, contribution.member.sector)


def _on_behalf(contribution):
    who = {"name": contribution.member.shown_name}
    typed = {
        Way.ROOM: _("said in the room, typed in by %(name)s"),
        Way.PAPER: _("written on paper, typed in by %(name)s"),
        Way.TELEPHONE: _("said by telephone, typed in by %(name)s"),
    }.get(contribution.way, _("typed in by %(name)s"))
    return Author(contribution.on_behalf_of or _("Somebody"), contribution.behalf_sector, typed=typed % who)
