"""What may be chosen behind the "?" of ``REDIS_URL``, and what may not. Pure.

redis-py makes an argument of every word that stands there, and so ``?protocol=3`` or ``?socket_timeout=30`` would
change what the bot's promise rests on. The readers say in the end of a sentence what an option may say.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.domain.words import either

NUMBER: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_CLIENT_NAME: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_YES_OR_NO: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise ValueError("is the number of a database, such as 0")
    return int(text)


def _file(text: str) -> str:
    if not text.isprintable():
        raise ValueError("is a path")
    return text


def _yes(text: str) -> bool:
    if text.lower() not in _YES_OR_NO:
        raise ValueError(f"is {either(_YES_OR_NO)}")
    return _YES_OR_NO[text.lower()]


def _name(text: str) -> str:
    if not _CLIENT_NAME.fullmatch(text):
        raise ValueError("has up to 64 letters, digits and . _ : -")
    return text


def _required(text: str) -> str:
    if text.lower() != "required":
        raise ValueError(
            "can only be required: with anything else a stranger on the line could read the password and answer for "
            "the store; name the authority that signed the server's certificate in ssl_ca_certs"
        )
    return text.lower()


@dataclass(frozen=True)
class Option:
    """Say of one option what it may say and what for, and how it is read; ``tls`` is for ``rediss://`` alone."""

    says: str
    why: str
    read: Callable[[str], object]
    tls: bool = False


OPTIONS: Final = {
    "db": Option("a number", "the database; for a socket, or where it does not stand behind the host", _number),
    "username": Option("a name", "the user of the server's ACL, where it does not stand before the host", str),
    "password": Option("a text", "the password, where it does not stand before the host", str),
    "client_name": Option("letters, digits and . _ : -", "how CLIENT LIST shows the bot's connections", _name),
    "ssl_ca_certs": Option(
        "a file", "the authority behind the server's certificate, when it is your own", _file, tls=True
    ),
    "ssl_ca_path": Option("a folder", "the same, as a folder that `openssl rehash` prepared", _file, tls=True),
    "ssl_certfile": Option("a file", "the bot's own certificate, where the server asks for one", _file, tls=True),
    "ssl_keyfile": Option("a file", "the key of that certificate, not encrypted", _file, tls=True),
    "ssl_check_hostname": Option(
        "true or false", "false: the certificate may name another host, as behind a tunnel", _yes, tls=True
    ),
    "ssl_cert_reqs": Option("required", "what holds anyway: the certificate is always checked", _required, tls=True),
}
"""What may be chosen behind the "?"; the docs list it from here."""

FILES: Final = tuple(name for name, option in OPTIONS.items() if option.read is _file)
"""Options that name a file or a folder."""

FORCED: Final = {
    "protocol": "the bot reads the answers of RESP2",
    "decode_responses": "the bot reads text",
    "encoding": "the bot reads and writes UTF-8",
    "encoding_errors": "the bot reads and writes UTF-8",
    "socket_timeout": "Slack waits 3 seconds for an answer, so the bot waits one for the store",
    "socket_connect_timeout": "Slack waits 3 seconds for an answer, so the bot waits one for the store",
    "timeout": "Slack waits 3 seconds for an answer, so the bot waits one for the store",
    "retry": "what may have been done is not said again",
    "retry_on_timeout": "what may have been done is not said again",
    "retry_on_error": "what may have been done is not said again",
    "health_check_interval": "the bot asks a connection that was idle for 30 seconds whether it still holds",
    "socket_keepalive": "the bot asks a connection that was idle for 30 seconds whether it still holds",
    "max_connections": "every thread and every claim needs a connection of its own",
    "single_connection_client": "every thread and every claim needs a connection of its own",
    "ssl": "an address that begins with rediss:// means TLS",
    "host": "the host stands before the ?",
    "port": "the port stands behind the host",
    "path": "the socket's path stands before the ?",
    "unix_socket_path": "the socket's path stands before the ?",
}
"""What the bot sets itself, with the reason."""
