"""What the clock does in this app: each task calls one action with the time."""

from . import (
    answering,
    closing,
    convening,
    decisions,
    invitations,
    meetings,
    pauses,
    register,
    stages,
    workshops,
)

__all__ = [
    "answering",
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
