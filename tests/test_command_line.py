"""The words of the command line; what the verbs do is tested in test_cli."""

import pytest

from bot import cli
from bot.command_line import command_line

VERBS = ["run", "slack", "worker", "doctor", "playground"]
OPERATORS = ["list", "show", "settle", "halt", "resume", "audit", "manifest"]


def verbs_of(usage: str) -> list[str]:
    return [line.split()[0] for line in usage.splitlines() if line.startswith("    ") and not line.startswith("     ")]


def test_every_verb_of_the_contract_can_be_said() -> None:
    said = verbs_of(command_line().format_help())
    assert [verb for verb in said if verb != "VERB"] == [*VERBS, *OPERATORS]


@pytest.mark.parametrize("verb", [*VERBS, *OPERATORS])
def test_every_verb_is_done_by_a_function_and_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert verb in cli.VERBS
    with pytest.raises(SystemExit) as end:
        command_line().parse_args([verb, "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: broadcast-bot {verb}")


def test_a_number_that_is_none_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_line().parse_args(["list", "--limit", "none"])
    assert "'none' is not a number from 1 on" in capsys.readouterr().err
