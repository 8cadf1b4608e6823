"""From settings to the parts that run: everything arrives where it belongs, and nothing is contacted for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from operations.bench import ACCESS_KEY, Bench
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackClientError

from bot import wiring
from bot.domain.content import Platform
from bot.errors import SettingsError
from bot.playground.cast import ANA, APPROVALS, BROADCASTS, ONCALL
from bot.settings import Settings
from bot.store.store import RequestStore


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


def test_every_rule_of_a_target_arrives(bench: Bench) -> None:
    settings = bench.settings_with(
        "live", "test", quorum=2, veto_window="90s", approval_expires="2h", results_channel=BROADCASTS.id, tenant_id="T"
    )
    targets = wiring.targets_of(settings)
    assert list(targets) == ["live", "test"]
    live = targets["live"]
    assert (live.name, live.destination.environment, live.destination.tenant_id) == ("live", "live", "T")
    assert live.destination.endpoint == bench.mpaas.url.rstrip("/")
    assert live.platforms == tuple(Platform)
    assert (live.approvals_channel, live.results_channel) == (APPROVALS.id, BROADCASTS.id)
    assert (live.requesters, live.approvers) == (frozenset({ANA.id}), frozenset({ONCALL.id}))
    assert (live.quorum, live.veto_window, live.approval_expires) == (2, 90, 7200)


def test_a_context_is_made_without_asking_anybody(bench: Bench) -> None:
    context = bench.context_with("live", "test")
    assert set(context.clients) == set(context.quick_clients) == {"live", "test"}
    assert bench.slack.journal() == []
    assert bench.mpaas.journal.entries() == []


def test_no_secret_is_in_what_a_context_shows_of_itself(bench: Bench) -> None:
    shown = repr(bench.context)
    assert not [secret for secret in bench.settings.secrets() if secret in shown]


def test_operators_need_no_access_key(bench: Bench) -> None:
    bench.configure()
    environ = {"BROADCAST_CONFIG": "broadcast.toml"}
    settings = Settings.from_environ(environ, directory=bench.folder, needs=frozenset())
    assert wiring.make_context(settings, bench.store).clients == {}


@pytest.mark.parametrize(("variable", "value"), [("MPAAS_SK_ENV", "two words"), ("MPAAS_AK_ENV", "id,with=commas")])
def test_an_access_key_that_can_never_sign_is_a_wrong_setting_and_not_shown(
    bench: Bench, variable: str, value: str
) -> None:
    bench.configure()
    settings = Settings.from_environ(bench.environ(**{variable: value}), directory=bench.folder)
    with pytest.raises(SettingsError, match=r"targets\.live: The AccessKey") as error:
        wiring.make_context(settings, bench.store)
    assert value not in str(error.value)


def test_the_slack_client_waits_when_asked_to_and_repeats_nothing_else(bench: Bench) -> None:
    client = wiring.slack_client(bench.settings, timeout=7)
    assert [type(handler).__name__ for handler in client.retry_handlers] == ["RateLimitErrorRetryHandler"]
    assert (client.timeout, client.base_url, client.token) == (7, bench.slack.api_url, bench.slack.bot_token)
    bench.slack.fault("auth.test", "reset_before")
    with pytest.raises(OSError):
        client.auth_test()
    assert len(bench.slack.journal("auth.test")) == 1


def test_an_app_is_made_only_with_a_token_that_slack_knows(bench: Bench) -> None:
    assert wiring.make_app(bench.settings, bench.context).name
    bench.slack.fault("auth.test", "error", code="invalid_auth")
    with pytest.raises((BoltError, SlackClientError)):
        wiring.make_app(bench.settings, bench.context)


def test_without_an_address_the_embedded_store_is_opened_and_ended(bench: Bench) -> None:
    settings = bench.settings_with()
    with wiring.open_store(settings) as store:
        assert store.fitness() == []
        assert (settings.data_dir / "valkey.sock").exists()
    with wiring.open_store(settings) as again:
        assert again.list_requests() == []


def test_with_an_address_that_store_is_opened(bench: Bench, redis_url: str) -> None:
    bench.configure()
    settings = Settings.from_environ(bench.environ(REDIS_URL=redis_url), directory=bench.folder)
    request = bench.submitted()
    with wiring.open_store(settings) as store:
        assert store.get(request.id) == request
    assert ACCESS_KEY[1] not in repr(settings)
