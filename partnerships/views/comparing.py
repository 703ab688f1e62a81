"""Two revisions of a text, word by word."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..diff import compare as compared
from ..forms.texts import CompareForm
from .arena import LONGEST_NUMBER
from .texts import cited_by, open_text


@require_safe
def compare(request, slug, pk):
    """Two revisions of a text, word by word: ?older=2&newer=5; without numbers the newest and the one before."""
    place, shown = open_text(request, slug, pk)
    last = shown.revisions.values_list("number", flat=True).first()
    if last is None:
        raise Http404
    newer = request.GET.get("newer") or str(last)
    number = int(newer) if newer.isdecimal() and len(newer) < LONGEST_NUMBER else 1
    older = request.GET.get("older") or str(max(1, number - 1))
    form = CompareForm({"older": older, "newer": newer}, last=last)
    context = {"place": place, "text": shown, "form": form}
    if not form.is_valid():
        return render(request, "partnerships/compare.html", context, status=422)
    numbers = form.cleaned_data
    rows = {row.number: row for row in shown.revisions.filter(number__in=numbers.values())}
    old, new = rows[numbers["older"]], rows[numbers["newer"]]
    old.text = new.text = shown
    headings = {**old.sections, **new.sections}
    sections = compared(old.body, new.body, headings)
    context |= {
        "old": old,
        "new": new,
        "changed": [one for one in sections if one.changed],
        "unchanged": [one for one in sections if not one.changed],
        "headings": [
            pair for key, now in new.sections.items() if (pair := (old.sections.get(key, now), now))[0] != now
        ],
    }
    return render(request, "partnerships/compare.html", context | _ground_compared(old, new))


def _ground_compared(old, new):
    """What the newer revision rests on that the older did not, and the other way round."""
    before, after = ({cited.pk: cited for cited in cited_by(one)} for one in (old, new))
    return {
        "ground_added": [cited for pk, cited in after.items() if pk not in before],
        "ground_removed": [cited for pk, cited in before.items() if pk not in after],
    }
