"""Open a sounding on a list, and answer it."""

from collections import Counter

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from boundary.inputs import DateTimeInput

from ..models import Cluster, Contribution, Sounding, SoundingOption, Text
from ..models.soundings import MOST_DOTS, MOST_OPTIONS, PLACES
from ..rules import soundings as may
from .workshops import Lines

LONGEST = SoundingOption._meta.get_field("words").max_length
OFFERED = 50  # contributions to choose from, the newest first


class SoundingsFilter(forms.Form):
    """Which soundings to show."""

    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All soundings")),
            ("open", _("Open")),
            ("mine", _("Waiting for my answer")),
            ("closed", _("Closed")),
        ],
    )
    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.SearchInput)


class Said(forms.ModelMultipleChoiceField):
    """Things that were said or written, by their first words."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, one):
        return Truncator(str(one)).chars(100)


class OpenSoundingForm(forms.Form):
    """The question, the list, how one answers, until when, and who sees the result."""

    question = forms.CharField(label=_("What do you ask?"), max_length=200)
    lines = Lines(
        label=_("The list"),
        help_text=_("One line each. Their order does not matter: everybody gets another one."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        most=MOST_OPTIONS,
        longest=LONGEST,
    )
    proposals = Said(label=_("Proposals"), queryset=Text.objects.none(), required=False)
    themes = Said(label=_("Themes of workshops"), queryset=Cluster.objects.none(), required=False)
    contributions = Said(label=_("What was said"), queryset=Contribution.objects.none(), required=False)
    method = forms.ChoiceField(
        label=_("How does one answer?"),
        choices=Sounding.Method.choices,
        initial=Sounding.Method.AGREE,
        widget=forms.RadioSelect,
    )
    dots = forms.IntegerField(
        label=_("Dots for each"),
        help_text=_("Only where one gives dots."),
        min_value=1,
        max_value=MOST_DOTS,
        initial=3,
    )
    closes_at = forms.DateTimeField(
        label=_("Open until"),
        help_text=_("Leave it empty to close it by hand."),
        required=False,
        widget=DateTimeInput,
    )
    shown = forms.ChoiceField(
        label=_("Who sees the result?"),
        choices=Sounding.Shown.choices,
        initial=Sounding.Shown.AFTER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        said = Contribution.objects.shown().filter(partnership=partnership, reply_to=None)
        newest = said.order_by("-created_at", "-id").values("pk")[:OFFERED]
        offered = {
            "proposals": Text.objects.filter(partnership=partnership, kind=Text.Kind.PROPOSAL),
            "themes": Cluster.objects.filter(workshop__partnership=partnership, contribution__isnull=False),
            "contributions": Contribution.objects.filter(pk__in=newest),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows

    @property
    def lists(self):
        """The lists to choose from that hold something, each as a bound field."""
        return [self[name] for name in ("proposals", "themes", "contributions") if len(self[name])]

    def clean_closes_at(self):
        """Nobody can answer in the past."""
        until = self.cleaned_data["closes_at"]
        if until and until <= timezone.now():
            raise ValidationError(_("This moment is over. Choose one that lies ahead."))
        return until

    def clean(self):
        found = super().clean()
        if not {"lines", "proposals", "themes", "contributions"} & set(self.errors):
            found["options"] = self._options(found)
        return found

    def _options(self, found):
        """The list as the action takes it; a sentence where it is too short, too long, or says something twice."""
        options = [{"words": line} for line in found["lines"]]
        options += [{"words": one.title, "text": one} for one in found["proposals"]]
        options += [{"words": one.title, "cluster": one} for one in found["themes"]]
        options += [
            {"words": Truncator(one.body).chars(LONGEST), "contribution": one}
            for one in found["contributions"]
        ]
        twice = [
            words for words, count in Counter(one["words"].casefold() for one in options).items() if count > 1
        ]
        if twice:
            self.add_error("lines", _now("Two lines say the same: “%(words)s”.") % {"words": twice[0]})
        elif len(options) < 2:
            self.add_error("lines", _now("Type or choose two lines at least."))
        elif len(options) > MOST_OPTIONS:
            facts = {"number": len(options), "most": MOST_OPTIONS}
            self.add_error(
                "lines", _now("These are %(number)s lines. A sounding has %(most)s at most.") % facts
            )
        return options

    @property
    def facts(self):
        """What the action needs."""
        names = ("question", "options", "method", "dots", "closes_at", "shown")
        return {name: self.cleaned_data[name] for name in names}


# --- answering ------------------------------------------------------------------------------------------------


class AgreeForm(forms.Form):
    """One line: agree, disagree or pass."""

    option = forms.ModelChoiceField(queryset=SoundingOption.objects.none(), widget=forms.HiddenInput)
    value = forms.TypedChoiceField(
        choices=[("1", _("I agree")), ("-1", _("I disagree")), ("0", _("Pass"))], coerce=int
    )

    def __init__(self, *args, sounding, options, marks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["option"].queryset = SoundingOption.objects.filter(sounding=sounding)

    @property
    def marks(self):
        return {self.cleaned_data["option"].pk: self.cleaned_data["value"]}


class _Whole(forms.Form):
    """An answer to all lines at once, checked by the one rule."""

    def __init__(self, *args, sounding, options, marks, **kwargs):
        super().__init__(*args, **kwargs)
        self.sounding, self.options = sounding, options
        self._lay_out(marks)

    def clean(self):
        found = super().clean()
        if not self.errors:
            answer = may.can_mark(self.sounding, self.marks)
            if not answer:
                raise ValidationError(f"{answer.why_not} {answer.what_would_help}".strip())
        return found


class Dots(forms.IntegerField):
    """A number of dots; a box that was emptied holds none."""

    def clean(self, value):
        return super().clean(value or 0)


class DotsForm(_Whole):
    """How many dots each line gets."""

    def _lay_out(self, marks):
        for one in self.options:
            self.fields[f"dots-{one.pk}"] = Dots(
                label=one.shown_words,
                min_value=0,
                max_value=self.sounding.dots,
                initial=marks.get(one.pk, 0),
            )

    @property
    def marks(self):
        given = {one.pk: self.cleaned_data[f"dots-{one.pk}"] for one in self.options}
        return {pk: dots for pk, dots in given.items() if dots}


class RankingForm(_Whole):
    """Up to five places, each with a line."""

    def _lay_out(self, marks):
        at = {place: pk for pk, place in marks.items()}
        lines = [("", _("Nothing")), *[(str(one.pk), one.shown_words) for one in self.options]]
        for place in range(1, min(PLACES, len(self.options)) + 1):
            self.fields[f"place-{place}"] = forms.ChoiceField(
                label=_now("Place %(place)s") % {"place": place},
                required=False,
                choices=lines,
                initial=str(at.get(place, "")),
            )

    def clean(self):
        chosen = [self.cleaned_data.get(name) for name in self.fields if self.cleaned_data.get(name)]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(_("The same line stands on two places. Give each place its own."))
        return super().clean()

    @property
    def marks(self):
        by_key = {str(one.pk): one.pk for one in self.options}
        chosen = {name: self.cleaned_data.get(name) for name in self.fields}
        return {by_key[key]: int(name.removeprefix("place-")) for name, key in chosen.items() if key}


FORMS = {
    Sounding.Method.AGREE: AgreeForm,
    Sounding.Method.DOTS: DotsForm,
    Sounding.Method.RANKING: RankingForm,
}
