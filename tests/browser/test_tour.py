"""The guided tour: walked through by pressing only what it rings or offers, and what becomes of it on the way."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.playground.cast import ANA, APPROVALS, BO, CHEN
from bot.playground.stage import Stage

RULES = {"veto": "3s"}

Open = Callable[..., Page]
OPEN = {"tour": "open"}


class Walker:
    """Walk through the tour of one window, and look at nothing but its box and its ring."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box, self.ring = page.locator('[data-part="tour"]'), page.locator(".guide-ring")

    def hears(self, say: str) -> None:
        """Wait for a hint; its box covers nothing of what it rings."""
        expect(self.box).to_have_attribute("data-say", say)

    def presses(self) -> None:
        """Press in the middle of the ring, once it stands still and the box lies beside it."""
        expect(self.ring).to_be_visible()
        self.page.wait_for_function(STILL)
        assert not self.is_covered(), f"the box covers what is to be pressed at {self.box.get_attribute('data-say')}"
        inside = self.ring.bounding_box()
        assert inside is not None
        self.page.mouse.click(inside["x"] + inside["width"] / 2, inside["y"] + inside["height"] / 2)

    def is_covered(self) -> bool:
        return bool(self.page.evaluate(COVERED))

    def takes(self, button: str) -> None:
        """Press a button of the box: "do", "show", "next", "back" or "dismiss"."""
        self.page.locator(f'[data-part="tour-{button}"]').click()

    def goes_on(self) -> None:
        """Press what the tour offers to do, else what it offers to show, else what it rings."""
        for button in ("do", "show"):
            if self.page.locator(f'[data-part="tour-{button}"]').is_visible():
                self.takes(button)
                return
        self.presses()


STILL = """() => {
    const place = JSON.stringify(document.querySelector(".guide-ring").getBoundingClientRect());
    const same = window.ringWas === place;
    window.ringWas = place;
    return same;
}"""
COVERED = """() => {
    const [ring, box] = [".guide-ring", ".guide-box"].map((one) => document.querySelector(one).getBoundingClientRect());
    const inside = 5;
    return ring.left + inside < box.right && ring.right - inside > box.left
        && ring.top + inside < box.bottom && ring.bottom - inside > box.top;
}"""


def sends_the_command(walker: Walker) -> None:
    """Let the tour type the command, and send it."""
    walker.takes("do")
    composer = walker.page.locator('[data-part="composer"]')
    expect(composer).to_have_value(re.compile("^/broadcast outage "))
    expect(composer).to_be_focused()
    walker.page.keyboard.press("Enter")


def asks_for_a_push(walker: Walker, *, first: str = "ask.type") -> None:
    walker.hears(first)
    sends_the_command(walker)
    walker.hears("preview.look")
    walker.presses()
    walker.hears("close.submitted")
    walker.presses()


def approves_as_bo(walker: Walker) -> None:
    walker.hears("approve.press")
    walker.presses()
    walker.hears("approve.type")
    walker.presses()
    walker.page.keyboard.type("live")
    walker.page.wait_for_function(SURROUNDS, arg='[data-view="approve_form"] [data-part="submit"]')
    walker.presses()


@pytest.mark.parametrize("width", [1440, 1000, 390])
def test_the_tour_is_walked_by_pressing_only_what_it_highlights(open_page: Open, stage: Stage, width: int) -> None:
    walker = Walker(open_page(ANA.id, prefer=OPEN, viewport={"width": width, "height": 860}))
    before = len(stage.mpaas.tasks())
    asks_for_a_push(walker)
    walker.hears("card.place")
    walker.goes_on()
    walker.hears("refuse.press")
    walker.presses()
    walker.hears("refuse.said")
    expect(walker.page.get_by_role("dialog")).to_contain_text("somebody else has to decide")
    walker.presses()
    walker.hears("approve.become")
    walker.takes("do")
    expect(walker.page.locator(f'.frame[data-person="{BO.id}"]')).to_be_visible()
    approves_as_bo(walker)
    walker.hears("watch.veto")
    if width < 900:
        walker.hears("watch.sent")
        walker.goes_on()
    walker.hears("watch.phones")
    walker.presses()
    walker.hears("watch.mpaas")
    assert len(stage.mpaas.tasks()) == before + 2
    walker.takes("next")
    walker.hears("break.open")
    walker.goes_on()
    walker.hears("break.press")
    walker.presses()
    walker.hears("ask.become")
    walker.takes("do")
    walker.hears("ask.place")
    walker.goes_on()
    asks_for_a_push(walker, first="break.type")
    walker.hears("approve.become")
    walker.takes("do")
    walker.hears("card.place")
    walker.goes_on()
    approves_as_bo(walker)
    walker.hears("break.unknown")
    expect(walker.page.get_by_role("heading", name="outcome unknown").last).to_be_visible()
    walker.takes("next")
    expect(walker.box).to_be_hidden()


FIRST_SIGHT = """() => {
    const see = () => {
        const { say } = document.querySelector('[data-part="tour"]').dataset;
        const rings = !document.querySelector(".guide-ring").hidden;
        window.seen[say] ??= { rings, shows: document.querySelector('[data-part="tour-show"]') !== null };
    };
    window.seen = {};
    const box = document.querySelector('[data-part="tour"]');
    new MutationObserver(() => requestAnimationFrame(see)).observe(box, { attributeFilter: ["data-say"] });
}"""


def test_new_words_never_stand_beside_the_ring_of_the_old_ones(open_page: Open) -> None:
    page = open_page(ANA.id, prefer=OPEN, viewport={"width": 390, "height": 860})
    walker = Walker(page)
    walker.hears("ask.type")
    page.evaluate(FIRST_SIGHT)
    asks_for_a_push(walker)
    walker.hears("card.place")
    page.wait_for_function("() => window.seen['card.place']")
    assert page.evaluate("() => window.seen['card.place']") == {"rings": False, "shows": True}


def test_a_dismissed_tour_stays_away_until_it_is_asked_for(open_page: Open) -> None:
    page = open_page(ANA.id, prefer=OPEN)
    walker = Walker(page)
    walker.hears("ask.type")
    walker.takes("dismiss")
    expect(walker.box).to_be_hidden()
    page.reload()
    page.wait_for_selector(".frame")
    expect(walker.box).to_be_hidden()
    page.locator('[data-part="tour-restart"]').click()
    walker.hears("ask.type")
    expect(walker.box).to_contain_text("Step 1 of 6")


def test_the_tour_goes_along_through_a_reload_and_to_another_window(open_page: Open) -> None:
    page = open_page(ANA.id, prefer=OPEN)
    walker = Walker(page)
    asks_for_a_push(walker)
    walker.hears("card.place")
    page.reload()
    walker.hears("card.place")
    expect(walker.box).to_contain_text("Step 3 of 6")
    second = page.context.new_page()
    second.goto(f"{page.url.split('?', maxsplit=1)[0]}?as={BO.id}")
    other = Walker(second)
    other.hears("refuse.become")
    other.takes("next")
    other.hears("card.place")
    walker.hears("approve.become")


def test_back_stays_where_it_leads_and_next_goes_on(open_page: Open) -> None:
    walker = Walker(open_page(ANA.id, prefer=OPEN))
    asks_for_a_push(walker)
    walker.hears("card.place")
    walker.takes("back")
    walker.takes("back")
    expect(walker.box).to_contain_text("Step 1 of 6")
    walker.hears("ask.type")
    expect(walker.page.locator('[data-part="tour-back"]')).to_be_hidden()
    for number in (2, 3, 4, 5, 6):
        walker.takes("next")
        expect(walker.box).to_contain_text(f"Step {number} of 6")
    walker.takes("next")
    expect(walker.box).to_be_hidden()


def test_the_tour_goes_with_whoever_takes_the_form_instead(open_page: Open) -> None:
    page = open_page(ANA.id, prefer=OPEN)
    walker = Walker(page)
    walker.hears("ask.type")
    page.locator('[data-part="composer"]').fill("/broadcast")
    page.locator('[data-part="composer"]').press("Enter")
    walker.hears("ask.form")
    page.get_by_role("dialog").locator('[data-part="close"]').click()
    walker.hears("ask.type")


def test_a_closed_preview_is_noticed_when_somebody_went_ahead(open_page: Open) -> None:
    page = open_page(ANA.id, prefer=OPEN)
    walker = Walker(page)
    walker.hears("ask.type")
    sends_the_command(walker)
    walker.hears("preview.look")
    page.keyboard.press("Escape")
    walker.hears("preview.gone")
    sends_the_command(walker)
    walker.hears("preview.look")


def test_a_withdrawn_request_leads_back_to_the_beginning(open_page: Open) -> None:
    page = open_page(ANA.id, prefer=OPEN)
    walker = Walker(page)
    asks_for_a_push(walker)
    walker.hears("card.place")
    walker.goes_on()
    walker.hears("refuse.press")
    page.locator('[data-action="withdraw"]').last.click()
    page.get_by_role("dialog").locator('[data-part="submit"]').click()
    walker.takes("next")
    walker.hears("over.over")
    walker.takes("do")
    expect(walker.box).to_contain_text("Step 1 of 6")


def test_the_tour_never_takes_the_focus(open_page: Open) -> None:
    page = open_page(ANA.id, prefer=OPEN)
    walker = Walker(page)
    walker.hears("ask.type")
    composer = page.locator('[data-part="composer"]')
    composer.focus()
    page.keyboard.press("Alt+ArrowDown")
    walker.hears("ask.place")
    expect(composer).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    walker.hears("ask.type")
    expect(composer).to_be_focused()


def test_the_tour_is_reached_and_left_by_keys(open_page: Open) -> None:
    page = open_page(ANA.id, prefer=OPEN)
    walker = Walker(page)
    walker.hears("ask.type")
    page.locator('[data-skip="tour"]').focus()
    page.keyboard.press("Enter")
    expect(walker.box).to_be_focused()
    for part in ("tour-dismiss", "tour-next", "tour-do"):
        page.keyboard.press("Tab")
        expect(page.locator(f'[data-part="{part}"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('[data-part="composer"]')).to_be_focused()


def test_what_the_tour_says_is_announced(open_page: Open) -> None:
    walker = Walker(open_page(CHEN.id, prefer=OPEN))
    walker.hears("ask.become")
    expect(walker.box).to_have_attribute("aria-label", "导览")
    spoken = walker.box.locator('[aria-live="polite"][aria-atomic="true"]')
    expect(spoken).to_contain_text("提出推送申请的是 Ana。请切换为 Ana。")


def test_the_ring_follows_what_it_surrounds(open_page: Open) -> None:
    page = open_page(ANA.id, prefer=OPEN)
    walker = Walker(page)
    walker.hears("ask.type")
    for width, height in ((1100, 700), (1700, 1000)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(SURROUNDS, arg='[data-part="composer"]')
    page.locator('[data-part="composer"]').fill("one\ntwo\nthree\nfour")
    page.wait_for_function(SURROUNDS, arg='[data-part="composer"]')


SURROUNDS = """(selector) => {
    const [ring, one] = [".guide-ring", selector].map((name) => document.querySelector(name).getBoundingClientRect());
    return ["left", "right", "top", "bottom"].every((side) => Math.abs(ring[side] - one[side]) < 8);
}"""


def test_a_card_out_of_sight_is_brought_back_by_show_me(open_page: Open, stage: Stage) -> None:
    page = open_page(ANA.id, prefer=OPEN)
    walker = Walker(page)
    asks_for_a_push(walker)
    walker.hears("card.place")
    walker.goes_on()
    walker.hears("refuse.press")
    for number in range(40):
        stage.slack.say(BO.id, APPROVALS.id, f"Line {number}")
    show = page.locator('[data-part="tour-show"]')
    expect(show).to_be_visible()
    expect(walker.ring).to_be_hidden()
    show.click()
    expect(walker.ring).to_be_visible()
    walker.presses()
    walker.hears("refuse.said")


def test_the_tour_lies_away_while_a_dialog_of_the_page_is_open(open_page: Open) -> None:
    page = open_page(ANA.id, prefer=OPEN)
    walker = Walker(page)
    walker.hears("ask.type")
    page.keyboard.press("Control+k")
    expect(walker.box).to_be_hidden()
    page.keyboard.press("Escape")
    expect(walker.box).to_be_visible()


COMMAND = (
    "/broadcast outage city=Berlin time=18:00 --target live --to android --audience attached --within 60d --expires 3h"
)


def goes_to(page: Page, name: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Type a name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator('[data-part="composer"]')).to_be_focused()


def reaches(page: Page, selector: str, key: str) -> None:
    """Press a key until the focus is on the last of what a selector names, and then Enter."""
    goal = page.locator(selector).last
    expect(goal).to_be_visible()
    for _ in range(40):
        page.keyboard.press(key)
        if goal.evaluate("(one) => one === document.activeElement"):
            return page.keyboard.press("Enter")
    raise AssertionError(f"{selector} is not reached by {key}")


def test_the_whole_story_is_played_without_a_mouse(open_page: Open, stage: Stage) -> None:
    page, before = open_page(ANA.id), len(stage.mpaas.tasks())
    goes_to(page, "general")
    page.keyboard.type(COMMAND)
    page.keyboard.press("Enter")
    reaches(page, '[data-view="preview"] [data-part="submit"]', "Tab")
    expect(page.locator('[data-view="submitted"]')).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    goes_to(page, "approvals")
    reaches(page, '[data-action="approve"]', "Shift+Tab")
    expect(page.get_by_role("dialog")).to_contain_text("somebody else has to decide")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    goes_to(page, BO.real_name)
    expect(page.locator(f'.frame[data-person="{BO.id}"]')).to_be_visible()
    reaches(page, '[data-action="approve"]', "Shift+Tab")
    expect(page.locator('[data-view="approve_form"] input')).to_be_focused()
    page.keyboard.type("live")
    reaches(page, '[data-view="approve_form"] [data-part="submit"]', "Tab")
    stage.slack.wait_until(lambda: len(stage.mpaas.tasks()) == before + 1, timeout=60, description="the push")
    expect(page.locator("#frame-chat").get_by_role("heading", name="live: sent").last).to_be_visible()


WORLDS = """async () => {
    const { STEPS } = await import("/assets/guide/steps.js");
    const { CATALOGUE } = await import("/assets/core/words.js");
    const bot = { id: "U09BOT" };
    const channels = [{ id: "C0001GENERAL", name: "general" }, { id: "C0123APPROVE", name: "approvals" }];
    const loss = { when: "after", action: "PushBroadcast" };
    const buttons = {
        none: null, pending: ["approve", "reject"], veto: ["stop"], sending: ["show_details"], sent: ["recall"],
        unknown: ["settle"], over: ["new_request_like_this"], changes: ["edit", "withdraw"],
    };
    const card = (actions) => ({
        channel: "C0123APPROVE", ts: "2.0", user: bot.id,
        blocks: [{ type: "actions", block_id: "card.1", elements: actions.map((action_id) => ({ action_id })) }],
    });
    const views = ["request_form", "preview", "submitted", "error", "approve_form", "details"];
    const choices = {
        step: STEPS, stage: Object.keys(buttons), me: ["U01ANA", "U02BO", "U04DANA"], lost: [true, false],
        views: [[], ...views.map((one) => [one])], tab: ["phones", "mpaas", "faults", "log", ""],
        place: [{ kind: "home" }, ...channels.map(({ id }) => ({ kind: "channel", id }))],
    };
    const all = Object.entries(choices).reduce(
        (some, [name, values]) => some.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))), [{}]);
    return all.map(({ step, stage, lost, ...chosen }) => {
        const messages = { C0123APPROVE: buttons[stage] ? [card(buttons[stage])] : [] };
        const times = { since: "1.0", later: "1.0", marks: [] };
        const world = { ...chosen, ...times, bot, channels, messages, faults: lost ? [loss] : [] };
        const { say, at, offer } = step.hint(world);
        const missing = ["en", "zh"].some((one) => !CATALOGUE[one][`guide.say.${say}`]);
        const done = Boolean(step.done(world));
        return { step: step.name, stage, me: chosen.me, say, missing, done, way: at.length > 0 || Boolean(offer) };
    });
}"""


@pytest.fixture
def worlds(blank_page: Page) -> list[dict[str, Any]]:
    """What the tour says in every world that the simulators can bring about, and in some that they cannot."""
    found: list[dict[str, Any]] = blank_page.evaluate(WORLDS)
    return found


def test_in_every_world_the_tour_has_words_and_a_way_on(worlds: list[dict[str, Any]]) -> None:
    assert len(worlds) > 10_000
    assert [one for one in worlds if one["missing"] or not one["way"]] == []


def test_nobody_but_an_approver_is_sent_to_press_approve_in_earnest(worlds: list[dict[str, Any]]) -> None:
    pressing = {(one["step"], one["me"]) for one in worlds if one["say"] in {"approve.press", "approve.type"}}
    assert pressing == {("approve", BO.id), ("break", BO.id)}


def test_a_step_is_done_only_when_the_card_has_come_that_far(worlds: list[dict[str, Any]]) -> None:
    done = {
        step: {one["stage"] for one in worlds if one["step"] == step and one["done"]}
        for step in ("preview", "approve", "break")
    }
    every = {"pending", "veto", "sending", "sent", "unknown", "over", "changes"}
    assert done == {"preview": every, "approve": {"veto", "sending", "sent", "unknown"}, "break": set()}


ROOM = {"width": 1200, "height": 800}
BOX = {"width": 330, "height": 170}


def spot(page: Page, part: dict[str, int] | None, whole: dict[str, int] | None) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(
        """async (given) => (await import("/assets/guide/spot.js")).spotBeside(...given)""", [part, whole, BOX, ROOM]
    )
    return found


def area(left: int, top: int, width: int, height: int) -> dict[str, int]:
    return {"left": left, "top": top, "right": left + width, "bottom": top + height}


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (area(500, 400, 90, 40), area(300, 200, 500, 400), {"left": 814, "top": 335}),
        (area(900, 400, 90, 40), area(700, 200, 490, 400), {"left": 356, "top": 335}),
        (area(240, 700, 700, 50), area(240, 700, 700, 50), {"left": 425, "top": 516}),
        (area(0, 80, 180, 90), area(0, 80, 180, 90), {"left": 194, "top": 40}),
        (area(300, 700, 90, 40), area(60, 100, 1100, 690), {"left": 404, "top": 620}),
    ],
    ids=["beside the dialog", "on its other side", "above a wide field", "beside the sidebar", "beside the button"],
)
def test_the_box_lies_beside_what_is_read_as_a_whole(
    blank_page: Page, part: dict[str, int], whole: dict[str, int], expected: dict[str, int]
) -> None:
    assert spot(blank_page, part, whole) == expected


def overlaps(one: dict[str, float], part: dict[str, int]) -> bool:
    aside = one["left"] >= part["right"] or one["left"] + 330 <= part["left"]
    return not aside and one["top"] < part["bottom"] and one["top"] + 170 > part["top"]


def test_the_box_stays_in_the_window_and_off_what_is_to_be_pressed(blank_page: Page) -> None:
    for left in range(0, 1100, 110):
        for top in range(0, 760, 95):
            part = area(left, top, 90, 36)
            found = spot(blank_page, part, part)
            assert 0 <= found["left"] <= 1200 - 330
            assert 0 <= found["top"] <= 800 - 170
            assert not overlaps(found, part), (part, found)


def test_without_anything_to_ring_the_box_lies_in_a_corner(blank_page: Page) -> None:
    assert spot(blank_page, None, None) == {"left": 860, "top": 620}
