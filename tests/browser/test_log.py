"""The log beside the chat, in the browser: who said what to whom, how long it took, and everything in it."""

import json
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from browser.paused import paused
from playwright.sync_api import Locator, Page, expect
from stories.play import WHOM, Play

from bot.playground.cast import ANA, BO, CHEN, GENERAL
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.stage import Stage

RULES = {"veto": "0s"}
OpenPage = Callable[..., Page]
KEPT = 600
"""Lines that a page keeps."""


class LogTab:
    """Be somebody in front of the log."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.locator("[data-tab=log]").click()

    @property
    def lines(self) -> Locator:
        """All lines that are shown."""
        return self.page.locator("[data-line]")

    def line(self, text: str) -> Locator:
        """The newest line with a text."""
        return self.lines.filter(has_text=text).last

    def open(self, text: str) -> Locator:
        """Open the newest line with a text; return it."""
        line = self.page.locator(f'[data-line="{self.line(text).get_attribute("data-line")}"]')
        line.get_by_role("button").first.click()
        expect(line.get_by_role("button", name="Copy as JSON")).to_be_visible()
        return line

    def show(self, what: str) -> None:
        """Choose which lines are shown."""
        self.page.locator(f'[data-filter="{what}"]').click()

    def is_at_its_end(self) -> None:
        """See that the newest line is in sight."""
        expect(self.lines.last).to_be_in_viewport()


@pytest.fixture
def play(stage: Stage) -> Iterator[Play]:
    play = Play(stage)
    yield play
    play.ana.closes_everything()
    stage.mpaas.let_go()
    stage.mpaas.faults.clear()
    stage.slack.clear_faults()


@pytest.fixture
def tab(open_page: OpenPage) -> LogTab:
    return LogTab(open_page(BO.id))


def sent(play: Play) -> str:
    """Let a push be asked for, approved and sent; return its request's id."""
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android {WHOM}")
    play.bo.approves(card)
    card.will_say("Push to all devices of live: sent")
    return card.id


def test_everything_that_was_said_about_a_push_is_a_line(tab: LogTab, play: Play) -> None:
    request = sent(play)
    for way, name, about in (
        ("Slack → bot", "/broadcast", "outage city=Berlin"),
        ("bot → Slack", "views.open", ""),
        ("Slack → bot", "view_submission", "preview · Ana Alves"),
        ("bot → Slack", "chat.postMessage", "#approvals · Push to all devices of live: waiting for approval"),
        ("Slack → bot", "block_actions", "approve · #approvals · Bo Berg"),
        ("bot → mPaaS", "PushBroadcast", f"{request}-1-android"),
        ("bot → Slack", "chat.update", "#approvals · Push to all devices of live: sent"),
    ):
        line = tab.lines.filter(has_text=name).filter(has_text=about).last
        expect(line).to_contain_text(way)
        expect(line).to_contain_text(re.compile(r"\d+ ms"))
    tab.is_at_its_end()


def test_a_delivery_shows_its_part_of_slacks_three_seconds(tab: LogTab, play: Play) -> None:
    assert play.slack.command(ANA.id, GENERAL.id, "/broadcast help").acked
    expect(tab.page.get_by_text("The bar is the part of Slack's 3 s")).to_be_visible()
    expect(tab.line("help · #general").get_by_role("img", name=re.compile(r"^\d+ ms of 3 s$"))).to_be_visible()
    expect(tab.line("users.info").get_by_role("img")).to_have_count(0)


def test_a_delivery_runs_while_it_is_under_way_and_a_late_one_is_called_late(tab: LogTab, play: Play) -> None:
    running = tab.page.locator("[data-under-way]")
    asking = threading.Thread(target=play.slack.command, args=(ANA.id, GENERAL.id, "/broadcast list"))
    with paused(play.stage, "slack"):
        asking.start()
        expect(running).to_contain_text("under way")
        expect(running.get_by_role("img", name=re.compile(r"^[12]\.\d\d s of 3 s$"))).to_be_visible()
        asking.join()
    expect(running).to_have_count(0)
    late = tab.lines.filter(has_text="no answer within 3 s, Slack gave up").last
    expect(late).to_contain_text("too late · 3.0")
    expect(tab.line("the bot acknowledged after")).to_contain_text("too late, Slack had given up")
    tab.show("trouble")
    expect(tab.lines.filter(has_text="chat.postMessage")).to_have_count(0)
    expect(late).to_be_visible()


def test_a_call_that_slack_turned_away_shows_its_status_and_how_long_to_wait(tab: LogTab, play: Play) -> None:
    play.slack.fault("users.info", "ratelimited", seconds=3)
    assert play.slack.command(ANA.id, GENERAL.id, "/broadcast list").acked, "The bot answers before Slack gives up."
    expect(tab.line("ratelimited, Retry-After 3 s")).to_contain_text("429")


def test_lines_are_filtered_and_searched(tab: LogTab, play: Play) -> None:
    request = sent(play)
    tab.show("mpaas")
    expect(tab.line("PushBroadcast")).to_be_visible()
    expect(tab.lines.filter(has_text="→ mPaaS")).to_have_count(tab.lines.count())
    tab.page.get_by_role("searchbox", name="Search the log").fill(f"pushbroadcast {request.lower()}")
    expect(tab.lines).to_have_count(1)
    tab.show("slack")
    expect(tab.page.get_by_text("No line fits.")).to_be_visible()
    tab.page.get_by_role("searchbox").fill("approve_form bo")
    expect(tab.line("view_submission")).to_be_visible()
    tab.page.get_by_role("searchbox").fill("")
    tab.show("all")
    expect(tab.line("PushBroadcast")).to_be_visible()


def test_an_opened_line_shows_what_was_sent_and_answered(tab: LogTab, play: Play) -> None:
    sent(play)
    line = tab.open("chat.update")
    expect(line).to_contain_text('"channel": "C0123APPROVE"')
    expect(line).to_contain_text('"ok": true')
    expect(line).not_to_contain_text('"type": "header"')
    folded = line.get_by_role("button", name=re.compile(r"\d+ in it")).first
    expect(folded).to_have_attribute("aria-expanded", "false")
    folded.click()
    expect(line).to_contain_text('"type": "header"')
    line.get_by_role("button").first.click()
    expect(line).not_to_contain_text('"channel"')


def test_a_request_to_mpaas_shows_its_signature(tab: LogTab, play: Play) -> None:
    sent(play)
    line = tab.open("PushBroadcast")
    expect(line).to_contain_text("right (recomputed from the bytes that arrived)")
    expect(line).to_contain_text("playground-live-id")
    expect(line).to_contain_text("content-type, host, x-acs-action")
    expect(line).to_contain_text('"TemplateName": "outage"')
    expect(line).to_contain_text('"ResultCode": "OK"')
    line.get_by_role("button", name="Headers", exact=True).click()
    expect(line).to_contain_text('"x-acs-signature-nonce"')


def test_a_request_that_hangs_is_under_way_until_it_is_let_go(tab: LogTab, play: Play) -> None:
    play.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android {WHOM}")
    play.bo.approves(card)
    expect(tab.line(f"{card.id}-1-android").filter(has_text="hangs")).to_contain_text("under way")
    opened = tab.open("hangs")
    expect(opened).to_contain_text("nothing")
    play.mpaas.let_go()
    expect(opened).to_contain_text("hung, then went on")
    expect(opened).to_contain_text('"ResultCode": "OK"')


def test_lines_are_copied_as_json(open_page: OpenPage, play: Play) -> None:
    page = open_page(BO.id, permissions=["clipboard-read", "clipboard-write"])
    tab = LogTab(page)
    sent(play)
    tab.open("PushBroadcast").get_by_role("button", name="Copy as JSON").click()
    expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
    one = json.loads(page.evaluate("() => navigator.clipboard.readText()"))
    assert (one["name"], one["entry"]["parameters"]["TemplateName"]) == ("PushBroadcast", "outage")
    tab.show("mpaas")
    page.get_by_role("button", name="Copy shown as JSON").click()
    expect(page.get_by_text(re.compile(r"^\d+ lines copied\.$"))).to_be_visible()
    many = json.loads(page.evaluate("() => navigator.clipboard.readText()"))
    assert len(many) == tab.lines.count()
    assert {line["between"] for line in many} == {"mpaas"}
    assert all(line["entry"] for line in many)
    for secret in (play.slack.bot_token, play.slack.app_token, play.slack.signing_secret, "playground-live-secret"):
        assert secret not in json.dumps(many)


def test_what_cannot_be_copied_is_shown_to_be_copied_by_hand(open_page: OpenPage, play: Play) -> None:
    page = open_page(BO.id)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden')); }")
    tab = LogTab(page)
    play.slack.command(ANA.id, GENERAL.id, "/broadcast help")
    tab.open("help · #general").get_by_role("button", name="Copy as JSON").click()
    box = page.get_by_role("textbox", name="This browser does not let the page copy")
    expect(box).to_be_focused()
    assert json.loads(box.input_value())["name"] == "/broadcast"
    page.get_by_role("button", name="Close", exact=True).click()
    expect(box).to_have_count(0)


def test_the_end_stays_in_sight_until_somebody_scrolls_away(tab: LogTab, play: Play) -> None:
    noise(play, 60)
    expect(tab.line("noise.59")).to_be_in_viewport()
    noise(play, 1, first=60)
    expect(tab.line("noise.60")).to_be_in_viewport()
    tab.line("noise.3").scroll_into_view_if_needed()
    to_end = tab.page.get_by_role("button", name="To the newest line")
    expect(to_end).to_be_visible()
    noise(play, 2, first=61)
    more = tab.page.get_by_role("button", name=re.compile("2 new"))
    expect(more).to_be_visible()
    expect(tab.line("noise.3")).to_be_in_viewport()
    more.click()
    expect(tab.line("noise.62")).to_be_in_viewport()
    expect(more).to_have_count(0)


def test_the_log_forgets_what_is_old_and_stays_usable(tab: LogTab, play: Play) -> None:
    for first in range(0, 2 * KEPT, KEPT // 10):
        noise(play, KEPT // 10, first=first)
        expect(tab.line(f"noise.{first + KEPT // 10 - 1}")).to_be_in_viewport()
    assert tab.lines.count() <= KEPT
    tab.page.get_by_role("searchbox").fill(f"noise.{2 * KEPT - 1}")
    expect(tab.lines).to_have_count(1)


def noise(play: Play, count: int, *, first: int = 0) -> None:
    """Let the bot seem to have called something so many times."""
    for number in range(first, first + count):
        play.slack.world.note("call", f"noise.{number}", sent={}, answer={"ok": True}, status=200, milliseconds=1.0)


def test_the_log_speaks_chinese_to_who_reads_it(open_page: OpenPage, play: Play) -> None:
    tab = LogTab(open_page(CHEN.id))
    play.slack.command(ANA.id, GENERAL.id, "/broadcast help")
    expect(tab.line("help · #general")).to_contain_text("Slack → 机器人")
    tab.line("help · #general").get_by_role("button").first.click()
    expect(tab.page.get_by_role("button", name="复制为 JSON", exact=True)).to_be_visible()
    assert re.search(r"backstage\.", tab.page.locator("#side-panel").inner_text()) is None
