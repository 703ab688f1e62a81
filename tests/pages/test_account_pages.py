"""Every page that allauth brings stands in our layout and keeps to our policy."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from actors.models import Person
from tests.browser import assert_accessible

pytestmark = pytest.mark.django_db

FOR_VISITORS = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_request_login_code",
    "socialaccount_login_cancelled",
]
FOR_PEOPLE = [
    "account_logout",
    "account_email",
    "account_change_password",
    "socialaccount_connections",
    "mfa_index",
    "mfa_activate_totp",
]
WITH_TWO_FACTORS = [
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
]
PASSWORD = "a long walk along the quay"
FORBIDDEN = [
    (r"<script(?![^>]*\bsrc=)", "an inline script"),
    (r"<style", "an inline style sheet"),
    (r"\sstyle=", "an inline style"),
    (r"\son[a-z]+=", "an inline handler"),
    (r"""(?:src|href)=["']data:""", "a data: address"),
    (r"""(?:src|href)=["'](?:https?:)?//""", "an address outside"),
]


@pytest.fixture
def maja():
    person = Person.objects.create_user(
        email="maja@example.org", name="Maja Lind", language="en", password=PASSWORD
    )
    person.emailaddress_set.create(email="maja@example.org", verified=True, primary=True)
    return person


def sign_in(client, person):
    """Sign in and confirm it with the password, so that pages which want it fresh are open."""
    client.force_login(person)
    check(client.get(reverse("account_reauthenticate")))
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def check(response, status=200):
    """Our layout, one h1, and nothing that the policy refuses."""
    page = response.content.decode()
    assert response.status_code == status, response.headers.get("Location")
    assert 'class="ds-skip-link"' in page
    assert len(re.findall(r"<h1\b", page)) == 1
    assert re.search(r"<title>\s*\S[^–]*–", page)
    assert [name for pattern, name in FORBIDDEN if re.search(pattern, page)] == []


@pytest.mark.parametrize("name", FOR_VISITORS)
def test_a_visitor_sees_our_page(client, name):
    check(client.get(reverse(name)))


def test_a_sign_in_that_failed_elsewhere_ends_on_our_page(client):
    check(client.get(reverse("socialaccount_login_error")), status=401)


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_a_signed_in_person_sees_our_page(client, maja, name):
    sign_in(client, maja)
    check(client.get(reverse(name)))


@pytest.mark.parametrize("name", WITH_TWO_FACTORS)
def test_a_person_with_a_second_factor_sees_our_page(client, maja, name):
    sign_in(client, maja)
    TOTP.activate(maja, generate_totp_secret())
    RecoveryCodes.activate(maja)
    check(client.get(reverse(name)))


def test_a_code_is_typed_on_our_page(client, maja):
    response = client.post(reverse("account_request_login_code"), {"email": maja.email}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("account_confirm_login_code")
    check(response)


def test_a_change_of_address_waits_on_our_page(client, maja):
    sign_in(client, maja)
    maja.emailaddress_set.create(email="maja.lind@example.org", verified=False)
    response = client.get(reverse("account_email"))
    check(response)
    assert "maja.lind@example.org" in response.content.decode()


def test_the_pages_of_allauth_that_we_show_bring_no_script_of_their_own():
    """A new allauth may put a script into a page. We leave its extra_body out; nothing else may hold one."""
    templates = Path(allauth.__file__).parent / "templates"
    ours = Path(__file__).resolve().parents[2] / "templates"
    suspects = set()
    for path in sorted(templates.glob("*/**/*.html")):
        name = str(path.relative_to(templates))
        if (
            name.split("/")[0] not in ("account", "mfa", "socialaccount")
            or "webauthn" in name
            or (ours / name).exists()
        ):
            continue
        text = re.sub(r"{% block extra_body %}.*?{% endblock", "", path.read_text(), flags=re.S)
        text = re.sub(r'{% if "webauthn" in MFA_SUPPORTED_TYPES %}.*?{% endif %}', "", text, flags=re.S)
        if "<script" in text or "style=" in text or "data_uri" in text:
            suspects.add(name)
    # a second telephone number: not offered (ACCOUNT_SIGNUP_FIELDS holds no phone)
    assert suspects == {"account/phone_change.html"}


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_is_set_up_in_the_browser(page, client, maja, live_server):
    page.goto(reverse("account_login"))
    assert_accessible(page)
    sign_in(client, maja)
    key = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
    page.goto(reverse("mfa_activate_totp"))
    assert_accessible(page)
    assert page.locator(".co-qr svg path").bounding_box()["width"] > 80
    secret = page.input_value("#authenticator_secret")
    counter = next(iter(yield_hotp_counters_from_time()))
    page.locator("[name=code]").fill(format_hotp_value(hotp_value(secret, counter)))
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/recovery-codes/**")
    assert_accessible(page)
