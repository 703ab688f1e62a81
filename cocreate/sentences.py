"""The words of the record: a sentence for every verb of the journal, the filters, what short keys mean."""

from django.utils.translation import gettext_lazy

from actors.models import Sector
from partnerships.models import Appeal, ClosingAccount, Member
from partnerships.models.answering import Outcome
from partnerships.models.decisions import DecisionOutcome
from partnerships.models.suggestions import SuggestionState
from partnerships.stages import Stage
from solutions.models import AuthorizationOutcome, StepStatus

SENTENCES = {  # verb -> what happened; %(who)s is who did it, the rest are the entry's ids by name
    "partnership.convened": gettext_lazy("%(who)s convened the partnership."),
    "partnership.begun": gettext_lazy("%(who)s opened the partnership to those it is for."),
    "partnership.changed": gettext_lazy("%(who)s changed how the partnership is shown or joined."),
    "partnership.exported": gettext_lazy("%(who)s took out the whole case as a file."),
    "mandate.changed": gettext_lazy("%(who)s changed the mandate."),
    "promise.asked": gettext_lazy("%(who)s asked for a promise: %(promise)s"),
    "promise.given": gettext_lazy("The promise was given: %(promise)s"),
    "promise.declined": gettext_lazy("The promise was declined: %(promise)s"),
    "stage.moved": gettext_lazy("%(who)s moved the partnership from “%(was)s” to “%(to)s”."),
    "stages.planned": gettext_lazy("%(who)s planned how long the stages take."),
    "stage.due_changed": gettext_lazy("%(who)s changed when the stage is due."),
    "criterion.waived": gettext_lazy("%(who)s set a criterion aside, with a reason."),
    "criterion.waiver_proposed": gettext_lazy("%(who)s signed first for setting a required criterion aside."),
    "criterion.waiver_joined": gettext_lazy("%(who)s signed second for setting a required criterion aside."),
    "criterion.waiver_withdrawn": gettext_lazy("What was signed about a required criterion is over."),
    "criterion.set_aside": gettext_lazy(
        "%(who)s went on with a required criterion that two sides had set aside together, with a reason."
    ),
    "partnership.paused": gettext_lazy("%(who)s paused the partnership, with a reason."),
    "partnership.resumed": gettext_lazy(
        "%(who)s let the partnership go on; what was due moved on by days: %(days)s."
    ),
    "account.owed": gettext_lazy("What follows is said, and %(member)s owes the account: %(follows)s."),
    "account.written": gettext_lazy("%(who)s wrote on the account of what came of it."),
    "account.published": gettext_lazy("%(who)s published the account of what came of it."),
    # who is here
    "invitation.drafted": gettext_lazy("%(who)s drafted invitations: %(count)s."),
    "invitation.sent": gettext_lazy("%(who)s sent invitations: %(count)s."),
    "invitation.posted": gettext_lazy("%(who)s printed invitations as letters: %(count)s."),
    "invitation.resent": gettext_lazy("%(who)s sent an invitation again."),
    "invitation.reminded": gettext_lazy("People who had not answered their invitation got a reminder."),
    "invitation.expired": gettext_lazy("Invitations ran out without an answer: %(count)s."),
    "invitation.withdrawn": gettext_lazy("%(who)s withdrew an invitation."),
    "invitation.drafts_withdrawn": gettext_lazy("%(who)s withdrew drafts of invitations: %(count)s."),
    "invitation.accepted": gettext_lazy("%(who)s said yes to an invitation."),
    "invitation.declined": gettext_lazy("An invitation was declined."),
    "invitation.left_register": gettext_lazy(
        "Drafts of invitations were withdrawn, since their people left the register: %(count)s."
    ),
    "invitation.forgotten": gettext_lazy("Addresses of people who did not join were erased: %(count)s."),
    "invitation.delegated": gettext_lazy("Somebody who was invited passed it on to a colleague."),
    "question.asked": gettext_lazy("Somebody who is invited asked a question."),
    "question.answered": gettext_lazy("%(who)s answered a question about an invitation."),
    "call.opened": gettext_lazy("%(who)s opened a call for people to put themselves forward."),
    "call.changed": gettext_lazy("%(who)s changed the open call."),
    "call.closed": gettext_lazy("%(who)s ended the open call early."),
    "call.reopened": gettext_lazy("%(who)s opened the call again."),
    "volunteer.came": gettext_lazy("%(who)s put themselves forward."),
    "volunteer.changed": gettext_lazy("%(who)s changed what they said when they put themselves forward."),
    "volunteer.stepped_back": gettext_lazy("%(who)s stepped back from the call."),
    "volunteer.chosen": gettext_lazy("%(member)s was chosen among those who put themselves forward."),
    "volunteer.thanked": gettext_lazy("%(who)s thanked those who were not chosen: %(count)s."),
    "lots.frozen": gettext_lazy("%(who)s froze a list to draw %(seats)s of %(count)s by lot."),
    "lots.taken_back": gettext_lazy("%(who)s took a frozen list back. Nothing was drawn from it."),
    "lots.drawn": gettext_lazy("%(who)s drew lots. Drawn: %(lots)s."),
    "lots.next_asked": gettext_lazy("%(who)s asked the next on a reserve list."),
    "member.joined": gettext_lazy("%(member)s joined."),
    "member.registered": gettext_lazy("%(who)s registered %(member)s, with their agreement."),
    "member.left": gettext_lazy("%(member)s left."),
    "member.role_changed": gettext_lazy("%(who)s made %(member)s: %(role)s."),
    "member.seat_changed": gettext_lazy("%(who)s seated %(member)s for: %(sector)s."),
    "member.shown_otherwise": gettext_lazy("%(member)s chose another way to be shown."),
    "join.requested": gettext_lazy("%(who)s asked to join."),
    "join.accepted": gettext_lazy("%(who)s said yes to somebody who asked to join."),
    "join.declined": gettext_lazy("%(who)s said no to somebody who asked to join, with a reason."),
    "join.withdrawn": gettext_lazy("%(who)s withdrew a request to join."),
    "seats.added": gettext_lazy("%(who)s set open seats at the table."),
    "seat.removed": gettext_lazy("%(who)s took an open seat away."),
    "group.added": gettext_lazy("%(who)s put a group on the map of who should be at the table."),
    "group.changed": gettext_lazy("%(who)s changed the map of who should be at the table."),
    "group.removed": gettext_lazy("%(who)s took a group off the map of who should be at the table."),
    "template.forked": gettext_lazy("%(who)s copied a template for the platform."),
    "template.changed": gettext_lazy("%(who)s changed a template of the platform."),
    "template.retired": gettext_lazy("%(who)s took a template of the platform out of use."),
    "phone.called": gettext_lazy("%(who)s called somebody whom mail does not reach."),
    "leadership.offered": gettext_lazy("%(who)s asked %(member)s to carry a function."),
    "leadership.accepted": gettext_lazy("%(member)s carries a function now."),
    "leadership.declined": gettext_lazy("%(member)s said no to a function."),
    "leadership.ended": gettext_lazy("%(member)s carries a function no longer."),
    "letter.written": gettext_lazy("%(who)s wrote what an invitation says."),
    "lesson.returned": gettext_lazy("%(who)s gave back to the template what was learned here."),
    # say
    "contribution.said": gettext_lazy("%(who)s said something."),
    "contribution.changed": gettext_lazy("%(who)s changed what they had said."),
    "contribution.file_removed": gettext_lazy("%(who)s took away a file beside what they had said."),
    "contribution.retracted": gettext_lazy("%(who)s took back what they had said."),
    "contribution.recorded": gettext_lazy("%(who)s typed in what others had said: %(contributions)s."),
    "contribution.answered": gettext_lazy("%(who)s answered a contribution: %(outcome)s."),
    "contribution.answer_changed": gettext_lazy("%(who)s changed the answer to a contribution: %(outcome)s."),
    "contribution.answered_together": gettext_lazy(
        "%(who)s answered contributions together: %(count)s. %(outcome)s."
    ),
    "contribution.answer_contested": gettext_lazy(
        "%(who)s said that an answer does not answer what they asked."
    ),
    "contribution.came_back": gettext_lazy(
        "The day came to which answers were put off, so they are owed once more: %(count)s."
    ),
    "contribution.taken_on": gettext_lazy("%(who)s took it on to answer a contribution."),
    "contribution.released": gettext_lazy("A contribution waits again for whoever answers it."),
    "contribution.reported": gettext_lazy("%(who)s reported a contribution."),
    "contribution.hidden": gettext_lazy("%(who)s hid a contribution by the ground rules."),
    "contribution.shown": gettext_lazy("%(who)s showed a hidden contribution again."),
    "contribution.report_dismissed": gettext_lazy("%(who)s left a reported contribution as it is."),
    "writing.paused": gettext_lazy(
        "%(who)s paused a member’s writing by the ground rules, for days: %(days)s."
    ),
    "writing.resumed": gettext_lazy("A member whose writing was paused can write again."),
    "appeal.made": gettext_lazy("%(who)s appealed against what was done by the ground rules."),
    "appeal.decided": gettext_lazy("%(who)s decided an appeal: %(outcome)s."),
    # write and decide
    "text.started": gettext_lazy("%(who)s began the text “%(text)s”."),
    "text.revised": gettext_lazy("%(who)s wrote %(revision)s."),
    "text.author_joined": gettext_lazy("%(who)s joined in writing “%(text)s”."),
    "text.sections_changed": gettext_lazy("%(who)s changed the sections of “%(text)s”."),
    "text.draft_discarded": gettext_lazy("%(who)s dropped the authors’ draft of “%(text)s”."),
    "suggestion.made": gettext_lazy("%(who)s suggested something about “%(text)s”."),
    "suggestion.changed": gettext_lazy("%(who)s changed a suggestion of their own."),
    "suggestion.withdrawn": gettext_lazy("%(who)s took back a suggestion."),
    "suggestion.answered": gettext_lazy("%(who)s answered a suggestion about “%(text)s”: %(outcome)s."),
    "suggestion.hidden": gettext_lazy("%(who)s hid a suggestion by the ground rules."),
    "proposal.made": gettext_lazy("%(who)s proposed “%(text)s”."),
    "value.started": gettext_lazy("%(who)s began the value proposition."),
    "decision.opened": gettext_lazy("%(who)s opened a decision: %(decision)s"),
    "decision.planned": gettext_lazy("%(who)s set a decision to open later: %(decision)s"),
    "decision.begun": gettext_lazy("The decision “%(decision)s” opened, as it was set to."),
    "decision.advice_asked": gettext_lazy("%(who)s asked the members for advice: %(decision)s"),
    "decision.lengthened": gettext_lazy("%(who)s gave more time for the decision “%(decision)s”."),
    "decision.reopened": gettext_lazy("%(who)s reopened the decision “%(decision)s”, with a reason."),
    "objection.answered": gettext_lazy("%(who)s answered the objection of %(member)s: %(decision)s"),
    "decision.closed": gettext_lazy("The decision “%(decision)s” closed: %(outcome)s."),
    "decision.withdrawn": gettext_lazy("%(who)s withdrew the decision “%(decision)s”."),
    "position.taken": gettext_lazy("%(who)s took a position: %(decision)s"),
    "position.recorded": gettext_lazy("%(who)s wrote down the position of %(member)s: %(decision)s"),
    "position.taken_for": gettext_lazy("%(who)s took a position for %(member)s: %(decision)s"),
    "substitute.asked": gettext_lazy("%(who)s asked %(substitute)s to stand in for them."),
    "substitute.accepted": gettext_lazy("%(substitute)s stands in for %(member)s."),
    "substitute.declined": gettext_lazy("%(substitute)s said no to standing in for %(member)s."),
    "substitute.ended": gettext_lazy("%(substitute)s stands in for %(member)s no longer."),
    # commit and meet
    "commitment.offered": gettext_lazy("%(who)s offered: %(commitment)s"),
    "commitment.asked": gettext_lazy("%(who)s asked %(member)s for: %(commitment)s"),
    "commitment.accepted": gettext_lazy("%(who)s accepted: %(commitment)s"),
    "commitment.declined": gettext_lazy("%(who)s declined: %(commitment)s"),
    "commitment.kept": gettext_lazy("Kept: %(commitment)s"),
    "commitment.partly": gettext_lazy("Kept in part: %(commitment)s"),
    "commitment.missed": gettext_lazy("Missed: %(commitment)s"),
    "commitment.withdrawn": gettext_lazy("%(who)s withdrew: %(commitment)s"),
    "commitment.renegotiated": gettext_lazy("%(who)s renegotiated: %(commitment)s"),
    "commitment.taken_over": gettext_lazy("%(who)s took over from %(member)s: %(commitment)s"),
    "need.asked": gettext_lazy("%(who)s asked everybody for: %(need)s"),
    "need.closed": gettext_lazy("%(who)s said that this is needed no longer: %(need)s"),
    "relief.asked": gettext_lazy("%(who)s asked others to take over: %(commitment)s"),
    "relief.withdrawn": gettext_lazy("%(who)s keeps after all: %(commitment)s"),
    "relief.offered": gettext_lazy("%(who)s offered help to %(member)s."),
    "relief.answered": gettext_lazy("%(who)s answered an offer of help."),
    "thanks.given": gettext_lazy("%(who)s thanked somebody."),
    "thanks.shown": gettext_lazy("%(member)s lets others read what they were thanked for."),
    "thanks.kept": gettext_lazy("%(member)s keeps to themselves what they were thanked for."),
    "meeting.called": gettext_lazy("%(who)s called the meeting “%(meeting)s”."),
    "meeting.changed": gettext_lazy("%(who)s changed the meeting “%(meeting)s”."),
    "meeting.cancelled": gettext_lazy("%(who)s cancelled the meeting “%(meeting)s”."),
    "meeting.answered": gettext_lazy("%(who)s answered whether they come to “%(meeting)s”."),
    "meeting.attended": gettext_lazy("%(who)s wrote down who came to “%(meeting)s”: %(came)s."),
    "meeting.minuted": gettext_lazy("%(who)s published the minutes of “%(meeting)s”."),
    "minutes.drafted": gettext_lazy("%(who)s drafted the minutes of “%(meeting)s”."),
    "agenda.changed": gettext_lazy("%(who)s changed the agenda of “%(meeting)s”."),
    "agenda.sent": gettext_lazy("%(who)s sent the agenda of “%(meeting)s” to the members."),
    "agenda.proposed": gettext_lazy("%(who)s proposed an item for “%(meeting)s”."),
    "agenda.item_taken": gettext_lazy("%(who)s took a proposed item on the agenda of “%(meeting)s”."),
    "agenda.item_declined": gettext_lazy("%(who)s said why a proposed item is not taken at “%(meeting)s”."),
    "poll.opened": gettext_lazy("%(who)s asked the members which of %(count)s times suit them."),
    "poll.answered": gettext_lazy("%(who)s said which times suit them."),
    "poll.settled": gettext_lazy("%(who)s chose a time, and the meeting “%(meeting)s” was called."),
    "poll.withdrawn": gettext_lazy("%(who)s stopped looking for a time to meet."),
    "workshop.started": gettext_lazy("%(who)s started a workshop at “%(meeting)s”."),
    "workshop.ended": gettext_lazy(
        "%(who)s ended the workshop at “%(meeting)s”. What was written landed in the conversation: "
        "%(notes)s notes, %(themes)s themes."
    ),
    "workshop.notes_hidden": gettext_lazy("%(who)s hid notes in a workshop by the ground rules: %(notes)s."),
    "workshop.notes_shown": gettext_lazy("%(who)s showed hidden notes in a workshop again: %(notes)s."),
    "workshop.paper_typed": gettext_lazy("%(who)s typed in notes from paper: %(notes)s."),
    "workshop.note_late": gettext_lazy(
        "A note arrived after the end of a workshop, and landed with the others."
    ),
    "sounding.opened": gettext_lazy("%(who)s opened the sounding “%(sounding)s”."),
    "sounding.closed": gettext_lazy("%(who)s closed the sounding “%(sounding)s”."),
    # authorization, plan, measures
    "authorization.requested": gettext_lazy("%(who)s asked for authorization of %(revision)s."),
    "authorization.withdrawn": gettext_lazy("%(who)s withdrew a request for authorization."),
    "authorization.entered": gettext_lazy(
        "%(who)s entered the body’s answer about %(revision)s: %(outcome)s."
    ),
    "step.planned": gettext_lazy("%(who)s planned the step “%(step)s”."),
    "step.changed": gettext_lazy("%(who)s changed when “%(step)s” is due."),
    "step.owner_found": gettext_lazy("%(who)s found an owner for “%(step)s”."),
    "handover.marked": gettext_lazy("%(who)s said that “%(step)s” was a public task before."),
    "handover.contested": gettext_lazy(
        "%(who)s contested that “%(step)s” is new: it was a public task before."
    ),
    "handover.corrected": gettext_lazy("%(who)s corrected what “%(step)s” needs, and what is supplied."),
    "handover.withdrawn": gettext_lazy("%(who)s took back that “%(step)s” was a public task before."),
    "step.reported": gettext_lazy("%(who)s reported on “%(step)s”: %(status)s."),
    "indicator.added": gettext_lazy("%(who)s added the measure “%(indicator)s”."),
    "indicator.changed": gettext_lazy("%(who)s changed the measure “%(indicator)s”."),
    "indicator.measured": gettext_lazy("%(who)s entered a measurement: %(indicator)s."),
}
ELSEWHERE = {  # verbs whose scope is a person, an organization or a platform: they stand in no partnership's record
    *("register.joined", "register.kept", "register.left"),
    *("person.corrected", "person.chose_messages", "person.forgotten"),
    *("organization.added", "affiliation.added", "affiliation.ended", "office.given", "office.ended"),
    *("body.appointed", "body.ended"),
    *("platform.opened", "platform.changed", "person.made_operator", "person.ended_operator"),
}
FILTERS = {  # key -> (label, nouns)
    "people": (
        gettext_lazy("Who is here"),
        ("invitation", "member", "join", "seat", "seats", "substitute", "call", "volunteer", "lots"),
    ),
    "words": (
        gettext_lazy("What was said"),
        ("contribution", "writing", "appeal", "workshop", "sounding"),
    ),
    "texts": (
        gettext_lazy("Texts and decisions"),
        ("text", "suggestion", "proposal", "value", "decision", "position", "objection"),
    ),
    "deeds": (
        gettext_lazy("Promises and meetings"),
        ("commitment", "need", "relief", "thanks", "meeting", "minutes", "agenda", "poll"),
    ),
    "plan": (
        gettext_lazy("Authorization, plan and measures"),
        ("authorization", "step", "handover", "indicator"),
    ),
    "frame": (
        gettext_lazy("Mandate and stages"),
        ("partnership", "mandate", "promise", "stage", "criterion", "account"),
    ),
}
WORDS = {  # id name -> the choices that its short keys come from
    "was": Stage,
    "to": Stage,
    "role": Member.Role,
    "sector": Sector,
    "status": StepStatus,
    "follows": ClosingAccount.Follows,
}
OUTCOMES = {
    "appeal": Appeal.State,
    "contribution": Outcome,
    "decision": DecisionOutcome,
    "authorization": AuthorizationOutcome,
    "suggestion": SuggestionState,
}
