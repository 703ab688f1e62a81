"""The only place in this app that writes. Each action: rule, write, journal, notices, in one transaction."""

from .authorizations import enter_authorization, note_privately, request_authorization, withdraw_request
from .bodies import appoint, end_appointment
from .handovers import mark_handover, withdraw_handover
from .plan import ask_owner, change_step, measure, move_steps_on, own_step, plan_step, report_step
from .proposals import propose, put_to_choice, start_value_proposition
from .relief import take_over_commitment
from .reminders import remind_owed_reports, remind_requests, remind_steps

__all__ = [
    "appoint",
    "ask_owner",
    "change_step",
    "end_appointment",
    "enter_authorization",
    "mark_handover",
    "measure",
    "move_steps_on",
    "note_privately",
    "own_step",
    "plan_step",
    "propose",
    "put_to_choice",
    "remind_owed_reports",
    "remind_requests",
    "remind_steps",
    "report_step",
    "request_authorization",
    "start_value_proposition",
    "take_over_commitment",
    "withdraw_handover",
    "withdraw_request",
]
