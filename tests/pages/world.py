"""A site with rows in every table, for tests that visit every page: World().grow(3), and later .grow(60)."""

from itertools import cycle

from django.db import connection, transaction
from django.utils import timezone

from actors.models import Affiliation, Organization, Person, Sector, Side, Standing, sort_key
from boundary.tokens import new_nonce
from journal.actions import record
from partnerships.models import (
    CalendarFeed,
    Citation,
    Contribution,
    ContributionReport,
    Decision,
    Follow,
    Invitation,
    InviteeList,
    JoinRequest,
    Mandate,
    Member,
    Office,
    Position,
    Revision,
    RevisionAuthor,
    Seat,
    Text,
    TextAuthor,
)
from partnerships.stages import Stage
from problems.models import Definition
from solutions.models import (
    Authorization,
    AuthorizationRequest,
    BodyMember,
    PrivateNote,
    Proposal,
    ValueProposition,
)
from tests.cast import join, make_cast, partnership, person

from .answers import Answers
from .deciding import Deciding
from .gathering import Gathering
from .meetings import Meetings
from .rooms import Rooms
from .rows import Rows
from .talking import Talking
from .words import DAY, LATER, WORDS
from .writing import Writing

STAGES = {
    "gathering": Stage.CONVENE,
    "seaweed": Stage.DESIGN,
    "asking": Stage.AUTHORIZE,
    "doing": Stage.IMPLEMENT,
}
ENDINGS = ("resting", "ended", "told")  # paused; closed with the account owed, and published
PASSWORD = "a long walk along the quay"
Kind, State = Text.Kind, Invitation.State


class World(Gathering, Answers, Deciding, Meetings, Rooms, Rows, Talking, Writing):
    """The cast in one partnership per stage that opens something, and around them as many rows as asked for."""

    def __init__(self):
        self.now = timezone.now()
        self.cast = make_cast(stage=Stage.DESIGN, reconstructed_from="Solrød's own reports.")
        self.rows, self.people, self.organizations = 0, [], []
        self.arenas = {"seaweed": self.cast.partnership}
        for slug, stage in STAGES.items():
            self.arenas.setdefault(slug, self._arena(slug, stage))
        self._talk()
        self.bath = partnership(self.cast.platform, slug="bath", title="A harbour bath", join_policy="open")
        self._endings()
        self.members = {slug: list(arena.members.all()) for slug, arena in self.arenas.items()}
        self.texts = {slug: self._texts(slug) for slug in self.arenas}
        self._rounds()
        join(self.bath, self.cast.convener, role=Member.Role.CONVENER, sector="public", side="public")
        for number, state in enumerate(("sent", "seen", "declined", "bounced"), 1001):
            self._invitation(self.arenas["gathering"], number, state, f"{state}@example.net").save()
        self._dress()
        self.cast.outsider.emailaddress_set.create(email="sent@example.net", verified=True)
        self._templates()
        self._calls()
        self._rooms()
        file = "name;e-mail;shoes\nMaja Lind;maja@example.net;38\nBo;no address;40\n"
        facts = {"partnership": self.arenas["gathering"], "by": self.cast.convener, "at": timezone.now()}
        InviteeList.objects.create(name="people.csv", text=file, **facts)
        Follow.objects.create(partnership=self.bath, person=self.cast.politician)
        CalendarFeed.objects.create(person=self.cast.citizen, nonce=new_nonce())
        self.operator = person("Ove Operator", is_staff=True)
        self.with_password = person("Paula Password", password=PASSWORD)
        for who, authority in ((self.cast.politician, "member"), (self.cast.secretary, "secretary")):
            BodyMember.objects.create(body=self.cast.council, person=who, authority=authority)

    def _arena(self, slug, stage):
        """A partnership in `stage` with the cast in it; that of the cast itself is there already."""
        cast, public = self.cast, {"sector": Sector.PUBLIC, "side": Side.PUBLIC}
        if slug == "seaweed":
            return cast.partnership
        arena = partnership(cast.platform, slug=slug, stage=stage, title=f"Seaweed, {stage.label}")
        bodies = {"sponsor": cast.municipality, "recipient": cast.council, "competent_body": cast.council}
        Mandate.objects.filter(partnership=arena).update(**bodies, interdependence="Nobody can do it alone.")
        join(arena, cast.convener, role=Member.Role.CONVENER, organization=cast.municipality, **public)
        join(arena, cast.citizen, function="Lives by the beach")
        join(arena, cast.official, function="Engineer", **public)
        return arena

    def _texts(self, slug):
        """{kind: text}, each with a first revision; in the later stages a chosen proposal and its dossier."""
        arena = self.arenas[slug]
        made = {kind: self._text(slug, kind) for kind in (Kind.CHARTER, Kind.PROBLEM, Kind.PROPOSAL)}
        Definition.objects.create(text=made[Kind.PROBLEM], partnership=arena)
        proposal = Proposal.objects.create(text=made[Kind.PROPOSAL], partnership=arena, novelty="adapted")
        if slug in ("asking", "doing"):
            made[Kind.VALUE] = self._text(slug, Kind.VALUE)
            ValueProposition.objects.create(text=made[Kind.VALUE], partnership=arena, proposal=proposal)
            for kind in (Kind.PROBLEM, Kind.PROPOSAL):
                Text.objects.filter(pk=made[kind].pk).update(adopted_revision=made[kind].revisions.first())
        self._decision(made[Kind.CHARTER].revisions.first(), closed=False)
        return made

    def _text(self, slug, kind, title="The seaweed on our beach"):
        made = Text.objects.create(partnership=self.arenas[slug], kind=kind, title=title)
        TextAuthor.objects.create(text=made, member=self.members[slug][0])
        self._revision(made, 1)
        return made

    def _revision(self, text, number):
        body = dict.fromkeys(text.sections, f"{WORDS}\n\nRevision {number}.")
        return Revision.objects.create(text=text, number=number, body=body, digest=f"{number:064x}")

    def _decision(self, revision, *, closed=True):
        opened = self.now - 20 * DAY
        return Decision.objects.create(
            partnership=revision.text.partnership,
            text=revision.text,
            revision=revision,
            question="Can we live with this?",
            quorum_public=1,
            quorum_non_public=1,
            opened_at=opened,
            opened_by=self.cast.convener,
            closes_at=opened + DAY if closed else self.now + LATER,
            closed_at=opened + DAY if closed else None,
            outcome=Decision.Outcome.ADOPTED if closed else "",
        )

    def who(self, name):
        """Somebody of the cast, the operator, or the one who has a password."""
        return getattr(self, name, None) or getattr(self.cast, name)

    # --- more of everything ---------------------------------------------------------------------------------

    @transaction.atomic
    def grow(self, rows):
        """Have `rows` rows in every table, in each partnership where it has one. Returns self."""
        new = range(self.rows, rows)
        self._grow_around(new)
        for slug in self.arenas:
            self._grow_people(slug, new)
            self._grow_words(slug, new)
            self._grow_beside(slug, new)
            self._grow_texts(slug, new)
            self._grow_writing(slug, new)
            self._grow_rounds(slug, new)
            self._grow_deeds(slug, new)
            self._grow_meetings(slug, new)
            self._grow_plan(slug, new)
            self._grow_record(slug, new)
        self._grow_requests(new)
        self._grow_lessons(new)
        self._grow_calls(new)
        self._grow_rooms(new)
        self.rows = rows
        with connection.cursor() as cursor:
            # As the database does by itself a minute later. What all databases share stays with the other tests.
            cursor.execute(f"ANALYZE {', '.join(connection.introspection.table_names(cursor))}")
        return self

    def _grow_around(self, new):
        """Organizations, people, offices, seats in the council, partnerships, standings."""
        cast = self.cast
        names = [f"Association {n:03}" for n in new]
        fresh = [
            Organization(name=name, sort_key=sort_key(name), sector="civil_society", side="non_public")
            for name in names
        ]
        self.organizations += Organization.objects.bulk_create(fresh)
        names = [f"Åse Østergaard {n:03}" for n in new]
        people = Person.objects.bulk_create(
            Person(name=name, sort_key=sort_key(name), email=f"p{n}@example.net", language="en")
            for n, name in zip(new, names, strict=True)
        )
        self.people += people
        Office.objects.bulk_create(
            Office(platform=cast.platform, person=who, kind="convener") for who in people
        )
        ends = cycle([None, timezone.localdate()])
        BodyMember.objects.bulk_create(
            BodyMember(body=cast.council, person=who, authority="member", until=next(ends)) for who in people
        )
        for body in self.organizations[new.start :]:
            Affiliation.objects.create(person=cast.citizen, organization=body, standing=Standing.VOLUNTEER)
        for n in new:
            other = partnership(cast.platform, slug=f"other-{n}", title=f"Partnership {n}", by=cast.convener)
            join(other, cast.citizen, function="Neighbour")
            join(other, cast.convener, role=Member.Role.CONVENER, sector="public", side="public")
            Follow.objects.create(partnership=other, person=cast.outsider)
            CalendarFeed.objects.create(partnership=other, person=cast.citizen, nonce=new_nonce())
            moved = {"was": "convene", "to": "define"}
            record(scope=other.pk, verb="stage.moved", by=cast.convener, at=self.now, **moved)

    def _grow_people(self, slug, new):
        """Members here and gone, seats, invitations in every state, letters, requests to join."""
        arena, sides = self.arenas[slug], cycle(Side.values)
        bodies, people = self.organizations[new.start :], self.people[new.start :]
        rows = [
            Member(
                partnership=arena,
                person=who,
                sector="citizens",
                side=next(sides),
                organization=body,
                function="Knows the bay",
            )
            for who, body in zip(people, bodies, strict=True)
        ]
        self.members[slug] += Member.objects.bulk_create(rows)
        gone = [self._gone(arena, who) for who in people]
        Member.objects.bulk_create(gone)
        Seat.objects.bulk_create(Seat(partnership=arena, sector="citizens", label=f"Seat {n}") for n in new)
        self._grow_groups(arena, new)
        self._grow_leadership(slug, new)
        self._grow_messages(slug, new)
        states = cycle([State.DRAFT, State.SENT, State.BOUNCED, State.SEEN, State.DECLINED, State.QUEUED])
        rows = [self._invitation(arena, 2 * n + 1, next(states), f"i{n}@example.net") for n in new]
        rows += [self._invitation(arena, 2 * n + 2, State.QUEUED, "") for n in new]
        Invitation.objects.bulk_create(rows)
        self._grow_questions(arena, new)
        rows = [
            JoinRequest(partnership=arena, person=who, message="I row there every week.", state=state)
            for state in (JoinRequest.State.WAITING, JoinRequest.State.DECLINED)
            for who in people
        ]
        JoinRequest.objects.bulk_create(rows)

    def _gone(self, arena, who):
        then = self.now - 50 * DAY
        return Member(
            partnership=arena,
            person=who,
            sector="citizens",
            side="non_public",
            joined_at=then,
            left_at=then + DAY,
        )

    def _invitation(self, arena, number, state, address):
        sent = None if state == State.DRAFT else self.now - DAY
        return Invitation(
            partnership=arena,
            number=number,
            address=address,
            name=f"Guest {number}",
            why_you="You live by the beach.",
            language="en",
            state=state,
            nonce=new_nonce(),
            invited_by=self.cast.convener,
            queued_at=sent,
            sent_at=sent,
            expires_at=self.now + LATER,
            reason="550 no such mailbox" if state == State.BOUNCED else "",
        )

    def _grow_words(self, slug, new):
        """Contributions with answers in the thread, what became of them, and reports."""
        arena, members, cast = self.arenas[slug], self.members[slug], self.cast
        kinds = cycle(Contribution.Kind.values)
        for n in new:
            said = {"partnership": arena, "kind": next(kinds), "body": WORDS}
            first = Contribution.objects.create(**said, member=members[n], wants_answer=True)
            reply = said | {"member": members[0], "reply_to": first, "thread": first}
            hidden = {"hidden_at": self.now, "hidden_by": cast.convener, "hidden_reason": "It insults."}
            Contribution.objects.bulk_create([Contribution(**reply), gone := Contribution(**reply | hidden)])
            self._moderate(arena, members, gone, n)
            ContributionReport.objects.create(
                contribution=first, by=members[2].person, ground="insult", reason="Rude", at=self.now
            )
            self._became(arena, first, members, n)

    def _grow_texts(self, slug, new):
        """Revisions, who wrote them, what they cite; proposals; decisions closed on old words; positions."""
        texts, members, arena = self.texts[slug], self.members[slug], self.arenas[slug]
        problem = texts[Kind.PROBLEM]
        for n in new:
            self._decision(self._revision(problem, n + 2))
            option = self._text(slug, Kind.PROPOSAL, f"Option {n}")
            Proposal.objects.create(text=option, partnership=arena, novelty="new_here")
            TextAuthor.objects.bulk_create(TextAuthor(text=option, member=one) for one in members[1:4])
        fresh = members[-len(new) :]
        for text in (problem, texts[Kind.CHARTER], texts.get(Kind.VALUE)):
            TextAuthor.objects.bulk_create(TextAuthor(text=text, member=one) for one in fresh if text)
        for text in filter(None, (problem, texts[Kind.CHARTER], texts[Kind.PROPOSAL], texts.get(Kind.VALUE))):
            newest = text.revisions.first()
            rows = {"ignore_conflicts": True}
            RevisionAuthor.objects.bulk_create(
                [RevisionAuthor(revision=newest, member=one) for one in fresh], **rows
            )
            said = Contribution.objects.filter(partnership=arena, reply_to=None)
            Citation.objects.bulk_create(
                [Citation(revision=newest, contribution=one) for one in said], **rows
            )
        choices = cycle([("agree", ""), ("object", "It is too dear."), ("stand_aside", "")])
        opened = Decision.objects.filter(partnership=arena, opened_at__isnull=False)
        for decision in opened.filter(revision__number__in=[1, 2]):
            Position.objects.bulk_create(self._position(decision, one, *next(choices)) for one in fresh)

    def _position(self, decision, member, choice, reason):
        told = {
            "choice": choice,
            "reason": reason,
            "digest": decision.revision.digest,
            "at": decision.opened_at,
        }
        return Position(decision=decision, member=member, recorded_by=self.cast.convener, **told)

    def _grow_requests(self, new):
        """Old requests about older revisions, each answered; the newest one waits, with private notes."""
        cast = self.cast
        for slug in ("asking", "doing"):
            value = self.texts[slug][Kind.VALUE]
            if not new.start:
                self._request(slug, value.revisions.get(number=1), 300)
            for n in new:
                newest = self._revision(value, n + 2)
                self._decision(newest)
                asked = self._request(slug, newest, 200 - n)
                self._answer(asked, "conditional" if slug == "doing" else "returned")
        waiting = AuthorizationRequest.objects.waiting().get(partnership=self.arenas["asking"])
        for who in (*self.people[new.start :], *([cast.politician] if not new.start else [])):
            PrivateNote.objects.create(
                request=waiting, person=who, body="Ask about the gulls.", changed_at=self.now
            )

    def _request(self, slug, revision, days_ago):
        return AuthorizationRequest.objects.create(
            partnership=self.arenas[slug],
            revision=revision,
            digest=revision.digest,
            body=self.cast.council,
            meeting_on=timezone.localdate(),
            case_number="27-2026-41",
            asked_at=self.now - days_ago * DAY,
            asked_by=self.cast.convener,
        )

    def _answer(self, asked, outcome):
        Authorization.objects.create(
            request=asked,
            outcome=outcome,
            decided_on=timezone.localdate(),
            item="7",
            words=WORDS,
            conditions="- Report every spring\n- Keep the pier",
            vote_detail="unanimous",
            entered_by=self.cast.secretary,
        )
