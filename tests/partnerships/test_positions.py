"""Positions: their history, how they came, and those of a whole room written down at once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from boundary.answer import Conflict
from partnerships import actions
from partnerships.models import EarlierPosition, Position
from tests.cast import join, person, told, who_may
from tests.partnerships.reading import address, read
from tests.partnerships.writing import close, take

pytestmark = pytest.mark.django_db


def test_each_change_is_kept_and_the_last_one_counts(cast, decision):
    for choice, reason in (("object", "No."), ("stand_aside", "Well."), ("agree", "")):
        position = take(decision, cast.citizen, choice, reason)
    assert Position.objects.get().choice == "agree"
    assert list(position.earlier.values_list("choice", "reason")) == [
        ("object", "No."),
        ("stand_aside", "Well."),
    ]
    first, second = position.earlier.all()
    assert first.at < first.replaced_at == second.at < second.replaced_at == position.at


def test_what_is_said_again_is_no_change(cast, decision):
    once = take(decision, cast.citizen, "stand_aside", "Well.")
    again = take(decision, cast.citizen, "stand_aside", "Well. ")
    assert (again.at, EarlierPosition.objects.count()) == (once.at, 0)


def test_what_was_written_down_and_then_confirmed_in_person_is_kept_as_such(cast, decision):
    old = join(cast.partnership, person("Old Oda"))
    take(decision, cast.convener, "object", "No.", member=old, way="paper")
    position = take(decision, old.person, "object", "No.")
    assert (position.recorded_by, position.way) == (None, "")
    kept = position.earlier.get()
    assert (kept.recorded_by, kept.way, kept.get_way_display()) == (cast.convener, "paper", "on paper")


def test_only_what_somebody_wrote_down_says_how_it_came(cast, decision):
    assert take(decision, cast.citizen, way="paper").way == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.objects.update(way="paper")


def room(cast, decision, who=None, said=None, **more):
    everybody = [
        (cast.member(cast.citizen), "agree", ""),
        (cast.member(cast.official), "object", "Too dear."),
    ]
    told = {
        "decision": decision,
        "said": said or everybody,
        "way": "voice",
        "digest": decision.revision.digest,
    }
    return actions.positions.record_positions(**told | more, by=who or cast.convener, at=timezone.now())


def test_a_whole_room_is_written_down_at_once(cast, decision):
    positions, themselves = room(cast, decision)
    assert [(one.choice, one.recorded_by, one.way) for one in positions] == [
        ("agree", cast.convener, "voice"),
        ("object", cast.convener, "voice"),
    ]
    assert themselves == []
    assert told("position_recorded") == sorted([cast.citizen.pk, cast.official.pk])
    take(decision, cast.official)  # they correct it until it closes
    assert decision.positions.get(member=cast.member(cast.official)).choice == "agree"


def test_of_a_room_with_a_mistake_nothing_is_written_down(cast, decision):
    said = [(cast.member(cast.citizen), "agree", ""), (cast.member(cast.official), "object", " ")]
    with pytest.raises(ValidationError, match="Write why you object"):
        room(cast, decision, said=said)
    with pytest.raises(Conflict, match="other words"):
        room(cast, decision, digest="0" * 64)
    assert not Position.objects.exists()


def test_who_has_answered_in_person_meanwhile_is_left_as_it_is(cast, decision):
    take(decision, cast.official, "stand_aside", "Mine.")
    positions, themselves = room(cast, decision)
    assert [one.member.person for one in positions] == [cast.citizen]
    assert [one.person for one in themselves] == [cast.official]
    assert decision.positions.get(member__person=cast.official).reason == "Mine."


def test_who_writes_a_room_down(cast, decision):
    assert who_may(cast, lambda who: room(cast, decision, who)) == {"convener"}


def test_the_room_on_its_page_loses_nothing(client, cast, decision):
    take(decision, cast.convener)
    client.force_login(cast.convener)
    page = address("record_positions", cast, decision.pk)
    shown = read(client.get(page))
    assert "Bo Citizen" in shown
    assert "Inge Official" in shown
    assert f"choice_{cast.member(cast.convener).pk}" not in shown
    bo, inge = cast.member(cast.citizen).pk, cast.member(cast.official).pk
    typed = {
        "way": "paper",
        "digest": decision.revision.digest,
        f"choice_{bo}": "agree",
        f"choice_{inge}": "object",
    }
    wrong = client.post(page, typed | {f"reason_{bo}": "He likes it."})
    assert wrong.status_code == 422
    assert "Write why they object." in read(wrong)
    assert "He likes it." in read(wrong)
    assert not decision.positions.filter(recorded_by=cast.convener).exists()
    nobody = client.post(page, {"way": "paper", "digest": decision.revision.digest, "choice_x": "agree"})
    assert (nobody.status_code, "Choose what at least one of them said." in read(nobody)) == (422, True)
    take(decision, cast.citizen, "stand_aside")  # while it is typed
    done = client.post(page, typed | {f"reason_{inge}": "Too dear."}, follow=True)
    assert "1 answer is written down." in read(done)
    assert "These have answered in person meanwhile, and that counts: Bo Citizen" in read(done)
    assert decision.positions.get(member=inge).way == "paper"
    client.force_login(cast.citizen)
    assert client.get(page).status_code == 403


def test_the_room_costs_the_same_with_few_and_with_many(
    client, cast, decision, django_assert_max_num_queries
):
    client.force_login(cast.convener)
    page, found = address("record_positions", cast, decision.pk), []
    for number in range(2):
        for name in range(10):
            join(cast.partnership, person(f"N{number}{name} Neighbour"))
        with django_assert_max_num_queries(12) as queries:
            client.get(page)
        found.append(len(queries))
    assert found[0] == found[1]


def test_the_history_is_for_those_who_take_part(client, cast, decision):
    take(decision, cast.citizen, "object", "It forgets the boats.")
    take(decision, cast.citizen, "agree", "The boats are in it now.")
    take(decision, cast.convener)
    close(decision, at=decision.closes_at)
    seen = {}
    for name in ("official", "observer", "outsider"):
        client.force_login(getattr(cast, name))
        shown = read(client.get(address("decision", cast, decision.pk)))
        seen[name] = ("It forgets the boats." in shown, "The boats are in it now." in shown)
    assert seen == {"official": (True, True), "observer": (True, True), "outsider": (False, True)}
