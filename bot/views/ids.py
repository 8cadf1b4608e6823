"""Names that Slack hands back to the bot: callbacks, actions, blocks, and what a button carries.

Only names live here. Every view takes its ids from this module and every listener registers under one of them, so that
a test can compare both lists.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.content import Platform, RequestId
from bot.domain.request import SHORT_DIGEST, BroadcastRequest, read_request_id
from bot.errors import Problem, Refused
from bot.views.wording import say

COMMAND = "/broadcast"


class Callback(StrEnum):
    """What a view or a shortcut is called when it comes back."""

    NEW_BROADCAST = "new_broadcast"
    """The global shortcut."""
    REQUEST_FORM = "request_form"
    PREVIEW = "preview"
    SUBMITTED = "submitted"
    APPROVE_FORM = "approve_form"
    REJECT_FORM = "reject_form"
    WITHDRAW_FORM = "withdraw_form"
    SETTLE_FORM = "settle_form"
    DETAILS = "details"
    LOADING = "loading"
    ERROR = "error"
    HOME = "home"


class Action(StrEnum):
    """What a press or a choice is called that reaches the bot at once."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    STOP = "stop"
    EDIT = "edit"
    CANCEL = "cancel"
    RECALL = "recall"
    SETTLE = "settle"
    RECORD = "record"
    """One for each leg of which mPaaS shows one task."""
    DETAILS = "show_details"
    AGAIN = "new_request_like_this"
    NEW = "new_broadcast"
    FORM_TARGET = "form_target"
    FORM_TEMPLATE = "form_template"
    """Also the name under which Slack asks for the list of templates."""
    FORM_WHEN = "form_when"
    FORM_CYCLE = "form_cycle"
    FORM_ADVANCED = "form_advanced"
    INPUT = "input"
    """Every other input of a view: it sends nothing until the view is submitted."""


class Block(StrEnum):
    """What a block is called; inputs of the form bear the name of the draft's field they fill.

    A name may be followed by a dot and a suffix: Slack keeps what was typed while the whole block id stays the same, so
    an input that must start afresh (the placeholders of another template) gets another suffix.
    """

    TARGET = "target"
    TEMPLATE = "template"
    VALUES = "values"
    PLATFORMS = "platforms"
    WHEN = "when"
    AT = "at"
    CYCLE = "cycle"
    ON = "on"
    TIME = "time"
    FIRST = "first"
    LAST = "last"
    EXPIRES = "expires"
    AUDIENCE = "audience"
    WITHIN = "within"
    TASK = "task"
    ATTACHED = "attached_between"
    DETACHED = "detached_between"
    EXTRAS = "extras"
    ADVANCED = "advanced"
    CARD = "card"
    TYPED_TARGET = "typed_target"
    CHOICE = "choice"
    REASON = "reason"
    LEG = "leg"
    TASK_ID = "task_id"

    def of(self, *suffix: str) -> str:
        """Add a suffix to the name; at most 255 characters in all (Slack's limit of a block_id)."""
        return ".".join((self.value, *suffix))[:255]


def base_of(block_id: str) -> str:
    """Take a block's name without its suffix."""
    return block_id.partition(".")[0]


def suffix_of(block_id: str) -> str:
    """Take what follows the first dot of a block's id, or an empty text."""
    return block_id.partition(".")[2]


@dataclass(frozen=True)
class ButtonValue:
    """Bind a press to one request, revision and digest, so that an old button can't decide about new content."""

    request_id: RequestId
    revision: int
    digest: str
    """The short digest: the first twelve hexadecimal characters."""
    platform: Platform | None = None
    """Which leg is meant, where a button is about one."""

    @classmethod
    def of(cls, request: BroadcastRequest, platform: Platform | None = None) -> "ButtonValue":
        """Make the value for a request, or for one of its legs, as it is now."""
        return cls(request.id, request.revision, request.short_digest, platform)

    @classmethod
    def read(cls, text: str) -> "ButtonValue":
        """Read a value as ``str`` wrote it; raise Refused for anything else."""
        match = _BUTTON.fullmatch(text)
        request_id = read_request_id(match["id"]) if match else None
        if match is None or request_id is None or request_id != match["id"]:
            raise foreign_button()
        platform = Platform(match["platform"]) if match["platform"] else None
        return cls(request_id, int(match["revision"]), match["digest"], platform)

    @property
    def leg(self) -> Platform:
        """Say which leg is meant; raise Refused for a button that is about a whole request."""
        if self.platform is None:
            raise foreign_button()
        return self.platform

    def __str__(self) -> str:
        whole = f"{self.request_id}|{self.revision}|{self.digest}"
        return f"{whole}|{self.platform}" if self.platform else whole


def foreign_button() -> Refused:
    """Refuse what no button of this bot says."""
    return Refused(Problem("", "foreign_button", say("refused.foreign_button")))


_BUTTON = re.compile(
    rf"(?P<id>[0-9A-Z]{{4}}-[0-9A-Z]{{4}})\|(?P<revision>[1-9][0-9]{{0,8}})\|(?P<digest>[0-9a-f]{{{SHORT_DIGEST}}})"
    rf"(?:\|(?P<platform>{'|'.join(Platform)}))?",
    re.ASCII,
)
