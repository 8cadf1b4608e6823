"""Who belongs: one workspace, an Enterprise organisation, people of other companies, and what payloads leave out."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import clock
import pytest
from builders import TEAM, a_person
from desk import Desk
from hypothesis import given
from hypothesis import strategies as st
from loops.log_lines import logged
from operations.bench import Bench
from operations.tended import tend, tend_all

from bot import wiring
from bot.domain.policy import Standing, belongs, standing
from bot.domain.states import State
from bot.errors import Refused, SettingsError
from bot.health import examine
from bot.operations import looking
from bot.operations.context import Context
from bot.operations.people import Directory, ids_of
from bot.playground.cast import ANA, BO, CHEN, GUS, OLGA, ONCALL, Person
from bot.playground.slack.sim import SlackSim
from bot.settings import Settings
from bot.store.store import RequestStore
from handlers import payloads
from handlers.payloads import Presser

ORG, OTHER_ORG, OTHER_TEAM, SISTER = "E0HARBOUR", "E0LIGHTHOUSE", "T0987654321", "T0SISTER"


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


def in_the_organisation(person: Person, *teams: str, team_id: str = ORG) -> Person:
    return replace(person, team_id=team_id, enterprise_id=ORG, teams=teams or (TEAM,))


def move_to_grid(slack: SlackSim, *, org_install: bool) -> None:
    """Let the simulated workspace be part of an organisation, which payloads name for some people as their team."""
    slack.world.cast = replace(slack.world.cast, enterprise_id=ORG, is_enterprise_install=org_install)
    slack.world.people[ANA.id] = in_the_organisation(ANA, TEAM, SISTER, team_id=SISTER)
    slack.world.people[BO.id] = in_the_organisation(BO)
    slack.world.people[CHEN.id] = in_the_organisation(CHEN, SISTER, team_id=SISTER)


def context_of(bench: Bench, team_id: str) -> Context:
    """Make the context of a bot whose broadcast.toml has this ``team_id``, by the way of production."""
    path = bench.folder / "broadcast.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(TEAM, team_id), encoding="utf-8")
    return replace(
        wiring.make_context(
            Settings.from_environ(bench.environ(), directory=bench.folder), bench.store, clock.CONDITIONS
        ),
        clients=bench.context.clients,
        quick_clients=bench.context.quick_clients,
    )


@contextmanager
def organisations_bot(desk: Desk) -> Iterator[None]:
    """Put the bot of a whole organisation behind Slack."""
    web = wiring.slack_client(desk.settings, timeout=wiring.SLACK_TIMEOUT)
    with desk.app_with(team_id=ORG, directory=Directory(web, desk.store, home=ORG)):
        yield


# The rule ----------------------------------------------------------------------------------------------------------

GRID = {"enterprise_user": {"id": "U1", "enterprise_id": ORG, "teams": [TEAM, SISTER]}}


@pytest.mark.parametrize(
    ("home", "payload", "user", "what"),
    [
        (TEAM, TEAM, {"team_id": TEAM}, Standing.BELONGS),
        (TEAM, "", {"team_id": TEAM}, Standing.BELONGS),
        (TEAM, "", GRID, Standing.BELONGS),
        (TEAM, ORG, GRID, Standing.BELONGS),
        (TEAM, SISTER, GRID, Standing.BELONGS),
        (TEAM, "T0NEWEST", GRID, Standing.BELONGS),
        (TEAM, TEAM, {}, Standing.BELONGS),
        (TEAM, ORG, {"team_id": TEAM}, Standing.BELONGS),
        (TEAM, "", {"teams": [SISTER, TEAM], "enterprise_id": ORG}, Standing.BELONGS),
        (TEAM, TEAM, {"team_id": TEAM, "is_restricted": True}, Standing.GUEST),
        (TEAM, ORG, GRID | {"is_ultra_restricted": True}, Standing.GUEST),
        (TEAM, TEAM, {"team_id": TEAM, "is_stranger": True}, Standing.STRANGER),
        (TEAM, OTHER_TEAM, {"team_id": OTHER_TEAM}, Standing.STRANGER),
        (TEAM, OTHER_TEAM, {"team_id": TEAM}, Standing.STRANGER),
        (TEAM, OTHER_ORG, GRID, Standing.STRANGER),
        (TEAM, "", {"enterprise_user": {"enterprise_id": ORG, "teams": [SISTER]}}, Standing.STRANGER),
        (TEAM, ORG, {"enterprise_user": {"enterprise_id": ORG}}, Standing.UNKNOWN),
        (TEAM, "", {"enterprise_user": None, "team_id": None, "teams": None}, Standing.UNKNOWN),
        (ORG, ORG, {}, Standing.BELONGS),
        (ORG, "", GRID, Standing.BELONGS),
        (ORG, SISTER, GRID, Standing.BELONGS),
        (ORG, TEAM, {"team_id": TEAM, "enterprise_id": ORG}, Standing.BELONGS),
        (ORG, SISTER, GRID | {"is_restricted": True}, Standing.GUEST),
        (ORG, OTHER_TEAM, {"team_id": OTHER_TEAM, "enterprise_user": {"enterprise_id": OTHER_ORG}}, Standing.STRANGER),
        (ORG, OTHER_ORG, {"team_id": OTHER_TEAM}, Standing.STRANGER),
        (ORG, TEAM, {"team_id": TEAM}, Standing.UNKNOWN),
        (ORG, "", {}, Standing.UNKNOWN),
    ],
)
def test_every_field_that_names_a_home_counts_and_only_strangers_are_kept_out(
    home: str, payload: str, user: dict[str, Any], what: Standing
) -> None:
    """People of an organisation were strangers by whichever field was looked at, or was left out."""
    person = a_person(
        team_id=payload or user.get("team_id") or "",
        ids=ids_of(user),
        is_stranger=bool(user.get("is_stranger")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
    )
    assert standing(person, home) is what
    assert belongs(person, team_id=home).allowed == (what is Standing.BELONGS)


def test_what_is_missing_is_said_in_the_refusal() -> None:
    """Somebody of whom Slack names no workspace was told that they are of another company."""
    assert belongs(a_person(team_id=ORG, ids=frozenset({ORG})), team_id=TEAM).because == (
        f"Only people of {TEAM} can do that; Slack names no workspace of your account."
    )
    assert belongs(a_person(team_id=TEAM, ids=frozenset({TEAM})), team_id=ORG).because == (
        f"Only people of {ORG} can do that; Slack names no organisation of your account."
    )


IDS = st.sampled_from([TEAM, SISTER, OTHER_TEAM, ORG, OTHER_ORG])


@given(IDS | st.just(""), st.frozensets(IDS), st.booleans(), st.sampled_from([TEAM, ORG]))
def test_nobody_belongs_without_an_id_that_says_so(payload: str, ids: frozenset[str], strange: bool, home: str) -> None:
    """A rule that knows more fields must not let anybody in by none of them."""
    what = standing(a_person(team_id=payload, ids=ids, is_stranger=strange), home)
    if what is Standing.BELONGS:
        assert home in ids | {payload}
        assert not strange
    if home not in ids | {payload} or strange:
        assert what in {Standing.STRANGER, Standing.UNKNOWN}


# What the bodies say -------------------------------------------------------------------------------------------------

ORG_WIDE: dict[str, Any] = {"team": None, "enterprise": {"id": ORG, "name": "Harbour"}, "is_enterprise_install": True}


@pytest.mark.parametrize("kind", ["view_submission", "view_closed", "block_actions", "block_suggestion", "shortcut"])
@pytest.mark.parametrize("team_id", [TEAM, ORG, None])
def test_an_interaction_names_the_team_of_its_person_and_nobody_elses(kind: str, team_id: str | None) -> None:
    """An organisation's install sends no team, and the organisation beside a person need not be theirs."""
    body = ORG_WIDE | {"type": kind, "user": {"id": "W01BO", "username": "bo", "team_id": team_id}}
    assert payloads.presser(body) == Presser("W01BO", team_id or "")
    assert payloads.presser(body).team_for(ORG) == (team_id or "")
    outsider = body | {"user": {"id": "U06", "team_id": OTHER_TEAM}}
    assert payloads.presser(outsider).team_for(ORG) == OTHER_TEAM


def test_a_command_names_workspace_and_organisation_and_both_are_its_persons() -> None:
    """Only people of a workspace can type its commands, so the form's organisation is theirs too."""
    form = {"user_id": "W01BO", "team_id": TEAM, "enterprise_id": ORG, "is_enterprise_install": "true"}
    by = payloads.command(form).by
    assert (by.team_for(TEAM), by.team_for(ORG), by.team_for(OTHER_ORG)) == (TEAM, ORG, TEAM)
    assert payloads.command({"user_id": "U1", "team_id": TEAM}).by == Presser("U1", TEAM)


# One workspace of an organisation ------------------------------------------------------------------------------------


def test_a_vote_stands_at_the_send_although_slack_names_no_team(bench: Bench) -> None:
    """In an organisation users.info leaves the team out, and every vote was void at the send."""
    move_to_grid(bench.slack, org_install=False)
    request = bench.approved()
    assert tend_all(bench, request).state is State.SENT


def test_a_voter_who_left_the_workspace_for_a_sister_no_longer_counts(bench: Bench) -> None:
    """Somebody was moved to another workspace of the organisation between vote and send."""
    move_to_grid(bench.slack, org_install=False)
    request = bench.approved()
    bench.slack.world.people[BO.id] = in_the_organisation(BO, SISTER)
    tend(bench.context, request.id)
    assert bench.now(request).state is State.CHANGES_REQUESTED


@pytest.mark.parametrize("org_install", [False, True])
def test_a_push_goes_all_the_way_in_one_workspace_of_an_organisation(desk: Desk, org_install: bool) -> None:
    """Payloads name the organisation, or a sister workspace, as people's team, and everybody was refused."""
    move_to_grid(desk.slack, org_install=org_install)
    desk.types(ANA, "outage")
    assert desk.reads(ANA).startswith("New broadcast")
    desk.clears(ANA)
    request = desk.asks(desk.slack.world.people[ANA.id], "test")
    desk.approves(BO, request)
    assert desk.now(request).state is State.APPROVED
    desk.works(3)
    assert desk.now(request).state is State.SENT
    desk.presses(BO, desk.card(request), "show_details")
    assert "belongs to another company" not in desk.reads(BO)


def test_a_listed_member_of_a_sister_workspace_is_refused_where_one_workspace_is_configured(desk: Desk) -> None:
    """In an organisation anybody who sees the card can press, also people of other workspaces."""
    move_to_grid(desk.slack, org_install=False)
    request = desk.asks(desk.slack.world.people[ANA.id], "test")
    desk.presses(CHEN, desk.card(request), "approve")
    assert "another workspace" in desk.reads(CHEN)


def test_the_home_tab_shows_what_waits_to_people_of_an_organisation(bench: Bench) -> None:
    """The event of the Home tab names no team at all, and the shelves were empty."""
    move_to_grid(bench.slack, org_install=True)
    request = bench.submitted()
    assert [one.id for one in looking.home_of(bench.context, BO.id).waiting] == [request.id]
    bench.slack.world.people[OLGA.id] = replace(OLGA, enterprise_id=OTHER_ORG, teams=(OTHER_TEAM,))
    assert looking.home_of(bench.context, OLGA.id).recent == []


def test_the_person_of_a_payload_that_names_the_organisation_halts(desk: Desk) -> None:
    """The emergency stop was refused, because the payload's team is the organisation."""
    move_to_grid(desk.slack, org_install=True)
    desk.types(desk.slack.world.people[ANA.id], "halt")
    assert desk.store.halted() is not None


# A whole organisation ------------------------------------------------------------------------------------------------


def test_a_push_goes_all_the_way_for_a_whole_organisation(bench: Bench) -> None:
    """An organisation's id was taken into the settings, and then everybody was refused."""
    move_to_grid(bench.slack, org_install=True)
    context = context_of(bench, ORG)
    request = bench.submitted(context=context)
    assert tend_all(bench, bench.approve(request, by=CHEN.id, context=context), context).state is State.SENT
    asked = [call.sent.get("team_id") for call in bench.slack.journal("usergroups.users.list")]
    assert set(asked) == {TEAM}


def test_people_of_any_workspace_of_the_organisation_press_and_type(desk: Desk) -> None:
    """Whoever is in a sister workspace was a stranger to the organisation's own bot."""
    move_to_grid(desk.slack, org_install=True)
    request = desk.asks(desk.slack.world.people[ANA.id], "test")
    with organisations_bot(desk):
        desk.types(CHEN, "list")
        desk.approves(CHEN, request)
    assert [vote.approver for vote in desk.now(request).votes] == [CHEN.id]


def test_a_member_of_another_organisation_stays_a_stranger_to_an_organisation(desk: Desk) -> None:
    """A channel is shared with another company, which is an organisation too."""
    move_to_grid(desk.slack, org_install=True)
    desk.slack.world.people[OLGA.id] = replace(OLGA, enterprise_id=OTHER_ORG, teams=(OTHER_TEAM,))
    request = desk.asks(desk.slack.world.people[ANA.id], "partners")
    with organisations_bot(desk):
        desk.presses(OLGA, desk.card(request), "approve")
        assert "belongs to another company" in desk.reads(OLGA)
    assert desk.now(request).votes == ()


def test_the_word_halt_of_an_organisation_needs_no_answer_of_slacks_api(desk: Desk) -> None:
    """The command's own form proves the organisation, so a silent Web API is no hindrance."""
    move_to_grid(desk.slack, org_install=True)
    for method in ("users.info", "usergroups.users.list", "auth.teams.list"):
        desk.slack.fault(method, "http_500", times=9)
    with organisations_bot(desk):
        desk.types(ANA, "halt")
    assert desk.store.halted() is not None
    assert desk.slack.journal("users.info") == []


def test_guests_of_an_organisation_are_guests(bench: Bench) -> None:
    """A guest's account belongs to the organisation as well."""
    move_to_grid(bench.slack, org_install=True)
    bench.slack.world.people[GUS.id] = in_the_organisation(GUS)
    with pytest.raises(Refused) as refused:
        looking.check_member(context_of(bench, ORG), GUS.id, team_id=ORG)
    assert refused.value.code == "guest"


def test_a_group_that_no_workspace_of_the_organisation_has_is_gone(bench: Bench) -> None:
    """With an organisation's token a group has to be looked for in its workspaces."""
    move_to_grid(bench.slack, org_install=True)
    directory = context_of(bench, ORG).directory
    assert directory.members(ONCALL.id) == set(ONCALL.users)
    assert directory.members(ONCALL.id) == set(ONCALL.users)
    assert len(bench.slack.journal("auth.teams.list")) == 1  # where it was found is asked first
    assert directory.members("S0NOBODY") is None


# The log, the settings, doctor ---------------------------------------------------------------------------------------


def test_the_log_says_which_ids_were_seen_of_somebody_refused(bench: Bench) -> None:
    """Nobody could find out why the bot took its own people for strangers."""
    bench.slack.world.people[BO.id] = in_the_organisation(BO, SISTER)
    with logged() as lines, pytest.raises(Refused):
        looking.check_member(bench.context, BO.id, team_id=ORG)
    (line,) = lines.of("other_team")
    ids = (line["person"], line["payload"], line["slack"], line["team_id"])
    assert ids == (BO.id, ORG, [ORG, SISTER], TEAM)
    assert BO.real_name not in json.dumps(line)


@pytest.mark.parametrize("team_id", [TEAM, ORG])
def test_the_settings_take_a_workspace_or_an_organisation(bench: Bench, team_id: str) -> None:
    """Which ids are taken, and what each means, was nowhere said."""
    assert context_of(bench, team_id).team_id == team_id


def test_the_settings_say_which_ids_they_take(bench: Bench) -> None:
    """A user's or a channel's id was refused with half of what is allowed."""
    with pytest.raises(SettingsError, match=r'"T0123456789", or .*organisation.*"E0123456789"'):
        context_of(bench, "U01ANA")


def slacks_finding(bench: Bench, context: Context) -> tuple[bool, str]:
    web = wiring.slack_client(bench.settings, timeout=2)
    (found,) = [(one.right, one.says) for one in examine(context, web, app_token="") if one.about == "Slack"]
    return found


def test_doctor_knows_an_organisations_token(bench: Bench) -> None:
    """auth.test names the organisation as the team, and doctor called the token another team's."""
    move_to_grid(bench.slack, org_install=True)
    assert slacks_finding(bench, context_of(bench, ORG)) == (True, "broadcast in Harbour, for all of E0HARBOUR")
    assert slacks_finding(bench, bench.context) == (True, "broadcast in Harbour, for T0123456789 of E0HARBOUR")


def test_doctor_says_when_the_organisations_app_is_not_in_the_workspace(bench: Bench) -> None:
    """The app is the organisation's, but was never added to the configured workspace."""
    move_to_grid(bench.slack, org_install=True)
    right, says = slacks_finding(bench, replace(bench.context, team_id=SISTER))
    assert not right
    assert says == (
        f"The app is installed for organisation {ORG}, but not added to workspace {SISTER}, which broadcast.toml says."
    )


def test_doctor_says_when_a_workspaces_token_serves_an_organisation(bench: Bench) -> None:
    """The organisation is configured, and the app was installed in one of its workspaces only."""
    move_to_grid(bench.slack, org_install=False)
    right, says = slacks_finding(bench, replace(bench.context, team_id=ORG))
    assert (right, says) == (True, f"broadcast in Harbour, which is one workspace ({TEAM}) of {ORG}")
    right, says = slacks_finding(bench, replace(bench.context, team_id=OTHER_ORG))
    assert not right
    assert says == f"The bot token belongs to team {TEAM} of {ORG}, broadcast.toml says {OTHER_ORG}."
