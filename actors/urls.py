"""Addresses of sign-in and of what is one's own."""

from django.urls import include, path

from .views import organizations, settings, sign_in

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("sign-in/<uuid:pk>/<str:given>/", sign_in.sign_in_link, name="sign_in_link"),
    path("settings/", settings.settings, name="settings"),
    path("settings/messages/", settings.choose_messages, name="choose_messages"),
    path("settings/affiliations/", settings.affiliate, name="affiliate"),
    path("settings/affiliations/<uuid:pk>/end/", settings.end_affiliation, name="end_affiliation"),
    path("organizations/<uuid:pk>/", organizations.organization, name="organization"),
]
