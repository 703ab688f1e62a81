"""The words of the invitations, and the letters that go on paper."""

import io

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.tokens import code

from .. import actions
from ..actions.letters import SAID
from ..actions.swaps import as_it_is
from ..forms.letters import LetterForm, WhichLetterForm
from ..messages.invitations import PURPOSE, link_of, words_of
from ..models import Invitation, Letter
from ..models.invitations import ANSWERABLE
from ..rules import invitations as may
from ..rules.standing import conveners_only
from .arena import open_arena
from .invitations import one_of
from .two_windows import settle, status_of

State = Invitation.State
LETTERS = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_letter(request, slug):
    """What the invitations say to one group, or to all others, in one language."""
    place = open_arena(request, slug)
    may.can_invite(place).enforce()
    which = WhichLetterForm(
        request.GET or {"language": place.partnership.language}, partnership=place.partnership
    )
    group, language = which.chosen()
    written = Letter.objects.filter(partnership=place.partnership).select_related("group")
    typed = request.POST if request.method == "POST" else None

    def look():
        letter = written.filter(group=group, language=language).first()
        form = LetterForm(typed, initial=LetterForm.initial_of(letter))

        def save():
            facts = {"partnership": place.partnership, "group": group, "language": language}
            who = {"by": request.user, "at": timezone.now(), "expected": as_it_is(letter, SAID)}
            actions.letters.write_letter(**facts, **who, **form.cleaned_data)

        return form, save

    form, saved = settle(look)
    if saved:
        messages.success(request, _("The letter is written."))
        return redirect("write_letter", slug)
    context = {"form": form, "which": which, "group": group, "language": language, "written": written}
    return render(request, "partnerships/write_letter.html", context, status=status_of(form))


# --- on paper -----------------------------------------------------------------------------------------------


def letter_words(row):
    """The short code as it stands on paper: number of the letter, then two groups of four."""
    short = code(PURPOSE, row.pk, row.nonce)
    return f"{row.number}-{short[:4]}-{short[4:]}"


@login_required
@never_cache
@require_safe
def letters(request, slug):
    """All letters that wait to be posted, each on a sheet of its own."""
    place = open_arena(request, slug)
    conveners_only(place).enforce()
    waiting = Invitation.objects.filter(partnership=place.partnership, address="", state=State.QUEUED)
    return _letters_page(request, place, waiting.select_related("invited_by").order_by("number")[:LETTERS])


@login_required
@never_cache
@require_safe
def letter(request, slug, pk):
    """One invitation as a letter to print."""
    place, shown = one_of(request, slug, pk)
    return _letters_page(request, place, [shown] if shown.state in [*ANSWERABLE, State.BOUNCED] else [])


def _letters_page(request, place, rows):
    rows = list(rows)
    prefetch_related_objects([place.partnership], "letters")
    for row in rows:
        row.code, row.partnership = letter_words(row), place.partnership
        row.words = words_of(row)
    context = {"letters": rows, "mandate": place.partnership.mandate, "site_url": settings.SITE_URL}
    return render(request, "partnerships/letters.html", context)


@login_required
@never_cache
@require_safe
def letter_qr(request, slug, pk):
    """The answer page's address as a QR code, an SVG file of its own."""
    _place, shown = one_of(request, slug, pk)
    drawing = io.BytesIO()
    segno.make(link_of(shown), error="m").save(drawing, kind="svg", scale=4, border=4, light="#ffffff")
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


@login_required
@require_POST
def post_letters(request, slug):
    """The letters are in the post."""
    place = open_arena(request, slug)
    count = actions.invitations.post_letters(
        partnership=place.partnership, by=request.user, at=timezone.now()
    )
    done = ngettext("One letter is noted as posted.", "%(count)s letters are noted as posted.", count)
    messages.success(request, done % {"count": count})
    return redirect("invitations", slug)
