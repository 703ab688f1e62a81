"""Plan, own, report, measure."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateInput
from partnerships.models import Member

from ..models import Measurement, Step, StepReport, StepStatus


class StepForm(forms.ModelForm):
    """What is to be done, by when."""

    class Meta:
        model = Step
        fields = ["what", "due_on"]
        widgets = {"due_on": DateInput}
        help_texts = {
            "what": _(
                "One thing that somebody can say yes to. On the next page you look for people to own it."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.condition_of_id:
            del self.fields["what"]  # the words of a condition are the body's


class AskOwnerForm(forms.Form):
    """Which member to ask."""

    member = forms.ModelChoiceField(
        label=_("Whom do you ask?"),
        help_text=_("They answer in person. It is theirs when they say yes."),
        queryset=Member.objects.none(),
        empty_label=_("Choose a member"),
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
        self.fields["member"].label_from_instance = _name_and_side


def _name_and_side(member):
    return f"{member.shown_name} – {member.get_side_display()}"


class ReportForm(forms.ModelForm):
    """How the step is going."""

    class Meta:
        model = StepReport
        fields = ["status", "body"]
        widgets = {"status": forms.RadioSelect, "body": forms.Textarea(attrs={"rows": 4})}
        labels = {"status": _("How is it going?"), "body": _("What has happened, and what comes next?")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = StepStatus.choices
        self.fields["status"].initial = StepStatus.UNDER_WAY


class MeasureForm(forms.ModelForm):
    """A dated value with its source."""

    class Meta:
        model = Measurement
        fields = ["measured_on", "value", "source", "note"]
        widgets = {"measured_on": DateInput}
        help_texts = {
            "source": _("Where the number comes from, so that others can check it."),
            "note": _("How it was measured, or what to be careful about."),
        }

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_measured_on(self):
        """What is entered has been measured."""
        day = self.cleaned_data["measured_on"]
        if day > self.today:
            raise ValidationError(_("This day has not come yet. Type the day of the measurement."))
        return day
