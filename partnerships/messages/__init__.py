"""What this app writes to people: kind -> template, what it tells, when it is still true, who may switch it off."""

from . import (
    closing,
    commitments,
    contributions,
    decisions,
    invitations,
    leadership,
    meetings,
    pauses,
    questions,
    stages,
    waivers,
)

KINDS = [
    *closing.KINDS,
    *commitments.KINDS,
    *contributions.KINDS,
    *decisions.KINDS,
    *invitations.KINDS,
    *leadership.KINDS,
    *meetings.KINDS,
    *pauses.KINDS,
    *questions.KINDS,
    *stages.KINDS,
    *waivers.KINDS,
]
