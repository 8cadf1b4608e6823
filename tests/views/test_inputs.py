from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Problem
from bot.views.inputs import Inputs, errors, homeless

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def a_view(*block_ids: str) -> dict[str, Any]:
    blocks = [{"type": "input", "block_id": block_id} for block_id in block_ids]
    return {"blocks": [{"type": "section", "block_id": "advanced"}, *blocks]}


def inputs(**elements: Any) -> Inputs:
    return Inputs({"state": {"values": {name: {"input": element} for name, element in elements.items()}}})


@pytest.mark.parametrize(
    ("element", "text"),
    [
        ({"type": "plain_text_input", "value": "3h"}, "3h"),
        ({"type": "plain_text_input", "value": None}, ""),
        ({"type": "static_select", "selected_option": {"value": "live"}}, "live"),
        ({"type": "static_select", "selected_option": None}, ""),
        ({"type": "datepicker", "selected_date": "2026-12-01"}, "2026-12-01"),
        ({"type": "timepicker", "selected_time": "09:00", "timezone": "Asia/Shanghai"}, "09:00"),
        ({"type": "timepicker", "selected_time": None}, ""),
    ],
)
def test_each_kind_of_input_is_read(element: dict[str, Any], text: str) -> None:
    assert inputs(x=element).text("x") == text


def test_several_choices_and_moments_are_read() -> None:
    read = inputs(
        several={"selected_options": [{"value": "a"}, {"value": "b"}]},
        none={"selected_options": []},
        at={"selected_date_time": 1_796_086_800},
        empty={"selected_date_time": None},
    )
    assert read.texts("several") == ("a", "b")
    assert read.texts("none") == read.texts("absent") == ()
    assert read.epoch("at") == 1_796_086_800
    assert read.epoch("empty") is None


def test_inputs_are_found_by_their_name_without_suffix() -> None:
    values = {"values.ab.city": {"input": {"value": "x"}}, "values.ab.day": {"input": {}}, "valuesque": {"input": {}}}
    assert Inputs({"state": {"values": values}}).ids("values") == ["values.ab.city", "values.ab.day"]


@given(view=json)
def test_nothing_that_comes_back_makes_reading_fail(view: object) -> None:
    read = Inputs({"state": {"values": {"a": {"b": view}, "c": view}}})
    assert isinstance(read.text("a"), str)
    assert isinstance(read.texts("a"), tuple)
    assert isinstance(Inputs({"state": view}).text("a"), str)
    assert read.epoch("c") is None or isinstance(read.epoch("c"), int)


@pytest.mark.parametrize(
    ("field", "block"),
    [
        ("expires", "expires"),
        ("platforms", "platforms.live"),
        ("on", "on.weekly"),
        ("values.city", "values.0a1b.city"),
        ("values.city.name", "values.0a1b.city.name"),
        ("values", "values.0a1b.city"),
        ("extras.MiChannelId", "extras.MiChannelId"),
        ("attached_between", "attached_between.start"),
    ],
)
def test_a_problem_stands_under_the_input_it_belongs_to(field: str, block: str) -> None:
    view = a_view("values.0a1b.city", "values.0a1b.city.name", "expires", "platforms.live", "on.weekly",
                  "extras.MiChannelId", "attached_between.start")  # fmt: skip
    assert errors([Problem(field, "x", "No.")], view) == {block: "No."}


@pytest.mark.parametrize("field", ["", "advanced", "extras.Silent", "values.day", "nonsense"])
def test_a_problem_without_an_input_in_the_view_is_left_for_the_top(field: str) -> None:
    problem = Problem(field, "x", "No.")
    view = a_view("values.0a1b.city", "extras.MiChannelId")
    assert errors([problem], view) == {}
    assert homeless([problem], view) == [problem]


def test_two_problems_of_one_input_stand_together_once_each() -> None:
    problems = [Problem("on", "a", "First."), Problem("on", "b", "Second."), Problem("on", "a", "First.")]
    assert errors(problems, a_view("on.weekly")) == {"on.weekly": "First. Second."}
