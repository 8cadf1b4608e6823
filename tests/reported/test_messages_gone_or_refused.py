"""Messages that are gone, and places that take none: posted anew, told elsewhere, written down."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from loops.log_lines import logged
from loops.telling import announce, half_a_minute_later, reject, sent, text
from operations.bench import Bench
from reported.closed_places import much_later, request_told, uninvited

from bot.domain.states import State
from bot.operations import looking
from bot.playground.cast import ANA, APPROVALS, BO, BROADCASTS, CHEN, GENERAL, ONCALL, SECRET
from bot.store.store import RequestStore
from bot.views import messages


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


# A message that is gone --------------------------------------------------------------------------------------------


def test_a_deleted_card_is_posted_anew_and_calls_the_approvers(bench: Bench) -> None:
    """Somebody deleted the card in the approvals channel; the next revision has to be approved all the same."""
    request, card = request_told(bench)
    bench.slack.delete(ANA.id, card)
    bench.revised(request)
    announce(bench)
    (anew,) = bench.posted()
    assert "revision 2" in text(anew)
    assert f"<!subteam^{ONCALL.id}>" in text(anew)
    assert bench.store.posts(request.id)["card"].ts == anew.ts != card.ts
    assert bench.store.notices_waiting() == 0


def test_a_deleted_card_is_posted_anew_with_what_became_of_its_request(bench: Bench) -> None:
    """The card was deleted, and somebody rejected the request from the dialog that was open."""
    request, card = request_told(bench)
    bench.slack.delete(ANA.id, card)
    reject(bench, request)
    announce(bench)
    (anew,) = bench.posted()
    assert ": rejected" in anew.text


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_a_card_that_cannot_be_changed_any_more_is_replaced_once(bench: Bench, code: str) -> None:
    """The old message still stands, but Slack does not let it be changed: too old, or another installation's."""
    request, card = request_told(bench)
    bench.slack.fault("chat.update", "error", code=code)
    reject(bench, request)
    announce(bench)
    old, anew = bench.posted()
    assert (old.ts, bench.store.posts(request.id)["card"].ts) == (card.ts, anew.ts)
    assert ": rejected" in anew.text


def test_a_card_that_is_deleted_again_is_posted_again(bench: Bench) -> None:
    """Two people tidy up, one after the other."""
    request, card = request_told(bench)
    bench.slack.delete(ANA.id, card)
    revised = bench.revised(request)
    announce(bench)
    bench.slack.delete(ANA.id, bench.posted()[0])
    reject(bench, revised)
    announce(bench)
    (anew,) = bench.posted()
    assert ": rejected" in anew.text


@pytest.mark.parametrize("kind", ["reset_after", "reset_before", "http_500"])
def test_a_card_that_is_posted_anew_is_posted_once_though_the_answer_is_lost(
    bench: Bench, redis_client: redis.Redis, kind: Any
) -> None:
    """The connection breaks while the deleted card is posted anew."""
    request, card = request_told(bench)
    bench.slack.delete(ANA.id, card)
    reject(bench, request)
    bench.slack.fault("chat.postMessage", kind, channel=APPROVALS.id)
    bench.announcer().turn()
    half_a_minute_later(redis_client)
    announce(bench)
    (anew,) = bench.posted()
    assert ": rejected" in anew.text
    assert bench.store.posts(request.id)["card"].ts == anew.ts


def test_two_announcers_that_find_a_card_gone_post_one(bench: Bench) -> None:
    """Two processes redraw the same deleted card; the slower one comes when the new one stands already."""
    request, card = request_told(bench)
    bench.slack.delete(ANA.id, card)
    gone = bench.store.posts(request.id)["card"]
    bench.revised(request)
    announce(bench)
    (anew,) = bench.posted()
    assert not bench.store.reserve_post(request.id, f"card:{gone.ts}", by="slower", seconds=1), "it is the first one's"
    won = bench.store.remember_post(request.id, "card", channel=APPROVALS.id, ts="1.000001", gone=gone)
    assert won.ts == anew.ts, "and whoever comes later does not take its place"


# A place that takes nothing ----------------------------------------------------------------------------------------


@pytest.fixture
def archived(bench: Bench) -> Bench:
    """Archive the approvals channel."""
    bench.slack.archive(APPROVALS.id)
    return bench


def test_who_asks_is_told_when_the_card_cannot_be_posted(archived: Bench) -> None:
    """The approvals channel is archived: the requester waited for approvers who never heard of it."""
    request = archived.submitted()
    archived.announcer().turn()
    (told,) = archived.slack.direct(ANA.id)
    assert f"Nobody can approve request {request.id} yet" in told.text
    assert "is_archived" in told.text
    assert "Unarchive the channel" in text(told)
    assert "Withdraw" in text(told)


def test_the_approvers_are_told_where_nothing_is_shown_to_them(archived: Bench) -> None:
    """They are those who can have the channel mended; nobody else looks there."""
    request = archived.submitted()
    archived.announcer().turn()
    for approver in (BO, CHEN):
        (told,) = archived.slack.direct(approver.id)
        assert request.id in told.text
        assert f"<#{APPROVALS.id}>" in told.text
        assert "Withdraw" not in text(told)


def test_the_record_says_that_nobody_can_approve_it(archived: Bench) -> None:
    """The list, the Home tab and the details went on saying that it waits for approval."""
    request = archived.submitted()
    archived.announcer().turn()
    seen = looking.look(archived.context, request.id)
    assert seen.history[-1].event == "card_refused"
    assert seen.request.remark
    assert "is_archived" in seen.request.remark.why
    assert (seen.request.state, seen.request.wake_at) == (State.PENDING_APPROVAL, request.approve_by)
    shown = messages.listing(looking.open_requests(archived.context), now=archived.store.now())
    assert "its card can't be posted" in str(shown.blocks)
    (mine,) = looking.home_of(archived.context, ANA.id).mine
    assert mine.waiting_for == "card_refused"


def test_everybody_is_told_once_however_often_it_is_tried(archived: Bench, redis_client: redis.Redis) -> None:
    """It is tried again and again for a day."""
    request = archived.submitted()
    for _ in range(3):
        archived.announcer().turn()
        much_later(redis_client)
    assert [len(archived.slack.direct(each.id)) for each in (ANA, BO, CHEN)] == [1, 1, 1]
    assert [line.event for line in archived.store.history(request.id)] == ["submit", "card_refused"]


def test_the_card_appears_by_itself_when_the_channel_works_again(archived: Bench, redis_client: redis.Redis) -> None:
    """Somebody unarchives the channel; nobody has to ask again."""
    request = archived.submitted()
    archived.announcer().turn()
    archived.slack.archive(APPROVALS.id, archived=False)
    much_later(redis_client)
    announce(archived)
    (card,) = archived.posted()
    assert ": waiting for approval" in card.text
    assert "is_archived" not in text(card)
    assert f"<!subteam^{ONCALL.id}>" in str(archived.slack.journal("chat.postMessage")[-1].sent)
    stored = archived.now(request)
    assert (stored.waiting_for, stored.remark) == ("", None)
    assert archived.store.history(request.id)[-1].event == "card_posted"


def test_a_request_is_approved_as_usual_after_its_card_was_late(archived: Bench) -> None:
    """Nothing of the trouble stays on it."""
    request = archived.submitted()
    archived.announcer().turn()
    approved = archived.approve(archived.now(request))
    assert (approved.state, approved.waiting_for, approved.remark) == (State.APPROVED, "", None)


def test_a_new_revision_of_a_request_whose_card_is_refused_is_told_anew(archived: Bench) -> None:
    """The requester edits it meanwhile: it is another thing to approve, and as invisible as the first."""
    request = archived.submitted()
    archived.announcer().turn()
    archived.revised(archived.now(request))
    archived.announcer().turn()
    assert len(archived.slack.direct(ANA.id)) == 2
    assert archived.now(request).waiting_for == "card_refused"


@pytest.mark.parametrize("code", ["channel_not_found", "restricted_action", "invalid_blocks", "no_permission"])
def test_each_refusal_for_good_is_told_with_what_mends_it(bench: Bench, code: str) -> None:
    """The channel is gone, or private; posting is restricted; the message itself is not taken."""
    bench.slack.fault("chat.postMessage", "error", code=code, channel=APPROVALS.id)
    bench.submitted()
    bench.announcer().turn()
    (told,) = bench.slack.direct(ANA.id)
    assert f"({code})" in told.text


def test_another_channel_in_the_configuration_gets_the_card(bench: Bench) -> None:
    """The old channel was archived with the card in it, and whoever runs the bot names another one."""
    request, card = request_told(bench)
    bench.slack.archive(APPROVALS.id)
    context = bench.context_with(approvals_channel=BROADCASTS.id)
    reject(bench, request)
    announce(bench, bench.announcer(context))
    (anew,) = bench.posted(BROADCASTS.id)
    assert ": rejected" in anew.text
    assert bench.store.posts(request.id)["card"].ts == anew.ts != card.ts


def test_a_card_that_stands_in_an_archived_channel_is_as_good_as_none(bench: Bench) -> None:
    """The channel is archived after the card was posted there: nobody can press its buttons."""
    request, _ = request_told(bench)
    bench.slack.archive(APPROVALS.id)
    bench.revised(request)
    bench.announcer().turn()
    assert "is_inactive" in bench.slack.direct(ANA.id)[-1].text
    assert bench.now(request).waiting_for == "card_refused"


# Results -----------------------------------------------------------------------------------------------------------


def test_a_result_that_its_channel_does_not_take_is_told_where_people_approve(bench: Bench) -> None:
    """The push was asked for in a channel without the bot: its result was dropped after a day, and nobody heard it."""
    uninvited(bench, GENERAL.id)
    request = sent(bench, bench.approved())
    with logged() as lines:
        announce(bench)
    _, result = bench.posted()
    assert ": sent" in result.text
    assert f"belongs in <#{GENERAL.id}>" in text(result)
    assert "not_in_channel" in text(result)
    assert ": sent" in bench.slack.direct(ANA.id)[0].text
    assert bench.store.posts(request.id)["result:sent"].ts == result.ts
    assert (bench.store.notices_waiting(), len(lines.of("result_elsewhere"))) == (0, 1)


def test_a_result_of_a_push_asked_for_between_two_people_is_told_where_people_approve(bench: Bench) -> None:
    """The command was typed in a private conversation, which the bot can't even see."""
    sent(bench, bench.approve(bench.submitted(channel=SECRET.id)))
    announce(bench)
    assert [": sent" in message.text for message in bench.posted()] == [True, True]


def test_a_result_is_told_elsewhere_once_though_the_answer_is_lost(bench: Bench, redis_client: redis.Redis) -> None:
    """The connection breaks while the result is posted in the other channel."""
    uninvited(bench, GENERAL.id)
    request = sent(bench, bench.approved())
    bench.slack.fault("chat.postMessage", "reset_after", times=2, channel=APPROVALS.id)
    bench.announcer().turn()
    half_a_minute_later(redis_client)
    announce(bench)
    assert len(bench.posted()) == 2
    assert set(bench.store.posts(request.id)) == {"card", "result:sent", "direct:sent"}
