"""The public record as Atom: valid, the same for everybody, cheap to ask for again, and never more than public."""

import pytest
from defusedxml import ElementTree
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from actors.models import Person
from journal.models import Entry
from partnerships import actions
from partnerships.models import Member, Partnership
from tests.cast import make_cast
from tests.cast import partnership as another
from tests.partnerships.promising import offer

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def say(cast, who, partnership=None):
    return actions.contributions.say(
        partnership=partnership or cast.partnership, kind="idea", body="Boats", by=who, at=timezone.now()
    )


def of_partnership(cast):
    return reverse("partnership_feed", args=[cast.partnership.slug])


def of_platform(cast):
    return reverse("platform_feed", args=[cast.platform.slug])


def read(client, address):
    """The feed as a tree, checked by what RFC 4287 asks of every feed."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for one in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1, name
        assert parse_datetime(one.findtext(f"{ATOM}updated")).tzinfo is not None
        assert one.find(f"{ATOM}author/{ATOM}name") is not None or feed.find(f"{ATOM}author") is not None
        links = one.findall(f"{ATOM}link")
        assert links
        assert all(link.get("href").startswith(settings.SITE_URL) for link in links)
    own = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert [link.get("href") for link in own] == [settings.SITE_URL + address]
    return feed


def titles(feed):
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def ids(feed):
    return [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]


def test_it_tells_what_is_public_newest_first_in_the_language_of_the_partnership(client):
    cast = make_cast()
    say(cast, cast.citizen)
    said = say(cast, cast.official)
    actions.moderation.report_contribution(
        contribution=said, reason="Rude.", by=cast.outsider, at=timezone.now()
    )
    client.force_login(cast.convener)  # who may read more, and gets no more
    feed = read(client, of_partnership(cast))
    assert titles(feed) == ["Inge Official said something.", "Bo Citizen said something."]
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]
    assert [client.get(link.removeprefix(settings.SITE_URL)).status_code for link in links] == [200, 200]
    Partnership.objects.update(language="da")
    feed = read(client, of_partnership(cast))
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "da"
    assert titles(feed)[1] == "Bo Citizen sagde noget."


def test_words_of_people_are_never_markup(client):
    cast = make_cast()
    offer(cast, cast.citizen, "Pay <b>the</b> ladder & rail")
    feed = read(client, of_partnership(cast))
    assert titles(feed) == ["Bo Citizen offered: Pay <b>the</b> ladder & rail"]
    assert feed.findall(f"{ATOM}entry/{ATOM}summary") == []


def test_names_of_entries_stay_and_a_feed_without_any_is_one(client):
    cast = make_cast()
    assert ids(read(client, of_partnership(cast))) == []
    say(cast, cast.citizen)
    before = ids(read(client, of_partnership(cast)))
    Partnership.objects.update(slug="moved", title="Moved")
    cast.partnership.refresh_from_db()
    say(cast, cast.citizen)
    after = ids(read(client, of_partnership(cast)))
    assert len(set(after)) == 2
    assert after[1:] == before


def test_asked_again_it_answers_that_nothing_is_new(client):
    cast = make_cast()
    say(cast, cast.citizen)
    first = client.get(of_partnership(cast))
    assert first["Cache-Control"] == "public, max-age=300"
    again = client.get(of_partnership(cast), HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    since = client.get(of_partnership(cast), HTTP_IF_MODIFIED_SINCE=first["Last-Modified"])
    assert since.status_code == 200  # a time alone does not tell that a name was erased since
    Person.objects.filter(pk=cast.citizen.pk).update(name="")
    erased = client.get(of_partnership(cast), HTTP_IF_NONE_MATCH=first["ETag"])
    assert (erased.status_code, b"Bo Citizen" in erased.content) == (200, False)
    assert client.head(of_partnership(cast)).status_code == 200


def test_a_member_shown_by_function_is_named_so_in_each_partnership(client):
    cast = make_cast()
    other = another(cast.platform, slug="other", title="Other", by=cast.convener)
    Member.objects.create(partnership=other, person=cast.citizen, sector="citizens", side="non_public")
    Member.objects.filter(person=cast.citizen, partnership=cast.partnership).update(shown_by_function=True)
    say(cast, cast.citizen)
    say(cast, cast.citizen, other)
    assert titles(read(client, of_platform(cast))) == [
        "Other: Bo Citizen said something.",
        "Seaweed on the beach: Lives by the beach said something.",
    ]
    assert b"Bo Citizen" not in client.get(of_partnership(cast)).content


@pytest.mark.parametrize("visibility", ["members", "hidden"])
def test_what_is_not_public_has_no_feed(client, visibility):
    cast = make_cast()
    say(cast, cast.citizen)
    Partnership.objects.update(visibility=visibility)
    for who in (None, cast.convener):
        if who:
            client.force_login(who)
        assert client.get(of_partnership(cast)).status_code == 404
        assert titles(read(client, of_platform(cast))) == []
    Partnership.objects.update(visibility="public", begun_at=None)
    assert client.get(of_partnership(cast)).status_code == 404
    assert client.get(reverse("platform_feed", args=["nowhere"])).status_code == 404


def test_entries_from_before_it_was_public_stay_inside(client):
    cast = make_cast(visibility="members")
    say(cast, cast.citizen)
    Partnership.objects.update(visibility="public")
    assert Entry.objects.get().audience == "members"
    assert titles(read(client, of_partnership(cast))) == []


def test_pages_lead_to_the_feed_where_there_is_one(client):
    cast = make_cast()
    say(cast, cast.citizen)
    record = reverse("record", args=[cast.partnership.slug])
    assert f'type="application/atom+xml" title="{cast.partnership.title}" href="{of_partnership(cast)}"' in (
        client.get(record).content.decode()
    )
    assert of_platform(cast) in client.get(reverse("platform", args=["solrod"])).content.decode()
    Partnership.objects.update(visibility="members")
    client.force_login(cast.citizen)
    assert "application/atom+xml" not in client.get(record).content.decode()


def test_it_costs_the_same_with_few_and_with_many(client, django_assert_max_num_queries):
    cast = make_cast()
    costs = []
    for more in (1, 60):
        for number in range(more):
            say(cast, cast.citizen)
            other = another(cast.platform, slug=f"other-{more}-{number}") if number < 20 else None
            if other:
                Member.objects.create(
                    partnership=other, person=cast.citizen, sector="citizens", side="non_public"
                )
                say(cast, cast.citizen, other)
        spent = []
        for address in (of_partnership(cast), of_platform(cast)):
            with django_assert_max_num_queries(6) as queries:
                client.get(address)
            spent.append(len(queries))
        costs.append(spent)
    assert costs[0] == costs[1]
