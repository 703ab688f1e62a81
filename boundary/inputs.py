"""Inputs with the browser's own calendar and clock. They speak ISO 8601 in every language."""

from django import forms


class DateInput(forms.DateInput):
    """A day, as the browser's date picker writes it: 2027-02-18."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """A time of day: 17:30."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """A day and a time, in the reader's time zone: 2027-02-18T17:30."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")
