"""The vendor's SDK, given the headers and the body that we sent, signs them as we did; and speaks to the same bytes."""

import json
from datetime import UTC, datetime

import pytest
from alibabacloud_mpaas20201028.client import Client
from alibabacloud_mpaas20201028.models import RevokePushTaskRequest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest
from mpaas.loopback import Loopback, answering
from pydantic import SecretStr

from bot.domain.outcome import Accepted
from bot.mpaas.client import PushClient
from bot.mpaas.signing import Credentials

_ALGORITHM = "ACS3-HMAC-SHA256"
_ACCEPTED = json.dumps({"ResultCode": "OK", "PushResult": {"Success": True, "Data": "t1"}}).encode()


def _our_client(endpoint: str, token: str = "") -> PushClient:
    return PushClient(
        endpoint,
        Credentials("testid", SecretStr("testsecret"), SecretStr(token)),
        app_id="ONEX570DA89211721",
        workspace_id="test",
        now=lambda: datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
        nonce=lambda: "0123456789abcdef0123456789abcdef",
    )


def _parts(raw: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    return {name.lower(): value for name, _, value in lines}, body


def _signed_by_the_sdk(headers: dict[str, str], body: bytes) -> str:
    names = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    request = DaraRequest()
    request.method, request.pathname, request.query = "POST", "/", {}
    request.headers = {name: headers[name] for name in names}
    body_hash = Utils.hash(body, _ALGORITHM).hex()
    return str(Utils.get_authorization(request, _ALGORITHM, body_hash, "testid", "testsecret"))


@pytest.mark.parametrize("token", ["", "teststoken"])
@pytest.mark.parametrize("task_name", ["Sale", "群发 测试+任务 ~*'()&=%/", "📣\nline"])
def test_the_sdk_signs_the_request_we_sent_as_we_did(token: str, task_name: str) -> None:
    with Loopback(answering(_ACCEPTED)) as mpaas, _our_client(mpaas.endpoint, token) as client:
        assert isinstance(client.push_broadcast({"AppId": "ONEX", "TaskName": task_name}), Accepted)
    headers, body = _parts(mpaas.requests[0])
    assert _signed_by_the_sdk(headers, body) == headers["authorization"]
    assert headers["x-acs-content-sha256"] == Utils.hash(body, _ALGORITHM).hex()


def test_the_sdk_sends_the_same_body_for_the_same_call() -> None:
    with Loopback(answering(_ACCEPTED)) as mpaas, _our_client(mpaas.endpoint) as ours:
        ours.revoke("20842863")
        _sdk_client(mpaas.endpoint).revoke_push_task(
            RevokePushTaskRequest(app_id="ONEX570DA89211721", workspace_id="test", task_id="20842863")
        )
    (our_headers, our_body), (sdk_headers, sdk_body) = map(_parts, mpaas.requests)
    assert our_body == sdk_body
    for name in ("host", "content-type", "x-acs-action", "x-acs-version", "x-acs-content-sha256"):
        assert our_headers[name] == sdk_headers[name]


def _sdk_client(endpoint: str) -> Client:
    return Client(
        Config(
            access_key_id="testid",
            access_key_secret="testsecret",
            endpoint=endpoint.removeprefix("http://"),
            protocol="http",
        )
    )
