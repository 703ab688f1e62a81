"""Read: what is said in partnerships, and what became of it. Names are withheld here as they are on the pages."""

from uuid import UUID

from django.db.models import Exists, OuterRef
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from boundary.resources import Reading

from .models import Contribution, Response


class ResponseSerializer(serializers.ModelSerializer):
    class Meta:
        model = Response
        fields = ["outcome", "reason", "at"]


class ContributionSerializer(serializers.ModelSerializer):
    body = serializers.SerializerMethodField(
        help_text="Markdown; empty where the contribution is hidden or was taken back."
    )
    member = serializers.SerializerMethodField(help_text="Null where you may not know who said it.")
    behalf_sector = serializers.CharField(
        help_text="Sector of who said it, where somebody else typed it in; empty where it is not known."
    )
    response = serializers.SerializerMethodField()

    class Meta:
        model = Contribution
        fields = [
            *("id", "partnership", "member", "kind", "body", "reply_to", "thread", "meeting", "wants_answer"),
            *("anonymous", "way", "on_behalf_of", "behalf_sector", "response", "created_at", "edited_at"),
            *("retracted_at", "hidden_at", "hidden_reason"),
        ]

    def get_body(self, contribution) -> str:
        return contribution.body if contribution.is_shown else ""

    def get_member(self, contribution) -> UUID | None:
        return contribution.member_id if contribution.is_named else None

    @extend_schema_field(ResponseSerializer(allow_null=True))
    def get_response(self, contribution):
        found = getattr(contribution, "response", None)
        return ResponseSerializer(found).data if found else None


class Contributions(Reading):
    """What members say, and what became of it."""

    serializer_class = ContributionSerializer
    filters = {"partnership": "partnership", "kind": "kind", "member": "member", "thread": "thread"}
    since = "created_at"

    def visible(self):
        rows = Contribution.objects.visible_to(self.request.user).select_related("response")
        named = Contribution.objects.named_to(self.request.user)
        if self.request.query_params.get("member"):
            rows = rows.filter(pk__in=named.values("pk"))
        return rows.annotate(is_named=Exists(named.filter(pk=OuterRef("pk"))))

    def _searched(self, rows):
        words = self._words()
        return rows.shown().filter(body__icontains=words) if words else rows
