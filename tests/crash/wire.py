"""Where a message ends on the wire: whole commands and replies of RESP, whole requests and answers of HTTP/1.1.

Nothing here opens a connection. ``None`` says "there is more to come"; an offset says where a message ended.
"""

import re
from collections.abc import Sequence

_LINE = b"\r\n"
_SIMPLE = b"+-:_#,("
_COUNTED = {b"*": 1, b"~": 1, b">": 1, b"%": 2, b"|": 2}
_BLOBS = b"$!="

HANDSHAKE = frozenset({"AUTH", "CLIENT", "HELLO", "SELECT"})
"""What a client says when it has just connected; each is a call of its own, however they arrive."""


def end_of_value(data: bytes, start: int = 0) -> int | None:
    """Find where the RESP value at ``start`` ends."""
    stop = data.find(_LINE, start)
    if stop < 0:
        return None
    kind, said = data[start : start + 1], data[start + 1 : stop]
    after = stop + len(_LINE)
    if kind in _SIMPLE:
        return after
    if kind in _BLOBS:
        size = int(said)
        end = after if size < 0 else after + size + len(_LINE)
        return end if end <= len(data) else None
    return _end_of_values(data, after, max(int(said), 0) * _COUNTED[kind])


def _end_of_values(data: bytes, start: int, count: int) -> int | None:
    end: int | None = start
    for _ in range(count):
        end = None if end is None else end_of_value(data, end)
    return end


def words(command: bytes) -> list[bytes]:
    """Split one complete command, an array of bulk strings, into its words."""
    found: list[bytes] = []
    at = command.index(_LINE) + len(_LINE)
    while at < len(command):
        stop = command.index(_LINE, at)
        size = int(command[at + 1 : stop])
        found.append(command[stop + len(_LINE) : stop + len(_LINE) + size])
        at = stop + len(_LINE) + size + len(_LINE)
    return found


def commands(data: bytes) -> tuple[list[bytes], bytes]:
    """Split what a client said into complete commands, and the rest."""
    found: list[bytes] = []
    at = 0
    while at < len(data) and (end := end_of_value(data, at)) is not None:
        found.append(data[at:end])
        at = end
    return found, data[at:]


def name_of_command(command: bytes) -> str:
    """Name a command as the manual does: "EVALSHA"."""
    return words(command)[0].decode().upper()


def is_whole_burst(said: Sequence[str], rest: bytes) -> bool:
    """Tell whether a client can be expected to wait for an answer now: no half command, no open transaction."""
    return bool(said) and not rest and said.count("MULTI") == said.count("EXEC") + said.count("DISCARD")


def end_of_head(data: bytes) -> int | None:
    """Find where the head of an HTTP message ends, its blank line included."""
    found = data.find(_LINE * 2)
    return None if found < 0 else found + 2 * len(_LINE)


def header(head: bytes, name: str) -> str:
    """Read a header; empty when it is missing."""
    found = re.search(rb"(?im)^" + re.escape(name.encode()) + rb":[ \t]*([^\r\n]*)", head)
    return "" if found is None else found[1].decode("latin-1").strip()


def end_of_http(data: bytes, *, is_answer: bool, to: str = "") -> int | None:
    """Find where an HTTP message ends; an answer without a length ends with its connection, so it is never found.

    ``to`` is the method that an answer answers: one to HEAD has no body.
    """
    head_end = end_of_head(data)
    if head_end is None:
        return None
    head = data[:head_end]
    if to == "HEAD" or (is_answer and head.split(b" ", 2)[1] in {b"204", b"304"}):
        return head_end
    if header(head, "Transfer-Encoding").lower() == "chunked":
        return _end_of_chunks(data, head_end)
    length = header(head, "Content-Length")
    if not length:
        return None if is_answer else head_end
    end = head_end + int(length)
    return end if end <= len(data) else None


def _end_of_chunks(data: bytes, start: int) -> int | None:
    at = start
    while (stop := data.find(_LINE, at)) >= 0:
        size = int(data[at:stop].partition(b";")[0], 16)
        at = stop + len(_LINE) + size + len(_LINE)
        if at > len(data):
            return None
        if size == 0:
            return at
    return None


def name_of_request(data: bytes) -> str:
    """Name a request: mPaaS's action, the method of Slack's Web API, or its first line's method and path."""
    method, path, _ = data.split(_LINE, 1)[0].decode("latin-1").split(" ", 2)
    action = header(data[: end_of_head(data)], "x-acs-action")
    _, is_web_api, of_slack = path.partition("?")[0].rpartition("/api/")
    return action or (of_slack if is_web_api else f"{method} {path}")


def addressed_to(host: str, request: bytes) -> bytes:
    """Put ``host`` in the place of a request's Host header; an empty one changes nothing."""
    if not host:
        return request
    return re.sub(rb"(?im)^host:[^\r\n]*", b"Host: " + host.encode(), request, count=1)
