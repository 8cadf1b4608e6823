"""Forms of the tests' own, opened by the simulated Web API as a bot would: for elements that the bot never uses."""

from typing import Any

from playwright.sync_api import Locator, Page, expect
from slack_sdk import WebClient

from bot.playground.cast import GENERAL
from bot.playground.stage import Stage

Json = dict[str, Any]


def words(text: str) -> Json:
    """Make a plain text."""
    return {"type": "plain_text", "text": text}


def options(*values: str) -> list[Json]:
    """Make options whose words are their values with a capital letter."""
    return [{"text": words(value.capitalize()), "value": value} for value in values]


def field(block_id: str, kind: str, *, optional: bool = False, dispatch: bool = False, **element: Any) -> Json:
    """Make an input block with an element of that kind, called ``it``; the label is the block's id."""
    inside = {"type": kind, "action_id": "it", **element}
    block = {"type": "input", "block_id": block_id, "label": words(block_id), "element": inside, "optional": optional}
    return {**block, "dispatch_action": True} if dispatch else block


def buttons(*elements: Json) -> Json:
    """Make a row of elements."""
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def button(action_id: str, **more: Any) -> Json:
    """Make a button called by its action."""
    return {"type": "button", "action_id": action_id, "text": words(action_id), **more}


def view_of(*blocks: Json, title: str = "Form", **more: Any) -> Json:
    """Make a modal view; None leaves out what it would have."""
    named = {"title": words(title), "submit": words("Send"), "close": words("Leave"), "callback_id": "own"}
    view = {"type": "modal", "blocks": list(blocks), **named, **more}
    return {name: value for name, value in view.items() if value is not None}


class Form:
    """Hold one open view: in the browser, and in the simulator."""

    def __init__(self, stage: Stage, page: Page, *blocks: Json, user: str, **more: Any) -> None:
        self.stage, self.page, self.user = stage, page, user
        self.web = WebClient(token=stage.slack.bot_token, base_url=stage.slack.api_url)
        trigger = stage.slack.world.trigger(user, channel=GENERAL.id)
        opened = self.web.views_open(trigger_id=trigger, view=view_of(*blocks, **more))
        self.id: str = opened.data["view"]["id"]  # type: ignore[index,call-overload]
        expect(self.dialog).to_be_visible()

    @property
    def dialog(self) -> Locator:
        """The dialog as it is drawn."""
        return self.page.locator(f'[role="dialog"][data-id="{self.id}"]')

    def block(self, block_id: str) -> Locator:
        """An input block of it."""
        return self.dialog.locator(f'.el-input-block[data-block="{block_id}"]')

    def input(self, block_id: str) -> Locator:
        """The input in a block, by its label as a screen reader finds it."""
        return self.block(block_id).get_by_label(block_id)

    def push(self, *blocks: Json, **more: Any) -> "Form":
        """Put another view on top of this one, as a bot does in answer to a press in it."""
        form = object.__new__(Form)
        form.stage, form.page, form.user, form.web = self.stage, self.page, self.user, self.web
        trigger = self.stage.slack.world.trigger(self.user, channel=GENERAL.id, view=self.id)
        pushed = self.web.views_push(trigger_id=trigger, view=view_of(*blocks, **more))
        form.id = pushed.data["view"]["id"]  # type: ignore[index,call-overload]
        expect(form.dialog).to_be_visible()
        return form

    def update(self, *blocks: Json, **more: Any) -> None:
        """Put other blocks in the place of these."""
        self.web.views_update(view_id=self.id, view=view_of(*blocks, **more))

    def held(self, block_id: str) -> Json:
        """What the simulator holds for the element of a block."""
        return self.stage.slack.find_view(self.id).state[block_id]["it"]

    def holds(self, block_id: str, **state: Any) -> None:
        """Wait until the simulator holds this for the element of a block."""
        wanted = state.items()
        self.stage.slack.wait_until(
            lambda: wanted <= self.held(block_id).items(), timeout=10, description=f"{block_id} to hold {state}"
        )

    def deliveries(self, kind: str = "block_actions") -> list[Json]:
        """What was delivered to the bot from this view, oldest first."""
        return [
            entry.sent
            for entry in self.stage.slack.journal(direction="delivery")
            if entry.name == kind and entry.sent.get("view", {}).get("id") == self.id
        ]
