"""Whose writing is paused by the ground rules writes in no way at all, and still answers what needs no words."""

import datetime

import pytest
from django.utils import timezone

from boundary.answer import Refused
from partnerships import actions
from partnerships.models import Intervention, Suggestion, Text
from partnerships.stages import Stage
from tests.cast import make_cast
from tests.partnerships import rooming, sounding, writing
from tests.partnerships.meeting import call
from tests.partnerships.moderating import pause
from tests.partnerships.saying import answer, contest, said
from tests.partnerships.test_suggestions import suggest

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def writings(cast):
    """Every way in which a member's own words reach others, as deeds of the citizen."""
    by, now = {"by": cast.citizen}, timezone.now()
    own, others = said(cast), said(cast, cast.official)
    answer(cast, own)
    own.refresh_from_db()
    text = writing.start(cast, who=cast.official)
    revision = writing.write(cast, text, who=cast.official, what="It smells.")
    made = suggest(revision, cast.citizen)
    room = rooming.start(cast)
    phone = rooming.enter(room, cast.citizen)
    fresh = rooming.start(cast, meeting=call(cast))
    change = actions.contributions.change_contribution
    quoting = {"quotes": others, "quoted": others.body, "mentions": [cast.member(cast.official)]}
    note = {"partnership": cast.partnership, "kind": Text.Kind.NOTE, "title": "A note"}
    thanks = {"to": cast.member(cast.official), "words": "Well said.", "contribution": others}
    reworded = {"suggestion": made, "reason": "I live there.", "words": "It stinks."}
    return [
        lambda: said(cast, reply_to=others, **quoting),
        lambda: change(contribution=own, kind="idea", body="Otherwise", at=now, **by),
        lambda: contest(own, **by),
        lambda: actions.texts.start_text(**note, at=now, **by),
        lambda: suggest(revision, cast.citizen, "It reeks."),
        lambda: actions.suggestions.change_suggestion(**reworded, at=now, **by),
        lambda: actions.agendas.propose_item(meeting=room.meeting, title="Smell", words="Bad.", at=now, **by),
        lambda: actions.thanks.thank(**thanks, at=now, **by),
        lambda: rooming.send(phone),
        lambda: rooming.enter(fresh, cast.citizen),
    ]


def test_who_is_paused_writes_in_no_other_way_and_answers_what_needs_no_words():
    cast = make_cast(stage=Stage.DESIGN)
    deeds, asked = writings(cast), sounding.ask(cast)
    paused = pause(cast, cast.citizen)
    for deed in deeds:
        with pytest.raises(Refused, match="Your writing is paused"):
            deed()
    sounding.answer(asked, cast.citizen, _1=1)
    mine = Suggestion.objects.get(member__person=cast.citizen)
    actions.suggestions.withdraw_suggestion(suggestion=mine, by=cast.citizen, at=timezone.now())
    Suggestion.objects.update(state=Suggestion.State.OPEN)
    Intervention.objects.filter(pk=paused.pk).update(at=timezone.now() - 8 * DAY, until=timezone.now() - DAY)
    for deed in deeds:
        deed()
