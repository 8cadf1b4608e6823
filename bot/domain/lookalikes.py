"""Letters and addresses that pass for others: sentences for people who are about to push them to everybody.

A word of Cyrillic letters can read like a brand's name, and an address can name the bank and lead elsewhere. This is a
heuristic over a short table of letters, not Unicode's list of confusables: it points out and never refuses, and it must
stay silent about ordinary texts in any language. Code points are named, because the letters themselves tell nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from bot.domain.words import quoted

SCRIPTS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
"""Scripts whose letters look like each other's, as they begin the letters' names in Unicode."""

_PASS_FOR_LATIN: Final = {
    "CYRILLIC": "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0455\u0456\u0458\u04bb\u0501\u051b\u051d\u04cf\u04af"
    "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423\u051a\u051c\u04ae\u04c0",
    "GREEK": "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u03c7\u03b3\u03f3"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "ARMENIAN": "\u0585\u0570\u057d\u0578\u0581\u0561\u0566\u0584\u054f\u054d\u0555",
    "CHEROKEE": "\u13a0\u13a1\u13a2\u13a9\u13aa\u13ab\u13ac\u13b3\u13b7\u13bb\u13bd\u13c0\u13c3\u13cf\u13d2\u13d9\u13da"
    "\u13de\u13df\u13e2\u13e6\u13e7\u13f4",
}
"""Letters that are read as Latin ones, by script (our choice from Unicode's confusables.txt: the obvious ones)."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_ADDRESS: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s<>\"']+")
_SHORTEST: Final = 2  # letters; one letter alone is a symbol
_MOST_NAMED: Final = 3  # code points in a sentence
_NUMBER: Final = re.compile(r"(?:0x[0-9a-f]+|[0-9]+)(?:\.(?:0x[0-9a-f]+|[0-9]+)){0,3}", re.IGNORECASE)


def is_of(letter: str, script: str) -> bool:
    """Tell whether a letter is of a script, by its name in Unicode."""
    return unicodedata.name(letter, "").startswith(script)


def named(letters: Iterable[str]) -> str:
    """Name code points: "U+0430 CYRILLIC SMALL LETTER A"; the first three of them, each once."""
    found = list(dict.fromkeys(letters))
    names = [f"U+{ord(letter):04X} {unicodedata.name(letter, 'control character')}" for letter in found[:_MOST_NAMED]]
    return ", ".join(names) + (f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else "")


def mixed_scripts(parts: Mapping[str, str]) -> Iterator[str]:
    """Point out words in which letters of several scripts look alike."""
    for part, text in parts.items():
        for word in dict.fromkeys(_WORD.findall(text)):
            mixed = [name for name in SCRIPTS if any(is_of(letter, name) for letter in word)]
            if len(mixed) > 1:
                strange = [letter for letter in word if any(is_of(letter, name) for name in mixed[1:])]
                scripts = " and ".join(name.title() for name in mixed)
                yield (f"The {part}'s word {quoted(word)} mixes {scripts} letters that look alike: {named(strange)}.")


def disguised_words(parts: Mapping[str, str]) -> Iterator[str]:
    """Point out whole words of another script that read as Latin, where all else of that push is Latin."""
    words = {part: list(dict.fromkeys(_WORD.findall(text))) for part, text in parts.items()}
    every = [word for found in words.values() for word in found]
    if not any(is_of(word[0], "LATIN") for word in every):
        return
    for script, twins in _PASS_FOR_LATIN.items():
        written = [word for word in every if is_of(word[0], script)]
        if not written or any(set(word) - set(twins) for word in written):
            continue  # a word that reads as nothing Latin: the push really is in that language as well
        for part, found in words.items():
            for word in found:
                if len(word) >= _SHORTEST and set(word) <= set(twins):
                    yield (
                        f"The {part}'s word {quoted(word)} is written in {script.title()} letters that read as Latin: "
                        f"{named(word)}."
                    )


def disguised_addresses(parts: Mapping[str, str]) -> Iterator[str]:
    """Point out addresses that lead elsewhere than they seem to, wherever in the push they stand."""
    for part, text in parts.items():
        for address in dict.fromkeys(_ADDRESS.findall(text)):
            yield from (f"The {part}'s link {quoted(address)} {oddity}." for oddity in _disguises(address))


def _disguises(address: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        yield "is none that a browser takes"
        return
    if "@" in parts.netloc:
        yield f"leads to {quoted(host)}: what stands before the @ is only a user name"
    if "\\" in address:
        yield "holds a backslash, which browsers take for a slash"
    if _NUMBER.fullmatch(host):
        yield f"leads to a machine by its number ({host}), not by a name"
    yield from _strange_host(host)


def _strange_host(host: str) -> Iterator[str]:
    shown = ".".join(map(_unfolded, host.split(".")))
    if shown != host:
        strange = named(letter for letter in shown if not letter.isascii())
        yield f"leads to a host that browsers may show as {quoted(shown)}: {strange}"
    elif not host.isascii() and any(map(_passes_for_latin, host.split("."))):
        yield f"leads to a host whose letters are not Latin ones: {named(x for x in host if not x.isascii())}"


def _unfolded(label: str) -> str:
    """Write out a punycode label ("xn--..."); others, and broken ones, stay as they are."""
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _passes_for_latin(label: str) -> bool:
    """Tell whether a label has letters and all of them read as Latin; mixed ones are ``mixed_scripts``'."""
    letters = [letter for letter in label if letter.isalpha()]
    return bool(letters) and set(letters) <= set("".join(_PASS_FOR_LATIN.values()))
