"""What is unread: by person, in every window of theirs, with mentions and threads counted as Slack counts them."""

from collections.abc import Callable

import pytest
from browser.acting import Actor
from playwright.sync_api import Locator, Page, expect
from slack_sdk import WebClient

from bot.playground.cast import ANA, BO, BROADCASTS, CHEN, GENERAL, ONCALL, RANDOM, Channel
from bot.playground.stage import Stage

OpenPage = Callable[..., Page]
MARKS = "() => Object.keys(localStorage).filter((key) => key.startsWith('broadcast-playground-read-'))"
OF_AN_EARLIER_RUN = "broadcast-playground-read-0123abcd"


@pytest.fixture
def bo(open_page: OpenPage) -> Actor:
    """Let Bo have read everything, and look at #general."""
    bo = Actor(open_page(BO.id))
    for channel in (BROADCASTS, RANDOM, GENERAL):
        bo.goes_to(channel)
        is_read(bo.page, channel)
    return bo


def row(page: Page, channel: Channel) -> Locator:
    return page.locator(f'nav [data-channel="{channel.id}"]')


def is_read(page: Page, channel: Channel) -> None:
    """Check that nothing is counted in a channel's row."""
    expect(page.locator(f'nav [data-channel="{channel.id}"]:not([data-unread])')).to_be_visible()


def has_unread(page: Page, channel: Channel, count: int, *, for_me: int = 0) -> None:
    """Check what is counted in a channel's row, and that it is said in words too."""
    place = row(page, channel)
    expect(place).to_have_attribute("data-unread", str(count))
    expect(place).to_contain_text(f", {count} unread")
    assert place.get_attribute("data-mentions") == (str(for_me) if for_me else None)


def become(page: Page, person_id: str) -> None:
    page.locator("[data-part=people]").click()
    page.locator(f'[role=menuitemradio][data-person="{person_id}"]').click()
    expect(page.locator(f'.frame[data-person="{person_id}"]')).to_be_visible()


def test_what_is_said_elsewhere_is_counted_until_it_is_looked_at(stage: Stage, bo: Actor) -> None:
    for text in ("one", "two"):
        stage.slack.say(ANA.id, RANDOM.id, text)
    has_unread(bo.page, RANDOM, 2)
    bo.goes_to(RANDOM)
    is_read(bo.page, RANDOM)


def test_what_names_the_person_or_a_group_of_theirs_is_counted_apart(stage: Stage, bo: Actor) -> None:
    for text in ("for all", f"for <@{BO.id}>", f"for <!subteam^{ONCALL.id}>", "for <!here>", f"for <@{CHEN.id}>"):
        stage.slack.say(ANA.id, BROADCASTS.id, text)
    has_unread(bo.page, BROADCASTS, 5, for_me=3)
    expect(row(bo.page, BROADCASTS)).to_contain_text(", 3 for you")


def test_what_one_says_or_sees_alone_is_never_unread(stage: Stage, bo: Actor, open_page: OpenPage) -> None:
    stage.slack.say(BO.id, RANDOM.id, "from my telephone")
    stage.slack.command(BO.id, BROADCASTS.id, "/broadcast help")
    chen = open_page(CHEN.id, prefer={"language": "en"})
    expect(row(chen, RANDOM)).to_contain_text("unread")
    stage.slack.say(ANA.id, RANDOM.id, "and from mine")
    has_unread(bo.page, RANDOM, 1)
    is_read(bo.page, BROADCASTS)


def test_a_line_stands_where_the_unread_begins_until_it_is_answered(stage: Stage, bo: Actor) -> None:
    bo.goes_to(RANDOM).says("read by me").goes_to(GENERAL)
    for text in ("not read yet", "nor this"):
        stage.slack.say(ANA.id, RANDOM.id, text)
    has_unread(bo.page, RANDOM, 2)
    bo.goes_to(RANDOM)
    line = bo.page.locator("[data-part=new]")
    expect(line).to_have_count(1)
    assert line.evaluate("(line) => line.nextElementSibling.textContent").endswith("not read yet")
    bo.says("Thank you")
    expect(line).to_have_count(0)


def test_what_comes_while_one_looks_is_read_at_once(stage: Stage, bo: Actor) -> None:
    stage.slack.say(ANA.id, GENERAL.id, "before your eyes")
    expect(bo.message("before your eyes")).to_be_visible()
    is_read(bo.page, GENERAL)
    expect(bo.page.locator("[data-part=new]")).to_have_count(0)


def test_all_windows_of_a_person_agree(stage: Stage, bo: Actor) -> None:
    second = bo.page.context.new_page()
    second.goto(bo.page.url)
    for page in (bo.page, second):
        expect(page.locator(f'.frame[data-person="{BO.id}"]')).to_be_visible()
    stage.slack.say(ANA.id, RANDOM.id, "in both windows")
    has_unread(bo.page, RANDOM, 1)
    has_unread(second, RANDOM, 1)
    Actor(second).goes_to(RANDOM)
    is_read(bo.page, RANDOM)
    second.reload()
    is_read(second, RANDOM)


def test_everybody_has_marks_of_their_own(stage: Stage, bo: Actor) -> None:
    stage.slack.say(ANA.id, RANDOM.id, "for both of you")
    bo.goes_to(RANDOM).goes_to(GENERAL)
    is_read(bo.page, RANDOM)
    become(bo.page, CHEN.id)
    expect(bo.page.locator(f'nav [data-channel="{RANDOM.id}"][data-unread]')).to_be_visible()
    become(bo.page, BO.id)
    is_read(bo.page, RANDOM)


def test_the_marks_of_an_earlier_run_are_cleared_away(stage: Stage, bo: Actor) -> None:
    bo.page.evaluate("(key) => localStorage.setItem(key, '{}')", OF_AN_EARLIER_RUN)
    stage.slack.say(ANA.id, RANDOM.id, "of this run")
    bo.goes_to(RANDOM)
    is_read(bo.page, RANDOM)
    kept = bo.page.evaluate(MARKS)
    assert len(kept) == 1
    assert kept != [OF_AN_EARLIER_RUN]


def test_a_word_of_the_bot_to_one_person_counts_as_for_them(stage: Stage, bo: Actor) -> None:
    bot = WebClient(token=stage.slack.bot_token, base_url=stage.slack.api_url)
    bot.chat_postMessage(channel=BO.id, text="Your request was sent.")
    app = bo.page.locator("nav [data-part=app]")
    expect(app).to_have_attribute("data-mentions", "1")
    app.click()
    expect(bo.message("Your request was sent.")).to_be_visible()
    expect(bo.page.locator("nav [data-part=app]:not([data-unread])")).to_be_visible()
    expect(bo.page.get_by_text("Sending messages to this app has been turned off.")).to_be_visible()


def test_a_reply_is_unread_in_its_thread_for_those_who_take_part(stage: Stage, bo: Actor, open_page: OpenPage) -> None:
    asked = stage.slack.say(BO.id, RANDOM.id, "Who has the templates?")
    chen = open_page(CHEN.id, prefer={"language": "en"})
    Actor(chen).goes_to(RANDOM)
    Actor(chen).goes_to(GENERAL)
    stage.slack.say(ANA.id, RANDOM.id, "I do", thread_ts=asked.ts)
    threads = bo.page.locator("nav [data-part=threads]")
    expect(threads).to_have_attribute("data-unread", "1")
    is_read(bo.page, RANDOM)
    stage.slack.say(ANA.id, GENERAL.id, "Something else")
    expect(Actor(chen).message("Something else")).to_be_visible()
    expect(chen.locator("nav [data-part=threads]")).to_have_count(0)
    threads.click()
    expect(bo.page.locator("[data-part=thread]")).to_contain_text("I do")
    expect(threads).to_have_count(0)
