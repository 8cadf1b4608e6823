"""The verbs from the claim on: one attempt per leg, honest ends, and settling by people."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import BO, NOON, a_content, a_leg, a_request

from bot.domain import sending
from bot.domain.content import Platform
from bot.domain.delivery import Scheduled
from bot.domain.evidence import looked
from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.domain.request import BroadcastRequest, NoticeKind
from bot.domain.states import LegState, State
from bot.errors import IllegalTransition, Refused

ANDROID, IOS = Platform.ANDROID, Platform.IOS
LEASE = NOON + timedelta(seconds=20)


def claimed(request: BroadcastRequest | None = None, platform: Platform = ANDROID) -> BroadcastRequest:
    before = request or a_request(State.APPROVED)
    return sending.claim(before, platform, attempt=f"a-{platform}", lease_until=LEASE, now=NOON).request


def reported(request: BroadcastRequest, platform: Platform, outcome: SendOutcome) -> BroadcastRequest:
    return sending.report(request, platform, attempt=f"a-{platform}", outcome=outcome, now=NOON).request


def ended(first: SendOutcome, second: SendOutcome, **changes: object) -> BroadcastRequest:
    """Send both legs of an approved request, with these outcomes."""
    once = reported(claimed(a_request(State.APPROVED, **changes)), ANDROID, first)
    return reported(claimed(once, IOS), IOS, second)


def test_the_first_claim_moves_the_request_to_sending_and_sets_the_lease() -> None:
    request = claimed()
    assert request.state is State.SENDING
    assert request.wake_at == LEASE
    assert request.leg(ANDROID).attempted_at == NOON
    assert request.leg(IOS).state is LegState.WAITING


def test_a_leg_is_never_claimed_twice() -> None:
    with pytest.raises(IllegalTransition):
        claimed(claimed())


def test_only_one_leg_is_under_way_at_a_time() -> None:
    assert sending.next_leg(claimed()) is None
    once = reported(claimed(), ANDROID, Accepted())
    assert sending.next_leg(once) == once.leg(IOS)


def test_after_a_report_the_next_leg_is_due_at_once() -> None:
    assert reported(claimed(), ANDROID, Accepted()).wake_at == NOON


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (Accepted(), Accepted(), State.SENT),
        (Accepted(), Declined(code="3022"), State.PARTLY_SENT),
        (Declined(code="3022"), NotSent(why="no route"), State.FAILED),
        (Unknown(why="reset"), Accepted(), State.OUTCOME_UNKNOWN),
        (Unknown(why="reset"), Declined(code="3022"), State.OUTCOME_UNKNOWN),
    ],
)
def test_the_end_is_told_honestly(first: SendOutcome, second: SendOutcome, state: State) -> None:
    request = ended(first, second)
    assert request.state is state
    assert request.wake_at == (NOON if state is State.OUTCOME_UNKNOWN else None)


def test_a_push_that_mpaas_keeps_for_later_ends_as_scheduled() -> None:
    delivery = Scheduled(at=NOON + timedelta(hours=1))
    assert ended(Accepted(), Accepted(), content=a_content(delivery=delivery)).state is State.SCHEDULED


def test_an_end_is_told_in_the_channel_and_to_the_requester() -> None:
    once = reported(claimed(), ANDROID, Accepted())
    step = sending.report(claimed(once, IOS), IOS, attempt="a-ios", outcome=Accepted(), now=NOON)
    assert {notice.kind for notice in step.notices} == set(NoticeKind)


def test_a_report_of_another_attempt_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        sending.report(claimed(), ANDROID, attempt="somebody else's", outcome=Accepted(), now=NOON)
    assert refused.value.code == "other_attempt"


def test_a_lease_that_ended_makes_the_outcome_unknown_and_the_other_leg_goes_on() -> None:
    request = sending.lose(claimed(), now=LEASE).request
    assert request.leg(ANDROID).state is LegState.UNKNOWN
    assert request.state is State.SENDING
    assert sending.next_leg(request) == request.leg(IOS)


def test_a_lease_that_runs_loses_nothing() -> None:
    with pytest.raises(Refused) as refused:
        sending.lose(claimed(), now=NOON)
    assert refused.value.code == "nothing_to_do"


def test_a_late_report_of_the_same_attempt_is_taken_in() -> None:
    lost = sending.lose(claimed(a_request(State.APPROVED, legs=(a_leg(ANDROID),))), now=LEASE).request
    assert lost.state is State.OUTCOME_UNKNOWN
    assert reported(lost, ANDROID, Accepted(task_id="t1")).state is State.SENT


def test_a_late_report_that_knows_nothing_changes_nothing() -> None:
    lost = sending.lose(claimed(), now=LEASE).request
    with pytest.raises(Refused) as refused:
        reported(lost, ANDROID, Unknown(why="timeout"))
    assert refused.value.code == "nothing_new"


def test_legs_whose_turn_never_came_are_certainly_not_sent() -> None:
    once = reported(claimed(), ANDROID, Accepted())
    request = sending.skip(once, why="Too late.", now=NOON).request
    assert request.leg(IOS).state is LegState.NOT_SENT
    assert request.state is State.PARTLY_SENT


def test_a_changed_store_holds_what_was_not_claimed() -> None:
    request = sending.hold(a_request(State.APPROVED), why="The store changed.", now=NOON).request
    assert request.state is State.HELD
    assert {leg.state for leg in request.legs} == {LegState.HELD}
    assert request.remark is not None
    assert request.remark.why == "The store changed."


def test_people_settle_what_is_unknown() -> None:
    request = ended(Unknown(why="reset"), Accepted())
    settled = sending.settle(request, ANDROID, sent=True, by=BO, now=NOON, task_id="task-7").request
    assert settled.state is State.SENT
    assert settled.leg(ANDROID).settled_by == BO
    assert settled.leg(ANDROID).outcome == Accepted(task_id="task-7")


def test_it_did_not_go_out_can_only_be_said_when_the_signature_is_dead() -> None:
    request = ended(Unknown(why="reset"), Accepted())
    with pytest.raises(Refused, match="could still arrive") as refused:
        sending.settle(request, ANDROID, sent=False, by=BO, now=NOON + timedelta(minutes=16))
    assert refused.value.code == "too_early"
    later = NOON + sending.SIGNATURE_LIVES
    assert sending.settle(request, ANDROID, sent=False, by=BO, now=later).request.state is State.PARTLY_SENT


def seen(request: BroadcastRequest, now: datetime = NOON, **found: Any) -> BroadcastRequest:
    """Let the bot look for what is unsettled."""
    return sending.look(
        request,
        {
            leg.platform: looked(leg.evidence, now=now, dies=sending.signature_dies(leg, now=now), **found)
            for leg in request.legs
        },
        now=now,
    ).request


def test_what_is_unknown_or_held_is_looked_for_at_once() -> None:
    assert ended(Unknown(why="reset"), Accepted()).wake_at == NOON
    assert sending.hold(a_request(State.APPROVED), why="The store changed.", now=NOON).request.wake_at == NOON


def test_a_look_is_written_down_at_the_unsettled_legs_alone_and_the_next_one_is_planned() -> None:
    request = seen(ended(Unknown(why="reset"), Accepted()), task_ids=("4711",))
    assert request.state is State.OUTCOME_UNKNOWN
    assert [leg.evidence and leg.evidence.task_id for leg in request.legs] == ["4711", None]
    assert request.wake_at == NOON + timedelta(seconds=10)


def test_a_look_has_its_line_of_history_and_redraws_the_card() -> None:
    request = ended(Unknown(why="reset"), Accepted())
    step = sending.look(request, {ANDROID: looked(None, now=NOON, dies=LEASE)}, now=NOON)
    assert (step.line.event, step.line.actor, step.line.detail) == (
        "look", "worker", "android: mPaaS lists no such task",
    )  # fmt: skip
    assert [notice.kind for notice in step.notices] == [NoticeKind.CARD]


def test_where_nothing_is_unsettled_nothing_is_looked_for() -> None:
    with pytest.raises(Refused) as refused:
        seen(ended(Accepted(), Accepted()))
    assert refused.value.code == "nothing_to_do"


def test_a_late_report_is_taken_in_whatever_was_found_before() -> None:
    lost = sending.lose(claimed(a_request(State.APPROVED, legs=(a_leg(ANDROID),))), now=LEASE).request
    for found in (seen(lost), seen(lost, task_ids=("4711",)), seen(lost, failure="down")):
        assert reported(found, ANDROID, Accepted()).state is State.SENT
        assert reported(found, ANDROID, Accepted()).wake_at is None
        assert reported(found, ANDROID, Declined(code="3022")).state is State.FAILED


def test_what_was_found_does_not_shorten_the_time_before_it_did_not_go_out_can_be_said() -> None:
    request = seen(ended(Unknown(why="reset"), Accepted()))
    with pytest.raises(Refused, match="could still arrive"):
        sending.settle(request, ANDROID, sent=False, by=BO, now=NOON + timedelta(minutes=16))


def test_when_one_leg_is_settled_the_other_is_looked_for_as_before() -> None:
    request = seen(ended(Unknown(why="reset"), Unknown(why="reset")))
    settled = sending.settle(request, ANDROID, sent=True, by=BO, now=NOON).request
    assert (settled.state, settled.wake_at) == (State.OUTCOME_UNKNOWN, request.wake_at)


def test_an_older_document_has_no_evidence() -> None:
    document = ended(Unknown(why="reset"), Accepted()).model_dump(mode="json")
    for leg in document["legs"]:
        del leg["evidence"]
    assert [leg.evidence for leg in BroadcastRequest.model_validate(document).legs] == [None, None]


def test_a_leg_with_a_certain_outcome_cannot_be_settled() -> None:
    with pytest.raises(IllegalTransition):
        sending.settle(ended(Accepted(), Unknown(why="?")), ANDROID, sent=False, by=BO, now=LEASE + timedelta(hours=1))


def test_unsettled_legs_are_those_that_wait_for_a_person() -> None:
    assert [leg.platform for leg in sending.unsettled(ended(Unknown(why="reset"), Accepted()))] == [ANDROID]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Accepted(task_id="t1"), "task t1"),
        (Accepted(), "accepted"),
        (Declined(code="3022", message="no template"), "3022 no template"),
        (NotSent(why="refused connection"), "refused connection"),
        (Unknown(why="reset"), "reset"),
    ],
)
def test_every_outcome_can_be_said_in_a_few_words(outcome: SendOutcome, words: str) -> None:
    assert sending.describe(outcome) == words
