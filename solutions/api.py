"""Read: proposals, value propositions, authorizations, the plan, reports and measurements."""

from django.db.models import F
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from boundary.resources import Reading
from partnerships.models import Partnership

from .models import (
    Authorization,
    AuthorizationRequest,
    Handover,
    Measurement,
    Proposal,
    Step,
    StepReport,
    ValueProposition,
)


def with_age(rows):
    """Rows with when their text was started: the cursor of a page must be a field of the row itself."""
    return rows.annotate(created_at=F("text__created_at"))


class ProposalSerializer(serializers.ModelSerializer):
    class Meta:
        model = Proposal
        fields = ["text", "partnership", "novelty"]


class Proposals(Reading):
    """Options for a solution. Title, words, authors and adoption are those of the text."""

    serializer_class = ProposalSerializer
    lookup_field = "text"
    filters = {"partnership": "partnership", "novelty": "novelty"}
    ordering = ("-created_at", "text_id")

    def visible(self):
        readable = Partnership.objects.readable_by(self.request.user)
        return with_age(Proposal.objects.filter(partnership__in=readable))


class ValuePropositionSerializer(serializers.ModelSerializer):
    class Meta:
        model = ValueProposition
        fields = ["text", "partnership", "proposal"]


class ValuePropositions(Reading):
    """Dossiers for authorization: value, legitimacy and support, capacity, as sections of the text."""

    serializer_class = ValuePropositionSerializer
    lookup_field = "text"
    filters = {"partnership": "partnership"}
    ordering = ("-created_at", "text_id")

    def visible(self):
        readable = Partnership.objects.readable_by(self.request.user)
        return with_age(ValueProposition.objects.filter(partnership__in=readable))


class AuthorizationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Authorization
        fields = [
            *("id", "outcome", "decided_on", "item", "minutes_link", "closed_item", "words", "conditions"),
            *("expires_on", "vote_detail", "votes_for", "votes_against", "votes_abstained", "votes_text"),
            "entered_at",
        ]


class AuthorizationRequestSerializer(serializers.ModelSerializer):
    authorization = serializers.SerializerMethodField(help_text="The body's answer as minuted, once entered.")

    class Meta:
        model = AuthorizationRequest
        fields = [
            *("id", "partnership", "revision", "digest", "body", "meeting_on", "case_number", "asked_at"),
            *("withdrawn_at", "authorization"),
        ]

    @extend_schema_field(AuthorizationSerializer(allow_null=True))
    def get_authorization(self, request):
        found = getattr(request, "authorization", None)
        return AuthorizationSerializer(found).data if found else None


class Authorizations(Reading):
    """Requests to competent bodies about one revision, and their answers."""

    serializer_class = AuthorizationRequestSerializer
    filters = {
        "partnership": "partnership",
        "body": "body",
        "revision": "revision",
        "outcome": "authorization__outcome",
    }
    ordering = ("-asked_at", "id")
    since = "asked_at"

    def visible(self):
        requests = AuthorizationRequest.objects.visible_to(self.request.user)
        return requests.select_related("authorization")


class StepReportSerializer(serializers.ModelSerializer):
    class Meta:
        model = StepReport
        fields = ["id", "member", "status", "body", "at"]


class HandoverSerializer(serializers.ModelSerializer):
    percent = serializers.IntegerField(
        allow_null=True, read_only=True, help_text="How much of what it needs is supplied, rounded down."
    )

    class Meta:
        model = Handover
        fields = ["why", "needed", "supplied", "unit", "accountable", "contested", "percent"]


class StepSerializer(serializers.ModelSerializer):
    owners = serializers.SerializerMethodField(
        help_text="Ids of the commitments by which members own the step."
    )
    reports = StepReportSerializer(many=True, read_only=True)
    handover = serializers.SerializerMethodField(
        help_text="What the step needs and gets, where it was a public task before."
    )

    class Meta:
        model = Step
        fields = [
            "id",
            "partnership",
            "number",
            "what",
            "due_on",
            "condition_of",
            "owners",
            "reports",
            "handover",
            "created_at",
        ]

    @extend_schema_field(HandoverSerializer(allow_null=True))
    def get_handover(self, step):
        found = getattr(step, "handover", None)
        return HandoverSerializer(found).data if found else None

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_owners(self, step):
        return [ownership.commitment_id for ownership in step.ownerships.all()]


class Steps(Reading):
    """The plan: steps, who owns them, and how they are going, newest report first."""

    serializer_class = StepSerializer
    filters = {"partnership": "partnership"}
    search = ("what",)
    since = "created_at"

    def visible(self):
        steps = Step.objects.visible_to(self.request.user).select_related("handover")
        return steps.prefetch_related("ownerships", "reports")


class MeasurementSerializer(serializers.ModelSerializer):
    class Meta:
        model = Measurement
        fields = ["id", "indicator", "measured_on", "value", "source", "note", "entered_at"]


class Measurements(Reading):
    """Dated values of indicators. Two sources may disagree, and both stay."""

    serializer_class = MeasurementSerializer
    filters = {"indicator": "indicator", "partnership": "indicator__partnership"}
    ordering = ("-entered_at", "id")
    since = "entered_at"

    def visible(self):
        readable = Partnership.objects.readable_by(self.request.user)
        return Measurement.objects.filter(indicator__partnership__in=readable)


RESOURCES = [
    ("proposals", Proposals, "proposal"),
    ("value-propositions", ValuePropositions, "value_proposition"),
    ("authorizations", Authorizations, "authorization"),
    ("steps", Steps, "step"),
    ("measurements", Measurements, "measurement"),
]
