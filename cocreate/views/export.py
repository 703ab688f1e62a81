"""Taking out a whole case as one file."""

from django.contrib.auth.decorators import login_required
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from partnerships.views.arena import open_arena

from ..export import can_export, export_partnership


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request, slug):
    """What the file holds, and the button that makes it."""
    place = open_arena(request, slug)
    if request.method != "POST":
        return render(request, "cocreate/export.html", {"may_export": can_export(place)})
    at = timezone.now()
    chunks = export_partnership(partnership=place.partnership, by=request.user, at=at)
    answer = StreamingHttpResponse(chunks, content_type="application/zip")
    number = slugify(place.partnership.case_number)
    name = "-".join(part for part in (number, slug, f"{timezone.localtime(at):%Y-%m-%d}") if part)
    answer["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer
