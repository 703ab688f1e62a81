"""The record only grows, its chain has no gap, and any tampering is found."""

import hashlib
import json
import subprocess
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from journal import verify
from journal.actions import record
from journal.export import lines
from journal.models import Entry, Head

AT = datetime(2026, 3, 1, 9, 30, 15, 123, tzinfo=UTC)
SCOPE = uuid.UUID(int=1)
MAJA = uuid.UUID(int=7)


def told(count, scope=SCOPE, audience="public"):
    with transaction.atomic():
        return [
            record(scope=scope, verb="contribution.said", by=MAJA, at=AT, audience=audience, contribution=n)
            for n in range(count)
        ]


def found(scope=SCOPE, heads=None):
    return verify.verify(verify.read(lines(scope)), heads)


def tamper(sql, *params):
    """What somebody with all rights over the database could do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_what_and_continues_the_one_before():
    first, second = told(2)
    entry = Entry.objects.get(pk=second.pk)
    assert (entry.sequence, entry.actor, entry.verb, entry.ids) == (
        2,
        MAJA,
        "contribution.said",
        {"contribution": 1},
    )
    assert (first.previous, entry.previous) == ("", first.digest)
    assert Head.objects.get(pk=SCOPE).digest == entry.digest


@pytest.mark.django_db
def test_a_digest_is_the_sha_256_of_canonical_json_in_utc():
    canonical = (
        '{"actor":"00000000-0000-0000-0000-000000000007","at":"2026-03-01T09:30:15.000123Z","audience":"public",'
        '"ids":{"contribution":0},"previous":"","scope":"00000000-0000-0000-0000-000000000001","sequence":1,'
        '"verb":"contribution.said"}'
    )
    (entry,) = told(1)
    assert entry.digest == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.django_db
def test_a_digest_does_not_change_with_the_time_zone_of_the_moment():
    entry = told(1)[0]
    entry.at = AT.astimezone(timezone.get_fixed_timezone(timedelta(hours=13)))
    assert entry.content()["at"] == "2026-03-01T09:30:15.000123Z"
    with timezone.override("Pacific/Auckland"):
        assert found() == []


@pytest.mark.django_db
def test_ids_may_be_people_things_numbers_short_keys_and_lists_of_them():
    person = Head(pk=MAJA)
    with transaction.atomic():
        entry = record(
            scope=str(SCOPE),
            verb="workshop.entered",
            by=person,
            at=AT,
            person=person,
            stage="define",
            n=None,
            of=[1, 2],
        )
    assert (entry.actor, entry.ids) == (
        MAJA,
        {"person": str(MAJA), "stage": "define", "n": None, "of": [1, 2]},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"reason": "she is ill"}, {"email": "maja@lind.example"}, {"of": ["Maja Lind"]}, {"x": "a" * 81}],
)
def test_free_text_and_addresses_are_refused(wrong):
    with pytest.raises(ValueError, match="no free text"), transaction.atomic():
        record(scope=SCOPE, verb="contribution.said", by=None, at=AT, **wrong)
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["said", "Contribution.Said", "contribution said", ""])
def test_a_verb_is_a_noun_and_what_was_done_to_it(verb):
    with pytest.raises(ValueError, match="no free text"), transaction.atomic():
        record(scope=SCOPE, verb=verb, by=None, at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_is_not_committed_leaves_no_entry_and_no_gap():
    told(1)
    with transaction.atomic():
        record(scope=SCOPE, verb="contribution.said", by=MAJA, at=AT)
        transaction.set_rollback(True)
    assert [entry.sequence for entry in told(1)] == [2]
    with pytest.raises(TransactionManagementError):
        record(scope=SCOPE, verb="contribution.said", by=MAJA, at=AT)
    assert found() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql", ["UPDATE journal_entry SET verb = 'x.y'", "DELETE FROM journal_entry", "TRUNCATE journal_entry"]
)
def test_the_table_refuses_to_forget(sql):
    told(2)
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        connection.cursor().execute(sql)
    assert Entry.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal_entry SET ids = '{\"contribution\": 9}' WHERE sequence = 3",
        "UPDATE journal_entry SET actor = NULL WHERE sequence = 3",
        "UPDATE journal_entry SET at = at + interval '1 microsecond' WHERE sequence = 3",
        "UPDATE journal_entry SET audience = 'conveners' WHERE sequence = 3",
        "UPDATE journal_entry SET digest = repeat('0', 64) WHERE sequence = 3",
        "DELETE FROM journal_entry WHERE sequence = 3",
        "DELETE FROM journal_entry WHERE sequence = 1",
        # Each number is unique at every moment, in whatever order the table holds its rows.
        "UPDATE journal_entry SET sequence = 30 WHERE sequence = 2;"
        "UPDATE journal_entry SET sequence = 2 WHERE sequence = 3;"
        "UPDATE journal_entry SET sequence = 3 WHERE sequence = 30",
        "INSERT INTO journal_entry (scope, sequence, at, audience, verb, ids, previous, digest)"
        " SELECT scope, 6, at, audience, verb, ids, digest, repeat('1', 64) FROM journal_entry WHERE sequence = 5",
    ],
)
def test_tampering_is_found(change):
    told(5)
    assert found() == []
    tamper(change)
    assert found() != []
    with pytest.raises(CommandError):
        call_command("verify_journal")


@pytest.mark.django_db
def test_a_cut_tail_is_found_by_a_head_published_outside(capsys):
    told(5)
    call_command("verify_journal", heads=True)
    scope, _colon, published = capsys.readouterr().out.strip().partition(":")
    assert found(heads={scope: published}) == []
    tamper("DELETE FROM journal_entry WHERE sequence > 3")
    assert found() == []
    assert found(heads={scope: published}) == [
        f"{SCOPE}: the record does not end with the published head {published[:12]}"
    ]
    with pytest.raises(CommandError, match="does not end with"):
        call_command("verify_journal")


@pytest.mark.django_db
def test_switching_the_guard_off_is_found(capsys):
    told(2)
    call_command("verify_journal")
    assert capsys.readouterr().out == "The record is whole: 2 entries in 1 chains.\n"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_only_grows_row")
    with pytest.raises(CommandError, match="switched off"):
        call_command("verify_journal")


@pytest.mark.django_db
def test_a_public_record_withholds_and_can_still_be_checked():
    told(1)
    told(1, audience="members")
    told(1, audience="conveners")
    told(1)
    public = [json.loads(line) for line in lines(SCOPE, "public")]
    assert ["withheld" in entry for entry in public] == [False, True, True, False]
    assert set(public[1]) == {"scope", "sequence", "previous", "digest", "withheld"}
    assert verify.verify(public) == []
    assert verify.verify(public[:1] + public[2:]) != []
    assert [e.sequence for e in Entry.objects.of(SCOPE).for_audience("public")] == [1, 4]
    assert [e.sequence for e in Entry.objects.of(SCOPE).for_audience("members")] == [1, 2, 4]
    assert [e.sequence for e in Entry.objects.of(SCOPE).for_audience("conveners")] == [1, 2, 3, 4]


@pytest.mark.django_db
def test_the_verifier_stands_alone(tmp_path):
    entries = told(3)
    file = tmp_path / "journal.jsonl"
    file.write_text("\n".join(lines(SCOPE)), encoding="utf-8")

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-I", verify.__file__, str(file), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    assert run() == (0, "The record is whole: 3 entries.\n")
    assert run("--head", entries[-1].digest)[0] == 0
    assert run("--head", f"{SCOPE}:{entries[-1].digest}")[0] == 0
    assert run("--head", entries[0].digest)[0] == 1
    file.write_text(file.read_text().replace("contribution.said", "contribution.hidden", 1))
    assert run() == (1, f"{SCOPE}: entry 1 was changed\n")
    file.write_text("{}\nnonsense")
    assert run()[0] == 2
    assert "line 1 has no scope" in run()[1]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_one_chain_without_a_gap():
    errors = []

    def work(worker):
        try:
            for n in range(20):
                with transaction.atomic():
                    record(
                        scope=SCOPE, verb="contribution.said", by=MAJA, at=AT, contribution=n, worker=worker
                    )
        except Exception as error:  # a thread's error would be lost
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[worker]) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [entry.sequence for entry in Entry.objects.of(SCOPE)] == list(range(1, 81))
    assert found(heads={str(SCOPE): Head.objects.get(pk=SCOPE).digest}) == []


@pytest.mark.django_db
def test_scopes_have_chains_of_their_own():
    other = uuid.UUID(int=2)
    told(2)
    told(3, scope=other)
    told(1)
    assert [e.sequence for e in Entry.objects.of(SCOPE)] == [1, 2, 3]
    assert [e.sequence for e in Entry.objects.of(other)] == [1, 2, 3]
    both = [*verify.read(lines(SCOPE)), *verify.read(lines(other))]
    assert verify.verify(both) == []


@pytest.mark.django_db
def test_recording_costs_three_queries(django_assert_num_queries):
    told(1)
    with transaction.atomic(), django_assert_num_queries(3):
        record(scope=SCOPE, verb="contribution.said", by=MAJA, at=AT)
