"""Stopping messages without signing in: the link in the mail is the proof."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notices.actions import prefer
from notices.kinds import all_kinds
from notices.links import scope_of, unsubscribe_is_valid
from notices.models import Preference


@csrf_exempt  # RFC 8058: the mail program posts without ever having seen the page; the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, recipient, kind, scope, token):
    """Switch one kind of message off (or on again) for one person, in one partnership or everywhere."""
    declared = all_kinds().get(kind)
    if not declared or not declared.switchable or not unsubscribe_is_valid(recipient, kind, scope, token):
        raise Http404
    where = _scope_or_404(scope)
    if request.method == "POST":
        choice = "at_once" if request.POST.get("choice") == "at_once" else "off"
        prefer(recipient=recipient, kind=kind, scope=where, choice=choice, at=timezone.now())
        return redirect(request.path)
    is_off = Preference.objects.filter(recipient=recipient, kind=kind, scope=where, choice="off").exists()
    facts = {"label": declared.label, "is_off": is_off, "only_here": where is not None}
    return render(request, "notices/unsubscribe.html", facts)


def _scope_or_404(text):
    try:
        return scope_of(text)
    except ValueError:
        raise Http404 from None
