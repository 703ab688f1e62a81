"""What the clock does in this app: each task calls one action with the time."""

from . import convening, decisions, invitations, meetings, register, stages

__all__ = ["convening", "decisions", "invitations", "meetings", "register", "stages"]
