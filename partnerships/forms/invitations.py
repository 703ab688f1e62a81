"""Invite many at once, again, on paper; and answer."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from actors.models import Sector
from boundary.addresses import read_addresses, what_is_wrong

from ..actions.invitations import already_invited
from ..models import Group, Member, Seat
from ..settings.table import SECOND_LOOK

SHOWN_ERRORS = 25
MOST = 5000


class SeatChoice(forms.ModelChoiceField):
    def label_from_instance(self, seat):
        """The seat by its group or sector."""
        return str(seat)


class InviteForm(forms.Form):
    """Addresses as pasted, names for letters, and what all of them are told."""

    pasted = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_(
            "Paste as many as you like, one per line, with or without names: Maja Lind, maja@example.org"
        ),
        required=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    leave_out = forms.BooleanField(
        label=_("Leave out the lines with errors, and go on with the others"), required=False
    )
    letters = forms.CharField(
        label=_("People without e-mail"),
        help_text=_(
            "One name per line. Each gets a letter for you to print, with a short code to answer with."
        ),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    why_you = forms.CharField(
        label=_("Why do you ask these people?"),
        help_text=_("It stands in the mail, below the question. For example: You live by the beach."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sector = forms.ChoiceField(
        label=_("Whom do they speak for?"), choices=Sector.choices, initial=Sector.CITIZENS
    )
    organization_name = forms.CharField(
        label=_("Organization"),
        help_text=_("Only if all of them act for the same one."),
        max_length=200,
        required=False,
    )
    group = forms.ModelChoiceField(
        label=_("For which group do you ask them?"),
        help_text=_("They take a seat of the group. A group gets one more seat when all are taken."),
        queryset=Group.objects.none(),
        empty_label=_("No particular group"),
        required=False,
    )
    seat = SeatChoice(
        label=_("For which open seat?"),
        help_text=_("Only one person can take it: the first who says yes."),
        queryset=Seat.objects.none(),
        empty_label=_("No particular seat"),
        required=False,
    )
    role = forms.ChoiceField(label=_("Role"), choices=Member.Role.choices, initial=Member.Role.MEMBER)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.rows, self.left_out = [], []
        self.fields["seat"].queryset = Seat.objects.filter(partnership=partnership, holder=None, group=None)
        self.fields["group"].queryset = Group.objects.filter(partnership=partnership)
        self.fields["language"].initial = partnership.language

    def clean(self):
        """Every line is right, or left out on purpose."""
        cleaned = super().clean()
        pasted = read_addresses(cleaned.get("pasted", ""))
        good, late = self._not_here_yet(pasted.addresses, cleaned.get("pasted", ""))
        problems = sorted([(p.line_number, p.sentence) for p in pasted.problems] + late)
        names = [
            " ".join(line.split())[:120] for line in cleaned.get("letters", "").splitlines() if line.strip()
        ]
        if problems and not cleaned.get("leave_out"):
            self.left_out = problems
            for error in self._sentences(problems):
                self.add_error("pasted", error)
        elif not good and not names and "pasted" not in self.errors:
            self.add_error("pasted", _now("Type at least one address, or a name below for a letter."))
        if len(good) + len(names) > MOST:
            self.add_error(
                "pasted", _now("That is more than %(most)s people. Paste them in parts.") % {"most": MOST}
            )
        if cleaned.get("seat") and len(good) + len(names) > 20:
            self.add_error("seat", _now("Ask at most 20 people for one seat."))
        self.rows = [(one.name, one.email) for one in good] + [(name, "") for name in names]
        return cleaned

    def _not_here_yet(self, addresses, text):
        """The addresses that are new here, and a problem (line, sentence) for each of the others."""
        invited = already_invited(self.partnership, [one.email for one in addresses])
        members = Member.objects.present().filter(partnership=self.partnership).exclude(person__email="")
        here = {email.lower() for email in members.values_list("person__email", flat=True)}
        good, late = [], []
        for one in addresses:
            email = one.email.lower()
            if (email, one.name.lower()) in invited:
                late.append(
                    (_line_of(text, email), _now("%(email)s is invited already.") % {"email": one.email})
                )
            elif email in here:
                late.append(
                    (_line_of(text, email), _now("%(email)s is a member already.") % {"email": one.email})
                )
            else:
                good.append(one)
        return good, late

    @staticmethod
    def _sentences(problems):
        shown = [
            _now("Line %(number)s: %(sentence)s") % {"number": number, "sentence": sentence}
            for number, sentence in problems[:SHOWN_ERRORS]
        ]
        more = len(problems) - SHOWN_ERRORS
        if more > 0:
            shown.append(
                ngettext("One more line has an error.", "%(more)s more lines have errors.", more)
                % {"more": more}
            )
        return shown

    def facts(self):
        """What the action takes: one dict per person."""
        shared = {
            name: self.cleaned_data[name]
            for name in ("sector", "organization_name", "group", "seat", "role", "why_you", "language")
        }
        if shared["group"]:
            shared["sector"] = shared["group"].sector
        return [{"name": name[:120], "address": address, **shared} for name, address in self.rows]


def _line_of(text, email):
    """On which line an address stands, counted from 1."""
    return text[: text.lower().find(email)].count("\n") + 1


class SendForm(forms.Form):
    """Send the drafts; above so many only after a second look: a press is not enough, the number is typed."""

    number = forms.CharField(
        label=_("How many people do you invite? Type the number."),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "co-code"}),
    )

    def __init__(self, *args, count, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = count
        if count <= SECOND_LOOK.of(partnership):
            del self.fields["number"]

    def clean_number(self):
        """The number of drafts, as people write numbers: 10000, 10.000, 10 000."""
        typed = "".join(letter for letter in self.cleaned_data["number"] if letter not in ".,' \u00a0\u202f")
        if typed != str(self.count):
            raise forms.ValidationError(
                _now("%(count)s invitations wait to be sent. Type this number if you mean to send them all.")
                % {"count": self.count}
            )
        return self.count


class PreviewForm(forms.Form):
    """Which of the letters to look at, where the drafts are for several groups or in several languages."""

    letter = forms.ChoiceField(label=_("Which letter?"))

    def __init__(self, *args, drafts, **kwargs):
        super().__init__(*args, **kwargs)
        mails = drafts.exclude(address="").select_related("group")
        firsts = mails.order_by("group_id", "language", "number").distinct("group_id", "language")
        self.firsts = {str(row.pk): row for row in firsts}
        languages = dict(settings.LANGUAGES)
        self.fields["letter"].choices = [
            (pk, f"{row.group or _now('All others')}, {_now(languages.get(row.language, row.language))}")
            for pk, row in self.firsts.items()
        ]
        # At first the one that is shown on the page: to the first of all drafts.
        self.fields["letter"].initial = min(self.firsts, key=lambda pk: self.firsts[pk].number, default=None)
        if len(self.firsts) == 1:
            self.fields["letter"].widget = forms.HiddenInput()

    def chosen(self):
        """The invitation that stands for the letter."""
        return self.firsts[self.cleaned_data["letter"]]


class ResendForm(forms.Form):
    """The address as it should be."""

    address = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class WithdrawForm(forms.Form):
    """Why an invitation is taken back, for the conveners' own memory."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Only conveners read it."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AcceptForm(forms.Form):
    """Yes: under which name, for whom, and how to be reached."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    organization_name = forms.CharField(
        label=_("Do you act for an organization?"),
        help_text=_("Write its name. Leave it empty if you come as yourself."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    function = forms.CharField(
        label=_("Your function"),
        help_text=_("For example: lives by the beach, chair of the rowing club."),
        max_length=120,
        required=False,
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("If you have one. Then you can sign in and answer from home."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Your telephone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, *args, invitation, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = person.name if person else invitation.name
        if person:
            del self.fields["name"]
        if invitation.organization_id:
            del self.fields["organization_name"]
        if invitation.address or person:
            del self.fields["email"]
            del self.fields["phone"]


class DeclineForm(forms.Form):
    """No, with a reason or without."""

    reason = forms.CharField(
        label=_("Do you want to say why?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DelegateForm(forms.Form):
    """Whom to ask instead."""

    name = forms.CharField(label=_("Name of your colleague"), max_length=120)
    address = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("We write to them once, and say that it comes from you."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_address(self):
        """An address that mail can reach."""
        if sentence := what_is_wrong(self.cleaned_data["address"]):
            raise forms.ValidationError(sentence)
        return self.cleaned_data["address"]


class AskForm(forms.Form):
    """A question before the answer."""

    words = forms.CharField(
        label=_("What do you want to know first?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerQuestionForm(forms.Form):
    """The answer to one question."""

    words = forms.CharField(label=_("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class LetterCodeForm(forms.Form):
    """The code of a printed letter: its number, then eight letters and digits."""

    code = forms.CharField(
        label=_("The code in your letter"),
        help_text=_("For example 12-K7M4-QPX2. Capital letters, hyphens and spaces do not matter."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "co-code", "autocomplete": "off", "spellcheck": "false"}),
    )
