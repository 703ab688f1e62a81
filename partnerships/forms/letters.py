"""What an invitation says, for which group, in which language, and what is offered."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..models import Group, Support
from .two_windows import TwoWindows


class WhichLetterForm(forms.Form):
    """The group and the language that a letter is for; they stand in the address."""

    group = forms.ModelChoiceField(
        label=_("For which group?"),
        queryset=Group.objects.none(),
        empty_label=_("All others"),
        required=False,
    )
    language = forms.ChoiceField(label=_("In which language?"), choices=settings.LANGUAGES, required=False)

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.fields["group"].queryset = Group.objects.filter(partnership=partnership)
        self.fields["language"].initial = partnership.language

    def chosen(self):
        """(group or None, language): what is asked for, else the letter to all in the partnership's language."""
        found = self.cleaned_data if self.is_valid() else {}
        return found.get("group"), found.get("language") or self.partnership.language


class LetterForm(TwoWindows):
    """The convener's own words; who asks, the question and the law stand around them."""

    opening = forms.CharField(
        label=_("The first words"),
        help_text=_("Two or three sentences, as you would say them at the door. No words of the office."),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    asks = forms.CharField(
        label=_("What do you ask of them, and how much time does it take?"),
        help_text=_("For example: four evenings before summer, at the school."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    support = forms.MultipleChoiceField(
        label=_("What do you offer, so that they can come?"),
        choices=Support.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def initial_of(cls, letter):
        """The form's values for a letter as it stands, or for none."""
        return {name: getattr(letter, name) for name in cls.base_fields} if letter else {}
