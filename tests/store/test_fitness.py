"""A store that may forget is told what to change."""

from pathlib import Path

import pytest
from builders import SEALER
from store.servers import ALWAYS, free_port, running

from bot.store import fitness
from bot.store.connection import connect
from bot.store.store import RequestStore

LAZY = {"appendonly": "yes", "appendfsync": "everysec"}


def complaints_about(folder: Path, options: dict[str, str], *, forbidden: str = "") -> list[str]:
    with running(folder, options) as server, connect(server.url) as client:
        if forbidden:
            client.execute_command("ACL", "SETUSER", "default", *forbidden.split())
        return RequestStore(client, sealer=SEALER).fitness()


def test_the_embedded_store_is_fit(store: RequestStore) -> None:
    assert store.fitness() == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"appendonly": "no"}, "set appendonly yes"),
        (LAZY, "appendfsync is everysec, so a power cut may forget a send: set it to always"),
        ({"appendonly": "yes", "appendfsync": "no"}, "appendfsync is no, so a power cut may forget a send"),
        (ALWAYS | {"maxmemory-policy": "allkeys-lru"}, "maxmemory-policy is allkeys-lru"),
        (ALWAYS | {"maxmemory-policy": "volatile-ttl", "maxmemory": "100mb"}, "set it to noeviction"),
        (ALWAYS | {"replicaof": "127.0.0.1 1"}, "read-only replica"),
    ],
)
def test_a_wrong_setting_is_named_with_its_cure(tmp_path: Path, options: dict[str, str], sentence: str) -> None:
    (complaint,) = complaints_about(tmp_path, options)
    assert sentence in complaint


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    found = complaints_about(tmp_path, {"appendonly": "no", "maxmemory-policy": "volatile-ttl"})
    assert [("appendonly" in one, "maxmemory" in one) for one in found] == [(False, True), (True, False)]


def test_a_server_that_hides_info_is_not_fit(tmp_path: Path) -> None:
    (complaint,) = complaints_about(tmp_path, ALWAYS, forbidden="-info")
    assert "allow the bot's user to run INFO" in complaint


def test_a_server_that_hides_its_settings_is_not_fit(tmp_path: Path) -> None:
    (complaint,) = complaints_about(tmp_path, ALWAYS, forbidden="-config")
    assert "CONFIG GET" in complaint


def test_with_a_replica_that_confirms_nobody_asks_when_the_disk_is_written(tmp_path: Path) -> None:
    port = str(free_port())
    options = LAZY | {"port": port, "bind": "127.0.0.1", "repl-diskless-sync-delay": "0"}
    with (
        running(tmp_path / "primary", options) as server,
        running(tmp_path / "replica", {"replicaof": f"127.0.0.1 {port}"}) as replica,
        connect(server.url) as client,
    ):
        replica.follows()
        assert RequestStore(client, sealer=SEALER).fitness() == []


def test_a_server_that_goes_on_without_one_of_several_replicas_is_not_fit(tmp_path: Path) -> None:
    port = str(free_port())
    options, follows = LAZY | {"port": port, "bind": "127.0.0.1"}, {"replicaof": f"127.0.0.1 {port}"}
    with (
        running(tmp_path / "primary", options | {"repl-diskless-sync-delay": "0"}) as server,
        running(tmp_path / "first", follows) as first,
        running(tmp_path / "second", follows) as second,
        connect(server.url) as client,
    ):
        first.follows()
        second.follows()
        store = RequestStore(client, sealer=SEALER)
        (complaint,) = store.fitness()
        assert complaint.endswith("set min-replicas-to-write to 2 on every server, not 0.")
        client.config_set("min-replicas-to-write", 2)
        assert store.fitness() == []
        client.execute_command("ACL", "SETUSER", "default", "-config")
        assert "hides min-replicas-to-write" in store.fitness()[0]


def test_a_node_of_a_cluster_that_does_not_keep_the_keys_is_not_fit(tmp_path: Path) -> None:
    """The other node is only on paper, so the cluster is down; a node answers reads then, if it is told to."""
    port, bus = free_port(), free_port()
    (tmp_path / "nodes.conf").write_text(
        f"{'a' * 40} 127.0.0.1:{port}@{bus} myself,master - 0 0 1 connected\n"
        f"{'b' * 40} 127.0.0.1:7001@7002 master - 0 0 2 connected 0-16383\n"
        "vars currentEpoch 2 lastVoteEpoch 0\n"
    )
    options = ALWAYS | {
        "bind": "127.0.0.1",
        "port": str(port),
        "cluster-port": str(bus),
        "cluster-enabled": "yes",
        "cluster-allow-reads-when-down": "yes",
    }
    (complaint,) = complaints_about(tmp_path, options)
    assert "put the address of 127.0.0.1:7001" in complaint


@pytest.mark.parametrize(
    ("version", "is_old"), [("6.2.14", True), ("7.0.15", True), ("7.2.4", False), ("8.0.1", False)]
)
def test_a_server_that_is_too_old_is_named_by_its_version(version: str, *, is_old: bool) -> None:
    found = list(fitness.version_complaints({"redis_version": version}))
    assert [version in one for one in found] == ([True] if is_old else [])


def test_a_disk_that_cannot_be_written_is_a_complaint() -> None:
    about = {"aof_enabled": 1, "connected_slaves": 1, "aof_last_write_status": "err"}
    with connect("redis://127.0.0.1:1") as unused:
        (complaint,) = fitness.disk_complaints(unused, about)
    assert "look at its disk" in complaint
