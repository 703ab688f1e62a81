"""Forms about oneself."""

import zoneinfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notices.actions import chosen_by
from notices.kinds import CHOICES, OFF, UNWANTED, choosable
from notices.models import Preference
from notices.themes import by_theme

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
    """When messages come, theme by theme and, more exactly, kind by kind: everywhere, or in one scope, where "as
    everywhere" is a choice too.

    A choice for a theme that was changed goes for all its kinds but those that were changed themselves.
    """

    all = forms.ChoiceField(choices=Preference.Choice.choices, required=False)

    def __init__(self, *args, person, scope=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.scope, told = scope, chosen_by([person.pk])
        inside = Preference.objects.filter(recipient=person.pk, scope=scope) if scope else []
        own = {choice.kind: choice.choice for choice in inside}
        self.themes = by_theme(choosable())
        self.kinds = [kind for _theme, _heading, kinds in self.themes for kind in kinds]
        for kind in self.kinds:
            everywhere = told(person.pk, None, kind)
            offered = (OFF,) if scope and kind.part else kind.choices
            as_everywhere = [("", _("As everywhere: %(choice)s") % {"choice": _lower(everywhere)})]
            self.fields[kind.name] = forms.ChoiceField(
                label=kind.label,
                choices=[*(as_everywhere if scope else []), *_labelled(offered)],
                initial=own.get(kind.name, "") if scope else everywhere,
                required=False,
            )
        for theme, heading, kinds in self.themes:
            self.fields[f"theme-{theme}"] = self._for_all_of(heading, kinds)

    def _for_all_of(self, heading, kinds):
        """The field that chooses for a theme: what goes for all its kinds, or that they differ."""
        now = {self.fields[kind.name].initial for kind in kinds}
        mixed = [(MIXED, _("Different: see below"))] if len(now) > 1 else []
        as_everywhere = [("", _("As everywhere"))] if self.scope else []
        offered = [choice for choice in CHOICES if any(choice in kind.choices for kind in kinds)]
        return forms.ChoiceField(
            label=heading,
            choices=[*mixed, *as_everywhere, *_labelled(offered)],
            initial=MIXED if mixed else now.pop(),
            required=False,
        )

    @property
    def groups(self):
        """[(field of a theme, fields of its kinds)]; one kind alone needs no second choice."""
        return [
            (self[f"theme-{theme}"], [self[kind.name] for kind in kinds] if len(kinds) > 1 else [])
            for theme, _heading, kinds in self.themes
        ]

    def clean(self):
        """What is chosen nowhere is no form of ours."""
        if not self.cleaned_data.get("all") and not any(name in self.data for name in self.fields):
            raise forms.ValidationError(_("Choose when each kind of message comes."))
        return self.cleaned_data

    def facts(self):
        """{kind: choice}; None where it goes as everywhere."""
        if for_all := self.cleaned_data["all"]:
            return {kind.name: self._nearest(kind, for_all) or None for kind in self.kinds}
        return {
            kind.name: self._chosen(kind, f"theme-{theme}") or None
            for theme, _heading, kinds in self.themes
            for kind in kinds
        }

    def _chosen(self, kind, theme):
        """What goes for a kind: what was changed by itself, else what was changed for its theme, else as it was."""
        was, now = self.fields[kind.name].initial, self.cleaned_data.get(kind.name, "")
        if kind.name in self.data and now != was and (now or self.scope):
            return now
        for_theme = self.cleaned_data.get(theme, "")
        if theme not in self.data or for_theme in (MIXED, self.fields[theme].initial):
            return was
        return self._nearest(kind, for_theme) if for_theme else ("" if self.scope else was)

    def _nearest(self, kind, choice):
        """What a choice for many means for this kind. What is told of all places at once can only be silent of one."""
        return "" if self.scope and kind.part and choice not in UNWANTED else kind.nearest(choice)


MIXED = "mixed"


def _labelled(choices):
    return [(choice, Preference.Choice(choice).label) for choice in choices]


def _lower(choice):
    label = str(Preference.Choice(choice).label)
    return label[:1].lower() + label[1:]
