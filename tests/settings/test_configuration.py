from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from bot.settings import Configuration, Target

LIVE: Mapping[str, object] = {
    "environment": "live",
    "app_id": "ONEX570DA89211721",
    "workspace_id": "default",
    "endpoint": "mpaas.cn-hangzhou.aliyuncs.com",
    "platforms": ["android", "ios"],
    "approvals_channel": "C0123APPROVE",
    "requesters": ["U01ANA"],
    "approvers": ["U02BO", "U03CHEN"],
}
TEST: Mapping[str, object] = {**LIVE, "environment": "test", "app_id": "ONEXTEST", "approvals_channel": "C0123TEST"}


def complaints(**changes: object) -> list[tuple[str, str]]:
    """Give the place and the sentence of each mistake that the changes make in a good target."""
    with pytest.raises(ValidationError) as refusal:
        Target.model_validate({**LIVE, **changes})
    return [(".".join(map(str, each["loc"])), each["msg"]) for each in refusal.value.errors()]


def configuration(**targets: Mapping[str, object]) -> Configuration:
    return Configuration.model_validate({"team_id": "T0123456789", "timezone": "Asia/Shanghai", "targets": targets})


def test_what_is_left_out_has_the_documented_default() -> None:
    target = Target.model_validate(LIVE)
    assert (target.tenant_id, target.results_channel, target.quorum) == ("", "", 1)
    assert (target.approval_expires, target.veto_window) == (86_400, 60)
    assert (target.access_key_id_env, target.access_key_secret_env) == ("MPAAS_AK_ENV", "MPAAS_SK_ENV")


@pytest.mark.parametrize(
    "key",
    ["environment", "app_id", "workspace_id", "endpoint", "platforms", "approvals_channel", "approvers"],
)
def test_what_could_widen_an_audience_has_no_default(key: str) -> None:
    with pytest.raises(ValidationError, match=key):
        Target.model_validate({name: value for name, value in LIVE.items() if name != key})


def test_nobody_may_ask_unless_listed() -> None:
    assert Target.model_validate({name: value for name, value in LIVE.items() if name != "requesters"}).requesters == ()


def test_a_target_without_approvers_is_refused_because_it_could_never_send() -> None:
    assert complaints(approvers=[])[0][0] == "approvers"


def test_a_target_without_platforms_is_refused() -> None:
    assert complaints(platforms=[])[0][0] == "platforms"


@pytest.mark.parametrize("platforms", [["android", "android"], ["windows"], "android", ["Android"]])
def test_platforms_are_known_and_named_once(platforms: object) -> None:
    assert complaints(platforms=platforms)[0][0].startswith("platforms")


@pytest.mark.parametrize("quorum", [0, 10, -1, "1", True, 1.0])
def test_a_quorum_is_a_whole_number_from_one_to_nine(quorum: object) -> None:
    assert complaints(quorum=quorum)[0][0] == "quorum"


def test_a_quorum_that_the_listed_people_cannot_reach_is_refused() -> None:
    assert "lists 2" in complaints(quorum=3)[0][1]
    assert Target.model_validate({**LIVE, "quorum": 2}).quorum == 2


def test_a_group_among_the_approvers_may_have_any_number_of_members() -> None:
    assert Target.model_validate({**LIVE, "quorum": 9, "approvers": ["S01ONCALL"]}).quorum == 9


def test_one_approver_listed_twice_is_not_two() -> None:
    assert "more than once" in complaints(approvers=["U02BO", "U02BO"], quorum=2)[0][1]


def test_the_time_to_stop_a_broadcast_ends_within_an_hour() -> None:
    assert complaints(veto_window="2h")[0][0] == "veto_window"


@pytest.mark.parametrize("target", [TEST, LIVE])
def test_a_broadcast_may_go_out_as_soon_as_it_is_approved(target: dict[str, object]) -> None:
    assert Target.model_validate({**target, "veto_window": "0s"}).veto_window == 0


@pytest.mark.parametrize("length", ["0s", "59s", "31d"])
def test_an_approval_waits_between_a_minute_and_thirty_days(length: str) -> None:
    assert "must be from 1 min to 30 d" in complaints(approval_expires=length)[0][1]


def test_a_test_that_reaches_the_live_audience_is_refused() -> None:
    with pytest.raises(ValidationError, match="'trial' is a test, but reaches the same app and workspace as 'live'"):
        configuration(live=LIVE, trial={**TEST, "app_id": LIVE["app_id"]})


def test_the_same_audience_in_another_spelling_is_the_same_audience() -> None:
    same = {**TEST, "app_id": LIVE["app_id"], "endpoint": "https://MPAAS.cn-hangzhou.aliyuncs.com:443/"}
    with pytest.raises(ValidationError, match="reaches the same app"):
        configuration(live=LIVE, trial=same)


def test_a_test_that_is_approved_in_the_live_channel_is_refused() -> None:
    with pytest.raises(ValidationError, match="'trial' is a test and must not share approvals_channel with 'live'"):
        configuration(live=LIVE, trial={**TEST, "approvals_channel": LIVE["approvals_channel"]})


@pytest.mark.parametrize(("name", "target"), [("live", TEST), ("test", LIVE)])
def test_a_name_may_not_say_the_opposite_of_the_environment(name: str, target: Mapping[str, object]) -> None:
    with pytest.raises(ValidationError, match=f"'{name}' must not name a target"):
        configuration(**{name: target})


@pytest.mark.parametrize("name", ["Live", "with blank", "", "-x", "a" * 33, "生产", "live\n"])
def test_a_targets_name_is_something_that_can_be_typed(name: str) -> None:
    with pytest.raises(ValidationError):
        configuration(**{name: LIVE})


def test_a_configuration_without_a_target_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least one target"):
        configuration()


def test_nothing_in_a_configuration_can_be_changed() -> None:
    made = configuration(live=LIVE)
    with pytest.raises(ValidationError, match="frozen"):
        made.targets["live"].quorum = 2
    with pytest.raises(TypeError, match="item assignment"):
        made.targets["test"] = Target.model_validate(TEST)  # type: ignore[index] # what mypy forbids is forbidden at run time, too
