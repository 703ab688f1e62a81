"""Somebody at a browser: what they read, type and press. Every kind of page they meet is checked once."""

import re
from itertools import chain

from django.core.cache import cache

from notices.actions import drain
from tests.browser import assert_accessible

SITE = "http://localhost:8000"
OPAQUE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|/i/\S+|/sign-in/\S+")


class Visitor:
    """One person, their window and their letter box."""

    def __init__(self, page, address, mails, met):
        self.page, self.address, self.mails, self.met = page, address, mails, met

    # --- reading ------------------------------------------------------------------------------------------------

    def visit(self, path):
        """Go to a page by its address; returns the status of the answer."""
        answer = self.page.goto(path)
        self._look()
        return answer.status

    def reads(self, words):
        """These words stand on the page."""
        shown = " ".join(self.page.locator("main").inner_text().split())
        assert words in shown, f"“{words}” is not on {self.page.url}:\n{shown[:3000]}"

    def follow(self, name):
        """Press a link."""
        self.page.locator("main").get_by_role("link", name=name).first.click()
        self._look()

    @property
    def here(self):
        return self.page.url.split("#")[0]

    def _look(self):
        """Check the page if this kind of page has not been met in a window like this one."""
        self.page.wait_for_load_state("load")
        kind = (
            OPAQUE.sub("*", self.page.url),
            self.page.locator("h1").inner_text(),
            self.page.viewport_size["width"],
        )
        if kind not in self.met:
            self.met.add(kind)
            assert_accessible(self.page)
        assert not self.page.faults, self.page.faults

    # --- doing --------------------------------------------------------------------------------------------------

    def fill(self, **values):
        """Type into fields, named as in the form; True ticks, a list ticks several."""
        for name, value in values.items():
            field = self.page.locator(f"main [name='{name}']")
            if value is True:
                field.first.check()
            elif field.first.get_attribute("type") in ("radio", "checkbox"):
                for one in value if isinstance(value, list) else [value]:
                    self.page.locator(f"main [name='{name}'][value='{one}']").check()
            elif field.first.evaluate("field => field.tagName") == "SELECT":
                field.first.select_option(value)
            else:
                field.first.fill(value)

    def press(self, name):
        """Press a button and wait for the page that it leads to."""
        button = self.page.locator("main").get_by_role("button", name=name).first
        with self.page.expect_navigation():
            button.click()
        self._look()

    def open_up(self, words):
        """Unfold what waits behind these words."""
        self.page.locator("summary", has_text=words).first.click()

    def reads_in_english(self):
        """Switch the language from the top of the page."""
        if self.page.locator("html").get_attribute("lang") != "en":
            with self.page.expect_navigation():
                self.page.locator("form[action$='/language/'] button").first.click()
            self._look()

    # --- mail ---------------------------------------------------------------------------------------------------

    def mail(self, about):
        """The text of the newest mail to them whose words hold `about`, as the SMTP server took it."""
        drain("prompt")
        drain("bulk")
        found = [text for text in map(_text_of, self.mails.to(self.address)) if about in text]
        assert found, f"no mail to {self.address} says “{about}”"
        return found[-1]

    def attachment(self, kind):
        """The first file of this type that came with a mail."""
        parts = chain.from_iterable(message.walk() for message in self.mails.to(self.address))
        return next(part.get_content() for part in parts if part.get_content_type() == kind)

    def sign_in(self):
        """Ask for a code, read it in the mail, type it."""
        cache.clear()  # all of them come from this one machine, and that is limited
        self.visit("/account/login/code/")
        self.fill(email=self.address)
        self.press(re.compile("."))
        self.type_the_code()

    def type_the_code(self):
        code = re.search(r"^\s{4}(\S+)\s*$", self.mail("/sign-in/"), re.M)[1]
        self.fill(code=code)
        with self.page.expect_navigation():
            self.page.locator("main [name=code]").press("Enter")
        self._look()
        assert "/account/" not in self.page.url, self.page.locator("main").inner_text()


def _text_of(message):
    content = message.get_body(("plain",)).get_content()
    return content if isinstance(content, str) else content.decode()


def link_in(text, path):
    """The path of the first address of the site in a mail that begins like this."""
    return re.search(rf"{re.escape(SITE)}({path}\S+)", text)[1]
