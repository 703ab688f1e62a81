"""What operators see of people and organizations: enough to help somebody who cannot get in."""

from django.contrib import admin

from .models import Affiliation, Organization, Person


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    """Who has an account, in what language, and whether it is open."""

    list_display = ["name", "email", "language", "is_active", "is_staff", "created_at"]
    list_filter = ["is_active", "is_staff", "language"]
    search_fields = ["name", "email", "=id"]
    exclude = ["password"]


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    """Which organizations take part, and on which side."""

    list_display = ["name", "sector", "side", "is_elected_body"]
    list_filter = ["sector", "side", "is_elected_body"]
    search_fields = ["name"]


@admin.register(Affiliation)
class AffiliationAdmin(admin.ModelAdmin):
    """Who stands where in which organization."""

    list_display = ["person", "organization", "standing", "since", "until"]
    list_filter = ["standing"]
    list_select_related = ["person", "organization"]
    search_fields = ["person__name", "organization__name"]
