"""Forms that know what they were filled from, so that two windows, or two conveners, overwrite nothing unseen.

A form carries a digest of each value that it showed. Sent in, what was not touched in this window takes what is there
by now; what was touched here and meanwhile changed elsewhere is a Clash: nothing is saved, both versions are shown, and
saving again means it.
"""

import json
from dataclasses import dataclass

from django import forms

from boundary.digest import digest

LENGTH = 12  # of a digest, in hexadecimal: it tells two versions apart, and proves nothing to anybody


@dataclass(frozen=True)
class Clash:
    """One field that was changed here and elsewhere: its bound field, and what is there now, in words."""

    field: forms.BoundField
    now: str


def _plain(value):
    """A value as a browser sends it, with one way to write nothing and one way to end a line."""
    if value in (None, "", [], ()):
        return ""
    if isinstance(value, list | tuple | set):
        return sorted(str(one) for one in value)
    return str(value).replace("\r\n", "\n").strip()


def _mark(value):
    return digest(_plain(value))[:LENGTH]


class TwoWindows(forms.Form):
    """What a form of something that others may change meanwhile has besides its fields: `seen` and `clashes`.

    initial: what is there now. as_one: whether its answers are one statement, so that nobody's half is joined to
    another's.
    """

    as_one = False
    clashes = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"] = forms.CharField(
            required=False, initial=self._marks, widget=forms.HiddenInput, max_length=4000
        )

    def _own(self):
        return {name: field for name, field in self.fields.items() if name != "seen"}

    def _now(self, name, field):
        """What is there now, as the field would send it."""
        return field.prepare_value(self.get_initial_for_field(field, name))

    def _marks(self):
        return json.dumps({name: _mark(self._now(name, field)) for name, field in self._own().items()})

    def _was_shown(self):
        """{field: mark} of what this window showed; nothing where that is not known."""
        try:
            shown = json.loads(self.data.get(self.add_prefix("seen"), ""))
        except ValueError:
            return {}
        return shown if isinstance(shown, dict) else {}

    def full_clean(self):
        """Join what was typed with what is there by now, then look at it as every form does."""
        if self.is_bound and not self.clashes:
            self._join()
        super().full_clean()
        if hasattr(self, "cleaned_data"):
            self.cleaned_data.pop("seen", None)

    def _join(self):
        shown, data, clashes = self._was_shown(), self.data.copy(), []
        for name, field in self._own().items():
            now = self._now(name, field)
            typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            moved = name in shown and shown[name] != _mark(now)
            if not moved or _mark(typed) == _mark(now):
                continue
            if self.as_one or shown[name] != _mark(typed):
                clashes.append(Clash(self[name], _in_words(field, now)))
            else:
                _put(data, self.add_prefix(name), now)
        data[self.add_prefix("seen")] = self._marks()
        self.data, self.clashes = data, clashes


def _put(data, name, value):
    if isinstance(value, list | tuple | set):
        data.setlist(name, [str(one) for one in value])
    else:
        data[name] = "" if value is None else str(value)


def _in_words(field, value):
    """What is there now as a reader knows it: choices by their names."""
    names = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    values = value if isinstance(value, list | tuple | set) else [value]
    return ", ".join(names.get(str(one), str(one)) for one in values if one not in (None, ""))
