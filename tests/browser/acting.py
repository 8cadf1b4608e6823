"""What people do in front of the page: they read what is drawn, and press what they find by its label.

Nobody here knows the page's classes or the bot's ids of actions; only channels, views and phones are found by their
marks (``data-channel``, ``data-view``, ``data-phone``).
"""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect

from bot.playground.cast import Channel
from bot.playground.story import COMMAND

_ID = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


class Actor:
    """Be one person in front of one window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # What is read ----------------------------------------------------------------------------------------------------

    @property
    def chat(self) -> Locator:
        """The conversation that is looked at."""
        return self.page.locator("main")

    def view(self, name: str) -> Locator:
        """A modal of the bot, by the bot's name for it."""
        return self.page.locator(f'[data-view="{name}"]')

    def message(self, text: str) -> Locator:
        """The message that holds a text, in the conversation that is looked at."""
        return self.chat.locator("article").filter(has_text=text)

    def button(self, label: str, at: Locator | None = None) -> Locator:
        """The button of that label, in the whole window or in a part of it."""
        return (at or self.page.locator("body")).get_by_role("button", name=label, exact=True)

    def phone(self, platform: str) -> Locator:
        """One of the phones at the side."""
        return self.page.locator(f'[data-phone="{platform}"]')

    # What is done ----------------------------------------------------------------------------------------------------

    def goes_to(self, channel: Channel) -> Self:
        """Look at a channel."""
        self.page.locator(f'nav [data-channel="{channel.id}"]').click()
        expect(self.page.get_by_role("textbox", name=f"Message #{channel.name}")).to_be_visible()
        return self

    def says(self, text: str) -> Self:
        """Write something where one writes, and press Enter."""
        place = self.page.locator("[data-part=composer]")
        place.fill(text)
        place.press("Enter")
        expect(place).to_have_value("")
        return self

    def presses(self, label: str, at: Locator | None = None) -> Self:
        """Press the button of that label."""
        self.button(label, at).click()
        return self

    def types(self, text: str, into: str) -> Self:
        """Type into the field of that label, key by key."""
        field = self.page.get_by_label(into, exact=True)
        field.click()
        field.press_sequentially(text)
        return self

    def chooses(self, option: str, of: str) -> Self:
        """Search an option of a menu, and choose the first that is found."""
        field = self.page.get_by_role("combobox", name=of, exact=True)
        field.click()
        field.fill(option)
        self.page.get_by_role("option").filter(has_text=option).first.click()
        expect(field).to_have_value(re.compile(re.escape(option)))
        return self

    def ticks(self, *labels: str) -> Self:
        """Tick boxes, or choose one of several, by words that stand beside them."""
        for label in labels:
            self.page.get_by_label(re.compile(f"^{re.escape(label)}")).and_(self.page.locator("input")).check()
        return self

    # What belongs together -------------------------------------------------------------------------------------------

    def asks(self, command: str = COMMAND) -> str:
        """Ask for a push with a command that says it all; return the request's id."""
        self.says(command)
        return self.asks_for_approval()

    def asks_for_approval(self) -> str:
        """Read the preview and send it; return the request's id."""
        self.presses("Ask for approval", self.view("preview"))
        done = self.view("submitted")
        expect(done).to_contain_text("is stored")
        found = _ID.search(done.inner_text())
        assert found, done.inner_text()
        self.presses("Done", done)
        expect(done).to_have_count(0)
        return found.group()

    def begins_to_approve(self, request_id: str) -> Locator:
        """Press Approve on the card; return the dialog that asks for the target's name."""
        self.presses("Approve", self.message(request_id))
        dialog = self.view("approve_form")
        expect(dialog).to_contain_text(request_id)
        return dialog

    def approves(self, request_id: str) -> None:
        """Approve: type the target's name and confirm."""
        dialog = self.begins_to_approve(request_id)
        self.types("live", "Type the target's name: live")
        self.presses("Approve LIVE push", dialog)
        expect(dialog).to_have_count(0)
