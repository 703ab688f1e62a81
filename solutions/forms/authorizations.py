"""Ask a body, enter its answer as minuted, note something privately."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from actors.models import Organization
from boundary.inputs import DateInput

from ..models import (
    Authorization,
    AuthorizationOutcome,
    AuthorizationRequest,
    PrivateNote,
    Step,
    VoteDetail,
)


class RequestAuthorizationForm(forms.ModelForm):
    """Which body, at which meeting, under which case number."""

    class Meta:
        model = AuthorizationRequest
        fields = ["body", "meeting_on", "case_number"]
        widgets = {"body": forms.RadioSelect, "meeting_on": DateInput}
        labels = {"body": _("Who can decide this?")}
        help_texts = {
            "body": _("The bodies that the mandate names."),
            "meeting_on": _(
                "When the body meets. Ask its secretary for the date and the closing of the agenda."
            ),
        }

    def __init__(self, *args, bodies, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["body"].queryset = Organization.objects.filter(pk__in=[body.pk for body in bodies])
        self.fields["body"].empty_label = None
        if len(bodies) == 1:
            self.fields["body"].initial = bodies[0].pk

    def clean_meeting_on(self):
        """A body is asked before it meets."""
        day = self.cleaned_data["meeting_on"]
        if day < self.today:
            raise ValidationError(_("This day has passed. Type the date of the next meeting."))
        return day


class EnterAuthorizationForm(forms.ModelForm):
    """The decision as it stands in the minutes, at the detail of the minutes."""

    minutes_link = forms.URLField(
        label=_("Link to the minutes"), max_length=400, required=False, assume_scheme="https"
    )

    class Meta:
        model = Authorization
        fields = [
            *("outcome", "decided_on", "item", "minutes_link", "closed_item", "words", "conditions"),
            *("expires_on", "vote_detail", "votes_for", "votes_against", "votes_abstained", "votes_text"),
        ]
        widgets = {
            "outcome": forms.RadioSelect,
            "vote_detail": forms.RadioSelect,
            "decided_on": DateInput,
            "expires_on": DateInput,
            "words": forms.Textarea(attrs={"rows": 5}),
            "conditions": forms.Textarea(attrs={"rows": 4}),
            "votes_text": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "item": _("The number of the item, for example 7."),
            "closed_item": _(
                "Then this page shows only that it was treated, and what you write below. "
                "Write only what anyone may read."
            ),
            "conditions": _("One condition per line. Each becomes a step of the plan."),
            "votes_for": _("Only where the minutes show numbers."),
            "votes_text": _("Only where the minutes name parties or people. Copy the minutes."),
        }

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["outcome"].choices = AuthorizationOutcome.choices
        self.fields["vote_detail"].choices = VoteDetail.choices
        self.fields["vote_detail"].initial = VoteDetail.NONE

    def clean_decided_on(self):
        """What is entered has happened."""
        day = self.cleaned_data["decided_on"]
        if day > self.today:
            raise ValidationError(_("This day has not come yet. Enter the decision after the meeting."))
        return day

    def clean(self):
        data = super().clean()
        self._check_conditions(data)
        self._check_votes(data)
        if data.get("expires_on") and data.get("decided_on") and data["expires_on"] <= data["decided_on"]:
            self.add_error("expires_on", _("It would end before it begins. Type a later day."))
        return data

    def _check_conditions(self, data):
        conditional = data.get("outcome") == AuthorizationOutcome.CONDITIONAL
        lines = Authorization(conditions=data.get("conditions", "")).condition_lines
        longest = Step._meta.get_field("what").max_length
        if conditional and not lines:
            self.add_error("conditions", _("Type the conditions, one per line."))
        elif lines and not conditional:
            self.add_error(
                "conditions", _("Conditions belong to “Granted with conditions”. Choose that, or empty this.")
            )
        elif any(len(line) > longest for line in lines):
            words = _t("A condition is longer than %(n)s characters. Break it into several lines.")
            self.add_error("conditions", words % {"n": longest})

    def _check_votes(self, data):
        detail = data.get("vote_detail")
        numbers = ["votes_for", "votes_against", "votes_abstained"]
        if data.get("closed_item") and detail != VoteDetail.NONE:
            self.add_error(
                "vote_detail", _("A closed item shows no votes. Choose “The minutes show no vote”.")
            )
        if detail == VoteDetail.COUNTS:
            for name in numbers[:2]:
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Type the number from the minutes; 0 if there was none."))
        elif any(data.get(name) is not None for name in numbers):
            self.add_error("vote_detail", _("You typed numbers of votes. Choose “Numbers”, or empty them."))
        names = detail in (VoteDetail.PARTIES, VoteDetail.NAMES)
        if names and not data.get("votes_text"):
            self.add_error("votes_text", _("Copy the parties or names from the minutes."))
        elif data.get("votes_text") and detail and not names:
            self.add_error(
                "vote_detail", _("You typed parties or names. Choose “Parties” or “Names”, or empty them.")
            )


class NoteForm(forms.ModelForm):
    """A note for one's own eyes. Empty words erase it."""

    body = forms.CharField(
        label=_("My private note"),
        help_text=_("Only you can read it. It is not a vote. Save it empty to erase it."),
        max_length=PrivateNote._meta.get_field("body").max_length,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        required=False,
    )

    class Meta:
        model = PrivateNote
        fields = ["body"]
