"""Under which heading readers choose of a kind of message: what people do here, and a few more."""

from django.utils.translation import gettext_lazy as _

from .kinds import choosable

THEMES = {  # key -> heading, in the order of the page
    "mine": _("What waits for me"),
    "say": _("Conversation"),
    "write": _("Texts"),
    "decide": _("Decisions"),
    "commit": _("Commitments and steps"),
    "meet": _("Meetings"),
    "course": _("Stages and what comes of it"),
    "authorize": _("Authorization"),
    "people": _("Who is here"),
    "other": _("Other messages"),
}
NOUNS = {  # the first word of a kind's name, or the file that declares it -> theme
    **dict.fromkeys(("waiting",), "mine"),
    **dict.fromkeys(
        ("contribution", "contributions", "response", "answer", "answers", "mention", "mentions", "thread"),
        "say",
    ),
    **dict.fromkeys(("report", "reports", "appeal", "moderation", "sounding", "workshop"), "say"),
    **dict.fromkeys(("text", "texts", "suggestion", "suggestions", "draft", "revision"), "write"),
    **dict.fromkeys(("decision", "decisions", "position", "objection", "seat", "substitute"), "decide"),
    **dict.fromkeys(
        ("commitment", "commitments", "step", "steps", "need", "relief", "thanks", "thanked"), "commit"
    ),
    **dict.fromkeys(("meeting", "meetings", "agenda", "item", "minutes", "poll", "time", "needs"), "meet"),
    **dict.fromkeys(
        ("stage", "stages", "gate", "pause", "pauses", "waiver", "waivers", "account", "closing"), "course"
    ),
    **dict.fromkeys(("promise", "paused", "resumed", "partnership", "look"), "course"),
    **dict.fromkeys(("authorization", "solutions"), "authorize"),
    **dict.fromkeys(
        ("join", "call", "calls", "lot", "invitee", "invitation", "leadership", "function"), "people"
    ),
    **dict.fromkeys(("register", "volunteer", "convening", "questions", "member", "membership"), "people"),
}


def theme_of(kind):
    """The theme of a kind: its own, or that of the first word of its name, or of the file that declares it."""
    noun, file = kind.name.partition("_")[0], kind.context.__module__.rpartition(".")[2]
    file = kind.context.__module__.split(".")[0] if file == "messages" else file
    return kind.theme or NOUNS.get(noun) or NOUNS.get(file) or "other"


def by_theme(kinds=None):
    """[(theme, heading, [Kind])] of these kinds, or of all that readers choose of; no theme is empty."""
    found = {theme: [] for theme in THEMES}
    for kind in choosable() if kinds is None else kinds:
        found[theme_of(kind)].append(kind)
    return [(theme, THEMES[theme], kinds) for theme, kinds in found.items() if kinds]
