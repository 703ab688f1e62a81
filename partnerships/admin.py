"""What operators see of arenas: where they stand and who may convene, never what a member wrote in confidence."""

from django.contrib import admin

from .models import Invitation, Member, Office, Partnership, Platform


@admin.register(Platform)
class PlatformAdmin(admin.ModelAdmin):
    """The lasting hosts and their settings."""

    list_display = ["name", "owner", "area", "language"]
    list_select_related = ["owner"]
    search_fields = ["name", "slug"]


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin):
    """Who may convene, keeps the minutes or gives access, on which platform."""

    list_display = ["person", "kind", "platform", "since", "until"]
    list_filter = ["kind", "platform"]
    list_select_related = ["person", "platform"]


@admin.register(Partnership)
class PartnershipAdmin(admin.ModelAdmin):
    """Each arena's stage and doors."""

    list_display = ["title", "platform", "stage", "visibility", "join_policy", "case_number", "created_at"]
    list_filter = ["stage", "visibility", "join_policy", "platform"]
    list_select_related = ["platform"]
    search_fields = ["title", "slug", "=case_number", "=id"]


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    """Who sits where."""

    list_display = ["person", "partnership", "role", "side", "joined_at", "left_at"]
    list_filter = ["role", "side"]
    list_select_related = ["person", "partnership", "organization"]
    search_fields = ["person__name", "partnership__title"]


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """What became of each ask. What its link is made from is not shown."""

    list_display = ["number", "partnership", "address", "state", "sent_at", "answered_at", "expires_at"]
    list_filter = ["state"]
    list_select_related = ["partnership"]
    search_fields = ["address", "partnership__title"]
    exclude = ["nonce"]
