"""Reported of other bots: options in the address of the store that break the bot, or beat its own limits."""

from pathlib import Path

import pytest
import redis

from bot.domain.store_options import FORCED, OPTIONS
from bot.errors import SettingsError, StoreUnavailable
from bot.settings import Settings
from bot.store.connection import HEALTH_CHECK, TIMEOUT, connect

CONFIGURATION = """
team_id = "T0123456789"
timezone = "Asia/Shanghai"
[targets.test]
environment = "test"
app_id = "ONEX"
workspace_id = "default"
endpoint = "http://127.0.0.1:1"
platforms = ["android"]
approvals_channel = "C0123TRIAL"
approvers = ["U02BO"]
"""


def settings_with(folder: Path, url: str, **environ: str) -> Settings:
    (folder / "broadcast.toml").write_text(CONFIGURATION)
    given = {"REDIS_URL": url, "BROADCAST_SEAL_KEY": "a key of many characters"} | environ
    return Settings.from_environ(given, directory=folder, needs=frozenset())


def complaint(folder: Path, url: str, **environ: str) -> str:
    with pytest.raises(SettingsError) as refusal:
        settings_with(folder, url, **environ)
    return next(one for one in refusal.value.complaints if one.startswith("REDIS_URL: "))


@pytest.mark.parametrize("name", FORCED)
def test_what_the_promise_rests_on_cannot_be_chosen(tmp_path: Path, name: str) -> None:
    """Somebody writes ?protocol=3 or ?socket_timeout=30, as the library's manual shows, and the bot is another one."""
    said = complaint(tmp_path, f"redis://127.0.0.1:6379/0?{name}=1")
    assert f"{name} is not yours to choose: {FORCED[name]}" in said


@pytest.mark.parametrize("option", ["protocol=3", "socket_timeout=30", "ssl=true", "decode_responses=false"])
def test_an_option_that_is_not_listed_reaches_no_client(option: str) -> None:
    """Whoever makes a client gets past no other check than this one."""
    with pytest.raises(StoreUnavailable, match="not yours to choose"):
        connect(f"redis://127.0.0.1:1/0?{option}")


def test_a_client_has_the_limits_of_the_bot_whatever_the_address_says() -> None:
    """An address with options of its own must leave timeouts, retries and decoding as the bot needs them."""
    with connect("redis://127.0.0.1:1/2?client_name=broadcast-1&username=bot&password=p%2Bq") as client:
        chosen = client.connection_pool.connection_kwargs
        limits = ("socket_timeout", "socket_connect_timeout", "health_check_interval", "protocol", "decode_responses")
        assert [chosen[name] for name in limits] == [TIMEOUT, TIMEOUT, HEALTH_CHECK, 2, True]
        assert [chosen[name] for name in ("db", "client_name", "username", "password")] == [
            2, "broadcast-1", "bot", "p+q",
        ]  # fmt: skip
        assert chosen["retry"].get_retries() == 1


def test_a_store_with_tls_is_checked_against_the_authority_that_was_named() -> None:
    """rediss:// with a private authority, as managed stores have it."""
    with connect("rediss://h:1?ssl_ca_certs=/etc/ca.pem&ssl_check_hostname=false") as client:
        chosen = client.connection_pool.connection_kwargs
        assert issubclass(client.connection_pool.connection_class, redis.SSLConnection)
        assert (chosen["ssl_ca_certs"], chosen["ssl_check_hostname"], chosen["ssl_cert_reqs"]) == (
            "/etc/ca.pem", False, "required",
        )  # fmt: skip


def test_options_of_a_socket_reach_the_server(redis_url: str) -> None:
    """A socket has no place for a database or a name but behind the question mark."""
    with connect(f"{redis_url}?db=3&client_name=broadcast-7") as client:
        client.set("x", "y", ex=60)
        assert client.client_getname() == "broadcast-7"
        assert client.client_info()["db"] == 3


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("redis://h?db=1&db=2", "db is said twice"),
        ("redis://h/1?db=1", "db is said twice"),
        ("redis://u:p@h?password=q", "password is said twice"),
        ("redis://h?db=", "db is empty"),
        ("redis://h?DB=1", "there is no option DB; there are db, username"),
        ("redis://h?DB=1", "Did you mean db?"),
        ("redis://h?client_nam=x", "Did you mean client_name?"),
        ("redis://h?db=1?db=2", "db is the number of a database"),
        ("redis://h?db=1&", "an option is written NAME=VALUE"),
        ("redis://h?ssl_ca_certs=/etc/ca.pem", "ssl_ca_certs is for rediss:// alone"),
        ("unix:///s?ssl_check_hostname=no", "ssl_check_hostname is for rediss:// alone"),
        ("rediss://h?ssl_cert_reqs=none", "a stranger on the line could read the password"),
        ("rediss://h?ssl_keyfile=/etc/key.pem", "ssl_keyfile needs ssl_certfile beside it"),
        ("rediss://h?ssl_ca_certs=gone.pem", "ssl_ca_certs: cannot be read (No such file or directory)."),
        ("redis://h/abc", "must name the database by its number"),
        ("redis://h/0/1", "must name the database by its number"),
        ("redis://::1:6379", "an IPv6 address stands in brackets"),
        ("redis://a b", "must be one address on one line"),
        ("redis://h\n/0", "has more than one line"),
        ("redis:/h", "must begin with redis://HOST"),
        ("unix://run/redis.sock", "must name the socket's whole path"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_the_start_in_a_sentence(tmp_path: Path, url: str, words: str) -> None:
    """A slip in the address: today another store, another database, or a traceback at the first use."""
    assert words in complaint(tmp_path, url)


def test_every_wrong_option_is_named_at_once_with_the_other_mistakes(tmp_path: Path) -> None:
    """People mend what they are told, and start again: once must be enough."""
    with pytest.raises(SettingsError) as refusal:
        settings_with(tmp_path, "redis://h?protocol=3&db=x&tls=1", SLACK_API_URL="http://elsewhere")
    (said,) = [one for one in refusal.value.complaints if one.startswith("REDIS_URL")]
    assert all(name in said for name in ("protocol", "db is", "no option tls"))
    assert [one for one in refusal.value.complaints if one.startswith("SLACK_API_URL")]


@pytest.mark.parametrize(
    "password", ["p@ss/w#rd", "hunter2/x", "hunter2#x", "hunter2?x", "hunter2%zz", "a?hunter2=b", "hunter2 x"]
)
@pytest.mark.parametrize("scheme", ["redis", "rediss"])
def test_a_password_that_is_not_encoded_names_no_other_host(tmp_path: Path, scheme: str, password: str) -> None:
    """A password from a generator is pasted as it is: the rest of it must not become a host that errors print."""
    said = complaint(tmp_path, f"{scheme}://:{password}@redis.example:6379/0")
    assert "hunter2" not in said
    assert "ss/w" not in said
    assert "%40" in said or "without blanks" in said


def test_an_at_sign_in_a_password_is_understood() -> None:
    """The last @ ends the password: no host has one."""
    with connect("redis://:p@ss@127.0.0.1:1") as client:
        assert client.connection_pool.connection_kwargs["password"] == "p@ss"
        assert client.connection_pool.connection_kwargs["host"] == "127.0.0.1"


@pytest.mark.parametrize(
    "url",
    ["redis://:hidden-1@h", "redis://hidden-1@h", "redis://h?password=hidden-1", "unix:///s?password=hidden-1"],
)
def test_a_secret_is_hidden_wherever_it_stands_in_the_address(tmp_path: Path, url: str) -> None:
    """The log must hide it, whichever of its places somebody chose, and also where a name is the password."""
    settings = settings_with(tmp_path, url)
    assert "hidden-1" in settings.secrets()
    assert "hidden-1" not in repr(settings)


def test_a_file_is_found_from_the_folder_of_the_configuration(tmp_path: Path) -> None:
    """The bot is started from anywhere; its files lie beside its configuration."""
    (tmp_path / "ca").mkdir()
    settings = settings_with(tmp_path, "rediss://:p%2Fq@h:6390/4?ssl_ca_path=ca&client_name=b")
    with connect(settings.redis_url.get_secret_value()) as client:
        chosen = client.connection_pool.connection_kwargs
        assert chosen["ssl_ca_path"] == str(tmp_path / "ca")
        assert [chosen[name] for name in ("host", "port", "db", "password", "client_name")] == [
            "h",
            6390,
            4,
            "p/q",
            "b",
        ]


def test_every_option_has_its_field_in_the_client() -> None:
    """An option that is taken and then forgotten would be a promise that nobody keeps."""
    said = {"db": "1", "ssl_check_hostname": "false", "ssl_cert_reqs": "required"}
    with connect("rediss://h?" + "&".join(f"{name}={said.get(name, 'x')}" for name in OPTIONS)) as client:
        assert {name for name in OPTIONS if client.connection_pool.connection_kwargs.get(name) is None} == set()


def test_a_database_that_the_server_does_not_have_is_named_by_the_server(redis_url: str) -> None:
    """/99 on a server with 16 databases."""
    with connect(f"{redis_url}?db=99") as client, pytest.raises(redis.RedisError, match="out of range"):
        client.ping()
