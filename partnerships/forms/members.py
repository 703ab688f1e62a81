"""Join, ask to join, leave, and who sits where."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.models import Sector, Side

from ..models import Commitment, Member

ORGANIZATION = _("Do you act for an organization?")


class MemberChoice(forms.ModelChoiceField):
    def label_from_instance(self, member):
        """The member as the others see them."""
        return member.shown_name


class JoinForm(forms.Form):
    """For whom somebody joins."""

    sector = forms.ChoiceField(
        label=_("Whom do you speak for?"), choices=Sector.choices, initial=Sector.CITIZENS
    )
    organization_name = forms.CharField(
        label=ORGANIZATION, help_text=_("Write its name. Leave it empty if you come as yourself."),
        max_length=200, required=False,
    )  # fmt: skip
    function = forms.CharField(
        label=_("Your function"), help_text=_("For example: lives by the beach, chair of the rowing club."),
        max_length=120, required=False,
    )  # fmt: skip


class AskToJoinForm(forms.Form):
    """Why somebody wants to join."""

    message = forms.CharField(
        label=_("Why do you want to join?"),
        help_text=_("One or two sentences. Only the conveners read them."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sector = forms.ChoiceField(
        label=_("Whom do you speak for?"), choices=Sector.choices, initial=Sector.CITIZENS
    )
    organization_name = forms.CharField(
        label=ORGANIZATION, help_text=_("Write its name. Leave it empty if you come as yourself."),
        max_length=200, required=False,
    )  # fmt: skip


class AnswerJoinRequestForm(forms.Form):
    """Yes or no; a no needs its reason."""

    accept = forms.TypedChoiceField(
        label=_("Shall they join?"),
        choices=[("yes", _("Yes, welcome")), ("no", _("No, not this time"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Your words to them"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        """A no without a reason is refused."""
        cleaned = super().clean()
        if cleaned.get("accept") is False and not cleaned.get("reason"):
            self.add_error("reason", _("Say why not, in a sentence. They will read it."))
        return cleaned


class LeaveForm(forms.Form):
    """Leave, with or without a reason; and what shall become of each promise that is open. promises: Commitments."""

    reason = forms.CharField(
        label=_("Why do you leave?"),
        help_text=_("You need not say why. Only the conveners read it."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    STAY = "stay"
    CHOICES = [
        (STAY, _("It stays open: others may take it over")),
        (Commitment.State.KEPT.value, _("It was kept")),
        (Commitment.State.WITHDRAWN.value, _("I take it back")),
    ]

    def __init__(self, *args, promises=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.promises = list(promises)
        for one in self.promises:
            self.fields[f"promise_{one.pk}"] = forms.ChoiceField(
                label=one.what, choices=self.CHOICES, initial=self.STAY, required=False
            )
            self.fields[f"note_{one.pk}"] = forms.CharField(
                label=_("A word to the others about it"), max_length=500, required=False
            )

    @property
    def pairs(self):
        """[(what becomes of a promise, the word about it)], as bound fields."""
        return [(self[f"promise_{one.pk}"], self[f"note_{one.pk}"]) for one in self.promises]

    def clean(self):
        """What is taken back needs a word, so that the others can plan."""
        cleaned = super().clean()
        cleaned["promises"] = {}
        for one in self.promises:
            state = cleaned.pop(f"promise_{one.pk}", "")
            note = cleaned.pop(f"note_{one.pk}", "")
            if state == Commitment.State.WITHDRAWN and not note:
                self.add_error(f"note_{one.pk}", _("Write in a few words why, so that the others can plan."))
            if state not in ("", self.STAY):
                cleaned["promises"][one.pk] = (state, note)
        return cleaned


class ChangeRoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(label=_("Role"), choices=Member.Role.choices, widget=forms.RadioSelect)


class ChangeSeatForm(forms.Form):
    """The sector and side that a member sits for."""

    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    side = forms.ChoiceField(
        label=_("Side"),
        help_text=_(
            "The side depends on who controls it: a company owned by the municipality is on the public side."
        ),
        choices=Side.choices,
        widget=forms.RadioSelect,
    )


class ShowMeAsForm(forms.Form):
    """How a member is shown to others."""

    function = forms.CharField(label=_("Your function"), max_length=120, required=False)
    shown_by_function = forms.BooleanField(label=_("Show my function instead of my name"), required=False)

    def clean(self):
        """Whoever is shown by a function needs one."""
        cleaned = super().clean()
        if cleaned.get("shown_by_function") and not cleaned.get("function"):
            self.add_error("function", _("Write the function that shall stand instead of your name."))
        return cleaned


class AddSeatsForm(forms.Form):
    """Open seats at the table."""

    sector = forms.ChoiceField(label=_("For which sector?"), choices=Sector.choices)
    label = forms.CharField(
        label=_("For whom?"), help_text=_("For example: young people in the harbour area."),
        max_length=120, required=False,
    )  # fmt: skip
    count = forms.IntegerField(label=_("How many seats?"), min_value=1, max_value=50, initial=1)


class RegisterPersonForm(forms.Form):
    """Somebody without e-mail, who has agreed to be registered."""

    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("If they have one."), required=False)
    sector = forms.ChoiceField(
        label=_("Whom do they speak for?"), choices=Sector.choices, initial=Sector.CITIZENS
    )
    organization_name = forms.CharField(label=_("Organization"), max_length=200, required=False)
    function = forms.CharField(label=_("Function"), max_length=120, required=False)
    agreed = forms.BooleanField(
        label=_("They have agreed to take part and to be registered here"),
        error_messages={"required": _("Ask them first. Without their agreement nobody is registered.")},
    )
