"""Signing in: by the code, by the link, and what a wrong, used or old one gets."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Person, SignInMail
from notices.actions import drain
from notices.models import Notice
from tests.cast import person

pytestmark = pytest.mark.django_db(transaction=True)


def ask(client, address, **more):
    return client.post(reverse("account_request_login_code"), {"email": address, **more})


def mail_text(sink, address):
    drain("prompt")
    (message,) = sink.to(address)
    return message.get_body(("plain",)).get_content()


def link_in(text):
    return re.search(r"https?://[^/\s]+(/sign-in/\S+)", text)[1]


def code_in(text):
    return re.search(r"^\s{4}(\S+)\s*$", text, re.M)[1]


def signed_in(client):
    return "_auth_user_id" in client.session


def test_the_code_signs_in(client, smtp_sink):
    person("Bo Citizen")
    assert ask(client, "bo@example.org").status_code == 302
    code = code_in(mail_text(smtp_sink, "bo@example.org"))
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert signed_in(client)


def test_the_link_needs_its_button_and_works_once_in_any_browser(client, smtp_sink):
    person("Bo Citizen")
    ask(client, "bo@example.org", next="/settings/")
    link = link_in(mail_text(smtp_sink, "bo@example.org"))
    client.logout()
    assert client.get(link).status_code == 200
    assert not signed_in(client)
    assert client.post(link).url == "/settings/"
    assert signed_in(client)
    client.logout()
    used = client.post(link)
    assert used.status_code == 410
    assert "has been used already" in used.content.decode()
    assert not signed_in(client)


def test_forged_and_old_links_say_what_to_do(client, smtp_sink):
    person("Bo Citizen")
    ask(client, "bo@example.org")
    link = link_in(mail_text(smtp_sink, "bo@example.org"))
    forged = link[:-2] + ("x/" if link[-2] != "x" else "y/")
    assert client.post(forged).status_code == 410
    SignInMail.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    old = client.post(link)
    assert old.status_code == 410
    assert "has run out" in old.content.decode()
    assert not signed_in(client)


def test_the_secret_is_gone_once_the_mail_is_sent(client, smtp_sink):
    person("Bo Citizen")
    ask(client, "bo@example.org")
    assert SignInMail.objects.get().sealed
    mail_text(smtp_sink, "bo@example.org")
    assert SignInMail.objects.get().sealed == ""


def test_a_known_and_an_unknown_address_get_the_same_answer(client, smtp_sink):
    person("Bo Citizen")
    known = ask(client, "bo@example.org")
    client.logout()
    unknown = ask(client, "nobody@example.org")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Notice.objects.count() == 2
    assert "There is no account for it" in mail_text(smtp_sink, "nobody@example.org").replace("\n", " ")


def test_nothing_is_sent_inside_the_request(client, smtp_sink):
    person("Bo Citizen")
    ask(client, "bo@example.org")
    assert smtp_sink.messages == []


def test_signing_up_asks_a_name_and_confirms_the_address(client, smtp_sink):
    client.post(reverse("account_signup"), {"email": "new@example.org", "name": "Nye Borger"})
    code = code_in(mail_text(smtp_sink, "new@example.org"))
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert signed_in(client)
    assert Person.objects.get(email="new@example.org").name == "Nye Borger"


def test_an_erased_person_cannot_sign_in(client, smtp_sink):
    bo = person("Bo Citizen")
    ask(client, "bo@example.org")
    link = link_in(mail_text(smtp_sink, "bo@example.org"))
    Person.objects.filter(pk=bo.pk).update(is_active=False)
    assert client.post(link).status_code == 410
    assert not signed_in(client)
