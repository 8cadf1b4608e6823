from typing import Any

from builders import NOON
from views.fill import inputs_of
from views.gallery import NOW, a_form

from bot.domain.draft import Draft, Moments


def optional(view: dict[str, Any], block_id: str) -> bool:
    return any(block.get("optional", False) for block in view["blocks"] if block.get("block_id") == block_id)


def test_nobody_is_meant_until_somebody_chooses() -> None:
    view = a_form()
    assert [option["value"] for option in inputs_of(view)["audience"]["options"]] == ["attached", "detached", "all"]
    assert not optional(view, "audience")
    assert not optional(view, "within")


def test_the_period_may_stay_empty_only_where_ranges_can_be_said_instead() -> None:
    ranged = Draft(attached_between=Moments(start=NOON, end=NOW))
    assert optional(a_form(advanced=True), "within")
    assert optional(a_form(ranged), "within")


def test_time_ranges_are_part_of_advanced() -> None:
    ends = {f"{word}_between.{end}" for word in ("attached", "detached") for end in ("start", "end")}
    assert set(inputs_of(a_form())) & ends == set()
    assert set(inputs_of(a_form(advanced=True))) >= ends
