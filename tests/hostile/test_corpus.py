"""The corpus is what the tests take: nothing in it is listed for the count alone."""

import ast

import pytest
from builders import a_content, a_request, a_template
from hostile.corpus import GROUPS, LOOKALIKES, PEOPLE, distinct, main
from house import tree
from views import gallery

from bot.views import approve_form
from bot.views.wording import say
from handlers.limits import person_of


@pytest.mark.parametrize("text", LOOKALIKES)
def test_what_is_not_what_it_looks_like_is_pointed_out_on_the_card_and_in_the_dialog(text: str) -> None:
    request = a_request(content=a_content(template=a_template(body=f"Hello, {text}", variables=()), values={}))
    for drawing in (gallery.a_card(request, first=True), approve_form.render(request)):
        assert say("card.deceptive") in "\n".join(gallery.texts_of(drawing))


@pytest.mark.parametrize("user_id", PEOPLE)
def test_nothing_in_the_store_is_named_by_an_id_that_slack_never_makes(user_id: str) -> None:
    for body in ({"user_id": user_id}, {"user": {"id": user_id}}, {"event": {"user": user_id}}):
        assert person_of(body) == ""


def test_every_part_of_the_corpus_is_taken_by_a_test() -> None:
    names = {"TOKENS", "LOOKALIKES", "FORGED", "STALE_SECONDS", "UNREADABLE", "TOO_LARGE", "ENDPOINTS", "PEOPLE"}
    assert len(names) == len(GROUPS)
    used = set[str]()
    for path in (tree.ROOT / "tests" / "hostile").glob("test_*.py"):
        decorated = [node for node in ast.walk(tree.parsed(path)) if isinstance(node, ast.FunctionDef)]
        marks = " ".join(ast.unparse(mark) for function in decorated for mark in function.decorator_list)
        used |= {name for name in names if name in marks or (name == "TOKENS" and "HOSTILE" in marks)}
    assert used == names


def test_the_count_is_of_distinct_ones(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    *_, last = capsys.readouterr().out.splitlines()
    assert last.split() == [str(distinct()), "distinct", "bad", "inputs"]
    assert distinct() > 200
