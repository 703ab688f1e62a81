"""Every page of the site, as whom it is looked at. The addresses that are no page: no_pages.py."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import get_resolver, reverse

from partnerships.models import Text
from partnerships.theme import sheet_name
from solutions.handovers import SUPPORTED
from tests.pages.answers import answered, batch, hiding, own_answered, own_hiding
from tests.pages.finding import (
    a_draw,
    a_template,
    about_the_problem,
    calendar,
    contribution,
    decision,
    dossier,
    failed_decision,
    group,
    in_,
    indicator,
    invitation,
    invitee_list,
    item,
    join_request,
    later_decision,
    letter,
    link,
    meeting,
    mine,
    my_invitation,
    objection,
    others,
    picture,
    poll,
    promise,
    quoting,
    revision,
    section,
    sign_in_link,
    step,
    stop_digests_link,
    suggestion,
    text,
    the_council,
    the_platform,
    unsubscribe_link,
)
from tests.pages.promises import a_thing_to_thank_for, a_volunteer, handed_on, need
from tests.pages.rooms import in_room, room, sounding, workshop

Kind = Text.Kind


@dataclass(frozen=True)
class Page:
    """One page: its name, who looks at it (a name in the cast, or None for a visitor), and where it is."""

    name: str
    who: str | None = None
    args: object = None  # world -> positional arguments of its address
    query: str = ""
    status: int = 200
    query_of: object = None  # world -> the query, where it names a thing
    path_of: object = None  # world -> the whole path, where an address proves itself

    def path(self, world):
        if self.path_of:
            return self.path_of(world).removeprefix(settings.SITE_URL)
        query = self.query_of(world) if self.query_of else self.query
        return reverse(self.name, args=self.args(world) if self.args else []) + query

    def __str__(self):
        return f"{self.name}{self.query} as {self.who or 'a visitor'}"


def pages(names, who=None, args=None, **more):
    return [Page(name, who, args, **more) for name in names.split()]


OWN_TEMPLATE = ["template", "change_template", "change_template_groups", "change_template_gates"]
OWN_TEMPLATE += ["change_template_instruments"]


AROUND = [
    *pages("home partnerships help accessibility privacy api_reference letter_code"),
    *pages("home partnerships mine settings my_data my_notices my_calendars erase_me", "citizen"),
    *pages("mine my_notices my_calendars", "outsider"),
    Page("mine", "citizen", query="?show=moved&where=seaweed"),
    Page("mine", "citizen", query="?due=overdue&order=overdue"),
    Page("my_notices", "citizen", query="?unread=on"),
    *pages("home mine", "convener"),
    *pages("to_call", "convener"),
    *pages("to_call", "case_officer"),
    *pages("platform_messages", "case_officer", the_platform),
    *pages("dossiers mine home", "politician"),
    *pages("dossiers", "secretary"),
    *pages("health", "operator", status=503),  # no worker runs beside the tests
    Page("partnerships", query="?q=nothing+like+this"),
    *pages("platform templates", None, the_platform),
    *pages("platform convene templates platform_settings", "convener", the_platform),
    Page("platform", None, the_platform, query="?q=nothing+like+this"),
    *[
        Page("change_platform", "case_officer", lambda world, part=part: ["solrod", part])
        for part in (
            "words",
            "look",
            "rules",
            "reminders",
            "sending",
            "thresholds",
            "gates",
            "letters",
            "law",
        )
    ],
    *pages("join_register", "citizen", the_platform),
    *pages("join_register", "outsider", the_platform),
    *pages("desk deadlines", "convener", the_platform),
    *pages("desk", "case_officer", the_platform),
    Page("desk", "convener", the_platform, query="?health=late&q=nothing+like+this"),
    Page("template", None, a_template(own=False)),
    *[Page(name, "convener", a_template(own=True)) for name in OWN_TEMPLATE],
    Page("organization", None, the_council),
    *[Page("body", who, the_council) for who in ("secretary", "politician", "operator")],
    *[Page("invitation", path_of=link(state), status=200) for state in ("sent", "seen", "declined")],
    Page("my_invitation", "outsider", my_invitation),
    Page("unsubscribe", path_of=unsubscribe_link),
    Page("unsubscribe", path_of=stop_digests_link),
    Page("sign_in_link", path_of=sign_in_link),
    *pages("demonstration demonstration_mail"),
]
ACCOUNT = [
    *pages("account_login account_signup account_inactive account_reset_password account_request_login_code"),
    *pages("socialaccount_login_cancelled"),
    Page("socialaccount_login_error", status=401),
    *pages("account_logout account_email socialaccount_connections mfa_index", "citizen"),
    *pages("account_reauthenticate account_change_password", "with_password"),
]
BARE = "people say problem solutions authorization implementation commitments meetings decisions record"
READ = f"partnership stages mandate sources {BARE}"
GATHERING = [
    *pages("partnership people mandate stages", None, in_("gathering")),
    *pages(
        "manage invite send_invitations sending invitations letters register_person add_seats show_me_as join_requests "
        "change_mandate ask_promise record_promise change_settings leave export",
        "convener",
        in_("gathering"),
    ),
    *pages("groups leadership", None, in_("gathering")),
    *pages("leadership", "convener", in_("gathering")),
    *pages("leadership", "citizen", in_("gathering")),
    *pages("write_letter plan_stages return_lesson prepare", "convener", in_("gathering")),
    Page("change_mandate", "convener", in_("gathering"), query="?part=gains"),
    *pages("upload_invitees invitee_questions", "convener", in_("gathering")),
    *pages("invite_from_register write_call volunteers", "convener", in_("gathering")),
    Page("invite_from_register", "convener", in_("gathering"), query="?q=nothing+like+this"),
    *pages("call", None, in_("gathering")),
    *pages("call volunteer", "outsider", in_("gathering")),
    *pages("call", "citizen", in_("gathering")),
    *pages("draw", None, in_("gathering", a_draw(drawn=True))),
    *pages("draw", "convener", in_("gathering", a_draw(drawn=True))),
    *pages("draw", "convener", in_("gathering", a_draw(drawn=False))),
    *pages("draw", "convener", in_("gathering", a_draw(drawn=True, call=False))),
    *pages("write_call", "convener", lambda world: ["bath"]),
    *pages("to_call_here sent_messages choose_messages_here", "convener", in_("gathering")),
    *pages("to_call_here sent_messages", "case_officer", in_("gathering")),
    *pages("choose_messages_here", "citizen", in_("seaweed")),
    *pages("draft_invitees", "convener", in_("gathering", invitee_list)),
    Page("write_letter", "convener", in_("gathering"), query="?language=en"),
    *pages("groups add_group", "convener", in_("gathering")),
    *pages("groups", "convener", lambda world: ["bath"]),
    *pages("change_group", "convener", in_("gathering", group)),
    *pages("resend_invitation", "convener", in_("gathering", invitation("bounced"))),
    *pages("withdraw_invitation", "convener", in_("gathering", invitation("sent"))),
    *pages("letter", "convener", in_("gathering", letter)),
    *pages("change_role change_seat", "convener", others),
    *pages("answer_join_request", "convener", in_("gathering", join_request)),
    *pages("ask_to_join", "outsider", in_("gathering")),
    *pages("join_partnership follow partnership", "outsider", lambda world: ["bath"]),
    *pages("follow", "politician", lambda world: ["bath"]),
    *pages(BARE, "convener", lambda world: ["bath"]),
    *pages("manage charter value_proposition", "convener", lambda world: ["bath"]),
]
WORKING = [
    *pages(READ, None, in_("seaweed")),
    *pages(READ, "citizen", in_("seaweed")),
    *pages("manage call_meeting ask_commitment add_indicator propose", "convener", in_("seaweed")),
    *pages("manage export", "case_officer", in_("seaweed")),
    *pages("charter value_proposition", "convener", in_("seaweed")),
    *pages(
        "contribution respond hide_contribution dismiss_reports", "convener", in_("seaweed", contribution)
    ),
    *pages("answers_owed moderation", None, in_("seaweed")),
    *pages("answers_owed answer_together moderation_queue", "convener", in_("seaweed")),
    *pages("moderation_queue", "case_officer", in_("seaweed")),
    Page("answers_owed", "citizen", in_("seaweed"), query="?show=given"),
    Page("answers_owed", "citizen", in_("seaweed"), query="?mine=1"),
    Page("answers_owed", "convener", in_("seaweed"), query="?q=nothing+like+this"),
    *pages("answered_together", None, in_("seaweed", batch)),
    *pages("respond", "convener", in_("seaweed", answered)),
    *pages("contribution contest_answer", "citizen", in_("seaweed", own_answered)),
    *pages("intervention", None, in_("seaweed", hiding)),
    *pages("intervention", "convener", in_("seaweed", hiding)),
    *pages("intervention", "citizen", in_("seaweed", own_hiding)),
    *pages("pause_writing", "convener", lambda world: ["seaweed", world.members["seaweed"][-1].pk]),
    *pages("contribution report_contribution", "outsider", in_("seaweed", contribution)),
    *pages("record_contributions", "convener", in_("seaweed")),
    *pages("change_contribution retract_contribution", "citizen", in_("seaweed", mine)),
    *pages("contribution_history", None, in_("seaweed", mine)),
    Page("contribution", "citizen", path_of=quoting),
    Page("say", "citizen", in_("seaweed"), query="?q=nothing+like+this&files=on"),
    *pages("text write compare open_decision", "convener", in_("seaweed", text(Kind.PROBLEM))),
    *pages("text", None, in_("seaweed", text(Kind.CHARTER))),
    Page("revision", "citizen", revision),
    *pages("texts", None, in_("seaweed")),
    *pages("texts start_text", "convener", in_("seaweed")),
    *pages("write change_headings", "convener", in_("seaweed", text(Kind.NOTE))),
    *pages("ground suggestions", None, in_("seaweed", text(Kind.PROBLEM))),
    *pages("text", "citizen", in_("seaweed", text(Kind.PROBLEM))),
    Page("suggest", "citizen", section),
    *pages("suggestion change_suggestion", "citizen", in_("seaweed", suggestion("open"))),
    *pages("suggestion hide_suggestion", "convener", in_("seaweed", suggestion("open"))),
    *pages("suggestion", None, in_("seaweed", suggestion("taken_up"))),
    *pages("proposal", "citizen", in_("seaweed", text(Kind.PROPOSAL))),
    *pages("proposal put_to_choice", "convener", in_("seaweed", text(Kind.PROPOSAL))),
    *pages("decision", "citizen", in_("seaweed", decision(closed=False))),
    *pages("decision record_position", "convener", in_("seaweed", decision(closed=False))),
    *pages("record_positions lengthen_decision", "convener", in_("seaweed", decision(closed=False))),
    Page("answer_objection", "convener", objection),
    *pages("reopen_decision", "convener", in_("seaweed", failed_decision)),
    *pages("decision", "convener", in_("seaweed", failed_decision)),
    *pages("decision", "citizen", in_("seaweed", later_decision)),
    *pages("substitutes", "citizen", in_("seaweed")),
    *pages("substitutes", None, in_("seaweed")),
    Page("decisions", "convener", in_("seaweed"), query="?state=not&q=nothing+like+this"),
    *pages("decision", None, in_("seaweed", decision(closed=True))),
    *[
        Page("commitment", "convener", in_("seaweed", promise(state)))
        for state in ("asked", "offered", "accepted")
    ],
    *pages("ask_everyone who_carries_much", "convener", in_("seaweed")),
    *pages("need", "citizen", in_("seaweed", need)),
    *pages("need", "convener", in_("seaweed", need)),
    *pages("commitment", "citizen", in_("seaweed", handed_on)),
    *pages("offer_relief", "convener", in_("seaweed", a_volunteer)),
    Page("commitments", "citizen", in_("seaweed"), query="?q=nothing+like+this"),
    *[
        Page("member", "citizen", in_("seaweed", a_volunteer), query=f"?show={part}")
        for part in ("said", "wrote", "decided", "promised", "attended", "carried", "thanks")
    ],
    *pages("member", None, in_("seaweed", a_volunteer)),
    Page("thank", "convener", a_thing_to_thank_for),
    *pages("leave", "citizen", in_("seaweed")),
    Page("record", None, in_("seaweed"), query="?q=nothing+like+this"),
    Page("record_entry", "citizen", lambda world: ["seaweed", 1]),
    *pages("meeting", "citizen", in_("seaweed", meeting(over=False))),
    *pages("meeting change_meeting cancel_meeting", "convener", in_("seaweed", meeting(over=False))),
    *pages("meeting record_attendance write_minutes", "convener", in_("seaweed", meeting(over=True))),
    *pages(
        "promise_in_meeting say_in_meeting decide_in_meeting", "convener", in_("seaweed", meeting(over=True))
    ),
    Page("decide_in_meeting", "convener", in_("seaweed", meeting(over=True)), query_of=about_the_problem),
    *pages("minutes_versions", None, in_("seaweed", meeting(over=True))),
    *pages("meeting meeting_needs agenda pick_items", "convener", in_("seaweed", meeting(over=False))),
    *pages("answer_meeting propose_item", "citizen", in_("seaweed", meeting(over=False))),
    Page("change_item", "convener", item),
    *pages("open_poll", "convener", in_("seaweed")),
    *pages("poll", "convener", in_("seaweed", poll)),
    *pages("poll", "citizen", in_("seaweed", poll)),
    *pages("change_indicator", "convener", in_("seaweed", indicator)),
]
ROOMS = [
    *pages("workshop_code"),
    *pages("phone", None, room),
    *pages("phone", "convener", room),
    *pages("phone", "citizen", room),
    *pages("change_note", "citizen", in_room(lambda world: world.own_note.pk)),
    *pages("phone_sounding", "citizen", in_room(lambda world: world.asked[3].pk)),
    *pages("start_workshop", "convener", in_("seaweed", meeting(over=False))),
    *pages("workshop workshop_wall type_notes end_workshop", "convener", workshop),
    *[
        Page("workshop", "convener", workshop, query=query)
        for query in ("?theme=all", "?theme=hidden", "?q=no+such")
    ],
    Page("workshop_wall", "citizen", workshop, query="?look=dark"),
    *pages("change_cluster", "convener", lambda world: ["seaweed", world.room.clusters.first().pk]),
    *pages("soundings", None, in_("seaweed")),
    *pages("soundings", "citizen", in_("seaweed")),
    Page("soundings", "convener", in_("seaweed"), query="?q=nothing+like+this"),
    *pages("open_sounding", "convener", in_("seaweed")),
    *[Page("sounding", "citizen", sounding(number)) for number in range(4)],
    *[Page("sounding", who, sounding(4)) for who in (None, "convener")],
]
CARRYING_OUT = [
    *pages("partnership authorization value_proposition manage", "convener", in_("asking")),
    *pages("request_authorization", "convener", in_("asking")),
    *[Page("dossier", who, dossier("asking")) for who in ("politician", "secretary", "convener", None)],
    Page("enter_authorization", "secretary", dossier("asking")),
    *pages("partnership authorization implementation stages", None, in_("doing")),
    *pages("implementation plan_step", "convener", in_("doing")),
    *pages("step change_step ask_owner", "convener", in_("doing", step)),
    *pages("step", "citizen", in_("doing", step)),
    *pages("measure", "convener", in_("doing", indicator)),
    *pages("resources", None, in_("doing")),
    *pages("resources", "convener", in_("doing")),
    *pages("ask_for_step", "convener", in_("doing", step)),
]
ENDING = [
    *pages("partnership stages people", None, in_("resting")),
    *pages("manage decisions", "convener", in_("resting")),
    *pages("closing_account stages partnership", None, in_("ended")),
    *pages("closing_account write_account manage", "convener", in_("ended")),
    *pages("closing_account", None, in_("told")),
    *pages("waive_together", "convener", lambda world: ["doing", SUPPORTED]),
    *pages("waive_together", "citizen", lambda world: ["doing", SUPPORTED]),
    *pages("mark_handover", "citizen", in_("doing", step)),
]
SITE = [*AROUND, *ACCOUNT, *GATHERING, *WORKING, *ROOMS, *CARRYING_OUT, *ENDING]

FILES = [  # fetched like pages, but nothing that a browser draws
    Page("calendar_feed", path_of=calendar),
    *pages("to_call_file", "convener"),
    *pages("to_call_here_file", "convener", in_("gathering")),
    *pages("api_schema journal_verifier"),
    *pages("example_invitees invitations_file", "convener", in_("gathering")),
    *pages("lots_checker"),
    *pages("draw_file", None, in_("gathering", a_draw(drawn=True))),
    *pages("desk_file deadlines_file deadlines_calendar", "convener", the_platform),
    *pages("journal_file", "convener", in_("seaweed")),
    *pages("partnership_feed", None, in_("seaweed")),
    *pages("platform_feed", None, the_platform),
    Page("revision_pdf", None, revision),
    Page("revision_odt", "citizen", revision),
    *pages("decision_file", "convener", in_("seaweed", decision(closed=True))),
    *pages("meeting_calendar", "citizen", in_("seaweed", meeting(over=False))),
    *pages("attachment attachment_preview", None, picture),
    *pages("letter_qr", "convener", in_("gathering", letter)),
    *pages("workshop_qr", "citizen", workshop),
    *pages("phone_now", "citizen", room),
    *pages("theme", None, lambda world: [sheet_name(world.cast.platform.accent)]),
    *pages("logo", None, lambda world: ["solrod", world.cast.platform.logo]),
]


def names_of(resolver=None):
    """The names of every address of the site but the admin's, which are Django's own pages."""
    found = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            found |= set() if getattr(entry, "app_name", None) == "admin" else names_of(entry)
        elif entry.name:
            found.add(entry.name)
    return found


def interfaces(world):
    """The lists of the API, as somebody who reads all of them."""
    names = sorted(name for name in names_of() if name.startswith("api_") and name.endswith("-list"))
    record = f"?partnership={world.cast.partnership.pk}"
    return [Page(name, "convener", query=record if name == "api_record-list" else "") for name in names]
