"""Our calendar files as a calendar client of another language reads them: ical.js, as in Thunderbird and Nextcloud."""

import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from notices.models import Notice
from partnerships.calendars import calendar_of, uid_of
from partnerships.models import AgendaItem, Meeting
from tests.cast import make_cast
from tests.partnerships.meeting import DAY, call, deeds, facts
from tests.partnerships.test_ics import deliver, sent_files

VENDOR = Path(__file__).resolve().parent.parent / "vendor"
LIBRARY = (VENDOR / "ical.es5.min.cjs").read_text()  # ical.js 2.2.1, MPL-2.0: vendoring/vendor.py
READ = """(files) => files.map((file) => {
  const calendar = new ICAL.Component(ICAL.parse(file));
  for (const zone of calendar.getAllSubcomponents("vtimezone"))
    ICAL.TimezoneService.register(new ICAL.Timezone(zone), zone.getFirstPropertyValue("tzid"));
  const [component, ...more] = calendar.getAllSubcomponents("vevent");
  const event = new ICAL.Event(component);
  const attendee = component.getFirstProperty("attendee");
  const told = {
    events: 1 + more.length, method: calendar.getFirstPropertyValue("method"), uid: event.uid,
    sequence: event.sequence, status: component.getFirstPropertyValue("status"), summary: event.summary,
    description: event.description, location: event.location,
    starts: event.startDate.toUnixTime(), ends: event.endDate.toUnixTime(),
    attendee: attendee && [attendee.getFirstValue(), attendee.getParameter("partstat"), attendee.getParameter("rsvp")],
    longest: Math.max(...file.split("\\r\\n").map((line) => new TextEncoder().encode(line).length)),
    folded: !/[^\\r]\\n/.test(file),
  };
  ICAL.TimezoneService.reset();
  return told;
})"""


@pytest.fixture(scope="module")
def read(browser):
    """Reads calendar files (bytes) in the browser: read(*files) -> what each says."""
    page = browser.new_page()
    page.evaluate(LIBRARY)
    yield lambda *files: page.evaluate(READ, [file.decode() for file in files])
    page.close()


def same(told, meeting):
    """Whether the other library reads the meeting as we mean it."""
    assert (told["events"], told["uid"], told["sequence"]) == (1, uid_of(meeting), meeting.sequence)
    assert (told["starts"], told["ends"]) == (meeting.starts_at.timestamp(), meeting.ends_at.timestamp())
    assert told["longest"] <= 75
    assert told["folded"]


@pytest.mark.django_db
def test_an_invitation_its_change_and_its_cancellation_follow_one_another(read, smtp_sink, settings):
    settings.REPLY_ADDRESS = "meetings@dialog.example.org"
    cast = make_cast()
    meeting, versions = call(cast), []
    versions.append(meeting)
    deliver()
    moved = facts(starts_at=meeting.starts_at + DAY, ends_at=meeting.ends_at + DAY)
    versions.append(deeds.change_meeting(meeting=meeting, by=cast.convener, at=timezone.now(), **moved))
    deliver()
    versions.append(
        deeds.cancel_meeting(meeting=versions[-1], reason="Storm", by=cast.convener, at=timezone.now())
    )
    deliver()
    files = [calendar.to_ical() for _m, _n, calendar, _e in sent_files(smtp_sink, "bo@example.org")]
    found = read(*files)
    for told, version in zip(found, versions, strict=True):
        same(told, version)
    assert [told["method"] for told in found] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [told["status"] for told in found] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    asked = ["MAILTO:bo@example.org", "NEEDS-ACTION"]
    assert [told["attendee"] for told in found] == [[*asked, "TRUE"], [*asked, "TRUE"], [*asked, "FALSE"]]
    assert Notice.objects.filter(recipient=cast.citizen.pk).count() == 3


ZONES = {  # a moment in UTC, and the zone: around changes of the clock, and where there is none
    "before the clocks go forward": ("2031-03-30T00:30", "Europe/Copenhagen"),
    "over the hour that is skipped": ("2031-03-30T00:59", "Europe/Copenhagen"),
    "the first of the doubled hours": ("2031-10-26T00:30", "Europe/Copenhagen"),
    "the second of the doubled hours": ("2031-10-26T01:30", "Europe/Copenhagen"),
    "a summer in Greenland": ("2031-07-01T15:00", "America/Nuuk"),
    "a zone without summer time": ("2031-07-01T15:00", "Asia/Kolkata"),
    "no zone at all": ("2031-12-01T15:00", "UTC"),
    "half an hour of summer time": ("2031-10-04T15:00", "Australia/Lord_Howe"),
}


@pytest.mark.django_db
def test_times_are_the_same_moments_around_every_change_of_the_clock(read):
    cast, made = make_cast(), {}
    for why, (start, zone) in ZONES.items():
        starts_at = datetime.datetime.fromisoformat(start).replace(tzinfo=datetime.UTC)
        hours = {"starts_at": starts_at, "ends_at": starts_at + datetime.timedelta(hours=2, minutes=30)}
        made[why] = call(cast, time_zone=zone, **hours)
    found = read(*map(calendar_of, made.values()))
    late = {
        why: told["starts"] - made[why].starts_at.timestamp() for why, told in zip(made, found, strict=True)
    }
    assert late == dict.fromkeys(made, 0)


WORDS = {
    "danish": "Blåtang på stranden; æøå, komma og \\ skråstreg " * 4,
    "arabic": "اجتماع حول الأعشاب البحرية على الشاطئ، من فضلكم احضروا " * 4,
    "emoji": "🌊🧑‍🤝‍🧑 Tang 🪸 og børn 👩‍👧‍👦 " * 6,
}


@pytest.mark.django_db
@pytest.mark.parametrize("words", WORDS.values(), ids=list(WORDS))
def test_long_words_of_every_kind_arrive_as_they_were_written(read, words):
    cast = make_cast()
    meeting = call(
        cast, title=words[:140].strip(), place=words[:200].strip(), agenda=f"{words}\n\n- et\n- to"
    )
    AgendaItem.objects.create(meeting=meeting, title=words[:140], place=1, minutes=20, purpose="decide")
    meeting = Meeting.objects.select_related("partnership__platform").get()
    (told,) = read(calendar_of(meeting))
    same(told, meeting)
    assert told["summary"] == f"{meeting.title} ({cast.partnership.title})"
    assert told["location"] == meeting.place
    assert told["description"].startswith(
        f"1. {words[:140]} (To decide, 20 minutes)\n\n{words}\n\n- et\n- to"
    )
