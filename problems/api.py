"""Read: indicators. The problem definition itself is the partnership's text of kind problem."""

from rest_framework import serializers

from boundary.resources import Reading

from .models import Indicator


class IndicatorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Indicator
        fields = [
            "id",
            "partnership",
            "name",
            "unit",
            "baseline",
            "target",
            "direction",
            "source",
            "created_at",
        ]


class Indicators(Reading):
    """How one will see whether the problem gets smaller."""

    serializer_class = IndicatorSerializer
    filters = {"partnership": "partnership"}
    search = ("name",)
    since = "created_at"

    def visible(self):
        return Indicator.objects.visible_to(self.request.user)


RESOURCES = [("indicators", Indicators, "indicator")]
