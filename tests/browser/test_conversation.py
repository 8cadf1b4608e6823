"""What a channel shows: who said what and when, threads, what changes in place, days, and a thousand messages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from browser.acting import Actor
from playwright.sync_api import Locator, Page, expect
from slack_sdk import WebClient

from bot.playground.cast import ANA, BO, BROADCASTS, CHEN, DEX, GENERAL, OLD, OLGA, PARTNERS, RANDOM, Channel
from bot.playground.slack.messages import post, put_back
from bot.playground.slack.world import Message
from bot.playground.stage import Stage

OpenPage = Callable[..., Page]
MANY = 1000
NARROW = {"viewport": {"width": 360, "height": 740}}

FROM_THE_END = "(list) => list.scrollHeight - list.clientHeight - list.scrollTop"
FIRST_ON_SCREEN = """(list) => [...list.querySelectorAll("article")]
  .find((one) => one.getBoundingClientRect().bottom > list.getBoundingClientRect().top).dataset.ts"""
WATCH = """(list) => {
  window.drawnAgain = new Set();
  const seen = ({ target }) => (target.nodeType === 1 ? target : target.parentElement).closest("article");
  const watch = (changes) => changes.map(seen).filter(Boolean).forEach((one) => window.drawnAgain.add(one.dataset.ts));
  new MutationObserver(watch).observe(list, { subtree: true, childList: true, characterData: true, attributes: true });
}"""


@pytest.fixture
def ana(open_page: OpenPage) -> Actor:
    return Actor(open_page(ANA.id))


@pytest.fixture
def bot(stage: Stage) -> WebClient:
    return WebClient(token=stage.slack.bot_token, base_url=stage.slack.api_url)


def say_at(stage: Stage, moment: str, text: str, *, user: str = ANA.id, channel: Channel = BROADCASTS) -> None:
    """Put a message where it would stand if it had been said at a moment (ISO 8601)."""
    ts = f"{datetime.fromisoformat(moment).timestamp():.6f}"
    post(stage.slack.world, Message(channel.id, ts, user, text))


def rows(page: Page) -> Locator:
    return page.locator("[data-place] article")


def messages(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages in")


def days(page: Page) -> Locator:
    return page.locator("[data-part=day]")


def test_a_message_says_who_spoke_and_when(stage: Stage, open_page: OpenPage) -> None:
    say_at(stage, "2026-05-04T09:00:00+00:00", "Good morning")
    page = Actor(open_page(BO.id)).goes_to(BROADCASTS).page
    said = page.get_by_role("article", name="Ana Alves, 5:00 AM").filter(has_text="Good morning")
    said.hover()
    expect(said.locator("time")).to_have_attribute("title", "May 4, 2026 5:00:00 AM")


def test_messages_of_one_person_within_five_minutes_stand_together(stage: Stage, open_page: OpenPage) -> None:
    said = {
        "2026-05-05T09:00:00+00:00": "together one",
        "2026-05-05T09:04:00+00:00": "together two",
        "2026-05-05T09:09:30+00:00": "together three",
    }
    for moment, text in said.items():
        say_at(stage, moment, text)
    say_at(stage, "2026-05-05T09:10:00+00:00", "together four", user=BO.id)
    page = Actor(open_page(CHEN.id, prefer={"language": "en"})).goes_to(BROADCASTS).page
    named = rows(page).filter(has_text="together").locator("b").all_inner_texts()
    assert named == ["Ana Alves", "Ana Alves", "Bo Berg"]


def test_days_begin_where_they_begin_for_the_person_who_looks(stage: Stage, open_page: OpenPage) -> None:
    say_at(stage, "2026-06-03T02:30:00+00:00", "before midnight in New York")
    say_at(stage, "2026-06-03T05:30:00+00:00", "after midnight in New York")
    bo = Actor(open_page(BO.id)).goes_to(BROADCASTS).page
    expect(days(bo).filter(has_text="June 2")).to_have_text("Tuesday, June 2nd")
    expect(days(bo).filter(has_text="June 3")).to_have_text("Wednesday, June 3rd")
    chen = open_page(CHEN.id)
    chen.locator(f'nav [data-channel="{BROADCASTS.id}"]').click()
    expect(days(chen).filter(has_text="6月3日")).to_have_count(1)
    expect(days(chen).filter(has_text="6月2日")).to_have_count(0)


def test_what_today_is_follows_the_simulated_clock(stage: Stage, ana: Actor) -> None:
    ana.goes_to(RANDOM).says("Until tomorrow")
    expect(days(ana.page).last).to_have_text("Today")
    stage.slack.advance(24 * 60 * 60)
    expect(days(ana.page).last).to_have_text("Yesterday")


def test_what_the_bot_changes_changes_in_its_place(stage: Stage, ana: Actor, bot: WebClient) -> None:
    posted = bot.chat_postMessage(channel=GENERAL.id, text="Waiting for approval")
    stage.slack.say(BO.id, GENERAL.id, "I look at it")
    here = rows(ana.page).filter(has_text="Waiting for approval")
    expect(here).to_have_attribute("data-ts", str(posted["ts"]))
    bot.chat_update(channel=GENERAL.id, ts=str(posted["ts"]), text="Approved")
    changed = ana.page.locator(f'article[data-ts="{posted["ts"]}"]')
    expect(changed).to_contain_text("Approved")
    expect(changed).to_contain_text("(edited)")
    expect(changed).to_contain_text("APP")
    expect(here).to_have_count(0)
    expect(rows(ana.page).last).to_contain_text("I look at it")


def test_what_is_deleted_goes(ana: Actor, bot: WebClient) -> None:
    posted = bot.chat_postMessage(channel=GENERAL.id, text="Posted by mistake")
    expect(ana.message("Posted by mistake")).to_be_visible()
    bot.chat_delete(channel=GENERAL.id, ts=str(posted["ts"]))
    expect(ana.message("Posted by mistake")).to_have_count(0)


def test_help_is_seen_by_nobody_but_its_asker(stage: Stage, ana: Actor, open_page: OpenPage) -> None:
    bo = Actor(open_page(BO.id))
    ana.says("/broadcast help")
    expect(ana.message("opens the form").filter(has_text="Only visible to you")).to_be_visible()
    stage.slack.say(ANA.id, GENERAL.id, "Now I know")
    expect(bo.message("Now I know")).to_be_visible()
    expect(bo.message("opens the form")).to_have_count(0)


def test_a_reply_stands_in_its_thread_and_is_counted_below_the_message(ana: Actor, open_page: OpenPage) -> None:
    ana.goes_to(RANDOM).says("Who approves today?")
    bo = Actor(open_page(BO.id)).goes_to(RANDOM)
    bo.message("Who approves today?").hover()
    bo.presses("Reply in thread")
    thread = bo.page.locator("[data-part=thread]")
    reply = thread.locator("[data-part=thread-composer]")
    expect(reply).to_be_focused()
    reply.fill("I do")
    reply.press("Enter")
    expect(thread.get_by_role("article").filter(has_text="I do")).to_be_visible()
    asked = ana.message("Who approves today?")
    expect(asked.locator("[data-part=replies]")).to_contain_text("1 reply")
    expect(rows(ana.page).filter(has_text="I do")).to_have_count(0)
    asked.locator("[data-part=replies]").click()
    expect(ana.page.locator("[data-part=thread]").get_by_role("article")).to_have_count(2)
    expect(ana.page.locator("[data-part=thread]")).to_contain_text("I do")


def test_escape_closes_a_thread_and_leads_back_to_its_message(ana: Actor) -> None:
    ana.goes_to(RANDOM).says("Something to talk about")
    said = ana.message("Something to talk about")
    said.hover()
    ana.presses("Reply in thread")
    expect(ana.page.locator("[data-part=thread-composer]")).to_be_focused()
    ana.page.keyboard.press("Escape")
    expect(ana.page.locator("[data-part=thread]")).to_have_count(0)
    expect(said).to_be_focused()


def test_arrows_walk_from_message_to_message_and_tab_leads_to_the_reply(stage: Stage, ana: Actor) -> None:
    for text in ("walk one", "walk two"):
        stage.slack.say(BO.id, GENERAL.id, text)
    expect(ana.message("walk two")).to_be_visible()
    messages(ana.page).focus()
    ana.page.keyboard.press("ArrowUp")
    expect(ana.message("walk two")).to_be_focused()
    ana.page.keyboard.press("ArrowUp")
    expect(ana.message("walk one")).to_be_focused()
    ana.page.keyboard.press("Tab")
    expect(ana.button("Reply in thread")).to_be_focused()


def test_a_thousand_messages_stay_at_their_end_and_one_that_changes_is_drawn_alone(
    stage: Stage, open_page: OpenPage
) -> None:
    page = Actor(open_page(BO.id)).goes_to(PARTNERS).page
    for number in range(MANY):
        stage.slack.say(ANA.id if number % 3 else CHEN.id, PARTNERS.id, f"message {number} of *many*")
    expect(rows(page)).to_have_count(MANY)
    expect(rows(page).last).to_be_in_viewport()
    messages(page).evaluate(WATCH)
    changed = stage.slack.messages(PARTNERS.id, seen_by=BO.id)[-2]
    put_back(stage.slack.world, replace(changed, text="drawn again"))
    expect(page.locator(f'article[data-ts="{changed.ts}"]')).to_contain_text("drawn again")
    assert page.evaluate("() => [...window.drawnAgain]") == [changed.ts]
    expect(rows(page)).to_have_count(MANY)


def test_whoever_reads_what_is_older_is_not_carried_away_by_what_is_new(stage: Stage, open_page: OpenPage) -> None:
    for number in range(60):
        stage.slack.say(ANA.id, OLD.id, f"old news {number}")
    page = open_page(BO.id)
    page.locator(f'nav [data-channel="{OLD.id}"]').click()
    expect(rows(page)).to_have_count(60)
    listed = messages(page)
    listed.evaluate("(list) => { list.scrollTop = 300; }")
    expect(page.locator("[data-part=way-down]")).to_have_text("Latest messages")
    before = listed.evaluate(FIRST_ON_SCREEN)
    stage.slack.say(ANA.id, OLD.id, "the very latest")
    expect(page.locator("[data-part=way-down]")).to_have_text("1 new message")
    assert listed.evaluate(FIRST_ON_SCREEN) == before
    page.locator("[data-part=way-down]").click()
    expect(rows(page).last).to_be_in_viewport()
    expect(page.locator("[data-part=way-down]")).to_have_count(0)
    assert listed.evaluate(FROM_THE_END) < 1


def test_a_long_channel_opens_at_the_first_message_that_was_not_read(stage: Stage, open_page: OpenPage) -> None:
    page = Actor(open_page(CHEN.id, prefer={"language": "en"})).goes_to(PARTNERS).page
    Actor(page).goes_to(RANDOM)
    for number in range(80):
        stage.slack.say(ANA.id, PARTNERS.id, f"missed {number}")
    Actor(page).goes_to(PARTNERS)
    expect(page.locator("[data-part=new]")).to_be_in_viewport()
    expect(rows(page).filter(has_text="missed 0")).to_be_in_viewport()
    expect(rows(page).last).not_to_be_in_viewport()


def test_long_words_and_html_do_no_harm(ana: Actor) -> None:
    ana.goes_to(RANDOM).says(f"<b>not bold</b> & <!channel> {'endless' * 60}")
    said = ana.message("<b>not bold</b> & <!channel>")
    expect(said).to_be_visible()
    expect(said.locator("b", has_text="not bold")).to_have_count(0)
    assert messages(ana.page).evaluate("(list) => list.scrollWidth <= list.clientWidth")


def test_names_that_are_typed_become_mentions(stage: Stage, ana: Actor) -> None:
    ana.goes_to(RANDOM).says("@bo, please tell @oncall in #general, not somebody@example.com")
    expect(ana.message("@Bo Berg")).to_be_visible()
    said = stage.slack.messages(RANDOM.id, seen_by=BO.id)[-1]
    assert said.text == f"<@{BO.id}>, please tell <!subteam^S02ONCALL> in <#{GENERAL.id}>, not somebody@example.com"


def test_the_heading_names_the_members_and_what_they_may_do(ana: Actor) -> None:
    ana.goes_to(PARTNERS)
    ana.presses("6 members")
    members = ana.page.get_by_role("listitem")
    expect(members.filter(has_text="Olga Orlova")).to_contain_text("From another company (Lighthouse)")
    expect(members.filter(has_text="Bo Berg")).to_contain_text("Approves pushes")


def test_dex_reads_what_a_deactivated_account_is_good_for(open_page: OpenPage) -> None:
    page = open_page(DEX.id)
    expect(page.get_by_role("heading", name="This account was deactivated")).to_be_visible()
    expect(page.get_by_text("earlier approvals do not count any more")).to_be_visible()
    expect(page.locator("nav [data-channel]")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_have_count(0)
    page.get_by_role("button", name="Go on as Ana Alves").click()
    expect(page.get_by_role("textbox", name="Message #general")).to_be_visible()


def test_olga_sees_the_shared_channel_alone(open_page: OpenPage) -> None:
    page = open_page(OLGA.id)
    expect(page.locator("nav [data-channel]")).to_have_count(1)
    expect(page.locator("nav").get_by_text("Lighthouse", exact=True)).to_be_visible()
    expect(page.locator("nav [data-part=home]")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Message #partners")).to_be_visible()


def test_an_archived_channel_says_why_nobody_writes_in_it(open_page: OpenPage) -> None:
    page = open_page(ANA.id)
    page.locator(f'nav [data-channel="{OLD.id}"]').click()
    expect(page.get_by_text("an archived channel. Nobody can write here")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_a_narrow_window_shows_channels_chat_and_thread_one_at_a_time(open_page: OpenPage) -> None:
    page = open_page(ANA.id, **NARROW)
    expect(page.locator("nav [data-channel]").first).to_be_hidden()
    page.get_by_role("button", name="Channels").click()
    page.locator(f'nav [data-channel="{RANDOM.id}"]').click()
    ana = Actor(page).says("From my telephone")
    ana.message("From my telephone").click()
    ana.presses("Reply in thread")
    expect(page.locator("[data-part=thread-composer]")).to_be_visible()
    expect(page.locator("[data-part=composer]")).to_be_hidden()
    ana.presses("Close the thread (Esc)")
    expect(page.locator("[data-part=composer]")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
