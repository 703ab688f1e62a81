"""Moving a stage, setting a criterion aside, pausing, changing when a stage is due."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateInput
from partnerships.models import ClosingAccount, Member
from partnerships.settings.table import ACCOUNT_DAYS
from partnerships.stages import ORDER, Stage, next_stage

LONGEST_DAYS = 731  # (default) of a pause before somebody looks again: a mistyped year is caught


class MoveForm(forms.Form):
    """Where to, seen from where: `expected` is the version of the stage that was shown."""

    to = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why?"),
        required=False,
        max_length=2000,
        help_text=_("Everyone who can read this partnership can read it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = forms.DateField(
        label=_("Planned to be done by"),
        required=False,
        help_text=_("Leave it empty for the usual length."),
        widget=DateInput,
    )

    def ask_for_the_end(self, partnership, label):
        """What follows and why, and who owes the account by when."""
        self.fields["reason"].required = True
        self.fields["reason"].label = label
        self.fields["follows"] = forms.ChoiceField(
            label=_("What follows?"), choices=ClosingAccount.Follows.choices, widget=forms.RadioSelect
        )
        leading = Member.objects.leading().filter(partnership=partnership)
        self.fields["writer"] = forms.ModelChoiceField(
            leading.select_related("person", "organization"),
            label=_("Who writes the account to those who took part?"),
            required=False,
            empty_label=_("I do"),
            help_text=_("What we set out to do, what came of it, what was not done and why."),
        )
        self.fields["due_on"].label = _("The account is there by")
        self.fields["due_on"].help_text = _("Leave it empty for %(days)s days from now.") % {
            "days": ACCOUNT_DAYS.of(partnership)
        }
        self.order_fields(["to", "expected", "follows", "reason", "writer", "due_on"])


class OnwardForm(MoveForm):
    """On to the next stage."""

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, auto_id="on_%s", **kwargs)
        self.fields["to"].widget = forms.HiddenInput()
        self.initial.update(to=next_stage(partnership.stage), expected=partnership.stage_version)
        if next_stage(partnership.stage) == Stage.CLOSED:
            self.ask_for_the_end(partnership, _("Why?"))


class BackForm(MoveForm):
    """Back to a stage that was visited before."""

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, auto_id="back_%s", **kwargs)
        before = ORDER[: ORDER.index(Stage(partnership.stage))]
        self.fields["to"].choices = [(stage.value, stage.label) for stage in before]
        self.fields["to"].label = _("Back to")
        self.fields["reason"].required = True
        self.initial.update(to=before[-1] if before else "", expected=partnership.stage_version)


class EndForm(MoveForm):
    """An early end."""

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, auto_id="end_%s", **kwargs)
        self.fields["to"].widget = forms.HiddenInput()
        self.ask_for_the_end(partnership, _("Why does it end?"))
        self.initial.setdefault("follows", ClosingAccount.Follows.STOP)
        self.initial.update(to=Stage.CLOSED, expected=partnership.stage_version)


def move_form(data, partnership):
    """The form that these data came from: on, back, or an early end."""
    to, after = data.get("to"), next_stage(partnership.stage)
    if after and to == after:
        return "onward_form", OnwardForm(data, partnership=partnership)
    if to == Stage.CLOSED:
        return "end_form", EndForm(data, partnership=partnership)
    return "back_form", BackForm(data, partnership=partnership)


class WaiveForm(forms.Form):
    """Which soft criterion is set aside, and why; `expected` is the version of the stage that was shown."""

    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    key = forms.ChoiceField(label=_("What is set aside?"))
    reason = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        help_text=_("Everyone who can read this partnership can read it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, gate, partnership, **kwargs):
        super().__init__(*args, auto_id="waive_%s", **kwargs)
        self.initial.update(expected=partnership.stage_version)
        self.fields["key"].choices = [(one.key, one.label) for one in gate.open_criteria if not one.hard]


class SignForm(forms.Form):
    """Why two sides set a required criterion aside."""

    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        help_text=_("When it takes effect, everyone who can read this partnership can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PauseForm(forms.Form):
    """Why a partnership rests, and when to look again."""

    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why does it rest?"),
        max_length=2000,
        help_text=_("Everyone who can read this partnership can read it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    look_again_on = forms.DateField(
        label=_("Look again on"),
        required=False,
        help_text=_("The conveners get a reminder that day. Nothing goes on by itself."),
        widget=DateInput,
    )

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, auto_id="pause_%s", **kwargs)
        self.initial.update(expected=partnership.stage_version)

    def clean_look_again_on(self):
        day = self.cleaned_data["look_again_on"]
        if day is None:
            return None
        today = timezone.localdate()
        if day <= today:
            raise forms.ValidationError(_("Choose a day after today."))
        if day > today + datetime.timedelta(days=LONGEST_DAYS):
            raise forms.ValidationError(_("Choose a day within two years; you can look again sooner."))
        return day


class ResumeForm(forms.Form):
    """Let it go on, seen from where."""

    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class DueForm(forms.Form):
    """When the present stage is planned to be done."""

    due_on = forms.DateField(label=_("Planned to be done by"), widget=DateInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="due_%s", **kwargs)

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return day
