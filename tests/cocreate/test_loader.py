"""A template is read once per language: fixed words are text then, and whatever varies still does."""

import pytest
from django.template import Context, Engine
from django.template.base import TextNode
from django.utils.translation import override

PAGES = {
    "fixed": '{% load i18n %}<b>{% translate "Help" %}</b> {% icon "check" %}.',
    "varies": '{% load i18n %}{% translate word %} {% translate "Help"|upper %} {% icon name %}{% icon name "Help" %}',
    "named": '{% load i18n %}{% translate "Help" as word %}<i title="{{ word }}">{{ given }}</i>',
    "inner": "{% load i18n %}{% if yes %}{% translate 'Help' %}{% else %}{% translate 'Sign in' %}{% endif %}"
    "{% for one in many %}{{ one }} {% translate 'Help' %};{% endfor %}"
    "{% block part %}{% translate 'Help' %}{% endblock %}",
    "child": '{% extends "inner" %}{% load i18n %}{% block part %}{% translate "Sign in" %}{% endblock %}',
    "around": '{% load i18n %}{% include "fixed" %} {% translate "Help" %}',
    "base": "<{% block title %}no title{% endblock %}|{% block body %}{% block main %}-{% endblock %}{% endblock %}>",
    "middle": '{% extends "base" %}{% block title %}{% block name %}middle{% endblock %}!{% endblock %}',
    "page": '{% extends "middle" %}{% block name %}{{ name }}{% endblock %}'
    '{% block main %}{% include "row" %}{% endblock %}',
    "row": "{{ one }}",
    "rows": '{% for n in many %}{% include "row" with one=n %}{% endfor %}{% include "row" %}',
    "alone": '{% include "row" only %}{% include which %}',
    "names": "{% load i18n %}{% translate 'Help' as word %}{{ word }}",
    "leaks": '{% include "names" %}[{{ word }}]',
    "super": '{% extends "middle" %}{% block title %}{{ block.super }}?{% endblock %}',
    "below": '{% extends "super" %}{% block name %}below{% endblock %}',
    "varying": "{% extends parent %}{% block main %}varying{% endblock %}",
    "tree": '{{ node.name }}({% for node in node.inner %}{% include "tree" %}{% endfor %})',
    "percent": '{% load i18n %}100 % {% translate "50 % & more" %}',
}


@pytest.fixture
def drawn():
    """Draws one of PAGES in a language."""
    engine = Engine(
        loaders=[("cocreate.loader.Loader", [("django.template.loaders.locmem.Loader", PAGES)])],
        libraries={"i18n": "django.templatetags.i18n"},
        builtins=["cocreate.templatetags.components"],
    )

    def draw(page, language="en", **facts):
        with override(language):
            return engine.get_template(page).render(Context(facts))

    draw.engine = engine
    return draw


def test_each_language_has_its_own_words_in_either_order(drawn):
    assert drawn("fixed").startswith("<b>Help</b> <svg")
    assert drawn("fixed", "da").startswith("<b>Hjælp</b> <svg")
    assert drawn("fixed").startswith("<b>Help</b>")
    assert drawn("around", "da").count("Hjælp") == 2
    assert drawn("around").count("Help") == 2


def test_fixed_words_are_one_text(drawn):
    with override("en"):
        nodes = drawn.engine.get_template("fixed").nodelist
    assert [type(node) for node in nodes] == [TextNode]


def test_what_varies_is_asked_for_each_time(drawn):
    assert drawn("varies", "da", word="Help", name="check").startswith("Hjælp HJÆLP <svg")
    assert drawn("varies", "da", word="Sign in", name="x").startswith("Log ind HJÆLP <svg")
    assert drawn("varies", word="<b>", name="x").startswith("&lt;b&gt; HELP")
    assert '<i title="Hjælp">&lt;</i>' in drawn("named", "da", given="<")


def test_words_inside_conditions_loops_and_blocks_are_settled_too(drawn):
    assert drawn("inner", "da", yes=True, many=[1, 2]) == "Hjælp1 Hjælp;2 Hjælp;Hjælp"
    assert drawn("child", "da", yes=False, many=[1]) == "Log ind1 Hjælp;Log ind"
    assert drawn("child", "en", yes=False, many=[]) == "Sign inSign in"


def test_what_a_template_says_is_its_own_html_and_percent_signs_stay(drawn):
    assert drawn("percent") == drawn("percent", "da") == "100 % 50 % & more"


def test_blocks_are_filled_by_the_last_that_writes_them(drawn):
    assert drawn("base") == "<no title|->"
    assert drawn("middle") == "<middle!|->"
    assert drawn("page", name="A&B", one=1) == "<A&amp;B!|1>"
    assert drawn("base") == "<no title|->"


def test_a_page_without_conditions_is_text_and_values_only(drawn):
    with override("en"):
        nodes = drawn.engine.get_template("page").nodelist
    assert [type(node).__name__ for node in nodes] == [
        *("TextNode", "VariableNode", "TextNode", "VariableNode", "TextNode")
    ]


def test_what_is_included_sees_what_it_is_given_and_gives_nothing_back(drawn):
    assert drawn("rows", many=[1, 2], one=3) == "123"
    assert drawn("alone", one=3, which="row") == "3"
    assert drawn("leaks") == "Help[]"


def test_what_only_django_can_put_together_it_does(drawn):
    assert drawn("super") == "<middle!?|->"
    assert drawn("below") == "<below!?|->"
    assert drawn("varying", parent="middle") == "<middle!|varying>"
    assert drawn("varying", parent="base") == "<no title|varying>"
    tree = {"name": "a", "inner": [{"name": "b", "inner": [{"name": "c"}]}, {"name": "d"}]}
    assert drawn("tree", node=tree) == "a(b(c())d())"
