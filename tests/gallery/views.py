"""The gallery: every part once, with the kind of words it will hold."""

import datetime
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.utils import translation

from actors.models import Person
from boundary.answer import YES, no
from cocreate.templatetags import drawing

from .forms import Everything, Filters

HERE = Path(__file__).parent
SEATS = [
    *[("citizens", True)] * 4,
    *[("citizens", False)] * 2,
    *[("civil_society", True)] * 3,
    *[("private", True)] * 2,
    ("private", False),
    *[("public", True)] * 2,
    ("academia", True),
    ("academia", False),
    *[("political", True)] * 2,
]
MEMBERS = [
    ("Maja Lind", "Lives on Kajgade", "citizens"),
    ("Karim Haddad", "Parent, Nordhavn school", "citizens"),
    ("Else Brun", "Winter-bathing club", "civil_society"),
    ("Sanne Okafor", "Harbour café owner", "private"),
    ("Ida Mørk", "Harbour master", "public"),
    ("Jonas Vik", "Water-quality researcher", "academia"),
    ("Birgit Holm", "Chair of the Climate Committee", "political"),
    ("Tue", "Asked to join yesterday", ""),
]
CRITERIA = [
    {"label": "At least one public and one non-public member have joined", "state": "met", "hard": True},
    {
        "label": "The charter is adopted by decision",
        "state": "missing",
        "hard": True,
        "why": "Revision 2 is written, and nobody has opened a decision on it.",
        "help": "A convener or facilitator can open one.",
        "url": "/gallery/",
        "act": "Open a decision",
    },
    {
        "label": "Every group with affectedness 3 has a seat",
        "state": "waived",
        "why": "The port’s night workers are heard through the union until May.",
    },
]
OLD = "The harbour is two minutes from where we live, yet nobody can get into the water.\nChildren jump in."
NEW = OLD.replace("get into", "get safely into").replace("jump in.", "jump in, and wheelchair users cannot.")
SAID = "We swim all winter. The ladder at **Kajgade** is the only way out.\n\n- no light\n- no rail"
TABS = [
    "Overview",
    "People",
    "Conversation",
    "Problem",
    "Solutions",
    "Decisions",
    "Authorization",
    "Implementation",
    "Commitments",
    "Meetings",
    "Record",
    "Manage",
]


def shown(request, template, context, status=200):
    """The template of this folder, rendered with everything a page of the site has."""
    source = (HERE / template).read_text()
    language = request.GET.get("language", translation.get_language())
    with translation.override(language):
        return HttpResponse(engines["django"].from_string(source).render(context, request), status=status)


def form_of(request):
    """The form as first seen, as filled in wrongly (?wrong), or as sent."""
    if request.method == "POST":
        return Everything(request.POST, request.FILES)
    if "wrong" in request.GET:
        return Everything({"name": "Maja Lind", "email": "maja.lind@", "seats": "0", "answer": "room"})
    return Everything(initial={"day": datetime.date(2027, 2, 18), "answer": "room"})


def gallery(request):
    """Every part of the look on one page."""
    if "signed-in" in request.GET:
        request.user = Person(name="Maja Lind")
    if "messages" in request.GET:
        messages.success(request, "Your answer is sent. Thank you.")
        messages.error(
            request, "The invitation to lars@ was not sent: enter an address like name@example.org."
        )
    form = form_of(request)
    at = request.GET.get("at", "Overview")
    tabs = [{"label": name, "url": "/gallery/", "current": name == at} for name in TABS]
    rows = Paginator(range(400), 20)
    context = {
        "form": form,
        "filters": Filters(request.GET or None),
        "seats": SEATS,
        "members": MEMBERS,
        "criteria": CRITERIA,
        "yes": YES,
        "refused": no("Only a convener can invite people.", "Ask Ida Mørk, who convenes this partnership."),
        "page": rows.page(int(request.GET.get("page", 7))),
        "platform": "Østerå Municipality",
        "when": datetime.datetime(2027, 2, 18, 17, tzinfo=datetime.UTC),
        "old": OLD,
        "new": NEW,
        "said": SAID,
        "tabs": drawing.tabs(tabs, "Parts of this partnership"),
    }
    return shown(request, "gallery.html", context, status=422 if form.errors else 200)


def letter(request):
    """A printed letter and a dossier."""
    return shown(request, "letter.html", {"criteria": CRITERIA})


def leave(request):
    """Signing out of the gallery leads back to it."""
    return redirect("gallery")
