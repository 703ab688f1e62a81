"""What the clock does in this app: each task calls one action with the time."""

from . import closing, decisions, invitations, meetings, pauses, stages

__all__ = ["closing", "decisions", "invitations", "meetings", "pauses", "stages"]
