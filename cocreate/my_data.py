"""Everything the site keeps about one person, in one place: to see, to take away, and before erasing."""

from allauth.account.models import EmailAddress
from django.db.models import CharField, Count, Q, Value
from django.utils.translation import gettext_lazy as _

from actors.models import Affiliation
from journal.models import Entry
from notices.models import Notice, Preference
from partnerships.models import (
    AgendaItem,
    AnswerTaken,
    Appeal,
    Attachment,
    Attendance,
    CalendarFeed,
    ClosingAccount,
    Commitment,
    Contribution,
    ContributionReport,
    ContributionVersion,
    DraftSection,
    EarlierPosition,
    Follow,
    Intervention,
    Invitation,
    JoinRequest,
    Lengthening,
    Lot,
    Member,
    Mention,
    Minutes,
    Need,
    Note,
    ObjectionAnswer,
    Office,
    PhoneCall,
    PollMark,
    Position,
    Relief,
    ReliefOffer,
    Reopening,
    RevisionAuthor,
    SoundingMark,
    Substitution,
    Suggestion,
    Thanks,
    Volunteer,
    Waiver,
    Willingness,
)
from solutions.models import BodyMember, Handover, PrivateNote, StepReport

ABOUT_ME = ["name", "email", "phone", "language", "time_zone", "created_at", "last_login", "looked_at"]

TABLES = [  # key, page word, rows of a person, fields taken along
    (
        "addresses",
        _("Addresses I sign in with"),
        lambda p: EmailAddress.objects.filter(user=p),
        ["email", "verified", "primary"],
    ),
    (
        "affiliations",
        _("Where I belong"),
        lambda p: Affiliation.objects.filter(person=p),
        ["organization__name", "standing", "title", "since", "until"],
    ),
    (
        "offices",
        _("What I may do for a platform"),
        lambda p: Office.objects.filter(person=p),
        ["platform__name", "kind", "since", "until"],
    ),
    (
        "bodies",
        _("Where I decide or write the minutes"),
        lambda p: BodyMember.objects.filter(person=p),
        ["body__name", "authority", "since", "until"],
    ),
    (
        "memberships",
        _("Partnerships I am or was in"),
        lambda p: Member.objects.filter(person=p),
        ["partnership__title", "role", "sector", "side", "function", "joined_at", "left_at", "left_reason"],
    ),
    (
        "invitations",
        _("Invitations to me"),
        lambda p: Invitation.objects.filter(member__person=p),
        ["partnership__title", "address", "name", "why_you", "state", "sent_at", "answered_at", "reason"],
    ),
    (
        "join_requests",
        _("Where I asked to join"),
        lambda p: JoinRequest.objects.filter(person=p),
        ["partnership__title", "message", "state", "created_at", "answered_at", "reason"],
    ),
    (
        "registers",
        _("Where I said that I may be asked"),
        lambda p: Willingness.objects.filter(person=p),
        ["platform__name", "sector", "brings", "area", "language", "since", "lapses_at", "ended_at"],
    ),
    (
        "volunteered",
        _("Where I put myself forward"),
        lambda p: Volunteer.objects.filter(person=p),
        ["call__partnership__title", "group__name", "words", "state", "at", "answered_at"],
    ),
    (
        "lots",
        _("Draws I was in"),
        lambda p: Lot.objects.filter(person=p),
        ["id", "draw__partnership__title", "draw__drawn_at", "place", "state"],
    ),
    (
        "follows",
        _("Partnerships I follow"),
        lambda p: Follow.objects.filter(person=p),
        ["partnership__title", "topics", "since"],
    ),
    (
        "calendars",
        _("Calendars with an address of mine"),
        lambda p: CalendarFeed.objects.filter(person=p),
        ["partnership__title", "made_at"],
    ),
    (
        "contributions",
        _("What I said"),
        lambda p: Contribution.objects.filter(member__person=p),
        [
            *("partnership__title", "kind", "body", "way", "on_behalf_of", "anonymous", "created_at"),
            *("edited_at", "retracted_at", "hidden_at", "hidden_reason"),
            *("response__outcome", "response__reason", "response__at", "response__contested_reason"),
        ],
    ),
    (
        "answers_taken",
        _("What I said that I will answer"),
        lambda p: AnswerTaken.objects.filter(member__person=p),
        ["contribution_id", "at"],
    ),
    (
        "earlier_words",
        _("What I said before I changed it"),
        lambda p: ContributionVersion.objects.filter(contribution__member__person=p),
        ["contribution_id", "kind", "body", "from_at", "until_at"],
    ),
    (
        "files",
        _("Files I added to what I said"),
        lambda p: Attachment.objects.filter(contribution__member__person=p),
        ["contribution_id", "position", "name", "size", "digest", "alt", "removed_at"],
    ),
    (
        "mentions",
        _("Where others named me"),
        lambda p: Mention.objects.filter(member__person=p),
        ["contribution_id", "contribution__partnership__title", "contribution__created_at"],
    ),
    (
        "reports",
        _("What I reported"),
        lambda p: ContributionReport.objects.filter(by=p),
        ["contribution_id", "ground", "reason", "at", "settled_at", "upheld", "settled_reason"],
    ),
    (
        "interventions",
        _("What was done by the ground rules about what I said or wrote"),
        lambda p: Intervention.objects.filter(member__person=p),
        ["partnership__title", "kind", "contribution_id", "ground", "reason", "at", "until", "ended_at"],
    ),
    (
        "appeals",
        _("Appeals I made"),
        lambda p: Appeal.objects.filter(by=p),
        ["intervention_id", "words", "at", "state", "reason", "decided_at"],
    ),
    (
        "revisions",
        _("What I wrote with others"),
        lambda p: RevisionAuthor.objects.filter(member__person=p),
        ["revision__text__title", "revision__number", "revision__created_at", "revision__body"],
    ),
    (
        "drafts",
        _("What I changed last in shared drafts"),
        lambda p: DraftSection.objects.filter(changed_by__person=p),
        ["draft__text__title", "section", "words", "changed_at"],
    ),
    (
        "suggestions",
        _("What I suggested about texts"),
        lambda p: Suggestion.objects.filter(member__person=p),
        ["text__title", "section", "words", "quote", "reason", "state", "made_at", "answer", "hidden_reason"],
    ),
    (
        "positions",
        _("Positions I took"),
        lambda p: Position.objects.filter(member__person=p),
        ["decision__question", "choice", "reason", "at", "way"],
    ),
    (
        "earlier_positions",
        _("What my positions said before I changed them"),
        lambda p: EarlierPosition.objects.filter(position__member__person=p),
        ["position__decision__question", "choice", "reason", "at", "replaced_at"],
    ),
    (
        "answers_to_objections",
        _("What I answered to objections"),
        lambda p: ObjectionAnswer.objects.filter(by=p),
        ["position__decision__question", "body", "at"],
    ),
    (
        "more_time",
        _("Where I gave more time to decide"),
        lambda p: Lengthening.objects.filter(by=p),
        ["decision__question", "was", "closes_at", "reason", "at"],
    ),
    (
        "reopened",
        _("Decisions I reopened"),
        lambda p: Reopening.objects.filter(by=p),
        ["decision__question", "reason", "at"],
    ),
    (
        "substitutes",
        _("My substitutes, and for whom I stand in"),
        lambda p: Substitution.objects.filter(Q(member__person=p) | Q(substitute__person=p)),
        ["partnership__title", "state", "from_at", "until_at", "asked_at", "answered_at", "ended_at"],
    ),
    (
        "commitments",
        _("What I promised"),
        lambda p: Commitment.objects.filter(member__person=p),
        ["partnership__title", "kind", "what", "amount", "unit", "delivered", "due_on", "state", "note"],
    ),
    (
        "needs",
        _("What I asked everybody for"),
        lambda p: Need.objects.filter(created_by=p),
        ["partnership__title", "kind", "what", "amount", "unit", "due_on", "created_at", "closed_why"],
    ),
    (
        "reliefs",
        _("What I wanted to hand on"),
        lambda p: Relief.objects.filter(member__person=p),
        ["commitment__what", "why", "openly", "asked_at", "ended_at"],
    ),
    (
        "taken_over",
        _("What I took over"),
        lambda p: Relief.objects.filter(taken_by__person=p),
        ["commitment__what", "ended_at"],
    ),
    (
        "help",
        _("Help that I was offered or offered"),
        lambda p: ReliefOffer.objects.filter(Q(member__person=p) | Q(by__person=p)),
        ["partnership__title", "words", "at", "accepted", "answered_at"],
    ),
    (
        "thanks",
        _("Thanks that I got or gave"),
        lambda p: Thanks.objects.filter(Q(to__person=p) | Q(by__person=p)),
        ["partnership__title", "words", "at", "shown"],
    ),
    (
        "meetings",
        _("Meetings I was asked to"),
        lambda p: Attendance.objects.filter(member__person=p),
        ["meeting__title", "meeting__starts_at", "answer", "way", "need_kinds", "needs", "attended"],
    ),
    (
        "proposed_items",
        _("What I proposed for agendas"),
        lambda p: AgendaItem.objects.filter(proposed_by__person=p),
        ["meeting__title", "title", "words", "state", "reason", "created_at"],
    ),
    (
        "times",
        _("Times that I said suit me, or not"),
        lambda p: PollMark.objects.filter(member__person=p),
        ["time__poll__title", "time__starts_at", "mark", "at"],
    ),
    (
        "minutes",
        _("Minutes I wrote"),
        lambda p: Minutes.objects.filter(written_by=p),
        ["meeting__title", "number", "body", "note", "written_at", "published_at"],
    ),
    (
        "notes",
        _("What I wrote in workshops"),
        lambda p: Note.objects.filter(phone__member__person=p),
        ["workshop__partnership__title", "prompt__words", "body", "at", "withdrawn_at", "hidden_reason"],
    ),
    (
        "soundings",
        _("What I answered in soundings"),
        lambda p: SoundingMark.objects.filter(voter__member__person=p),
        ["voter__sounding__question", "option__words", "value", "voter__at"],
    ),
    (
        "step_reports",
        _("What I reported on steps"),
        lambda p: StepReport.objects.filter(member__person=p),
        ["step__what", "status", "body", "at"],
    ),
    (
        "handovers",
        _("Steps that I said were public tasks before"),
        lambda p: Handover.objects.filter(marked_by=p),
        ["step__what", "why", "needed", "supplied", "unit", "contested", "marked_at"],
    ),
    (
        "set_aside",
        _("What I set aside at the end of a stage"),
        lambda p: Waiver.objects.filter(Q(by=p) | Q(seconded_by=p)),
        ["visit__partnership__title", "criterion", "reason", "at", "seconded_at", "withdrawn_at"],
    ),
    (
        "accounts",
        _("Accounts I wrote or owe"),
        lambda p: ClosingAccount.objects.filter(writer__person=p),
        ["visit__partnership__title", "follows", "due_on", *ClosingAccount.PARTS, "published_at"],
    ),
    (
        "private_notes",
        _("My private notes"),
        lambda p: PrivateNote.objects.filter(person=p),
        ["request__body__name", "body", "changed_at"],
    ),
    (
        "messages",
        _("Messages to me"),
        lambda p: Notice.objects.filter(recipient=p.pk),
        ["kind", "state", "created_at", "sent_at", "read_at"],
    ),
    (
        "calls",
        _("When I was called because mail did not reach me"),
        lambda p: PhoneCall.objects.filter(Q(member__person=p) | Q(invitation__member__person=p)),
        ["partnership__title", "at"],
    ),
    (
        "message_choices",
        _("When messages of each kind come to me"),
        lambda p: Preference.objects.filter(recipient=p.pk),
        ["kind", "choice"],
    ),
    (
        "record",
        _("My entries in the records"),
        lambda p: Entry.objects.filter(actor=p.pk),
        ["scope", "sequence", "at", "verb"],
    ),
]


def summary(person):
    """[(key, page word, how many rows)] of what is kept about a person, in one query."""
    counted = [
        rows(person)
        .order_by()
        .annotate(table=Value(key, output_field=CharField()))
        .values("table")
        .annotate(rows=Count("*"))
        .values_list("table", "rows")
        for key, _label, rows, _fields in TABLES
    ]
    how_many = dict(counted[0].union(*counted[1:], all=True))
    return [(key, label, how_many.get(key, 0)) for key, label, _rows, _fields in TABLES]


def everything(person):
    """All of it as plain values, ready for JSON: {"person": {…}, key: [{field: value}]}."""
    kept = {"person": {field: getattr(person, field) for field in ABOUT_ME}}
    for key, _label, rows, fields in TABLES:
        kept[key] = list(rows(person).values(*fields))
    return kept
