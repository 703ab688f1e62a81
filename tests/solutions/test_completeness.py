"""When the three corners of a value proposition are filled."""

import pytest
from django.urls import reverse

from partnerships.models import Revision
from solutions.completeness import capacity_needs, completeness, is_complete
from tests.solutions.story import VALUE, with_value, write


def of(**body):
    return Revision(body=body)


@pytest.mark.parametrize(
    ("line", "cover"),
    [
        ("A machine: committed by the municipality", "committed"),
        ("2 million kroner, asked for in this request", "asked"),
        ("A place to store it: missing", "missing"),
        ("A place to store it: not committed yet", "missing"),
        ("Drift: Solrød Kommune har givet tilsagn", "committed"),
        ("Anlæg: 12 mio. kr. søges i byrådet", "asked"),
        ("En frivillig koordinator mangler", "missing"),
        ("A machine", ""),
        ("A machine: promised by the company", "committed"),
        ("Maskinen: lovet af virksomheden", "committed"),
        ("Maskinen: not promised", "missing"),
        ("A machine: not yet been promised", "missing"),
        ("A machine: the municipality has not agreed to pay", "missing"),
        ("A machine: the council didn’t grant it", "missing"),
        ("A machine: no commitment", "missing"),
        ("A machine, without any commitment so far", "missing"),
        ("A machine: not granted", "missing"),
        ("A machine: uncovered", "missing"),
        ("A machine: asked for, not yet promised", "asked"),
        ("A machine: not asked for yet", "missing"),
        ("A machine: paid not only by the municipality", "committed"),
        ("Maskinen: ikke lovet", "missing"),
        ("Maskinen: endnu ikke blevet bevilget", "missing"),
        ("Maskinen: ikke bevilget", "missing"),
        ("Maskinen: intet tilsagn", "missing"),
        ("Maskinen: ingen har endnu lovet den", "missing"),
        ("Maskinen: uden tilsagn", "missing"),
        ("Maskinen: kommunen betaler ikke", "missing"),
        ("Maskinen: det er ikke aftalt", "missing"),
        ("Maskinen: ikke bedt om", "missing"),
        ("Maskinen: afslået", "missing"),
        ("Maskinen: bedt om", "asked"),
        ("Maskinen: bedt om, endnu ikke lovet", "asked"),
        ("Maskinen: søges her", "asked"),
        ("Maskinen: dækket, ikke kun af kommunen", "committed"),
        ("The commitment of all", ""),
    ],
)
def test_a_need_names_its_cover_in_words(line, cover):
    assert capacity_needs(f"- {line}") == [(line, cover)]


def test_needs_are_the_lines_of_a_list_or_else_the_paragraphs():
    listed = "Before the list.\n\n- One: missing\n* Two: committed\n3. Three: asked for"
    assert [cover for _need, cover in capacity_needs(listed)] == ["missing", "committed", "asked"]
    assert capacity_needs("One need,\nwhich is committed.\n\nAnother.") == [
        ("One need,\nwhich is committed.", "committed"),
        ("Another.", ""),
    ]
    assert capacity_needs("") == []


def test_all_three_corners_make_it_complete():
    assert is_complete(of(**VALUE))
    for corner in ("value", "legitimacy", "capacity"):
        answers = completeness(of(**VALUE | {corner: " "}))
        assert [key for key, answer in answers.items() if not answer] == [corner]
        assert answers[corner].why_not
        assert answers[corner].what_would_help


def test_a_need_without_a_cover_leaves_capacity_open_and_is_named():
    answers = completeness(of(**VALUE | {"capacity": "- Money: committed\n- A machine"}))
    assert not answers["capacity"]
    assert "A machine" in answers["capacity"].why_not


def test_nothing_written_is_not_complete():
    assert not is_complete(None)


@pytest.mark.django_db
def test_the_page_explains_what_is_missing(client):
    cast = with_value(adopted=False)
    path = reverse("value_proposition", args=[cast.partnership.slug])
    assert "All three corners are filled" in client.get(path).content.decode()
    write(cast.value.text, VALUE | {"capacity": "- A machine"}, cast.convener)
    html = client.get(path).content.decode()
    assert "All three corners are filled" not in html
    assert "One need does not say who covers it" in html
    assert "Not said who covers it" in html
