"""Put a group on the map, rate it, and set the table for it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.models import Sector

from ..models import Group, Member
from ..models.groups import Power, Rating
from .members import MemberChoice
from .two_windows import TwoWindows

MOST_SEATS = 50
IN_A_ROW = {"class": "co-choices--row"}


def _rating(label, choices, help_text=""):
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=choices,
        coerce=int,
        widget=forms.RadioSelect(attrs=IN_A_ROW),
    )


class AddGroupForm(forms.Form):
    """A group, how much it is affected, how much it matters, its power, and its seats."""

    name = forms.CharField(
        label=_("Which group?"),
        help_text=_("A group, never a person. For example: families in the harbour area."),
        max_length=120,
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, initial=Sector.CITIZENS)
    brings = forms.CharField(
        label=_("What do they know, own or can they do?"),
        help_text=_("What the others cannot know or do without them."),
        max_length=300,
        required=False,
    )
    affectedness = _rating(_("How much are they affected by the problem?"), Rating.choices)
    relevance = _rating(_("How much does a good answer depend on them?"), Rating.choices)
    authority = _rating(_("Formal authority"), Power.choices, _("They can decide, permit or forbid."))
    resources = _rating(_("Resources"), Power.choices, _("They have money, land, staff or knowledge."))
    voice = _rating(_("Their word counts"), Power.choices, _("Others listen when they speak in public."))
    seats = forms.IntegerField(
        label=_("How many seats at the table?"),
        help_text=_("An open seat shows that somebody is missing. Two give company."),
        min_value=0,
        max_value=MOST_SEATS,
        initial=1,
    )
    no_seat_reason = forms.CharField(
        label=_("If they have no seat: why?"),
        help_text=_("Everyone can read it."),
        max_length=300,
        required=False,
    )

    SECTIONS = [
        (_("The group"), ["name", "sector", "brings"]),
        (_("How close they are to it"), ["affectedness", "relevance"]),
        (_("Their power"), ["authority", "resources", "voice"]),
        (_("Their place at the table"), ["seats", "no_seat_reason"]),
    ]

    def sections(self):
        """[(heading, fields)] in the order of the page."""
        return [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in self.SECTIONS
        ]

    def __init__(self, *args, partnership, group=None, **kwargs):
        super().__init__(*args, **kwargs)
        others = Group.objects.filter(partnership=partnership)
        self.others = others.exclude(pk=group.pk) if group else others

    def clean_name(self):
        """No two groups of a partnership have the same name."""
        name = self.cleaned_data["name"]
        if self.others.filter(name=name).exists():
            raise forms.ValidationError(
                _("There is a group named “%(name)s” already."), params={"name": name}
            )
        return name

    def clean(self):
        """A group that is affected very much has a seat, or a reason why not."""
        cleaned = super().clean()
        hit_hard = cleaned.get("affectedness") == Rating.MUCH
        if hit_hard and cleaned.get("seats") == 0 and not cleaned.get("no_seat_reason"):
            self.add_error(
                "no_seat_reason",
                _("They are affected very much. Give them a seat, or write why they have none."),
            )
        return cleaned


class ChangeGroupForm(TwoWindows, AddGroupForm):
    """The same, and who at the table speaks for a group without a seat."""

    advocate = MemberChoice(
        label=_("Who speaks for them at the table?"),
        help_text=_(
            "Ask first. An advocate says what the group has told them, not what they think themselves."
        ),
        queryset=Member.objects.none(),
        empty_label=_("Nobody"),
        required=False,
    )

    SECTIONS = [
        *AddGroupForm.SECTIONS[:-1],
        (AddGroupForm.SECTIONS[-1][0], ["seats", "no_seat_reason", "advocate"]),
    ]

    def __init__(self, *args, partnership, group, **kwargs):
        plain = {name: getattr(group, name) for name in AddGroupForm.base_fields if name != "seats"}
        plain |= {"seats": group.seats.count(), "advocate": group.advocate_id}
        super().__init__(*args, initial=plain, partnership=partnership, group=group, **kwargs)
        rows = Member.objects.present().filter(partnership=partnership)
        self.fields["advocate"].queryset = rows.select_related("person").order_by("person__sort_key")
