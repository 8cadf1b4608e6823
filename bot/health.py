"""Whether every outside party is there and set up right: the checks behind ``doctor``, each an answer in a sentence.

A check never raises for what it looks at: what fails is the news it brings. Nothing is changed anywhere.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.domain.gates import CLOCKS_AGREE
from bot.domain.target import Target
from bot.errors import BotError
from bot.operations.context import Context
from bot.operations.people import groups_in
from bot.store.switches import REACHED, UNREACHED
from bot.views.manifest import SCOPES

LOOK_BACK = timedelta(minutes=1)
"""How far back mPaaS is asked for tasks: any question will do, its answer shows the key, the app and the clock."""

NEWEST = 100
"""Entries of the audit trail that are looked at; `audit verify` looks at all."""

_SLACK_FAILED = (SlackClientError, HTTPException, OSError)


@dataclass(frozen=True)
class Finding:
    """Say of one thing whether it is right, and what was found or what to change."""

    about: str
    right: bool
    says: str


def examine(context: Context, slack: WebClient, *, app_token: str, cautions: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Look at everything, one finding at a time; cautions are shown, and are not failures."""
    yield from _guarded("store", lambda: _store(context))
    yield from _guarded("audit trail", lambda: _trail(context))
    yield from _guarded("worker", lambda: _worker(context))
    yield from _guarded("receiver", lambda: _receiver(context))
    yield from _guarded("Slack", lambda: _slack(context, slack))
    yield from _guarded("clock", lambda: _clock(context, slack))
    if app_token:
        yield from _guarded("Socket Mode", lambda: _socket_mode(slack, app_token))
    for target in context.targets.values():
        yield from _guarded(f"{target.name}: channels", partial(_channels, slack, target))
        for group in sorted(groups_in(target.requesters | target.approvers)):
            yield from _guarded(f"{target.name}: groups", partial(_group, context, group))
        yield from _guarded(f"{target.name}: mPaaS", partial(_mpaas, context, target))
    for caution in cautions:
        yield Finding("caution", right=True, says=caution)


def _guarded(about: str, look: Callable[[], Iterator[tuple[bool, str]]]) -> Iterator[Finding]:
    try:
        for right, says in look():
            yield Finding(about, right, says)
    except SlackApiError as error:
        yield Finding(about, right=False, says=f"Slack refused it: {error.response.get('error')}.")
    except (BotError, *_SLACK_FAILED) as error:
        yield Finding(about, right=False, says=str(error))


def _store(context: Context) -> Iterator[tuple[bool, str]]:
    complaints = context.store.fitness()
    yield from ((False, complaint) for complaint in complaints)
    gap = abs(context.machine_now() - context.store.now())
    if gap > CLOCKS_AGREE:
        yield False, f"Its clock and this machine's are {gap.total_seconds():.0f} s apart; nothing is sent beyond 30 s."
    if not complaints:
        yield True, "answers, and forgets nothing that it was told"


def _trail(context: Context) -> Iterator[tuple[bool, str]]:
    length, sound = context.store.trail_health(NEWEST)
    newest = min(length, NEWEST)
    if sound:
        yield True, f"{length} entries; the seals of the newest {newest} hold"
    else:
        changed = f"{length} entries; the newest {newest} were changed outside the bot, or sealed with another key"
        yield False, f"{changed}: compare BROADCAST_SEAL_KEY with the bot's, then run `broadcast-bot audit verify`"


def _worker(context: Context) -> Iterator[tuple[bool, str]]:
    alive = context.store.alive("worker")
    yield bool(alive), ", ".join(alive) if alive else "No worker is alive: approved requests wait. Start one."


def _receiver(context: Context) -> Iterator[tuple[bool, str]]:
    reached = context.store.alive(REACHED)
    nobody = "No process is reached by Slack: nobody can ask or approve. Start `broadcast-bot slack` or `run`."
    yield bool(reached), ", ".join(reached) if reached else nobody
    for name in context.store.alive(UNREACHED):
        yield False, f"{name} is alive, and Slack cannot reach it: its log says why."


def _slack(context: Context, slack: WebClient) -> Iterator[tuple[bool, str]]:
    answer = slack.auth_test()
    yield _team(answer, slack, context.team_id)
    yield from _scopes(answer.headers)


def _team(answer: SlackResponse, slack: WebClient, home: str) -> tuple[bool, str]:
    """Say whose the token is: a workspace's, or an organisation's, which ``auth.test`` names as team and enterprise."""
    team, organisation = str(answer["team_id"]), str(answer.get("enterprise_id") or "")
    who, org_wide = f"{answer['user']} in {answer['team']}", team == organisation
    if home not in {team, organisation} and not org_wide:
        of = f" of {organisation}" if organisation else ""
        return False, f"The bot token belongs to team {team}{of}, broadcast.toml says {home}."
    if home == organisation:
        return True, f"{who}, for all of {home}" if org_wide else f"{who}, which is one workspace ({team}) of {home}"
    if not org_wide:
        return True, who
    if home in {one["id"] for page in slack.auth_teams_list(limit=100) for one in page["teams"]}:
        return True, f"{who}, for {home} of {organisation}"
    of = f"The app is installed for organisation {organisation}, but not added to workspace {home}"
    return False, f"{of}, which broadcast.toml says."


def _clock(context: Context, slack: WebClient) -> Iterator[tuple[bool, str]]:
    """Compare this machine's clock with Slack's; a Slack that does not answer is told elsewhere."""
    with suppress(SlackApiError, *_SLACK_FAILED):
        headers = {name.lower(): value for name, value in slack.auth_test().headers.items()}
        gap = (context.machine_now() - parsedate_to_datetime(headers["date"])).total_seconds()
        side = "ahead of" if gap > 0 else "behind"
        if abs(gap) > CLOCKS_AGREE.total_seconds():
            yield False, f"This machine's clock is {abs(gap):.0f} s {side} Slack's: set it. HTTP mode allows 300 s."
        else:
            yield True, "agrees with Slack's"


def _scopes(headers: Mapping[str, str]) -> Iterator[tuple[bool, str]]:
    granted = {
        scope.strip()
        for name, value in headers.items()
        if name.lower() == "x-oauth-scopes"
        for scope in value.split(",")
    }
    missing = [scope for scope in SCOPES if scope not in granted]
    if granted and missing:
        yield False, f"The app lacks the scopes {', '.join(missing)}: add them in its settings and install it again."


def _socket_mode(slack: WebClient, app_token: str) -> Iterator[tuple[bool, str]]:
    slack.apps_connections_open(app_token=app_token)
    yield True, "the app token opens a connection"


def _channels(slack: WebClient, target: Target) -> Iterator[tuple[bool, str]]:
    for channel_id in filter(None, (target.approvals_channel, target.results_channel)):
        channel = slack.conversations_info(channel=channel_id)["channel"]
        if channel.get("is_archived"):
            yield False, f"{channel_id} is archived."
        elif channel.get("is_ext_shared"):
            yield False, f"{channel_id} is shared with another company; requests must not be shown there."
        elif not channel.get("is_member"):
            yield False, f"The bot is not in {channel_id}: invite it there."
        else:
            yield True, f"#{channel['name']}"


def _group(context: Context, group: str) -> Iterator[tuple[bool, str]]:
    members = context.directory.members(group)
    if members is None:
        change = "take it out of broadcast.toml, or name another there"
        yield False, f"Slack has no user group {group} (any more), or it is disabled, so it counts as empty: {change}."
    else:
        yield bool(members), f"{group} has {len(members)} members" if members else f"{group} has no members."


def _mpaas(context: Context, target: Target) -> Iterator[tuple[bool, str]]:
    client = context.clients[target.name]
    templates = client.list_templates()
    listing = client.tasks_named("", since=context.machine_now() - LOOK_BACK)
    gap = abs(listing.server_date - context.machine_now()) if listing.server_date else None
    if gap is None or gap > CLOCKS_AGREE:
        yield False, "Its clock and this machine's do not agree within 30 s, so its signatures may be refused."
    yield True, f"the key is accepted; {len(templates)} templates"
