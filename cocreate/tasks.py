"""What the clock starts that belongs to no single app."""

from celery import shared_task
from django.utils import timezone

from cocreate import health, stages, waiting_digest
from partnerships import actions
from solutions.models import Ownership


@shared_task
def beat_ticked():
    """Leave the mark by which the health page sees that beat and a worker are alive."""
    health.mark_tick()


@shared_task
def remind_commitments():
    """Remind owners of what they promised; of the steps of the plan they are reminded as steps."""
    steps = Ownership.objects.values("commitment")
    actions.commitments.remind_commitments(at=timezone.now(), but=steps)


@shared_task
def tell_open_gates():
    """Tell conveners whose stage has all it takes that they can move on."""
    stages.tell_open_gates(at=timezone.now())


@shared_task
def owe_waiting_digests():
    """Owe what waits to those whose gathered mail goes out soon."""
    waiting_digest.owe_waiting_digests(at=timezone.now())
