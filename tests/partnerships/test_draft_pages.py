"""The page to write on, with a draft that authors share: what it shows, keeps, joins, and tells nobody else."""

import pytest
from django.utils import timezone

from partnerships import actions
from partnerships.models import Draft
from partnerships.stages import Stage
from tests.cast import make_cast
from tests.partnerships.reading import address, read, typed
from tests.partnerships.test_drafts import save, words
from tests.partnerships.writing import ask, say, start, write

pytestmark = pytest.mark.django_db
SECRET = "What nobody else may read yet."


def window(client, cast, text):
    """What a browser sends back from the page to write on, unchanged."""
    form = client.get(address("write", cast, text.pk)).context["form"]
    names = [name for name in form.fields if name.startswith(("section_", "was_"))]
    data = {name: form[name].value() or "" for name in [*names, "base", "note"]}
    cites = form["cites"].value() or []
    return data | {"cites": cites} | {f"in_{pk}": form.sections_of(pk) for pk in cites}


def test_a_draft_is_saved_gone_on_with_and_published(client, cast, text):
    write(cast, text, what="It smells.", causes="Currents.")
    page = address("write", cast, text.pk)
    client.force_login(cast.citizen)
    assert (
        client.post(page, window(client, cast, text) | {"section_what": "It reeks.", "do": "draft"})
    ).status_code == 302
    assert text.revisions.count() == 1
    client.force_login(cast.official)
    shown = read(client.get(page))
    assert "It reeks." in shown
    assert "In the draft, last changed by Bo Citizen" in shown
    answer = client.post(page, window(client, cast, text) | {"section_causes": "Nitrogen."})
    assert answer.status_code == 302
    made = text.revisions.first()
    assert made.body == {"what": "It reeks.", "causes": "Nitrogen."}
    shown = read(client.get(answer["Location"]))
    assert "Bo Citizen, Inge Official: " not in shown  # no note was given
    assert (
        "Bo Citizen, Inge Official" in shown or "Inge Official, Bo Citizen" in shown
    )  # as their ids are ordered
    assert not Draft.objects.exists()


def test_nobody_but_those_who_write_reads_a_draft(client):
    cast = make_cast(stage=Stage.DESIGN)
    text = start(cast, "proposal", cast.citizen)
    revision = write(cast, text, cast.citizen, what="Public words.")
    save(text, cast.citizen, words(text), what=SECRET)
    pages = [
        *(address(name, cast, text.pk) for name in ("text", "ground", "suggestions", "compare")),
        address("revision", cast, text.pk, 1),
        *(address(name, cast) for name in ("texts", "record", "partnership", "decisions", "solutions")),
        f"/api/v1/revisions/?text={text.pk}",
        address("journal_file", cast),
    ]
    for who in (None, cast.official, cast.observer, cast.outsider):
        client.logout()
        if who:
            client.force_login(who)
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, page
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert SECRET not in body.decode(), page
            assert "a draft that the authors share" not in body.decode(), page
        assert client.get(address("write", cast, text.pk)).status_code in (302, 403)
        for do in ("preview", "find", "save", "draft"):
            answer = client.post(address("write", cast, text.pk), typed(do=do))
            for told in (SECRET, "A draft, begun on", "last changed by"):
                assert told not in answer.content.decode(), do
        assert client.post(address("save_draft", cast, text.pk), typed()).status_code in (200, 302)
    client.force_login(cast.citizen)
    assert SECRET in read(client.get(address("write", cast, text.pk)))
    assert "a draft that the authors share" in read(client.get(address("text", cast, text.pk)))
    client.force_login(cast.case_officer)
    taken = b"".join(client.post(address("export", cast)).streaming_content)
    assert revision.digest.encode() not in taken  # it is compressed: look into it
    assert SECRET not in _unzipped(taken)
    assert words(text)["what"] == SECRET


def _unzipped(data):
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as file:
        found = "".join(file.read(name).decode() for name in file.namelist())
    assert "Public words." in found
    return found


def test_what_does_not_overlap_is_joined_in_the_draft(client, cast, text):
    write(cast, text, what="One.\n\nTwo.")
    client.force_login(cast.citizen)
    mine = window(client, cast, text)
    save(text, cast.official, words(text), what="One.\n\nTwo!")
    answer = client.post(
        address("write", cast, text.pk), mine | {"section_what": "One!\r\n\r\nTwo.", "do": "draft"}
    )
    assert answer.status_code == 302
    assert words(text)["what"] == "One!\n\nTwo!"


def test_publishing_over_a_changed_draft_shows_what_is_joined_first(client, cast, text):
    write(cast, text, what="One.\n\nTwo.")
    client.force_login(cast.citizen)
    page, mine = address("write", cast, text.pk), window(client, cast, text)
    save(text, cast.official, words(text), what="One.\n\nTwo!")
    answer = client.post(page, mine | {"section_what": "One!\n\nTwo."})
    assert answer.status_code == 409
    shown = read(answer)
    assert "The draft has changed while you wrote" in shown
    assert "Inge Official" in shown
    assert "in different places. Both are in the box below." in shown
    form = answer.context["form"]
    assert form["section_what"].value() == "One!\n\nTwo!"
    again = {name: form[name].value() for name in form.fields if name.startswith(("section_", "was_"))}
    again |= {"base": form["base"].value(), "note": ""}
    assert client.post(page, {k: v or "" for k, v in again.items()}).status_code == 302
    assert text.revisions.first().body == {"what": "One!\n\nTwo!"}


def test_the_same_sentence_is_shown_three_ways(client, cast, text):
    write(cast, text, what="It smells.\n\nAnd more.")
    client.force_login(cast.citizen)
    mine = window(client, cast, text)
    save(text, cast.official, words(text), what="It smells in July.\n\nAnd more.")
    answer = client.post(
        address("write", cast, text.pk),
        mine | {"section_what": "It smells badly.\n\nAnd more.", "do": "draft"},
    )
    assert answer.status_code == 409
    shown = read(answer)
    for part in (
        "As it was",
        "Their words, saved",
        "Your words",
        "Both of you changed “What the problem is”",
    ):
        assert part in shown
    assert answer.context["form"]["section_what"].value() == "It smells badly.\n\nAnd more."
    assert words(text)["what"] == "It smells in July.\n\nAnd more."


def test_the_draft_is_kept_while_one_types(client, cast, text):
    write(cast, text, what="It smells.", causes="Currents.")
    client.force_login(cast.citizen)
    page, mine = address("save_draft", cast, text.pk), window(client, cast, text)
    kept = read(client.post(page, mine | {"section_what": "It smells in July."}))
    assert "Draft saved at" in kept
    assert 'id="id_was_what" value="It smells in July."' in kept
    assert "id_was_causes" not in kept  # not touched in this window
    save(text, cast.official, words(text), what="It smells in August.", causes="Nitrogen.")
    mine |= {
        "was_what": "It smells in July.",
        "section_what": "It smells in June.",
        "section_for_whom": "All.",
    }
    kept = read(client.post(page, mine))
    assert "“What the problem is” is not saved" in kept
    assert words(text) == {"what": "It smells in August.", "causes": "Nitrogen.", "for_whom": "All."}
    ask(cast, text.revisions.first())
    assert "The members are deciding on this text" in read(client.post(page, mine))
    assert "has 50001 characters" in read(client.post(page, mine | {"section_what": "x" * 50_001}))
    assert client.get(page).status_code == 405


def test_citing_for_a_section_is_kept_in_the_draft_and_published(client, cast, text):
    said, other = say(cast, cast.citizen, "Boats stink"), say(cast, cast.official, "Nitrogen 40 kg")
    write(cast, text, what="It smells.", causes="Currents.", cites=[other])
    client.force_login(cast.citizen)
    page, mine = address("write", cast, text.pk), window(client, cast, text)
    cites = {"cites": [str(said.pk), str(other.pk)], f"in_{said.pk}": ["causes", "nonsense"]}
    assert client.post(page, mine | cites | {"do": "draft"}).status_code == 302
    again = window(client, cast, text)
    assert again[f"in_{said.pk}"] == ["causes"]
    assert client.post(page, again | {"section_what": "It reeks."}).status_code == 302
    made = text.revisions.first()
    found = set(made.citations.values_list("contribution", "sections__section"))
    assert found == {(said.pk, "causes"), (other.pk, None)}
    shown = client.get(address("text", cast, text.pk)).context["sections"]
    assert [one.body for row in shown.rows if row.key == "causes" for one in row.cited] == ["Boats stink"]
    assert [one.body for one in shown.cited] == ["Nitrogen 40 kg"]


def test_dropping_a_draft(client, cast, text):
    write(cast, text, what="It smells.")
    save(text, cast.official, words(text), what="It reeks.")
    client.force_login(cast.citizen)
    assert client.post(address("discard_draft", cast, text.pk)).status_code == 302
    assert words(text) == {"what": "It smells."}
    assert client.post(address("discard_draft", cast, text.pk)).status_code == 409


def test_a_text_with_sections_of_its_own(client, cast):
    client.force_login(cast.citizen)
    page = address("start_text", cast)
    many = "\n".join(f"Heading {n}" for n in range(21))
    for headings, why in ((many, "at most 20 sections"), ("One\none", "the same heading"), (" ", "required")):
        answer = client.post(page, {"title": "An agreement", "headings": headings})
        assert answer.status_code == 422
        assert why in read(answer)
    answer = client.post(page, {"title": "An agreement", "headings": "Who\nWhat\n\nWhen"})
    text = cast.partnership.texts.get()
    assert answer["Location"] == address("write", cast, text.pk)
    who, _what, when = text.sections
    assert [*text.sections.values()] == ["Who", "What", "When"]
    client.post(answer["Location"], {f"section_{who}": "Us.", f"section_{when}": "Now.", "base": ""})
    first = text.revisions.get()
    assert [(heading, body) for _key, heading, body in first.parts] == [("Who", "Us."), ("When", "Now.")]
    page = address("change_headings", cast, text.pk)
    rows = {
        "heading_1": "",
        "place_1": 1,
        "heading_2": "What for",
        "place_2": 2,
        "heading_3": "When",
        "place_3": 1,
    }
    rows |= {f"heading_{n}": "" for n in (4, 5, 6)} | {f"place_{n}": n for n in (4, 5, 6)}
    answer = client.post(page, rows)
    assert answer.status_code == 422
    assert "“Who” has words" in read(answer)
    assert client.post(page, rows | {"heading_1": "Who we are", "place_1": 9}).status_code == 302
    text.refresh_from_db()
    assert [*text.sections.values()] == ["When", "What for", "Who we are"]
    first.refresh_from_db()
    assert [heading for _key, heading, _body in first.parts] == ["Who", "When"]  # as it was then
    second = write(cast, text, what="Now.", **{who: "Us."})
    assert second.digest != first.digest  # other headings are other words
    shown = read(client.get(address("compare", cast, text.pk)))
    assert "The words are the same." in shown
    assert "2 sections are unchanged" in shown
    assert "Heading:" in shown
    client.force_login(cast.official)
    assert client.get(page).status_code == 403
    assert client.get(address("change_headings", cast, start(cast, "problem").pk)).status_code == 403


def test_saving_the_draft_and_the_pages_of_texts_cost_the_same_with_many_rows(
    client, cast, text, django_assert_max_num_queries
):
    client.force_login(cast.citizen)
    paths = [address(name, cast, text.pk) for name in ("text", "write", "ground", "suggestions")]
    paths += [address("revision", cast, text.pk, 1), address("texts", cast)]

    def grow(number):
        said = [say(cast, cast.citizen, f"Said {number} {n}") for n in range(number)]
        latest = write(cast, text, what=f"Words {number}.", causes="Currents.", cites=said)
        for who in (cast.observer, cast.official):
            for section in ("what", "causes"):
                actions.suggestions.suggest(
                    revision=latest,
                    section=section,
                    words=f"Better {number}.",
                    reason="So.",
                    by=who,
                    at=timezone.now(),
                )
        start(cast, "note", title=f"Text {number}")

    def costs():
        found = []
        for path in paths:
            with django_assert_max_num_queries(12) as queries:
                assert client.get(path).status_code == 200
            found.append(len(queries))
        return found

    grow(1)
    few = costs()
    for number in range(2, 8):
        grow(number)
    assert costs() == few
