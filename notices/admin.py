"""What operators see of outgoing mail: rows without their contents, and the switch that stops everything."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import actions
from .models import Dispatcher, Notice, Suppression


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):
    """Which message stands where. The sealed facts it carries, such as a sign-in code, are not shown."""

    list_display = ["kind", "lane", "state", "reason", "attempts", "due_at", "sent_at"]
    list_filter = ["state", "lane", "kind"]
    search_fields = ["=id", "=recipient", "=scope", "=message_id"]
    exclude = ["secret"]


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):
    """How many addresses mail came back from; the addresses themselves are not kept."""

    list_display = ["address_digest", "reason", "since"]
    list_filter = ["reason"]


@admin.register(Dispatcher)
class DispatcherAdmin(admin.ModelAdmin):
    """Whether mail goes out at all."""

    list_display = ["__str__", "paused", "why", "since"]
    actions = ["pause", "resume"]

    @admin.action(description=_("Stop all mail: what is owed waits"))
    def pause(self, request, _rows):
        actions.pause(at=timezone.now())

    @admin.action(description=_("Let mail go out again"))
    def resume(self, request, _rows):
        actions.resume(at=timezone.now())
