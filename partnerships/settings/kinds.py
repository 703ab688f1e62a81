"""Settings as things: where each is kept, what may be typed, and what stands there when nobody has set it."""

import hashlib
import json
from dataclasses import dataclass

from django.utils.formats import time_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SETTINGS = {}  # {key: Setting}, in the order of the pages


# --- what may be typed ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Whole:
    """A whole number from `least` to `most`."""

    least: int
    most: int


@dataclass(frozen=True)
class Days:
    """Some whole numbers of days, the largest first or last as they were typed."""

    most: int = 365


@dataclass(frozen=True)
class Words:
    """Text of at most `most` characters, in a box of so many rows. check: "email", "zone" or none."""

    most: int
    rows: int = 1
    check: str = ""


@dataclass(frozen=True)
class Choice:
    """One of some (value, label)."""

    choices: tuple


@dataclass(frozen=True)
class TimeOfDay:
    """An hour and a minute on the clock."""


@dataclass(frozen=True)
class YesNo:
    """Asked for, or not."""


@dataclass(frozen=True)
class Colour:
    """A colour as #rrggbb."""


@dataclass(frozen=True)
class Picture:
    """A file with a picture."""


# --- where it is kept -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """One setting of a platform, in a column of its own.

    part: the page it stands on; default: what stands there unless somebody sets it, None for a fact that has none;
    reason: why that is the default; unit: of a number; empty: what nothing means, in words; optional: a fact that
    may be left out.
    """

    key: str
    part: str
    kind: object
    label: str
    default: object = None
    reason: str = ""
    unit: str = ""
    help: str = ""
    empty: str = ""
    optional: bool = False

    def on(self, platform):
        """What the platform has set, else the default."""
        return getattr(platform, self.key)

    def of(self, partnership):
        """What holds for a partnership: what its platform says now."""
        return self.on(partnership.platform)

    def put(self, platform, value):
        """Set it, unsaved. Returns the name of the column."""
        setattr(platform, self.key, value)
        return self.key

    def shown(self, value):
        """A value in words."""
        if isinstance(self.kind, YesNo):
            return _("Is asked for") if value else _("Is left out")
        if isinstance(self.kind, Choice):
            return dict(self.kind.choices).get(value, value)
        if isinstance(self.kind, Days):
            value = ", ".join(map(str, value))
        if isinstance(self.kind, TimeOfDay):
            return time_format(value, "H.i" if get_language() == "da" else "H:i")
        return f"{value} {self.unit}".rstrip() if value not in ("", None) else self.empty

    def has_default(self, platform):
        """Whether nobody has set it, or set it to just that."""
        return self.default is None or self.on(platform) == self.default


def _without_default(kept, key, value, default):
    rest = {name: one for name, one in kept.items() if name != key}
    return rest if value == default else rest | {key: value}


class AtOnce(Setting):
    """A number that holds for all partnerships of the platform from the moment it is set."""

    def on(self, platform):
        """What is set there, else the default."""
        return platform.thresholds.get(self.key, self.default)

    def put(self, platform, value):
        """Set it, unsaved; the default is kept by keeping nothing."""
        platform.thresholds = _without_default(platform.thresholds, self.key, value, self.default)
        return "thresholds"


class Threshold(AtOnce):
    """A number that a partnership takes over when it is convened, and keeps."""

    def of(self, partnership):
        """What holds for a partnership: as it was when it was convened."""
        return partnership.thresholds.get(self.key, self.default)


class Asked(Setting):
    """Whether a soft criterion is asked for. A partnership takes it over when it is convened."""

    @property
    def criterion(self):
        return self.key.removeprefix("gate_")

    def on(self, platform):
        """Whether the platform asks for it."""
        return platform.gates.get(self.criterion) != "off"

    def put(self, platform, value):
        """Set it, unsaved."""
        platform.gates = _without_default(platform.gates, self.criterion, "on" if value else "off", "on")
        return "gates"


class LetterWords(Setting):
    """First words of an invitation in one language: `opening_da`, `asks_da`."""

    def on(self, platform):
        """The platform's words."""
        part, _mark, language = self.key.partition("_")
        return platform.letters.get(language, {}).get(part, "")

    def put(self, platform, value):
        """Set them, unsaved."""
        part, _mark, language = self.key.partition("_")
        said = platform.letters.get(language, {}) | {part: value}
        platform.letters = platform.letters | {language: said}
        return "letters"


# --- the table ------------------------------------------------------------------------------------------------


def register(setting):
    """Put a setting in the table. Returns it."""
    SETTINGS[setting.key] = setting
    return setting


def threshold(key, kind, default, label, reason, unit="", part="thresholds", at_once=False):
    """A number for rules and criteria: DUMPING_MARGIN = threshold("dumping_margin", Whole(0, 100), 80, …).

    Read it with `.of(partnership)`. at_once: it holds for every partnership of a platform once it is set there.
    """
    made = (AtOnce if at_once else Threshold)(key, part, kind, label, default, reason, unit)
    return register(made)


def soft(criterion, label):
    """Say that a criterion is soft, so that a platform or a template can leave it out."""
    reason = _("A platform asks for all of them until it knows which ones it can do without.")
    return register(Asked(f"gate_{criterion}", "gates", YesNo(), label, True, reason))


def parts_of(part):
    """The settings on one page."""
    return [one for one in SETTINGS.values() if one.part == part]


def values_of(platform):
    """{key: what the platform has set, else the default}."""
    return {key: one.on(platform) for key, one in SETTINGS.items()}


def copied(platform, template=None):
    """What a new partnership takes over of gates and thresholds: the template's go before the platform's."""
    above = (template.gates, template.thresholds) if template else ({}, {})
    numbers = platform.thresholds | above[1]
    kept = {key: value for key, value in numbers.items() if isinstance(SETTINGS.get(key), Threshold)}
    return {"gates": platform.gates | above[0], "thresholds": kept}


def otherwise(holder):
    """[(label, value in words)] of the gates and thresholds that a template or a partnership has of its own."""
    asked = [(SETTINGS.get(f"gate_{key}"), value != "off") for key, value in holder.gates.items()]
    found = asked + [(SETTINGS.get(key), value) for key, value in holder.thresholds.items()]
    return [(setting.label, setting.shown(value)) for setting, value in found if setting]


def mark_of(value):
    """A short mark of a value: another one when the value has changed."""
    return hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()[:12]
