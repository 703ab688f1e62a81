"""Convene: what a partnership is prepared with, and what is changed afterwards: mandate, promise, time, settings."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from actors.models import Organization, Sector
from boundary.inputs import DateInput

from ..models import Mandate, Partnership, Template
from ..models.arenas import READY, LaterInterest, Readiness
from ..stages import DEFAULT_LENGTH_DAYS, ORDER, Stage
from .two_windows import TwoWindows

BODIES = {
    "sponsor": "sponsor",
    "recipient": "recipient",
    "competent_body": "competent",
}  # of the mandate: in the form
IN_A_ROW = {"class": "co-choices--row"}
LONGEST_STAGE = 3650  # days
KEPT_SECTORS = [choice for choice in Sector.choices if choice[0] != Sector.CITIZENS]


def _area(rows):
    return forms.Textarea(attrs={"rows": rows})


class OrganizationInput(forms.TextInput):
    """A text field that offers the organizations known here."""

    def __init__(self):
        super().__init__(attrs={"list": "organizations", "autocomplete": "off"})


class SectorField(forms.ChoiceField):
    """What an organization is. Asked beside every name; without an answer, what is most likely."""

    def clean(self, value):
        """The sector chosen, or the likely one."""
        return super().clean(value or self.initial)


def organization_fields(label, help_text="", required=True, sector=Sector.PUBLIC):
    """Two fields: an organization by name, and its sector in case it is new here."""
    name = forms.CharField(
        label=label, help_text=help_text, max_length=200, required=required, widget=OrganizationInput
    )
    kind = SectorField(label=_("If it is new here: what is it?"), choices=KEPT_SECTORS, initial=sector)
    return name, kind


def _gains():
    """One line per sector: what it gains. "Residents want quiet nights"; "the plant wants the waste"."""
    return {
        f"gain_{sector}": forms.CharField(label=label, max_length=300, required=False)
        for sector, label in Sector.choices
    }


def _readiness():
    """Five questions to those who ask others for their time."""
    return {
        f"ready_{key}": forms.ChoiceField(
            label=label, choices=list(READY.items()), required=False, widget=forms.RadioSelect(attrs=IN_A_ROW)
        )
        for key, label in Readiness.choices
    }


class MandateForm(TwoWindows):
    """The mandate: the question and what stands around it."""

    question = forms.CharField(
        label=_("Which question shall the partnership answer?"),
        help_text=_("Ask what should become better, and for whom. Do not name a solution."),
        max_length=1000,
        widget=_area(3),
    )
    solution_named = forms.ChoiceField(
        label=_("Does the question say what the answer is?"),
        help_text=_("If the answer is given already, there is nothing to find together."),
        choices=[("no", _("No, it leaves the answer open")), ("yes", _("Yes, it names a solution"))],
        widget=forms.RadioSelect,
    )
    scope = forms.CharField(
        label=_("What is inside, and what is outside?"),
        help_text=_("Place, people, money and time that the partnership may work with."),
        max_length=4000,
        required=False,
        widget=_area(3),
    )
    non_negotiables = forms.CharField(
        label=_("What cannot be changed, and why?"),
        help_text=_("One line each, with its reason. People trust limits that are said at the start."),
        max_length=4000,
        required=False,
        widget=_area(3),
    )
    interdependence = forms.CharField(
        label=_("Why can nobody solve this alone?"),
        help_text=_("Who holds a part of the answer: knowledge, land, money, trust, the law?"),
        max_length=4000,
        required=False,
        widget=_area(3),
    )
    resources = forms.CharField(
        label=_("Which resources are there?"),
        help_text=_("Hours, money, rooms, data: what the sponsor puts in from the start."),
        max_length=4000,
        required=False,
        widget=_area(2),
    )
    sponsor_name, sponsor_sector = organization_fields(
        _("Who carries it? (sponsor)"), _("The organization that puts its name and resources behind it.")
    )
    recipient_name, recipient_sector = organization_fields(
        _("Who receives the result?"),
        _("The body that the partnership hands its proposal to, like a committee of the council."),
        sector=Sector.POLITICAL,
    )
    competent_name, competent_sector = organization_fields(
        _("Who can authorize it?"),
        _("The body with the power to say yes. Leave it empty if it is the same body."),
        required=False,
        sector=Sector.POLITICAL,
    )
    competence_source = forms.CharField(
        label=_("Where is that written?"),
        help_text=_("For example: Local Government Act § 17, or a delegation with its date."),
        max_length=300,
        required=False,
    )
    ends_on = forms.DateField(label=_("When does the work end?"), required=False, widget=DateInput)
    later_interests = forms.MultipleChoiceField(
        label=_("May somebody who takes part later …"),
        help_text=_("Say it openly, so that nobody wonders. It stops nobody from taking part."),
        choices=LaterInterest.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    safeguard = forms.CharField(
        label=_("What makes sure that it stays fair?"),
        help_text=_("For example: what is found out here is published before the tender."),
        max_length=1000,
        required=False,
        widget=_area(2),
    )
    legal_seen_by = forms.CharField(
        label=_("Who in the legal department has seen it?"),
        help_text=_("The office, not a private name."),
        max_length=120,
        required=False,
    )

    SECTIONS = [
        (_("The question"), ["question", "solution_named", "scope", "non_negotiables", "interdependence"]),
        (_("What each sector gains by taking part"), [f"gain_{sector}" for sector in Sector.values]),
        (_("Are you ready?"), [f"ready_{key}" for key in Readiness.values]),
        (
            _("Who stands behind it"),
            [
                *("sponsor_name", "sponsor_sector", "resources", "recipient_name", "recipient_sector"),
                *("competent_name", "competent_sector", "competence_source"),
            ],
        ),
        (_("Time"), ["ends_on"]),
        (_("Later interests"), ["later_interests", "safeguard", "legal_seen_by"]),
    ]
    PARTS = {  # which of the sections stand on one page of their own while a partnership is prepared
        "question": slice(0, 1),
        "gains": slice(1, 3),
        "backing": slice(3, 4),
        "interests": slice(5, 6),
    }

    def __init__(self, *args, part="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= _gains() | _readiness()
        self.part = part if part in self.PARTS else ""
        if self.part:
            self.SECTIONS = self.SECTIONS[self.PARTS[self.part]]
            shown = {"seen"} | {name for _heading, names in self.SECTIONS for name in names}
            self.fields = {name: field for name, field in self.fields.items() if name in shown}

    def sections(self):
        """[(heading, fields)] in the order of the page."""
        return [(heading, [self[name] for name in names]) for heading, names in self.SECTIONS]

    def clean_solution_named(self):
        """A question that names a solution is no question; who says so is asked to write another one."""
        if self.cleaned_data["solution_named"] == "yes":
            raise forms.ValidationError(
                _(
                    "Write the question so that it leaves the answer open: what should become better, and for whom?"
                )
            )
        return "no"

    def facts(self):
        """What was typed, as the action takes it: organizations as (name, sector)."""
        facts = dict(self.cleaned_data)
        if "solution_named" in facts:
            facts["names_no_solution"] = facts.pop("solution_named") == "no"
        for field, name in BODIES.items():
            if f"{name}_name" in facts:
                typed, sector = facts.pop(f"{name}_name"), facts.pop(f"{name}_sector")
                facts[field] = (typed, sector) if typed else None
        for field, mark in (("incentives", "gain_"), ("readiness", "ready_")):
            marked = [name for name in facts if name.startswith(mark)]
            if marked:
                answers = {name.removeprefix(mark): facts.pop(name) for name in marked}
                facts[field] = {key: answer for key, answer in answers.items() if answer}
        return facts

    def known_organizations(self):
        """Names to choose from while typing."""
        return Organization.objects.exclude(sector=Sector.CITIZENS).values_list("name", flat=True)[:300]

    @classmethod
    def initial_of(cls, mandate):
        """The form's values for a mandate as it stands."""
        plain = [name for name in cls.base_fields if hasattr(mandate, name)]
        values = {name: getattr(mandate, name) for name in plain}
        values["solution_named"] = "no" if mandate.names_no_solution else None
        values |= {f"gain_{sector}": words for sector, words in mandate.incentives.items()}
        values |= {f"ready_{key}": answer for key, answer in mandate.readiness.items()}
        for field, name in BODIES.items():
            if organization := getattr(mandate, field):
                values |= {f"{name}_name": organization.name, f"{name}_sector": organization.sector}
        return values


class TemplateChoice(forms.ModelChoiceField):
    def label_from_instance(self, template):
        """A template by its name and what it is for."""
        return format_html("<strong>{}</strong><br>{}", template.name, template.purpose)


class ConveneForm(forms.Form):
    """What it takes to prepare a partnership: a template, a name, a question. The rest is prepared afterwards."""

    template = TemplateChoice(
        label=_("Which kind of partnership?"),
        help_text=_("It brings first words, groups and dates. You can change all of them."),
        queryset=Template.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_("What shall we call the partnership?"),
        help_text=_("A few words that people will use. No abbreviations."),
        max_length=140,
    )
    summary = forms.CharField(label=_("What is it about, in one sentence?"), max_length=300, widget=_area(2))
    question, solution_named = MandateForm.base_fields["question"], MandateForm.base_fields["solution_named"]
    function = forms.CharField(
        label=_("Your function"),
        help_text=_("For example: head of planning."),
        max_length=120,
        required=False,
    )

    clean_solution_named = MandateForm.clean_solution_named

    def __init__(self, *args, platform, **kwargs):
        super().__init__(*args, **kwargs)
        offered = Template.objects.offered_on(platform)
        self.fields["template"].queryset = offered
        self.fields["template"].initial = offered.first()
        self.fields["template"].required = offered.exists()  # none where nobody has loaded any

    def facts(self):
        """What was typed, as the action takes it."""
        facts = dict(self.cleaned_data)
        facts["names_no_solution"] = facts.pop("solution_named") == "no"
        return facts


class PlanStagesForm(TwoWindows):
    """How many days each stage is planned to take, and when the work ends."""

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        ahead = ORDER[ORDER.index(Stage(partnership.stage)) :]
        for stage in (stage for stage in ahead if stage in DEFAULT_LENGTH_DAYS):
            days = partnership.lengths.get(stage, DEFAULT_LENGTH_DAYS[stage])
            self.fields[stage.value] = forms.IntegerField(
                label=stage.label, min_value=1, max_value=LONGEST_STAGE, initial=days
            )
        self.fields["ends_on"] = forms.DateField(
            label=_("When does the work end?"),
            required=False,
            widget=DateInput,
            initial=partnership.mandate.ends_on,
        )

    def facts(self):
        """What the action takes: lengths and the end."""
        lengths = {name: days for name, days in self.cleaned_data.items() if name != "ends_on"}
        return {"lengths": lengths, "ends_on": self.cleaned_data["ends_on"]}


class AskPromiseForm(TwoWindows):
    """Which promise is asked for."""

    as_one = True

    kind = forms.ChoiceField(
        label=_("What shall the receiver promise?"),
        choices=Mandate.PromiseKind.choices,
        widget=forms.RadioSelect,
    )


class RecordPromiseForm(TwoWindows):
    """Who promised or declined what, when, and where that is written."""

    as_one = True

    state = forms.ChoiceField(
        label=_("What was the answer?"),
        choices=[
            (Mandate.PromiseState.GIVEN, _("They promise it")),
            (Mandate.PromiseState.DECLINED, _("They do not promise it")),
        ],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label=_("Which promise?"), choices=Mandate.PromiseKind.choices)
    promise_by = forms.CharField(
        label=_("Who said so?"), help_text=_("The body or the office, not a private name."), max_length=200
    )
    minute = forms.CharField(
        label=_("Where is it written?"), help_text=_("Meeting, item and link of the minutes."), max_length=300
    )
    on = forms.DateField(label=_("On which day?"), widget=DateInput)
    due_on = forms.DateField(
        label=_("By when will they adopt the result, or explain why not?"),
        help_text=_("Leave it empty if nothing is said: then it is owed when the work ends."),
        widget=DateInput,
        required=False,
    )

    @classmethod
    def initial_of(cls, mandate):
        """The form's values for a mandate as it stands: the answer written down so far, if any."""
        answered = mandate.promise_state in (Mandate.PromiseState.GIVEN, Mandate.PromiseState.DECLINED)
        return {
            "state": mandate.promise_state if answered else "",
            "kind": mandate.promise_kind,
            "promise_by": mandate.promise_by,
            "minute": mandate.promise_minute,
            "on": mandate.promise_on,
        }


class ChangeSettingsForm(TwoWindows, forms.ModelForm):
    """How a partnership is called, shown and joined."""

    class Meta:
        model = Partnership
        fields = ["title", "summary", "visibility", "join_policy", "case_number", "may_withhold_names"]
        widgets = {"summary": _area(2), "visibility": forms.RadioSelect, "join_policy": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["visibility"].choices = Partnership.Visibility.choices
        self.fields["join_policy"].choices = Partnership.JoinPolicy.choices
