"""Every word that a reader sees is in Danish too."""

import re

from cocreate import words

# Words of the code (docs/concepts.md), and a sign that shouts.
HOUSE_WORDS = re.compile(r"\b(arena|gate|digest|waive[dr]?|stakeholder)\b|!(?!\w)", re.IGNORECASE)

TEMPLATE = """{% load i18n %}{% if a %}{% translate "In a branch" %}{% endif %}
{% blocktranslate trimmed count n=rows|length %}
  {{ n }} row
{% plural %}{{ n }} rows{% endblocktranslate %}
{% answer may %}{% translate "May" context "verb" %}{% endanswer %}{% status _("Late") %}"""


def test_words_are_found_where_django_looks_them_up():
    assert words.words_in_template(TEMPLATE) == {
        ("", "In a branch", ""),
        ("", "%(n)s row", "%(n)s rows"),
        ("verb", "May", ""),
        ("", "Late", ""),
    }
    code = "from django.utils.translation import gettext as _, ngettext as n\n"
    code += '_("one" " two"); n("e", "f", 2); other("g"); ngettext("a", "b", n); pgettext("c", "d"); gettext(name)'
    assert words.words_in_python(code) == {
        ("", "one two", ""),
        ("", "e", "f"),
        ("", "a", "b"),
        ("c", "d", ""),
    }
    assert words.words_in_python('translation.gettext("")') == set()  # reads the list, says nothing


def test_one_english_word_with_two_meanings_has_two_danish_words():
    found = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in words.word_list("da")[0]}
    assert {
        key: found[key]
        for key in (
            *(("verb", "Report"), ("on a step", "Report")),
            *((None, "Declined"), ("commitment", "Declined"), ("request to join", "Declined")),
            *((None, "Accepted"), ("request to join", "Accepted")),
        )
    } == {
        ("verb", "Report"): "Anmeld",
        ("on a step", "Report"): "Rapport",
        (None, "Declined"): "Afslået",
        ("commitment", "Declined"): "Sagt nej til",
        ("request to join", "Declined"): "Fået nej",
        (None, "Accepted"): "Sagt ja til",
        ("request to join", "Accepted"): "Fået ja",
    }


def test_no_word_says_what_only_the_house_says():
    shown = [entry for entry in words.word_list("da")[0] if entry.msgid]
    english = [re.sub(r"%\(\w+\)s", "", f"{entry.msgid} {entry.msgid_plural}") for entry in shown]
    assert [text for text in english if HOUSE_WORDS.search(text)] == []


def test_danish_is_complete():
    assert words.problems("da") == []
