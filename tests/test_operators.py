"""An operator's verbs as lines of text; they need the store and nothing else."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import clock
import pytest
import redis
from builders import a_content, a_request, a_step, a_template

from bot import operators
from bot.domain.content import Platform, RequestId
from bot.domain.outcome import Unknown
from bot.domain.request import BroadcastRequest, Leg
from bot.domain.states import LegState, State
from bot.errors import IllegalTransition, Refused, SealBroken, UnknownRequest
from bot.settings import Settings
from bot.store.keys import Keys
from bot.store.store import RequestStore

CONFIGURATION = """\
team_id = "T0123456789"
timezone = "Asia/Shanghai"

[targets.live]
environment = "live"
app_id = "ONEX570DA89211721"
workspace_id = "default"
endpoint = "mpaas.cn-hangzhou.aliyuncs.com"
platforms = ["android", "ios"]
approvals_channel = "C0123APPROVE"
requesters = ["U01ANA"]
approvers = ["U02BO"]
"""


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    """Give what an operator has: an address of the store and a configuration, no token and no key."""
    (tmp_path / "broadcast.toml").write_text(CONFIGURATION, encoding="utf-8")
    environ = {"REDIS_URL": redis_url, "BROADCAST_SEAL_KEY": "a seal key for tests alone"}
    return Settings.from_environ(environ, directory=tmp_path, needs=frozenset())


def kept(store: RequestStore, state: State = State.PENDING_APPROVAL, **changes: object) -> BroadcastRequest:
    """Keep an example request in the store."""
    request = a_request(state, **changes)
    return store.commit(a_step(request), commit_id=f"commit-{request.id}")


def unknown(store: RequestStore, *, legs: int = 1) -> BroadcastRequest:
    """Keep a request of which so many legs are unknown since half an hour."""
    request = a_request(State.OUTCOME_UNKNOWN)
    attempted = store.now() - timedelta(minutes=30)
    lost = {"state": LegState.UNKNOWN, "attempted_at": attempted, "outcome": Unknown(why="no answer")}
    changed = tuple(
        leg.model_copy(update=lost) if place >= len(request.legs) - legs else leg
        for place, leg in enumerate(request.legs)
    )
    return kept(store, State.OUTCOME_UNKNOWN, legs=changed)


def lines(found: Iterator[str]) -> list[str]:
    return list(found)


# list --------------------------------------------------------------------------------------------------------------


def test_requests_are_listed_newest_first_under_a_heading(settings: Settings, store: RequestStore) -> None:
    first = kept(store, id=RequestId("7K3M-Q2X0"))
    second = kept(store, State.SENT, id=RequestId("7K3M-Q2X1"))
    heading, *rows = lines(operators.listing(settings, states=[], limit=20, as_json=False))
    assert heading.split() == ["ID", "STATE", "TARGET", "TEMPLATE", "SUBMITTED"]
    assert [row.split()[:4] for row in rows] == [
        [second.id, "sent", "live", "outage"],
        [first.id, "pending_approval", "live", "outage"],
    ]
    assert rows[0].endswith("2026-11-30 12:00:00Z")


def test_a_list_can_be_of_some_states_and_of_some_length(settings: Settings, store: RequestStore) -> None:
    for number, state in enumerate([State.SENT, State.SENT, State.REJECTED]):
        kept(store, state, id=RequestId(f"7K3M-Q2X{number}"))
    some = lines(operators.listing(settings, states=[State.SENT], limit=1, as_json=False))
    assert [row.split()[0] for row in some[1:]] == ["7K3M-Q2X1"]


def test_an_empty_list_says_so_and_as_json_says_nothing(settings: Settings, store: RequestStore) -> None:
    assert store.list_requests() == []
    assert lines(operators.listing(settings, states=[], limit=5, as_json=False)) == ["There are no such requests."]
    assert lines(operators.listing(settings, states=[], limit=5, as_json=True)) == []


def test_a_list_as_json_is_one_whole_request_a_line(settings: Settings, store: RequestStore) -> None:
    request = kept(store, State.SENT)
    (line,) = operators.listing(settings, states=[], limit=5, as_json=True)
    assert BroadcastRequest.model_validate_json(line) == request


# show --------------------------------------------------------------------------------------------------------------


def test_a_request_is_shown_with_its_legs_and_its_history(settings: Settings, store: RequestStore) -> None:
    request = kept(store, State.HELD)
    text = "\n".join(operators.show(settings, request.id, as_json=False))
    assert text.startswith(f"{request.id}, revision 1: held\n")
    for words in (
        "live (live)",
        "app        ONEX570DA89211721, workspace default",
        "outage: Service disruption / Payments in #city# are down",
        '{"city": "Berlin"}',
        request.digest,
        "U01ANA; votes U02BO",
        "Not now. (U02BO)",
        "android    held",
        "step",
        "- -> held",
    ):
        assert words in text


def test_a_request_without_votes_remark_or_outcome_is_shown_too(settings: Settings, store: RequestStore) -> None:
    request = kept(store)
    text = "\n".join(operators.show(settings, request.id, as_json=False))
    assert "votes none" in text
    assert "remark" not in text


def test_a_settled_leg_says_by_whom(settings: Settings, store: RequestStore) -> None:
    request = unknown(store)
    lines(operators.settle(settings, request.id, None, sent=True, operator="ana", task_id="4711"))
    text = "\n".join(operators.show(settings, request.id, as_json=False))
    assert "task 4711  (settled by operator:ana)" in text


@pytest.mark.parametrize("typed", ["7k3m-q2xd", "7K3MQ2XD", " 7k3m-q2xd "])
def test_an_id_is_taken_as_people_type_it(settings: Settings, store: RequestStore, typed: str) -> None:
    request = kept(store)
    assert request.id in next(operators.show(settings, typed, as_json=False))


def test_a_request_as_json_is_one_document_with_its_history(settings: Settings, store: RequestStore) -> None:
    request = kept(store, content=a_content(template=a_template(title="服务通知")))
    (line,) = operators.show(settings, request.id, as_json=True)
    document = json.loads(line)
    assert "服务通知" in line
    assert [entry["event"] for entry in document.pop("history")] == ["step"]
    assert BroadcastRequest.model_validate(document) == request


@pytest.mark.parametrize("typed", ["", "moon", "7K3M-Q2X", "7K3M-Q2XU"])
def test_what_is_no_id_is_refused_with_an_example(settings: Settings, typed: str) -> None:
    with pytest.raises(Refused, match="is not a request's id; they look like K7QX-3M9D"):
        lines(operators.show(settings, typed, as_json=False))


def test_an_id_that_is_not_in_the_store_is_named(settings: Settings, store: RequestStore) -> None:
    assert store.list_requests() == []
    with pytest.raises(UnknownRequest, match="There is no request 7K3M-Q2XD"):
        lines(operators.show(settings, "7K3M-Q2XD", as_json=False))


# what was changed outside the bot --------------------------------------------------------------------------------


def test_a_record_that_was_changed_is_listed_and_shown_as_such(
    settings: Settings, store: RequestStore, redis_client: redis.Redis
) -> None:
    sound, broken = kept(store, id=RequestId("7K3M-Q2X0")), kept(store, id=RequestId("7K3M-Q2X1"))
    document = store.record(broken.id).text.replace("Berlin", "Bonn")
    redis_client.hset(Keys().request(broken.id), "document", document)
    rows = lines(operators.listing(settings, states=[], limit=20, as_json=False))[1:]
    assert rows[0] == f"{broken.id}  CHANGED OUTSIDE THE BOT: Its seal is broken."
    assert rows[1].split()[:2] == [sound.id, "pending_approval"]
    first, *rest = operators.show(settings, broken.id, as_json=False)
    assert first.startswith("CHANGED OUTSIDE THE BOT, so nothing of this can be trusted")
    assert "Bonn" in "\n".join(rest)
    listed = [json.loads(row) for row in operators.listing(settings, states=[], limit=20, as_json=True)]
    assert listed[0] == {"id": broken.id, "broken": "Its seal is broken."}
    with pytest.raises(SealBroken, match="was changed outside the bot"):
        lines(operators.show(settings, broken.id, as_json=True))


def test_a_record_that_cannot_be_read_is_not_shown_but_said_to_be_changed(
    settings: Settings, store: RequestStore, redis_client: redis.Redis
) -> None:
    request = kept(store)
    redis_client.hset(Keys().request(request.id), "document", "{")
    with pytest.raises(SealBroken, match="was changed outside the bot"):
        lines(operators.show(settings, request.id, as_json=False))


# settle ------------------------------------------------------------------------------------------------------------


def settled(settings: Settings, request: BroadcastRequest, platform: Platform | None, *, sent: bool) -> list[str]:
    return lines(
        operators.settle(settings, request.id, platform, sent=sent, operator="ana", task_id="", ahead=clock.ahead)
    )


@pytest.mark.parametrize(("sent", "words", "state"), [(True, "sent", "sent"), (False, "not sent", "partly_sent")])
def test_the_one_unsettled_leg_need_not_be_named(
    settings: Settings, store: RequestStore, sent: bool, words: str, state: str
) -> None:
    request = unknown(store)
    assert settled(settings, request, None, sent=sent) == [
        f"{request.id}: ios is written down as {words}; the request is {state}."
    ]
    assert store.get(request.id).legs[1].settled_by == "operator:ana"


def test_of_several_unsettled_legs_one_has_to_be_named(settings: Settings, store: RequestStore) -> None:
    request = unknown(store, legs=2)
    with pytest.raises(Refused, match="Say which leg with --platform; unsettled: android, ios"):
        settled(settings, request, None, sent=True)
    settled(settings, request, Platform.IOS, sent=True)
    settled(settings, request, None, sent=True)
    assert store.get(request.id).state is State.SENT


def test_where_nothing_is_unsettled_nothing_is_settled(settings: Settings, store: RequestStore) -> None:
    request = kept(store, State.SENT)
    with pytest.raises(Refused, match="unsettled: none"):
        settled(settings, request, None, sent=True)
    with pytest.raises(IllegalTransition, match="nothing to settle for ios"):
        settled(settings, request, Platform.IOS, sent=True)
    assert store.get(request.id) == request


# halt and resume ---------------------------------------------------------------------------------------------------


def test_a_halt_lasts_until_somebody_resumes(settings: Settings, store: RequestStore) -> None:
    said = lines(operators.halt(settings, operator="ana", lasting="", why="wrong text"))
    assert said == [f"All sending is halted until somebody resumes it, in the store {settings.store_place}."]
    halt = store.halted()
    assert halt is not None
    assert (halt.by, halt.why, halt.until) == ("operator:ana", "wrong text", None)
    assert lines(operators.resume(settings)) == [
        f"Sending goes on in the store {settings.store_place}; it was halted by operator:ana."
    ]
    assert lines(operators.resume(settings)) == [f"Sending was not halted in the store {settings.store_place}."]


def test_a_halt_for_a_time_says_until_when(settings: Settings, store: RequestStore) -> None:
    (said,) = operators.halt(settings, operator="ana", lasting="2h", why="", ahead=clock.ahead)
    halt = store.halted()
    assert halt is not None
    assert halt.until == halt.at + timedelta(hours=2)
    assert said == f"All sending is halted until {halt.until:%Y-%m-%d %H:%M:%S}Z, in the store {settings.store_place}."


@pytest.mark.parametrize("lasting", ["soon", "2", "-1h", "0s"])
def test_a_time_that_is_no_duration_halts_nothing_and_says_so(
    settings: Settings, store: RequestStore, lasting: str
) -> None:
    with pytest.raises(Refused):
        lines(operators.halt(settings, operator="ana", lasting=lasting, why=""))
    assert store.halted() is None


# A clock that is ahead ---------------------------------------------------------------------------------------------


def tomorrow() -> timedelta:
    return clock.ahead() + timedelta(days=1)


def test_a_halt_is_for_a_time_from_the_clocks_now_on(settings: Settings, store: RequestStore) -> None:
    lines(operators.halt(settings, operator="ana", lasting="2h", why="", ahead=tomorrow))
    halt = store.halted()
    assert halt is not None
    assert timedelta(hours=25) < halt.at + timedelta(hours=2) - store.now() <= timedelta(hours=26)


def test_a_halt_that_is_over_by_the_clock_is_not_resumed(settings: Settings, store: RequestStore) -> None:
    store.halt("U02BO", "drill", until=store.now() + timedelta(hours=2), at=store.now())
    assert lines(operators.resume(settings, ahead=tomorrow)) == [
        f"Sending was not halted in the store {settings.store_place}."
    ]


def test_what_is_too_early_to_settle_today_can_be_settled_tomorrow(settings: Settings, store: RequestStore) -> None:
    request = kept(store, State.OUTCOME_UNKNOWN, legs=tuple(attempted_at(store, leg) for leg in unsettled_legs()))
    with pytest.raises(Refused, match="too early to say"):
        settled(settings, request, None, sent=False)
    lines(operators.settle(settings, request.id, None, sent=False, operator="ana", task_id="", ahead=tomorrow))
    assert store.get(request.id).state is State.PARTLY_SENT


def unsettled_legs() -> tuple[Leg, ...]:
    return a_request(State.OUTCOME_UNKNOWN).legs


def attempted_at(store: RequestStore, leg: Leg) -> Leg:
    return leg if leg.attempted_at is None else leg.model_copy(update={"attempted_at": store.now()})
