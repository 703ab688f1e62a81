"""Where the sign-in library meets our house."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as library_context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

from . import mails

NEXT = "next"


class AccountAdapter(DefaultAccountAdapter):
    """Mail goes through the outbox; codes can be read aloud over the telephone."""

    def send_mail(self, template_prefix, email, context):
        """Queue the library's mail as a row; nothing is sent inside the request."""
        request = library_context.request
        next_path = (request.POST.get(NEXT) or request.GET.get(NEXT, "")) if request else ""
        mails.write(
            template=template_prefix, address=email, code=context.get("code", ""), next_path=next_path
        )

    def save_user(self, request, user, form, commit=True):
        """A new person reads in the language they signed up in."""
        user.language = getattr(request, "LANGUAGE_CODE", user.language)[:2]
        return super().save_user(request, user, form, commit)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in through another provider. Never links to an existing account by e-mail address alone."""

    def populate_user(self, request, sociallogin, data):
        """Take the name the provider gives; the person can change it."""
        user = super().populate_user(request, sociallogin, data)
        parts = [data.get("first_name"), data.get("last_name")]
        user.name = data.get("name") or " ".join(part for part in parts if part) or ""
        return user
