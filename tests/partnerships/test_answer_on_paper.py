"""Answers to a letter: its code, an address left or none, and codes that are not guessed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import SignInMail
from boundary.tokens import code, new_nonce
from partnerships import actions
from partnerships.messages.invitations import PURPOSE
from partnerships.models import Invitation
from tests.cast import make_cast
from tests.partnerships.answering import invited, page_of


def short_code(row):
    return f"{row.number}{code(PURPOSE, row.pk, row.nonce)}"


@pytest.mark.django_db
def test_the_code_of_a_letter_leads_to_the_same_page_and_its_reader_may_leave_a_telephone(client):
    cast = make_cast()
    row = invited(cast, address="", name="Else Brun")
    typed = short_code(row)
    spaced = f" {row.number} - {typed[-8:-4].lower()} {typed[-4:].lower()} "
    answer = client.post(reverse("letter_code"), {"code": spaced})
    assert answer["Location"] == page_of(row)
    done = client.post(
        page_of(row), {"answer": "yes", "name": "Else Brun", "phone": "+45 11 22 33 44"}, follow=True
    )
    assert "Karen Convener will get in touch with you" in done.content.decode()
    row.refresh_from_db()
    assert (row.member.person.phone, row.member.person.email) == ("+45 11 22 33 44", "")
    assert not SignInMail.objects.exists()


@pytest.mark.django_db
def test_the_reader_of_a_letter_who_leaves_an_address_gets_a_code(client):
    cast = make_cast()
    row = invited(cast, address="", name="Else Brun")
    answer = client.post(page_of(row), {"answer": "yes", "name": "Else Brun", "email": "else@brun.dk"})
    assert answer["Location"].startswith(reverse("account_confirm_login_code"))
    assert SignInMail.objects.get().person.name == "Else Brun"


@pytest.mark.django_db
def test_a_letters_reader_cannot_take_over_an_account_by_typing_its_address():
    cast = make_cast()
    row = invited(cast, address="", name="Mallory")
    member = actions.invitations.accept_invitation(
        invitation=row, name="Mallory", email="uffe@example.org", by=None, at=timezone.now()
    )
    assert member.person != cast.outsider


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["1-AAAA-AAAA", "nonsense", "<script>", "99999999999999999999AAAAAAAA", "١٢AAAAAAAA", ""]
)
def test_a_wrong_code_is_told_and_kept(client, typed):
    cast = make_cast()
    invited(cast, address="", name="Else Brun")
    answer = client.post(reverse("letter_code"), {"code": typed})
    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode().split("<main")[1]


@pytest.mark.django_db
def test_codes_are_not_guessed_by_the_hundred(client):
    cast = make_cast()
    row = invited(cast, address="", name="Else Brun")
    answers = [
        client.post(reverse("letter_code"), {"code": "1-AAAA-AAAA"}).status_code for _time in range(12)
    ]
    assert 429 in answers
    late = client.post(reverse("letter_code"), {"code": short_code(row)})
    assert late.status_code in (302, 429)
    elsewhere = client.post(reverse("letter_code"), {"code": short_code(row)}, REMOTE_ADDR="10.9.8.7")
    assert elsewhere["Location"] == page_of(row)


@pytest.mark.django_db
def test_a_new_nonce_revokes_link_and_code(client):
    cast = make_cast()
    row = invited(cast, address="", name="Else Brun")
    link, typed = page_of(row), short_code(row)
    Invitation.objects.filter(pk=row.pk).update(nonce=new_nonce())
    assert client.get(link).status_code == 404
    assert client.post(reverse("letter_code"), {"code": typed}).status_code == 422


@pytest.mark.django_db
def test_codes_are_mailed_only_a_few_times_an_hour(client):
    cast = make_cast()
    row = invited(cast)
    actions.invitations.accept_invitation(invitation=row, name="Maja Lind", by=None, at=timezone.now())
    for _time in range(12):
        client.post(page_of(row), {"answer": "enter"})
    assert 5 <= SignInMail.objects.count() <= 10
