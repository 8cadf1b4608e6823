"""Reported of other bots: a refusal that names the wrong cause, so that people look in the wrong place."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import clock
import pytest
import redis
from builders import SEALER, a_step
from desk import Desk, words
from loops.log_lines import logged
from operations.bench import Bench, nothing_of_ours
from store.servers import ALWAYS, running

from bot import wiring
from bot.doors import EVENTS_PATH, HttpDoor
from bot.errors import StoreRefused
from bot.health import examine
from bot.playground.bot_process import BotDied, BotProcess
from bot.playground.cast import ANA, GENERAL, TEAM
from bot.playground.slack.delivery import signature
from bot.store.connection import connect
from bot.store.keys import Keys
from bot.store.store import RequestStore

HELP = urlencode(
    {"command": "/broadcast", "text": "help", "user_id": ANA.id, "team_id": TEAM, "channel_id": GENERAL.id}
).encode()
SSL_CHECK = b"ssl_check=1&token=legacy"


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


@contextmanager
def door_at(bench: Bench, *, ahead: timedelta = timedelta()) -> Iterator[HttpDoor]:
    """Open a door of a bot whose clock is so far ahead of Slack's."""
    context = replace(bench.context, machine_now=lambda: clock.now() + ahead)
    door = HttpDoor(wiring.make_app(bench.settings, context), host="127.0.0.1", port=0)
    door.open()
    try:
        yield door
    finally:
        door.close()


def ask(door: HttpDoor, body: bytes, *headers: tuple[str, str]) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    line.putrequest("POST", EVENTS_PATH)
    form = ("Content-Type", "application/x-www-form-urlencoded")
    for name, value in (form, ("Content-Length", str(len(body))), *headers):
        line.putheader(name, value.encode())
    line.endheaders(body)
    answer = line.getresponse()
    try:
        return answer.status, answer.read().decode()
    finally:
        line.close()


def signed(bench: Bench, body: bytes, stamp: str | None = None, *, secret: str = "") -> list[tuple[str, str]]:
    stamp = str(int(clock.now().timestamp())) if stamp is None else stamp
    made = signature(secret or bench.slack.signing_secret, stamp, body)
    return [("X-Slack-Request-Timestamp", stamp), ("X-Slack-Signature", made)]


# Clocks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "side"), [(10, "ahead of"), (-10, "behind"), (60 * 24 * 400, "ahead of")])
def test_a_right_signature_on_a_wrong_clock_says_that_it_is_the_clock(bench: Bench, minutes: int, side: str) -> None:
    """Every command fails after a machine's clock went wrong, and the log speaks of signatures."""
    with door_at(bench, ahead=timedelta(minutes=minutes)) as door, logged() as lines:
        status, said = ask(door, HELP, *signed(bench, HELP))
    assert status == 401
    assert f"s {side} the time at which Slack signed" in said
    (line,) = lines.of("clocks_differ")
    assert abs(line["seconds"] - minutes * 60) < 60
    assert line["level"] == "warning"


def test_a_wrong_signature_stays_a_wrong_signature_whatever_the_clock(bench: Bench) -> None:
    """A stranger must not learn from the answer what time it is here."""
    with door_at(bench, ahead=timedelta(minutes=10)) as door, logged() as lines:
        status, said = ask(door, HELP, *signed(bench, HELP, secret="another"))
    assert (status, "clock" in said) == (401, False)
    assert lines.of("clocks_differ") == []


@pytest.mark.parametrize(
    "stamp",
    [
        "",
        "now",
        "-1764547200",
        "1764547200.5",
        "1 764547200",
        "0x692d",
        "1e9",
        "\u0661\u0662",
        "\u00b2",
        "9" * 16,
        "+1",
    ],
)
def test_a_timestamp_that_is_no_number_is_refused_also_with_a_right_signature(bench: Bench, stamp: str) -> None:
    """Whatever stands in the header, the answer is a refusal in words and never a fault of the bot's own."""
    with door_at(bench) as door:
        status, said = ask(door, HELP, *signed(bench, HELP, stamp))
    assert (status, "Slack's timestamp" in said) == (401, True)


@pytest.mark.parametrize("stamp", ["0", "999999999999999", "000000000000001"])
def test_a_timestamp_from_another_age_is_told_as_such(bench: Bench, stamp: str) -> None:
    """The largest and the smallest number that is taken for a time at all."""
    with door_at(bench) as door:
        status, said = ask(door, HELP, *signed(bench, HELP, stamp))
    assert (status, "The signature is right" in said) == (401, True)


@pytest.mark.parametrize("twice", [0, 1])
def test_a_header_that_is_said_twice_is_refused(bench: Bench, twice: int) -> None:
    """Two proxies add what one of them should: nobody chooses the one that fits."""
    headers = signed(bench, HELP)
    with door_at(bench) as door:
        assert ask(door, HELP, *headers, headers[twice])[0] == 401


def test_doctor_compares_this_machines_clock_with_slacks(store: RequestStore, tmp_path: Path) -> None:
    """The one who looks for the reason asks doctor, which looked at all clocks but this."""
    with Bench(store, tmp_path, skew=timedelta(minutes=-10)) as bench:
        web = wiring.slack_client(bench.settings, timeout=2)
        (clock,) = [one for one in examine(bench.context, web, app_token="") if one.about == "clock"]
    assert not clock.right
    assert "s ahead of Slack's: set it." in clock.says


# ssl_check ---------------------------------------------------------------------------------------------------------


def test_a_question_about_the_certificate_that_nobody_signed_is_refused(bench: Bench) -> None:
    """Anybody who asked ?ssl_check=1 was told 200 by the framework, and so that a bot is here."""
    with door_at(bench) as door:
        assert ask(door, SSL_CHECK)[0] == 401
        assert ask(door, SSL_CHECK, *signed(bench, SSL_CHECK, secret="another"))[0] == 401
        assert ask(door, HELP + b"&ssl_check=1", *signed(bench, HELP))[0] == 401


def test_a_question_about_the_certificate_that_slack_signed_is_answered(bench: Bench) -> None:
    """Slack asks it now and then of every address that it was given."""
    with door_at(bench) as door:
        assert ask(door, SSL_CHECK, *signed(bench, SSL_CHECK)) == (200, "")


# The store ---------------------------------------------------------------------------------------------------------


def complaints_about(folder: Path, *rules: str, **options: str) -> list[str]:
    with running(folder, ALWAYS | options) as server, connect(server.url) as client:
        if rules:
            client.execute_command("ACL", "SETUSER", "default", *rules)
        return RequestStore(client, sealer=SEALER).fitness()


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ("-evalsha", "EVALSHA"),
        ("-script|load", "SCRIPT LOAD"),
        ("-script", "SCRIPT"),
        ("-xreadgroup", "XREADGROUP"),
        ("-xautoclaim", "XAUTOCLAIM"),
        ("-wait", "WAIT"),
        ("-multi", "MULTI"),
        ("-hset", "HSET"),
        ("-zintercard", "ZINTERCARD"),
        ("-time", "TIME"),
        ("-scan", "SCAN"),
        ("-getdel", "GETDEL"),
    ],
)
def test_a_command_that_the_server_forbids_is_found_before_the_start(tmp_path: Path, rule: str, named: str) -> None:
    """An ACL without EVALSHA: doctor said ok, the bot said ready, and every press failed."""
    found = complaints_about(tmp_path, rule)
    assert [one for one in found if named in one], found


def test_keys_that_the_server_forbids_are_found_before_the_start(tmp_path: Path) -> None:
    """An ACL for the keys of another program."""
    found = complaints_about(tmp_path, "resetkeys", "~other:*")
    assert [one for one in found if "NOPERM" in one and "{broadcast}" in one]


def test_a_command_that_the_bot_does_not_need_may_be_forbidden(tmp_path: Path) -> None:
    """The rights that docs and doctor ask for are enough: EVAL, KEYS and FLUSHALL are nobody's business."""
    assert complaints_about(tmp_path, "-eval", "-keys", "-flushall", "-subscribe", "-debug") == []


def test_a_server_without_memory_is_told_as_one(tmp_path: Path) -> None:
    """maxmemory is used up: the store answers everything but a write."""
    found = complaints_about(tmp_path, maxmemory="1mb")
    assert [one for one in found if "OOM" in one and "give it more" in one], found


def test_a_server_that_waits_for_its_replicas_is_told_as_one(tmp_path: Path) -> None:
    """min-replicas-to-write, and none is there."""
    found = complaints_about(tmp_path, **{"min-replicas-to-write": "1"})
    assert [one for one in found if "NOREPLICAS" in one], found


def test_a_process_does_not_start_where_it_may_not_write(bench: Bench, tmp_path: Path) -> None:
    """It ended at the first press, or never; now it ends at once, with status 1 and one sentence."""
    with running(tmp_path / "server", ALWAYS) as server:
        with connect(server.url) as client:
            client.execute_command("ACL", "SETUSER", "default", "-evalsha")
        environ = nothing_of_ours() | bench.environ(REDIS_URL=server.url)
        process = BotProcess("worker", directory=bench.folder, environ=environ)
        with pytest.raises(BotDied):
            process.ready()
        assert process.stop() == 1
    assert "The bot's scripts (EVALSHA, SCRIPT LOAD) do not run: NOPERM" in process.lines[0]
    assert "Traceback" not in "\n".join(process.lines)


def test_scripts_that_the_server_forgot_are_given_to_it_again(store: RequestStore, redis_client: redis.Redis) -> None:
    """SCRIPT FLUSH by an operator, or a server that took over."""
    store.commit(a_step(), commit_id="c1")
    redis_client.script_flush()
    assert store.commit(a_step(version=2), commit_id="c2").version == 2


@contextmanager
def limited(url: str, client: redis.Redis, *rules: str) -> Iterator[RequestStore]:
    """Connect as a user who may do everything but something."""
    client.execute_command("ACL", "SETUSER", "limited", "on", "nopass", "~*", "+@all", *rules)
    try:
        with connect(f"{url}?username=limited&password=any") as other:
            yield RequestStore(other, sealer=SEALER)
    finally:
        client.execute_command("ACL", "DELUSER", "limited")


def test_a_refusal_of_the_store_is_its_own_error_with_the_servers_word(
    redis_url: str, redis_client: redis.Redis
) -> None:
    """It was called a store that does not answer."""
    with limited(redis_url, redis_client, "-evalsha") as store, pytest.raises(StoreRefused, match=r"NOPERM .*evalsha"):
        store.commit(a_step(), commit_id="c1")


def test_a_password_that_the_server_does_not_take_is_a_refusal_and_nothing_may_be_recorded(redis_url: str) -> None:
    """A client library that calls it a broken connection made of it "perhaps recorded"."""
    with connect(f"{redis_url}?username=nobody&password=wrong") as client, pytest.raises(StoreRefused, match="NOAUTH"):
        RequestStore(client, sealer=SEALER).commit(a_step(), commit_id="c1")


def test_people_are_not_told_of_silence_when_the_store_refused(
    desk: Desk, redis_url: str, redis_client: redis.Redis
) -> None:
    """ "The store did not answer in time; press again" was said of a store that answered at once, and always would."""
    with limited(redis_url, redis_client, "-set") as store, desk.app_with(store=store):
        said = words(desk.types(ANA, "halt 1h why"))
        assert "The store answered, and refused this. Nothing was recorded." in said
        assert "in time" not in said
        assert "broadcast-bot doctor" in said
    assert redis_client.exists(Keys().halt) == 0
