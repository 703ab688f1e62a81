"""Versions side by side: what changed, and what two writers make of one text."""

import time

import pytest

from cocreate.templatetags.components import word_diff
from partnerships.diff import compare, merge, merge_ticks

SECTIONS = {"what": "What", "causes": "Why", "evidence": "Evidence"}


def test_sections_that_neither_has_are_left_out():
    rows = compare({"what": "a", "causes": "b"}, {"what": "a", "evidence": "c"}, SECTIONS)
    assert [(row.key, row.old, row.new, row.changed) for row in rows] == [
        ("what", "a", "a", False),
        ("causes", "b", "", True),
        ("evidence", "", "c", True),
    ]


@pytest.mark.parametrize(
    ("base", "theirs", "yours", "words", "clash"),
    [
        ("a", "a", "a", "a", False),
        ("a", "b", "a", "b", False),  # only they changed it
        ("a", "a", "c", "c", False),  # only you did
        ("a", "b", "b", "b", False),  # both, to the same words
        ("a", "b", "c", "c", True),
        ("", "b", "c", "c", True),  # two first drafts
        ("a", "", "c", "c", True),  # they emptied what you changed
        ("a", "", "a", "", False),
        ("a", "b", "", "", True),
    ],
)
def test_what_two_writers_make_of_a_section(base, theirs, yours, words, clash):
    merged = merge({"what": base}, {"what": theirs}, {"what": yours}, SECTIONS)[0]
    assert (merged.words, merged.clash) == (words, clash)


def test_ticks_follow_whoever_changed_them():
    assert merge_ticks({1, 2}, {1, 2, 3}, {2, 4}) == {2, 3, 4}


def test_words_are_marked_and_escaped():
    html = word_diff("The <b>beach</b> smells", "The <i>beach</i> smells")
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;" in html
    assert "<del>" in html


def test_one_word_in_a_very_long_paragraph_is_one_mark():
    long = "The seaweed lies on the beach and smells, all through the summer. " * 200
    html = word_diff(long, long[:6000] + "badly " + long[6000:])
    assert html.count("<ins>") == 1
    assert len(html) < len(long) + 300


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n" * 25_000, "x\n" + "\n" * 24_000),
        ("a " * 25_000, "b " + "a " * 24_000),
        ("\n".join(f"line {n % 7}" for n in range(6_000)), "\n".join(f"line {n % 5}" for n in range(6_000))),
        ("word " * 9_000, "word\n" * 9_000),
    ],
)
def test_the_longest_sections_are_compared_before_the_reader_leaves(old, new):
    begun = time.perf_counter()
    word_diff(old, new)
    assert time.perf_counter() - begun < 2
