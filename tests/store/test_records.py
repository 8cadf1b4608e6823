"""A stored record is what the bot wrote, or says what gives away that it is not."""

import pytest
from builders import REQUEST_ID, SEALER, a_line, a_request

from bot.domain.content import RequestId
from bot.errors import SealBroken, StoreUnfit
from bot.store.documents import dump
from bot.store.records import read_line, read_record

TEXT = dump(a_request())
SEAL = SEALER.document(REQUEST_ID, TEXT)


def test_what_was_sealed_is_sound() -> None:
    record = read_record(REQUEST_ID, [TEXT, SEAL, "1", "pending_approval"], sealer=SEALER)
    assert record.sound() == a_request()


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ((TEXT.replace("Berlin", "Bonn"), SEAL, "1", "pending_approval"), "Its seal is broken."),
        ((TEXT, "0" * 64, "1", "pending_approval"), "Its seal is broken."),
        ((TEXT, SEAL, "2", "pending_approval"), "Its version or state is not the one that was sealed."),
        ((TEXT, SEAL, "²", "pending_approval"), "Its version or state is not the one that was sealed."),
        ((TEXT, SEAL, None, "pending_approval"), "Its version or state is not the one that was sealed."),
        ((TEXT, SEAL, "1", "approved"), "Its version or state is not the one that was sealed."),
        ((TEXT, None, "1", "pending_approval"), "It carries no seal"),
        ((None, SEAL, "1", "pending_approval"), "Its seal is broken."),
        (("{", SEAL, "1", "pending_approval"), "Its seal is broken."),
    ],
)
def test_what_was_changed_is_read_and_complained_of(fields: tuple[str | None, ...], complaint: str) -> None:
    record = read_record(REQUEST_ID, fields, sealer=SEALER)
    assert record.complaint.startswith(complaint)
    with pytest.raises(SealBroken, match=f"request {REQUEST_ID} was changed outside the bot") as broken:
        record.sound()
    assert (broken.value.request_id, broken.value.why) == (REQUEST_ID, record.complaint)


def test_the_record_of_another_request_is_not_read_as_this_ones() -> None:
    record = read_record(RequestId("AAAA-AAAA"), [TEXT, SEAL, "1", "pending_approval"], sealer=SEALER)
    assert (record.request, record.complaint) == (None, "Its seal is broken.")


def test_what_a_newer_version_wrote_and_sealed_is_not_taken_for_a_forgery() -> None:
    newer = '{"schema_number": 99}'
    fields = [newer, SEALER.document(REQUEST_ID, newer), "1", "pending_approval"]
    record = read_record(REQUEST_ID, fields, sealer=SEALER)
    assert record.complaint == ""
    with pytest.raises(StoreUnfit, match="update this process"):
        record.sound()


def test_a_line_is_read_behind_its_commit_id() -> None:
    assert read_line(f"c1 {a_line().written()}") == a_line()
    with pytest.raises(StoreUnfit, match="changed by hand"):
        read_line("c1 {}")
