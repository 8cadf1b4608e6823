"""The composition root: from settings to the parts that run. The only file that knows everybody.

Clocks, random numbers and clients are chosen here and handed down; nobody below reaches for them.
"""

import copy
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient

import handlers
from bot.domain.content import ChannelId, Destination
from bot.domain.seals import Sealer
from bot.domain.target import Target
from bot.errors import SettingsError
from bot.mpaas.client import PushClient
from bot.mpaas.endpoint import base_url
from bot.mpaas.exchange import Timeouts
from bot.mpaas.signing import Credentials
from bot.operations.conditions import PRODUCTION, Conditions
from bot.operations.context import Context
from bot.operations.people import Directory
from bot.settings import AccessKey, Settings
from bot.settings import Target as ConfiguredTarget
from bot.store.connection import PATIENCE, connect, spending_at_most
from bot.store.embedded import EmbeddedValkey
from bot.store.room import Ahead, not_ahead
from bot.store.store import RequestStore
from bot.verification import Verification
from bot.web_api import Waiting, WebApi
from bot.whereabouts import sealed

SLACK_TIMEOUT = 2
"""Seconds for a Slack call while somebody waits; with our own work it stays within Slack's 3."""

SLACK_PATIENCE = 1.0
"""Seconds for which Slack may ask to wait (429) while somebody, or another message, waits; it asks for whole ones."""

QUICK = Timeouts(connect=1.0, write=0.5, read=1.5, total=1.8)
"""For reads from mPaaS while somebody waits in Slack."""


@contextmanager
def own_server(settings: Settings) -> Iterator[EmbeddedValkey | None]:
    """Use the embedded server, started if it did not run, for as long as this lasts; None when REDIS_URL is set.

    This is the one place where a store begins.
    """
    if not settings.embedded:
        yield None
        return
    with EmbeddedValkey(settings.data_dir) as server:
        yield server


@contextmanager
def open_store(settings: Settings, *, ahead: Ahead = not_ahead) -> Iterator[RequestStore]:
    """Connect to the store; without REDIS_URL, start the server of the embedded one or join the one that runs already.

    What it holds is sealed with the seal key. ``ahead`` is how far its clock is ahead of the real one. Raises
    StoreUnavailable when there is none.
    """
    sealer = Sealer(sealed(settings).seal_key.get_secret_value().encode())
    if not settings.embedded:
        with connect(settings.redis_url.get_secret_value()) as client:
            yield RequestStore(client, sealer=sealer, ahead=ahead)
        return
    with EmbeddedValkey(settings.data_dir) as embedded, connect(embedded.ensure()) as client:
        yield RequestStore(client, sealer=sealer, ahead=ahead)


def targets_of(settings: Settings) -> dict[str, Target]:
    """Take the rules of every target over from the configuration, without its secrets."""
    return {name: _target(name, configured) for name, configured in settings.targets.items()}


def _target(name: str, configured: ConfiguredTarget) -> Target:
    destination = Destination(
        target=name,
        environment=configured.environment,
        endpoint=configured.endpoint,
        app_id=configured.app_id,
        workspace_id=configured.workspace_id,
        tenant_id=configured.tenant_id,
    )
    return Target(
        destination=destination,
        platforms=configured.platforms,
        approvals_channel=ChannelId(configured.approvals_channel),
        results_channel=ChannelId(configured.results_channel),
        requesters=frozenset(configured.requesters),
        approvers=frozenset(configured.approvers),
        quorum=configured.quorum,
        approval_expires=configured.approval_expires,
        veto_window=configured.veto_window,
    )


def slack_client(settings: Settings, *, timeout: int, patience: float = SLACK_PATIENCE) -> WebClient:
    """Make a Slack client that waits when asked to (429), and never repeats a call whose answer was lost.

    slack_sdk's own connection-error handler posts a message twice after a reset, so it is left out.
    """
    return WebApi(
        token=settings.slack.bot_token.get_secret_value(),
        base_url=settings.slack.api_url,
        ssl=settings.egress.authorities(),
        proxy=settings.egress.proxy_to(settings.slack.api_url),
        timeout=timeout,
        retry_handlers=[Waiting(patience)],
    )


def make_context(settings: Settings, store: RequestStore, conditions: Conditions = PRODUCTION) -> Context:
    """Put together what operations need."""
    targets, now = targets_of(settings), _clock(conditions.ahead)
    return Context(
        store=store,
        targets=targets,
        team_id=settings.team_id,
        zone=settings.timezone,
        clients=_clients(settings, targets, conditions.pace.calls, now=now),
        quick_clients=_clients(settings, targets, QUICK, now=now),
        directory=Directory(
            slack_client(settings, timeout=SLACK_TIMEOUT, patience=SLACK_PATIENCE), store, home=settings.team_id
        ),
        random_bits=secrets.randbits,
        machine_now=now,
        stopwatch=time.monotonic,
        pause=time.sleep,
        pace=conditions.pace,
        limits=conditions.limits,
    )


def make_app(settings: Settings, context: Context) -> App:
    """Make the Bolt app with every listener; asks Slack (``auth.test``) whether the token is good.

    ``process_before_response`` makes HTTP 200 mean "stored": every listener decides, commits, and acknowledges last.
    """
    secret = settings.slack.signing_secret.get_secret_value() or secrets.token_hex(16)
    app = TimedApp(
        client=slack_client(settings, timeout=SLACK_TIMEOUT, patience=SLACK_PATIENCE),
        signing_secret=secret,
        request_verification_enabled=False,  # ours takes its place, which is the next thing before authorisation
        ssl_check_enabled=False,  # likewise: Bolt would answer it before it knows who asks
        before_authorize=Verification(secret, context.machine_now),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
    )
    handlers.register_all(app, context, zone=settings.timezone)
    return app


class TimedApp(App):
    """Give everything that one request of Slack asks of the store a limit: Bolt's own ends after it is too late."""

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer one request; its listener runs in here, because it answers before it returns."""
        with spending_at_most(PATIENCE):
            return super().dispatch(req)

    def _init_context(self, req: BoltRequest) -> None:
        """Give listeners a client of our own kind: Bolt makes one of slack_sdk's for each request, habits and all."""
        super()._init_context(req)
        client = copy.copy(self.client)
        client.default_params = req.context["client"].default_params
        req.context["client"] = client


def _clients(
    settings: Settings, targets: dict[str, Target], timeouts: Timeouts, *, now: Callable[[], datetime]
) -> dict[str, PushClient]:
    return {
        name: PushClient(
            targets[name].destination.endpoint,
            _credentials(name, key),
            app_id=targets[name].destination.app_id,
            workspace_id=targets[name].destination.workspace_id,
            tenant_id=targets[name].destination.tenant_id,
            now=now,
            nonce=lambda: secrets.token_hex(16),
            timeouts=timeouts,
            tls=settings.egress.authorities(),
            proxy=settings.egress.proxy_to(base_url(targets[name].destination.endpoint)),
        )
        for name, key in settings.access_keys.items()
    }


def _credentials(name: str, key: AccessKey) -> Credentials:
    try:
        return Credentials(key.id.get_secret_value(), key.secret, key.security_token)
    except ValueError as error:
        raise SettingsError(f"targets.{name}: {error}") from None


def _clock(ahead: Ahead) -> Callable[[], datetime]:
    return lambda: datetime.now(UTC) + ahead()  # noqa: TID251 - the composition root is where the clock is read
