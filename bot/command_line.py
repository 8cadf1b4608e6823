"""The words of the command line: every verb with its options, and what ``--help`` says. What a verb does is ``cli``'s.

``docs/commands.md`` is made from it as well.
"""

import argparse

import bot
from bot import audit_verbs, doors
from bot.domain.content import Platform
from bot.domain.states import State


def command_line() -> argparse.ArgumentParser:
    """Make the parser of every verb; ``verb`` is the name of the one that was chosen."""
    parser = argparse.ArgumentParser(
        prog="broadcast-bot",
        description="Broadcast pushes for Alibaba Cloud mPaaS: asked for in Slack, approved by a second person, "
        "sent at most once.",
        epilog="New here? `broadcast-bot playground` runs everything on this machine, without any account.",
    )
    parser.add_argument("--version", action="version", version=f"broadcast-bot {bot.__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    _processes(verbs)
    _operators_verbs(verbs)
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, told: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=told, description=told[:1].upper() + told[1:] + ".")
    parser.set_defaults(verb=name)
    return parser


def _processes(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for name, told in (
        ("run", "listen to Slack and send, in one process: the small team's way"),
        ("slack", "only listen to Slack; any number of these may run"),
        ("worker", "only send and announce; any number of these may run"),
    ):
        parser = _verb(verbs, name, told)
        levels = ["DEBUG", "INFO", "WARNING", "ERROR"]
        parser.add_argument("--log-level", default="INFO", choices=levels, help="how much to log (default INFO)")
        if name == "worker":
            continue
        parser.add_argument(
            "--http",
            metavar="PORT",
            type=int,
            nargs="?",
            const=doors.DEFAULT_PORT,
            help=f"let Slack call over HTTP on PORT (default {doors.DEFAULT_PORT}) instead of using Socket Mode",
        )
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on with --http (default 127.0.0.1)")
    doctor = _verb(verbs, "doctor", "check tokens, channels, groups, store, mPaaS credentials and clocks")
    doctor.set_defaults(log_level="ERROR")
    play = _verb(verbs, "playground", "everything on this machine: simulated Slack and mPaaS, the real bot")
    where = "port of the page and the simulated Slack (default: a free one)"
    play.add_argument("--port", type=int, default=0, help=where)
    play.add_argument("--story", action="store_true", help="play one push from the slash to the result, and exit")
    play.add_argument("--no-browser", action="store_true", help="print the page's address and do not open it")


def _operators_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = _verb(verbs, "list", "list requests, newest first")
    listing.add_argument("--state", action="append", default=[], choices=[s.value for s in State], help="only these")
    listing.add_argument("--limit", type=_count, default=20, help="how many (default 20)")
    showing = _verb(verbs, "show", "show one request with its legs and its history")
    for parser in (listing, showing):
        parser.add_argument("--json", action="store_true", help="as JSON lines")
    settling = _verb(verbs, "settle", "say what became of a leg whose outcome is unknown")
    settling.add_argument("--platform", choices=[p.value for p in Platform], help="which leg; needed if several wait")
    said = settling.add_mutually_exclusive_group(required=True)
    said.add_argument("--sent", action="store_true", dest="sent", help="it went out")
    said.add_argument("--not-sent", action="store_false", dest="sent", help="it did not go out")
    settling.add_argument("--task-id", default="", help="the task's id at mPaaS, if you found it")
    for parser in (showing, settling):
        parser.add_argument("id", metavar="ID", help="the request's id, such as K7QX-3M9D")
    halting = _verb(verbs, "halt", "stop all sending until it is resumed, or for a time")
    halting.add_argument("--for", dest="lasting", default="", metavar="DURATION", help="how long, such as 2h")
    halting.add_argument("why", nargs="*", help="why, for everybody to read")
    _verb(verbs, "resume", "let sending go on")
    audit_verbs.add_to(_verb(verbs, "audit", "check what is stored against its seals, or export its history"))
    app = _verb(verbs, "manifest", "print the Slack app manifest")
    app.add_argument("--url", default="", help="the bot's public address, for HTTP mode; without it: Socket Mode")


def _count(text: str) -> int:
    """Read how many; argparse says the sentence."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)
