"""Offer a function to a member."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Member
from ..models.leadership import Function
from .members import MemberChoice


class OfferLeadershipForm(forms.Form):
    """Which function, to whom."""

    function = forms.ChoiceField(label=_("Which function?"), choices=Function.choices)
    member = MemberChoice(
        label=_("To whom?"),
        help_text=_("They get a mail and answer for themselves. Several can share one function."),
        queryset=Member.objects.none(),
    )

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Member.objects.deciding().filter(partnership=partnership)
        self.fields["member"].queryset = rows.select_related("person").order_by("person__sort_key")
