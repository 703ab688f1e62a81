"""The only place in this app that writes. Each action: rule, write, journal, notices, in one transaction."""

from . import (
    answers,
    arenas,
    commitments,
    contributions,
    decisions,
    groups,
    invitations,
    invitees,
    leadership,
    letters,
    meetings,
    members,
    platforms,
    stages,
    templates,
    texts,
)

__all__ = [
    "answers",
    "arenas",
    "commitments",
    "contributions",
    "decisions",
    "groups",
    "invitations",
    "invitees",
    "leadership",
    "letters",
    "meetings",
    "members",
    "platforms",
    "stages",
    "templates",
    "texts",
]
