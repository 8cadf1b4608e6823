"""The network lies: every call of a whole push is dropped, cut, delayed and repeated, on both sides, one lie a push.

``python tests/crash/network.py`` tells every lie (many minutes, most of it waiting); ``--every N`` every Nth of them,
``--link`` and ``--deed`` some of them. It prints how many were told, and what they broke; status 1 when anything was.

The calls come from a push that is played with nobody lying. A push has its lies told while others are under way, as in
life; the laws are checked when all have come to rest.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from crash import laws
from crash.laws import Witness
from crash.lies import DEEDS, Case, Lies, Side, label
from crash.patient import GaveUp, Patient
from crash.relay import Call
from crash.relayed import FAST, RelayedStage

from bot.domain.content import RequestId

PATIENCE = 240.0
"""Seconds for a batch to come to rest, at most: a notice that is left is delivered again after 30 s, a lie about that
delivery makes it 60, each answer that Slack holds back stops the announcer for 10, and the machine may be busy."""

PACE = replace(FAST, reserved=8)
"""With many pushes at once a first post takes longer than in a theatre; one that is held must come while reserved."""

PUSHES_AT_ONCE = 40
LEASES = 25.0
"""Seconds by which the clock is moved when nothing seems to move: longer than a lease."""

SLOW = MappingProxyType({"a byte a second": "PushBroadcast", "two bytes a second": "EVALSHA claim"})
"""Lies that take long are told where time decides: of a push, whose whole time is bounded, and of a claim, after which
nothing is sent when it took too long."""

NOT_OF_A_PUSH = frozenset({"CLIENT", "PING", "SCRIPT", "CONFIG", "XGROUP", "apps.connections.open", "auth.test"})


@dataclass(frozen=True)
class Point:
    """One call of a whole push: when it is counted from, and whether it names the request."""

    phase: str
    link: str
    label: str
    nth: int
    names_it: bool


@dataclass
class Push:
    """One push under way, with the lie that is told about it."""

    case: Case | None
    point: Point | None
    id: RequestId | None = None
    approved: bool = False


@dataclass
class Report:
    """What a campaign did and found."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    untold: list[Case] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    pushes: int = 0
    executed: int = 0
    repeated: int = 0
    """Posts that the network itself repeated: see ``_is_the_networks_own``."""
    duplicates: int = 0
    losses: int = 0
    ids: dict[Case, RequestId] = field(default_factory=dict)
    acknowledged: list[laws.Acknowledged] = field(default_factory=list)
    ended: int = 0
    """Processes that ended by themselves and were started again, as their supervisor would."""


# The calls of a push -------------------------------------------------------------------------------------------------


def record(stage: RelayedStage) -> list[Point]:
    """Play one push with nobody lying, and list its calls."""
    patient = Patient(stage)
    before = _marks(stage)
    preview, request_id = patient.looks_at_a_preview()
    assert patient.submits(preview, request_id)
    card = stage.slack.wait_until(lambda: patient.card(request_id), timeout=20)
    assert card is not None
    asked, before = _since(stage, before), _marks(stage)
    assert patient.approves(request_id, card)
    come_to_rest(stage, [request_id])
    worked = _since(stage, before)
    points = _points("ask", asked, request_id, ("slack",)) + _points("approve", worked, request_id, ("slack",))
    return points + _points("work", asked + worked, request_id, ("worker>", "bot>mpaas"))


def _points(phase: str, calls: Iterable[Call], request_id: RequestId, links: tuple[str, ...]) -> list[Point]:
    counts: Counter[tuple[str, str, bool]] = Counter()
    found = []
    for call in calls:
        if call.link.startswith(links) and call.name not in NOT_OF_A_PUSH:
            names_it = phase == "work" and request_id.encode() in call.said
            key = (call.link, label(call), names_it)
            counts[key] += 1
            found.append(Point(phase, call.link, key[1], counts[key], names_it))
    # What does not name its request is asked again and again by loops: the first two of each kind stand for all.
    return [point for point in found if point.names_it or point.phase != "work" or point.nth <= 2]


def _marks(stage: RelayedStage) -> dict[str, int]:
    return {link: len(relay.calls) for link, relay in stage.relays.items()}


def _since(stage: RelayedStage, before: dict[str, int]) -> list[Call]:
    return [call for link, relay in stage.relays.items() for call in relay.calls[before[link] :]]


def cases(points: Iterable[Point]) -> Iterator[tuple[Point, Case]]:
    """Make every lie about every call."""
    sides: tuple[Side, ...] = ("request", "reply")
    for point in points:
        for side in sides:
            for deed in DEEDS[side]:
                if not point.label.startswith(SLOW.get(deed, "")):
                    continue
                yield point, Case(point.link, point.label, point.nth, side, deed)


# A campaign ----------------------------------------------------------------------------------------------------------


def play(
    stage: RelayedStage, chosen: Sequence[tuple[Point, Case]], *, at_once: int = PUSHES_AT_ONCE, say: bool = False
) -> Report:
    """Tell the lies, so many ``at_once``, and check the laws after each batch."""
    report = Report()
    for start in range(0, len(chosen), at_once):
        begun, before = time.monotonic(), len(report.broken)
        _batch(stage, chosen[start : start + at_once], report)
        if say:
            done = min(start + at_once, len(chosen))
            print(f"{done} of {len(chosen)} lies, {len(report.broken)} laws broken, {time.monotonic() - begun:.0f} s")  # noqa: T201
            print("".join(f"  {sentence}\n" for sentence in report.broken[before:]), end="")  # noqa: T201
    return report


def _batch(stage: RelayedStage, chosen: Sequence[tuple[Point, Case]], report: Report) -> None:
    lies, patient = Lies(), Patient(stage)
    witness = Witness(stage, lies)
    stage.lie(witness)
    stage.mpaas.journal.clear()
    pushes = [Push(case, point) for point, case in chosen]
    try:
        for push in pushes:
            _ask(push, patient, lies)
        _approve_all(stage, pushes, patient, lies)
    except GaveUp as error:
        report.broken.append(f"Somebody pressed again and again in vain: {error}")
    ids = [push.id for push in pushes if push.id is not None]
    come_to_rest(stage, ids)
    _write_down(stage, report, pushes, patient, lies, witness)


def _ask(push: Push, patient: Patient, lies: Lies) -> None:
    """Ask for a push until it is stored, with its lies armed: those of this phase, and those of the work after it."""
    _arm(push, "ask", lies)
    for _ in range(3):
        preview, request_id = patient.looks_at_a_preview()
        _arm(push, "work", lies, mark=request_id)
        if patient.submits(preview, request_id):
            push.id = request_id
            break
        _disarm(push, "work", lies)
    else:
        raise GaveUp(f"No request was stored with {push.case}.")
    _disarm(push, "ask", lies)


def _approve_all(stage: RelayedStage, pushes: list[Push], patient: Patient, lies: Lies) -> None:
    """Approve each as soon as its card is there."""
    until = time.monotonic() + PATIENCE
    while any(not push.approved for push in pushes) and time.monotonic() < until:
        seen = stage.slack.world.seq
        for push in pushes:
            card = patient.card(push.id) if push.id and not push.approved else None
            if card is not None and push.id is not None:
                _arm(push, "approve", lies)
                push.approved = patient.approves(push.id, card)
                _disarm(push, "approve", lies)
        supervise(stage)
        stage.slack.happenings(seen, wait=1.0)


def _arm(push: Push, phase: str, lies: Lies, *, mark: str = "") -> None:
    if push.case is not None and push.point is not None and push.point.phase == phase:
        lies.arm(push.case, mark=mark if push.point.names_it else "")


def _disarm(push: Push, phase: str, lies: Lies) -> None:
    if push.case is not None and push.point is not None and push.point.phase == phase:
        lies.disarm([push.case])


def come_to_rest(stage: RelayedStage, ids: Sequence[RequestId]) -> None:
    """Wait until every request has ended and everything about it was said; move the clock when nothing moves."""
    until, next_step = time.monotonic() + PATIENCE, time.monotonic() + 10.0
    while not _rests(stage, ids) and time.monotonic() < until:
        stage.slack.happenings(stage.slack.world.seq, wait=0.3)
        supervise(stage)
        if time.monotonic() > next_step:
            stage.advance(LEASES)
            next_step = time.monotonic() + 10.0


def supervise(stage: RelayedStage) -> None:
    """Start again what has ended, as whoever runs a Procfile does."""
    for process in stage.processes():
        if not process.alive:
            stage.revive(process.name)


def _rests(stage: RelayedStage, ids: Sequence[RequestId]) -> bool:
    resting = laws.SETTLED_STATES | laws.WAITS_FOR_PEOPLE
    with stage.store() as store:
        return not store.notices_waiting() and all(store.get(one).state in resting for one in ids)


def _write_down(
    stage: RelayedStage, report: Report, pushes: list[Push], patient: Patient, lies: Lies, witness: Witness
) -> None:
    ids = [push.id for push in pushes if push.id is not None]
    found = [*witness.broken, *laws.broken(stage, ids, patient.acknowledged)]
    found += [f"{push.id} was never approved, with {push.case}." for push in pushes if not push.approved]
    about = {str(push.id): push.case for push in pushes}
    with_case = [(sentence, _case_of(sentence, about)) for sentence in found]
    report.broken += [f"{one}  [{case}]" for one, case in with_case if not _is_the_networks_own(one, case)]
    report.repeated += sum(_is_the_networks_own(one, case) and "was posted" in one for one, case in with_case)
    told = Counter(lies.told)
    report.untold += [push.case for push in pushes if push.case is not None and not told[push.case]]
    report.tried.update((case.link, f"{case.side}: {case.deed}") for case in lies.told)
    counts = stage.mpaas.journal.executed_by_msgkey()
    report.pushes += len(ids)
    report.executed += sum(counts.values())
    report.duplicates += sum(count > 1 for count in counts.values())
    report.losses += sum("was told that it is done" in sentence or "is left" in sentence for sentence in found)
    report.ids |= {push.case: push.id for push in pushes if push.case is not None and push.id is not None}
    report.acknowledged += patient.acknowledged
    report.ended = sum(process.restarts for process in stage.processes())
    with stage.store() as store:
        report.ends.update(store.get(one).state.value for one in ids)


def _case_of(sentence: str, about: dict[str, Case | None]) -> Case | None:
    return next((case for request_id, case in about.items() if request_id in sentence), None)


def _is_the_networks_own(sentence: str, case: Case | None) -> bool:
    """Tell a second message that the network made by itself: Slack takes no id by which it would know a post again.

    TCP never does that, only something between that repeats whole requests. Nobody is misled: the second card's
    buttons carry the same digest, and the store decides.
    """
    if case is None or (case.side, case.deed[:5]) != ("request", "twice"):
        return False
    return case.label.startswith("chat.postMessage") and ("was posted 2 times" in sentence or "card shows" in sentence)


# By hand -------------------------------------------------------------------------------------------------------------


def told(report: Report) -> Iterator[str]:
    """Say what a campaign did, in lines."""
    for (link, deed), count in sorted(report.tried.items()):
        yield f"{count:6}  {link:13} {deed}"
    yield f"{sum(report.tried.values()):6}  lies told, {len(report.untold)} calls were not made again"
    yield f"{report.pushes:6}  pushes, {report.executed} calls executed by mPaaS, ends: {dict(report.ends)}"
    yield f"{report.ended:6}  processes ended by themselves and were started again"
    yield f"{report.repeated:6}  posts repeated by the network itself"
    yield f"{report.duplicates:6}  duplicates: a platform of a request executed more than once"
    yield f"{report.losses:6}  losses: acknowledged and not stored, or left without an end"
    yield f"{len(report.broken):6}  laws broken"
    yield from report.broken


def main(arguments: Sequence[str]) -> int:
    """Run a campaign as asked for, and print its report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="tell every Nth lie")
    parser.add_argument("--first", type=int, default=0, help="begin with this one")
    parser.add_argument("--last", type=int, default=None, help="end before this one")
    parser.add_argument("--link", default="", help="only of this link, as worker>store")
    parser.add_argument("--deed", default="", help="only this deed, as hold")
    parser.add_argument("--http", action="store_true", help="let Slack call the bot over HTTP, and lie about that too")
    chosen = parser.parse_args(arguments)
    slack = ("slack", "--http", "0") if chosen.http else ("slack",)
    with RelayedStage(processes=(slack, ("worker",)), veto="1s", pace=PACE) as stage:
        every = [
            (point, case)
            for point, case in cases(record(stage))
            if chosen.link in ("", case.link) and chosen.deed in ("", case.deed)
        ]
        report = play(stage, every[chosen.first : chosen.last : chosen.every], say=True)
    print("\n".join(told(report)))  # noqa: T201
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
