"""A file of people to invite."""

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

LARGEST = 4 * 1024 * 1024  # bytes


class UploadForm(forms.Form):
    """One CSV file."""

    file = forms.FileField(
        label=_("The file"),
        help_text=_("A table with one person per row, saved as CSV. Nothing is sent yet."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )

    def clean_file(self):
        """A file that is not too large."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is too large: at most %(most)s. Split it in two."),
                params={"most": filesizeformat(LARGEST)},
            )
        return file
