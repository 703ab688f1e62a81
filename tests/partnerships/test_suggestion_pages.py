"""The pages of suggestions: made below a section, listed, answered; a mistake or a refusal loses nothing typed."""

import pytest
from django.utils import timezone

from cocreate.messages import KINDS
from notices.kinds import DAILY
from notices.models import Notice
from partnerships import actions
from partnerships.models import Suggestion, Text
from partnerships.stages import Stage
from tests.cast import make_cast
from tests.partnerships.reading import address, read
from tests.partnerships.test_drafts import words
from tests.partnerships.test_suggestions import suggest, take_up, turn_down
from tests.partnerships.writing import ask, start, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(cast, text):
    return write(cast, text, what="It smells.\n\nIt is brown.", causes="Currents.")


def test_an_observer_suggests_and_the_authors_take_it_into_the_draft(client, cast, text, revision):
    client.force_login(cast.observer)
    assert address("suggest", cast, text.pk, 1, "what") in read(client.get(address("text", cast, text.pk)))
    page = address("suggest", cast, text.pk, 1, "what")
    assert "It smells." in read(client.get(page))
    new = "It smells in July.\r\n\r\nIt is brown."
    answer = client.post(page, {"kind": "words", "words": new, "reason": "I live there."})
    made = Suggestion.objects.get()
    assert answer["Location"] == address("suggestion", cast, made.pk)
    shown = read(client.get(answer["Location"]))
    assert "I live there." in shown
    assert "<ins>" in shown
    assert "Only its authors" not in shown
    assert "1 suggestion waits" in read(client.get(address("text", cast, text.pk)))
    client.force_login(cast.citizen)
    form = client.get(answer["Location"]).context["take_up"]
    data = {f"take-{name}": form[name].value() for name in ("shown", "words")} | {"take-answer": "Thank you."}
    taken = client.post(address("take_up_suggestion", cast, made.pk), data)
    assert taken["Location"] == address("write", cast, text.pk)
    assert words(text)["what"] == "It smells in July.\n\nIt is brown."
    made.refresh_from_db()
    assert (made.state, made.answer) == ("taken_up", "Thank you.")
    assert client.post(address("take_up_suggestion", cast, made.pk), data).status_code == 409
    assert (
        client.post(address("turn_down_suggestion", cast, made.pk), {"down-answer": "No"}).status_code == 409
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"kind": "words", "words": "It smells.\r\n\r\nIt is brown."}, "as they stand"),
        ({"kind": "words", "words": ""}, "Write other words"),
        ({"kind": "words", "words": "x" * 100_001}, "has 100001 characters"),
        ({"kind": "remark", "quote": "It reeks"}, "not in the section"),
        ({"kind": "nonsense", "words": "Other"}, "nonsense"),
        ({"kind": "words", "words": "\x00", "quote": "\x00"}, "Null characters"),
    ],
)
def test_a_suggestion_with_a_mistake_comes_back_as_typed(client, cast, text, revision, data, why):
    client.force_login(cast.observer)
    answer = client.post(address("suggest", cast, text.pk, 1, "what"), data | {"reason": "My own reason"})
    assert answer.status_code == 422
    assert why in read(answer)
    assert "My own reason" in read(answer)
    assert not Suggestion.objects.exists()


def test_sections_that_are_not_there_are_not_found(client, cast, text, revision):
    client.force_login(cast.observer)
    for number, section in ((1, "evidence"), (1, "title"), (9, "what")):
        assert client.get(address("suggest", cast, text.pk, number, section)).status_code == 404
    client.force_login(cast.outsider)
    assert client.get(address("suggest", cast, text.pk, 1, "what")).status_code == 403


def test_words_rewritten_since_are_shown_three_ways_with_409_and_nothing_is_lost(
    client, cast, text, revision
):
    made = suggest(revision, cast.observer, "It smells in July.\n\nIt is brown.")
    client.force_login(cast.citizen)
    page = address("suggestion", cast, made.pk)
    form = client.get(page).context["take_up"]
    data = {f"take-{name}": form[name].value() for name in ("shown", "words")}
    write(cast, text, cast.official, what="It smells in August.\n\nIt is brown.", causes="Currents.")
    answer = client.post(address("take_up_suggestion", cast, made.pk), data | {"take-answer": "Well seen"})
    assert answer.status_code == 409
    shown = read(answer)
    assert "The section was changed while you wrote" in shown
    assert "The section was rewritten since" in shown
    assert "It smells in July." in shown
    assert "August" in shown
    assert "Well seen" in shown
    assert words(text)["what"] == "It smells in August.\n\nIt is brown."
    form = answer.context["take_up"]
    data = {
        "take-shown": form["shown"].value(),
        "take-words": "It smells from July to August.\n\nIt is brown.",
    }
    assert client.post(address("take_up_suggestion", cast, made.pk), data).status_code == 302
    made.refresh_from_db()
    assert made.state == "changed"
    assert words(text)["what"] == "It smells from July to August.\n\nIt is brown."


def test_a_section_that_has_gone_is_said_and_can_be_answered(client, cast, text, revision):
    made = suggest(revision, cast.observer, "Nitrogen.", section="causes")
    write(cast, text, what="It smells.")
    client.force_login(cast.citizen)
    shown = read(client.get(address("suggestion", cast, made.pk)))
    assert "The section has gone since" in shown
    assert "Take it into the draft" not in shown
    page = address("turn_down_suggestion", cast, made.pk)
    answer = client.post(page, {"down-answer": " "})
    assert answer.status_code == 422
    assert client.post(page, {"down-answer": "We took it out."}).status_code == 302
    assert "We took it out." in read(client.get(address("suggestion", cast, made.pk)))


def test_a_refusal_keeps_the_answer_that_was_typed(client, cast, text, revision):
    made = suggest(revision, cast.observer, "Other.")
    ask(cast, revision)
    client.force_login(cast.citizen)
    deeds = {
        "take_up_suggestion": {"take-words": "Mine.", "take-answer": "Long thought"},
        "turn_down_suggestion": {"down-answer": "Long thought"},
    }
    for name, data in deeds.items():
        answer = client.post(address(name, cast, made.pk), data)
        assert answer.status_code == 403
        assert "The members are deciding on this text" in read(answer)


def test_changing_withdrawing_and_hiding(client, cast, text, revision):
    made = suggest(revision, cast.observer, "Other.")
    client.force_login(cast.observer)
    page = address("change_suggestion", cast, made.pk)
    assert client.get(page).context["form"]["words"].value() == "Other."
    assert client.post(page, {"kind": "words", "words": "", "reason": "So"}).status_code == 422
    assert client.post(page, {"kind": "remark", "quote": "It smells.", "reason": "So"}).status_code == 302
    made.refresh_from_db()
    assert (made.words, made.quote, made.reason) == ("", "It smells.", "So")
    assert client.post(address("withdraw_suggestion", cast, made.pk)).status_code == 302
    assert client.get(page).status_code == 403
    assert "Withdrawn" in read(client.get(address("suggestion", cast, made.pk)))
    page = address("hide_suggestion", cast, made.pk)
    assert client.get(page).status_code == 403
    client.force_login(cast.convener)
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "Rule 2"}).status_code == 302
    for address_of in ("suggestion", "suggestions"):
        args = [made.pk] if address_of == "suggestion" else [text.pk]
        shown = read(client.get(address(address_of, cast, *args)))
        assert "So</p>" not in shown
        assert "Hidden by the ground rules" in shown


def test_the_list_is_filtered_and_has_pages(client, cast, text, revision):
    rows = [suggest(revision, cast.observer, f"Other {n}.", reason=f"Reason {n:02}") for n in range(23)]
    turn_down(rows[0], cast.citizen)
    take_up(suggest(revision, cast.observer, "Nitrogen.", section="causes", reason="Measured"), cast.citizen)
    page = address("suggestions", cast, text.pk)
    assert read(client.get(page)).count("about revision 1") == 20
    assert read(client.get(page, {"page": "2"})).count("about revision 1") == 4
    found = read(client.get(page, {"state": "taken"}))
    assert "Measured" in found
    assert "Reason" not in found
    assert "Reason 00" in read(client.get(page, {"state": "not"}))
    assert "No suggestions here" in read(client.get(page, {"state": "open", "section": "causes"}))
    assert read(client.get(page, {"state": "nonsense"})).count("about revision 1") == 20


def test_what_one_may_not_see_is_not_found(client):
    cast = make_cast(stage=Stage.DEFINE, visibility="hidden")
    made = suggest(write(cast, start(cast)), cast.observer)
    for page in (
        address("suggestion", cast, made.pk),
        address("suggestions", cast, made.text_id),
        address("ground", cast, made.text_id),
        address("revision_pdf", cast, made.text_id, 1),
        address("revision_odt", cast, made.text_id, 1),
        address("texts", cast),
    ):
        client.force_login(cast.outsider)
        assert client.get(page).status_code == 404
        client.force_login(cast.observer)
        assert client.get(page).status_code == 200


def test_suggestions_are_gathered_for_a_day_unless_one_chooses_otherwise():
    assert (KINDS["suggestion_made"].default, KINDS["suggestion_made"].switchable) == (DAILY, True)
    assert KINDS["suggestion_answered"].switchable


def test_messages_end_when_they_are_no_longer_true(cast, text, revision):
    made = suggest(revision, cast.observer)
    (owed,) = Notice.objects.filter(kind="suggestion_made")
    kind = KINDS["suggestion_made"]
    assert kind.still_true([owed]) == {owed.pk}
    assert kind.context([owed])[owed.pk]["link"].endswith(address("suggestion", cast, made.pk))
    turn_down(made, cast.convener)
    assert kind.still_true([owed]) == set()
    (answered,) = Notice.objects.filter(kind="suggestion_answered")
    kind = KINDS["suggestion_answered"]
    assert kind.still_true([answered]) == {answered.pk}
    actions.members.leave(partnership=cast.partnership, reason="", by=cast.observer, at=timezone.now())
    assert kind.still_true([answered]) == set()
    assert Text.objects.count() == 1
