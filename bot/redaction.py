"""Take secrets out of text: the known ones, in every spelling they travel in, and all that look like one. Pure."""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import quote, quote_plus

GONE: Final = "[redacted]"
"""What stands where a secret was."""

_WORTH_ENCODING: Final = 8  # characters; of fewer, base64 leaves what may stand anywhere

# What a secret looks like when nobody told us its value: tokens of other workspaces, keys in a library's debug output.
_SHAPES: Final = (
    (re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]+", re.ASCII), GONE),
    (re.compile(r"\b(?:LTAI[A-Za-z0-9]{8,}|STS\.[A-Za-z0-9]{8,})", re.ASCII), GONE),
    (re.compile(r"(?i)((?:proxy-)?authorization['\"]?\s*[:=,]\s*b?['\"]?)[^'\"\r\n]+"), rf"\1{GONE}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.ASCII), rf"\1 {GONE}"),
    (re.compile(r"(?i)(x-acs-security-token['\"]?\s*[:=,]\s*b?['\"]?)[^'\"\s]+"), rf"\1{GONE}"),
    (re.compile(r"(?i)([\w-]{0,40}(?:signature|token|ticket|secret|password)=)[^\s&,;'\"]+"), rf"\1{GONE}"),
    (
        re.compile(r"(?i)([\w-]{0,40}(?:signature|token|ticket|secret|password)\\?[\"']\s*:\s*\\?[\"'])[^\"'\\]+"),
        rf"\1{GONE}",
    ),
    (re.compile(r"\bv0=[0-9a-f]{64}\b"), GONE),
    # response_url, incoming webhooks and workflow triggers: whoever knows the path may post.
    (re.compile(r"(https://hooks\.slack(?:-gov)?\.com/)[^\s\"'<>]+"), rf"\1{GONE}"),
    (re.compile(r"(\w://)[^\s/@\"']*:[^\s/@\"']*@"), rf"\1{GONE}@"),
)


class Redactor:
    """Take secrets out of text: those it was told, in every spelling they travel in, and all that look like one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {spelling for secret in secrets if secret.strip() for spelling in _spellings(secret)}
        # The longest first, so that a secret which contains another goes as a whole.
        known = "|".join(re.escape(one) for one in sorted(spellings, key=lambda one: (-len(one), one)))
        self._known = re.compile(known) if known else None

    def __call__(self, text: str) -> str:
        """Give the text without its secrets."""
        if self._known is not None:
            text = self._known.sub(GONE, text)
        for shape, instead in _SHAPES:
            text = shape.sub(instead, text)
        return text

    def inside(self, value: object) -> object:
        """Give a value that JSON can hold, with every text in it redacted."""
        match value:
            case None | bool() | int() | float():
                return value
            case Mapping():
                return {self(str(key)): self.inside(item) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.inside(item) for item in value]
            case _:
                return self(str(value))


def _spellings(secret: str) -> set[str]:
    return {
        secret,
        secret.strip(),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        *(_encoded(secret.encode()) if len(secret) >= _WORTH_ENCODING else ()),
    }


def _encoded(secret: bytes) -> Iterator[str]:
    """Give a secret in hexadecimal, and as it stands inside of anything that is base64: at each of three offsets."""
    yield secret.hex()
    for before in range(3):
        first, last = -(-before * 8 // 6), (before + len(secret)) * 8 // 6
        for way in (b64encode, urlsafe_b64encode):
            yield way(b"\0" * before + secret).decode()[first:last]
