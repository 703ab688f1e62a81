"""Addresses of the arena's pages. Each name is that of its view, its template and its action."""

from django.urls import path

from .views import (
    answers,
    arenas,
    closing,
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
    questions,
    templates,
    texts,
    writing,
)

P = "partnerships/<slug:slug>/"
C = P + "say/<uuid:pk>/"
I = P + "invitations/<uuid:pk>/"  # noqa: E741
T = P + "texts/<uuid:pk>/"
D = P + "decisions/<uuid:pk>/"

urlpatterns = [
    # convene
    path("partnerships/", platforms.partnerships, name="partnerships"),
    path("platforms/<slug:slug>/", platforms.platform, name="platform"),
    path("platforms/<slug:slug>/convene/", arenas.convene, name="convene"),
    path("platforms/<slug:slug>/templates/", templates.templates, name="templates"),
    path("platforms/<slug:slug>/templates/<uuid:pk>/", templates.template, name="template"),
    path("platforms/<slug:slug>/templates/<uuid:pk>/fork/", templates.fork_template, name="fork_template"),
    path(
        "platforms/<slug:slug>/templates/<uuid:pk>/change/", templates.change_template, name="change_template"
    ),
    path(
        "platforms/<slug:slug>/templates/<uuid:pk>/retire/", templates.retire_template, name="retire_template"
    ),
    path("platforms/<slug:slug>/offices/", platforms.give_office, name="give_office"),
    path("platforms/<slug:slug>/offices/<uuid:pk>/end/", platforms.end_office, name="end_office"),
    path(P + "mandate/", arenas.mandate, name="mandate"),
    path(P + "mandate/change/", arenas.change_mandate, name="change_mandate"),
    path(P + "mandate/promise/ask/", arenas.ask_promise, name="ask_promise"),
    path(P + "mandate/promise/", arenas.record_promise, name="record_promise"),
    path(P + "mandate/time/", arenas.plan_stages, name="plan_stages"),
    path(P + "lesson/", templates.return_lesson, name="return_lesson"),
    path(P + "account/", closing.closing_account, name="closing_account"),
    path(P + "account/write/", closing.write_account, name="write_account"),
    path(P + "account/publish/", closing.publish_account, name="publish_account"),
    path(P + "settings/", arenas.change_settings, name="change_settings"),
    # invite
    path(P + "invite/", invitations.invite, name="invite"),
    path(P + "invite/file/", invitees.upload_invitees, name="upload_invitees"),
    path(P + "invite/file/example.csv", invitees.example_invitees, name="example_invitees"),
    path(P + "invite/file/<uuid:pk>/", invitees.draft_invitees, name="draft_invitees"),
    path(P + "invite/words/", letters.write_letter, name="write_letter"),
    path(P + "invite/send/", invitations.send_invitations, name="send_invitations"),
    path(P + "invitations/", invitations.invitations, name="invitations"),
    path(P + "invitations/questions/", questions.invitee_questions, name="invitee_questions"),
    path(P + "invitations/questions/<uuid:pk>/", questions.answer_question, name="answer_question"),
    path(P + "invitations/letters/", letters.letters, name="letters"),
    path(P + "invitations/letters/posted/", letters.post_letters, name="post_letters"),
    path(I + "remind/", invitations.remind_invitation, name="remind_invitation"),
    path(I + "again/", invitations.resend_invitation, name="resend_invitation"),
    path(I + "withdraw/", invitations.withdraw_invitation, name="withdraw_invitation"),
    path(I + "letter/", letters.letter, name="letter"),
    path(I + "qr.svg", letters.letter_qr, name="letter_qr"),
    # who should be at the table
    path(P + "groups/", groups.groups, name="groups"),
    path(P + "groups/add/", groups.add_group, name="add_group"),
    path(P + "groups/<uuid:pk>/", groups.change_group, name="change_group"),
    path(P + "groups/<uuid:pk>/remove/", groups.remove_group, name="remove_group"),
    # answer
    path("i/<uuid:pk>/<str:given>/", answers.invitation, name="invitation"),
    path("letter/", answers.letter_code, name="letter_code"),
    # people
    path(P + "people/", members.people, name="people"),
    path(P + "people/register/", invitations.register_person, name="register_person"),
    path(P + "people/seats/", members.add_seats, name="add_seats"),
    path(P + "people/seats/<uuid:pk>/remove/", members.remove_seat, name="remove_seat"),
    path(P + "people/me/", members.show_me_as, name="show_me_as"),
    path(P + "people/leadership/", leadership.leadership, name="leadership"),
    path(P + "people/leadership/<uuid:pk>/answer/", leadership.answer_leadership, name="answer_leadership"),
    path(P + "people/leadership/<uuid:pk>/end/", leadership.end_leadership, name="end_leadership"),
    path(P + "people/<uuid:pk>/role/", members.change_role, name="change_role"),
    path(P + "people/<uuid:pk>/seat/", members.change_seat, name="change_seat"),
    path(P + "join/", members.join_partnership, name="join_partnership"),
    path(P + "join/ask/", members.ask_to_join, name="ask_to_join"),
    path(P + "join-requests/", members.join_requests, name="join_requests"),
    path(P + "join-requests/<uuid:pk>/", members.answer_join_request, name="answer_join_request"),
    path(
        P + "join-requests/<uuid:pk>/withdraw/", members.withdraw_join_request, name="withdraw_join_request"
    ),
    path(P + "leave/", members.leave, name="leave"),
    # say
    path(P + "say/", contributions.say, name="say"),
    path(C, contributions.contribution, name="contribution"),
    path(C + "respond/", contributions.respond, name="respond"),
    path(C + "report/", contributions.report_contribution, name="report_contribution"),
    path(C + "hide/", contributions.hide_contribution, name="hide_contribution"),
    path(C + "show/", contributions.show_contribution, name="show_contribution"),
    path(C + "dismiss/", contributions.dismiss_reports, name="dismiss_reports"),
    # commit
    path(P + "commitments/", commitments.commitments, name="commitments"),
    path(P + "commitments/ask/", commitments.ask_commitment, name="ask_commitment"),
    path(P + "commitments/<uuid:pk>/", commitments.commitment, name="commitment"),
    path(P + "commitments/<uuid:pk>/accept/", commitments.accept_commitment, name="accept_commitment"),
    path(P + "commitments/<uuid:pk>/decline/", commitments.decline_commitment, name="decline_commitment"),
    path(P + "commitments/<uuid:pk>/settle/", commitments.settle_commitment, name="settle_commitment"),
    path(
        P + "commitments/<uuid:pk>/take-back/", commitments.take_back_commitment, name="take_back_commitment"
    ),
    path(
        P + "commitments/<uuid:pk>/change/", commitments.renegotiate_commitment, name="renegotiate_commitment"
    ),
    # meet
    path(P + "meetings/", meetings.meetings, name="meetings"),
    path(P + "meetings/call/", meetings.call_meeting, name="call_meeting"),
    path(P + "meetings/<uuid:pk>/", meetings.meeting, name="meeting"),
    path(P + "meetings/<uuid:pk>/answer/", meetings.answer_meeting, name="answer_meeting"),
    path(P + "meetings/<uuid:pk>/change/", meetings.change_meeting, name="change_meeting"),
    path(P + "meetings/<uuid:pk>/cancel/", meetings.cancel_meeting, name="cancel_meeting"),
    path(P + "meetings/<uuid:pk>/attendance/", meetings.record_attendance, name="record_attendance"),
    path(P + "meetings/<uuid:pk>/minutes/", meetings.write_minutes, name="write_minutes"),
    path(P + "meetings/<uuid:pk>/calendar.ics", meetings.meeting_calendar, name="meeting_calendar"),
    # write
    path(P + "charter/", texts.charter, name="charter"),
    path(P + "charter/start/", texts.start_charter, name="start_charter"),
    path(T, texts.text, name="text"),
    path(T + "write/", writing.write, name="write"),
    path(T + "join/", texts.join_authors, name="join_authors"),
    path(T + "revisions/<int:number>/", texts.revision, name="revision"),
    path(T + "compare/", texts.compare, name="compare"),
    # decide
    path(T + "decide/", decisions.open_decision, name="open_decision"),
    path(P + "decisions/", decisions.decisions, name="decisions"),
    path(D, decisions.decision, name="decision"),
    path(D + "position/", decisions.take_position, name="take_position"),
    path(D + "record/", decisions.record_position, name="record_position"),
    path(D + "close/", decisions.close_decision, name="close_decision"),
    path(D + "withdraw/", decisions.withdraw_decision, name="withdraw_decision"),
]
