"""Sorting what a room wrote: themes made, named and joined, notes moved and hidden. Two at once lose nothing."""

from django.db import transaction
from django.utils.translation import gettext as _

from boundary.answer import Conflict

from ..models import Cluster, Note
from ..places import place_of
from ..rules import workshops as may
from .memory import remember
from .workshops import led, seen_by_the_wall


def _still_there(workshop, cluster):
    """The theme, if nobody has joined it with another in the meantime. The workshop is locked."""
    if cluster is None:
        return None
    found = Cluster.objects.filter(workshop=workshop, pk=cluster.pk).first()
    if found is None:
        raise Conflict(
            _("Somebody has just joined this theme with another one. Look again, nothing is lost.")
        )
    return found


@transaction.atomic
def move_notes(*, workshop, notes, by, at, cluster=None, title=""):
    """Put notes under a theme, under a new one of this title, or back to those without. Returns the Cluster or None."""
    workshop = led(workshop, by)
    if title:
        cluster = Cluster.objects.create(workshop=workshop, title=title, at=at, by=by)
    cluster = _still_there(workshop, cluster)
    workshop.written.filter(pk__in=[note.pk for note in notes]).update(cluster=cluster)
    seen_by_the_wall(workshop)
    return cluster


@transaction.atomic
def rename_cluster(*, cluster, title, by, at, expected=None):
    """Give a theme another title. expected: the title that was shown; raises Conflict when it is another by now."""
    workshop = led(cluster.workshop, by)
    cluster = _still_there(workshop, cluster)
    if expected is not None and expected != cluster.title:
        raise Conflict(_("Somebody has just named this theme “%(title)s”.") % {"title": cluster.title})
    cluster.title = title
    cluster.save(update_fields=["title"])
    seen_by_the_wall(workshop)
    return cluster


@transaction.atomic
def merge_clusters(*, cluster, into, by, at):
    """Join a theme with another: its notes move there, its title goes. Returns the Cluster that stays."""
    workshop = led(cluster.workshop, by)
    dotted = workshop.soundings.exists()
    may.can_merge_clusters(place_of(workshop.partnership, by), workshop, dotted=dotted).enforce()
    cluster, into = _still_there(workshop, cluster), _still_there(workshop, into)
    Note.objects.filter(cluster=cluster).update(cluster=into)
    cluster.delete()
    seen_by_the_wall(workshop)
    return into


@transaction.atomic
def hide_notes(*, workshop, notes, reason, by, at):
    """Take notes off the wall by the ground rules, with a reason that their writers see."""
    workshop = led(workshop, by)
    rows = workshop.written.shown().filter(pk__in=[note.pk for note in notes])
    hidden = rows.update(hidden_at=at, hidden_by=by, hidden_reason=reason)
    if hidden:
        remember(
            workshop.partnership, "workshop.notes_hidden", by=by, at=at, workshop=workshop.pk, notes=hidden
        )
        seen_by_the_wall(workshop)
    return hidden


@transaction.atomic
def show_notes(*, workshop, notes, by, at):
    """Put hidden notes back."""
    workshop = led(workshop, by)
    rows = workshop.written.filter(pk__in=[note.pk for note in notes], hidden_at__isnull=False)
    shown = rows.update(hidden_at=None, hidden_by=None, hidden_reason="")
    if shown:
        remember(
            workshop.partnership, "workshop.notes_shown", by=by, at=at, workshop=workshop.pk, notes=shown
        )
        seen_by_the_wall(workshop)
    return shown
