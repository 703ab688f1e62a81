"""A logo: a picture and nothing else, whatever was uploaded."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from partnerships.logos import MOST_PARTS, read_logo
from partnerships.models import Logo, Platform
from partnerships.settings import mark_of
from tests.cast import make_cast

from .test_platform_settings import opened, page_of

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 10">'
)
GOOD = (
    HEAD
    + '<path id="a" style="fill:#c00;mix-blend-mode:normal" d="M0 0h40v10z"/><use xlink:href="#a"/></svg>'
)
BOMB = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + HEAD + "<path d='&b;'/></svg>"
ECHO = (
    HEAD
    + '<g id="a"><use href="#b"/><use href="#b"/></g><g id="b"><path d="M0 0"/></g><use href="#a"/></svg>'
)


def drawn(kind="PNG", size=(2000, 500), mode="RGBA"):
    file = io.BytesIO()
    Image.new(mode, size, "red").save(file, kind)
    return file.getvalue()


def claims(width, height):
    """A PNG whose head says that it is so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [b"IHDR" + head, b"IDAT" + zlib.compress(b"")]
    sealed = (struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(sealed)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (HEAD + "<script>alert(1)</script></svg>", "“<script>”"),
        (HEAD + "<style>@import url(//evil)</style></svg>", "“<style>”"),
        (HEAD + "<foreignObject/></svg>", "“<foreignObject>”"),
        (HEAD + '<image href="https://evil.example/x.png"/></svg>', "“<image>”"),
        (HEAD + '<animate attributeName="href"/></svg>', "“<animate>”"),
        (HEAD + '<h:script xmlns:h="http://www.w3.org/1999/xhtml"/></svg>', "“<script>”"),
        (HEAD.replace(">", ' onload="alert(1)">') + "</svg>", "“onload”"),
        (HEAD + '<path d="M0 0" ONCLICK="x()"/></svg>', "“ONCLICK”"),
        (HEAD + '<use xlink:href="https://evil.example/x.svg#a"/></svg>', "“href=https://evil"),
        (HEAD + '<use href="javascript:alert(1)"/></svg>', "“href=javascript:alert(1)”"),
        (HEAD + '<path fill="url(https://evil.example/#a)"/></svg>', "“fill=url("),
        (HEAD + '<path style="fill: url(//evil)"/></svg>', "“fill=url("),
        (BOMB, "“<!ENTITY>”"),
        ('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + HEAD + "&x;</svg>", "“<!ENTITY>”"),
        (ECHO, "“<use>”"),
        (HEAD + '<clipPath id="a"><path clip-path="url(#a)"/></clipPath></svg>', "“<clipPath>”"),
        (HEAD + "<g>" * 60 + "</g>" * 60 + "</svg>", "too many parts"),
        (HEAD + "<path/>" * MOST_PARTS + "</svg>", "too many parts"),
        (HEAD + "<path", "is damaged"),
        (HEAD.replace('viewBox="0 0 40 10"', "") + "</svg>", "how large"),
        (HEAD.replace("0 0 40 10", "0 0 0 10") + "</svg>", "how large"),
        ("<html><body>no</body></html>", "no picture that we know"),
        ("GIF89a", "no picture that we know"),
        ("", "no picture that we know"),
        ("<" + "x" * 1024 * 1024, "at most 1 MB"),
        (claims(20_000, 20_000), "at most 4000 pixels"),
        (claims(10_000, 10_000), "at most 4000 pixels"),
        (claims(4001, 10), "at most 4000 pixels"),
        (claims(40, 10), "is damaged"),
        (drawn()[:200], "is damaged"),
        (b"\xff\xd8\xff" + b"x" * 100, "is damaged"),
    ],
)  # fmt: skip
def test_what_is_no_logo_is_refused_in_words(wrong, sentence):
    with pytest.raises(ValidationError) as refused:
        read_logo(wrong if isinstance(wrong, bytes) else wrong.encode())
    assert sentence in refused.value.messages[0]


def test_an_svg_keeps_its_shapes_and_loses_the_rest():
    noise = '<!-- by hand --><title>T</title><metadata>m</metadata><x:y xmlns:x="http://x.example/" a="b"/>'
    picture = read_logo(GOOD.replace("</svg>", noise + '<g class="c" data-x="1" id="ok"/></svg>').encode())
    clean = picture.body.decode()
    assert (picture.kind, picture.width, picture.height) == ("svg", 960, 240)
    assert '<path id="a" fill="#c00" d="M0 0h40v10z" />' in clean
    assert '<use href="#a" />' in clean
    for gone in ("hand", "title", "metadata", "x.example", "class", "data-x", "style", "blend"):
        assert gone not in clean


def test_a_drawing_without_a_viewbox_is_as_large_as_it_says():
    picture = read_logo(HEAD.replace('viewBox="0 0 40 10"', 'width="80px" height="40"').encode() + b"</svg>")
    assert (picture.width, picture.height) == (480, 240)
    assert 'viewBox="0 0 80 40"' in picture.body.decode()


def test_png_and_jpeg_are_drawn_anew_and_small():
    photograph = Image.new("RGB", (300, 600), "blue")
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret place"  # turned by a quarter; a description
    file = io.BytesIO()
    photograph.save(file, "JPEG", exif=exif)
    turned = read_logo(file.getvalue())
    assert (turned.kind, turned.width, turned.height) == ("jpg", 480, 240)
    assert b"secret" not in turned.body
    large = read_logo(drawn() + b"<script>alert(1)</script>")
    assert (large.kind, large.width, large.height) == ("png", 960, 240)
    assert b"script" not in large.body


# --- on the pages -----------------------------------------------------------------------------------------------


def upload(client, body, name="logo.svg", **typed):
    form = opened(client, "look") | {"logo_alt": "Solrød Municipality"} | typed
    return client.post(page_of("look"), form | {"logo": SimpleUploadedFile(name, body)})


@pytest.mark.django_db
def test_a_logo_hangs_on_the_pages_and_comes_down_again(client):
    cast = make_cast()
    client.force_login(cast.convener)
    assert upload(client, GOOD.encode(), logo_alt="").status_code == 422  # without its words
    assert upload(client, GOOD.encode()).status_code == 302
    platform = Platform.objects.get()
    path = reverse("logo", args=["solrod", platform.logo])
    image = f'<img class="co-logo" src="{path}" alt="Solrød Municipality" width="960" height="240">'
    client.logout()
    for page in (reverse("platform", args=["solrod"]), "/partnerships/seaweed/"):
        assert image in client.get(page).content.decode()
    assert "co-logo" not in client.get("/").content.decode()
    file = client.get(path)
    assert (file["Content-Type"], file["X-Content-Type-Options"]) == ("image/svg+xml", "nosniff")
    assert file["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in file["Cache-Control"]
    assert file.content.startswith(b"<svg")
    assert client.get(reverse("logo", args=["solrod", "0" * 20 + ".svg"])).status_code == 404
    client.force_login(cast.convener)
    assert upload(client, drawn("JPEG", mode="RGB"), "logo.jpg").status_code == 302
    assert client.get(path).status_code == 404  # the old one is gone
    bare = client.post(
        reverse("reset_setting", args=["solrod", "logo_alt"]), {"seen": mark_of("Solrød Municipality")}
    )
    assert bare.status_code == 404  # no logo hangs without its words
    now = Platform.objects.get().logo
    reset = reverse("reset_setting", args=["solrod", "logo"])
    assert client.post(reset, {"seen": mark_of(now)}).status_code == 302
    assert (Platform.objects.get().logo, Logo.objects.count()) == ("", 0)


@pytest.mark.django_db
def test_sixty_megabytes_are_refused_and_the_rest_of_the_form_is_kept(client):
    client.force_login(make_cast().convener)
    answer = upload(client, b"<" * 60 * 1024 * 1024, accent="#abcdef")
    html = answer.content.decode()
    assert (answer.status_code, "at most 1 MB" in html, "#abcdef" in html) == (422, True, True)
    assert Platform.objects.get().accent == ""
