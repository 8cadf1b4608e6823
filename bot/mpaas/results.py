"""What an answer of mPaaS proves about a write: from HTTP status and body to an outcome. Pure.

The default is ``Unknown``; an answer leaves it only by a row of ``bot.mpaas.codes``, whose rows say their source.
Business failures arrive as HTTP 200. What a read brought is in ``bot.mpaas.readings``.
"""

import json
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.errors import BotError
from bot.mpaas.codes import HTTP_OK, Proof, Row, find

_T = TypeVar("_T")

THROTTLE_PAUSE = 1.0
"""Seconds to wait after throttling when the answer names no time (our choice; no page gives a number)."""

_MAX_TEXT = 500  # characters of vendor text that are kept: enough for any known message, and a card stays readable


class ReadFailed(BotError):
    """Tell that a look at mPaaS brought nothing to rely on: ``code`` for programs, the sentence for people.

    ``code`` is the vendor's where it gave one; else ``http_STATUS``, ``unreadable``, ``incomplete``, ``not_sent`` or
    ``lost``.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class Unreadable(ValueError):
    """Tell that an answer is no answer: not JSON, of other types than documented, or at odds with itself."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Hold what every answer says around its content, whichever of the three envelopes it came in.

    ``success`` is None when the answer does not say; ``taken`` is ``PushResult.Success`` alone.
    """

    code: str
    success: bool | None
    taken: bool | None
    task_id: str
    message: str
    request_id: str
    document: dict[str, object]


def classify(status: int, body: bytes, *, retry_after: float | None = None) -> SendOutcome:
    """Say what the answer to a write proves; never raises, whatever the bytes are.

    ``retry_after`` is the wait in seconds that the answer's headers asked for, if they did.
    """
    try:
        envelope = open_envelope(body)
    except Unreadable as why:
        return Unknown(why=f"mPaaS answered HTTP {status}, but {why}.")
    if envelope.success:
        return _claimed_success(status, envelope)
    row = find(envelope.code)
    if row is None or not row.counts_at(status):
        return _proves_nothing(status, envelope)
    return _by_row(row, envelope, status=status, retry_after=retry_after)


def hint(code: str) -> str:
    """Say in one sentence what a person should change after this code."""
    row = find(code)
    return row.hint if row else f"The code {code} is on no list: look it up before anything is sent again."


def open_envelope(body: bytes) -> Envelope:
    """Read the parts that all answers share, with capital or small first letters; raises Unreadable."""
    document = parse_object(body)
    result = _push_result(document)
    taken = _flag(result, "Success")
    return Envelope(
        code=_agreed(_text_or_number(document, "ResultCode") or None, _text_or_number(document, "Code") or None) or "",
        success=_agreed(taken, _flag(document, "Success")),
        taken=taken,
        task_id=_text_or_number(result, "Data"),
        message=_words(result, "ResultMsg") or _words(document, "ResultMessage", "Message", "Msg"),
        request_id=_words(document, "RequestId"),
        document=document,
    )


def parse_object(body: bytes | str) -> dict[str, object]:
    """Read one JSON object strictly: UTF-8, no repeated key, no NaN; raises Unreadable."""
    try:
        text = body if isinstance(body, str) else body.decode("utf-8-sig")
        found = json.loads(text, object_pairs_hook=_no_repeats, parse_constant=_no_constants)
    except (ValueError, RecursionError):
        raise Unreadable("the answer could not be read") from None
    if not isinstance(found, dict):
        raise Unreadable("the answer is not a JSON object")
    return found


def get(document: dict[str, object], name: str) -> object:
    """Look up ``ResultCode`` also as ``resultCode`` (community question 502765); raises Unreadable if they differ."""
    return _agreed(document.get(name), document.get(_small(name)))


def described(envelope: Envelope) -> str:
    """Say what went wrong in a sentence or two: what to do first, then the vendor's own words."""
    row = find(envelope.code)
    words = envelope.message or (row.meaning if row else "")
    return f"{hint(envelope.code)} (mPaaS: {words})" if words else hint(envelope.code)


def _claimed_success(status: int, envelope: Envelope) -> SendOutcome:
    row = find(envelope.code)
    fits = not envelope.code or (row is not None and row.proof is Proof.ACCEPTED)
    if status == HTTP_OK and envelope.taken and fits:
        return Accepted(task_id=envelope.task_id, request_id=envelope.request_id)
    why = f"mPaaS says success, but with HTTP {status} and {_code_in_words(envelope)}, which do not fit together."
    return Unknown(why=why, request_id=envelope.request_id)


def _by_row(row: Row, envelope: Envelope, *, status: int, retry_after: float | None) -> SendOutcome:
    if row.proof is Proof.REFUSED:
        return Declined(code=envelope.code, message=envelope.message or row.meaning, request_id=envelope.request_id)
    if row.proof is Proof.THROTTLED:
        wait = THROTTLE_PAUSE if retry_after is None else retry_after
        return NotSent(why=f"mPaaS is taking no more calls just now ({envelope.code}).", retry_after=wait)
    return _proves_nothing(status, envelope)


def _proves_nothing(status: int, envelope: Envelope) -> Unknown:
    words = f": {envelope.message}" if envelope.message else ""
    why = f"mPaaS answered HTTP {status} with {_code_in_words(envelope)}{words}; that does not prove it was not sent."
    return Unknown(why=why, request_id=envelope.request_id)


def _code_in_words(envelope: Envelope) -> str:
    return f"code {envelope.code}" if envelope.code else "no code"


def _push_result(document: dict[str, object]) -> dict[str, object]:
    """Find ``PushResult``: an object for the SDK, "a JSON string" for the help page; absent in a gateway's answer."""
    found = get(document, "PushResult")
    if isinstance(found, str) and found.strip():
        return parse_object(found)
    if found is None or isinstance(found, str):
        return {}
    if not isinstance(found, dict):
        raise Unreadable("its PushResult is not an object")
    return found


def _flag(document: dict[str, object], name: str) -> bool | None:
    found = get(document, name)
    if found is None or isinstance(found, bool):
        return found
    raise Unreadable(f"its {name} is neither true nor false")


def _text_or_number(document: dict[str, object], name: str) -> str:
    found = get(document, name)
    if found is None:
        return ""
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None
    if text is None or len(text) > _MAX_TEXT or not _is_unicode(text):
        raise Unreadable(f"its {name} is not a text")
    return text


def _words(document: dict[str, object], *names: str) -> str:
    """Find the first text for people, cut to a readable length; of another type it is as good as missing."""
    found = (document.get(spelling) for name in names for spelling in (name, _small(name)))
    text = next((text for text in found if isinstance(text, str) and text), "")
    return text[:_MAX_TEXT].encode(errors="replace").decode()


def _is_unicode(text: str) -> bool:
    """Tell a text from one with half a surrogate pair, which JSON can escape and nothing else can carry."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _small(name: str) -> str:
    return name[0].lower() + name[1:]


def _agreed(first: _T | None, second: _T | None) -> _T | None:
    """Take the one that is there; two different ones are a contradiction."""
    if first is not None and second is not None and first != second:
        raise Unreadable("it contradicts itself")
    return second if first is None else first


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constants(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
