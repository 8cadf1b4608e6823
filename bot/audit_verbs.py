"""The verbs of the audit: what they take, what they print, and how they end. They need the store and the seal key."""

import argparse
import sys
from datetime import date, datetime, time

from bot import wiring
from bot.domain.content import RequestId
from bot.domain.request import read_request_id
from bot.domain.trail import Head
from bot.operations import auditing
from bot.settings import Settings
from bot.store.room import Ahead


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the verbs to the parser of ``audit``; ``part`` is what to run."""
    parts = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    told = "say everything that was changed in the store outside the bot; the exit status is 1 then"
    verifying = parts.add_parser("verify", help=told, description=told)
    posted = "a head that was posted in Slack, which must be in the trail; may be said more than once"
    verifying.add_argument("--posted", action="append", default=[], type=_head, metavar="N:SEAL", help=posted)
    told = "print every line of history, with what chains and seals it"
    exporting = parts.add_parser("export", help=told, description=told)
    exporting.add_argument("--format", default="jsonl", choices=["jsonl", "csv"], help="how (default jsonl)")
    since = "leave out what happened before this day, in the configured time zone"
    exporting.add_argument("--since", type=_day, metavar="DATE", help=since)
    exporting.add_argument("--request", type=_request, metavar="ID", help="only this request")
    verifying.set_defaults(part=verify)
    exporting.set_defaults(part=export)


def verify(chosen: argparse.Namespace, settings: Settings, ahead: Ahead) -> int:
    """Print everything that was changed in the store outside the bot, a line each; return 1 when there is something."""
    wrong = 0
    with wiring.open_store(settings, ahead=ahead) as store:
        for finding in auditing.verify(store, posted=chosen.posted):
            sys.stdout.write(f"{finding}\n")
            wrong += not finding.right
    sys.stdout.write(f"{wrong} things are not right.\n" if wrong else "Nothing was changed outside the bot.\n")
    return 1 if wrong else 0


def export(chosen: argparse.Namespace, settings: Settings, _: Ahead) -> int:
    """Print the history of all requests, or of one; a day begins in the configured zone."""
    begin = datetime.combine(chosen.since, time(), settings.timezone) if chosen.since else None
    with wiring.open_store(settings) as store:
        rows = auditing.rows(store, since=begin, only=chosen.request)
        for part in auditing.as_csv(rows) if chosen.format == "csv" else auditing.as_json_lines(rows):
            sys.stdout.write(part)
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2026-11-30") from None


def _head(text: str) -> Head:
    head = Head.read(text)
    if head is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a posted head: a number, a colon and a seal")
    return head


def _request(text: str) -> RequestId:
    request_id = read_request_id(text)
    if request_id is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a request's id; they look like K7QX-3M9D")
    return request_id
