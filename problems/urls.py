"""Addresses of this app's pages. Each name is that of its view, its template and its action."""

from django.urls import path

from . import views

P = "partnerships/<slug:slug>/problem/"

urlpatterns = [
    path(P, views.problem, name="problem"),
    path(P + "start/", views.start_definition, name="start_definition"),
    path(P + "indicators/add/", views.add_indicator, name="add_indicator"),
    path(P + "indicators/<uuid:pk>/", views.change_indicator, name="change_indicator"),
]
