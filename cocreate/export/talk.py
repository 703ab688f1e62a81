"""What was said, written and decided in a case, hidden matter and every revision included."""

from django.db.models import Prefetch
from django.utils.text import slugify
from django.utils.translation import gettext as _

from partnerships.models import Attachment, AttachmentBody, Contribution, Decision, Revision

from .words import Document, facts, quoted, section, when, yes


def contributions(partnership):
    rows = Contribution.objects.filter(partnership=partnership).select_related(
        "member__person", "recorded_by", "hidden_by", "response__by", "meeting", "quotes"
    )
    rows = rows.prefetch_related("reports__by", "attachments", "versions", "mentions__member__person")
    rows = rows.order_by("created_at", "id")
    told, hidden = [], False
    for one in rows.iterator(chunk_size=500):
        hidden = hidden or not one.is_shown
        told.append(_contribution(one))
    body = f"# {_('What was said')}\n\n" + "\n".join(told)
    return Document(
        "contributions.md", _("What was said, and what became of it"), body, personal=True, hidden=hidden
    )


def _contribution(one):
    said_by = (one.on_behalf_of or _("Somebody")) if one.is_on_behalf else str(one.member.person)
    response = getattr(one, "response", None)
    pairs = [
        (_("Id"), one.pk),
        (_("In answer to"), one.reply_to_id),
        (_("Meeting"), one.meeting),
        (_("How it came in"), one.get_way_display()),
        (_("Sector"), one.get_behalf_sector_display()),
        (_("Written down by"), one.recorded_by),
        (_("NAME WITHHELD from visitors of the site"), yes(True) if one.anonymous else ""),
        (_("Names"), ", ".join(str(mention.member.person) for mention in one.mentions.all())),
        (_("Quotes"), one.quotes_id and f"{one.quotes_id}: {one.quoted}"),
        (_("Files"), ", ".join(map(_file, one.attachments.all()))),
        (_("TAKEN BACK by who said it"), when(one.retracted_at)),
        (
            _("HIDDEN on the site"),
            one.hidden_at and f"{when(one.hidden_at)}, {one.hidden_by}: {one.hidden_reason}",
        ),
        (
            _("Answer"),
            response
            and f"{response.get_outcome_display()}, {when(response.at)}, {response.by}: {response.reason}",
        ),
    ]
    pairs += [
        (_("Reported"), f"{when(report.at)}, {report.by}: {report.reason}") for report in one.reports.all()
    ]
    pairs += [
        (_("Until %(when)s it said") % {"when": when(old.until_at)}, f"{old.get_kind_display()}\n{old.body}")
        for old in one.versions.all()
    ]
    title = f"{when(one.created_at)}: {said_by}, {one.get_kind_display()}"
    return section(title, quoted(one.body), facts(pairs))


def _file(file):
    told = f"{file.name} ({file.digest[:12]})"
    return f"{told} [{_('taken away')} {when(file.removed_at)}]" if file.removed_at else told


def attachments(partnership):
    """Every file beside what was said, one in memory at a time, those of hidden words too."""
    rows = Attachment.objects.filter(contribution__partnership=partnership).select_related("contribution")
    for file in rows.order_by("contribution__created_at", "contribution", "position"):
        body = AttachmentBody.objects.values_list("body", flat=True).get(attachment=file)
        stem = slugify(file.name.rpartition(".")[0])[:40] or "file"
        name, title = f"file-{stem}.{file.kind}", f"{file.name} ({file.contribution_id})"
        hidden = bool(file.removed_at) or not file.contribution.is_shown
        yield Document(name, title, bytes(body), personal=True, hidden=hidden)


def revisions(partnership):
    rows = Revision.objects.filter(text__partnership=partnership).select_related("text", "based_on")
    rows = rows.prefetch_related("authors__member__person", "citations").order_by(
        "text__created_at", "text", "number"
    )
    for one in rows.iterator(chunk_size=100):
        parts = [section(label, words) for _key, label, words in one.parts]
        adopted = one.text.adopted_revision_id == one.pk
        head = facts(
            [
                (_("Kind"), one.text.get_kind_display()),
                (_("Revision"), one.number),
                (_("Based on"), one.based_on and one.based_on.number),
                (_("Written"), when(one.created_at)),
                (_("By"), ", ".join(str(author.member.person) for author in one.authors.all())),
                (_("Note"), one.note),
                (_("Adopted by decision"), yes(True) if adopted else ""),
                (
                    _("Rests on contributions"),
                    ", ".join(str(cited.contribution_id) for cited in one.citations.all()),
                ),
                (_("Fingerprint (SHA-256)"), one.digest),
            ]
        )
        title = f"{one.text.title} ({one.number})"
        name = f"text-{slugify(one.text.title)[:40] or one.text.kind}-{one.number}.md"
        yield Document(name, title, section(title, head, *parts, level=1), personal=True)


def decisions(partnership):
    positions = Prefetch("positions", to_attr="taken")
    rows = Decision.objects.filter(partnership=partnership).select_related("revision__text", "opened_by")
    for one in rows.prefetch_related(positions, "taken__member__person", "taken__recorded_by").order_by(
        "opened_at"
    ):
        head = facts(
            [
                (_("About"), f"{one.revision.text.title} ({one.revision.number})"),
                (_("Fingerprint (SHA-256)"), one.revision.digest),
                (_("Rule"), one.get_rule_display()),
                (_("Round"), one.round),
                (_("Quorum"), f"{one.quorum_public} / {one.quorum_non_public}"),
                (_("Opened"), f"{when(one.opened_at)}, {one.opened_by}"),
                (_("Closes"), when(one.closes_at)),
                (_("Closed"), when(one.closed_at)),
                (_("Outcome"), one.get_outcome_display()),
            ]
        )
        taken = [_position(position) for position in one.taken]
        body = section(one.question, head, section(_("Positions"), *taken), level=1)
        yield Document("decision.md", one.question, body, personal=True)


def _position(one):
    told = (
        f"- {one.member.person} ({one.member.get_side_display()}): {one.get_choice_display()}, {when(one.at)}"
    )
    told += f". {one.reason}" if one.reason else ""
    return told + (f" [{_('written down by')} {one.recorded_by}]" if one.recorded_by else "")
