"""What every operation needs: the store, the targets and their mPaaS clients, the people, the sources of ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.content import RequestId
from bot.domain.limits import LIMITS, Limits
from bot.domain.request import BroadcastRequest, Step, request_id_from
from bot.domain.target import Target
from bot.errors import Conflict, Problem, Refused
from bot.mpaas.client import PushClient
from bot.operations.pace import Pace
from bot.operations.people import Directory
from bot.store.store import RequestStore

TRIES = 3
"""How often a decision is made again after somebody else committed first."""


@dataclass(frozen=True)
class Context:
    """Hold the parts; ``bot.wiring`` makes it, once per process."""

    store: RequestStore
    targets: Mapping[str, Target]
    team_id: str
    zone: ZoneInfo
    """The configured one, for what concerns nobody's own."""
    clients: Mapping[str, PushClient]
    """For sending: patient, one per target."""
    quick_clients: Mapping[str, PushClient]
    """For reads while somebody waits in Slack: they give up within Slack's 3 seconds."""
    directory: Directory
    random_bits: Callable[[int], int]
    """``secrets.randbits`` in production."""
    machine_now: Callable[[], datetime]
    """This machine's clock, only to be compared with the store's, mPaaS's and Slack's."""
    stopwatch: Callable[[], float]
    """Seconds that only go forward (``time.monotonic``)."""
    pause: Callable[[float], None]
    """Waits so many seconds (``time.sleep``)."""
    pace: Pace
    """How long to wait for what may never come."""
    limits: Limits = LIMITS
    """How much one person may do."""

    def mint(self) -> str:
        """Mint an id for a commit or an attempt: 128 random bits."""
        return f"{self.random_bits(128):032x}"

    def mint_request_id(self) -> RequestId:
        """Mint the id of a new request."""
        return request_id_from(self.random_bits(40))

    def target(self, name: str) -> Target:
        """Look up a target; raise Refused when the configuration has none of that name."""
        if name not in self.targets:
            raise Refused(Problem("target", "target_unknown", f"There is no target {name!r} in broadcast.toml."))
        return self.targets[name]

    def target_of(self, request: BroadcastRequest) -> Target:
        """Look up the target of a request."""
        return self.target(request.content.destination.target)


def change(
    context: Context, request_id: RequestId, decide: Callable[[BroadcastRequest], Step]
) -> tuple[BroadcastRequest, BroadcastRequest]:
    """Load the request, decide, commit; decide again when somebody committed first. Return it before and after."""
    for remaining in range(TRIES - 1, -1, -1):
        before = context.store.get(request_id)
        step = decide(before)
        try:
            return before, context.store.commit(step, commit_id=context.mint())
        except Conflict:
            if not remaining:
                raise
    raise AssertionError("unreachable: the last try returns or raises")
