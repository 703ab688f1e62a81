"""Looking for something in a record: by kind of deed, by who did it, by stage, by day, by words of its sentence."""

import datetime
import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, TextField, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.models import Sector, Side
from boundary.inputs import DateInput
from partnerships.models import Contribution, Member, StageVisit

from .record import SHOWN_NAME, things_of
from .sentences import FILTERS, SENTENCES

MOST = 100  # things whose names fit the words looked for; whoever finds more types more words
PLACE = re.compile(r"%\(\w+\)s")


def gist(verb):
    """What a verb tells, without names: "… offered: …"; an unknown verb as it is."""
    return PLACE.sub("…", str(SENTENCES.get(verb, verb))).rstrip(".")


class RecordForm(forms.Form):
    """What to look for in a record. verbs: those that stand in it; visits: the StageVisits of the partnership."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Show"), required=False)
    verb = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    who = forms.CharField(label=gettext_lazy("Who did it"), required=False, max_length=120)
    side = forms.ChoiceField(label=gettext_lazy("Side"), required=False)
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("In the stage"), required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=DateInput)
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=DateInput)
    order = forms.ChoiceField(label=gettext_lazy("Order"), required=False)
    more = ("verb", "who", "side", "sector", "stage", "since", "until", "order")

    def __init__(self, *args, verbs, visits, **kwargs):
        super().__init__(*args, **kwargs)
        self.visits = {str(visit.number): visit for visit in visits}
        choices = {
            "kind": [("", _("Everything")), *((key, label) for key, (label, _nouns) in FILTERS.items())],
            "verb": [
                ("", _("All deeds")),
                *sorted(((verb, gist(verb)) for verb in verbs), key=lambda one: one[1]),
            ],
            "side": [("", _("Both sides")), *Side.choices],
            "sector": [("", _("All sectors")), *Sector.choices],
            "stage": [("", _("Any stage")), *((key, _in_words(visit)) for key, visit in self.visits.items())],
            "order": [("", _("Newest first")), ("oldest", _("Oldest first"))],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered

    @property
    def found(self):
        """What was asked for, as far as it makes sense: {field: value}."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _in_words(visit):
    return (
        f"{visit.number}. {visit.get_stage_display()}, {date_format(localtime(visit.entered_at), _('j F Y'))}"
    )


def form_for(partnership, readable, query):
    """The RecordForm of a partnership for entries that its reader may read: two queries."""
    verbs = readable.order_by().values_list("verb", flat=True).distinct()
    visits = StageVisit.objects.filter(partnership=partnership).order_by("number")
    return RecordForm(query, verbs=verbs, visits=visits)


def search(readable, form, partnership, *, inside):
    """The readable entries that the form asks for, in its order."""
    asked = form.found
    entries = readable
    if kind := asked.get("kind"):
        entries = entries.filter(_of_kind(kind))
    if verb := asked.get("verb"):
        entries = entries.filter(verb=verb)
    if visit := form.visits.get(asked.get("stage")):
        entries = entries.filter(at__gte=visit.entered_at)
        entries = entries.filter(at__lt=visit.left_at) if visit.left_at else entries
    if since := asked.get("since"):
        entries = entries.filter(at__gte=_on(since, datetime.time.min))
    if until := asked.get("until"):
        entries = entries.filter(at__lte=_on(until, datetime.time.max))
    entries = _by_whom(entries, asked, partnership, inside)
    if words := asked.get("q"):
        entries = _with_words(entries, words, partnership, inside)
    return entries.order_by("sequence" if asked.get("order") else "-sequence")


def _on(day, time):
    return make_aware(datetime.datetime.combine(day, time))


def _of_kind(kind):
    condition = Q()
    for noun in FILTERS[kind][1]:
        condition |= Q(verb__startswith=f"{noun}.")
    return condition


def _signed(entries, inside):
    """Without those whose doer this reader may not know: looking for somebody never finds them."""
    said = Cast(KeyTextTransform("contribution", OuterRef("ids")), UUIDField())
    unsigned = Contribution.objects.unsigned_for(inside)
    return entries.exclude(Exists(unsigned.filter(pk=said, member__person=OuterRef("actor"))))


def _by_whom(entries, asked, partnership, inside):
    members = Member.objects.filter(partnership=partnership)
    wanted = {name: asked[name] for name in ("side", "sector") if name in asked}
    if not wanted and "who" not in asked:
        return entries
    members = members.filter(**wanted)
    if "who" in asked:
        members = members.annotate(shown=SHOWN_NAME).filter(_called(asked["who"]))
    return _signed(entries.filter(actor__in=members.values("person")), inside)


def _called(words):
    """Members by their id, as a link from their page gives it, or by a part of the name that the arena calls them."""
    try:
        return Q(pk=UUIDField().to_python(words))
    except ValidationError:
        return Q(shown__icontains=words)


def _with_words(entries, words, partnership, inside):
    """Entries whose sentence holds the words: in what it says, in who did it, or in the name of what it points to."""
    verbs = [verb for verb in SENTENCES if words.casefold() in gist(verb).casefold()]
    rows = [
        rows.annotate(called=name)
        .filter(called__icontains=words)
        .order_by()
        .annotate(key=Cast("pk", TextField()))
        .values_list("key", flat=True)
        for rows, name, _number in things_of([partnership.pk])
    ]
    things = list(rows[0].union(*rows[1:])[:MOST])
    members = Member.objects.filter(partnership=partnership).annotate(shown=SHOWN_NAME)
    people = members.filter(shown__icontains=words).values("person")
    fits = Q(verb__in=verbs) | Q(pk__in=_signed(entries.filter(actor__in=people), inside).values("pk"))
    if things:
        entries = entries.annotate(points_to=Cast("ids", TextField()))
        fits |= Q(points_to__regex="|".join(map(re.escape, things)))
    return entries.filter(fits)
