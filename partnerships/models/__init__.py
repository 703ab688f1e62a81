"""The arena's tables: who hosts it, who is in it, and what they say, write, decide, commit and meet about."""

from .arenas import Mandate, Partnership, Provenance, StageVisit, Waiver
from .attachments import Attachment, AttachmentBody
from .calls import Call, CallGroup, Volunteer
from .closing import ClosingAccount
from .commitments import Commitment, Renegotiation
from .contributions import Contribution, ContributionReport, Response, shown_at
from .decisions import Decision, Position
from .groups import Group
from .invitations import Invitation, InvitationQuestion, InviteeList, JoinRequest
from .leadership import Leadership
from .letters import Letter, Support, letter_for
from .lots import Draw, Lot
from .meetings import Attendance, Meeting
from .members import Line, Member, Seat
from .pauses import Pause
from .phoning import PhoneCall
from .platforms import Logo, Office, Platform
from .register import Willingness
from .said import ContributionVersion, Mention
from .tallies import Tally
from .templates import Lesson, Template
from .texts import LONGEST_SECTION, Citation, Revision, RevisionAuthor, Text, TextAuthor

__all__ = [
    "LONGEST_SECTION",
    "Attachment",
    "AttachmentBody",
    "Attendance",
    "Call",
    "CallGroup",
    "Citation",
    "ClosingAccount",
    "Commitment",
    "Contribution",
    "ContributionReport",
    "ContributionVersion",
    "Decision",
    "Draw",
    "Group",
    "Invitation",
    "InvitationQuestion",
    "InviteeList",
    "JoinRequest",
    "Leadership",
    "Lesson",
    "Letter",
    "Line",
    "Logo",
    "Lot",
    "Mandate",
    "Meeting",
    "Member",
    "Mention",
    "Office",
    "Partnership",
    "Pause",
    "PhoneCall",
    "Platform",
    "Position",
    "Provenance",
    "Renegotiation",
    "Response",
    "Revision",
    "RevisionAuthor",
    "Seat",
    "StageVisit",
    "Support",
    "Tally",
    "Template",
    "Text",
    "TextAuthor",
    "Volunteer",
    "Waiver",
    "Willingness",
    "letter_for",
    "shown_at",
]
