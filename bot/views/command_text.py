"""A draft written as a command: the inverse of ``bot.views.command.read_command``, for examples and for repeating.

Round trip: reading what was written gives the draft again, as long as its times are still ahead, and it is one that
can be said (placeholders whose names begin with a hyphen or hold "=" cannot, nor can an emoji's code as mere text).
"""

import re
import shlex
from collections.abc import Iterator
from datetime import time

from bot.domain.draft import Draft, Moments
from bot.domain.when import say_days, say_duration, say_moment
from bot.domain.words import bare
from bot.views.command_options import OWN_WORDS
from bot.views.texts import escape

_PLAIN_NAME = re.compile(r"[^\W\d_][\w.]*")
_PLAIN_TEMPLATE = re.compile(r"\w[\w.:+-]*")


def write_command(draft: Draft) -> str:
    """Write a draft as what follows ``/broadcast``, quoted as a shell wants it and escaped as Slack sends it."""
    pairs = [_pair(name, value) for name, value in draft.values.items()]
    return escape(" ".join([*_template(draft.template), *pairs, *_options(draft)]))


def _template(name: str) -> Iterator[str]:
    if name:
        alone = _PLAIN_TEMPLATE.fullmatch(name) and bare(name).casefold() not in OWN_WORDS
        yield name if alone else _option("template", name)


def _pair(name: str, value: str) -> str:
    return f"{name}={shlex.quote(value)}" if _PLAIN_NAME.fullmatch(name) else shlex.quote(f"{name}={value}")


def _option(name: str, value: str) -> str:
    return f"--{name}{'=' if value.startswith('-') else ' '}{shlex.quote(value)}"


def _options(draft: Draft) -> Iterator[str]:
    said = {
        "target": draft.target,
        "to": ",".join(draft.platforms),
        **_when(draft),
        "expires": say_duration(draft.expires).replace(" ", "") if draft.expires else "",
        "audience": draft.audience or "",
        "within": draft.within or "",
        "attached-between": _range(draft.attached_between),
        "detached-between": _range(draft.detached_between),
        "task": draft.task,
    }
    yield from (_option(name, value) for name, value in said.items() if value)
    yield from (f"--set {_pair(name, text)}" for name, text in draft.extras.items())


def _when(draft: Draft) -> dict[str, str]:
    if draft.when == "scheduled":
        return {"at": say_moment(draft.at) if draft.at else ""}
    if draft.when == "recurring":
        return {
            "every": say_days(draft.cycle, draft.on) if draft.cycle else "",
            "time": _clock(draft.time) if draft.time else "",
            "from": f"{draft.first or ''}",
            "until": f"{draft.last or ''}",
        }
    return {}


def _clock(at: time) -> str:
    return at.isoformat(timespec="seconds" if at.second else "minutes")


def _range(moments: Moments | None) -> str:
    return f"{say_moment(moments.start)}..{say_moment(moments.end)}" if moments else ""
