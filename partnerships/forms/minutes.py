"""Write minutes, and put what was decided, promised and said into the arena."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..actions.minutes import LONGEST_MINUTES, version_of
from ..models import Commitment, Member, Text
from .commitments import OfferCommitmentForm
from .contributions import RecordContributionForm
from .decisions import OpenDecisionForm
from .positions import CHOICES, WHY_FIRST


class WriteMinutesForm(forms.Form):
    """The minutes: about the whole, and about each item; and the version they were written on."""

    minutes = forms.CharField(
        label=_("Minutes"),
        required=False,
        max_length=LONGEST_MINUTES,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "What was said and agreed. Everyone who can read this partnership can read it. "
            "Please do not give health details."
        ),
    )
    note = forms.CharField(
        label=_("What is corrected?"),
        required=False,
        max_length=200,
        help_text=_("In a few words. What was published before stays readable."),
    )
    expected = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, meeting, **kwargs):
        last = meeting.versions.first()
        words = last.words_of if last else {}
        published = meeting.versions.exclude(published_at=None).exists()
        super().__init__(*args, **kwargs)
        self.items = list(meeting.items.taken())
        self.fields["minutes"].initial = words.get("", "")
        self.fields["expected"].initial = version_of(meeting)
        self.fields["note"].initial = last.note if last and last.published_at is None else ""
        if not published:
            del self.fields["note"]
        for item in self.items:
            self.fields[f"item_{item.pk}"] = forms.CharField(
                label=item.shown_title,
                required=False,
                max_length=LONGEST_MINUTES,
                widget=forms.Textarea(attrs={"rows": 5}),
                initial=words.get(str(item.pk), ""),
            )
            self.fields[f"left_{item.pk}"] = forms.BooleanField(
                label=_("Not reached: offer it for the next meeting"), required=False, initial=item.left_over
            )

    def rows(self):
        """(item, its words' box, whether it is left over)."""
        return [(item, self[f"item_{item.pk}"], self[f"left_{item.pk}"]) for item in self.items]

    @property
    def facts(self):
        """What the action needs."""
        found = self.cleaned_data
        return {
            "minutes": found["minutes"],
            "note": found.get("note", ""),
            "expected": found["expected"],
            "items": {str(item.pk): found[f"item_{item.pk}"] for item in self.items},
            "left_over": [item.pk for item in self.items if found[f"left_{item.pk}"]],
        }


class DecideInMeetingForm(OpenDecisionForm):
    """What the members are asked, and what those in the room said; empty for who did not answer there."""

    field_order = ["question", "closes_at"]

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["purpose"], self.fields["opens_at"]  # those in the room answer at once
        self.members = members
        for member in members:
            self.fields[f"choice_{member.pk}"] = forms.ChoiceField(
                label=_("What %(name)s said") % {"name": member.shown_name},
                required=False,
                choices=[("", _("Did not answer here")), *CHOICES],
            )
            self.fields[f"reason_{member.pk}"] = forms.CharField(
                label=_("Reason of %(name)s") % {"name": member.shown_name}, required=False, max_length=5000
            )

    def rows(self):
        """(member, their choice's box, their reason's box)."""
        return [(one, self[f"choice_{one.pk}"], self[f"reason_{one.pk}"]) for one in self.members]

    def clean(self):
        found = super().clean()
        for one in self.members:
            if found.get(f"choice_{one.pk}") == "object" and not found.get(f"reason_{one.pk}", "").strip():
                self.add_error(f"reason_{one.pk}", WHY_FIRST)
        return found

    @property
    def positions(self):
        """[(member, choice, reason)] of those who answered."""
        said = self.cleaned_data
        return [
            (one, said[f"choice_{one.pk}"], said[f"reason_{one.pk}"])
            for one in self.members
            if said[f"choice_{one.pk}"]
        ]


class ChooseTextForm(forms.Form):
    """Which text is decided on."""

    text = forms.ModelChoiceField(label=_("Which text?"), queryset=Text.objects.none())

    def __init__(self, *args, texts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].queryset = texts


class PromiseInMeetingForm(OfferCommitmentForm):
    """Who promised what in the room."""

    member = forms.ModelChoiceField(label=_("Who promised it?"), queryset=Member.objects.none())
    field_order = ["member", "kind", "what", "amount", "unit", "due_on"]

    class Meta(OfferCommitmentForm.Meta):
        model = Commitment

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        present = Member.objects.present().filter(partnership=place.partnership)
        self.fields["member"].queryset = present.select_related("person").order_by("person__sort_key", "id")


class SaidInMeetingForm(RecordContributionForm):
    """What somebody said in the room, and who."""

    field_order = ["on_behalf_of", "behalf_sector", "kind", "body", "wants_answer"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("on_behalf_of", "body"):
            self.fields[name].required = True


class CompareMinutesForm(forms.Form):
    """Which two published versions to set side by side."""

    older = forms.IntegerField(label=_("From version"), min_value=1)
    newer = forms.IntegerField(label=_("To version"), min_value=1)
