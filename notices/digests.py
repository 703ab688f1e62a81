"""The kind of mail that gathers others: one line for each, under the name of the place it is about, and what is a
part of its own (`Kind.part`)."""

import logging
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .actions import gathering
from .kinds import DIGEST, Kind
from .words import part_of, subject_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """One message in a digest: its subject as its own mail would have it, and its link."""

    kind: Kind
    facts: dict

    @property
    def words(self):
        try:
            return subject_of(self.kind, self.facts)
        except Exception:  # one line that cannot be written must not keep the others from their reader
            log.exception("A line of kind %s cannot be written.", self.kind.name)
            return self.kind.label

    @property
    def link(self):
        return self.facts.get("link", "")


@dataclass(frozen=True)
class Part:
    """One message that is more than a line: what it says in a digest, in text and HTML."""

    kind: Kind
    facts: dict

    @property
    def headline(self):
        return subject_of(self.kind, self.facts)

    @property
    def text(self):
        return part_of(self.kind, self.facts, ".txt")

    @property
    def html(self):
        return part_of(self.kind, self.facts, ".html")


def digest_kind(*, recipients, places):
    """The Kind of digests.

    recipients: as in Kind; places: scopes -> {scope: (name, absolute link)}, the headings that lines stand under.
    """

    def context(notices):
        """{notice id: what it tells}: its lines by place; `inside` was put there when it was taken in."""
        names = places({item.scope for notice in notices for item, *_rest in notice.inside} - {None})
        readers = recipients([notice.recipient for notice in notices])
        return {notice.id: _told(notice, names, readers.get(notice.recipient)) for notice in notices}

    return Kind(
        name=DIGEST,
        label=_("Gathered messages"),
        why=_("You get this mail because some messages are gathered for you: you choose which, and when."),
        template="notices/mail/digest",
        context=context,
        still_true=lambda notices: {notice.id for notice in notices if notice.inside},
        recipients=recipients,
        switchable=True,
        on_site=False,
        on_sent=gathering.end_sent,
        on_failed=gathering.end_failed,
        on_dropped=gathering.end_dropped,
    )


def _told(notice, names, reader):
    groups = {}
    parts = [Part(kind, facts | {"recipient": reader}) for _item, kind, facts in notice.inside if kind.part]
    for item, kind, facts in notice.inside:
        if not kind.part:
            groups.setdefault(item.scope, []).append(Line(kind, facts | {"recipient": reader}))
    shown = [(*names.get(scope, ("", "")), lines) for scope, lines in groups.items()]
    groups = [
        {"name": name, "link": link, "lines": lines}
        for name, link, lines in sorted(shown, key=lambda group: group[0])
    ]
    return {"groups": groups, "count": len(notice.inside) - len(parts), "parts": parts}
