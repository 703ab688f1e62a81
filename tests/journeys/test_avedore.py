"""Avedøre defines and designs: a room that writes by phone, suggestions, an objection that is answered, a sounding, a
need that is covered. Through pages and mails only, as its people would."""

import pytest

from partnerships.stages import Stage
from tests.cast import make_cast
from tests.journeys.deeds import in_days
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

ARENA = "/partnerships/avedore/"
PHONE = 390
QUESTION = "Where can you not charge a car today?"
GARAGE = "In our garages nobody may put up a socket."
STREET = "On the street there is no post within a kilometre. 🔌"


@pytest.fixture
def come(new_page, smtp_sink):
    """Somebody with an address comes; who is known signs in: come("bo@example.org", width=390)."""
    met = set()

    def somebody(address="", **window):
        visitor = Visitor(new_page(locale="en-GB", **window), address, smtp_sink, met)
        if address:
            visitor.sign_in()
        return visitor

    return somebody


# --- meet ---------------------------------------------------------------------------------------------------------


def finds_a_time(karen, bo):
    """Two times, marked from the mail by phone; the better one becomes a meeting. Returns its address."""
    karen.visit(f"{ARENA}meetings/find-a-time/")
    karen.fill(title="Where do we charge?", length=90, place="The school", time_1=f"{in_days(6)}T17:00")
    karen.fill(time_2=f"{in_days(7)}T19:00", closes_at=f"{in_days(4)}T20:00")
    karen.press("Ask the members")
    poll = karen.here
    bo.opens_mail("Where do we charge?")
    names = bo.page.locator("main input[type=radio]").evaluate_all(
        "all => [...new Set(all.map(one => one.name))]"
    )
    bo.fill(**dict(zip(names, ["no", "yes"], strict=True)))
    bo.press("Send my answer")
    karen.visit(poll)
    karen._go_by(karen.page.get_by_role("button", name="Choose this time").first.click)
    karen.reads("Where do we charge?", "The school")
    return karen.here


def writes_by_phone(phone, code, *notes):
    """Come in by the code that stands on the wall, without an account, and send notes."""
    phone.visit("/w/")
    phone.fill(code=code)
    phone.press("Go on")
    phone.press("Join")
    for words in notes:
        phone.fill(body=words)
        phone.page.locator("main").get_by_role("button", name="Send", exact=True).click()
        phone.page.locator("main", has_text="Arrived").wait_for()
        phone.reads(words)
    phone.check()


def holds_a_workshop(karen, meeting, come):
    """A prompt on the wall, notes from two phones and a sheet of paper, one theme; all of it lands."""
    karen.visit(meeting)
    karen.follow("Start a workshop")
    karen.fill(prompts=QUESTION)
    karen.press("Start the workshop")
    table = karen.here
    code = karen.page.locator(".co-letter__code").inner_text()
    karen._go_by(karen.page.get_by_role("button", name="Put it on the wall").first.click)
    writes_by_phone(come(width=PHONE), code, GARAGE)
    writes_by_phone(come(width=PHONE), code, STREET)
    karen.follow("Put up the wall")
    karen.reads(QUESTION, GARAGE, STREET)
    karen.visit(table)
    for words in (GARAGE, STREET):
        karen.page.get_by_label(words).check()
    karen.fill(title="Nowhere to charge")
    karen.press("Move the ticked notes")
    karen.follow("End the workshop")
    karen.press("End it now")
    karen.visit(f"{ARENA}say/")
    karen.reads("Nowhere to charge", GARAGE, STREET, "said in the room, typed in by Karen Convener")


# --- say, and what became of it -----------------------------------------------------------------------------------


def talks(bo, inge):
    """A question that names somebody, and their answer with a quote of it."""
    bo.visit(f"{ARENA}say/")
    bo.fill(kind="question", body="What does the net bear, @Inge Official?", wants_answer=True)
    bo.press("Say it")
    inge.opens_mail("named you")
    inge.follow("Quote")
    inge.fill(body="Forty cars at night, if they take turns.")
    inge.press("Reply")
    inge.reads("Forty cars at night, if they take turns.", "What does the net bear")


def answers_together(karen, bo):
    """The theme of the room and the question of a member get one answer; the member reads it in a mail."""
    karen.visit(f"{ARENA}answers/")
    karen.reads("Nowhere to charge", "What does the net bear")
    karen.follow("Answer several together")
    for box in karen.page.locator("main input[name=contributions]").all():
        box.check()
    karen.fill(outcome="adopted", reason="Both stand in what the problem is.")
    karen.press("Give this answer to all of them")
    bo.opens_mail("Both stand in what the problem is.")
    karen.visit(f"{ARENA}answers/")
    karen.reads("Nothing is owed an answer now")


# --- write, suggest, decide ---------------------------------------------------------------------------------------


def writes_the_problem(bo, olga):
    """Bo writes it on the words of the room; Olga, who only follows, suggests other words, and he takes them up."""
    bo.visit(f"{ARENA}problem/")
    bo.press("Start writing the problem")
    bo.follow("Write the first words")
    bo.fill(section_what="There is nowhere to charge.", section_for_whom="Tenants.")
    bo.page.get_by_role("checkbox", name=GARAGE).check()
    bo.press("Publish as a new revision")
    olga.visit(f"{ARENA}problem/")
    olga.follow("Section by section")
    text = olga.here
    olga.follow("Who is affected, and how")
    olga.fill(words="Tenants, and those who visit them.", reason="Guests cannot charge either.")
    olga.press("Send it to the authors")
    suggestion = olga.here
    bo.visit("/mine/")
    bo.follow("Guests cannot charge either.")
    assert bo.here == suggestion
    bo.press("Take it into the draft")
    bo.visit(f"{text}write/")
    bo.press("Publish as a new revision")
    bo.reads("Tenants, and those who visit them.")
    olga.visit(suggestion)
    olga.reads("Taken up", "revision 2")
    return text


def decides_with_an_objection(karen, bo, inge, text):
    """Inge objects, is answered, changes her position; the problem is adopted and her words stay."""
    karen.visit(text)
    karen.follow("Ask for a decision")
    karen.press("Ask the members")
    question, doubt = "Is this the problem we share?", "Nothing is said about who pays."
    for member, choice, reason in ((bo, "agree", ""), (inge, "object", doubt), (karen, "agree", "")):
        member.opens_mail(question)
        member.fill(choice=choice, reason=reason)
        member.press("Take this position")
    karen.reads(doubt)
    karen.follow("Answer")
    karen.fill(body="The costs come with the solutions, and each side shows its own.")
    karen.press("Answer")
    inge.opens_mail("each side shows its own")
    inge.fill(choice="stand_aside", reason="As long as it comes.")
    inge.press("Change my position")
    karen.opens_mail(question)
    karen.press("Close it now")
    karen.reads("Adopted: revision 2 now stands.", "As long as it comes.", "Said something else before")


# --- sound, commit ------------------------------------------------------------------------------------------------


def sounds(karen, bo):
    """A list is heard before anybody chooses; it informs and decides nothing."""
    karen.visit(f"{ARENA}soundings/open/")
    karen.fill(
        question="What shall we try first?",
        lines="A roof over the parking\nSockets in the cellars\nPosts",
        method="dots",
    )
    karen.press("Ask the members")
    sounding = karen.here
    bo.visit(sounding)
    bo.reads("This informs, it decides nothing.")
    boxes = bo.page.locator("main input[name^=dots-]")
    boxes.first.fill("3")
    bo.press("Save my answer")
    karen.visit(sounding)
    karen.press("Close it now")
    karen.reads("This informs, it decides nothing.")


def covers_a_need(karen, bo):
    """Everybody is asked for hours; a part is offered, taken, and the rest is shown as missing."""
    karen.visit(f"{ARENA}commitments/")
    karen.follow("Ask everybody")
    karen.fill(kind="hours", what="Count the cars at night", amount=40, unit="hours")
    karen.press("Ask")
    need = karen.here
    bo.visit(f"{ARENA}commitments/")
    bo.follow("Count the cars at night")
    bo.fill(amount=10)
    bo.press("Offer it")
    karen.visit(need)
    karen._go_by(karen.page.locator("main .co-members a").first.click)
    karen.press("Take it")
    karen.visit(need)
    karen.reads("10 hours", "30 hours")


def test_avedore_defines_and_designs(come):
    make_cast(stage=Stage.DEFINE, slug="avedore", title="Cheaper and greener energy in Avedøre")
    karen, bo = come("karen@example.org"), come("bo@example.org", width=PHONE)
    inge, olga = come("inge@example.org"), come("olga@example.org")
    holds_a_workshop(karen, finds_a_time(karen, bo), come)
    talks(bo, inge)
    answers_together(karen, bo)
    text = writes_the_problem(bo, olga)
    decides_with_an_objection(karen, bo, inge, text)
    sounds(karen, bo)
    covers_a_need(karen, bo)
