"""What somebody looks for among what waits for them, what moved, and what they were told: filters in the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.kinds import on_site
from notices.themes import by_theme


class _LookForm(forms.Form):
    """One partnership, and more; what is no choice is as if nothing had been asked."""

    where = forms.ChoiceField(label=_("Partnership"), required=False)

    def __init__(self, *args, places, **kwargs):
        """places: [(address, title)] of the partnerships to choose from."""
        super().__init__(*args, **kwargs)
        self.fields["where"].choices = [("", _("All")), *places]

    @property
    def asked(self):
        """{name: what is asked for}; "" for nothing, and for what is no choice."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class MineForm(_LookForm):
    """What waits and what moved: which of both, due when, in which order."""

    show = forms.ChoiceField(
        label=_("Show"),
        choices=[
            ("", _("Everything")),
            ("owed", _("Only what waits for me")),
            ("moved", _("Only what moved")),
        ],
        required=False,
    )
    due = forms.ChoiceField(
        label=_("Due"),
        choices=[("", _("At any time")), ("soon", _("Within a week")), ("overdue", _("Overdue"))],
        required=False,
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[("", _("By kind")), ("overdue", _("Overdue first"))],
        required=False,
    )


class NoticesForm(_LookForm):
    """Notices: of which kind, and whether only those that are not read."""

    kind = forms.ChoiceField(label=_("Kind of message"), required=False)
    unread = forms.BooleanField(label=_("Only unread"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        themes = by_theme(on_site())
        self.fields["kind"].choices = [
            ("", _("All")),
            *((heading, [(kind.name, kind.label) for kind in kinds]) for _theme, heading, kinds in themes),
        ]
