"""What the members of a world write besides: drafts, suggestions in every state, a text with sections of its own."""

from itertools import cycle

from django.utils import timezone

from partnerships.models import (
    Draft,
    DraftSection,
    Member,
    RevisionAuthor,
    SectionAuthor,
    SectionCitation,
    Suggestion,
    Text,
)

from .words import WORDS


class Writing:
    """The part of World that fills the tables of writing together."""

    def _grow_writing(self, slug, new):
        """Who wrote which section on what ground; suggestions; other texts; one draft."""
        arena, text = self.arenas[slug], self.texts[slug][Text.Kind.PROBLEM]
        newest, first = text.revisions.first(), next(iter(text.sections))
        rows = {"ignore_conflicts": True}
        authors = RevisionAuthor.objects.filter(revision=newest)
        SectionAuthor.objects.bulk_create(
            [SectionAuthor(author=one, section=first) for one in authors], **rows
        )
        cited = newest.citations.all()
        SectionCitation.objects.bulk_create(
            [SectionCitation(citation=one, section=first) for one in cited], **rows
        )
        citizen = Member.objects.get(partnership=arena, person=self.cast.citizen)
        states = cycle(Suggestion.State.values)
        for n in new:
            for state in ("open", next(states)):
                self._suggestion(text, newest, first, citizen, state)
            headings = {"s1": [0, "Who we are"], "s2": [1, "What we promise"]}
            note = Text.objects.create(
                partnership=arena, kind="note", title=f"An agreement {n}", headings=headings
            )
            note.authors.create(member=Member.objects.get(partnership=arena, person=self.cast.convener))
        draft, made = Draft.objects.get_or_create(
            text=text, defaults={"based_on": newest, "started_at": self.now, "changed_at": self.now}
        )
        if made:
            DraftSection.objects.create(
                draft=draft, section=first, words=f"{WORDS} More.", changed_by=citizen, changed_at=self.now
            )

    def _suggestion(self, text, revision, section, member, state):
        answered = state not in ("open", "withdrawn")
        made = Suggestion.objects.create(
            text=text,
            revision=revision,
            section=section,
            member=member,
            words=f"{WORDS}\n\nAnd in August.",
            reason="We live beside it.",
            state=state,
            made_at=timezone.now(),
            answer="We have measured it." if answered else "",
            answered_by=member if answered else None,
            answered_at=self.now if answered else None,
        )
        if state in ("taken_up", "changed"):
            Suggestion.objects.filter(pk=made.pk).update(taken_into=revision)
