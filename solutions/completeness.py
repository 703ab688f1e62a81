"""When a value proposition is complete: all three corners of the triangle are filled. Pure functions."""

import re

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .models import LIST_MARK

COMMITTED, ASKED, MISSING = "committed", "asked", "missing"
# How people say who covers a need, in English and Danish.
WORDS = {
    MISSING: (
        *("missing", "lacks?", "lacking", "nobody", "no one", "uncovered", "unfunded", "refused", "declined"),
        *("mangler", "manglende", "udækket", "udækkede", "afslået", "afvist"),
    ),
    ASKED: (
        *(
            "asked",
            "asks?",
            "requested",
            "applied",
            "applies",
            "to be (?:decided|granted)",
            "in this request",
        ),
        *("søges", "søger", "søgt", "ansøgt", "ansøges", "anmodet", "bedes", "bedt om", "beder om", "spurgt"),
    ),
    COMMITTED: (
        *("committed", "commits?", "covered", "covers?", "granted", "grants?", "promised", "promises?"),
        *("agreed", "given", "gives?", "provides?", "provided", "pays?", "paid"),
        *(
            "tilsagn",
            "dækket",
            "dækkes",
            "dækker",
            "bevilget",
            "bevilger",
            "lovet",
            "lover",
            "aftalt",
            "givet",
        ),
        *("betaler", "betales", "betalt", "stiller", "afsat", "forpligtet"),
    ),
}
ANY = {cover: f"(?:{'|'.join(words)})" for cover, words in WORDS.items()}
COVERS = {cover: re.compile(rf"\b{words}\b", re.IGNORECASE) for cover, words in ANY.items()}
# "not yet granted", "endnu ikke bevilget", "betaler ikke", "no commitment", "intet tilsagn". "Not only" denies nothing.
SAID = rf"(?:{ANY[ASKED]}|{ANY[COMMITTED]}|found|fundet)"
THING = "(?:commitments?|promises?|grants?|cover|tilsagn|løfter?|bevilling(?:er)?|dækning)"
DENIED = re.compile(
    rf"\b(?:not|never|cannot|\w+n['’]t|ikke|aldrig)(?! only| kun| alene)(?: \w+){{0,2}} {SAID}\b"
    rf"|\b{ANY[COMMITTED]}(?: \w+)? ikke\b(?! kun| alene)"
    rf"|\b(?:no|without|intet|ingen|uden)(?: \w+){{0,2}} (?:{THING}|{SAID})\b",
    re.IGNORECASE,
)


def cover_of(line):
    """Who covers a need, as its line says it: committed, asked, missing, or "" when it does not say.

    What is denied is not read as said: "not committed" alone is missing, "asked for, not yet committed" is asked.
    """
    said = DENIED.sub(" ", line)
    found = [cover for cover, words in COVERS.items() if words.search(said)]
    if said != line and ASKED not in found:
        return MISSING
    return next(iter(found), "")


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
        _("Write at each need whether it is committed, asked for in this request, or missing."),
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
