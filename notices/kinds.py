"""What kinds of message there are, and what a kind promises. Kinds are declared by the apps that tell them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

PROMPT, BULK = "prompt", "bulk"
RESEND, HOLD = "resend", "hold"
AT_ONCE, DAILY, WEEKLY, OFF, NOWHERE = "at_once", "daily", "weekly", "off", "nowhere"
CHOICES = (AT_ONCE, DAILY, WEEKLY, OFF, NOWHERE)
UNWANTED = (OFF, NOWHERE)  # no mail; the first still stands among the notices on the site
DIGEST = "digest"  # the kind of mail that gathers others
BATCH = 100  # rows that are leased, written and followed together


@dataclass(frozen=True)
class Recipient:
    """How to write to somebody: address, name, language code and IANA time zone."""

    address: str
    name: str
    language: str
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of message.

    The callables get a whole batch of notices (up to BATCH rows of notices.models.Notice), so that a batch costs a
    handful of queries. They give facts, not finished words: the language is only known when a mail is rendered.

    name         key of the kind, as given to `tell`
    label        what the reader's settings call it (translated lazily)
    why          why its reader gets it, as a sentence (translated lazily): in the mail and in the log
    template     "app/mail/name": its .subject.txt, .txt and .html are rendered
    context      notices -> {notice.id: template context}; a notice left out is dropped as no longer true
    still_true   notices -> set of the ids of those still true
    recipients   recipient ids -> {id: Recipient}; who is left out cannot be reached
    lane         "prompt" for what somebody waits for at the screen, else "bulk"
    switchable   whether the reader may have it in a digest or not at all (adds List-Unsubscribe)
    default      what goes for readers who have not chosen: "at_once", "daily", "weekly" or "off"
    choices      what a reader may choose of: all, or some of them
    theme        key of notices.themes.THEMES, under which readers choose of it; "": by the first word of its name
    on_site      whether it also stands among its reader's notices on the site: nothing with a proof in it does
    part         "app/mail/name": in a digest it is not a line but a part of its own, its .txt and .html rendered
    until        notices -> {notice.id: when it is of no more use, or None}: what a digest would tell too late goes now
    on_ambiguous what to do with one that may or may not have been accepted: "resend" (same Message-ID) or "hold"
    merge        names of facts that the templates print as they are, without filters or conditions on what they say
                 (a link): given, readers for whom all other facts are equal share one rendering; their name and
                 address may then be printed only as they are, too
    attachments  notice -> [(file name, bytes, media type)]; with "" for a name it is no file but one more way to read
                 the letter, beside text and HTML, as calendars want it
    on_sent, on_failed, on_dropped
                 (notices, at) -> None, told of an end at least once, within seconds, in a transaction of up to BATCH;
                 a guarded update (queued to sent) is all it should be; `notice.reason` says why not sent
    """

    name: str
    label: str
    template: str
    context: Callable
    still_true: Callable
    recipients: Callable
    why: str = ""
    lane: str = BULK
    switchable: bool = False
    default: str = AT_ONCE
    choices: tuple = CHOICES
    theme: str = ""
    on_site: bool = True
    part: str = ""
    until: Callable | None = None
    on_ambiguous: str = RESEND
    merge: tuple | None = None
    attachments: Callable | None = None
    on_sent: Callable | None = None
    on_failed: Callable | None = None
    on_dropped: Callable | None = None

    @property
    def templates(self):
        """The names of its subject, its plain text and its HTML."""
        return [f"{self.template}{ending}" for ending in (".subject.txt", ".txt", ".html")]

    @property
    def part_templates(self):
        """The names of what it says in a digest, where that is more than a line."""
        return [f"{self.part}{ending}" for ending in (".txt", ".html")] if self.part else []

    def nearest(self, choice):
        """What a choice made for many kinds at once means for this one."""
        if choice in self.choices:
            return choice
        return OFF if choice in UNWANTED else next(one for one in self.choices if one not in UNWANTED)

    def __post_init__(self):
        if self.lane not in (PROMPT, BULK) or self.on_ambiguous not in (RESEND, HOLD):
            raise ValueError(f"{self.name}: lane is prompt or bulk, on_ambiguous is resend or hold.")
        if self.default != AT_ONCE and not (self.switchable and self.default in (DAILY, WEEKLY, OFF)):
            raise ValueError(f"{self.name}: only what readers may choose has another default than at_once.")
        if self.default not in self.choices:
            raise ValueError(f"{self.name}: its default is one of its choices.")


@lru_cache(maxsize=8)
def _table(path):
    declared = import_string(path)
    return declared if isinstance(declared, dict) else {kind.name: kind for kind in declared}


def all_kinds():
    """{name: Kind} of every kind this site tells."""
    return _table(settings.NOTICE_KINDS)


def kind_named(name):
    """The kind of this name. Raises KeyError for one that nobody declared."""
    return all_kinds()[name]


def choosable():
    """The kinds of which a reader chooses when they come. Digests are no choice of their own: they gather others."""
    return [kind for kind in all_kinds().values() if kind.switchable and kind.name != DIGEST]


def on_site():
    """The kinds that stand among their readers' notices on the site."""
    return [kind for kind in all_kinds().values() if kind.on_site]
