"""Find invitations: by words, state, answer, reason, group and language."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..models import Group, Invitation
from ..models.invitations import ANSWERABLE

State = Invitation.State
# Whom mail does not reach: what bounced, and letters that wait for an answer.
TO_CALL = Q(state=State.BOUNCED) | Q(address="", state__in=ANSWERABLE)
ANSWERS = {"yes": Q(state__in=[State.ACCEPTED, State.DECLINED]), "no": Q(state__in=ANSWERABLE)}
BOUNCED = Q(state=State.BOUNCED)
REASONS = {  # key -> (page word, rows): a mail that did not arrive keeps a code, a person's words are kept as typed
    "refused": (_("Refused by the mail server"), BOUNCED & Q(reason__startswith="refused")),
    "returned": (_("Came back later"), BOUNCED & Q(reason__startswith="returned")),
    "suppressed": (_("Mail came back before"), BOUNCED & Q(reason="suppressed")),
    "too_late": (_("Mail server not reached for three days"), BOUNCED & Q(reason="too_late")),
    "said": (_("Somebody wrote why"), ~BOUNCED & ~Q(reason="")),
}


class InvitedFilter(forms.Form):
    """What the address asks for; a value that does not exist finds as if it were not there."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("call", _("To call")), *State.choices],
    )
    answered = forms.ChoiceField(
        label=_("Answered"),
        required=False,
        choices=[("", _("All")), ("yes", _("Has answered")), ("no", _("Has not answered yet"))],
    )
    reason = forms.ChoiceField(
        label=_("Why"),
        required=False,
        choices=[("", _("All")), *((key, label) for key, (label, _rows) in REASONS.items())],
    )
    group = forms.ModelChoiceField(
        label=_("Group"), required=False, queryset=Group.objects.none(), empty_label=_("All")
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All")), *settings.LANGUAGES]
    )

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = Group.objects.filter(partnership=partnership)

    def asked(self):
        """{field: value} of what is asked for and exists."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def found(self, rows):
        """Those of the rows that fit, newest first."""
        asked = self.asked()
        if state := asked.get("state"):
            rows = rows.filter(TO_CALL if state == "call" else Q(state=state))
        if answered := asked.get("answered"):
            rows = rows.filter(ANSWERS[answered])
        if reason := asked.get("reason"):
            rows = rows.filter(REASONS[reason][1])
        if words := asked.get("q"):
            shown = Q(willingness=None) | Q(queued_at__isnull=False)
            rows = rows.filter(Q(name__icontains=words) | shown & Q(address__icontains=words))
        rows = rows.filter(**{name: asked[name] for name in ("group", "language") if name in asked})
        return rows.order_by("-number")

    def query(self):
        """What is asked for as it stands in an address, with its question mark; "" for everything."""
        asked = {name: getattr(value, "pk", value) for name, value in self.asked().items()}
        return f"?{urlencode(asked)}" if asked else ""


class NumberForm(forms.Form):
    """How many invitations the page has shown to whoever does something with all of them."""

    number = forms.IntegerField(min_value=0)
