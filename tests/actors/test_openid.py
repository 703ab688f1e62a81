"""Sign in through another provider: offered where one is set up, and never linked by an e-mail address alone."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.urls import reverse

from actors.models import Person
from tests.cast import person

pytestmark = pytest.mark.django_db


class Provider(BaseHTTPRequestHandler):
    """A small OpenID Connect provider on this machine that says who somebody is."""

    claims = {"sub": "4711", "email": "bo@example.org", "email_verified": True, "name": "Bo From Outside"}

    def _say(self, what):
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        here = f"http://127.0.0.1:{self.server.server_port}"
        if "well-known" in self.path:
            self._say(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/userinfo",
                    "jwks_uri": f"{here}/keys",
                }
            )
        else:
            self._say(self.claims)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        here = f"http://127.0.0.1:{self.server.server_port}"
        token = jwt.encode({**self.claims, "iss": here, "aud": "us"}, "a key of thirty-two bytes or more!")
        self._say({"access_token": "opaque", "token_type": "Bearer", "id_token": token})

    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.fixture
def provider(settings):
    server = HTTPServer(("127.0.0.1", 0), Provider)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": "Kommune-ID",
                    "client_id": "us",
                    "secret": "hush",
                    "settings": {"server_url": f"http://127.0.0.1:{server.server_port}"},
                }
            ],
        }
    }
    yield server
    server.shutdown()
    server.server_close()


def come_back(client):
    """Go to the provider and come back with a code, as a browser would."""
    away = client.post("/account/oidc/oidc/login/").url
    state = parse_qs(urlsplit(away).query)["state"][0]
    assert parse_qs(urlsplit(away).query)["code_challenge_method"] == ["S256"]
    return client.get("/account/oidc/oidc/login/callback/", {"code": "abc", "state": state})


def test_the_sign_in_page_offers_it(client, provider):
    html = client.get(reverse("account_request_login_code")).content.decode()
    assert "Sign in with Kommune-ID" in html


def test_without_one_the_page_offers_none(client):
    assert "Sign in with Kommune-ID" not in client.get(reverse("account_request_login_code")).content.decode()


def test_an_address_alone_links_nobody(client, provider):
    bo = person("Bo Citizen")
    come_back(client)
    assert client.session.get("_auth_user_id") != str(bo.pk)
    assert not bo.socialaccount_set.exists()


def test_somebody_new_comes_in_and_is_known_the_next_time(client, provider):
    come_back(client)
    made = Person.objects.get(name="Bo From Outside")
    assert client.session["_auth_user_id"] == str(made.pk)
    client.logout()
    come_back(client)
    assert client.session["_auth_user_id"] == str(made.pk)
    assert Person.objects.count() == 1
