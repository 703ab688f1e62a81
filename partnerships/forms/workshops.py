"""Start a workshop, ask, sort what comes in, type in paper; and what a phone sends."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actors.models import Sector

from ..models import LONGEST_NOTE, Cluster, Contribution, Note, Phone, Prompt
from ..models.soundings import MOST_DOTS

MOST_PROMPTS = 20
MOST_LINES = 200  # of paper, typed in at once
Kind = Contribution.Kind


class Words(forms.CharField):
    """Words that people type in a box, with one way to end a line, whatever their browser."""

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class Lines(forms.CharField):
    """One thing a line; empty lines are left out."""

    widget = forms.Textarea

    def __init__(self, *, most, longest, **kwargs):
        self.most, self.longest = most, longest
        super().__init__(**kwargs)

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def validate(self, value):
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(
                _("These are %(number)s lines. Type %(most)s at most."),
                params={"number": len(value), "most": self.most},
            )
        for number, line in enumerate(value, 1):
            if len(line) > self.longest:
                raise ValidationError(
                    _("Line %(number)s has %(length)s characters. It may have %(longest)s."),
                    params={"number": number, "length": len(line), "longest": self.longest},
                )

    def run_validators(self, value):
        for line in value:
            super().run_validators(line)


class StartWorkshopForm(forms.Form):
    """The questions that are ready, and what they ask for."""

    prompts = Lines(
        label=_("What will you ask the room?"),
        help_text=_("One question a line, in the order in which you ask. You can add more later."),
        widget=forms.Textarea(attrs={"rows": 4}),
        most=MOST_PROMPTS,
        longest=Prompt._meta.get_field("words").max_length,
    )
    kind = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=Kind.choices,
        initial=Kind.EXPERIENCE,
        widget=forms.RadioSelect(attrs={"class": "co-choices--row"}),
    )

    @property
    def facts(self):
        """What the action needs."""
        kind = self.cleaned_data["kind"]
        return {"prompts": [(words, kind) for words in self.cleaned_data["prompts"]]}


class WritePromptForm(forms.Form):
    """One more question."""

    words = forms.CharField(
        label=_("Another question for the room"), max_length=Prompt._meta.get_field("words").max_length
    )
    kind = forms.ChoiceField(label=_("What do you ask for?"), choices=Kind.choices, initial=Kind.EXPERIENCE)


# --- sorting --------------------------------------------------------------------------------------------------


class BoardFilter(forms.Form):
    """Which notes are on the table."""

    theme = forms.ChoiceField(label=_("Theme"), required=False)
    question = forms.ChoiceField(label=_("Question"), required=False)
    q = forms.CharField(label=_("Search"), required=False, max_length=100, widget=forms.SearchInput)

    def __init__(self, *args, clusters, prompts, **kwargs):
        super().__init__(*args, **kwargs)
        first = [("", _("Without a theme")), ("all", _("All")), ("hidden", _("Hidden"))]
        self.fields["theme"].choices = [*first, *[(str(one.pk), one.title) for one in clusters]]
        asked = [(str(one.pk), f"{one.number}. {one.words}") for one in prompts]
        self.fields["question"].choices = [("", _("All questions")), *asked]


class SomeNotes(forms.Form):
    """Notes that are ticked."""

    notes = forms.ModelMultipleChoiceField(
        queryset=Note.objects.none(),
        error_messages={
            "required": _("Tick a note first."),
            "invalid_choice": _("A note that you ticked was taken back in the meantime. Look again."),
        },
    )

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, **kwargs)
        self.workshop = workshop
        self.fields["notes"].queryset = Note.objects.kept().filter(workshop=workshop)


class MoveNotesForm(SomeNotes):
    """Where they belong: under a theme, under a new one, or under none."""

    NONE = "none"
    to = forms.ChoiceField(label=_("Move to"), required=False)
    title = forms.CharField(
        label=_("or to a new theme"), required=False, max_length=Cluster._meta.get_field("title").max_length
    )

    def __init__(self, *args, clusters, **kwargs):
        super().__init__(*args, **kwargs)
        self.clusters = {str(one.pk): one for one in clusters}
        named = [(key, one.title) for key, one in self.clusters.items()]
        self.fields["to"].choices = [("", _("Choose")), *named, (self.NONE, _("No theme"))]
        self.fields["to"].error_messages["invalid_choice"] = _(
            "This theme was joined with another one in the meantime. Choose again."
        )

    def clean(self):
        found = super().clean()
        if not self.errors and bool(found.get("to")) == bool(found.get("title")):
            self.add_error("to", _("Choose a theme, or type the title of a new one."))
        return found

    @property
    def places(self):
        """The two ways to say where: one of them is needed."""
        return [self["to"], self["title"]]

    @property
    def facts(self):
        """What the action needs."""
        chosen = self.cleaned_data
        cluster = self.clusters.get(chosen["to"])
        return {"notes": list(chosen["notes"]), "title": chosen["title"], "cluster": cluster}


class HideNotesForm(SomeNotes):
    """Why notes are taken off the wall."""

    reason = forms.CharField(
        label=_("Why are they hidden?"),
        help_text=_("Who wrote them reads it. Name the ground rule."),
        max_length=1000,
    )


class RenameClusterForm(forms.Form):
    """Another title for a theme; `expected` is the one that was shown."""

    title = forms.CharField(label=_("Title"), max_length=Cluster._meta.get_field("title").max_length)
    expected = forms.CharField(widget=forms.HiddenInput, required=False)


class MergeClustersForm(forms.Form):
    """The theme that it is joined with."""

    into = forms.ModelChoiceField(
        label=_("Join it with"),
        queryset=Cluster.objects.none(),
        error_messages={"invalid_choice": _("This theme is not there any more. Choose again.")},
    )

    def __init__(self, *args, cluster, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Cluster.objects.filter(workshop=cluster.workshop_id).exclude(
            pk=cluster.pk
        )


class GiveDotsForm(forms.Form):
    """How many dots each phone has."""

    dots = forms.IntegerField(label=_("Dots for each phone"), min_value=1, max_value=MOST_DOTS, initial=3)


class TypeNotesForm(forms.Form):
    """What stood on paper."""

    lines = Lines(
        label=_("The notes"),
        help_text=_("One note a line, as it stands on the paper. Leave names out."),
        widget=forms.Textarea(attrs={"rows": 10}),
        most=MOST_LINES,
        longest=LONGEST_NOTE,
    )
    prompt = forms.ModelChoiceField(
        label=_("Question"), queryset=Prompt.objects.none(), required=False, empty_label=_("None of them")
    )
    cluster = forms.ModelChoiceField(
        label=_("Theme"), queryset=Cluster.objects.none(), required=False, empty_label=_("No theme")
    )
    sheet = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, initial={"sheet": uuid.uuid4()}, **kwargs)
        self.fields["prompt"].queryset = Prompt.objects.filter(workshop=workshop)
        self.fields["cluster"].queryset = Cluster.objects.filter(workshop=workshop).select_related(
            "contribution"
        )


# --- the phone ------------------------------------------------------------------------------------------------


class WorkshopCodeForm(forms.Form):
    """The code on the wall, as somebody types it."""

    code = forms.CharField(
        label=_("The code on the wall"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "class": "co-code",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class EnterWorkshopForm(forms.ModelForm):
    """Who comes in, as far as they want to say it."""

    class Meta:
        model = Phone
        fields = ["first_name", "sector"]
        help_texts = {
            "first_name": _("It would stand beside your words."),
            "sector": _("So that one can see later who was heard."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", _("I would rather not say")), *Sector.choices]


class NoteForm(forms.Form):
    """One note. given: what the page, or the phone itself, has made up for it, so that it arrives once."""

    body = Words(
        label=_("Your note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={
            "required": _("Write something first."),
            "max_length": _("A note has at most %(limit_value)d characters; yours has %(show_value)d."),
        },
    )
    prompt = forms.ModelChoiceField(queryset=Prompt.objects.none(), widget=forms.HiddenInput)
    given = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, workshop, prompt=None, **kwargs):
        super().__init__(*args, initial={"prompt": prompt and prompt.pk, "given": uuid.uuid4()}, **kwargs)
        self.fields["prompt"].queryset = Prompt.objects.filter(workshop=workshop)

    def clean_given(self):
        return self.cleaned_data["given"] or str(uuid.uuid4())


class ChangeNoteForm(forms.Form):
    """Other words for one's own note."""

    body = Words(
        label=_("Your note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=NoteForm.base_fields["body"].error_messages,
    )
