"""Somebody at a browser: what they read, type and press. Every page they meet is checked as they meet it."""

import re
from itertools import chain

from django.core.cache import cache

from notices.actions import drain
from tests.browser import assert_accessible

SITE = "http://localhost:8000"  # where the mails say that the site is; tests/servers.py
AN_ID = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}/")


class Visitor:
    """One person, their window and their letter box."""

    def __init__(self, page, address, mails, met):
        self.page, self.address, self.mails = page, address, mails
        self.met = met  # what all of a journey have met, so that each shape of a page is checked once

    # --- reading ------------------------------------------------------------------------------------------------

    def visit(self, path):
        """Go to a page by its address; returns the status of the answer."""
        answer = self.page.goto(path)
        self.check()
        return answer.status

    def check(self):
        """The page breaks nothing; checked where one of the journey meets it first in a window of this width."""
        met = (AN_ID.sub("/", self.here.split("?")[0]), self.page.viewport_size["width"])
        if met not in self.met:
            assert_accessible(self.page)
            self.met.add(met)

    def reads(self, *sentences):
        """These words stand on the page."""
        shown = self.text
        for words in sentences:
            assert words in shown, f"“{words}” is not on {self.page.url}:\n{shown[:3000]}"

    @property
    def text(self):
        """All words of the page, between its header and its footer."""
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def here(self):
        return self.page.url.split("#")[0]

    def follow(self, name):
        """Press a link."""
        self._go_by(self.page.locator("main").get_by_role("link", name=name).first.click)

    def _go_by(self, deed):
        """Do what leads to another page, wait for it and check it."""
        with self.page.expect_navigation():
            deed()
        self.check()

    # --- doing --------------------------------------------------------------------------------------------------

    def fill(self, **values):
        """Type into fields, named as in the form; True ticks, a radio button or an option is chosen by its value.

        Where filters bear the same names, the fields of what is sent are meant.
        """
        for name, value in values.items():
            field = self.page.locator(f"main form[method=post] [name='{name}']")
            field = field if field.count() else self.page.locator(f"main [name='{name}']")
            kind = field.first.get_attribute("type")
            if value is True:
                field.first.check()
            elif kind == "radio":
                self.page.locator(f"main form[method=post] [name='{name}'][value='{value}']").check()
            elif field.first.evaluate("field => field.tagName") == "SELECT":
                field.first.select_option(value)
            else:
                field.first.fill(str(value))

    def press(self, name):
        """Press a button that leads to another page."""
        self._go_by(self.page.locator("main").get_by_role("button", name=name, exact=True).first.click)

    def open_up(self, words):
        """Unfold what waits behind these words."""
        self.page.locator("main summary", has_text=words).first.click()

    # --- mail ---------------------------------------------------------------------------------------------------

    def mail(self, about):
        """The text of the newest mail to them whose words hold `about`, as the SMTP server took it."""
        drain("prompt")
        drain("bulk")
        texts = map(_text_of, self.mails.to(self.address))
        found = [text for text in texts if about in " ".join(text.split())]
        assert found, f"no mail to {self.address} says “{about}”"
        return found[-1]

    def opens_mail(self, about):
        """Follow the link in the newest mail about something."""
        self.visit(link_in(self.mail(about)))

    def attachment(self, kind):
        """The first file of this type that came with a mail."""
        parts = chain.from_iterable(message.walk() for message in self.mails.to(self.address))
        return next(part.get_content() for part in parts if part.get_content_type() == kind)

    def sign_in(self):
        """Ask for a code, read it in the mail, type it; from wherever they were sent to sign in."""
        cache.clear()  # all of them come from this one machine, and that is limited
        if "/account/" not in self.page.url:
            self.visit("/account/login/code/")
        self.fill(email=self.address)
        self.press("Send me the mail")
        self.type_the_code()

    def type_the_code(self):
        """Sign in by the code in the mail, once and for good."""
        self.fill(code=re.search(r"^\s{4}(\S+)\s*$", self.mail("Type this code"), re.M)[1])
        self.press("Sign in")
        assert "/account/" not in self.page.url, self.text


def _text_of(message):
    content = message.get_body(("plain",)).get_content()
    return content if isinstance(content, str) else content.decode()


def link_in(text):
    """The path of the first page of the site that a mail links to."""
    return re.search(rf"^{re.escape(SITE)}(/\S+)", text, re.M)[1]
