"""The second model, in Promela: Spin finds nothing in it, and something in each of its mistakes."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

MODEL = Path(__file__).with_name("send.pml")
MISSING = [tool for tool in ("spin", "gcc") if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(MISSING), reason=f"{' and '.join(MISSING)} cannot be found (Debian: apt install)"),
]

AT_MOST_ONCE, TRUE_NO, FOUR_EYES, HALTED = "executed<=1", "!(executed)", "pressed[text]==3", "!(halted)"

MISTAKES = {
    ("CALLS_FIRST",): AT_MOST_ONCE,
    ("RETRIES",): AT_MOST_ONCE,
    ("QUEUES_AGAIN",): TRUE_NO,
    ("NO_VERSION",): TRUE_NO,
    ("NO_FENCE", "NO_WAIT"): AT_MOST_ONCE,
    ("NO_HALT",): HALTED,
    ("TOO_EARLY",): TRUE_NO,
    ("SIGNS_LATE",): TRUE_NO,
    ("VOTING", "OLD_CARD"): FOUR_EYES,
    ("VOTING", "VOTES_STAY"): FOUR_EYES,
}
"""What is defined, and which assertion must fail; where two could, the one that Spin's depth-first search meets."""


def verdict(folder: Path, *defined: str, formula: bool = False) -> str:
    """Generate, compile and run the verifier; give what it says."""
    flags = [f"-D{name}" for name in defined]
    search = ["-DNFAIR=8"] if formula else ["-DSAFETY", "-DNOCLAIM"]
    options = ["-a", "-f"] if formula else []
    said = ""
    for command in (
        ["spin", "-a", *flags, str(MODEL)],
        ["gcc", "-O0", "-w", *search, "-o", "pan", "pan.c"],
        ["./pan", "-m100000", *options],
    ):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=120)
        said = done.stdout
    return said


def broken(said: str) -> str:
    """Read which assertion failed, "" when none did."""
    found = re.search(r"assertion violated (.*) \(at depth", said)
    return found[1].strip() if found else ""


@pytest.mark.parametrize("scope", [(), ("VOTING",)], ids=["sending", "voting"])
def test_spin_finds_nothing(scope: tuple[str, ...], tmp_path: Path) -> None:
    said = verdict(tmp_path, *scope)
    assert "errors: 0" in said, said
    states = re.search(r"(\d+) states, stored", said)
    assert states is not None
    assert int(states[1]) > 30_000


@pytest.mark.parametrize(("mistake", "assertion"), MISTAKES.items(), ids=str)
def test_spin_finds_every_mistake(mistake: tuple[str, ...], assertion: str, tmp_path: Path) -> None:
    assert assertion in broken(verdict(tmp_path, *mistake))


def test_under_fair_scheduling_every_claim_comes_to_an_end(tmp_path: Path) -> None:
    said = verdict(tmp_path, formula=True)
    assert "errors: 0" in said, said


def test_without_leases_a_claim_can_stay_for_ever(tmp_path: Path) -> None:
    assert "acceptance cycle" in verdict(tmp_path, "NO_LEASE", formula=True)
