"""Forms about oneself."""

import zoneinfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .models import Person, Sector, Standing

EUROPEAN_FIRST = "Europe/"


def time_zone_choices():
    """Time zones by name, Europe first."""
    names = [name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/")]
    names.sort(key=lambda name: (not name.startswith(EUROPEAN_FIRST), name))
    return [(name, name.replace("_", " ")) for name in names]


class SignupForm(forms.Form):
    """What a new account needs besides its address."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def signup(self, request, user):
        """Called by the sign-up library with the new person."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class SettingsForm(forms.ModelForm):
    """Name, telephone, language and time zone."""

    language = forms.ChoiceField(label=_("Language of pages and mail"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)

    class Meta:
        model = Person
        fields = ["name", "phone", "language", "time_zone"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }
        help_texts = {"phone": _("Only the conveners of your partnerships see it.")}


class AffiliationForm(forms.Form):
    """An organization that is known, or a new one, and how one stands in it."""

    organization_name = forms.CharField(
        label=_("Organization"),
        max_length=200,
        help_text=_("Write its name. If it is known here, we use the known one."),
    )
    sector = forms.ChoiceField(label=_("If it is new here: what kind is it?"), choices=Sector.choices)
    standing = forms.ChoiceField(label=_("How do you stand in it?"), choices=Standing.choices)
    title = forms.CharField(label=_("Your title"), max_length=120, required=False)
