"""What the tests of the simulated mPaaS share: a clock that stands still, a caller, and the vendor's own client."""

import hashlib
import hmac
import http.client
import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import clock
from alibabacloud_mpaas20201028.client import Client
from alibabacloud_mpaas20201028.models import PushBroadcastRequest
from alibabacloud_tea_openapi.models import Config
from darabonba.runtime import ExtendsParameters, RuntimeOptions

from bot.playground.mpaas.results import App
from bot.playground.mpaas.sim import MpaasSim

NOON = datetime(2026, 12, 1, 4, 0, 0, tzinfo=UTC)
"""12:00 in Shanghai, a Tuesday."""
APP = App("ONEX570DA89211721", "test")
GUARDED = App("ONEXGUARDED", "default", "LZFPEFIM", frozenset({"liveid"}))
KEYS = {"testid": "testsecret", "liveid": "livesecret"}
BROADCAST = {
    "AppId": APP.app_id,
    "WorkspaceId": APP.workspace_id,
    "TaskName": "outage 7F3K",
    "DeliveryType": "1",
    "Msgkey": "7F3K-android",
    "ExpiredSeconds": "600",
    "TemplateName": "outage",
    "TemplateKeyValue": '{"city":"Berlin","time":"14:00"}',
    "PushStatus": "0",
    "BindPeriod": "4",
}
_NONCES = itertools.count()


def simulated(now: Callable[[], datetime] = lambda: NOON) -> MpaasSim:
    """Return a simulator; without ``now`` its clock moves only when told."""
    return MpaasSim(apps=[APP, GUARDED], access_keys=KEYS, now=now)


def signed(sim: MpaasSim, action: str, body: bytes, **changed: str) -> dict[str, str]:
    """Return the headers of a right call; ``changed`` replaces signed values, ``key`` and ``secret`` too."""
    key = changed.pop("key", "testid")
    secret = changed.pop("secret", "") or KEYS[key]
    headers = {
        "host": urlsplit(sim.url).netloc,
        "content-type": "application/x-www-form-urlencoded",
        "x-acs-action": action,
        "x-acs-version": "2020-10-28",
        "x-acs-date": sim.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": f"nonce-{next(_NONCES)}",
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
    } | {name.replace("_", "-"): value for name, value in changed.items()}
    return {**headers, "Authorization": authorization(headers, key, secret, left_out=())}


def authorization(
    headers: Mapping[str, str], key: str, secret: str, *, left_out: Iterable[str], body_hash: str = ""
) -> str:
    """Return the Authorization for headers with lower-case names, signing all that are not ``left_out``."""
    names = ";".join(sorted(set(headers) - set(left_out)))
    lines = "".join(f"{name}:{headers[name]}\n" for name in names.split(";"))
    canonical = f"POST\n/\n\n{lines}\n{names}\n{body_hash or headers['x-acs-content-sha256']}"
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}"


def call(sim: MpaasSim, action: str, parameters: Mapping[str, str], **changed: str) -> dict[str, Any]:
    """Make one signed call and return the answer's JSON."""
    body = urlencode(parameters).encode()
    return exchange(sim.url, "POST", "/", body=body, headers=signed(sim, action, body, **changed))[2]


def control(url: str, method: str, path: str, value: object = None) -> Any:
    """Make one control call and return its value."""
    body = b"" if value is None else json.dumps(value).encode()
    status, _, answer = exchange(url, method, f"/_control/{path}", body=body)
    assert status == 200, answer
    return answer["value"]


def exchange(
    url: str, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Send one request and return status, headers by lower-case name, and the JSON that came back."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(url).port or 0, timeout=10)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, json.loads(answer.read())
    finally:
        connection.close()


def vendor_client(sim: MpaasSim, key: str = "testid", secret: str = "testsecret") -> Client:
    """Return the vendor's own client, pointed at the simulator."""
    return Client(
        Config(
            access_key_id=key,
            access_key_secret=secret,
            endpoint=urlsplit(sim.url).netloc,
            protocol="http",
            region_id="x",
        )
    )


def vendor_broadcast(**changed: object) -> PushBroadcastRequest:
    """Return the vendor's model of a broadcast that is right, with some fields changed (None: left out)."""
    said: dict[str, object] = {
        "app_id": APP.app_id,
        "workspace_id": APP.workspace_id,
        "task_name": "outage 7F3K",
        "delivery_type": 1,
        "msgkey": "7F3K-android",
        "expired_seconds": 600,
        "template_name": "outage",
        "template_key_value": '{"city":"Berlin","time":"14:00"}',
        "push_status": 0,
        "bind_period": 4,
    }
    return PushBroadcastRequest(**{**said, **changed})


def runtime() -> RuntimeOptions:
    """Return explicit time limits (ms), and the tests' time: a header that is given wins over the SDK's own."""
    dated = ExtendsParameters(headers={"x-acs-date": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"})
    return RuntimeOptions(connect_timeout=5000, read_timeout=10000, extends_parameters=dated)
