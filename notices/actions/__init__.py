"""The only place in this app that writes."""

from .choices import choose, chosen_by, lift_suppression, prefer, reconsider, stop_digests, suppress
from .dispatcher import may_send, pause, resume
from .intake import take_bounces, take_mail
from .reading import mark_all_read, mark_read
from .returning import take_bounce
from .sending import drain
from .steps import claim
from .sweeping import follow, release_held, sweep
from .telling import forget, tell

__all__ = [
    "choose",
    "chosen_by",
    "claim",
    "drain",
    "follow",
    "forget",
    "lift_suppression",
    "mark_all_read",
    "mark_read",
    "may_send",
    "pause",
    "prefer",
    "reconsider",
    "release_held",
    "resume",
    "stop_digests",
    "suppress",
    "sweep",
    "take_bounce",
    "take_bounces",
    "take_mail",
    "tell",
]
