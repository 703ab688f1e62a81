"""What this app writes to people: kind -> template, what it tells, when it is still true, who may switch it off."""

from . import (
    calls,
    commitments,
    contributions,
    convening,
    decisions,
    invitations,
    leadership,
    meetings,
    questions,
    register,
    stages,
)

KINDS = [
    *calls.KINDS,
    *commitments.KINDS,
    *contributions.KINDS,
    *convening.KINDS,
    *decisions.KINDS,
    *invitations.KINDS,
    *leadership.KINDS,
    *meetings.KINDS,
    *questions.KINDS,
    *register.KINDS,
    *stages.KINDS,
]
