"""What people do in a partnership, each deed through the page or the mail that is made for it."""

import datetime

from django.utils import timezone

ARENA = "/partnerships/seaweed-on-the-beach-at-jersie/"
QUESTION = "How can the beach be clean, the bay healthy and the neighbours content?"
WHY_YOU = "You know the beach in every season."


def in_days(days):
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


# --- begin, invite, come in ---------------------------------------------------------------------------------------


def convene(karen):
    """Begin the partnership of both journeys."""
    karen.visit("/platforms/solrod/convene/")
    karen.fill(
        title="Seaweed on the beach at Jersie",
        summary="Rotting seaweed smells, and nobody can remove it alone.",
        question=QUESTION,
        solution_named="no",
    )
    karen.press("Prepare the partnership")
    assert karen.here.endswith(f"{ARENA}prepare/")
    karen.reads(QUESTION, "Only you see this partnership until you open it.")
    karen.follow("Who stands behind it, and who can say yes")
    karen.fill(
        sponsor_name="Solrød Municipality", recipient_name="Solrød Council", competent_name="Solrød Council"
    )
    karen.press("Save the mandate")
    karen.follow("The promise")
    karen.fill(kind="adopt_or_explain")
    karen.press("Note that we ask")
    karen.follow("What each sector gains, and whether you are ready")
    karen.fill(gain_citizens="They can open their windows.", gain_private="They get gas for their boilers.")
    karen.fill(ready_open="yes", ready_heard="unsure", ready_time="yes", ready_support="no", ready_end="yes")
    karen.press("Save the mandate")
    karen.press("Begin the partnership")
    karen.reads("The partnership has begun.")


def draws_the_map(karen):
    """Put the group that is hit hardest on the map, with two seats; the map asks for them until they are there."""
    karen.visit(f"{ARENA}groups/")
    karen.reads("No group is on the map yet. Who is hit hardest by the problem?")
    karen.follow("Add a group")
    karen.fill(
        name="People who live by the beach", affectedness=3, relevance=2, authority=0, resources=0, voice=1
    )
    karen.fill(seats=2)
    karen.press("Add the group")
    karen.reads("People who live by the beach are on the map.", "0 taken, 2 open", "Missing")


def invite(karen, pasted, *, count, slip=("", ""), **told):
    """Invite by pasted lines; with a `slip` (wrong, right) first with that in them, and what was typed stays."""
    karen.visit(f"{ARENA}invite/")
    karen.fill(why_you=WHY_YOU, language="en", **told)
    wrong, right = slip
    if wrong:
        typed = pasted.replace(right, wrong)
        karen.fill(pasted=typed)
        karen.press("Look at the mail")
        karen.reads(f"Line {typed[: typed.index(wrong)].count(chr(10)) + 1}:")
        assert karen.page.input_value("[name=pasted]").replace("\r\n", "\n") == typed
        assert karen.page.input_value("[name=why_you]") == WHY_YOU
    karen.fill(pasted=pasted)
    karen.press("Look at the mail")
    karen.reads(f"Send {count} invitation", QUESTION)
    karen.press("Send now")
    karen.reads("How far the invitations are")


def says_yes(guest, **about_themselves):
    """Open the invitation from the mail, answer yes and come in with the code that is mailed then."""
    guest.opens_mail("Why you?")
    guest.reads(QUESTION, WHY_YOU)
    guest.fill(**about_themselves)
    guest.press("Yes, I will take part")
    guest.type_the_code()
    assert guest.here.endswith(ARENA)
    guest.mail("You now take part in")


def says_no(guest, reason):
    guest.opens_mail("Why you?")
    guest.open_up("No, I cannot or will not")
    guest.fill(reason=reason)
    guest.press("Send my no")
    guest.reads("You said no on", "Thank you for answering.")


def share_leadership(karen, bo):
    """Karen carries two functions, and offers one to Bo, who says yes by way of the mail."""
    karen.visit(f"{ARENA}people/leadership/")
    for function, member in (
        ("steward", "Karen Convener"),
        ("catalyst", "Karen Convener"),
        ("mediator", "Bo Lund"),
    ):
        karen.fill(function=function, member=member)
        karen.press("Offer it")
    bo.opens_mail("You are asked to carry a function")
    bo.press("Yes, I will")
    bo.reads("Thank you. You carry it now.")


# --- stages -------------------------------------------------------------------------------------------------------


def set_aside(karen, criterion, reason):
    karen.visit(f"{ARENA}manage/")
    karen.open_up("Set aside, with a reason")
    karen.fill(key=criterion)
    karen.page.locator("#waive_reason").fill(reason)
    karen.press("Set it aside")
    karen.reads(reason)


def go_on(karen, stage, *others):
    """Move to the next stage; everybody else is told by mail."""
    karen.visit(f"{ARENA}manage/")
    karen.press(f"Go on to “{stage}”")
    karen.reads(f"The partnership is now in the stage “{stage}”.")
    for member in others:
        member.mail(f"is now in the stage “{stage}”.")


# --- say, write, decide -------------------------------------------------------------------------------------------


def says(who, kind, words, **more):
    who.visit(f"{ARENA}say/")
    who.fill(kind=kind, body=words, **more)
    who.press("Say it")
    who.reads(words)


def writes(who, *, builds_on=(), **sections):
    """Fill sections of the text whose writing page is open, tick what people said, save."""
    who.fill(**{f"section_{key}": words for key, words in sections.items()})
    for said in builds_on:
        who.page.get_by_role("checkbox", name=said).check()
    who.press("Publish as a new revision")


def asks_the_members(karen, words="Ask for a decision"):
    """Put the newest words of the text that is shown to the members."""
    karen.follow(words)
    karen.press("Ask the members")
    karen.reads("The members are asked.")


def takes_position(member, question, choice="agree", reason=""):
    """Open the decision from one's own mail and answer it."""
    member.opens_mail(question)
    member.fill(choice=choice, reason=reason)
    member.press("Take this position")
    member.reads("Your position is noted.")


def close_the_decision(karen, question, *others):
    """Close it once everybody has answered; each member reads in a mail what came of it."""
    karen.opens_mail(question)
    karen.press("Close it now")
    karen.reads("The decision is closed.", "Adopted")
    for member in others:
        assert "adopted" in member.mail(question).lower()


def everybody_agrees(members, question):
    for member in members:
        takes_position(member, question)
    close_the_decision(members[0], question, *members)


# --- meet ---------------------------------------------------------------------------------------------------------


def calls_a_meeting(karen, title, day, place):
    karen.visit(f"{ARENA}meetings/call/")
    karen.fill(title=title, day=in_days(day), starts="16:00", ends="17:30", place=place)
    karen.press("Call the meeting")
    return karen.here


def minutes_a_meeting(karen, title, words, *came):
    """A meeting that was held yesterday: who came, and what was agreed."""
    meeting = calls_a_meeting(karen, title, -1, "The town hall")
    karen.follow("Note who came")
    for name in came:
        karen.page.get_by_role("checkbox", name=name).check()
    karen.press("Note it")
    karen.reads(f"{len(came)} came")
    karen.follow("Write the minutes")
    karen.fill(minutes=words)
    karen.press("Publish the minutes")
    return meeting
