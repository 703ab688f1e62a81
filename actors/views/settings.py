"""My settings: name, language, which messages I get, where I belong."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from notices.kinds import all_kinds
from notices.models import Preference

from .. import actions
from ..forms import AffiliationForm, SettingsForm
from ..models import Affiliation


def _message_choices(person):
    """[(kind, label, on)] of the messages that a person may switch off everywhere."""
    off = Preference.objects.filter(recipient=person.pk, scope=None, choice=Preference.Choice.OFF)
    off = set(off.values_list("kind", flat=True))
    return [(kind.name, kind.label, kind.name not in off) for kind in all_kinds().values() if kind.switchable]


def _settings_page(request, *, form=None, affiliation_form=None):
    bound = bool((form and form.is_bound) or (affiliation_form and affiliation_form.is_bound))
    context = {
        "form": form or SettingsForm(instance=request.user),
        "affiliation_form": affiliation_form or AffiliationForm(prefix="new"),
        "affiliations": Affiliation.objects.filter(person=request.user, until=None).select_related(
            "organization"
        ),
        "message_choices": _message_choices(request.user),
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
    """Switch kinds of message on and off, everywhere."""
    actions.choose_messages(
        person=request.user, wanted=set(request.POST.getlist("kind")), by=request.user, at=timezone.now()
    )
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
