"""An operator's verbs as lines of text: what the command line prints. They need the store and nothing else.

Those that read the clock take ``ahead``: how far it is ahead of the real one.
"""

import json
import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import SecretStr

from bot import health, whereabouts, wiring
from bot.domain import sending
from bot.domain.content import Platform, RequestId
from bot.domain.evidence import described
from bot.domain.request import BroadcastRequest, Leg, read_request_id
from bot.domain.sending import describe
from bot.domain.states import State
from bot.domain.when import parse_duration
from bot.errors import Problem, Refused, SealBroken
from bot.health import Finding
from bot.operations import settling
from bot.operations.conditions import Conditions
from bot.settings import Settings
from bot.store.records import Record
from bot.store.room import Ahead, not_ahead
from bot.store.store import RequestStore

PASSING: Final = SecretStr("seals nothing that lasts")
"""The key of a store that nobody keeps."""


def doctor(settings: Settings, *, ahead: Ahead = not_ahead) -> Iterator[Finding]:
    """Look at every outside party, one finding at a time. A store that is not there yet is not made."""
    if whereabouts.has_store(settings):
        yield from _examined(settings, ahead=ahead)
        return
    if whereabouts.left_behind(settings):
        yield Finding("store", right=False, says=whereabouts.no_store(settings))
    else:
        says = f"There is none in {settings.data_dir} yet ({settings.data_dir_origin}): the first start makes it."
        yield Finding("store", right=True, says=says)
    with TemporaryDirectory(prefix="broadcast-") as folder:  # the other checks work on one that goes away again
        passing = settings.model_copy(update={"data_dir": Path(folder), "seal_key": settings.seal_key or PASSING})
        with wiring.own_server(passing):
            yield from (
                found for found in _examined(passing, ahead=ahead) if found.about not in {"store", "audit trail"}
            )


def _examined(settings: Settings, *, ahead: Ahead) -> Iterator[Finding]:
    with wiring.open_store(settings, ahead=ahead) as store:
        context = wiring.make_context(settings, store, Conditions(ahead=ahead))
        slack = wiring.slack_client(settings, timeout=context.pace.slack_call, patience=math.inf)
        app_token = settings.slack.app_token.get_secret_value()
        yield from health.examine(context, slack, app_token=app_token, cautions=settings.cautions())


def listing(settings: Settings, *, states: Sequence[State], limit: int, as_json: bool) -> Iterator[str]:
    """List requests, newest first."""
    with wiring.open_store(settings) as store:
        records = store.records(states or tuple(State), limit=limit)
    if as_json:
        yield from (_plain(_whole(record)) for record in records)
    elif records:
        yield f"{'ID':<10} {'STATE':<18} {'TARGET':<12} {'TEMPLATE':<24} SUBMITTED"
        yield from (_row(record) for record in records)
    else:
        yield "There are no such requests."


def _whole(record: Record) -> str:
    return json.dumps({"id": record.request_id, "broken": record.complaint}) if record.complaint else record.text


def _row(record: Record) -> str:
    if record.complaint:
        return f"{record.request_id:<10} CHANGED OUTSIDE THE BOT: {record.complaint}"
    request = record.sound()
    content = request.content
    return (
        f"{request.id:<10} {request.state:<18} {content.destination.target:<12} {content.template.name:<24} "
        f"{_when(request.submitted_at)}"
    ).rstrip()


def show(settings: Settings, text: str, *, as_json: bool) -> Iterator[str]:
    """Show one request with its legs and its history; of one that was changed outside the bot, what can be read."""
    with wiring.open_store(settings) as store:
        record = store.record(_id(text))
        history = store.history(record.request_id)
    request = record.request or record.sound()
    if record.complaint:
        if as_json:
            raise SealBroken(record.request_id, record.complaint)
        yield f"CHANGED OUTSIDE THE BOT, so nothing of this can be trusted: {record.complaint}"
    if as_json:
        whole = request.model_dump(mode="json") | {"history": [line.model_dump(mode="json") for line in history]}
        yield _plain(json.dumps(whole, ensure_ascii=False))
        return
    yield from _about(request)
    yield "Legs:"
    yield from (_leg(leg) for leg in request.legs)
    yield "History:"
    for line in history:
        moved = f"{line.before or '-'} -> {line.after}"
        yield f"  {_when(line.at)}  {line.event:<20} {line.actor:<16} {moved}  {line.detail}".rstrip()


def _about(request: BroadcastRequest) -> Iterator[str]:
    content = request.content
    destination = content.destination
    yield f"{request.id}, revision {request.revision}: {request.state}"
    yield f"  target     {destination.target} ({destination.environment})"
    yield f"  app        {destination.app_id}, workspace {destination.workspace_id}, at {destination.endpoint}"
    yield f"  template   {content.template.name}: {content.template.title} / {content.template.body}"
    yield f"  values     {json.dumps(content.values, ensure_ascii=False)}"
    yield f"  delivery   {content.delivery.model_dump_json()}"
    yield f"  digest     {request.digest}"
    yield f"  requester  {request.requester}; votes {', '.join(vote.approver for vote in request.votes) or 'none'}"
    if request.remark:
        yield f"  remark     {request.remark.why} ({request.remark.by})"


def _leg(leg: Leg) -> str:
    outcome = f"  {describe(leg.outcome)}" if leg.outcome else ""
    seen = f"  ({described(leg.evidence)}, {_when(leg.evidence.looked_at)})" if leg.evidence else ""
    settled = f"  (settled by {leg.settled_by})" if leg.settled_by else ""
    return f"  {leg.platform:<10} {leg.state:<10} {leg.task_name}{outcome}{seen}{settled}"


def settle(
    settings: Settings,
    text: str,
    platform: Platform | None,
    *,
    sent: bool,
    operator: str,
    task_id: str,
    ahead: Ahead = not_ahead,
) -> Iterator[str]:
    """Settle one leg, and say what the request is now."""
    with wiring.open_store(settings, ahead=ahead) as store:
        context = wiring.make_context(settings, store, Conditions(ahead=ahead))
        request = store.get(_id(text))
        leg = platform or _only_unsettled(request)
        after = settling.settle_as_operator(context, request.id, leg, sent=sent, operator=operator, task_id=task_id)
    yield f"{after.id}: {leg} is written down as {'sent' if sent else 'not sent'}; the request is {after.state}."


def _only_unsettled(request: BroadcastRequest) -> Platform:
    waiting = [leg.platform for leg in sending.unsettled(request)]
    if len(waiting) != 1:
        named = ", ".join(waiting) or "none"
        raise Refused(Problem("platform", "platform_needed", f"Say which leg with --platform; unsettled: {named}."))
    return waiting[0]


def halt(settings: Settings, *, operator: str, lasting: str, why: str, ahead: Ahead = not_ahead) -> Iterator[str]:
    """Stop all sending."""
    seconds = parse_duration(lasting) if lasting else None
    with wiring.open_store(settings, ahead=ahead) as store:
        now = store.now()
        until = now + timedelta(seconds=seconds) if seconds else None
        store.halt(f"operator:{operator}", why, until=until, at=now)
    lasts = f"until {_when(until)}" if until else "until somebody resumes it"
    yield f"All sending is halted {lasts}, in the store {settings.store_place}."


def resume(settings: Settings, *, ahead: Ahead = not_ahead) -> Iterator[str]:
    """Let sending go on."""
    with wiring.open_store(settings, ahead=ahead) as store:
        ended = _resume(store)
    where = f"in the store {settings.store_place}"
    yield f"Sending goes on {where}; it was halted by {ended}." if ended else f"Sending was not halted {where}."


def _resume(store: RequestStore) -> str:
    ended = store.resume()
    return ended.by if ended else ""


def _plain(text: str) -> str:
    """Write what a terminal would act on as JSON's own escapes: who reads it by machine gets the same."""
    return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)


def _id(text: str) -> RequestId:
    request_id = read_request_id(text)
    if request_id is None:
        raise Refused(Problem("id", "id_unreadable", f"{text!r} is not a request's id; they look like K7QX-3M9D."))
    return request_id


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"
