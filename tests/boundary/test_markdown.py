"""What people write is shown as they meant it, and can do no harm."""

import re
from html.parser import HTMLParser

import pytest

from boundary.markdown import TAGS, to_html, to_plain
from boundary.templatetags.words import excerpt, initials


def elements(html):
    """Every element a browser would make of it, with its attributes."""
    found, parser = [], HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, attributes))
    parser.feed(html)
    return found


def test_a_text_keeps_its_shape_below_the_headings_of_the_page():
    assert to_html("# One\n\n## Two\n\n##### Five") == "<h3>One</h3>\n<h4>Two</h4>\n<h6>Five</h6>\n"


def test_lists_tables_and_struck_words():
    html = to_html("1. a\n2. b\n\n| x | y |\n|---|--:|\n| 1 | 2 |\n\n~~gone~~ **kept**")
    assert "<ol>\n<li>a</li>" in html
    assert "<td>2</td>" in html
    assert "style" not in html
    assert "<s>gone</s> <strong>kept</strong>" in html


def test_a_link_leaves_without_favours():
    assert to_html("[x](https://x.example)") == (
        '<p><a href="https://x.example" rel="nofollow ugc noopener">x</a></p>\n'
    )
    assert 'href="mailto:a@x.example"' in to_html("<a@x.example>") or "mailto:a@x.example" in to_html(
        "[x](mailto:a@x.example)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](jAvAsCrIpT&colon;alert(1))",
        "[x](data:text/html,evil)",
        "[x](http://x.example)",
        "[x](//evil.example)",
        "[x](\\\\evil.example)",
        "[x](/\\evil.example)",
        "![x](https://evil.example/pixel.gif)",
        "<svg><style>*{}</style></svg>",
        "<a href='https://x.example' onclick='x()'>x</a>",
        '<https://x.example/"onmouseover=x>',
    ],
)
def test_nothing_harmful_comes_through(text):
    for tag, attributes in elements(to_html(text)):
        assert tag in TAGS
        for name, value in attributes:
            assert name in ("href", "rel")
            assert name != "href" or re.match(r"https://[^/]|mailto:|#|/[^/\\\\]", value)


@pytest.mark.parametrize("link", ["http://x.example", "//x.example", "\\\\x.example", "x", "ftp://x.example"])
def test_a_link_that_does_not_say_plainly_where_it_leads_is_words_only(link):
    assert "href" not in to_html(f"[x]({link})")


def test_a_link_within_the_site_stays():
    assert 'href="/partnerships/"' in to_html("[x](/partnerships/)")


def test_raw_html_is_shown_as_it_was_typed():
    assert to_html("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


def test_a_long_or_deep_text_is_answered():
    assert len(to_html("word " * 200_000)) > 900_000
    assert "<blockquote>" in to_html(">" * 5000 + " deep")
    assert to_html(None) == ""
    assert to_html("a\x00b") == "<p>ab</p>\n"


def test_the_plain_words_of_a_text():
    assert to_plain("# A *b*\n\n[c](https://x.example) < d & e") == "A b c < d & e"
    assert excerpt("one **two** three", 9) == "one two …"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Maja Lind", "ML"),
        ("Anne-Marie Holm Vik", "AV"),
        ("Else", "E"),
        ("", "?"),
        (None, "?"),
        ("(x) Bo", "B"),
    ],
)
def test_initials(name, letters):
    assert initials(name) == letters
