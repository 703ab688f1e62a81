"""What looks the same for all is drawn once for its facts: never out of date, never of somebody, never endless."""

import datetime

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils import timezone
from django.utils.safestring import mark_safe

from actors.models import Organization
from boundary.answer import no
from cocreate.templatetags import once

DAY = datetime.datetime(2026, 3, 4, 23, 30, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(once, "_kept", {})


@pytest.fixture
def template():
    """A template of the site's own engine, from its words."""
    return Engine.get_default().from_string


def drawn(page, **facts):
    return page.render(Context(facts))


def test_the_same_facts_are_drawn_once_and_others_anew(template):
    page = template("{% once name=name words=words %}<b>{{ name }}{{ words.what }}</b>{% endonce %}")
    assert (
        drawn(page, name="A", words={"what": "x"})
        == drawn(page, name="A", words={"what": "x"})
        == "<b>Ax</b>"
    )
    assert len(once._kept) == 1
    assert drawn(page, name="A", words={"what": "<y>"}) == "<b>A&lt;y&gt;</b>"
    assert drawn(page, name="B", words={"what": "x"}) == "<b>Bx</b>"
    assert len(once._kept) == 3


def test_words_and_html_number_and_truth_are_different_facts(template):
    page = template("{% once it=it %}{{ it }}{% endonce %}")
    assert drawn(page, it="<b>") == "&lt;b&gt;"
    assert drawn(page, it=mark_safe("<b>")) == "<b>"
    assert [drawn(page, it=it) for it in (1, True, 1.0)] == ["1", "True", "1.0"]


def test_two_parts_with_the_same_facts_are_two(template):
    page = template("{% once it=it %}a{{ it }}{% endonce %}{% once it=it %}b{{ it }}{% endonce %}")
    assert drawn(page, it=1) == drawn(page, it=1) == "a1b1"


def test_a_moment_is_told_in_the_readers_own_zone(template):
    page = template('{% once at=at %}{{ at|date:"j H:i" }}{% endonce %}')
    with timezone.override("Europe/Copenhagen"):
        assert drawn(page, at=DAY) == "5 00:30"
    with timezone.override("UTC"):
        assert drawn(page, at=DAY) == "4 23:30"


@pytest.mark.django_db
def test_each_language_has_its_own(client):
    for language, word in (("en", "Partnerships"), ("da", "Partnerskaber"), ("en", "Partnerships")):
        assert word in client.get("/partnerships/", headers={"accept-language": language}).content.decode()


def test_inside_nothing_is_known_but_the_facts(template):
    page = template(
        "{% once it=it %}{% if other %}{{ other }}{% else %}{{ it }}{% endif %}{% endonce %}{{ other }}"
    )
    assert drawn(page, it=1, other=2) == "12"


def test_neither_a_row_nor_an_answer_is_a_fact(template):
    page = template("{% once it=it %}{{ it }}{% endonce %}")
    for other in (Organization(name="A"), no("Not now.", "Call somebody.")):
        with pytest.raises(TypeError, match="it: no fact"):
            drawn(page, it=other)
    with pytest.raises(TemplateSyntaxError, match="takes facts only"):
        template("{% once it %}{% endonce %}")


def test_the_memory_is_bounded_and_long_parts_are_not_kept(template, monkeypatch):
    page = template("{% once it=it %}{{ it }}{% endonce %}")
    monkeypatch.setattr(once, "MOST", 3)
    assert [drawn(page, it=n) for n in range(5)] == list("01234")
    assert [key[2] for key in once._kept] == [2, 3, 4]
    long = "x" * (once.LONGEST + 1)
    assert drawn(page, it=long) == drawn(page, it=long) == long
    assert len(once._kept) == 3
