"""A seal holds for what was sealed, under its kind and its key, and for nothing else."""

import hmac
import json

import pytest
from builders import BO, CY, NOON, REQUEST_ID, SEALER, a_vote
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.content import RequestId
from bot.domain.request import Vote
from bot.domain.seals import Sealer

KEY = b"a key that nobody may ever read"
words = st.text(max_size=20)


def test_a_sealed_vote_holds() -> None:
    assert SEALER.vote_holds(REQUEST_ID, a_vote())


@pytest.mark.parametrize(
    "change", [{"approver": CY}, {"digest": "0" * 64}, {"revision": 2}, {"at": NOON}, {"seal": ""}, {"seal": "é"}]
)
def test_a_vote_of_which_anything_was_changed_does_not_hold(change: dict[str, object]) -> None:
    assert not SEALER.vote_holds(REQUEST_ID, a_vote().model_copy(update=change))


def test_a_vote_holds_for_its_own_request_alone() -> None:
    assert not SEALER.vote_holds(RequestId("AAAA-AAAA"), a_vote())


def test_a_vote_that_was_read_back_holds() -> None:
    assert SEALER.vote_holds(REQUEST_ID, Vote.model_validate_json(a_vote().model_dump_json()))


@given(text=words, other=words)
def test_a_document_holds_byte_for_byte(text: str, other: str) -> None:
    seal = SEALER.document(REQUEST_ID, text)
    assert SEALER.document_holds(REQUEST_ID, text, seal)
    assert SEALER.document_holds(REQUEST_ID, other, seal) is (other == text)
    assert not SEALER.document_holds(RequestId("AAAA-AAAA"), text, seal)


@given(kinds=st.tuples(words, words), parts=st.tuples(st.lists(words), st.lists(words)))
def test_seals_of_other_kinds_or_parts_are_other_seals(
    kinds: tuple[str, str], parts: tuple[list[str], list[str]]
) -> None:
    """Where one part ends and the next begins counts: ("ab", "c") is not ("a", "bc")."""
    same = kinds[0] == kinds[1] and parts[0] == parts[1]
    assert (SEALER.seal(kinds[0], *parts[0]) == SEALER.seal(kinds[1], *parts[1])) is same


def test_a_number_is_not_its_digits() -> None:
    assert SEALER.seal("x", 1) != SEALER.seal("x", "1")


def test_another_key_makes_other_seals() -> None:
    assert not Sealer(KEY).vote_holds(REQUEST_ID, a_vote())


def test_the_key_is_never_shown() -> None:
    assert KEY.decode() not in f"{Sealer(KEY)} {Sealer(KEY)!r} {[Sealer(KEY)]}"


def test_an_empty_key_seals_nothing() -> None:
    with pytest.raises(ValueError, match="empty key"):
        Sealer(b"")


def test_a_seal_is_what_it_was() -> None:
    """A seal must be the same in every version, or all that is stored is taken for a forgery."""
    vote = Vote(approver=BO, digest="d" * 64, revision=1, at=NOON)
    covered = f'{{"approver":"{BO}","at":"2026-11-30T12:00:00Z","digest":"{"d" * 64}","revision":1}}'
    text = json.dumps(["broadcast-bot/1 vote", REQUEST_ID, covered], separators=(",", ":"))
    assert Sealer(b"key").vote(REQUEST_ID, vote).seal == hmac.new(b"key", text.encode(), "sha256").hexdigest()
