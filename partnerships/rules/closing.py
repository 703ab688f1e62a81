"""Who writes the account that is owed at the end, and who publishes it."""

from django.utils.translation import gettext as _

from boundary.answer import YES, no

from .standing import conveners_only, in_stage


def writes(place, account):
    """Whether this reader is the one who said they write it."""
    return bool(place.member and place.member.pk == account.writer_id)


def can_write_account(place, account):
    """Its writer and the conveners write it, until it is published."""
    return _not_published(account) and in_stage(place, "account") and _writer_or_convener(place, account)


def can_publish_account(place, account):
    """A convener publishes it, and answers for it."""
    return _not_published(account) and in_stage(place, "account") and conveners_only(place)


def _not_published(account):
    return no(_("This account is published. It stays as it is.")) if account.published_at else YES


def _writer_or_convener(place, account):
    return YES if writes(place, account) else conveners_only(place)
