"""The law, for any sequence of misbehaviours and two workers at once: nothing twice, and no false "it was not sent"."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from operations.bench import DRAFT, Bench

from bot.domain.request import BroadcastRequest, Leg
from bot.domain.states import LegState, State
from bot.errors import Conflict, Refused
from bot.mpaas.exchange import Timeouts
from bot.operations.context import Context
from bot.operations.tending import tend
from bot.playground.mpaas.misbehaviour import Misbehaviour

EVERY_PLATFORM = DRAFT.model_copy(update={"platforms": ("android", "ios", "harmonyos")})
VERY_HASTY = Timeouts(connect=1.0, write=1.0, read=0.1, total=0.2)
PROVES_NOTHING = ("9000", "4711", "100")
CERTAIN = ("-1", "3007", "3022", "3028", "8011", "8012")
NOT_EXECUTED = {LegState.WAITING, LegState.NOT_SENT, LegState.DECLINED, LegState.HELD}

when = st.sampled_from(["before", "after"])
push = st.just("PushBroadcast")


def wrong(kind: str, **options: st.SearchStrategy[object]) -> st.SearchStrategy[Misbehaviour]:
    return st.builds(Misbehaviour, kind=st.just(kind), action=push, **options)


# Whatever mPaaS does, except to lie: to execute a push and to answer with a code that documents it did not.
MISBEHAVIOURS = st.one_of(
    *(wrong(kind, when=when, times=st.integers(1, 2)) for kind in ("reset", "close", "half", "rubbish")),
    wrong("status", when=when, status=st.sampled_from([500, 502, 503, 504])),
    wrong("result", when=when, code=st.sampled_from(PROVES_NOTHING)),
    wrong("result", when=st.just("before"), code=st.sampled_from(CERTAIN + PROVES_NOTHING)),
    wrong("throttle", times=st.integers(1, 4), retry_after_ms=st.sampled_from([1, 20, 5_000])),
    wrong("slow", when=when, seconds=st.sampled_from([0.0, 0.01])),
    wrong("wrong_date", when=when, seconds=st.sampled_from([-7_200.0, 7_200.0])),
    wrong("hang", when=when),
)


@pytest.fixture
def hasty(bench: Bench) -> Context:
    return bench.hasty(VERY_HASTY)


def work(context: Context, request: BroadcastRequest) -> None:
    """Tend the request as often as it has legs, and once more; losing a race is no failure."""
    for _ in range(len(request.legs) + 1):
        with suppress(Refused, Conflict):
            tend(context, request.id)


def holds(leg: Leg, executed: int) -> bool:
    """Tell whether what is written down of a leg agrees with what mPaaS did."""
    if leg.state in NOT_EXECUTED:
        return executed == 0
    return executed == 1 if leg.state is LegState.ACCEPTED else executed in {0, 1}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(MISBEHAVIOURS, max_size=5), arrives=st.booleans())
def test_no_misbehaviour_leads_to_a_second_execution_or_a_false_word(
    bench: Bench, hasty: Context, plan: list[Misbehaviour], arrives: bool
) -> None:
    request = bench.approved(EVERY_PLATFORM)
    bench.mpaas.faults.clear()
    for misbehaviour in plan:
        bench.mpaas.misbehave(misbehaviour)
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work, [hasty, hasty], [request, request]))
    bench.mpaas.let_go(execute=arrives)  # what was stuck arrives now, or never
    assert bench.mpaas.journal.wait(lambda entries: all(entry.finished for entry in entries))

    after, executed = bench.now(request), bench.executed()
    assert set(executed.values()) <= {1}
    told = {leg.msgkey: (leg.state.value, executed.get(leg.msgkey, 0)) for leg in after.legs}
    assert all(holds(leg, executed.get(leg.msgkey, 0)) for leg in after.legs), told
    assert after.state is not State.FAILED or not any(executed.get(leg.msgkey) for leg in after.legs)
