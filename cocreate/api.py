"""The API's front door: one router over what each app offers, the record, the schema and its reference page."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.routers import SimpleRouter

import actors.api
import partnerships.api
import problems.api
import solutions.api
from boundary.resources import Reading
from journal.models import Entry
from partnerships.models import Partnership
from partnerships.places import place_of


class EntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = Entry
        fields = ["scope", "sequence", "at", "audience", "actor", "verb", "ids", "previous", "digest"]


class Record(Reading):
    """The record of one partnership in order of sequence: the way to follow it. Needs `partnership`."""

    serializer_class = EntrySerializer
    filters = {"partnership": "scope", "after": "sequence__gt", "verb": "verb"}
    ordering = ("sequence", "id")
    lookup_field = "sequence"

    def visible(self):
        pk = self.request.query_params.get("partnership", "")
        try:
            partnership = Partnership.objects.readable_by(self.request.user).get(pk=pk)
        except ValidationError as error:
            needed = _("Name the partnership whose record you want, by its id.")
            raise serializers.ValidationError({"partnership": [needed]}) from error
        except Partnership.DoesNotExist as error:
            raise Http404 from error
        return Entry.objects.filter(scope=partnership.pk).for_audience(
            audience_in(partnership, self.request.user)
        )


def audience_in(partnership, person):
    """The widest audience of a partnership's record that this person belongs to."""
    place = place_of(partnership, person)
    if place.leads or place.keeps_cases:
        return "conveners"
    return "members" if place.member else "public"


router = SimpleRouter()
for app in (actors.api, partnerships.api, problems.api, solutions.api):
    for prefix, view, name in app.RESOURCES:
        router.register(prefix, view, basename=f"api_{name}")
router.register("record", Record, basename="api_record")

schema = SpectacularAPIView.as_view()
