import io

from bot import terminal

NAME = "\u5317\u4eac \U0001f600"


def test_what_a_terminal_has_no_letter_for_is_escaped() -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii", errors="strict") as stream:
        terminal.show_what_it_can(stream, io.StringIO())
        stream.write(f"at {NAME}")
        stream.flush()
        assert raw.getvalue() == rb"at \u5317\u4eac \U0001f600"


def test_what_a_machine_reads_is_utf_8_whatever_the_terminal_can_show() -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="gbk", errors="strict") as stream:
        terminal.write_utf8(stream)
        stream.write(NAME)
        stream.flush()
        assert raw.getvalue() == NAME.encode()


def test_words_that_came_as_bytes_are_read_as_they_were_typed() -> None:
    assert terminal.as_typed(["halt", "\udce5\udc8c\udc97", "\udcff"]) == ["halt", "\u5317", r"\udcff"]
