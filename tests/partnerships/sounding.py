"""What tests of soundings do all the time."""

from django.utils import timezone

from partnerships import actions

deeds = actions.soundings
LINES = ("A ladder", "Clean sand", "A kiosk")


def ask(cast, method="agree", lines=LINES, who=None, at=None, **facts):
    """An open sounding on some lines."""
    return deeds.open_sounding(
        partnership=cast.partnership,
        question="What matters?",
        method=method,
        options=[{"words": line} for line in lines],
        by=who or cast.convener,
        at=at or timezone.now(),
        **facts,
    )


def answer(sounding, who=None, phone=None, at=None, **marks):
    """Mark lines by their number: answer(sounding, who, _1=1, _2=-1)."""
    options = {f"_{one.number}": one.pk for one in sounding.options.all()}
    return deeds.answer_sounding(
        sounding=sounding,
        by=who,
        phone=phone,
        marks={options[key]: value for key, value in marks.items()},
        at=at or timezone.now(),
    )


def close(cast, sounding, who=None, at=None):
    return deeds.close_sounding(sounding=sounding, by=who or cast.convener, at=at or timezone.now())


def marks(sounding):
    """{(who, number of the line): value}."""
    rows = sounding.voters.values_list("member__person__name", "marks__option__number", "marks__value")
    return {(name, number): value for name, number, value in rows if number}
