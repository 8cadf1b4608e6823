"""A bench for operations and loops: the real store, a simulated Slack and mPaaS, and the Context of production.

Nothing is replaced: what a test needs otherwise (less patience, another clock, another configuration) goes in as an
argument, or takes the place of a part of the Context. "Later" is made by committing times that lie in the past.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, Self

import clock
import redis
from builders import SEALER, a_step
from places import ROOT
from pydantic import SecretStr

from bot import wiring
from bot.announcer import Announcer
from bot.domain.content import AudienceStatus, Period, RequestId
from bot.domain.draft import Draft
from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState
from bot.mpaas.client import PushClient
from bot.mpaas.exchange import Timeouts
from bot.mpaas.signing import Credentials
from bot.operations import asking, deciding
from bot.operations.conditions import Conditions
from bot.operations.context import Context
from bot.playground.cast import ANA, APPROVALS, BO, BROADCASTS, CAST, GENERAL, ONCALL, TEAM
from bot.playground.mpaas.journal import Entry
from bot.playground.mpaas.results import App
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import Message
from bot.settings import Settings
from bot.store.room import Ahead, not_ahead
from bot.store.store import RequestStore
from bot.views.manifest import SCOPES
from bot.worker import Worker

LIVE, TEST = App("ONEXLIVE", "default"), App("ONEXTEST", "test")
ACCESS_KEY = ("bench-access-key-id", "bench-access-key-secret")
DRAFT = Draft(
    target="live",
    template="outage",
    values={"city": "Berlin", "time": "18:00"},
    platforms=("android", "ios"),
    audience=AudienceStatus.ATTACHED,
    within=Period.DAYS_60,
    expires=10_800,
)
HASTY = Timeouts(connect=1.0, write=1.0, read=0.3, total=0.6)
"""For calls that shall end in a timeout: nobody has to wait for the patience of production."""

_TARGET = {
    "environment": "live",
    "app_id": LIVE.app_id,
    "workspace_id": LIVE.workspace_id,
    "platforms": ["android", "ios", "harmonyos"],
    "approvals_channel": APPROVALS.id,
    "requesters": [ANA.id],
    "approvers": [ONCALL.id],
    "quorum": 1,
    "veto_window": "0s",
}
_TEST_TARGET = _TARGET | {
    "environment": "test",
    "app_id": TEST.app_id,
    "workspace_id": TEST.workspace_id,
    "approvals_channel": BROADCASTS.id,
}


def nothing_of_ours() -> dict[str, str]:
    """Make the environment in which a process of the bot starts: none of this one's, but what measures coverage."""
    measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LOGNAME": "ana", **measured}


class Bench:
    """Put a store, a Slack and an mPaaS on one table.

    ``ahead`` is their clock, ``skew`` is how far Slack's is from the store's.
    """

    def __init__(
        self, store: RequestStore, folder: Path, *, skew: timedelta = timedelta(), ahead: Ahead = clock.ahead
    ) -> None:
        self.store, self.folder, self.ahead = store, folder, ahead
        # The app has the scopes that its manifest asks for, and no other.
        cast = replace(CAST, scopes=frozenset(SCOPES))
        self.slack = SlackSim(people=cast, now=lambda: self.clock_now() + skew)
        self.mpaas = MpaasSim(apps=(LIVE, TEST), access_keys=dict([ACCESS_KEY]), now=self.clock_now)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.slack.start()
        self._stack.callback(self.slack.stop)
        self.mpaas.start()
        self._stack.callback(self.mpaas.stop)
        self.settings = self.settings_with()
        self.context = self.context_with()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        assert self.mpaas.failures == []

    def clock_now(self) -> datetime:
        """Read the clock of everybody on the bench."""
        return clock.machine_now() + self.ahead()

    def environ(self, **changes: str) -> dict[str, str]:
        """Make the environment of a bot that works on this bench, but for its store."""
        return {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
            "BROADCAST_CONFIG": str(self.folder / "broadcast.toml"),
            "BROADCAST_DATA_DIR": str(self.folder / "var"),
            "BROADCAST_SEAL_KEY": "a seal key for tests alone",
            "MPAAS_AK_ENV": ACCESS_KEY[0],
            "MPAAS_SK_ENV": ACCESS_KEY[1],
        } | changes

    def configure(self, targets: tuple[str, ...] = ("live",), **changes: Any) -> None:
        """Write ``broadcast.toml`` with some of the two targets; ``changes`` are the live one's."""
        tables = {"live": _TARGET | changes, "test": _TEST_TARGET}
        lines = [f'team_id = "{TEAM}"', 'timezone = "Asia/Shanghai"']
        for name in targets:
            table = {"endpoint": self.mpaas.url} | tables[name]
            lines += [f"[targets.{name}]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
        (self.folder / "broadcast.toml").write_text("\n".join(lines), encoding="utf-8")

    def settings_with(self, *targets: str, **changes: Any) -> Settings:
        """Read the settings of a bot with these targets (the live one), whose live target was changed."""
        self.configure(targets or ("live",), **changes)
        return Settings.from_environ(self.environ(), directory=self.folder)

    def context_with(self, *targets: str, **changes: Any) -> Context:
        """Make a Context as production does, with another configuration."""
        context = wiring.make_context(self.settings_with(*targets, **changes), self.store, Conditions(ahead=self.ahead))
        for client in (*context.clients.values(), *context.quick_clients.values()):
            self._stack.callback(client.close)
        return context

    def client(
        self,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - an immutable value
        *,
        secret: str = ACCESS_KEY[1],
        now: Callable[[], datetime] | None = None,
    ) -> PushClient:
        """Make a client with a patience, a secret or a clock of its own."""
        client = PushClient(
            self.mpaas.url,
            Credentials(ACCESS_KEY[0], SecretStr(secret)),
            app_id=LIVE.app_id,
            workspace_id=LIVE.workspace_id,
            now=now or self.clock_now,
            nonce=self.context.mint,
            timeouts=timeouts,
        )
        self._stack.callback(client.close)
        return client

    def hasty(self, timeouts: Timeouts = HASTY) -> Context:
        """Give the context, with little patience for mPaaS."""
        return replace(self.context, clients={"live": self.client(timeouts)})

    def worker(self, context: Context | None = None, *, name: str = "worker-1") -> Worker:
        return Worker(context or self.context, name=name, stopping=Event())

    def announcer(self, context: Context | None = None, *, name: str = "announcer-1") -> Announcer:
        web = wiring.slack_client(self.settings, timeout=self.context.pace.slack_call)
        return Announcer(context or self.context, web, name=name, stopping=Event())

    def submitted(self, draft: Draft = DRAFT, *, context: Context | None = None, **said: Any) -> BroadcastRequest:
        """Let Ana ask for a push, as the form does."""
        context = context or self.context
        request_id, now = context.mint_request_id(), self.store.now()
        template = asking.template(context, draft.target, draft.template)
        ready = asking.prepare(context, draft, template=template, request_id=request_id, revision=1, now=now)
        person = asking.requester(context, ANA.id, team_id=TEAM)
        whole: dict[str, Any] = {"person": person, "channel": GENERAL.id, "seen_digest": ready.digest} | said
        return asking.submit(context, draft, request_id=request_id, **whole)

    def approved(self, draft: Draft = DRAFT, *, context: Context | None = None) -> BroadcastRequest:
        """Let Ana ask and Bo approve; there is no veto window, so it is due at once."""
        return self.approve(self.submitted(draft, context=context), context=context)

    def approve(
        self, request: BroadcastRequest, *, by: str = BO.id, context: Context | None = None
    ) -> BroadcastRequest:
        return deciding.approve(
            context or self.context,
            request.id,
            by,
            team_id=TEAM,
            revision=request.revision,
            digest=request.short_digest,
        )

    def revised(self, request: BroadcastRequest, draft: Draft = DRAFT, *, by: str = ANA.id) -> BroadcastRequest:
        """Let somebody edit a request, as the form does."""
        template = asking.template(self.context, draft.target, draft.template)
        revision, now = request.revision + 1, self.store.now()
        ready = asking.prepare(
            self.context, draft, template=template, request_id=request.id, revision=revision, now=now
        )
        return asking.revise(
            self.context,
            draft,
            request_id=request.id,
            person=asking.requester(self.context, by, team_id=TEAM),
            revision=revision,
            seen_digest=ready.digest,
        )

    def commit(self, request: BroadcastRequest, **changes: Any) -> BroadcastRequest:
        """Store a later version of a request as it would be after some time, without the way that led there."""
        step = a_step(request, **{**changes, "version": request.version + 1})
        return self.store.commit(step, commit_id=self.context.mint())

    def now(self, request: BroadcastRequest | RequestId) -> BroadcastRequest:
        """Read a request as it is stored now."""
        return self.store.get(request if isinstance(request, str) else request.id)

    def legs(self, request: BroadcastRequest) -> dict[str, LegState]:
        """Read the states of a request's legs, by platform."""
        return {leg.platform.value: leg.state for leg in self.now(request).legs}

    def pushes(self) -> list[Entry]:
        """List what arrived at mPaaS as PushBroadcast, oldest first."""
        return self.mpaas.journal.entries("PushBroadcast")

    def executed(self) -> dict[str, int]:
        """Say how often mPaaS executed each Msgkey."""
        return self.mpaas.journal.executed_by_msgkey()

    def posted(self, channel: str = APPROVALS.id) -> list[Message]:
        """List the bot's messages in a channel, oldest first."""
        bot = self.slack.world.cast.bot.id
        return [message for message in self.slack.messages(channel, seen_by=ANA.id) if message.user == bot]


def _toml(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return str(value) if isinstance(value, int) else f'"{value}"'


def bench_for_processes(client: redis.Redis, folder: Path) -> Bench:
    """Set a bench by the machine's clock: real processes of the bot take no other."""
    return Bench(RequestStore(client, sealer=SEALER), folder, ahead=not_ahead)
