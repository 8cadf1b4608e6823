"""What an answer proves: a listed refusal or success proves something, everything else leaves it unknown."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.outcome import Accepted, Declined, NotSent, Unknown
from bot.mpaas.codes import ROWS, Origin, Proof, Row, find
from bot.mpaas.results import THROTTLE_PAUSE, classify, hint

_REQUEST_ID = "B589F4F4-CD68-3CE5-BDA0-6597F33E23916512"
_TASK_ID = "903bf653c1b5442b9ba07684767bf9c2"


def _answer(code: object = "OK", result: object = None, **more: object) -> dict[str, Any]:
    said = {"Success": code in ("OK", "100", 100), "ResultMsg": "", "Data": ""} if result is None else result
    return {"RequestId": _REQUEST_ID, "ResultCode": code, "ResultMessage": "", "PushResult": said, **more}


def _bytes(answer: object) -> bytes:
    return json.dumps(answer).encode()


def _example(row: Row) -> tuple[int, dict[str, Any]]:
    code = row.code.replace("*", "Name")
    if row.origin is Origin.SERVICE:
        return 200, _answer(code)
    return 400, {"RequestId": _REQUEST_ID, "HostId": "mpaas.aliyuncs.com", "Code": code, "Message": "words"}


_EXPECTED = {Proof.ACCEPTED: Accepted, Proof.REFUSED: Declined, Proof.THROTTLED: NotSent, Proof.NOTHING: Unknown}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_every_row_of_the_table_has_its_outcome(row: Row) -> None:
    status, answer = _example(row)
    assert type(classify(status, _bytes(answer))) is _EXPECTED[row.proof]


@pytest.mark.parametrize("status", [500, 502, 503, 301, 307, 204, 101])
def test_no_code_proves_anything_under_a_status_of_failure_or_redirection(status: int) -> None:
    outcomes = {row.code: classify(status, _bytes(_example(row)[1])) for row in ROWS}
    assert [code for code, outcome in outcomes.items() if not isinstance(outcome, Unknown)] == []


@pytest.mark.parametrize("status", [200, 400])
def test_success_together_with_a_code_of_failure_is_a_contradiction(status: int) -> None:
    codes = [row.code.replace("*", "Name") for row in ROWS if row.proof is not Proof.ACCEPTED]
    outcomes = {code: classify(status, _bytes(_answer(code, {"Success": True, "Data": _TASK_ID}))) for code in codes}
    assert [code for code, outcome in outcomes.items() if not isinstance(outcome, Unknown)] == []


def test_the_answer_on_the_vendors_page_is_accepted_with_its_ids() -> None:
    answer = _answer(result={"Success": True, "ResultMsg": "", "Data": _TASK_ID})
    assert classify(200, _bytes(answer)) == Accepted(task_id=_TASK_ID, request_id=_REQUEST_ID)


@pytest.mark.parametrize(
    "answer",
    [
        _answer("OK"),
        _answer("100"),
        _answer(100),
        _answer(result={"Success": True}),
        _answer(result={"Success": True, "Data": None}),
        _answer(result='{"Success": true, "ResultMsg": "", "Data": ""}'),
        _answer(None, {"Success": True}),
    ],
)
def test_success_may_be_spelled_like_this(answer: object) -> None:
    assert classify(200, _bytes(answer)) == Accepted(task_id="", request_id=_REQUEST_ID)


def test_the_refusal_seen_in_public_with_small_first_letters_is_understood() -> None:
    body = (
        '{"pushResult":{"resultMsg":"无效的instanceId","success":false},"requestId":"8A34BF43-1","resultCode":"8012",'
        '"resultMessage":"无效的instanceId"}'
    )
    found = classify(200, body.encode())
    assert isinstance(found, Declined)
    assert (found.code, found.request_id) == ("8012", "8A34BF43-1")
    assert found.message == "无效的instanceId"


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("InvalidTimeStamp.Expired", "The clock of this machine is wrong"),
        ("InvalidSecurityToken.Expired", "renew the security token"),
        ("SignatureDoesNotMatch", "Check the AccessKey id and secret"),
        ("Forbidden.RAM", "mpaas:PushBroadcast"),
    ],
)
def test_a_refusal_keeps_the_words_of_mpaas_and_its_code_says_what_to_change(code: str, advice: str) -> None:
    found = classify(403, _bytes({"Code": code, "Message": "vendor words", "RequestId": "r"}))
    assert isinstance(found, Declined)
    assert found.message == "vendor words"
    assert advice in hint(found.code)


def test_a_refusal_without_words_gets_the_tables() -> None:
    found = classify(200, _bytes(_answer("3022")))
    assert isinstance(found, Declined)
    assert found.message == "TEMPLATE_NOT_EXIST"


@pytest.mark.parametrize("code", ["Throttling", "Throttling.User", "Throttling.Api"])
@pytest.mark.parametrize("status", [400, 429])
def test_throttling_waits_as_long_as_the_answer_asks_for(code: str, status: int) -> None:
    body = _bytes({"Code": code, "Message": "m"})
    assert classify(status, body, retry_after=2.5) == NotSent(
        why=f"mPaaS is taking no more calls just now ({code}).", retry_after=2.5
    )
    assert classify(status, body) == NotSent(
        why=f"mPaaS is taking no more calls just now ({code}).", retry_after=THROTTLE_PAUSE
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502 Bad Gateway</html>",
        b"null",
        b"true",
        b"[]",
        b'"OK"',
        b"\xff\xfe",
        _bytes(_answer())[:-1],
        b'{"ResultCode":"3022","ResultCode":"OK","PushResult":{"Success":true}}',
        b'{"ResultCode":"OK","resultCode":"3022","PushResult":{"Success":true}}',
        b'{"ResultCode":"3022","Code":"3023","PushResult":{"Success":false}}',
        b'{"ResultCode":"3022","Success":true,"PushResult":{"Success":false}}',
        b'{"ResultCode":"3022","PushResult":{"Success":NaN}}',
        b"[" * 100_000,
        b'{"ResultCode":' + b"9" * 5000 + b"}",
        _bytes(_answer(result={"Success": "true"})),
        _bytes(_answer(result={"Success": 1})),
        _bytes(_answer(result={"Success": True, "Data": {"id": 1}})),
        _bytes(_answer(result={"Success": True, "Data": True})),
        _bytes(_answer(result={"Success": True, "Data": "\ud83d"})),
        _bytes(_answer(result=["Success"])),
        _bytes(_answer(result="Success")),
        _bytes(_answer(["3022"], {"Success": False})),
        _bytes(_answer(8012.0, {"Success": False})),
        _bytes(_answer(True, {"Success": False})),
        _bytes(_answer("OK", {"Success": False})),
        _bytes(_answer("OK", {})),
        _bytes({"ResultCode": "OK"}),
        _bytes({"Success": True, "Code": "100"}),
        _bytes(_answer("777", {"Success": True})),
        _bytes(_answer("\ud83d", {"Success": False})),
        _bytes({}),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 403, 429, 500])
def test_an_answer_that_is_broken_odd_or_contradicts_itself_leaves_it_unknown(status: int, body: bytes) -> None:
    assert isinstance(classify(status, body), Unknown)


def test_an_unknown_outcome_says_what_was_answered() -> None:
    found = classify(200, _bytes(_answer("9000", ResultMessage="SYSTEM_ERROR")))
    assert found == Unknown(
        why="mPaaS answered HTTP 200 with code 9000: SYSTEM_ERROR; that does not prove it was not sent.",
        request_id=_REQUEST_ID,
    )


def test_long_words_of_the_vendor_are_cut() -> None:
    found = classify(200, _bytes(_answer("3022", ResultMessage="x" * 10_000)))
    assert isinstance(found, Declined)
    assert len(found.message) < 1000


@given(st.integers(100, 599), st.text())
def test_a_code_without_a_row_is_unknown_whatever_the_status(status: int, code: str) -> None:
    if find(code) is None:
        assert isinstance(classify(status, _bytes(_answer(code))), Unknown)
        assert isinstance(classify(status, _bytes({"Code": code})), Unknown)


@given(st.integers(100, 599), st.binary())
def test_random_bytes_are_unknown_and_never_an_error(status: int, body: bytes) -> None:
    assert isinstance(classify(status, body), Unknown)


_names = st.sampled_from(["ResultCode", "resultCode", "Code", "PushResult", "pushResult", "Success", "success", "Data"])
_plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["OK", "3022", "8011"])
_json = st.recursive(_plain, lambda inner: st.lists(inner) | st.dictionaries(_names, inner), max_leaves=6)


@given(st.sampled_from([200, 400, 429, 500]), st.dictionaries(_names, _json))
def test_no_json_makes_it_raise_and_success_needs_an_explicit_true(status: int, answer: dict[str, Any]) -> None:
    found = classify(status, _bytes(answer))
    if isinstance(found, Accepted):
        results = [answer.get("PushResult"), answer.get("pushResult")]
        assert status == 200
        assert any(isinstance(said, dict) and True in (said.get("Success"), said.get("success")) for said in results)


@given(st.sampled_from([row for row in ROWS if row.proof is Proof.REFUSED]), st.data())
def test_a_refusal_that_lost_its_end_is_unknown(row: Row, data: st.DataObject) -> None:
    status, answer = _example(row)
    body = _bytes(answer)
    cut = data.draw(st.integers(0, len(body) - 1))
    assert isinstance(classify(status, body[:cut]), Unknown)


@pytest.mark.parametrize("field", ["ResultMessage", "RequestId"])
@pytest.mark.parametrize("code", ["OK", "3022", "9000"])
def test_half_a_character_in_the_vendors_words_leaves_an_outcome_that_can_be_stored(code: str, field: str) -> None:
    found = classify(200, _bytes(_answer(code, **{field: "half \ud83d"})))
    assert type(found).model_validate_json(found.model_dump_json()) == found


def test_a_hint_for_a_code_nobody_knows_tells_to_look_it_up() -> None:
    assert hint("3051") == "The code 3051 is on no list: look it up before anything is sent again."
