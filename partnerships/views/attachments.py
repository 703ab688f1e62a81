"""Say: the files beside somebody's words. They are handed out as files, and run nowhere."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import actions
from ..attachments import TYPES
from ..models import Attachment, AttachmentBody
from .arena import open_arena

# A file that is opened by itself runs nothing, fetches nothing and is of no site.
NOTHING = "default-src 'none'; sandbox"


def _attachment(request, slug, pk, number, **wanted):
    place = open_arena(request, slug)
    rows = Attachment.objects.visible_to(request.user).filter(contribution__partnership=place.partnership)
    return get_object_or_404(rows, contribution=pk, position=number, **wanted)


def _handed_out(request, file, kind, of, disposition):
    """The bytes, unless the reader's browser has them; it asks each time, since rights may have ended."""
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": NOTHING,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": disposition,
        "ETag": f'"{file.digest}-{of}"',
    }
    if answer := get_conditional_response(request, etag=headers["ETag"], response=None):
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        return answer
    body = AttachmentBody.objects.values_list(of, flat=True).get(attachment=file)
    return HttpResponse(bytes(body), content_type=kind, headers=headers)


@login_required
@require_POST
def remove_attachment(request, slug, pk, number):
    """Take a file away from what one said."""
    file = _attachment(request, slug, pk, number)
    actions.contributions.remove_attachment(attachment=file, by=request.user, at=timezone.now())
    messages.success(request, _("The file is taken away."))
    return redirect("change_contribution", slug, pk)


@require_safe
def attachment(request, slug, pk, number):
    """A file beside a contribution, to be saved."""
    file = _attachment(request, slug, pk, number)
    return _handed_out(request, file, TYPES[file.kind], "body", content_disposition_header(True, file.name))


@require_safe
def attachment_preview(request, slug, pk, number):
    """A picture beside a contribution, small, as pages show it."""
    file = _attachment(request, slug, pk, number, width__gt=0)
    return _handed_out(request, file, "image/webp", "preview", "inline")
