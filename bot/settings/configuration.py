"""``broadcast.toml``: who may push what to where.

The keys and their meaning are a contract. A rule that needs two keys stands at the later one, so that its complaint
names a place; the order of the fields is therefore also the order in which they are understood.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, Strict, ValidationInfo, field_validator

from bot.domain.content import Environment, Platform
from bot.domain.durations import say_duration
from bot.settings import values
from bot.settings.environment import FROZEN

_NAME: Final = r"[a-z0-9][a-z0-9_-]{0,31}"
_MOST_VOTES: Final = 9
_SHORTEST_EXPIRY: Final = 60
_LONGEST_EXPIRY: Final = 30 * 86_400
_LONGEST_VETO: Final = 3_600

Seconds = Annotated[int, BeforeValidator(values.seconds)]
People = Annotated[tuple[Annotated[str, AfterValidator(values.user_or_group)], ...], AfterValidator(values.distinct)]
Variable = Annotated[str, AfterValidator(values.variable)]


class Target(BaseModel):
    """Hold one audience a broadcast can go to: an app at mPaaS, and the people who decide about it."""

    model_config = FROZEN

    environment: Environment = Field(
        description="whether real customers read it; live asks approvers to type the target's name", examples=["live"]
    )
    app_id: Annotated[str, Field(min_length=1)] = Field(
        description="the app's id in the mPaaS console", examples=["ONEX570DA89211721"]
    )
    workspace_id: Annotated[str, Field(min_length=1)] = Field(
        description="the workspace's id in the mPaaS console", examples=["default"]
    )
    tenant_id: str = Field("", description="the tenant's id, where the console shows one")
    endpoint: Annotated[str, AfterValidator(values.endpoint)] = Field(
        description='host of the API, by https; "http://127.0.0.1:PORT" is taken for loopback only',
        examples=["mpaas.cn-hangzhou.aliyuncs.com"],
    )
    platforms: Annotated[tuple[Platform, ...], AfterValidator(values.distinct)] = Field(
        description="what --to may name, and what --to all means", examples=[list(Platform)]
    )
    approvals_channel: Annotated[str, AfterValidator(values.channel)] = Field(
        description="id of the channel where requests are approved", examples=["C0123APPROVE"]
    )
    results_channel: Annotated[str, AfterValidator(values.optional_channel)] = Field(
        "", description="id of the channel where results are posted; empty: where the request was made"
    )
    requesters: People = Field(
        (),
        description="ids of people and user groups who may ask; empty means nobody",
        examples=[["U01ANA", "S01MARKETING"]],
    )
    approvers: People = Field(
        description="ids of people and user groups who may approve, never their own request",
        examples=[["U02BO", "S02ONCALL"]],
    )
    quorum: Annotated[int, Strict()] = Field(1, description=f"how many approvers must agree, 1 to {_MOST_VOTES}")
    approval_expires: Seconds = Field("24h", description="how long a request waits for approval", validate_default=True)
    veto_window: Seconds = Field(
        "60s",
        description="how long an approved broadcast can still be stopped before it is sent",
        validate_default=True,
    )
    access_key_id_env: Variable = Field("MPAAS_AK_ENV", description="name of the variable that holds the AccessKey id")
    access_key_secret_env: Variable = Field("MPAAS_SK_ENV", description="name of the variable that holds its secret")

    @field_validator("platforms", "approvers")
    @classmethod
    def _say_something(cls, listed: tuple[str, ...]) -> tuple[str, ...]:
        if not listed:
            raise ValueError("must name at least one; an empty list would mean that nothing can ever be sent")
        return listed

    @field_validator("quorum")
    @classmethod
    def _can_be_reached(cls, quorum: int, info: ValidationInfo) -> int:
        approvers: tuple[str, ...] = info.data.get("approvers", ())
        if not 1 <= quorum <= _MOST_VOTES:
            raise ValueError(f"must be from 1 to {_MOST_VOTES}, not {quorum}")
        if approvers and quorum > len(approvers) and not any(one.startswith("S") for one in approvers):
            raise ValueError(
                f"asks for {quorum} votes, but approvers lists {len(approvers)}: it could never be reached"
            )
        return quorum

    @field_validator("approval_expires")
    @classmethod
    def _leaves_time_to_decide(cls, length: int) -> int:
        return _between(length, _SHORTEST_EXPIRY, _LONGEST_EXPIRY)

    @field_validator("veto_window")
    @classmethod
    def _ends_some_time(cls, length: int) -> int:
        return _between(length, 0, _LONGEST_VETO)


def _between(length: int, least: int, most: int) -> int:
    if not least <= length <= most:
        bounds = f"from {say_duration(least)} to {say_duration(most)}"
        raise ValueError(f"must be {bounds}, not {say_duration(length)}")
    return length


def _refuse_lookalikes(targets: Mapping[str, Target]) -> None:
    """Hold test and live apart: a test that shares its audience or its channel with live is how mass sends go wrong."""
    live = [(name, target) for name, target in targets.items() if target.environment is Environment.LIVE]
    tests = [(name, target) for name, target in targets.items() if target.environment is Environment.TEST]
    for test_name, test in tests:
        for live_name, real in live:
            if _audience(test) == _audience(real):
                raise ValueError(f"{test_name!r} is a test, but reaches the same app and workspace as {live_name!r}")
            if test.approvals_channel == real.approvals_channel:
                raise ValueError(f"{test_name!r} is a test and must not share approvals_channel with {live_name!r}")


def _audience(target: Target) -> tuple[str, ...]:
    return target.endpoint, target.app_id, target.workspace_id, target.tenant_id


class Configuration(BaseModel):
    """Hold ``broadcast.toml`` as a whole."""

    model_config = FROZEN

    team_id: Annotated[str, AfterValidator(values.team)] = Field(
        description="id of your Slack workspace (T...), whose people may act; or of your Enterprise organisation "
        "(E...), for an app that is installed for all of it: then the people of all its workspaces may act",
        examples=["T0123456789"],
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(values.zone)] = Field(
        description="for times typed by somebody whose own zone is unknown", examples=["Asia/Shanghai"]
    )
    targets: Mapping[Annotated[str, Field(pattern=rf"\A{_NAME}\z")], Target] = Field(
        description="at least one target, as a table [targets.NAME]; the name is what people type"
    )

    @field_validator("targets")
    @classmethod
    def _tell_apart(cls, targets: Mapping[str, Target]) -> Mapping[str, Target]:
        if not targets:
            raise ValueError("must hold at least one target, as a table [targets.NAME]")
        for name, target in targets.items():
            if name in list(Environment) and target.environment != name:
                raise ValueError(f'{name!r} must not name a target whose environment is "{target.environment}"')
        _refuse_lookalikes(targets)
        return MappingProxyType(dict(targets))
