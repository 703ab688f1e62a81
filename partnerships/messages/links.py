"""What every mail about a partnership carries: its name, its page, whom to call."""

from django.conf import settings

from ..models import Partnership


def arena_context(partnership, path=""):
    """Template context of a mail: the partnership, an absolute link to one of its pages, and the contact."""
    link = f"{settings.SITE_URL}/partnerships/{partnership.slug}/{path}"
    return platform_context(partnership.platform, link) | {"partnership": partnership}


def platform_context(platform, link):
    """The same for a mail about a platform, with an absolute link."""
    return {
        "platform": platform,
        "sender_name": platform.from_name,
        "contact_name": platform.contact_name,
        "contact_phone": platform.contact_phone,
        "contact_email": platform.contact_email,
        "link": link,
        "privacy_link": f"{settings.SITE_URL}/privacy/",
    }


def names_of(scopes):
    """{partnership id: (its title, the absolute link to its page)}."""
    rows = Partnership.objects.filter(pk__in=list(scopes)).values_list("pk", "title", "slug")
    return {pk: (title, f"{settings.SITE_URL}/partnerships/{slug}/") for pk, title, slug in rows}
