"""What waits for a person and what moved, in the gathered mail of their morning: owed by the clock, asked anew then.

It is no mail of its own: it is a notice that is always gathered, so that whoever has messages gathered gets one mail
(docs/adr/0014), and all that the outbox promises holds for it.
"""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from actors.models import Person
from actors.recipients import recipients
from boundary.local_time import zone_named
from notices.actions import tell
from notices.actions.gathering import next_digest
from notices.kinds import DAILY, OFF, UNWANTED, WEEKLY, Kind
from notices.models import Notice, Preference, State
from partnerships.actions.reminders import AHEAD
from partnerships.models import Follow, Member
from solutions.models import BodyMember

from .moved import lines_of, places, topics_in
from .waiting import waiting

NAME = "waiting_digest"
PLACES = 5  # partnerships of which the mail tells what moved; the page has all
LONGEST = datetime.timedelta(days=8)  # nothing older is news in a mail


@transaction.atomic
def owe_waiting_digests(*, at):
    """Owe what waits to all whose gathered mail goes out within two hours: once for each person and morning.

    It is gathered at once, and asked anew when the mail goes out: whoever then owes nothing gets nothing.
    """
    for zone in Person.objects.order_by().values_list("time_zone", flat=True).distinct():
        for choice in (DAILY, WEEKLY):
            morning = next_digest(choice, zone, at)
            if morning - at <= AHEAD:
                _owe(zone, choice, morning, at)


def _owe(zone, choice, morning, at):
    day = morning.astimezone(zone_named(zone)).date()
    readers = _readers(choice).filter(time_zone=zone)
    tell(
        kind=NAME,
        recipients=readers.values_list("pk", flat=True),
        occurrence=day.isoformat(),
        at=at,
        belongs_to=morning,
    )


def _readers(choice):
    """People with a part in anything who want it so often: by their choice, or because they made none."""
    mine = {"person": OuterRef("pk")}
    takes_part = (
        Exists(Member.objects.present().filter(**mine))
        | Exists(Follow.objects.filter(**mine))
        | Exists(BodyMember.objects.current().filter(**mine))
    )
    chosen = Preference.objects.filter(recipient=OuterRef("pk"), scope=None, kind=NAME).values("choice")
    people = Person.objects.filter(takes_part, is_active=True, erased_at=None).exclude(email="")
    return people.annotate(wants=Coalesce(Subquery(chosen[:1]), Value(WEEKLY))).filter(wants=choice)


def newest_of_each(notices):
    """The ids of one notice for each reader: what one more says, the newest says as well."""
    found = {notice.recipient: notice for notice in sorted(notices, key=lambda one: one.occurrence)}
    return {notice.pk for notice in found.values()}


def context(notices):
    """{notice id: what waits for its reader and what moved}; who owes nothing and where nothing moved is left out."""
    at = timezone.now()
    people = Person.objects.in_bulk([notice.recipient for notice in notices])
    told_at, muted = _told_at(people, at), _muted(people)
    facts = {}
    for notice in notices:
        if person := people.get(notice.recipient):
            with translation.override(person.language), timezone.override(zone_named(person.time_zone)):
                facts[notice.pk] = _facts(person, at, told_at.get(person.pk), muted.get(person.pk, set()))
    return {pk: told for pk, told in facts.items() if told["groups"] or told["moved"]}


def _told_at(people, at):
    """{person id: when they last got this} of the last days."""
    sent = Notice.objects.filter(kind=NAME, recipient__in=people, state=State.SENT, sent_at__gt=at - LONGEST)
    return dict(sent.order_by().values_list("recipient").annotate(Max("sent_at")))


def _muted(people):
    """{person id: the partnerships of which they want no news by mail}."""
    off = Preference.objects.filter(kind=NAME, recipient__in=people, scope__isnull=False, choice__in=UNWANTED)
    muted = {}
    for recipient, scope in off.values_list("recipient", "scope"):
        muted.setdefault(recipient, set()).add(scope)
    return muted


def _facts(person, at, told_at, muted):
    since = max(filter(None, (person.looked_at, told_at, at - LONGEST)))
    rows = places(person, since)[: PLACES + len(muted)]
    kept = [row for row in rows if row[1] not in muted][:PLACES]
    groups = waiting(person, at, timezone.localdate(at))
    return {
        "groups": groups,
        "number": sum(len(group.items) for group in groups),
        "moved": lines_of([(*row[1:5], topics_in(row[5])) for row in kept], person, since),
        "link": f"{settings.SITE_URL}/mine/",
    }


WAITING_DIGEST = Kind(
    name=NAME,
    label=_("What waits for me and what moved, in one mail"),
    why=_("You get this because you take part in partnerships or follow them."),
    template="cocreate/mail/waiting_digest",
    part="cocreate/mail/waiting_part",
    context=context,
    still_true=newest_of_each,
    recipients=recipients,
    switchable=True,
    default=WEEKLY,
    choices=(DAILY, WEEKLY, OFF),
    on_site=False,
)
