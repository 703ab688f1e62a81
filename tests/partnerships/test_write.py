"""The page to write on: citing, previewing, being overtaken; nothing typed is ever lost."""

import pytest
from django.utils import timezone

from partnerships import actions
from tests.partnerships.reading import address, read, typed
from tests.partnerships.writing import ask, say, write

pytestmark = pytest.mark.django_db


def test_writing_saves_a_revision_and_shows_it(client, cast, text):
    said = say(cast, cast.official, "Nitrogen is measured at 40 kg.")
    client.force_login(cast.citizen)
    page = address("write", cast, text.pk)
    assert "Nitrogen is measured at 40 kg." in read(client.get(page))
    answer = client.post(page, typed("It **smells**.", cites=[str(said.pk)], note="first words"))
    assert answer.status_code == 302
    saved = text.revisions.get()
    assert saved.body == {"what": "It **smells**."}
    shown = read(client.get(answer["Location"]))
    assert "It <strong>smells</strong>." in shown
    assert "Built on 1 contribution" in shown
    assert "Inge Official" in shown
    assert "first words" in shown


def test_what_was_cited_before_is_ticked_and_what_is_hidden_is_not_offered(client, cast, text):
    kept, hidden = say(cast, cast.citizen, "Kept words"), say(cast, cast.citizen, "Hidden words")
    write(cast, text, cites=[kept, hidden])
    actions.moderation.hide_contribution(
        contribution=hidden, reason="Rule 2", by=cast.convener, at=timezone.now()
    )
    client.force_login(cast.citizen)
    shown = read(client.get(address("write", cast, text.pk)))
    assert f'value="{kept.pk}" checked' in shown
    assert str(hidden.pk) not in shown
    assert "Hidden words" not in read(client.get(address("text", cast, text.pk)))


def test_search_more_and_preview_write_nothing_and_lose_nothing(client, cast, text):
    rows = [say(cast, cast.citizen, f"Word {number:02}") for number in range(30)]
    rare = rows[0]
    client.force_login(cast.citizen)
    page = address("write", cast, text.pk)
    data = typed("**Long** thoughts", cites=[str(rows[29].pk)], note="why")
    found = read(client.post(page, {**data, "do": "find", "find": "Word 00"}))
    assert f'value="{rare.pk}">' in found
    assert f'value="{rows[29].pk}" checked' in found
    assert f'value="{rows[28].pk}"' not in found
    first = read(client.get(page))
    assert str(rare.pk) not in first
    assert str(rare.pk) in read(client.post(page, {**data, "do": "more", "shown": "20"}))
    preview = read(client.post(page, {**data, "do": "preview"}))
    assert "<strong>Long</strong> thoughts" in preview
    for kept in (found, preview):
        assert "**Long** thoughts" in kept
        assert 'value="why"' in kept
    assert not text.revisions.exists()


@pytest.mark.parametrize("junk", ["0", "-3", "9" * 30, "x", "²"])
def test_a_nonsense_number_of_rows_is_not_believed(client, cast, text, junk):
    client.force_login(cast.citizen)
    answer = client.post(address("write", cast, text.pk), typed(do="more", shown=junk))
    assert answer.status_code == 200


def test_words_to_find_may_be_anything(client, cast, text):
    say(cast, cast.citizen, "100 % of _it_")
    client.force_login(cast.citizen)
    for words in ("\x00", "%", "_", "\\", "'; --", "x" * 10_000):
        answer = client.post(address("write", cast, text.pk), typed(do="find", find=words))
        assert answer.status_code == 200


def test_a_zero_byte_in_the_words_is_a_mistake_not_an_error(client, cast, text):
    client.force_login(cast.citizen)
    answer = client.post(address("write", cast, text.pk), typed("It\x00 smells.", note="\x00"))
    assert answer.status_code == 422


def test_a_megabyte_gets_a_clear_sentence_and_is_kept(client, cast, text):
    client.force_login(cast.citizen)
    long = "seaweed " * 131_072
    answer = client.post(address("write", cast, text.pk), typed(long, section_causes="Currents"))
    assert answer.status_code == 422
    shown = read(answer)
    assert "This section has 1048575 characters; at most 50000 fit." in shown
    assert long.strip() in shown
    assert "Currents" in shown
    assert not text.revisions.exists()


def test_html_in_every_field_is_text(client, cast, text):
    nasty = "<script>alert(1)</script><img src=x onerror=y>"
    say(cast, cast.citizen, nasty)
    client.force_login(cast.citizen)
    page = address("write", cast, text.pk)
    fields = {f"section_{key}": nasty for key in text.sections}
    posts = [client.post(page, {**fields, "note": nasty, "base": nasty, "find": nasty, "do": "preview"})]
    assert client.post(page, {**fields, "note": nasty, "base": ""}).status_code == 302
    first = text.revisions.get()
    write(cast, text, cast.official, what=nasty + " more", note=nasty)
    posts.append(client.post(page, {**fields, "note": nasty, "base": str(first.pk)}))
    assert posts[1].status_code == 409
    posts += [client.get(address(name, cast, text.pk)) for name in ("text", "write", "compare")]
    posts.append(client.get(address("revision", cast, text.pk, 1)))
    for answer in posts:
        assert "<script>alert" not in answer.content.decode()
        assert "<img src=x" not in answer.content.decode()


def test_being_overtaken_shows_both_and_loses_nothing(client, cast, text):
    base = write(cast, text, what="It smells.", for_whom="Bathers.", causes="Currents.")
    theirs = write(
        cast, text, cast.official, what="It smells in July.", for_whom="Bathers.", causes="Nitrogen."
    )
    client.force_login(cast.citizen)
    page = address("write", cast, text.pk)
    yours = {"section_for_whom": "Bathers and neighbours.", "section_causes": "Wind.", "note": "mine"}
    answer = client.post(page, typed("It smells.", base, **yours))
    assert answer.status_code == 409
    shown = read(answer)
    assert "Somebody saved revision 2 while you wrote" in shown
    assert "Inge Official" in shown
    form = answer.context["form"]
    assert form.initial["section_what"] == "It smells in July."  # only they changed it
    assert form.initial["section_for_whom"] == "Bathers and neighbours."  # only you did
    assert form.initial["section_causes"] == "Wind."  # both did: yours in the box, theirs beside it
    assert "Both of you changed “What causes it”" in shown
    assert "They changed “What the problem is”, you did not" in shown
    assert "Nitrogen</ins>" in shown.replace('<span class="ds-sr-only" dir="auto">]</span>', "").replace(
        ".", ""
    )
    assert form.initial["base"] == str(theirs.pk)
    assert 'value="mine"' in shown
    assert theirs.digest[:12] in shown
    merged = {"section_for_whom": "Bathers and neighbours.", "section_causes": "Nitrogen and wind."}
    assert client.post(page, typed("It smells in July.", theirs, **merged)).status_code == 302
    assert text.revisions.first().number == 3
    assert text.revisions.first().based_on == theirs


def test_two_first_drafts_at_once_are_both_kept(client, cast, text):
    client.force_login(cast.citizen)
    write(cast, text, cast.official, what="Theirs.")
    answer = client.post(address("write", cast, text.pk), typed("Yours."))
    assert answer.status_code == 409
    assert "Theirs." in read(answer)
    assert answer.context["form"].initial["section_what"] == "Yours."


def test_the_line_ends_of_browsers_are_no_change(client, cast, text):
    base = write(cast, text, what="One.\nTwo.", causes="Three.\nFour.")
    write(cast, text, cast.official, what="One.\nTwo.\nMore.", causes="Three.\nFour.")
    client.force_login(cast.citizen)
    mine = typed("One.\r\nTwo.", base, section_causes="Three.\r\nFour.\r\nFive.")
    answer = client.post(address("write", cast, text.pk), mine)
    assert "Both of you changed" not in read(answer)
    assert answer.context["form"].initial["section_what"] == "One.\nTwo.\nMore."
    assert answer.context["form"].initial["section_causes"] == "Three.\nFour.\nFive."


def test_ticks_of_both_writers_are_merged(client, cast, text):
    one, two, three = (say(cast, cast.citizen, f"Said {n}") for n in range(3))
    base = write(cast, text, cites=[one])
    write(cast, text, cast.official, what="Theirs.", cites=[one, two])
    client.force_login(cast.citizen)
    answer = client.post(address("write", cast, text.pk), typed("Yours.", base, cites=[str(three.pk)]))
    assert answer.context["form"].ticked == {two.pk, three.pk}


def test_a_refusal_keeps_what_was_typed(client, cast, text):
    base = write(cast, text)
    client.force_login(cast.citizen)
    ask(cast, base)
    answer = client.post(address("write", cast, text.pk), typed("An hour of work", base))
    assert answer.status_code == 403
    assert "The members are deciding on this text" in read(answer)
    assert "An hour of work" in read(answer)
    assert text.revisions.count() == 1


def test_a_citation_hidden_while_writing_is_said_and_the_rest_is_kept(client, cast, text):
    said = say(cast, cast.citizen)
    actions.moderation.hide_contribution(
        contribution=said, reason="Rule 2", by=cast.convener, at=timezone.now()
    )
    client.force_login(cast.citizen)
    answer = client.post(address("write", cast, text.pk), typed("My words", cites=[str(said.pk)]))
    assert answer.status_code == 422
    assert "was hidden in the meantime" in read(answer)
    assert "My words" in read(answer)


@pytest.mark.parametrize("cites", [["not-an-id"], ["00000000-0000-0000-0000-000000000000"]])
def test_a_forged_citation_is_a_mistake_not_an_error(client, cast, text, cites):
    client.force_login(cast.citizen)
    assert client.post(address("write", cast, text.pk), typed("Words", cites=cites)).status_code == 422


def test_unchanged_words_are_said_to_be_unchanged(client, cast, text):
    base = write(cast, text, what="It smells.")
    client.force_login(cast.citizen)
    answer = client.post(address("write", cast, text.pk), typed("It smells.", base))
    assert answer.status_code == 422
    assert "Nothing has changed since revision 1." in read(answer)
