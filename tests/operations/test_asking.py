"""Ask for a push: what was previewed is what is submitted, once, by somebody who may."""

from dataclasses import replace

import pytest
from operations.bench import DRAFT, LIVE, Bench

from bot.domain.states import State
from bot.errors import IllegalTransition, Refused
from bot.mpaas.payload import parameters_of
from bot.operations import asking, deciding
from bot.playground.cast import ANA, BO, DANA, GENERAL, MARKETING, OLGA, TEAM
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.templates import DEFAULT_TEMPLATES


def refusal_of_asking(bench: Bench, user: str, *, team_id: str = TEAM) -> str:
    """Give the code with which somebody is refused as a requester."""
    person = asking.requester(bench.context, user, team_id=team_id)
    with pytest.raises(Refused) as refused:
        asking.targets_for(bench.context, person)
    return refused.value.code


def edit_outage(bench: Bench) -> None:
    outage = next(template for template in DEFAULT_TEMPLATES if template.name == "outage")
    bench.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, replace(outage, title="Other"))


def test_a_person_is_offered_only_the_targets_they_may_ask_for(bench: Bench) -> None:
    context = bench.context_with("live", "test", requesters=[MARKETING.id])
    dana = asking.requester(context, DANA.id, team_id=TEAM)
    assert [target.name for target in asking.targets_for(context, dana)] == ["live"]
    ana = asking.requester(context, ANA.id, team_id=TEAM)
    assert [target.name for target in asking.targets_for(context, ana)] == ["live", "test"]


@pytest.mark.parametrize(
    ("user", "team_id", "code"),
    [(BO.id, TEAM, "not_requester"), (OLGA.id, "T0987654321", "other_team"), ("U05GUS", TEAM, "guest")],
)
def test_somebody_who_may_ask_for_nothing_is_told_why(bench: Bench, user: str, team_id: str, code: str) -> None:
    assert refusal_of_asking(bench, user, team_id=team_id) == code


def test_the_names_of_templates_come_sorted_from_mpaas(bench: Bench) -> None:
    names = asking.template_names(bench.context, "live")
    assert names == sorted(template.name for template in DEFAULT_TEMPLATES)


def test_templates_that_mpaas_does_not_show_are_a_refusal_and_not_an_empty_list(bench: Bench) -> None:
    bench.mpaas.misbehave(Misbehaviour(kind="rubbish", times=None))
    with pytest.raises(Refused, match="mPaaS did not show its templates"):
        asking.template_names(bench.context, "live")
    with pytest.raises(Refused, match="mPaaS did not show its templates"):
        asking.template(bench.context, "live", "outage")


@pytest.mark.parametrize(("target", "name"), [("live", ""), ("moon", "outage"), ("live", "no_such_template")])
def test_a_template_that_is_not_there_is_none(bench: Bench, target: str, name: str) -> None:
    assert asking.template(bench.context, target, name) is None


def test_a_submitted_request_is_stored_as_it_was_previewed(bench: Bench) -> None:
    request = bench.submitted()
    assert bench.now(request) == request
    assert (request.state, request.requester, request.channel) == (State.PENDING_APPROVAL, ANA.id, GENERAL.id)
    assert bench.store.history(request.id)[0].detail == request.digest
    assert parameters_of(request, request.legs[0])["TemplateKeyValue"] == '{"city":"Berlin","time":"18:00"}'


def test_the_digest_is_another_for_every_request_even_of_the_same_content(bench: Bench) -> None:
    assert bench.submitted().digest != bench.submitted().digest


def test_a_second_submit_of_the_same_form_is_told_that_it_was_submitted(bench: Bench) -> None:
    request = bench.submitted()
    person = asking.requester(bench.context, ANA.id, team_id=TEAM)
    with pytest.raises(Refused, match=f"already submitted, as request {request.id}") as refused:
        asking.submit(
            bench.context,
            DRAFT,
            request_id=request.id,
            person=person,
            channel=GENERAL.id,
            seen_digest=request.digest,
        )
    assert refused.value.code == "already_submitted"
    assert bench.now(request) == request


def test_a_template_that_changed_since_the_preview_is_shown_again_first(bench: Bench) -> None:
    with pytest.raises(Refused, match="The template changed since the preview"):
        bench.submitted(seen_digest="0" * 64)
    assert bench.store.list_requests() == []


def test_somebody_who_may_not_ask_cannot_submit_by_a_forged_form(bench: Bench) -> None:
    bo = asking.requester(bench.context, BO.id, team_id=TEAM)
    with pytest.raises(Refused, match="not listed as a requester"):
        bench.submitted(person=bo)


def test_a_draft_for_no_target_is_refused_before_anything_is_read(bench: Bench) -> None:
    person = asking.requester(bench.context, ANA.id, team_id=TEAM)
    draft = DRAFT.model_copy(update={"target": "moon"})
    with pytest.raises(Refused, match="no target 'moon'"):
        asking.submit(
            bench.context,
            draft,
            request_id=bench.context.mint_request_id(),
            person=person,
            channel=GENERAL.id,
            seen_digest="",
        )
    assert bench.mpaas.journal.entries() == []


# Edit --------------------------------------------------------------------------------------------------------------


BONN = DRAFT.model_copy(update={"values": {"city": "Bonn", "time": "18:00"}})


def test_an_edit_makes_a_new_revision_without_votes_and_with_other_names(bench: Bench) -> None:
    request = bench.submitted(context=bench.context_with(quorum=2))
    bench.approve(request, context=bench.context_with(quorum=2))
    edited = bench.revised(request, BONN)
    assert (edited.revision, edited.votes, edited.state) == (2, (), State.PENDING_APPROVAL)
    assert edited.digest != request.digest
    assert not {leg.msgkey for leg in edited.legs} & {leg.msgkey for leg in request.legs}


def test_the_same_edit_is_not_submitted_twice(bench: Bench) -> None:
    request = bench.submitted()
    bench.revised(request, BONN)
    with pytest.raises(Refused, match="This edit was already submitted") as refused:
        bench.revised(request, BONN)
    assert refused.value.code == "already_submitted"
    assert bench.now(request).revision == 2


def test_nobody_but_the_requester_edits_a_request(bench: Bench) -> None:
    request = bench.submitted()
    with pytest.raises(Refused, match=f"Only <@{ANA.id}> can edit"):
        bench.revised(request, BONN, by=BO.id)
    with pytest.raises(Refused, match=f"Only <@{ANA.id}> can edit"):
        asking.check_can_revise(bench.context, request, BO.id, team_id=TEAM)


def test_a_request_that_was_approved_cannot_be_edited_any_more(bench: Bench) -> None:
    request = bench.approved()
    with pytest.raises(IllegalTransition, match="already approved by <@U02BO>"):
        asking.check_can_revise(bench.context, request, ANA.id, team_id=TEAM)
    with pytest.raises(IllegalTransition):
        bench.revised(request, BONN)


def test_a_request_that_was_handed_back_can_be_edited_and_approved_again(bench: Bench) -> None:
    request = bench.submitted()
    deciding.ask_changes(
        bench.context, request.id, BO.id, team_id=TEAM, revision=1, digest=request.short_digest, why="Which city?"
    )
    asking.check_can_revise(bench.context, bench.now(request), ANA.id, team_id=TEAM)
    edited = bench.revised(request, BONN)
    assert edited.remark is None
    assert bench.approve(edited).state is State.APPROVED


def test_an_edit_after_the_template_changed_is_shown_again_first(bench: Bench) -> None:
    request = bench.submitted()
    draft = DRAFT
    seen = asking.prepare(
        bench.context,
        draft,
        template=asking.template(bench.context, "live", "outage"),
        request_id=request.id,
        revision=2,
        now=bench.store.now(),
    )
    edit_outage(bench)
    person = asking.requester(bench.context, ANA.id, team_id=TEAM)
    with pytest.raises(Refused, match="The template changed since the preview"):
        asking.revise(bench.context, draft, request_id=request.id, person=person, revision=2, seen_digest=seen.digest)
