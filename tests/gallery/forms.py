"""A form with every kind of field, and a form that filters a list."""

from django import forms

from boundary.inputs import DateInput, DateTimeInput

SECTORS = [("citizens", "Residents"), ("civil_society", "Civil society"), ("public", "Public agencies")]


class Everything(forms.Form):
    """Every kind of field that the pages use."""

    name = forms.CharField(label="Your name")
    email = forms.EmailField(label="E-mail address", help_text="We only use it for this meeting.")
    body = forms.CharField(label="What do you want to say?", widget=forms.Textarea(attrs={"rows": 4}))
    sector = forms.ChoiceField(label="Whom do you speak for?", choices=SECTORS)
    answer = forms.ChoiceField(
        label="Will you take part?",
        choices=[("room", "Yes, in the room"), ("online", "Yes, online"), ("no", "Not this time")],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="What do you know about?",
        help_text="Choose as many as you like.",
        choices=[("water", "Water"), ("harbour", "The harbour"), ("clubs", "Clubs and associations")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = forms.DateField(label="On which day?", widget=DateInput)
    starts_at = forms.DateTimeField(label="When does it start?", widget=DateTimeInput)
    seats = forms.IntegerField(label="How many seats?", min_value=1)
    minutes = forms.FileField(label="Minutes of the meeting", required=False)
    agreed = forms.BooleanField(label="I have read the ground rules", help_text="They are two pages long.")


class Filters(forms.Form):
    """Search and filters above a list."""

    q = forms.CharField(label="Search", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    stage = forms.ChoiceField(
        label="Stage", required=False, choices=[("", "Any stage"), ("define", "Define"), ("design", "Design")]
    )
    sector = forms.ChoiceField(label="Sector", required=False, choices=[("", "Any sector"), *SECTORS])
