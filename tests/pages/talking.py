"""What stands beside words in the world of tests/pages: files, quotes, whom they name, what they were before."""

from partnerships.attachments import read_attachment
from partnerships.models import Attachment, AttachmentBody, Contribution, ContributionVersion, Mention
from tests.partnerships.files import PDF, picture

from .words import DAY, WORDS


class Talking:
    """The part of World that adds to what is said."""

    def _talk(self):
        """One thing that the citizen said, changed and added a picture to; names may be withheld there."""
        arena = self.arenas["seaweed"]
        arena.may_withhold_names = True
        arena.save(update_fields=["may_withhold_names"])
        member, now = self.cast.member(self.cast.citizen), self.now
        facts = {"partnership": arena, "member": member, "kind": "offer", "created_at": now - 90 * DAY}
        self.mine = Contribution.objects.create(body=WORDS, edited_at=now - DAY, **facts)
        self._file(self.mine, 1, "beach.jpg", picture("JPEG"))
        self._file(self.mine, 2, "report.pdf", PDF)
        on_paper = {"recorded_by": self.cast.convener, "way": "paper", "behalf_sector": "citizens"}
        Contribution.objects.create(
            **facts | {"member": self.cast.member(self.cast.convener)}, body="On paper.", **on_paper
        )

    def _file(self, contribution, position, name, body):
        taken = read_attachment(name, body)
        row = Attachment.objects.create(
            contribution=contribution,
            position=position,
            name=taken.name,
            kind=taken.kind,
            size=len(taken.body),
            digest=taken.digest,
            alt="The beach at Jersie" if taken.width else "",
            width=taken.width,
            height=taken.height,
        )
        AttachmentBody.objects.create(attachment=row, body=taken.body, preview=taken.preview)

    def _grow_beside(self, slug, new):
        """Files, names and withheld names for what was said; quotes in the answers; earlier words of one thing."""
        firsts = list(
            Contribution.objects.filter(partnership=self.arenas[slug], thread=None).exclude(body="")
        )
        firsts = [one for one in firsts if one != self.mine][-len(new) :]
        file = {"name": "table.csv", "kind": "csv", "size": 9, "digest": "0" * 64, "position": 1}
        Attachment.objects.bulk_create(
            (Attachment(contribution=one, **file) for one in firsts), ignore_conflicts=True
        )
        member = self.members[slug][0]
        Mention.objects.bulk_create(
            (Mention(contribution=one, member=member) for one in firsts), ignore_conflicts=True
        )
        for one in firsts:
            Contribution.objects.filter(thread=one, quotes=None).update(quotes=one, quoted="The smell")
        Contribution.objects.filter(pk__in=[one.pk for one in firsts[::3]]).update(anonymous=True)
        if slug == "seaweed":
            ContributionVersion.objects.bulk_create(
                ContributionVersion(
                    contribution=self.mine,
                    number=n + 1,
                    kind="idea",
                    body=f"{WORDS} {n}",
                    from_at=self.now - 90 * DAY,
                    until_at=self.now - DAY,
                )
                for n in new
            )
