"""Read: platforms, partnerships and what is said, written, decided, promised and met about in them.

The same querysets as the pages: what a caller may not see does not exist here either.
"""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from boundary.resources import Reading

from .conversation_api import Contributions
from .models import (
    Attendance,
    Citation,
    Commitment,
    Decision,
    Invitation,
    Mandate,
    Meeting,
    Member,
    Partnership,
    Platform,
    Position,
    Revision,
    StageVisit,
    Text,
)


class PlatformSerializer(serializers.ModelSerializer):
    class Meta:
        model = Platform
        fields = [
            "id",
            "slug",
            "name",
            "owner",
            "area",
            "introduction",
            "language",
            "time_zone",
            "created_at",
        ]


class Platforms(Reading):
    """Lasting hosts of partnerships."""

    serializer_class = PlatformSerializer
    filters = {"owner": "owner", "slug": "slug"}
    search = ("name", "area")

    def visible(self):
        return Platform.objects.all()


class PartnershipSerializer(serializers.ModelSerializer):
    reconstructed = serializers.SerializerMethodField(
        help_text="Whether this partnership was reconstructed from public sources."
    )

    class Meta:
        model = Partnership
        fields = [
            *("id", "slug", "platform", "title", "summary", "case_number", "stage", "paused_at"),
            *("visibility", "join_policy", "language", "time_zone", "reconstructed"),
            *("created_at", "closed_at"),
        ]

    def get_reconstructed(self, partnership) -> bool:
        return bool(partnership.reconstructed_from)


class Partnerships(Reading):
    """Public and private actors who define a common problem, design a better solution and implement it."""

    serializer_class = PartnershipSerializer
    filters = {"platform": "platform", "stage": "stage", "join_policy": "join_policy", "slug": "slug"}
    search = ("title", "summary")
    since = "created_at"

    def visible(self):
        return Partnership.objects.visible_to(self.request.user)


class MandateSerializer(serializers.ModelSerializer):
    class Meta:
        model = Mandate
        fields = [
            *("partnership", "question", "scope", "non_negotiables", "interdependence", "resources"),
            *("sponsor", "recipient", "competent_body", "competence_source", "ends_on"),
            *("promise_kind", "promise_state", "promise_by", "promise_minute", "promise_on"),
        ]


class Mandates(Reading):
    """The question a partnership is given, what cannot be changed, and what is promised back."""

    serializer_class = MandateSerializer
    lookup_field = "partnership"
    filters = {"partnership": "partnership"}
    ordering = ("partnership_id",)

    def visible(self):
        return Mandate.objects.filter(partnership__in=Partnership.objects.readable_by(self.request.user))


class VisitSerializer(serializers.ModelSerializer):
    class Meta:
        model = StageVisit
        fields = ["id", "partnership", "stage", "number", "entered_at", "due_on", "left_at", "reason"]


class Visits(Reading):
    """Stays in stages, loops included."""

    serializer_class = VisitSerializer
    filters = {"partnership": "partnership", "stage": "stage"}
    ordering = ("-entered_at", "id")

    def visible(self):
        return StageVisit.objects.filter(partnership__in=Partnership.objects.readable_by(self.request.user))


class MemberSerializer(serializers.ModelSerializer):
    name = serializers.CharField(
        source="shown_name", help_text="Name, or function where the member chose so."
    )

    class Meta:
        model = Member
        fields = [
            *("id", "partnership", "name", "role", "sector", "side", "organization", "function"),
            *("joined_at", "left_at"),
        ]


class Members(Reading):
    """Who takes part, for whom, with which role."""

    serializer_class = MemberSerializer
    filters = {"partnership": "partnership", "role": "role", "sector": "sector", "side": "side"}
    ordering = ("-joined_at", "id")
    since = "joined_at"

    def visible(self):
        return Member.objects.visible_to(self.request.user).select_related("person")


class InvitationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Invitation
        fields = [
            *("id", "partnership", "number", "address", "name", "organization", "sector", "side", "role"),
            *("language", "state", "created_at", "sent_at", "seen_at", "answered_at", "expires_at", "reason"),
        ]


class Invitations(Reading):
    """Asks to join, for those who lead the partnership or keep its case."""

    serializer_class = InvitationSerializer
    filters = {"partnership": "partnership", "state": "state", "sector": "sector"}
    search = ("address", "name")
    since = "created_at"

    def visible(self):
        return Invitation.objects.visible_to(self.request.user)


class TextSerializer(serializers.ModelSerializer):
    class Meta:
        model = Text
        fields = ["id", "partnership", "kind", "title", "adopted_revision", "created_at"]


class Texts(Reading):
    """Charters, problem definitions, proposals and value propositions."""

    serializer_class = TextSerializer
    filters = {"partnership": "partnership", "kind": "kind"}
    search = ("title",)
    since = "created_at"

    def visible(self):
        return Text.objects.visible_to(self.request.user)


class CitationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Citation
        fields = ["contribution"]


class RevisionSerializer(serializers.ModelSerializer):
    body = serializers.DictField(child=serializers.CharField(), help_text="Markdown by section key.")
    authors = serializers.SerializerMethodField(help_text="Ids of the members who wrote it.")
    cites = serializers.SerializerMethodField(help_text="Ids of the contributions it rests on.")

    class Meta:
        model = Revision
        fields = [
            "id",
            "text",
            "number",
            "based_on",
            "body",
            "note",
            "digest",
            "authors",
            "cites",
            "created_at",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_authors(self, revision):
        return [author.member_id for author in revision.authors.all()]

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_cites(self, revision):
        return [citation.contribution_id for citation in revision.citations.all()]


class Revisions(Reading):
    """States of texts, each with the SHA-256 digest of its exact words; they never change."""

    serializer_class = RevisionSerializer
    filters = {"text": "text", "partnership": "text__partnership", "digest": "digest"}
    since = "created_at"

    def visible(self):
        texts = Text.objects.visible_to(self.request.user)
        return Revision.objects.filter(text__in=texts).prefetch_related("authors", "citations")


class PositionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Position
        fields = ["member", "choice", "reason", "digest", "at"]


class DecisionSerializer(serializers.ModelSerializer):
    positions = serializers.SerializerMethodField(help_text="Given once the decision is closed.")

    class Meta:
        model = Decision
        fields = [
            *("id", "partnership", "text", "revision", "question", "rule", "round"),
            *(
                "quorum_public",
                "quorum_non_public",
                "opened_at",
                "closes_at",
                "closed_at",
                "outcome",
                "positions",
            ),
        ]

    @extend_schema_field(PositionSerializer(many=True))
    def get_positions(self, decision):
        shown = decision.positions.all() if decision.closed_at else []
        return PositionSerializer(shown, many=True).data


class Decisions(Reading):
    """Questions settled by the members about one revision of one text."""

    serializer_class = DecisionSerializer
    filters = {"partnership": "partnership", "text": "text", "revision": "revision", "outcome": "outcome"}
    ordering = ("-opened_at", "id")
    since = "opened_at"

    def visible(self):
        begun = Decision.objects.visible_to(self.request.user).exclude(
            opened_at=None
        )  # planned ones come later
        return begun.prefetch_related("positions")


class CommitmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Commitment
        fields = [
            *("id", "partnership", "member", "kind", "what", "amount", "unit", "delivered", "due_on"),
            *("state", "note", "created_at", "accepted_at", "settled_at"),
        ]


class Commitments(Reading):
    """What members promise one another, and what became of it."""

    serializer_class = CommitmentSerializer
    filters = {"partnership": "partnership", "member": "member", "kind": "kind", "state": "state"}
    search = ("what",)
    since = "created_at"

    def visible(self):
        return Commitment.objects.visible_to(self.request.user)


class MeetingSerializer(serializers.ModelSerializer):
    coming = serializers.SerializerMethodField(
        help_text="How many members said yes. Who, is for the members."
    )
    attended = serializers.SerializerMethodField(
        help_text="How many came, or null where it was not recorded."
    )

    class Meta:
        model = Meeting
        fields = [
            *("id", "partnership", "title", "starts_at", "ends_at", "time_zone", "place", "agenda"),
            *(
                "created_at",
                "cancelled_at",
                "cancelled_reason",
                "minutes",
                "minutes_at",
                "coming",
                "attended",
            ),
        ]

    def get_coming(self, meeting) -> int:
        return sum(
            a.answer in (Attendance.Answer.ROOM, Attendance.Answer.ONLINE) for a in meeting.attendances.all()
        )

    def get_attended(self, meeting) -> int | None:
        recorded = [a.attended for a in meeting.attendances.all() if a.attended is not None]
        return sum(recorded) if recorded else None


class Meetings(Reading):
    """Meetings, who came, and the minutes. The link to an online meeting is for members, on its page."""

    serializer_class = MeetingSerializer
    filters = {"partnership": "partnership"}
    search = ("title",)
    ordering = ("-starts_at", "id")
    since = "created_at"

    def visible(self):
        return Meeting.objects.visible_to(self.request.user).prefetch_related("attendances")


RESOURCES = [
    ("platforms", Platforms, "platform"),
    ("partnerships", Partnerships, "partnership"),
    ("mandates", Mandates, "mandate"),
    ("visits", Visits, "visit"),
    ("members", Members, "member"),
    ("invitations", Invitations, "invitation"),
    ("contributions", Contributions, "contribution"),
    ("texts", Texts, "text"),
    ("revisions", Revisions, "revision"),
    ("decisions", Decisions, "decision"),
    ("commitments", Commitments, "commitment"),
    ("meetings", Meetings, "meeting"),
]
