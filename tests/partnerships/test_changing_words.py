"""One's own words: changed with every earlier version kept, or taken back; never by anybody else."""

import datetime

import pytest
from django.utils import timezone

from boundary.answer import Refused
from journal.models import Entry
from partnerships import actions
from partnerships.actions.swaps import Changed
from partnerships.models import Attachment, Citation, Contribution, ContributionVersion
from partnerships.stages import Stage
from tests.cast import make_cast, who_may
from tests.partnerships.saying import html_of, page_of, say
from tests.partnerships.writing import start, write

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


def change(contribution, by, body="Other words.", **fields):
    facts = {"kind": "idea", "at": timezone.now()} | fields
    return actions.contributions.change_contribution(contribution=contribution, body=body, by=by, **facts)


def retract(contribution, by):
    return actions.contributions.retract_contribution(contribution=contribution, by=by, at=timezone.now())


@pytest.mark.parametrize("deed", [change, retract])
@pytest.mark.parametrize("stage", [Stage.DEFINE, Stage.CLOSED])
def test_only_who_said_it_while_the_stage_lets_them_speak(deed, stage):
    cast = make_cast()
    said = say(cast, cast.citizen)
    cast.partnership.stage = stage
    cast.partnership.save()
    assert who_may(cast, lambda by: deed(said, by)) == ({"citizen"} if stage == Stage.DEFINE else set())


@pytest.mark.parametrize("gone", ["hidden_at", "retracted_at"])
def test_what_is_gone_is_neither_changed_nor_taken_back(cast, gone):
    said = say(cast, cast.citizen)
    Contribution.objects.filter(pk=said.pk).update(**{gone: timezone.now()}, hidden_reason="Rude")
    for deed in (change, retract):
        with pytest.raises(Refused):
            deed(said, cast.citizen)


def test_every_earlier_version_can_be_read_with_what_changed(client, cast):
    said = say(cast, cast.citizen, "The smell is bad.", kind="concern")
    client.force_login(cast.citizen)
    page = page_of(cast, "change_contribution", said)
    for body in ("The smell is worse.", "The smell is worst in July."):
        assert client.post(page, {"kind": "idea", "body": body}).status_code == 302
    client.logout()
    assert "changed</a>" in html_of(client.get(page_of(cast, "say")))
    html = html_of(client.get(page_of(cast, "contribution_history", said)))
    assert "<p>The smell is worst in July.</p>" in html
    assert "<p>The smell is bad.</p>" in html
    assert "Kind: Concern, then Idea" in html
    assert html.count("<del>") == 2
    assert list(said.versions.values_list("number", "kind", "body")) == [
        (2, "idea", "The smell is worse."),
        (1, "concern", "The smell is bad."),
    ]
    verbs = Entry.objects.order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["contribution.said", "contribution.changed", "contribution.changed"]


def test_saving_the_same_words_changes_nothing(cast):
    said = say(cast, cast.citizen, "The same.", kind="idea")
    assert change(said, cast.citizen, "The same.").edited_at is None
    assert not ContributionVersion.objects.exists()


def test_two_windows_overwrite_nothing_unseen(client, cast):
    said = say(cast, cast.citizen, "One")
    client.force_login(cast.citizen)
    page = page_of(cast, "change_contribution", said)
    seen = client.get(page).context["form"]["seen"].value()
    assert client.post(page, {"kind": "experience", "body": "Two", "seen": seen}).status_code == 302
    answer = client.post(page, {"kind": "experience", "body": "Three", "seen": seen})
    assert answer.status_code == 409
    html = html_of(answer)
    assert "Two" in html
    assert "Three</textarea>" in html
    said.refresh_from_db()
    assert said.body == "Two"


def test_the_action_compares_what_was_seen(cast):
    said = say(cast, cast.citizen, "One")
    with pytest.raises(Changed):
        change(said, cast.citizen, "Three", expected={"kind": "experience", "body": "Zero"})


def test_bad_words_come_back(client, cast):
    said = say(cast, cast.citizen)
    client.force_login(cast.citizen)
    long = "smell " * 4000
    answer = client.post(page_of(cast, "change_contribution", said), {"kind": "idea", "body": long})
    assert answer.status_code == 422
    assert long.strip() in html_of(answer)


def test_history_says_which_words_a_text_and_an_answer_were_about(client, cast):
    said, now = say(cast, cast.citizen, "First words", at=timezone.now() - 9 * MINUTE), timezone.now()
    actions.answering.respond(
        contribution=said, outcome="adopted", reason="In.", by=cast.convener, at=now - 8 * MINUTE
    )
    change(said, cast.citizen, "Second words", at=now - 7 * MINUTE)
    revision = write(cast, start(cast))
    Citation.objects.create(revision=revision, contribution=said)
    html = html_of(client.get(page_of(cast, "contribution_history", said)))
    assert html.index("Second words") < html.index("Cited in these words") < html.index("First words</p>")
    assert html.index("First words</p>") < html.index("Answered in these words")
    assert "The words were changed after this answer." in html_of(client.get(page_of(cast, "say")))


def test_taking_back_keeps_the_place_and_nothing_else(client, cast):
    said = say(cast, cast.citizen, "Nasty words", wants_answer=True)
    say(cast, cast.official, "A reply", reply_to=said)
    change(said, cast.citizen, "Nastier words")
    client.force_login(cast.citizen)
    page = page_of(cast, "retract_contribution", said)
    assert "Nastier words" in html_of(client.get(page))
    assert Contribution.objects.owed_a_response().count() == 1
    assert client.post(page).status_code == 302
    assert client.get(page).status_code == 403
    for who in (None, cast.convener):
        client.logout()
        if who:
            client.force_login(who)
        for address in (page_of(cast, "say"), page_of(cast, "contribution", said)):
            html = html_of(client.get(address))
            assert "Taken back by who said it" in html
            assert "A reply" in html
            assert "Nast" not in html
        assert client.get(page_of(cast, "contribution_history", said)).status_code == 404
        assert "Nast" not in html_of(client.get(page_of(cast, "say") + "?q=nastier"))
    assert not Contribution.objects.owed_a_response().exists()
    assert Entry.objects.latest("sequence").verb == "contribution.retracted"
    assert not Attachment.objects.exists()


def test_a_citation_stands_and_says_that_the_words_were_taken_back(client, cast):
    said = say(cast, cast.citizen, "Nasty words")
    text = start(cast)
    revision = write(cast, text, cites=[said])
    page = page_of(cast, "text", text)
    assert "Nasty words" in html_of(client.get(page))
    retract(said, cast.citizen)
    html = html_of(client.get(page))
    assert "Nasty words" not in html
    assert "Taken back by who said it" in html
    assert revision.citations.count() == 1
