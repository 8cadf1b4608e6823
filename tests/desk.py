"""A desk for tests of conversations: simulated Slack and mPaaS, the real store, and the real app behind real HTTP.

``Office`` takes time to build and is shared: settings read from a file, context, Bolt app, door. ``Desk`` is one
test's: an empty store, a fresh Slack and a fresh mPaaS at the same addresses, and the two loops, turned by hand.
"""

import http.client
import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, Self
from urllib.parse import urlsplit

import clock
from builders import SEALER
from pydantic import SecretStr
from slack_bolt import App

from bot import wiring
from bot.announcer import Announcer
from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest
from bot.doors import EVENTS_PATH, HttpDoor
from bot.mpaas.client import PushClient
from bot.mpaas.exchange import Timeouts
from bot.mpaas.signing import Credentials
from bot.operations import asking
from bot.operations.people import Directory
from bot.playground.cast import APPROVALS, BROADCASTS, GENERAL, ONCALL, PARTNERS, Person
from bot.playground.moved_clock import OF_A_STAGE
from bot.playground.mpaas.results import App as MpaasApp
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.slack.delivery import Answer, Kind, Retry, signature
from bot.playground.slack.parts import Deed
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import Entry, Message, View
from bot.settings import Settings
from bot.store.connection import connect
from bot.store.store import RequestStore
from bot.views.command import read_command
from bot.views.ids import ButtonValue
from bot.worker import Worker

IN_TIME = 3000
"""Milliseconds Slack waits for an answer."""

EVERYTHING = "--to android,ios --audience attached --within 60d"
ASK = f"outage city=Berlin time=18:00 --target {{target}} {EVERYTHING}"
"""A command that says everything, so that the preview opens."""

CHANNELS = {"live": APPROVALS, "pair": APPROVALS, "test": BROADCASTS, "partners": PARTNERS}
"""Where each target's cards are posted."""

APPS = {name: MpaasApp(f"ONEX{name.upper()}", "default") for name in CHANNELS}
KEY = ("desk-access-key", "desk-access-secret")

_HEAD = 'team_id = "T0123456789"\ntimezone = "Asia/Shanghai"\n'
_TARGET = """
[targets.{name}]
environment = "{environment}"
app_id = "{app}"
workspace_id = "default"
endpoint = "{endpoint}"
platforms = ["android", "ios", "harmonyos"]
approvals_channel = "{channel}"
requesters = ["U01ANA", "S01MARKETING"]
approvers = ["{approvers}"]
quorum = {quorum}
veto_window = "{veto}"
"""
_RULES: tuple[dict[str, object], ...] = (
    {"name": "live", "environment": "live", "quorum": 1, "veto": "60s"},
    {"name": "pair", "environment": "live", "quorum": 2, "veto": "60s"},
    {"name": "test", "environment": "test", "quorum": 1, "veto": "0s"},
    {"name": "partners", "environment": "test", "quorum": 1, "veto": "0s"},
)
"""``pair`` needs two votes; ``partners`` is decided in a channel that is shared with another company."""


class Office:
    """Build the bot once, pointed at addresses where a fresh Slack and a fresh mPaaS appear for every test."""

    def __init__(self, directory: Path, redis_url: str) -> None:
        self._stack = ExitStack()
        with self.new_slack(0) as slack, self.new_mpaas(0) as mpaas:
            self.slack_port, self.mpaas_port = _port(slack.address), _port(mpaas.url)
            (directory / "broadcast.toml").write_text(_configuration(mpaas.url.rstrip("/")), encoding="utf-8")
            self.settings = Settings.from_environ(
                {
                    "SLACK_BOT_TOKEN": slack.bot_token,
                    "SLACK_SIGNING_SECRET": slack.signing_secret,
                    "SLACK_API_URL": slack.api_url,
                    "REDIS_URL": redis_url,
                    "BROADCAST_SEAL_KEY": "a key that is long enough",
                    "MPAAS_AK_ENV": KEY[0],
                    "MPAAS_SK_ENV": KEY[1],
                },
                directory=directory,
                needs=frozenset({"http", "mpaas"}),
            )
            store = self._stack.enter_context(wiring.open_store(self.settings, ahead=clock.ahead))
            self.context = wiring.make_context(self.settings, store, replace(clock.CONDITIONS, limits=OF_A_STAGE))
            for client in (*self.context.clients.values(), *self.context.quick_clients.values()):
                self._stack.callback(client.close)
            self.app = wiring.make_app(self.settings, self.context)
        self.url = self._stack.enter_context(self.door(self.app))

    def close(self) -> None:
        self._stack.close()

    @staticmethod
    @contextmanager
    def door(app: App) -> Iterator[str]:
        """Open a door to an app; give the address at which Slack reaches it."""
        door = HttpDoor(app, host="127.0.0.1", port=0)
        door.open()
        try:
            yield f"http://127.0.0.1:{door.port}{EVENTS_PATH}"
        finally:
            door.close()

    @staticmethod
    @contextmanager
    def new_slack(port: int) -> Iterator[SlackSim]:
        slack = SlackSim(now=clock.now).start(port)
        try:
            yield slack
        finally:
            slack.stop()

    @staticmethod
    @contextmanager
    def new_mpaas(port: int) -> Iterator[MpaasSim]:
        mpaas = MpaasSim(apps=APPS.values(), access_keys=dict([KEY]), now=clock.now).start(port)
        try:
            yield mpaas
        finally:
            mpaas.stop()


class Desk:
    """Sit one test's people down in front of Slack; leaving checks that Slack got every answer in time."""

    def __init__(self, office: Office) -> None:
        self._stack = ExitStack()
        self.office, self.context, self.settings = office, office.context, office.settings
        self.slack = self._stack.enter_context(office.new_slack(office.slack_port))
        self.mpaas = self._stack.enter_context(office.new_mpaas(office.mpaas_port))
        self.slack.connect_http(office.url)
        self.store = self.context.store
        self.worker = Worker(self.context, name="worker-1", stopping=Event())
        web = wiring.slack_client(self.settings, timeout=self.context.pace.slack_call)
        self.announcer = Announcer(self.context, web, name="announcer-1", stopping=Event())
        self.statuses = range(200, 201)
        """What Slack may be answered with; a test of malformed requests allows refusals too."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        deliveries = self.slack.journal(direction="delivery")
        self._stack.close()
        if kind is None:
            assert [entry.name for entry in deliveries if not self._answered(entry)] == []

    def _answered(self, entry: Entry) -> bool:
        return entry.status in self.statuses and entry.milliseconds < IN_TIME

    @contextmanager
    def app_with(self, **parts: Any) -> Iterator[App]:
        """Put another app behind Slack for a while: the same, but for some parts of its context."""
        app = wiring.make_app(self.settings, replace(self.context, **parts))
        with self.office.door(app) as url:
            self.slack.connect_http(url)
            yield app
        self.slack.connect_http(self.office.url)

    @contextmanager
    def store_down(self) -> Iterator[None]:
        """Let the bot look for its store where nothing listens."""
        with closing(connect("redis://127.0.0.1:1/0")) as nowhere:
            store = RequestStore(nowhere, sealer=SEALER, ahead=clock.ahead)
            directory = Directory(wiring.slack_client(self.settings, timeout=wiring.SLACK_TIMEOUT), store)
            with self.app_with(store=store, directory=directory):
                yield

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Let the bot wait for the test target's mPaaS for a moment only, so that a test of its silence is short."""
        where = self.context.targets["test"].destination
        client = PushClient(
            where.endpoint,
            Credentials(KEY[0], SecretStr(KEY[1])),
            app_id=where.app_id,
            workspace_id=where.workspace_id,
            now=clock.now,
            nonce=lambda: f"nonce-{next(_COUNT)}",
            timeouts=Timeouts(connect=0.2, write=0.2, read=0.2, total=0.25),
        )
        with client, self.app_with(quick_clients={"test": client}):
            yield

    def types(self, person: Person, said: str = "", *, channel: str = GENERAL.id) -> Deed:
        """Type ``/broadcast`` and what follows."""
        return self.slack.command(person.id, channel, f"/broadcast {said}".rstrip())

    def sees(self, person: Person) -> View:
        """Give the topmost view, as it is now."""
        return self.slack.view(person.id)

    def reads(self, person: Person) -> str:
        """Give all the words of the topmost view."""
        return words(self.sees(person))

    def clears(self, person: Person) -> None:
        """Close every view that is open."""
        while views := self.slack.views(person.id):
            self.slack.close(person.id, views[-1], clear=True)

    def fills(self, person: Person, block: str, value: str | list[str] | int | None) -> Deed:
        """Fill in the input of a block (named with or without its suffix), whatever kind it is."""
        view = self.sees(person)
        found = block_of(view, block)
        action, kind = found["element"]["action_id"], found["element"]["type"]
        if kind == "external_select":
            self.slack.load_options(person.id, view, action, str(value))
        way: Callable[..., Deed] = self.slack.choose
        if kind == "plain_text_input":
            way = self.slack.type
        elif "picker" in kind:
            way = self.slack.pick
        return way(person.id, view, action, value, block_id=found["block_id"])

    def submits(self, person: Person) -> Deed:
        return self.slack.submit(person.id, self.sees(person))

    def asks(self, person: Person, target: str = "test", *, more: str = "") -> BroadcastRequest:
        """Let somebody have asked for a push, without the form that leads there; bring the card up to date."""
        said = f"{ASK.format(target=target)} {more}"
        draft = read_command(said, now=self.store.now(), zone=self.settings.timezone).draft
        request_id = self.context.mint_request_id()
        template = asking.template(self.context, draft.target, draft.template)
        ready = asking.prepare(
            self.context, draft, template=template, request_id=request_id, revision=1, now=self.store.now()
        )
        request = asking.submit(
            self.context,
            draft,
            request_id=request_id,
            person=asking.requester(self.context, person.id, team_id=person.team_id),
            channel=GENERAL.id,
            seen_digest=ready.digest,
        )
        self.announces()
        return request

    def announces(self) -> None:
        """Turn the announcer until nothing more can be told."""
        while self.store.notices_waiting() and self.announcer.turn():
            pass

    def works(self, turns: int = 1) -> None:
        """Turn the worker, then tell what came of it."""
        for _ in range(turns):
            self.worker.turn()
        self.announces()

    def now(self, request: BroadcastRequest | RequestId) -> BroadcastRequest:
        """Read the request as it is stored now."""
        return self.store.get(request if isinstance(request, str) else request.id)

    def card(self, request: BroadcastRequest) -> Message:
        """Give the request's card as it is now."""
        post = self.store.posts(request.id)["card"]
        return self.slack.message(post.channel, post.ts)

    def presses(self, person: Person, on: Message | View, action: str, **said: Any) -> Deed:
        return self.slack.press(person.id, on, action, **said)

    def whispers(self, person: Person, channel: str) -> list[Message]:
        """List the messages of a channel that only this person sees."""
        return [message for message in self.slack.messages(channel, seen_by=person.id) if message.viewer]

    def approves(self, person: Person, request: BroadcastRequest) -> Deed:
        """Press Approve, type the target's name where it has to be, and submit."""
        self.presses(person, self.card(request), "approve")
        if has_block(self.sees(person), "typed_target"):
            self.fills(person, "typed_target", request.content.destination.target)
        deed = self.submits(person)
        self.announces()
        return deed

    def deliver(self, kind: Kind, payload: Mapping[str, Any]) -> Answer:
        """Bring a payload to the bot that no client of Slack's would send."""
        return self.slack.deliver(kind, dict(payload), Retry())

    def posts(self, body: bytes, content_type: str = "application/x-www-form-urlencoded") -> tuple[int, str]:
        """Send any body at all, rightly signed; give status and text of the answer."""
        to, at = urlsplit(self.office.url), str(int(clock.now().timestamp()))
        signed = signature(self.slack.signing_secret, at, body)
        headers = {"Content-Type": content_type, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": signed}
        with closing(http.client.HTTPConnection(str(to.hostname), to.port, timeout=IN_TIME / 1000)) as connection:
            connection.request("POST", to.path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def last_payload(self, name: str) -> dict[str, Any]:
        """Give the payload that was delivered last, of one kind."""
        return dict(self.slack.journal(name, direction="delivery")[-1].sent)

    def commit(self, request: BroadcastRequest, **changes: Any) -> BroadcastRequest:
        """Store a later version of a request as it would be after some time, without the way that led there."""
        from builders import a_step

        reached = request.model_copy(update={**changes, "version": request.version + 1})
        stored = self.store.commit(a_step(reached), commit_id=f"commit-{next(_COUNT)}")
        self.announces()
        return stored


_COUNT = itertools.count()


def words(shown: Message | View | Answer | Deed) -> str:
    """Give every text that somebody reads, in order, one a line."""
    if isinstance(shown, Message):
        return "\n".join(_texts(shown.blocks or shown.text))
    if isinstance(shown, View):
        texts = [*_texts(shown.content.get("title") or ""), *_texts(list(shown.blocks)), *shown.errors.values()]
        return "\n".join(texts)
    body = shown.body if isinstance(shown, Answer) else shown.answer
    return "\n".join(_texts(body)) if body else ""


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in _SHOWN:
                yield from _texts(value)


_SHOWN = frozenset(
    {"text", "title", "blocks", "elements", "fields", "element", "label", "hint", "accessory", "view", "errors"}
)


def block_of(view: View, block: str) -> dict[str, Any]:
    """Find an input block by its id, with or without its suffix."""
    return next(
        dict(each)
        for each in view.blocks
        if each["type"] == "input" and (each["block_id"] == block or each["block_id"].partition(".")[0] == block)
    )


def has_block(view: View, block: str) -> bool:
    return any(each["block_id"].partition(".")[0] == block for each in view.blocks)


def button_of(request: BroadcastRequest) -> str:
    return str(ButtonValue.of(request))


def _port(url: str) -> int:
    return int(url.rstrip("/").rpartition(":")[2])


def _configuration(endpoint: str) -> str:
    tables = [
        _TARGET.format(
            **rules,
            endpoint=endpoint,
            app=APPS[str(rules["name"])].app_id,
            channel=CHANNELS[str(rules["name"])].id,
            approvers=ONCALL.id,
        )
        for rules in _RULES
    ]
    return _HEAD + "".join(tables)
