"""Take over what another member promised."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partnerships.views.commitments import open_one

from .. import actions


@login_required
@require_POST
def take_over_commitment(request, slug, pk):
    """Take a promise over, in person; where it is a step's, one owns the step."""
    _place, shown = open_one(request, slug, pk)
    actions.take_over_commitment(commitment=shown, by=request.user, at=timezone.now())
    messages.success(request, _("Thank you. It is your promise now."))
    return redirect("commitment", slug, pk)
