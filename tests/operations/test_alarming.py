"""Whoever can write to the store, but does not have the key, gets nothing sent: every way round the seals, tried.

Nothing is replaced: the record is changed in the real store, the real worker wakes up, and mPaaS's own journal says
what arrived there.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import redis
from builders import SEALER
from operations.bench import DRAFT, Bench
from operations.tended import tend_all

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest
from bot.domain.seals import ALARM, Sealer
from bot.domain.states import LegState, State
from bot.errors import SealBroken
from bot.operations import auditing, deciding, settling
from bot.operations.tending import tend
from bot.playground.cast import ANA, BO, CHEN, TEAM
from bot.store.documents import dump
from bot.store.keys import Keys
from bot.store.store import RequestStore

KEYS = Keys()
OTHER = Sealer(b"the key of somebody else")


class Burglar:
    """Somebody who can do anything to the store, and does not have the key."""

    def __init__(self, client: redis.Redis, bench: Bench) -> None:
        self.client, self.bench = client, bench

    def fields(self, request: BroadcastRequest) -> dict[str, str]:
        return {str(name): str(value) for name, value in self.client.hgetall(KEYS.request(request.id)).items()}

    def document(self, request: BroadcastRequest) -> dict[str, Any]:
        return dict(json.loads(self.fields(request)["document"]))

    def write(self, request: BroadcastRequest, document: object, **fields: str | int) -> None:
        text = document if isinstance(document, str) else json.dumps(document)
        self.client.hset(KEYS.request(request.id), mapping={"document": text, **fields})

    def restore(self, request: BroadcastRequest, fields: dict[str, str], *, due: bool = True) -> None:
        """Put a record back as it was, and have it looked at."""
        self.client.delete(KEYS.request(request.id))
        self.client.hset(KEYS.request(request.id), mapping=fields)
        if due:
            self.client.zadd(KEYS.due, {request.id: 0})

    def waking(self, request: BroadcastRequest) -> None:
        """Let the worker find it, as often as there is something to do."""
        worker = self.bench.worker()
        for _ in range(6):
            self.client.zadd(KEYS.due, {request.id: 0})
            worker.turn()


@pytest.fixture
def burglar(redis_client: redis.Redis, bench: Bench) -> Burglar:
    return Burglar(redis_client, bench)


def leaves(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Name every place in a document that holds no further document; empty ones count."""
    parts: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    if not parts:
        yield place
    for name, part in parts:
        yield from leaves(part, (*place, name))


def changed(document: dict[str, Any], place: tuple[Any, ...], value: object) -> dict[str, Any]:
    """Give the document with another value at one place."""
    copy: Any = json.loads(json.dumps(document))
    at = copy
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = value
    return dict(copy)


def others(value: object) -> list[object]:
    """Think of other values: plausible ones, and one of another type."""
    if isinstance(value, str):
        return [f"{value}x", "", None]
    if isinstance(value, bool):
        return [not value, None]
    if isinstance(value, int):
        return [value + 1, None]
    return ["x", 1] if value is None else [None, "x"]


def test_no_field_of_an_approved_request_can_be_changed(bench: Bench, burglar: Burglar) -> None:
    """Change every leaf of the document in turn, each in several ways, and let the worker find it."""
    request = bench.approved()
    sound, document = burglar.fields(request), burglar.document(request)
    tried = 0
    for place in leaves(document):
        at: Any = document
        for name in place:
            at = at[name]
        for value in others(at):
            burglar.restore(request, sound)
            burglar.write(request, changed(document, place, value))
            with pytest.raises(SealBroken):
                bench.store.get(request.id)
            assert bench.store.list_requests() == []
            with suppress(SealBroken):
                tend(bench.context, request.id)
            tried += 1
    assert tried > 100
    assert bench.pushes() == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("content", "values", "city"), "Bonn"),
        (("content", "template", "body"), "Everything is free at #city#"),
        (("content", "destination", "app_id"), "ONEXOTHER"),
        (("content", "platforms"), ["android", "ios", "harmonyos"]),
        (("requester",), BO.id),
        (("editor",), CHEN.id),
        (("digest",), "0" * 64),
        (("votes",), []),
        (("votes", 0, "approver"), CHEN.id),
        (("votes", 0, "seal"), ""),
        (("veto_until",), "2030-01-01T00:00:00Z"),
        (("epoch",), "other:life"),
        (("legs", 0, "msgkey"), "another-key"),
        (("legs", 0, "state"), "unknown"),
        (("legs", 1, "state"), "accepted"),
        (("head",), "0" * 64),
        (("revision",), 2),
        (("version",), 7),
        (("state",), "sending"),
        (("state",), "sent"),
        (("state",), "pending_approval"),
        (("id",), "AAAA-AAAA"),
        (("schema_number",), 99),
    ],
    ids=str,
)
def test_the_worker_sends_nothing_of_a_changed_record_and_sounds_the_alarm(
    bench: Bench, burglar: Burglar, place: tuple[Any, ...], value: object, caplog: pytest.LogCaptureFixture
) -> None:
    request = bench.approved()
    bench.announcer().turn()
    burglar.write(request, changed(burglar.document(request), place, value))
    with caplog.at_level(logging.ERROR):
        burglar.waking(request)
    assert bench.pushes() == []
    assert "seal_broken" in caplog.text
    bench.announcer(name="announcer-2").turn()
    card, *alarm = bench.posted()
    assert "ALARM" in card.text
    assert [message.text for message in alarm] == [f"ALARM: the stored record of request {request.id} was changed"]
    after = bench.store.record(request.id)
    assert after.complaint or (after.request and after.request.state in {State.HELD, State.WITHDRAWN})


def test_what_could_have_been_sent_is_held_and_what_was_found_is_kept(bench: Bench, burglar: Burglar) -> None:
    request = bench.approved()
    forged = changed(burglar.document(request), ("content", "values", "city"), "Bonn")
    burglar.write(request, forged)
    tended = tend(bench.context, request.id)
    assert (tended.event, tended.request.state) == (ALARM, State.HELD)
    assert tended.request.alarm == "Its seal is broken."
    assert {leg.state for leg in tended.request.legs} == {LegState.HELD}
    assert json.loads(burglar.fields(request)["found"]) == forged


def test_the_audit_goes_on_naming_a_record_that_was_changed_and_held(bench: Bench, burglar: Burglar) -> None:
    """The hold is sealed, and with it what was found: only its alarm still tells."""
    request = bench.approved()
    burglar.write(request, changed(burglar.document(request), ("content", "values", "city"), "Bonn"))
    tend(bench.context, request.id)
    named = [str(finding) for finding in auditing.verify(bench.store) if not finding.right]
    assert named == [
        f"request {request.id}: Its record was changed outside the bot, and still says what was found then."
    ]


def test_a_held_record_can_be_settled_or_withdrawn_and_keeps_its_alarm(bench: Bench, burglar: Burglar) -> None:
    for verb in ("settle", "withdraw"):
        request = bench.approved()
        burglar.write(request, changed(burglar.document(request), ("requester",), CHEN.id))
        tend(bench.context, request.id)
        if verb == "withdraw":
            after = deciding.withdraw(bench.context, request.id, BO.id, team_id=TEAM, why="Forged")
        else:
            for leg in request.legs:
                after = settling.settle_as_operator(bench.context, request.id, leg.platform, sent=False, operator="ops")
        assert after.state in {State.WITHDRAWN, State.FAILED}
        assert after.alarm
        burglar.waking(request)
    assert bench.pushes() == []


def test_a_request_that_waits_for_votes_ends_when_its_record_was_changed(bench: Bench, burglar: Burglar) -> None:
    request = bench.submitted()
    burglar.write(request, changed(burglar.document(request), ("requester",), CHEN.id))
    with pytest.raises(SealBroken, match="was changed outside the bot, so nothing can be done with it"):
        bench.approve(request)
    bench.worker().turn()  # the press had it looked at, long before its time
    after = bench.now(request)
    assert (after.state, after.remark.by if after.remark else "") == (State.WITHDRAWN, "worker")
    assert after.alarm


def test_an_unknown_outcome_stays_to_be_settled_when_its_record_was_changed(bench: Bench, burglar: Burglar) -> None:
    request = bench.commit(bench.approved(), state=State.OUTCOME_UNKNOWN)
    burglar.write(request, changed(burglar.document(request), ("requester",), CHEN.id))
    tended = tend(bench.context, request.id)
    assert (tended.event, tended.request.state) == (ALARM, State.OUTCOME_UNKNOWN)
    assert tended.request.alarm


def test_a_record_that_ended_is_left_as_it_was_found(bench: Bench, burglar: Burglar) -> None:
    request = tend_all(bench, bench.approved())
    forged = changed(burglar.document(request), ("votes", 0, "approver"), CHEN.id)
    burglar.write(request, forged)
    with pytest.raises(SealBroken):
        tend(bench.context, request.id)
    assert burglar.document(request) == forged


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '"x"', '{"schema_number": 1}'])
def test_a_record_that_cannot_be_read_at_all_sounds_the_alarm_too(bench: Bench, burglar: Burglar, text: str) -> None:
    request = bench.approved()
    bench.announcer().turn()
    burglar.write(request, text)
    burglar.waking(request)
    bench.announcer().turn()
    assert bench.pushes() == []
    card, alarm = bench.posted()
    assert card.text == alarm.text == f"ALARM: the stored record of request {request.id} was changed"


def test_a_broken_record_does_not_stop_the_others(bench: Bench, burglar: Burglar) -> None:
    broken, sound = bench.approved(), bench.approved()
    burglar.write(broken, "{")
    worker = bench.worker()
    for _ in range(4):
        worker.turn()
    assert bench.now(sound).state is State.SENT
    assert [one.id for one in bench.store.list_requests()] == [sound.id]
    assert {record.request_id for record in bench.store.records(tuple(State), limit=9)} == {broken.id, sound.id}


def test_a_record_without_a_seal_is_one_of_an_older_version_and_is_not_sent(bench: Bench, burglar: Burglar) -> None:
    request = bench.approved()
    burglar.client.hdel(KEYS.request(request.id), "seal")
    tended = tend(bench.context, request.id)
    assert tended.request.state is State.HELD
    assert "older version of the bot" in tended.request.alarm
    assert bench.pushes() == []


@pytest.mark.parametrize("fields", [{"version": 9}, {"version": "x"}, {"version": -1}, {"state": "sent"}], ids=str)
def test_what_stands_beside_the_document_must_agree_with_it(
    bench: Bench, burglar: Burglar, fields: dict[str, str | int]
) -> None:
    request = bench.approved()
    burglar.write(request, burglar.fields(request)["document"], **fields)
    burglar.waking(request)
    assert bench.pushes() == []
    assert bench.store.record(request.id).complaint or bench.now(request).state is State.HELD


def test_a_seal_made_with_another_key_is_none(bench: Bench, burglar: Burglar) -> None:
    request = bench.approved()
    text = dump(request.model_copy(update={"channel": "C0OTHER"}))
    burglar.write(request, text, seal=OTHER.document(request.id, text))
    burglar.waking(request)
    assert bench.pushes() == []
    assert bench.now(request).state is State.HELD


def test_two_sealed_records_cannot_be_swapped(bench: Bench, burglar: Burglar) -> None:
    one, two = bench.approved(), bench.approved(DRAFT.model_copy(update={"values": {"city": "Bonn", "time": "9:00"}}))
    fields = {request.id: burglar.fields(request) for request in (one, two)}
    burglar.restore(one, fields[two.id])
    burglar.restore(two, fields[one.id])
    burglar.waking(one)
    burglar.waking(two)
    assert bench.pushes() == []
    assert all(bench.store.record(request.id).complaint for request in (one, two))


# Votes -------------------------------------------------------------------------------------------------------------


def with_votes(bench: Bench, request: BroadcastRequest, *votes: dict[str, Any]) -> BroadcastRequest:
    """Store votes in a record that is sealed rightly: as if the record's seal did not exist."""
    made = tuple(request.votes[0].model_copy(update=vote) for vote in votes)
    return bench.commit(request, votes=made)


def is_held_for_a_vote(bench: Bench, request: BroadcastRequest) -> bool:
    held = tend(bench.context, request.id).request
    assert bench.pushes() == []
    return held.state is State.HELD and "does not carry the bot's seal" in held.alarm


@pytest.mark.parametrize(
    "change",
    [
        {"approver": CHEN.id},
        {"digest": "0" * 64},
        {"revision": 2},
        {"at": "2026-11-30T12:00:00Z"},
        {"seal": ""},
        {"seal": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_vote_that_was_changed_holds_the_request(bench: Bench, change: dict[str, Any]) -> None:
    request = bench.approved()
    vote = type(request.votes[0]).model_validate(request.votes[0].model_dump() | change)
    assert is_held_for_a_vote(bench, with_votes(bench, request, dict(vote)))


def test_a_vote_that_was_added_holds_the_request_though_there_are_enough_others(bench: Bench) -> None:
    request = bench.approved()
    assert is_held_for_a_vote(bench, with_votes(bench, request, {}, {"approver": CHEN.id}))


def test_a_vote_that_was_copied_from_another_request_holds_it(bench: Bench) -> None:
    other, request = bench.approved(), bench.approved()
    copied = {"seal": other.votes[0].seal, "at": other.votes[0].at}
    assert is_held_for_a_vote(bench, with_votes(bench, request, copied))


def test_a_vote_for_an_earlier_revision_counts_for_nothing(bench: Bench) -> None:
    context = bench.context_with(quorum=2)
    first = bench.approve(bench.submitted(context=context), context=context)
    edited = bench.revised(first)
    again = bench.approve(edited, context=bench.context_with(quorum=1))
    with_the_old = bench.commit(again, votes=(*again.votes, *first.votes), state=State.APPROVED)
    tended = tend(bench.context_with(quorum=2), with_the_old.id)
    assert (tended.request.state, bench.pushes()) == (State.CHANGES_REQUESTED, [])


# Putting back what was true once -----------------------------------------------------------------------------------


def test_a_stopped_request_cannot_be_put_back_to_approved(bench: Bench, burglar: Burglar) -> None:
    request = bench.approved()
    approved = burglar.fields(request)
    deciding.withdraw(bench.context, request.id, ANA.id, team_id=TEAM, why="Wrong city")
    burglar.restore(request, approved)
    assert bench.now(request) == request, "each seal is right: it was true once"
    burglar.waking(request)
    assert bench.pushes() == []
    held = bench.now(request)
    assert (held.state, held.alarm[:35]) == (State.HELD, "The audit trail knows a later versi")


def test_nor_when_the_line_of_the_stop_is_taken_out_of_the_history(bench: Bench, burglar: Burglar) -> None:
    request = bench.approved()
    approved = burglar.fields(request)
    deciding.withdraw(bench.context, request.id, ANA.id, team_id=TEAM, why="Wrong city")
    burglar.restore(request, approved)
    burglar.client.rpop(KEYS.history(request.id))
    burglar.waking(request)
    assert bench.pushes() == []
    assert bench.now(request).state is State.HELD


def test_nor_when_the_entry_of_the_stop_is_taken_out_of_the_trail_too(bench: Bench, burglar: Burglar) -> None:
    request = bench.approved()
    approved = burglar.fields(request)
    deciding.withdraw(bench.context, request.id, ANA.id, team_id=TEAM, why="Wrong city")
    entry = burglar.client.xrevrange(KEYS.audit, count=1)[0][0]  # type: ignore[index]
    bench.submitted()  # life goes on
    burglar.restore(request, approved)
    burglar.client.rpop(KEYS.history(request.id))
    burglar.client.xdel(KEYS.audit, entry)
    burglar.waking(request)
    assert bench.pushes() == []
    assert "The audit trail was changed" in bench.now(request).alarm


def test_a_sent_request_cannot_be_put_back_to_approved_and_sent_again(bench: Bench, burglar: Burglar) -> None:
    request = bench.approved()
    approved = burglar.fields(request)
    sent = tend_all(bench, request)
    before = len(bench.pushes())
    burglar.restore(request, approved)
    burglar.waking(request)
    assert len(bench.pushes()) == before == len(sent.legs)


def test_a_rejected_request_put_back_and_approved_by_people_is_not_sent(bench: Bench, burglar: Burglar) -> None:
    request = bench.submitted()
    waiting = burglar.fields(request)
    deciding.reject(bench.context, request.id, CHEN.id, team_id=TEAM, revision=1, digest=request.short_digest, why="No")
    burglar.restore(request, waiting, due=False)
    approved = bench.approve(request)
    burglar.waking(approved)
    assert bench.pushes() == []
    assert bench.now(request).state is State.HELD


@pytest.mark.parametrize("entry", ["", "x", "0-1", "99999999999999-0"])
def test_the_way_into_the_trail_cannot_be_bent(bench: Bench, burglar: Burglar, entry: str) -> None:
    request = bench.approved()
    burglar.client.hset(KEYS.request(request.id), "entry", entry)
    burglar.waking(request)
    expected = 2 if entry == "0-1" else 0  # from the very beginning is right too, only longer
    assert len(bench.pushes()) == expected
    assert bench.now(request).state is (State.SENT if expected else State.HELD)


def test_a_trail_that_is_gone_sends_nothing(bench: Bench, burglar: Burglar) -> None:
    request = bench.approved()
    burglar.client.delete(KEYS.audit)
    burglar.waking(request)
    assert bench.pushes() == []
    assert bench.now(request).state is State.HELD


def test_another_commit_between_look_and_claim_is_no_false_alarm(bench: Bench) -> None:
    """The trail knows a later version than the one that was looked at, because somebody stopped it at that moment."""
    request = bench.approved()
    stale = bench.now(request)
    deciding.withdraw(bench.context, request.id, ANA.id, team_id=TEAM, why="Wait")
    assert bench.store.trail_complaint(stale)
    assert tend(bench.context, request.id).request.alarm == ""


# While it is being sent --------------------------------------------------------------------------------------------


def test_what_was_changed_while_mpaas_was_called_is_overwritten_with_the_truth_and_held(
    bench: Bench, burglar: Burglar
) -> None:
    request = bench.approved()

    class Slow:
        """Lets the burglar in between the call and its report."""

        def __init__(self) -> None:
            self.clock = iter(range(100))

        def __call__(self) -> float:
            tick = next(self.clock)
            if tick == 1:  # after the claim, before the call
                burglar.write(request, changed(burglar.document(request), ("requester",), CHEN.id))
            return 0.0

    tended = tend(replace(bench.context, stopwatch=Slow()), request.id)
    assert tended.event == ALARM
    after = tend_all(bench, request)
    assert after.requester == ANA.id
    assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.HELD}
    assert len(bench.pushes()) == 1
    assert after.alarm


def test_the_store_of_a_bench_is_sealed_with_its_key(bench: Bench, store: RequestStore) -> None:
    request = bench.submitted()
    fields = store.record(RequestId(request.id))
    assert not fields.complaint
    assert SEALER.document_holds(request.id, fields.text, SEALER.document(request.id, fields.text))
