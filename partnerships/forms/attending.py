"""Answer a meeting, say what one needs, note who came."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.models import Sector

from ..actions.attending import MOST_GUESTS
from ..models import Attendance, Member
from ..models.meetings import Need


class AnswerMeetingForm(forms.ModelForm):
    """Whether one comes, and what should be arranged."""

    need_kinds = forms.MultipleChoiceField(
        label=_("What do you need, so that you can take part?"),
        required=False,
        choices=Need.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    kinds_asked = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    class Meta:
        model = Attendance
        fields = ["answer", "need_kinds", "needs"]
        widgets = {"answer": forms.RadioSelect, "needs": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "needs": _(
                "Only conveners and facilitators see this, and it is erased some time after the meeting. "
                "Say what helps, not why: please give no health details."
            )
        }

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        answer = self.fields["answer"]
        answer.choices, answer.required = answers_to(meeting), True

    @property
    def facts(self):
        """What the action needs. A shorter form that does not ask for kinds of needs leaves them as they are."""
        found = {name: self.cleaned_data[name] for name in ("answer", "needs")}
        return found | (
            {"need_kinds": self.cleaned_data["need_kinds"]} if self.cleaned_data["kinds_asked"] else {}
        )


def answers_to(meeting):
    """The answers that a meeting can have: nobody comes to a room that there is not."""
    missing = set()
    if not meeting.place:
        missing.add(Attendance.Answer.ROOM)
    if not meeting.link:
        missing.add(Attendance.Answer.ONLINE)
    return [(value, label) for value, label in Attendance.Answer.choices if value not in missing]


class PresentField(forms.ModelMultipleChoiceField):
    """Members to tick, by the name the arena calls them."""

    def label_from_instance(self, member):
        return f"{member.shown_name} ({member.get_sector_display()})"


class RecordAttendanceForm(forms.Form):
    """Who came, and how many came who are no members."""

    present = PresentField(
        label=_("Who came?"),
        queryset=Member.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        members = Member.objects.present().filter(partnership=meeting.partnership_id)
        self.fields["present"].queryset = members.select_related("person", "organization").order_by(
            "person__sort_key", "id"
        )
        for sector in Sector:
            self.fields[f"guests_{sector}"] = forms.IntegerField(
                label=sector.label, required=False, min_value=0, max_value=MOST_GUESTS
            )

    @property
    def guest_fields(self):
        return [self[f"guests_{sector}"] for sector in Sector]

    @property
    def guests(self):
        """{sector: how many}."""
        return {sector: self.cleaned_data.get(f"guests_{sector}") or 0 for sector in Sector}
