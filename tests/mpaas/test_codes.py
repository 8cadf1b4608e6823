"""The table of codes: a change of class must be made here too, and each row must say where it comes from."""

import pytest

from bot.mpaas.codes import ROWS, Origin, Proof, find

_REFUSED_BY_MPS = {
    *("-1", "3001", "3002", "3003", "3007", "3008", "3009", "3012", "3019"),
    *("3020", "3021", "3022", "3023", "3024", "3025", "3026", "3028", "3029"),
    *("3030", "3031", "3032", "3033", "3035", "3036", "3037", "3038", "3039"),
    *("3040", "3041", "3042", "3043", "3044", "3049", "3050", "8012", "8013", "8014"),
}


def _codes(origin: Origin, proof: Proof) -> list[str]:
    return [row.code for row in ROWS if row.origin is origin and row.proof is proof]


def test_what_mps_certainly_refuses_is_exactly_what_its_pages_list() -> None:
    assert set(_codes(Origin.SERVICE, Proof.REFUSED)) == _REFUSED_BY_MPS


def test_only_flow_control_allows_one_more_try() -> None:
    assert _codes(Origin.SERVICE, Proof.THROTTLED) == ["8011"]
    assert _codes(Origin.GATEWAY, Proof.THROTTLED) == ["Throttling", "Throttling.*"]


def test_two_codes_mean_success() -> None:
    assert _codes(Origin.SERVICE, Proof.ACCEPTED) == ["OK", "100"]
    assert _codes(Origin.GATEWAY, Proof.ACCEPTED) == []


def test_these_codes_are_known_to_prove_nothing() -> None:
    assert _codes(Origin.SERVICE, Proof.NOTHING) == ["9000"]
    assert _codes(Origin.GATEWAY, Proof.NOTHING) == [
        "SignatureNonceUsed",
        "ServiceUnavailable",
        "InternalError",
        "UnknownError",
    ]


def test_every_code_has_one_row_a_source_and_a_sentence_that_helps() -> None:
    assert len({row.code for row in ROWS}) == len(ROWS)
    assert [row.code for row in ROWS if "page" not in row.source] == []
    assert [row.code for row in ROWS if not row.hint.endswith(".") or not row.meaning] == []


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("Throttling.User", "Throttling.*"),
        ("InvalidTaskName.Format", "Invalid*"),
        ("MissingAppId", "Missing*"),
        ("InvalidTimeStamp.Expired", "InvalidTimeStamp.Expired"),
    ],
)
def test_a_code_finds_its_own_row_before_the_one_with_a_star(code: str, row: str) -> None:
    found = find(code)
    assert found is not None
    assert found.code == row


@pytest.mark.parametrize(
    "code",
    ["", "ok", "200", "3010", "3051", "ThrottlingX", "Invalid", "Invalidated", "Missing*", "Throttling."],
)
def test_a_code_that_only_resembles_a_row_has_none(code: str) -> None:
    assert find(code) is None


@pytest.mark.parametrize(
    ("code", "status", "counts"),
    [
        ("3022", 200, True),
        ("3022", 400, True),
        ("3022", 500, False),
        ("3022", 301, False),
        ("3022", 204, False),
        ("Forbidden.RAM", 403, True),
        ("Forbidden.RAM", 200, False),
        ("Throttling", 429, True),
        ("Throttling", 200, False),
        ("Throttling", 503, False),
    ],
)
def test_mps_speaks_with_http_200_and_the_gateway_with_4xx(code: str, status: int, *, counts: bool) -> None:
    found = find(code)
    assert found is not None
    assert found.counts_at(status) is counts
