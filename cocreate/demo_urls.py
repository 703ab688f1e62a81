"""Addresses of the demonstration. They exist only where DEMO is on, and DEMO is refused on a public address."""

from django.urls import path

from cocreate.views import demonstration

urlpatterns = [
    path("", demonstration.demonstration, name="demonstration"),
    path("be/<slug:key>/", demonstration.be, name="be"),
    path("mail/", demonstration.demonstration_mail, name="demonstration_mail"),
    path("mail/<str:key>/", demonstration.demonstration_letter, name="demonstration_letter"),
]
