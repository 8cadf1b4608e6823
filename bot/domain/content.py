"""What will be sent: frozen values in which an impossible combination cannot be built.

Every rule of the PushBroadcast page that needs no clock is a validator here, with the sentence a person reads (the
code is for translations and tests). Rules that need ``now`` are in ``bot.domain.calendar``. Wire names and numbers are
in ``bot.mpaas.payload``.
"""

import hashlib
from enum import StrEnum
from typing import Any, NewType, Self

from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.domain.delivery import Delivery
from bot.domain.value import Value, canonical_json

RequestId = NewType("RequestId", str)
UserId = NewType("UserId", str)
ChannelId = NewType("ChannelId", str)

LONGEST_TASK = 60
"""Characters of the task's readable part; the vendor names no limit, the request's id and platform follow it."""


class Platform(StrEnum):
    """The platforms a broadcast can reach; mPaaS takes one per call (help page 2871129, deliveryType)."""

    ANDROID = "android"
    IOS = "ios"
    HARMONYOS = "harmonyos"


class Environment(StrEnum):
    """Whether people or testers hold the devices."""

    LIVE = "live"
    TEST = "test"


class Destination(Value):
    """Where a push goes: all of it is part of the digest, none of it is secret."""

    target: str
    environment: Environment
    endpoint: str
    """Host name (https), or http://127.0.0.1:PORT for loopback."""
    app_id: str
    workspace_id: str
    tenant_id: str = ""


class Template(Value):
    """A template as it was read from mPaaS; placeholders are written ``#name#``."""

    name: str = Field(min_length=1)
    title: str
    body: str
    uri: str = ""
    variables: tuple[str, ...] = ()
    """Placeholder names, as mPaaS lists them."""
    silent: bool = False
    action: str = ""
    push_style: str = ""
    icon_urls: str = ""
    image_urls: str = ""

    @property
    def fingerprint(self) -> str:
        """Hash everything that decides what devices show, so that a later change is noticed."""
        return hashlib.sha256(canonical_json(self.model_dump(mode="json"))).hexdigest()


class AudienceStatus(StrEnum):
    """Which users are meant, by their attachment to a device (PushStatus)."""

    ATTACHED = "attached"
    DETACHED = "detached"
    ALL = "all"


class Period(StrEnum):
    """How long ago they attached or detached at most (BindPeriod, UnBindPeriod)."""

    DAYS_7 = "7d"
    DAYS_15 = "15d"
    DAYS_60 = "60d"
    EVER = "ever"


class TimeRange(Value):
    """From one moment to a later one."""

    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.start >= self.end:
            raise PydanticCustomError("range_backwards", "A time range must end after it starts.")
        return self


class Audience(Value):
    """Whom the push is for; there is no default, because a missing audience means nobody.

    Either a period (TimeMode 0) or ranges (TimeMode 1) say which attachments count, never both.
    """

    status: AudienceStatus
    within: Period | None = None
    attached_between: TimeRange | None = None
    detached_between: TimeRange | None = None

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> Self:
        ranges = self.attached_between or self.detached_between
        if self.within and ranges:
            raise PydanticCustomError(
                "audience_twice", "Say either a period or time ranges for the audience, not both."
            )
        if not self.within and not ranges:
            raise PydanticCustomError(
                "audience_period_missing",
                "Say how far back the audience reaches: 7d, 15d, 60d or ever, or a time range.",
            )
        return self

    @model_validator(mode="after")
    def _ranges_fit_the_status(self) -> Self:
        wanted = {
            AudienceStatus.ATTACHED: (True, False),
            AudienceStatus.DETACHED: (False, True),
            AudienceStatus.ALL: (True, True),
        }[self.status]
        said = (self.attached_between is not None, self.detached_between is not None)
        if self.within is None and said != wanted:
            names = [name for name, is_wanted in zip(("attached", "detached"), wanted, strict=True) if is_wanted]
            raise PydanticCustomError(
                "audience_range_mismatch",
                "An audience of {status} users needs the time range of {names}, and only that.",
                {"status": self.status.value, "names": " and of ".join(names)},
            )
        return self


class Content(Value):
    """Everything people decide on: where, what, to whom, when, for how long."""

    destination: Destination
    template: Template
    values: dict[str, str] = Field(default_factory=dict)
    platforms: tuple[Platform, ...]
    audience: Audience
    delivery: Delivery
    expires: int = Field(ge=1, le=2_147_483_647)
    """Seconds (ExpiredSeconds); the vendor names no maximum, the upper bound is that of its 32-bit integer."""
    task: str = Field(default="", max_length=LONGEST_TASK)
    extras: dict[str, Any] = Field(default_factory=dict)
    """Wire name to parsed value, as ``bot.domain.extras`` accepts it: text, number or JSON object."""

    @model_validator(mode="after")
    def _platforms_named_once(self) -> Self:
        if not self.platforms:
            raise PydanticCustomError("platforms_missing", "Say which platforms the push is for.")
        if len(set(self.platforms)) != len(self.platforms):
            raise PydanticCustomError("platforms_repeated", "Each platform may be named once.")
        return self

    @model_validator(mode="after")
    def _every_placeholder_filled(self) -> Self:
        missing = [name for name in self.template.variables if not self.values.get(name, "").strip()]
        if missing:
            raise PydanticCustomError(
                "values_missing",
                "The template needs a value for {names}.",
                {"names": ", ".join(missing)},
            )
        unknown = [name for name in self.values if name not in self.template.variables]
        if unknown:
            raise PydanticCustomError(
                "values_unknown",
                "The template has no placeholder {names}; it has {known}.",
                {"names": ", ".join(unknown), "known": ", ".join(self.template.variables) or "none"},
            )
        return self

    @model_validator(mode="after")
    def _something_to_show(self) -> Self:
        if not self.template.title.strip() or not self.template.body.strip():
            raise PydanticCustomError(
                "template_empty", "The template has an empty title or text, so vendors refuse it."
            )
        return self
