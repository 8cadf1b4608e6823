"""Edit a request, and ask for another one like it."""

from desk import Desk, words

from bot.domain.request import BroadcastRequest
from bot.domain.states import State
from bot.playground.cast import ANA, BO, CHEN, DANA
from bot.playground.slack import payloads


def edited(desk: Desk, request: BroadcastRequest, expires: str = "2h") -> None:
    desk.presses(ANA, desk.card(request), "edit")
    desk.fills(ANA, "expires", expires)
    desk.submits(ANA)
    desk.submits(ANA)
    desk.clears(ANA)
    desk.announces()


def test_an_edit_opens_the_form_with_what_was_asked_for(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.presses(ANA, desk.card(request), "edit")
    assert desk.sees(ANA).title == "Edit broadcast"
    assert "#city# is back online" in desk.reads(ANA)
    assert "3 h" in str(desk.sees(ANA).state)


def test_an_edit_makes_a_new_revision_without_votes(desk: Desk) -> None:
    request = desk.asks(ANA, "pair")
    desk.approves(BO, request)
    edited(desk, request)
    after = desk.now(request)
    assert (after.revision, after.votes, after.state) == (2, (), "pending_approval")
    assert after.digest != request.digest
    assert after.content.expires == 7200
    assert f"Last edited by <@{ANA.id}>, who can't approve it either." in words(desk.card(request))
    assert "revision 2" in words(desk.card(request))


def test_the_editor_cannot_approve_what_they_edited(desk: Desk) -> None:
    request = desk.asks(ANA, "pair")
    by_bo = desk.commit(request, requester=DANA.id, editor=BO.id)
    desk.presses(BO, desk.card(by_bo), "approve")
    assert "You edited this push last, so somebody else has to decide." in desk.reads(BO)


def test_the_votes_for_an_older_revision_do_not_count_after_an_edit(desk: Desk) -> None:
    request = desk.asks(ANA, "pair")
    desk.approves(BO, request)
    edited(desk, request)
    desk.approves(CHEN, desk.now(request))
    assert desk.now(request).state == "pending_approval"
    desk.approves(BO, desk.now(request))
    assert desk.now(request).state == "approved"


def test_only_the_requester_edits(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.presses(DANA, desk.card(request), "edit")
    assert f"Only <@{ANA.id}> can edit this request." in desk.reads(DANA)


def test_what_was_decided_is_no_longer_edited(desk: Desk) -> None:
    request = desk.asks(ANA, "live")
    card = desk.card(request)
    desk.approves(BO, request)
    desk.presses(ANA, card, "edit")
    assert f"It was already approved by <@{BO.id}>." in desk.reads(ANA)


def test_an_edit_that_lost_against_an_approval_is_told_so(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.presses(ANA, desk.card(request), "edit")
    desk.fills(ANA, "expires", "2h")
    desk.submits(ANA)
    desk.approves(BO, request)
    desk.submits(ANA)
    assert f"It was already approved by <@{BO.id}>." in desk.reads(ANA)
    assert desk.now(request).revision == 1


def test_the_same_edit_twice_is_stored_once(desk: Desk) -> None:
    request = desk.asks(ANA)
    edited(desk, request)
    again = desk.deliver("interactive", desk.last_payload("view_submission"))
    assert "was already stored by an earlier press" in words(again)
    assert desk.now(request).revision == 2


def test_an_edit_submitted_by_somebody_else_is_refused(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.presses(ANA, desk.card(request), "edit")
    desk.fills(ANA, "expires", "2h")
    desk.submits(ANA)
    view = desk.sees(ANA)
    trigger = desk.slack.world.trigger(DANA.id, view=view.id)
    forged = payloads.submission(desk.slack.world.cast, DANA, view, trigger_id=trigger, response_urls=[])
    assert f"Only <@{ANA.id}> can edit this request." in words(desk.deliver("interactive", forged))


def test_another_request_like_this_is_a_request_of_its_own(desk: Desk) -> None:
    first = desk.asks(ANA)
    desk.approves(BO, first)
    desk.works(3)
    desk.presses(DANA, desk.card(first), "new_request_like_this")
    assert "#city# is back online" in desk.reads(DANA)
    desk.submits(DANA)
    desk.submits(DANA)
    second = desk.store.list_requests()[0]
    assert second.id != first.id
    assert second.digest != first.digest
    assert (second.requester, second.channel, second.revision) == (DANA.id, first.channel, 1)
    assert second.content == first.content


def test_a_time_that_has_passed_is_pointed_out_when_it_is_asked_for_again(desk: Desk) -> None:
    request = desk.asks(ANA, "test", more="--at 'in 2h'")
    delivery = request.content.delivery.model_copy(update={"at": request.created_at.replace(microsecond=0, year=2025)})
    rejected = desk.commit(
        request, state=State.REJECTED, content=request.content.model_copy(update={"delivery": delivery}), wake_at=None
    )
    desk.presses(ANA, desk.card(rejected), "new_request_like_this")
    assert "Please look at this first" in desk.reads(ANA)
    assert "2025" in desk.reads(ANA)


def test_who_may_not_ask_may_not_ask_for_the_like_either(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.approves(BO, request)
    desk.works(3)
    desk.presses(BO, desk.card(request), "new_request_like_this")
    assert "You are not listed as a requester of live." in desk.reads(BO)
