"""A notice as a letter: its words, its headers, and the bytes of both."""

import re
from dataclasses import dataclass, field, replace
from email.utils import formataddr, formatdate
from functools import cached_property

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address

from .envelopes import our_address, sender_of
from .links import unsubscribe_url
from .mime import assemble
from .words import one_line, words_for

_ADDRESS = re.compile(r"[^\s<>,;:\x00-\x1f\x7f]+@[^\s<>,;:@\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Letter:
    """A notice ready to be handed over: its bytes are made beforehand, so that in a dialogue only sending can fail."""

    notice: object
    sender: str
    address: str
    headers: dict
    text: str
    html: str
    attachments: list = field(default_factory=list)

    @cached_property
    def payload(self):
        """The message as it goes over the wire."""
        if not self.attachments:
            assembled = assemble(self.headers, self.text, self.html, boundary=self.notice.id.hex)
            if assembled:
                return assembled
        return self.message.message().as_bytes(linesep="\r\n")

    @cached_property
    def message(self):
        """The same as Django's message, for what `assemble` does not do and for other mail backends."""
        headers = dict(self.headers)
        message = EmailMultiAlternatives(
            subject=headers.pop("Subject"),
            body=self.text,
            from_email=headers.pop("From"),
            to=[headers.pop("To")],
            headers=headers,
            attachments=[attached for attached in self.attachments if attached[0]],
        )
        message.attach_alternative(self.html, "text/html")
        for name, data, media_type in self.attachments:
            if not name:
                message.attach_alternative(data.decode(), media_type)
        return message


def write_letter(notice, kind, recipient, facts, shared=None):
    """Render a notice for its reader. Raises whatever is wrong with the templates, the facts or the address.

    `shared` is a dict kept for one batch, so that letters with the same words are rendered once.
    """
    if facts.get("language"):
        recipient = replace(recipient, language=facts["language"])
    stop = unsubscribe_url(notice) if kind.switchable else ""
    words = words_for(kind, recipient, facts, stop, shared)
    letter = Letter(
        notice=notice,
        sender=sender_of(notice, recipient.address),
        address=_mailbox("", recipient.address),
        headers=_headers(notice, recipient, words, stop),
        text=words.text,
        html=words.html,
        attachments=kind.attachments(notice) if kind.attachments else [],
    )
    assert letter.payload  # made now: what is wrong with it must show before the dialogue
    return letter


def _headers(notice, recipient, words, stop):
    headers = {
        "Subject": words.subject,
        "From": _mailbox(words.sender_name, our_address(settings.DEFAULT_FROM_EMAIL)),
        "To": _mailbox(one_line(recipient.name), recipient.address),
        "Date": formatdate(),
        "Message-ID": notice.message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": words.language,
    }
    if words.contact_email:
        headers["Reply-To"] = _mailbox("", words.contact_email)
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _mailbox(name, address):
    """name <address> in ASCII. Raises ValueError for what is no address or would add a line."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError("not an address")
    return formataddr((name, address)) if address.isascii() else sanitize_address((name, address), "utf-8")
