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
    assert [type(node) for node in nodes[1:]] == [TextNode]


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
