"""A revision as a paper to keep, print and send: its words, who wrote them, and what they are built on."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from boundary.blocks import blocks, printable

from ..models import Contribution


@dataclass(frozen=True)
class Paper:
    """What stands on a paper, as plain data in the reader's language; `blocks` as boundary.blocks makes them."""

    title: str
    above: str
    authors: list
    facts: list  # (label, value)
    blocks: list
    foot: str
    lang: str


def paper_of(text, revision, sections, writers):
    """The Paper of a revision of a visible text. sections: views.sections.Sections; writers: names."""
    number = revision.number
    facts = [
        (_("Partnership"), text.partnership.title),
        (_("Text"), text.get_kind_display()),
        (
            _("Revision"),
            f"{number}, {_('adopted')}" if text.adopted_revision_id == revision.pk else str(number),
        ),
        (_("Saved"), date_format(localtime(revision.created_at), _("j F Y, H:i"))),
        (_("Written by"), ", ".join(writers)),
        (_("Fingerprint"), revision.digest),
    ]
    found = []
    for row in sections.rows:
        found += [_heading(row.heading, 2), *blocks(row.words, 3)]
    found += _ground(sections)
    return Paper(
        title=printable(text.title),
        above=printable(text.partnership.platform.name),
        authors=[printable(name) for name in writers],
        facts=[(label, printable(value)) for label, value in facts if value],
        blocks=found,
        foot=printable(_("%(title)s, revision %(number)s") % {"title": text.title, "number": number}),
        lang=get_language() or "en",
    )


def _heading(words, level):
    return {"t": "h", "level": level, "c": [_text(words)], "rtl": False}


def _text(words):
    return {"t": "text", "s": printable(words)}


def _ground(sections):
    """The list at the end: section by section what was cited, said by whom; of what is hidden no word."""
    if not sections.cited and not any(row.cited for row in sections.rows):
        return []
    found = [_heading(_("What this is built on"), 2)]
    parts = [(row.heading, row.cited) for row in sections.rows] + [(_("The whole text"), sections.cited)]
    for heading, cited in parts:
        if cited:
            items = [[{"t": "p", "c": _said(one), "rtl": False}] for one in cited]
            found += [_heading(heading, 3), {"t": "ol", "start": 1, "items": items}]
    return found


def _said(one):
    """One line of it. A paper is sent on, so that names which only members may read do not stand on it."""
    if one.gone:
        why = {"hidden": _("Hidden by the ground rules"), "retracted": _("Taken back by who said it")}
        return [_text(why[one.gone])]
    kind = Contribution.Kind(one.kind).label
    who = _("A member") if one.anonymous else one.who
    return [{"t": "strong", "c": [_text(f"{who} ({kind})")]}, _text(f": {' '.join(one.body.split())}")]
