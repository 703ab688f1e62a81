"""Organizations as people type them: the known one of that name, or a new one."""

from actors.actions import add_organization
from actors.models import Organization


def organization_named(*, name, sector, by, at):
    """The Organization of this name (in any case), else a new one of this sector; None for an empty name."""
    name = " ".join(name.split())
    if not name:
        return None
    known = Organization.objects.filter(name__iexact=name).order_by("created_at").first()
    return known or add_organization(name=name, sector=sector, by=by, at=at)
