"""Every fault is a button: each is pressed in the browser, and the bot is watched at what it does about it.

People act through the simulated Slack here: what they click in the chat has tests of its own.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.paused import paused
from browser.windows import Windows
from playwright.sync_api import Browser, Locator, Page, Route, expect
from stories.play import WHOM, Card, Play

from bot.playground.cast import ANA, APPROVALS, BO, CHEN, GENERAL
from bot.playground.slack.parts import Deed
from bot.playground.stage import Rules, Stage

RULES = {"veto": "0s", "targets": {"patient": Rules(veto="1h")}}
BUSY = "Slack is busy and asks to wait. Nothing was recorded; try again in a minute."
COMES_BACK = 90_000
"""Milliseconds for what slack_sdk takes its time for: a connection that broke without a word is noticed by pings."""
AGAIN = 45_000
"""Milliseconds for what the bot tries again half a minute later."""
OpenPage = Callable[..., Page]
ALMOST = f"--to android,ios {WHOM}"
STAYS_UNKNOWN = {
    "mpaas-lost": ("answer lost, but executed", True),
    "mpaas-reset-before": ("connection broken, not executed", False),
    "mpaas-reset-after": ("connection broken, but executed", True),
    "mpaas-status-before": ("HTTP 503, not executed", False),
    "mpaas-status-after": ("HTTP 503, but executed", True),
    "mpaas-half": ("half an answer, but executed", True),
    "mpaas-rubbish": ("rubbish for an answer, not executed", False),
}
"""Faults after which nobody can know: what the tale says, and whether mPaaS has sent it all the same."""
FIRST_CHOICES = {
    "mpaas-calls": "pushes",
    "mpaas-often": "the next one",
    "mpaas-result": "3022",
    "slack-often": "the next one",
    "slack-method": "chat.postMessage",
    "slack-ratelimited": "3 s",
    "slack-error": "internal_error",
}
PLATFORMS = ("android", "ios", "harmonyos")


class FaultsTab:
    """Be somebody in front of the tab of the faults."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.locator("[data-tab=faults]").click()

    def button(self, fault: str) -> Locator:
        """The button of a fault."""
        return self.page.locator(f'[data-fault="{fault}"]')

    def row(self, fault: str) -> Locator:
        """What stands around that button: sentences, how the fault stands, what followed."""
        return self.page.locator("li").filter(has=self.button(fault))

    def press(self, fault: str) -> Locator:
        """Press a fault; return its row."""
        self.button(fault).click()
        return self.row(fault)

    def choose(self, choice: str, label: str) -> None:
        """Choose something in a list, or one of a few words."""
        listed = self.page.locator(f'select[data-choice="{choice}"]')
        if listed.count():
            listed.select_option(label=label)
        else:
            self.page.locator(f'input[name="{choice}"]').and_(self.page.get_by_label(label)).check()

    def chip(self, name: str) -> Locator:
        """A chip of what is broken now."""
        return self.page.locator(f'[data-chip="{name}"]')

    def forget_everything(self) -> None:
        """Make the tab as it was at first: nothing planned, no tale told, and every choice its first one."""
        if self.button("clear-everything").count():
            self.press("clear-everything")
        expect(self.page.get_by_text("Everything works.")).to_be_visible()
        tales = self.page.get_by_role("region", name="Since you pressed").get_by_role("button", name="Close")
        while tales.count():
            tales.first.click()
        for choice, label in FIRST_CHOICES.items():
            self.choose(choice, label)

    def jump(self, said: str) -> None:
        """Move the clock by a time that is typed."""
        self.button("clock-field").fill(said)
        self.press("clock-jump")
        expect(self.button("clock-field")).to_have_value("")


@pytest.fixture
def play(stage: Stage) -> Iterator[Play]:
    stage.mpaas.journal.clear()
    play = Play(stage)
    yield play
    stage.mpaas.let_go(execute=False)
    stage.mpaas.faults.clear()
    stage.mpaas.accept()
    stage.slack.clear_faults()
    play.settles_everything()
    play.takes_everything_back()
    play.law_one_holds()


@pytest.fixture(scope="module")
def only_page(chromium: Browser, stage: Stage) -> Iterator[Page]:
    """Open one window for most of the tests: what they press shows in it at once, so none has to be opened anew."""
    windows = Windows(chromium, stage.slack.address)
    yield windows.open(BO.id, allow=("409",))  # a deed that is refused on purpose
    windows.close()
    assert windows.complaints == []


@pytest.fixture
def tab(only_page: Page) -> FaultsTab:
    tab = FaultsTab(only_page)
    tab.forget_everything()
    return tab


def asked(play: Play, target: str = "live", *, to: str = ALMOST) -> Card:
    """Let Ana ask for a push."""
    return play.ana.asks(f"outage city=Berlin time=18:00 --target {target} {to}")


def typed(play: Play, said: str = f"maintenance --target test {ALMOST}") -> Deed:
    """Let Ana type a command, whatever comes of it."""
    play.ana.closes_everything()
    return play.slack.command(ANA.id, GENERAL.id, f"/broadcast {said}")


def answered(deed: Deed) -> str:
    return str(deed.answer["text"]) if isinstance(deed.answer, dict) else ""


# mPaaS ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("faults", [tuple(STAYS_UNKNOWN)[:3], tuple(STAYS_UNKNOWN)[3:6], tuple(STAYS_UNKNOWN)[6:]])
def test_what_nobody_can_know_stays_unknown(tab: FaultsTab, play: Play, faults: tuple[str, ...]) -> None:
    for fault in faults:
        expect(tab.press(fault)).to_contain_text("armed")
        expect(tab.chip(fault)).to_contain_text("next PushBroadcast")
    met = dict(zip(PLATFORMS, faults, strict=False))
    card = asked(play, to=f"--to {','.join(met)} {WHOM}")
    play.bo.approves(card)
    card.will_say("outcome unknown")
    for fault in faults:
        expect(tab.row(fault)).to_contain_text("it struck")
        expect(tab.row(fault).get_by_role("log")).to_contain_text(STAYS_UNKNOWN[fault][0])
        expect(tab.row(fault).get_by_role("log")).to_contain_text("Push to all devices of live: outcome unknown")
    expect(tab.page.get_by_text("Everything works.")).to_be_visible()
    assert play.executed(card) == {platform: 1 for platform, fault in met.items() if STAYS_UNKNOWN[fault][1]}
    assert len(play.pushes(card)) == len(met), "Something was sent again."


def test_what_hangs_can_be_let_go_when_the_bot_has_given_up(tab: FaultsTab, play: Play) -> None:
    row = tab.press("mpaas-hang")
    card = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(card)
    expect(row).to_contain_text("at work")
    expect(tab.page.get_by_text("a request hangs at mPaaS")).to_be_visible()
    card.will_say("outcome unknown", "did not answer in time")
    assert play.executed(card) == {}
    tab.press("let-go")
    expect(tab.button("let-go")).to_have_count(0)
    expect(row.get_by_role("log")).to_contain_text("what hung at mPaaS was let go on")
    assert play.executed(card) == {"android": 1}
    card.will_say("outcome unknown")


def test_what_hangs_can_be_dropped(tab: FaultsTab, play: Play) -> None:
    row = tab.press("mpaas-hang")
    card = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(card)
    tab.press("let-drop")
    card.will_say("outcome unknown", "The connection broke")
    expect(row).to_contain_text("hung, then was dropped")
    assert play.executed(card) == {}


def test_a_push_waits_while_connections_are_refused(tab: FaultsTab, play: Play) -> None:
    card = asked(play)
    row = tab.press("mpaas-refuse")
    expect(row).to_contain_text("at work")
    play.bo.approves(card)
    card.will_say("approved, but kept waiting", "No connection to")
    expect(row.get_by_role("log")).to_contain_text("approved, but kept waiting")
    tab.chip("refusing").get_by_role("button").click()
    expect(tab.chip("refusing")).to_have_count(0)
    tab.jump("15s")
    card.will_say("Push to all devices of live: sent")
    assert play.executed(card) == {"android": 1, "ios": 1}


def test_a_call_that_is_turned_away_is_made_again(tab: FaultsTab, play: Play) -> None:
    row = tab.press("mpaas-throttle")
    card = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(card)
    card.will_say("Push to all devices of live: sent")
    expect(row.get_by_role("log")).to_contain_text("too many calls, turned away")
    expect(row.get_by_role("log")).to_contain_text("mPaaS takes PushBroadcast")
    assert [entry.executed for entry in play.pushes(card)] == [False, True]


def test_a_fault_until_cleared_strikes_until_everything_is_cleared(tab: FaultsTab, play: Play) -> None:
    tab.choose("mpaas-often", "all until cleared")
    row = tab.press("mpaas-throttle")
    expect(row).to_contain_text("on until cleared")
    expect(tab.chip("mpaas-throttle")).to_contain_text("every PushBroadcast")
    card = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(card)
    card.will_say("failed, nothing was sent")
    assert [entry.executed for entry in play.pushes(card)] == [False] * 3
    tab.press("clear-everything")
    expect(tab.page.get_by_text("Everything works.")).to_be_visible()
    card = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(card)
    card.will_say("Push to all devices of live: sent")


def test_a_slow_answer_is_waited_for(tab: FaultsTab, play: Play) -> None:
    row = tab.press("mpaas-slow")
    card = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(card)
    card.will_say("being sent")
    expect(row).to_contain_text("takes its time")
    card.will_say("Push to all devices of live: sent")
    assert play.executed(card) == {"android": 1}


def test_each_code_is_understood(tab: FaultsTab, play: Play) -> None:
    for code in ("3022", "3028", "8014"):
        tab.choose("mpaas-result", code)
        tab.press("mpaas-result")
    refused = asked(play, to=f"--to {','.join(PLATFORMS)} {WHOM}")
    play.bo.approves(refused)
    hints = (
        "Choose a template that exists",
        "check the advanced ones first",
        "Let this Alibaba Cloud account use the app",
    )
    refused.will_say("failed, nothing was sent", "Code 3022", "Code 3028", "Code 8014", *hints)
    for code in ("8011", "9000"):
        tab.choose("mpaas-result", code)
        tab.press("mpaas-result")
    card = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(card)
    card.will_say("outcome unknown", "code 9000")
    expect(tab.row("mpaas-result")).to_contain_text("it struck")
    assert len(play.pushes(card)) == 2, "8011 proves that nothing was sent, 9000 proves nothing."


def test_nothing_is_sent_by_clocks_that_do_not_agree(tab: FaultsTab, play: Play) -> None:
    row = tab.press("mpaas-wrong-date")
    card = asked(play)
    play.bo.approves(card)
    card.will_say("approved, but kept waiting", "clocks of the bot, its store and mPaaS do not agree")
    expect(row).to_contain_text("mPaaS's clock is wrong")
    assert play.pushes(card) == []
    tab.jump("15 s")
    card.will_say("Push to all devices of live: sent")


def test_a_fault_can_strike_any_call_of_mpaas(tab: FaultsTab, play: Play) -> None:
    tab.choose("mpaas-calls", "any call")
    row = tab.press("mpaas-lost")
    expect(row).to_contain_text("It strikes at the bot's next call to mPaaS")
    assert typed(play).acked
    expect(row).to_contain_text("it struck")
    expect(row.get_by_role("log")).to_contain_text("GetTemplate")


def test_a_planned_fault_is_taken_back_by_its_chip(tab: FaultsTab, play: Play) -> None:
    tab.press("mpaas-lost")
    tab.press("mpaas-half")
    tab.chip("mpaas-lost").get_by_role("button", name="Take back: Lose the answer").click()
    expect(tab.chip("mpaas-lost")).to_have_count(0)
    expect(tab.chip("mpaas-half")).to_be_visible()
    expect(tab.row("mpaas-lost")).not_to_contain_text("armed")
    tab.press("clear-everything")
    card = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(card)
    card.will_say("Push to all devices of live: sent")


# Slack ----------------------------------------------------------------------------------------------------------------


def test_the_bot_waits_as_long_as_slack_asks_and_posts_once(tab: FaultsTab, play: Play) -> None:
    tab.choose("slack-ratelimited", "1 s")
    row = tab.press("slack-ratelimited")
    expect(tab.chip("slack-ratelimited")).to_contain_text("next chat.postMessage")
    card = asked(play)
    expect(row).to_contain_text("it struck")
    expect(row.get_by_role("log")).to_contain_text("ratelimited, Retry-After 1 s")
    statuses = [entry.status for entry in play.slack.journal("chat.postMessage")[-3:]]
    assert 429 in statuses
    assert posts_about(play, card) == 1


def test_a_form_that_does_not_open_is_answered_in_words(tab: FaultsTab, play: Play) -> None:
    tab.choose("slack-method", "views.open")
    for fault in ("slack-error", "slack-http-500", "slack-reset-before", "slack-reset-after", "slack-slow"):
        row = tab.press(fault)
        deed = typed(play)
        assert deed.acked, "Slack would have shown its own error."
        assert "Something went wrong on our side" in answered(deed)
        expect(row).to_contain_text("it struck")
    play.ana.closes_everything()


def test_a_form_that_may_open_a_second_later_opens_and_a_later_one_does_not(tab: FaultsTab, play: Play) -> None:
    tab.choose("slack-method", "views.open")
    for seconds, opens in (("1 s", True), ("3 s", False)):
        tab.choose("slack-ratelimited", seconds)
        row = tab.press("slack-ratelimited")
        deed = typed(play)
        assert deed.acked, "Slack would have shown its own error."
        expect(row.get_by_role("log")).to_contain_text(f"ratelimited, Retry-After {seconds}")
        assert answered(deed) == ("" if opens else BUSY)
        assert (play.ana.sheet() is not None) is opens
    play.ana.closes_everything()


def test_a_bot_that_answers_too_late_fails_in_slacks_words(tab: FaultsTab, play: Play) -> None:
    row = tab.press("slack-refresh")
    expect(row.get_by_role("log")).to_contain_text("a connection of the bot is gone (open connections: 1)")
    with paused(play.stage, "slack"):
        deed = typed(play, "help")
    assert deed.failure == '/broadcast failed with the error "operation_timeout"'
    expect(row.get_by_role("log")).to_contain_text("no answer within 3 s, Slack gave up")
    expect(row.get_by_role("log")).to_contain_text(re.compile(r"acknowledged after \d+ ms: too late"))


def test_a_card_that_could_not_be_posted_or_changed_is_there_half_a_minute_later(tab: FaultsTab, play: Play) -> None:
    requests: dict[str, str] = {}
    for fault in ("slack-error", "slack-http-500", "slack-reset-before", "slack-reset-after", "slack-slow"):
        tab.press(fault)
        requests[fault] = submitted(play)
        expect(tab.row(fault)).to_contain_text("it struck")
    tab.choose("slack-method", "chat.update")
    tab.choose("slack-error", "fatal_error")
    unchanged = asked(play, "patient")
    tab.press("slack-error")
    play.bo.approves(unchanged, typing="patient")
    expect(tab.row("slack-error").get_by_role("log")).to_contain_text("fatal_error")
    for request in requests.values():
        play.slack.wait_until(lambda known=request: cards(play, known), timeout=AGAIN / 1000, description=request)
    unchanged_now = play.slack.wait_until(lambda: "can still be stopped" in text_of(unchanged), timeout=AGAIN / 1000)
    assert unchanged_now
    assert {fault: cards(play, request) for fault, request in requests.items()} == dict.fromkeys(requests, 1)


def submitted(play: Play) -> str:
    """Let Ana ask for a push whose card may not appear; return its id."""
    typed(play, f"outage city=Berlin time=18:00 --target live {ALMOST}")
    done = play.ana.looks_at("preview").submit()
    found = re.search(r"Request (\w{4}-\w{4}) is stored", done.words if done else "")
    assert found
    return found[1]


def cards(play: Play, request: str) -> int:
    """Count the cards of a request."""
    found = play.slack.messages(APPROVALS.id, seen_by=ANA.id)
    return sum((one.metadata or {}).get("event_payload") == {"id": request, "slot": "card"} for one in found)


def posts_about(play: Play, card: Card) -> int:
    return cards(play, card.id)


def text_of(card: Card) -> str:
    return str(card.message().blocks)


def test_a_line_that_is_cut_is_opened_again_by_the_bot(tab: FaultsTab, play: Play) -> None:
    row = tab.press("slack-drop")
    expect(row).to_contain_text("a connection of the bot is gone")
    expect(row).to_contain_text("Open connections: 0")
    assert typed(play, "help").failure == '/broadcast failed with the error "app_unreachable"'
    expect(row.get_by_role("log")).to_contain_text("the bot is not connected")
    expect(row).to_contain_text("Open connections: 1", timeout=COMES_BACK)
    expect(row.get_by_role("log")).to_contain_text("the bot connected")
    assert typed(play, "help").acked


def test_a_new_line_is_opened_before_the_old_one_goes(tab: FaultsTab, play: Play) -> None:
    row = tab.press("slack-refresh")
    expect(row.get_by_role("log")).to_contain_text("the bot connected (open connections: 2)")
    expect(row.get_by_role("log")).to_contain_text("a connection of the bot is gone (open connections: 1)")
    assert typed(play, "help").acked


def test_an_event_that_comes_twice_changes_nothing(tab: FaultsTab, play: Play) -> None:
    row = tab.press("slack-twice")
    expect(row).to_contain_text("Now open the Home tab of the bot")
    expect(tab.chip("twice")).to_be_visible()
    assert play.slack.open_home(CHEN.id).acked
    expect(tab.chip("twice")).to_have_count(0)
    one, other = play.slack.journal("app_home_opened")[-2:]
    assert one.sent["event_id"] == other.sent["event_id"]
    assert play.slack.home(CHEN.id) is not None


# What runs ------------------------------------------------------------------------------------------------------------


def test_a_killed_listener_is_missed_and_comes_back(tab: FaultsTab, play: Play) -> None:
    tab.press("kill-slack")
    again = tab.row("start-slack")
    expect(again).to_contain_text("is killed")
    expect(tab.chip("down-slack")).to_have_text("slack is down")
    assert typed(play, "help").failure == '/broadcast failed with the error "app_unreachable"'
    expect(again.get_by_role("log")).to_contain_text("the bot is not connected")
    tab.press("start-slack")
    expect(tab.row("kill-slack").get_by_role("log")).to_contain_text("slack was started again and is ready")
    assert typed(play, "help").acked


def test_a_worker_killed_in_the_veto_window_sends_once_when_it_is_back(tab: FaultsTab, play: Play) -> None:
    card = asked(play, "patient")
    play.bo.approves(card, typing="patient")
    card.will_say("approved, can still be stopped")
    tab.press("kill-worker")
    expect(tab.chip("down-worker")).to_be_visible()
    expect(tab.row("clock-3600")).to_contain_text(f"“Can be stopped until” of {card.id} passes")
    tab.jump("61 min")
    assert play.pushes(card) == []
    tab.press("start-worker")
    card.will_say("Push to all devices of patient: sent")
    expect(tab.row("kill-worker").get_by_role("log")).to_contain_text("Push to all devices of patient: sent")
    assert play.executed(card) == {"android": 1, "ios": 1}


def test_without_its_store_the_bot_answers_in_words_and_holds_what_was_approved(tab: FaultsTab, play: Play) -> None:
    card = asked(play, "patient")
    play.bo.approves(card, typing="patient")
    card.will_say("approved, can still be stopped")
    tab.press("kill-store")
    expect(tab.row("start-store")).to_contain_text("is killed")
    assert "Nothing was recorded; press again." in answered(typed(play, "list"))
    tab.press("start-store")
    expect(tab.row("kill-store")).to_contain_text("the store was started again")
    assert "Nothing was recorded" not in answered(typed(play, "list"))
    tab.jump("61 min")
    card.will_say("held, not sent by the bot")
    assert play.pushes(card) == []


# The clock ------------------------------------------------------------------------------------------------------------


def test_every_step_moves_every_clock_and_has_its_effect(tab: FaultsTab, play: Play) -> None:
    stage = play.stage
    answer_urls = [entry.sent["response_url"] for entry in play.slack.journal("/broadcast")] or [response_url(play)]
    sent = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(sent)
    sent.will_say("Push to all devices of live: sent")
    waiting, approved = asked(play), asked(play, "patient")
    play.bo.approves(approved, typing="patient")
    approved.will_say("can still be stopped")
    before = stage.ahead
    for seconds in (60, 600, 1860):
        row = tab.press(f"clock-{seconds}")
        expect(row.get_by_role("log")).to_contain_text(f"every clock was moved on by {seconds} s")
    gone = httpx.post(answer_urls[-1], json={"text": "late"}, trust_env=False)
    assert (gone.status_code, gone.text) == (404, "expired_url")
    tab.press("clock-3600")  # its veto window of an hour ends on the way, and then it goes out
    approved.will_say("sent")
    expect(tab.row("clock-90000")).to_contain_text(f"“Approve until” of {waiting.id} passes")
    tab.press("clock-90000")
    waiting.will_say("expired, not sent", "Nobody approved it in time")
    tab.press("clock-604800")
    expect(tab.row("clock-604800").get_by_role("log")).to_contain_text("every clock was moved on by 604800 s")
    assert (stage.ahead - before).total_seconds() == 60 + 600 + 1860 + 3600 + 90_000 + 604_800
    expect(tab.page.locator("[data-part=now]").locator("..")).to_contain_text(re.compile(r"\d+ d \d+ h ahead"))
    refusal = play.ana.opens(sent, "Recall")
    assert "7 days" in refusal.words
    assert play.executed(approved) == {"android": 1, "ios": 1}


def response_url(play: Play) -> str:
    typed(play, "help")
    return str(play.slack.journal("/broadcast")[-1].sent["response_url"])


def test_a_typed_step_says_what_it_means(tab: FaultsTab) -> None:
    no_time = "That is no time to add."
    meant = {"2d": "Moves every clock by 2 d.", "90": "Moves every clock by 1 h 30 min. Response URLs"}
    for said, sentence in {"yesterday": no_time, "-3h": no_time, **meant}.items():
        tab.button("clock-field").fill(said)
        expect(tab.row("clock-field")).to_contain_text(sentence)


def test_a_step_that_is_too_long_is_refused_in_a_sentence(tab: FaultsTab, stage: Stage) -> None:
    before = stage.ahead
    tab.button("clock-field").fill("500 d")
    row = tab.press("clock-jump")
    expect(row.get_by_role("alert")).to_contain_text("The clock moves forward, by at most 400 days at a time")
    expect(tab.button("clock-field")).to_have_value("500 d")
    assert stage.ahead == before
    tab.button("clock-field").fill("")


# The tab itself -------------------------------------------------------------------------------------------------------


def test_what_was_pressed_is_remembered_while_another_tab_is_shown(tab: FaultsTab, play: Play) -> None:
    tab.choose("mpaas-often", "all until cleared")
    tab.press("mpaas-half")
    tab.page.locator("[data-tab=phones]").click()
    card = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(card)
    card.will_say("outcome unknown")
    tab.page.locator("[data-tab=faults]").click()
    expect(tab.row("mpaas-half").get_by_role("log")).to_contain_text("half an answer, but executed")
    expect(
        tab.page.locator('input[name="mpaas-often"]').and_(tab.page.get_by_label("all until cleared"))
    ).to_be_checked()


def test_a_deed_that_takes_a_moment_says_so(tab: FaultsTab) -> None:
    held: list[Route] = []
    tab.page.route("**/_control/kill", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls
    tab.button("kill-worker").click()
    expect(tab.button("kill-worker")).to_have_text("Killing …")
    expect(tab.button("kill-worker")).to_have_attribute("aria-disabled", "true")
    held[0].continue_()
    tab.page.unroute("**/_control/kill")
    expect(tab.row("start-worker")).to_contain_text("is killed")
    tab.press("start-worker")
    expect(tab.row("kill-worker")).to_contain_text("runs")


def test_groups_fold_and_are_reached_by_the_keyboard(tab: FaultsTab) -> None:
    tab.page.get_by_role("button", name="Line", exact=True).click()
    expect(tab.page.get_by_role("button", name="Slack's line")).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(tab.button("slack-drop")).to_have_count(0)
    tab.page.keyboard.press("Enter")
    expect(tab.button("slack-drop")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_tab_full_of_trouble_is_open_to_all(open_page: OpenPage, play: Play, scheme: str) -> None:
    page = open_page(BO.id, color_scheme=scheme, viewport={"width": 360, "height": 780})
    page.locator("[data-pane=side]").and_(page.locator("button")).click()
    tab = FaultsTab(page)
    tab.press("mpaas-lost")
    tab.choose("slack-method", "chat.update")
    tab.press("slack-error")
    card = asked(play, to=f"--to android {WHOM}")
    play.bo.approves(card)
    card.will_say("outcome unknown")
    expect(tab.row("mpaas-lost")).to_contain_text("it struck")
    found = Axe().run(tab.page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_the_tab_speaks_chinese_to_who_reads_it(open_page: OpenPage) -> None:
    tab = FaultsTab(open_page(CHEN.id))
    expect(tab.button("mpaas-lost")).to_have_text("弄丢回答")
    assert re.search(r"backstage\.", tab.page.locator("#side-panel").inner_text()) is None


# What is worked out in the page ---------------------------------------------------------------------------------------


def evaluated(page: Page, module: str, script: str) -> Any:
    return page.evaluate(f"() => import('/assets/backstage/{module}.js').then((it) => {script})")


def test_a_time_is_read_as_seconds(blank_page: Page) -> None:
    right = {"90": 5400, "45s": 45, "3h": 10_800, "2 d": 172_800, "1.5 h": 5400, "1w": 604_800}
    for said, seconds in {**right, "0": None, "h": None, "-1h": None, "": None}.items():
        assert evaluated(blank_page, "catalogue", f"it.secondsOf({said!r})") == seconds


def test_moments_to_come_are_found_in_cards_and_in_mpaas_calendar(blank_page: Page) -> None:
    script = """it.momentsAhead({
      bot: {id: "B"}, mpaas: {scheduled: [{ExecutedStatus: "0", PushAt: "1970-01-01T00:03:20Z", TaskName: "sale"},
                                         {ExecutedStatus: "1", PushAt: "1970-01-01T00:03:21Z", TaskName: "gone"}]},
      messages: {C: [{user: "B", blocks: [
        {type: "section", fields: [{text: "*Approve until*\\n<!date^300^{time}|x>"},
                                   {text: "*Past*\\n<!date^1^{time}|x>"}]},
        {type: "context", elements: [{text: "7K3M-Q2XD · revision 1"}]}]},
        {user: "U", blocks: null}]},
    }, 100000)"""
    found = evaluated(blank_page, "foresee", script)
    assert found == [
        {"at": 200_000, "label": None, "about": "sale"},
        {"at": 300_000, "label": "Approve until", "about": "7K3M-Q2XD"},
    ]
