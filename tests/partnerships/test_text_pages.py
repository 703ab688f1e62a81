"""The pages of a text: its revisions, what changed, what is adopted, who may read, what they cost."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.models import Partnership, Revision, Text
from partnerships.places import place_of
from partnerships.stages import Stage
from partnerships.views.texts import text_facts
from tests.cast import make_cast
from tests.partnerships.reading import address, read, typed
from tests.partnerships.writing import ask, say, start, take, write

pytestmark = pytest.mark.django_db


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


def test_the_facts_of_a_text_cost_two_queries_at_most(cast, text, django_assert_num_queries):
    for who, queries in ((None, 1), (cast.citizen, 2), (cast.convener, 2)):
        place = place_of(cast.partnership, who)
        fresh = Text.objects.get(pk=text.pk)
        with django_assert_num_queries(queries):
            facts = text_facts(fresh, place)
            assert (facts.parts, facts.is_adopted, facts.open_decision) == ([], False, None)
    said = [say(cast, cast.citizen, f"Said {number}") for number in range(5)]
    write(cast, text, cites=said)
    take(ask(cast, write(cast, text, cast.official, what="Newer.", cites=said)), cast.citizen, "stand_aside")
    fresh, place = Text.objects.get(pk=text.pk), place_of(cast.partnership, cast.citizen)
    with django_assert_num_queries(2):
        facts = text_facts(fresh, place)
        assert [one.pk for one in facts.cited] == [str(one.pk) for one in said]
        assert [author.shown_name for author in facts.authors] == ["Bo Citizen", "Inge Official"]
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
