"""The shape of an indicator."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import Direction, Indicator


class IndicatorForm(forms.ModelForm):
    """What is counted, where it stands today, where it should be."""

    class Meta:
        model = Indicator
        fields = ["name", "unit", "baseline", "target", "direction", "source"]
        widgets = {"direction": forms.RadioSelect(attrs={"class": "co-choices--row"})}
        help_texts = {
            "name": _("What one can count or measure, for example: days when the beach smells."),
            "unit": _("For example: days a year, kg, per cent."),
            "baseline": _("The value now. Leave it empty if nobody knows yet."),
            "target": _("The value you want to reach."),
            "source": _("Where the number for today comes from."),
        }

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.fields["direction"].label = _("Which way is better?")
        self.fields["direction"].choices = Direction.choices

    def clean_name(self):
        """Two indicators of one name cannot be told apart."""
        name = self.cleaned_data["name"]
        namesakes = Indicator.objects.filter(partnership=self.partnership, name__iexact=name)
        if namesakes.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is an indicator of that name already. Choose another name."))
        return name
