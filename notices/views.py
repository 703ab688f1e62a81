"""Stopping messages without signing in: the link in the mail is the proof."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notices.actions import chosen_by, prefer, stop_digests
from notices.actions.choices import GATHERING
from notices.kinds import DIGEST, OFF, UNWANTED, all_kinds, choosable
from notices.links import scope_of, unsubscribe_is_valid
from notices.models import Preference


@csrf_exempt  # RFC 8058: the mail program posts without ever having seen the page; the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, recipient, kind, scope, token):
    """Switch one kind of message off (into a digest, or on again) for one person, in one partnership or everywhere."""
    declared = all_kinds().get(kind)
    if not declared or not declared.switchable or not unsubscribe_is_valid(recipient, kind, scope, token):
        raise Http404
    where = _scope_or_404(scope)
    if kind == DIGEST:
        return _stop_digests(request, recipient)
    if request.method == "POST":
        asked = request.POST.get("choice")
        # a mail program's one click names no choice of ours
        choice = declared.nearest(asked if asked in Preference.Choice else OFF)
        prefer(recipient=recipient, kind=kind, scope=where, choice=choice, at=timezone.now())
        return redirect(request.path)
    choice = chosen_by([recipient], [kind])(recipient, where, declared)
    facts = {
        "label": declared.label,
        "choice": OFF if choice in UNWANTED else choice,
        "in_words": Preference.Choice(choice).label,
        "only_here": where is not None,
    }
    return render(request, "notices/unsubscribe.html", facts)


def _stop_digests(request, recipient):
    """Switch off all that comes in digests."""
    if request.method == "POST":
        stop_digests(recipient=recipient, at=timezone.now())
        return redirect(request.path)
    told = chosen_by([recipient])
    gathered = [kind.label for kind in choosable() if told(recipient, None, kind) in GATHERING]
    return render(request, "notices/stop_digests.html", {"gathered": gathered})


def _scope_or_404(text):
    try:
        return scope_of(text)
    except ValueError:
        raise Http404 from None
