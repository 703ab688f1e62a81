"""Give an office on a platform."""

from allauth.account.models import EmailAddress
from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Office


class GiveOfficeForm(forms.Form):
    """Whom, by the address they sign in with, and which office."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The address that they sign in with here."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("What may they do?"), choices=Office.Kind.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args, kinds, **kwargs):
        """kinds: those that the reader can give."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, label) for kind, label in Office.Kind.choices if kind in kinds]
        self.fields["kind"].initial = kinds[0] if len(kinds) == 1 else None

    def clean_email(self):
        """The person who signs in with this address."""
        typed = self.cleaned_data["email"]
        row = EmailAddress.objects.filter(email__iexact=typed, verified=True).select_related("user").first()
        if row is None:
            raise forms.ValidationError(
                _("Nobody signs in with %(email)s. Ask them to sign in once, then try again.")
                % {"email": typed}
            )
        self.person = row.user
        return typed
