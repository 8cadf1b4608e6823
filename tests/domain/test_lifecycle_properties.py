"""Laws of the whole life, over every order of verbs and people that Hypothesis tries."""

from collections.abc import Callable
from datetime import datetime, timedelta

from builders import ANA, BO, CY, NOON, SEALER, a_content, a_person, a_target
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import lifecycle, sending
from bot.domain.content import ChannelId, Platform, RequestId, UserId
from bot.domain.evidence import ENOUGH, Evidence, looked
from bot.domain.outcome import Accepted, Declined, NotSent, Unknown
from bot.domain.policy import may_decide
from bot.domain.request import BroadcastRequest, NoticeKind, Step
from bot.domain.states import LegState, State
from bot.errors import Refused

DEX, EVE = UserId("U04DEX"), UserId("U05EVE")
PEOPLE = (ANA, BO, CY, DEX, EVE)
TARGET = a_target(approvers=frozenset({ANA, BO, CY, DEX}), quorum=2)
OUTCOMES = (Accepted(), Accepted(task_id="t"), Declined(code="3022"), NotSent(why="no route"), Unknown(why="reset"))

Verb = Callable[[BroadcastRequest, UserId, int], Step]


def _approve(request: BroadcastRequest, person: UserId, minute: int) -> Step:
    may_decide(a_person(person), request, TARGET, team_id="T0123456789").insist()
    return lifecycle.approve(request, voter=person, target=TARGET, now=_at(minute), epoch="e", sealer=SEALER)


def _revise(request: BroadcastRequest, person: UserId, minute: int) -> Step:
    digest = f"{request.revision + 1:064d}"
    return lifecycle.revise(request, a_content(), editor=person, digest=digest, target=TARGET, now=_at(minute))


def _platform(minute: int) -> Platform:
    return (Platform.ANDROID, Platform.IOS)[minute % 2]


VERBS: dict[str, Verb] = {
    "approve": _approve,
    "revise": _revise,
    "reject": lambda r, p, m: lifecycle.reject(r, by=p, why="no", now=_at(m)),
    "ask_changes": lambda r, p, m: lifecycle.ask_changes(r, by=p, why="typo", now=_at(m)),
    "withdraw": lambda r, p, m: lifecycle.withdraw(r, by=p, why="", now=_at(m)),
    "stop": lambda r, p, m: lifecycle.stop(r, by=p, why="", now=_at(m)),
    "expire": lambda r, _, m: lifecycle.expire(r, why="late", now=_at(m)),
    "void": lambda r, _, m: lifecycle.void(r, why="drift", now=_at(m)),
    "claim": lambda r, p, m: sending.claim(r, _platform(m), attempt=f"{p}{m}", lease_until=_at(m + 1), now=_at(m)),
    "report": lambda r, _, m: sending.report(
        r, _platform(m), attempt=r.leg(_platform(m)).attempt, outcome=OUTCOMES[m % 5], now=_at(m)
    ),
    "lose": lambda r, _, m: sending.lose(r, now=_at(m)),
    "skip": lambda r, _, m: sending.skip(r, why="late", now=_at(m)),
    "hold": lambda r, _, m: sending.hold(r, why="epoch", now=_at(m)),
    "look": lambda r, _, m: sending.look(r, _found(r, m), now=_at(m)),
    "settle": lambda r, p, m: sending.settle(r, _platform(m), sent=m % 3 == 0, by=p, now=_at(m)),
}


def _found(request: BroadcastRequest, minute: int) -> dict[Platform, Evidence]:
    """Let mPaaS show one task, none, two, or nothing at all, by the minute."""
    ids, failure = [(("t",), ""), ((), ""), (("t", "u"), ""), ((), "down")][minute % 4]
    return {
        leg.platform: looked(
            leg.evidence,
            now=_at(minute),
            dies=sending.signature_dies(leg, now=_at(minute)),
            task_ids=ids,
            failure=failure,
        )
        for leg in request.legs
    }


def _at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def _submitted() -> BroadcastRequest:
    return lifecycle.submit(
        a_content(),
        request_id=RequestId("K7QX-3M9D"),
        requester=ANA,
        channel=ChannelId("C1"),
        digest=f"{1:064d}",
        target=TARGET,
        now=NOON,
    ).request


BEGINNINGS: tuple[list[tuple[str, UserId]], ...] = (
    [],
    [("approve", BO), ("approve", CY)],
    [("revise", EVE), ("approve", CY), ("approve", DEX)],
    [("approve", BO), ("approve", CY), ("claim", BO), ("report", BO)],
    [("approve", BO), ("approve", CY), ("hold", BO), ("look", BO)],
    [("approve", BO), ("approve", CY), ("claim", BO), ("claim", BO), ("skip", BO), ("lose", BO), ("look", BO)],
)
"""Where a life may begin: chance alone would seldom come as far as an approval."""

LIVES = st.builds(
    lambda beginning, rest: beginning + rest,
    st.sampled_from(BEGINNINGS),
    st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.sampled_from(PEOPLE)), max_size=30),
)
"""Sequences of verbs and people; the place in the sequence is the minute."""


def _live(life: list[tuple[str, UserId]]) -> list[tuple[BroadcastRequest, Step]]:
    """Let a life happen: each verb that is not refused makes the next request."""
    steps = []
    request = _submitted()
    for minute, (verb, person) in enumerate(life, start=1):
        try:
            step = VERBS[verb](request, person, minute)
        except Refused:
            continue
        steps.append((request, step))
        request = step.request
    return steps


@given(LIVES)
@settings(max_examples=400)
def test_whatever_was_approved_had_a_quorum_of_others_on_its_own_digest(life: list[tuple[str, UserId]]) -> None:
    for _, step in _live(life):
        request = step.request
        if request.state not in {State.APPROVED, State.SENDING}:
            continue
        voters = {vote.approver for vote in request.votes}
        assert len(voters) >= TARGET.quorum
        assert voters <= {ANA, BO, CY, DEX} - {request.requester, request.editor}
        assert {(vote.digest, vote.revision) for vote in request.votes} == {(request.digest, request.revision)}


@given(LIVES)
@settings(max_examples=400)
def test_every_step_raises_the_version_by_one_and_tells_one_line(life: list[tuple[str, UserId]]) -> None:
    for before, step in _live(life):
        assert step.request.version == before.version + 1 == step.line.version
        assert step.expected_version == before.version
        assert (step.line.before, step.line.after) == (before.state, step.request.state)
        assert step.notices


@given(LIVES)
@settings(max_examples=400)
def test_no_leg_is_ever_claimed_twice(life: list[tuple[str, UserId]]) -> None:
    claims = [
        leg.msgkey
        for before, step in _live(life)
        for leg in step.request.legs
        if leg.state is LegState.SENDING and before.leg(leg.platform).state is LegState.WAITING
    ]
    assert len(claims) == len(set(claims))


@given(LIVES)
@settings(max_examples=400)
def test_only_a_claim_leads_to_sending(life: list[tuple[str, UserId]]) -> None:
    for before, step in _live(life):
        if (before.state, step.request.state) == (State.APPROVED, State.SENDING):
            assert [leg.state for leg in step.request.legs].count(LegState.SENDING) == 1


@given(LIVES)
@settings(max_examples=400)
def test_whatever_waits_for_the_worker_has_a_time_to_wake(life: list[tuple[str, UserId]]) -> None:
    machine = {State.PENDING_APPROVAL, State.CHANGES_REQUESTED, State.APPROVED, State.SENDING}
    looked_for = {State.OUTCOME_UNKNOWN, State.HELD}
    for _, step in _live(life):
        request = step.request
        found = [leg.evidence for leg in sending.unsettled(request)]
        looks = request.state in looked_for and not all(
            one and one.task_ids and one.conclusive >= ENOUGH for one in found
        )
        assert (request.wake_at is not None) == (request.state in machine or looks)


@given(LIVES)
@settings(max_examples=400)
def test_a_look_changes_what_is_known_and_nothing_else(life: list[tuple[str, UserId]]) -> None:
    for before, step in _live(life):
        if step.line.event != "look":
            continue
        untouched = {"legs", "version", "wake_at", "waiting_for", "head"}
        assert step.request.model_dump(exclude=untouched) == before.model_dump(exclude=untouched)
        assert [leg.model_dump(exclude={"evidence"}) for leg in step.request.legs] == [
            leg.model_dump(exclude={"evidence"}) for leg in before.legs
        ]
        assert {notice.kind for notice in step.notices} == {NoticeKind.CARD}


@given(LIVES)
@settings(max_examples=200)
def test_every_document_is_read_back_as_it_was_written(life: list[tuple[str, UserId]]) -> None:
    for _, step in _live(life):
        assert BroadcastRequest.model_validate_json(step.request.model_dump_json()) == step.request
