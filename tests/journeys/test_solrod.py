"""Solrød, from the mandate to the first report on the plan: through pages and mails only, as its people would."""

import pytest

from tests.journeys.deeds import (
    ARENA,
    asks_the_members,
    calls_a_meeting,
    close_the_decision,
    convene,
    draws_the_map,
    everybody_agrees,
    go_on,
    in_days,
    invite,
    minutes_a_meeting,
    says,
    says_no,
    says_yes,
    set_aside,
    share_leadership,
    takes_position,
    writes,
)

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = 390
RESIDENTS = """Bo Lund, bo@example.net
Rikke Juul, rikke@example.net"""
SMELL = "In July we cannot open the windows for the smell of eggs."
NITROGEN = "The bay gets 124 tonnes of nitrogen a year, the county measured in 2008."
CONDITION = "Report to the Council every spring"
NOTE = "Ask who pays when the plant stands still."


# --- the rules, the promise, the problem --------------------------------------------------------------------------


def agree_on_ground_rules(members):
    karen = members[0]
    karen.visit(f"{ARENA}charter/")
    karen.press("Begin from the draft")
    writes(karen, leave="Anyone may leave at any time. Who leaves tells us, so that the seat is not empty.")
    asks_the_members(karen)
    everybody_agrees(members, "Do we adopt these ground rules?")
    karen.visit(f"{ARENA}charter/")
    karen.reads("Adopted")


def record_the_promise(karen, bo):
    karen.visit(f"{ARENA}mandate/")
    karen.follow("Record the answer")
    karen.fill(
        state="given", promise_by="Solrød Council", minute="Meeting of 3 March, item 4", on=in_days(-2)
    )
    karen.press("Record it")
    karen.reads("The promise is recorded.", "Promised", "Meeting of 3 March, item 4")
    bo.visit(f"{ARENA}mandate/")
    bo.reads("Promised", "Adopt the result, or explain in public why not", "Solrød Council")


def talk_about_the_problem(karen, bo, tove):
    says(tove, "evidence", NITROGEN)
    says(bo, "experience", SMELL, wants_answer=True)
    karen.visit(f"{ARENA}say/")
    karen.follow("Say what became of it")
    karen.fill(outcome="adopted", reason="It is the first sentence of our problem.")
    karen.press("Give this answer")
    bo.opens_mail("What became of it: Adopted.")
    bo.reads("It is the first sentence of our problem.")


def define_the_problem(members):
    karen, bo, tove, aksel = members
    bo.visit(f"{ARENA}problem/")
    bo.press("Start writing the problem")
    bo.follow("Write the first words")
    writes(
        bo,
        builds_on=(SMELL, NITROGEN),
        what="Seaweed rots on the beach and nobody owns it.",
        for_whom="Neighbours, bathers and anglers.",
        evidence="The county measured the bay.",
        dispute="Who pays for it.",
    )
    tove.visit(f"{ARENA}problem/")
    tove.follow("Add something to measure")
    amounts = {"unit": "tonnes a year", "baseline": "0", "target": "22000", "direction": "up"}
    tove.fill(name="Seaweed removed", source="The beach cleaners' book", **amounts)
    tove.press("Add it")
    tove.reads("Seaweed removed")
    karen.visit(f"{ARENA}problem/")
    asks_the_members(karen)
    question, doubt = "Is this the problem we share?", "It says too little about the fields."
    takes_position(aksel, question, "stand_aside", doubt)
    for member in members[:-1]:
        takes_position(member, question)
    close_the_decision(karen, question, *members)
    karen.reads(doubt)


# --- the solution -------------------------------------------------------------------------------------------------


def propose(who, title, **sections):
    """Put an option on the table, with its first draft. Returns its address."""
    who.visit(f"{ARENA}solutions/propose/")
    who.fill(title=title, novelty="adapted")
    who.press("Put it on the table")
    who.follow("Write the first draft")
    writes(who, **sections)
    who.visit(f"{ARENA}solutions/")
    who.follow(title)
    return who.here


def choose(members, proposal):
    karen = members[0]
    karen.visit(proposal)
    asks_the_members(karen, "Let the members choose")
    everybody_agrees(members, "Do we choose “Make biogas of it”?")
    karen.visit(proposal)
    karen.reads("Chosen")


def write_the_value_proposition(members):
    karen = members[0]
    karen.visit(f"{ARENA}solutions/")
    karen.press("Start the value proposition")
    karen.follow("Write the first words")
    writes(
        karen,
        value="A clean beach, and heat for the town.",
        legitimacy="Neighbours and farmers stand behind it; anglers were not asked.",
        capacity="- A machine: committed by the municipality\n- A plant: asked for in this request",
        lose="Anglers, while the machine works.",
    )
    karen.visit(f"{ARENA}solutions/value/")
    karen.reads("All three corners are filled")
    asks_the_members(karen, "Ask the members for a decision")
    everybody_agrees(members, "Do we ask for a decision on this proposition?")


# --- the politicians ----------------------------------------------------------------------------------------------


def list_the_council(kim):
    kim.visit(f"{ARENA}authorization/")
    kim.follow("Who sits in it, and who writes its minutes")
    for name, authority in (("Pia Politician", "member"), ("Sven Secretary", "secretary")):
        kim.fill(name=name, email=f"{name.split()[0].lower()}@example.org", authority=authority)
        kim.press("Put on the list")
        kim.reads(name)


def ask_the_council(karen):
    karen.visit(f"{ARENA}authorization/request/")
    karen.reads("Pia Politician", "Sven Secretary")
    karen.fill(meeting_on=in_days(0), case_number="27-2026-41")
    karen.press("Ask the body")
    karen.reads("Solrød Council", "Waits for an answer")


def opens_the_dossier(who):
    """From the mail, without an account so far; signing in leads back to the dossier."""
    who.opens_mail("The dossier shows what it is worth")
    who.follow("Sign in")
    who.sign_in()
    who.reads("Seaweed on the beach at Jersie", "The proposal in three corners")


def weighs_it(pia):
    """What a politician reads before the meeting, and a note that only she reads."""
    opens_the_dossier(pia)
    pia.reads("A clean beach, and heat for the town.", "Committed", "Asked for in this request")
    pia.reads("Anglers, while the machine works.", "today 0 tonnes a year, target 22,000 tonnes a year")
    pia.reads(
        "Adopted by the members", "If it does not adopt the result, it owes the members a public reason."
    )
    pia.fill(body=NOTE)
    pia.press("Save my note")
    assert pia.page.input_value("[name=body]") == NOTE


def enters_the_decision(sven):
    opens_the_dossier(sven)
    assert NOTE not in sven.page.content()
    sven.follow("Enter the decision as minuted")
    sven.fill(
        outcome="conditional",
        decided_on=in_days(0),
        item="7",
        words="The Council agrees.",
        conditions=f"- {CONDITION}",
        vote_detail="unanimous",
    )
    sven.press("Enter the decision")
    sven.reads("Granted with conditions", CONDITION)


# --- the plan -----------------------------------------------------------------------------------------------------


def plan_a_step(karen, what):
    karen.visit(f"{ARENA}implementation/")
    karen.follow("Plan a step")
    karen.fill(what=what, due_on=in_days(60))
    karen.press("Put it in the plan")
    return karen.here


def owns_a_part(bo, karen, step):
    """Bo offers to own the step; Karen takes the offer."""
    bo.visit(step)
    bo.press("I want to own this step")
    karen.visit(step)
    karen.press("Take the offer")
    karen.reads("Bo Lund")


def is_asked_to_own(aksel, karen, step):
    """Karen asks Aksel; he says yes from the mail."""
    karen.visit(step)
    karen.follow("Ask somebody to own it")
    karen.fill(member=karen.page.locator("option", has_text="Aksel Dam").get_attribute("value"))
    karen.press("Ask them")
    aksel.opens_mail("Buy the machine")
    aksel.press("Yes, I promise")


def carry_out_the_condition(karen):
    karen.visit(f"{ARENA}implementation/")
    karen.reads("Condition of Solrød Council")
    karen.follow(CONDITION)
    karen.press("I want to own this step")
    karen.press("Take the offer")


def reports(bo, step):
    bo.visit(step)
    bo.fill(status="under_way", body="Two offers are in; we try both machines in May.")
    bo.press("Send the report")
    bo.reads("Two offers are in", "Under way")


def meet_on_the_beach(karen, bo):
    meeting = calls_a_meeting(karen, "Trial on the beach", 3, "Jersie Strand")
    bo.opens_mail("Trial on the beach")
    assert "SUMMARY:Trial on the beach" in str(bo.attachment("text/calendar"))
    bo.fill(answer="room", needs="A bench to sit on")
    bo.press("Send my answer")
    karen.visit(meeting)
    karen.follow("What to arrange")
    karen.reads("A bench to sit on")


def reads_but_cannot_act(stranger):
    stranger.visit(ARENA)
    stranger.reads("Implement", "Seaweed rots on the beach and nobody owns it.")
    for page in ("say", "problem", "solutions", "authorization", "implementation", "meetings", "record"):
        assert stranger.visit(f"{ARENA}{page}/") == 200
        assert stranger.page.locator("main form[method=post]").count() == 0
    assert "A bench to sit on" not in stranger.text
    stranger.visit(f"{ARENA}manage/")
    assert "/account/" in stranger.here


# --- the story ----------------------------------------------------------------------------------------------------


def test_solrod_from_the_mandate_to_the_first_report(arrive):
    karen = arrive("karen@example.org")
    karen.sign_in()
    convene(karen)
    draws_the_map(karen)
    residents = {"group": "People who live by the beach"}
    invite(karen, RESIDENTS, count=2, slip=("rikke@gmial.com", "rikke@example.net"), **residents)
    invite(karen, "Tove Riis; tove@example.net", count=1, sector="academia")
    invite(karen, "Aksel Dam, aksel@example.net", count=1, sector="private", organization_name="Dam Farm")
    set_aside(karen, "interdependence", "We write it when everybody sits at the table.")
    go_on(karen, "Convene")

    bo = arrive("bo@example.net", width=PHONE)
    tove, aksel = arrive("tove@example.net"), arrive("aksel@example.net")
    says_yes(bo, function="Lives by the beach")
    says_yes(tove, function="Biologist", organization_name="Roskilde University")
    says_yes(aksel, function="Farmer")
    says_no(arrive("rikke@example.net", width=PHONE), "I move away in spring.")
    members = [karen, bo, tove, aksel]
    first = minutes_a_meeting(
        karen, "First meeting", "We look at the beach together.", "Bo Lund", "Aksel Dam"
    )
    bo.visit(first)
    bo.reads("We look at the beach together.")
    agree_on_ground_rules(members)
    record_the_promise(karen, bo)
    share_leadership(karen, bo)
    set_aside(karen, "leaderships_held", "We look at it again after summer.")
    go_on(karen, "Define the problem", *members[1:])

    talk_about_the_problem(karen, bo, tove)
    define_the_problem(members)
    go_on(karen, "Design a solution", bo)

    propose(aksel, "Plough it into the fields", what="Spread it as manure.", costs="Little.")
    biogas = propose(bo, "Make biogas of it", what="Gather it and let it rot in a plant.", lose="Anglers.")
    tove.visit(biogas)
    tove.press("Join the authors")
    choose(members, biogas)
    write_the_value_proposition(members)
    go_on(karen, "Authorize", bo)

    kim = arrive("kim@example.org")
    kim.sign_in()
    list_the_council(kim)
    ask_the_council(karen)
    weighs_it(arrive("pia@example.org"))
    enters_the_decision(arrive("sven@example.org"))
    bo.opens_mail("Granted with conditions")
    bo.reads("The Council agrees.", CONDITION)
    go_on(karen, "Implement", bo)

    step = plan_a_step(karen, "Buy the machine that gathers seaweed")
    owns_a_part(bo, karen, step)
    is_asked_to_own(aksel, karen, step)
    carry_out_the_condition(karen)
    meet_on_the_beach(karen, bo)
    reports(bo, step)
    reads_but_cannot_act(arrive("nobody@example.net", width=PHONE))
