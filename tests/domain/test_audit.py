"""Every sentence of the audit, from values alone; that no change of one line escapes is shown on a real store."""

from datetime import timedelta

import pytest
from builders import NOON, REQUEST_ID, SEALER, a_line, a_request, a_step
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audit import Audit, Finding, Kept
from bot.domain.request import BroadcastRequest
from bot.domain.trail import Entry, Head

MANY = 6


def a_history(count: int) -> tuple[BroadcastRequest, list[str], list[Entry]]:
    """Make a request of so many versions, its lines as they are stored, and its entries."""
    request, lines, entries = a_request(), list[str](), list[Entry]()
    for version in range(1, count + 1):
        line = a_line(version=version, at=NOON + timedelta(minutes=version))
        step = a_step(request, version=version, line=line)
        head = entries[-1].head if entries else Head()
        entries.append(Entry.after(head, step.line, request_id=REQUEST_ID, commit=f"c{version}", sealer=SEALER))
        lines.append(f"c{version} {step.line.written()}")
        request = step.request
    return request, lines, entries


REQUEST, LINES, ENTRIES = a_history(MANY)


def found(
    entries: list[Entry], lines: list[str], *, request: BroadcastRequest | None = REQUEST, posted: tuple[Head, ...] = ()
) -> list[Finding]:
    audit = Audit(SEALER, oldest=NOON - timedelta(days=1), posted=posted)
    said = [finding for entry in entries for finding in audit.link(entry)]
    said += audit.request(Kept(REQUEST_ID, request is not None, request, "", lines))
    *wrong, last = [*said, *audit.end()]
    assert last.right
    return wrong


places = st.integers(0, MANY - 1)


def test_a_whole_history_has_nothing_to_find() -> None:
    assert found(ENTRIES, LINES, posted=tuple(entry.head for entry in ENTRIES)) == []


@given(order=st.permutations(range(MANY)), left_out=st.sets(places))
def test_any_other_choice_or_order_of_lines_is_found(order: list[int], left_out: set[int]) -> None:
    some = [place for place in order if place not in left_out]
    assert bool(found(ENTRIES, [LINES[place] for place in some])) is (some != list(range(MANY)))


@given(order=st.permutations(range(MANY)), left_out=st.sets(places))
def test_any_other_choice_or_order_of_entries_is_found(order: list[int], left_out: set[int]) -> None:
    some = [place for place in order if place not in left_out]
    assert bool(found([ENTRIES[place] for place in some], LINES)) is (some != list(range(MANY)))


@given(data=st.data(), place=places)
def test_any_other_letter_in_a_line_is_found(data: st.DataObject, place: int) -> None:
    line = LINES[place]
    at = data.draw(st.integers(0, len(line) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda one: one != line[at]))
    assert found(ENTRIES, [*LINES[:place], line[:at] + letter + line[at + 1 :], *LINES[place + 1 :]])


@given(place=places)
def test_a_head_of_long_ago_is_found_in_the_trail_and_one_of_elsewhere_is_not(place: int) -> None:
    entry = ENTRIES[place]
    assert found(ENTRIES, LINES, posted=(entry.head, Head())) == []
    (finding,) = found(ENTRIES, LINES, posted=(Head(entry.n, "0" * 64),))
    assert (finding.entry, finding.says) == (entry.n, "The head that was posted in Slack is not in the trail.")


@pytest.mark.parametrize("version", range(1, MANY))
def test_a_record_that_was_put_back_with_its_history_is_found_by_the_trail(version: int) -> None:
    older, lines, _ = a_history(version)
    assert {finding.says for finding in found(ENTRIES, lines, request=older)} == {
        "The trail knows this line, and the history does not."
    }


def test_two_ways_that_the_trail_went_cannot_be_spliced() -> None:
    """A store was put back and went on: both ways are sealed rightly, and number alike."""
    _, _, short = a_history(MANY - 2)
    other = Entry.after(short[-1].head, a_line(version=9), request_id=REQUEST_ID, commit="x", sealer=SEALER)
    audit = Audit(SEALER, oldest=NOON)
    says = [finding.says for entry in (*short, other, ENTRIES[-1]) for finding in audit.link(entry)]
    assert says == ["It does not follow entry 5: entries were removed, put in or moved."]


def test_a_first_entry_that_follows_another_is_found() -> None:
    entry = Entry.after(Head(0, "ab"), a_line(), request_id=REQUEST_ID, commit="c", sealer=SEALER)
    assert [finding.says for finding in Audit(SEALER, oldest=NOON).link(entry)] == [
        "It is the first, and yet follows another."
    ]


def test_an_entry_that_cannot_be_read_is_named_by_the_one_before() -> None:
    audit = Audit(SEALER, oldest=NOON)
    assert [str(finding) for finding in audit.link(None)] == ["An entry after this one can't be read."]
    assert list(audit.link(ENTRIES[0])) == []
    assert [finding.entry for finding in audit.link(None)] == [1]


def test_a_version_that_is_known_twice_was_put_back() -> None:
    again = Entry.after(ENTRIES[-1].head, a_line(version=2), request_id=REQUEST_ID, commit="c", sealer=SEALER)
    assert "The trail knows this version twice: an older record was put back." in [
        finding.says for finding in found([*ENTRIES, again], LINES)
    ]


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (Finding("Gone.", entry=3, request="7K3M-Q2XD", version=2), "entry 3, request 7K3M-Q2XD, version 2: Gone."),
        (Finding("Gone.", request="7K3M-Q2XD"), "request 7K3M-Q2XD: Gone."),
        (Finding("Gone."), "Gone."),
    ],
)
def test_a_finding_says_of_what_it_is(finding: Finding, said: str) -> None:
    assert str(finding) == said
