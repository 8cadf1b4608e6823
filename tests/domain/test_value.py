"""Tests of what every value is: frozen, closed to unknown fields, and written for digests in one way only."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from strategies import json_values

from bot.domain.value import Value, canonical_json


class Point(Value):
    x: int
    tags: tuple[str, ...] = ()


def test_a_value_is_frozen_compared_by_what_it_holds_and_closed() -> None:
    point = Point(x=1)
    assert point == Point(x=1, tags=())
    assert len({point, Point(x=1), Point(x=2)}) == 2
    with pytest.raises(ValidationError, match="frozen"):
        point.x = 2
    with pytest.raises(ValidationError, match="not permitted"):
        Point.model_validate({"x": 1, "y": 2})


@given(st.dictionaries(st.text(max_size=5), json_values(), max_size=5))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: dict[str, Any]) -> None:
    backwards = dict(reversed(value.items()))
    assert canonical_json(backwards) == canonical_json(value)


def test_canonical_json_is_short_and_in_utf_8_and_has_no_numbers_that_json_does_not_know() -> None:
    assert canonical_json({"b": [1, 2], "a": "\u4e2d"}) == '{"a":"\u4e2d","b":[1,2]}'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))
