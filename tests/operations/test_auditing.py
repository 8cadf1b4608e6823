"""`audit verify` finds every change of one line, wherever it is; `audit export` leaves nothing out.

Exhaustive over the positions of a small store: each line and each entry is changed, taken out, doubled, and moved.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import redis
from builders import ANA, BO, NOON, SEALER, a_line, a_step, a_vote

from bot.domain.audit import Finding
from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest, hash_of
from bot.domain.seals import Sealer
from bot.domain.states import State
from bot.domain.trail import Entry, Head
from bot.operations import auditing
from bot.store.documents import dump
from bot.store.keys import KEEP_SECONDS, Keys
from bot.store.store import RequestStore
from bot.store.trail import Kept

KEYS = Keys()
IDS = tuple(RequestId(f"AAAA-000{number}") for number in range(3))
VERSIONS = 3


@pytest.fixture
def kept(store: RequestStore) -> dict[RequestId, BroadcastRequest]:
    """Keep three requests of three versions each, whose commits came in turns."""
    requests: dict[RequestId, BroadcastRequest] = {}
    for version in range(1, VERSIONS + 1):
        for name in IDS:
            detail = f"line {version} of {name}"
            line = a_line(version=version, at=store.now(), event="step", detail=detail, actor=BO)
            before = requests.get(name)
            state = State.APPROVED if version == VERSIONS else State.PENDING_APPROVAL
            votes = (a_vote(of=name),)
            changes = {"id": name, "version": version, "state": state, "votes": votes}
            step = a_step(before, line=line, **changes) if before else a_step(line=line, **changes)
            requests[name] = store.commit(step, commit_id=f"{version:032x}")
    return requests


def wrong(store: RequestStore, *posted: Head) -> list[Finding]:
    *found, last = auditing.verify(store, posted=posted)
    assert last.right
    return found


Lines = list[str]
Change = Callable[[Lines], Lines]


def changes(count: int) -> Iterator[tuple[str, Change]]:
    """Think of everything that can be done to one line of so many: each changes the list."""
    for place in range(count):
        yield f"remove {place}", lambda lines, at=place: lines[:at] + lines[at + 1 :]  # type: ignore[misc]
        for other in range(count):
            yield (
                f"copy {other} to {place}",
                lambda lines, at=place, of=other: [  # type: ignore[misc]
                    *lines[:at],
                    lines[of],
                    *lines[at:],
                ],
            )
            if other != place:
                yield f"move {other} to {place}", lambda lines, at=place, of=other: _moved(lines, of, at)  # type: ignore[misc]
                yield (
                    f"overwrite {place} by {other}",
                    lambda lines, at=place, of=other: [  # type: ignore[misc]
                        *lines[:at],
                        lines[of],
                        *lines[at + 1 :],
                    ],
                )


def _moved(lines: Lines, of: int, to: int) -> Lines:
    rest = lines[:of] + lines[of + 1 :]
    return [*rest[:to], lines[of], *rest[to:]]


def edits(line: str) -> Iterator[str]:
    """Think of small edits of one stored line, in every part of it: its commit id, each field, its spelling."""
    commit, _, text = line.partition(" ")
    yield f"{commit}0 {text}"
    yield f"{commit} {text} "
    yield f"{commit} {json.dumps(json.loads(text))}"
    yield text
    yield commit
    yield ""
    for name, value in json.loads(text).items():
        other = value + 1 if isinstance(value, int) else f"{value}x"
        yield f"{commit} {json.dumps(json.loads(text) | {name: other}, sort_keys=True, separators=(',', ':'))}"
    yield f"{commit} {json.dumps(json.loads(text) | {'at': '2020-01-01T00:00:00Z'}, sort_keys=True)}"


def test_nothing_is_found_where_nothing_was_changed(
    store: RequestStore, kept: dict[RequestId, BroadcastRequest]
) -> None:
    assert wrong(store, store.trail_head()) == []
    (last,) = auditing.verify(store)
    assert str(last) == "9 entries of 3 requests were checked."
    assert len(kept) == 3


def test_an_empty_store_has_nothing_to_find(store: RequestStore) -> None:
    assert wrong(store) == []


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("name", IDS)
def test_every_change_to_one_line_of_a_history_is_found(
    store: RequestStore, redis_client: redis.Redis, name: RequestId
) -> None:
    key = KEYS.history(name)
    lines = [str(line) for line in redis_client.lrange(key, 0, -1)]
    tried = 0

    def found(changed: Lines) -> list[Finding]:
        redis_client.delete(key)
        if changed:
            redis_client.rpush(key, *changed)
        return wrong(store)

    for what, change in changes(len(lines)):
        if change(lines) != lines:
            assert [finding for finding in found(change(lines)) if finding.request == name], what
            tried += 1
    for place, line in enumerate(lines):
        for edit in edits(line):
            assert [one for one in found([*lines[:place], edit, *lines[place + 1 :]]) if one.request == name], edit
            tried += 1
    assert found([])
    assert tried > 60
    assert found(lines) == []


@pytest.mark.usefixtures("kept")
def test_every_change_to_one_entry_of_the_trail_is_found(store: RequestStore, redis_client: redis.Redis) -> None:
    entries = [(str(place), dict(fields)) for place, fields in redis_client.xrange(KEYS.audit)]  # type: ignore[union-attr, arg-type]
    texts = [json.dumps(fields) for _, fields in entries]
    tried = 0

    def found(changed: Lines) -> list[Finding]:
        redis_client.delete(KEYS.audit)
        both = redis_client.pipeline()
        for number, text in enumerate(changed, start=1):
            both.xadd(KEYS.audit, json.loads(text), id=f"{number}-0")
        both.execute()
        return wrong(store)

    for what, change in changes(len(texts)):
        if change(texts) != texts:
            assert found(change(texts)), what
            tried += 1
    for place, text in enumerate(texts):
        fields = json.loads(text)
        for name, value in fields.items():
            for other in (f"{value}1", "1", "", "x"):
                if other != value:
                    edit = json.dumps(fields | {name: other})
                    assert found([*texts[:place], edit, *texts[place + 1 :]]), edit
                    tried += 1
    assert tried > 300
    assert found(texts) == []
    assert found([]), "a trail that is gone is found by the histories"


@pytest.mark.usefixtures("kept")
def test_an_entry_that_was_made_with_another_key_is_found(store: RequestStore, redis_client: redis.Redis) -> None:
    line = a_line(version=VERSIONS + 1)
    forged = Entry.after(store.trail_head(), line, request_id=IDS[0], commit="c", sealer=Sealer(b"another key"))
    redis_client.xadd(KEYS.audit, dict(forged.written()))
    redis_client.rpush(KEYS.history(IDS[0]), f"c {line.written()}")
    assert "Its seal is broken." in [finding.says for finding in wrong(store)]


@pytest.mark.parametrize("left", [1, 4, 8])
def test_a_trail_whose_end_was_cut_off_with_all_that_knew_of_it_is_found_by_the_posted_head(
    store: RequestStore, redis_client: redis.Redis, kept: dict[RequestId, BroadcastRequest], left: int
) -> None:
    """Put every request back to where the trail is cut: the store agrees with itself, and Slack does not."""
    posted = store.trail_head()
    places = [place for place, _ in store.trail_entries()]
    whole = {name: store.kept(name) for name in IDS}
    texts: dict[str, str] = {}
    for number, name in enumerate(IDS * VERSIONS):
        version = number // len(IDS) + 1
        if number < left:
            texts[name] = _document(kept[name], whole[name].lines, version)
    redis_client.xdel(KEYS.audit, *places[left:])
    for name in IDS:
        count = sum(1 for number, each in enumerate(IDS * VERSIONS) if each == name and number < left)
        if count == 0:
            redis_client.delete(KEYS.request(name), KEYS.history(name))
            continue
        redis_client.ltrim(KEYS.history(name), 0, count - 1)
        state = json.loads(texts[name])["state"]
        sealed = SEALER.document(name, texts[name])  # the burglar kept it from then
        redis_client.hset(
            KEYS.request(name),
            mapping={"document": texts[name], "seal": sealed, "version": count, "state": state},
        )
    assert wrong(store) == []
    (found,) = wrong(store, posted)
    assert str(found) == "entry 9: The head that was posted in Slack is not in the trail."
    store.remember_head("C1", posted, day="2026-11-30")
    assert wrong(store) == [found], "what the store remembers to have posted counts too"


def _document(request: BroadcastRequest, lines: tuple[str, ...], version: int) -> str:
    """Write a request as it was at a version."""
    state = State.APPROVED if version == VERSIONS else State.PENDING_APPROVAL
    head = hash_of(lines[version - 1].partition(" ")[2])
    return dump(request.model_copy(update={"version": version, "state": state, "head": head}))


@pytest.mark.usefixtures("kept")
def test_a_head_that_was_never_there_is_not_found(store: RequestStore) -> None:
    head = store.trail_head()
    for other in (Head(head.n, "0" * 64), Head(head.n + 1, head.mac), Head(2, head.mac)):
        assert [finding.entry for finding in wrong(store, other)] == [other.n]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("field", ["document", "seal", "version", "state"])
def test_every_change_of_a_record_is_found(store: RequestStore, redis_client: redis.Redis, field: str) -> None:
    for name in IDS:
        before = str(redis_client.hget(KEYS.request(name), field))
        for other in (f"{before}x", "", before.replace("1", "7") if "1" in before else "9"):
            redis_client.hset(KEYS.request(name), field, other)
            assert [finding.request for finding in wrong(store)] == [name], (field, other)
        redis_client.hset(KEYS.request(name), field, before)
    assert wrong(store) == []


@pytest.mark.usefixtures("kept")
def test_a_record_that_is_gone_is_found_with_or_without_its_history(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    redis_client.delete(KEYS.request(IDS[0]))
    assert "Its record is gone." in [finding.says for finding in wrong(store)]
    redis_client.delete(KEYS.history(IDS[0]))
    assert {finding.request for finding in wrong(store)} == {IDS[0]}


@pytest.mark.usefixtures("kept")
def test_a_request_that_the_trail_does_not_know_is_found(store: RequestStore, redis_client: redis.Redis) -> None:
    stranger = RequestId("BBBB-0001")
    for kind in (KEYS.request, KEYS.history):
        redis_client.copy(kind(IDS[0]), kind(stranger))
    assert {finding.request for finding in wrong(store)} == {stranger}


def test_a_forged_vote_and_a_record_that_names_another_line_are_found(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    """Write what only a mistake of the bot's own could write: a record that is sealed rightly."""
    request = store.commit(a_step(votes=(a_vote(),)), commit_id="c1")
    forged = (a_vote().model_copy(update={"seal": ""}),)
    text = dump(request.model_copy(update={"votes": forged, "head": "0" * 64}))
    sealed = {"document": text, "seal": SEALER.document(request.id, text)}
    redis_client.hset(KEYS.request(request.id), mapping=sealed)
    assert [finding.says for finding in wrong(store)] == [
        "Its record does not name this line as the newest.",
        f"The vote of {BO} does not carry the bot's seal.",
    ]


@pytest.mark.usefixtures("kept")
def test_what_is_committed_while_it_looks_is_no_finding(redis_client: redis.Redis, store: RequestStore) -> None:
    """A store that goes on whenever somebody reads a request of it."""

    class Busy(RequestStore):
        def kept(self, request_id: RequestId, *, after: str = "-") -> Kept:
            new = RequestId(f"CCCC-{len(store.request_ids()):04}")
            if len(store.request_ids()) < 9:
                store.commit(a_step(id=new), commit_id="c1")
                store.commit(a_step(store.get(IDS[2]), version=store.get(IDS[2]).version + 1), commit_id="cx")
            return super().kept(request_id, after=after)

    assert wrong(Busy(redis_client, sealer=SEALER)) == []
    assert len(store.request_ids()) == 9


# Old things are thrown away ----------------------------------------------------------------------------------------


def aged(store: RequestStore, redis_client: redis.Redis, *ages: timedelta) -> None:
    """Keep requests of one line each, which were written so long ago."""
    for number, age in enumerate(ages):
        line = a_line(at=store.now() - age)
        store.commit(a_step(id=f"DDDD-{number:04}", line=line), commit_id="c1")
    assert redis_client.xlen(KEYS.audit) == len(ages)


KEEP, DAY = timedelta(seconds=KEEP_SECONDS), timedelta(days=1)


def test_a_trail_whose_beginning_is_old_may_begin_late_and_a_record_may_be_gone(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    aged(store, redis_client, KEEP + 3 * DAY, KEEP + 2 * DAY, KEEP + DAY, DAY)
    places = [place for place, _ in store.trail_entries()]
    redis_client.xdel(KEYS.audit, *places[:2])
    for number in range(2):
        redis_client.delete(KEYS.request(RequestId(f"DDDD-{number:04}")), KEYS.history(RequestId(f"DDDD-{number:04}")))
    assert wrong(store) == []
    redis_client.delete(KEYS.request(RequestId("DDDD-0002")), KEYS.history(RequestId("DDDD-0002")))
    assert wrong(store) == []
    assert wrong(store, Head(1, "long gone")) == []


def test_a_request_that_is_open_for_years_may_have_lines_that_the_trail_forgot(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    aged(store, redis_client, KEEP + 3 * DAY, KEEP + DAY, DAY)
    redis_client.xdel(KEYS.audit, *[place for place, _ in store.trail_entries()][:1])
    assert wrong(store) == []


def test_a_young_trail_that_begins_late_was_cut(store: RequestStore, redis_client: redis.Redis) -> None:
    aged(store, redis_client, KEEP + 3 * DAY, KEEP - DAY, DAY)
    redis_client.xdel(KEYS.audit, *[place for place, _ in store.trail_entries()][:1])
    assert "The trail begins here, though what came before is not old enough to be gone." in [
        finding.says for finding in wrong(store)
    ]


# Export ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("kept")
def test_every_line_is_exported_in_order_with_what_chains_it(store: RequestStore) -> None:
    rows = [json.loads(line) for line in auditing.as_json_lines(auditing.rows(store))]
    assert [(row["request"], row["version"]) for row in rows] == [(name, n) for name in IDS for n in (1, 2, 3)]
    assert [row["entry"] for row in rows] == [1, 4, 7, 2, 5, 8, 3, 6, 9]
    assert rows[1]["previous"] == rows[0]["hash"]
    assert rows[-1]["seal"] == store.trail_head().mac
    assert set(rows[0]) == set(auditing.COLUMNS)
    assert rows == [json.loads(line) for line in auditing.as_json_lines(auditing.rows(store))]


@pytest.mark.usefixtures("kept")
def test_one_request_or_the_time_from_a_day_on_can_be_exported(store: RequestStore) -> None:
    assert {row["request"] for row in auditing.rows(store, only=IDS[1])} == {IDS[1]}
    assert len(list(auditing.rows(store, since=NOON - timedelta(days=3650)))) == 9
    assert list(auditing.rows(store, since=store.now() + timedelta(days=1))) == []


@pytest.mark.usefixtures("kept")
def test_a_line_that_cannot_be_read_is_exported_as_it_is(store: RequestStore, redis_client: redis.Redis) -> None:
    redis_client.lset(KEYS.history(IDS[0]), 1, "c9 rubbish")
    (row,) = auditing.rows(store, only=IDS[0], since=store.now() + timedelta(days=1))
    assert (row["event"], row["detail"], row["entry"], row["seal"]) == ("unreadable", "rubbish", "", "")


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", 'say "no", twice', "two\nlines", "ordinary", "")  # noqa: RUF001 - a full-width sign


def test_the_csv_is_read_back_and_holds_no_formula(store: RequestStore) -> None:
    for number, detail in enumerate(HOSTILE):
        line = a_line(detail=detail, actor=ANA)
        store.commit(a_step(id=f"EEEE-{number:04}", line=line), commit_id="c1")
    text = "".join(auditing.as_csv(auditing.rows(store)))
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == list(auditing.COLUMNS)
    details = [row[header.index("detail")] for row in rows]
    assert [detail.removeprefix("'") for detail in details] == list(HOSTILE)
    assert [detail for detail in details if detail[:1] in {"=", "+", "-", "@", "\t", "\r", "\n", "＝"}] == []  # noqa: RUF001 - a full-width sign
    assert text.endswith("\r\n")
    assert text.count("\r\n") == len(HOSTILE) + 1
