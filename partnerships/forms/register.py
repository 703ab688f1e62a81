"""Say that one may be asked; and choose among those who have said so."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from actors.models import Sector

from ..actions.register import MOST
from ..models import Group, Seat
from .invitations import SeatChoice

TICKED, PAGE, FOUND = "ticked", "page", "found"


class JoinRegisterForm(forms.Form):
    """For whom, what one knows, where one lives: a minute on a phone."""

    sector = forms.ChoiceField(
        label=_("Whom would you speak for?"), choices=Sector.choices, initial=Sector.CITIZENS
    )
    brings = forms.CharField(
        label=_("What do you know, or what can you do?"),
        help_text=_("A few words. For example: has grown up by the fjord, reads budgets, speaks Arabic."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    area = forms.CharField(
        label=_("Which neighbourhood or area do you know?"),
        max_length=80,
        required=False,
    )
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"), choices=settings.LANGUAGES
    )


class RegisterFilter(forms.Form):
    """Search in the register; what is typed lives in the address."""

    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    sector = forms.ChoiceField(
        label=_("Sector"), choices=[("", _("All sectors")), *Sector.choices], required=False
    )
    area = forms.CharField(label=_("Area"), max_length=80, required=False)
    asked = forms.ChoiceField(
        label=_("Asked before"),
        choices=[
            ("", _("Everybody")),
            ("never", _("Never asked")),
            ("year", _("Not asked for a year")),
            ("seatless", _("In no partnership here")),
        ],
        required=False,
    )

    def found(self):
        """What is searched for, as found_in_register takes it; what is wrong counts as not said."""
        self.is_valid()
        said = self.cleaned_data
        names = {"words": "q", "sector": "sector", "area": "area", "asked": "asked"}
        return {name: said.get(field, "").replace("\x00", "") for name, field in names.items()}


class InviteFromRegisterForm(forms.Form):
    """Whom of those on the page, or of all found; for which group or seat; and why."""

    whom = forms.ChoiceField(label=_("Whom?"), widget=forms.RadioSelect, initial=TICKED)
    people = forms.TypedMultipleChoiceField(required=False)
    why_you = forms.CharField(
        label=_("Why do you ask these people?"),
        help_text=_("It stands in the mail, below the question. For example: You live by the beach."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    group = forms.ModelChoiceField(
        label=_("For which group do you ask them?"),
        queryset=Group.objects.none(),
        empty_label=_("No particular group"),
        required=False,
    )
    seat = SeatChoice(
        label=_("For which open seat?"),
        help_text=_("Only one person can take it: the first who says yes."),
        queryset=Seat.objects.none(),
        empty_label=_("No particular seat"),
        required=False,
    )

    def __init__(self, *args, partnership, page, found, **kwargs):
        """page: ids of the people shown; found: how many there are in all."""
        super().__init__(*args, **kwargs)
        self.page, self.number = page, found
        everybody = ngettext("The one who was found", "All %(number)s who were found", found)
        self.fields["whom"].choices = [
            (TICKED, _("Those I have ticked")),
            (PAGE, _("Everybody on this page")),
            *([(FOUND, everybody % {"number": found})] if found <= MOST else []),
        ]
        self.fields["people"].choices = [(str(pk), str(pk)) for pk in page]
        self.fields["people"].error_messages["invalid_choice"] = _(
            "Somebody you ticked is not on this page any more. Look again."
        )
        self.fields["group"].queryset = Group.objects.filter(partnership=partnership)
        self.fields["seat"].queryset = Seat.objects.filter(partnership=partnership, holder=None, group=None)

    def clean(self):
        """Somebody is chosen, and not too many for one seat."""
        cleaned = super().clean()
        if cleaned.get("whom") == TICKED and not cleaned.get("people") and "people" not in self.errors:
            self.add_error("whom", _("Tick somebody in the list first."))
        number = {TICKED: len(cleaned.get("people", [])), PAGE: len(self.page)}.get(
            cleaned.get("whom"), self.number
        )
        if cleaned.get("seat") and number > 20:
            self.add_error("seat", _("Ask at most 20 people for one seat."))
        return cleaned


class FreezeRegisterForm(forms.Form):
    """How many shall be drawn from those who were found, and for which group."""

    seats = forms.IntegerField(
        label=_("How many people shall be drawn?"), min_value=1, max_value=500, initial=1
    )
    group = forms.ModelChoiceField(
        label=_("For which group?"),
        queryset=Group.objects.none(),
        empty_label=_("No particular group"),
        required=False,
    )

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = Group.objects.filter(partnership=partnership)
