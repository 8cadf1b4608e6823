"""What the bot asks of a server is tried before it starts, and leaves one key that goes away."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import redis
from places import ROOT

from bot.store.keys import Keys
from bot.store.rights import KEPT_MS, TRIED, missing
from bot.store.store import RequestStore

STORE = ROOT / "bot" / "store"
BY_ANOTHER_NAME = {
    "delete": "DEL", "config_get": "CONFIG", "xgroup_create": "XGROUP", "xpending_range": "XPENDING",
    "scan_iter": "SCAN", "script_load": "SCRIPT", "execute_command": "INFO",
}  # fmt: skip
ASKED_ELSEWHERE = {"CONFIG", "INFO", "EVALSHA"}
"""``fitness`` asks for the first two, where they are needed; the last is what the probe's script runs by."""
NO_COMMAND = {"pipeline", "execute", "register_script", "transaction", "close"}


def commands_of_python() -> set[str]:
    """Name the commands that the store's modules ask for by methods of the client."""
    called = {
        name
        for path in STORE.glob("*.py")
        for name in re.findall(r"\b(?:_client|client|asked|both|line)\.([a-z_]+)\(", path.read_text(encoding="utf-8"))
    }
    methods = {name for name in called if hasattr(redis.Redis, name)} - NO_COMMAND
    return {BY_ANOTHER_NAME.get(name, name.upper()) for name in methods}


def commands_of_lua() -> set[str]:
    scripts = [path.read_text(encoding="utf-8") for path in (STORE / "lua").glob("*.lua")]
    return {name for script in scripts for name in re.findall(r"redis\.call\('([A-Z]+)'", script)}


def test_every_command_that_the_store_uses_is_tried() -> None:
    used = commands_of_python() | commands_of_lua()
    assert len(used) > 30
    assert used - {words[0] for words in TRIED} <= ASKED_ELSEWHERE


def test_the_probe_leaves_one_key_that_goes_away(redis_client: redis.Redis) -> None:
    key = Keys().probe("one")
    assert list(missing(redis_client, key)) == []
    assert redis_client.keys() == [key]
    assert 0 < redis_client.pttl(key) <= KEPT_MS


def test_a_key_of_another_shape_in_its_place_does_no_harm(redis_client: redis.Redis) -> None:
    key = Keys().probe("one")
    redis_client.lpush(key, "left by somebody")
    assert list(missing(redis_client, key)) == []


def test_the_scripts_folder_is_where_the_probe_is() -> None:
    assert Path(STORE / "lua" / "probe.lua").is_file()


def test_many_who_start_at_once_do_not_disturb_each_other(store: RequestStore) -> None:
    with ThreadPoolExecutor(8) as hands:
        found = [hands.submit(store.fitness) for _ in range(40)]
        assert [one.result() for one in found] == [[]] * 40
