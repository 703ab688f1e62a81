"""What was told to a person, as they may see it on the site: what still stands, where they may still read."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import BooleanField, Case, Q, TextField, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from actors.models import Person
from notices.kinds import Kind, all_kinds, on_site
from notices.models import Notice
from partnerships.models import Commitment, Decision, Meeting, Partnership, StageVisit, Text
from partnerships.models.commitments import STANDING
from partnerships.stages import Stage
from solutions.models import Step

from .owed import WAITING
from .record import UUID
from .waiting import number_of

LONGEST = 120  # characters of a title
MOST_COUNTED = 99  # a larger number says nothing more


def notices_of(person, at):
    """The notices that this person may see on the site at this moment, of places that they may still know of."""
    known = Q(scope=None) | Q(scope__in=Partnership.objects.visible_to(person).values("pk"))
    told = Notice.objects.on_site(at, [kind.name for kind in on_site()])
    return told.filter(known, recipient=person.pk)


def unread(person, at):
    """{name: how many notices the person with this id has not read}, as part of another query."""
    return {"unread_notices": number_of(notices_of(Person(pk=person), at).unread())}


def numbers_of(reader):
    """(how many things wait for a reader, how many notices are unread): they came with them (readers.py), no query."""
    waits = sum(getattr(reader, f"waiting_{kind.key}", 0) or 0 for kind in WAITING)
    return waits, getattr(reader, "unread_notices", 0) or 0


def shown(number):
    """A number as the header shows it: "" for none."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number or "")


# --- a page of them ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Noticed:
    """One notice as its reader sees it: of which kind, about what, where, and what became of its mail."""

    notice: Notice
    kind: Kind
    about: str  # the thing as it is called now; "" where it has no name, or none that is for everybody to read here
    over: bool
    where: Partnership | None

    @property
    def title(self):
        return f"“{self.about}”" if self.about else str(self.kind.label)

    @property
    def mail(self):
        """What became of the mail, in words: none was wanted, or as its row says."""
        return _("Only on the site") if self.notice.reason == "off" else str(self.notice.get_state_display())


def _named(rows, label, over):
    rows = rows.order_by().annotate(
        key=Cast("pk", TextField()),
        label=Cast(label, TextField()),
        over=Case(When(over, then=True), default=False, output_field=BooleanField()),
    )
    return rows.values_list("key", "label", "over")


def _things(notices, at):
    """{id: (name, whether what was asked about it is over)} of what these notices point to: one query.

    Named is only what everybody reads who may read the partnership: never words of somebody, which may be hidden.
    """
    ids = {value for notice in notices for value in notice.ids.values() if UUID.fullmatch(str(value))}
    if not ids:
        return {}
    paused = Q(partnership__paused_at__isnull=False)
    found = _named(
        Decision.objects.filter(pk__in=ids), "question", Q(closed_at__isnull=False) | paused
    ).union(
        _named(
            Meeting.objects.filter(pk__in=ids), "title", Q(cancelled_at__isnull=False) | Q(ends_at__lt=at)
        ),
        _named(Commitment.objects.filter(pk__in=ids), "what", ~Q(state__in=STANDING) | paused),
        _named(Text.objects.filter(pk__in=ids), "title", Q(pk=None)),
        _named(Step.objects.filter(pk__in=ids), "what", paused),
        _named(StageVisit.objects.filter(pk__in=ids), "stage", Q(left_at__isnull=False) | paused),
        all=True,
    )
    return {key: (STAGE_NAMES.get(label, label), over) for key, label, over in found}


STAGE_NAMES = {stage.value: stage.label for stage in Stage}


def seen_by(person, notices, at):
    """The Noticed of a page of a person's notices: two queries for any number of them, and of kinds."""
    places = Partnership.objects.readable_by(person).in_bulk({notice.scope for notice in notices} - {None})
    things, kinds = _things(notices, at), all_kinds()
    rows = []
    for notice in notices:
        kind = kinds[notice.kind]
        name, over = next((things[str(i)] for i in notice.ids.values() if str(i) in things), ("", False))
        name = str(name) if notice.scope in places else ""
        rows.append(
            Noticed(notice, kind, name[:LONGEST], over and bool(kind.until), places.get(notice.scope))
        )
    return rows


def link_to(notice, person):
    """Where a notice leads, asked anew whether it still stands, as when it was sent; "" when it does not."""
    kind = all_kinds().get(notice.kind)
    if kind is None or notice.pk not in kind.still_true([notice]):
        return ""
    facts = kind.context([notice]).get(notice.pk) or {}
    return facts.get("link", "").removeprefix(settings.SITE_URL)
