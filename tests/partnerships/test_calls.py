"""Open calls: who opens them, who puts themselves forward, who is chosen, and that nobody is left without an answer."""

import datetime

import pytest
from django.utils import timezone

from boundary.answer import Refused
from journal.models import Entry
from partnerships import actions
from partnerships.models import Call, Letter, Partnership, Volunteer
from partnerships.stages import Stage
from tests.cast import make_cast, who_may
from tests.partnerships.calling import (
    DAY,
    choose,
    close,
    freeze,
    group,
    open_call,
    page_of,
    thank,
    volunteer,
)
from tests.partnerships.inviting import draft

pytestmark = pytest.mark.django_db
State = Volunteer.State
OUTSIDE = {"politician", "case_officer", "outsider"}


# --- rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_do_what_with_a_call_when(stage):
    cast = make_cast()
    families = group(cast)
    call = open_call(cast, {families: 2})
    one = volunteer(call, families, cast.outsider)
    Partnership.objects.update(stage=stage)
    working = stage != Stage.CLOSED
    if_working = {"convener"} if working else set()
    assert who_may(cast, lambda who: open_call(cast, {families: 1}, by=who)) == if_working
    assert who_may(cast, lambda who: volunteer(call, families, who)) == (OUTSIDE if working else set())
    assert who_may(cast, lambda who: choose(call, families, [one], who)) == if_working
    assert who_may(cast, lambda who: thank(call, families, who)) == set()  # it is still open
    assert who_may(cast, lambda who: close(cast, call, who)) == {"convener"}
    assert who_may(cast, lambda who: actions.calls.step_back(volunteer=one, by=who, at=timezone.now())) == {
        "outsider"
    }
    call = close(cast, call)
    assert who_may(cast, lambda who: volunteer(call, families, who)) == set()
    assert who_may(cast, lambda who: thank(call, families, who)) == {"convener"}
    assert who_may(cast, lambda who: freeze(cast, call, families, by=who)) == if_working


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        ({"visibility": "hidden"}, "This partnership is hidden."),
        ({"begun_at": None}, "This partnership is still being prepared."),
    ],
)
def test_nobody_calls_where_nobody_could_see_it(fact, sentence):
    cast = make_cast()
    Partnership.objects.update(**fact)
    with pytest.raises(Refused, match=sentence):
        open_call(cast, {group(cast): 1})


@pytest.mark.parametrize(("visibility", "seen"), [("public", 200), ("members", 200), ("hidden", 404)])
def test_who_finds_the_page(client, visibility, seen):
    cast = make_cast()
    assert client.get(page_of("call")).status_code == 404  # there is no call
    open_call(cast, {group(cast): 1})
    Partnership.objects.update(visibility=visibility)
    assert client.get(page_of("call")).status_code == seen
    client.force_login(cast.outsider)
    assert client.get(page_of("call")).status_code == seen
    assert client.post(page_of("volunteer"), {}).status_code == (422 if seen == 200 else 404)
    for name in ("write_call", "volunteers"):
        assert client.get(page_of(name)).status_code == (404 if visibility == "hidden" else 403)


# --- a citizen's way ----------------------------------------------------------------------------------------


def test_a_citizen_reads_puts_themselves_forward_and_steps_back(client):
    cast = make_cast()
    families, fishers = group(cast), group(cast, "Fishers", "private")
    group(cast, "Not sought")
    open_call(cast, {families: 2, fishers: 1}, words="You **need** no experience.")
    Letter.objects.create(
        partnership=cast.partnership, language="en", asks="Four evenings.", support=["childcare"]
    )
    html = client.get(page_of("call")).content.decode()
    for words in ("<strong>need</strong>", "Four evenings.", "Childcare", "2 people", "Fishers"):
        assert words in html
    assert "Not sought" not in html
    assert client.get(page_of("volunteer")).url.startswith("/account/")
    draft(cast, "uffe@example.org")  # a pending invitation stands in nobody's way
    client.force_login(cast.outsider)
    typed = {"group": str(fishers.pk), "words": "I have fished here for years."}
    assert client.post(page_of("volunteer"), typed).url == page_of("call")
    html = client.get(page_of("call")).content.decode()
    assert "You have put yourself forward" in html
    assert typed["words"] in html
    client.post(page_of("volunteer"), typed | {"group": str(families.pk)})  # changes it
    one = Volunteer.objects.get()
    assert (one.group, one.state) == (families, State.WAITING)
    assert client.post(page_of("step_back")).url == page_of("call")
    one.refresh_from_db()
    assert (one.state, one.words) == (State.WITHDRAWN, "")
    assert client.post(page_of("step_back")).status_code == 404
    assert client.post(page_of("volunteer"), typed).status_code == 302  # and comes back
    verbs = [*Entry.objects.exclude(verb__startswith="invitation").values_list("verb", "audience")]
    quiet = "conveners"
    assert verbs == [
        ("call.opened", "public"),
        ("volunteer.came", quiet),
        ("volunteer.changed", quiet),
        ("volunteer.stepped_back", quiet),
        ("volunteer.came", quiet),
    ]


def test_a_member_is_told_so(client):
    cast = make_cast()
    families = group(cast)
    call = open_call(cast, {families: 1})
    client.force_login(cast.citizen)
    assert "You take part" in client.get(page_of("call")).content.decode()
    with pytest.raises(Refused, match="You are a member here already"):
        volunteer(call, families, cast.citizen)


def test_after_its_end_nobody_comes_on_the_list_until_it_is_opened_again(client):
    cast = make_cast()
    families = group(cast)
    begun = timezone.now() - 8 * DAY
    call = open_call(cast, {families: 1}, days=7, at=begun)
    with pytest.raises(Refused, match="The call ended on"):
        volunteer(call, families, cast.outsider)
    assert volunteer(call, families, cast.outsider, at=begun + DAY).state == State.WAITING
    client.force_login(cast.convener)
    typed = {"words": "Again.", "language": "en", f"seats-{families.pk}": "3"}
    typed["until"] = str(timezone.localdate() + 3 * DAY)
    assert "Open the call again" in client.get(page_of("write_call")).content.decode()
    assert client.post(page_of("write_call"), typed).url == page_of("call")
    call = Call.objects.get()
    last = datetime.datetime.combine(timezone.localdate() + 4 * DAY, datetime.time())
    assert call.closes_at == timezone.make_aware(last)  # the day that was typed is part of it
    assert call.last_day == timezone.localdate() + 3 * DAY
    assert volunteer(call, families, cast.politician).state == State.WAITING
    assert list(Entry.objects.filter(verb__startswith="call.").values_list("verb", flat=True)) == [
        "call.opened",
        "call.reopened",
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"until": "2020-01-01"}, "This day is over."),
        ({"until": "2199-01-01"}, "more than a year away"),
        ({"until": "soon"}, "Enter a valid date."),
        ({"words": ""}, "This field is required."),
        ({"words": "a\x00b"}, "Null characters are not allowed."),
        ({"seats": ""}, "Type for one group at least how many you seek."),
        ({"seats": "-1"}, "greater than or equal to 0"),
        ({"seats": "many"}, "Enter a whole number."),
        ({"seats": "99999999999999999999"}, "less than or equal to 200"),
        ({"language": "tlh"}, "Select a valid choice."),
    ],
)
def test_a_call_with_something_wrong_comes_back_as_it_was_typed(client, wrong, sentence):
    cast = make_cast()
    families = group(cast)
    client.force_login(cast.convener)
    typed = {
        "words": "Keep me.",
        "until": str(timezone.localdate() + DAY),
        "language": "en",
        "seats": "2",
    } | wrong
    typed[f"seats-{families.pk}"] = typed.pop("seats")
    answer = client.post(page_of("write_call"), typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert ("Keep me." in answer.content.decode()) == ("words" not in wrong)
    assert not Call.objects.exists()


def test_without_a_group_there_is_nobody_to_seek(client):
    cast = make_cast()
    client.force_login(cast.convener)
    assert "Put a group on the map first" in client.get(page_of("write_call")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"group": "nobody"}, {"group": ""}, {"words": ""}, {"words": "x" * 601}, {"group": "other"}]
)
def test_bad_input_of_a_volunteer_is_said(client, wrong):
    cast = make_cast()
    families, other = group(cast), group(cast, "Not sought")
    open_call(cast, {families: 1})
    client.force_login(cast.outsider)
    if wrong == {"group": "other"}:
        wrong = {"group": str(other.pk)}
    typed = {"group": str(families.pk), "words": "<b>Me</b>"} | wrong
    assert client.post(page_of("volunteer"), typed).status_code == 422
    assert not Volunteer.objects.exists()
