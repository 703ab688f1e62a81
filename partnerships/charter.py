"""A first draft of ground rules, so that an arena need not start from an empty page. The members adopt it."""

from django.utils import translation
from django.utils.translation import gettext as _

from .settings.table import CONSENT_ROUNDS, QUORUM_SHARE


def first_draft(partnership):
    """{section key: Markdown} in the partnership's language: its template's words, else its platform's, else ours."""
    with translation.override(partnership.language):
        own = partnership.template.said.get("charter", {}) if partnership.template else {}
        platform = partnership.platform.ground_rules.strip()
        own = ({"rules": platform} if platform else {}) | own
        return {
            "rules": _(
                "- We speak for ourselves, listen to the end and ask before we judge.\n"
                "- Experience counts beside expert knowledge.\n"
                "- We look for what works, not for who is to blame.\n"
                "- What we promise here, we say in time if we cannot keep it."
            ),
            "decisions": _(
                "We decide when nobody objects. Whoever objects says why, and we change the words so that all can "
                "live with them. %(share)s %% of the members on each side must take part.\n\n"
                "If there are still objections after %(rounds)s rounds, a majority on each side decides. "
                "What the others said is kept and shown."
            )
            % {"share": QUORUM_SHARE.of(partnership), "rounds": CONSENT_ROUNDS.of(partnership)},
            "disagree": _(
                "Disagreement is welcome and is written down. We criticize what is said, never who says it.\n\n"
                "A convener may hide insults, other people’s private details and advertising, always with a reason "
                "that stands in its place."
            ),
            "leave": _(
                "Anyone may leave at any time, and may say why. Whoever sits here for an organization tells it in "
                "time, so that somebody else can take the seat and what was promised with it."
            ),
            "data": _(
                "What is said here is used for this partnership and kept as long as the municipality must keep its "
                "files. We name no other people and give no health details. Everyone can see, correct and "
                "take away what is kept about them."
            ),
        } | own
