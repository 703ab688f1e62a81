"""The end of a workshop: what the room wrote becomes contributions of the meeting, once, in one entry of the record."""

import datetime
from collections import Counter

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from boundary.answer import Conflict

from ..models import Cluster, Contribution, Member, Note, Partnership, Sounding, Workshop
from ..places import place_of
from ..rules import workshops as may
from ..soundings import dots_on
from .memory import remember

LATE = datetime.timedelta(hours=1)  # after the end: a phone that finds its network again on the way home
A_MOMENT = datetime.timedelta(microseconds=1)
Kind = Contribution.Kind


@transaction.atomic
def end_workshop(*, workshop, by, at):
    """End the workshop: its code stops, and everything lands in the conversation. Returns how many notes landed."""
    partnership = Partnership.objects.locked(workshop.partnership_id)
    workshop = Workshop.objects.locked(workshop.pk)
    if workshop.ended_at:
        raise Conflict(_("Somebody else has just ended this workshop. Everything has landed, once."))
    may.can_end_workshop(place_of(partnership, by), workshop).enforce()
    workshop.prompts.filter(opened_at__isnull=False, closed_at=None).update(closed_at=at)
    Sounding.objects.filter(workshop=workshop, closed_at=None).update(closed_at=at, closed_by=by)
    notes = list(_unlanded(workshop))
    landed = land(workshop, notes, by=by, at=at)
    Workshop.objects.filter(pk=workshop.pk).update(ended_at=at, ended_by=by, changes=F("changes") + 1)
    themes = len({note.cluster_id for note in notes} - {None})
    facts = {"meeting": workshop.meeting_id, "workshop": workshop.pk, "notes": landed, "themes": themes}
    remember(partnership, "workshop.ended", by=by, at=at, **facts)
    return landed


def land_late(workshop, notes, *, by, at):
    """Let notes land that came after the end. by: who typed them in; None where a phone sent them."""
    partnership = Partnership.objects.locked(workshop.partnership_id)
    landed = land(workshop, notes, by=by, at=at)
    remember(partnership, "workshop.note_late", by=by, at=at, workshop=workshop.pk, notes=landed)


def _unlanded(workshop):
    rows = Note.objects.kept().filter(workshop=workshop, contribution=None)
    return rows.select_related("prompt", "cluster__contribution", "phone__member").order_by("at", "pk")


def land(workshop, notes, *, by, at):
    """Make contributions of notes: under each theme a thread, the others on their own. Returns how many landed.

    A contribution has the id of the note or theme that it was, so that nothing can land twice.
    """
    recorder = _recorder(workshop, by)
    with translation.override(workshop.partnership.language):
        threads = _threads(workshop, notes, recorder)
        said = [_contribution(workshop, note, threads.get(note.cluster_id), recorder) for note in notes]
    new = [first for first in threads.values() if first._state.adding]
    Contribution.objects.bulk_create([*new, *said], batch_size=1000)
    Cluster.objects.filter(pk__in=threads, contribution=None).update(contribution_id=F("pk"))
    Note.objects.filter(pk__in=[note.pk for note in notes]).update(contribution_id=F("pk"))
    return len(said)


def _recorder(workshop, by):
    """The member who writes down what others said: who ends the workshop or types it in, else who leads."""
    leading = Member.objects.leading().filter(partnership=workshop.partnership_id).order_by("joined_at", "pk")
    person = by or workshop.ended_by
    return leading.filter(person=person).first() or leading.first()


# --- the threads ----------------------------------------------------------------------------------------------


def _threads(workshop, notes, recorder):
    """{id of a theme: the first contribution of its thread}, made or there already."""
    clusters = {note.cluster_id: note.cluster for note in notes if note.cluster_id}
    dots = dots_on(clusters)
    found = {}
    for key, cluster in clusters.items():
        inside = [note for note in notes if note.cluster_id == key]
        found[key] = cluster.contribution or Contribution(
            pk=key,
            partnership=workshop.partnership,
            meeting=workshop.meeting,
            member=recorder,
            kind=_kind(inside),
            body=_heading(cluster, inside, dots.get(key)),
            wants_answer=True,
            created_at=inside[0].at - A_MOMENT,  # a heading stands before what is under it
        )
    return found


def _kind(notes):
    asked = Counter(note.prompt.kind for note in notes if note.prompt)
    return asked.most_common(1)[0][0] if asked else Kind.EXPERIENCE


def _heading(cluster, notes, dots):
    """The title of a theme, what the room was asked, and how many dots it got."""
    asked = dict.fromkeys(note.prompt.words for note in notes if note.prompt)
    parts = [f"**{cluster.title}**"]
    parts += [_("The room was asked: %(question)s") % {"question": words} for words in asked]
    if dots is not None:
        given = ngettext("The room gave this one dot.", "The room gave this %(dots)s dots.", dots)
        parts.append(given % {"dots": dots})
    return "\n\n".join(parts)


# --- the notes ------------------------------------------------------------------------------------------------


def _contribution(workshop, note, thread, recorder):
    """What a note becomes: a reply in its theme's thread, or a contribution under its question."""
    body = note.body if thread or not note.prompt else f"**{note.prompt.words}**\n\n{note.body}"
    hidden = {name: getattr(note, name) for name in ("hidden_at", "hidden_by", "hidden_reason")}
    return Contribution(
        pk=note.pk,
        partnership=workshop.partnership,
        meeting=workshop.meeting,
        kind=note.prompt.kind if note.prompt else Kind.EXPERIENCE,
        body=body,
        reply_to=thread,
        thread=thread and (thread.thread or thread),
        created_at=note.at,
        **_origin(note, recorder),
        **hidden,
    )


def _origin(note, recorder):
    """Whose words a note holds: a member's own, or of somebody in the room or on paper, written down by a leader."""
    phone = note.phone
    if phone and phone.member:
        return {"member": phone.member}
    somebody = _("someone on paper") if note.paper else _("someone in the room")
    name = (phone and phone.first_name) or somebody
    return {
        "member": recorder,
        "on_behalf_of": name,
        "way": Contribution.Way.PAPER if note.paper else Contribution.Way.ROOM,
        "behalf_sector": phone.sector if phone else "",
        "recorded_by_id": recorder.person_id,
    }
