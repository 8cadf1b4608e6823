"""How much one person may do: the rule and its sentence."""

import pytest

from bot.domain.limits import LIMITS, Counted, check_pace, check_room
from bot.errors import Refused


@pytest.mark.parametrize("kind", Counted)
def test_the_last_one_that_is_allowed_is_allowed_and_the_next_is_not(kind: Counted) -> None:
    most = LIMITS.of(kind)
    check_pace(LIMITS, kind, count=most, seconds_left=60)
    with pytest.raises(Refused) as refused:
        check_pace(LIMITS, kind, count=most + 1, seconds_left=60)
    assert refused.value.code == "too_fast"


@pytest.mark.parametrize(("left", "wait"), [(43, "Wait 43 seconds,"), (1, "Wait 1 second,")])
def test_the_sentence_says_how_many_how_long_to_wait_and_what_still_works(left: int, wait: str) -> None:
    with pytest.raises(Refused) as refused:
        check_pace(LIMITS, Counted.ASKING, count=1_000, seconds_left=left)
    assert "more than 20 times within a minute" in refused.value.sentence
    assert wait in refused.value.sentence
    assert "halt works meanwhile" in refused.value.sentence


def test_so_many_requests_may_wait_and_no_more() -> None:
    check_room(LIMITS, waiting=19)
    with pytest.raises(Refused, match="20 of your requests wait for approval or for changes; 20 are"):
        check_room(LIMITS, waiting=20)
