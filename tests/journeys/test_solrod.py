"""Solrød, from the mandate to the first report on the plan: through pages and mails only, as its people would."""

import datetime
import re

import pytest
from django.utils import timezone

from actors.models import Organization, Sector
from partnerships.models import Office
from tests.cast import person, platform
from tests.journeys.visitor import Visitor, link_in

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, DESK = 390, 1280
ARENA = "/partnerships/seaweed-on-the-beach-at-jersie/"
QUESTION = "How can the beach be clean, the bay healthy and the neighbours content?"
INVITED = """Bo Lund, bo@example.net
Maja Holm, maja@example.net
Tove Riis; tove@example.net
Aksel Dam, aksel@example.net
Rikke Juul, rikke@gmial.com"""
STAGES = ["Convene", "Define the problem", "Design a solution", "Authorize", "Implement"]


def in_days(days):
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


@pytest.fixture
def people(new_page, smtp_sink):
    """Who the site knows at first: a platform with its convener and its case officer. Everybody else comes by mail."""
    owner = Organization.objects.create(name="Solrød Municipality", sector=Sector.PUBLIC)
    host = platform(owner)
    for name, kind in (("Karen Convener", "convener"), ("Kim Caseofficer", "case_officer")):
        Office.objects.create(platform=host, person=person(name), kind=kind)
    met = set()

    def arrive(address, width=DESK):
        return Visitor(new_page(width=width, locale="en-GB"), address, smtp_sink, met)

    return arrive


# --- what they do -------------------------------------------------------------------------------------------------


def convene(karen):
    karen.visit("/platforms/solrod/convene/")
    karen.fill(
        title="Seaweed on the beach at Jersie",
        summary="Rotting seaweed smells, and nobody can remove it alone.",
        question=QUESTION,
        names_no_solution=True,
        sponsor_name="Solrød Municipality",
        recipient_name="Solrød Council",
        competent_name="Solrød Council",
        promise_kind="adopt_or_explain",
        join_policy="request",
        due_on=in_days(30),
    )
    karen.press("Begin the partnership")
    assert karen.page.url.endswith(f"{ARENA}mandate/")
    karen.reads("Not yet promised")


def invite(karen):
    karen.visit(f"{ARENA}invite/")
    karen.fill(pasted=INVITED, why_you="You know the beach in every season.", language="en")
    karen.press("Look at the mail")
    karen.reads("Line 5")
    typed = karen.page.input_value("[name=pasted]")
    assert typed.replace("\r\n", "\n") == INVITED
    karen.fill(pasted=INVITED.replace("gmial.com", "example.net"))
    karen.press("Look at the mail")
    karen.reads("Send 5 invitations")
    karen.press("Send now")
    karen.reads("5 invitations are on their way.")


def opens_the_invitation(guest):
    guest.visit(link_in(guest.mail("Why you?"), "/i/"))
    guest.reads(QUESTION)


def says_yes(guest, function):
    opens_the_invitation(guest)
    guest.fill(function=function)
    guest.press("Yes, I will take part")
    guest.type_the_code()
    assert guest.page.url.endswith(ARENA)


def says_no(guest, reason):
    opens_the_invitation(guest)
    guest.open_up("No, I cannot or will not")
    guest.fill(reason=reason)
    guest.press("Send my no")
    guest.reads("no")


def go_on(karen, stage):
    """Set aside what is soft and missing, with a reason, and go on to the next stage."""
    karen.visit(f"{ARENA}manage/")
    while karen.page.locator("#waive_key").count():
        karen.open_up("Set aside, with a public reason")
        karen.page.locator("#waive_reason").fill("We settle this at the first meeting.")
        karen.press("Set it aside")
    karen.press(f"Go on to “{stage}”")
    karen.reads(f"The partnership is now in the stage “{stage}”.")


def says(who, kind, words):
    who.visit(f"{ARENA}say/")
    who.fill(kind=kind, body=words)
    who.press("Say it")
    who.reads(words)


def write(who, *, cites=0, **sections):
    """Fill sections of a text, cite as many contributions, save."""
    who.fill(**{f"section_{key}": words for key, words in sections.items()})
    for number in range(cites):
        who.page.locator("[name=cites]").nth(number).check()
    who.press("Save as a new revision")


def everybody_agrees(members):
    """Each opens the decision from their own mail and agrees; the convener closes it. Returns its address."""
    karen = members[0]
    decision = karen.here
    for member in members:
        member.visit(decision)
        member.fill(choice="agree")
        member.press("Take this position")
        member.reads("Your position is noted.")
    karen.visit(decision)
    karen.press("Close it now")
    karen.reads("Adopted")


def define_the_problem(members):
    _karen, bo, maja, tove, _aksel = members
    says(bo, "experience", "In July we cannot open the windows for the smell of eggs.")
    says(tove, "evidence", "The bay gets 124 tonnes of nitrogen a year, the county measured in 2008.")
    bo.visit(f"{ARENA}problem/")
    bo.press("Start writing the problem")
    bo.follow("Write the first words")
    write(
        bo,
        cites=2,
        what="Seaweed rots on the beach and nobody owns it.",
        for_whom="Neighbours, bathers and anglers.",
        evidence="The county measured the bay.",
    )
    maja.visit(f"{ARENA}problem/")
    maja.follow("Add something to measure")
    maja.fill(
        name="Seaweed removed",
        unit="tonnes a year",
        baseline="0",
        target="22000",
        direction="up",
        source="The gate",
    )
    maja.press("Add it")
    maja.reads("Seaweed removed")


def agree_on_the_problem(members):
    karen = members[0]
    karen.visit(f"{ARENA}problem/")
    karen.follow("Ask for a decision")
    karen.press("Ask the members")
    everybody_agrees(members)
    karen.visit(f"{ARENA}problem/")
    karen.reads("Agreed")


def propose(who, title, **sections):
    who.visit(f"{ARENA}solutions/propose/")
    who.fill(title=title, novelty="adapted")
    who.press("Put it on the table")
    who.follow("Write the first draft")
    write(who, **sections)
    who.visit(f"{ARENA}solutions/")
    who.follow(title)
    return who.here


def choose(members, proposal):
    karen = members[0]
    karen.visit(proposal)
    karen.follow("Put it to the choice")
    karen.press("Ask the members")
    everybody_agrees(members)
    karen.visit(proposal)
    karen.reads("Chosen")


def write_the_value_proposition(karen):
    karen.visit(f"{ARENA}solutions/")
    karen.press("Start the value proposition")
    karen.follow("Write the first words")
    write(
        karen,
        value="A clean beach, and heat for the town.",
        legitimacy="Neighbours and farmers stand behind it; anglers were not asked.",
        capacity="- A machine: committed by the municipality\n- A plant: asked for in this request",
    )
    karen.visit(f"{ARENA}solutions/value/")
    karen.reads("All three corners are filled")


def list_the_council(kim):
    kim.visit(f"{ARENA}authorization/")
    kim.follow("Who sits in it, and who writes its minutes")
    for name, authority in (("Pia Politician", "member"), ("Sven Secretary", "secretary")):
        kim.fill(name=name, email=f"{name.split()[0].lower()}@example.org", authority=authority)
        kim.press("List them")
        kim.reads(name)


def ask_the_council(karen):
    karen.visit(f"{ARENA}authorization/request/")
    karen.fill(meeting_on=in_days(0), case_number="27-2026-41")
    karen.press("Ask the body")
    karen.reads("Solrød Council")


def arrives_for_decision(who):
    who.sign_in()
    who.reads_in_english()
    who.visit("/dossiers/")
    who.follow("Seaweed on the beach at Jersie")


def notes_privately(pia):
    arrives_for_decision(pia)
    pia.reads("A clean beach, and heat for the town.")
    pia.fill(body="Ask who pays when the plant stands still.")
    pia.press("Save my note")
    pia.reads("Only you can read it.")


def enters_the_decision(sven):
    arrives_for_decision(sven)
    assert "who pays when the plant" not in sven.page.content()
    sven.follow("Enter the decision as minuted")
    sven.fill(
        outcome="conditional",
        decided_on=in_days(0),
        item="7",
        words="The Council agrees.",
        conditions="- Report to the Council every spring",
        vote_detail="unanimous",
    )
    sven.press(re.compile("Enter|Save"))
    sven.reads("Granted with conditions")


def plan(karen, bo):
    karen.visit(f"{ARENA}implementation/")
    karen.reads("Report to the Council every spring")
    karen.follow("Plan a step")
    karen.fill(what="Buy the machine that gathers seaweed", due_on=in_days(60))
    karen.press("Put it in the plan")
    step = karen.here
    bo.visit(step)
    bo.press("I want to own this step")
    karen.visit(step)
    karen.press("Take it")
    karen.follow("Ask somebody to own it")
    mine = karen.page.locator("[name=member] option", has_text="Karen").get_attribute("value")
    karen.fill(member=mine)
    karen.press(re.compile("Ask"))
    karen.press("Yes, I take it on")
    return step


def reports(bo, step):
    bo.visit(step)
    bo.fill(status="under_way", body="Two offers are in; we try both machines in May.")
    bo.press("Send the report")
    bo.reads("Two offers are in")


def meet(karen, bo):
    karen.visit(f"{ARENA}meetings/call/")
    karen.fill(
        title="Trial on the beach", day=in_days(3), starts="16:00", ends="17:30", place="Jersie Strand"
    )
    karen.press("Call the meeting")
    meeting = karen.here
    bo.mail("Trial on the beach")
    assert "SUMMARY:Trial on the beach" in str(bo.attachment("text/calendar"))
    bo.visit(meeting)
    bo.fill(answer="room", needs="A bench to sit on")
    bo.press("Send my answer")
    karen.visit(meeting)
    karen.reads("A bench to sit on")
    return meeting


def minute_a_meeting_that_was_held(karen, maja):
    karen.visit(f"{ARENA}meetings/call/")
    karen.fill(title="First meeting", day=in_days(-1), starts="16:00", ends="17:30", place="The town hall")
    karen.press("Call the meeting")
    meeting = karen.here
    karen.follow("Note who came")
    karen.page.locator("[name=present]").first.check()
    karen.press(re.compile("."))
    karen.visit(meeting)
    karen.follow("Write the minutes")
    karen.fill(minutes="We agreed to look at the beach together.")
    karen.press(re.compile("Save"))
    maja.visit(meeting)
    maja.reads("We agreed to look at the beach together.")


def reads_but_cannot_act(uffe):
    for page in (
        "",
        "say/",
        "problem/",
        "solutions/",
        "authorization/",
        "implementation/",
        "meetings/",
        "record/",
    ):
        assert uffe.visit(ARENA + page) == 200
    assert uffe.page.locator("main form[method=post]").count() == 0
    uffe.visit(f"{ARENA}say/")
    assert uffe.page.get_by_role("button", name="Say it").count() == 0
    uffe.visit(f"{ARENA}manage/")
    assert "/account/" in uffe.page.url


# --- the story ----------------------------------------------------------------------------------------------------


def test_solrod_from_the_mandate_to_the_first_report(people):
    karen = people("karen@example.org")
    karen.sign_in()
    convene(karen)
    invite(karen)
    go_on(karen, "Convene")

    bo, maja = people("bo@example.net", PHONE), people("maja@example.net", PHONE)
    tove, aksel = people("tove@example.net"), people("aksel@example.net")
    for guest, function in (
        (bo, "Lives by the beach"),
        (maja, "Swims"),
        (tove, "Biologist"),
        (aksel, "Farmer"),
    ):
        says_yes(guest, function)
    says_no(people("rikke@example.net", PHONE), "I move away in spring.")
    members = [karen, bo, maja, tove, aksel]
    minute_a_meeting_that_was_held(karen, maja)
    go_on(karen, "Define the problem")

    define_the_problem(members)
    agree_on_the_problem(members)
    go_on(karen, "Design a solution")

    propose(aksel, "Plough it into the fields", what="Spread it as manure.", costs="Little.")
    biogas = propose(bo, "Make biogas of it", what="Gather it and let it rot in a plant.", lose="Anglers.")
    tove.visit(biogas)
    tove.press("Join the authors")
    choose(members, biogas)
    write_the_value_proposition(karen)
    go_on(karen, "Authorize")

    kim = people("kim@example.org")
    kim.sign_in()
    list_the_council(kim)
    ask_the_council(karen)
    notes_privately(people("pia@example.org"))
    enters_the_decision(people("sven@example.org"))
    go_on(karen, "Implement")

    step = plan(karen, bo)
    meet(karen, bo)
    reports(bo, step)
    reads_but_cannot_act(people("nobody@example.net", PHONE))
