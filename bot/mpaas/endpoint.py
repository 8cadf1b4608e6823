"""Where mPaaS may be: an https host, or plain http on this very machine. Pure."""

import re

_HTTPS = re.compile(r"(?:https://)?(?P<host>(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::(?P<port>\d{1,5}))?", re.ASCII)
_LOOPBACK = re.compile(r"http://(?P<host>127\.0\.0\.1|localhost|\[::1\]):(?P<port>\d{1,5})", re.ASCII)

_MAX_HOST, _MAX_LABEL, _MAX_PORT = 253, 63, 65535  # RFC 1035 section 2.3.4; TCP's own limit


class EndpointRefused(ValueError):
    """Tell why something is no endpoint, in one sentence."""


def base_url(endpoint: str) -> str:
    """Turn an endpoint as written in the configuration into the URL that is posted to.

    ``mpaas.cn-hangzhou.aliyuncs.com`` (https is implied; a port may follow) or, for a simulator on the same machine,
    ``http://127.0.0.1:PORT``, ``http://localhost:PORT``, ``http://[::1]:PORT``. Raises EndpointRefused for all else.
    """
    text = endpoint.strip().lower()
    found = _LOOPBACK.fullmatch(text)
    if found:
        return f"http://{found['host']}:{_port(found['port'], endpoint)}/"
    found = _HTTPS.fullmatch(text)
    if found and len(found["host"]) <= _MAX_HOST and all(map(_is_label, found["host"].split("."))):
        port = f":{_port(found['port'], endpoint)}" if found["port"] else ""
        return f"https://{found['host']}{port}/"
    raise EndpointRefused(
        f"{endpoint!r} is not an endpoint: give the host name alone, as in mpaas.cn-hangzhou.aliyuncs.com (https is "
        f"implied), or http://127.0.0.1:PORT for a simulator on this machine."
    )


def _is_label(label: str) -> bool:
    return 0 < len(label) <= _MAX_LABEL and not label.startswith("-") and not label.endswith("-")


def _port(digits: str, endpoint: str) -> int:
    port = int(digits)
    if not 0 < port <= _MAX_PORT:
        raise EndpointRefused(f"{endpoint!r} is not an endpoint: a port is a number from 1 to {_MAX_PORT}.")
    return port
