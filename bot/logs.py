"""One JSON line per operation, and no secret in any of them.

Here: how a line looks, what is taken out of it, and which loud libraries are quietened. ``set_up`` is called once, by
the command line. Everybody else writes with ``operation`` (something with a beginning and an end) or ``write``
(something that happened), and names the facts: ``request``, ``person``, ``state``, ``code``.

Not here: what people read in Slack, and the audit (``bot.store``), which must be complete where a log may be lost.

Redaction happens where a record becomes text, the last place before the stream, so that messages of libraries, their
arguments and their exceptions pass through it like our own.
"""

import json
import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO

from bot.errors import BotError, Refused
from bot.redaction import Redactor

_LOGGER: Final = logging.getLogger("bot")
_FACTS: Final = "bot_facts"


_BLANKS: Final = "\u00a0\u3000"  # of French and Chinese; Python counts them with what cannot be printed

# Libraries that are worth hearing from WARNING on. Their level is not set on their loggers: Bolt copies the root's
# level over it when an App is made.
_LOUD: Final = re.compile(
    r"(?:slack_bolt|slack_sdk|httpx|httpcore|websockets|websocket|waitress|redis|urllib3|asyncio)(?:\.|$)"
)
# Bolt logs the whole body of a request whose signature is wrong (slack_bolt.middleware.request_verification, 1.30).
_WRONG_SIGNATURE: Final = "slack_bolt.RequestVerification"
# Bolt warns at each start that it prefers the client it was given over the token in the environment: that is meant.
_MEANT: Final = "As you gave `client` as well"
_NOT_FROM_SLACK: Final = "A request whose signature is wrong was refused."


class _Lines(logging.Formatter):
    """Turn a record into one line of JSON."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.facts(record), default=str)

    def facts(self, record: logging.LogRecord) -> dict[str, object]:
        """Collect what the line says, without secrets."""
        fixed: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _message(record),
        }
        facts = fixed | getattr(record, _FACTS, {}) | fixed
        if record.name != _LOGGER.name:
            facts["logger"] = record.name
        if record.exc_info and record.exc_info[1] is not None:
            facts.setdefault("error", type(record.exc_info[1]).__name__)
            facts["trace"] = self.formatException(record.exc_info)
        if record.stack_info:
            facts["stack"] = record.stack_info
        return {name: self._redact.inside(value) for name, value in facts.items()}


class _Terminal(_Lines):
    """Turn a record into one line for a person, and put a trace below it."""

    def format(self, record: logging.LogRecord) -> str:
        facts = self.facts(record)
        time_of_day = str(facts.pop("at"))[11:23]
        head = f"{time_of_day} {facts.pop('level'):<7} {printable(str(facts.pop('event')))}"
        below = [str(facts.pop(name)) for name in ("trace", "stack") if name in facts]
        told = [f"{name}={printable(str(value))}" for name, value in facts.items() if value not in (None, "")]
        return "\n".join(["  ".join([head, *told]), *(printable(line) for text in below for line in text.splitlines())])


def printable(text: str) -> str:
    """Keep control characters away from the terminal: a push's text may hold some, and they can rewrite a screen."""
    return "".join(letter if letter.isprintable() or letter in _BLANKS else repr(letter)[1:-1] for letter in text)


def _message(record: logging.LogRecord) -> str:
    if record.name == _WRONG_SIGNATURE:
        return _NOT_FROM_SLACK
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # Arguments that do not fit: logging itself would print them to stderr, secrets and all.
        return f"{record.msg} {record.args!r}"


def _is_worth_it(record: logging.LogRecord) -> bool:
    loud = _LOUD.match(record.name) and record.name != _WRONG_SIGNATURE
    if loud and str(record.msg).startswith(_MEANT):
        return False
    return record.levelno >= logging.WARNING or not loud


class _Handler(logging.StreamHandler[TextIO]):
    """Write lines; lose one rather than print it unredacted."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Stay silent: logging's answer to a full disk is to print the record as it was, with its arguments."""


def set_up(stream: TextIO, *, secrets: Iterable[str], level: str = "INFO") -> logging.Handler:
    """Let every logger write to ``stream``: JSON lines, or lines for a person when it is a terminal.

    A second call replaces the first. The handler is given back, for whoever wants to remove it again.
    """
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(handler)
    redact = Redactor(secrets)
    handler = _Handler(stream)
    handler.setFormatter(_Terminal(redact) if stream.isatty() else _Lines(redact))
    handler.addFilter(_is_worth_it)
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def hear_of_crashes() -> None:
    """Write exceptions that nobody catches, in the main thread and in others, as lines without secrets.

    Python's own way is to print them to stderr as they are. To be called once, by a process of its own.
    """

    def in_thread(what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None and not isinstance(what.exc_value, SystemExit):
            failure("uncaught", what.exc_value, thread=what.thread.name if what.thread else "")

    def in_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt) or not any(isinstance(one, _Handler) for one in _root_handlers()):
            sys.__excepthook__(kind, error, trace)
        else:
            failure("uncaught", error)

    threading.excepthook, sys.excepthook = in_thread, in_main


def _root_handlers() -> list[logging.Handler]:
    return logging.getLogger().handlers


def write(event: str, *, level: int = logging.INFO, **facts: object) -> None:
    """Write one line about something that happened; ``facts`` are its further fields."""
    _LOGGER.log(level, "%s", event, extra={_FACTS: facts})


def failure(event: str, error: BaseException, **facts: object) -> None:
    """Write one line, with its trace, about something that nobody foresaw."""
    facts |= {"error": type(error).__name__, "why": str(error)}
    _LOGGER.log(logging.ERROR, "%s", event, extra={_FACTS: facts}, exc_info=error)


@contextmanager
def operation(
    event: str, *, timer: Callable[[], float] = time.perf_counter, **facts: object
) -> Iterator[dict[str, object]]:
    """Write one line when the block ends, however it ends, with the milliseconds it took.

    The block adds what it learns to the mapping it is given (``line["state"] = ...``). A refusal is expected and
    written with its code; what else ``bot.errors`` knows is a warning; anything other is an error with its trace. All
    pass on.
    """
    began = timer()
    level = logging.INFO
    error: Exception | None = None
    try:
        yield facts
    except Refused as refused:
        facts["code"] = refused.code
        raise
    except BotError as known:
        level, error = logging.WARNING, known
        raise
    except Exception as unknown:
        level, error = logging.ERROR, unknown
        raise
    finally:
        facts["ms"] = round((timer() - began) * 1_000, 1)
        if error is not None:
            facts |= {"error": type(error).__name__, "why": str(error)}
        _LOGGER.log(level, "%s", event, extra={_FACTS: facts}, exc_info=error if level == logging.ERROR else None)
