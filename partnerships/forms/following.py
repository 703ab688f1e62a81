"""What to follow of a partnership."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Follow


class FollowForm(forms.Form):
    """The topics of which somebody who follows wants to see what moves."""

    topics = forms.MultipleChoiceField(
        label=_("What do you want to see?"),
        choices=Follow.Topic.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one, or stop following.")},
    )
