"""Report, hide, settle, pause somebody's writing, appeal and decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Appeal, ContributionReport
from ..models.moderation import Ground
from ..settings.together import LONGEST_WRITING_PAUSE

PUBLIC = _("Everyone who can read this partnership can read the reason. Name nobody in it.")


class ReportContributionForm(forms.ModelForm):
    """What is wrong with a contribution."""

    class Meta:
        model = ContributionReport
        fields = ["ground", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "ground": forms.RadioSelect}
        help_texts = {"reason": _("Those who moderate read it. Its author does not see who reported it.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = Ground.choices
        self.fields["ground"].initial = None

    def clean(self):
        """What the list does not name is said in words."""
        said = super().clean()
        if said.get("ground") == Ground.OTHER and not said.get("reason"):
            self.add_error("reason", _("Say in a few words what is wrong with it."))
        return said


class _WithGround(forms.Form):
    ground = forms.ChoiceField(
        label=_("Which ground rule?"), choices=Ground.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"), help_text=PUBLIC, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class HideContributionForm(_WithGround):
    """Why a contribution is hidden; rule and reason are public."""


class PauseWritingForm(_WithGround):
    """Why a member's writing is paused, and for how many days."""

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        most = LONGEST_WRITING_PAUSE.of(partnership)
        self.fields["days"] = forms.IntegerField(
            label=_("For how many days?"),
            help_text=_("At most %(most)s.") % {"most": most},
            min_value=1,
            max_value=most,
        )
        self.order_fields(["days"])


class DismissReportsForm(forms.Form):
    """Why it stays, for who reported it."""

    reason = forms.CharField(
        label=_("Why does it stay?"),
        help_text=_("Who reported it reads this."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AppealForm(forms.ModelForm):
    """Why what was done is wrong."""

    class Meta:
        model = Appeal
        fields = ["words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "words": _("Those who lead this partnership or decide the appeal read it, nobody else.")
        }


class DecideAppealForm(forms.Form):
    """What becomes of an appeal."""

    state = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[
            (Appeal.State.STANDS, _("What was done stands")),
            (Appeal.State.TAKEN_BACK, _("It is taken back, at once")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), help_text=PUBLIC, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
