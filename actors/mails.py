"""Mail about signing in: a row with its words sealed, sent by the outbox's prompt lane, emptied afterwards.

The web never waits for SMTP, and a known address costs the same as an unknown one: one row.
"""

import datetime

from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from boundary.secrets import seal, unseal
from boundary.tokens import new_nonce, token
from notices.actions import tell
from notices.kinds import Kind, Recipient

from .models import SignInMail

LIFETIME = datetime.timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)

KIND_OF_TEMPLATE = {  # the sign-in library's template -> our kind of notice
    "account/email/login_code": "sign_in_code",
    "account/email/email_confirmation": "address_code",
    "account/email/email_confirmation_signup": "address_code",
    "account/email/password_reset_code": "password_code",
    "account/email/unknown_account": "unknown_address",
    "account/email/account_already_exists": "known_address",
}
SECURITY_NEWS = {  # what happened -> in words
    "account/email/email_changed": _("The e-mail address of your account was changed."),
    "account/email/email_confirm": _("An e-mail address of your account was confirmed."),
    "account/email/email_deleted": _("An e-mail address was removed from your account."),
    "account/email/password_changed": _("The password of your account was changed."),
    "account/email/password_reset": _("The password of your account was reset."),
    "account/email/password_set": _("A password was set for your account."),
    "mfa/email/totp_activated": _("A second factor was set up for your account."),
    "mfa/email/totp_deactivated": _("The second factor of your account was removed."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your account."),
    "socialaccount/email/account_connected": _("Another way to sign in was added to your account."),
    "socialaccount/email/account_disconnected": _("A way to sign in was removed from your account."),
}


def safe_next(path):
    """`path` if it leads to a page of this site, else nothing."""
    return path if path and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


@transaction.atomic
def write(*, template, address, code="", next_path="", at=None):
    """Queue one mail about signing in to `address`. Returns its row, or None for a template we do not send."""
    at = at or timezone.now()
    kind = KIND_OF_TEMPLATE.get(template) or ("security_news" if template in SECURITY_NEWS else None)
    if kind is None:
        raise LookupError(f"no mail is written for {template}")
    person = next(iter(filter_users_by_email(address, is_active=True, prefer_verified=True)), None)
    mail = SignInMail.objects.create(
        kind=kind,
        person=person,
        sealed=seal(
            {
                "address": address,
                "language": person.language
                if person
                else translation.get_language() or settings.LANGUAGE_CODE,
                "code": code,
                "news": template if kind == "security_news" else "",
            }
        ),
        nonce=new_nonce(),
        next_path=safe_next(next_path)[:500],
        created_at=at,
        expires_at=at + LIFETIME,
    )
    tell(kind=kind, recipients=[mail.pk], at=at)
    return mail


def link_of(mail):
    """The absolute address of a mail's sign-in link."""
    return f"{settings.SITE_URL}/sign-in/{mail.pk}/{token('sign-in', mail.pk, mail.nonce)}/"


def recipients(ids):
    """{mail id: Recipient} of mails that have not been emptied."""
    found = {}
    for mail in SignInMail.objects.filter(pk__in=list(ids)).exclude(sealed="").select_related("person"):
        words = unseal(mail.sealed)
        zone = mail.person.time_zone if mail.person else settings.TIME_ZONE
        name = mail.person.name if mail.person else ""
        found[mail.pk] = Recipient(
            address=words["address"], name=name, language=words["language"], time_zone=zone
        )
    return found


def context(notices):
    """{notice id: what the mail tells}."""
    mails = SignInMail.objects.in_bulk([notice.recipient for notice in notices])
    told = {}
    for notice in notices:
        mail = mails.get(notice.recipient)
        if mail and mail.sealed:
            words = unseal(mail.sealed)
            told[notice.pk] = {
                "code": words["code"],
                "link": link_of(mail),
                "site_name": settings.SITE_NAME,
                "site_url": settings.SITE_URL,
                "minutes": int(LIFETIME.total_seconds() // 60),
                "news": SECURITY_NEWS.get(words["news"], ""),
            }
    return told


def still_true(notices):
    """Codes and links only while they can be used; news always."""
    now = timezone.now()
    fresh = SignInMail.objects.filter(pk__in=[n.recipient for n in notices], used_at=None).exclude(sealed="")
    usable = set(fresh.filter(expires_at__gt=now).values_list("pk", flat=True))
    usable |= set(fresh.filter(kind="security_news").values_list("pk", flat=True))
    return {n.pk for n in notices if n.recipient in usable}


def empty_sealed(notices, at):
    """Forget what the mails said, now that they are sent or given up."""
    SignInMail.objects.filter(pk__in=[n.recipient for n in notices]).update(sealed="")


ASKED_WITH_ADDRESS = _(
    "You get this because your address was entered at this site. If it was not you, do nothing."
)
ACCOUNT = _("You get this because you have an account here. It comes whatever you have chosen.")


def _kind(name, label, why=ASKED_WITH_ADDRESS):
    return Kind(
        name=name,
        label=label,
        why=why,
        template=f"actors/mail/{name}",
        context=context,
        still_true=still_true,
        recipients=recipients,
        lane="prompt",
        on_site=False,
        switchable=False,
        on_ambiguous="resend",
        on_sent=empty_sealed,
        on_failed=empty_sealed,
        on_dropped=empty_sealed,
    )


KINDS = [
    _kind("sign_in_code", _("Code and link to sign in")),
    _kind("address_code", _("Code to confirm your address")),
    _kind("password_code", _("Code to choose a new password")),
    _kind("unknown_address", _("Somebody tried to sign in with your address")),
    _kind("known_address", _("Somebody tried to sign up with your address")),
    _kind("security_news", _("News about the safety of your account"), ACCOUNT),
]
