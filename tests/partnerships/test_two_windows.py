"""One form open in two windows: what does not touch survives, what does is shown beside each other, nothing is lost."""

import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.actions.swaps import Changed
from partnerships.models import Group, Letter, Mandate, Partnership
from partnerships.stages import Stage
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
SENTENCE = "This was changed while you wrote"


def group(cast):
    facts = {"name": "Fishers", "affectedness": 2, "relevance": 2}
    return Group.objects.create(partnership=cast.partnership, **facts)


def mandate(cast):
    return Mandate.objects.get(partnership=cast.partnership)


def settings(cast):
    return Partnership.objects.get(pk=cast.partnership.pk)


def letter(cast):
    return Letter.objects.get(partnership=cast.partnership, group=None, language="en")


# Page, arguments behind the slug, query, what is read afterwards; one field, its attribute there, and a second one.
FORMS = {
    "question": ("change_mandate", "?part=question", mandate, ("question", "scope")),
    "gains": ("change_mandate", "?part=gains", mandate, ("gain_citizens", "gain_private")),
    "backing": ("change_mandate", "?part=backing", mandate, ("resources", "competence_source")),
    "interests": ("change_mandate", "?part=interests", mandate, ("safeguard", "legal_seen_by")),
    "time": ("plan_stages", "", mandate, ("define", "design")),
    "settings": ("change_settings", "", settings, ("title", "summary")),
    "letter": ("write_letter", "?language=en", letter, ("opening", "asks")),
    "group": ("change_group", "", lambda cast: Group.objects.get(), ("brings", "no_seat_reason")),
}
VALUES = {"define": ("41", "42", "43"), "design": ("51", "52", "53")}


def value_of(row, name):
    """What a field of the form has become in the row."""
    if name.startswith("gain_"):
        return row.incentives.get(name.removeprefix("gain_"), "")
    if name in ("define", "design"):
        return str(row.partnership.lengths.get(name, ""))
    return getattr(row, name)


@pytest.fixture
def cast():
    cast = make_cast(stage=Stage.CONVENE)
    Mandate.objects.update(names_no_solution=True)
    Letter.objects.create(partnership=cast.partnership, language="en", opening="Dear all", asks="An evening")
    group(cast)
    return cast


class Window:
    """A form as one window holds it: opened, changed, sent in."""

    def __init__(self, client, cast, name, query=""):
        args = [cast.partnership.slug, *([Group.objects.get().pk] if name == "change_group" else [])]
        self.client, self.url = client, reverse(name, args=args) + query
        self.fields = self.of(self.get())

    def get(self):
        return self.client.get(self.url).context["form"]

    @staticmethod
    def of(form):
        """What a browser would send of a form as it stands."""
        found = {name: form[name].value() for name in form.fields}
        return {name: value for name, value in found.items() if value is not None}

    def send(self, **changed):
        self.fields |= changed
        return self.client.post(self.url, self.fields)


@pytest.mark.parametrize("form", FORMS)
def test_what_does_not_touch_survives(client, cast, form):
    name, query, read, (one, other) = FORMS[form]
    client.force_login(cast.convener)
    first, second = (Window(client, cast, name, query) for _window in range(2))
    mine, theirs = VALUES.get(one, ("Mine",))[0], VALUES.get(other, ("Theirs",))[0]
    assert first.send(**{one: mine}).status_code == 302
    assert second.send(**{other: theirs}).status_code == 302
    assert (value_of(read(cast), one), value_of(read(cast), other)) == (mine, theirs)


@pytest.mark.parametrize("form", FORMS)
def test_the_later_window_is_told_keeps_its_words_and_may_save_over(client, cast, form):
    name, query, read, (one, _other) = FORMS[form]
    client.force_login(cast.convener)
    first, second = (Window(client, cast, name, query) for _window in range(2))
    mine, theirs, third = VALUES.get(one, ("<b>Mine</b>", "Their words", "Theirs anew"))
    assert first.send(**{one: theirs}).status_code == 302
    answer = second.send(**{one: mine})
    assert answer.status_code == 409
    assert value_of(read(cast), one) == theirs
    html = answer.content.decode()
    assert SENTENCE in html
    assert "<b>Mine" not in html
    (clash,) = answer.context["form"].clashes
    assert (clash.field.name, clash.now, clash.field.value()) == (one, theirs, mine)
    # A third window saves before the second one has answered: it is told again.
    assert Window(client, cast, name, query).send(**{one: third}).status_code == 302
    second.fields = Window.of(answer.context["form"])
    again = second.send()
    assert (again.status_code, value_of(read(cast), one)) == (409, third)
    second.fields = Window.of(again.context["form"])
    assert second.send().status_code == 302
    assert value_of(read(cast), one) == mine


@pytest.mark.parametrize("form", FORMS)
def test_one_window_after_the_other_meets_nobody(client, cast, form):
    """The control: the same two changes, the second window opened after the first has saved."""
    name, query, read, (one, _other) = FORMS[form]
    client.force_login(cast.convener)
    for words in VALUES.get(one, ("Mine", "Their words"))[:2]:
        assert Window(client, cast, name, query).send(**{one: words}).status_code == 302
        assert value_of(read(cast), one) == words


def test_the_same_change_in_both_windows_is_no_clash(client, cast):
    client.force_login(cast.convener)
    first, second = (Window(client, cast, "change_settings") for _window in range(2))
    assert [one.send(title="A clean beach").status_code for one in (first, second)] == [302, 302]


def test_a_choice_is_told_by_its_name(client, cast):
    client.force_login(cast.convener)
    first, second = (Window(client, cast, "change_settings") for _window in range(2))
    first.send(visibility="members")
    html = second.send(visibility="hidden").content.decode()
    assert "There now: Members: anyone sees that it exists, members read" in " ".join(html.split())


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("ask_promise", {"kind": "advice_only"}, {"kind": "consider_and_reply"}),
        (
            "record_promise",
            {"state": "given", "kind": "advice_only", "promise_by": "A", "minute": "1", "on": "2026-01-02"},
            {
                "state": "declined",
                "kind": "advice_only",
                "promise_by": "A",
                "minute": "1",
                "on": "2026-01-02",
            },
        ),
    ],
)
def test_the_halves_of_two_answers_are_never_joined(client, cast, name, one, other):
    if name == "record_promise":
        Mandate.objects.update(promise_state="asked", promise_kind="advice_only")
    client.force_login(cast.convener)
    first, second = (Window(client, cast, name) for _window in range(2))
    assert first.send(**one).status_code == 302
    before = Mandate.objects.values().get()
    answer = second.send(**other)
    assert (answer.status_code, SENTENCE in answer.content.decode()) == (409, True)
    assert Mandate.objects.values().get() == before
    second.fields = Window.of(answer.context["form"])
    assert second.send().status_code == 302
    assert Mandate.objects.values().get() != before


def test_a_mistake_beside_a_clash_tells_both(client, cast):
    client.force_login(cast.convener)
    first, second = (Window(client, cast, "change_settings") for _window in range(2))
    first.send(summary="Their words")
    answer = second.send(summary="Mine", title="")
    html = answer.content.decode()
    assert (answer.status_code, SENTENCE in html, "This field is required." in html) == (422, True, True)
    second.fields = Window.of(answer.context["form"])
    assert second.send(title="A title").status_code == 302
    assert settings(cast).summary == "Mine"


@pytest.mark.parametrize("seen", ["", "x", "[]", "{", '{"title": 7, "nothing": null}', "\x00"])
def test_what_was_seen_may_be_missing_or_broken(client, cast, seen):
    client.force_login(cast.convener)
    window = Window(client, cast, "change_settings")
    answer = window.send(seen=seen, title="Words")
    assert answer.status_code in (302, 409, 422)
    assert answer.status_code == 302 or "Words" in answer.content.decode()


def test_every_guarded_action_compares_under_its_lock(cast):
    """Whoever looked before somebody else saved is told, also within the same second."""
    arena, facts = cast.partnership, {"by": cast.convener, "at": timezone.now()}
    found = Group.objects.get()
    letter_facts = {"group": None, "language": "en", "opening": "x", "asks": "x", "support": []}
    shown = dict.fromkeys(("title", "summary", "case_number"), "x")
    shown |= {"visibility": "public", "join_policy": "open"}
    promise = {"state": "given", "kind": "advice_only", "promise_by": "A", "minute": "1", "on": "2026-01-02"}
    stale = {"question": "Another one?"}
    Mandate.objects.update(promise_state="asked", promise_kind="advice_only")
    deeds = {
        "change_mandate": lambda: actions.arenas.change_mandate(
            partnership=arena, expected=stale, scope="x", **facts
        ),
        "plan_stages": lambda: actions.arenas.plan_stages(
            partnership=arena,
            expected={"lengths": {"define": 1}, "ends_on": None},
            lengths={},
            ends_on=None,
            **facts,
        ),
        "ask_promise": lambda: actions.arenas.ask_promise(
            partnership=arena, expected=stale, kind="advice_only", **facts
        ),
        "record_promise": lambda: actions.arenas.record_promise(
            partnership=arena, expected=stale, **promise, **facts
        ),
        "change_settings": lambda: actions.arenas.change_settings(
            partnership=arena, expected=stale, **shown, **facts
        ),
        "write_letter": lambda: actions.letters.write_letter(
            partnership=arena, expected={}, **letter_facts, **facts
        ),
        "change_group": lambda: actions.groups.change_group(
            group=found, expected=stale, seats=1, brings="x", **facts
        ),
    }
    before = (mandate(cast).scope, settings(cast).title, letter(cast).opening, Group.objects.get().brings)
    for deed in deeds.values():
        with pytest.raises(Changed):
            deed()
    after = (mandate(cast).scope, settings(cast).title, letter(cast).opening, Group.objects.get().brings)
    assert after == before


@pytest.mark.django_db(transaction=True)
def test_somebody_who_saves_between_the_look_and_the_lock_is_met_by_a_second_look(client):
    """Another convener holds the row while this page looks: it waits for the lock, compares, looks again, and joins."""
    cast = make_cast(stage=Stage.CONVENE)
    client.force_login(cast.convener)
    window = Window(client, cast, "change_settings")
    locked, go_on = threading.Event(), threading.Event()

    def other():
        try:
            with transaction.atomic():
                arena = Partnership.objects.locked(cast.partnership.pk)
                locked.set()
                go_on.wait(10)
                arena.summary = "Theirs"
                arena.save(update_fields=["summary"])
        finally:
            connection.close()

    writer = threading.Thread(target=other)
    writer.start()
    locked.wait(10)
    threading.Timer(0.5, go_on.set).start()
    answer = window.send(title="Mine")
    writer.join()
    arena = settings(cast)
    assert (answer.status_code, arena.title, arena.summary) == (302, "Mine", "Theirs")
