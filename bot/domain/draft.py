"""What somebody has said so far about a push: every part may still be missing or be unsuitable.

The command and the form both make a draft, and a draft fills the form. ``bot.domain.drafting`` makes content of a
complete one, or says everything that is missing or wrong.
"""

from datetime import date
from datetime import time as time_of_day
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.domain.content import AudienceStatus, Period
from bot.domain.delivery import Cycle

DEFAULT_EXPIRES = 3 * 60 * 60
"""Seconds a push stays valid when nobody said how long: it is shown in the form, and short, so that it narrows."""

EVERY_PLATFORM = "all"
"""What stands for all platforms of the target in a draft."""


class Moments(BaseModel):
    """A range of time, both ends aware."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: AwareDatetime
    end: AwareDatetime


class Draft(BaseModel):
    """Hold what was said; empty strings, empty tuples and None mean "not said"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: str = ""
    template: str = ""
    values: dict[str, str] = {}
    """Placeholder name to replacement."""
    platforms: tuple[str, ...] = ()
    """Platform names, or "all" for every platform of the target."""
    when: Literal["now", "scheduled", "recurring"] = "now"
    at: AwareDatetime | None = None
    """Scheduled: the moment, to the second."""
    cycle: Cycle | None = None
    on: tuple[int, ...] = ()
    """Recurring: 1 to 7 (Monday to Sunday) for weekly, 1 to 31 for monthly, empty for daily."""
    time: time_of_day | None = None
    """Recurring: the time of day in Asia/Shanghai, where mPaaS keeps the calendar."""
    first: date | None = None
    last: date | None = None
    expires: int | None = None
    """Seconds for which the push stays valid."""
    audience: AudienceStatus | None = None
    within: Period | None = None
    attached_between: Moments | None = None
    detached_between: Moments | None = None
    task: str = ""
    """The readable part of the task's name at mPaaS."""
    extras: dict[str, str] = {}
    """Any other PushBroadcast parameter: wire name (a key of ``bot.domain.extras.EXTRAS``) to what was written."""
