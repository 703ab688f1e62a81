"""The parts that pages are made of. Each tag is one part of docs/interface.md; all are loaded on every template."""

from functools import lru_cache

from django import template
from django.core.paginator import Paginator
from django.template.base import token_kwargs
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from partnerships.authors import author_for, knows_names

from .. import frame
from ..arena import url_of_arena
from ..deadlines import KINDS
from . import changes, drawing, maps, timelines

register = template.Library()

STAGES = {
    "initiate": gettext_lazy("Initiate"),
    "convene": gettext_lazy("Convene"),
    "define": gettext_lazy("Define"),
    "design": gettext_lazy("Design"),
    "authorize": gettext_lazy("Authorize"),
    "implement": gettext_lazy("Implement"),
    "evaluate": gettext_lazy("Evaluate"),
    "closed": gettext_lazy("Closed"),
}
STATUS_ICONS = {
    "success": "circle-check",
    "warning": "hourglass",
    "danger": "circle-alert",
    "info": "info",
    "neutral": "",
}
MESSAGE_COLOURS = {"error": "danger", "warning": "warning", "success": "success"}


# --- signs -------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name, label=""):
    """One icon of the sprite; with a label it speaks, without one it is decoration."""
    return drawing.icon(name, label)


STYLES = ["css/fonts.css", "vendor/ds/platform.theme.css", "vendor/ds/designsystemet.css", "css/app.css"]
STYLES += ["css/components.css"]
SCRIPTS = ["js/htmx-4.0.1.min.js", "js/app.js"]


@register.simple_tag
@lru_cache(1)
def assets():
    """The style sheets and scripts of every page; fonts.css comes first and fixes the order of the layers."""
    font = '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>\n'
    paper = '<link rel="stylesheet" href="{}" media="print">\n'
    mark = '<link rel="icon" href="{}" type="image/svg+xml">\n'
    return (
        format_html(font, static("fonts/source-sans-3-latin-wght-normal.woff2"))
        + format_html_join("", '<link rel="stylesheet" href="{}">\n', ((static(name),) for name in STYLES))
        + format_html(paper, static("css/print.css"))
        + format_html(mark, static("img/mark.svg"))
        + format_html_join("", '<script src="{}" defer></script>\n', ((static(name),) for name in SCRIPTS))
    )


@register.simple_tag(takes_context=True)
def site_header(context):
    """The top of every page: the site, who reads, the main menu."""
    return frame.header(context)


@register.simple_tag(takes_context=True)
def site_footer(context):
    """The end of every page."""
    return frame.footer(context)


@register.simple_tag
def brand_mark():
    """Six seats around a table: the sign of the site."""
    return drawing.brand_mark()


@register.simple_tag
def sector(key, label=""):
    """A sector by shape, colour and name."""
    return drawing.sector(key, label)


@register.simple_tag
def avatar(name, sector=""):
    """A member's initials on the shape of the sector. Decoration: the name stands beside it."""
    return drawing.avatar(name, sector)


@register.simple_tag
def at_the_table(member, within=""):
    """A Member or Line in a list of members: initials, name, role and function, sector.

    within: the address of the partnership, where the name leads to the member's page.
    """
    return drawing.member(member, within=within)


@register.simple_tag
def table(members, within=""):
    """All rows of a list of members: {% at_the_table %} for each."""
    return drawing.table(members, within)


@register.simple_tag
def seat_ring(seats):
    """One glyph per seat around the table; seats are pairs of (sector, taken)."""
    return drawing.seat_ring([tuple(seat) for seat in seats])


@register.simple_tag
def group_map(groups):
    """The groups of a partnership on a map of power and of how much they are affected."""
    return maps.group_map(groups)


@register.simple_tag
def timeline(ahead):
    """What is due in the coming weeks as a picture; nothing where nothing is."""
    return timelines.timeline(ahead, KINDS)


@register.simple_tag
def status(text, color="neutral", icon=None):
    """A status in a word: success, warning, danger, info or neutral; never by colour alone."""
    return _status(drawing.unmarked(text), color, icon)


@lru_cache(1024)
def _status(text, color, icon):
    name = STATUS_ICONS.get(color, "") if icon is None else icon
    sign = drawing.icon(name) if name else ""
    return format_html('<span class="ds-tag" data-color="{}">{}{}</span>', color, sign, text)


@register.simple_tag
def sdg(number, name):
    """A Sustainable Development Goal: number, goal colour and name; the official art is not ours to use."""
    return format_html(
        '<span class="co-sdg"><span class="co-sdg__n co-sdg--{n}" aria-hidden="true">{n}</span>'
        '<span class="ds-sr-only">{goal}</span>{name}</span>',
        n=int(number),
        goal=_("Goal %(number)s: ") % {"number": number},
        name=name,
    )


@register.filter
def stage_name(key):
    """The name of a stage for the reader: {{ partnership.stage|stage_name }}."""
    return STAGES.get(str(key), key)


@register.filter
def sector_name(key):
    """The name of a sector for the reader: {{ member.sector|sector_name }}."""
    return drawing.sector_name(key)


@register.filter
def drawn(svg):
    """A picture that a library drew as SVG, to stand in the page itself. Never for what people wrote."""
    return drawing.inline(svg)


@register.filter
def alert_color(message):
    """The colour of one of Django's messages."""
    return MESSAGE_COLOURS.get(message.level_tag, "info")


# --- where we are ------------------------------------------------------------------------------------------


@register.simple_tag
def stage_thread(current, note="", more=""):
    """The eight stages as a thread: solid done, dotted ahead, a ring around now; a sentence, an address for more."""
    return _stage_thread(str(current), str(note), str(more), get_language())


@lru_cache(1024)
def _stage_thread(current, note, more, _language):
    keys = list(STAGES)
    now = keys.index(current) if current in STAGES else 0
    finished = keys[now] == "closed"
    steps = [
        {"name": STAGES[key], "number": i + 1, "state": _state(i, now, finished)}
        for i, key in enumerate(keys)
    ]
    facts = {"steps": steps, "now": steps[now], "of": len(keys) - 1, "closed": finished}
    return render_to_string("components/stage_thread.html", {**facts, "note": note, "more": more})


def _state(position, now, finished):
    if position < now or finished:
        return "done"
    return "now" if position == now else "todo"


@register.simple_tag
def crumbs(*trail):
    """The way here: {% crumbs "Partnerships" url_1 "Harbour baths" url_2 %}; the page itself is not in it."""
    return drawing.crumbs(zip(trail[::2], trail[1::2], strict=True))


@register.inclusion_tag("components/stepper.html")
def stepper(current, *names):
    """The steps of a long form: {% stepper 2 "Question" "People" "Letter" %}; steps count from one."""
    steps = [
        {"number": i, "name": name, "state": _state(i, current, False)} for i, name in enumerate(names, 1)
    ]
    return {"steps": steps}


@register.simple_tag(takes_context=True)
def pagination(context, page, name="page"):
    """Numbered pages of a list; search and filters stay in the address. Nothing where there is one page."""
    last = page.paginator.num_pages
    if last < 2:
        return ""
    query = context["request"].GET.copy()
    query.pop(name, None)
    if query:  # what somebody searches for is drawn for them, and not kept
        return _pagination.__wrapped__(page.number, last, f"?{query.urlencode()}&{name}=", "")
    return _pagination(page.number, last, f"?{name}=", get_language())


@lru_cache(256)
def _pagination(number, last, address, _language):
    numbers = Paginator(range(last), 1).get_elided_page_range(number, on_each_side=1, on_ends=1)
    ways = [{"number": n, "url": "" if n == Paginator.ELLIPSIS else f"{address}{n}"} for n in numbers]
    facts = {"numbers": ways, "current": number}
    facts["previous"] = f"{address}{number - 1}" if number > 1 else ""
    facts["next"] = f"{address}{number + 1}" if number < last else ""
    return render_to_string("components/pagination.html", facts)


# --- what may be done --------------------------------------------------------------------------------------


@register.tag
def answer(parser, token):
    """{% answer may_write %}…{% endanswer %}: what stands inside when the rule allows it, else why not, and what helps.

    Only then is the inside drawn at all. {% answer may_write quiet=is_adopted %} says nothing instead of why not.
    """
    name, rule, *more = token.split_contents()
    given = token_kwargs(more, parser)
    if more or set(given) - {"quiet"}:
        raise template.TemplateSyntaxError(f"{{% {name} %}} takes one answer, and quiet=….")
    nodes = parser.parse([f"end{name}"])
    parser.delete_first_token()
    return AnswerNode(parser.compile_filter(rule), given.get("quiet"), nodes)


class AnswerNode(template.Node):
    """What {% answer %} draws."""

    def __init__(self, rule, quiet, nodelist):
        self.rule, self.quiet, self.nodelist = rule, quiet, nodelist

    def render(self, context):
        answer = self.rule.resolve(context)
        if answer:
            return self.nodelist.render(context)
        if not answer.why_not or (self.quiet and self.quiet.resolve(context)):
            return ""
        return drawing.refusal(answer)


@register.simple_block_tag
def callout(content, color="info", heading="", level=2):
    """A box that speaks up: info, success, warning or danger."""
    title = format_html("<h{n}>{}</h{n}>", heading, n=level) if heading else ""
    return format_html('<div class="ds-alert co-callout" data-color="{}">{}{}</div>', color, title, content)


@register.simple_block_tag
def empty(content, heading, icon="", level=2):
    """An empty list: a heading that says so, and inside it what to do next."""
    sign = drawing.icon(icon) if icon else ""
    return format_html(
        '<div class="co-empty">{}<h{n} class="co-empty__h">{}</h{n}>{}</div>', sign, heading, content, n=level
    )


@register.inclusion_tag("components/submit.html")
def submit(label, cancel_url="", cancel_label="", color="", icon=""):
    """The end of a form: the button that says the act, and the way out."""
    return {
        "label": label,
        "cancel_url": cancel_url,
        "cancel_label": cancel_label or _("Cancel"),
        "color": color,
        "icon": icon,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form):
    """What is wrong with a form, each line a link to its field. {{ form }} draws it by itself."""
    return {"form": form}


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(context, form, label="", act=""):
    """Search and filters above a list: a GET form, so that they live in the address.

    The fields named in form.more, which come last, stand behind a word until one of them is used.
    """
    values = context["request"].GET
    return {
        "form": form,
        "label": label or _("Search and filter"),
        "act": act or _("Search"),
        "active": any(values.get(name) for name in form.fields),
        "opens_more": any(values.get(name) for name in getattr(form, "more", ())),
        "clear_url": context["request"].path,
    }


# --- what was said, done and found -------------------------------------------------------------------------


@register.simple_tag
def word_diff(old, new):
    """What changed between two texts, word by word."""
    return changes.word_diff(str(old or ""), str(new or ""))


@register.simple_tag(takes_context=True)
def said_by(context, contribution):
    """Whose words these are, as this reader may know it: {% said_by contribution as author %}."""
    return author_for(contribution, getattr(context["request"], "place", None))


@register.simple_tag(takes_context=True)
def cited(context, contributions, slug):
    """What a revision rests on, as rows, each with the address of a contribution to the partnership of this slug."""
    knows = knows_names(getattr(context["request"], "place", None))
    return drawing.cited(contributions, url_of_arena("say", slug), knows)


@register.simple_tag
def names(members):
    """Members or Lines in a sentence, each with the sector."""
    return drawing.names(members)


@register.inclusion_tag("components/date_block.html")
def date_block(when, title="", url="", level=2):
    """A day as a leaf of a calendar, beside its title. More lines: write the markup of docs/interface.md."""
    return {"when": when, "title": title, "url": url, "level": level}


@register.inclusion_tag("components/checklist.html")
def checklist(criteria):
    """Criteria of a gate: each {label, state: met|missing|waived, hard, why, help, url, act}."""
    return {"criteria": criteria}


@register.inclusion_tag("components/progress.html")
def progress(value, of, label):
    """How far: a bar with its numbers in words. {% progress 12 30 "answered" %}"""
    return {"value": value, "of": of or 1, "total": of, "label": label}
