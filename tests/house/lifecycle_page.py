"""The page about states, made from the tables in ``bot.domain.states``; ``write_pages`` writes it."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import pairwise

from bot.domain import states
from bot.domain.states import LEG_TRANSITIONS, SETTLED_STATES, TRANSITIONS, LegState, State

Table = Mapping[StrEnum, Mapping[StrEnum, StrEnum]]


def meanings(kind: type[StrEnum]) -> dict[str, str]:
    """Give what the source says below each member; Python keeps no docstrings of attributes."""
    (body,) = [node.body for node in ast.parse(inspect.getsource(kind)).body if isinstance(node, ast.ClassDef)]
    found = {}
    for member, below in pairwise(body):
        is_text = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if isinstance(member, ast.Assign) and isinstance(member.targets[0], ast.Name) and is_text:
            found[kind[member.targets[0].id].value] = " ".join(str(below.value.value).split())
    return found


def arrows(table: Table) -> dict[tuple[str, str], list[str]]:
    """Give the events that lead from one state to another."""
    found: dict[tuple[str, str], list[str]] = {}
    for state, row in table.items():
        for event, target in row.items():
            found.setdefault((state.value, target.value), []).append(event.value)
    return found


def diagram(table: Table, *, first: StrEnum, by: str) -> Iterator[str]:
    """Render a table as a Mermaid diagram; states without a row of their own lead to the end."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {first.value}: {by}"
    for (state, target), events in arrows(table).items():
        yield f"    {state} --> {target}: {', '.join(events)}"
    yield from (f"    {state.value} --> [*]" for state, row in table.items() if not row)
    yield "```"


def rows(table: Table, kind: type[StrEnum]) -> Iterator[str]:
    """Render a table as one row for each state."""
    told = meanings(kind)
    yield "| state | meaning | what may happen |"
    yield "|---|---|---|"
    for state, row in table.items():
        cells = "; ".join(f"`{event.value}` leads to `{target.value}`" for event, target in row.items())
        yield f"| `{state.value}` | {told.get(state.value, '')} | {cells or 'nothing: it is final'} |"


def page() -> str:
    """Render ``docs/lifecycle.md``."""
    settled = ", ".join(f"`{state.value}`" for state in State if state in SETTLED_STATES)
    laws = (inspect.getdoc(states) or "").partition("\n\n")[2].partition("\n\n")[2]
    laws, _, _ = laws.partition("\n\nWho may cause")
    return "\n".join(
        [
            "# The life of a request",
            "",
            "<!-- Made by `make docs` from the tables in `bot/domain/states.py`. -->",
            "",
            "A request has one leg for each platform. The leg is what is claimed, sent at most once, and settled; from",
            "the first claim on, the request's state follows from its legs. What stands in no row cannot happen.",
            "",
            *diagram(TRANSITIONS, first=State.PENDING_APPROVAL, by="submit"),
            "",
            *rows(TRANSITIONS, State),
            "",
            f"Nothing more happens by itself to {settled}; their records expire after the time of keeping.",
            "",
            "## The life of a leg",
            "",
            *diagram(LEG_TRANSITIONS, first=LegState.WAITING, by="submit"),
            "",
            *rows(LEG_TRANSITIONS, LegState),
            "",
            "## The laws of both tables",
            "",
            *(line.rstrip().replace("``", "`") for line in laws.splitlines()),
            "",
        ]
    )


PAGES = {"docs/lifecycle.md": page}
