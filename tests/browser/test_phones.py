"""The phones show what mPaaS pushed, cut as their channel cuts it, and say what they do not show."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from browser.looks import looks_right_everywhere
from browser.pushes import ANDROID, HARMONYOS, IOS, push, push_text, revoke
from playwright.sync_api import Locator, Page, expect

from bot.playground.mpaas.templates import Template
from bot.playground.stage import LIVE, Stage

RULES = {"processes": ()}
"""Nobody asks the bot here: what arrives at mPaaS is put there."""

OpenPage = Callable[..., Page]

LIMITS = [
    ("xiaomi", 50, 128, 1),
    ("huawei", 40, 1024, 1),
    ("oppo", 32, 200, 1),
    ("vivo", 40, 100, 2),
    ("honor", 60, 4096, 2),
    ("harmonyos", 60, 4096, 2),
]
"""Help page 311229: channel, characters of the title and of the text, how much a Chinese one counts."""
SHOWN_OF = {"centre": (40, 110), "banner": (40, 62)}
"""The same page: how much iOS shows, where a Chinese character counts as two."""


@pytest.fixture(autouse=True)
def _forget(stage: Stage) -> None:
    """Begin each test with phones on which nothing has arrived."""
    for house in stage.mpaas.vendor.houses.values():
        house.ledger.tasks.clear()


@pytest.fixture
def limits(blank_page: Page) -> Callable[[str, str, str, str], Any]:
    """Give the page's own judgement of a title and a text on a channel."""

    def judged(way: str, title: str, body: str, rest: str = "") -> Any:
        return blank_page.evaluate(
            """async ([way, title, body, rest]) => {
                 const { judge, wayOf } = await import("/assets/side/limits.js");
                 return judge(wayOf(way), { title, body, rest });
               }""",
            [way, title, body, rest],
        )

    return judged


def phone(page: Page, name: str) -> Locator:
    return page.locator(f"[data-phone={name}]")


def notes(page: Page, name: str) -> Locator:
    return phone(page, name).locator(".phone-note")


def mark_of(page: Page, way: str) -> Locator:
    return page.locator(f".phone-way:has(input[value={way}]) .phone-way-mark")


def reach_by(page: Page, way: str) -> None:
    page.locator(f".phone-way:has(input[value={way}])").click()


@pytest.mark.parametrize(("way", "title", "body", "wide"), LIMITS, ids=[row[0] for row in LIMITS])
def test_a_vendor_delivers_up_to_its_limit_and_nothing_beyond(
    limits: Callable[..., Any], way: str, title: int, body: int, wide: int
) -> None:
    room = min(body, 1900)  # a whole message holds 2048 bytes, however much the text alone might have
    assert limits(way, "a" * title, "b" * room)["faults"] == []
    assert limits(way, "a" * (title + 1), "b")["faults"] == [{"part": "title", "length": title + 1, "limit": title}]
    assert limits(way, "城" * (title // wide), "b")["faults"] == []
    assert [fault["part"] for fault in limits(way, "城" * (title // wide + 1), "b")["faults"]] == ["title"]
    if body == room:
        assert limits(way, "a", "b" * (body + 1))["faults"] == [{"part": "body", "length": body + 1, "limit": body}]
        assert limits(way, "a", "城" * (body // wide))["faults"] == [] or body > 600
        assert "body" in [fault["part"] for fault in limits(way, "a", "城" * (body // wide + 1))["faults"]]


@pytest.mark.parametrize("way", ["own", "fcm"])
def test_a_channel_without_limits_takes_what_the_whole_message_holds(limits: Callable[..., Any], way: str) -> None:
    assert limits(way, "t" * 500, "b" * 1548)["faults"] == []
    assert limits(way, "t" * 500, "b" * 1548, "x")["faults"] == [{"part": "message", "length": 2049, "limit": 2048}]


@pytest.mark.parametrize("way", list(SHOWN_OF))
@pytest.mark.parametrize(("letter", "counts"), [("a", 1), ("城", 2)])
def test_ios_cuts_in_place_of_refusing(limits: Callable[..., Any], way: str, letter: str, counts: int) -> None:
    title, body = SHOWN_OF[way]
    whole = limits(way, letter * (title // counts), letter * (body // counts))
    assert [whole["title"]["hidden"], whole["body"]["hidden"], whole["faults"]] == ["", "", []]
    cut = limits(way, letter * (title // counts) + "xyz", letter * (body // counts) + "xyz")
    assert cut["title"] == {"shown": letter * (title // counts), "hidden": "xyz"}
    assert cut["body"] == {"shown": letter * (body // counts), "hidden": "xyz"}
    assert cut["faults"] == []


def test_nothing_is_cut_inside_what_people_see_as_one_character(limits: Callable[..., Any]) -> None:
    family, flag = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea"
    assert limits("centre", "a" * 37 + family + "b", "c")["title"] == {"shown": "a" * 37, "hidden": f"{family}b"}
    assert limits("centre", "a" * 39 + flag, "c")["title"] == {"shown": "a" * 39, "hidden": flag}
    assert limits("centre", "a" * 38 + flag, "c")["title"]["hidden"] == ""
    assert limits("centre", "a" * 40 + "e\u0301", "c")["title"]["shown"] == "a" * 40


@pytest.mark.parametrize("part", ["title", "body"])
def test_a_vendor_refuses_an_empty_part(limits: Callable[..., Any], part: str) -> None:
    texts = {"title": "t", "body": "b", part: " "}
    assert [fault["limit"] for fault in limits("oppo", texts["title"], texts["body"])["faults"]] == [0]
    assert limits("own", texts["title"], texts["body"])["faults"] == []


def test_a_push_arrives_on_the_phone_of_its_platform_alone(stage: Stage, open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator(".phone")).to_have_count(3)
    expect(phone(page, "android")).to_contain_text("No notifications")
    push(stage, ANDROID)
    expect(notes(page, "android")).to_contain_text("Planned maintenance tonight")
    expect(notes(page, "android")).to_contain_text("Harbour")
    expect(notes(page, "android")).to_contain_text("The app pauses from 02:00 to 03:00.")
    assert [notes(page, name).count() for name in ("ios", "harmonyos")] == [0, 0]


def test_the_newest_notification_is_on_top_and_the_older_ones_are_a_press_away(
    stage: Stage, open_page: OpenPage
) -> None:
    for number in range(4):
        push_text(stage, HARMONYOS, f"Title {number}", "Text")
    page = open_page()
    titles = notes(page, "harmonyos").locator(".phone-title")
    expect(titles).to_have_text(["Title 3", "Title 2"])
    phone(page, "harmonyos").get_by_role("button", name="2 more").click()
    expect(titles).to_have_text(["Title 3", "Title 2", "Title 1", "Title 0"])


def test_only_what_arrives_while_somebody_looks_comes_with_a_movement(stage: Stage, open_page: OpenPage) -> None:
    push(stage, IOS)
    page = open_page(reduced_motion="no-preference")
    expect(notes(page, "ios")).to_have_attribute("data-fresh", "false")
    push(stage, IOS)
    newest = notes(page, "ios").first
    expect(newest).to_have_attribute("data-fresh", "true")
    assert newest.evaluate("(note) => getComputedStyle(note).animationName") == "phone-arrives"
    page.emulate_media(reduced_motion="reduce")
    assert newest.evaluate("(note) => getComputedStyle(note).animationName") == "none"


def test_what_a_vendor_refuses_is_told_and_not_shown(stage: Stage, open_page: OpenPage) -> None:
    title = "T" * 41
    push_text(stage, ANDROID, title, "Text")
    page = open_page()
    android = phone(page, "android")
    refusals = {
        "oppo": "Not delivered by OPPO: title over 32 characters (it has 41).",
        "huawei": "Not delivered by Huawei: title over 40 characters (it has 41).",
        "vivo": "Not delivered by vivo: title over 40 Latin or 20 Chinese characters (it counts 41).",
    }
    for way, sentence in refusals.items():
        reach_by(page, way)
        expect(android.locator(".phone-aside[data-kind=refused]")).to_contain_text(sentence)
        expect(notes(page, "android")).to_have_count(0)
        expect(mark_of(page, way)).to_have_attribute("data-mark", "refused")
    for way in ("own", "xiaomi", "honor", "fcm"):
        reach_by(page, way)
        expect(notes(page, "android").locator(".phone-title")).to_have_text(title)
        expect(android.locator(".phone-aside")).to_have_count(0)
        expect(mark_of(page, way)).to_have_attribute("data-mark", "shown")


def test_a_cut_text_ends_with_an_ellipsis_and_tells_what_was_cut_off(stage: Stage, open_page: OpenPage) -> None:
    push_text(stage, IOS, "a" * 40 + "TAIL", "城" * 40)
    page = open_page()
    note = notes(page, "ios")
    expect(note.locator(".phone-title")).to_have_text("a" * 40 + "…")
    expect(note.locator(".phone-text")).to_have_text("城" * 40)
    reach_by(page, "banner")
    expect(note.locator(".phone-text")).to_have_text("城" * 31 + "…")
    expect(note.locator(".phone-cut")).to_have_count(0)
    note.get_by_role("button", name="What was cut off").click()
    expect(note.locator("[data-cut=title]")).to_have_text("TAIL")
    expect(note.locator("[data-cut=body]")).to_have_text("城" * 9)
    note.get_by_role("button", name="Hide what was cut off").click()
    expect(note.locator(".phone-cut")).to_have_count(0)


def test_a_long_text_is_folded_unless_the_template_says_big_text(stage: Stage, open_page: OpenPage) -> None:
    long = "A long sentence. " * 12
    push_text(stage, ANDROID, "Folded", long)
    page = open_page()
    note = notes(page, "android")
    text = note.locator(".phone-text")
    assert text.evaluate("(shown) => shown.scrollHeight > shown.clientHeight")
    note.get_by_role("button", name="Read all of it").click()
    assert not text.evaluate("(shown) => shown.scrollHeight > shown.clientHeight")
    stage.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, Template("big", "Big", long, push_style="1"))
    push(stage, ANDROID, TemplateName="big")
    expect(note).to_have_count(2)
    expect(note.first.get_by_role("button", name="Read all of it")).to_have_count(0)


def test_a_picture_is_named_where_the_channel_shows_pictures(stage: Stage, open_page: OpenPage) -> None:
    pictures = '{"defaultUrl":"https://shop.example/any.png","oppoUrl":"https://shop.example/oppo.png"}'
    template = Template("picture", "Look", "At this", push_style="2", image_urls=pictures)
    stage.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, template)
    for platform in (ANDROID, IOS, HARMONYOS):
        push(stage, platform, TemplateName="picture")
    page = open_page()
    expect(notes(page, "android").locator(".phone-picture")).to_have_text("Picture: any.png")
    expect(notes(page, "harmonyos").locator(".phone-picture")).to_have_text("Picture: any.png")
    expect(notes(page, "ios").locator(".phone-picture")).to_have_count(0)
    reach_by(page, "oppo")
    expect(notes(page, "android").locator(".phone-picture")).to_have_text("Picture: oppo.png")


def test_a_tap_tells_where_it_would_lead_and_counts_nothing(stage: Stage, open_page: OpenPage) -> None:
    values = '{"product":"lamp","batch":"B-17"}'
    push(stage, ANDROID, TemplateName="recall", TemplateKeyValue=values, ExtendedParams='{"screen":"recall","badge":2}')
    stage.advance(60)
    before = stage.mpaas.tasks()[0].counts(stage.mpaas.now())
    page = open_page()
    tap = notes(page, "android").locator(".phone-tap")
    tap.click()
    sheet = phone(page, "android").get_by_role("dialog")
    expect(sheet).to_contain_text("https://shop.example/recall/B-17")
    expect(sheet.locator(".phone-pairs")).to_contain_text("screen recall")
    expect(sheet.get_by_role("button", name="Back to the lock screen")).to_be_focused()
    assert stage.mpaas.tasks()[0].counts(stage.mpaas.now()) == before
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(tap).to_be_focused()


def test_a_push_without_an_address_opens_the_app(stage: Stage, open_page: OpenPage) -> None:
    push(stage, IOS)
    page = open_page()
    notes(page, "ios").locator(".phone-tap").click()
    expect(phone(page, "ios").get_by_role("dialog")).to_contain_text("the push names no address")


def test_a_silent_push_shows_nothing_and_hands_its_data_to_the_app(stage: Stage, open_page: OpenPage) -> None:
    page = open_page()
    quiet = Template("quiet", "Quiet", "Text", show_style="1")
    stage.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, quiet)
    push(stage, HARMONYOS, TemplateName="quiet", ExtendedParams='{"sync":"now"}')
    push(stage, HARMONYOS, Silent="1")
    asides = phone(page, "harmonyos").locator(".phone-aside[data-kind=silent]")
    expect(asides).to_have_count(2)
    expect(asides.first).to_contain_text("Arrived silently: data for the app, nothing shown.")
    expect(notes(page, "harmonyos")).to_have_count(0)
    asides.last.get_by_text("What the app gets").click()
    expect(asides.last.locator(".phone-pairs")).to_contain_text("sync now")
    push(stage, HARMONYOS, TemplateName="quiet", Silent="0")
    expect(notes(page, "harmonyos")).to_contain_text("Quiet")


def test_a_pass_through_body_reaches_the_app_of_its_vendor_alone(stage: Stage, open_page: OpenPage) -> None:
    push(stage, ANDROID, **{"TransparentMessagePayload.hms.data": "d1"})
    page = open_page()
    expect(notes(page, "android")).to_have_count(1)
    reach_by(page, "huawei")
    aside = phone(page, "android").locator(".phone-aside[data-kind=data]")
    expect(aside).to_contain_text("Passed through by Huawei: data for the app, nothing shown.")
    expect(notes(page, "android")).to_have_count(0)


def test_a_push_for_the_own_channel_alone_meets_no_vendors_limit(stage: Stage, open_page: OpenPage) -> None:
    push_text(stage, ANDROID, "A" * 60, "Text", AndroidChannel="1")
    push_text(stage, ANDROID, "N" * 60, "Text", NotifyType="transparent")
    push_text(stage, ANDROID, "V" * 60, "Text", AndroidChannel="2", NotifyType="notify")
    page = open_page()
    reach_by(page, "oppo")
    expect(notes(page, "android").locator(".phone-title")).to_have_text(["N" * 60, "A" * 60])
    expect(phone(page, "android").locator(".phone-aside[data-kind=refused]")).to_contain_text("V" * 60)


def test_a_recalled_push_leaves_the_phone_as_its_vendor_does_it(stage: Stage, open_page: OpenPage) -> None:
    task = push_text(stage, ANDROID, "Short", "Text to take back")
    page = open_page()
    android = phone(page, "android")
    expect(notes(page, "android")).to_contain_text("Text to take back")
    revoke(stage, task)
    expect(android).not_to_contain_text("Text to take back")
    for way in ("huawei", "xiaomi", "oppo"):
        reach_by(page, way)
        expect(notes(page, "android")).to_contain_text("This message was recalled")
    told = {
        "vivo": "Recalled: on vivo the notification disappears.",
        "honor": "What Honor then shows is not documented",
        "own": "What mPaaS then shows is not documented",
    }
    for way, sentence in told.items():
        reach_by(page, way)
        expect(android.locator(".phone-aside[data-kind=recalled]")).to_contain_text(sentence)
        expect(notes(page, "android")).to_have_count(0)


def test_the_badge_is_what_the_pushes_said(stage: Stage, open_page: OpenPage) -> None:
    push(stage, ANDROID, ExtendedParams='{"badge":3}')
    push(stage, ANDROID, ExtendedParams='{"badge_add_num":2}')
    page = open_page()
    expect(phone(page, "android").locator(".phone-badge-number")).to_have_text("3")
    reach_by(page, "huawei")
    expect(phone(page, "android").locator(".phone-badge-number")).to_have_text("5")
    expect(phone(page, "ios").locator(".phone-badge")).to_have_count(0)


def test_a_test_push_arrives_on_phones_that_look_different(stage: Stage, open_page: OpenPage) -> None:
    push(stage, IOS)
    page = open_page()
    wallpaper = "(screen) => getComputedStyle(screen).backgroundImage"
    live = phone(page, "ios").locator(".phone-screen").evaluate(wallpaper)
    expect(notes(page, "ios").locator(".phone-app-name")).to_have_text("Harbour")
    push(stage, IOS, "test")
    expect(notes(page, "ios").locator(".phone-app-name")).to_have_text("Harbour Test")
    expect(phone(page, "ios")).to_contain_text("test device")
    assert phone(page, "ios").locator(".phone-screen").evaluate(wallpaper) != live
    page.get_by_role("button", name="Live phones").click()
    expect(notes(page, "ios").locator(".phone-app-name")).to_have_text("Harbour")


@pytest.mark.parametrize(
    ("person", "zone", "written", "ago"),
    [
        ("U01ANA", "Europe/Berlin", "%-I:%M %p", "5 min. ago"),
        ("U03CHEN", "Asia/Shanghai", "%H:%M", "5分钟前"),
    ],
)
def test_times_are_those_of_the_person_who_looks(
    stage: Stage, open_page: OpenPage, person: str, zone: str, written: str, ago: str
) -> None:
    push(stage, HARMONYOS)
    page = open_page(person)
    stage.advance(300)
    expect(notes(page, "harmonyos").locator(".phone-when")).to_have_text(ago)
    now = stage.now().astimezone(ZoneInfo(zone))
    times = [moment.strftime(written) for moment in (now, now + timedelta(minutes=1))]
    expect(phone(page, "harmonyos").locator(".phone-time")).to_have_text(re.compile(f"^({'|'.join(times)})$"))


def test_the_chosen_channel_stays_when_another_tab_was_looked_at(stage: Stage, open_page: OpenPage) -> None:
    push(stage, ANDROID)
    page = open_page()
    reach_by(page, "vivo")
    page.locator("[data-tab=mpaas]").click()
    page.locator("[data-tab=phones]").click()
    expect(phone(page, "android")).to_have_attribute("data-way", "vivo")


def test_the_phones_fit_every_window_and_are_open_to_everybody(stage: Stage, open_page: OpenPage) -> None:
    push_text(stage, IOS, "a" * 60, "b" * 200, ExtendedParams='{"badge":3}')
    push_text(stage, ANDROID, "a" * 60, "long " * 60)
    push(stage, HARMONYOS, TemplateName="december_sale", TemplateKeyValue='{"discount":"20","until":"Sunday"}')
    page = open_page()
    reach_by(page, "oppo")
    expect(phone(page, "android").locator(".phone-aside")).to_have_count(1)
    looks_right_everywhere(page)
