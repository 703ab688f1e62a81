"""Moving a stage, setting a criterion aside, changing when a stage is due."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateInput
from partnerships.stages import ORDER, Stage, next_stage


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


class OnwardForm(MoveForm):
    """On to the next stage."""

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, auto_id="on_%s", **kwargs)
        self.fields["to"].widget = forms.HiddenInput()
        self.initial.update(to=next_stage(partnership.stage), expected=partnership.stage_version)
        if next_stage(partnership.stage) == Stage.CLOSED:
            self.fields["reason"].required = True
            self.fields["reason"].label = _("What comes after: continue, adapt, scale or stop? Why?")
            del self.fields["due_on"]


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
        self.fields["reason"].required = True
        self.fields["reason"].label = _("Why does it end?")
        del self.fields["due_on"]
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
    """Which soft criterion is set aside, and why."""

    key = forms.ChoiceField(label=_("What is set aside?"))
    reason = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        help_text=_("Everyone who can read this partnership can read it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, gate, **kwargs):
        super().__init__(*args, auto_id="waive_%s", **kwargs)
        self.fields["key"].choices = [(one.key, one.label) for one in gate.open_criteria if not one.hard]


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
