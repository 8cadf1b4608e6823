"""Who somebody is, in Slack's words; what Slack does not say counts against them."""

from dataclasses import replace

import pytest
import redis
from operations.bench import Bench

from bot.errors import Refused
from bot.operations.people import GROUP_MEMORY, groups_in
from bot.playground.cast import ANA, BO, BOT, CHEN, DEX, GUS, MARKETING, OLGA, ONCALL, TEAM
from bot.store.keys import Keys

BOTH = (ONCALL.id, MARKETING.id)


def test_a_member_has_their_zone_language_and_groups(bench: Bench) -> None:
    person = bench.context.directory.person(CHEN.id, team_id=TEAM, groups=BOTH)
    assert (person.id, person.team_id, person.zone, person.locale) == (CHEN.id, TEAM, "Asia/Shanghai", "zh-CN")
    assert person.groups == frozenset({ONCALL.id})
    assert (person.is_guest, person.is_bot, person.is_deactivated) == (False, False, False)


@pytest.mark.parametrize(
    ("user", "what"),
    [(GUS.id, "is_guest"), (OLGA.id, "is_stranger"), (DEX.id, "is_deactivated"), (BOT.id, "is_bot")],
)
def test_guests_strangers_leavers_and_apps_are_told_apart(bench: Bench, user: str, what: str) -> None:
    person = bench.context.directory.person(user, team_id="", groups=())
    kinds = ("is_stranger", "is_guest", "is_deactivated", "is_bot")
    assert [name for name in kinds if getattr(person, name)] == [what]


def test_the_team_of_the_payload_counts_and_without_one_slacks_word(bench: Bench) -> None:
    assert bench.context.directory.person(OLGA.id, team_id="T0ELSE", groups=()).team_id == "T0ELSE"
    assert bench.context.directory.person(OLGA.id, team_id="", groups=()).team_id == OLGA.team_id


@pytest.mark.parametrize("kind", ["error", "http_500", "reset_before"])
def test_somebody_slack_does_not_describe_is_refused(bench: Bench, kind: str) -> None:
    bench.slack.fault("users.info", kind)  # type: ignore[arg-type]  # one of the simulator's kinds
    with pytest.raises(Refused, match="Slack did not say who you are, so nothing was done"):
        bench.context.directory.person(ANA.id, team_id=TEAM, groups=())


def test_a_slack_that_is_gone_is_a_refusal_too(bench: Bench) -> None:
    bench.slack.stop()
    with pytest.raises(Refused, match="Slack did not say who you are"):
        bench.context.directory.person(ANA.id, team_id=TEAM, groups=())


@pytest.mark.parametrize("kind", ["error", "http_500", "reset_before"])
def test_groups_slack_does_not_tell_are_unknown_and_not_empty(bench: Bench, kind: str) -> None:
    bench.slack.fault("usergroups.users.list", kind)  # type: ignore[arg-type]  # one of the simulator's kinds
    person = bench.context.directory.person(BO.id, team_id=TEAM, groups=BOTH)
    assert MARKETING.id in person.groups_unknown
    person = bench.context.directory.person(BO.id, team_id=TEAM, groups=BOTH)
    assert (person.groups, person.groups_unknown) == (frozenset({ONCALL.id}), frozenset())


def test_the_members_of_a_group_are_asked_for_once_a_minute(bench: Bench, redis_client: redis.Redis) -> None:
    for _ in range(3):
        bench.context.directory.person(BO.id, team_id=TEAM, groups=(ONCALL.id,))
    assert len(bench.slack.journal("usergroups.users.list")) == 1
    assert 0 < redis_client.ttl(Keys().members(ONCALL.id)) <= GROUP_MEMORY
    bench.slack.world.groups[ONCALL.id] = replace(ONCALL, users=())
    assert bench.context.directory.person(BO.id, team_id=TEAM, groups=(ONCALL.id,)).groups == frozenset({ONCALL.id})
    redis_client.delete(Keys().members(ONCALL.id))  # the minute is over
    assert bench.context.directory.person(BO.id, team_id=TEAM, groups=(ONCALL.id,)).groups == frozenset()


def test_group_ids_are_told_from_user_ids() -> None:
    assert groups_in(["U01ANA", "S01MARKETING", "W02", "S02"]) == {"S01MARKETING", "S02"}
