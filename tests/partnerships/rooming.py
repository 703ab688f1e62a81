"""What tests of workshops do all the time."""

import uuid

from django.utils import timezone

from partnerships import actions
from partnerships.models import Cluster, Note, Prompt, Workshop
from tests.partnerships.meeting import call

workshops, notes, clusters = actions.workshops, actions.notes, actions.clusters
landing, soundings = actions.landing, actions.soundings
QUESTION = "What would make you swim here?"


def start(
    cast,
    *,
    asked=True,
    meeting=None,
    questions=((QUESTION, "experience"), ("What is in the way?", "concern")),
):
    """A running workshop on a meeting to come, its first question on the wall."""
    made = workshops.start_workshop(
        meeting=meeting or call(cast), prompts=questions, by=cast.convener, at=timezone.now()
    )
    if asked:
        ask(cast, made)
    return made


def ask(cast, workshop, number=1):
    prompt = Prompt.objects.get(workshop=workshop, number=number)
    return workshops.open_prompt(prompt=prompt, by=cast.convener, at=timezone.now())


def enter(workshop, who=None, **facts):
    return notes.enter_workshop(workshop=workshop, by=who, at=timezone.now(), **facts)


def send(phone, body="Clean sand", given=None, number=1, at=None):
    prompt = Prompt.objects.get(workshop=phone.workshop_id, number=number)
    return notes.send_note(
        phone=phone, prompt=prompt, body=body, given=given or str(uuid.uuid4()), at=at or timezone.now()
    )


def move(cast, workshop, *moved, title="", cluster=None, who=None):
    return clusters.move_notes(
        workshop=workshop,
        notes=moved,
        title=title,
        cluster=cluster,
        by=who or cast.convener,
        at=timezone.now(),
    )


def end(cast, workshop, who=None, at=None):
    return landing.end_workshop(workshop=workshop, by=who or cast.convener, at=at or timezone.now())


def sorted_room(cast):
    """A workshop of two phones and a member, three notes under two themes, one without."""
    workshop = start(cast)
    anna, nobody, bo = (
        enter(workshop, first_name="Anna", sector="citizens"),
        enter(workshop),
        enter(workshop, cast.citizen),
    )
    first, second = send(anna, "Clean sand"), send(bo, "A **ladder**")
    third, _alone = send(nobody, "No smell"), send(nobody, "Coffee")
    move(cast, workshop, first, third, title="The beach")
    move(cast, workshop, second, title="The water")
    return workshop


def fresh(row):
    return {Workshop: Workshop, Note: Note, Cluster: Cluster}[type(row)].objects.get(pk=row.pk)
