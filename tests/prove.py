"""The central promise in numbers: every proof, one after the other, and a table of what each came to.

Run: ``make prove``, or ``make prove PROVE=--slice`` for a part of each that fits in ten minutes. Each proof is a
command of its own, run in ``tests`` as ``python -m NAME``; its whole output is kept in a file. Everything is on
loopback, and bounded. The exit status is 1 when one of them found something.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

TESTS = Path(__file__).parent
LONGEST = 3 * 60 * 60.0
"""Seconds after which a proof is given up."""

_COUNTED = re.compile(r"\b(\d+)\s+(duplicates|losses)\b")


@dataclass(frozen=True)
class Proof:
    """Name one proof: what it shows, its module, and what to run of it; ``sums`` finds the lines that sum it up."""

    shows: str
    module: str
    whole: tuple[str, ...]
    part: tuple[str, ...]
    sums: str


PROOFS = (
    Proof("a model, every state of it", "model.explore", (), ("--small",), r"states and .* moves|mistakes caught"),
    Proof("kill -9 before and after every call", "crash.points", (), ("--every", "12"), r"\d+ points, \d+ kills"),
    Proof(
        "kill -9 at random, under load",
        "crash.random_kills",
        ("--rounds", "1000"),
        ("--rounds", "12"),
        r"\d+ rounds, \d+ kills",
    ),
    Proof("the store killed at every call", "crash.store_kills", (), ("--every", "25"), r"\d+ points, .*SIGKILLs"),
    Proof("fail-overs of the store", "crash.failover", ("--trials", "24"), ("--trials", "4"), r"\d+ fail-overs of"),
    Proof("lies of the network", "crash.network", (), ("--every", "60"), r"lies told|duplicates|losses|laws broken"),
    Proof("bad input", "hostile.corpus", (), (), r"distinct bad inputs"),
    Proof(
        "a long life",
        "soak.run",
        ("20000",),
        ("60", "--batch", "60", "--minutes", "4"),
        r"^(requests|faults|pushes executed) ",
    ),
)


@dataclass(frozen=True)
class Shown:
    """Hold what a proof came to."""

    proof: Proof
    status: int
    sums: tuple[str, ...]
    seconds: float

    def count(self, what: str) -> int:
        """Add up what its sums say of duplicates or losses."""
        return sum(int(count) for line in self.sums for count, name in _COUNTED.findall(line) if name == what)


def prove(proof: Proof, *, whole: bool, folder: Path) -> Shown:
    """Run one proof to its end, and read what it came to."""
    log, began = folder / f"{proof.module}.txt", time.monotonic()
    command = [sys.executable, "-m", proof.module, *(proof.whole if whole else proof.part)]
    with log.open("wb") as written:
        status = subprocess.run(
            command, cwd=TESTS, stdout=written, stderr=subprocess.STDOUT, check=False, timeout=LONGEST
        ).returncode
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    found = dict.fromkeys(line.strip() for line in lines if re.search(proof.sums, line))
    # A running sum is printed again and again: the last of each shape is the sum.
    last = {re.sub(r"[\d.,]+", "#", line)[:40]: line for line in found}
    return Shown(proof, status, tuple(last.values()), time.monotonic() - began)


def table(shown: Sequence[Shown]) -> list[str]:
    """Write what was shown, and what everything came to."""
    lines = []
    for one in shown:
        verdict = "ok" if one.status == 0 and one.sums else "FAILED"
        lines.append(f"{verdict:<7} {one.proof.shows}  ({one.seconds:.0f} s)")
        lines += [f"        {line}" for line in one.sums]
    duplicates, losses = (sum(one.count(what) for one in shown) for what in ("duplicates", "losses"))
    lines.append(f"In all: {duplicates} duplicates, {losses} losses; made on {datetime.now(UTC):%Y-%m-%d}")  # noqa: TID251 - the date of a report
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the proofs that were asked for, print the table, and return 1 when one found something."""
    parser = argparse.ArgumentParser(description="Show the central promise in numbers.")
    parser.add_argument("--slice", action="store_true", help="a part of each, within ten minutes")
    parser.add_argument("--only", action="append", metavar="NAME", help="only the proof of this module")
    chosen = parser.parse_args(arguments)
    folder, shown = Path(tempfile.mkdtemp(prefix="prove-")), []
    for proof in PROOFS:
        if chosen.only and proof.module not in chosen.only:
            continue
        sys.stdout.write(f"{proof.shows} ...\n")
        sys.stdout.flush()
        shown.append(prove(proof, whole=not chosen.slice, folder=folder))
    sys.stdout.write("\n" + "\n".join(table(shown)) + f"\nWhole output: {folder}\n")
    failed = any(one.status or not one.sums for one in shown)
    return 1 if failed or any(one.count("duplicates") or one.count("losses") for one in shown) else 0


if __name__ == "__main__":
    sys.exit(main())
