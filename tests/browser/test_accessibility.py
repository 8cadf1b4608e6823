"""Nothing on the page keeps anybody out: axe-core finds nothing serious or critical in any state, light or dark."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.acting import Actor
from playwright.sync_api import Page, expect

from bot.playground.cast import ANA, APPROVALS, BO, CHEN, GENERAL
from bot.playground.stage import Rules
from bot.playground.story import COMMAND

RULES = {"veto": "1h", "targets": {"quick": Rules(veto="0s")}}
OpenPage = Callable[..., Page]
IMPACTS = ("serious", "critical")
SCHEMES = ("light", "dark")
QUICK = COMMAND.replace("--target live", "--target quick")


def findings(page: Page) -> list[str]:
    """Give what axe-core takes for serious or critical on a page as it is now, in its own words."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']} ({one['impact']}) at {node['target']}: {node['failureSummary']}"
        for one in found
        if one["impact"] in IMPACTS
        for node in one["nodes"]
    ]


def is_open_to_all(page: Page) -> None:
    """Look at a page in light and in dark."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert (scheme, findings(page)) == (scheme, [])


@pytest.fixture
def ana(open_page: OpenPage) -> Actor:
    return Actor(open_page(ANA.id))


@pytest.fixture
def bo(open_page: OpenPage) -> Actor:
    return Actor(open_page(BO.id))


def test_axe_would_find_what_keeps_people_out(ana: Actor) -> None:
    ana.page.evaluate("() => document.querySelector('main').append(document.createElement('button'))")
    assert [found.partition(" at ")[0] for found in findings(ana.page)] == ["button-name (critical)"]


def test_an_empty_channel_is_open_to_all(ana: Actor) -> None:
    is_open_to_all(ana.page)


def test_what_one_person_alone_sees_is_open_to_all(ana: Actor) -> None:
    ana.says("/broadcast help")
    expect(ana.message("Only visible to you").last).to_be_visible()
    is_open_to_all(ana.page)


def test_the_list_of_commands_is_open_to_all(ana: Actor) -> None:
    ana.page.locator("[data-part=composer]").press_sequentially("/b")
    expect(ana.page.get_by_role("option").first).to_be_visible()
    is_open_to_all(ana.page)


def test_the_form_with_everything_open_is_open_to_all(ana: Actor) -> None:
    form = ana.says("/broadcast").view("request_form")
    ana.chooses("live", "Target").chooses("outage", "Template").ticks("Again and again")
    expect(form.get_by_label("Value of city")).to_be_visible()
    ana.presses("Advanced", form)
    expect(ana.button("Advanced", form)).to_have_count(0)
    ana.presses("Preview", form)
    expect(form.get_by_text("Please complete this required field.").first).to_be_visible()
    is_open_to_all(ana.page)


def test_an_open_menu_of_a_form_is_open_to_all(ana: Actor) -> None:
    form = ana.says("/broadcast").view("request_form")
    form.get_by_role("combobox", name="Target").click()
    expect(ana.page.get_by_role("option").first).to_be_visible()
    is_open_to_all(ana.page)


def test_the_preview_is_open_to_all(ana: Actor) -> None:
    ana.says(COMMAND)
    expect(ana.view("preview")).to_be_visible()
    is_open_to_all(ana.page)


def test_the_card_and_the_dialog_to_approve_are_open_to_all(ana: Actor, bo: Actor) -> None:
    request = ana.asks()
    bo.goes_to(APPROVALS)
    expect(bo.message(request)).to_be_visible()
    is_open_to_all(bo.page)
    bo.begins_to_approve(request)
    bo.presses("Approve LIVE push", bo.view("approve_form"))
    expect(bo.view("approve_form").get_by_text("Please complete this required field.")).to_be_visible()
    is_open_to_all(bo.page)


def test_a_push_that_arrived_is_open_to_all_wherever_it_is_shown(ana: Actor, bo: Actor) -> None:
    request = ana.asks(QUICK)
    bo.goes_to(APPROVALS).begins_to_approve(request)
    bo.types("quick", "Type the target's name: quick").presses("Approve LIVE push", bo.view("approve_form"))
    expect(bo.message(request)).to_contain_text("iOS: accepted by mPaaS")
    for tab in ("phones", "mpaas", "faults", "log"):
        bo.page.locator(f"[data-tab={tab}]").click()
        expect(bo.page.locator(f"[data-tab={tab}]")).to_have_attribute("aria-selected", "true")
        is_open_to_all(bo.page)
    bo.page.locator("[data-line]").last.click()
    is_open_to_all(bo.page)


def test_a_thread_is_open_to_all(ana: Actor) -> None:
    ana.goes_to(GENERAL).says("Shall we tell everybody?")
    ana.message("Shall we tell everybody?").hover()
    ana.page.get_by_role("button", name="Reply in thread").click()
    reply = ana.page.locator("[data-part=thread-composer]")
    reply.fill("Yes.")
    reply.press("Enter")
    expect(ana.page.get_by_text("Yes.").first).to_be_visible()
    is_open_to_all(ana.page)


def test_the_home_tab_is_open_to_all(ana: Actor) -> None:
    ana.page.locator("nav [data-part=home]").click()
    expect(ana.chat.get_by_role("button", name="New broadcast")).to_be_visible()
    is_open_to_all(ana.page)


def test_the_tour_is_open_to_all(open_page: OpenPage) -> None:
    page = open_page(ANA.id, prefer={"tour": "open"})
    expect(page.locator("[data-part=tour]")).to_be_visible()
    is_open_to_all(page)


@pytest.mark.parametrize("part", ["differences", "keys", "people", "second-window", "language", "theme"])
def test_whatever_the_frame_opens_is_open_to_all(ana: Actor, part: str) -> None:
    ana.page.locator(f"[data-part={part}]").click()
    expect(ana.page.get_by_role("dialog").or_(ana.page.get_by_role("menu")).first).to_be_visible()
    is_open_to_all(ana.page)


def test_the_switcher_is_open_to_all(ana: Actor) -> None:
    ana.page.keyboard.press("Control+k")
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    is_open_to_all(ana.page)


@pytest.mark.parametrize("size", [(360, 740), (720, 450), (2560, 1440)], ids=["telephone", "zoomed", "wide"])
def test_a_window_of_any_size_is_open_to_all(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(CHEN.id, viewport={"width": size[0], "height": size[1]}, prefer={"language": "zh"})
    assert page.evaluate("() => document.documentElement.lang") == "zh-CN"
    is_open_to_all(page)
    panes = page.locator(".frame-panes button")
    for pane in panes.all():
        if pane.is_visible():
            pane.click()
            is_open_to_all(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_form_in_chinese_and_in_a_narrow_window_is_open_to_all(open_page: OpenPage) -> None:
    page = open_page(ANA.id, viewport={"width": 360, "height": 740}, prefer={"language": "zh"})
    Actor(page).says("/broadcast")
    expect(page.locator("[data-view=request_form]")).to_be_visible()
    is_open_to_all(page)
