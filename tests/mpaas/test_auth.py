"""The httpx side of the signature: it signs what will be sent, and yields the request once."""

from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest
from pydantic import SecretStr

from bot.mpaas import signing
from bot.mpaas.auth import Acs3Auth
from bot.mpaas.signing import Credentials

_BODY = (
    b"AppId=ONEX570DA89211721&DeliveryType=1&ExpiredSeconds=300&Msgkey=1578807462788&TaskName=Broadcast+test+task"
    b"&TemplateName=Broadcast+template&WorkspaceId=test"
)
_NOON = datetime(2025, 1, 2, 3, 4, 5, 999999, tzinfo=UTC)


def _auth(moment: datetime = _NOON, token: str = "") -> Acs3Auth:
    credentials = Credentials("testid", SecretStr("testsecret"), SecretStr(token))
    return Acs3Auth(credentials, now=lambda: moment, nonce=lambda: "0123456789abcdef0123456789abcdef")


def _request(url: str = "https://mpaas.test.invalid/", content: bytes = _BODY) -> httpx.Request:
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-acs-action": "PushBroadcast",
        "x-acs-version": "2020-10-28",
    }
    return httpx.Request("POST", url, content=content, headers=headers)


def _signed(auth: Acs3Auth, request: httpx.Request) -> httpx.Request:
    return next(auth.sync_auth_flow(request))


def test_the_published_example_gets_the_published_signature() -> None:
    signature = "ad60a1e39661611a6617bcf7f00cdbdd61489087b85b21d7ae0f449fb04d8066"
    assert _signed(_auth(), _request()).headers["authorization"].endswith(f",Signature={signature}")


def test_a_request_is_sent_once_whatever_the_answer_is() -> None:
    flow = _auth().sync_auth_flow(_request())
    request = next(flow)
    with pytest.raises(StopIteration):
        flow.send(httpx.Response(401, request=request))


def test_the_body_is_hashed_as_it_is_sent() -> None:
    signed = _signed(_auth(), _request(content=b"a=1"))
    assert signed.headers["x-acs-content-sha256"] == signing.hash_of_body(b"a=1")
    assert signed.read() == b"a=1"


def test_a_streamed_body_is_read_before_it_is_signed() -> None:
    request = httpx.Request("POST", "https://mpaas.test.invalid/", content=iter([b"a=", b"1"]))
    assert _signed(_auth(), request).headers["x-acs-content-sha256"] == signing.hash_of_body(b"a=1")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://mpaas.test.invalid/", "mpaas.test.invalid"),
        ("https://mpaas.test.invalid:443/", "mpaas.test.invalid"),
        ("https://mpaas.test.invalid:8443/", "mpaas.test.invalid:8443"),
        ("http://[::1]:8080/", "[::1]:8080"),
    ],
)
def test_the_host_is_signed_as_it_is_sent_with_any_unusual_port(url: str, host: str) -> None:
    signed = _signed(_auth(), _request(url))
    sent = [(name, host if name == "host" else value) for name, value in signed.headers.multi_items()]
    to_sign = signing.headers_to_sign((name, value) for name, value in sent if name != "authorization")
    expected = signing.authorization(
        Credentials("testid", SecretStr("testsecret")), to_sign, signing.hash_of_body(_BODY)
    )
    assert signed.headers["host"] == host
    assert signed.headers["authorization"] == expected


def test_the_date_is_written_in_utc_to_the_second() -> None:
    beijing = _NOON.astimezone(timezone(timedelta(hours=8)))
    assert _signed(_auth(beijing), _request()).headers["x-acs-date"] == "2025-01-02T03:04:05Z"


def test_a_signature_can_be_dated_otherwise_than_by_the_clock() -> None:
    dated = _auth(token="teststoken").dated(_NOON - timedelta(minutes=1))
    assert _signed(dated, _request()).headers["x-acs-date"] == "2025-01-02T03:03:05Z"
    assert _signed(dated, _request()).headers["x-acs-security-token"] == "teststoken"


def test_a_security_token_is_sent_and_signed_with_its_key_id() -> None:
    signed = _signed(_auth(token="teststoken"), _request())
    assert signed.headers["x-acs-accesskey-id"] == "testid"
    assert signed.headers["x-acs-security-token"] == "teststoken"
    assert "x-acs-accesskey-id;x-acs-action;" in signed.headers["authorization"]
    assert ";x-acs-security-token;" in signed.headers["authorization"]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="a time with a zone"):
        _signed(_auth(_NOON.replace(tzinfo=None)), _request())


@pytest.mark.parametrize(
    "request_",
    [
        httpx.Request("GET", "https://mpaas.test.invalid/"),
        httpx.Request("POST", "https://mpaas.test.invalid/?a=1", content=b""),
        httpx.Request("POST", "https://mpaas.test.invalid/other", content=b""),
    ],
    ids=["get", "query", "path"],
)
def test_a_request_of_another_shape_is_refused(request_: httpx.Request) -> None:
    with pytest.raises(ValueError, match="POST requests to /"):
        _signed(_auth(), request_)
