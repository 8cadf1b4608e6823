"""When a push goes out: now, once at a moment, or again and again; one to one with the API's ``strategyType``.

Every rule that needs no clock is a validator here; those that need ``now`` are in ``bot.domain.calendar``.
"""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.domain.value import Value


class Now(Value):
    """Send as soon as the veto window is over (strategyType 0)."""

    kind: Literal["now"] = "now"


class Scheduled(Value):
    """Let mPaaS send once at a moment (strategyType 1, fixedTime)."""

    kind: Literal["scheduled"] = "scheduled"
    at: AwareDatetime

    @model_validator(mode="after")
    def _whole_seconds(self) -> Self:
        if self.at.microsecond:
            raise PydanticCustomError("at_not_whole_seconds", "The time must be precise to the second.")
        return self


class Cycle(StrEnum):
    """How a recurring push repeats (circleType)."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Recurring(Value):
    """Let mPaaS send again and again; days and time of day are Asia/Shanghai's (strategyType 2)."""

    kind: Literal["recurring"] = "recurring"
    cycle: Cycle
    on: tuple[int, ...] = ()
    time: time
    first: date
    last: date

    @model_validator(mode="after")
    def _days_fit_the_cycle(self) -> Self:
        highest = {Cycle.DAILY: 0, Cycle.WEEKLY: 7, Cycle.MONTHLY: 31}[self.cycle]
        if self.cycle is Cycle.DAILY and self.on:
            raise PydanticCustomError("days_with_daily", "A daily push takes no days.")
        if highest and not self.on:
            raise PydanticCustomError(
                "days_missing", "Say on which days a {cycle} push goes out.", {"cycle": self.cycle.value}
            )
        if any(not 1 <= day <= highest for day in self.on):
            raise PydanticCustomError(
                "days_out_of_range",
                "Days of a {cycle} push are numbers from 1 to {highest}.",
                {"cycle": self.cycle.value, "highest": highest},
            )
        if list(self.on) != sorted(set(self.on)):
            raise PydanticCustomError("days_repeated", "Each day may be named once, in order.")
        return self

    @model_validator(mode="after")
    def _last_not_before_first(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError("last_before_first", "The last day must not be before the first day.")
        return self

    @model_validator(mode="after")
    def _naive_time(self) -> Self:
        if self.time.tzinfo is not None or self.time.microsecond:
            raise PydanticCustomError("time_not_plain", "The time of day is written HH:MM or HH:MM:SS.")
        return self


Delivery = Annotated[Now | Scheduled | Recurring, Field(discriminator="kind")]
