"""A question before the answer: from the invitation to the conveners, and back to whoever asked."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from boundary.answer import Conflict, Refused
from notices.actions import drain
from partnerships import actions
from partnerships.messages.invitations import link_of
from partnerships.models import Invitation, InvitationQuestion
from partnerships.settings.table import QUESTIONS_A_DAY
from tests.cast import make_cast, who_may
from tests.partnerships.inviting import draft, send

pytestmark = pytest.mark.django_db
WORDS = "Is there a <b>ramp</b>?"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def invited(cast):
    """Somebody whose invitation has arrived."""
    (row,) = draft(cast, "maja@example.net", name="Maja")
    send(cast)
    Invitation.objects.filter(pk=row.pk).update(state="sent", sent_at=timezone.now())
    return Invitation.objects.get(pk=row.pk)


def page_of(name, *more):
    return reverse(name, args=["seaweed", *more])


def path_of(row):
    return "/i/" + link_of(row).partition("/i/")[2]


def ask(row, words=WORDS, by=None):
    return actions.questions.ask_question(invitation=row, words=words, by=by, at=timezone.now())


def test_a_question_reaches_the_conveners_and_the_answer_whoever_asked(client, cast, invited, smtp_sink):
    assert client.post(path_of(invited), {"answer": "ask", "words": WORDS}).status_code == 302
    html = client.get(path_of(invited)).content.decode()
    assert "Is there a &lt;b&gt;ramp&lt;/b&gt;?" in html
    assert "Not answered yet." in html
    drain("bulk")
    assert "A question about Seaweed on the beach" in smtp_sink.to("karen@example.org")[0]["Subject"]
    client.force_login(cast.convener)
    assert "1 question waits for an answer." in client.get(page_of("invitations")).content.decode()
    assert "1 question from somebody invited" in client.get(page_of("manage")).content.decode()
    question = InvitationQuestion.objects.get()
    answer = page_of("answer_question", question.pk)
    assert client.post(answer, {"words": ""}).status_code == 422
    assert client.post(answer, {"words": "Yes, and a lift."}).url == page_of("invitee_questions")
    assert client.post(answer, {"words": "No."}).status_code == 403  # answered once
    drain("bulk")
    mail = smtp_sink.to("maja@example.net")[-1]
    assert mail["Subject"] == "An answer to your question about “Seaweed on the beach”"
    client.logout()
    assert "Yes, and a lift." in client.get(path_of(invited)).content.decode()
    assert Invitation.objects.get(pk=invited.pk).state == "sent"  # asking is no answer, and not seeing either


def test_bad_input_is_said_and_kept(client, invited):
    long = "y" * 2001
    for words, told in (("", "This field is required."), (long, long)):
        answer = client.post(path_of(invited), {"answer": "ask", "words": words})
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert not InvitationQuestion.objects.exists()


def test_who_may_answer(cast, invited):
    question = ask(invited)

    def answers(who):
        actions.questions.answer_question(question=question, words="Yes.", by=who, at=timezone.now())

    assert who_may(cast, answers) == {"convener"}


def test_only_who_is_asked_asks_and_not_without_end(cast, invited):
    with pytest.raises(Refused, match="for somebody else"):
        ask(invited, by=cast.outsider)
    for _number in range(QUESTIONS_A_DAY.default):
        ask(invited)
    with pytest.raises(Conflict, match="Call us instead"):
        ask(invited)
    Invitation.objects.update(state="withdrawn")
    with pytest.raises(Refused):
        ask(invited)


def test_sent_anew_it_shows_nothing_that_was_asked_before(client, cast, invited):
    ask(invited, "My knee hurts.")
    at = timezone.now() + datetime.timedelta(seconds=1)
    actions.invitations.resend_invitation(
        invitation=invited, address="other@example.net", by=cast.convener, at=at
    )
    anew = Invitation.objects.get(pk=invited.pk)
    html = client.get(path_of(anew)).content.decode()
    assert "Write your question" in html
    assert "My knee hurts." not in html


def test_questions_are_forgotten_with_the_invitation(cast, invited):
    ask(invited)
    Invitation.objects.filter(pk=invited.pk).update(state="declined", answered_at=timezone.now())
    actions.invitations.forget_unanswered(at=timezone.now() + datetime.timedelta(days=200))
    assert not InvitationQuestion.objects.exists()


def test_a_letter_on_paper_gets_its_answer_on_its_page(client, cast):
    (row,) = draft(cast, "", name="Ella")
    send(cast)
    row = Invitation.objects.get(pk=row.pk)
    question = ask(row)
    actions.questions.answer_question(question=question, words="Yes.", by=cast.convener, at=timezone.now())
    assert "Yes." in client.get(path_of(row)).content.decode()


def test_others_do_not_see_the_questions(client, cast, invited):
    ask(invited)
    for who, status in ((cast.citizen, 403), (cast.outsider, 403), (cast.case_officer, 403)):
        client.force_login(who)
        assert client.get(page_of("invitee_questions")).status_code == status
