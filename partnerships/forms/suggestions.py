"""Write: a suggestion, and what the authors make of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Suggestion
from .texts import SectionField


class SuggestForm(forms.Form):
    """Other words for a section, or a remark on a passage; and why."""

    KINDS = [("words", _("Other words for the section")), ("remark", _("A remark on a passage"))]

    kind = forms.ChoiceField(label=_("What is it?"), choices=KINDS, widget=forms.RadioSelect, initial="words")
    words = SectionField(
        label=_("Your words for this section"),
        help_text=_("Change what you would change; leave the rest as it stands."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    quote = forms.CharField(
        label=_("The passage you mean"),
        help_text=_("Only for a remark: copy it from the section."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def said(self):
        """What the actions take: words or the passage, and the reason."""
        given = self.cleaned_data
        remark = given["kind"] == "remark"
        return {
            "words": "" if remark else given["words"],
            "quote": given["quote"] if remark else "",
            "reason": given["reason"],
        }

    @classmethod
    def of(cls, suggestion):
        """What the form shows of a suggestion that is changed."""
        return {
            "kind": "remark" if suggestion.is_remark else "words",
            "words": suggestion.words or suggestion.base,
            "quote": suggestion.quote,
            "reason": suggestion.reason,
        }


class TakeUpForm(forms.Form):
    """Take the words up as they are, or change them first. `shown` is what stood in the draft when the page came."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    words = SectionField(
        label=_("The words that go into the draft"),
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    answer = forms.CharField(
        label=_("A word to who suggested it"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class TurnDownForm(forms.Form):
    """Why it is not taken up."""

    answer = forms.CharField(
        label=_("Why is it not taken up?"),
        help_text=_("Everyone who reads the text can read this."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class SuggestionsForm(forms.Form):
    """Which suggestions to show."""

    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", _("Waiting for the authors")),
            ("taken", _("Taken up")),
            ("not", _("Not taken up")),
        ],
    )
    section = forms.ChoiceField(label=_("About"), required=False)

    STATES = {
        "open": [Suggestion.State.OPEN],
        "taken": [Suggestion.State.TAKEN_UP, Suggestion.State.CHANGED],
        "not": [Suggestion.State.NOT_TAKEN, Suggestion.State.WITHDRAWN],
    }

    def __init__(self, *args, text, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [("", _("Every section")), *text.sections.items()]


class HideSuggestionForm(forms.Form):
    """Why a suggestion is hidden; the reason is public."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everyone who can read this partnership can read the reason. Name the ground rule."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
