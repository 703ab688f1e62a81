"""Handing letters over to a mail server, knowing at each moment whether it can have accepted them."""

import re
import smtplib
from dataclasses import dataclass

from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

SENT, RETRY, FAILED, DOUBT = "sent", "retry", "failed", "doubt"
_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")
# "No such mailbox", "no such domain", "has moved", "takes no mail" (RFC 3463, RFC 7505): not worth trying again.
_NOBODY_THERE = re.compile(r"\b5\.1\.(1|2|3|6|10)\b")
WELCOME = {250, 251, 354}
_OUR_OWN_FAULT = {503, 530, 534, 535, 538}  # we are not signed in: says nothing about the reader


class Unreachable(Exception):
    """The mail server cannot be spoken to; no letter of this batch can have been accepted."""


@dataclass(frozen=True)
class Outcome:
    """What became of one letter. `nobody_there` when the server says that no such mailbox exists."""

    result: str
    reason: str = ""
    nobody_there: bool = False


class Post:
    """One connection to the mail server, for many letters."""

    def __init__(self):
        self.backend = get_connection()
        self.careful = isinstance(self.backend, EmailBackend)

    def open(self):
        """Connect, if not connected. Raises Unreachable."""
        try:
            if self.backend.open() and self.careful:
                self.backend.connection.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            self.drop_line()
            raise Unreachable(words(error)) from error

    def hand_over(self, letter):
        """Hand one letter over and say what became of it. Never raises for what a mail server does."""
        if not self.careful:
            self.backend.send_messages([letter.message])
            return Outcome(SENT)
        outcome = self._try(letter)
        if outcome is None:  # the server had hung up since the last letter: nothing was said yet
            try:
                self.open()
            except Unreachable as error:
                return Outcome(RETRY, f"refused: {error}")
            outcome = self._try(letter)
        return outcome or Outcome(RETRY, "refused: the connection broke")

    def _try(self, letter):
        """The outcome, or None when the line broke before the letter's first word could be accepted."""
        dialogue = Dialogue(self.backend.connection)
        try:
            outcome = dialogue.hand_over(letter)
        except (OSError, smtplib.SMTPException) as error:
            self.drop_line()
            return Outcome(DOUBT, f"refused: {words(error)}") if dialogue.may_be_accepted else None
        if dialogue.hung_up:
            self.drop_line()
        return outcome

    def drop_line(self):
        """Forget a broken connection without another word to it."""
        connection, self.backend.connection = getattr(self.backend, "connection", None), None
        if connection:
            connection.close()

    def close(self):
        """Say goodbye."""
        try:
            self.backend.close()
        except (OSError, smtplib.SMTPException):
            self.drop_line()


class Dialogue:
    """One letter's SMTP dialogue (RFC 5321). smtplib's own sendmail cannot say how far it came; this can."""

    def __init__(self, server):
        self.server = server
        self.may_be_accepted = False  # true from the first byte of the body until the server has answered it
        self.hung_up = False

    def hand_over(self, letter):
        """Sender, reader, body; the outcome as the server gives it."""
        answers = self._envelope(letter)
        refusal = next((answer for answer in answers if answer[0] not in WELCOME), None)
        if refusal:
            return self._refused(*refusal, about_us=refusal is answers[0])
        self.may_be_accepted = True
        self.server.send(letter.payload.replace(b"\n.", b"\n..") + b"\r\n.\r\n")  # it begins with a header
        code, answer = self.server.getreply()
        self.may_be_accepted = False
        return Outcome(SENT) if code == 250 else self._refused(code, answer)

    def _envelope(self, letter):
        """The server's answers to MAIL, RCPT and DATA; in one breath where it allows that (RFC 2920)."""
        body = " BODY=8BITMIME" if self.server.has_extn("8bitmime") else ""
        words = [f"MAIL FROM:<{letter.sender}>{body}", f"RCPT TO:<{letter.address}>", "DATA"]
        if self.server.has_extn("pipelining"):
            self.server.send("".join(f"{word}\r\n" for word in words))
            answers = [self._said(*self.server.getreply()) for _word in words]
            if answers[2][0] == 354 and any(answer[0] not in WELCOME for answer in answers):
                self.server.send(b".\r\n")  # nobody to write to, but it waits for a body: an empty one
                self.server.getreply()
            return answers
        answers = []
        for word in words:
            answers.append(self._said(*self.server.docmd(word)))
            if answers[-1][0] not in WELCOME:
                break
        return answers

    @staticmethod
    def _said(code, answer):
        """421 is a goodbye (often after so many letters a connection): as good as a broken line."""
        if code == 421:
            raise smtplib.SMTPServerDisconnected(words(answer))
        return code, answer

    def _refused(self, code, answer, about_us=False):
        reason = f"refused: {code} {words(answer)}"
        try:
            self.server.rset()
        except (OSError, smtplib.SMTPException):
            self.hung_up = True
        if code >= 500 and not about_us and code not in _OUR_OWN_FAULT:
            return Outcome(FAILED, reason, nobody_there=bool(_NOBODY_THERE.search(reason)))
        return Outcome(RETRY, reason)


def words(answer):
    """A server's answer as one line without addresses: a reason is kept longer than a person's data may be."""
    if isinstance(answer, bytes):
        answer = answer.decode("utf-8", "replace")
    text = " ".join(str(answer).replace("\x00", "").split())
    return _ADDRESS.sub("…", text)[:200]
