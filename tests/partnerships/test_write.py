"""The pages of a text: writing, citing, previewing, being overtaken, comparing; nothing typed is ever lost."""

import html as html_escapes

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.models import Partnership, Revision, Text
from partnerships.places import place_of
from partnerships.stages import Stage
from partnerships.views.texts import text_facts
from tests.cast import make_cast
from tests.partnerships.writing import ask, say, start, take, write

pytestmark = pytest.mark.django_db


def address(name, cast, *args):
    return reverse(name, args=[cast.partnership.slug, *args])


def typed(what="It smells.", base=None, **more):
    """What a browser sends from the page to write a problem definition on."""
    return {"section_what": what, "base": str(base.pk) if base else "", "note": "", **more}


def read(answer):
    """The page as text, with its entities resolved."""
    return html_escapes.unescape(answer.content.decode())


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def text(cast):
    return start(cast)


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
    actions.contributions.hide_contribution(
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
    assert "Nitrogen</ins>" in shown.replace('<span class="ds-sr-only">]</span>', "").replace(".", "")
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
    actions.contributions.hide_contribution(
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


def test_comparing_marks_words_and_ground(client, cast, text):
    said = say(cast, cast.citizen, "Boats stink too")
    write(cast, text, what="The beach smells in July.")
    write(cast, text, what="The beach smells in August.", cites=[said])
    shown = read(client.get(address("compare", cast, text.pk)))
    assert "From revision 1 to revision 2" in shown
    assert "July" in shown
    assert "August" in shown
    assert "<del>" in shown
    assert "<ins>" in shown
    assert "Boats stink too" in shown
    back = read(client.get(address("compare", cast, text.pk), {"older": "2", "newer": "1"}))
    assert "From revision 2 to revision 1" in back


@pytest.mark.parametrize(
    "query", [{"newer": "9"}, {"older": "x"}, {"older": "0", "newer": "1"}, {"newer": "²"}]
)
def test_comparing_what_is_not_there_says_so(client, cast, text, query):
    write(cast, text)
    assert client.get(address("compare", cast, text.pk), query).status_code == 422


def test_an_old_revision_is_marked_and_leads_to_the_newest(client, cast, text):
    first = write(cast, text, what="One.")
    write(cast, text, what="Two.")
    shown = read(client.get(address("revision", cast, text.pk, 1)))
    assert "Revision 2 is newer." in shown
    assert first.digest in shown
    assert client.get(address("revision", cast, text.pk, 3)).status_code == 404


def test_the_page_says_whether_the_words_are_the_adopted_ones(client, cast, text):
    page = address("text", cast, text.pk)
    assert "No words yet" in read(client.get(page))
    first = write(cast, text)
    assert "Draft" in read(client.get(page))
    decision = ask(cast, first)
    assert "Being decided" in read(client.get(page))
    for who in (cast.convener, cast.citizen, cast.official):
        take(decision, who)
    actions.decisions.close_decision(decision=decision, by=cast.convener, at=timezone.now())
    assert "Adopted: revision 1 now stands." in read(client.get(page))
    write(cast, text, what="Newer words")
    assert "Revision 1 is adopted; these words are newer" in read(client.get(page))


def test_a_charter_begins_from_a_draft_in_the_language_of_the_partnership(client):
    cast = make_cast(stage=Stage.CONVENE)
    client.force_login(cast.citizen)
    assert "Begin from the draft" in read(client.get(address("charter", cast)))
    answer = client.post(address("start_charter", cast))
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "Experience counts beside expert knowledge." in read(page)
    text = Text.objects.get(kind="charter")
    assert not text.revisions.exists()  # a draft that nobody saved is nobody's words
    fields = {f"section_{key}": page.context["form"].typed(key) for key in text.sections}
    assert client.post(answer["Location"], {**fields, "base": ""}).status_code == 302
    assert set(text.revisions.get().body) == set(text.sections)
    assert "Experience counts beside expert knowledge." in read(client.get(address("charter", cast)))
    assert client.post(address("start_charter", cast)).status_code == 409


def test_joining_the_authors_opens_the_page_to_write(client):
    cast = make_cast(stage=Stage.DESIGN)
    text = start(cast, "proposal")
    client.force_login(cast.official)
    assert client.get(address("write", cast, text.pk)).status_code == 403
    assert "Join the authors" in read(client.get(address("text", cast, text.pk)))
    answer = client.post(address("join_authors", cast, text.pk))
    assert answer["Location"] == address("write", cast, text.pk)
    assert client.get(answer["Location"]).status_code == 200


def pages(cast, text):
    return [
        address("text", cast, text.pk),
        address("compare", cast, text.pk),
        address("revision", cast, text.pk, 1),
        address("charter", cast),
    ]


def test_a_hidden_partnership_has_no_texts_for_outsiders(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    text = start(cast)
    write(cast, text, what="secret words")
    for who, status in ((None, 404), (cast.outsider, 404), (cast.citizen, 200), (cast.case_officer, 200)):
        client.logout()
        if who:
            client.force_login(who)
        assert {client.get(page).status_code for page in pages(cast, text)} == {status}
    client.force_login(cast.outsider)
    assert client.post(address("write", cast, text.pk), typed()).status_code == 404


def test_members_only_is_refused_in_words(client):
    cast = make_cast(visibility=Partnership.Visibility.MEMBERS)
    text = start(cast)
    write(cast, text, what="secret words")
    for page in pages(cast, text):
        answer = client.get(page)
        assert answer.status_code == 403
        assert "secret words" not in answer.content.decode()


def test_a_text_of_another_partnership_is_not_found_here(client, cast, text):
    write(cast, text)
    other = Partnership.objects.create(slug="other", platform=cast.platform, title="Other", summary="Other")
    assert client.get(reverse("text", args=[other.slug, text.pk])).status_code == 404


def test_the_pages_cost_the_same_with_one_row_and_with_many(
    client, cast, text, django_assert_max_num_queries
):
    def grow(number):
        cited = [say(cast, cast.citizen, f"Said {number} {one}") for one in range(number)]
        write(cast, text, cast.citizen if number % 2 else cast.official, what=f"Words {number}", cites=cited)

    client.force_login(cast.citizen)
    grow(1)
    grow(2)
    paths = [*pages(cast, text)[:3], address("write", cast, text.pk)]

    def costs():
        found = []
        for path in paths:
            with django_assert_max_num_queries(12) as queries:
                assert client.get(path).status_code == 200
            found.append(len(queries))
        return found

    few = costs()
    for number in range(3, 12):
        grow(number)
    assert costs() == few


def test_the_facts_of_a_text_cost_five_queries(cast, text, django_assert_num_queries):
    for who in (None, cast.citizen, cast.convener):
        place = place_of(cast.partnership, who)
        fresh = Text.objects.get(pk=text.pk)
        with django_assert_num_queries(5):
            facts = text_facts(fresh, place)
            assert (facts.parts, facts.is_adopted, facts.open_decision) == ([], False, None)
    said = [say(cast, cast.citizen, f"Said {number}") for number in range(5)]
    write(cast, text, cites=said)
    take(ask(cast, write(cast, text, cast.official, what="Newer.", cites=said)), cast.citizen, "stand_aside")
    fresh, place = Text.objects.get(pk=text.pk), place_of(cast.partnership, cast.citizen)
    with django_assert_num_queries(5):
        facts = text_facts(fresh, place)
        assert [one.pk for one in facts.cited] == [one.pk for one in said]
        assert [author.member.shown_name for author in facts.authors] == ["Bo Citizen", "Inge Official"]
        assert (facts.own_choice, facts.latest.number) == ("stand_aside", 2)
        counted = [
            (side.side, side.members, side.answered, side.quorum, side.waiting) for side in facts.sides
        ]
    assert counted == [("public", 2, 0, 1, 2), ("non_public", 1, 1, 1, 0)]


def test_long_histories_have_pages(client, cast, text):
    for number in range(23):
        write(cast, text, what=f"Words {number}")
    page = address("text", cast, text.pk)
    assert read(client.get(page)).count("See what changed") == 20
    assert (
        read(client.get(page, {"page": "2"})).count("See what changed") == 2
    )  # the first has none before it
    assert client.get(page, {"page": "3"}).status_code == 404
    assert Revision.objects.count() == 23
