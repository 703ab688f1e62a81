"""My data: see it, take it away, be forgotten."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import forget
from ..my_data import everything, summary


@login_required
@never_cache
@require_safe
def my_data(request):
    """What the site keeps about me, counted, with the ways to correct, take away and erase it."""
    return render(request, "cocreate/my_data.html", {"tables": summary(request.user)})


@login_required
@never_cache
@require_POST
def take_my_data(request):
    """All of it as one JSON file."""
    answer = JsonResponse(everything(request.user), json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase_me(request):
    """Say what goes and what stays, then erase and sign out."""
    if request.method == "POST" and request.POST.get("sure") == "yes":
        forget.forget_person(person=request.user, by=request.user, at=timezone.now())
        logout(request)
        messages.success(request, _("You are forgotten. Thank you for having taken part."))
        return redirect("home")
    missing = request.method == "POST"
    return render(request, "cocreate/erase_me.html", {"missing": missing}, status=422 if missing else 200)
