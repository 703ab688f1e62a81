"""What a log may hold: the address of a page, but never the proof that stands in it."""

import logging
import re

PROOF = re.compile(r"(/(?:i|sign-in|unsubscribe|calendar)/)[^\s\"'?]+")


class HideProofs(logging.Filter):
    """Cut links that prove something out of a log line; who reads a log must not be able to answer an invitation."""

    def filter(self, record):
        """Keep the line, without what its links prove."""
        line = record.getMessage()
        hidden = PROOF.sub(r"\1…", line)
        if hidden != line:
            record.msg, record.args = hidden, ()
        return True
