"""No test takes a day, an hour or an offset from the machine's clock: it would be red at some hour, or on some day."""

import ast
from collections.abc import Iterator

import pytest
from house import tree

READINGS = frozenset(
    {
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
        "time.strftime",
        "time.ctime",
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "clock.machine_now",
    }
)
OWN_CLOCKS = {
    "tests/clock.py": "the tests' clock itself",
    "tests/prove.py": "the day on which a report was made",
    "tests/operations/bench.py": "as far ahead as its user says",
    "tests/playground/test_ensemble.py": "only kept beside a state",
    "tests/playground/test_moved_clock.py": "a real process of the bot, which has the machine's clock moved",
    "tests/playground/test_stage_clock.py": "likewise: how far it was moved is what is tested",
    "tests/hostile/test_secrets.py": "real processes of the bot, as they are in production, go by it",
}


def readings(module: ast.Module) -> Iterator[str]:
    """Give every way in which a module reads the machine's clock."""
    for node in ast.walk(module):
        match node:
            case ast.ImportFrom(module="time", names=names):
                yield from (f"time.{one.name}" for one in names if f"time.{one.name}" in READINGS)
            case (
                ast.Attribute(value=ast.Name(id=owner), attr=name)
                | ast.Attribute(value=ast.Attribute(attr=owner), attr=name)
            ) if f"{owner}.{name}" in READINGS:
                yield f"{owner}.{name}"


def test_no_test_reads_the_clock_of_the_machine() -> None:
    found = {tree.name_of(path): sorted(set(readings(tree.parsed(path)))) for path in tree.tests()}
    assert {name: what for name, what in found.items() if what and name not in OWN_CLOCKS} == {}
    assert {name for name in OWN_CLOCKS if not found.get(name)} == set()


@pytest.mark.parametrize(
    "source",
    [
        "import time\nstamp = int(time.time())",
        "from time import time",
        "from datetime import UTC, datetime\ndatetime.now(UTC)",
        "import datetime\ndatetime.datetime.now()",
        "Simulator(now=datetime.now)",
        "date.today()",
        "clock.machine_now()",
    ],
)
def test_each_way_to_read_it_would_be_found(source: str) -> None:
    assert list(readings(ast.parse(source)))


def test_measuring_how_long_something_took_is_none_of_them() -> None:
    assert list(readings(ast.parse("import time\ntime.monotonic()\nclock.now()\nstore.now()"))) == []
