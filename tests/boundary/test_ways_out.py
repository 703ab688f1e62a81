"""Secrets that wait sealed, and tables that cannot run in a spreadsheet."""

import csv
import io

import pytest
from cryptography.fernet import InvalidToken

from boundary.csv import safe_cell, write
from boundary.secrets import seal, unseal


def test_a_secret_opens_again_only_here(settings):
    sealed = seal({"code": "123456"})
    assert "123456" not in sealed
    assert unseal(sealed) == {"code": "123456"}
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is just as long as the first one was 0123456789"
    assert unseal(sealed) == {"code": "123456"}
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        unseal(sealed)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠", "｜", "％"])
@pytest.mark.parametrize("before", ["", " ", "\t", "\r\n", "\ufeff", "\u200b", "\xa0", " \u2060\t"])
def test_a_formula_stays_text(before, start):
    assert safe_cell(f"{before}{start}1+1") == f"'{before}{start}1+1"


@pytest.mark.parametrize("value", ["a=b", "1-2", "maja@lind.example", "", "'=x"])
def test_other_text_stays_as_it_is(value):
    assert safe_cell(value) == value


def test_numbers_stay_numbers_and_nothing_is_empty():
    assert [safe_cell(v) for v in (-5, -1.5, None, True)] == [-5, -1.5, "", True]


def test_a_table_reads_back_as_it_was():
    rows = [["Navn", "Ønske"], ['Søren; "Bo"', "linje 1\nlinje 2"], ["=1+1", -3]]
    data = write(rows)
    assert data.startswith(b"\xef\xbb\xbfNavn;")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert read == [["Navn", "Ønske"], ['Søren; "Bo"', "linje 1\nlinje 2"], ["'=1+1", "-3"]]
