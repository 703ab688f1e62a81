"""For decision: what a politician sees, notes for themselves, and nobody else ever reads."""

import json

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Refused
from journal.models import Entry
from notices.models import Notice
from partnerships.models import Member, Partnership, Revision, Text
from solutions import actions
from solutions.models import Authority, AuthorizationRequest, BodyMember, PrivateNote
from tests.cast import join, partnership, person
from tests.solutions.story import VALUE, answer, asked, write

pytestmark = pytest.mark.django_db
SECRET = "I think the sum is too high"
HIDDEN = Partnership.Visibility.HIDDEN


def dossier(cast):
    return reverse("dossier", args=[cast.request.pk])


def note(cast, by=None, body=SECRET):
    return actions.note_privately(
        request=cast.request, body=body, by=by or cast.politician, at=timezone.now()
    )


def test_the_menu_leads_politicians_and_secretaries_there(client):
    cast = asked()
    for who, shown in ((cast.politician, True), (cast.secretary, True), (cast.citizen, False)):
        client.force_login(who)
        assert (reverse("dossiers") in client.get(reverse("partnerships")).content.decode()) is shown


def test_the_list_shows_what_awaits_my_body_and_what_was_answered(client):
    cast = asked(visibility=HIDDEN)
    client.force_login(cast.politician)
    html = client.get(reverse("dossiers")).content.decode()
    assert "Seaweed on the beach" in html
    assert html.index("Waits for an answer") < html.index("Seaweed on the beach")
    answer(cast)
    html = client.get(reverse("dossiers")).content.decode()
    assert "Nothing waits for you" in html
    assert html.index("Answered") < html.index("Seaweed on the beach")


def test_the_list_of_somebody_without_a_body_is_empty_and_says_so(client):
    cast = asked()
    client.force_login(cast.outsider)
    html = client.get(reverse("dossiers")).content.decode()
    assert "You are not on any list of those who decide" in html
    assert "Seaweed on the beach" not in html


def test_a_body_reads_the_dossier_of_a_hidden_partnership_and_nothing_else_of_it(client):
    cast = asked(visibility=HIDDEN)
    for who, status in (
        (None, 404),
        (cast.outsider, 404),
        (cast.politician, 200),
        (cast.secretary, 200),
        (cast.citizen, 200),
        (cast.case_officer, 200),
    ):
        client.logout()
        if who:
            client.force_login(who)
        assert client.get(dossier(cast)).status_code == status
    client.force_login(cast.politician)
    for name in ("partnership", "problem", "solutions", "authorization", "implementation"):
        assert client.get(reverse(name, args=[cast.partnership.slug])).status_code == 404
    html = client.get(dossier(cast)).content.decode()
    assert f"/partnerships/{cast.partnership.slug}/" not in html


def test_who_leaves_the_body_reads_no_more(client):
    cast = asked(visibility=HIDDEN)
    client.force_login(cast.politician)
    assert client.get(dossier(cast)).status_code == 200
    BodyMember.objects.filter(person=cast.politician).update(until=timezone.localdate())
    assert client.get(dossier(cast)).status_code == 404
    assert "Seaweed on the beach" not in client.get(reverse("dossiers")).content.decode()


def test_the_dossier_holds_what_the_body_must_know(client):
    cast = asked()
    join(cast.partnership, cast.politician, role=Member.Role.OBSERVER, function="Chairs the committee")
    client.force_login(cast.politician)
    html = client.get(dossier(cast)).content.decode()
    for words in (
        *("The beach is clean and the town heats itself.", "Residents and farmers stand behind it."),
        *("A machine: committed by the municipality", "Asked for in this request", "Anglers lose a pier."),
        *("Adopted by the members", "Nobody stood aside or objected.", "Not yet promised"),
        *("Possible conflicts of interest", "Chairs the committee", "27-2026-41", cast.revision.digest[:16]),
    ):
        assert words in html


def test_the_dossier_says_when_newer_words_exist(client):
    cast = asked()
    write(cast.value.text, VALUE | {"value": "Words that came later."}, cast.convener)
    client.force_login(cast.politician)
    html = client.get(dossier(cast)).content.decode()
    assert "This request is for revision 1. Revision 2 is newer." in html
    assert "Words that came later." not in html


def test_only_the_secretary_finds_the_way_to_enter_the_decision(client):
    cast = asked()
    enter = reverse("enter_authorization", args=[cast.request.pk])
    for who, shown in ((cast.secretary, True), (cast.politician, False), (cast.convener, False)):
        client.force_login(who)
        assert (enter in client.get(dossier(cast)).content.decode()) is shown
        assert client.get(enter).status_code == (200 if shown else 403)


# --- private notes ---------------------------------------------------------------------------------------------


def test_a_note_is_saved_changed_and_erased_by_its_owner(client):
    cast = asked()
    client.force_login(cast.politician)
    path = reverse("note_privately", args=[cast.request.pk])
    assert client.post(path, {"body": SECRET}).status_code == 302
    assert SECRET in client.get(dossier(cast)).content.decode()
    client.post(path, {"body": "Another thought"})
    assert [row.body for row in PrivateNote.objects.all()] == ["Another thought"]
    client.post(path, {"body": "  "})
    assert not PrivateNote.objects.exists()


def test_a_note_that_is_too_long_keeps_what_was_typed(client):
    cast = asked()
    client.force_login(cast.politician)
    typed = "thought " * 700
    answered = client.post(reverse("note_privately", args=[cast.request.pk]), {"body": typed})
    assert answered.status_code == 422
    assert typed.strip() in answered.content.decode()


def test_only_who_sits_in_the_body_notes(client):
    cast = asked()
    for who in (cast.convener, cast.citizen, cast.outsider, cast.case_officer):
        with pytest.raises(Refused):
            note(cast, by=who)
        client.force_login(who)
        assert "My private note" not in client.get(dossier(cast)).content.decode()
    assert note(cast, by=cast.secretary)


def test_a_note_never_leaks_to_anybody_else(client):
    cast = asked()
    other = person("Paul Politician")
    BodyMember.objects.create(body=cast.council, person=other, authority=Authority.MEMBER)
    cast.case_officer.is_staff = True
    cast.case_officer.save(update_fields=["is_staff"])
    entries, notices = Entry.objects.count(), Notice.objects.count()
    note(cast)
    answer(cast)
    paths = [dossier(cast), reverse("dossiers"), reverse("authorization", args=[cast.partnership.slug])]
    for who in (None, other, cast.secretary, cast.convener, cast.citizen, cast.outsider, cast.case_officer):
        client.logout()
        if who:
            client.force_login(who)
        for path in paths:
            assert SECRET not in client.get(path).content.decode()
    client.force_login(cast.politician)
    assert SECRET in client.get(dossier(cast)).content.decode()
    written = json.dumps([str(entry.ids) for entry in Entry.objects.all()])
    assert str(PrivateNote.objects.get().pk) not in written
    assert Entry.objects.count() == entries + 1  # the answer; the note is in no record
    assert Notice.objects.count() == notices + 4


def test_operators_have_no_page_that_shows_notes():
    assert not admin.site.is_registered(PrivateNote)
    related = [model for model in apps.get_models() if admin.site.is_registered(model)]
    inlines = [inline.model for model in related for inline in admin.site._registry[model].inlines]
    assert PrivateNote not in inlines


# --- shape -----------------------------------------------------------------------------------------------------


def test_what_no_decision_supports_says_so(client):
    cast = asked(adopted=False)
    html = client.get(dossier(cast)).content.decode()
    assert "The members have not taken a decision about revision 1." in html


def test_the_pages_cost_the_same_with_one_row_and_with_many(client, django_assert_max_num_queries):
    cast = asked()
    client.force_login(cast.politician)
    note(cast)
    paths = [dossier(cast), reverse("dossiers")]

    def cost(path):
        with django_assert_max_num_queries(12) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = cost(paths[0])
    for number in range(8):
        cast.partnership.indicators.create(name=f"Indicator {number}", unit="days")
        someone = person(f"Nr{number} Politician")
        BodyMember.objects.create(body=cast.council, person=someone, authority=Authority.MEMBER)
        join(cast.partnership, someone, role=Member.Role.OBSERVER)
    answer(cast)
    assert cost(paths[0]) == few
    put_to(cast, partnership(cast.platform, slug="one"))
    few = cost(paths[1])
    for number in range(8):
        put_to(cast, partnership(cast.platform, slug=f"more-{number}"))
    assert cost(paths[1]) == few


def put_to(cast, arena):
    """Another partnership's request to the same body."""
    text = Text.objects.create(partnership=arena, kind=Text.Kind.VALUE, title="Value proposition")
    revision = Revision.objects.create(text=text, number=1, body=VALUE, digest="0" * 64)
    AuthorizationRequest.objects.create(
        partnership=arena,
        revision=revision,
        digest=revision.digest,
        body=cast.council,
        meeting_on=timezone.localdate(),
        asked_by=cast.convener,
    )
