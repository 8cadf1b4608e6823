from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import text_files


@given(st.text(st.characters(exclude_characters="\0\ufeff\r", exclude_categories=["Cs"])))
def test_what_an_editor_saved_as_utf_8_is_read_with_or_without_its_mark(text: str) -> None:
    for saved in (text, text.replace("\n", "\r\n"), text.replace("\n", "\r")):
        assert text_files.text_of(saved.encode()) == text_files.text_of(saved.encode("utf-8-sig")) == text


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("a = 1".encode("utf-16"), ': is UTF-16, which some editors call "Unicode": save it as UTF-8.'),
        ("a = 1".encode("utf-16-be"), ", line 1: holds a NUL character. Save the file as UTF-8, without it."),
        (b"a\r\nb\r\n\xff\r\n", ", byte 6: is not UTF-8, which begins to go wrong in line 3."),
        ("\ufeffa\n\u5317".encode()[:-1], ", byte 5: is not UTF-8, which begins to go wrong in line 2."),
        (b"a\nb\0\n", ", line 2: holds a NUL character. Save the file as UTF-8, without it."),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(data: bytes, complaint: str) -> None:
    with pytest.raises(ValueError) as refusal:
        text_files.text_of(data)
    assert str(refusal.value) == complaint


def test_a_file_that_is_not_there_is_not_a_wrong_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        text_files.read(tmp_path / "none")


def test_what_the_system_says_of_a_file_is_passed_on(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r": cannot be read \(File name too long\)\."):
        text_files.read(tmp_path / ("long" * 100))


def test_a_folder_in_a_files_place_is_told_with_how_it_came_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r": cannot be read, because it is a folder\. Docker makes one"):
        text_files.read(tmp_path)
