"""Look at requests: help, list, show, scheduled, details, and the Home tab."""

import pytest
from desk import Desk, words

from bot.domain.request import BroadcastRequest
from bot.playground.cast import ANA, BO, CHEN, DANA, GUS, OLGA
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.slack.world import View


def home_of(desk: Desk, user: str) -> View:
    assert desk.slack.open_home(user).acked
    home = desk.slack.home(user)
    assert home is not None
    return home


def section(home: View, heading: str) -> str:
    """Give what stands under a heading of the Home tab."""
    text = words(home)
    after = text.partition(f"\n{heading}\n")[2]
    headings = ("Waiting for me", "My requests", "Scheduled", "Recent")
    return min((after.partition(f"\n{other}\n")[0] for other in headings), key=len)


def scheduled(desk: Desk) -> BroadcastRequest:
    request = desk.asks(ANA, more="--at 'in 2h'")
    desk.approves(BO, request)
    desk.works(2)
    return desk.now(request)


@pytest.mark.parametrize("typed", ["help", "HELP", "  help  me"])
def test_help_explains_the_command_to_one_person(desk: Desk, typed: str) -> None:
    deed = desk.types(GUS, typed)
    assert deed.answer["response_type"] == "ephemeral"
    assert "*/broadcast halt 2h why* stops all sending" in words(deed)
    assert "--every mon,wed" in words(deed)


def test_a_template_called_help_is_still_reachable(desk: Desk) -> None:
    desk.types(ANA, "--template help --target test")
    assert desk.sees(ANA).content["callback_id"] == "request_form"


def test_list_shows_what_is_under_way_with_a_way_to_its_details(desk: Desk) -> None:
    assert "No request is open." in words(desk.types(BO, "list"))
    open_one, ended = desk.asks(ANA), desk.asks(ANA)
    desk.types(ANA, f"withdraw {ended.id}")
    deed = desk.types(BO, "list")
    assert deed.answer["response_type"] == "ephemeral"
    assert "*Open requests: 1*" in words(deed)
    assert open_one.id in words(deed)
    assert ended.id not in words(deed)
    answer = desk.whispers(BO, "C0001GENERAL")[-1]
    desk.presses(BO, answer, "show_details")
    assert f"Request {open_one.id}" in desk.reads(BO)


def test_scheduled_shows_what_mpaas_keeps(desk: Desk) -> None:
    assert "Nothing is scheduled." in words(desk.types(BO, "scheduled"))
    request = scheduled(desk)
    assert request.id in words(desk.types(BO, "scheduled"))


@pytest.mark.parametrize("typed", ["list", "scheduled", "show 7K3M-Q2XD"])
def test_guests_see_no_requests(desk: Desk, typed: str) -> None:
    desk.asks(ANA)
    assert "Guests cannot do that" in words(desk.types(GUS, typed))
    assert desk.slack.views(GUS.id) == []


def test_show_opens_parameters_history_and_digest(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.types(CHEN, f"show {request.id.lower()}")
    text = desk.reads(CHEN)
    assert request.digest in text
    assert "TemplateName = outage" in text
    assert "submit" in text


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("show", "Say which request to show, as in `/broadcast show"),
        ("show everything", "Say which request to show, as in `/broadcast show"),
        ("show 7K3M-Q2XD", "There is no request 7K3M-Q2XD."),
    ],
)
def test_show_says_what_it_cannot_find(desk: Desk, typed: str, why: str) -> None:
    assert why in words(desk.types(ANA, typed))


def test_details_open_from_the_card_for_members_of_the_team_only(desk: Desk) -> None:
    request = desk.asks(ANA, "partners")
    desk.presses(DANA, desk.card(request), "show_details")
    assert "TemplateName = outage" in desk.reads(DANA)
    desk.presses(OLGA, desk.card(request), "show_details")
    assert "belongs to another company" in desk.reads(OLGA)
    assert "TemplateName" not in desk.reads(OLGA)


def test_details_show_a_refusal_of_mpaas_with_its_code(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.approves(BO, request)
    desk.mpaas.misbehave(Misbehaviour(kind="result", action="PushBroadcast", code="3012", times=2))
    desk.works(2)
    desk.types(ANA, f"show {request.id}")
    assert "3012" in desk.reads(ANA)


def test_the_home_tab_sorts_requests_for_whoever_opens_it(desk: Desk) -> None:
    waiting = desk.asks(ANA)
    later = scheduled(desk)
    ended = desk.asks(ANA)
    desk.types(ANA, f"withdraw {ended.id}")
    for_bo, for_ana = home_of(desk, BO.id), home_of(desk, ANA.id)
    assert waiting.id in section(for_bo, "Waiting for me")
    assert "You have no open requests." in section(for_bo, "My requests")
    assert "Nothing waits for your decision." in section(for_ana, "Waiting for me")
    assert waiting.id in section(for_ana, "My requests")
    assert later.id in section(for_bo, "Scheduled")
    assert ended.id in section(for_bo, "Recent")


def test_what_somebody_approved_waits_for_them_no_longer(desk: Desk) -> None:
    request = desk.asks(ANA, "pair")
    desk.approves(BO, request)
    assert request.id not in section(home_of(desk, BO.id), "Waiting for me")
    assert request.id in section(home_of(desk, CHEN.id), "Waiting for me")


def test_the_home_tab_of_a_guest_has_empty_shelves(desk: Desk) -> None:
    request = desk.asks(ANA)
    assert request.id not in words(home_of(desk, GUS.id))


def test_the_home_tab_warns_of_a_halt_and_of_a_missing_worker(desk: Desk) -> None:
    desk.types(BO, "halt")
    text = words(home_of(desk, ANA.id))
    assert "All sending is halted" in text
    assert "No worker is running" in text
    desk.works()
    assert "No worker is running" not in words(home_of(desk, ANA.id))


def test_many_open_requests_cost_one_look_at_the_person(desk: Desk) -> None:
    for _ in range(3):
        desk.asks(ANA)
    before = len(desk.slack.journal("users.info"))
    home_of(desk, BO.id)
    assert len(desk.slack.journal("users.info")) == before + 1


def test_the_messages_tab_draws_nothing(desk: Desk) -> None:
    desk.slack.open_home(BO.id)
    published = len(desk.slack.journal("views.publish"))
    event = dict(desk.last_payload("app_home_opened"))
    event["event"] = dict(event["event"]) | {"tab": "messages"}
    assert desk.deliver("events_api", event).status == 200
    assert len(desk.slack.journal("views.publish")) == published
