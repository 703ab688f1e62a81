"""A site with one page that shows every part of the look; only the tests know it."""

from django.http import HttpResponse
from django.urls import path

from cocreate.views import choose_language

from .views import gallery, leave, letter

NAMES = (
    "home",
    "partnerships",
    "mine",
    "help",
    "settings",
    "accessibility",
    "privacy",
    "account_request_login_code",
)

urlpatterns = [
    path("gallery/", gallery, name="gallery"),
    path("letter/", letter, name="letter"),
    path("leave/", leave, name="account_logout"),
    path("language/", choose_language.choose_language, name="choose_language"),
    path("demonstration/", gallery, name="demonstration"),
    path("favicon.ico", lambda request: HttpResponse(status=204)),
    *(path(f"{name}/", gallery, name=name) for name in NAMES),
]
