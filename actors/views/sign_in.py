"""The e-mailed link: a page with a confirm button, because mail scanners fetch every link."""

from allauth.account.utils import perform_login
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import actions
from ..models import SignInMail


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request, pk, given):
    """Show who would be signed in; signing in takes the button. Looking changes nothing."""
    mail = SignInMail.objects.select_related("person").filter(pk=pk).first()
    why_not = actions.usable_link(mail=mail, given=given, at=timezone.now())
    if why_not:
        return render(request, "actors/sign_in_link_unusable.html", {"why_not": why_not}, status=410)
    if request.method != "POST":
        return render(request, "actors/sign_in_link.html", {"person": mail.person})
    person = actions.use_sign_in_link(mail=mail, given=given, at=timezone.now())
    return perform_login(request, person, redirect_url=mail.next_path or None, email=person.email)
