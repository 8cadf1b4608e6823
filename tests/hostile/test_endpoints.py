"""Whatever the configuration says, only public names are called, by https, or this machine; and none leads on."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile.corpus import ENDPOINTS
from hypothesis import example, given
from hypothesis import strategies as st
from mpaas.loopback import Loopback, answering
from operations.bench import Bench
from pydantic import SecretStr
from slack_sdk.errors import SlackClientError

from bot import wiring
from bot.domain.hosts import is_public_name
from bot.domain.outcome import Unknown
from bot.errors import SettingsError
from bot.mpaas.client import PushClient
from bot.mpaas.endpoint import EndpointRefused, base_url
from bot.mpaas.results import ReadFailed
from bot.mpaas.signing import Credentials
from bot.settings import Settings, values
from bot.store.store import RequestStore

CONFIGURATION = """\
team_id = "T0123456789"
timezone = "Asia/Shanghai"

[targets.live]
environment = "live"
app_id = "ONEX570DA89211721"
workspace_id = "default"
endpoint = {endpoint}
platforms = ["android"]
approvals_channel = "C0123APPROVE"
requesters = ["U01ANA"]
approvers = ["U02BO"]
"""
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
PIECES = st.sampled_from(
    ["http://", "https://", "mpaas", ".aliyuncs.com", ".", "-", "@", ":", "/", "\\", "127.0.0.1", "localhost", "[::1]",
     "169.254.169.254", "2130706433", "0x7f", ":80", ":443", "%2e", "\u3002", "\uff0e", "#", "?", " ", "\n",
     "evil.example"]
)  # fmt: skip


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


# What may be said ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_no_client_is_made_for_what_is_no_endpoint(endpoint: str) -> None:
    with pytest.raises(EndpointRefused):
        base_url(endpoint)


@pytest.mark.parametrize("endpoint", [one for one in ENDPOINTS if one.isprintable()])
def test_the_configuration_is_refused_with_a_sentence(endpoint: str, tmp_path: Path) -> None:
    """Where the configuration is kinder than the client, it has written the endpoint in its one spelling."""
    quoted = "'" + endpoint + "'"
    (tmp_path / "broadcast.toml").write_text(CONFIGURATION.format(endpoint=quoted), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"targets\.live\.endpoint: must "):
        Settings.from_environ({}, directory=tmp_path, needs=frozenset())


@given(st.lists(PIECES | st.text(max_size=3), max_size=7).map("".join))
@example("http://127.0.0.1")
@example("https://mpaas.aliyuncs.com:443")
@example("http://[::1]:80/")
def test_what_the_configuration_takes_the_client_calls_and_nothing_else(text: str) -> None:
    try:
        endpoint = values.endpoint(text)
    except ValueError:
        return
    assert base_url(endpoint) in {f"https://{endpoint}/", f"{endpoint}/"}
    host = base_url(endpoint).split("://")[1].rstrip("/")
    if endpoint.startswith("http://"):
        assert host.rpartition(":")[0] in {"127.0.0.1", "localhost", "[::1]"}
    else:
        assert is_public_name(host.partition(":")[0])
        assert host.partition(":")[0] in text.lower()


@pytest.mark.parametrize(
    "url", ["https://169.254.169.254/api/", "https://2852039166/", "https://metadata/", "http://169.254.169.254/",
            "https://slack.com@evil.example/", "https://slack.com\\@evil.example/", "https://127.0.0.1/"]
)  # fmt: skip
def test_slacks_address_is_held_to_the_same(url: str) -> None:
    with pytest.raises(ValueError, match="must "):
        values.web_api(url)


# What is called ------------------------------------------------------------------------------------------------------


class Dialled:
    """Hear of every connection of this process; an audit hook cannot be taken away, so this one is told to stop."""

    def __init__(self) -> None:
        self.hosts: list[object] = []
        self._listening = True
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._listening and event == "socket.connect":
            self.hosts.append(arguments[1])

    def stop(self) -> None:
        self._listening = False


def client_for(endpoint: str) -> PushClient:
    return PushClient(
        endpoint,
        Credentials("id", SecretStr("secret"), SecretStr("token")),
        app_id="APP",
        workspace_id="default",
        now=lambda: NOW,
        nonce=lambda: "nonce",
        attempts=1,
    )


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_a_redirect_of_mpaas_is_not_followed_and_proves_nothing(status: int) -> None:
    with Loopback(answering(b"{}")) as other:
        where = f"Location: {other.endpoint}/\r\nRefresh: 0; url={other.endpoint}/\r\n"
        with Loopback(answering(b"", status=status, headers=where)) as mpaas, client_for(mpaas.endpoint) as client:
            dialled = Dialled()
            assert isinstance(client.push_broadcast({"AppId": "APP"}), Unknown)
            with pytest.raises(ReadFailed):
                client.list_templates()
            dialled.stop()
            assert other.requests == []
            assert set(dialled.hosts) == {("127.0.0.1", mpaas.port)}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_of_slack_is_not_followed_and_the_token_goes_nowhere_else(bench: Bench, status: int) -> None:
    """urllib carries the Authorization header to wherever it is sent."""
    with Loopback(answering(b'{"ok": true}')) as other:
        where = f"Location: {other.endpoint}/api/auth.test\r\n"
        with Loopback(answering(b"", status=status, headers=where)) as slack:
            settings = bench.settings.model_copy(
                update={"slack": bench.settings.slack.model_copy(update={"api_url": f"{slack.endpoint}/api/"})}
            )
            client = wiring.slack_client(settings, timeout=2)
            for call in (client.auth_test, client.users_list):
                with pytest.raises((SlackClientError, OSError)):
                    call()
            assert len(slack.requests) == 2
            assert other.requests == []
