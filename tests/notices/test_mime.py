"""The bytes we make are the message that the standard library reads."""

import email
import email.policy

import pytest
from django.core.mail import BadHeaderError

from notices.mime import assemble

HEADERS = {"Subject": "Møde om Østerå & havnebad " * 5, "From": "a@x.example", "To": "b@x.example"}


def read(payload):
    return email.message_from_bytes(payload, policy=email.policy.default)


def test_text_and_html_come_out_as_they_went_in():
    text, html = "Kære Åse\n.\n\n..x\nslut\n", "<p>Kære Åse &amp; co 🙂</p>\n"
    payload = assemble(HEADERS, text, html, boundary="abc")
    message = read(payload)
    assert message.get_content_type() == "multipart/alternative"
    assert message["Subject"].strip() == HEADERS["Subject"].strip()
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == text
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == html
    assert b"\n" not in payload.replace(b"\r\n", b"")
    assert b"\r" not in payload.replace(b"\r\n", b"")
    assert not message.defects
    assert all(not part.defects for part in message.walk())


def test_what_it_cannot_carry_is_left_to_the_library():
    assert assemble(HEADERS, "x" * 991, "<p></p>", boundary="abc") is None
    assert assemble(HEADERS, "--abc", "<p></p>", boundary="abc") is None
    assert assemble(HEADERS | {"To": "x" * 991}, "x", "<p></p>", boundary="abc") is None


def test_a_header_cannot_hold_a_second_one():
    with pytest.raises(BadHeaderError):
        assemble(HEADERS | {"Subject": "a\nBcc: x@evil.example"}, "x", "<p></p>", boundary="abc")
