"""The frame around everything: languages, themes, widths, keys, the address, and what it does when something fails."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.windows import Windows
from playwright.sync_api import Browser, Locator, Page, expect

from bot.playground.cast import ANA, APPROVALS, BO, BROADCASTS, CHEN, DANA, GENERAL, GUS, OLGA, RANDOM
from bot.playground.page.front import Front
from bot.playground.stage import Stage

RULES = {"processes": ()}
"""Nobody answers here: what the bot does is told in test_story.py and test_tour.py."""

Open = Callable[..., Page]
GONE = ("ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "ERR_INCOMPLETE_CHUNKED", "404.*/live")
"""What a browser says of a server that is gone, or that is coming up and has no page yet."""


def part(page: Page, name: str) -> Locator:
    return page.locator(f'[data-part="{name}"]')


def said(page: Page, text: str) -> Locator:
    """A message in the channel that is looked at."""
    return page.locator("#frame-chat [data-ts]").get_by_text(text, exact=True)


def go(page: Page, person: str, channel: str) -> None:
    """Open a place of a person by its address."""
    page.goto(f"{page.url.split('?', maxsplit=1)[0]}?as={person}&at={channel}")


def choose(page: Page, menu: str, value: str) -> None:
    part(page, menu).click()
    page.locator(f'[data-choice="{value}"]').click()


def is_looked_at(page: Page, place: str) -> None:
    expect(page.locator("#frame-chat").get_by_role("heading", name=place).first).to_be_visible()


def place(channel: Any) -> re.Pattern[str]:
    return re.compile(rf"at={channel.id}")


def test_the_page_speaks_the_language_of_the_person(open_page: Open) -> None:
    page = open_page(CHEN.id)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_text("这不是 Slack。")).to_be_visible()


def test_a_chosen_language_stays_after_a_reload(open_page: Open) -> None:
    page = open_page(ANA.id)
    expect(page.get_by_text("This is not Slack.")).to_be_visible()
    choose(page, "language", "zh")
    expect(page.get_by_role("tab", name="手机")).to_be_visible()
    page.reload()
    expect(page.get_by_role("tab", name="手机")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    choose(page, "language", "person")
    expect(page.get_by_role("tab", name="Phones")).to_be_visible()


@pytest.mark.parametrize(("system", "chosen", "light"), [("light", "dark", False), ("dark", "light", True)])
def test_a_chosen_theme_outranks_the_system_and_stays(open_page: Open, system: str, chosen: str, light: bool) -> None:
    page = open_page(ANA.id, color_scheme=system)
    assert is_light(page) is not light
    choose(page, "theme", chosen)
    expect(page.locator("html")).to_have_attribute("data-theme", chosen)
    page.reload()
    page.wait_for_selector(".frame")
    assert is_light(page) is light
    choose(page, "theme", "system")
    expect(page.locator("html")).to_have_attribute("data-theme", "system")
    assert is_light(page) is not light


def is_light(page: Page) -> bool:
    red = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]")
    return int(red) > 127


def test_two_windows_of_one_browser_share_what_was_chosen(open_page: Open) -> None:
    first = open_page(ANA.id)
    second = first.context.new_page()
    second.goto(first.url)
    choose(first, "language", "zh")
    expect(second.get_by_role("tab", name="手机")).to_be_visible()


def test_a_narrow_window_shows_one_pane_at_a_time(open_page: Open, stage: Stage) -> None:
    page = open_page(ANA.id, viewport={"width": 390, "height": 800})
    chat, sidebar, side = (page.locator(one) for one in ("#frame-chat", "#frame-sidebar", "#frame-side"))
    expect(chat).to_be_visible()
    expect(sidebar).to_be_hidden()
    stage.slack.say(DANA.id, RANDOM.id, "Anybody here?")
    badge = page.locator(".frame-badge")
    expect(badge).to_be_visible()
    page.locator('.frame-pane[data-pane="side"]').click()
    expect(side.get_by_role("tabpanel")).to_be_visible()
    expect(chat).to_be_hidden()
    page.locator('.frame-pane[data-pane="channels"]').click()
    sidebar.locator(f'[data-channel="{RANDOM.id}"]').click()
    expect(chat.get_by_text("Anybody here?")).to_be_visible()
    expect(sidebar).to_be_hidden()


@pytest.mark.parametrize("width", [360, 640, 901, 1280, 2560])
def test_nothing_hangs_over_the_edge_of_the_window(open_page: Open, width: int) -> None:
    page = open_page(ANA.id, prefer={"tour": "open"}, viewport={"width": width, "height": 700})
    expect(part(page, "tour")).to_be_visible()
    over = page.evaluate(
        """() => [...document.querySelectorAll(".frame *, .guide-box *")].filter((one) => {
            const box = one.getBoundingClientRect();
            const seen = one.checkVisibility() && box.width && !one.closest(".frame-skips, .visually-hidden, svg");
            const cut = getComputedStyle(one).position === "absolute";
            return seen && !cut && (box.right > innerWidth + 1 || box.left < -1);
        }).map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert over == []


def test_the_side_gets_another_width_by_keys_and_keeps_it(open_page: Open) -> None:
    page = open_page(ANA.id)
    line = page.get_by_role("separator", name="Width of “Behind the scenes”")
    usual = width_of_side(page)
    line.focus()
    page.keyboard.press("ArrowLeft")
    assert width_of_side(page) == usual + 16
    page.keyboard.press("Shift+ArrowRight")
    assert width_of_side(page) == usual + 16 - 64
    page.keyboard.press("Home")
    least = width_of_side(page)
    expect(line).to_have_attribute("aria-valuenow", str(least))
    expect(line).to_have_attribute("aria-valuemin", str(least))
    page.reload()
    page.wait_for_selector(".frame")
    assert width_of_side(page) == least
    line.focus()
    page.keyboard.press("Enter")
    assert width_of_side(page) == usual


def width_of_side(page: Page) -> int:
    return int(page.evaluate("Math.round(document.getElementById('frame-side').getBoundingClientRect().width)"))


def test_the_side_is_dragged_wider_but_leaves_the_chat_its_room(open_page: Open) -> None:
    page = open_page(ANA.id)
    before, line = width_of_side(page), page.get_by_role("separator", name="Width of").bounding_box()
    assert line is not None
    page.mouse.move(line["x"] + 4, 400)
    page.mouse.down()
    page.mouse.move(line["x"] - 96, 400)
    page.mouse.up()
    assert width_of_side(page) == pytest.approx(before + 100, abs=6)
    page.mouse.move(1440 - width_of_side(page), 400)
    page.mouse.down()
    page.mouse.move(10, 400)
    page.mouse.up()
    assert page.evaluate("document.getElementById('frame-chat').getBoundingClientRect().width") >= 360


def test_the_side_is_put_away_and_fetched_again(open_page: Open) -> None:
    page = open_page(ANA.id)
    wide = page.locator("#frame-chat").bounding_box()
    page.get_by_role("button", name="Put “Behind the scenes” away").click()
    expect(page.get_by_role("tabpanel")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("tabpanel")).to_be_hidden()
    wider = page.locator("#frame-chat").bounding_box()
    assert wide is not None
    assert wider is not None
    assert wider["width"] > wide["width"]
    page.get_by_role("complementary").get_by_role("button", name="Behind the scenes").click()
    expect(page.get_by_role("tabpanel")).to_be_visible()


def test_the_tabs_of_the_side_are_walked_with_arrow_keys(open_page: Open) -> None:
    page = open_page(ANA.id)
    page.get_by_role("tab", name="Phones").focus()
    for key, name in (("ArrowRight", "mPaaS"), ("End", "Log"), ("ArrowRight", "Phones"), ("ArrowLeft", "Log")):
        page.keyboard.press(key)
        expect(page.get_by_role("tab", name=name)).to_be_focused()
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible()


def test_the_first_presses_of_tab_lead_past_the_channels(open_page: Open) -> None:
    page = open_page(ANA.id, prefer={"tour": "open"})
    expect(part(page, "tour")).to_be_visible()
    ways = {"messages": "#frame-chat", "composer": '[data-part="composer"]', "side": "#tab-phones"}
    ways["tour"] = '[data-part="tour"]'
    for presses, (name, goal) in enumerate(ways.items(), start=1):
        page.evaluate("document.activeElement.blur()")
        page.mouse.click(720, 2)  # the banner's own edge: from here Tab begins at the beginning
        page.locator(".frame-skip").first.evaluate("(one) => one.focus()")
        for _ in range(presses - 1):
            page.keyboard.press("Tab")
        expect(page.locator(f'[data-skip="{name}"]')).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(goal)).to_be_focused()


def test_the_switcher_leads_to_a_channel_and_into_its_composer(open_page: Open) -> None:
    page = open_page(ANA.id)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Type a name")
    expect(field).to_be_focused()
    page.keyboard.type("APPR")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    is_looked_at(page, "approvals")
    expect(part(page, "composer")).to_be_focused()
    expect(page).to_have_url(place(APPROVALS))


def test_the_switcher_makes_somebody_else_of_whoever_looks(open_page: Open) -> None:
    page = open_page(ANA.id)
    page.keyboard.press("Control+k")
    page.keyboard.type("bo be")
    page.keyboard.press("Enter")
    expect(page.locator(f'.frame[data-person="{BO.id}"]')).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="You are Bo Berg now.")).to_be_visible()
    expect(part(page, "composer")).to_be_focused()


def test_the_switcher_leads_to_a_tab_and_says_when_nothing_fits(open_page: Open) -> None:
    page = open_page(ANA.id)
    part(page, "composer").focus()
    page.keyboard.press("Control+k")
    page.keyboard.type("xyzzy")
    expect(part(page, "switcher").get_by_role("status")).to_have_text("Nothing is called “xyzzy”.")
    page.keyboard.press("Escape")
    expect(part(page, "switcher")).to_be_hidden()
    expect(part(page, "composer")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("o")
    chosen = page.locator('[role="option"][aria-selected="true"]')
    first = chosen.inner_text()
    page.keyboard.press("ArrowDown")
    expect(chosen).not_to_have_text(first)
    page.get_by_role("combobox", name="Type a name").fill("log")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Log")).to_be_focused()


def test_alt_and_arrows_walk_through_the_channels_as_the_sidebar_shows_them(open_page: Open) -> None:
    page = open_page(ANA.id)
    part(page, "composer").focus()
    for key, channel in (("ArrowDown", BROADCASTS), ("ArrowDown", APPROVALS), ("ArrowUp", BROADCASTS)):
        page.keyboard.press(f"Alt+{key}")
        expect(page).to_have_url(place(channel))
        expect(part(page, "composer")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(page).to_have_url(place(GENERAL))


def test_the_keyboard_help_opens_by_key_and_names_every_key(open_page: Open) -> None:
    page = open_page(ANA.id)
    page.keyboard.press("Control+/")
    shown = part(page, "keys-help")
    expect(shown).to_be_visible()
    for key in ("Ctrl + K", "Alt + ↑", "Alt + ↓", "Ctrl + /", "Esc"):
        expect(shown.locator("dt", has_text=key)).to_be_visible()
    page.keyboard.press("Control+k")
    expect(part(page, "switcher")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()


def test_back_and_forward_go_between_places_and_people(open_page: Open) -> None:
    page = open_page(ANA.id)
    page.locator(f'#frame-sidebar [data-channel="{APPROVALS.id}"]').click()
    is_looked_at(page, "approvals")
    part(page, "people").click()
    page.locator(f'[data-person="{BO.id}"][role^="menuitem"]').click()
    expect(page.locator(f'.frame[data-person="{BO.id}"]')).to_be_visible()
    is_looked_at(page, "approvals")
    page.go_back()
    expect(page.locator(f'.frame[data-person="{ANA.id}"]')).to_be_visible()
    is_looked_at(page, "approvals")
    page.go_back()
    is_looked_at(page, "general")
    page.go_forward()
    is_looked_at(page, "approvals")
    page.reload()
    is_looked_at(page, "approvals")


def test_somebody_who_is_not_in_the_channel_looks_at_their_own(open_page: Open) -> None:
    page = open_page(OLGA.id)
    go(page, OLGA.id, APPROVALS.id)
    is_looked_at(page, "partners")


def test_the_title_says_what_is_unread_where_and_who_looks(open_page: Open, stage: Stage) -> None:
    page = open_page(BO.id)
    expect(page).to_have_title(re.compile(r"#general \u2013 Bo \u2013 Broadcast playground$"))
    stage.slack.say(DANA.id, RANDOM.id, "Good morning.")
    expect(page).to_have_title(re.compile(r"^\* #general \u2013 Bo"))
    stage.slack.say(DANA.id, RANDOM.id, f"<@{BO.id}>, are you there?")
    expect(page).to_have_title(re.compile(r"^\(1\) #general \u2013 Bo"))
    page.locator(f'#frame-sidebar [data-channel="{RANDOM.id}"]').click()
    expect(page).to_have_title(re.compile(r"^#random \u2013 Bo"))


def test_an_unknown_person_is_told_so_and_may_choose(windows: Windows) -> None:
    page = windows.blank()
    page.unroute_all()
    windows.complaints.clear()
    page.goto(f"{page.url.split('?', maxsplit=1)[0]}?as=U99NOBODY")
    expect(page.get_by_role("heading", name="There is no person U99NOBODY here.")).to_be_visible()
    page.get_by_role("button", name=GUS.real_name).click()
    expect(page.locator(f'.frame[data-person="{GUS.id}"]')).to_be_visible()
    assert [one for one in windows.complaints if "404" not in one] == []
    windows.complaints.clear()


def test_a_part_that_fails_says_so_and_the_others_live(open_page: Open) -> None:
    page = open_page(ANA.id, allow=(r"The phones are out",))
    broken = 'import { usePage } from "../core/context.js"; export function Phones() { throw new Error("%s"); }'
    script = broken % "The phones are out"
    page.route("**/assets/side/phones.js", lambda route: route.fulfill(content_type="text/javascript", body=script))
    page.reload()
    trouble = page.get_by_role("alert").filter(has_text="Phones: this part of the page has failed.")
    expect(trouble).to_contain_text("The phones are out")
    part(page, "composer").fill("Still here")
    part(page, "composer").press("Enter")
    expect(said(page, "Still here")).to_be_visible()
    page.get_by_role("tab", name="Log").click()
    expect(trouble).to_be_hidden()
    page.get_by_role("tab", name="Phones").click()
    trouble.get_by_role("button", name="Try again").click()
    expect(trouble).to_be_visible()


def test_a_script_that_is_missing_leaves_a_sentence_and_no_blank_page(open_page: Open) -> None:
    page = open_page(ANA.id, allow=(r"ERR_FAILED", r"Failed to fetch"))
    page.route("**/assets/frame/side.js", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("If this stays, reload the page.")).to_be_visible()


def test_a_lost_playground_is_waited_for_and_nothing_typed_is_lost(chromium: Browser) -> None:
    with Stage(processes=()) as stage, Front(stage):
        port, windows = int(stage.slack.address.rpartition(":")[2]), Windows(chromium, stage.slack.address)
        page = windows.open(ANA.id, allow=GONE)
        part(page, "composer").fill("Half a sen")
        stage.slack.say(DANA.id, GENERAL.id, "From before")
        expect(said(page, "From before")).to_be_visible()
    lost = page.get_by_role("alert").filter(has_text="The playground does not answer.")
    expect(lost).to_be_visible()
    expect(said(page, "From before")).to_be_visible()
    with Stage(processes=(), port=port) as stage, Front(stage):
        expect(lost).to_be_hidden()
        expect(page.get_by_role("status").filter(has_text="The playground was started anew.")).to_be_visible()
        expect(said(page, "From before")).to_be_hidden()
        expect(part(page, "composer")).to_have_value("Half a sen")
        expect(part(page, "composer")).to_be_focused()
        stage.slack.say(DANA.id, GENERAL.id, "From afterwards")
        expect(said(page, "From afterwards")).to_be_visible()
        windows.close()
    assert windows.complaints == []


def test_a_tick_of_the_clock_draws_no_message_again(open_page: Open, stage: Stage) -> None:
    for number in range(30):
        stage.slack.say(DANA.id, RANDOM.id, f"Line {number}")
    page = open_page(ANA.id)
    go(page, ANA.id, RANDOM.id)
    expect(said(page, "Line 29")).to_be_visible()
    page.evaluate(
        """() => import("preact").then(({ options }) => {
            window.drawn = {};
            const before = options.__r;
            options.__r = (vnode) => {
                window.drawn[vnode.type.name] = (window.drawn[vnode.type.name] ?? 0) + 1;
                before?.(vnode);
            };
        })"""
    )
    clock = page.locator(".guide-clock time")
    for _ in range(2):
        was = clock.inner_text()
        expect(clock).not_to_have_text(was)
    drawn = page.evaluate("window.drawn")
    ticks = drawn["Clock"]
    assert ticks >= 2
    assert {name: count for name, count in drawn.items() if count >= 30 * ticks} == {}


def test_many_windows_of_one_browser_leave_room_for_deeds(open_page: Open) -> None:
    """A browser opens six connections to one address; the windows that nobody sees let go of theirs."""
    first = open_page(ANA.id)
    pages = [first]
    for _ in range(6):
        hide(pages[-1])
        pages.append(first.context.new_page())
        pages[-1].goto(first.url)
        pages[-1].wait_for_selector(".frame")
    part(pages[-1], "composer").fill("From the last window")
    part(pages[-1], "composer").press("Enter")
    expect(said(pages[-1], "From the last window")).to_be_visible()
    hide(pages[-1])
    show(first)
    expect(said(first, "From the last window")).to_be_visible()


def hide(page: Page) -> None:
    """Let a window believe that another tab lies over it: a browser without a screen shows all of its windows."""
    page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )


def show(page: Page) -> None:
    page.evaluate("() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opened", ["differences", "keys", "language", "tour-restart"])
def test_what_the_banner_opens_has_no_barrier(open_page: Open, opened: str, scheme: str) -> None:
    page = open_page(ANA.id, color_scheme=scheme)
    part(page, opened).click()
    expect(page.locator("dialog[open], [role='menu'], [data-part='tour']").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in {"serious", "critical"}] == []


def test_the_honest_list_says_what_is_not_imitated(open_page: Open) -> None:
    page = open_page(ANA.id)
    part(page, "differences").click()
    shown = part(page, "differences-list")
    for missing in (
        "rate limit",
        "OAuth",
        "Enterprise Grid",
        "searched",
        "No push reaches a device",
        "everything in it",
    ):
        expect(shown.get_by_role("listitem").filter(has_text=missing)).to_be_visible()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(part(page, "differences")).to_be_focused()


def test_the_clock_says_how_far_it_is_ahead(open_page: Open, stage: Stage) -> None:
    page = open_page(ANA.id)
    expect(page.locator(".guide-ahead")).to_be_hidden()
    stage.advance(25 * 3600)
    expect(page.locator(".guide-ahead")).to_have_text("25 h ahead")
    choose(page, "language", "zh")
    expect(page.locator(".guide-ahead")).to_have_text("快了 25 小时")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, None), (59, ["seconds", 59]), (90, ["minutes", 1.5]), (90_000, ["hours", 25]), (604_800, ["days", 7])],
)
def test_a_lead_is_said_in_a_unit_that_people_use(blank_page: Page, seconds: int, said: list[object] | None) -> None:
    found = blank_page.evaluate(
        """(seconds) => import("/assets/guide/clock.js").then(({ aheadOf }) => {
            const ahead = aheadOf(seconds);
            return ahead && [ahead.unit, ahead.count];
        })""",
        seconds,
    )
    assert found == said


def reduced(page: Page, *events: dict[str, Any]) -> Any:
    return page.evaluate(
        """(events) => import("/assets/core/state.js").then(({ EMPTY, reduce }) => {
            const before = JSON.stringify(EMPTY);
            const state = events.reduce(reduce, EMPTY);
            if (JSON.stringify(EMPTY) !== before) throw new Error("reduce changed what it was given");
            return state;
        })""",
        list(events),
    )


def message(ts: str, text: str = "") -> dict[str, Any]:
    return {"kind": "message", "message": {"channel": "C1", "ts": ts, "text": text}}


def test_messages_stand_in_the_order_of_their_ts_however_they_come(blank_page: Page) -> None:
    stamps = ["1700000000.000300", "1700000000.000100", "1700000001.000000", "1700000000.000200"]
    state = reduced(blank_page, *map(message, stamps))
    assert [one["ts"] for one in state["messages"]["C1"]] == sorted(stamps)


def test_a_changed_message_keeps_its_place_and_a_gone_one_goes(blank_page: Page) -> None:
    events = [message("1.1", "a"), message("1.2", "b"), message("1.3", "c"), message("1.2", "B")]
    gone = {"kind": "message_gone", "channel": "C1", "ts": "1.1"}
    state = reduced(blank_page, *events, gone, gone)
    assert [one["text"] for one in state["messages"]["C1"]] == ["B", "c"]


def test_a_new_hello_takes_the_place_of_everything_before(blank_page: Page) -> None:
    hello = {"kind": "hello", "run": "r2", "me": "U1", "messages": {}, "log": []}
    state = reduced(blank_page, message("1.1"), {"kind": "connection", "connected": False}, hello)
    assert (state["run"], state["messages"], state["connected"]) == ("r2", {}, True)


@pytest.mark.parametrize("kind", ["", "toString", "constructor", "something_new"])
def test_an_unknown_event_changes_nothing(blank_page: Page, kind: str) -> None:
    assert reduced(blank_page, {"kind": kind}) == reduced(blank_page)


def test_a_browser_that_kept_rubbish_gets_the_first_preferences(open_page: Open) -> None:
    page = open_page(ANA.id)
    page.evaluate(
        """() => localStorage.setItem("broadcast-playground", '{"side": 7, "theme": null, "tour": "dismissed"}')"""
    )
    page.reload()
    expect(page.get_by_role("tabpanel")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "system")
