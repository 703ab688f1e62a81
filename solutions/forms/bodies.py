"""Who sits in a body."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Authority


class AppointForm(forms.Form):
    """A person by name and address, and what they do in the body."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("They sign in with it. No invitation is sent: tell them yourself."),
        max_length=254,
    )
    authority = forms.ChoiceField(
        label=_("What they do"), choices=Authority.choices, widget=forms.RadioSelect, initial=Authority.MEMBER
    )
