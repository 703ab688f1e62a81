"""Where most of these tests begin: a partnership with its cast, and a text in it."""

import pytest

from tests.cast import make_cast
from tests.partnerships.writing import ask, start, write


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def text(cast):
    return start(cast)


@pytest.fixture
def decision(cast):
    return ask(cast, write(cast, start(cast)))
