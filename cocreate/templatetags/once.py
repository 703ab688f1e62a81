"""What looks the same for all who see it, drawn once for the facts it shows. Loaded on every template.

Whoever sees the same facts sees the same words: a part is kept under all that it shows, never for a time or for a
person, so nothing in it can be out of date. A name, an address or a token is not given to it: what is forgotten must
not live on in a server's memory (docs/adr/0007).
"""

from functools import lru_cache

from django import template
from django.db.models import Model
from django.template.base import token_kwargs
from django.template.loader import render_to_string
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

from boundary.answer import Answer

register = template.Library()

MOST = 2048  # parts kept in one process
LONGEST = 16_000  # characters: a few long ones must not fill the memory
_kept = {}  # (part, time zone, facts and their types) -> HTML, the oldest first


def once(template_name, **facts):
    """What a template makes of a few hashable facts."""
    return _once(template_name, get_language(), tuple(facts.items()))


@lru_cache(1024)
def _once(template_name, _language, facts):
    return render_to_string(template_name, dict(facts))


@register.tag("once")
def do_once(parser, token):
    """{% once title=partnership.title day=meeting.starts_at %}…{% endonce %}: drawn once for these facts.

    Inside, only these names are known: no request, no place, no partnership. Texts, numbers, days, and lists,
    dictionaries and frozen dataclasses of them are facts. A model's row is none, because it may have changed, nor is
    an Answer, because it may say whom to call.
    """
    name, *given = token.split_contents()
    facts = token_kwargs(given, parser)
    if given:
        raise template.TemplateSyntaxError(f"{{% {name} %}} takes facts only, each as name=value.")
    nodes = parser.parse([f"end{name}"])
    parser.delete_first_token()
    return OnceNode(facts, nodes)


class OnceNode(template.Node):
    """What {% once %} draws. The node is one language's own: templates are read once per language."""

    def __init__(self, facts, nodelist):
        self.facts, self.nodelist = facts, nodelist

    def render(self, context):
        facts = {name: value.resolve(context) for name, value in self.facts.items()}
        values = tuple(facts.values())
        key = (self, get_current_timezone(), *map(_hashable, values), *map(type, values))
        drawn = _kept.get(key)
        return self._draw(context, facts, key) if drawn is None else drawn

    def _draw(self, context, facts, key):
        others = [name for name, value in facts.items() if isinstance(value, Model | Answer)]
        if others:
            raise TypeError(f"{', '.join(others)}: no fact; name the fields that are shown.")
        drawn = self.nodelist.render(context.new(facts))
        if len(drawn) <= LONGEST:
            if len(_kept) >= MOST:
                _kept.pop(next(iter(_kept)), None)
            _kept[key] = drawn
        return drawn


def _hashable(value):
    if isinstance(value, dict):
        return tuple((key, _hashable(inner)) for key, inner in value.items())
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
