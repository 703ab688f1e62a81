"""What this app writes to people: mail about signing in."""

from .mails import KINDS

__all__ = ["KINDS"]
