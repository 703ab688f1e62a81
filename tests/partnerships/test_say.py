"""Say: who may, what it looks like, what bad input gets."""

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Refused
from journal.models import Entry
from notices.kinds import kind_named
from notices.models import Notice
from partnerships import actions
from partnerships.models import Contribution, Member, Partnership
from partnerships.stages import Stage
from tests.cast import make_cast

pytestmark = pytest.mark.django_db


def say(cast, who, body="It smells.", **fields):
    return actions.contributions.say(
        partnership=cast.partnership, kind="experience", body=body, by=who, at=timezone.now(), **fields
    )


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_say_when(stage):
    cast = make_cast(stage=stage)
    allowed = set()
    for name in ("convener", "citizen", "official", "observer", "politician", "outsider", "case_officer"):
        try:
            say(cast, getattr(cast, name))
            allowed.add(name)
        except Refused:
            pass
    closed = stage in (Stage.INITIATE, Stage.CLOSED)
    assert allowed == (set() if closed else {"convener", "citizen", "official"})


def test_saying_something_shows_it_to_everyone_and_journals_it(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    page = reverse("say", args=[cast.partnership.slug])
    answer = client.post(page, {"kind": "experience", "body": "The **smell** is worst in July."})
    assert answer.status_code == 302
    client.logout()
    html = client.get(page).content.decode()
    assert "The <strong>smell</strong> is worst in July." in html
    assert Entry.objects.get(scope=cast.partnership.pk).verb == "contribution.said"


def test_bad_input_keeps_what_was_typed(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    long = "smell " * 4000
    answer = client.post(reverse("say", args=[cast.partnership.slug]), {"kind": "experience", "body": long})
    assert answer.status_code == 422
    assert long.strip() in answer.content.decode()
    assert not Contribution.objects.exists()


def test_html_is_text(client):
    cast = make_cast()
    say(cast, cast.citizen, "<script>alert(1)</script><img src=x onerror=y>")
    html = client.get(reverse("say", args=[cast.partnership.slug])).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_a_hidden_partnership_does_not_exist_for_outsiders(client):
    cast = make_cast(visibility=Partnership.Visibility.HIDDEN)
    say(cast, cast.citizen, "secret words")
    page = reverse("say", args=[cast.partnership.slug])
    for who, status in ((None, 404), (cast.outsider, 404), (cast.citizen, 200), (cast.case_officer, 200)):
        client.logout()
        if who:
            client.force_login(who)
        assert client.get(page).status_code == status


def test_members_only_is_refused_in_words(client):
    cast = make_cast(visibility=Partnership.Visibility.MEMBERS)
    say(cast, cast.citizen, "secret words")
    answer = client.get(reverse("say", args=[cast.partnership.slug]))
    assert answer.status_code == 403
    assert "Only members can read this partnership." in answer.content.decode()
    assert "secret words" not in answer.content.decode()


def test_the_page_costs_the_same_with_three_rows_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    first = say(cast, cast.citizen)
    say(cast, cast.official, reply_to=first)
    client.force_login(cast.citizen)
    page = reverse("say", args=[cast.partnership.slug])
    with django_assert_max_num_queries(12) as few:
        client.get(page)
    for _ in range(15):
        say(cast, cast.official, reply_to=say(cast, cast.citizen))
    with django_assert_max_num_queries(12) as many:
        client.get(page)
    assert len(few) == len(many)


def test_who_has_left_or_leads_no_longer_is_not_told_any_more():
    cast = make_cast(join_policy="request")
    said, now = say(cast, cast.citizen, wants_answer=True), timezone.now()
    actions.answering.respond(
        contribution=said, outcome="adopted", reason="It is in.", by=cast.convener, at=now
    )
    actions.moderation.report_contribution(contribution=said, reason="Rude.", by=cast.official, at=now)
    actions.members.ask_to_join(
        partnership=cast.partnership, sector="private", message="Me", by=cast.outsider, at=now
    )
    kinds = ("contribution_answered", "contribution_reported", "join_requested")

    def true():
        found = {kind: list(Notice.objects.filter(kind=kind)) for kind in kinds}
        return [len(kind_named(kind).still_true(rows)) for kind, rows in found.items()]

    assert true() == [1, 1, 1]
    Member.objects.filter(person=cast.convener).update(role=Member.Role.MEMBER)
    assert true() == [1, 0, 0]
    Member.objects.update(left_at=now)
    assert true() == [0, 0, 0]


def test_a_form_that_is_sent_twice_says_it_once(client):
    cast = make_cast()
    client.force_login(cast.citizen)
    page = reverse("say", args=[cast.partnership.slug])
    typed = {"kind": "idea", "body": "Once", "key": str(client.get(page).context["form"]["key"].value())}
    first, second = (client.post(page, typed) for _press in range(2))
    assert (first.status_code, second.url) == (302, first.url)
    assert (Contribution.objects.count(), Entry.objects.count()) == (1, 1)
    client.force_login(cast.official)
    assert client.post(page, typed).status_code == 409
    assert Contribution.objects.get().member.person == cast.citizen
