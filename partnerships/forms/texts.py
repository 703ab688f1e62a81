"""Write: a box for each section, what one cites, and a few words on what was changed; which revisions to compare."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..models import LONGEST_HEADING, LONGEST_SECTION, Contribution
from ..rules.texts import too_long
from .contributions import PRIVACY_HINT


def box(key):
    """The name of a section's field."""
    return f"section_{key}"


class SectionField(forms.CharField):
    """A section of a text. It may wait empty, but is not an extra, so its label does not say "optional".

    The browser is given no maximum: it would cut what is pasted without a word.
    """

    widget = forms.Textarea

    def to_python(self, value):
        """The words with plain line ends, as they are kept: browsers send others."""
        return super().to_python(value).replace("\r\n", "\n").strip()

    def validate(self, value):
        """Refuse what is longer than a section holds, and say what to do."""
        if len(value) > LONGEST_SECTION:
            raise ValidationError(too_long(value), code="too_long")


def was(key):
    """The name of the hidden field that holds what a section's box showed at first."""
    return f"was_{key}"


class WriteForm(forms.Form):
    """What somebody writes of a text. `base` is the revision that was in the window, empty for none.

    Beside each box stands, hidden, what it showed at first, so that what others wrote meanwhile can be joined. A
    window without these, as one opened before they came, showed the words of its base.
    """

    use_required_attribute = False

    note = forms.CharField(
        label=_("What did you change?"),
        help_text=_("In a few words, for the list of revisions."),
        max_length=200,
        required=False,
    )
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    was_cites = forms.CharField(widget=forms.HiddenInput, required=False)
    cites = forms.ModelMultipleChoiceField(
        queryset=Contribution.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": _("Something you build on was hidden in the meantime. Check what is ticked."),
            "invalid_pk_value": _("Tick in the list what you build on."),
        },
    )

    def __init__(self, *args, text, **kwargs):
        super().__init__(*args, **kwargs)
        self.text = text
        for key, heading in text.sections.items():
            self.fields[box(key)] = SectionField(label=heading)
            self.fields[box(key)].widget.attrs |= {"rows": 7, "dir": "auto"}
            self.fields[was(key)] = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
        self.order_fields([box(key) for key in text.sections])
        self.fields[box(next(iter(text.sections)))].help_text = PRIVACY_HINT
        self.fields["cites"].label = _("What do you build on?")
        self.fields["cites"].queryset = Contribution.objects.shown().filter(partnership=text.partnership_id)

    def clean_base(self):
        """The revision that was in the window; none that is of this text counts as none."""
        try:
            return self.text.revisions.filter(pk=uuid.UUID(self.cleaned_data["base"])).first()
        except ValueError:
            return None

    @property
    def ticked(self):
        """The ids ticked on the page, as far as they are ids."""
        return {found for value in self["cites"].value() or [] if (found := _as_id(value))}

    def sections_of(self, pk):
        """The sections for which a ticked contribution is cited; none for the whole text."""
        if not self.is_bound:
            return self.initial.get("cited_in", {}).get(str(pk), [])
        return [key for key in self.data.getlist(f"in_{pk}") if key in self.text.sections]

    def pairs(self):
        """What is ticked, as {(contribution id, section key or "")}."""
        cited = [str(one.pk) for one in self.cleaned_data["cites"]]
        return frozenset((pk, key) for pk in cited for key in self.sections_of(pk) or [""])

    def pairs_shown(self, otherwise):
        """What was ticked when the page was opened; `otherwise`, where the window does not say."""
        told = self.cleaned_data.get("was_cites", "")
        if was(next(iter(self.text.sections))) not in self.data:
            return otherwise
        return frozenset((pk, key) for pk, _colon, key in (pair.partition(":") for pair in told.split()))

    def body(self):
        """{section key: words} as typed."""
        return {key: self.cleaned_data[box(key)] for key in self.text.sections}

    def shown(self, otherwise):
        """{section key: words} as the boxes showed them at first; `otherwise`, where the window does not say."""
        keys = [key for key in self.text.sections if was(key) in self.data]
        told = {key: self.cleaned_data[was(key)].replace("\r\n", "\n").strip() for key in keys}
        return {**otherwise, **told}

    def typed(self, key):
        """The words in a section's box."""
        return self[box(key)].value() or ""


def _as_id(value):
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def starting_from(words, base, pairs, *, shown, pairs_shown):
    """What a WriteForm shows at first: these words, on this base, with these ticked; and what stands there now."""
    found = {box(key): value for key, value in words.items()}
    found |= {was(key): value for key, value in shown.items()}
    cited_in = {}
    for pk, key in sorted(pairs):
        cited_in.setdefault(pk, []).extend([key] if key else [])
    return found | {
        "base": str(base.pk) if base else "",
        "cites": list(cited_in),
        "cited_in": cited_in,
        "was_cites": " ".join(f"{pk}:{key}" for pk, key in sorted(pairs_shown)),
    }


class HeadingsForm(forms.Form):
    """The title and the sections of an other text, a heading a line."""

    title = forms.CharField(label=_("Title"), max_length=140)
    headings = forms.CharField(
        label=_("Headings of its sections"),
        help_text=_("One on each line, in order; at most 20. You can change them later."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        max_length=4000,
    )

    def lines(self):
        """The headings, in order."""
        return [line.strip() for line in self.cleaned_data["headings"].splitlines() if line.strip()]


class SectionsForm(forms.Form):
    """The sections of an other text: name, move by number, take out by emptying; and new ones at the end."""

    NEW = 3

    def __init__(self, *args, text, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = [*text.sections, *("" for _number in range(self.NEW))]
        headings = [*text.sections.values(), *("" for _number in range(self.NEW))]
        for number, heading in enumerate(headings, 1):
            self.fields[f"heading_{number}"] = forms.CharField(
                label=_("Heading %(number)s") % {"number": number},
                initial=str(heading),
                max_length=LONGEST_HEADING,
                required=False,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )
            self.fields[f"place_{number}"] = forms.IntegerField(
                label=_("Place of heading %(number)s") % {"number": number},
                initial=number,
                min_value=1,
                max_value=99,
                widget=forms.NumberInput(attrs={"class": "co-code"}),
            )

    @property
    def rows(self):
        """(heading, place) fields, row by row."""
        numbers = range(1, len(self.keys) + 1)
        return [(self[f"heading_{number}"], self[f"place_{number}"]) for number in numbers]

    def pairs(self):
        """(key or "", heading) in the order asked for."""
        rows = [
            (self.cleaned_data[f"place_{number}"], number, key, self.cleaned_data[f"heading_{number}"])
            for number, key in enumerate(self.keys, 1)
        ]
        return [(key, heading) for _place, _number, key, heading in sorted(rows)]


class CompareForm(forms.Form):
    """Which two revisions to set side by side."""

    older = forms.IntegerField(label=_("From revision"), min_value=1)
    newer = forms.IntegerField(label=_("To revision"), min_value=1)

    def __init__(self, *args, last, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.max_value = last
            field.widget.attrs["max"] = last
        self.last = last

    def clean(self):
        """Both exist."""
        found = super().clean()
        for name in ("older", "newer"):
            if found.get(name, 1) > self.last:
                self.add_error(name, _("There are %(last)s revisions so far.") % {"last": self.last})
        return found
