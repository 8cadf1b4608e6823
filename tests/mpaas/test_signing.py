"""The signature, stage by stage: from vectors made with openssl alone, and from what the vendor's SDK really sent."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import BESIDE
from pydantic import SecretStr

from bot.mpaas import signing
from bot.mpaas.signing import Credentials

_VECTORS = sorted((Path(__file__).parent / "vectors").iterdir())
_WIRE = sorted((BESIDE / "wire").glob("*.http"))

_CREDENTIALS = Credentials("testid", SecretStr("testsecret"))
_HEADERS = [
    ("content-type", "application/x-www-form-urlencoded"),
    ("host", "mpaas.test.invalid"),
    ("x-acs-action", "PushBroadcast"),
    ("x-acs-date", "2025-01-02T03:04:05Z"),
    ("x-acs-signature-nonce", "0123456789abcdef0123456789abcdef"),
]
_header_text = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


def _headers_of(case: Path) -> list[tuple[str, str]]:
    lines = (case / "headers").read_text().splitlines()
    return [(name, value) for name, _, value in (line.partition(":") for line in lines)]


def _body_hash(case: Path) -> str:
    return signing.hash_of_body((case / "body").read_bytes())


def test_there_are_vectors_to_compare_with() -> None:
    assert [case.name for case in _VECTORS] == [
        "port_and_empty_body",
        "required_headers_only",
        "with_a_security_token",
    ]


@pytest.mark.parametrize("case", _VECTORS, ids=lambda case: case.name)
def test_stage_one_the_canonical_request(case: Path) -> None:
    shuffled = [(name.title(), f" {value} ") for name, value in reversed(_headers_of(case))]
    assert signing.canonical_request(shuffled, _body_hash(case)) == (case / "canonical_request").read_text()


@pytest.mark.parametrize("case", _VECTORS, ids=lambda case: case.name)
def test_stage_two_the_string_to_sign(case: Path) -> None:
    canonical = (case / "canonical_request").read_text()
    assert signing.string_to_sign(canonical) == (case / "string_to_sign").read_text()


@pytest.mark.parametrize("case", _VECTORS, ids=lambda case: case.name)
def test_stage_three_the_signature(case: Path) -> None:
    found = signing.signature(_CREDENTIALS, (case / "string_to_sign").read_text())
    assert (case / "authorization").read_text().endswith(f",Signature={found}")


@pytest.mark.parametrize("case", _VECTORS, ids=lambda case: case.name)
def test_stage_four_the_authorization_header(case: Path) -> None:
    found = signing.authorization(_CREDENTIALS, _headers_of(case), _body_hash(case))
    assert found == (case / "authorization").read_text()


@pytest.mark.parametrize("file", _WIRE, ids=lambda file: file.stem)
def test_a_request_the_vendors_sdk_sent_gets_the_same_authorization(file: Path) -> None:
    head, _, body = file.read_bytes().partition(b"\r\n\r\n")
    headers = [(name, value) for name, _, value in (line.partition(": ") for line in head.decode().split("\r\n")[1:])]
    said = dict(headers)["Authorization"]
    signed_names = re.findall(r"SignedHeaders=([^,]*)", said)[0].split(";")
    signed = [(name, value) for name, value in headers if name.lower() in signed_names]
    assert signing.authorization(_CREDENTIALS, signed, signing.hash_of_body(body)) == said


def test_what_is_signed_is_host_content_type_and_every_x_acs_header() -> None:
    headers = [*_HEADERS, ("User-Agent", "a proxy may change it"), ("accept", "*/*"), ("X-Acs-Version", "2020-10-28")]
    assert signing.headers_to_sign(headers) == [*_HEADERS, ("X-Acs-Version", "2020-10-28")]


def test_values_of_equal_names_are_joined_in_order() -> None:
    canonical = signing.canonical_request([("X-Acs-A", "2"), ("x-acs-a", "1")], "hash")
    assert canonical == "POST\n/\n\nx-acs-a:1,2\n\nx-acs-a\nhash"


@given(st.binary(), st.binary())
def test_a_signature_over_another_body_differs(one: bytes, other: bytes) -> None:
    same = _signed(_HEADERS, one) == _signed(_HEADERS, other)
    assert same == (one == other)


@given(st.integers(0, len(_HEADERS) - 1), _header_text)
def test_changing_any_signed_header_changes_the_signature(position: int, value: str) -> None:
    name, original = _HEADERS[position]
    changed = [*_HEADERS[:position], (name, value), *_HEADERS[position + 1 :]]
    same = _signed(changed, b"body") == _signed(_HEADERS, b"body")
    assert same == (value == original)


@given(st.integers(0, len(_HEADERS) - 1))
def test_leaving_out_a_signed_header_changes_the_signature(position: int) -> None:
    fewer = [*_HEADERS[:position], *_HEADERS[position + 1 :]]
    assert _signed(fewer, b"body") != _signed(_HEADERS, b"body")


@given(_header_text)
def test_another_secret_gives_another_signature(secret: str) -> None:
    other = Credentials("testid", SecretStr(secret))
    same = signing.signature(other, "text") == signing.signature(_CREDENTIALS, "text")
    assert same == (secret == "testsecret")


def test_secrets_show_in_no_repr() -> None:
    credentials = Credentials("testid", SecretStr("very-secret"), SecretStr("very-token"))
    shown = f"{credentials} {credentials!r} {[credentials]}"
    assert "testid" in shown
    assert "very-" not in shown


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("", "secret", ""), "AccessKey id is empty"),
        (("id,Signature=0", "secret", ""), "AccessKey id is empty or has characters"),
        (("id", "", ""), "AccessKey secret is empty"),
        (("id", "pasted with a\nbreak", ""), "AccessKey secret is empty or has characters"),
        (("id", "secret", "token\r\nx-acs-action: DeleteApp"), "security token has characters"),
    ],
)
def test_credentials_that_could_never_sign_are_refused_without_quoting_them(
    parts: tuple[str, str, str], sentence: str
) -> None:
    key_id, secret, token = parts
    with pytest.raises(ValueError, match=sentence) as refusal:
        Credentials(key_id, SecretStr(secret), SecretStr(token))
    assert not any(part and part in str(refusal.value) for part in (secret, token) if part != "secret")


def _signed(headers: list[tuple[str, str]], body: bytes) -> str:
    return signing.authorization(_CREDENTIALS, headers, signing.hash_of_body(body)).rpartition("=")[2]
