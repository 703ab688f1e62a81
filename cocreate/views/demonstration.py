"""The demonstration: be somebody of the cast with one press, and read the mail the site has sent. Never elsewhere."""

from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from partnerships.views.arena import page_of

from ..caught import Letters, letter
from ..demonstration import CAST, cast


@require_safe
def demonstration(request):
    """Who one can be."""
    return render(request, "cocreate/demonstration.html", {"cast": CAST})


@require_POST
def be(request, key):
    """Be somebody of the cast from now on."""
    role = next((role for role in CAST if role.key == key), None)
    if role is None:
        raise Http404
    login(request, cast()[key])
    return redirect(role.start_page)


@require_safe
def demonstration_mail(request):
    """Every mail that the site has sent here, newest first; or those to one of the cast."""
    to = request.GET.get("to", "")
    context = {"page": page_of(request, Letters(to)), "to": to, "cast": CAST}
    return render(request, "cocreate/demonstration_mail.html", context)


@require_safe
def demonstration_letter(request, key):
    """One mail, as text, with its links."""
    shown = letter(key)
    if shown is None:
        raise Http404
    return render(request, "cocreate/demonstration_letter.html", {"letter": shown})
