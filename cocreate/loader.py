"""Templates, read once per language and made whole: what a page says in that language is text before the first reader.

Half of what Django renders on a page of ours is fixed words between tags, and looking up which file fills which block
costs as much as the blocks (docs/adr/0007 has the figures). Here, when a template is read, what it extends and
includes is put in its place, its words are translated, and texts that then stand side by side become one.
"""

from django.template import Context
from django.template.base import Node, TextNode, VariableNode
from django.template.defaulttags import CommentNode, ForNode, IfNode, LoadNode, URLNode, WithNode
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import get_language

from .templatetags import components
from .templatetags.once import OnceNode

SAYS_NOTHING = (LoadNode, CommentNode)
OWN_NAMES = (ForNode, WithNode, OnceNode)  # what is named within them ends with them
NAMELESS = (TextNode, VariableNode, IfNode, URLNode, TranslateNode, BlockTranslateNode, SimpleNode)
NAMELESS += (components.AnswerNode, *SAYS_NOTHING)  # unless what they say is given a name
ALWAYS_THE_SAME = {components.icon, components.brand_mark, components.assets}


class Loader(cached.Loader):
    """Django's cached loader, with a place for each language."""

    def cache_key(self, template_name, skip=None):
        asked_by_child = "" if skip is None else ":parent"
        return f"{get_language()}{asked_by_child}:{super().cache_key(template_name, skip)}"

    def get_template(self, template_name, skip=None):
        """The Template in the language that is active now. Raises TemplateDoesNotExist."""
        known = self.cache_key(template_name, skip) in self.get_template_cache
        template = super().get_template(template_name, skip)
        if not known:
            if skip is None:  # else a child asks, which Django itself puts together
                self._complete(template, (template_name,))
            settle(template.nodelist)
        return template

    def _complete(self, template, within):
        """Put what a template extends and includes in its place; `within` are the names it is read for."""
        written, root = {}, template
        while parent := _parent(root, within):
            written = _blocks(root.nodelist) | written
            root, within = self._read(parent), (*within, parent)
        if not _extends(root):
            _fill(root.nodelist, written)
            template.nodelist = root.nodelist
        self._include(template.nodelist, within)

    def _read(self, name):
        """A template anew, to be taken apart."""
        return super(cached.Loader, self).get_template(name)

    def _include(self, nodes, within):
        for at, node in enumerate(nodes):
            name = _included(node)
            if name and name not in within:
                template = self._read(name)
                self._complete(template, (*within, name))
                nodes[at] = Part(template.nodelist, node, node.extra_context)
            else:
                for inner in _lists_in(node):
                    self._include(inner, within)


class Part(Node):
    """Nodes of another template that stand here, with names of their own."""

    def __init__(self, nodelist, stands_for, facts=None):
        self.nodelist, self.facts = nodelist, facts or {}
        self.token, self.origin = stands_for.token, stands_for.origin

    def render(self, context):
        facts = {name: value.resolve(context) for name, value in self.facts.items()}
        with context.push(**facts):
            return self.nodelist.render(context)


# --- what extends and includes ----------------------------------------------------------------------------------


def _extends(template):
    return next((node for node in template.nodelist if isinstance(node, ExtendsNode)), None)


def _parent(template, within):
    """The name of the template that this one extends; None where only Django can tell it, or what it gives."""
    extends = _extends(template)
    if not extends or not _is_fixed(extends.parent_name) or "block.super" in template.source:
        return None
    return extends.parent_name.var if extends.parent_name.var not in within else None


def _included(node):
    """The name of the template that a node includes, where that is fixed."""
    fixed = isinstance(node, IncludeNode) and not node.isolated_context and _is_fixed(node.template)
    return node.template.var if fixed else None


def _blocks(nodes):
    return {block.name: block.nodelist for block in nodes.get_nodes_by_type(BlockNode)}


def _fill(nodes, written):
    """Put in each block's place what the page has written for it, else what stands in it."""
    for at, node in enumerate(nodes):
        if isinstance(node, BlockNode):
            node = nodes[at] = Part(written.get(node.name, node.nodelist), node)
        for inner in _lists_in(node):
            _fill(inner, written)


# --- what is text already ---------------------------------------------------------------------------------------


def settle(nodes):
    """Put text in the place of every node that says the same to all readers of the active language."""
    settled = []
    for node in nodes:
        for inner in _lists_in(node):
            settle(inner)
        for part in node.nodelist if _is_plain(node) else [node]:
            if isinstance(part, SAYS_NOTHING):
                continue
            if _is_settled(part):
                part = _text(part.render(Context()), part)
            if isinstance(part, TextNode) and settled and isinstance(settled[-1], TextNode):
                part = _text(settled.pop().s + part.s, part)
            settled.append(part)
    nodes[:] = settled


def _lists_in(node):
    if isinstance(node, IfNode):  # its nodelist is only a copy
        return [inner for _condition, inner in node.conditions_nodelists]
    return [getattr(node, name) for name in node.child_nodelists if getattr(node, name, None)]


def _is_plain(node):
    """Whether a part names nothing, for itself or for what comes after it: then it need not be one."""
    return isinstance(node, Part) and not node.facts and not _names_something(node.nodelist)


def _names_something(nodes):
    """Whether a node of these, or within them, may leave a name behind."""
    for node in nodes:
        if isinstance(node, (*OWN_NAMES, Part)):
            continue
        if not isinstance(node, NAMELESS) or any(
            getattr(node, kind, None) for kind in ("asvar", "target_var")
        ):
            return True
        if any(map(_names_something, _lists_in(node))):
            return True
    return False


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
