"""Say thank you for one thing, and say whether others may read what one was thanked for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..forms.relief import ThankForm
from ..models import Commitment, Contribution, Meeting, Member, Thanks
from ..rules import thanks as may
from .arena import open_arena

THINGS = {"commitment": Commitment, "contribution": Contribution, "meeting": Meeting}


def _thing(place, kind, pk):
    """{kind: the thing} that somebody is thanked for, as this reader may see it; otherwise 404."""
    if kind not in THINGS:
        raise Http404
    rows = THINGS[kind].objects.visible_to(place.person)
    if kind == "contribution":
        rows = rows.signed_for(bool(place.member) or place.keeps_cases)
    return {kind: get_object_or_404(rows, pk=pk, partnership=place.partnership)}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def thank(request, slug, pk, kind, thing):
    """Thank a member for a promise they kept, for what they said, or for what they did for a meeting."""
    place = open_arena(request, slug)
    rows = Member.objects.filter(partnership=place.partnership).select_related("person", "organization")
    to, about = get_object_or_404(rows, pk=pk), _thing(place, kind, thing)
    if kind != "meeting" and about[kind].member_id != to.pk:
        raise Http404
    thanked = Thanks.objects.filter(to=to, by=place.member, **about).exists() if place.member else False
    may.can_thank(place, to, commitment=about.get("commitment"), thanked=thanked).enforce()
    form = ThankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.thanks.thank(to=to, by=request.user, at=timezone.now(), **about, **form.cleaned_data)
        messages.success(request, _("They get your thanks, and decide whether others read it."))
        return redirect("member", slug, to.pk)
    context = {"place": place, "form": form, "to": to, "kind": kind, "thing": about[kind]}
    return render(request, "partnerships/thank.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def answer_thanks(request, slug, pk):
    """Let others read what one was thanked for, or keep it to oneself."""
    place = open_arena(request, slug)
    rows = Thanks.objects.filter(partnership=place.partnership, to__person=request.user)
    thanks = get_object_or_404(rows.select_related("to"), pk=pk)
    shown = request.POST.get("shown") == "yes"
    actions.thanks.answer_thanks(thanks=thanks, shown=shown, by=request.user, at=timezone.now())
    messages.success(request, _("Others can read it now.") if shown else _("Only you read it."))
    return redirect("member", slug, thanks.to_id)
