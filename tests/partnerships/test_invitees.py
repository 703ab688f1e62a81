"""Invite from a file: any spreadsheet's CSV, every error by its row, and nothing is kept longer than it takes."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.models import Group, Invitation, InviteeList
from tests.cast import make_cast, who_may
from tests.partnerships.inviting import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    made = make_cast()
    Group.objects.create(
        partnership=made.partnership, name="Fiskere", sector="private", affectedness=3, relevance=2
    )
    return made


def page_of(name, *more):
    return reverse(name, args=["seaweed", *more])


def upload(client, text, encoding="utf-8", name="people.csv"):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return client.post(page_of("upload_invitees"), {"file": SimpleUploadedFile(name, data)})


def looked_at(client, text, encoding="utf-8"):
    """(the rows to draft, {line: (cell, what is wrong)}) of a file, as its page shows them."""
    answer = upload(client, text, encoding)
    assert answer.status_code == 302, answer.content.decode()
    checked = client.get(answer.url).context["checked"]
    return checked.people, {one.line: (one.cell, one.sentence) for one in checked.wrong}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_any_spreadsheets_csv_is_understood(client, cast, encoding, delimiter):
    client.force_login(cast.convener)
    rows = [
        ("Navn", "E-mail", "Sektor", "Organisation", "Gruppe", "Sprog", "Hvorfor dig", "Skostørrelse"),
        ("Søren Østergård", "soren@example.net", "Borgere", "", "", "dansk", "Du bor ved åen.", "43"),
        ("Åse Æbelø", "ase@example.net", "", "Havnens Fiskeri", "fiskere", "da", "", ""),
        ("", "", "", "", "", "", "", ""),
        ("Line Brevven", "", "civil_society", "", "", "", "", ""),
    ]
    people, wrong = looked_at(client, "\r\n".join(delimiter.join(row) for row in rows), encoding)
    assert wrong == {}
    assert [(one["name"], one["address"], one["sector"], one["language"]) for one in people] == [
        ("Søren Østergård", "soren@example.net", "citizens", "da"),
        ("Åse Æbelø", "ase@example.net", "private", "da"),  # the group's sector, where the row names none
        ("Line Brevven", "", "civil_society", "en"),  # the partnership's language
    ]
    assert people[1]["group"].name == "Fiskere"


def test_300_rows_with_every_kind_of_error(client, cast):
    client.force_login(cast.convener)
    draft(cast, "invited@example.net")
    lines = ["name;e-mail;sector;group;language;role"]
    lines += [f"Person {n};person{n}@example.net;citizens;;en;member" for n in range(288)]
    lines += [
        "No At;person.example.net",
        "Mistyped;maja@gmial.com",
        "Two;person1@example.net;citizens",
        "Two;person1@example.net;citizens",
        "Invited;invited@example.net",
        "Member;bo@example.org",
        "Formula;=1+1",
        "=cmd();ok@example.net",
        "Sector;sector@example.net;aliens",
        "Group;group@example.net;citizens;Nobody",
        "Language;language@example.net;citizens;;klingon",
        "Role;role@example.net;citizens;;en;king",
        f"{'x' * 121};long@example.net",
        ";;citizens",
    ]
    draft(cast, "person1@example.net", name="Two")
    people, wrong = looked_at(client, "\n".join(lines))
    assert (len(people), len(wrong)) == (289, 13)
    sentences = [sentence for _cell, sentence in wrong.values()]
    for told in (
        "has no @",
        "Did you mean maja@gmail.com?",
        "person1@example.net is invited already.",
        "bo@example.org is a member already.",
        "begins like a formula",
        "There is no such sector.",
        "No group on the map has this name.",
        "does not speak this language",
        "There is no such role.",
        "at most 120 characters",
        "neither an address nor a name",
    ):
        assert any(told in sentence for sentence in sentences), told
    assert wrong[290][0] == "person.example.net"  # as a spreadsheet numbers its rows, the headings first
    kept = InviteeList.objects.get()
    html = client.get(page_of("draft_invitees", kept.pk)).content.decode()
    assert "289 rows are right" in html
    assert "13 rows have errors" in html
    before = Invitation.objects.count()
    answer = client.post(page_of("draft_invitees", kept.pk))
    assert (answer.status_code, answer.url) == (302, page_of("send_invitations"))
    assert Invitation.objects.count() == before + 289
    assert not InviteeList.objects.exists()
    assert (
        client.post(page_of("draft_invitees", kept.pk)).status_code == 404
    )  # the second press finds nothing


def test_the_same_twice_in_a_file_is_told_once_with_its_line(client, cast):
    client.force_login(cast.convener)
    people, wrong = looked_at(client, "name,email\nA,a@example.net\nB,A@example.net\na,a@EXAMPLE.net\n")
    assert [one["name"] for one in people] == ["A", "B"]  # two people may share an address
    assert wrong == {4: ("a@EXAMPLE.net", "The same address and name stand on line 2.")}


def test_an_address_with_a_danish_domain_is_one(client, cast):
    client.force_login(cast.convener)
    people, wrong = looked_at(client, "email;name\nhans@blåbær.dk;Hans\n+45@example.net;\n;+45 12 34 56 78\n")
    assert [one["address"] for one in people] == ["hans@blåbær.dk", ""]
    assert wrong[3][1].startswith("This begins like a formula")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\n\n \n", "The file is empty."),
        (b"PK\x03\x04 a workbook", "This is not a CSV file."),
        (b"\x00\x01\x02", "This is not a CSV file."),
        (b"Maja Lind maja@example.org\nBo", "The first row has no heading"),
        (b'name;email\n"Maja;maja@example.org\n', "quotation mark that is never closed"),
        (b"name;email;e-mail\na;b;c", "Two columns have the heading"),
        (b"name\n" + b"Maja\n" * 20_001, "The file has 20001 rows."),
        (b"name\n" + b"x" * (4 * 1024 * 1024), "The file is too large"),
    ],
)
def test_a_file_that_is_no_table_is_said(client, cast, data, sentence):
    client.force_login(cast.convener)
    answer = upload(client, data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Invitation.objects.exists()


def test_no_file_is_said(client, cast):
    client.force_login(cast.convener)
    assert client.post(page_of("upload_invitees")).status_code == 422


def test_a_file_of_50_000_rows_is_refused_in_words(client, cast):
    client.force_login(cast.convener)
    rows = "\n".join(f"P{n};p{n}@example.net" for n in range(50_000))
    answer = upload(client, "name;email\n" + rows)
    assert answer.status_code == 422
    assert "The file has 50000 rows. At most 20000 fit" in answer.content.decode()


def test_html_in_every_cell_is_text(client, cast):
    client.force_login(cast.convener)
    bad = "<script>alert(1)</script>"
    kept = upload(client, f"name;email;{bad}\n{bad};a@example.net;x\n{bad};{bad};x\n").url
    html = client.get(kept).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_only_conveners_and_each_their_own_file(client, cast):
    def uploads(who):
        actions.invitees.upload_invitees(
            partnership=cast.partnership, name="x.csv", data=b"name\nA", by=who, at=timezone.now()
        )

    assert who_may(cast, uploads) == {"convener"}
    uploads(cast.convener)
    kept = InviteeList.objects.get()
    for who, status in ((cast.citizen, 403), (cast.case_officer, 403), (cast.outsider, 403)):
        client.force_login(who)
        assert client.get(page_of("draft_invitees", kept.pk)).status_code == status
    InviteeList.objects.update(by=cast.citizen)
    client.force_login(cast.convener)
    assert client.get(page_of("draft_invitees", kept.pk)).status_code == 404


def test_a_file_nobody_came_back_to_is_gone_after_a_day(cast):
    at = timezone.now()
    actions.invitees.upload_invitees(
        partnership=cast.partnership, name="x.csv", data=b"name\nA", by=cast.convener, at=at
    )
    assert actions.invitees.forget_invitees(at=at + datetime.timedelta(hours=23)) == 0
    assert actions.invitees.forget_invitees(at=at + datetime.timedelta(hours=24)) == 1
    assert not InviteeList.objects.exists()


def test_the_example_can_be_filled_in_and_read_again(client, cast):
    client.force_login(cast.convener)
    for language in ("en", "da"):
        example = client.get(page_of("example_invitees"), headers={"accept-language": language})
        shown = client.get(upload(client, example.content).url).context["checked"]
        assert (len(shown.people), shown.wrong, shown.unknown) == (1, [], [])
