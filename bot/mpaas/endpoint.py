"""Where mPaaS may be: an https host with a public name, or a port of this very machine, over https or http. Pure."""

import re

from bot.domain.hosts import is_public_name

_HTTPS = re.compile(r"(?:https://)?(?P<host>[a-z0-9.-]+)(?::(?P<port>\d{1,5}))?", re.ASCII)
_LOOPBACK = re.compile(r"(?P<scheme>https?)://(?P<host>127\.0\.0\.1|localhost|\[::1\]):(?P<port>\d{1,5})", re.ASCII)

_MAX_PORT = 65535


class EndpointRefused(ValueError):
    """Tell why something is no endpoint, in one sentence."""


def base_url(endpoint: str) -> str:
    """Turn an endpoint as written in the configuration into the URL that is posted to.

    ``mpaas.cn-hangzhou.aliyuncs.com`` (https is implied; a port may follow) or, for a simulator on the same machine,
    ``http://127.0.0.1:PORT``, ``http://localhost:PORT``, ``http://[::1]:PORT``, or the same with https. Raises
    EndpointRefused for all else.
    """
    text = endpoint.strip(" ").lower() if endpoint.isascii() else ""  # lower() makes a "k" of the Kelvin sign
    found = _LOOPBACK.fullmatch(text)
    if found:
        return f"{found['scheme']}://{found['host']}:{_port(found['port'], endpoint)}/"
    found = _HTTPS.fullmatch(text)
    if found and is_public_name(found["host"]):
        port = f":{_port(found['port'], endpoint)}" if found["port"] else ""
        return f"https://{found['host']}{port}/"
    raise EndpointRefused(
        f"{endpoint!r} is not an endpoint: give the host name alone, as in mpaas.cn-hangzhou.aliyuncs.com (https is "
        f"implied), or http://127.0.0.1:PORT for a simulator on this machine."
    )


def _port(digits: str, endpoint: str) -> int:
    port = int(digits)
    if not 0 < port <= _MAX_PORT:
        raise EndpointRefused(f"{endpoint!r} is not an endpoint: a port is a number from 1 to {_MAX_PORT}.")
    return port
