"""Forms about oneself."""

import zoneinfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notices.actions import chosen_by
from notices.kinds import choosable
from notices.models import Preference

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


class ChooseMessagesForm(forms.Form):
    """For each kind of message when it comes: everywhere, or in one scope, where "as everywhere" is a choice too."""

    all = forms.ChoiceField(choices=Preference.Choice.choices, required=False)

    def __init__(self, *args, person, scope=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.scope, told = scope, chosen_by([person.pk])
        inside = Preference.objects.filter(recipient=person.pk, scope=scope) if scope else []
        own = {choice.kind: choice.choice for choice in inside}
        for kind in choosable():
            everywhere = told(person.pk, None, kind)
            as_everywhere = [("", _("As everywhere: %(choice)s") % {"choice": _lower(everywhere)})]
            self.fields[kind.name] = forms.ChoiceField(
                label=kind.label,
                choices=[*(as_everywhere if scope else []), *Preference.Choice.choices],
                initial=own.get(kind.name, "") if scope else everywhere,
                required=not scope,
            )

    @property
    def rows(self):
        """The fields of the kinds, one for each line of the table."""
        return [self[kind.name] for kind in choosable()]

    def full_clean(self):
        """One press for all kinds needs none of the single choices."""
        if self.data.get("all"):
            for kind in choosable():
                self.fields[kind.name].required = False
        super().full_clean()

    def facts(self):
        """{kind: choice}; None where it goes as everywhere."""
        for_all = self.cleaned_data["all"]
        return {kind.name: for_all or self.cleaned_data[kind.name] or None for kind in choosable()}


def _lower(choice):
    label = str(Preference.Choice(choice).label)
    return label[:1].lower() + label[1:]
