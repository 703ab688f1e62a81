"""Files beside somebody's words: what is taken, what is refused and in which words, and who gets it back."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from journal.models import Entry
from partnerships.attachments import LARGEST, read_attachment
from partnerships.models import Attachment, AttachmentBody, Contribution, Partnership
from partnerships.settings.together import MEGABYTES_OF_FILES
from tests.cast import make_cast, partnership
from tests.partnerships.files import PDF, huge_png, odf, office, packet, picture
from tests.partnerships.saying import html_of, page_of, post, say

pytestmark = pytest.mark.django_db
DAMAGED = "This is no such document, or a damaged one."
MACROS = "The document holds macros or programs."


@pytest.mark.parametrize(
    ("name", "body", "kept_as"),
    [
        ("photo.JPG", picture(), "photo.jpg"),
        ("photo.jpeg", picture(), "photo.jpg"),
        ("photo.png", picture("PNG", mode="RGBA"), "photo.png"),
        ("photo.webp", picture("WEBP"), "photo.webp"),
        ("photo.jpg", picture("PNG"), "photo.png"),
        ("report.pdf", PDF, "report.pdf"),
        ("../../etc/report.pdf", PDF, "report.pdf"),
        ("C:\\temp\\re\u202eport.pdf", PDF, "report.pdf"),
        ("تقرير 🌊.pdf", PDF, "تقرير 🌊.pdf"),
        (".pdf", PDF, "file.pdf"),
        (f"{'long ' * 100}.pdf", PDF, f"{('long ' * 20)[:100]}.pdf"),
        ("minutes.docx", office(), "minutes.docx"),
        ("budget.xlsx", office("xlsx"), "budget.xlsx"),
        ("talk.pptx", office("pptx"), "talk.pptx"),
        ("minutes.odt", odf(), "minutes.odt"),
        ("budget.ods", odf("ods"), "budget.ods"),
        ("talk.odp", odf("odp"), "talk.odp"),
        ("note.txt", "Blåbær".encode(), "note.txt"),
        ("table.csv", b"a;b\n1;2\n", "table.csv"),
    ],
)
def test_what_is_taken(name, body, kept_as):
    assert read_attachment(name, body).name == kept_as


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("photo.png", b"", "The file is empty."),
        ("big.pdf", b"%PDF-" + b"0" * LARGEST, "The file is too large: at most 10 MB."),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Files of this kind are not taken."),
        ("page.html", b"<html>", "Files of this kind are not taken."),
        ("macros.docm", office(), "Files of this kind are not taken."),
        ("noending", PDF, "Files of this kind are not taken."),
        (
            "drawing.png",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "This is no picture, or a damaged one.",
        ),
        ("photo.png", picture("GIF", gps=False), "This is no picture, or a damaged one."),
        ("photo.jpg", picture()[:300], "This is no picture, or a damaged one."),
        ("wall.png", huge_png(), "The picture has too many pixels"),
        ("wall.png", huge_png(60_000, 60_000), "The picture has too many pixels"),
        ("report.pdf", b"<html>", "This is no PDF, or a damaged one."),
        ("report.pdf", b"junk" + PDF, "This is no PDF, or a damaged one."),
        ("report.pdf", PDF[:-3] + office() + PDF, "The file is two kinds of file at once."),
        ("report.docx", PDF, DAMAGED),
        ("report.docx", packet({"a.txt": b"a"}), DAMAGED),
        ("report.docx", office("xlsx"), DAMAGED),
        ("report.docx", b"MZ" + office(), DAMAGED),
        ("report.docx", office() + b"<script>", DAMAGED),
        ("report.odt", odf("ods"), DAMAGED),
        ("report.docx", office(**{"word/vbaProject.bin": b"x"}), MACROS),
        ("report.docx", packet({"[Content_Types].xml": b"macroEnabled", "word/document.xml": b""}), MACROS),
        ("report.odt", odf(**{"Basic/Standard/x.xml": b"x"}), MACROS),
        ("report.docx", office(**{"META-INF/MANIFEST.MF": b"x"}), MACROS),
        ("note.txt", b"\x00\x01\x02", "This is no plain text."),
        ("note.txt", b"  <!DOCTYPE html><script>", "This is a web page, not plain text."),
        ("table.csv", "\ufeff<svg onload=x>".encode(), "This is a web page, not plain text."),
        ("note.txt", b" \n ", "The file is empty."),
    ],
)
def test_what_is_refused_and_why(name, body, sentence):
    with pytest.raises(ValidationError) as refused:
        read_attachment(name, body)
    assert refused.value.messages[0].startswith(sentence)


@pytest.mark.parametrize(("kind", "form"), [("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")])
def test_pictures_lose_where_they_were_taken_and_what_hides_in_them(kind, form):
    body = picture(form)
    assert b"SecretCamera" in body
    taken = read_attachment(f"photo.{kind}", body + b"<script>alert(1)</script>PK\x03\x04")
    for written in (taken.body, taken.preview):
        assert b"SecretCamera" not in written
        assert b"<script>" not in written
        assert dict(Image.open(io.BytesIO(written)).getexif()) == {}
    assert (taken.width, taken.height) == (80, 60)


def test_large_pictures_become_smaller_and_stand_upright():
    image, written = Image.new("RGB", (5000, 2000), "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by the camera
    image.save(written, "JPEG", exif=exif)
    taken = read_attachment("photo.jpg", written.getvalue())
    kept = Image.open(io.BytesIO(taken.body))
    assert kept.height > kept.width
    assert max(kept.size) <= 3000
    assert (taken.width, taken.height) == (192, 480)


@pytest.mark.parametrize(
    "written", ["Blåbær".encode("cp1252"), "Blåbær".encode("utf-16"), "\ufeffBlåbær".encode()]
)
def test_text_in_a_known_encoding_is_kept_as_utf_8(written):
    assert read_attachment("note.txt", written).body == "Blåbær".encode()


# --- through the page ---------------------------------------------------------------------------------------------


def file(name="photo.jpg", body=None):
    return SimpleUploadedFile(name, picture() if body is None else body)


def attached(cast, *files, **fields):
    files = [(read_attachment(name, body), "A beach") for name, body in files or [("photo.jpg", picture())]]
    return say(cast, cast.citizen, files=files, **fields)


def test_files_stand_beside_the_words_and_are_handed_out_as_files(client, cast):
    answer = post(
        client, cast, cast.citizen, "Look", file_1=file(), alt_1="The beach", file_3=file("a.pdf", PDF)
    )
    assert answer.status_code == 302
    said = Contribution.objects.get()
    client.logout()
    html = html_of(client.get(page_of(cast, "say")))
    assert 'alt="The beach" width="80" height="60"' in html
    for number, kind, name in ((1, "image/jpeg", "photo.jpg"), (2, "application/pdf", "a.pdf")):
        given = client.get(page_of(cast, "attachment", said, number=number))
        assert given.headers["Content-Type"] == kind
        assert given.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert given.headers["X-Content-Type-Options"] == "nosniff"
        assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert given.headers["Cache-Control"] == "private, no-cache"
        again = client.get(
            page_of(cast, "attachment", said, number=number), HTTP_IF_NONE_MATCH=given.headers["ETag"]
        )
        assert (again.status_code, again.content) == (304, b"")
    preview = client.get(page_of(cast, "attachment_preview", said, number=1))
    assert (preview.headers["Content-Type"], preview.content[8:12]) == ("image/webp", b"WEBP")
    for number in (2, 3, 0, 99999999):
        assert client.get(page_of(cast, "attachment_preview", said, number=number)).status_code == 404


def test_a_refused_file_keeps_the_words_and_the_others_are_asked_for_again(client, cast):
    answer = post(
        client,
        cast,
        cast.citizen,
        "Words of mine",
        file_1=file(),
        file_2=file("x.svg", b"<svg/>"),
        alt_2="Mine",
    )
    html = html_of(answer)
    assert answer.status_code == 422
    assert "Words of mine</textarea>" in html
    assert 'value="Mine"' in html
    assert "Files of this kind are not taken." in html
    assert "Choose this file again: only what you typed was kept." in html
    assert not Contribution.objects.exists()


def test_a_partnership_has_room_for_so_much(client, cast):
    MEGABYTES_OF_FILES.put(cast.platform, 0)
    cast.platform.save()
    answer = post(client, cast, cast.citizen, "Words of mine", file_1=file())
    assert answer.status_code == 422
    assert "There is no more room for files in this partnership." in html_of(answer)
    assert "Words of mine</textarea>" in html_of(answer)
    assert (Contribution.objects.count(), Attachment.objects.count(), AttachmentBody.objects.count()) == (
        0,
        0,
        0,
    )


def test_no_more_than_five(cast):
    with pytest.raises(ValidationError):
        attached(cast, *[("a.pdf", PDF)] * 6)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("gone", ["hidden_at", "retracted_at"])
def test_files_of_words_that_are_gone_are_gone_for_everybody(client, cast, gone):
    said = attached(cast)
    addresses = [page_of(cast, name, said, number=1) for name in ("attachment", "attachment_preview")]
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    Contribution.objects.filter(pk=said.pk).update(**{gone: timezone.now()}, hidden_reason="Rude")
    for who in (None, cast.citizen, cast.convener, cast.case_officer):
        client.logout()
        if who:
            client.force_login(who)
        assert [client.get(address).status_code for address in addresses] == [404, 404]
        assert "photo.jpg" not in html_of(client.get(page_of(cast, "say")))


@pytest.mark.parametrize(
    ("visibility", "who", "status"),
    [
        ("hidden", None, 404),
        ("hidden", "outsider", 404),
        ("hidden", "citizen", 200),
        ("hidden", "case_officer", 200),
        ("members", None, 403),
        ("members", "observer", 200),
        ("public", None, 200),
    ],
)
def test_who_gets_a_file(client, visibility, who, status):
    cast = make_cast()
    said = attached(cast)
    Partnership.objects.update(visibility=visibility)
    if who:
        client.force_login(getattr(cast, who))
    for name in ("attachment", "attachment_preview"):
        assert client.get(page_of(cast, name, said, number=1)).status_code == status


def test_a_file_of_another_partnership_is_not_found_here(client, cast):
    said = attached(cast)
    other = partnership(cast.platform, slug="bath")
    address = page_of(cast, "attachment", said, number=1).replace(cast.partnership.slug, other.slug)
    assert client.get(address).status_code == 404


def test_lists_never_fetch_the_bytes(client, cast, django_assert_max_num_queries):
    attached(cast)
    client.force_login(cast.citizen)
    with django_assert_max_num_queries(12) as few:
        client.get(page_of(cast, "say"))
    for _number in range(4):
        attached(cast, ("a.jpg", picture()), ("b.pdf", PDF))
    with django_assert_max_num_queries(12) as many:
        client.get(page_of(cast, "say"))
    assert len(few) == len(many)
    assert [query["sql"] for query in many if "attachmentbody" in query["sql"]] == []


def test_an_author_takes_a_file_away_and_nobody_else(client, cast):
    said = attached(cast, ("a.pdf", PDF), ("b.pdf", PDF))
    page = page_of(cast, "remove_attachment", said, number=1)
    for who, status in ((cast.official, 403), (cast.convener, 403), (cast.citizen, 302), (cast.citizen, 404)):
        client.force_login(who)
        assert client.post(page).status_code == status
    assert client.get(page_of(cast, "attachment", said, number=1)).status_code == 404
    html = html_of(client.get(page_of(cast, "say")))
    assert ("a.pdf" in html, "b.pdf" in html) == (False, True)
    assert AttachmentBody.objects.count() == 2
    assert list(Entry.objects.order_by("sequence").values_list("verb", flat=True)) == [
        "contribution.said",
        "contribution.file_removed",
    ]
