"""Read: organizations."""

from rest_framework import serializers

from boundary.resources import Reading

from .models import Organization


class OrganizationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organization
        fields = ["id", "name", "sector", "side", "kind", "is_elected_body", "created_at"]


class Organizations(Reading):
    """Bodies that take part: municipalities, agencies, companies, associations, universities, elected bodies."""

    serializer_class = OrganizationSerializer
    filters = {"sector": "sector", "side": "side", "is_elected_body": "is_elected_body"}
    search = ("name",)
    since = "created_at"

    def visible(self):
        return Organization.objects.all()


RESOURCES = [("organizations", Organizations, "organization")]
