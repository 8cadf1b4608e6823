from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Variables
from bot.settings.variables import as_utf8


def dotenv(tmp_path: Path, text: str) -> Variables:
    (tmp_path / ".env").write_text(text, encoding="utf-8", newline="")
    return Variables.of_dotenv(tmp_path / ".env")


def test_the_process_wins_over_the_file_with_its_doubts(tmp_path: Path) -> None:
    file = dotenv(tmp_path, "A=1\nB=1\nB=2\nC=3\nC=4\n")
    joined = file.under(Variables.of_process({"B": "own", "D": "'4'"}))
    assert joined.values == {"A": "1", "B": "own", "C": "4", "D": "'4'"}
    assert {name: doubt.split(",")[0] for name, doubt in joined.doubts.items()} == {
        "C": "stands in .env with two values",
        "D": "is in quotes",
    }


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert Variables.of_dotenv(tmp_path / ".env").values == {}


def test_a_virtual_environment_of_that_name_says_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert Variables.of_dotenv(tmp_path / ".env").values == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=plain", "plain"),
        ("export A=plain", "plain"),
        ("A = 'x # y'", "x # y"),
        ('A="x" # why', "x"),
        ("A=x # why", "x"),
        ("A=x#y", "x#y"),
        ("A='\"x\"'", '"x"'),
        ("A=$x", "$x"),
        ("\ufeffA=x\r\n\r\nB=y\r\n", "x"),
    ],
)
def test_a_line_is_read_as_python_dotenv_reads_it(tmp_path: Path, text: str, value: str) -> None:
    read = dotenv(tmp_path, text)
    assert (read.values["A"], dict(read.doubts)) == (value, {})


def test_lines_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        dotenv(tmp_path, "A=1\r\n\r\nB 2\r\nC='3\r\n")
    assert [complaint.split(":")[0] for complaint in refusal.value.complaints] == [".env, line 3", ".env, line 4"]


@pytest.mark.parametrize(
    ("said", "meant"), [("\udce5\udc8c\udc97", "\u5317"), ("\u5317", "\u5317"), ("\udcff", "\udcff"), ("a", "a")]
)
def test_bytes_of_a_locale_without_letters_are_read_as_utf_8(said: str, meant: str) -> None:
    assert as_utf8(said) == meant
