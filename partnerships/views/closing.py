"""What a partnership tells at its end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boundary.answer import Conflict

from .. import actions
from ..forms.closing import AccountForm
from ..models import ClosingAccount
from ..rules import closing as may
from ..stages import Stage
from .arena import open_arena

MOST = 10  # times a partnership was closed, newest first


def _accounts(place):
    """The accounts of this partnership, newest first; a partnership that was never closed has none: 404."""
    rows = ClosingAccount.objects.filter(visit__partnership=place.partnership)
    rows = rows.select_related("visit", "writer__person", "writer__organization", "published_by")
    found = list(rows.order_by("-visit__number")[:MOST])
    if not found:
        raise Http404
    return found


def account_of(arena):
    """The account that a closed partnership owes or has given, or None: one query, none while it works."""
    if arena.stage != Stage.CLOSED:
        return None
    rows = ClosingAccount.objects.filter(visit__partnership=arena, visit__left_at=None)
    return rows.select_related("writer__person", "writer__organization").first()


@require_safe
def closing_account(request, slug):
    """What came of the partnership; or who owes the account, and by when."""
    place = open_arena(request, slug)
    newest, *earlier = _accounts(place)
    open_again = newest.visit.left_at is not None
    may_write = may.can_write_account(place, newest)
    context = {
        "account": newest,
        "earlier": [one for one in earlier if one.published_at],
        "open_again": open_again,
        "owed": not open_again and newest.published_at is None,
        "overdue": newest.due_on < timezone.localdate(),
        "may_write": may_write,
        "may_publish": may.can_publish_account(place, newest),
        "complete": all(getattr(newest, part).strip() for part in actions.closing.NEEDED),
    }
    return render(request, "partnerships/closing_account.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_account(request, slug):
    """Write on the account; what somebody else wrote meanwhile is shown beside the words typed here."""
    place = open_arena(request, slug)
    account = _accounts(place)[0]
    may.can_write_account(place, account).enforce()
    form, status, lost = AccountForm(instance=account), 200, ""
    if request.method == "POST":
        form = AccountForm(request.POST, instance=ClosingAccount(pk=account.pk, version=account.version))
        status = 422
        if form.is_valid():
            expected = form.cleaned_data.pop("expected")
            facts = {"account": account, "expected": expected, "by": request.user, "at": timezone.now()}
            try:
                actions.closing.write_account(words=form.cleaned_data, **facts)
            except Conflict as conflict:
                status, lost = 409, conflict.sentence
                data = form.data.copy()
                data["expected"] = account.version
                form.data = data
            else:
                messages.success(request, _("It is saved. Nobody else reads it before it is published."))
                return redirect("closing_account", slug)
    context = {"account": account, "form": form, "lost": lost}
    return render(request, "partnerships/write_account.html", context, status=status)


@login_required
@require_POST
def publish_account(request, slug):
    """Publish the account to those who took part."""
    place = open_arena(request, slug)
    account = _accounts(place)[0]
    expected = request.POST.get("expected", "")
    facts = {"account": account, "by": request.user, "at": timezone.now()}
    try:
        actions.closing.publish_account(expected=int(expected) if expected.isdecimal() else -1, **facts)
    except ValidationError:
        messages.error(request, _("Something is still to be written before it is published."))
        return redirect("write_account", slug)
    messages.success(request, _("It is published, and everyone who took part is told."))
    return redirect("closing_account", slug)
