"""The address of a store (``REDIS_URL``): where it is and what was chosen, read into typed values. Pure.

Nothing of it reaches the client library but what ``store_options`` lists. No sentence repeats a value, nor a name that
could be a piece of a password.
"""

import re
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode, urlsplit

from bot.domain.store_options import FORCED, NUMBER, OPTIONS
from bot.domain.words import meant

DEFAULT_PORT: Final = 6379
"""The port that Redis and Valkey listen on unless they are told otherwise."""

SCHEMES: Final = ("redis", "rediss", "unix")

_OPTION_NAME: Final = re.compile(r"[A-Za-z_]{1,32}", re.ASCII)
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ENCODE: Final = (
    "must have a password in which @ is written %40, : is %3A, / is %2F, # is %23, ? is %3F and % is %25; "
    "or it holds one of these where it does not belong"
)


@dataclass(frozen=True)
class StoreAddress:
    """Say where the store is and how it is reached; ``path`` is a socket's, and then there is no host."""

    scheme: str
    host: str = ""
    port: int = DEFAULT_PORT
    path: str = ""
    db: int = 0
    username: str = ""
    password: str = field(default="", repr=False)
    client_name: str = ""
    ssl_ca_certs: str = ""
    ssl_ca_path: str = ""
    ssl_certfile: str = ""
    ssl_keyfile: str = ""
    ssl_check_hostname: bool = True
    ssl_cert_reqs: str = "required"

    @property
    def tls(self) -> bool:
        """Tell whether the line to the store is encrypted."""
        return self.scheme == "rediss"

    @property
    def shown(self) -> str:
        """Say where the store is, without user, password and options: "redis://db.example:6379/0"."""
        if self.path:
            return f"{self.scheme}://{self.path}" + (f"?db={self.db}" if self.db else "")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}/{self.db}"

    def written(self) -> str:
        """Write the address as one text, from which ``read_address`` reads the same."""
        chosen = {name: getattr(self, name) for name in OPTIONS}
        said = {name: str(value) for name, value in chosen.items() if value != getattr(_PLAIN, name)}
        host = f"[{self.host}]" if ":" in self.host else self.host
        place = quote(self.path) if self.path else f"{host}:{self.port}"
        return f"{self.scheme}://{place}" + (f"?{urlencode(said, quote_via=quote)}" if said else "")


_PLAIN: Final = StoreAddress("redis")


def read_address(text: str) -> StoreAddress:
    """Read an address; raise ValueError with the end of a sentence that says everything that is wrong with it."""
    scheme, before, place, behind = _taken_apart(text)
    path, _, query = behind.partition("?")
    address = _socket(scheme, place, path) if scheme == "unix" else _host(scheme, place, path)
    username, _, password = before.partition(":")
    address = replace(address, username=unquote(username), password=unquote(password))
    taken = {name for name in ("username", "password") if getattr(address, name)}
    taken |= {"db"} if scheme != "unix" and path.strip("/") else set()
    said, problems = _options(query, scheme, taken)
    if problems:
        raise ValueError(f"must be changed behind the ?: {'; '.join(problems)}")
    return replace(address, **said)


def secrets_of(text: str) -> set[str]:
    """List what is secret in an address, as it stands there and as it is meant; a lone name may be the password."""
    _, before, _, _ = _taken_apart(text)
    address = read_address(text)
    name, _, password = before.partition(":")
    return {password or name, address.password or address.username} - {""}


def _taken_apart(text: str) -> tuple[str, str, str, str]:
    """Split into the scheme, what stands before the host, the host with its port, and what stands behind it."""
    if not text.isprintable() or " " in text:
        raise ValueError("must be one address on one line, without blanks")
    scheme, mark, rest = text.partition("://")
    if not mark or scheme.lower() not in SCHEMES:
        raise ValueError(
            "must begin with redis://HOST, rediss://HOST or unix:///PATH, or be empty for the embedded store"
        )
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    behind = rest[len(authority) :]
    # What ends the authority too early is a piece of a password; a socket's path alone may hold an @.
    late = behind.partition("?")[2] if scheme.lower() == "unix" else behind
    if "#" in behind or "@" in late or _BROKEN_ESCAPE.search(text):
        raise ValueError(_ENCODE)
    before, _, place = authority.rpartition("@")
    return scheme.lower(), before, place, behind


def _socket(scheme: str, place: str, path: str) -> StoreAddress:
    if place or path in {"", "/"}:
        raise ValueError("must name the socket's whole path: unix:///run/redis.sock")
    return StoreAddress(scheme, path=unquote(path))


def _host(scheme: str, place: str, path: str) -> StoreAddress:
    host, port = "", None
    with suppress(ValueError):  # its own words may repeat what stands there
        parts = urlsplit(f"//{place}")
        host, port = parts.hostname or "", parts.port
        if port != 0 and not host:
            raise ValueError
    if not host or port == 0:
        raise ValueError(
            "must name a host, with at most a port from 1 to 65535 after it: redis://HOST:6379/0; an IPv6 address "
            "stands in brackets, as in redis://[::1]:6379/0"
        )
    database = path.removeprefix("/")
    if database and not NUMBER.fullmatch(database):
        raise ValueError("must name the database by its number behind the host, as in redis://HOST:6379/0")
    return StoreAddress(scheme, host=host, port=port or DEFAULT_PORT, db=int(database or 0))


def _options(query: str, scheme: str, taken: set[str]) -> tuple[dict[str, Any], list[str]]:
    """Read what stands behind the "?": what was chosen, and what is wrong with the rest."""
    said: dict[str, Any] = {}
    problems: list[str] = []
    for pair in query.split("&") if query else []:
        name, _, value = pair.partition("=")
        try:
            said[name] = _option(name, unquote(value), scheme, taken | said.keys())
        except ValueError as error:
            problems.append(str(error))
    if "ssl_keyfile" in said and "ssl_certfile" not in said:
        problems.append("ssl_keyfile needs ssl_certfile beside it")
    return said, problems


def _option(name: str, value: str, scheme: str, taken: AbstractSet[str]) -> object:
    """Read one option; raise ValueError with the part of a sentence that says what is wrong with it."""
    option = OPTIONS.get(name)
    if option is None:
        raise ValueError(_not_an_option(name, value))
    if not value:
        raise ValueError(f"{name} is empty")
    if name in taken:
        raise ValueError(f"{name} is said twice")
    if option.tls and scheme != "rediss":
        raise ValueError(f"{name} is for rediss:// alone")
    try:
        return option.read(value)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def _not_an_option(name: str, value: str) -> str:
    """Say why a word is no option; one that could be a piece of a password is not repeated."""
    if not value or not _OPTION_NAME.fullmatch(name):
        return f"an option is written NAME=VALUE, and there are {', '.join(OPTIONS)}"
    if name in FORCED:
        return f"{name} is not yours to choose: {FORCED[name]}"
    return f"there is no option {name}; there are {', '.join(OPTIONS)}.{meant(name, OPTIONS)}"
