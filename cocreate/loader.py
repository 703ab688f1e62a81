"""Templates, read once per language: what a page says in that language is text before the first reader comes.

Half of what Django renders on a page of ours is fixed words between tags (docs/adr/0007 has the figures). They are
translated when the template is read, and texts that then stand side by side become one.
"""

from django.template import Context
from django.template.base import TextNode
from django.template.defaulttags import IfNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.utils.translation import get_language

from .templatetags import components

ALWAYS_THE_SAME = {components.icon, components.brand_mark, components.assets}


class Loader(cached.Loader):
    """Django's cached loader, with a place for each language."""

    def cache_key(self, template_name, skip=None):
        return f"{get_language()}:{super().cache_key(template_name, skip)}"

    def get_template(self, template_name, skip=None):
        """The Template in the language that is active now. Raises TemplateDoesNotExist."""
        known = self.cache_key(template_name, skip) in self.get_template_cache
        template = super().get_template(template_name, skip)
        if not known:
            settle(template.nodelist)
        return template


def settle(nodes):
    """Put text in the place of every node that says the same to all readers of the active language."""
    settled = []
    for node in nodes:
        for inner in _lists_in(node):
            settle(inner)
        if _is_settled(node):
            node = _text(node.render(Context()), node)
        if isinstance(node, TextNode) and settled and isinstance(settled[-1], TextNode):
            node = _text(settled.pop().s + node.s, node)
        settled.append(node)
    nodes[:] = settled


def _lists_in(node):
    if isinstance(node, IfNode):  # its nodelist is only a copy
        return [inner for _condition, inner in node.conditions_nodelists]
    return [getattr(node, name) for name in node.child_nodelists if getattr(node, name, None)]


def _is_settled(node):
    if isinstance(node, TranslateNode):
        said = [node.filter_expression, node.message_context]
        return not node.asvar and all(_is_fixed(value) for value in said if value is not None)
    if isinstance(node, SimpleNode) and node.func in ALWAYS_THE_SAME:
        return node.target_var is None and all(map(_is_fixed, [*node.args, *node.kwargs.values()]))
    return False


def _is_fixed(expression):
    """Whether a value in a tag is a literal, without a variable and without a filter."""
    return not expression.filters and getattr(expression.var, "lookups", None) is None


def _text(words, node):
    text = TextNode(words)
    text.token, text.origin = getattr(node, "token", None), getattr(node, "origin", None)
    return text
