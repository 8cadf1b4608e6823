"""Reported of other bots: a process or a store that is alive, looks well to whoever asks, and is reached by nobody."""

import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from urllib.parse import unquote

import pytest
import redis
from builders import REQUEST_ID, SEALER, a_step
from desk import Desk, words
from loops.log_lines import logged
from operations.bench import Bench, bench_for_processes, nothing_of_ours
from places import ROOT
from slack_bolt import App
from slack_sdk import WebClient
from store.users import another_process, eventually, is_running, pid_of
from websockets.sync.client import connect as open_websocket

from bot import wiring
from bot.doors import HttpDoor, SocketDoor
from bot.errors import SettingsError, SlackUnreached, StoreUnavailable
from bot.health import examine
from bot.keeper import Keeper
from bot.operations.pace import USUAL
from bot.playground.bot_process import BotProcess
from bot.playground.cast import ANA, GENERAL
from bot.playground.clock_file import ClockFile
from bot.playground.pace_file import OPTION, write_pace
from bot.playground.slack.sim import SlackSim
from bot.reach import Reach
from bot.socket_client import Backoff
from bot.store import embedded_guard
from bot.store.connection import connect
from bot.store.embedded import EmbeddedValkey
from bot.store.store import RequestStore
from bot.store.switches import REACHED, UNREACHED

FAST = Backoff(first=0.05, longest=0.2, jitter=lambda: 1.0)
LIMIT = 3.0
"""Seconds after which a process of these tests ends when it is not reached."""


AT_WORST = embedded_guard.APPEARS_WITHIN + embedded_guard.PATIENCE
"""Seconds: a socket that was removed before the guard saw it counts as one that did not appear."""


@pytest.fixture
def bench(redis_client: redis.Redis, tmp_path: Path) -> Iterator[Bench]:
    with bench_for_processes(redis_client, tmp_path) as bench:
        yield bench


@pytest.fixture
def app(bench: Bench) -> App:
    return wiring.make_app(bench.settings, bench.context)


def address(slack: SlackSim) -> str:
    web = WebClient(slack.bot_token, base_url=slack.api_url)
    return str(web.apps_connections_open(app_token=slack.app_token)["url"])


@contextmanager
def taken(slack: SlackSim, count: int = 10) -> Iterator[Callable[[], None]]:
    """Let others hold the connections; give a way to let one of them go."""
    with ExitStack() as others:
        lines = [others.enter_context(open_websocket(address(slack), proxy=None)) for _ in range(count)]
        assert slack.wait_until(lambda: slack.sockets == count)
        yield lines[0].close


@contextmanager
def door_of(bench: Bench, app: App) -> Iterator[SocketDoor]:
    """Make a door and open it in a thread of its own: it waits for Slack's greeting."""
    stopping = Event()
    door = SocketDoor(app, bench.settings, stopping=stopping, backoff=FAST)
    opening = threading.Thread(target=door.open)
    opening.start()
    try:
        yield door
    finally:
        stopping.set()
        opening.join(10)
        bench.slack.drop_sockets()
        door.close()


def asked(bench: Bench) -> int:
    return len([entry for entry in bench.slack.journal() if entry.name == "apps.connections.open"])


def connections(bench: Bench) -> int:
    return len([one for one in bench.slack.happenings() if one.kind == "socket_connected"])


# Socket Mode -------------------------------------------------------------------------------------------------------


def test_the_eleventh_connection_is_not_ready_until_slack_greets_it(bench: Bench, app: App) -> None:
    """Ten processes of an app run; the eleventh logged ready, and nothing that anybody pressed came to it."""
    with taken(bench.slack) as let_one_go, logged() as lines, door_of(bench, app) as door:
        eventually(lambda: len(lines.of("slack_sent_away")) > 1, "it is sent away")
        assert "ten Socket Mode connections" in door.unreached()
        assert lines.of("slack_sent_away")[0]["code"] == "too_many_websockets"
        let_one_go()
        eventually(lambda: not door.unreached(), "it is greeted")


def test_who_is_sent_away_comes_back_later_and_later(bench: Bench, app: App) -> None:
    """It opened connections ten times a second, for ever."""
    with taken(bench.slack), logged() as lines:
        before = asked(bench)
        stopping = Event()
        slow = Backoff(first=0.2, longest=60.0, jitter=lambda: 1.0)
        door = SocketDoor(app, bench.settings, stopping=stopping, backoff=slow)
        opening = threading.Thread(target=door.open)
        opening.start()
        eventually(lambda: asked(bench) - before >= 4, "a few tries")
        tries = asked(bench) - before
        stopping.set()
        opening.join(10)
        door.close()
    # At 0, 0, 0.2, 0.6, 1.4, 3.0 s: ten times a second would have been more than these long before.
    assert tries <= 6
    assert len(lines.of("slack_sent_away")) <= tries


def test_a_connection_that_slack_asks_to_renew_is_renewed_at_once_and_stays_reachable(bench: Bench, app: App) -> None:
    """Every few hours Slack asks for a new connection: that is no failure, and nobody may notice it."""
    with door_of(bench, app) as door, logged() as lines:
        eventually(lambda: not door.unreached(), "it is greeted")
        assert bench.slack.refresh_sockets() == 1
        eventually(lambda: connections(bench) == 2 and bench.slack.sockets == 1, "it is on the new one alone")
        eventually(lambda: not door.unreached(), "it is greeted again")
        deed = bench.slack.command(ANA.id, GENERAL.id, "/broadcast help")
        assert (deed.acked, deed.failure) == (True, "")
        (line,) = lines.of("slack_sent_away")
        assert (line["level"], line["code"]) == ("info", "refresh_requested")


def test_when_socket_mode_is_switched_off_the_process_says_so_and_is_lost(bench: Bench, app: App) -> None:
    """Somebody changes the app's settings: no try will ever help."""
    with door_of(bench, app) as door, logged() as lines:
        eventually(lambda: not door.unreached(), "it is greeted")
        bench.slack.disable_sockets()
        eventually(lambda: door.lost, "it is lost")
        before = asked(bench)
        assert "switched off in the app's settings" in door.unreached()
        with pytest.raises(SlackUnreached, match="switched off"):
            Reach(bench.store, door, name="one", stopping=Event(), limit=60.0).turn()
        assert asked(bench) == before
    assert lines.of("slack_sent_away")[0]["level"] == "warning"


def test_socket_mode_that_is_off_at_the_start_is_a_wrong_setting(bench: Bench, app: App) -> None:
    """The same, found at the start: exit status 2 and a sentence."""
    bench.slack.disable_sockets()
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN: Socket Mode was switched off"):
        SocketDoor(app, bench.settings, backoff=FAST).open()


@pytest.mark.parametrize("code", ["invalid_auth", "not_allowed_token_type", "account_inactive"])
def test_a_token_that_slack_takes_no_more_is_not_tried_for_ever(bench: Bench, app: App, code: str) -> None:
    """The token is revoked while the bot runs."""
    with door_of(bench, app) as door:
        eventually(lambda: not door.unreached(), "it is greeted")
        bench.slack.fault("apps.connections.open", "error", code=code, times=None)
        bench.slack.refresh_sockets()
        eventually(lambda: door.lost, "it is lost")
        assert door.unreached() == f"Slack does not take SLACK_APP_TOKEN any more: {code}."


@pytest.mark.long
def test_a_slack_that_is_down_for_a_while_is_tried_again(bench: Bench, app: App) -> None:
    """Every other error passes: the bot waits, and comes back by itself."""
    with door_of(bench, app) as door, logged() as lines:
        eventually(lambda: not door.unreached(), "it is greeted")
        bench.slack.fault("apps.connections.open", "http_500", times=2)
        bench.slack.drop_sockets()
        eventually(lambda: lines.of("slack_not_reached"), "it is refused")
        eventually(lambda: not door.unreached(), "it is greeted again")
        assert "trace" not in lines.of("slack_not_reached")[0]


# Processes ---------------------------------------------------------------------------------------------------------


@contextmanager
def started(bench: Bench, *verb: str, redis_url: str) -> Iterator[BotProcess]:
    """Start a process that ends soon when it is not reached."""
    pace, clock = bench.folder / "pace", bench.folder / "clock"
    write_pace(pace, replace(USUAL, unreached=LIMIT))
    ClockFile(clock).move(timedelta())
    process = BotProcess(
        *verb,
        directory=bench.folder,
        environ=nothing_of_ours() | bench.environ(REDIS_URL=redis_url),
        program=("-m", "bot.playground.moved_clock", str(clock), OPTION, str(pace)),
    )
    try:
        yield process
    finally:
        if process.alive:
            process.kill()


@pytest.mark.long
def test_a_process_that_slack_never_greets_ends_with_a_sentence_and_is_never_ready(
    bench: Bench, redis_url: str
) -> None:
    """A supervisor saw a process that runs; now it sees one that ended, and starts it again."""
    with taken(bench.slack), started(bench, "slack", redis_url=redis_url) as process:
        died = process.wait_for("loop_died", timeout=60)
        assert process.ended(within=15)
        assert process.stop() == 1
        assert process.logged("ready") == []
    assert "ten Socket Mode connections" in died["why"]
    assert "trace" not in died
    assert process.logged("slack_sent_away")


@pytest.mark.long
def test_a_process_that_is_greeted_beats_and_one_that_is_sent_away_later_ends(bench: Bench, redis_url: str) -> None:
    """The others and doctor see in the store who can be reached; a line that is lost for good ends the process."""
    with started(bench, "slack", redis_url=redis_url) as process:
        process.ready()
        eventually(lambda: bench.store.alive(REACHED), "its heartbeat")
        bench.slack.fault("apps.connections.open", "error", code="internal_error", times=None)
        bench.slack.drop_sockets()
        eventually(lambda: bench.store.alive(UNREACHED), "the heartbeat of a deaf one")
        assert process.ended(within=60)
        assert process.stop() == 1
    assert "Slack has not reached this process" in process.logged("loop_died")[-1]["why"]


def test_a_process_that_waits_for_its_greeting_ends_when_asked(bench: Bench, redis_url: str) -> None:
    """A platform that stops it must not have to kill it."""
    with taken(bench.slack), started(bench, "slack", redis_url=redis_url) as process:
        process.wait_for("slack_sent_away", timeout=60)
        assert process.stop() == 0


def test_home_says_that_a_process_is_deaf(desk: Desk) -> None:
    """People whose presses are lost have nothing else to look at."""
    desk.slack.open_home(ANA.id)
    assert "Slack can't reach" not in words(desk.slack.home(ANA.id))
    desk.store.beat("host-<7>", UNREACHED, seconds=60)
    desk.slack.open_home(ANA.id)
    assert "*Slack can't reach a process of this bot:* host-&lt;7&gt;." in words(desk.slack.home(ANA.id))


def test_doctor_says_who_is_reached_and_who_is_deaf(bench: Bench) -> None:
    """Doctor asked whether the token opens a connection, not whether anybody is connected."""
    web = wiring.slack_client(bench.settings, timeout=2)

    def receivers() -> list[tuple[bool, str]]:
        found = examine(bench.context, web, app_token="")
        return [(one.right, one.says) for one in found if one.about == "receiver"]

    assert receivers()[0][1].startswith("No process is reached by Slack: nobody can ask or approve.")
    bench.store.beat("host-1", REACHED, seconds=60)
    bench.store.beat("host-2", UNREACHED, seconds=60)
    assert receivers() == [
        (True, "host-1"),
        (False, "host-2 is alive, and Slack cannot reach it: its log says why."),
    ]


# HTTP --------------------------------------------------------------------------------------------------------------


def test_a_port_behind_which_nobody_listens_is_noticed(app: App) -> None:
    """The loop that answers has ended, and the process lives."""
    door = HttpDoor(app, host="127.0.0.1", port=0)
    door.open()
    assert (door.unreached(), door.lost) == ("", False)
    door.close()
    assert door.lost
    assert door.unreached().startswith(f"Nobody answers at port {door.port} any more")


def test_a_port_that_somebody_else_answers_is_noticed(app: App) -> None:
    """Another program took the port over: what Slack sends goes there."""
    door = HttpDoor(app, host="127.0.0.1", port=0)
    door.close()
    with socket.create_server(("127.0.0.1", door.port)) as other:

        def answer() -> None:
            line, _ = other.accept()
            with line:
                line.recv(100)
                line.sendall(b"SSH-2.0-OpenSSH")

        answering = threading.Thread(target=answer)
        answering.start()
        assert "Something else than the bot answers" in door.unreached()
        answering.join(10)


# The embedded store ------------------------------------------------------------------------------------------------


def path_of(url: str) -> Path:
    return Path(unquote(url.removeprefix("unix://")))


def removed(socket_path: Path) -> None:
    socket_path.unlink()


def replaced_by_a_file(socket_path: Path) -> None:
    socket_path.unlink()
    socket_path.write_text("not a socket")


def replaced_by_another_socket(socket_path: Path) -> None:
    socket_path.unlink()
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.bind(str(socket_path))


@pytest.mark.parametrize("spoil", [removed, replaced_by_a_file, replaced_by_another_socket])
def test_a_store_whose_socket_was_removed_comes_back_with_all_it_had(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """A cleaner removes what looks old: the server lived on, unreachable, and everything failed until a restart."""
    with EmbeddedValkey(tmp_path) as server, connect(server.ensure()) as client:
        url, store = server.ensure(), RequestStore(client, sealer=SEALER)
        stored, epoch, pid = store.commit(a_step(), commit_id="c1"), store.epoch(), pid_of(url)
        spoil(path_of(url))
        client.connection_pool.disconnect()
        keeper = Keeper(server, stopping=Event())
        with logged() as lines:
            eventually(
                lambda: (keeper.turn(), lines.of("store_started_again"))[1],
                "the server is started again",
                seconds=AT_WORST,
            )
        assert store.get(REQUEST_ID) == stored
        assert store.epoch() != epoch  # so what was approved is held
        assert pid_of(url) != pid
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_server_that_is_ended_for_its_socket_ends_cleanly_and_alone(tmp_path: Path) -> None:
    """Never two servers on one folder: the old one has written everything and is gone before the new one starts."""
    with EmbeddedValkey(tmp_path) as server, another_process(tmp_path) as guest:
        assert guest.stdout is not None
        url = guest.stdout.readline().strip()
        server.ensure()
        removed(path_of(url))
        keeper = Keeper(server, stopping=Event())
        with logged():
            eventually(lambda: (keeper.turn(), server.answers())[1], "the server is there again", seconds=AT_WORST)
        log = server.log.read_text(encoding="utf-8")
    ended, started = log.index("Received SIGTERM"), log.rindex("Ready to accept connections")
    assert log.count("Ready to accept connections") == 2
    assert ended < log.index("bye bye") < started


def test_a_long_paths_folder_in_tmp_that_was_removed_is_made_again_where_it_was(tmp_path: Path) -> None:
    """systemd-tmpfiles removes the whole folder; processes that are connected there look nowhere else."""
    folder = tmp_path / ("long" * 30)
    with EmbeddedValkey(folder) as server, connect(server.ensure()) as client:
        url, store = server.ensure(), RequestStore(client, sealer=SEALER)
        stored = store.commit(a_step(), commit_id="c1")
        shutil.rmtree(path_of(url).parent)
        client.connection_pool.disconnect()
        keeper = Keeper(server, stopping=Event())
        with logged():
            eventually(lambda: (keeper.turn(), is_running(url))[1], "the server is there again", seconds=AT_WORST)
        assert server.ensure() == url
        assert store.get(REQUEST_ID) == stored
    shutil.rmtree(path_of(url).parent)


def test_a_note_of_a_long_path_that_was_removed_is_written_again(tmp_path: Path) -> None:
    """Whoever comes next would look for the server elsewhere, and say that it does not answer."""
    folder = tmp_path / ("long" * 30)
    with EmbeddedValkey(folder) as server:
        url = server.ensure()
        (folder / "valkey.socket-path").unlink()
        Keeper(server, stopping=Event()).turn()
        with EmbeddedValkey(folder) as another:
            assert another.ensure() == url
    shutil.rmtree(path_of(url).parent)


def test_whoever_comes_between_waits_until_the_note_is_right(tmp_path: Path) -> None:
    """An operator's verb in the two seconds after the note was lost."""
    folder = tmp_path / ("long" * 30)
    with EmbeddedValkey(folder) as server:
        url, stopping = server.ensure(), Event()
        (folder / "valkey.socket-path").unlink()
        EmbeddedValkey(folder)
        keeping = threading.Thread(target=Keeper(server, stopping=stopping, every=0.5).run)
        keeping.start()
        try:
            with EmbeddedValkey(folder) as another:
                assert another.ensure() == url
        finally:
            stopping.set()
            keeping.join(10)
    shutil.rmtree(path_of(url).parent)


def test_a_server_that_is_stopped_for_long_is_told_and_gets_no_rival(tmp_path: Path) -> None:
    """A paused server must not be taken for a dead one, and must not go unnoticed either."""
    with EmbeddedValkey(tmp_path) as server:
        url = server.ensure()
        pid = pid_of(url)
        os.kill(pid, signal.SIGSTOP)
        try:
            with logged() as lines:
                keeper = Keeper(server, stopping=Event())
                keeper.turn()
                keeper.turn()
            assert [line["level"] for line in lines.of("store_silent")] == ["warning"] * 2
            assert not server.answers()
            with connect(url) as client, pytest.raises(StoreUnavailable):
                RequestStore(client, sealer=SEALER).now()
        finally:
            os.kill(pid, signal.SIGCONT)
        eventually(server.answers, "it answers")
        assert pid_of(url) == pid


def test_a_stopped_server_whose_socket_was_removed_comes_back_too(tmp_path: Path) -> None:
    """Both at once: the end that it is asked for waits until it runs again, and then it is started anew."""
    with EmbeddedValkey(tmp_path) as server:
        url = server.ensure()
        pid = pid_of(url)
        os.kill(pid, signal.SIGSTOP)
        removed(path_of(url))
        keeper = Keeper(server, stopping=Event())
        with logged() as lines:
            keeper.turn()
            assert lines.of("store_silent")
            os.kill(pid, signal.SIGCONT)
            eventually(lambda: (keeper.turn(), server.answers())[1], "the server is there again", seconds=AT_WORST)
        assert pid_of(url) != pid


@pytest.mark.long
def test_a_process_of_the_bot_brings_its_store_back(bench: Bench) -> None:
    """The whole of it, in the process that people start."""
    environ = nothing_of_ours() | bench.environ(REDIS_URL="")
    process = BotProcess("run", directory=ROOT, environ=environ)
    try:
        process.ready()
        removed(bench.folder / "var" / "valkey.sock")
        process.wait_for("store_started_again", timeout=60)
        assert bench.slack.command(ANA.id, GENERAL.id, "/broadcast list").failure == ""
        assert process.stop() == 0
    finally:
        if process.alive:
            process.kill()
