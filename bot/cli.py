"""The command line: verbs for processes and for operators. It loads ``.env`` and is the only reader of ``sys.argv``.

An operator's verbs (list, show, settle, halt, resume, audit) need neither Slack nor mPaaS, and work without. They act
on a store that is there, and name it; only what starts the bot begins one.
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

from bot import audit_verbs, logs, operators, serving, terminal, whereabouts
from bot.command_line import command_line
from bot.domain.content import Platform
from bot.domain.states import State
from bot.errors import BotError, SettingsError
from bot.operations.conditions import PRODUCTION, Conditions
from bot.settings import Need, Settings, Variables
from bot.settings.variables import DOTENV
from bot.store.room import Ahead
from bot.store.server_program import why_no_server
from bot.views.manifest import manifest, written


@dataclass(frozen=True)
class Given:
    """Hold what a verb gets beside its own words: the environment, and the conditions under which it works."""

    environ: Mapping[str, str] | None
    conditions: Conditions

    @property
    def variables(self) -> Variables:
        """Every variable; not read where nothing of them is needed."""
        return _variables() if self.environ is None else Variables.of_process(self.environ)

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
    if environ is None:  # a process of its own
        terminal.show_what_it_can(sys.stdout, sys.stderr)
        logs.hear_of_crashes()
    chosen = command_line().parse_args(terminal.as_typed(sys.argv[1:] if arguments is None else arguments))
    try:
        status = VERBS[chosen.verb](chosen, Given(environ, conditions))
        # A reader that went away is met here, and not when the interpreter ends; where there is none, nothing is.
        print(end="", flush=True)
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


def _variables() -> Variables:
    """Join ``.env`` of the working directory with the environment, which wins."""
    return Variables.of_dotenv(_here() / DOTENV).under(Variables.of_process(os.environ))


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise SettingsError("The folder where this is run is gone: change to one that is there.") from None


def _read(given: Given, *needs: Need) -> Settings:
    return Settings.from_environ(
        given.variables.values,
        directory=_here(),
        needs=frozenset(needs),
        doubts=given.variables.doubts,
        why_no_server=why_no_server,
    )


def _beginning(given: Given, *needs: Need) -> Settings:
    """Read the settings of what starts the bot, with its seal key, which the first start makes."""
    return whereabouts.sealed(_read(given, *needs), may_begin=True)


def _settings(given: Given) -> Settings:
    """Read the settings of an operator's verb; it needs a store that is there, and says what it did not look at."""
    settings = whereabouts.sealed(_read(given))
    if settings.overlooked:
        print(logs.printable(settings.overlooked), file=sys.stderr)
    return settings


def _naming(given: Given, out: TextIO) -> Settings:
    """Read them, and name the store before what it holds is told; where a machine reads that, elsewhere."""
    settings = _settings(given)
    print(logs.printable(f"The store {settings.store_place}:"), file=out)
    return settings


def _log(settings: Settings, chosen: argparse.Namespace, stream: TextIO) -> None:
    logs.set_up(stream, secrets=settings.secrets(), level=chosen.log_level)


def _run(chosen: argparse.Namespace, given: Given) -> int:
    return _listen(chosen, given, tend=True)


def _slack(chosen: argparse.Namespace, given: Given) -> int:
    return _listen(chosen, given, tend=False)


def _listen(chosen: argparse.Namespace, given: Given, *, tend: bool) -> int:
    settings = _beginning(given, "slack", "mpaas", *(() if chosen.http is None else ("http",)))
    _log(settings, chosen, sys.stderr)
    return serving.serve(settings, given.conditions, listen=True, tend=tend, http_port=chosen.http, host=chosen.host)


def _worker(chosen: argparse.Namespace, given: Given) -> int:
    settings = _beginning(given, "announce", "mpaas")
    _log(settings, chosen, sys.stderr)
    return serving.serve(settings, given.conditions, listen=False, tend=True)


def _playground(chosen: argparse.Namespace, _: Given) -> int:
    from bot.playground import run

    return run.main(port=chosen.port, story=chosen.story, browser=not chosen.no_browser)


def _doctor(chosen: argparse.Namespace, given: Given) -> int:
    settings = _read(given, "slack", "mpaas")
    if whereabouts.has_store(settings):
        settings = whereabouts.sealed(settings)
    _log(settings, chosen, sys.stderr)
    failed = 0
    for finding in operators.doctor(settings, ahead=given.ahead):
        print(f"{'ok  ' if finding.right else 'FAIL'}  {finding.about}: {logs.printable(finding.says)}")
        failed += not finding.right
    return 1 if failed else 0


def _list(chosen: argparse.Namespace, given: Given) -> int:
    states, out = [State(name) for name in chosen.state], _told_apart(by_machine=chosen.json)
    lines = operators.listing(_naming(given, out), states=states, limit=chosen.limit, as_json=chosen.json)
    return _print(lines)


def _show(chosen: argparse.Namespace, given: Given) -> int:
    out = _told_apart(by_machine=chosen.json)
    return _print(operators.show(_naming(given, out), chosen.id, as_json=chosen.json))


def _told_apart(*, by_machine: bool) -> TextIO:
    """Say where to name the store: beside what a machine reads, which is UTF-8 whatever the terminal can show."""
    if not by_machine:
        return sys.stdout
    terminal.write_utf8(sys.stdout)
    return sys.stderr


def _settle(chosen: argparse.Namespace, given: Given) -> int:
    settings, leg = _naming(given, sys.stdout), Platform(chosen.platform) if chosen.platform else None
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
    settings, why = _settings(given), " ".join(chosen.why)
    return _print(operators.halt(settings, operator=_operator(), lasting=chosen.lasting, why=why, ahead=given.ahead))


def _resume(_: argparse.Namespace, given: Given) -> int:
    return _print(operators.resume(_settings(given), ahead=given.ahead))


def _audit(chosen: argparse.Namespace, given: Given) -> int:
    out = _told_apart(by_machine=chosen.part is audit_verbs.export)
    return int(chosen.part(chosen, _naming(given, out), given.ahead))


def _manifest(chosen: argparse.Namespace, _: Given) -> int:
    terminal.write_utf8(sys.stdout)
    return _print(written(manifest(socket_mode=not chosen.url, url=chosen.url or None)).rstrip().splitlines())


def _print(lines: Iterable[str]) -> int:
    for line in lines:
        print(logs.printable(line))
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
