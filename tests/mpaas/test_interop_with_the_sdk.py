"""The vendor's SDK, given the headers and the body that we sent, signs them as we did; and speaks to the same bytes."""

import json
from datetime import UTC, datetime

import pytest
from alibabacloud_mpaas20201028.models import RevokePushTaskRequest
from alibabacloud_tea_openapi.utils import Utils
from mpaas.loopback import Loopback, answering
from mpaas.sdk import ALGORITHM, parts, sdk_client, signed_by_the_sdk
from pydantic import SecretStr

from bot.domain.outcome import Accepted
from bot.mpaas.client import PushClient
from bot.mpaas.signing import Credentials

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


@pytest.mark.parametrize("token", ["", "teststoken"])
@pytest.mark.parametrize("task_name", ["Sale", "群发 测试+任务 ~*'()&=%/", "📣\nline"])
def test_the_sdk_signs_the_request_we_sent_as_we_did(token: str, task_name: str) -> None:
    with Loopback(answering(_ACCEPTED)) as mpaas, _our_client(mpaas.endpoint, token) as client:
        assert isinstance(client.push_broadcast({"AppId": "ONEX", "TaskName": task_name}), Accepted)
    headers, body = parts(mpaas.requests[0])
    assert signed_by_the_sdk(headers, body) == headers["authorization"]
    assert headers["x-acs-content-sha256"] == Utils.hash(body, ALGORITHM).hex()


def test_the_sdk_sends_the_same_body_for_the_same_call() -> None:
    with Loopback(answering(_ACCEPTED)) as mpaas, _our_client(mpaas.endpoint) as ours:
        ours.revoke("20842863")
        sdk_client(mpaas.endpoint).revoke_push_task(
            RevokePushTaskRequest(app_id="ONEX570DA89211721", workspace_id="test", task_id="20842863")
        )
    (our_headers, our_body), (sdk_headers, sdk_body) = map(parts, mpaas.requests)
    assert our_body == sdk_body
    for name in ("host", "content-type", "x-acs-action", "x-acs-version", "x-acs-content-sha256"):
        assert our_headers[name] == sdk_headers[name]
