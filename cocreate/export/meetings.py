"""When a case was met about: the times asked for, agendas, who came, every published version of the minutes."""

from django.utils.translation import gettext as _

from partnerships.models import Meeting, Poll

from .words import Document, facts, section, when, yes


def meetings(partnership):
    rows = (
        Meeting.objects.filter(partnership=partnership)
        .select_related("called_by", "minutes_by")
        .order_by("starts_at")
    )
    rows = rows.prefetch_related(
        "attendances__member__person",
        "guests",
        "items__proposed_by__person",
        "versions__written_by",
        "deeds__decision",
        "deeds__commitment",
        "deeds__contribution",
    )
    for one in rows:
        yield Document("meeting.md", one.title, _meeting(one), personal=True)


def _meeting(one):
    head = facts(
        [
            (_("When"), f"{when(one.starts_at)} – {when(one.ends_at)} ({one.time_zone})"),
            (_("Place"), one.place),
            (_("How to get in"), one.access),
            (_("Link"), one.link),
            (_("Languages"), one.languages),
            (_("Offered"), ", ".join(str(label) for label in one.support_labels)),
            (_("Called by"), one.called_by),
            (_("Cancelled"), one.cancelled_at and f"{when(one.cancelled_at)}: {one.cancelled_reason}"),
            (_("Minutes"), one.minutes_at and f"{when(one.minutes_at)}, {one.minutes_by}"),
        ]
    )
    who = [_attendance(answer) for answer in one.attendances.all()]
    who += [f"- {_('Guests')}, {guests}" for guests in one.guests.all()]
    parts = [
        section(_("Agenda"), *[_item(item) for item in one.items.all()], one.agenda)
        if one.agenda or one.items.all()
        else "",
        section(_("Who"), *who) if who else "",
    ]
    parts += [_version(version) for version in reversed(one.versions.all())]
    deeds = [f"- {deed}" for deed in one.deeds.all()]
    parts.append(section(_("From the meeting"), *deeds) if deeds else "")
    return section(one.title, head, *parts, level=1)


def _item(one):
    told = f"- {one.title} ({one.told}, {one.get_state_display()})"
    told += f" [{one.proposed_by.person}]" if one.proposed_by else ""
    return "\n  ".join(filter(None, [told, one.words, one.reason]))


def _version(one):
    published = when(one.published_at) or yes(False)
    told = [(_("Written"), f"{when(one.written_at)}, {one.written_by}"), (_("Published"), published)]
    told.append((_("What is corrected"), one.note))
    return section(f"{_('Minutes')} ({one.number})", facts(told), one.whole)


def _attendance(one):
    came = {True: _("came"), False: _("did not come"), None: ""}[one.attended]
    needs = ", ".join(str(label) for label in one.need_labels)
    parts = [one.get_answer_display(), came, needs, one.needs]
    return f"- {one.member.person}: " + ", ".join(part for part in parts if part)


def polls(partnership):
    """Times that were asked for, with what members marked."""
    rows = Poll.objects.filter(partnership=partnership).select_related("opened_by", "meeting")
    for one in rows.prefetch_related("times__marks__member__person").order_by("opened_at"):
        head = facts(
            [
                (_("Opened"), f"{when(one.opened_at)}, {one.opened_by}"),
                (_("Closes"), when(one.closes_at)),
                (_("Withdrawn"), when(one.withdrawn_at)),
                (_("Meeting"), one.meeting and when(one.meeting.starts_at)),
            ]
        )
        times = [
            section(
                when(time.starts_at),
                *[f"- {mark.member.person}: {mark.get_mark_display()}" for mark in time.marks.all()],
            )
            for time in one.times.all()
        ]
        yield Document("poll.md", one.title, section(one.title, head, *times, level=1), personal=True)
