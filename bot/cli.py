"""The command line: verbs for processes and for operators. It loads ``.env`` and is the only reader of ``sys.argv``.

An operator's verbs (list, show, settle, halt, resume, audit) need neither Slack nor mPaaS, and work without.
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

from bot import logs, operators, serving
from bot.command_line import command_line
from bot.domain.content import Platform
from bot.domain.states import State
from bot.errors import BotError, SettingsError
from bot.operations.conditions import PRODUCTION, Conditions
from bot.settings import Need, Settings
from bot.store.room import Ahead
from bot.store.server_program import why_no_server
from bot.views.manifest import manifest, written


@dataclass(frozen=True)
class Given:
    """Hold what a verb gets beside its own words: the environment, and the conditions under which it works."""

    environ: Mapping[str, str]
    conditions: Conditions

    @property
    def ahead(self) -> Ahead:
        """How far the clock is ahead of the real one."""
        return self.conditions.ahead


Verb = Callable[[argparse.Namespace, Given], int]


def main(
    arguments: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    conditions: Conditions = PRODUCTION,
) -> int:
    """Run one verb and return the exit status; without ``environ`` it is the process's own, joined with ``.env``.

    ``conditions`` are those under which the verb works; a stage has others than production.
    """
    chosen = command_line().parse_args(arguments)
    if environ is None:  # a process of its own
        logs.hear_of_crashes()
    try:
        status = VERBS[chosen.verb](chosen, Given(_environ() if environ is None else environ, conditions))
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
    settings = Settings.from_environ(environ, directory=Path.cwd(), needs=frozenset(needs), why_no_server=why_no_server)
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
    return serving.serve(settings, given.conditions, listen=True, tend=tend, http_port=chosen.http, host=chosen.host)


def _worker(chosen: argparse.Namespace, given: Given) -> int:
    settings = _settings(given.environ, "announce", "mpaas")
    _log(settings, chosen, sys.stderr)
    return serving.serve(settings, given.conditions, listen=False, tend=True)


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
        settings,
        chosen.id,
        leg,
        sent=chosen.sent,
        operator=_operator(),
        task_id=chosen.task_id,
        ahead=given.ahead,
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


def _audit(chosen: argparse.Namespace, given: Given) -> int:
    return int(chosen.part(chosen, _settings(given.environ), given.ahead))


def _manifest(chosen: argparse.Namespace, _: Given) -> int:
    return _print(written(manifest(socket_mode=not chosen.url, url=chosen.url or None)).rstrip().splitlines())


def _print(lines: Iterable[str]) -> int:
    print(*map(logs.printable, lines), sep="\n")
    return 0


VERBS: Mapping[str, Verb] = {
    "run": _run,
    "slack": _slack,
    "worker": _worker,
    "doctor": _doctor,
    "playground": _playground,
    "list": _list,
    "show": _show,
    "settle": _settle,
    "halt": _halt,
    "resume": _resume,
    "audit": _audit,
    "manifest": _manifest,
}
"""What each verb of ``command_line`` does."""
