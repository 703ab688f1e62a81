"""Is everything alive? Asked by monitors (JSON) and by people (a small page); 200 when all is well, else 503."""

import logging
import time

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notices.models import CLAIMABLE, Dispatcher, Notice

logger = logging.getLogger(__name__)
TICK = "cocreate:beat-tick"
TICK_MAY_BE_OLD = 60  # seconds; beat ticks every 5
MAIL_MAY_WAIT = 15 * 60  # seconds; a mail server that is away for longer needs somebody's attention
NAMES = {
    "database": gettext_lazy("Database"),
    "broker": gettext_lazy("Broker"),
    "clock": gettext_lazy("Clock and workers"),
    "mail": gettext_lazy("Outgoing mail"),
}


@require_safe
@never_cache
def health(request):
    """Every part's state, as JSON or as a page that needs neither database nor session."""
    parts = {"database": _database(), "broker": _broker(), "clock": _clock(), "mail": _mail()}
    status = 200 if all(part["ok"] for part in parts.values()) else 503
    if request.accepts("text/html"):
        rows = [{"name": NAMES[key], **part} for key, part in parts.items()]
        return HttpResponse(
            render_to_string("cocreate/health.html", {"ok": status == 200, "rows": rows}), status=status
        )
    return JsonResponse({"status": "ok" if status == 200 else "trouble", **parts}, status=status)


def mark_tick():
    """Note in the broker that the clock ticked and a worker took the tick."""
    with _client() as client:
        client.set(TICK, time.time())


def _client():
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("the database does not answer")
        return {"ok": False, "note": _("It does not answer.")}
    return {"ok": True, "note": _("It answers.")}


def _broker():
    try:
        with _client() as client:
            client.ping()
    except redis.RedisError:
        logger.exception("the broker does not answer")
        return {"ok": False, "note": _("It does not answer. Mails wait until it does; nothing is lost.")}
    return {"ok": True, "note": _("It answers.")}


def _clock():
    try:
        with _client() as client:
            ticked = client.get(TICK)
    except redis.RedisError:
        ticked = None
    if not ticked:
        return {"ok": False, "note": _("No tick was seen yet."), "seconds": None}
    age = round(time.time() - float(ticked))
    note = _("The last tick was %(seconds)d seconds ago.") % {"seconds": age}
    return {"ok": age <= TICK_MAY_BE_OLD, "note": note, "seconds": age}


def _mail():
    try:
        paused = Dispatcher.objects.filter(paused=True).exists()
        oldest = Notice.objects.filter(state__in=CLAIMABLE).aggregate(due=Min("due_at"))["due"]
    except DatabaseError:
        return {"ok": False, "note": _("What is waiting cannot be read."), "paused": None, "seconds": None}
    waits = max(0, round((timezone.now() - oldest).total_seconds())) if oldest else 0
    facts = {"paused": paused, "seconds": waits}
    if paused:
        return {
            "ok": False,
            "note": _("It is paused: nothing goes out until an operator resumes it."),
            **facts,
        }
    note = (
        _("The oldest message has waited %(seconds)d seconds.") % facts if waits else _("Nothing is waiting.")
    )
    return {"ok": waits <= MAIL_MAY_WAIT, "note": note, **facts}
