"""Convene on one page, and change afterwards: mandate, promise, settings."""

import datetime

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from actors.models import Organization, Sector
from boundary.inputs import DateInput

from ..models import Mandate, Partnership
from ..stages import DEFAULT_LENGTH_DAYS, Stage

BODIES = {
    "sponsor": "sponsor",
    "recipient": "recipient",
    "competent_body": "competent",
}  # of the mandate: in the form
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


class MandateForm(forms.Form):
    """The mandate: the question and what stands around it."""

    question = forms.CharField(
        label=_("Which question shall the partnership answer?"),
        help_text=_("Ask what should become better, and for whom. Do not name a solution."),
        max_length=1000,
        widget=_area(3),
    )
    names_no_solution = forms.BooleanField(
        label=_("The question names no solution"),
        help_text=_("If the answer is given already, there is nothing to find together."),
        error_messages={"required": _("Write the question so that it names no solution, then tick this.")},
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

    SECTIONS = [
        (_("The question"), ["question", "names_no_solution", "scope", "non_negotiables", "interdependence"]),
        (
            _("Who stands behind it"),
            [
                *("sponsor_name", "sponsor_sector", "resources", "recipient_name", "recipient_sector"),
                *("competent_name", "competent_sector", "competence_source"),
            ],
        ),
        (_("Time"), ["ends_on"]),
    ]

    def sections(self):
        """[(heading, fields)] in the order of the page."""
        return [(heading, [self[name] for name in names]) for heading, names in self.SECTIONS]

    def facts(self):
        """What was typed, as the action takes it: organizations as (name, sector)."""
        facts = dict(self.cleaned_data)
        for field, name in BODIES.items():
            typed, sector = facts.pop(f"{name}_name"), facts.pop(f"{name}_sector")
            facts[field] = (typed, sector) if typed else None
        return facts

    def known_organizations(self):
        """Names to choose from while typing."""
        return Organization.objects.exclude(sector=Sector.CITIZENS).values_list("name", flat=True)[:300]

    @classmethod
    def initial_of(cls, mandate):
        """The form's values for a mandate as it stands."""
        plain = [name for name in cls.base_fields if hasattr(mandate, name)]
        values = {name: getattr(mandate, name) for name in plain}
        for field, name in BODIES.items():
            if organization := getattr(mandate, field):
                values |= {f"{name}_name": organization.name, f"{name}_sector": organization.sector}
        return values


class ConveneForm(MandateForm):
    """Everything it takes to begin a partnership."""

    title = forms.CharField(
        label=_("What shall we call the partnership?"),
        help_text=_("A few words that people will use. No abbreviations."),
        max_length=140,
    )
    summary = forms.CharField(label=_("What is it about, in one sentence?"), max_length=300, widget=_area(2))
    promise_kind = forms.ChoiceField(
        label=_("What shall the receiver promise?"),
        help_text=_("You ask now. Until somebody has said yes, the page says: not yet promised."),
        choices=Mandate.PromiseKind.choices,
        initial=Mandate.PromiseKind.ADOPT_OR_EXPLAIN,
        widget=forms.RadioSelect,
    )
    visibility = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=Partnership.Visibility.choices,
        initial=Partnership.Visibility.PUBLIC,
        widget=forms.RadioSelect,
    )
    join_policy = forms.ChoiceField(
        label=_("Who may join?"),
        choices=Partnership.JoinPolicy.choices,
        initial=Partnership.JoinPolicy.REQUEST,
        widget=forms.RadioSelect,
    )
    case_number = forms.CharField(
        label=_("Case number"), help_text=_("In your filing system."), max_length=60, required=False
    )
    function = forms.CharField(
        label=_("Your function"),
        help_text=_("For example: head of planning."),
        max_length=120,
        required=False,
    )
    due_on = forms.DateField(
        label=_("When shall the first people be invited?"),
        help_text=_("The end of the first stage, in which you prepare. You can change it."),
        widget=DateInput,
    )

    SECTIONS = [
        (MandateForm.SECTIONS[0][0], ["title", "summary", *MandateForm.SECTIONS[0][1]]),
        (MandateForm.SECTIONS[1][0], [*MandateForm.SECTIONS[1][1], "promise_kind"]),
        (_("Who takes part"), ["visibility", "join_policy", "function", "case_number"]),
        (_("Time"), ["due_on", "ends_on"]),
    ]

    def __init__(self, *args, platform, **kwargs):
        super().__init__(*args, **kwargs)
        today = localdate()
        self.fields["sponsor_name"].initial = platform.owner.name
        self.fields["sponsor_sector"].initial = platform.owner.sector
        self.fields["due_on"].initial = today + datetime.timedelta(days=DEFAULT_LENGTH_DAYS[Stage.INITIATE])
        self.fields["ends_on"].initial = today + datetime.timedelta(days=sum(DEFAULT_LENGTH_DAYS.values()))


class AskPromiseForm(forms.Form):
    """Which promise is asked for."""

    kind = forms.ChoiceField(
        label=_("What shall the receiver promise?"),
        choices=Mandate.PromiseKind.choices,
        widget=forms.RadioSelect,
    )


class RecordPromiseForm(forms.Form):
    """Who promised or declined what, when, and where that is written."""

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


class ChangeSettingsForm(forms.ModelForm):
    """How a partnership is called, shown and joined."""

    class Meta:
        model = Partnership
        fields = ["title", "summary", "visibility", "join_policy", "case_number"]
        widgets = {"summary": _area(2), "visibility": forms.RadioSelect, "join_policy": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["visibility"].choices = Partnership.Visibility.choices
        self.fields["join_policy"].choices = Partnership.JoinPolicy.choices
