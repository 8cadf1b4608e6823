"""The command line: verbs for processes and for operators. It loads ``.env`` and is the only reader of ``sys.argv``.

An operator's verbs (list, show, settle, halt, resume) need neither Slack nor mPaaS: they work when both are down.
Exit status: 0 done, 1 refused or failed, 2 wrong settings or wrong usage.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from dotenv import dotenv_values

import bot
from bot import doors, logs, operators, serving
from bot.domain.content import Platform
from bot.domain.limits import LIMITS, Limits
from bot.domain.states import State
from bot.errors import BotError, SettingsError
from bot.settings import Need, Settings
from bot.store.room import Ahead, not_ahead
from bot.views.manifest import manifest, written


@dataclass(frozen=True)
class Given:
    """Hold what a verb gets beside its own words: the environment, how far the clock is ahead, what people may do."""

    environ: Mapping[str, str]
    ahead: Ahead
    limits: Limits


Verb = Callable[[argparse.Namespace, Given], int]


def main(
    arguments: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    ahead: Ahead = not_ahead,
    limits: Limits = LIMITS,
) -> int:
    """Run one verb and return the exit status; without ``environ`` it is the process's own, joined with ``.env``.

    ``ahead`` is how far every clock of the verb is ahead of the real one, ``limits`` how much one person may do.
    """
    chosen = command_line().parse_args(arguments)
    verb: Verb = chosen.verb
    if environ is None:  # a process of its own
        logs.hear_of_crashes()
    try:
        status = verb(chosen, Given(_environ() if environ is None else environ, ahead, limits))
        sys.stdout.flush()  # a reader that went away is met here, and not when the interpreter ends
    except SettingsError as error:
        print(f"broadcast-bot: the settings are not right:\n{error}", file=sys.stderr)
        return 2
    except BotError as error:
        print("broadcast-bot:", "\n".join(map(logs.printable, str(error).splitlines())), file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _environ() -> dict[str, str]:
    """Join ``.env`` of the working directory with the environment, which wins."""
    try:
        said = dotenv_values(Path.cwd() / ".env")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f".env: cannot be read: {error}") from error
    return {name: value for name, value in said.items() if value is not None} | dict(os.environ)


def _settings(environ: Mapping[str, str], *needs: Need) -> Settings:
    settings = Settings.from_environ(environ, directory=Path.cwd(), needs=frozenset(needs))
    return settings.with_seal_key()


def _log(settings: Settings, chosen: argparse.Namespace, stream: TextIO) -> None:
    logs.set_up(stream, secrets=settings.secrets(), level=chosen.log_level)


def _run(chosen: argparse.Namespace, given: Given) -> int:
    return _listen(chosen, given, tend=True)


def _slack(chosen: argparse.Namespace, given: Given) -> int:
    return _listen(chosen, given, tend=False)


def _listen(chosen: argparse.Namespace, given: Given, *, tend: bool) -> int:
    settings = _settings(given.environ, "slack", "mpaas", *(() if chosen.http is None else ("http",)))
    _log(settings, chosen, sys.stderr)
    where = {"http_port": chosen.http, "host": chosen.host}
    return serving.serve(settings, listen=True, tend=tend, ahead=given.ahead, limits=given.limits, **where)


def _worker(chosen: argparse.Namespace, given: Given) -> int:
    settings = _settings(given.environ, "announce", "mpaas")
    _log(settings, chosen, sys.stderr)
    return serving.serve(settings, listen=False, tend=True, ahead=given.ahead)


def _playground(chosen: argparse.Namespace, _: Given) -> int:
    from bot.playground import run

    return run.main(port=chosen.port, story=chosen.story, browser=not chosen.no_browser)


def _doctor(chosen: argparse.Namespace, given: Given) -> int:
    settings = _settings(given.environ, "slack", "mpaas")
    _log(settings, chosen, sys.stderr)
    failed = 0
    for finding in operators.doctor(settings, ahead=given.ahead):
        print(f"{'ok  ' if finding.right else 'FAIL'}  {finding.about}: {logs.printable(finding.says)}")
        failed += not finding.right
    return 1 if failed else 0


def _list(chosen: argparse.Namespace, given: Given) -> int:
    states = [State(name) for name in chosen.state]
    return _print(operators.listing(_settings(given.environ), states=states, limit=chosen.limit, as_json=chosen.json))


def _show(chosen: argparse.Namespace, given: Given) -> int:
    return _print(operators.show(_settings(given.environ), chosen.id, as_json=chosen.json))


def _settle(chosen: argparse.Namespace, given: Given) -> int:
    settings, leg = _settings(given.environ), Platform(chosen.platform) if chosen.platform else None
    lines = operators.settle(
        settings, chosen.id, leg, sent=chosen.sent, operator=_operator(), task_id=chosen.task_id, ahead=given.ahead
    )
    return _print(lines)


def _operator() -> str:
    """Name who gives the command, by the operating system's word; in a container a user may have a number alone."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # pragma: no cover - the checks run as a user who has a name
        return f"uid {os.getuid()}"


def _halt(chosen: argparse.Namespace, given: Given) -> int:
    settings, why = _settings(given.environ), " ".join(chosen.why)
    return _print(operators.halt(settings, operator=_operator(), lasting=chosen.lasting, why=why, ahead=given.ahead))


def _resume(_: argparse.Namespace, given: Given) -> int:
    return _print(operators.resume(_settings(given.environ), ahead=given.ahead))


def _manifest(chosen: argparse.Namespace, _: Given) -> int:
    return _print(written(manifest(socket_mode=not chosen.url, url=chosen.url or None)).rstrip().splitlines())


def _count(text: str) -> int:
    """Read how many; argparse says the sentence."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def _print(lines: Iterable[str]) -> int:
    print(*map(logs.printable, lines), sep="\n")
    return 0


def command_line() -> argparse.ArgumentParser:
    """Make the parser of every verb; ``docs/commands.md`` is made from it as well."""
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
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, verb: Verb, told: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=told, description=told[:1].upper() + told[1:] + ".")
    parser.set_defaults(verb=verb)
    return parser


def _processes(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for name, verb, told in (
        ("run", _run, "listen to Slack and send, in one process: the small team's way"),
        ("slack", _slack, "only listen to Slack; any number of these may run"),
        ("worker", _worker, "only send and announce; any number of these may run"),
    ):
        parser = _verb(verbs, name, verb, told)
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
    doctor = _verb(verbs, "doctor", _doctor, "check tokens, channels, groups, store, mPaaS credentials and clocks")
    doctor.set_defaults(log_level="ERROR")
    play = _verb(
        verbs, "playground", _playground, "everything on this machine: simulated Slack and mPaaS, the real bot"
    )
    where = "port of the page and the simulated Slack (default: a free one)"
    play.add_argument("--port", type=int, default=0, help=where)
    play.add_argument("--story", action="store_true", help="play one push from the slash to the result, and exit")
    play.add_argument("--no-browser", action="store_true", help="print the page's address and do not open it")


def _operators_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = _verb(verbs, "list", _list, "list requests, newest first")
    listing.add_argument("--state", action="append", default=[], choices=[s.value for s in State], help="only these")
    listing.add_argument("--limit", type=_count, default=20, help="how many (default 20)")
    showing = _verb(verbs, "show", _show, "show one request with its legs and its history")
    for parser in (listing, showing):
        parser.add_argument("--json", action="store_true", help="as JSON lines")
    settling = _verb(verbs, "settle", _settle, "say what became of a leg whose outcome is unknown")
    settling.add_argument("--platform", choices=[p.value for p in Platform], help="which leg; needed if several wait")
    said = settling.add_mutually_exclusive_group(required=True)
    said.add_argument("--sent", action="store_true", dest="sent", help="it went out")
    said.add_argument("--not-sent", action="store_false", dest="sent", help="it did not go out")
    settling.add_argument("--task-id", default="", help="the task's id at mPaaS, if you found it")
    for parser in (showing, settling):
        parser.add_argument("id", metavar="ID", help="the request's id, such as K7QX-3M9D")
    halting = _verb(verbs, "halt", _halt, "stop all sending until it is resumed, or for a time")
    halting.add_argument("--for", dest="lasting", default="", metavar="DURATION", help="how long, such as 2h")
    halting.add_argument("why", nargs="*", help="why, for everybody to read")
    _verb(verbs, "resume", _resume, "let sending go on")
    app = _verb(verbs, "manifest", _manifest, "print the Slack app manifest")
    app.add_argument("--url", default="", help="the bot's public address, for HTTP mode; without it: Socket Mode")
