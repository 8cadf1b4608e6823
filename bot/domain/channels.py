"""The ways to a device and how much text each takes; cutting text as they cut it.

The limits are help page 311229's ("content limits").
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.content import Platform

LARGEST_MESSAGE: Final = 2048
"""Bytes of a whole message on Android channels and iOS (help page 311229)."""

ELLIPSIS: Final = "\u2026"

_ZERO_WIDTH_JOINER = "\u200d"
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
_FLAG_LETTERS = ("\U0001f1e6", "\U0001f1ff")
_FLAG_TAGS = ("\U000e0020", "\U000e007f")


class OverLimit(StrEnum):
    """What a channel does with text over its limit."""

    CUTS = "cuts"
    REFUSES = "refuses"
    """The push fails at the vendor, after mPaaS accepted it."""


@dataclass(frozen=True)
class Channel:
    """One way to a device, and how much text it takes; None is no limit."""

    name: str
    platform: Platform
    title_limit: int | None = None
    body_limit: int | None = None
    counts_wide_twice: bool = False
    """A Chinese character counts as two; limits are in Latin characters then."""
    over_limit: OverLimit = OverLimit.REFUSES
    is_vendor: bool = True
    """Somebody else's service, which refuses an empty title or body."""

    def width(self, text: str) -> int:
        """Count a text as this channel counts it."""
        return sum(self._width_of(letter) for letter in text)

    def _width_of(self, letter: str) -> int:
        return 2 if self.counts_wide_twice and unicodedata.east_asian_width(letter) in {"W", "F"} else 1


CHANNELS: Final = (
    Channel("mPaaS's own channel", Platform.ANDROID, is_vendor=False),
    Channel("Xiaomi", Platform.ANDROID, 50, 128),
    Channel("Huawei", Platform.ANDROID, 40, 1024),
    Channel("OPPO", Platform.ANDROID, 32, 200),
    Channel("vivo", Platform.ANDROID, 40, 100, counts_wide_twice=True),
    Channel("Honor", Platform.ANDROID, 60, 4096, counts_wide_twice=True),
    Channel("iOS notification centre", Platform.IOS, 40, 110, counts_wide_twice=True, over_limit=OverLimit.CUTS),
    Channel("iOS banner", Platform.IOS, 40, 62, counts_wide_twice=True, over_limit=OverLimit.CUTS),
    Channel("HarmonyOS", Platform.HARMONYOS, 60, 4096, counts_wide_twice=True),
)
"""Every channel with its limits (help page 311229); the lock screen of iOS shows what its centre does."""


@dataclass(frozen=True)
class Cut:
    """A text in two parts: what fits and what does not; together they are the text."""

    shown: str
    hidden: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether everything fits."""
        return not self.hidden

    @property
    def marked(self) -> str:
        """Give what fits, with an ellipsis where something does not."""
        return self.shown if self.is_whole else self.shown + ELLIPSIS


def cut(text: str, limit: int | None, channel: Channel) -> Cut:
    """Cut a text where the channel's limit is reached, never inside what people see as one character."""
    if limit is None or channel.width(text) <= limit:
        return Cut(text)
    kept, used = "", 0
    for cluster in clusters(text):
        used += channel.width(cluster)
        if used > limit:
            break
        kept += cluster
    return Cut(kept, text[len(kept) :])


def clusters(text: str) -> Iterator[str]:
    """Split a text into what people see as characters: marks, emoji sequences and flags stay whole."""
    cluster = ""
    for letter in text:
        if cluster and not _belongs(letter, cluster):
            yield cluster
            cluster = ""
        cluster += letter
    if cluster:
        yield cluster


def is_blank(text: str) -> bool:
    """Tell whether a text shows nothing: blanks, invisible characters and unattached marks only."""
    return all(letter.isspace() or unicodedata.category(letter) in {"Cc", "Cf", "Mn"} for letter in text)


def _belongs(letter: str, cluster: str) -> bool:
    """Tell whether a letter continues the cluster before it (the rules of Unicode's annex 29 that pushes meet)."""
    last = cluster[-1]
    if _ZERO_WIDTH_JOINER in {letter, last} or (last == "\r" and letter == "\n"):
        return True
    if _between(letter, _FLAG_LETTERS):
        return _between(last, _FLAG_LETTERS) and len(cluster) == 1
    is_mark = unicodedata.category(letter) in {"Mn", "Mc", "Me"}
    return is_mark or _between(letter, _SKIN_TONES) or _between(letter, _FLAG_TAGS)


def _between(letter: str, ends: tuple[str, str]) -> bool:
    return ends[0] <= letter <= ends[1]
