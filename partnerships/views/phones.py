"""A phone in a room: the code, the way in, the question, one's own notes. No account, and nothing else of the site.

What the holder of a code may not see does not exist: a partnership that is hidden goes by the platform's name here.
"""

import hashlib
import hmac
import uuid

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.answer import Conflict, Refused
from boundary.kept import kept
from boundary.middleware import explain, wants_json
from boundary.tokens import ALPHABET

from .. import actions
from ..actions.notes import TooFast
from ..forms.workshops import ChangeNoteForm, EnterWorkshopForm, NoteForm, WorkshopCodeForm
from ..models import Note, Partnership, Phone, Prompt, Sounding, Tally, Workshop
from ..models.workshops import CODE_LENGTH
from ..places import place_of
from ..rules import workshops as may
from ..rules.contributions import can_say

COOKIE, SALT = "phone", "partnerships.phone"
A_WEEK = 7 * 24 * 60 * 60  # seconds: a code may be given out some days before the meeting
MISSES, ANYBODY = 30, 600  # wrong codes a minute: of one visitor, and of everybody together


# --- whose phone, which room ----------------------------------------------------------------------------------


def _plain(typed):
    """A code as it stands on the wall, however it was typed; "" for what can be none."""
    plain = "".join(typed.upper().replace("-", "").split())
    return plain if len(plain) == CODE_LENGTH and set(plain) <= set(ALPHABET) else ""


def _key(request):
    """The id that the phone's cookie carries, if it is one that we signed."""
    try:
        return uuid.UUID(request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=A_WEEK))
    except ValueError:
        return None


def _of_cookie(request, code):
    """The phone that this cookie is of, if it is in the room of this code. A member's phone is theirs alone."""
    key = _key(request)
    if key is None:
        return None
    rows = Phone.objects.select_related("workshop__partnership__platform", "workshop__meeting", "member")
    phone = rows.filter(pk=key, workshop__code=code).first()
    return None if phone and phone.member and phone.member.person_id != request.user.pk else phone


def _room(request, typed):
    """(workshop, phone or None) of a code; a code that opens nothing is 404, and counted."""
    code, at = _plain(typed), timezone.now()
    phone = code and _of_cookie(request, code)
    if phone:
        request.platform = phone.workshop.partnership.platform
        return phone.workshop, phone
    if _guesses_too_much(request, at):
        raise TooManyCodes
    workshop = _admitting(code, at)
    if workshop is None:
        _missed(request, at)
        raise Http404
    request.platform = workshop.partnership.platform
    return workshop, _of_member(request, workshop)


def _of_member(request, workshop):
    """The phone under which a member who is signed in came in, from whatever device; or None."""
    if not request.user.is_authenticated:
        return None
    rows = Phone.objects.select_related("workshop__partnership__platform", "workshop__meeting", "member")
    return rows.filter(workshop=workshop, member__person=request.user.pk, member__left_at=None).first()


def _admitting(code, at):
    rows = Workshop.objects.admitting(at).select_related("partnership__platform", "meeting")
    return rows.filter(code=code).first() if code else None


class TooManyCodes(Exception):
    """Somebody tries one code after the other."""


def _tries(request, at):
    address = get_adapter().get_client_ip(request) or ""
    visitor = hmac.new(settings.SECRET_KEY.encode(), f"code:{address}".encode(), hashlib.sha256).hexdigest()
    return at.replace(second=0, microsecond=0), ((f"code:{visitor}", MISSES), ("code:anybody", ANYBODY))


def _missed(request, at):
    """Count a wrong code. Right ones are not counted: a whole room comes from one address."""
    minute, tries = _tries(request, at)
    for key, limit in tries:
        Tally.objects.take(key=key, since=minute, amount=1, limit=limit)


def _guesses_too_much(request, at):
    minute, tries = _tries(request, at)
    return any(Tally.objects.taken(key=key, since=minute) >= limit for key, limit in tries)


def in_room(view):
    """The view gets the workshop and the phone of the code in its address; who tries too many codes waits."""

    @never_cache
    def seen(request, code, **more):
        try:
            workshop, phone = _room(request, code)
        except TooManyCodes:
            return render(request, "429.html", status=429)
        return view(request, workshop, phone, **more)

    seen.__module__, seen.__name__, seen.__doc__ = view.__module__, view.__name__, view.__doc__
    return seen


def known_to_all(workshop):
    """What the room is called on a phone: the partnership where it is no secret, else the platform."""
    arena = workshop.partnership
    hidden = arena.visibility == Partnership.Visibility.HIDDEN or arena.begun_at is None
    return arena.platform.name if hidden else arena.title


# --- the way in -----------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def workshop_code(request):
    """Type the code that stands on the wall."""
    form, at = WorkshopCodeForm(request.POST if request.method == "POST" else None), timezone.now()
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        code = _plain(form.cleaned_data["code"])
        if _guesses_too_much(request, at):
            form.add_error("code", _("That was many tries. Wait a minute, then try again."))
            status = 429
        elif _admitting(code, at) or (code and _of_cookie(request, code)):
            return redirect("phone", code)
        else:
            _missed(request, at)
            form.add_error("code", _("No open workshop has this code. Look at the wall once more."))
    return render(request, "partnerships/workshop_code.html", {"form": form}, status=status)


@require_safe
@in_room
def phone(request, workshop, phone):
    """The question, and what this phone wrote; for a phone that is not in yet, the way in."""
    if phone is None:
        return _door(request, workshop)
    if workshop.ended_at:
        return render(request, "partnerships/workshop_over.html", _facts(workshop, phone))
    return _show(request, workshop, phone)


def _door(request, workshop, form=None, status=200):
    place = place_of(workshop.partnership, request.user)
    context = {
        "workshop": workshop,
        "title": known_to_all(workshop),
        "public": workshop.partnership.is_public,
        "form": form or EnterWorkshopForm(),
        "as_member": bool(place.member and can_say(place)),
        "may_enter": may.can_enter_workshop(workshop, timezone.now()) and may.can_come_in(place),
    }
    return render(request, "partnerships/enter_workshop.html", context, status=status)


@require_POST
@in_room
def enter_workshop(request, workshop, phone):
    """Come in: the phone gets a key of its own, in a cookie that no script reads."""
    answer = redirect("phone", workshop.code)
    if phone:
        return answer
    form = EnterWorkshopForm(request.POST)
    if not form.is_valid():
        return _door(request, workshop, form, status=422)
    by = request.user if request.user.is_authenticated else None
    facts = {"workshop": workshop, "by": by, "at": timezone.now()}
    came = actions.notes.enter_workshop(**facts, **form.cleaned_data)
    answer.set_signed_cookie(
        COOKIE,
        str(came.pk),
        salt=SALT,
        max_age=A_WEEK,
        path=answer.url,  # the cookie goes to this room's pages only
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


# --- in the room ----------------------------------------------------------------------------------------------


def _inside(workshop, phone):
    """The phone, or 404 for somebody who is not in the room."""
    if phone is None:
        raise Http404
    return phone


def _facts(workshop, phone):
    return {"workshop": workshop, "title": known_to_all(workshop), "mine": _mine(phone)}


def _mine(phone):
    """What this phone wrote, the newest first, each with whether it may be changed."""
    rows = list(Note.objects.kept().filter(phone=phone).select_related("prompt"))
    for note in rows:
        note.workshop = phone.workshop
        note.may_change = may.can_change_note(phone, note)
    return rows


def _asked(workshop):
    """(the question on the wall, the round that asks this room), each or None."""
    prompt = workshop.prompts.filter(opened_at__isnull=False, closed_at=None).first()
    return prompt, Sounding.objects.filter(workshop=workshop, closed_at=None).first()


def _show(request, workshop, phone, form=None, status=200):
    prompt, sounding = _asked(workshop)
    if form is None:
        form = NoteForm(workshop=workshop, prompt=prompt) if prompt else None
    context = {
        **_facts(workshop, phone),
        "now": _now(workshop, prompt, sounding),
        "prompt": prompt,
        "written_for": _written_for(form, prompt),
        "sounding": sounding,
        "form": form,
    }
    return render(request, "partnerships/phone.html", context, status=status)


def _now(workshop, prompt, sounding):
    """What the room is at, in one word that a phone compares."""
    return _state(prompt and prompt.pk, sounding and sounding.pk, workshop.ended_at)


def _state(prompt, sounding, ended_at):
    return f"{prompt or ''}/{sounding or ''}/{bool(ended_at):d}"


def _written_for(form, prompt):
    """The question that a form's words belong to: the one that was read, also when the wall has moved on."""
    given = form and form.is_bound and getattr(form, "cleaned_data", {}).get("prompt")
    return given or prompt


def _fails(request, workshop, phone, form, status, error):
    """Why a note was not taken, its words still in their box."""
    if wants_json(request):
        return explain(request, status, {"sentence": _whole(error)})
    form.add_error("body", _whole(error))
    return _show(request, workshop, phone, form, status=status)


def _whole(error):
    """All that a refusal or a lost race says, in one line."""
    answer = getattr(error, "answer", None)
    return str(error) if answer is None else f"{answer.why_not} {answer.what_would_help}".strip()


@require_POST
@in_room
def send_note(request, workshop, phone):
    """Put a note on the wall. A script gets the list of what this phone wrote, anybody else the page again."""
    _inside(workshop, phone)
    form = NoteForm(request.POST, workshop=workshop)
    if not form.is_valid():
        if wants_json(request):
            sentences = " ".join(str(one) for errors in form.errors.values() for one in errors)
            return explain(request, 422, {"sentence": sentences})
        return _show(request, workshop, phone, form, status=422)
    try:
        actions.notes.send_note(phone=phone, at=timezone.now(), **form.cleaned_data)
    except TooFast as error:
        return _fails(request, workshop, phone, form, 429, error)
    except Refused as error:
        return _fails(request, workshop, phone, form, 403, error)
    except Conflict as error:
        return _fails(request, workshop, phone, form, 409, error)
    if wants_json(request):
        return JsonResponse({"mine": _list(request, workshop, phone)})
    return redirect("phone", workshop.code)


def _list(request, workshop, phone):
    return render_to_string("partnerships/phone_notes.html", _facts(workshop, phone), request)


@require_http_methods(["GET", "HEAD", "POST"])
@in_room
def change_note(request, workshop, phone, pk):
    """Other words for one's own note."""
    note = get_object_or_404(
        Note.objects.kept().select_related("prompt"), pk=pk, phone=_inside(workshop, phone)
    )
    note.workshop = workshop
    answer = may.can_change_note(phone, note)
    form = ChangeNoteForm(request.POST if request.method == "POST" else None, initial={"body": note.body})
    if request.method == "POST" and answer.enforce() and form.is_valid():
        actions.notes.change_note(phone=phone, note=note, at=timezone.now(), **form.cleaned_data)
        return redirect("phone", workshop.code)
    context = {
        "workshop": workshop,
        "title": known_to_all(workshop),
        "note": note,
        "form": form,
        "may_change": answer,
    }
    return render(request, "partnerships/change_note.html", context, status=422 if form.is_bound else 200)


@require_POST
@in_room
def withdraw_note(request, workshop, phone, pk):
    """Take one's own note back."""
    note = get_object_or_404(Note.objects.kept(), pk=pk, phone=_inside(workshop, phone))
    actions.notes.withdraw_note(phone=phone, note=note, at=timezone.now())
    return redirect("phone", workshop.code)


@kept
def _looks(key, code):
    """What the room of this code is at, for the phone with this key: one statement, asked all evening by everybody."""
    prompts = Prompt.objects.filter(workshop=OuterRef("workshop"), opened_at__isnull=False, closed_at=None)
    rounds = Sounding.objects.filter(workshop=OuterRef("workshop"), closed_at=None)
    rows = Phone.objects.filter(pk=key, workshop__code=code, member=None)
    rows = rows.annotate(asked=Subquery(prompts.values("pk")[:1]), dots=Subquery(rounds.values("pk")[:1]))
    return rows.values_list("asked", "dots", "workshop__ended_at")


@never_cache
@require_safe
def phone_now(request, code):
    """What the room is at, for a phone that looks every few seconds: nothing, in no time, where it is the same."""
    key, plain = _key(request), _plain(code)
    found = _looks(key, plain) if key and plain else []
    if not found:  # a member's phone, or none of this room
        return _member_now(request, code)
    return _news(request, _state(*found[0]))


@in_room
def _member_now(request, workshop, phone):
    _inside(workshop, phone)
    return _news(request, _now(workshop, *_asked(workshop)))


def _news(request, now):
    return HttpResponse(status=204) if request.GET.get("since") == now else JsonResponse({"now": now})
