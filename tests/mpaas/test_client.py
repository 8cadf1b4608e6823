"""The client against real sockets: what each fault leads to, and how often a request arrived."""

import gzip
import itertools
import json
import logging
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mpaas.loopback import DRIP, Behaviour, Loopback, answering, closing, hanging, resetting, saying
from places import ROOT
from pydantic import SecretStr

from bot.domain.outcome import Accepted, Declined, NotSent, Unknown
from bot.mpaas.client import PushClient
from bot.mpaas.exchange import CONNECT_PAUSE, MAX_BODY, Timeouts
from bot.mpaas.signing import Credentials

_PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loopback speaks http: no test waits for authorities to load
_NOON = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
_PARAMETERS: Mapping[str, str | int] = {
    "AppId": "ONEX",
    "WorkspaceId": "test",
    "TaskName": "群发 B7K2",
    "DeliveryType": 1,
}
_BODY = b"AppId=ONEX&DeliveryType=1&TaskName=%E7%BE%A4%E5%8F%91+B7K2&WorkspaceId=test"


def _json(answer: object) -> bytes:
    return json.dumps(answer).encode()


_ACCEPTED = _json({"RequestId": "r", "ResultCode": "OK", "PushResult": {"Success": True, "Data": "t1"}})
_DECLINED = _json({"RequestId": "r", "ResultCode": "3022", "PushResult": {"Success": False}})
_THROTTLED = _json({"RequestId": "r", "Code": "Throttling.User", "Message": "m"})
_FLOW_CONTROL = _json({"RequestId": "r", "ResultCode": "8011", "PushResult": {"Success": False}})

_PUSH_FROM_ANOTHER_PROCESS = """
import sys
from datetime import UTC, datetime
from pydantic import SecretStr
from bot.mpaas.client import PushClient
from bot.mpaas.signing import Credentials

moment = datetime(2025, 1, 2, tzinfo=UTC)
credentials = Credentials("id", SecretStr("secret"))
ids = {"app_id": "a", "workspace_id": "w"}
with PushClient(sys.argv[1], credentials, **ids, now=lambda: moment, nonce=lambda: "n") as client:
    print(client.push_broadcast({"AppId": "a"}).kind)
"""


def _client(endpoint: str, **changes: Any) -> PushClient:
    numbers = itertools.count()
    settings: dict[str, Any] = {
        "app_id": "ONEX",
        "workspace_id": "test",
        "now": lambda: _NOON,
        "nonce": lambda: f"nonce-{next(numbers)}",
        "tls": _PLAIN,
        "pause": lambda _: None,
    }
    return PushClient(endpoint, Credentials("testid", SecretStr("very-secret")), **(settings | changes))


def _nonces(requests: list[bytes]) -> list[str]:
    return [
        line.partition(": ")[2] for raw in requests for line in raw.decode().split("\r\n") if "signature-nonce:" in line
    ]


def test_a_push_arrives_once_with_the_bytes_that_were_signed() -> None:
    with Loopback(answering(_ACCEPTED)) as mpaas, _client(mpaas.endpoint) as client:
        assert client.push_broadcast(_PARAMETERS) == Accepted(task_id="t1", request_id="r")
    (raw,) = mpaas.requests
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert body == _BODY
    assert lines[0] == "POST / HTTP/1.1"
    assert {line.lower() for line in lines} >= {
        "x-acs-action: pushbroadcast",
        "x-acs-version: 2020-10-28",
        "x-acs-date: 2025-01-02t03:04:05z",
        "content-type: application/x-www-form-urlencoded",
        "connection: close",
        "accept-encoding: identity",
        f"host: {mpaas.endpoint.removeprefix('http://')}",
    }


def test_a_push_can_be_dated_by_its_caller_and_every_try_of_it_keeps_the_date() -> None:
    throttle, earlier = answering(_THROTTLED, status=429), _NOON - timedelta(minutes=3)
    with Loopback(throttle, answering(_ACCEPTED)) as mpaas, _client(mpaas.endpoint) as client:
        assert isinstance(client.push_broadcast(_PARAMETERS, signed_at=earlier), Accepted)
    assert [b"x-acs-date: 2025-01-02t03:01:05z" in raw.lower() for raw in mpaas.requests] == [True, True]
    assert _nonces(mpaas.requests) == ["nonce-0", "nonce-1"]


@pytest.mark.parametrize(
    "behaviour",
    [
        closing,
        resetting,
        saying(b"HTTP/1.1 200 OK\r\nContent-Le"),
        saying(b"\x16\x03rubbish\r\n\r\n"),
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: rubbish\r\n\r\n"),
        saying(b"HTTP/1.1 200 OK\r\n\r\n" + _ACCEPTED[:-5]),
        answering(_ACCEPTED, length=len(_ACCEPTED) + 1),
        answering(_ACCEPTED[:-1]),
        answering(b"<html>it works</html>"),
        answering(b""),
        answering(_ACCEPTED, status=500),
        answering(_DECLINED, status=502),
        answering(_THROTTLED, status=503),
        answering(_ACCEPTED, status=202),
        answering(_DECLINED, status=302, headers="Location: /elsewhere\r\n"),
        answering(_ACCEPTED, status=307, headers="Location: /\r\n"),
        answering(_ACCEPTED, headers="Content-Encoding: gzip\r\n"),
        answering(_ACCEPTED + b" " * MAX_BODY),
        answering(gzip.compress(_ACCEPTED + b" " * MAX_BODY), headers="Content-Encoding: gzip\r\n"),
        answering(_json({"ResultCode": "9000", "PushResult": {"Success": False}})),
        answering(_json({"Code": "SignatureNonceUsed"}), status=400),
        answering(b"<html>proxy says no</html>", status=403),
        answering(b"", status=429),
    ],
)
def test_after_a_fault_the_outcome_is_unknown_and_the_push_arrived_once(behaviour: Behaviour) -> None:
    with Loopback(behaviour) as mpaas, _client(mpaas.endpoint) as client:
        outcome = client.push_broadcast(_PARAMETERS)
    assert isinstance(outcome, Unknown)
    assert outcome.why
    assert len(mpaas.requests) == 1


def test_a_refusal_is_final_and_arrived_once() -> None:
    with Loopback(answering(_DECLINED)) as mpaas, _client(mpaas.endpoint) as client:
        assert isinstance(client.push_broadcast(_PARAMETERS), Declined)
    assert len(mpaas.requests) == 1


@pytest.mark.parametrize(
    "throttle",
    [answering(_THROTTLED, status=400), answering(_THROTTLED, status=429), answering(_FLOW_CONTROL)],
    ids=["400", "429", "8011"],
)
def test_after_throttling_it_waits_and_sends_again_signed_afresh(throttle: Behaviour) -> None:
    pauses: list[float] = []
    script = (throttle, throttle, answering(_ACCEPTED))
    with Loopback(*script) as mpaas, _client(mpaas.endpoint, pause=pauses.append) as client:
        assert isinstance(client.push_broadcast(_PARAMETERS), Accepted)
    assert pauses == [1.0, 1.0]
    assert _nonces(mpaas.requests) == ["nonce-0", "nonce-1", "nonce-2"]
    assert len({raw.partition(b"Authorization: ")[2].partition(b"\r\n")[0] for raw in mpaas.requests}) == 3


def test_three_tries_are_all_there_are() -> None:
    with Loopback(answering(_FLOW_CONTROL)) as mpaas, _client(mpaas.endpoint) as client:
        assert isinstance(client.push_broadcast(_PARAMETERS), NotSent)
    assert len(mpaas.requests) == 3


@pytest.mark.parametrize(("header", "pause"), [("2500", 2.5), ("0", 1.0), ("soon", 1.0), ("", 1.0)])
def test_throttling_may_say_how_many_milliseconds_to_wait(header: str, pause: float) -> None:
    pauses: list[float] = []
    throttle = answering(_THROTTLED, status=400, headers=f"x-acs-retry-after: {header}\r\n")
    with Loopback(throttle, answering(_ACCEPTED)) as mpaas, _client(mpaas.endpoint, pause=pauses.append) as client:
        assert isinstance(client.push_broadcast(_PARAMETERS), Accepted)
    assert pauses == [pause]


def test_a_wait_longer_than_the_call_may_take_is_left_to_the_caller() -> None:
    throttle = answering(_THROTTLED, status=400, headers="x-acs-retry-after: 60000\r\n")
    with Loopback(throttle) as mpaas, _client(mpaas.endpoint) as client:
        outcome = client.push_broadcast(_PARAMETERS)
    assert isinstance(outcome, NotSent)
    assert outcome.retry_after == 60.0
    assert len(mpaas.requests) == 1


@pytest.mark.parametrize("fault", [closing, resetting, answering(b"", status=502)])
def test_a_fault_in_the_second_try_is_final(fault: Behaviour) -> None:
    with Loopback(answering(_FLOW_CONTROL), fault, answering(_ACCEPTED)) as mpaas, _client(mpaas.endpoint) as client:
        assert isinstance(client.push_broadcast(_PARAMETERS), Unknown)
    assert len(mpaas.requests) == 2


def test_a_refused_connection_is_tried_again_and_arrives_once() -> None:
    mpaas = Loopback(answering(_ACCEPTED), listening=False)
    with mpaas, _client(mpaas.endpoint, pause=lambda _: mpaas.listen()) as client:
        assert isinstance(client.push_broadcast(_PARAMETERS), Accepted)
    assert _nonces(mpaas.requests) == ["nonce-1"]


def test_connections_refused_to_the_end_prove_that_nothing_was_sent() -> None:
    pauses: list[float] = []
    with Loopback(listening=False) as mpaas, _client(mpaas.endpoint, pause=pauses.append) as client:
        outcome = client.push_broadcast(_PARAMETERS)
    assert isinstance(outcome, NotSent)
    assert outcome.why.startswith(f"No connection to {mpaas.endpoint}/: ")
    assert pauses == [CONNECT_PAUSE, CONNECT_PAUSE]


def test_a_server_that_hangs_is_left_after_the_read_timeout_and_unknown() -> None:
    with Loopback(hanging) as mpaas, _client(mpaas.endpoint, timeouts=Timeouts(read=0.2)) as client:
        outcome = client.push_broadcast(_PARAMETERS)
    assert outcome == Unknown(why="mPaaS did not answer in time; the request may have arrived.")
    assert len(mpaas.requests) == 1


def test_a_slow_drip_is_cut_at_the_deadline_and_unknown() -> None:
    started = time.monotonic()
    with Loopback(DRIP) as mpaas, _client(mpaas.endpoint, timeouts=Timeouts(total=0.8)) as client:
        outcome = client.push_broadcast(_PARAMETERS)
    assert outcome == Unknown(why="mPaaS did not answer in time; the request may have arrived.")
    assert time.monotonic() - started < 10  # the drip lasts 26 seconds
    assert len(mpaas.requests) == 1


def test_when_the_time_is_over_before_the_first_byte_nothing_is_sent() -> None:
    ticks = itertools.chain([0.0, 0.0, 0.0], itertools.repeat(9.0))  # a pause of the process while it connects
    with Loopback(answering(_ACCEPTED)) as mpaas, _client(mpaas.endpoint, monotonic=lambda: next(ticks)) as client:
        outcome = client.push_broadcast(_PARAMETERS)
    assert isinstance(outcome, NotSent)
    assert outcome.retry_after is None
    assert mpaas.requests == []


def test_a_parameter_that_cannot_be_written_is_not_sent() -> None:
    with Loopback(answering(_ACCEPTED)) as mpaas, _client(mpaas.endpoint) as client:
        outcome = client.push_broadcast({**_PARAMETERS, "TaskName": "\ud83d"})
    assert isinstance(outcome, NotSent)
    assert "half of a character" in outcome.why
    assert mpaas.requests == []


def test_each_call_has_its_own_connection_and_takes_no_cookies_along() -> None:
    cookie = answering(_ACCEPTED, headers="Set-Cookie: a=b; Path=/\r\n")
    with Loopback(cookie) as mpaas, _client(mpaas.endpoint) as client:
        client.push_broadcast(_PARAMETERS)
        client.push_broadcast(_PARAMETERS)
    assert len(mpaas.requests) == 2
    assert b"cookie" not in mpaas.requests[1].lower()


def test_proxies_of_the_environment_are_not_used() -> None:
    proxies = {"HTTP_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"}
    with Loopback(answering(_ACCEPTED)) as mpaas:
        command = [sys.executable, "-c", _PUSH_FROM_ANOTHER_PROCESS, mpaas.endpoint]
        done = subprocess.run(command, env=os.environ | proxies, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "accepted"
    assert len(mpaas.requests) == 1


def test_secrets_show_neither_in_logs_nor_reprs_nor_outcomes(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = _json({"Code": "SignatureDoesNotMatch", "Message": "signed: very-token/1, very-token%2F1, very-secret"})
    credentials = Credentials("testid", SecretStr("very-secret"), SecretStr("very-token/1"))
    with Loopback(answering(echo, status=400)) as mpaas:
        client = PushClient(
            mpaas.endpoint, credentials, app_id="a", workspace_id="w", now=lambda: _NOON, nonce=lambda: "n"
        )
        with client:
            outcome = client.push_broadcast(_PARAMETERS)
    assert isinstance(outcome, Declined)
    assert b"very-token/1" in mpaas.requests[0]
    assert "very-" not in f"{caplog.text}{client!r}{vars(client)}{outcome!r}"


def test_recall_names_the_task() -> None:
    with Loopback(answering(_ACCEPTED)) as mpaas, _client(mpaas.endpoint, tenant_id="TENANT") as client:
        assert isinstance(client.revoke("20842863"), Accepted)
    assert mpaas.requests[0].endswith(b"\r\n\r\nAppId=ONEX&TaskId=20842863&TenantId=TENANT&WorkspaceId=test")
    assert b"x-acs-action: RevokePushTask\r\n" in mpaas.requests[0]


def test_cancelling_says_for_each_id_what_became_of_it() -> None:
    answer = _json({"ResultCode": "OK", "ResultContent": '{"a":"1","b":"0"}'})
    with Loopback(answering(answer)) as mpaas, _client(mpaas.endpoint) as client:
        outcomes = client.cancel_scheduled(["a", "b", "a"])
    assert [outcome.kind for outcome in outcomes.values()] == ["accepted", "declined"]
    assert mpaas.requests[0].endswith(b"\r\n\r\nAppId=ONEX&Type=0&UniqueIds=a%2Cb&WorkspaceId=test")


def test_many_cancellations_go_out_thirty_at_a_time() -> None:
    with Loopback(answering(b"")) as mpaas, _client(mpaas.endpoint) as client:
        outcomes = client.cancel_scheduled(str(number) for number in range(31))
    assert [outcome.kind for outcome in outcomes.values()] == ["unknown"] * 31
    assert [raw.count(b"%2C") for raw in mpaas.requests] == [29, 0]


@pytest.mark.parametrize("unique_id", ["", "a,b"])
def test_an_id_that_would_cancel_something_else_is_not_sent(unique_id: str) -> None:
    with Loopback(closing) as mpaas, _client(mpaas.endpoint) as client:
        assert isinstance(client.cancel_scheduled([unique_id])[unique_id], NotSent)
    assert mpaas.requests == []


def test_a_cancellation_without_an_answer_is_unknown() -> None:
    with Loopback(closing) as mpaas, _client(mpaas.endpoint) as client:
        assert isinstance(client.cancel_scheduled(["a"])["a"], Unknown)
    assert len(mpaas.requests) == 1
