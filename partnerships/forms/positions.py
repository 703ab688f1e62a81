"""Positions: one's own, one written down for somebody, and those of a whole room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Member, Position
from .members import MemberChoice

CHOICES = [
    (Position.Choice.AGREE, _("I agree")),
    (Position.Choice.STAND_ASIDE, _("I stand aside: not my choice, but I do not stop it")),
    (Position.Choice.OBJECT, _("I object: it must not go on like this")),
]
WHY_FIRST = _("Write why you object, so that the others can meet it.")


class PositionForm(forms.ModelForm):
    """Where somebody stands, on the words whose digest is sent along."""

    class Meta:
        model = Position
        fields = ["choice", "reason", "digest"]
        widgets = {
            "choice": forms.RadioSelect,
            "reason": forms.Textarea(attrs={"rows": 4}),
            "digest": forms.HiddenInput,
        }
        help_texts = {
            "reason": _(
                "Needed when you object: those who lead and write read an objection at once, to answer it. "
                "When the decision is closed, everyone who can read this partnership can read it."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = CHOICES

    def clean(self):
        """An objection says why."""
        found = super().clean()
        if found.get("choice") == Position.Choice.OBJECT and not found.get("reason", "").strip():
            self.add_error("reason", WHY_FIRST)
        return found


class RecordPositionForm(PositionForm):
    """What a member said on paper or by voice."""

    member = MemberChoice(
        label=_("Whose position"), queryset=Member.objects.none(), empty_label=_("Choose a member")
    )

    way = forms.ChoiceField(label=_("How they said it"), choices=[("", _("Choose")), *Position.Way.choices])

    field_order = ["member", "way", "choice", "reason", "digest"]

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
        self.fields["choice"].label = _("What they said")


class RoomForm(forms.Form):
    """What many members said in one room: a row for each who has not answered in person."""

    way = forms.ChoiceField(
        label=_("How they said it"), choices=Position.Way.choices, initial=Position.Way.VOICE
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = list(members)
        for member in self.members:
            self.fields[f"choice_{member.pk}"] = forms.ChoiceField(
                label=_("What they said"),
                required=False,
                choices=[("", _("Has not said")), *Position.Choice.choices],
            )
            self.fields[f"reason_{member.pk}"] = forms.CharField(
                label=_("Reason"), required=False, max_length=5000
            )

    def clean(self):
        """Each objection says why; somebody must have said something."""
        found = super().clean()
        for member in self.members:
            objects = found.get(f"choice_{member.pk}") == Position.Choice.OBJECT
            if objects and not found.get(f"reason_{member.pk}", "").strip():
                self.add_error(f"reason_{member.pk}", _("Write why they object."))
        if not self.errors and not self.said:
            raise forms.ValidationError(_("Choose what at least one of them said."))
        return found

    @property
    def rows(self):
        """(member, the field of the choice, the field of the reason), one for each member."""
        return [(one, self[f"choice_{one.pk}"], self[f"reason_{one.pk}"]) for one in self.members]

    @property
    def said(self):
        """[(member, choice, reason)] of those who said something."""
        found = self.cleaned_data
        return [
            (one, found[f"choice_{one.pk}"], found.get(f"reason_{one.pk}", ""))
            for one in self.members
            if found.get(f"choice_{one.pk}")
        ]
