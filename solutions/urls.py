"""Addresses of this app's pages. Each name is that of its view, its template and its action."""

from django.urls import path

from .views import authorization, bodies, dossiers, handovers, plan, proposals, relief, resources, value

P = "partnerships/<slug:slug>/"
S = P + "solutions/"
A = P + "authorization/"
I = P + "implementation/"  # noqa: E741
D = "dossiers/<uuid:pk>/"
B = "bodies/<uuid:pk>/"

urlpatterns = [
    # solutions
    path(S, proposals.solutions, name="solutions"),
    path(S + "propose/", proposals.propose, name="propose"),
    path(S + "<uuid:pk>/", proposals.proposal, name="proposal"),
    path(S + "<uuid:pk>/choose/", proposals.put_to_choice, name="put_to_choice"),
    path(S + "value/", value.value_proposition, name="value_proposition"),
    path(S + "value/start/", proposals.start_value_proposition, name="start_value_proposition"),
    # authorization, in the partnership
    path(A, authorization.authorization, name="authorization"),
    path(A + "request/", authorization.request_authorization, name="request_authorization"),
    path(A + "<uuid:pk>/withdraw/", authorization.withdraw_request, name="withdraw_request"),
    # authorization, in the body
    path("dossiers/", dossiers.dossiers, name="dossiers"),
    path(D, dossiers.dossier, name="dossier"),
    path(D + "note/", dossiers.note_privately, name="note_privately"),
    path(D + "decision/", dossiers.enter_authorization, name="enter_authorization"),
    path(B, bodies.body, name="body"),
    path(B + "appoint/", bodies.appoint, name="appoint"),
    path(B + "end/<uuid:member>/", bodies.end_appointment, name="end_appointment"),
    # implementation
    path(I, plan.implementation, name="implementation"),
    path(I + "resources/", resources.resources, name="resources"),
    path(I + "<int:number>/", resources.step_numbered, name="step_numbered"),
    path(I + "<uuid:pk>/need/", resources.ask_for_step, name="ask_for_step"),
    path(P + "commitments/<uuid:pk>/take-over/", relief.take_over_commitment, name="take_over_commitment"),
    path(I + "add/", plan.plan_step, name="plan_step"),
    path(I + "measure/<uuid:pk>/", plan.measure, name="measure"),
    path(I + "<uuid:pk>/", plan.step, name="step"),
    path(I + "<uuid:pk>/change/", plan.change_step, name="change_step"),
    path(I + "<uuid:pk>/own/", plan.own_step, name="own_step"),
    path(I + "<uuid:pk>/ask/", plan.ask_owner, name="ask_owner"),
    path(I + "<uuid:pk>/report/", plan.report_step, name="report_step"),
    path(I + "<uuid:pk>/before/", handovers.mark_handover, name="mark_handover"),
    path(I + "<uuid:pk>/before/withdraw/", handovers.withdraw_handover, name="withdraw_handover"),
]
