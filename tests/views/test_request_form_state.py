import pytest
from builders import CHANNEL, NOON, REQUEST_ID
from views.fill import fill, picked, typed
from views.gallery import FULL, a_form

from bot.domain.draft import Draft
from bot.errors import Refused
from bot.views.request_form_state import Metadata, MetadataTooLong, parse


def test_metadata_is_read_as_it_was_written() -> None:
    metadata = Metadata(request_id=REQUEST_ID, channel=CHANNEL, revision=3, advanced=True, kept=FULL, digest="ab")
    assert Metadata.read({"private_metadata": metadata.write()}) == metadata


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"request_id": "1", "channel": "2", "other": 3}'])
def test_a_view_that_is_none_of_ours_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Refused, match="Close it and start again"):
        parse({"private_metadata": text})


def test_metadata_over_slack_s_limit_is_told_to_the_caller() -> None:
    kept = Draft(values={"a": "x" * 3000})
    with pytest.raises(MetadataTooLong):
        Metadata(request_id=REQUEST_ID, channel=CHANNEL, kept=kept).write()


def test_a_duration_nobody_can_read_is_a_problem_of_its_input() -> None:
    filled = parse(fill(a_form(FULL), {"expires": typed("a while")}))
    (problem,) = filled.problems
    assert problem.field == "expires"
    assert filled.draft.expires is None


def test_half_a_time_range_is_a_problem_of_its_inputs() -> None:
    start = {"attached_between.start": {"selected_date_time": int(NOON.timestamp())}}
    filled = parse(fill(a_form(FULL, advanced=True), start))
    assert [(problem.field, problem.code) for problem in filled.problems] == [("attached_between", "range_half")]
    assert filled.draft.attached_between is None


def test_weekdays_never_become_days_of_the_month() -> None:
    weekly = FULL.model_copy(update={"cycle": "weekly", "on": (1, 3)})
    weekly = Draft.model_validate(dict(weekly))
    filled = parse(fill(a_form(weekly), {"cycle": picked("monthly")}))
    stored = parse(fill(a_form(weekly, draft_key="x"), {"cycle": picked("monthly")}), kept=weekly)
    assert (filled.draft.cycle, filled.draft.on) == ("monthly", ())
    assert (stored.draft.cycle, stored.draft.on) == ("monthly", ())


def test_seconds_that_were_typed_stay_until_another_minute_is_picked() -> None:
    assert FULL.time is not None
    assert parse(fill(a_form(FULL))).draft.time == FULL.time
    other = parse(fill(a_form(FULL), {"time": {"selected_time": "10:00"}})).draft.time
    assert str(other) == "10:00:00"


def test_days_are_kept_in_order_however_they_were_clicked() -> None:
    filled = parse(
        fill(a_form(FULL), {"on.monthly": picked("15", "2", "x"), "platforms.live": picked("ios", "android")})
    )
    assert filled.draft.on == (2, 15)
    assert filled.draft.platforms == ("android", "ios")
