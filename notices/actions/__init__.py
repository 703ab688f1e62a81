"""The only place in this app that writes."""

from .choices import lift_suppression, prefer, suppress
from .dispatcher import may_send, pause, resume
from .returning import take_bounce, take_bounces
from .sending import drain
from .steps import claim
from .sweeping import follow, release_held, sweep
from .telling import forget, tell

__all__ = [
    "claim",
    "drain",
    "follow",
    "forget",
    "lift_suppression",
    "may_send",
    "pause",
    "prefer",
    "release_held",
    "resume",
    "suppress",
    "sweep",
    "take_bounce",
    "take_bounces",
    "tell",
]
