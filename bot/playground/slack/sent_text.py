"""What Slack makes of a typed command before it sends it to the bot: entities, emoji by name, and links and names.

Sources: docs.slack.dev/messaging/formatting-message-text (entities, control sequences, what is linked by itself) and
docs.slack.dev/interactivity/implementing-slash-commands ("Escape channels, users, and links sent to your app").
"""

import json
import re
from functools import cache
from importlib.resources import files

from bot.playground.cast import Cast

_LINKED = re.compile(
    r"(?P<address>\b[a-z][a-z0-9+.-]*://[^\s<>\"'|]+)"
    r"|(?P<mail>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<domain>\b(?:[a-z0-9-]+\.)+(?:com|org|net|example)\b(?:/[^\s<>\"'|]*)?)"
    r"|(?P<sign>(?<!\w)[@#])(?P<name>[\w-]+)"
)


def sent_text(typed: str, cast: Cast, *, should_escape: bool) -> str:
    """Write what arrives at the bot; with ``should_escape`` (the manifest's word) links and names become sequences."""
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    linked = _LINKED.sub(lambda found: _sequence(found, cast), escaped) if should_escape else escaped
    names = _names()
    return re.compile("|".join(map(re.escape, names))).sub(lambda found: f":{names[found[0]]}:", linked)


def _sequence(found: re.Match[str], cast: Cast) -> str:
    if found["address"]:
        return f"<{found[0]}>"
    if found["mail"]:
        return f"<mailto:{found[0]}|{found[0]}>"
    return (
        f"<http://{found[0]}|{found[0]}>" if found["domain"] else _named(found["sign"], found["name"], cast) or found[0]
    )


def _named(sign: str, name: str, cast: Cast) -> str:
    """Write the sequence of somebody or somewhere; empty where there is nobody of that name."""
    if sign == "#":
        return next((f"<#{each.id}|{name}>" for each in cast.channels if each.name == name), "")
    known = {each.name: f"<@{each.id}|{name}>" for each in cast.people}
    known |= {each.handle: f"<!subteam^{each.id}|@{name}>" for each in cast.groups}
    return (known | {each: f"<!{each}>" for each in ("here", "channel", "everyone")}).get(name, "")


@cache
def _names() -> dict[str, str]:
    """Give each emoji its first name, the longest emoji first, so that a family stays together."""
    lists = json.loads(files("bot.views").joinpath("slack_emoji.json").read_text(encoding="utf-8"))
    names = {characters: name for kind in ("plain", "toned") for name, characters in reversed(lists[kind].items())}
    return dict(sorted(names.items(), key=lambda pair: -len(pair[0])))
