from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from views.fill import inputs_of
from views.gallery import FULL, a_form

from bot.domain.draft import Draft


def test_only_the_chosen_kind_of_time_has_inputs() -> None:
    own = {"at", "cycle", "time", "first", "last"}
    assert set(inputs_of(a_form(Draft()))) & own == set()
    assert set(inputs_of(a_form(Draft(when="scheduled")))) & own == {"at"}
    assert set(inputs_of(a_form(Draft(when="recurring")))) & own == own - {"at"}


@pytest.mark.parametrize(("cycle", "days"), [("weekly", 7), ("monthly", 31)])
def test_a_cycle_offers_its_own_days(cycle: str, days: int) -> None:
    draft = Draft.model_validate({"when": "recurring", "cycle": cycle})
    assert len(inputs_of(a_form(draft))[f"on.{cycle}"]["options"]) == days


def test_a_daily_push_asks_for_no_days() -> None:
    draft = Draft.model_validate({"when": "recurring", "cycle": "daily"})
    assert not [block_id for block_id in inputs_of(a_form(draft)) if block_id.startswith("on.")]


def test_the_time_of_day_is_asia_shanghai_s_and_says_so() -> None:
    view = a_form(FULL)
    assert inputs_of(view)["time"]["timezone"] == "Asia/Shanghai"
    (block,) = [block for block in view["blocks"] if block.get("block_id") == "time"]
    assert block["label"]["text"] == "Time of day (Asia/Shanghai)"
    assert block["hint"]["text"] == "And 15 seconds, as typed; choose another time to drop them."


def test_a_moment_is_picked_in_the_person_s_own_zone() -> None:
    view = a_form(Draft(when="scheduled"), zone=ZoneInfo("America/New_York"))
    (block,) = [block for block in view["blocks"] if block.get("block_id") == "at"]
    assert "America/New_York" in block["hint"]["text"]


def test_a_moment_that_slack_s_picker_refuses_starts_empty() -> None:
    far = a_form(Draft(when="scheduled", at=datetime(2500, 1, 1, tzinfo=UTC)))
    early = a_form(Draft(when="scheduled", at=datetime(2001, 1, 1, tzinfo=UTC)))
    assert "initial_date_time" not in inputs_of(far)["at"]
    assert "initial_date_time" not in inputs_of(early)["at"]
