"""Every word that a reader sees is in Danish too."""

from cocreate import words

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
    code = '_("one" " two"); ngettext("a", "b", n); pgettext("c", "d"); gettext(name)'
    assert words.words_in_python(code) == {("", "one two", ""), ("", "a", "b"), ("c", "d", "")}


def test_danish_is_complete():
    assert words.problems("da") == []
