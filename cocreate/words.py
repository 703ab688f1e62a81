"""Finds every word that a reader sees, in code and templates, and keeps the word list of each language complete.

Python is read as a syntax tree, templates as the nodes that Django itself makes of them, so that what is found is
what will be looked up; no system gettext is needed. Compiled by polib.
"""

import ast
import re
from pathlib import Path

import polib
from django.conf import settings
from django.template import engines
from django.template.base import FilterExpression, Variable
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trim_whitespace

SINGULAR = {"gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
OURS = ("cocreate", "actors", "partnerships", "problems", "solutions", "notices", "journal", "boundary")
INLINE = re.compile(r'\b_\("([^"]+)"\)')  # {% status _("Overdue") %}: Django resolves it, no node keeps it
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
HEADER = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def _constants(arguments):
    """The words among the arguments; the empty one is none: it stands for the head of the word list."""
    texts = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return [text for text in texts if text]


def _names_of_gettext(tree):
    """{the name in this file: Django's own} of every translating function, whatever it is imported as."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if node.module == "django.utils.translation"]
    return {alias.asname or alias.name: alias.name for node in ours for alias in node.names}


def words_in_python(source):
    """{(context, singular, plural)} of the translatable words in Python source; absent parts are empty."""
    found, tree = set(), ast.parse(source)
    known_as = _names_of_gettext(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        name = known_as.get(name, name)
        texts = _constants(node.args)
        if name in SINGULAR and texts:
            found.add(("", texts[0], ""))
        elif name in PLURAL and len(texts) >= 2:
            found.add(("", texts[0], texts[1]))
        elif name in CONTEXT and len(texts) >= 2:
            found.add((texts[0], texts[1], ""))
    return found


def _literal(expression):
    variable = expression.var if isinstance(expression, FilterExpression) else expression
    if isinstance(variable, Variable):
        return variable.literal if isinstance(variable.literal, str) else None
    return variable if isinstance(variable, str) else None


def _words_of_node(node):
    if isinstance(node, TranslateNode):
        text = _literal(node.filter_expression)
        context = _literal(node.message_context) if node.message_context else ""
        return {(context or "", text, "")} if text else set()
    if isinstance(node, BlockTranslateNode):
        singular, _variables = node.render_token_list(node.singular)
        plural, _variables = node.render_token_list(node.plural) if node.plural else ("", [])
        if node.trimmed:
            singular, plural = trim_whitespace(singular), trim_whitespace(plural)
        context = _literal(node.message_context) if node.message_context else ""
        return {(context or "", singular, plural)}
    return set()


def words_in_template(source):
    """{(context, singular, plural)} of the translatable words in template source."""
    found = {("", words, "") for words in INLINE.findall(source)}
    waiting = list(engines["django"].from_string(source).template.nodelist)
    while waiting:
        node = waiting.pop()
        found |= _words_of_node(node)
        for value in vars(node).values():
            if hasattr(value, "child_nodelists") or hasattr(value, "render_annotated"):
                waiting.append(value)
            elif isinstance(value, list):
                waiting.extend(_nodes_in(value))
    return found


def _nodes_in(values):
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _nodes_in(value)
        elif hasattr(value, "render_annotated"):
            yield value
        elif hasattr(value, "__iter__") and not isinstance(value, str):
            yield from (inner for inner in value if hasattr(inner, "render_annotated"))


def all_words():
    """{(context, singular, plural): [files]} of the whole site, files relative to its root and sorted."""
    root, found = Path(settings.BASE_DIR), {}
    sources = [(path, words_in_python) for app in OURS for path in sorted((root / app).rglob("*.py"))]
    sources += [
        (path, words_in_template)
        for path in sorted((root / "templates").rglob("*"))
        if path.suffix in (".html", ".txt")
    ]
    for path, read in sources:
        if "migrations" not in path.parts:
            for key in read(path.read_text()):
                found.setdefault(key, []).append(str(path.relative_to(root)))
    return found


def word_list(language):
    """The committed word list of a language, and where it lies."""
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
    return (polib.pofile(str(path), wrapwidth=100) if path.exists() else polib.POFile(wrapwidth=100)), path


def _key(entry):
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def updated(language):
    """The word list with every word of the site and no other, keeping what is translated."""
    old, path = word_list(language)
    known = {_key(entry): entry for entry in old}
    new = polib.POFile(wrapwidth=100)
    new.metadata = {"Language": language, **HEADER}
    for key, files in sorted(all_words().items()):
        context, singular, plural = key
        entry = known.get(key) or polib.POEntry(
            msgctxt=context or None,
            msgid=singular,
            msgid_plural=plural,
            msgstr_plural={0: "", 1: ""} if plural else {},
        )
        entry.occurrences = [(name, "") for name in files]
        entry.flags = ["python-format"] if "%(" in singular else []
        new.append(entry)
    return new, path


def problems(language):
    """What is wrong with the committed word list, one sentence each: missing, left over, copied, uncompiled."""
    committed, path = word_list(language)
    known, wanted = {_key(entry): entry for entry in committed}, set(all_words())
    same = set((path.parent.parent / "same.txt").read_text().splitlines())
    found = [f"not in the list: {key[1]!r}" for key in sorted(wanted - set(known))]
    found += [f"no longer used: {key[1]!r}" for key in sorted(set(known) - wanted)]
    for entry in committed:
        found += _problems_of(entry, same)
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != committed.to_binary():
        found.append("the compiled list is not that of the words: run `make words`")
    return found


def _problems_of(entry, same):
    if entry.fuzzy:
        return [f"fuzzy: {entry.msgid!r}"]
    if not entry.translated():
        return [f"not translated: {entry.msgid!r}"]
    if entry.msgstr == entry.msgid and entry.msgid not in same:
        return [f"copied: {entry.msgid!r}"]
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
    return [
        f"placeholders differ: {entry.msgid!r}" for t in texts if not set(PLACEHOLDER.findall(t)) <= wanted
    ]
