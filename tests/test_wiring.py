"""From settings to the parts that run: everything arrives where it belongs, and nothing is contacted for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import clock
import pytest
from operations.bench import ACCESS_KEY, Bench
from slack_bolt import BoltRequest
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackClientError

from bot import wiring
from bot.domain.content import Platform
from bot.errors import SettingsError
from bot.operations.conditions import Conditions
from bot.playground.cast import ANA, APPROVALS, BROADCASTS, GENERAL, ONCALL, TEAM
from bot.playground.slack.delivery import signature
from bot.settings import Settings
from bot.store.store import RequestStore

HELP = urlencode(
    {"command": "/broadcast", "text": "help", "user_id": ANA.id, "team_id": TEAM, "channel_id": GENERAL.id}
)
IN_TWO_DAYS = timedelta(days=2)


def in_two_days() -> timedelta:
    return clock.ahead() + IN_TWO_DAYS


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
    assert [type(handler).__name__ for handler in client.retry_handlers] == ["Waiting"]
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
    with wiring.own_server(settings), wiring.open_store(settings) as store:
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


# The clock ---------------------------------------------------------------------------------------------------------


def status_of(bench: Bench, *, ahead: timedelta, signed_at: datetime, secret: str = "") -> int:
    """Give an app with such a clock a command that was signed at such a time; say how it answers."""
    context = wiring.make_context(bench.settings, bench.store, Conditions(ahead=lambda: clock.ahead() + ahead))
    stamp = str(int(signed_at.timestamp()))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(secret or bench.slack.signing_secret, stamp, HELP.encode()),
    }
    return int(wiring.make_app(bench.settings, context).dispatch(BoltRequest(body=HELP, headers=headers)).status)


@pytest.mark.parametrize("ahead", [timedelta(0), IN_TWO_DAYS])
@pytest.mark.parametrize(("late", "status"), [(0, 200), (-4, 200), (-6, 401), (6, 401)])
def test_slacks_signatures_are_good_for_five_minutes_of_the_apps_clock(
    bench: Bench, ahead: timedelta, late: int, status: int
) -> None:
    signed_at = clock.now() + ahead + timedelta(minutes=late)
    assert status_of(bench, ahead=ahead, signed_at=signed_at) == status


@pytest.mark.parametrize("ahead", [timedelta(0), IN_TWO_DAYS])
def test_a_signature_with_another_secret_is_never_good(bench: Bench, ahead: timedelta) -> None:
    assert status_of(bench, ahead=ahead, signed_at=clock.now() + ahead, secret="not the secret") == 401


def test_everything_goes_by_a_clock_that_is_ahead(bench: Bench, redis_url: str) -> None:
    bench.configure()
    settings = Settings.from_environ(bench.environ(REDIS_URL=redis_url), directory=bench.folder)
    with wiring.open_store(settings, ahead=in_two_days) as store:
        context = wiring.make_context(settings, store, Conditions(ahead=in_two_days))
        bench.mpaas.advance(IN_TWO_DAYS.total_seconds())
        listing = context.clients["live"].tasks_named("", since=store.now())
        for client in (*context.clients.values(), *context.quick_clients.values()):
            client.close()
        told = [store.now(), context.machine_now(), listing.server_date]
    # mPaaS took the signature, so that was ahead too.
    assert all(moment and abs(clock.now() + IN_TWO_DAYS - moment) < timedelta(minutes=1) for moment in told)
    (asked,) = bench.mpaas.journal.entries()
    signed = datetime.strptime(dict(asked.headers)["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(clock.now() + IN_TWO_DAYS - signed) < timedelta(minutes=1)


def test_the_embedded_store_is_opened_by_a_clock_that_is_ahead(bench: Bench) -> None:
    settings = bench.settings_with()
    with wiring.own_server(settings), wiring.open_store(settings, ahead=in_two_days) as store:
        assert abs(clock.now() + IN_TWO_DAYS - store.now()) < timedelta(minutes=1)
