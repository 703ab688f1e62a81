"""When a value proposition is complete: all three corners of the triangle are filled. Pure functions."""

import re

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .models import LIST_MARK

COMMITTED, ASKED, MISSING = "committed", "asked", "missing"
# How people say who covers a need, in English and Danish. "Missing" is read first: "not committed" is missing.
WORDS = {
    MISSING: (
        *("missing", "lacks?", "lacking", "nobody", "not (?:yet )?(?:covered|committed|found)"),
        *("mangler", "udækket", "ikke (?:dækket|fundet)"),
    ),
    ASKED: (
        *("asked", "asks?", "requested", "applied", "to be (?:decided|granted)", "in this request"),
        *("søges", "ansøgt", "ansøges", "anmodet", "bedes"),
    ),
    COMMITTED: (
        *("committed", "commits?", "covered", "covers?", "granted", "promised", "agreed", "given", "gives"),
        *("provides?", "pays?", "paid", "tilsagn", "dækket", "dækkes", "bevilget", "bevilger", "lovet"),
        *("aftalt", "betaler", "betales", "stiller", "afsat", "forpligtet"),
    ),
}
COVERS = {cover: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) for cover, words in WORDS.items()}


def cover_of(line):
    """Who covers a need, as its line says it: committed, asked, missing, or "" when it does not say."""
    return next((cover for cover, words in COVERS.items() if words.search(line)), "")


def capacity_needs(text):
    """[(need, cover)] of the capacity corner: the lines of its lists, or its paragraphs where it has no list."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    listed = [line for line in lines if LIST_MARK.match(line)]
    found = listed or [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    return [(LIST_MARK.sub("", line).strip(), cover_of(line)) for line in found]


def _filled(body, key, empty, help_text):
    return YES if body.get(key, "").strip() else no(empty, help_text)


def _capacity(body):
    filled = _filled(
        body,
        "capacity",
        _("Nothing is said about what it takes."),
        _("Write one need per line, and who covers it: committed, asked for in this request, or missing."),
    )
    if not filled:
        return filled
    uncovered = [need for need, cover in capacity_needs(body["capacity"]) if not cover]
    if not uncovered:
        return YES
    return no(
        _("One need does not say who covers it: “%(need)s”.") % {"need": uncovered[0][:120]},
        _("Say of each need whether it is committed, asked for in this request, or missing."),
    )


def completeness(revision):
    """{corner: Answer} of a revision of a value proposition, or of None: nothing is written yet."""
    body = revision.body if revision else {}
    return {
        "value": _filled(
            body,
            "value",
            _("Nothing is said about what changes, and for whom."),
            _("Write what is better afterwards, for whom, and how one will see it."),
        ),
        "legitimacy": _filled(
            body,
            "legitimacy",
            _("Nothing is said about who stands behind it."),
            _("Write who supports it, who does not, and who was not asked."),
        ),
        "capacity": _capacity(body),
    }


def is_complete(revision):
    """Whether all three corners are filled."""
    return all(completeness(revision).values())
