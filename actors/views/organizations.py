"""An organization: what it is and which side it counts for."""

from django.shortcuts import get_object_or_404, render

from ..models import Organization


def organization(request, pk):
    """Name, sector, side. Who stands in it is not listed: people choose what they show."""
    shown = get_object_or_404(Organization, pk=pk)
    return render(request, "actors/organization.html", {"organization": shown})
