"""A resource of the API that can be read. Apart from boundary.api, which the framework's settings import early."""

from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework import exceptions, viewsets


class Reading(viewsets.ReadOnlyModelViewSet):
    """A resource to read: list and detail, from what the caller may see, with filters named as fields.

    filters   {query parameter: queryset lookup}; a parameter that no filter has is refused (400), never ignored
    search    model fields that `search` looks in (case-insensitive)
    since     model field that `updated_since` compares with (RFC 3339), if the resource has one

    Each resource writes `visible(self)`: the rows the caller may see.
    """

    filters = {}
    search = ()
    since = None
    known = frozenset({"cursor", "page_size", "search", "updated_since", "format"})

    def get_queryset(self):
        """Visible rows, filtered by the address."""
        if getattr(self, "swagger_fake_view", False):
            return self.serializer_class.Meta.model._default_manager.none()
        if self.action != "list":
            return self.visible()
        return self._since(self._searched(self._filtered(self.visible())))

    def _filtered(self, rows):
        given = self.request.query_params
        unknown = sorted(set(given) - set(self.filters) - self.known)
        if unknown:
            raise exceptions.ValidationError({name: [_("There is no such filter.")] for name in unknown})
        for name, lookup in self.filters.items():
            if name in given:
                if "\x00" in given[name]:  # no text that is kept holds it, and the database refuses it
                    raise exceptions.ValidationError({name: [_("This value does not fit.")]})
                try:
                    rows = rows.filter(**{lookup: given[name]})
                except (ValueError, ValidationError) as error:
                    raise exceptions.ValidationError({name: [_("This value does not fit.")]}) from error
        return rows

    def _words(self):
        """The words to look for; "" for none."""
        return self.request.query_params.get("search", "").replace("\x00", "").strip()

    def _searched(self, rows):
        words = self._words()
        if not words or not self.search:
            return rows
        return rows.filter(reduce(or_, (Q(**{f"{field}__icontains": words}) for field in self.search)))

    def _since(self, rows):
        text = self.request.query_params.get("updated_since")
        if text is None or self.since is None:
            return rows
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise exceptions.ValidationError(
                {"updated_since": [_("Write a time like 2027-02-18T17:30:00Z.")]}
            )
        return rows.filter(**{f"{self.since}__gte": moment})
