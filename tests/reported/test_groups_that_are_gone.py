"""User groups that Slack no longer has, and groups that it does not tell just now: each spoils itself alone."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import clock
import pytest
import redis
from builders import BO as VOTER
from builders import CY, TEAM, a_person, a_request, a_target
from desk import Desk, words
from hypothesis import given
from hypothesis import strategies as st
from operations.bench import Bench
from operations.tended import tend, tend_all

from bot import wiring
from bot.domain.gates import Answer, Facts, first_objection
from bot.domain.policy import Decision, may_decide, may_halt, may_request, may_take_back
from bot.domain.states import State
from bot.errors import Refused
from bot.health import examine
from bot.operations import deciding, halting, looking, retracting
from bot.operations.context import Context
from bot.operations.people import groups_needed
from bot.playground.cast import ANA, BO, CHEN, DANA, GUS, MARKETING, OLGA, ONCALL
from bot.store.keys import Keys
from bot.store.store import RequestStore

DEAD = "S99GONE"
SILENT = ("error", "http_500", "reset_before")


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


def asked(bench: Bench) -> list[str]:
    """List what Slack was asked about people, in order."""
    return [call.name for call in bench.slack.journal() if call.name in ("users.info", "usergroups.users.list")]


def refusal(bench: Bench, context: Context, user: str) -> Refused:
    with pytest.raises(Refused) as refused:
        halting.halt(context, user, team_id=TEAM, why="", lasting=None)
    assert bench.store.halted() is None
    return refused.value


# The rule: three answers for each group ----------------------------------------------------------------------------


def test_a_group_that_is_gone_holds_nobody_and_is_named_to_whoever_it_would_have_let_in() -> None:
    """The only group of the approvers was deleted, and people were told to try again for ever."""
    person = a_person(CY, groups_gone=frozenset({"S02ONCALL"}))
    decision = may_decide(person, a_request(), a_target(), team_id=TEAM)
    assert (decision.allowed, decision.code) == (False, "not_approver")
    assert "S02ONCALL" in decision.because
    assert "any more" in decision.because
    assert "Try again" not in decision.because


def test_a_group_that_is_not_told_just_now_spoils_nothing_for_members_of_another() -> None:
    """One of two groups could not be read, and members of the other were refused as well."""
    target = a_target(approvers=frozenset({"S02ONCALL", "S03NIGHT"}))
    person = a_person(CY, groups=frozenset({"S03NIGHT"}), groups_unknown=frozenset({"S02ONCALL"}))
    assert may_decide(person, a_request(), target, team_id=TEAM).allowed


def test_a_group_of_another_list_is_of_no_interest() -> None:
    """A group of another target could not be read, and was held against people of this one."""
    person = a_person(CY, groups_unknown=frozenset({"S77ELSEWHERE"}), groups_gone=frozenset({DEAD}))
    decision = may_request(person, a_target(), team_id=TEAM)
    assert decision.code == "not_requester"
    assert DEAD not in decision.because


def test_taking_back_names_the_group_that_is_gone_too() -> None:
    """Whoever was refused to stop a push did not read that the group of the approvers is gone."""
    person = a_person(CY, groups_gone=frozenset({"S02ONCALL"}))
    decision = may_take_back(person, a_request(), a_target(), team_id=TEAM)
    assert decision.code == "not_involved"
    assert "S02ONCALL" in decision.because


@given(
    st.sampled_from([VOTER, CY]),
    st.frozensets(st.sampled_from([VOTER, "S1", "S2", "S3"])),
    st.dictionaries(st.sampled_from(["S1", "S2", "S3", "S4"]), st.sampled_from(["groups_unknown", "groups_gone"])),
    st.frozensets(st.sampled_from(["S1", "S2", "S3", "S4"])),
)
def test_one_yes_is_enough_and_what_is_not_known_is_never_one(
    user: str, names: frozenset[str], others: dict[str, str], inside: frozenset[str]
) -> None:
    """A lookup that failed decided about people whom another answer already let in."""
    told = {kind: frozenset(g for g, is_kind in others.items() if is_kind == kind) for kind in set(others.values())}
    person = a_person(user, groups=inside - frozenset(others), **told)
    decision = may_halt(person, (a_target(requesters=frozenset(), approvers=names),), team_id=TEAM)
    assert decision.allowed == (user in names or bool(person.groups & names))
    if not decision.allowed:
        assert (decision.code == "groups_unknown") == bool(person.groups_unknown & names)


def test_groups_are_needed_only_of_lists_that_do_not_name_the_person() -> None:
    """Somebody who is listed by id had to wait for the groups beside them."""
    mine, other = frozenset({"U01ANA", "S1"}), frozenset({"U02BO", "S2", "S3"})
    assert groups_needed("U01ANA", mine, other) == {"S2", "S3"}
    assert groups_needed("U01ANA", mine) == groups_needed("U01ANA") == frozenset()


# The look-up: what lasts is told from what passes ------------------------------------------------------------------


@pytest.mark.parametrize("code", ["no_such_subteam", "subteam_not_found", "plan_upgrade_required"])
def test_an_answer_that_lasts_makes_a_group_gone_and_the_others_stay(bench: Bench, code: str) -> None:
    """One dead name among the groups made all of them unknown."""
    bench.slack.fault("usergroups.users.list", "error", code=code)
    person = bench.context.directory.person(BO.id, team_id=TEAM, groups=(MARKETING.id, ONCALL.id))
    assert (person.groups, person.groups_gone, person.groups_unknown) == ({ONCALL.id}, {MARKETING.id}, frozenset())


@pytest.mark.parametrize("kind", SILENT)
def test_an_answer_that_passes_leaves_a_group_unknown(bench: Bench, kind: str) -> None:
    """Slack was out of order for a moment, which must not empty a group."""
    bench.slack.fault("usergroups.users.list", kind)  # type: ignore[arg-type]  # one of the simulator's kinds
    person = bench.context.directory.person(CHEN.id, team_id=TEAM, groups=(ONCALL.id,))
    assert (person.groups, person.groups_gone, person.groups_unknown) == (frozenset(), frozenset(), {ONCALL.id})


def test_a_group_that_was_disabled_is_gone(bench: Bench) -> None:
    """An administrator disabled a group, which Slack answers like one that never was."""
    bench.slack.world.groups[ONCALL.id] = replace(ONCALL, disabled=True)
    assert bench.context.directory.person(BO.id, team_id=TEAM, groups=(ONCALL.id,)).groups_gone == {ONCALL.id}


def test_a_slack_that_is_silent_is_not_waited_for_once_for_every_group(bench: Bench) -> None:
    """Each of many groups was waited for, and Slack's three seconds were over."""
    bench.slack.fault("usergroups.users.list", "reset_before", times=5)
    groups = tuple(f"S0{place}" for place in range(5))
    assert bench.context.directory.person(BO.id, team_id=TEAM, groups=groups).groups_unknown == set(groups)
    assert asked(bench) == ["users.info", "usergroups.users.list"]


def test_a_group_that_is_gone_is_asked_for_and_told_once_a_minute(
    bench: Bench, redis_client: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody but the people at the button could know that a group is gone."""
    for _ in range(3):
        bench.context.directory.person(BO.id, team_id=TEAM, groups=(DEAD,))
    lines = [record for record in caplog.records if record.getMessage() == "group_gone"]
    assert [line.levelno for line in lines] == [logging.WARNING]
    assert asked(bench).count("usergroups.users.list") == 1
    redis_client.delete(Keys().gone_group(DEAD), Keys().members(DEAD))  # the minute is over
    bench.slack.world.groups[DEAD] = replace(ONCALL, id=DEAD)
    assert bench.context.directory.person(BO.id, team_id=TEAM, groups=(DEAD,)).groups == {DEAD}


def test_somebody_whom_slack_does_not_have_is_not_told_to_try_again(bench: Bench) -> None:
    """A listed id that Slack does not know, a sibling of the group that is gone, was asked to try again for ever."""
    with pytest.raises(Refused) as refused:
        bench.context.directory.person("U0NOBODY", team_id=TEAM, groups=())
    assert refused.value.code == "person_gone"
    assert "Try again" not in refused.value.sentence


# At a press and at the claim ---------------------------------------------------------------------------------------


def test_a_target_with_a_dead_group_works_for_the_living_ones(bench: Bench) -> None:
    """A target names a dead group beside a living one: nobody of the living one could approve."""
    context = bench.context_with(approvers=[DEAD, ONCALL.id])
    request = bench.approved(context=context)
    assert bench.now(request).state is State.APPROVED
    assert tend_all(bench, request, context).state is State.SENT


def test_a_vote_that_rests_on_a_dead_group_is_void_and_the_card_says_which(bench: Bench) -> None:
    """The group that let the approver in was deleted between the vote and the send."""
    request = bench.approved()
    del bench.slack.world.groups[ONCALL.id]
    tend(bench.context, request.id)
    after = bench.now(request)
    assert after.state is State.CHANGES_REQUESTED
    assert after.remark is not None
    assert ONCALL.id in after.remark.why


def test_a_vote_by_name_counts_while_a_group_beside_it_is_silent(bench: Bench) -> None:
    """A group that nobody's vote rests on could not be read, and the send waited until it was too late."""
    context = bench.context_with(approvers=[BO.id, ONCALL.id])
    request = bench.approved(context=context)
    bench.slack.fault("usergroups.users.list", "http_500", times=9)
    assert tend_all(bench, request, context).state is State.SENT


def test_a_vote_whose_voter_is_not_told_matters_only_where_it_is_needed() -> None:
    """One more vote than needed could not be checked, and kept the send waiting."""
    yes, unsure = Decision(allowed=True), Decision(allowed=False, code="groups_unknown", because="Slack is silent.")
    no = Decision(allowed=False, code="not_approver", because="Not listed.")
    request = a_request(State.APPROVED)

    def answer(quorum: int, *decisions: Decision) -> Answer:
        voters = tuple((f"U{place}", decision) for place, decision in enumerate(decisions))
        facts = Facts(
            now=request.veto_until or clock.now(),
            target=a_target(quorum=quorum),
            digest=request.digest,
            voters=voters,
            template=request.content.template,
        )
        return first_objection(request, facts).answer

    assert answer(1, yes, unsure) is Answer.GO
    assert answer(2, yes, unsure) is Answer.WAIT
    assert answer(2, no, unsure) is Answer.VOID
    assert answer(2, yes, no) is Answer.VOID


# What can only make things safer asks no more than it needs ----------------------------------------------------------


def test_an_approver_of_live_halts_although_test_names_a_dead_group(bench: Bench) -> None:
    """The emergency stop was refused because another target names a group that is gone."""
    context = bench.context_with("live", "test", approvers=[BO.id], requesters=[ANA.id, DEAD])
    assert halting.halt(context, BO.id, team_id=TEAM, why="", lasting=None).by == BO.id
    assert halting.halt(context, CHEN.id, team_id=TEAM, why="", lasting=None).by == CHEN.id  # by test's living group


def test_somebody_listed_by_id_halts_without_a_word_of_slack(bench: Bench) -> None:
    """Slack did not answer, and the emergency stop waited for it."""
    bench.slack.stop()
    assert halting.halt(bench.context, ANA.id, team_id=TEAM, why="", lasting=None).by == ANA.id
    assert asked(bench) == []


def test_a_member_of_a_group_halts_on_what_was_known_of_it_a_while_ago(bench: Bench, redis_client: redis.Redis) -> None:
    """The group was read an hour ago, and Slack is silent now."""
    bench.context.directory.person(BO.id, team_id=TEAM, groups=(ONCALL.id,))
    redis_client.delete(Keys().members(ONCALL.id))  # the minute is over
    before = asked(bench)
    bench.slack.stop()
    assert halting.halt(bench.context, BO.id, team_id=TEAM, why="", lasting=None).by == BO.id
    assert asked(bench) == before


def test_a_member_of_a_group_that_nobody_read_yet_halts_on_the_groups_word_alone(bench: Bench) -> None:
    """Slack told the group, but not the person, and the stop was refused."""
    bench.slack.fault("users.info", "http_500", times=9)
    assert halting.halt(bench.context, BO.id, team_id=TEAM, why="", lasting=None).by == BO.id
    assert asked(bench) == ["usergroups.users.list"]


def test_what_was_known_of_a_group_never_resumes_nor_approves(bench: Bench, redis_client: redis.Redis) -> None:
    """What was true an hour ago may stop a push, and may not let one go."""
    request = bench.submitted()
    bench.context.directory.person(BO.id, team_id=TEAM, groups=(ONCALL.id,))
    halt = halting.halt(bench.context, BO.id, team_id=TEAM, why="", lasting=None)
    redis_client.delete(Keys().members(ONCALL.id))  # the minute is over
    bench.slack.fault("usergroups.users.list", "http_500", times=9)
    with pytest.raises(Refused, match="Try again"):
        halting.resume(bench.context, BO.id, team_id=TEAM)
    with pytest.raises(Refused, match="Try again"):
        bench.approve(request)
    assert (bench.store.halted(), bench.now(request).votes) == (halt, ())


def test_a_group_that_slack_says_is_gone_is_forgotten_altogether(bench: Bench, redis_client: redis.Redis) -> None:
    """A group was deleted: what was known of it no longer lets anybody do anything."""
    bench.context.directory.person(BO.id, team_id=TEAM, groups=(ONCALL.id,))
    redis_client.delete(Keys().members(ONCALL.id))  # the minute is over
    del bench.slack.world.groups[ONCALL.id]
    bench.context.directory.person(CHEN.id, team_id=TEAM, groups=(ONCALL.id,))
    assert ONCALL.id in refusal(bench, bench.context, BO.id).sentence


@pytest.mark.parametrize(
    ("user", "code"), [(DANA.id, "not_listed"), (GUS.id, "guest"), (OLGA.id, "other_team"), ("U0X", "person_gone")]
)
def test_whoever_is_not_listed_is_refused_a_halt_for_the_same_reason_as_ever(
    bench: Bench, user: str, code: str
) -> None:
    """A stop that asks less of people must not be open to everybody."""
    assert refusal(bench, bench.context, user).code == code


def test_a_stop_that_cannot_be_decided_is_answered_before_slacks_time_is_over(bench: Bench) -> None:
    """Group and person were both waited for, one after the other."""
    bench.slack.fault("usergroups.users.list", "reset_before", times=9)
    assert refusal(bench, bench.context, CHEN.id).code == "groups_unknown"
    assert asked(bench) == ["usergroups.users.list"]


@pytest.mark.parametrize("verb", ["withdraw", "stop", "reject", "ask_changes"])
def test_taking_back_and_saying_no_work_for_the_listed_while_slack_is_silent(bench: Bench, verb: str) -> None:
    """Slack was silent, and a push that everybody wanted to stop could not be stopped."""
    context = bench.context_with(approvers=[BO.id, DEAD], veto_window="60s")
    request = bench.submitted(context=context)
    if verb == "stop":
        request = bench.approve(request, context=context)
    before = asked(bench)
    bench.slack.stop()
    seen = {"team_id": TEAM, "revision": request.revision, "digest": request.short_digest}
    if verb in {"withdraw", "stop"}:
        deciding.withdraw(context, request.id, BO.id if verb == "stop" else ANA.id, team_id=TEAM, why="")
    else:
        getattr(deciding, verb)(context, request.id, BO.id, why="Wrong.", **seen)
    ended = {"reject": State.REJECTED, "ask_changes": State.CHANGES_REQUESTED}.get(verb, State.WITHDRAWN)
    assert (bench.now(request).state, asked(bench)) == (ended, before)


@pytest.mark.parametrize("verb", ["cancel", "recall"])
def test_what_mpaas_has_can_be_taken_back_while_slack_is_silent(bench: Bench, verb: str) -> None:
    """Recalling a wrong push waited for Slack to say who presses."""
    state = State.SCHEDULED if verb == "cancel" else State.SENT
    request = bench.commit(bench.approved(), state=state)
    bench.slack.stop()
    before = asked(bench)
    assert getattr(retracting, verb)(bench.context, request.id, ANA.id, team_id=TEAM).id == request.id
    assert asked(bench) == before


def test_settling_and_approving_ask_slack_who_it_is(bench: Bench) -> None:
    """What can let a push go, or says for good what became of it, stays as strict as it was."""
    context = bench.context_with(approvers=[BO.id])
    request = bench.submitted(context=context)
    bench.slack.stop()
    with pytest.raises(Refused, match="Slack did not say who you are"):
        bench.approve(request, context=context)
    with pytest.raises(Refused, match="Slack did not say who you are"):
        deciding.check_can_settle(context, request, ANA.id, team_id=TEAM)


def test_somebody_listed_by_name_opens_every_dialog_although_a_group_beside_them_is_silent(bench: Bench) -> None:
    """A name that is listed needed the groups beside it."""
    context = bench.context_with(approvers=[BO.id, ONCALL.id], requesters=[ANA.id, MARKETING.id])
    request = bench.submitted(context=context)
    deciding.check_can_decide(context, request, BO.id, team_id=TEAM)
    deciding.check_can_settle(context, request, ANA.id, team_id=TEAM)
    assert [one.id for one in looking.home_of(context, BO.id).waiting] == [request.id]
    assert "usergroups.users.list" not in asked(bench)


def test_the_word_halt_is_answered_while_slacks_api_is_down(desk: Desk) -> None:
    """Commands still arrived, but Slack's Web API did not answer, and the halt was not taken."""
    for method in ("users.info", "usergroups.users.list"):
        desk.slack.fault(method, "http_500", times=9)
    desk.types(ANA, "halt wrong text")
    assert desk.store.halted() is not None
    desk.slack.clear_faults()
    desk.slack.world.groups.clear()
    assert f"{MARKETING.id}, {ONCALL.id}" in words(desk.types(DANA, "resume"))


# Doctor ------------------------------------------------------------------------------------------------------------


def test_doctor_says_of_each_target_which_group_is_gone_and_looks_at_the_others(bench: Bench) -> None:
    """A dead group ended doctor's look at the groups with Slack's own word."""
    context = bench.context_with("live", "test", approvers=[DEAD, ONCALL.id])
    web = wiring.slack_client(bench.settings, timeout=2)
    found = [(one.about, one.right, one.says) for one in examine(context, web, app_token="")]
    groups = [one for one in found if one[0].endswith("groups")]
    assert groups[0] == ("live: groups", True, f"{ONCALL.id} has 2 members")
    assert groups[1][:2] == ("live: groups", False)
    assert groups[1][2].startswith(f"Slack has no user group {DEAD} (any more), or it is disabled")
    assert groups[2] == ("test: groups", True, f"{ONCALL.id} has 2 members")


def test_doctor_looks_at_every_group_although_one_cannot_be_read(bench: Bench) -> None:
    """One group that could not be read hid what doctor has to say of the next."""
    context = bench.context_with(approvers=[ONCALL.id, DEAD])
    bench.slack.fault("usergroups.users.list", "error", code="internal_error")
    web = wiring.slack_client(bench.settings, timeout=2)
    says = [one.says for one in examine(context, web, app_token="") if one.about == "live: groups"]
    assert says[0] == "Slack refused it: internal_error."
    assert DEAD in says[1]
