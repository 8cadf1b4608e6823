"""Two clients, lost answers and repeats against a dictionary: the store is never in doubt about who was first."""

from typing import ClassVar

from builders import SEALER, a_line, a_request, a_step
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from store.relay import Relay

from bot.domain.request import BroadcastRequest, HistoryLine, Step
from bot.domain.states import State
from bot.errors import Conflict, StoreUnavailable, UnknownRequest
from bot.store.connection import connect
from bot.store.store import RequestStore

IDS = ("AAAA-0001", "AAAA-0002")
CLIENTS = (0, 1)
WAKES = st.sampled_from((None, a_request().submitted_at, a_request().approve_by))


class TwoClients(RuleBasedStateMachine):
    """Each client remembers what it read last, which may be old, and steps from there."""

    relay: ClassVar[Relay]

    def __init__(self) -> None:
        super().__init__()
        self.connections = [connect(self.relay.url) for _ in CLIENTS]
        self.connections[0].flushdb()
        self.stores = [RequestStore(one, sealer=SEALER) for one in self.connections]
        self.model: dict[str, list[tuple[str, Step]]] = {one: [] for one in IDS}
        self.read: dict[tuple[int, str], BroadcastRequest] = {}
        self.unanswered: list[tuple[int, str, Step]] = []
        self.commits = 0

    @rule(client=st.sampled_from(CLIENTS), name=st.sampled_from(IDS))
    def look(self, client: int, name: str) -> None:
        if self.model[name]:
            self.read[client, name] = self.stores[client].get(name)
            assert self.read[client, name] == self.model[name][-1][1].request

    @rule(
        client=st.sampled_from(CLIENTS),
        name=st.sampled_from(IDS),
        state=st.sampled_from(State),
        wake=WAKES,
        lost=st.integers(0, 2),
    )
    def step(self, client: int, name: str, state: State, wake: object, lost: int) -> None:
        self.commits += 1
        seen = self.read.get((client, name))
        version = seen.version + 1 if seen else 1
        request = a_request(state, id=name, version=version, wake_at=wake)
        line = a_line(version=version, event=f"commit {self.commits}", after=state.value)
        self.try_to_commit(client, f"c{self.commits}", a_step(request, line=line), lost=lost)

    @rule(lost=st.integers(0, 2))
    def ask_again_what_was_never_answered(self, lost: int) -> None:
        if self.unanswered:
            self.try_to_commit(*self.unanswered.pop(), lost=lost)

    def try_to_commit(self, client: int, commit_id: str, step: Step, *, lost: int) -> None:
        """Commit, with so many answers lost; the client's library asks again once by itself."""
        name = step.request.id
        commits = self.model[name]
        done = (commit_id, step) in commits
        fits = len(commits) == step.expected_version
        self.relay.lose(b"EVALSHA", times=lost)
        try:
            assert self.stores[client].commit(step, commit_id=commit_id) == step.request
        except StoreUnavailable:
            assert lost == 2, "one lost answer is asked for again"
            self.unanswered.append((client, commit_id, step))
            # Two answers are lost before a client that knew an older audit entry has asked for what it came for.
            fits = fits and bool(self.lines(name)[step.expected_version :])
        except Conflict:
            assert not done, "the winner was told that it lost"
            assert not fits, "nobody was faster"
        else:
            assert done or fits, "a loser was told that it won"
            self.read[client, name] = step.request
        finally:
            self.relay.keep_all()
        if fits and not done:
            commits.append((commit_id, step))

    def lines(self, name: str) -> list[HistoryLine]:
        self.relay.keep_all()
        try:
            return self.stores[0].history(name)
        except UnknownRequest:
            return []

    @invariant()
    def the_store_holds_what_the_model_holds(self) -> None:
        store = self.stores[0]
        latest = [commits[-1][1].request for commits in self.model.values() if commits]
        assert {one.id: one for one in store.list_requests()} == {one.id: one for one in latest}
        for commits in self.model.values():
            if commits:
                lines = store.history(commits[-1][1].request.id)
                assert lines == [step.line for _, step in commits]
        waking = sorted((one.wake_at, one.id) for one in latest if one.wake_at)
        assert store.next_wake() == (waking[0][0] if waking else None)
        assert store.notices_waiting() == sum(len(commits) for commits in self.model.values())

    def teardown(self) -> None:
        for one in self.connections:
            one.close()


def test_two_clients_and_lost_answers_never_confuse_the_store(redis_url: str) -> None:
    chosen = settings(
        max_examples=25,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    with Relay(redis_url) as relay:
        TwoClients.relay = relay
        run_state_machine_as_test(TwoClients, settings=chosen)
