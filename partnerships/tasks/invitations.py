"""Invitations that nobody answers: reminded of, then over."""

from celery import shared_task
from django.utils import timezone

from .. import actions


@shared_task
def remind_invitations():
    """Remind those who have not answered, on the days that their platform says."""
    actions.invitations.remind_invitations(at=timezone.now())


@shared_task
def expire_invitations():
    """End invitations whose time to answer has run out."""
    actions.invitations.expire_invitations(at=timezone.now())


@shared_task
def forget_invitees():
    """Drop files of people to invite that nobody came back to."""
    actions.invitees.forget_invitees(at=timezone.now())


@shared_task
def forget_unanswered():
    """Erase the addresses of those who did not join, when their time is over."""
    actions.invitations.forget_unanswered(at=timezone.now())
