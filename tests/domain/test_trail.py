"""The chain over all history lines: what it is made of, and what breaks it."""

from collections.abc import Iterable
from datetime import timedelta
from functools import reduce

import pytest
from builders import NOON, REQUEST_ID, SEALER, a_line, a_request, a_step
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest
from bot.domain.seals import Sealer
from bot.domain.trail import Entry, Head, Standing, is_chain

OTHER = RequestId("AAAA-AAAA")


def a_chain(*names: RequestId) -> tuple[list[Entry], dict[RequestId, BroadcastRequest]]:
    """Make a line and its entry for each name, in this order; give the requests as they are then."""
    entries: list[Entry] = []
    requests: dict[RequestId, BroadcastRequest] = {}
    for place, name in enumerate(names):
        before = requests.get(name)
        step = a_step(before, version=before.version + 1) if before else a_step(id=name)
        head = entries[-1].head if entries else Head()
        entries.append(Entry.after(head, step.line, request_id=name, commit=f"c{place}", sealer=SEALER))
        requests[name] = step.request
    return entries, requests


def test_each_entry_seals_the_one_before() -> None:
    (first, second, third), _ = a_chain(REQUEST_ID, OTHER, REQUEST_ID)
    assert [entry.n for entry in (first, second, third)] == [1, 2, 3]
    assert (first.previous, second.previous, third.previous) == ("", first.mac, second.mac)
    assert is_chain([first, second, third], SEALER)
    assert is_chain([second, third], SEALER)


@given(st.permutations(range(5)), st.sets(st.integers(0, 4)))
def test_only_the_whole_order_is_a_chain(order: list[int], left_out: set[int]) -> None:
    entries, _ = a_chain(REQUEST_ID, OTHER, REQUEST_ID, OTHER, REQUEST_ID)
    some = [place for place in order if place not in left_out]
    consecutive = some == list(range(some[0], some[0] + len(some))) if some else True
    assert is_chain([entries[place] for place in some], SEALER) is consecutive


@pytest.mark.parametrize("name", list(vars(Entry(1, REQUEST_ID, 1, "c", "l", 1, "p", "m"))))
def test_an_entry_of_which_anything_was_changed_does_not_hold(name: str) -> None:
    (entry,), _ = a_chain(REQUEST_ID)
    value = getattr(entry, name)
    other = Entry(**(vars(entry) | {name: value + 1 if isinstance(value, int) else f"{value}x"}))
    assert entry.holds(SEALER)
    assert not other.holds(SEALER)
    assert not entry.holds(Sealer(b"another key"))


def test_an_entry_is_read_as_it_was_written() -> None:
    (entry,), _ = a_chain(REQUEST_ID)
    assert Entry.read(entry.written()) == entry
    assert entry.time == NOON


@pytest.mark.parametrize(
    "change", [{"n": "one"}, {"n": "01"}, {"version": ""}, {"at": " 1"}, {"more": "x"}, {"n": "1_0"}, {"n": "²"}]
)
def test_what_is_not_written_like_an_entry_is_none(change: dict[str, str]) -> None:
    (entry,), _ = a_chain(REQUEST_ID)
    assert Entry.read(entry.written() | change) is None
    assert Entry.read({}) is None


@pytest.mark.parametrize(("text", "head"), [("12:ab", Head(12, "ab")), (" 1:c ", Head(1, "c"))])
def test_a_head_is_read_as_it_was_posted(text: str, head: Head) -> None:
    assert Head.read(text) == head
    assert Head.read(str(head)) == head


@pytest.mark.parametrize("text", ["", ":", "12", "12:", ":ab", "x:ab", "-1:ab", "²:ab"])
def test_what_is_no_head_is_told_from_one(text: str) -> None:
    assert Head.read(text) is None


# A record against the trail ----------------------------------------------------------------------------------------


def complaint(entries: Iterable[Entry | None], request: BroadcastRequest) -> str:
    read = Standing(request.id).read_on(entries, SEALER)
    piece_by_piece = reduce(lambda known, entry: known.read_on([entry], SEALER), entries, Standing(request.id))
    assert piece_by_piece == read
    return read.complaint(version=request.version, line=request.head)


def test_the_newest_version_has_nothing_against_it() -> None:
    entries, requests = a_chain(REQUEST_ID, OTHER, REQUEST_ID, OTHER)
    assert complaint(entries, requests[REQUEST_ID]) == ""
    assert complaint(entries[1:], requests[OTHER]) == ""


def test_an_older_version_is_known_to_be_one() -> None:
    entries, requests = a_chain(REQUEST_ID, REQUEST_ID)
    (_, older) = a_chain(REQUEST_ID)
    assert "knows a later version" in complaint(entries, older[REQUEST_ID])
    assert requests[REQUEST_ID].version == 2


def test_a_version_that_came_out_of_another_is_not_known() -> None:
    entries, requests = a_chain(REQUEST_ID, REQUEST_ID)
    twin = requests[REQUEST_ID].model_copy(update={"head": "0" * 64})
    assert "does not know this version" in complaint(entries, twin)
    assert "does not know this version" in complaint(entries[1:], requests[REQUEST_ID])
    assert "does not know this version" in complaint([], a_request())


def test_a_link_of_another_request_that_is_missing_is_seen() -> None:
    entries, requests = a_chain(REQUEST_ID, OTHER, REQUEST_ID)
    assert "was changed" in complaint([entries[0], entries[2]], requests[REQUEST_ID])
    assert "was changed" in complaint([entries[0], None, entries[2]], requests[REQUEST_ID])


def test_a_line_of_history_names_the_one_before() -> None:
    first = a_step()
    second = a_step(first.request, version=2, line=a_line(version=2, at=NOON + timedelta(minutes=1)))
    assert (first.line.previous, second.line.previous) == ("", first.line.fingerprint)
    assert second.request.head == second.line.fingerprint
