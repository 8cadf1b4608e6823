from datetime import timedelta

import pytest
from builders import BO, NOON, a_content, a_request
from views.gallery import NOW, WEEKLY, labels_of, texts_of

from bot.domain.request import Remark
from bot.domain.states import State
from bot.errors import Problem
from bot.store.switches import Halt
from bot.views import messages


def test_the_result_names_who_asked_who_approved_and_every_leg() -> None:
    result = messages.result(a_request(State.PARTLY_SENT), now=NOW, hints={"TemplateNotFound": "Check its name."})
    texts = texts_of(result)
    assert texts[0] == "*Push to all devices of live: sent in part*"
    assert "Asked by <@U01ANA>, approved by <@U02BO>." in texts
    assert any(text.startswith("*Android*: accepted") for text in texts)
    assert any(text.startswith("*iOS*: refused") and text.endswith("Check its name.") for text in texts)


def test_a_scheduled_result_says_when() -> None:
    result = messages.result(a_request(State.SCHEDULED, content=a_content(delivery=WEEKLY)), now=NOW)
    assert any(text.startswith("Every Monday and Wednesday") and "Next: " in text for text in texts_of(result))


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_told_to_the_requester(state: State) -> None:
    assert "7K3M-Q2XD" in texts_of(messages.direct(a_request(state), now=NOW))[1]


def test_a_rejection_is_told_with_its_reason_and_a_way_on() -> None:
    remark = Remark(by=BO, at=NOON, why="Wrong *price*")
    direct = messages.direct(a_request(State.REJECTED, remark=remark), now=NOW)
    assert "<@U02BO> rejected your request 7K3M-Q2XD." in texts_of(direct)
    assert "Wrong *price*" in texts_of(direct, "plain_text")
    assert labels_of(direct) == ["Show details", "New request like this"]


def test_the_requester_can_stop_or_settle_from_the_direct_message() -> None:
    assert labels_of(messages.direct(a_request(State.APPROVED), now=NOW)) == ["Show details", "Stop"]
    assert labels_of(messages.direct(a_request(State.OUTCOME_UNKNOWN), now=NOW)) == ["Show details", "Settle"]


def test_a_refusal_says_every_reason_once() -> None:
    problems = [
        Problem("", "not_involved", "Not you, <@U01ANA>."),
        Problem("", "b", "There is no target <@U01ANA>."),
        Problem("", "b", "Not <here>."),
        Problem("", "a", "Not <here>."),
    ]
    assert (
        messages.refused(problems).text == "Not you, <@U01ANA>.\nThere is no target &lt;@U01ANA&gt;.\nNot &lt;here&gt;."
    )


def test_the_help_explains_every_word_of_the_command() -> None:
    text = " ".join(texts_of(messages.help_text()))
    for word in ("list", "scheduled", "show", "withdraw", "halt", "resume"):
        assert f"*/broadcast {word}" in text
    for option in ("target", "to", "at", "every", "time", "from", "until", "expires", "audience", "within",
                   "attached-between", "detached-between", "task", "set", "template"):  # fmt: skip
        assert f"--{option} " in text


def test_a_listing_is_cut_and_counted() -> None:
    listing = messages.listing([a_request()] * 25, now=NOW)
    assert labels_of(listing) == ["Show details"] * 20
    assert "and 5 more" in texts_of(listing)
    assert listing.text == "*Open requests: 25*"


def test_when_the_store_does_not_answer_people_hear_that_nothing_was_recorded() -> None:
    assert "Nothing was recorded; press again." in messages.nothing_recorded().text


def test_a_halt_is_told_with_who_until_when_why_and_how_it_ends() -> None:
    halt = Halt(by="U02BO", why="payment incident", at=NOW, until=NOW + timedelta(hours=2))
    said = str(messages.halted(halt).blocks)
    assert "<@U02BO>" in said
    assert "<!date^" in said
    assert "payment incident" in said
    assert "/broadcast resume" in said
