"""What `make run` says when the site is there: where it is, who can sign in, where mail can be read."""

import importlib
import os
import sys
import time

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver


def warm_up():
    """Load addresses and the page frame now, so that the first visitor does not wait for it."""
    _ = get_resolver().url_patterns
    get_template("base.html")


def say():
    """Print the welcome; only `make run` asks for it."""
    if "RUN_STARTED_AT" in os.environ:
        sys.stdout.write("\n".join(["", *lines(), ""]))
        sys.stdout.flush()


def lines():
    """The welcome, line by line."""
    seconds = time.time() - float(os.environ["RUN_STARTED_AT"])
    yield "-" * 72
    yield f"{settings.SITE_NAME} is ready after {seconds:.1f} s:  {settings.SITE_URL}/"
    if settings.DEMO:
        yield from _cast()
        yield f"Sign in as one of them:       {settings.SITE_URL}/demonstration/"
        yield f"Read the mail the site sends: {settings.SITE_URL}/demonstration/mail/"
    yield "Ctrl-C stops everything; the data stays."
    yield "-" * 72


def _cast():
    yield "Who can sign in, each with one click on the page below:"
    # By name: gunicorn reads this file before Django has its models.
    for person in importlib.import_module("cocreate.demonstration").CAST:
        yield f"  {person.name:22} {person.part}"
