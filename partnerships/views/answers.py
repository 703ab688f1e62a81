"""The invitation as its reader sees it. No account is needed to answer, and looking changes nothing."""

import hashlib
import hmac

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from boundary.tokens import code_matches, matches, token

from .. import actions
from ..forms.invitations import AcceptForm, AskForm, DeclineForm, DelegateForm, LetterCodeForm
from ..messages.invitations import PURPOSE, words_of
from ..models import Invitation, Tally
from ..rules import invitations as may

State = Invitation.State
ROWS = Invitation.objects.select_related(
    "partnership__platform__owner",
    "partnership__mandate__recipient",
    "invited_by",
    "organization",
    "seat",
    "member__person",
    "delegated_from",
)
A_MINUTE, ANYBODY, MAILS_AN_HOUR = 5, 600, 5


def _private(response):
    """No address of this page, with the proof in it, reaches another page's log."""
    response["Referrer-Policy"] = "strict-origin"
    return response


def _proven(pk, given):
    """The invitation whose link this is, or None: a forged link and an unknown one look the same."""
    row = ROWS.filter(pk=pk).first()
    proof = matches(PURPOSE, pk, row.nonce if row else "none", given)
    return row if row and proof else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, pk, given):
    """Who asks, why you, what is asked; and the answer."""
    row = _proven(pk, given)
    if row is None:
        return _private(render(request, "partnerships/invitation_forged.html", status=404))
    person = request.user if request.user.is_authenticated else None
    if request.method == "POST":
        return _private(_answered(request, row, person))
    return _private(_page(request, row, person))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_invitation(request, pk):
    """The same for whoever is signed in and has proved to read mail at the invited address: they need no link."""
    row = ROWS.filter(pk=pk).exclude(address="").exclude(state=State.DRAFT).first()
    if row is None or not may.is_addressee(row, request.user):
        raise Http404
    if request.method == "POST":
        return _answered(request, row, request.user)
    return _page(request, row, request.user)


def _page(request, row, person, accept=None, decline=None, ask=None, delegate=None):
    waits, fits = may.can_answer(row, timezone.now()), may.can_answer_as(row, person)
    context = {
        "invitation": row,
        "arena": row.partnership,
        "shown": row.partnership.platform,
        "mandate": row.partnership.mandate,
        "words": words_of(row),
        "waits": waits,
        # An ended link opens nothing any more of a partnership that outsiders do not read.
        "tells": bool(waits) or row.partnership.is_public,
        "fits": fits,
        "accept": accept or AcceptForm(invitation=row, person=person),
        "decline": decline or DeclineForm(),
        "ask": ask or AskForm(),
        "delegate": delegate or DelegateForm(auto_id="id_colleague_%s"),
        "may_delegate": may.can_delegate_invitation(row),
        # Sent anew, perhaps to another address, it shows nothing that was asked from the link before.
        "questions": row.questions.filter(asked_at__gte=row.queued_at).select_related("answered_by"),
        "person": person,
        "is_member": bool(person and _sits(row) and row.member.person_id == person.pk),
        "can_enter": row.state == State.ACCEPTED and person is None and _sits(row) and _may_enter(row.member),
    }
    bound = bool(accept or decline or ask or delegate)
    ended = row.state not in (State.ACCEPTED, State.DECLINED) and not waits
    status = 422 if bound else 410 if ended else 200
    with translation.override(_language(request, row)):
        return render(request, "partnerships/invitation.html", context, status=status)


def _language(request, row):
    """The language of the mail, unless the reader has chosen one here."""
    chosen = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return translation.get_language() if chosen else row.language


def _answered(request, row, person):
    """Do what the button says: yes, no, later, a question, a colleague, or a code to come in."""
    at, choice = timezone.now(), request.POST.get("answer", "")
    if choice == "enter":
        return _enter(request, row)
    if not may.can_answer(row, at):
        return _page(request, row, person)
    if choice == "later":
        actions.invitations.see_invitation(invitation=row, at=at)
        messages.success(request, _("Thank you. Answer when you are ready, on this page."))
    elif choice == "delegate":
        form = DelegateForm(request.POST, auto_id="id_colleague_%s")
        if not form.is_valid():
            return _page(request, row, person, delegate=form)
        actions.delegation.delegate_invitation(invitation=row, by=person, at=at, **form.cleaned_data)
        messages.success(request, _("Thank you. We ask your colleague."))
    elif choice == "ask":
        form = AskForm(request.POST)
        if not form.is_valid():
            return _page(request, row, person, ask=form)
        actions.questions.ask_question(invitation=row, by=person, at=at, **form.cleaned_data)
        messages.success(
            request, _("Your question is on its way. You find the answer here, and in your mail.")
        )
    elif choice == "no":
        form = DeclineForm(request.POST)
        if not form.is_valid():
            return _page(request, row, person, decline=form)
        actions.invitations.decline_invitation(invitation=row, by=person, at=at, **form.cleaned_data)
    elif choice == "yes":
        form = AcceptForm(request.POST, invitation=row, person=person)
        if not form.is_valid():
            return _page(request, row, person, accept=form)
        facts = {"name": person.name if person else ""} | form.cleaned_data
        member = actions.invitations.accept_invitation(invitation=row, by=person, at=at, **facts)
        if person:
            messages.success(request, _("Welcome. You are a member now."))
            return redirect(row.partnership)
        row.member = member
        messages.success(request, _("Thank you for your yes. You are a member now."))
        return _enter(request, row)
    return redirect(request.path)  # the address that the question stood at: with the proof, or without


# --- coming in ----------------------------------------------------------------------------------------------


def _sits(row):
    """Whether this invitation's member is in the partnership still."""
    return bool(row.member_id and row.member.left_at is None)


def _may_enter(member):
    """Whether a code sent to this member's address lets exactly this member in."""
    person = member.person
    if not person.email or not person.is_active:
        return False
    others = EmailAddress.objects.filter(email__iexact=person.email, verified=True).exclude(user=person)
    return not others.exists()


def _enter(request, row):
    """Mail the new member a code and ask for it; who has no address of their own stays on the answer page."""
    page = redirect("invitation", row.pk, token(PURPOSE, row.pk, row.nonce))
    if request.user.is_authenticated or not _sits(row) or not _may_enter(row.member):
        return page
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    if not Tally.objects.take(key=f"enter:{row.pk}", since=hour, amount=1, limit=MAILS_AN_HOUR):
        messages.error(request, _("We have mailed you several codes. Use the last one, or wait an hour."))
        return page
    person = row.member.person
    LoginCodeVerificationProcess.initiate(request=request, user=person, email=person.email.lower())
    return redirect(f"{reverse('account_confirm_login_code')}?next={row.partnership.get_absolute_url()}")


# --- on paper -----------------------------------------------------------------------------------------------


def _too_many(request, at):
    """Count one try to type a code; True when this visitor, or everybody together, tries too often."""
    address = get_adapter().get_client_ip(request) or ""
    visitor = hmac.new(settings.SECRET_KEY.encode(), f"letter:{address}".encode(), hashlib.sha256).hexdigest()
    minute = at.replace(second=0, microsecond=0)
    tries = ((f"letter:{visitor}", A_MINUTE), ("letter:anybody", ANYBODY))
    return not all(Tally.objects.take(key=key, since=minute, amount=1, limit=limit) for key, limit in tries)


def _of_code(typed):
    """The invitation whose letter carries this code, or None."""
    plain = "".join(character for character in typed.upper() if character.isalnum() and character.isascii())
    number, short = plain[:-8], plain[-8:]
    if not number.isdecimal() or len(number) > 9:
        return None
    rows = Invitation.objects.filter(number=int(number)).exclude(state=State.DRAFT).only("pk", "nonce")
    return next((row for row in rows if code_matches(PURPOSE, row.pk, row.nonce, short)), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter_code(request):
    """Type the code from a printed letter, and come to the same answer page."""
    form = LetterCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _too_many(request, timezone.now()):
            form.add_error(
                "code", _("That was many tries. Wait a minute, or call the number in your letter.")
            )
            return render(request, "partnerships/letter_code.html", {"form": form}, status=429)
        found = _of_code(form.cleaned_data["code"])
        if found:
            return _private(redirect("invitation", found.pk, token(PURPOSE, found.pk, found.nonce)))
        form.add_error(
            "code", _("No letter has this code. Look at it once more, or call the number in your letter.")
        )
    return render(
        request, "partnerships/letter_code.html", {"form": form}, status=422 if form.is_bound else 200
    )
