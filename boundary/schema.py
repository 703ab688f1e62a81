"""What the API's description says of a resource: its own filters, not only those the framework knows."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter


class Described(AutoSchema):
    """Adds the filters, `search` and `updated_since` of a boundary.resources.Reading to its list."""

    def get_override_parameters(self):
        if getattr(self.view, "action", "") != "list" or not hasattr(self.view, "filters"):
            return []
        found = [
            OpenApiParameter(name, OpenApiTypes.STR, description=f"Only rows with this {name}.")
            for name in self.view.filters
        ]
        if self.view.search:
            found.append(OpenApiParameter("search", OpenApiTypes.STR, description="Words to look for."))
        if self.view.since:
            found.append(
                OpenApiParameter(
                    "updated_since",
                    OpenApiTypes.DATETIME,
                    description="Only rows since this time (RFC 3339).",
                )
            )
        return found
