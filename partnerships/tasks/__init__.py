"""What the clock does in this app: each task calls one action with the time."""

from . import closing, convening, decisions, invitations, meetings, pauses, register, stages, workshops

__all__ = [
    "closing",
    "convening",
    "decisions",
    "invitations",
    "meetings",
    "pauses",
    "register",
    "stages",
    "workshops",
]
