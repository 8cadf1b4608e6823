"""That a card is refused is written down once, and taken back when it stands; whoever was faster knew more."""

from operations.bench import Bench

from bot.domain.states import State
from bot.domain.unposted import is_unposted
from bot.operations import unposted
from bot.playground.cast import ANA


def test_it_is_written_down_once_and_taken_back_once(bench: Bench) -> None:
    request = bench.submitted()
    for _ in range(2):
        unposted.card_refused(bench.context, bench.now(request), why="Slack refuses it.")
    assert is_unposted(bench.now(request))
    for _ in range(2):
        unposted.card_stands(bench.context, bench.now(request))
    events = [line.event for line in bench.store.history(request.id)]
    assert events == ["submit", "card_refused", "card_posted"]


def test_a_request_that_moved_on_meanwhile_is_left_as_it_is(bench: Bench) -> None:
    request = bench.submitted()
    bench.approve(request)
    unposted.card_refused(bench.context, request, why="Slack refuses it.")
    assert (bench.now(request).state, bench.now(request).waiting_for) == (State.APPROVED, "")


def test_a_request_that_waits_for_no_vote_is_not_marked(bench: Bench) -> None:
    request = bench.approved()
    unposted.card_refused(bench.context, request, why="Slack refuses it.")
    assert bench.now(request).version == request.version


def test_an_edit_begins_without_it(bench: Bench) -> None:
    request = bench.submitted()
    unposted.card_refused(bench.context, request, why="Slack refuses it.")
    revised = bench.revised(bench.now(request))
    assert (revised.waiting_for, revised.remark, revised.editor) == ("", None, ANA.id)
