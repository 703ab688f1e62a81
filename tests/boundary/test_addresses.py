"""A pasted list: every entry becomes a person to write to, or a sentence that says what to type."""

import pytest

from boundary.addresses import Address, read_addresses

MAJA = Address("Maja Lind", "maja@lind.example")


def emails(text):
    pasted = read_addresses(text)
    assert pasted.problems == []
    return [(a.name, a.email) for a in pasted.addresses]


def told(text):
    return [(p.line_number, p.text, p.sentence) for p in read_addresses(text).problems]


@pytest.mark.parametrize(
    "line",
    [
        "Maja Lind <maja@lind.example>",
        '"Maja Lind" <maja@lind.example>,',
        "Maja Lind; maja@lind.example",
        "maja@lind.example; Maja Lind",
        "Maja Lind, maja@lind.example",
        "Maja Lind\tmaja@lind.example",
        "Maja\tLind\tmaja@lind.example",
        "Maja;Lind;maja@lind.example",
        "Maja Lind;Harbour club;maja@lind.example",
        "Maja Lind maja@lind.example",
        "Maja Lind mailto:maja@LIND.example",
        "\ufeffMaja\xa0Lind <maja@lind.example>\r",
    ],
)
def test_one_person_however_she_is_pasted(line):
    assert read_addresses(line).addresses == [MAJA]
    assert read_addresses(line).problems == []


def test_lines_commas_and_semicolons_separate_addresses():
    assert emails("a@x.example\n\nb@x.example, c@x.example;d@x.example e@x.example") == [
        ("", f"{letter}@x.example") for letter in "abcde"
    ]


def test_a_line_copied_from_a_mail_program():
    line = "Lind, Maja <maja@lind.example>; karim@h.example; Karim Haddad <kh@h.example>, else@b.example"
    assert emails(line) == [
        ("Lind, Maja", "maja@lind.example"),
        ("", "karim@h.example"),
        ("Karim Haddad", "kh@h.example"),
        ("", "else@b.example"),
    ]


def test_names_and_addresses_in_turn():
    line = "Maja; m@x.example; Karim; k@x.example"
    assert emails(line) == [("Maja", "m@x.example"), ("Karim", "k@x.example")]


def test_a_heading_row_is_not_a_person():
    assert emails("Navn;E-mail\nMaja Lind;maja@lind.example") == [("Maja Lind", "maja@lind.example")]


def test_letters_of_the_world_in_a_domain_are_fine():
    assert emails("kontakt@rødby.dk") == [("", "kontakt@rødby.dk")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("maja.lind.example", "“maja.lind.example” has no @. Type an address like maja@example.org."),
        (
            "maja @ lind.example",
            "“maja @ lind.example” has a space or a gap beside the @. Type it as one word.",
        ),
        ("@lind.example", "“@lind.example” has a space or a gap beside the @. Type it as one word."),
        ("m@a@lind.example", "“m@a@lind.example” has more than one @. Type one address, with one @."),
        ("maja@lind,dk", "“maja@lind,dk” has a comma. Type a full stop instead."),
        (
            "søren@lind.dk",
            "“søren@lind.dk” has a letter before the @ that mail cannot carry, such as æ, ø or å.",
        ),
        ("maja@lind", "“maja@lind” ends too early. Type all of it, with .dk, .org or so at the end."),
        ("maja@lind..dk", "“maja@lind..dk” has a full stop too many."),
        ("maja@gmial.com", "“maja@gmial.com” looks mistyped. Did you mean maja@gmail.com?"),
        ("maja@lind.con", "“maja@lind.con” looks mistyped. Did you mean maja@lind.com?"),
        ("ma(ja@lind.dk", "“ma(ja@lind.dk” is not an e-mail address. Type one like maja@example.org."),
    ],
)
def test_a_mistyped_address_is_told_with_its_line(typed, sentence):
    assert told(f"a@x.example\n{typed}\nb@x.example") == [(2, typed, sentence)]
    assert len(read_addresses(f"a@x.example\n{typed}\nb@x.example").addresses) == 2


def test_a_name_without_an_address_is_told():
    assert told("Maja; m@x.example; Karim; k@x.example; Else") == [
        (1, "Else", "“Else” has no @. Type an address like maja@example.org.")
    ]


def test_a_duplicate_is_told_with_the_line_of_the_first():
    pasted = read_addresses("Maja Lind <maja@lind.example>\nkarim@h.example\nmaja lind <MAJA@lind.example>")
    assert len(pasted.addresses) == 2
    assert [(p.line_number, p.sentence) for p in pasted.problems] == [
        (3, "MAJA@lind.example is already in the list, on line 1. Delete one of them.")
    ]


def test_a_duplicate_without_its_name_is_one_too():
    assert [n for n, *_ in told("Maja <m@x.example>\nm@x.example")] == [2]
    assert [n for n, *_ in told("m@x.example\nMaja <m@x.example>")] == [2]


def test_several_people_may_share_one_address():
    assert emails("Maja <home@x.example>\nKarim <home@x.example>") == [
        ("Maja", "home@x.example"),
        ("Karim", "home@x.example"),
    ]


def test_nothing_is_lost_of_a_long_list():
    lines = [f"Person {n} <p{n}@x.example>" if n % 7 else f"p{n}x.example" for n in range(2000)]
    pasted = read_addresses("\n".join(lines))
    assert len(pasted.addresses) + len(pasted.problems) == 2000


def test_any_text_at_all_is_answered():
    for text in (
        "",
        None,
        "<",
        ">",
        "<>",
        "@",
        "@@",
        ";,;",
        "\t\t",
        "\x00",
        "<a@b.dk",
        "a@b.dk>",
        "= + -",
        "@" * 500,
    ):
        read_addresses(text)
