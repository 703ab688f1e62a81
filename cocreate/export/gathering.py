"""How people were gathered in a case: the open call, who put themselves forward, and what the lots said."""

from django.utils.translation import gettext as _

from partnerships.models import Call, Draw, Volunteer

from .words import Document, facts, quoted, section, when


def gathering(partnership):
    """The Document of call and draws, where there are any."""
    parts = [*_calls(partnership), *_draws(partnership)]
    if parts:
        title = _("Open call and draws by lot")
        yield Document("call-and-draws.md", title, f"# {title}\n\n" + "\n".join(parts), personal=True)


def _calls(partnership):
    for call in Call.objects.filter(partnership=partnership).select_related("opened_by"):
        sought = ", ".join(f"{one.group} ({one.seats})" for one in call.groups.select_related("group"))
        told = [
            (_("Opened"), when(call.opened_at)),
            (_("By"), call.opened_by),
            (_("Ended"), when(call.ends_at)),
            (_("Whom we seek"), sought),
        ]
        yield section(_("Open call"), facts(told), quoted(call.words))
        rows = Volunteer.objects.filter(call=call).select_related("person", "group")
        yield section(_("Who has put themselves forward"), *[_volunteer(one) for one in rows.order_by("at")])


def _volunteer(one):
    told = f"- {one.person}, {one.group}: {one.get_state_display()} ({when(one.answered_at or one.at)})"
    return f"{told}\n{quoted(one.words)}" if one.words else told


def _draws(partnership):
    rows = Draw.objects.filter(partnership=partnership).select_related("group", "frozen_by", "drawn_by")
    for draw in rows.order_by("frozen_at"):
        told = [
            (_("Group"), draw.group),
            (_("Among"), _("those who answered the call") if draw.call_id else _("people in the register")),
            (_("Seats"), draw.seats),
            (_("Frozen"), f"{when(draw.frozen_at)}, {draw.frozen_by}"),
            (_("Fingerprint of the list"), draw.digest),
            (_("Drawn"), draw.drawn_at and f"{when(draw.drawn_at)}, {draw.drawn_by}"),
            (_("Seed"), draw.seed),
        ]
        lots = draw.lots.select_related("person", "invitation").order_by("place", "pk")
        yield section(_("Draw by lot"), facts(told), *map(_lot, lots.iterator()))


def _lot(lot):
    """A lot, with its person where they came forward or were asked: being in the register is no matter of the case."""
    who = f" {lot.person}," if lot.is_asked else ""
    return f"{lot.place or '-'}. {lot.pk}:{who} {lot.get_state_display()}"
