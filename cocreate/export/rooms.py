"""What rooms wrote and what soundings said in a case: workshops with every note, and lists with their numbers."""

from django.utils.translation import gettext as _

from partnerships.models import Note, Sounding, Workshop
from partnerships.soundings import result_of

from .words import Document, facts, in_one_line, quoted, section, when, yes


def rooms(partnership):
    """The Documents of workshops and soundings, where there are any."""
    workshops = Workshop.objects.filter(partnership=partnership).select_related(
        "meeting", "started_by", "ended_by"
    )
    for workshop in workshops.order_by("started_at"):
        yield _workshop(workshop)
    soundings = Sounding.objects.filter(partnership=partnership).select_related("opened_by", "closed_by")
    parts = [_sounding(one) for one in soundings.order_by("opened_at")]
    if parts:
        title = _("Soundings")
        yield Document("soundings.md", title, f"# {title}\n\n" + "\n".join(parts), personal=True)


def _workshop(workshop):
    title = _("Workshop: %(title)s") % {"title": workshop.meeting.title}
    head = facts(
        [
            (_("Started"), f"{when(workshop.started_at)}, {workshop.started_by}"),
            (_("Ended"), workshop.ended_at and f"{when(workshop.ended_at)}, {workshop.ended_by}"),
            (_("Phones"), workshop.phones),
        ]
    )
    asked = "".join(f"{one.number}. {in_one_line(one.words)}\n" for one in workshop.prompts.all())
    themes = "".join(
        f"- {in_one_line(one.title)} ({when(one.at)}, {one.by})\n"
        for one in workshop.clusters.select_related("by")
    )
    rows = Note.objects.filter(workshop=workshop).select_related(
        "prompt", "cluster", "hidden_by", "phone__member__person"
    )
    notes = list(rows.order_by("at", "pk"))
    parts = [section(_("Questions"), asked), section(_("Themes"), themes)]
    body = section(title, head, *parts, section(_("Notes"), *map(_note, notes)), level=1)
    return Document("workshop.md", title, body, personal=True, hidden=any(one.hidden_at for one in notes))


def _note(one):
    phone = one.phone
    hidden = one.hidden_at and f"{when(one.hidden_at)}, {one.hidden_by}: {one.hidden_reason}"
    pairs = [
        (_("Id"), one.pk),
        (_("Question"), one.prompt and one.prompt.number),
        (_("Theme"), one.cluster and one.cluster.title),
        (_("By"), phone and (phone.member.person if phone.member else phone.first_name)),
        (_("Where they come from"), phone and phone.get_sector_display()),
        (_("On paper"), one.paper and yes(True)),
        (_("Changed"), when(one.changed_at)),
        (_("Taken back"), when(one.withdrawn_at)),
        (_("HIDDEN on the site"), hidden),
    ]
    return section(when(one.at), quoted(one.body), facts(pairs), level=3)


def _sounding(one):
    result = result_of(one)
    head = facts(
        [
            (_("How one answers"), one.get_method_display()),
            (_("Opened"), f"{when(one.opened_at)}, {one.opened_by}"),
            (_("Closed"), when(one.ends_at)),
            (_("Answers"), result.voters),
        ]
    )
    lines = "".join(f"- {in_one_line(line.option.words)}: {_numbers(line.whole)}\n" for line in result.lines)
    return section(one.question, head, lines)


def _numbers(part):
    """{value: how many} as it was given: 1, 0 or -1 for agreeing, how many dots, or which place."""
    return ", ".join(f"{value}: {number}" for value, number in sorted(part.marks.items())) or "-"
