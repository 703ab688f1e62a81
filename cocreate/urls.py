"""Every address of the site. Apps bring their own; pages that need several apps are here."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from cocreate import api
from cocreate.health import health
from cocreate.views import (
    api_reference,
    calendars,
    choose_language,
    desk,
    export,
    feeds,
    home,
    manage,
    messages,
    mine,
    my_data,
    partnership,
    pausing,
    preparing,
    record,
    sources,
    waivers,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("help/", home.help, name="help"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("privacy/", home.privacy, name="privacy"),
    path("mine/", mine.mine, name="mine"),
    path("mine/seen/", mine.seen, name="seen"),
    path("mine/notices/", messages.my_notices, name="my_notices"),
    path("mine/notices/read/", messages.mark_notices, name="mark_notices"),
    path("mine/notices/<uuid:pk>/", messages.open_notice, name="open_notice"),
    path("mine/notices/<uuid:pk>/mark/", messages.mark_notice, name="mark_notice"),
    path("mine/messages/", RedirectView.as_view(url="/mine/notices/", permanent=True), name="my_messages"),
    path("mine/calendars/", calendars.my_calendars, name="my_calendars"),
    path("mine/calendars/make/", calendars.make_calendar, name="make_calendar"),
    path("mine/calendars/<uuid:pk>/end/", calendars.end_calendar, name="end_calendar"),
    path("calendar/<uuid:pk>/<str:token>.ics", calendars.calendar_feed, name="calendar_feed"),
    path("language/", choose_language.choose_language, name="choose_language"),
    path("health/", health, name="health"),
    path("admin/", admin.site.urls),
    path("api/v1/", api_reference.api_reference, name="api_reference"),
    path("api/v1/schema/", api.schema, name="api_schema"),
    path("api/v1/", include(api.router.urls)),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/take/", my_data.take_my_data, name="take_my_data"),
    path("my-data/erase/", my_data.erase_me, name="erase_me"),
    path("platforms/<slug:slug>/desk/", desk.desk, name="desk"),
    path("platforms/<slug:slug>/desk/partnerships.csv", desk.desk_file, name="desk_file"),
    path("platforms/<slug:slug>/desk/dates/", desk.deadlines, name="deadlines"),
    path("platforms/<slug:slug>/desk/dates.csv", desk.deadlines_file, name="deadlines_file"),
    path("platforms/<slug:slug>/desk/dates.ics", desk.deadlines_calendar, name="deadlines_calendar"),
    path("partnerships/<slug:slug>/", partnership.partnership, name="partnership"),
    path("partnerships/<slug:slug>/prepare/", preparing.prepare, name="prepare"),
    path("partnerships/<slug:slug>/prepare/begin/", preparing.begin, name="begin"),
    path("partnerships/<slug:slug>/stages/", manage.stages, name="stages"),
    path("partnerships/<slug:slug>/manage/", manage.manage, name="manage"),
    path("partnerships/<slug:slug>/manage/advance/", manage.advance, name="advance"),
    path("partnerships/<slug:slug>/manage/waive/", manage.waive, name="waive"),
    path("partnerships/<slug:slug>/manage/pause/", pausing.pause_partnership, name="pause_partnership"),
    path("partnerships/<slug:slug>/manage/resume/", pausing.resume, name="resume"),
    path(
        "partnerships/<slug:slug>/stages/set-aside/<slug:key>/", waivers.waive_together, name="waive_together"
    ),
    path("partnerships/<slug:slug>/stages/signed/<uuid:pk>/join/", waivers.join_waiver, name="join_waiver"),
    path(
        "partnerships/<slug:slug>/stages/signed/<uuid:pk>/withdraw/",
        waivers.withdraw_waiver,
        name="withdraw_waiver",
    ),
    path("partnerships/<slug:slug>/manage/due/", manage.change_due, name="change_due"),
    path("partnerships/<slug:slug>/sources/", sources.sources, name="sources"),
    path("partnerships/<slug:slug>/export/", export.export, name="export"),
    path("partnerships/<slug:slug>/record/", record.record, name="record"),
    path("partnerships/<slug:slug>/record/<int:sequence>/", record.record_entry, name="record_entry"),
    path("partnerships/<slug:slug>/record/feed.atom", feeds.partnership_feed, name="partnership_feed"),
    path("platforms/<slug:slug>/feed.atom", feeds.platform_feed, name="platform_feed"),
    path("partnerships/<slug:slug>/record/journal.jsonl", record.journal_file, name="journal_file"),
    path("record/verify.py", record.journal_verifier, name="journal_verifier"),
    path("", include("actors.urls")),
    path("", include("notices.urls")),
    # The many addresses of partnerships come last, so that a page of the others need not pass them all.
    path("", include("problems.urls")),
    path("", include("solutions.urls")),
    path("", include("partnerships.urls")),
]

if settings.DEMO:
    urlpatterns += [path("demonstration/", include("cocreate.demo_urls"))]
