"""The parts of a template beside its words: groups with ratings and seats, what it takes to go on, instruments."""

from django import forms
from django.conf import settings
from django.forms.formsets import BaseFormSet
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from actors.models import Sector

from ..models.groups import Power, Rating
from ..settings import SETTINGS
from ..settings.kinds import Asked, Threshold, Whole
from ..stages import DEFAULT_LENGTH_DAYS
from .groups import MOST_SEATS
from .settings import WholeField

MOST_LINES = 40
RATINGS = {
    "affectedness": (_("How much are they affected by the problem?"), Rating),
    "relevance": (_("How much does a good answer depend on them?"), Rating),
    "authority": (_("Formal authority"), Power),
    "resources": (_("Resources"), Power),
    "voice": (_("Their word counts"), Power),
}
AS_PLATFORM = "platform"


def _rating(name):
    label, kind = RATINGS[name]
    return forms.TypedChoiceField(label=label, choices=kind.choices, coerce=int, initial=kind.values[0])


class NameField(forms.CharField):
    """A name in one of some languages: the form sees to it that there is one."""

    def validate(self, value):
        """Any one may be left empty."""


class GroupLine(forms.Form):
    """One group of a template: its name in each language, and what a Group has."""

    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, initial=Sector.CITIZENS)
    affectedness, relevance = _rating("affectedness"), _rating("relevance")
    authority, resources, voice = _rating("authority"), _rating("resources"), _rating("voice")
    seats = WholeField(label=_("How many seats at the table?"), least=0, most=MOST_SEATS, initial=1)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = {
            f"name_{code}": NameField(label=f"{_now('Which group?')} ({name})", max_length=120)
            for code, name in settings.LANGUAGES
        }
        self.fields = names | self.fields

    def clean(self):
        """A group has a name in one language at least."""
        cleaned = super().clean()
        if not any(cleaned.get(f"name_{code}") for code, _name in settings.LANGUAGES):
            raise forms.ValidationError(_("Write which group this is, or take the line away."))
        return cleaned

    @property
    def title(self):
        """What stands above the line: the group as it is called now; nothing above a new one."""
        return self.initial.get(f"name_{get_language()}") or self.initial.get("name_en", "")

    @classmethod
    def initial_of(cls, group):
        """The form's values for a group of a template."""
        names = {f"name_{code}": name for code, name in group["name"].items()}
        return names | {name: group.get(name, 0) for name in cls.base_fields}

    def facts(self):
        """The group as a template keeps it."""
        typed = self.cleaned_data
        names = {code: typed[f"name_{code}"] for code, _name in settings.LANGUAGES if typed[f"name_{code}"]}
        return {"name": names} | {name: typed[name] for name in self.base_fields}


class InstrumentLine(forms.Form):
    """Something that helps in one stage."""

    stage = forms.ChoiceField(
        label=_("Stage"), choices=[(stage.value, stage.label) for stage in DEFAULT_LENGTH_DAYS]
    )
    name = forms.CharField(label=_("What is it called?"), max_length=120)
    words = forms.CharField(
        label=_("How does one use it?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def title(self):
        """What stands above the line: the instrument as it is called now; nothing above a new one."""
        return self.initial.get("name", "")

    @classmethod
    def initial_of(cls, instrument):
        """The form's values for an instrument of a template."""
        return {name: instrument.get(name, "") for name in cls.base_fields}

    def facts(self):
        """The instrument as a template keeps it."""
        return {name: self.cleaned_data[name] for name in self.base_fields}


class Lines(BaseFormSet):
    """Lines of a list, one more to fill in, each with a box to take it away."""

    def add_fields(self, form, index):
        """The box says what it does."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take this away")

    def facts(self):
        """The lines that stay, in their order."""
        kept = [form for form in self.forms if form.has_changed() or form.initial]
        return [form.facts() for form in kept if not form.cleaned_data.get("DELETE")]


def lines_of(line, data, present):
    """The formset of a list of a template: `line` is the form of one, `present` what the template has."""
    kind = forms.formset_factory(
        line, formset=Lines, extra=1, can_delete=True, max_num=MOST_LINES, validate_max=True
    )
    return kind(data, initial=[line.initial_of(one) for one in present])


class TemplateGatesForm(forms.Form):
    """What a template asks for otherwise than its platform: soft criteria, and what counts as enough."""

    def __init__(self, *args, template, platform, **kwargs):
        super().__init__(*args, **kwargs)
        for key, setting in SETTINGS.items():
            if isinstance(setting, Asked):
                self.fields[key] = self._gate(setting, template, platform)
            elif isinstance(setting, Threshold) and isinstance(setting.kind, Whole):
                self.fields[key] = self._number(setting, template, platform)

    def _gate(self, setting, template, platform):
        usual = _now("As the platform says: %(value)s") % {"value": setting.shown(setting.on(platform))}
        return forms.ChoiceField(
            label=setting.label,
            choices=[(AS_PLATFORM, usual), ("on", setting.shown(True)), ("off", setting.shown(False))],
            initial=template.gates.get(setting.criterion, AS_PLATFORM),
        )

    def _number(self, setting, template, platform):
        return WholeField(
            label=f"{setting.label} ({setting.unit})" if setting.unit else setting.label,
            help_text=_now("Empty: as the platform says, %(value)s.")
            % {"value": setting.shown(setting.on(platform))},
            required=False,
            initial=template.thresholds.get(setting.key),
            least=setting.kind.least,
            most=setting.kind.most,
        )

    def sections(self):
        """[(heading, fields)] in the order of the page."""
        gates = [name for name in self.fields if name.startswith("gate_")]
        numbers = [name for name in self.fields if name not in gates]
        parts = [(_("What it takes to go on"), gates), (_("What counts as enough"), numbers)]
        return [(heading, [self[name] for name in names]) for heading, names in parts]

    def facts(self):
        """What the action takes."""
        typed = {key: value for key, value in self.cleaned_data.items() if value not in (AS_PLATFORM, None)}
        gates = {key.removeprefix("gate_"): value for key, value in typed.items() if key.startswith("gate_")}
        return {
            "gates": gates,
            "thresholds": {key: value for key, value in typed.items() if not key.startswith("gate_")},
        }
