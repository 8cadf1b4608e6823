"""The words of a command line, gone through one by one: templates, values and options become parts of a draft.

Every problem is gathered, with the field of the draft it belongs to. What each option takes is in
``bot.views.command_options``. Names and texts are read as plain text; moments, lengths and lists hold none of Slack's
marks.
"""

import re
from collections import deque

from bot.domain.draft import Draft
from bot.domain.extras import parse_extra, write_extra
from bot.domain.words import either, quoted
from bot.errors import Problem, Refused
from bot.views.command_options import (
    OPTIONS,
    RANGES,
    RECURRING,
    SET,
    SET_EXAMPLE,
    Moment,
    Option,
    Parts,
    guess_option,
)
from bot.views.plain_text import plain_text, unclear
from bot.views.quoting import EQUALS

MOST_JOINED = 5
"""Words that an unquoted value may go on for: "in 1 day 2 hours"."""

_NAME_AND_VALUE = re.compile(rf"([^{EQUALS}]*)[{EQUALS}](.*)", re.DOTALL)
_PART_OF_A_TIME = re.compile(r"\d|(?:am|pm|at|on|to|noon|midnight|today|tomorrow|and)$", re.IGNORECASE)


class Reading:
    """Go through the words once, gathering parts of a draft and problems."""

    def __init__(self, words: list[str], said: Moment) -> None:
        self.words = deque(words)
        self.said = said
        self.parts: Parts = {}
        self.values: dict[str, str] = {}
        self.extras: dict[str, str] = {}
        self.options: set[str] = set()
        self.problems: list[Problem] = []

    def read_all(self) -> None:
        """Read every word; afterwards ``draft`` and ``problems`` say all there is."""
        while self.words:
            word = self.words.popleft()
            if word.startswith("--"):
                self._option(word.removeprefix("--"))
            elif pair := _NAME_AND_VALUE.fullmatch(word):
                self._value(plain_text(pair[1].strip("# ")), pair[2])
            else:
                self._bare(word)
        self._contradictions()

    def draft(self) -> Draft:
        """Make a draft of the parts that were understood; a time that was not still keeps it from being "now"."""
        when = "scheduled" if "at" in self.options else "recurring" if self.options & RECURRING else "now"
        return Draft.model_validate({**self.parts, "when": when, "values": self.values, "extras": self.extras})

    def _problem(self, field: str, code: str, sentence: str, word: str) -> None:
        self.problems.append(Problem(field, code, sentence, {"word": word}))

    def _bare(self, word: str) -> None:
        if "template" not in self.options and word:
            self.options.add("template")
            self.parts |= self._plain(word, "template", "template")
            return
        last = next(reversed(self.values), "")
        hint = f" To make it part of {last}, write {last}={quoted(f'{self.values[last]} {word}')}." if last else ""
        sentence = f"{quoted(word)} stands alone: put quotes around a value with blanks in it.{hint}"
        self._problem("", "word_stray", sentence, word)

    def _value(self, name: str, value: str) -> None:
        if not name:
            sentence = f"{quoted('=' + value)} has no name: write name=value, without blanks around the =."
            self._problem("values", "value_nameless", sentence, value)
        elif name in self.values:
            sentence = f"{quoted(name)} is said twice: as {quoted(self.values[name])} and as {quoted(value)}."
            self._problem(f"values.{name}", "value_twice", sentence, name)
        else:
            self.values |= self._plain(value, name, f"values.{name}")

    def _plain(self, text: str, name: str, field: str) -> dict[str, str]:
        """Give a text as it was meant, by its name; where nobody knows that, it is a problem and nothing else."""
        problems = list(unclear(text, field))
        self.problems += problems
        return {} if problems else {name: plain_text(text)}

    def _option(self, word: str) -> None:
        pair = _NAME_AND_VALUE.fullmatch(word)
        name = (pair[1] if pair else word).casefold()
        has_next = bool(self.words) and not self.words[0].startswith("--")
        value = pair[2] if pair else self.words.popleft() if has_next else ""
        if name != SET and name not in OPTIONS:
            self._unknown(name)
        elif not value.strip():
            example = SET_EXAMPLE if name == SET else OPTIONS[name].example
            field = "extras" if name == SET else OPTIONS[name].field
            self.options.add(name)
            self._problem(field, "option_value_missing", f"--{name} needs a value, such as {example}.", name)
        elif name == SET:
            self._extra(value)
        else:
            self._known(OPTIONS[name], value)

    def _unknown(self, name: str) -> None:
        guess = guess_option(name)
        # A mistyped time must not leave a push that goes out at once.
        self.options |= {guess} & (RECURRING | {"at"})
        hint = f" Did you mean --{guess}?" if guess else ""
        known = either(f"--{option}" for option in [*OPTIONS, SET])
        self._problem("", "option_unknown", f"{quoted('--' + name)} is not an option.{hint} Options are {known}.", name)

    def _known(self, option: Option, value: str) -> None:
        if option.name in self.options:
            sentence = f"--{option.name} is said twice; the first counts, {quoted(value)} does not."
            if option.name == "template" and "template" in self.parts:
                sentence = f"The template is said twice: as {quoted(str(self.parts['template']))} and {quoted(value)}."
            self._problem(option.field, "option_twice", sentence, value)
            return
        self.options.add(option.name)
        try:
            said = {option.name: value} if option.joins else self._plain(value, option.name, option.field)
            for text in said.values():
                self.parts |= self._read(option, text)
        except Refused as refused:
            self.problems.extend(refused.problems)

    def _read(self, option: Option, value: str) -> Parts:
        """Read a value, with as many of the words that follow as still make sense; raise Refused when none does."""
        following = self._following() if option.joins else []
        for count in range(len(following), 0, -1):
            try:
                parts = option.read(" ".join([value, *following[:count]]), self.said)
            except Refused:
                continue
            self._drop(count)
            return parts
        try:
            return option.read(value, self.said)
        except Refused:
            meant = next((at for at, word in enumerate(following) if not _PART_OF_A_TIME.match(word)), len(following))
            self._drop(meant)
            return option.read(" ".join([value, *following[:meant]]), self.said)

    def _following(self) -> list[str]:
        found: list[str] = []
        for word in list(self.words)[:MOST_JOINED]:
            if word.startswith("--") or _NAME_AND_VALUE.fullmatch(word):
                break
            found.append(word)
        return found

    def _drop(self, count: int) -> None:
        for _ in range(count):
            self.words.popleft()

    def _extra(self, text: str) -> None:
        pair = _NAME_AND_VALUE.fullmatch(text)
        name = plain_text(pair[1].strip() if pair else text)
        if pair is None or not name:
            sentence = f"{quoted(text)} is not a parameter with its value: write it like {SET_EXAMPLE}."
            self._problem("extras", "extra_nameless", sentence, text)
            return
        if name in self.extras:
            sentence = f"{name} is set twice; the first value counts, {quoted(pair[2])} does not."
            self._problem(f"extras.{name}", "option_twice", sentence, pair[2])
            return
        try:
            for value in self._plain(pair[2], name, f"extras.{name}").values():
                self.extras[name] = write_extra(name, parse_extra(name, value))
        except Refused as refused:
            self.problems.extend(refused.problems)

    def _contradictions(self) -> None:
        recurring = sorted(self.options & RECURRING)
        if "at" in self.options and recurring:
            names = ", ".join(f"--{name}" for name in recurring)
            sentence = f"--at is for a push that goes out once, {names} for one that repeats: say one of them."
            self._problem("when", "at_and_every", sentence, "--at")
        ranges = sorted(self.options & RANGES)
        if "within" in self.options and ranges:
            sentence = f"--within and --{ranges[0]} both say how far back the audience reaches: say one of them."
            self._problem("within", "audience_twice", sentence, "--within")
