"""How sentences about people's words are made: quoting one, guessing what was meant, listing what is allowed.

Also the plain form of what phones and Chinese keyboards type. No rule about a push lives here.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from bot.errors import Problem, Refused

LONGEST_QUOTE = 40
"""Characters of somebody's word that a sentence repeats."""

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
"""What phones and word processors make of hyphens."""

_PLAIN_DASHES = str.maketrans(dict.fromkeys(DASHES, "-"))
_COMMAS = re.compile(r"[,;\uff0c\u3001\uff1b]")


def plain(text: str) -> str:
    """Write full-width digits, odd blanks, dashes and dots as a plain keyboard does; single blanks between words."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_PLAIN_DASHES).split())


def bare(text: str) -> str:
    """Take off a word what clings to it: invisible characters and marks on letters, punctuation and blanks around it.

    ``=`` stays, because it makes a name of the word before it.
    """
    shown = "".join(letter for letter in unicodedata.normalize("NFKC", text) if _kind(letter) not in "CM")
    letters = [at for at, letter in enumerate(shown) if _kind(letter) in "LN" or letter == "="]
    return shown[letters[0] : letters[-1] + 1] if letters else ""


def _kind(letter: str) -> str:
    """Give the first letter of the general category: L and N for letters and numbers, C for what is not shown."""
    return unicodedata.category(letter)[0]


def listed(text: str) -> list[str]:
    """Split "a, b" at commas, Chinese ones too, or at blanks where there is no comma; leave out what is empty."""
    parts = _COMMAS.split(text) if _COMMAS.search(text) else text.split()
    return [part.strip() for part in parts if part.strip()]


def quoted(word: str) -> str:
    """Put somebody's word between quotes, on one line and not too long."""
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in word)
    return f'"{shown if len(shown) <= LONGEST_QUOTE else shown[: LONGEST_QUOTE - 1] + chr(0x2026)}"'


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Find the name that a word nearly is, in any case of its letters; empty when none is near."""
    names = {name.casefold(): name for name in allowed}
    near = get_close_matches(word.casefold()[:LONGEST_QUOTE], list(names), n=1, cutoff=0.6)
    return names[near[0]] if near else ""


def meant(word: str, allowed: Iterable[str]) -> str:
    """Ask whether a nearly right word was meant: a sentence with a blank before it, or nothing."""
    near = nearest(word, allowed)
    return f" Did you mean {near}?" if near else ""


def either(names: Iterable[str]) -> str:
    """List alternatives: "a", "a or b", "a, b or c"."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def refusal(field: str, code: str, sentence: str, **values: str) -> Refused:
    """Make the refusal of one word, to be raised; ``values`` are the parts the sentence was made of."""
    return Refused(Problem(field, code, sentence, values))
