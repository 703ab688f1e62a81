"""A missing or malformed variable stops the start and names itself."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "SECRET_KEY": "a key for this test",
    "DATABASE_URL": "postgres://somebody@localhost/somewhere",
    "REDIS_URL": "redis://localhost:6379/0",
    "PATH": os.environ["PATH"],
}
SHOW = "from django.conf import settings; print({})"


def start(show="settings.SITE_NAME", **changes):
    """Read the settings in a process of its own with nothing else in its environment: (code, output, errors)."""
    environment = {k: v for k, v in {**GOOD, **changes}.items() if v is not None}
    done = subprocess.run(
        [sys.executable, "-c", SHOW.format(show)],
        env={**environment, "DJANGO_SETTINGS_MODULE": "cocreate.settings"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout.strip(), done.stderr


def test_a_complete_environment_starts():
    assert start()[:2] == (0, "Round Table")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_a_missing_variable_names_itself(name):
    code, _output, errors = start(**{name: None})
    assert code != 0
    assert f"{name} is missing" in errors


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "samskab.example.org"),
        ("DEBUG", "perhaps"),
        ("SMTP_PORT", "mail"),
        ("SMTP_SECURITY", "a bit"),
        ("BOUNCE_ADDRESS", "bounces"),
        ("BOUNCE_ADDRESS", "longer-than-a-name-may-be@example.org"),
        ("BOUNCE_ADDRESS", "bounces+ours@example.org"),
        ("BOUNCE_MAILDIR", "/var/mail/bounces"),
        ("REPLY_ADDRESS", "meetings"),
        ("REPLY_ADDRESS", "meetings+ours@example.org"),
        ("CONN_MAX_AGE", "long"),
        ("DATABASE_URL", "mysql://somebody@localhost/somewhere"),
    ],
)
def test_a_malformed_variable_names_itself(name, value):
    code, _output, errors = start(**{name: value})
    assert code != 0
    assert name in errors.splitlines()[-1]


def test_the_demonstration_never_runs_where_others_can_reach_it():
    code, _output, errors = start(DEMO="1", SITE_URL="https://samskab.example.org")
    assert code != 0
    assert "anyone could sign in as anyone" in errors


def test_https_turns_on_what_belongs_to_it():
    show = "settings.SECURE_HSTS_SECONDS > 0, settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT"
    assert start(show, SITE_URL="https://samskab.example.org")[1] == "True True True"


def test_one_openid_provider_comes_from_the_environment():
    show = 'settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["name"]'
    provider = {"OIDC_ISSUER": "https://id.example.org", "OIDC_CLIENT_ID": "us", "OIDC_NAME": "Kommune-ID"}
    assert start(show, **provider, OIDC_CLIENT_SECRET="hush")[1] == "Kommune-ID"
    code, _output, errors = start(show, **provider)
    assert code != 0
    assert "OIDC_CLIENT_SECRET is missing" in errors
