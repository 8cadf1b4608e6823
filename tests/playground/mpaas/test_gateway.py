"""The simulated gateway: the vendor's golden requests pass, and nothing that differs from what was signed does."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from places import BESIDE
from playground.mpaas_bench import authorization

from bot.playground.mpaas.gateway import Gateway, GatewayRefusal

WIRE = BESIDE / "wire"
GOLDEN = sorted(WIRE.glob("*.http"))
SIGNED_AT = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
ACTIONS = {"PushBroadcast", "CancelPushScheduler", "GetTemplate", "PushTemplate", "QueryPushSchedulerList"}
BODY = b"AppId=ONEX570DA89211721&Msgkey=1578807462788&TaskName=Broadcast+test+task"
HEADERS = {
    "host": "mpaas.test.invalid",
    "content-type": "application/x-www-form-urlencoded",
    "x-acs-action": "PushBroadcast",
    "x-acs-version": "2020-10-28",
    "x-acs-date": "2025-01-02T03:04:05Z",
    "x-acs-signature-nonce": "0123456789abcdef0123456789abcdef",
    "x-acs-content-sha256": hashlib.sha256(BODY).hexdigest(),
}

Pairs = list[tuple[str, str]]


class Clock:
    def __init__(self) -> None:
        self.time = SIGNED_AT

    def __call__(self) -> datetime:
        return self.time


def gateway(clock: Clock | None = None, **tokens: str) -> Gateway:
    return Gateway({"testid": "testsecret"}, ACTIONS | {"RevokePushTask"}, clock or Clock(), tokens)


def signed(left_out: tuple[str, ...] = (), **changed: str) -> Pairs:
    headers = HEADERS | {name.replace("_", "-"): value for name, value in changed.items()}
    return [*headers.items(), ("Authorization", authorization(headers, "testid", "testsecret", left_out=left_out))]


def refusal(pairs: Pairs, body: bytes = BODY, at: Gateway | None = None) -> str:
    """Return the code with which the request is refused, or "" when it passes."""
    try:
        (at or gateway()).check(pairs, body)
    except GatewayRefusal as no:
        return no.code
    return ""


def parsed(path: Path) -> tuple[Pairs, bytes]:
    head, _, body = path.read_bytes().partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")[1:]
    return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)], body


needs_golden = pytest.mark.skipif(not GOLDEN, reason="the vendor's golden requests are not beside this checkout")


@needs_golden
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_vendors_golden_requests_pass(path: Path) -> None:
    pairs, body = parsed(path)
    tokens = {"testid": "teststoken"} if "_sts" in path.stem else {}
    call = gateway(None, **tokens).check(pairs, body)
    assert call.action == dict(pairs)["x-acs-action"]
    assert call.access_key_id == "testid"


@needs_golden
def test_a_temporary_key_is_nothing_without_its_token() -> None:
    pairs, body = parsed(WIRE / "new_sdk_v3_sts.http")
    bare, bare_body = parsed(WIRE / "new_sdk_v3_minimal.http")
    assert refusal(bare, bare_body, gateway(testid="teststoken")) == "InvalidAccessKeyId.NotFound"
    assert refusal(pairs, body, gateway(testid="other")) == "InvalidSecurityToken.MismatchWithAccessKey"
    assert refusal(pairs, body, gateway()) == "InvalidSecurityToken.MismatchWithAccessKey"


@needs_golden
def test_the_refusal_quotes_the_servers_string_to_sign() -> None:
    pairs, body = parsed(WIRE / "new_sdk_v3_minimal.http")
    stranger = Gateway({"testid": "another"}, ACTIONS, Clock())
    digest = "a884f36cdb521a7d17d53e56ab8bfa0bbba55ac517c34fa43ac1a082dbbc8d38"  # the fact sheet's, section 2.2
    with pytest.raises(GatewayRefusal, match=f"is:ACS3-HMAC-SHA256\n{digest}"):
        stranger.check(pairs, body)


def test_a_request_signed_from_the_rules_passes() -> None:
    assert refusal(signed()) == ""


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_any_changed_byte_of_the_body_is_refused(place: int, difference: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= difference
    assert refusal(signed(), bytes(changed)) == "SignatureDoesNotMatch"


@given(st.sampled_from(sorted(HEADERS)), st.integers(0, 63), st.integers(1, 255))
def test_any_changed_byte_of_a_signed_header_is_refused(name: str, place: int, difference: int) -> None:
    value = bytearray(HEADERS[name].encode())
    assume(place < len(value))
    value[place] ^= difference
    changed = [(key, value.decode("latin-1") if key == name else old) for key, old in signed()]
    assert refusal(changed) != ""


@given(st.integers(0, 300), st.integers(1, 127))
def test_any_changed_byte_of_the_authorization_is_refused(place: int, difference: int) -> None:
    *others, (name, value) = signed()
    assume(place < len(value))
    changed = value[:place] + chr(ord(value[place]) ^ difference) + value[place + 1 :]
    assume(changed.strip() == changed)
    assert refusal([*others, (name, changed)]) != ""


@given(st.sampled_from(sorted(HEADERS)))
def test_a_mandatory_header_that_is_sent_unsigned_is_refused(name: str) -> None:
    assert refusal(signed(left_out=(name,))) == "IncompleteSignature"


@given(st.sampled_from(sorted(HEADERS)))
def test_a_header_that_was_signed_and_taken_away_is_refused(name: str) -> None:
    assert refusal([pair for pair in signed() if pair[0] != name]) in ("MissingParameter", "IncompleteSignature")


def test_an_added_vendor_header_must_be_signed() -> None:
    assert refusal([*signed(), ("X-Acs-Extra", "1")]) == "IncompleteSignature"
    assert refusal(signed(x_acs_extra="1")) == ""
    assert refusal([*signed(), ("Accept", "*/*")]) == ""


def test_a_repeated_header_counts_with_all_its_values() -> None:
    assert refusal([*signed(), ("x-acs-action", "PushBroadcast")]) == "SignatureDoesNotMatch"


def test_a_hash_of_another_body_is_refused_though_it_is_signed() -> None:
    assert refusal(signed(x_acs_content_sha256=hashlib.sha256(b"other").hexdigest())) == "SignatureDoesNotMatch"
    headers = HEADERS | {"x-acs-content-sha256": hashlib.sha256(b"other").hexdigest()}
    right_end = HEADERS["x-acs-content-sha256"]
    proof = authorization(headers, "testid", "testsecret", left_out=(), body_hash=right_end)
    assert refusal([*headers.items(), ("Authorization", proof)]) == "SignatureDoesNotMatch"


@pytest.mark.parametrize(("minutes", "code"), [(-15, ""), (15, ""), (-15.1, "Expired"), (15.1, "Expired")])
def test_a_signature_lives_for_fifteen_minutes_on_both_sides(minutes: float, code: str) -> None:
    clock = Clock()
    clock.time += timedelta(minutes=minutes)
    assert refusal(signed(), at=gateway(clock)) == (code and f"InvalidTimeStamp.{code}")


@pytest.mark.parametrize(
    "date", ["2025-01-02 03:04:05", "2025-1-2T3:4:5Z", "2025-02-30T03:04:05Z", "٢٠٢٥-01-02T03:04:05Z"]
)
def test_a_date_in_another_form_is_refused(date: str) -> None:
    assert refusal([(n, date if n == "x-acs-date" else v) for n, v in signed()]) == "InvalidTimeStamp.Format"


def test_a_nonce_works_once_in_thirty_one_minutes() -> None:
    clock = Clock()
    door = gateway(clock)
    assert refusal(signed(), at=door) == ""
    assert refusal(signed(), at=door) == "SignatureNonceUsed"
    clock.time += timedelta(minutes=31)
    assert refusal(signed(x_acs_date="2025-01-02T03:35:05Z"), at=door) == "SignatureNonceUsed"
    clock.time += timedelta(seconds=1)
    assert refusal(signed(x_acs_date="2025-01-02T03:35:05Z"), at=door) == ""


def test_a_wrong_signature_does_not_use_up_the_nonce() -> None:
    door = gateway()
    assert refusal(signed(), b"tampered", door) == "SignatureDoesNotMatch"
    assert refusal(signed(), at=door) == ""


def test_the_vendors_other_refusals_have_its_codes() -> None:
    assert refusal(signed(x_acs_version="2019-08-21")) == "InvalidVersion"
    assert refusal(signed(x_acs_action="DropEverything")) == "InvalidAction.NotFound"
    assert refusal(signed(content_type="application/json")) == "InvalidParameter"
    assert refusal([*HEADERS.items()]) == "IncompleteSignature"
    assert refusal([*HEADERS.items(), ("Authorization", "HMAC-SHA1 abc")]) == "InvalidSignatureMethod"
    with pytest.raises(GatewayRefusal, match="Send POST"):
        gateway().check(signed(), BODY, method="GET")


def test_no_secret_shows_in_the_gateways_repr() -> None:
    assert "testsecret" not in repr(gateway())
