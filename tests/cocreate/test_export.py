"""The whole case as one file: who may take it out, what is in it, what is not."""

import csv
import io
import json
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Refused
from cocreate.demonstration import AVEDORE, GENTOFTE, SOLROD, cast, prepare
from cocreate.export import export_partnership
from journal import verify
from journal.models import Entry
from partnerships import actions
from partnerships.models import Partnership
from solutions.actions import note_privately
from solutions.models import AuthorizationRequest
from tests.cast import make_cast

pytestmark = pytest.mark.django_db


def unzipped(chunks):
    return zipfile.ZipFile(io.BytesIO(b"".join(chunks)))


def exported(cast, by):
    return unzipped(export_partnership(partnership=cast.partnership, by=by, at=timezone.now()))


def text_of(file):
    return "\n".join(file.read(name).decode() for name in file.namelist() if name.endswith(".md"))


def test_who_may_take_it_out():
    made = make_cast()
    allowed = set()
    for name in ("convener", "citizen", "official", "observer", "politician", "case_officer", "outsider"):
        try:
            exported(made, getattr(made, name))
            allowed.add(name)
        except Refused:
            continue
    assert allowed == {"convener", "case_officer"}
    assert Entry.objects.filter(verb="partnership.exported", audience="conveners").count() == 2


def test_hidden_matter_is_in_it_and_marked():
    made = make_cast()
    said = actions.contributions.say(
        partnership=made.partnership, kind="idea", body="Nasty words", by=made.citizen, at=timezone.now()
    )
    actions.moderation.hide_contribution(
        contribution=said, reason="Ground rule 2.", by=made.convener, at=timezone.now()
    )
    file = exported(made, made.case_officer)
    told = file.read("005-contributions.md").decode()
    assert "> Nasty words" in told
    assert "HIDDEN on the site" in told
    assert "Ground rule 2." in told
    rows = list(csv.reader(io.StringIO(file.read("index.csv").decode("utf-8-sig")), delimiter=";"))
    assert [row[4] for row in rows if row[1] == "005-contributions.md"] == ["yes"]


def test_needs_and_what_was_handed_on_are_in_it_but_not_what_stays_between_two():
    made, now = make_cast(), timezone.now()
    asked = actions.needs.ask_everyone(
        partnership=made.partnership,
        kind="hours",
        what="Bookkeeping",
        amount=40,
        unit="hours",
        by=made.convener,
        at=now,
    )
    given = actions.needs.answer_need(need=asked, what="My evenings", amount=30, by=made.citizen, at=now)
    actions.commitments.accept_commitment(commitment=given, by=made.convener, at=now)
    actions.relief.offer_relief(
        member=made.member(made.citizen), words="Shall I help?", by=made.convener, at=now
    )
    actions.relief.ask_relief(commitment=given, why="My back.", openly=True, by=made.citizen, at=now)
    actions.relief.take_over_commitment(commitment=given, by=made.official, at=now)
    given.refresh_from_db()
    actions.commitments.settle_commitment(
        commitment=given, state="partly", delivered=10, note="So far.", by=made.official, at=now
    )
    for who, words in ((made.citizen, "Shown words"), (made.convener, "Private words")):
        thanks = actions.thanks.thank(
            to=made.member(made.official), commitment=given, words=words, by=who, at=now
        )
        actions.thanks.answer_thanks(thanks=thanks, shown=words[0] == "S", by=made.official, at=now)
    told = text_of(exported(made, made.convener))
    for words in ("10 of 40 hours promised; 30 hours missing.", "My back.; taken over by Inge Official"):
        assert words in told
    assert ("Shown words" in told, "Private words" in told, "Shall I help" in told) == (True, False, False)


def test_addresses_are_for_who_keeps_the_case():
    made = make_cast()
    assert "bo@example.org" in text_of(exported(made, made.case_officer))
    assert "bo@example.org" not in text_of(exported(made, made.convener))


def test_cells_of_the_index_never_run():
    made = make_cast()
    actions.texts.start_text(
        partnership=made.partnership, kind="charter", title="=cmd()", by=made.citizen, at=timezone.now()
    )
    text = made.partnership.texts.get()
    actions.texts.write_revision(
        text=text,
        body={"rules": "Listen."},
        cites=[],
        note="",
        based_on=None,
        by=made.citizen,
        at=timezone.now(),
    )
    assert ";'=cmd() (1);" in exported(made, made.convener).read("index.csv").decode("utf-8-sig")


def test_the_record_in_it_can_be_checked():
    made = make_cast()
    file = exported(made, made.convener)
    rows = [json.loads(line) for line in file.read("journal.jsonl").decode().splitlines()]
    assert verify.verify(rows) == []
    assert rows[-1]["verb"] == "partnership.exported"


def test_a_rich_case_is_whole_and_without_private_notes():
    prepare()
    people = cast()
    asked = AuthorizationRequest.objects.get(partnership__slug=GENTOFTE)
    note_privately(request=asked, body="I will vote no.", by=people["council_member"], at=timezone.now())
    for slug in (SOLROD, AVEDORE, GENTOFTE):
        arena = Partnership.objects.get(slug=slug)
        chunks = export_partnership(partnership=arena, by=people["case_officer"], at=timezone.now())
        file = unzipped(chunks)
        assert file.testzip() is None
        names = [name.split("-", 1)[1] for name in file.namelist() if name[:3].isdigit()]
        for needed in (
            "mandate.md",
            "members.md",
            "decision.md",
            "commitments.md",
            "meeting.md",
            "provenance.md",
        ):
            assert needed in names
        told = text_of(file)
        assert "I will vote no." not in told
        for revision in arena.texts.get(kind="problem").revisions.all():
            assert revision.digest in told
        for said in arena.contributions.all():
            assert said.body.splitlines()[0] in told


def test_the_page_makes_the_file_by_post_only(client):
    made = make_cast()
    page = reverse("export", args=[made.partnership.slug])
    client.force_login(made.convener)
    assert client.get(page)["Content-Type"].startswith("text/html")
    answer = client.post(page)
    assert answer["Content-Type"] == "application/zip"
    assert f"{made.partnership.slug}-" in answer["Content-Disposition"]
    assert "README.md" in unzipped(answer.streaming_content).namelist()
    client.force_login(made.citizen)
    assert client.post(page).status_code == 403
    assert "Only a convener or the platform" in client.get(page).content.decode()


def test_a_hidden_case_does_not_exist_for_others(client):
    made = make_cast(visibility=Partnership.Visibility.HIDDEN)
    client.force_login(made.outsider)
    assert client.post(reverse("export", args=[made.partnership.slug])).status_code == 404
