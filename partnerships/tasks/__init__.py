"""What the clock does in this app: each task calls one action with the time."""

from . import decisions, invitations, meetings, register, stages

__all__ = ["decisions", "invitations", "meetings", "register", "stages"]
