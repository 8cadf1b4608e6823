"""The page about what can be typed, made from the tables of options and parameters and the command line's parser."""

import argparse
from collections.abc import Iterator

from bot.command_line import command_line
from bot.domain.extra_values import Choice
from bot.domain.extras import EXTRAS, OWN_OPTION, UNCONFIRMED, Extra
from bot.views.command_options import OPTIONS, OWN_WORDS, SET, SET_EXAMPLE
from bot.views.ids import COMMAND

WORDS = {
    "help": ("help", "says in short what stands on this page"),
    "list": ("list", "lists the requests that are open"),
    "scheduled": ("scheduled", "lists what mPaaS keeps for later"),
    "show": ("show ID", "shows one request with its legs and its history"),
    "withdraw": ("withdraw ID", "takes a request back before it is sent"),
    "halt": ("halt [2h] [why]", "stops all sending, for a time or until it is resumed"),
    "resume": ("resume", "lets sending go on"),
}
SAYS = {
    "target": "where the push goes; never assumed",
    "template": "the template, when its name is also a word or has blanks",
    "to": "platforms, or `all` for every platform of the target; never assumed",
    "at": "once, at a moment; in your own time zone unless one is written",
    "every": "again and again: `day`, weekdays, or days of the month; with `--time`, `--from` and `--until`",
    "time": "the time of day of a recurring push, in Asia/Shanghai, where mPaaS keeps the calendar",
    "from": "the first day of a recurring push, in Asia/Shanghai",
    "until": "the last day of a recurring push, at most 180 days away",
    "expires": "how long the push stays valid (`ExpiredSeconds`)",
    "audience": "whom it is for: `attached`, `detached` or `all` users (`PushStatus`); never assumed",
    "within": "how long ago they attached or detached at most: `7d`, `15d`, `60d` or `ever`",
    "attached-between": "instead of `--within`: when they attached (`TimeMode` 1)",
    "detached-between": "instead of `--within`: when they detached (`TimeMode` 1)",
    "task": "the readable part of the task's name at mPaaS (`TaskName`)",
}


def cell(text: str) -> str:
    """Keep a text inside its cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def words() -> Iterator[str]:
    """Render the words that start a line of their own."""
    yield "| typed | what it does |"
    yield "|---|---|"
    yield f"| `{COMMAND}` | opens the form |"
    yield f"| `{COMMAND} TEMPLATE [name=value ...] [options]` | opens the form, or the preview when all is said |"
    for word in sorted(OWN_WORDS, key=list(WORDS).index):
        typed, does = WORDS[word]
        yield f"| `{COMMAND} {typed}` | {does} |"


def options() -> Iterator[str]:
    """Render the options of the slash command."""
    yield "| option | what it says | example |"
    yield "|---|---|---|"
    for name, option in OPTIONS.items():
        yield f"| `--{name}` | {cell(SAYS[name])} | `{cell(option.example)}` |"
    yield f"| `--{SET}` | any other parameter by its wire name, as often as needed | `{cell(SET_EXAMPLE)}` |"


def parameters() -> Iterator[str]:
    """Render what ``--set`` takes, with the source of each value."""
    yield "| parameter | meaning | takes |"
    yield "|---|---|---|"
    for name, extra in EXTRAS.items():
        yield f"| `{name}` | {cell(extra.label)}. {cell(extra.hint)}. | {cell(taken_by(extra))} |"


def taken_by(extra: Extra) -> str:
    if extra.vendors:
        return "; ".join(
            f"{vendor}: {', '.join(f'`{choice.value}` {choice.label}' for choice in choices)}"
            for vendor, choices in extra.vendors.items()
        )
    choices = [f"`{choice.value}` {choice.label}{confirmed_by(choice)}" for choice in extra.choices]
    return ", ".join(choices) or {"text": "text", "json_object": "a JSON object"}[extra.kind.value]


def confirmed_by(choice: Choice) -> str:
    """Name the page that knows the value; the label of any other says that it is not confirmed."""
    return "" if choice.source == UNCONFIRMED else f" ({choice.source})"


def verbs() -> Iterator[str]:
    """Render every verb of ``broadcast-bot`` with its arguments, as ``--help`` tells them."""
    for name, (told, parser) in subcommands(command_line()).items():
        yield f"### `{name}`"
        yield ""
        yield told[:1].upper() + told[1:] + "."
        yield ""
        yield from table_of(parser)
        for part, (does, below) in subcommands(parser).items():
            yield from (f"`{name} {part}`: {does}.", "", *table_of(below))


def table_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Render a verb's arguments."""
    rows = [f"| `{cell(spelled(action))}` | {cell(action.help or '')} |" for action in arguments(parser)]
    if rows:
        yield from ("| argument | meaning |", "|---|---|", *rows, "")


def subcommands(parser: argparse.ArgumentParser) -> dict[str, tuple[str, argparse.ArgumentParser]]:
    """Give the help and parser of each verb below; argparse shows them to people, but not to programs."""
    found: dict[str, tuple[str, argparse.ArgumentParser]] = {}
    for each in parser._actions:
        if isinstance(each, argparse._SubParsersAction):
            told = {choice.dest: choice.help or "" for choice in each._choices_actions}
            found |= {name: (told[name], chosen) for name, chosen in each.choices.items()}
    return found


def arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    hidden = argparse._HelpAction | argparse._SubParsersAction
    return [action for action in parser._actions if not isinstance(action, hidden)]


def spelled(action: argparse.Action) -> str:
    """Write an argument as one types it."""
    if not action.option_strings:
        return str(action.metavar or action.dest.upper()) if action.nargs != "*" else f"[{action.dest.upper()} ...]"
    takes = action.metavar or ("|".join(action.choices) if action.choices else action.dest.upper())
    value = "" if action.nargs == 0 else f" [{takes}]" if action.nargs == "?" else f" {takes}"
    return f"{', '.join(action.option_strings)}{value}"


def page() -> str:
    """Render ``docs/commands.md``."""
    return "\n".join(
        [
            "# What can be typed",
            "",
            "<!-- Made by `make docs`; edit `bot/views/command_options.py`, `bot/domain/extras.py`, `bot/cli.py`,",
            "or the words in `tests/house/commands_page.py`. -->",
            "",
            "## In Slack",
            "",
            *words(),
            "",
            "Quoting is as in a shell; curly quotes of a phone are quotes. Every error says which word, why, and what",
            "is allowed. The last step before a request is submitted is always a click.",
            "",
            "What clings to a word of the table (punctuation, quotes, capitals, characters that nobody sees) means",
            "nothing, so a template of such a name is said as `--template NAME`. A first word that is nearly one of",
            "them, and no template, is asked about, and nothing is done.",
            "",
            "Texts are sent as they were meant, not as Slack writes them: emoji become characters, `&amp;` becomes",
            "`&`, links and names become their text. A link under other words and a mention without a name are asked",
            "about; an emoji that only this workspace has stays as its code, and everybody who decides is told.",
            "",
            "### Options",
            "",
            *options(),
            "",
            f"### What `--{SET}` takes",
            "",
            *parameters(),
            "",
            f"The other {len(OWN_OPTION)} parameters of PushBroadcast are said in their own way:",
            "",
            *(f"- `{name}` {instead}." for name, instead in OWN_OPTION.items()),
            "",
            "## On the command line",
            "",
            "`broadcast-bot VERB`, or `python -m bot VERB`. The exit status is 0 when it is done, 1 when it was",
            "refused or failed, 2 for wrong settings or wrong usage.",
            "",
            *verbs(),
        ]
    )


PAGES = {"docs/commands.md": page}
