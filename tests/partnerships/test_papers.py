"""A revision as PDF and OpenDocument, read back with the libraries of readers; and whose words a text is built on."""

import io
import time
import zipfile
from datetime import timedelta
from itertools import pairwise

import pytest
from defusedxml import ElementTree
from django.utils import timezone
from pypdf import PdfReader

from boundary.blocks import blocks
from partnerships import actions
from partnerships.actions.revisions import digest_of
from partnerships.models import Meeting
from tests.partnerships.reading import address, read
from tests.partnerships.test_drafts import publish, words
from tests.partnerships.test_suggestions import suggest, take_up
from tests.partnerships.writing import say, start, write

pytestmark = pytest.mark.django_db
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
MARKDOWN = """# Tang på stranden

Det **lugter** *meget* ~~lidt~~, se [målingen](https://example.org/40?a=1&b=2) og `kode`.

##### Dybt

- en
- to
  1. tre
  2. fire

> Sagt af en nabo

| År | Tons |
|----|------|
| 2024 | 40 |

    #let x = 1

مرحبا بالعالم

שלום עולם 👩‍👩‍👧 🌊
<script>alert(1)</script> [x](javascript:alert(1)) \x07
"""


def pdf_text(answer):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def odt_part(answer, name="content.xml"):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        assert file.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        return ElementTree.fromstring(file.read(name))


def odt_text(answer):
    tree = odt_part(answer)
    for space in tree.iter(f"{TEXT}s"):
        space.text = " "  # several spaces, and those at an end, are elements
    for paragraph in tree.iter(f"{TEXT}p"):
        paragraph.tail = "\n"
    return " ".join("".join(tree.itertext()).split())


def test_a_revision_is_a_tagged_pdf_with_all_that_belongs_to_it(client, cast, text):
    said = say(cast, cast.official, "Nitrogen is measured at 40 kg.")
    made = write(cast, text, what=MARKDOWN, causes="Strøm.", cites=[said], cited_in={"causes": [said]})
    client.force_login(cast.citizen)
    answer = client.get(address("revision_pdf", cast, text.pk, 1))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="the-problem-we-share-1.pdf"'
    reader = PdfReader(io.BytesIO(answer.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712  a boolean of the reader's own
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata.title == "The problem we share"
    assert "pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
    found = pdf_text(answer)
    for words_ in (
        *("The problem we share", "Seaweed on the beach", "Revision", "Bo Citizen", "What the problem is"),
        *("Tang på stranden", "lugter", "Sagt af en nabo", "2024", "#let x = 1", "What this is built on"),
        *("Inge Official (Experience)", "Nitrogen is measured at 40 kg.", "עולם"),
    ):
        assert words_ in found, words_
    assert made.digest in found.replace("\n", "")
    links = [note.get_object()["/A"]["/URI"] for page in reader.pages for note in page.get("/Annots", [])]
    assert links == ["https://example.org/40?a=1&b=2"]


def test_a_revision_is_an_odt_with_the_same_words_and_shapes(client, cast, text):
    said = say(cast, cast.official, "Nitrogen is measured at 40 kg.")
    made = write(cast, text, what=MARKDOWN, cites=[said])
    client.force_login(cast.citizen)
    answer = client.get(address("revision_odt", cast, text.pk, 1))
    assert answer["Content-Disposition"] == 'attachment; filename="the-problem-we-share-1.odt"'
    found = odt_text(answer)
    for words_ in (
        *("The problem we share", made.digest, "Bo Citizen", "Tang på stranden", "Sagt af en nabo", "1. tre"),
        *("#let x = 1", "مرحبا", "👩‍👩‍👧", "Inge Official (Experience): Nitrogen is measured at 40 kg."),
    ):
        assert words_ in found, words_
    tree = odt_part(answer)
    levels = [int(head.get(f"{TEXT}outline-level")) for head in tree.iter(f"{TEXT}h")]
    assert levels[:4] == [1, 2, 3, 4]
    styles = [head.get(f"{TEXT}style-name") for head in tree.iter(f"{TEXT}h")]
    assert styles == [f"Heading_20_{level}" for level in levels]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [cell.findtext(f"{TEXT}p") for cell in tree.iter(f"{TABLE}table-cell")] == [
        "År",
        "Tons",
        "2024",
        "40",
    ]
    assert len(list(tree.iter(f"{TEXT}list"))) == 3
    links = [link.get("{http://www.w3.org/1999/xlink}href") for link in tree.iter(f"{TEXT}a")]
    assert links == ["https://example.org/40?a=1&b=2"]


def test_papers_speak_the_reader_s_language_and_hide_what_is_hidden(client, cast, text):
    said = say(cast, cast.official, "Secret and hidden")
    write(cast, text, cites=[said])
    actions.moderation.hide_contribution(
        contribution=said, reason="Rule 2", by=cast.convener, at=timezone.now()
    )
    cast.citizen.language = "da"
    cast.citizen.save()
    client.force_login(cast.citizen)
    pdf, odt = (client.get(address(name, cast, text.pk, 1)) for name in ("revision_pdf", "revision_odt"))
    for found in (pdf_text(pdf), odt_text(odt)):
        assert "Hvad problemet er" in found
        assert "Secret and hidden" not in found
    assert PdfReader(io.BytesIO(pdf.content)).trailer["/Root"]["/Lang"] == "da"
    assert client.get(address("revision_pdf", cast, text.pk, 2)).status_code == 404


@pytest.mark.parametrize(
    "nasty",
    [
        "# a\n\n###### b\n\n# c",
        "> " * 200 + "deep",
        "- " * 200 + "deep",
        "|a|\n|-|\n" + "|b|\n" * 50,
        "\u202e\ufeff\ud800\uffff\u0000 x".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        "[](https://example.org) [x](mailto:a@example.org) ![](https://example.org/x.png)",
        '#include "/etc/passwd" #sys.inputs *x* _y_ $z$ <label> @ref \\',
        "*a **b " * 40 + "** *" * 40,
        "> # head\n\n1. # head\n\n***\n\n`` ` ``",
    ],
)
def test_nothing_that_people_write_breaks_a_paper(client, cast, text, nasty):
    write(cast, text, what=f"The beginning.\n\n{nasty}")
    for name, reading in (("revision_pdf", pdf_text), ("revision_odt", odt_text)):
        found = reading(client.get(address(name, cast, text.pk, 1)))
        assert "The beginning." in found
        assert "root:" not in found


def test_the_longest_text_is_a_paper_before_its_reader_leaves(
    client, cast, text, django_assert_max_num_queries
):
    long = ("Det lugter **meget** på stranden hele sommeren.\n\n" * 2000)[:50_000].strip()
    write(cast, text, what=long, causes=long, cites=[say(cast, cast.citizen, f"Said {n}") for n in range(50)])
    for name in ("revision_pdf", "revision_odt"):
        begun = time.process_time()
        with django_assert_max_num_queries(12):
            assert client.get(address(name, cast, text.pk, 1)).status_code == 200
        assert time.process_time() - begun < 10


def test_headings_of_a_paper_never_skip_a_level():
    levels = [block["level"] for block in blocks("###### a\n\n# b\n\n#### c\n\n# d", 3)]
    assert levels == [3, 3, 4, 3]


# --- whose words ----------------------------------------------------------------------------------------------


def test_whose_words_a_text_is_built_on(client, cast, text):
    now = timezone.now()
    times = {"starts_at": now, "ends_at": now + timedelta(hours=1)}
    meeting = Meeting.objects.create(
        partnership=cast.partnership, title="The walk", place="The pier", called_by=cast.convener, **times
    )
    said = say(cast, cast.citizen, "Boats stink", meeting=meeting)
    room = say(cast, cast.convener, "The pier is closed", on_behalf_of="Ida from the pier")
    hidden = say(cast, cast.official, "Hidden words")
    first = write(cast, text, cast.official, what="It smells.", causes="Currents.")
    take_up(suggest(first, cast.observer, "It smells in July.", reason="July is worst"), cast.official)
    cites = {(str(said.pk), "what"), (str(room.pk), ""), (str(hidden.pk), "causes")}
    publish(text, cast.official, words(text), cites=cites, **words(text))
    actions.moderation.hide_contribution(contribution=hidden, reason="Rule 2", by=cast.convener, at=now)
    page = client.get(address("ground", cast, text.pk))
    shown = read(page)
    for part in (
        "Boats stink",
        "The walk",
        "Ida from the pier",
        "July is worst",
        "in revision 2",
        "Olga Observer",
    ):
        assert part in shown, part
    assert "Hidden words" not in shown
    assert "Hidden by the ground rules" in shown
    assert "Contributions that it cites: 1 from the public side, 1 from the others." in shown
    assert "People who wrote in it: 1 from the public side, 1 from the others." in shown
    assert "1 more was written down for somebody." in shown
    assert [row[1:] for row in page.context["shares"]["rows"]] == [("public", 1, 1), ("citizens", 1, 1)]
    used = read(client.get(address("contribution", cast, said.pk)))
    assert "Used in" in used
    assert address("revision", cast, text.pk, 2) in used
    unused = say(cast, cast.citizen, "Nobody cites this")
    assert "Used in" not in read(client.get(address("contribution", cast, unused.pk)))


def test_before_a_word_is_written_there_is_no_ground(client, cast):
    assert "No words yet" in read(client.get(address("ground", cast, start(cast).pk)))


def test_the_digest_covers_which_section_rests_on_what_and_old_ones_stay_as_they_were(cast, text):
    said = say(cast, cast.citizen)
    plain = write(cast, text, what="One.", causes="Two.", cites=[said])
    assert plain.digest == digest_of(plain.body, [said])
    placed = write(cast, text, what="One.", causes="Two.", cites=[said], cited_in={"causes": [said]})
    assert placed.digest == digest_of(plain.body, [said], {"causes": [str(said.pk)]}) != plain.digest
