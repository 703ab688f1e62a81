"""Say: files beside somebody's words, as long as there is room for them."""

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from ..attachments import MOST
from ..models import Attachment, AttachmentBody
from ..settings.together import MEGABYTES_OF_FILES

MEGABYTE = 1024 * 1024


def attach(contribution, files):
    """Keep files beside a contribution whose partnership is locked.

    files: pairs of an attachments.Taken and what the picture shows, or "". Raises ValidationError where the
    partnership has no room for them.
    """
    if not files:
        return
    if len(files) > MOST:
        raise ValidationError(_("At most %(most)s files.") % {"most": MOST})
    _has_room(contribution.partnership, sum(len(taken.body) for taken, _alt in files))
    rows = [_row(contribution, number, *file) for number, file in enumerate(files, 1)]
    Attachment.objects.bulk_create(row for row, _taken in rows)
    AttachmentBody.objects.bulk_create(
        AttachmentBody(attachment=row, body=taken.body, preview=taken.preview) for row, taken in rows
    )


def _has_room(partnership, more):
    kept = Attachment.objects.filter(contribution__partnership=partnership).aggregate(all=Sum("size"))["all"]
    if (kept or 0) + more > MEGABYTES_OF_FILES.of(partnership) * MEGABYTE:
        raise ValidationError(
            _(
                "There is no more room for files in this partnership. Ask a convener, or say where they can be found."
            )
        )


def _row(contribution, number, taken, alt):
    row = Attachment(
        contribution=contribution,
        position=number,
        name=taken.name,
        kind=taken.kind,
        size=len(taken.body),
        digest=taken.digest,
        alt=alt if taken.preview else "",
        width=taken.width,
        height=taken.height,
    )
    return row, taken
