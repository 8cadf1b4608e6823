"""What devices will show: the template with its values as each channel cuts it, and what to look at twice.

How much a channel takes is in ``bot.domain.channels``; what is odd about a text by itself is ``bot.domain.oddities``'.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.channels import CHANNELS, LARGEST_MESSAGE, Channel, Cut, OverLimit, cut, is_blank
from bot.domain.content import Environment, Platform, Template
from bot.domain.lookalikes import disguised_addresses, disguised_words, mixed_scripts
from bot.domain.oddities import invisible, like_json, like_test, slack_marks, unfilled


@dataclass(frozen=True)
class Shown:
    """A template with its values filled in; placeholders without a value stand as they were."""

    title: str
    body: str
    uri: str


@dataclass(frozen=True)
class PlatformPreview:
    """What one channel of a platform shows."""

    channel: Channel
    title: Cut
    body: Cut

    @property
    def platform(self) -> Platform:
        """Name the platform whose devices this channel reaches."""
        return self.channel.platform

    @property
    def fits(self) -> bool:
        """Tell whether nothing is over a limit."""
        return self.title.is_whole and self.body.is_whole

    @property
    def is_refused(self) -> bool:
        """Tell whether the vendor will refuse the push: over a limit that is not cut, or nothing to show."""
        over = not self.fits and self.channel.over_limit is OverLimit.REFUSES
        texts = (self.title.shown + self.title.hidden, self.body.shown + self.body.hidden)
        return over or (self.channel.is_vendor and any(is_blank(text) for text in texts))


def substitute(template: Template, values: Mapping[str, str]) -> Shown:
    """Put values into ``#name#`` in title, body and address, once: a value is never searched for placeholders."""
    names = sorted(filter(None, values), key=len, reverse=True)
    pattern = re.compile(f"#({'|'.join(map(re.escape, names))})#") if names else None

    def fill(text: str) -> str:
        return pattern.sub(lambda match: values[match[1]], text) if pattern else text

    return Shown(fill(template.title), fill(template.body), fill(template.uri))


def previews(
    template: Template,
    values: Mapping[str, str],
    platforms: Collection[Platform],
    *,
    own_channel_only: bool = False,
) -> list[PlatformPreview]:
    """Show the push on every channel of the platforms; ``own_channel_only`` leaves Android's vendors out."""
    text = substitute(template, values)
    return [
        PlatformPreview(
            channel, cut(text.title, channel.title_limit, channel), cut(text.body, channel.body_limit, channel)
        )
        for channel in CHANNELS
        if channel.platform in platforms and not (own_channel_only and _is_android_vendor(channel))
    ]


def own_channel_only(extras: Mapping[str, Any]) -> bool:
    """Tell whether Android devices are reached by the self-built channel alone, so that no vendor's limit counts."""
    return extras.get("AndroidChannel") == 1 or extras.get("NotifyType") == "transparent"


def warnings(
    template: Template,
    values: Mapping[str, str],
    platforms: Collection[Platform],
    *,
    environment: Environment,
    extras: Mapping[str, Any] | None = None,
) -> list[str]:
    """Say in sentences what is odd about a push: what vendors cut or refuse first, then what the text looks like."""
    said = extras or {}
    shown = substitute(template, values)
    parts = _parts(shown)
    found = [
        *_empty(parts),
        *_lengths(previews(template, values, platforms, own_channel_only=own_channel_only(said))),
        *_size(shown, platforms, said),
        *unfilled(parts),
        *(like_test(parts) if environment is Environment.LIVE else ()),
        *(like_json(parts) if environment is Environment.LIVE else ()),
        *_deceptive(parts, said),
    ]
    return list(dict.fromkeys(found))


def deceptions(template: Template, values: Mapping[str, str], extras: Mapping[str, Any] | None = None) -> list[str]:
    """Say in sentences which characters, addresses and marks of a push are not what they look like."""
    return list(dict.fromkeys(_deceptive(_parts(substitute(template, values)), extras or {})))


def _parts(shown: Shown) -> dict[str, str]:
    return {"title": shown.title, "text": shown.body, "address": shown.uri}


def _deceptive(parts: Mapping[str, str], extras: Mapping[str, Any]) -> Iterator[str]:
    for look in (invisible, mixed_scripts, disguised_words, disguised_addresses):
        yield from look(parts)
    yield from slack_marks({**parts, **{name: json.dumps(value, ensure_ascii=False) for name, value in extras.items()}})


def _empty(parts: Mapping[str, str]) -> Iterator[str]:
    for part in ("title", "text"):
        if is_blank(parts[part]):
            yield f"The {part} shows nothing: vendors refuse such a push, and devices may show an empty one."


def _lengths(seen: list[PlatformPreview]) -> Iterator[str]:
    """Tell at whom the push fails, and who cuts it, one sentence each for the title and for the text."""
    for part, said in (("title", "title"), ("body", "text")):
        over = [preview.channel for preview in seen if not getattr(preview, part).is_whole]
        refuse = [channel for channel in over if channel.over_limit is OverLimit.REFUSES]
        cuts = [channel for channel in over if channel.over_limit is OverLimit.CUTS]
        if refuse:
            yield f"The {said} is too long, so the push fails at {_limits(refuse, part)}."
        if cuts:
            yield f"The {said} is cut by {_limits(cuts, part)}."


def _limits(channels: list[Channel], part: str) -> str:
    """Name channels with the characters they take: "OPPO (32), vivo (40); a Chinese character counts two at vivo"."""
    limits = [channel.title_limit if part == "title" else channel.body_limit for channel in channels]
    names = ", ".join(f"{channel.name} ({limit})" for channel, limit in zip(channels, limits, strict=True))
    wide = [channel.name for channel in channels if channel.counts_wide_twice]
    return f"{names}; a Chinese character counts two at {', '.join(wide)}" if wide else names


def _size(shown: Shown, platforms: Collection[Platform], extras: Mapping[str, Any]) -> Iterator[str]:
    limited = [name for name in (Platform.ANDROID, Platform.IOS) if name in platforms]
    params = extras.get("ExtendedParams")
    added = json.dumps(params, ensure_ascii=False) if params else ""
    size = sum(len(text.encode()) for text in (shown.title, shown.body, shown.uri, added))
    if limited and size > LARGEST_MESSAGE:
        where = " and ".join(limited)
        yield f"The message has at least {size} bytes; over {LARGEST_MESSAGE} it fails on every channel of {where}."


def _is_android_vendor(channel: Channel) -> bool:
    return channel.platform is Platform.ANDROID and channel.is_vendor
