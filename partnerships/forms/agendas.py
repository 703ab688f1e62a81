"""Put an agenda together: add, change, arrange, propose, answer, pick from what is open."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..actions.agendas import LONGEST_ITEM
from ..models import AgendaItem

WORDS = forms.Textarea(attrs={"rows": 2})


class ItemForm(forms.ModelForm):
    """One item of an agenda."""

    class Meta:
        model = AgendaItem
        fields = ["title", "purpose", "minutes", "words"]
        widgets = {"purpose": forms.RadioSelect(attrs={"class": "co-choices--row"}), "words": WORDS}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = AgendaItem.Purpose.choices
        self.fields["minutes"] = forms.IntegerField(
            label=pgettext_lazy("time", "Minutes"), required=False, min_value=0, max_value=LONGEST_ITEM
        )

    def clean_minutes(self):
        return self.cleaned_data["minutes"] or 0


class ProposeItemForm(forms.ModelForm):
    """What a member would like the meeting to be about."""

    class Meta:
        model = AgendaItem
        fields = ["title", "words"]
        widgets = {"words": WORDS}
        labels = {"words": _("Why, in a few words")}


class AnswerItemForm(forms.Form):
    """Whether a proposed item is taken, and if not, why."""

    take = forms.ChoiceField(
        label=_("Do you take it?"),
        choices=[("yes", _("Yes, on the agenda")), ("no", _("Not this time"))],
        widget=forms.RadioSelect(attrs={"class": "co-choices--row"}),
    )
    reason = forms.CharField(
        label=_("If not: why?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self):
        found = super().clean()
        if found.get("take") == "no" and not found.get("reason", "").strip():
            self.add_error("reason", _("Write why not, so that they know."))
        return found


class ArrangeAgendaForm(forms.Form):
    """The order of the items, and how many minutes each takes, as numbers in boxes."""

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = items
        for number, item in enumerate(items, 1):
            self.fields[f"place_{item.pk}"] = forms.IntegerField(
                label=_("Number"), min_value=1, max_value=999, initial=number
            )
            self.fields[f"minutes_{item.pk}"] = forms.IntegerField(
                label=pgettext_lazy("time", "Minutes"),
                min_value=0,
                max_value=LONGEST_ITEM,
                initial=item.minutes,
            )

    def rows(self):
        """(item, its number's box, its minutes' box)."""
        return [(item, self[f"place_{item.pk}"], self[f"minutes_{item.pk}"]) for item in self.items]

    def order(self, *, moved=None, by=0):
        """The items in their new order. A number that was typed anew goes before the one that stood there.

        moved: an item to move by `by` places instead.
        """
        if moved is not None:
            rows = list(self.items)
            old = rows.index(moved)
            rows.insert(max(0, old + by), rows.pop(old))
            return rows
        asked = {item: self.cleaned_data[f"place_{item.pk}"] for item in self.items}
        stood = {item: number for number, item in enumerate(self.items, 1)}
        return sorted(self.items, key=lambda item: (asked[item], self._late(asked, stood, item), stood[item]))

    @staticmethod
    def _late(asked, stood, item):
        """Who moves up goes before who stands there, who moves down goes behind."""
        return (asked[item] > stood[item]) - (asked[item] < stood[item])

    @property
    def minutes(self):
        return {item.pk: self.cleaned_data[f"minutes_{item.pk}"] for item in self.items}


class PickItemsForm(forms.Form):
    """What is open in the partnership, to be ticked."""

    items = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = {one.key: one for one in offered}
        self.fields["items"].choices = [(one.key, one.title) for one in offered]
        self.fields["items"].error_messages["invalid_choice"] = _(
            "Something you ticked is not open any more. Look at what is ticked."
        )
        self.fields["items"].error_messages["required"] = _("Tick at least one.")
        self.fields["items"].required = True

    @property
    def ticked(self):
        return set(self["items"].value() or [])

    @property
    def chosen(self):
        return [self.offered[key].item for key in self.cleaned_data["items"]]
