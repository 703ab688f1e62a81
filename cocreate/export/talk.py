"""What was said, written and decided in a case, hidden matter and every revision included."""

from django.db.models import Prefetch
from django.db.models.functions import Coalesce
from django.utils.text import slugify
from django.utils.translation import gettext as _

from partnerships.models import (
    Attachment,
    AttachmentBody,
    Contribution,
    Decision,
    Intervention,
    Position,
    Revision,
    Suggestion,
)

from .words import Document, day, facts, quoted, section, when, yes


def contributions(partnership):
    rows = Contribution.objects.filter(partnership=partnership).select_related(
        "member__person", "recorded_by", "hidden_by", "response__by", "meeting", "quotes"
    )
    rows = rows.select_related(
        *(f"response__{thing}" for thing in ("decision", "commitment", "revision__text"))
    )
    rows = rows.defer("response__revision__body").order_by("created_at", "id")
    rows = rows.prefetch_related("reports__by", "earlier_responses__by", "hidings__by")
    rows = rows.prefetch_related("attachments", "versions", "mentions__member__person")
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
        *(_answer(_("Answer"), response) if response else []),
        (_("Answer owed once more since"), response and when(response.reopened_at)),
    ]
    for before in one.earlier_responses.all():
        pairs += _answer(_("Earlier answer"), before)
    pairs += [
        (_("Until %(when)s it said") % {"when": when(old.until_at)}, f"{old.get_kind_display()}\n{old.body}")
        for old in one.versions.all()
    ]
    pairs += [(_("Reported"), _report(report)) for report in one.reports.all()]
    title = f"{when(one.created_at)}: {said_by}, {one.get_kind_display()}"
    return section(title, quoted(one.body), facts(pairs))


def _answer(label, response):
    """What became of it, what it waits for, where it went, and what its author said of that."""
    where = response.revision or response.decision or response.commitment
    waits = " ".join(filter(None, (day(response.waits_until), response.waits_for)))
    return [
        (label, f"{response.get_outcome_display()}, {when(response.at)}, {response.by}: {response.reason}"),
        (_("Put off"), waits),
        (_("It went into:"), where and f"{where} ({where.pk})"),
        (_("Its author says that this does not answer it"), response.contested_reason),
    ]


def _report(report):
    told = f"{when(report.at)}, {report.by}: {report.get_ground_display()}. {report.reason}"
    if report.settled_at:
        outcome = _("hidden") if report.upheld else _("it stays")
        told += f"\n{when(report.settled_at)}, {report.settled_by}: {outcome}. {report.settled_reason}"
    return told


def moderation(partnership):
    """The Document of what was done by the ground rules, with appeals, where there is any."""
    rows = Intervention.objects.filter(partnership=partnership).order_by("at", "id")
    rows = rows.select_related("member__person", "by", "ended_by", "appeal__by", "appeal__decided_by")
    parts = [_intervention(one) for one in rows.iterator(chunk_size=500)]
    if parts:
        title = _("What was done by the ground rules")
        body = f"# {title}\n\n" + "\n".join(parts)
        yield Document("ground-rules.md", title, body, personal=True, hidden=True)


def _intervention(one):
    pairs = [
        (_("Id"), one.pk),
        (_("Contribution"), one.contribution_id),
        (_("Member"), one.member.person),
        (_("Ground rule"), one.get_ground_display()),
        (_("Reason"), one.reason),
        (_("By"), one.by),
        (_("Until"), when(one.until)),
        (_("Ended"), one.ended_at and f"{when(one.ended_at)}, {one.ended_by}"),
    ]
    if appeal := getattr(one, "appeal", None):
        pairs.append((_("Appeal"), f"{when(appeal.at)}, {appeal.by}: {appeal.words}"))
        if appeal.decided_at:
            told = f"{appeal.get_state_display()}, {when(appeal.decided_at)}, {appeal.decided_by}"
            pairs.append((_("What became of the appeal"), f"{told}: {appeal.reason}"))
    return section(f"{when(one.at)}: {one.get_kind_display()}", facts(pairs))


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
    rows = rows.prefetch_related(
        "authors__member__person", "authors__sections", "citations__sections"
    ).order_by("text__created_at", "text", "number")
    for one in rows.iterator(chunk_size=100):
        parts = [section(label, words) for _key, label, words in one.parts]
        adopted = one.text.adopted_revision_id == one.pk
        head = facts(
            [
                (_("Kind"), one.text.get_kind_display()),
                (_("Revision"), one.number),
                (_("Based on"), one.based_on and one.based_on.number),
                (_("Written"), when(one.created_at)),
                (
                    _("By"),
                    ", ".join(_in_sections(author.member.person, author) for author in one.authors.all()),
                ),
                (_("Note"), one.note),
                (_("Adopted by decision"), yes(True) if adopted else ""),
                (
                    _("Rests on contributions"),
                    ", ".join(_in_sections(cited.contribution_id, cited) for cited in one.citations.all()),
                ),
                (_("Fingerprint (SHA-256)"), one.digest),
            ]
        )
        title = f"{one.text.title} ({one.number})"
        name = f"text-{slugify(one.text.title)[:40] or one.text.kind}-{one.number}.md"
        yield Document(name, title, section(title, head, *parts, level=1), personal=True)


def _in_sections(what, row):
    """An author or a contribution, with the keys of the sections that are theirs."""
    keys = ", ".join(sorted(one.section for one in row.sections.all()))
    return f"{what} ({keys})" if keys else str(what)


def suggestions(partnership):
    rows = Suggestion.objects.filter(text__partnership=partnership).select_related(
        "text", "revision", "member__person", "answered_by__person", "taken_into", "hidden_by"
    )
    told, hidden = [], False
    for one in rows.order_by("made_at", "id").iterator(chunk_size=500):
        hidden = hidden or bool(one.hidden_at)
        told.append(_suggestion(one))
    body = f"# {_('Suggestions about texts')}\n\n" + "\n".join(told)
    return Document("suggestions.md", _("Suggestions about texts"), body, personal=True, hidden=hidden)


def _suggestion(one):
    pairs = [
        (_("About"), f"{one.text.title} ({one.revision.number}), {one.section}"),
        (_("Reason"), one.reason),
        (_("State"), one.get_state_display()),
        (_("Answer"), one.answered_at and f"{when(one.answered_at)}, {one.answered_by.person}: {one.answer}"),
        (_("Taken into revision"), one.taken_into and one.taken_into.number),
        (
            _("HIDDEN on the site"),
            one.hidden_at and f"{when(one.hidden_at)}, {one.hidden_by}: {one.hidden_reason}",
        ),
    ]
    title = f"{when(one.made_at)}: {one.member.person}"
    return section(title, quoted(one.words or one.quote), facts(pairs))


def decisions(partnership):
    positions = Prefetch("positions", Position.objects.select_related(*_WHO), to_attr="taken")
    rows = Decision.objects.filter(partnership=partnership)
    rows = rows.select_related("revision__text", "opened_by", "reopening__by")
    with_all = rows.prefetch_related(positions, "taken__earlier", "taken__answers__by", "lengthenings__by")
    for one in with_all.order_by(Coalesce("opened_at", "opens_at")):
        head = facts(
            [
                (_("About"), f"{one.revision.text.title} ({one.revision.number})"),
                (_("Fingerprint (SHA-256)"), one.revision.digest),
                (_("Rule"), one.get_rule_display()),
                (_("Round"), one.round),
                (_("Quorum"), f"{one.quorum_public} / {one.quorum_non_public}"),
                (_("Asked by"), one.opened_by),
                (_("Set to open"), when(one.opens_at)),
                (_("Opened"), when(one.opened_at)),
                (_("Closes"), when(one.closes_at)),
                (_("Closed"), when(one.closed_at)),
                (_("Outcome"), one.get_outcome_display()),
            ]
        )
        taken = [_position(position) for position in one.taken]
        body = section(one.question, head, *_later(one), section(_("Positions"), *taken), level=1)
        yield Document("decision.md", one.question, body, personal=True)


_WHO = ("member__person", "recorded_by", "substitute__substitute__person")


def _later(one):
    """What happened around it: more time, and that it was reopened."""
    longer = [
        f"- {when(row.at)}, {row.by}: {when(row.was)} → {when(row.closes_at)}. {row.reason}"
        for row in one.lengthenings.all()
    ]
    if longer:
        yield section(_("More time"), *longer)
    if hasattr(one, "reopening"):
        again = one.reopening
        yield section(_("Reopened"), f"{when(again.at)}, {again.by}: {again.reason}")


def _position(one):
    told = (
        f"- {one.member.person} ({one.member.get_side_display()}): {one.get_choice_display()}, {when(one.at)}"
    )
    told += f". {one.reason}" if one.reason else ""
    if one.recorded_by:
        told += f" [{_('written down by')} {one.recorded_by}, {one.way_words}]"
    if one.substitute:
        told += f" [{_('answered by a substitute:')} {one.substitute.substitute.person}]"
    said = [f"  - {when(row.at)}: {row.get_choice_display()}. {row.reason}" for row in one.earlier.all()]
    answers = [f"  - {_('answer')}, {when(row.at)}, {row.by}: {row.body}" for row in one.answers.all()]
    return "\n".join([told, *said, *answers])
