"""The line behind /broadcast has one reader: what clings to a word of the house never changes what the word means."""

import string
import unicodedata

import pytest
from desk import APPS, Desk, words
from hypothesis import given
from hypothesis import strategies as st
from strategies import NOW

from bot.domain.words import bare
from bot.playground.cast import ANA, BO, DANA, GUS, Person
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.templates import Template
from bot.settings.values import zone
from bot.views.command import read_command, read_halt, read_word
from bot.views.command_options import OWN_WORDS
from handlers import payloads
from handlers.limits import NEVER_COUNTED

HALTS = {
    "as it is": "halt",
    "capitals": "HALT",
    "an invisible blank behind it": "halt\u200b",
    "a byte order mark before it": "\ufeffhalt",
    "an invisible joiner inside": "ha\u2060lt",
    "a soft hyphen inside": "ha\u00adlt",
    "a mark of direction": "\u200ehalt\u200f",
    "turned from right to left": "\u202ehalt\u202c",
    "a variation selector": "halt\ufe0f",
    "backquotes": "`halt`",
    "a block of code": "```halt```",
    "bold": "*halt*",
    "italic": "_halt_",
    "struck out": "~halt~",
    "all of them": "*_~`halt`~_*",
    "straight quotes": '"halt"',
    "a quote nobody closed": "'halt",
    "curly quotes": "\u201chalt\u201d",
    "corner quotes": "\u300chalt\u300d",
    "an exclamation": "halt!!!",
    "a full stop": "halt.",
    "a comma": "halt,",
    "a Chinese full stop": "halt\u3002",
    "a slash": "/halt",
    "two hyphens": "--halt",
    "a long dash": "\u2014halt",
    "a quoted line": "> halt",
    "angles": "<halt>",
    "full width": "\uff48\uff41\uff4c\uff54",
    "bold letters of a font": "\U0001d421\U0001d41a\U0001d425\U0001d42d",
    "a hard blank behind it": "halt\u00a0",
    "an ideographic blank behind it": "halt\u3000",
    "a tab before it": "\thalt",
    "a line break behind it": "halt\n",
    "an emoji before it": "\U0001f6d1 halt",
    "the command once more": "/broadcast halt",
}


@pytest.mark.parametrize("typed", HALTS.values(), ids=HALTS)
def test_a_halt_halts_whatever_clings_to_the_word(desk: Desk, typed: str) -> None:
    """Somebody in a hurry pastes the word, and a character that nobody sees opens an empty form instead."""
    deed = desk.types(BO, typed)
    assert desk.store.halted() is not None
    assert "All sending is halted" in words(deed)
    assert desk.slack.views(BO.id) == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("halt\uff0cwrong text", "wrong text"),
        ("halt, wrong text", "wrong text"),
        ("`halt wrong text`", "wrong text"),
        ("halt \u2014 wrong text", "wrong text"),
        ("halt\u200bwrong text", "wrong text"),
        ("\u201chalt\u201d \u201cwrong\u201d text", "\u201cwrong\u201d text"),
        ("halt: R&D says stop", "R&D says stop"),
        ("halt :fire: it burns", "\U0001f525 it burns"),
    ],
)
def test_the_reason_begins_behind_what_clings_to_the_word(desk: Desk, typed: str, why: str) -> None:
    """The reason of a halt is told to everybody, so it must not begin or end with marks of the word before it."""
    desk.types(BO, typed)
    halted = desk.store.halted()
    assert halted is not None
    assert (halted.until, halted.why) == (None, why)


@pytest.mark.parametrize(
    "length", ["2h", "`2h`", "2h,", "2h.", "(2h)", "2h\u200b", "\uff12h", "*2 h*", "\u201c2h\u201d"]
)
def test_the_length_of_a_halt_is_read_whatever_clings_to_it(length: str) -> None:
    """A length between backquotes made a halt without end out of a halt for two hours."""
    assert read_halt(f"{length} lunch") == (7_200, "lunch")
    assert read_halt(f"{length}\uff0clunch") == (7_200, "lunch")


def test_a_halt_whose_length_cannot_be_read_has_no_end_and_says_so(desk: Desk) -> None:
    """Whoever mistypes the length learns that somebody has to resume."""
    assert "until somebody resumes it" in words(desk.types(BO, "halt 2hurs lunch"))
    halted = desk.store.halted()
    assert halted is not None
    assert (halted.until, halted.why) == (None, "2hurs lunch")


CLINGING = "".join(
    letter
    for letter in map(chr, range(0x3100))
    if unicodedata.category(letter)[0] in "PSZC" and bare(f"a{letter}b") in {f"a{letter}b", "ab"}
)
AROUND = st.text(
    [letter for letter in CLINGING if letter not in "=&:<"] + ["\ufe0f", "\ufeff", "\U000e0067"], max_size=4
)
INSIDE = st.sampled_from(["", "\u00ad", "\u200b", "\u200d", "\u2060", "\ufe0f", "\u202e", "\U000e0067", "\x00"])


@given(st.sampled_from(sorted(OWN_WORDS)), AROUND, AROUND, INSIDE, st.booleans(), st.integers(0, 12))
def test_every_word_of_the_house_is_itself_in_any_wrapping(
    word: str, before: str, behind: str, inside: str, wide: bool, place: int
) -> None:
    """What holds for the word halt holds for each of the words, in every spelling of any keyboard."""
    spelled = "".join(chr(ord(letter) + 0xFEE0) for letter in word) if wide else word.upper()
    typed = f"{before}{spelled[:place]}{inside}{spelled[place:]}{behind}"
    assert read_word(typed)[0] == word
    assert read_command(typed, now=NOW, zone=zone("Asia/Shanghai")).word == word
    assert payloads.begins_with(word)({"text": typed})


@pytest.mark.parametrize(
    "typed",
    ["halt=1", "#halt#=1", "halt\uff1d1", "--template halt", "halting-notice", "outage halt", "--target halt", "haltx"],
)
def test_what_only_holds_such_a_word_halts_nothing(typed: str) -> None:
    """A placeholder or a template may be called like a word of the house, or nearly so."""
    assert read_word(typed)[0] == "form"
    assert not NEVER_COUNTED({"text": typed})


@pytest.mark.parametrize("typed", ["`halt`", "halt\u200b", "HELP!", "\uff48\uff45\uff4c\uff50"])
def test_a_halt_is_never_counted_however_it_is_spelled(typed: str) -> None:
    """The limit on commands reads the same line as the listener, so that no spelling of a halt is held back."""
    assert NEVER_COUNTED({"text": typed})


NEARLY = [
    "hlat",
    "haltt",
    "halted",
    "halt-now",
    "halt-everything-now",
    "--hlat",
    "stop",
    "STOP!",
    "\u201chlat\u201d",
    "\u6682\u505c",
]


@pytest.mark.parametrize("typed", NEARLY)
@pytest.mark.parametrize("person", [ANA, BO, DANA], ids=["a requester", "an approver", "a member of a listed group"])
def test_nearly_a_halt_is_asked_about_before_any_form_opens(desk: Desk, person: Person, typed: str) -> None:
    """A mistyped halt opened the form as if nothing was said, and its author believed that sending was halted."""
    deed = desk.types(person, typed)
    said = desk.reads(person) if desk.slack.views(person.id) else words(deed)
    assert "Did you mean `/broadcast halt`? Nothing was done." in said
    assert "request_form" not in [view.content["callback_id"] for view in desk.slack.views(person.id)]
    assert desk.store.halted() is None


@pytest.mark.parametrize(
    "more", ["", " city=Berlin", " --target test", " --target nowhere", " --to ios --target test city=x"]
)
def test_a_template_that_does_not_exist_is_asked_about_whatever_follows(desk: Desk, more: str) -> None:
    """The rest of the line does not make a template of a mistyped word."""
    desk.types(ANA, f"shwo{more}")
    assert 'Did you mean `/broadcast show`? Nothing was done. There is no template "shwo".' in desk.reads(ANA)


@pytest.mark.parametrize("more", ["", " --target test", " --target live city=x"])
def test_a_template_that_exists_is_no_mistyped_word(desk: Desk, more: str) -> None:
    """A team's own template may be called nearly like a word of the house."""
    for app in (APPS["live"], APPS["test"]):
        desk.mpaas.put_template(app.app_id, app.workspace_id, Template("halting", "Notice", "The belt stands still."))
    desk.types(ANA, f"halting{more}")
    assert desk.sees(ANA).content["callback_id"] == "request_form"


def test_nearly_a_word_is_asked_about_when_mpaas_does_not_show_its_templates(desk: Desk) -> None:
    """Nobody knows then whether there is such a template, and to ask is the safe side."""
    desk.mpaas.misbehave(Misbehaviour(kind="status", action="GetTemplate", times=None))
    desk.types(ANA, "hlat --target test")
    said = desk.reads(ANA)
    assert "Did you mean `/broadcast halt`? Nothing was done." in said
    assert "There is no template" not in said


def test_a_word_nearly_like_that_can_still_be_said_as_a_template(desk: Desk) -> None:
    """Whoever means a template says so, and the form opens with it."""
    desk.types(ANA, "--template hlat")
    assert desk.sees(ANA).content["callback_id"] == "request_form"


def test_a_guest_who_mistypes_a_halt_learns_the_word_and_why_not(desk: Desk) -> None:
    """Even somebody who may not ask for a push must not believe that something was halted."""
    said = words(desk.types(GUS, "hlat"))
    assert "Did you mean `/broadcast halt`?" in said
    assert "Guests cannot do that" in said


IDS = ["{}\u200b", "\ufeff{}", "`{}`", "{}.", "\u201c{}\u201d", "({})", "*{}*", "{}\u3002", "<{}>", "#{}"]


@pytest.mark.parametrize("wrapping", IDS)
@pytest.mark.parametrize("word", ["show", "`show`", "withdraw", "withdraw:"])
def test_an_id_is_read_whatever_clings_to_it(desk: Desk, word: str, wrapping: str) -> None:
    """An id is copied from a card or a sentence, with what stood around it."""
    request = desk.asks(ANA)
    desk.types(ANA, f"{word} {wrapping.format(request.id)}")
    if "show" in word:
        assert f"Request {request.id}" in desk.reads(ANA)
    else:
        assert desk.now(request).state.value == "withdrawn"


@pytest.mark.parametrize(
    "spelling",
    [lambda id_: id_.replace("-", "\u2013"), lambda id_: id_.replace("-", " "), lambda id_: id_.replace("-", "\u00ad")],
)
def test_the_hyphen_of_an_id_may_be_any_dash(desk: Desk, spelling: object) -> None:
    """Phones make a long dash of a hyphen, and some people leave it out."""
    request = desk.asks(ANA)
    assert callable(spelling)
    desk.types(ANA, f"show {spelling(request.id)}")
    assert f"Request {request.id}" in desk.reads(ANA)


def test_the_reason_of_a_withdrawal_begins_behind_the_id(desk: Desk) -> None:
    """The requester reads why, without the marks of the id."""
    request = desk.asks(ANA)
    desk.types(ANA, f"withdraw `{request.id}`, R&D found :bug: one")
    remark = desk.now(request).remark
    assert remark is not None
    assert remark.why == "R&D found \U0001f41b one"


@pytest.mark.parametrize("word", ["show", "withdraw"])
@pytest.mark.parametrize("typed", ["", " me", " `7K3M`"])
def test_an_id_that_cannot_be_read_is_told_in_one_way(desk: Desk, word: str, typed: str) -> None:
    """Show and withdraw take the same ids, so they say the same about one that is none."""
    said = words(desk.types(ANA, word + typed))
    assert f"Say which request to {word}, as in `/broadcast {word} 7K3M-Q2XD`" in said
    (problem,) = read_command(word + typed, now=NOW, zone=zone("Asia/Shanghai")).problems
    assert problem.code == "request_id_unreadable"
    assert problem.sentence in said


@given(st.text(string.printable + "\u200b\ufeff`\u201c", max_size=20))
def test_every_matcher_and_the_form_agree_on_whose_line_it_is(typed: str) -> None:
    """A line belongs to exactly one conversation."""
    takers = [word for word in sorted(OWN_WORDS) if payloads.begins_with(word)({"text": typed})]
    word = read_command(typed, now=NOW, zone=zone("Asia/Shanghai")).word
    assert takers == ([] if word == "form" else [word])


@pytest.mark.parametrize("letter", ["x", "<", ":", "a ", "*a ", "\u200b"])
def test_a_line_without_end_is_read_as_far_as_people_type(letter: str) -> None:
    """A megabyte behind the command kept the reader busy for twenty seconds; a halt at its front still halts."""
    endless = letter * (1_000_000 // len(letter))
    assert read_word(f"halt {endless}")[0] == "halt"
    said = read_command(f"outage {endless}", now=NOW, zone=zone("Asia/Shanghai"))
    assert [problem.code for problem in said.problems] == ["line_too_long"]
