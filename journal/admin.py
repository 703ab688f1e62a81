"""What operators see of the lasting record: every line, of every scope."""

from django.contrib import admin

from .models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """Who did what when, by ids; the chain's digests beside it."""

    list_display = ["at", "scope", "sequence", "verb", "actor", "audience"]
    list_filter = ["audience"]
    search_fields = ["=scope", "=actor", "=verb"]
    date_hierarchy = "at"
