"""Every key in Redis, in one table: its type, how long it lives, and what it means.

All names carry one hash tag, so that a cluster keeps them in one slot and a script may change several of them at once.
Nothing but this module spells a key's name.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bot.domain.content import RequestId
from bot.domain.states import State

DEFAULT_PREFIX: Final = "{broadcast}"

KEEP_SECONDS: Final = 400 * 24 * 60 * 60
"""How long a settled request is kept: a year to look back on, and some weeks more."""

HEARTBEATS_KEPT: Final = 24 * 60 * 60
"""Seconds that a role's list of processes outlives its last beat; each beat in it has an end of its own."""

LAST_MEMBERS_KEPT: Final = 24 * 60 * 60
"""Seconds that a user group's members stay known for what can only make things safer."""


class Lifetime(Enum):
    """When a key goes away by itself."""

    PERMANENT = "never: it stays small because its entries are removed"
    SETTLED = f"{KEEP_SECONDS // 86_400} days after the request was settled; never while the request is open"
    KEPT = f"{KEEP_SECONDS // 86_400} days after the last change"
    SHORT = "seconds to hours, given when it is written"
    UNTIL = "at the time somebody named; never when nobody named one"


@dataclass(frozen=True)
class Kind:
    """One row of the table. In ``pattern`` a word in capitals stands for what varies."""

    pattern: str
    type: str
    lifetime: Lifetime
    meaning: str

    def holds(self, name: str) -> bool:
        """Tell whether a name (without its prefix) is of this kind."""
        return re.fullmatch(re.sub(r"[A-Z]+", ".+", self.pattern), name) is not None


REQUEST = Kind(
    "request:ID",
    "hash",
    Lifetime.SETTLED,
    "version, state, hash of the newest line (head), time of creation (µs), document (JSON) and its seal, id of its "
    "first audit entry; and, when it was changed outside the bot, the document as it was found",
)
HISTORY = Kind(
    "history:ID", "list", Lifetime.SETTLED, "commit id, a blank, and the history line (JSON), one for each version"
)
POSTS = Kind("posts:ID", "hash", Lifetime.SETTLED, "slot of a message to where it stands (JSON), the first wins")
POSTING = Kind(
    "posting:ID:SLOT",
    "string",
    Lifetime.SHORT,
    "the announcer, and its notice, that posts a message for the first time",
)
STATE = Kind(
    "state:STATE", "zset", Lifetime.PERMANENT, "ids of the requests in a state, by when they were created (µs)"
)
REQUESTER = Kind("requester:USER", "zset", Lifetime.KEPT, "ids of a person's requests, by when they were created (µs)")
DUE = Kind("due", "zset", Lifetime.PERMANENT, "ids of requests by when the worker must look at them (ms)")
NOTICES = Kind("notices", "stream", Lifetime.PERMANENT, "request, kind and state of what the announcer must still say")
ALARMS = Kind("alarms", "stream", Lifetime.PERMANENT, "the same of requests with an alarm: said before all others")
WAITING = Kind("waiting:ENTRY", "string", Lifetime.SHORT, "a notice that Slack did not take is left alone so long")
AUDIT = Kind(
    "audit",
    "stream",
    Lifetime.PERMANENT,
    f"the audit trail: one sealed entry for each history line of all requests; of those older than "
    f"{KEEP_SECONDS // 86_400} days only the newest stays, to show how old what went was",
)
AUDIT_POSTED = Kind(
    "audit:posted", "hash", Lifetime.KEPT, "approvals channel to the newest entry that was posted there, and when"
)
AUDIT_POSTING = Kind("audit:posting", "string", Lifetime.SHORT, "the announcer that is posting the day's head")
ALARM = Kind("alarm:ID", "string", Lifetime.SHORT, "that people were told of a broken record a short time ago")
HALT = Kind("halt", "string", Lifetime.UNTIL, "who stopped all sending, why, when, and until when (JSON)")
ALIVE = Kind("alive:ROLE", "zset", Lifetime.SHORT, "names of a role's processes, by when their last beat ends (ms)")
MEMBERS = Kind("members:GROUP", "string", Lifetime.SHORT, "user ids of a Slack user group (JSON)")
LAST_MEMBERS = Kind("last_members:GROUP", "string", Lifetime.SHORT, "user ids when the group was last read (JSON)")
GONE_GROUP = Kind("gone_group:GROUP", "string", Lifetime.SHORT, "that Slack has no such user group")
DRAFT = Kind("draft:KEY", "string", Lifetime.SHORT, "what a form holds beyond Slack's private_metadata (JSON)")
TAKEN = Kind("taken:COMMAND", "string", Lifetime.SHORT, "who took a command that must not be taken twice")
TALLY = Kind("tally:KIND:USER", "string", Lifetime.SHORT, "how often a person did something of a kind in this minute")
PROBE = Kind("probe:START", "hash", Lifetime.SHORT, "nothing: it shows at a start that the bot may write")

TABLE: Final = (
    REQUEST, HISTORY, POSTS, POSTING, STATE, REQUESTER, DUE, NOTICES, ALARMS, WAITING, AUDIT, AUDIT_POSTED,
    AUDIT_POSTING, ALARM, HALT, ALIVE, MEMBERS, LAST_MEMBERS, GONE_GROUP, DRAFT, TAKEN, TALLY, PROBE,
)  # fmt: skip


class Keys:
    """Build the names of keys under one prefix, which must hold one hash tag such as ``{broadcast}``."""

    def __init__(self, prefix: str = DEFAULT_PREFIX) -> None:
        if not re.fullmatch(r"[^{}]*\{[^{}]+\}[^{}]*", prefix):
            raise ValueError(
                f"A key prefix needs exactly one hash tag in braces, as in {DEFAULT_PREFIX}, not {prefix!r}."
            )
        self.prefix = prefix
        self.due = self._name("due")
        self.notices = self._name("notices")
        self.alarms = self._name("alarms")
        self.audit = self._name("audit")
        self.audit_posted = self._name("audit:posted")
        self.audit_posting = self._name("audit:posting")
        self.halt = self._name("halt")

    def request(self, request_id: RequestId) -> str:
        """Name a request's hash."""
        return self._name(f"request:{request_id}")

    def history(self, request_id: RequestId) -> str:
        """Name a request's history."""
        return self._name(f"history:{request_id}")

    def posts(self, request_id: RequestId) -> str:
        """Name where a request's messages were posted."""
        return self._name(f"posts:{request_id}")

    def posting(self, request_id: RequestId, slot: str) -> str:
        """Name the reservation of a message's first post."""
        return self._name(f"posting:{request_id}:{slot}")

    def waiting(self, entry_id: str) -> str:
        """Name the memory that a notice has to wait."""
        return self._name(f"waiting:{entry_id}")

    def alarm(self, request_id: RequestId) -> str:
        """Name the memory that people were told of a broken record."""
        return self._name(f"alarm:{request_id}")

    def of_requests(self) -> tuple[str, str]:
        """Name the patterns of all requests' hashes and histories; a name's last part is the request's id."""
        return self._name("request:*"), self._name("history:*")

    def state(self, state: State) -> str:
        """Name the index of the requests in a state."""
        return self._name(f"state:{state.value}")

    def requester(self, user: str) -> str:
        """Name the index of a person's requests."""
        return self._name(f"requester:{user}")

    def alive(self, role: str) -> str:
        """Name a role's heartbeats."""
        return self._name(f"alive:{role}")

    def members(self, group: str) -> str:
        """Name the cached members of a user group."""
        return self._name(f"members:{group}")

    def last_members(self, group: str) -> str:
        """Name the members of a user group as they were last known."""
        return self._name(f"last_members:{group}")

    def gone_group(self, group: str) -> str:
        """Name the memory that there is no such user group."""
        return self._name(f"gone_group:{group}")

    def draft(self, key: str) -> str:
        """Name what a form keeps."""
        return self._name(f"draft:{key}")

    def taken(self, command: str) -> str:
        """Name who took a command; the name is a hash, because Slack's ids may hold anything."""
        return self._name(f"taken:{hashlib.sha256(command.encode()).hexdigest()}")

    def tally(self, kind: str, person: str) -> str:
        """Name how often a person did something of a kind."""
        return self._name(f"tally:{kind}:{person}")

    def probe(self, start: str) -> str:
        """Name what one start writes to see whether it may."""
        return self._name(f"probe:{start}")

    def kind_of(self, key: str) -> Kind | None:
        """Find a key's row in the table, or None when the key is none of ours."""
        head, name = key[: len(self.prefix) + 1], key[len(self.prefix) + 1 :]
        return next((kind for kind in TABLE if head == f"{self.prefix}:" and kind.holds(name)), None)

    def _name(self, rest: str) -> str:
        return f"{self.prefix}:{rest}"
