"""A Slack that bites, in one process: the composition of world, Web API, Socket Mode, people and control.

It is not Slack and shares no code with slack_sdk: it refuses what Slack refuses, so that it can judge the bot. What it
does not imitate: rate limits of its own accord (they come as faults), mention parsing in messages, files, search,
OAuth, org-wide installs, ``rich_text`` made of plain texts, and events beside ``app_home_opened``.

``python -m bot.playground.slack.sim --port N`` runs it alone and prints its addresses as one line of JSON.
"""

import argparse
import itertools
import json
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.playground.cast import CAST, Cast, Channel, Person
from bot.playground.http_server import LoopbackServer, Request, Response
from bot.playground.slack.control import Control
from bot.playground.slack.delivery import ACK_SECONDS, Answer, HttpCourier, Kind, Retry
from bot.playground.slack.faults import EVERY, Fault, FaultKind
from bot.playground.slack.forms import Forms
from bot.playground.slack.gate import Gate, Reply
from bot.playground.slack.http import written
from bot.playground.slack.inspection import Inspection
from bot.playground.slack.response_url import answer_at
from bot.playground.slack.schema import Json
from bot.playground.slack.socket import SocketHub
from bot.playground.slack.world import World

BOT_TOKEN = "xoxb-playground-bot"  # noqa: S105 - invented, good for the simulator alone
APP_TOKEN = "xapp-playground-app"  # noqa: S105 - invented, good for the simulator alone
SIGNING_SECRET = "playground-signing-secret"  # noqa: S105 - invented, good for the simulator alone


@dataclass(frozen=True)
class UnderWay:
    """Hold a delivery to the bot that was not answered yet; ``sent`` is its payload."""

    number: int
    name: str
    at: datetime
    sent: Json


class SlackSim(Forms, Inspection):
    """Run one simulated workspace; see ``People``, ``Forms`` and ``Inspection`` for what can be done and seen in it.

    ``now`` is the clock (``advance`` moves it on); ``ack_seconds`` is how long the bot has to answer; ``commands``
    are the installed slash commands, empty for any. ``front`` may be set: it answers the paths that are not Slack's.
    """

    def __init__(
        self,
        *,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        now: Callable[[], datetime] | None = None,
        people: Cast = CAST,
        ack_seconds: float = ACK_SECONDS,
        commands: tuple[str, ...] = (),
    ) -> None:
        super().__init__(World(people, now), self, commands=commands)
        self.bot_token, self.app_token, self.signing_secret = bot_token, app_token, signing_secret
        self._ack_seconds = ack_seconds
        self._over_http: HttpCourier | None = None
        self._numbers = itertools.count(1)
        self._under_way: dict[int, UnderWay] = {}
        self._socket = SocketHub(self.world, ack_seconds=ack_seconds)
        self._gate = Gate(self.world, bot_token=bot_token, app_token=app_token, connect=self._socket.ticket)
        self._control = Control(self, acts=self._acts(), reads=self._reads())
        self.front: Callable[[Request], Response] | None = None
        self._http = LoopbackServer(self._serve, guarded=("",))

    def start(self, port: int = 0) -> Self:
        """Listen on loopback; port 0 takes a free one. Returns itself."""
        self._gate.stopped.clear()
        self._socket.start()
        self._http.start(port)
        self._response_base = f"{self._http.url}/response/"
        return self

    def stop(self) -> None:
        """Close every connection and stop listening."""
        self._gate.stopped.set()
        self._socket.stop()
        self._http.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *args: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """Tell the origin, such as ``http://127.0.0.1:40123``."""
        return self._http.url

    @property
    def api_url(self) -> str:
        """Tell the base of the Web API, for ``SLACK_API_URL``."""
        return f"{self.address}/api/"

    @property
    def control_url(self) -> str:
        """Tell the base of the control API."""
        return f"{self.address}/_control/"

    @property
    def failures(self) -> list[Exception]:
        """Return what went wrong inside the simulator itself; a test may demand that there is nothing."""
        return self._http.failures

    @property
    def sockets(self) -> int:
        """Count the open Socket Mode connections."""
        return self._socket.connections

    def connect_http(self, url: str, signing_secret: str = "") -> None:
        """Deliver by signed HTTP to ``url`` instead of Socket Mode; an empty secret takes the workspace's."""
        secret = signing_secret or self.signing_secret
        epoch = lambda: self.world.now().timestamp()  # noqa: E731 - one expression, used once
        self._over_http = HttpCourier(url, secret, epoch=epoch, ack_seconds=self._ack_seconds)

    def disconnect_http(self) -> None:
        """Deliver over Socket Mode again."""
        self._over_http = None

    def refresh_sockets(self) -> int:
        """Ask every Socket Mode client to reconnect; returns how many were asked."""
        return self._socket.refresh()

    def disable_sockets(self) -> None:
        """Switch Socket Mode off, as in the app's settings."""
        self._socket.disable()

    def drop_sockets(self) -> int:
        """Cut every Socket Mode connection; returns how many there were."""
        return self._socket.drop()

    def fault(
        self,
        method: str,
        kind: FaultKind,
        *,
        code: str = "internal_error",
        seconds: float = 1.0,
        times: int | None = 1,
        channel: str = "",
    ) -> int:
        """Let the next ``times`` calls of a Web API method ("*": of any) go wrong; None: all. Return the plan's id.

        With a ``channel``, as the bot names it, only calls about that one do.
        Raises ValueError for a fault (see ``Fault``) or a method that there is not.
        """
        if method != EVERY and method not in self._gate.methods:
            raise ValueError(f"There is no method {method!r}.")
        return self._gate.faults.add(method, Fault(kind, code, seconds), times=times, channel=channel)

    def planned_faults(self) -> list[Json]:
        """List the faults that are still to come, as JSON: method, kind, code, seconds, times (None: all)."""
        return [planned.shown() for planned in self._gate.faults.planned()]

    def forget_fault(self, plan_id: int) -> bool:
        """Forget one planned fault; return whether it was still to come."""
        return self._gate.faults.forget(plan_id)

    def clear_faults(self) -> None:
        """Forget the faults that were not met yet, and the events that were to come twice."""
        self._duplicates = 0
        self._gate.faults.clear()

    @property
    def duplicates_planned(self) -> int:
        """Count the events that will come twice."""
        return self._duplicates

    def deliver(self, kind: Kind, payload: Json, retry: Retry) -> Answer:
        """Carry a payload to the bot by whichever way is connected."""
        courier = self._over_http or self._socket
        number, name = next(self._numbers), _name_of(kind, payload)
        with self.world.lock:
            self._under_way[number] = UnderWay(number, name, self.world.now(), payload)
            self.world.happened("delivery_began", name=name)
        try:
            return courier.deliver(kind, payload, retry)
        finally:
            with self.world.lock:
                del self._under_way[number]

    def under_way(self) -> list[UnderWay]:
        """List the deliveries that the bot has not answered yet, oldest first."""
        with self.world.lock:
            return list(self._under_way.values())

    def people(self) -> list[Person]:
        """List the people, without the bot."""
        return list(self.world.cast.people)

    def channels(self, user: str) -> list[Channel]:
        """List the conversations a person is in."""
        with self.world.lock:
            return [channel for channel in self.world.channels.values() if user in channel.members]

    def offer(self, *, acts: Mapping[str, Callable[..., object]], reads: Mapping[str, Callable[..., object]]) -> None:
        """Add verbs to the control API, or put them in the place of those of the same name."""
        self._control.offer(acts=acts, reads=reads)

    def _serve(self, request: Request) -> Response:
        """Answer a request: the API's paths are Slack's, the others belong to ``front``, if there is one."""
        ours = request.path.startswith(("/api/", "/response/", "/_control/"))
        if self.front is not None and not ours:
            return self.front(request)
        return written(self._take(request), self.world.now())

    def _take(self, request: Request) -> Reply:
        if request.path.startswith("/api/"):
            return self._gate.call(
                request.path.removeprefix("/api/"),
                authorization=request.header("Authorization"),
                content_type=request.header("Content-Type"),
                query=request.query,
                body=request.body,
            )
        if request.path.startswith("/response/") and request.method == "POST":
            return answer_at(self.world, request.path.removeprefix("/response/"), request.body)
        if request.path.startswith("/_control/"):
            return self._control.answer(request)
        return Reply(404, "not_found")

    def _acts(self) -> dict[str, Callable[..., object]]:
        deeds = (
            self.say,
            self.delete,
            self.archive,
            self.command,
            self.press,
            self.type,
            self.choose,
            self.pick,
            self.load_options,
        )
        deeds_in_forms = (self.submit, self.close, self.shortcut, self.open_home, self.duplicate_events)
        steering = (self.advance, self.fault, self.forget_fault, self.clear_faults)
        doors = (self.connect_http, self.disconnect_http)
        sockets = (self.refresh_sockets, self.drop_sockets)
        return {verb.__name__: verb for verb in (*deeds, *deeds_in_forms, *steering, *doors, *sockets)}

    def _reads(self) -> dict[str, Callable[..., object]]:
        seen = (self.messages, self.message, self.thread, self.direct, self.views, self.find_view, self.home)
        return {
            verb.__name__: verb
            for verb in (*seen, self.journal, self.happenings, self.people, self.channels, self.planned_faults)
        }


def _name_of(kind: Kind, payload: Json) -> str:
    """Name a delivery as the journal does when it is over; a payload that lacks its name is called by its kind."""
    inner = payload.get("event")
    named = {
        "slash_commands": payload.get("command"),
        "interactive": payload.get("type"),
        "events_api": inner.get("type") if isinstance(inner, dict) else None,
    }
    return str(named[kind] or kind)


def main(arguments: list[str] | None = None) -> int:
    """Run the simulated Slack until SIGTERM or Ctrl-C, after one line of JSON with its addresses."""
    parser = argparse.ArgumentParser(prog="python -m bot.playground.slack.sim", description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--bot-url", default="", help="the bot's request URL; without it, Socket Mode")
    chosen = parser.parse_args(arguments)
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    sim = SlackSim()
    if chosen.bot_url:
        sim.connect_http(chosen.bot_url)
    with sim:
        addresses = {"api_url": sim.api_url, "control_url": sim.control_url, "bot_token": sim.bot_token}
        print(json.dumps({**addresses, "app_token": sim.app_token, "signing_secret": sim.signing_secret}), flush=True)
        done.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
