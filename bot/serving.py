"""The processes: listen to Slack, tend and announce, or both; and how they end.

A signal sets one event; every part finishes what it has in hand and ends within ``LAST_CALL`` seconds. Nothing is lost
by ending: what was acknowledged is in the store, and what was claimed has a lease.
"""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence

from slack_bolt.error import BoltError
from slack_sdk.errors import SlackClientError

from bot import logs, wiring
from bot.announcer import Announcer
from bot.doors import DEFAULT_PORT, EVENTS_PATH, Door, HttpDoor, SocketDoor
from bot.errors import BotError, SettingsError, StoreUnfit
from bot.keeper import Keeper
from bot.operations.conditions import PRODUCTION, Conditions
from bot.operations.context import Context
from bot.reach import Reach
from bot.settings import Settings
from bot.worker import Worker

LAST_CALL = 9.0
"""Seconds in which everything in hand is finished; platforms that stop processes give 10."""


def serve(
    settings: Settings,
    conditions: Conditions = PRODUCTION,
    *,
    listen: bool,
    tend: bool,
    http_port: int | None = None,
    host: str = "127.0.0.1",
) -> int:
    """Run until a signal asks to stop, and return the exit status.

    Raise SettingsError or StoreUnfit when it cannot even begin.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with wiring.own_server(settings) as server, wiring.open_store(settings, ahead=conditions.ahead) as store:
        if complaints := store.fitness():
            raise StoreUnfit(*complaints)
        context = wiring.make_context(settings, store, conditions)
        doors = [_door(settings, context, http_port, host, stopping)] if listen else []
        loops = [Keeper(server, stopping=stopping).run] if server else []
        reaches = [_reach(door, context, stopping) for door in doors]
        loops += [reach.run for reach in reaches]
        loops += _loops(settings, context, stopping) if tend else []
        return _until_stopped(doors, [Loop(run, stopping) for run in loops], stopping, reaches)


class Loop(threading.Thread):
    """Run a loop in a thread; when it dies, the whole process ends, because half a bot would go unnoticed."""

    def __init__(self, run: Callable[[], None], stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self._loop = run
        self._stopping = stopping
        self.died = False

    def run(self) -> None:
        """Go round until asked to stop."""
        try:
            self._loop()
        except BotError as error:
            self._end()
            logs.write("loop_died", level=logging.ERROR, error=type(error).__name__, why=str(error))
        except Exception as error:  # noqa: BLE001 - whatever it was, a supervisor must start the process again
            self._end()
            logs.failure("loop_died", error)

    def _end(self) -> None:
        self.died = True
        self._stopping.set()


def _until_stopped(
    doors: Sequence[Door], loops: Sequence[Loop], stopping: threading.Event, reaches: Sequence[Reach] = ()
) -> int:
    for loop in loops:
        loop.start()
    for door in doors:
        door.open()
    for reach in reaches:
        reach.turn()  # whoever reads "ready" and asks the store finds this process there
    if not stopping.is_set():
        logs.write("ready", pid=os.getpid())
    stopping.wait()
    deadline = time.monotonic() + LAST_CALL
    for door in doors:
        door.close()
    for loop in loops:
        loop.join(max(0.0, deadline - time.monotonic()))
    logs.write("stopped", pid=os.getpid())
    return 1 if any(loop.died for loop in loops) else 0


def _name() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


def _reach(door: Door, context: Context, stopping: threading.Event) -> Reach:
    return Reach(context.store, door, name=_name(), stopping=stopping, limit=context.pace.unreached)


def _loops(settings: Settings, context: Context, stopping: threading.Event) -> list[Callable[[], None]]:
    name = _name()
    slack = wiring.slack_client(settings, timeout=context.pace.slack_call)
    worker = Worker(context, name=name, stopping=stopping)
    announcer = Announcer(context, slack, name=name, stopping=stopping)
    return [worker.run, announcer.run]


def _door(settings: Settings, context: Context, http_port: int | None, host: str, stopping: threading.Event) -> Door:
    try:
        app = wiring.make_app(settings, context)
    except (BoltError, SlackClientError, OSError) as error:
        raise SettingsError(f"SLACK_BOT_TOKEN: Slack did not accept it, or could not be reached: {error}") from error
    if http_port is None and settings.slack.socket_mode:
        return SocketDoor(app, settings, stopping=stopping)
    door = HttpDoor(app, host=host, port=DEFAULT_PORT if http_port is None else http_port)
    logs.write("listening", address=f"http://{host}:{door.port}{EVENTS_PATH}")
    return door
