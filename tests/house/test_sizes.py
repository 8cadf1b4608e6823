"""How long things may be. A row in ``EXCEPTIONS`` allows one more, with its reason, and falls when it is not needed."""

import ast
from pathlib import Path
from statistics import median

from house import tree

FUNCTION, LISTENER, MODULE, PLAYGROUND, LUA = 40, 25, 250, 320, 80
# The aim is 10; the test leaves room for a week in which somebody writes long ones.
MEDIAN = 12

# "path" or "path::function": (the lines it may have, why).
EXCEPTIONS: dict[str, tuple[int, str]] = {
    "bot/views/wording.py": (410, "one catalogue, a line per sentence: cut in two, nobody would find a sentence"),
    "bot/playground/page/assets/words/backstage.js": (460, "likewise a catalogue, in two languages"),
}


def limit_of_function(function: tree.Function) -> int:
    is_listener = function.module.startswith("handlers/") and "ack" in function.arguments
    return LISTENER if is_listener else FUNCTION


def limit_of_file(path: Path) -> int:
    if path.suffix == ".lua":
        return LUA
    return PLAYGROUND if tree.name_of(path).startswith("bot/playground/") else MODULE


def functions() -> list[tree.Function]:
    return [one for path in tree.product() for one in tree.functions_in(tree.parsed(path), tree.name_of(path))]


def too_long() -> dict[str, int]:
    """Give every function and file that is over its usual limit, and its length."""
    files = [*tree.product(".py"), *tree.product(".lua"), *tree.modules_of_the_page()]
    found = {tree.name_of(path): tree.length(path) for path in files if tree.length(path) > limit_of_file(path)}
    return found | {one.place: one.lines for one in functions() if one.lines > limit_of_function(one)}


def test_functions_listeners_modules_and_scripts_keep_to_their_length() -> None:
    assert {place: lines for place, lines in too_long().items() if lines > EXCEPTIONS.get(place, (0, ""))[0]} == {}


def test_every_exception_is_still_needed_and_says_why() -> None:
    found = too_long()
    assert [place for place in EXCEPTIONS if place not in found] == []
    assert [
        place for place, (_, reason) in EXCEPTIONS.items() if len(reason.split()) < len(["it", "says", "why"])
    ] == []


def test_the_usual_function_is_short() -> None:
    assert median(one.lines for one in functions()) <= MEDIAN


def test_the_listeners_are_found() -> None:
    assert [one for one in functions() if limit_of_function(one) == LISTENER]


def test_a_function_is_as_long_as_it_looks() -> None:
    source = "class A:\n    @decorated\n    def f(self, ack):\n        '''Say.'''\n\n        return 1\n"
    (function,) = tree.functions_in(ast.parse(source), "handlers/a.py")
    assert (function.place, function.lines, limit_of_function(function)) == ("handlers/a.py::f", 4, LISTENER)
