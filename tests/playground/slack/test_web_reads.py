"""People and places in the simulated Slack, as the real slack_sdk reads them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playground.slack_bot import refused
from slack_sdk import WebClient

from bot.playground.cast import ANA, BO, BOT, CAST, CHEN, DEX, GENERAL, GUS, OLGA, ONCALL, RANDOM, SECRET
from bot.playground.slack.sim import SlackSim

MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def sim() -> Iterator[SlackSim]:
    with SlackSim(now=lambda: MORNING) as running:
        yield running


@pytest.fixture
def web(sim: SlackSim) -> WebClient:
    return WebClient(sim.bot_token, base_url=sim.api_url)


def test_people_are_described_with_zone_and_locale(web: WebClient) -> None:
    chen = web.users_info(user=CHEN.id, include_locale=True)["user"]
    assert (chen["tz"], chen["tz_offset"], chen["locale"]) == ("Asia/Shanghai", 28_800, "zh-CN")
    assert "locale" not in web.users_info(user=CHEN.id)["user"]


def test_guests_strangers_and_leavers_are_told_apart(web: WebClient) -> None:
    assert web.users_info(user=GUS.id)["user"]["is_restricted"] is True
    olga = web.users_info(user=OLGA.id)["user"]
    assert (olga["is_stranger"], olga["team_id"] == CAST.team_id, "email" in olga["profile"]) == (True, False, False)
    assert web.users_info(user=DEX.id)["user"]["deleted"] is True
    assert refused(web, "users.info", user="U404")["error"] == "user_not_found"


def test_user_groups_and_their_members(web: WebClient) -> None:
    assert web.usergroups_users_list(usergroup=ONCALL.id)["users"] == [BO.id, CHEN.id]
    assert [group["handle"] for group in web.usergroups_list()["usergroups"]] == ["marketing", "oncall"]
    assert web.usergroups_list(include_users=True)["usergroups"][1]["users"] == [BO.id, CHEN.id]
    assert refused(web, "usergroups.users.list", usergroup="S404")["error"] == "no_such_subteam"


def test_a_disabled_group_is_told_only_to_whoever_asks_for_disabled_ones(sim: SlackSim, web: WebClient) -> None:
    sim.world.groups[ONCALL.id] = replace(ONCALL, disabled=True)
    assert refused(web, "usergroups.users.list", usergroup=ONCALL.id)["error"] == "no_such_subteam"
    assert web.usergroups_users_list(usergroup=ONCALL.id, include_disabled=True)["users"] == [BO.id, CHEN.id]


def test_the_token_of_an_organisation_says_in_which_workspace_a_group_is(sim: SlackSim, web: WebClient) -> None:
    sim.world.cast = replace(CAST, enterprise_id="E0HARBOUR", is_enterprise_install=True)
    assert (web.auth_test()["team_id"], web.auth_test()["is_enterprise_install"]) == ("E0HARBOUR", True)
    assert [team["id"] for team in web.auth_teams_list()["teams"]] == [CAST.team_id]
    assert refused(web, "usergroups.users.list", usergroup=ONCALL.id)["error"] == "invalid_arguments"
    assert web.usergroups_users_list(usergroup=ONCALL.id, team_id=CAST.team_id)["users"] == [BO.id, CHEN.id]
    elsewhere = {"usergroup": ONCALL.id, "team_id": "T0OTHER"}
    assert refused(web, "usergroups.users.list", **elsewhere)["error"] == "no_such_subteam"


def test_a_member_of_an_organisation_is_described_without_a_team_of_their_own(sim: SlackSim, web: WebClient) -> None:
    sim.world.people[BO.id] = replace(BO, team_id="E0HARBOUR", enterprise_id="E0HARBOUR", teams=(CAST.team_id,))
    user = web.users_info(user=BO.id)["user"]
    assert "team_id" not in user
    assert (user["enterprise_user"]["enterprise_id"], user["enterprise_user"]["teams"]) == ("E0HARBOUR", [CAST.team_id])


def test_a_shared_channel_says_so(web: WebClient) -> None:
    assert web.conversations_info(channel="C0004PARTNERS")["channel"]["is_ext_shared"] is True
    assert web.conversations_info(channel=GENERAL.id, include_num_members=True)["channel"]["num_members"] == 6
    assert web.conversations_info(channel=RANDOM.id)["channel"]["is_member"] is False
    assert refused(web, "conversations.info", channel=SECRET.id)["error"] == "channel_not_found"


def test_members_are_listed_in_pages(web: WebClient) -> None:
    first = web.conversations_members(channel=GENERAL.id, limit=4)
    rest = web.conversations_members(channel=GENERAL.id, cursor=first["response_metadata"]["next_cursor"])
    assert {*first["members"], *rest["members"]} == GENERAL.members


def test_conversations_are_opened_with_one_person_or_several(web: WebClient) -> None:
    both = web.conversations_open(users=[ANA.id, BO.id])["channel"]["id"]
    assert both == web.conversations_open(users=[BO.id, ANA.id])["channel"]["id"]
    assert refused(web, "conversations.open")["error"] == "users_list_not_supplied"
    assert refused(web, "conversations.open", users="U404")["error"] == "user_not_found"
    assert refused(web, "conversations.open", users=DEX.id)["error"] == "user_disabled"


def test_bots_info_knows_the_bot_alone(web: WebClient) -> None:
    assert web.bots_info(bot=CAST.bot_id)["bot"]["user_id"] == BOT.id
    assert refused(web, "bots.info", bot="B404")["error"] == "bot_not_found"
