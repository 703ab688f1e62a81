"""My settings: name, language, which messages I get, where I belong."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions
from ..forms import AffiliationForm, ChooseMessagesForm, SettingsForm
from ..models import Affiliation


def _settings_page(request, *, form=None, affiliation_form=None, message_form=None):
    bound = any(one and one.is_bound for one in (form, affiliation_form, message_form))
    context = {
        "form": form or SettingsForm(instance=request.user),
        "affiliation_form": affiliation_form or AffiliationForm(prefix="new"),
        "affiliations": Affiliation.objects.filter(person=request.user, until=None).select_related(
            "organization"
        ),
        "message_form": message_form or ChooseMessagesForm(person=request.user),
    }
    return render(request, "actors/settings.html", context, status=422 if bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request):
    """Correct what the site knows about me."""
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_settings(person=request.user, by=request.user, at=timezone.now(), **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your settings are saved."))
        return redirect("settings")
    return _settings_page(request, form=form if form.is_bound else None)


@login_required
@require_POST
def choose_messages(request):
    """Choose for each kind of message, or for all in one press, when it comes: everywhere."""
    form = ChooseMessagesForm(request.POST, person=request.user)
    if not form.is_valid():
        return _settings_page(request, message_form=form)
    actions.choose_messages(person=request.user, choices=form.facts(), by=request.user, at=timezone.now())
    messages.success(request, _("Your choice of messages is saved."))
    return redirect("settings")


@login_required
@require_POST
def affiliate(request):
    """Say where I belong; an organization that is new here is added."""
    form = AffiliationForm(request.POST, prefix="new")
    if not form.is_valid():
        return _settings_page(request, affiliation_form=form)
    actions.affiliate(person=request.user, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("It is noted where you belong."))
    return redirect("settings")


@login_required
@require_POST
def end_affiliation(request, pk):
    """I no longer belong there."""
    mine = get_object_or_404(Affiliation, pk=pk, person=request.user)
    actions.end_affiliation(affiliation=mine, by=request.user, at=timezone.now())
    return redirect("settings")
