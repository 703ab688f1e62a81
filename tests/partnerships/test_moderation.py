"""The ground rules at work: who may report, hide, pause, appeal and decide; who is told; what everybody sees."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import (
    Appeal,
    Contribution,
    ContributionReport,
    Intervention,
    Member,
    Partnership,
    Text,
)
from partnerships.stages import Stage
from tests.cast import join, make_cast, person, told, who_may
from tests.partnerships.moderating import appeal, decide, dismiss, facilitator, hide, pause, report, show
from tests.partnerships.saying import said

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def true(kind):
    """Whom a mail of this kind would still go to."""
    rows = list(Notice.objects.filter(kind=kind))
    holds = kind_named(kind).still_true(rows)
    return sorted(row.recipient for row in rows if row.pk in holds)


# --- report ----------------------------------------------------------------------------------------------------


def test_any_signed_in_reader_reports_once():
    cast = make_cast()
    words = said(cast)
    everybody = {"convener", "citizen", "official", "observer", "politician", "outsider", "case_officer"}
    assert who_may(cast, lambda who: report(words, by=who)) == everybody
    Partnership.objects.update(visibility=Partnership.Visibility.MEMBERS)
    assert who_may(cast, lambda who: report(words, by=who)) == everybody - {"politician", "outsider"}
    report(words, by=cast.official)
    with pytest.raises(Conflict, match="You have reported this already"):
        report(words, by=cast.official)


def test_reports_of_one_person_are_capped_each_day():
    cast = make_cast()
    Partnership.objects.update(thresholds={"reports_a_day": 2})
    words = [said(cast, body=f"Words {number}") for number in range(3)]
    noon = timezone.now().replace(hour=12)
    for one in words[:2]:
        report(one, by=cast.official, at=noon)
    with pytest.raises(Conflict, match="You have reported 2 contributions today"):
        report(words[2], by=cast.official, at=noon)
    assert ContributionReport.objects.count() == 2
    report(words[2], by=cast.observer, at=noon)
    report(words[2], by=cast.official, at=noon + DAY)


def test_who_reported_is_told_what_came_of_it_and_is_named_to_nobody_else():
    cast = make_cast()
    rude, fine = said(cast, body="You fools"), said(cast, body="Fine")
    report(rude, by=cast.outsider)
    report(fine, by=cast.official)
    assert told("contribution_reported") == [cast.convener.pk] * 2
    hide(rude, by=cast.convener)
    dismiss(fine, by=cast.convener)
    assert true("report_settled") == sorted([cast.outsider.pk, cast.official.pk])
    settled = {one.by_id: (one.upheld, one.settled_reason) for one in ContributionReport.objects.all()}
    assert settled == {
        cast.outsider.pk: (True, ""),
        cast.official.pk: (False, "It is rude, and allowed."),
    }
    Partnership.objects.update(visibility=Partnership.Visibility.MEMBERS)
    assert true("report_settled") == [cast.official.pk]
    with pytest.raises(Conflict, match="Somebody else has settled these reports"):
        dismiss(fine, by=cast.convener)


# --- nobody in their own case ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("author", "reporter", "second", "may"),
    [
        ("citizen", "official", False, {"convener"}),
        ("citizen", "official", True, {"convener"}),
        ("citizen", "convener", False, {"convener"}),
        ("citizen", "convener", True, set()),
        ("convener", "official", False, {"convener"}),
        ("convener", "official", True, set()),
    ],
)
def test_no_leader_settles_their_own_case_while_another_could(author, reporter, second, may):
    cast = make_cast()
    words = said(cast, getattr(cast, author))
    report(words, by=getattr(cast, reporter))
    fran = facilitator(cast) if second else None
    assert who_may(cast, lambda who: hide(words, by=who)) == may
    assert who_may(cast, lambda who: dismiss(words, by=who)) == may
    if second:
        hide(words, by=fran)
        shown = set() if author == "convener" else {"convener"}
        assert who_may(cast, lambda who: show(words, by=who)) == shown


def test_what_nobody_reported_a_leader_hides_at_once():
    cast = make_cast()
    facilitator(cast)
    assert who_may(cast, lambda who: hide(said(cast), by=who)) == {"convener"}


# --- hide, appeal, decide --------------------------------------------------------------------------------------


def test_hidden_words_keep_their_place_and_come_back_when_an_appeal_is_granted(client):
    cast = make_cast()
    words, fran = said(cast, body="You fools"), facilitator(cast)
    hidden = hide(words, by=cast.convener)
    page = reverse("say", args=[cast.partnership.slug])
    html = client.get(page).content.decode()
    assert ("You fools" in html, "It calls people fools." in html) == (False, True)
    made = appeal(hidden, by=cast.citizen)
    assert true("appeal_made") == [fran.pk]
    decide(made, by=fran)
    assert "You fools" in client.get(page).content.decode()
    words.refresh_from_db()
    assert (words.hidden_at, words.hidden_by, words.hidden_reason) == (None, None, "")
    assert told("appeal_decided") == sorted([cast.citizen.pk, cast.convener.pk])
    verbs = (
        Entry.objects.filter(scope=cast.partnership.pk).order_by("sequence").values_list("verb", flat=True)
    )
    assert list(verbs)[1:] == ["contribution.hidden", "appeal.made", "appeal.decided", "contribution.shown"]


def test_an_appeal_that_is_refused_leaves_the_words_hidden_and_is_made_once():
    cast = make_cast()
    words, fran = said(cast), facilitator(cast)
    hidden = hide(words, by=cast.convener)
    made = appeal(hidden, by=cast.citizen)
    with pytest.raises(Refused, match="You have appealed already"):
        appeal(hidden, by=cast.citizen)
    decide(made, by=fran, state="stands")
    with pytest.raises(Conflict, match="Somebody else has decided this appeal"):
        decide(made, by=fran)
    words.refresh_from_db()
    assert words.hidden_reason == "It calls people fools."
    show(words, by=fran)
    again = hide(words, by=fran)
    assert appeal(again, by=cast.citizen).state == "open"  # once per hiding


def test_only_its_author_appeals_and_in_time():
    cast = make_cast()
    hidden = hide(said(cast), by=cast.convener)
    assert who_may(cast, lambda who: appeal(hidden, by=who)) == {"citizen"}
    with pytest.raises(Refused, match="An appeal is open for 30 days"):
        appeal(hidden, by=cast.citizen, at=timezone.now() + 31 * DAY)
    show(hidden.contribution, by=cast.convener)
    with pytest.raises(Refused, match="This is over already"):
        appeal(hidden, by=cast.citizen)


@pytest.mark.parametrize("public", [True, False])
def test_where_no_other_leader_is_an_office_of_the_platform_decides(public):
    cast = make_cast()
    if not public:
        Partnership.objects.update(visibility=Partnership.Visibility.HIDDEN)
    hidden = hide(said(cast), by=cast.convener)
    made = appeal(hidden, by=cast.citizen)
    assert who_may(cast, lambda who: decide(made, by=who)) == {"case_officer"}
    assert true("appeal_made") == [cast.case_officer.pk]
    waits = {
        who for who in (cast.convener, cast.case_officer, cast.citizen) if Appeal.objects.waiting_for(who)
    }
    assert waits == {cast.case_officer}
    fran = facilitator(cast)
    assert who_may(cast, lambda who: decide(made, by=who)) == set()
    assert (len(Appeal.objects.waiting_for(fran)), len(Appeal.objects.waiting_for(cast.case_officer))) == (
        1,
        0,
    )
    decide(made, by=fran)
    assert not Appeal.objects.waiting_for(fran)


def test_showing_it_again_ends_an_appeal_that_waits_but_not_by_its_author():
    cast = make_cast()
    fran = facilitator(cast)
    words = said(cast, fran)
    hidden = hide(words, by=cast.convener)
    made = appeal(hidden, by=fran)
    with pytest.raises(Refused, match="You are a part of this"):
        show(words, by=fran)
    show(words, by=cast.convener)
    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("taken_back", cast.convener)
    assert told("appeal_decided") == [fran.pk]


def test_what_waits_for_a_leader_is_what_they_may_settle():
    cast = make_cast()
    fran = facilitator(cast)
    report(said(cast, fran), by=cast.official)
    report(said(cast), by=cast.convener)
    waits = {
        who.name: ContributionReport.objects.waiting_for(who).count()
        for who in (fran, cast.convener, cast.official, cast.case_officer)
    }
    expected = {"Fran Facilitator": 1, "Karen Convener": 1, "Inge Official": 0, "Kim Caseofficer": 0}
    assert waits == expected


# --- pause somebody's writing ----------------------------------------------------------------------------------


def test_who_may_pause_whose_writing():
    cast = make_cast()
    fran = facilitator(cast)
    assert who_may(cast, lambda who: pause(cast, cast.citizen, by=who)) == {"convener"}
    for leader in (fran, cast.convener):
        with pytest.raises(Refused, match="Who convenes or facilitates cannot be paused"):
            pause(cast, leader)
    pause(cast, cast.citizen)
    with pytest.raises(Refused, match="Their writing is paused already"):
        pause(cast, cast.citizen)
    pause(cast, cast.citizen, at=timezone.now() + 8 * DAY)


def test_who_is_paused_neither_says_nor_writes_until_the_time_is_over_and_still_decides():
    cast = make_cast(stage=Stage.DEFINE)
    charter = {"partnership": cast.partnership, "kind": Text.Kind.CHARTER, "title": "Rules"}
    text = actions.texts.start_text(**charter, by=cast.citizen, at=timezone.now())
    words = {"text": text, "body": {"rules": "Kind."}, "cites": [], "note": "", "based_on": None}
    paused = pause(cast, cast.citizen)
    with pytest.raises(Refused, match="Your writing is paused by the ground rules until"):
        said(cast)
    with pytest.raises(Refused, match="Your writing is paused"):
        actions.texts.write_revision(**words, by=cast.citizen, at=timezone.now())
    promise = {"partnership": cast.partnership, "kind": "hours", "what": "Ten hours"}
    actions.commitments.offer_commitment(**promise, by=cast.citizen, at=timezone.now())
    said(cast, cast.official)
    Intervention.objects.filter(pk=paused.pk).update(at=timezone.now() - 8 * DAY, until=timezone.now() - DAY)
    said(cast)
    actions.texts.write_revision(**words, by=cast.citizen, at=timezone.now())


def test_who_leaves_and_joins_again_is_still_paused():
    cast = make_cast()
    pause(cast, cast.citizen)
    Member.objects.filter(person=cast.citizen).update(left_at=timezone.now())
    join(cast.partnership, cast.citizen)
    with pytest.raises(Refused, match="Your writing is paused"):
        said(cast)


def test_a_pause_ends_at_once_when_its_appeal_is_granted_or_a_convener_ends_it():
    cast = make_cast()
    fran = facilitator(cast)
    first = pause(cast, cast.citizen)
    decide(appeal(first, by=cast.citizen), by=fran)
    said(cast)
    second = pause(cast, cast.citizen)
    end = actions.moderation.end_writing_pause
    assert who_may(cast, lambda who: end(intervention=second, by=who, at=timezone.now())) == {"convener"}
    end(intervention=second, by=cast.convener, at=timezone.now())
    said(cast)
    assert told("writing_paused") == [cast.citizen.pk] * 2
    assert true("writing_paused") == []


# --- the pages -------------------------------------------------------------------------------------------------


def test_the_public_log_tells_what_was_done_and_neither_words_nor_who_reported_or_is_paused(client):
    cast = make_cast()
    fran = facilitator(cast)
    words = said(cast, body="You fools")
    reporter = person("Rita Reporter")
    report(words, by=reporter, reason="Rita saw it")
    hidden = hide(words, by=fran)
    pause(cast, cast.citizen)
    appeal(hidden, by=cast.citizen, words="Only a joke")
    page = reverse("moderation", args=[cast.partnership.slug])
    one = reverse("intervention", args=[cast.partnership.slug, hidden.pk])
    for html in (client.get(page).content.decode(), client.get(one).content.decode()):
        assert "It calls people fools." in html
        assert "Fran Facilitator" in html
        for secret in ("You fools", "Rita", "Bo Citizen", "Only a joke"):
            assert secret not in html
    assert "Three insults in a day." in client.get(page).content.decode()
    readers = {}
    for name in ("citizen", "convener", "official", "case_officer"):
        client.force_login(getattr(cast, name))
        html = client.get(one).content.decode()
        readers[name] = ("You fools" in html, "Only a joke" in html)
    assert readers == {
        "citizen": (True, True),
        "convener": (True, True),
        "official": (False, False),
        "case_officer": (False, False),
    }


def test_the_deeds_go_through_their_pages(client):
    cast = make_cast()
    words, fran = said(cast, body="You fools"), facilitator(cast)

    def go(who, name, pk, typed, status=302):
        client.force_login(who)
        answer = client.post(reverse(name, args=[cast.partnership.slug, pk]), typed)
        assert answer.status_code == status, answer.content.decode()
        return answer.content.decode()

    html = go(cast.official, "report_contribution", words.pk, {"ground": "other", "reason": ""}, 422)
    assert "Say in a few words what is wrong with it." in html
    go(cast.official, "report_contribution", words.pk, {"ground": "insult"})
    client.force_login(fran)
    queue = client.get(reverse("moderation_queue", args=[cast.partnership.slug])).content.decode()
    assert ("You fools" in queue, "Inge" in queue) == (True, False)
    go(fran, "dismiss_reports", words.pk, {"reason": "It is allowed."})
    assert "Bo said it" in go(fran, "hide_contribution", words.pk, {"reason": "Bo said it"}, 422)
    go(fran, "hide_contribution", words.pk, {"ground": "insult", "reason": "Fools."})
    hidden = Intervention.objects.get()
    assert "kept words" * 400 in go(
        cast.citizen, "make_appeal", hidden.pk, {"words": "kept words" * 400}, 422
    )
    go(cast.citizen, "make_appeal", hidden.pk, {"words": "A joke"})
    go(fran, "decide_appeal", hidden.pk, {"state": "stands", "reason": "x"}, 403)
    go(cast.convener, "decide_appeal", hidden.pk, {"state": "stands"}, 422)
    go(cast.convener, "decide_appeal", hidden.pk, {"state": "taken_back", "reason": "A joke."})
    bo = cast.member(cast.citizen)
    go(cast.convener, "pause_writing", bo.pk, {"days": 15, "ground": "insult", "reason": "Often."}, 422)
    go(cast.convener, "pause_writing", bo.pk, {"days": 14, "ground": "insult", "reason": "Often."})
    client.force_login(cast.citizen)
    html = client.get(reverse("say", args=[cast.partnership.slug])).content.decode()
    assert "Your writing is paused by the ground rules until" in html
    go(cast.convener, "end_writing_pause", Intervention.objects.get(kind="writing_pause").pk, {})
    assert Contribution.objects.get().hidden_at is None


def test_pages_of_a_hidden_partnership_do_not_exist_for_outsiders(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    hidden = hide(said(cast), by=cast.convener)
    slug = cast.partnership.slug
    pages = [reverse(name, args=[slug]) for name in ("moderation", "moderation_queue", "answers_owed")]
    pages.append(reverse("intervention", args=[slug, hidden.pk]))
    client.force_login(cast.outsider)
    assert [client.get(page).status_code for page in pages] == [404] * 4
    client.force_login(cast.convener)
    assert [client.get(page).status_code for page in pages] == [200] * 4
    assert Member.objects.filter(person=cast.outsider).count() == 0
