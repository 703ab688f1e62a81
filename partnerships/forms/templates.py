"""Copy a template, adapt it, and give back what was learned."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ..models import Mandate, Partnership, Text
from ..models.texts import SECTIONS
from ..stages import DEFAULT_LENGTH_DAYS, Stage
from .arenas import LONGEST_STAGE

LINES = 4


class ForkForm(forms.Form):
    """The address of a copy."""

    key = forms.SlugField(
        label=_("Address of the copy"), help_text=_("Letters, digits and hyphens: green-areas"), max_length=60
    )


class TemplateForm(forms.Form):
    """A template in one language: its name and words, the lengths of its stages, how one joins, what is promised."""

    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("What it is for"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    opening = forms.CharField(
        label=_("First words of the invitation"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    asks = forms.CharField(
        label=_("What is asked, and how much time it takes"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    join_policy = forms.ChoiceField(label=_("Who may join?"), choices=Partnership.JoinPolicy.choices)
    promise_kind = forms.ChoiceField(
        label=_("Which promise is asked for?"), choices=Mandate.PromiseKind.choices, required=False
    )

    def __init__(self, *args, template, language, **kwargs):
        self.template = template
        self.language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGES[0][0]
        super().__init__(*args, **kwargs)
        self._add_stages()
        self._add_charter()
        for name, value in self._present().items():
            self.fields[name].initial = value

    def _add_stages(self):
        for stage, days in self.template.stages:
            self.fields[f"days_{stage.value}"] = forms.IntegerField(
                label=stage.label, min_value=1, max_value=LONGEST_STAGE, initial=days
            )

    def _add_charter(self):
        with override(self.language):
            headings = {key: str(heading) for key, heading in SECTIONS[Text.Kind.CHARTER].items()}
        for key, heading in headings.items():
            self.fields[f"charter_{key}"] = forms.CharField(
                label=heading,
                max_length=4000,
                required=False,
                widget=forms.Textarea(attrs={"rows": LINES}),
                help_text=_("Leave it empty for the usual words."),
            )

    def _present(self):
        said = self.template.texts.get(self.language, {})
        own = {name: said.get(name, "") for name in ("name", "purpose")} | said.get("letter", {})
        own |= {f"charter_{key}": words for key, words in said.get("charter", {}).items()}
        kept = {name: getattr(self.template, name) for name in ("join_policy", "promise_kind")}
        return {name: value for name, value in (own | kept).items() if name in self.fields}

    def sections(self):
        """[(heading, fields)] in the order of the page."""
        days = [f"days_{stage}" for stage in DEFAULT_LENGTH_DAYS]
        charter = [name for name in self.fields if name.startswith("charter_")]
        parts = [
            (_("The template"), ["name", "purpose", "join_policy", "promise_kind"]),
            (_("Days for each stage"), days),
            (_("The invitation"), ["opening", "asks"]),
            (_("First words of the ground rules"), charter),
        ]
        return [(heading, [self[name] for name in names]) for heading, names in parts]

    def facts(self):
        """What the action takes: the texts with this language's put in, the lengths, and the choices."""
        typed = self.cleaned_data
        said = dict(self.template.texts.get(self.language, {}))
        said |= {"name": typed["name"], "purpose": typed["purpose"]}
        said["letter"] = {"opening": typed["opening"], "asks": typed["asks"]}
        charter = {
            name.removeprefix("charter_"): typed[name] for name in typed if name.startswith("charter_")
        }
        said["charter"] = {key: words for key, words in charter.items() if words}
        lengths = {stage.value: typed[f"days_{stage.value}"] for stage in DEFAULT_LENGTH_DAYS}
        usual = {stage: days for stage, days in lengths.items() if days != DEFAULT_LENGTH_DAYS[Stage(stage)]}
        return {
            "texts": self.template.texts | {self.language: said},
            "lengths": usual,
            "join_policy": typed["join_policy"],
            "promise_kind": typed["promise_kind"],
        }


class LessonForm(forms.Form):
    """What others should know who begin from the same template."""

    words = forms.CharField(
        label=_("What should others know?"),
        help_text=_(
            "What you would do again, what you would leave out, what was missing. Everyone can read it."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
