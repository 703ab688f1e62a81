"""May this be done, and if not, why not and what would help. One voice for pages, actions and the API."""

from dataclasses import dataclass


class Refused(Exception):
    """A rule said no. Carries the Answer: a 403 page, or problem+json in the API, with the same sentence."""

    def __init__(self, answer):
        super().__init__(str(answer.why_not))
        self.answer = answer


class Conflict(Exception):
    """Somebody else was faster (409). Carries a sentence for the loser of the race."""

    def __init__(self, sentence):
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Answer:
    """Truthy when allowed; otherwise a sentence for this person and what would help them.

    `one and another` is the first refusal, or a yes: what follows a refusal is not asked.
    """

    allowed: bool
    why_not: str = ""
    what_would_help: str = ""

    def __bool__(self):
        return self.allowed

    def enforce(self):
        """Return self when allowed, else raise Refused."""
        if not self.allowed:
            raise Refused(self)
        return self


YES = Answer(True)


def no(why_not, what_would_help=""):
    """A refusal with its reason."""
    return Answer(False, why_not, what_would_help)
