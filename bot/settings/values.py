"""What single values may look like: durations, addresses, ids of Slack, names of variables.

Each function takes what stood in the file and gives what the bot works with, or raises ``ValueError`` with the end of a
sentence that began with the value's name ("must be ..."). Values that could be a secret are never repeated in it.
No file is looked at and no clock is read; of the environment only where the home folder is.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.durations import parse_duration
from bot.domain.hosts import is_public_name
from bot.domain.store_address import read_address
from bot.domain.words import meant
from bot.errors import Refused

_AS_LONG_AS_A_SECRET: Final = 22
"""Characters from which on a value is not repeated: Slack's ids have 21 at most, an AccessKey id has 24."""

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

# Slack's ids are capital letters and digits behind one letter for the kind; their length is nowhere promised.
_USER_OR_GROUP: Final = re.compile(r"[UWS][A-Z0-9]{2,20}", re.ASCII)
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{2,20}", re.ASCII)
_TEAM: Final = re.compile(r"[TE][A-Z0-9]{2,20}", re.ASCII)
_VARIABLE: Final = re.compile(r"[A-Z_][A-Z0-9_]*", re.ASCII)


def seconds(value: object) -> int:
    """Read a duration such as "90s", "1h30m" or "2d" as seconds; here, unlike in a request, none at all is one too."""
    if not isinstance(value, str) or len(value) >= _AS_LONG_AS_A_SECRET:
        sentence = 'must be a duration in quotes, with its unit, such as "90s", "1h30m" or "2d"'
        raise ValueError(sentence)
    try:
        return parse_duration(value)
    except Refused as refused:
        if refused.code == "duration_zero":
            return 0
        sentence = refused.sentence
    raise ValueError(sentence)


def _shown(value: object) -> str:
    """Repeat a value in a complaint, unless it is as long as a secret that was pasted into the wrong place."""
    return f", not {value!r}" if len(str(value)) < _AS_LONG_AS_A_SECRET else ""


def _split(text: str) -> SplitResult:
    """Take an address apart; what ``urlsplit`` would say of a bad one may repeat a password in it."""
    with suppress(ValueError):
        parts = urlsplit(text)
        if parts.port != 0:
            return parts
    raise ValueError("must be an address, with at most a port from 1 to 65535 after the host")


def _https(text: str) -> SplitResult:
    parts = _split(text)
    host = parts.hostname or ""
    if parts.scheme != "https" and (parts.scheme != "http" or host not in _LOOPBACK):
        raise ValueError("must be https; http is taken for 127.0.0.1, localhost and [::1] only")
    if parts.scheme == "https" and not is_public_name(host):
        raise ValueError("must name a host as the public knows it, such as mpaas.aliyuncs.com, and no number")
    if parts.username is not None or set(text) & set("@?#\\") or not text.isascii() or not text.isprintable():
        raise ValueError("must be an address without user, password, ? or #")
    return parts


def endpoint(text: str) -> str:
    """Read an mPaaS endpoint: a host name for https, or "http://127.0.0.1:PORT" for a simulator on this machine.

    The answer has one spelling for each endpoint, because approvals are bound to it: "https://" and "/" are left out.
    """
    parts = _https(text if "://" in text else f"https://{text}")
    if parts.path not in {"", "/"}:
        raise ValueError("must be a host without a path")
    if parts.scheme == "http" and parts.port is None:
        raise ValueError('must say the port of a simulator on this machine, as in "http://127.0.0.1:8080"')
    host = parts.netloc.lower()
    return host.removesuffix(":443") if parts.scheme == "https" else f"http://{host}"


def web_api(text: str) -> str:
    """Read the base of Slack's Web API; the answer ends in "/", because slack_sdk appends the method's name."""
    return _https(text).geturl().rstrip("/") + "/"


def proxy(text: str) -> str:
    """Read the address of an HTTP proxy, which may leave out "http://"; it may hold a password, so it is not shown."""
    parts = _split(text if "://" in text else f"http://{text}")
    if parts.scheme != "http":
        raise ValueError("must begin with http://: so the proxy is reached, and carries https without opening it")
    if not parts.hostname or parts.port is None or not text.isprintable():
        raise ValueError("must name the proxy's host and port: http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("must end with the port; in a password, signs such as / and # are written as %2F and %23")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("must give both user and password, or none of them")
    return f"http://{parts.netloc}"


def no_proxy(text: str) -> tuple[str, ...]:
    """Read the hosts that are called without the proxy: names, with commas or blanks between; ".name" is "name"."""
    return tuple(entry.removeprefix("*.").lstrip(".").lower() for entry in text.replace(",", " ").split())


def zone(value: Any) -> ZoneInfo:
    """Read the name of a time zone, such as "Asia/Shanghai"."""
    try:
        return ZoneInfo(value)
    except (TypeError, AttributeError, ValueError, OSError, KeyError):  # what it raises depends on what it was given
        hint = meant(value, available_timezones()) if isinstance(value, str) else ""
    raise ValueError(f'must be a time zone\'s name, such as "Asia/Shanghai"{_shown(value)}.{hint}')


def user_or_group(text: str) -> str:
    """Read the id of a person (U..., W...) or of a user group (S...)."""
    if not _USER_OR_GROUP.fullmatch(text):
        raise ValueError(f'must be the id of a person ("U..." or "W...") or of a user group ("S..."){_shown(text)}')
    return text


def channel(text: str) -> str:
    """Read the id of a channel (C..., or G... for old private ones)."""
    if not _CHANNEL.fullmatch(text):
        raise ValueError(
            f"must be a channel's id, such as \"C0123ABCD\" (at the end of the channel's details){_shown(text)}"
        )
    return text


def optional_channel(text: str) -> str:
    """Read the id of a channel, or nothing."""
    return channel(text) if text else ""


def team(text: str) -> str:
    """Read the id of a workspace (T...) or of an Enterprise organisation (E...)."""
    if not _TEAM.fullmatch(text):
        allowed = 'the workspace\'s id, such as "T0123456789", or an Enterprise organisation\'s, such as "E0123456789"'
        raise ValueError(f"must be {allowed}{_shown(text)}")
    return text


def variable(text: str) -> str:
    """Read the name of an environment variable; what stands there instead may be the key itself, so it is not shown."""
    if not _VARIABLE.fullmatch(text):
        raise ValueError("must be the NAME of an environment variable (capital letters, digits, _), not the key itself")
    return text


def distinct(items: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a list that says something twice."""
    twice = sorted({item for item in items if items.count(item) > 1})
    if twice:
        raise ValueError(f"names {', '.join(map(repr, twice))} more than once")
    return items


def path_in(folder: Path, text: str) -> Path:
    """Read a path as people write it: "~" is the home folder, and what is relative begins at ``folder``."""
    first, _, rest = text.partition("/")
    if "\0" in text:
        raise ValueError("must be a path, which cannot hold a NUL character")
    if not first.startswith("~"):
        return folder / _for_files(text)
    if first != "~":
        raise ValueError("must be a path; before its first / only ~ alone stands for a home folder, ~NAME does not")
    try:
        return Path.home() / _for_files(rest.lstrip("/"))
    except RuntimeError:  # pragma: no cover - the checks run as a user who has a home
        sentence = "must be a whole path: it begins with ~, and whoever runs this has no home folder"
    raise ValueError(sentence)


def _for_files(text: str) -> str:
    """Write a name so that it reaches the file system as UTF-8, also in a locale that knows no such letters."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return os.fsdecode(text.encode())
    return text


def redis(text: str) -> str:
    """Read the address of Redis; it may hold a password, so it is not shown."""
    read_address(text)
    return text
