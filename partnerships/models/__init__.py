"""The arena's tables: who hosts it, who is in it, and what they say, write, decide, commit and meet about."""

from .agendas import AgendaItem, MeetingDeed
from .answering import AnswerBatch, AnswerTaken, EarlierResponse, Response
from .arenas import Mandate, Partnership, Provenance, StageVisit, Waiver
from .attachments import Attachment, AttachmentBody
from .calls import Call, CallGroup, Volunteer
from .closing import ClosingAccount
from .commitments import Commitment, Renegotiation
from .contributions import Contribution, shown_at
from .decisions import Decision, EarlierPosition, Lengthening, ObjectionAnswer, Position, Reopening
from .drafts import Draft, DraftSection, DraftWriter
from .following import CalendarFeed, Follow
from .groups import Group
from .invitations import Invitation, InvitationQuestion, InviteeList, JoinRequest
from .leadership import Leadership
from .letters import Letter, Support, letter_for
from .lots import Draw, Lot
from .meetings import Attendance, Guests, Meeting
from .members import Line, Member, Seat
from .minutes import Minutes
from .moderation import Appeal, ContributionReport, Intervention
from .needs import CommitmentKind, Need
from .pauses import Pause
from .phoning import PhoneCall
from .platforms import Logo, Office, Platform
from .polls import Poll, PollMark, PollTime
from .register import Willingness
from .relief import Relief, ReliefOffer
from .said import ContributionVersion, Mention
from .soundings import Sounding, SoundingMark, SoundingOption, SoundingVoter
from .substitutes import Substitution
from .suggestions import Suggestion
from .tallies import Tally
from .templates import Lesson, Template
from .texts import (
    LONGEST_HEADING,
    LONGEST_SECTION,
    MOST_SECTIONS,
    Citation,
    Revision,
    RevisionAuthor,
    SectionAuthor,
    SectionCitation,
    Text,
    TextAuthor,
)
from .thanks import Thanks
from .workshops import LONGEST_NOTE, Cluster, Note, Phone, Prompt, Workshop

__all__ = [
    "LONGEST_HEADING",
    "LONGEST_NOTE",
    "LONGEST_SECTION",
    "MOST_SECTIONS",
    "AgendaItem",
    "AnswerBatch",
    "AnswerTaken",
    "Appeal",
    "Attachment",
    "AttachmentBody",
    "Attendance",
    "CalendarFeed",
    "Call",
    "CallGroup",
    "Citation",
    "ClosingAccount",
    "Cluster",
    "Commitment",
    "CommitmentKind",
    "Contribution",
    "ContributionReport",
    "ContributionVersion",
    "Decision",
    "Draft",
    "DraftSection",
    "DraftWriter",
    "Draw",
    "EarlierPosition",
    "EarlierResponse",
    "Follow",
    "Group",
    "Guests",
    "Intervention",
    "Invitation",
    "InvitationQuestion",
    "InviteeList",
    "JoinRequest",
    "Leadership",
    "Lengthening",
    "Lesson",
    "Letter",
    "Line",
    "Logo",
    "Lot",
    "Mandate",
    "Meeting",
    "MeetingDeed",
    "Member",
    "Mention",
    "Minutes",
    "Need",
    "Note",
    "ObjectionAnswer",
    "Office",
    "Partnership",
    "Pause",
    "Phone",
    "PhoneCall",
    "Platform",
    "Poll",
    "PollMark",
    "PollTime",
    "Position",
    "Prompt",
    "Provenance",
    "Relief",
    "ReliefOffer",
    "Renegotiation",
    "Reopening",
    "Response",
    "Revision",
    "RevisionAuthor",
    "Seat",
    "SectionAuthor",
    "SectionCitation",
    "Sounding",
    "SoundingMark",
    "SoundingOption",
    "SoundingVoter",
    "StageVisit",
    "Substitution",
    "Suggestion",
    "Support",
    "Tally",
    "Template",
    "Text",
    "TextAuthor",
    "Thanks",
    "Volunteer",
    "Waiver",
    "Willingness",
    "Workshop",
    "letter_for",
    "shown_at",
]
