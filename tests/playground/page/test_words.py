"""The words of the page: every sentence in both languages, none missing where it is said, none that nobody says.

The catalogue is read from the sources with small patterns, so that no browser is needed. Keys that are put together
where they are said (``t(`frame.tab.${name}`)``) count for every key that they can become.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ASSETS = Path(__file__).parents[3] / "bot" / "playground" / "page" / "assets"
LANGUAGES = ("en", "zh")
NAMES = ("vivo",)
"""Names that their owners write like common words."""

_LANGUAGE = re.compile(r"^\s*(?:const )?(en|zh)(?: =|:) \{$", re.MULTILINE)
_PAIR = re.compile(r'^\s*"([a-z]+\.[\w.-]+)":\s*"((?:[^"\\]|\\.)*)",?$', re.MULTILINE)
_BEGINS_LIKE_A_PAIR = re.compile(r'^\s*"[a-z]+\.', re.MULTILINE)
_PLACE = re.compile(r"\{(\w+)\}")
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)


class Word(NamedTuple):
    """One sentence of one language."""

    file: str
    language: str
    key: str
    sentence: str

    @property
    def area(self) -> str:
        """The part of the page that says it."""
        return self.key.partition(".")[0]


def read(name: str, text: str) -> Iterator[Word]:
    """Read the pairs of a file of words, each with the language whose table it stands in."""
    parts = _LANGUAGE.split(text)
    for language, table in zip(parts[1::2], parts[2::2], strict=True):
        for key, sentence in _PAIR.findall(table):
            yield Word(name, language, key, sentence)


@cache
def words() -> tuple[Word, ...]:
    files = sorted((ASSETS / "words").glob("*.js"))
    assert files
    return tuple(word for path in files for word in read(path.name, path.read_text(encoding="utf-8")))


def table(language: str) -> dict[str, str]:
    return {word.key: word.sentence for word in words() if word.language == language}


def areas() -> set[str]:
    return {word.area for word in words()}


@cache
def sources() -> dict[str, str]:
    """Every script of the page but the words and what others wrote, without comments."""
    paths = [path for path in ASSETS.rglob("*.js") if path.relative_to(ASSETS).parts[0] not in {"words", "vendor"}]
    return {str(path.relative_to(ASSETS)): _COMMENT.sub("", path.read_text(encoding="utf-8")) for path in paths}


def said(text: str) -> set[str]:
    """Find the keys that a script names, ``…`` in the place of what is put in when it is said."""
    area = "|".join(sorted(areas()))
    plain = re.findall(rf'"((?:{area})\.[\w.-]+)"', text)
    made = re.findall(rf"`((?:{area})\.(?:[\w.-]|\$\{{[^`]*?\}})+)`", text)
    return {*plain, *(re.sub(r"\$\{.*?\}(?=[\w.-]*\$|[\w.-]*$)", "…", one) for one in made)}


def pattern(key: str) -> re.Pattern[str]:
    """Make the pattern of the keys that one with gaps can become."""
    return re.compile(r"[\w.-]+".join(re.escape(part) for part in key.split("…")))


@cache
def said_anywhere() -> frozenset[str]:
    return frozenset(key for text in sources().values() for key in said(text))


def test_every_line_of_the_words_is_read() -> None:
    """A pair that is written otherwise would escape every check below."""
    files = {path.name: path.read_text(encoding="utf-8") for path in (ASSETS / "words").glob("*.js")}
    begun = {name: len(_BEGINS_LIKE_A_PAIR.findall(text)) for name, text in files.items()}
    assert begun == {name: sum(word.file == name for word in words()) for name in files}


def test_every_key_has_a_sentence_in_both_languages() -> None:
    english, chinese = (set(table(language)) for language in LANGUAGES)
    assert english ^ chinese == set()
    assert [word for word in words() if not word.sentence.strip() and word.key != "backstage.comma"] == []


def test_no_key_is_given_twice() -> None:
    times = Counter((word.language, word.key) for word in words())
    assert {pair: count for pair, count in times.items() if count > 1} == {}


def test_every_key_begins_with_the_area_of_its_file() -> None:
    homes = {"differences": "guide", "backstage_log": "backstage", "side_console": "side"}
    strays = [word for word in words() if (stem := Path(word.file).stem) and word.area != homes.get(stem, stem)]
    assert strays == []


def test_both_languages_leave_room_for_the_same_facts() -> None:
    english, chinese = (table(language) for language in LANGUAGES)
    differing = {
        key: (sentence, chinese[key])
        for key, sentence in english.items()
        if key in chinese and set(_PLACE.findall(sentence)) != set(_PLACE.findall(chinese[key]))
    }
    assert differing == {}


def test_chinese_sentences_are_chinese() -> None:
    """Names may be the same everywhere; where common English words are alone, a translation was forgotten."""
    chinese = [word for word in words() if word.language == "zh" and word.sentence not in NAMES]
    alone = [word for word in chinese if not re.search(r"[\u4e00-\u9fff]", word.sentence)]
    assert [word for word in alone if re.search(r"(?<![\w/-])[a-z]{3,}", _PLACE.sub("", word.sentence))] == []


def test_every_key_that_is_said_has_words() -> None:
    known = set(table("en"))
    missing = {
        name: sorted(key for key in said(text) if not any(map(pattern(key).fullmatch, known)))
        for name, text in sources().items()
    }
    assert {name: keys for name, keys in missing.items() if keys} == {}


def test_no_words_are_kept_that_nobody_says() -> None:
    patterns = [pattern(key) for key in said_anywhere()]
    assert [key for key in table("en") if not any(one.fullmatch(key) for one in patterns)] == []


@pytest.mark.parametrize(
    ("script", "keys"),
    [
        ('t("frame.close")', {"frame.close"}),
        ("t(`frame.tab.${name}`)", {"frame.tab.…"}),
        ('t(`frame.${a ? "b" : "c"}.${d}`, {})', {"frame.….…"}),
        ('import "./frame/side.js"; "frames.of"', set()),
    ],
)
def test_keys_are_found_where_they_are_said(script: str, keys: set[str]) -> None:
    assert said(script) == keys


def test_a_key_put_together_stands_for_what_it_can_become() -> None:
    assert pattern("frame.tab.…").fullmatch("frame.tab.log")
    assert not pattern("frame.tab.…").fullmatch("frame.tab")
