"""What every mail about a partnership carries: its name, its page, whom to call."""

from django.conf import settings


def arena_context(partnership, path=""):
    """Template context of a mail: the partnership, an absolute link to one of its pages, and the contact."""
    platform = partnership.platform
    return {
        "partnership": partnership,
        "platform": platform,
        "sender_name": platform.from_name,
        "contact_name": platform.contact_name,
        "contact_phone": platform.contact_phone,
        "contact_email": platform.contact_email,
        "link": f"{settings.SITE_URL}/partnerships/{partnership.slug}/{path}",
        "privacy_link": f"{settings.SITE_URL}/privacy/",
    }
