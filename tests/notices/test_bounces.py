"""Reports that come back after the mail server had taken a mail: believed only where they prove to be about ours."""

import io
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from notices.actions import drain, prefer, take_bounce
from notices.models import Notice, Suppression
from notices.tasks import take_bounces
from tests.notices.kinds import Recipient, address, person
from tests.notices.reporting import AWAY, COMPLAINT, OLD, failed

BEFORE = ("sent", "")


@pytest.fixture(autouse=True)
def _reports_come_to(settings):
    settings.BOUNCE_ADDRESS = "bounces@dialog.example.org"
    settings.DEFAULT_FROM_EMAIL = "Round Table <noreply@roundtable.example>"


@pytest.fixture
def senders(owe, smtp_sink):
    """{number: the envelope sender of the mail to this person}, after three mails went out."""
    owe(3)
    assert drain("bulk") == 3
    return {number: _sender_to(smtp_sink, number) for number in (1, 2, 3)}


def _senders_to(sink, number):
    return [envelope.mail_from for envelope in sink.envelopes if address(number) in envelope.rcpt_tos]


def _sender_to(sink, number):
    (found,) = _senders_to(sink, number)
    return found


def take(data):
    return take_bounce(data=data if isinstance(data, bytes) else data.encode(), at=timezone.now())


def state_of(number):
    notice = Notice.objects.get(recipient=person(number))
    return notice.state, notice.reason


@pytest.mark.django_db
def test_each_mail_has_an_envelope_sender_of_its_own_and_the_sender_that_people_see_stays(senders, smtp_sink):
    for number, sender in senders.items():
        local, domain = sender.split("@")
        notice = Notice.objects.get(recipient=person(number))
        assert local.startswith(f"bounces+{notice.id.hex}.")
        assert (domain, len(local) <= 64) == ("dialog.example.org", True)
    assert {message["From"].addresses[0].addr_spec for message in smtp_sink.messages} == {
        "noreply@roundtable.example"
    }


@pytest.mark.django_db
def test_without_an_address_for_reports_the_envelope_names_the_sender(owe, smtp_sink, settings):
    settings.BOUNCE_ADDRESS = ""
    owe(1)
    drain("bulk")
    assert _sender_to(smtp_sink, 1) == "noreply@roundtable.example"
    with pytest.raises(CommandError, match="BOUNCE_ADDRESS is not set"):
        call_command("take_bounces")
    assert take(failed("bounces+1@localhost", address(1))) is False


@pytest.mark.django_db
def test_a_permanent_failure_ends_the_notice_with_its_reason_and_closes_the_address(senders, world, owe):
    assert take(failed(senders[1], address(1))) is True
    assert [state_of(number) for number in (1, 2, 3)] == [
        ("failed", "returned: 550 5.1.1 …: no such user"), BEFORE, BEFORE,
    ]  # fmt: skip
    notice = Notice.objects.get(recipient=person(1))
    assert notice.sentence == "The mail came back: 550 5.1.1 …: no such user"
    assert world.failed == [(1, notice.reason)]
    assert [shut.reason for shut in Suppression.objects.all()] == ["bounced"]
    assert take(failed(senders[1].upper(), address(1))) is True  # once more, by a server that shouts
    assert world.failed == [(1, notice.reason)]
    owe([1], occurrence="next")
    drain("bulk")
    assert Notice.objects.get(occurrence="next").reason == "suppressed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "said", "shut"),
    [
        ("5.1.1", "550 no such user", True),
        ("5.0.0", "550 not here", True),
        ("5.2.1", "550 mailbox disabled", True),
        ("5.2.2", "552 mailbox full", False),
        ("5.7.1", "550 looks like spam", False),
        ("4.4.7", "delivery time expired", False),
        ("nonsense", "550 no", True),
    ],
)
def test_an_address_is_closed_unless_somebody_reads_mail_there(senders, status, said, shut):
    take(failed(senders[1], address(1), status=status, said=said))
    assert state_of(1) == ("failed", f"returned: {said}")
    assert Suppression.objects.exists() == shut


@pytest.mark.django_db
def test_what_is_no_failure_of_our_mail_changes_nothing(senders, world):
    ours, about = senders[1], address(1)
    other = senders[2].split("+")[1]
    wrong = ours.replace(ours.split(".")[1][:4], "aaaa", 1)
    unknown = f"bounces+{'0' * 32}.{ours.split('.')[1]}"
    nothing = {
        "a delay": failed(ours, about, action="delayed", status="4.4.1", said="will be retried"),
        "arrived": failed(ours, about, action="delivered", status="2.0.0", said="250 OK"),
        "passed on": failed(ours, about, action="relayed", status="2.0.0", said="250 OK"),
        "a wrong proof": failed(wrong, about),
        "the proof of another mail": failed(f"bounces+{ours[8:40]}.{other.split('.', 1)[1]}", about),
        "an unknown notice": failed(unknown, about),
        "no proof": failed("bounces@dialog.example.org", about),
        "another domain": failed(ours.replace("dialog", "monolog"), about),
        "away": AWAY.format(to=ours, about=about),
        "a guess about somebody else": OLD.format(to=ours, about="x@elsewhere.example"),
        "a letter": f"To: {ours}\n\nThank you, and 550 greetings.",
    }
    assert {name: take(data) for name, data in nothing.items()} == dict.fromkeys(nothing, False)
    assert [state_of(number) for number in (1, 2, 3)] == [BEFORE] * 3
    assert (Suppression.objects.count(), world.failed) == (0, [])


@pytest.mark.django_db
def test_a_server_that_knows_no_standard_is_understood(senders):
    assert take(OLD.format(to=senders[3], about=address(3))) is True
    assert state_of(3) == ("failed", "returned")
    assert Notice.objects.get(recipient=person(3)).sentence == "The mail came back."
    assert Suppression.objects.count() == 1


@pytest.mark.django_db
def test_a_late_report_about_an_address_that_was_corrected_changes_nothing(senders, world):
    world.people[person(1)] = Recipient("right@people.example", "Person 1", "en", "Europe/Copenhagen")
    assert take(failed(senders[1], address(1))) is False
    assert (state_of(1), Suppression.objects.count()) == (BEFORE, 0)


@pytest.mark.django_db
def test_a_report_faster_than_the_worker_that_sends_stands(senders):
    Notice.objects.filter(recipient=person(1)).update(state="sending")
    take(failed(senders[1], address(1)))
    assert state_of(1)[0] == "failed"


@pytest.mark.django_db
def test_a_report_of_a_mail_of_last_week_is_told_to_its_app(senders, world):
    Notice.objects.update(created_at=timezone.now() - timedelta(days=9))
    take(failed(senders[1], address(1)))
    assert [number for number, _reason in world.failed] == [1]


@pytest.mark.django_db
def test_who_complains_gets_no_bulk_mail_any_more_and_the_mail_has_arrived(senders):
    assert take(COMPLAINT.format(to=senders[1], kind="fraud")) is False
    assert Suppression.objects.count() == 0
    assert take(COMPLAINT.format(to=senders[1], kind="abuse")) is True
    assert state_of(1) == BEFORE
    assert [shut.reason for shut in Suppression.objects.all()] == ["complained"]


@pytest.mark.django_db
def test_rubbish_never_breaks_it(senders):
    good = failed(senders[1], address(1)).decode()
    part = "Content-Type: multipart/mixed; boundary=b\n\n"
    rubbish = [
        b"",
        b"\x00" * 5000,
        bytes(range(256)) * 40,
        b"To: " + b"a" * 3_000_000,
        good[:500].encode(),
        good.replace("message/rfc822", "message/delivery-status").replace("Action: failed", "Action:").encode(),
        (part + f"--b\n{part}" * 3000).encode(),
        f"To: {senders[1]}\nContent-Type: multipart/report; boundary=\n\n".encode(),
        f"To: {senders[1]}\nContent-Type: message/feedback-report\n\n\xff".encode("latin-1"),
    ]  # fmt: skip
    assert {take(data) for data in rubbish} == {False}
    assert state_of(1) == BEFORE
    odd = good.replace("no such user", "ingen s\xe5dan \x00 \udcff" + "x" * 5000)
    assert take(odd.encode("utf-8", "surrogatepass")) is True
    assert state_of(1)[0] == "failed"


# --- where reports come from ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_pipes_a_report_in(senders):
    environment = os.environ | {"BOUNCE_ADDRESS": "bounces@dialog.example.org"}
    command = [sys.executable, "-m", "tests.notices.taking", connection.settings_dict["NAME"]]
    data = failed(senders[1], address(1)) + b"x" * 3_000_000
    done = subprocess.run(command, input=data, env=environment, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"Taken in.\n", b"")
    assert state_of(1)[0] == "failed"


@pytest.mark.django_db
def test_a_maildir_is_emptied_of_reports_and_keeps_what_a_person_should_read(senders, tmp_path, settings):
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "1.report").write_bytes(failed(senders[1], address(1)))
    (tmp_path / "new" / "2.letter").write_bytes(b"To: bounces@dialog.example.org\n\nHello?")
    (tmp_path / "new" / "3.rubbish").write_bytes(b"\x00\xff" * 1000)
    settings.BOUNCE_MAILDIR = str(tmp_path)
    take_bounces()
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["2.letter:2,S", "3.rubbish:2,S"]
    assert state_of(1)[0] == "failed"
    (tmp_path / "new" / "4.report").write_bytes(failed(senders[2], address(2)))
    out = io.StringIO()
    call_command("take_bounces", "--maildir", str(tmp_path), stdout=out)
    assert out.getvalue() == "1 messages looked at, 1 of them about something of this site.\n"
    with pytest.raises(CommandError, match="is no Maildir that can be read"):
        call_command("take_bounces", "--maildir", str(tmp_path / "nowhere"))


@pytest.mark.django_db
def test_without_a_folder_the_clock_takes_in_nothing(settings):
    settings.BOUNCE_MAILDIR = ""
    take_bounces()


@pytest.mark.django_db
def test_what_went_in_a_digest_that_comes_back_has_not_arrived(owe, world, smtp_sink):
    now = timezone.now()
    for number in (1, 2):
        prefer(recipient=person(number), kind="note", choice="daily", at=now)
    owe(2, occurrence="a")
    owe(2, occurrence="b")
    drain("bulk")
    morning = Notice.objects.filter(kind="digest").first().due_at
    assert drain("bulk", at=morning) == 2
    owe([1], kind="law")  # goes by itself
    drain("bulk")
    assert take(failed(_senders_to(smtp_sink, 1)[0], address(1))) is True
    ends = Notice.objects.values_list("recipient", "kind", "occurrence", "state").exclude(kind="digest")
    assert sorted((who.int, *rest) for who, *rest in ends) == [
        (1, "law", "", "sent"),
        (1, "note", "a", "failed"),
        (1, "note", "b", "failed"),
        (2, "note", "a", "sent"),
        (2, "note", "b", "sent"),
    ]
    assert world.failed == [(1, "returned: 550 5.1.1 …: no such user")] * 2
    assert not Notice.objects.unfollowed().filter(recipient=person(1)).exclude(kind="law").exists()
