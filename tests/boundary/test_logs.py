"""No link that proves something ends up in a log."""

import logging

import pytest
from django.conf import settings

from boundary.logs import HideProofs


def logged(message, *args):
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, args, None)
    assert HideProofs().filter(record) is True
    return record.getMessage()


@pytest.mark.parametrize("start", ["/i/", "/sign-in/", "/unsubscribe/", "/calendar/"])
def test_a_proof_is_cut_out(start):
    path = f"{start}6f1c0a52-0000-4000-8000-000000000000/KZYRluH4vikp8g8fSz_ttbm3Ef7wW1Z-qm7skjbcDT8/"
    assert logged("%s: %s", "Gone", path) == f"Gone: {start}…"
    assert logged(f"GET https://example.org{path}?a=1 done") == f"GET https://example.org{start}…?a=1 done"


def test_other_lines_stay_as_they_are():
    assert logged("%s: %s", "Not Found", "/partnerships/a-title/") == "Not Found: /partnerships/a-title/"
    assert logged("100% of %s") == "100% of %s"


def test_every_line_passes_through_it():
    assert [handler["filters"] for handler in settings.LOGGING["handlers"].values()] == [["hide_proofs"]]
