"""What is taken back, changed or attached stays in the case and in one's own data, and goes where the law says."""

import csv
import io
import json
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from cocreate.export import export_partnership
from cocreate.forget import forget_person
from partnerships import actions
from partnerships.attachments import read_attachment
from tests.cast import make_cast
from tests.partnerships.files import PDF, picture
from tests.partnerships.saying import html_of, page_of, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    """Bo said something with files and without his name, changed it and took it back; a shop owner was written down."""
    made, now = make_cast(may_withhold_names=True), timezone.now()
    other = say(made, made.official, "Words of Inge")
    files = [(read_attachment("beach.jpg", picture()), "The beach"), (read_attachment("report.pdf", PDF), "")]
    said = say(
        made,
        made.citizen,
        "First words",
        anonymous=True,
        files=files,
        reply_to=other,
        quotes=other,
        quoted="Words of Inge",
        mentions=[made.member(made.official)],
    )
    named = {"mentions": [made.member(made.official)]}
    actions.contributions.change_contribution(
        contribution=said, kind="concern", body="Later words", by=made.citizen, at=now, **named
    )
    actions.contributions.retract_contribution(contribution=said, by=made.citizen, at=now)
    entry = {"kind": "idea", "body": "On paper", "way": "paper", "on_behalf_of": "A shop owner"}
    actions.contributions.record_contributions(
        partnership=made.partnership, entries=[entry], by=made.convener, at=now
    )
    made.said = said
    return made


def test_the_case_holds_all_of_it(cast):
    chunks = export_partnership(partnership=cast.partnership, by=cast.case_officer, at=timezone.now())
    file = zipfile.ZipFile(io.BytesIO(b"".join(chunks)))
    told = file.read("005-contributions.md").decode()
    for words in (
        *("Bo Citizen, Concern", "> Later words", "First words", "TAKEN BACK by who said it"),
        *("NAME WITHHELD from visitors of the site", "**Names:** Inge Official", "beach.jpg", "report.pdf"),
        *(
            "A shop owner, Idea",
            "**How it came in:** Written on paper",
            "**Written down by:** Karen Convener",
        ),
    ):
        assert words in told
    assert file.read("007-file-report.pdf") == PDF
    rows = list(csv.reader(io.StringIO(file.read("index.csv").decode("utf-8-sig")), delimiter=";"))
    hidden = {row[1]: row[4] for row in rows}
    assert (hidden["006-file-beach.jpg"], hidden["007-file-report.pdf"]) == ("yes", "yes")


def test_mine_is_mine(client, cast):
    client.force_login(cast.citizen)
    kept = json.loads(client.post(reverse("take_my_data")).content)
    assert [row["body"] for row in kept["contributions"]] == ["Later words"]
    assert [row["body"] for row in kept["earlier_words"]] == ["First words"]
    assert [(row["name"], row["alt"]) for row in kept["files"]] == [
        ("beach.jpg", "The beach"),
        ("report.pdf", ""),
    ]
    assert kept["mentions"] == []
    assert "Words of Inge" not in json.dumps(kept)
    client.force_login(cast.official)
    kept = json.loads(client.post(reverse("take_my_data")).content)
    assert [row["contribution_id"] for row in kept["mentions"]] == [str(cast.said.pk)]


def test_who_is_erased_is_named_no_more(client, cast):
    say(cast, cast.citizen, "Still here", anonymous=True)
    forget_person(person=cast.citizen, by=cast.citizen, at=timezone.now())
    client.force_login(cast.convener)
    html = html_of(client.get(page_of(cast, "say")))
    assert "Still here" in html
    assert "Erased person" in html
    assert "Bo Citizen" not in html
