"""What this app writes to people: kind -> template, what it tells, when it is still true, who may switch it off."""

from . import (
    agendas,
    calls,
    closing,
    commitments,
    contributions,
    convening,
    decisions,
    invitations,
    leadership,
    meetings,
    pauses,
    polls,
    questions,
    register,
    stages,
    waivers,
)

KINDS = [
    *agendas.KINDS,
    *calls.KINDS,
    *closing.KINDS,
    *commitments.KINDS,
    *contributions.KINDS,
    *convening.KINDS,
    *decisions.KINDS,
    *invitations.KINDS,
    *leadership.KINDS,
    *meetings.KINDS,
    *pauses.KINDS,
    *polls.KINDS,
    *questions.KINDS,
    *register.KINDS,
    *stages.KINDS,
    *waivers.KINDS,
]
