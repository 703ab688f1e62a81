"""Letters rendered together say to each reader what a letter rendered alone would say."""

import pytest
from django.test.signals import template_rendered

from notices.actions.sending import prepare
from notices.kinds import Recipient, kind_named
from notices.letters import write_letter
from notices.models import Notice
from tests.notices.kinds import address, many, person, recipients

pytestmark = pytest.mark.django_db

NAMES = ["Maja Lind", "<b>Bo</b> & co", "", "Åse \ue0000\ue001", 'O"Hara \\1']


@pytest.fixture
def readers(world):
    """Readers with odd names, in two languages and two time zones."""
    for number, name in enumerate(NAMES * 2, start=1):
        language, zone = ("da", "UTC") if number > len(NAMES) else ("en", "Europe/Copenhagen")
        world.people[person(number)] = Recipient(address(number), name, language, zone)
    return len(world.people)


def said(letter):
    return letter.headers["Subject"], letter.text, letter.html


def test_each_letter_is_the_same_as_when_written_alone(owe, readers):
    owe(readers, kind="many")
    notices = list(Notice.objects.all())
    together = {letter.notice.id: letter for letter in prepare(notices, notices[0].created_at)}
    facts, people = many(notices), recipients([notice.recipient for notice in notices])
    kind = kind_named("many")
    assert len(together) == readers
    for notice in notices:
        alone = write_letter(notice, kind, people[notice.recipient], facts[notice.id])
        assert said(together[notice.id]) == said(alone)


def test_letters_with_the_same_words_are_rendered_once(owe):
    owe(30, kind="many")
    notices, rendered = list(Notice.objects.all()), []

    def count(template, **_more):
        rendered.append(template.name)

    template_rendered.connect(count)
    try:
        assert len(prepare(notices, notices[0].created_at)) == 30
    finally:
        template_rendered.disconnect(count)
    assert rendered.count("testing/mail/many.html") == 1


def test_other_facts_make_other_letters(owe, world):
    owe(3, kind="many")
    notices = list(Notice.objects.all())
    kind, people = kind_named("many"), recipients([notice.recipient for notice in notices])
    shared = {}
    for title in ("Baths", "Bridges", ["a list"]):
        for notice in notices:
            facts = many([notice])[notice.id] | {"title": title}
            assert str(title) in write_letter(notice, kind, people[notice.recipient], facts, shared).text
    assert len(shared) == 2
