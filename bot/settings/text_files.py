"""Files that people write, read as their editors save them: with or without a byte order mark, with any line ends."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from bot.owners import why_refused


def read(path: Path) -> str:
    """Read a file as text, without its byte order mark.

    Raises FileNotFoundError, or ValueError with the rest of a sentence that began with the file's name.
    """
    try:
        return text_of(path.read_bytes())
    except FileNotFoundError:
        raise
    except IsADirectoryError:
        sentence = (
            ": cannot be read, because it is a folder. Docker makes one where a file that it shall mount is missing."
        )
    except PermissionError:
        sentence = f": cannot be read: {why_refused(path)}, and the user who runs this may not read it."
    except OSError as error:
        sentence = f": cannot be read ({error.strerror})."
    raise ValueError(sentence)


def text_of(data: bytes) -> str:
    """Read bytes as UTF-8, every line ended as in Unix; raise ValueError with the rest of a sentence with the place."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise ValueError(': is UTF-16, which some editors call "Unicode": save it as UTF-8.')
    try:
        text = data.decode().removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    except UnicodeDecodeError as error:
        line = _line(data, error.start)
        sentence = f", byte {error.start}: is not UTF-8, which begins to go wrong in line {line}."
    else:
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
        sentence = f", line {_line(data, data.index(0))}: holds a NUL character. Save the file as UTF-8, without it."
    raise ValueError(sentence)


def _line(data: bytes, place: int) -> int:
    return len(data[: place + 1].splitlines())
