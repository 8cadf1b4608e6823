from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Need, Settings
from bot.settings.settings import EVERYTHING

GOOD = """
team_id = "T0123456789"
timezone = "Asia/Shanghai"

[targets.live]
environment = "live"
app_id = "ONEX570DA89211721"
workspace_id = "default"
endpoint = "mpaas.cn-hangzhou.aliyuncs.com"
platforms = ["android", "ios", "harmonyos"]
approvals_channel = "C0123APPROVE"
requesters = ["U01ANA"]
approvers = ["U02BO"]
"""
ENVIRON = {
    "SLACK_BOT_TOKEN": "xoxb-1-hidden",
    "SLACK_APP_TOKEN": "xapp-1-hidden",
    "SLACK_SIGNING_SECRET": "signing-hidden",
    "MPAAS_AK_ENV": "id-hidden",
    "MPAAS_SK_ENV": "secret-hidden",
}
SEALED = {
    "REDIS_URL": "redis://bot:p%40ss-hidden@redis:6379/0",
    "BROADCAST_SEAL_KEY": "hidden" * 8,
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "broadcast.toml").write_text(GOOD)
    return tmp_path


def complaints(environ: dict[str, str], directory: Path, needs: AbstractSet[Need] = EVERYTHING) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environ(environ, directory=directory, needs=needs)
    return refusal.value.complaints


def test_the_documented_minimum_is_enough(directory: Path) -> None:
    settings = Settings.from_environ(ENVIRON, directory=directory)
    assert settings.slack.socket_mode
    assert settings.slack.api_url == "https://slack.com/api/"
    assert settings.embedded
    assert settings.data_dir == directory / "var"
    assert str(settings.timezone) == "Asia/Shanghai"
    assert settings.targets["live"].platforms == ("android", "ios", "harmonyos")
    assert settings.access_keys["live"].secret.get_secret_value() == "secret-hidden"


def test_reading_settings_makes_no_file(directory: Path) -> None:
    Settings.from_environ(ENVIRON, directory=directory)
    assert [path.name for path in directory.iterdir()] == ["broadcast.toml"]


def test_the_embedded_store_gets_its_seal_key_when_it_is_asked_for(directory: Path) -> None:
    settings = Settings.from_environ(ENVIRON, directory=directory)
    assert not settings.seal_key
    sealed = settings.with_seal_key()
    assert sealed.seal_key.get_secret_value() == (directory / "var" / "seal.key").read_text().strip()
    assert sealed.seal_key.get_secret_value() in sealed.secrets()


def test_a_seal_key_that_was_given_is_kept(directory: Path) -> None:
    settings = Settings.from_environ(ENVIRON | SEALED, directory=directory)
    assert settings.with_seal_key() is settings
    assert not settings.embedded


def test_an_operator_needs_no_tokens(directory: Path) -> None:
    settings = Settings.from_environ({}, directory=directory, needs=frozenset())
    assert not settings.slack.bot_token
    assert not settings.slack.socket_mode
    assert dict(settings.access_keys) == {}


def test_the_configuration_may_be_elsewhere(directory: Path) -> None:
    (directory / "broadcast.toml").rename(directory / "other.toml")
    settings = Settings.from_environ({**ENVIRON, "BROADCAST_CONFIG": "other.toml"}, directory=directory)
    assert settings.config == directory / "other.toml"


def test_every_mistake_of_every_place_is_reported_at_once(directory: Path) -> None:
    (directory / "broadcast.toml").write_text(
        GOOD.replace("T0123456789", "acme")
        .replace('"android", ', '"windows", ')
        .replace("approvers", "aprovers")
        .replace("[targets", "quorum = 1\n[targets")
        + 'quorum = "2"\nveto_window = "2h"\napproval_expires = 24\n'
    )
    places = [sentence.split(": ")[0] for sentence in complaints({"SLACK_BOT_TOKEN": "xapp-1"}, directory)]
    assert sorted(places) == [
        "SLACK_APP_TOKEN",
        "SLACK_BOT_TOKEN",
        "broadcast.toml, quorum",
        "broadcast.toml, targets.live.approval_expires",
        "broadcast.toml, targets.live.approvers",
        "broadcast.toml, targets.live.aprovers",
        "broadcast.toml, targets.live.platforms",
        "broadcast.toml, targets.live.quorum",
        "broadcast.toml, targets.live.veto_window",
        "broadcast.toml, team_id",
    ]


@pytest.mark.parametrize(
    ("was", "instead", "sentence"),
    [
        ("approvers", "aprovers", "targets.live.aprovers: there is no such key; there are environment, "),
        ("approvers", "aprovers", "Did you mean approvers?"),
        (
            "timezone",
            "time_zone",
            "broadcast.toml, time_zone: there is no such key; there are team_id, timezone, targets.",
        ),
        ('"live"\n', '"prod"\n', "targets.live.environment: must be 'live' or 'test'."),
        ('"U02BO"', '"@bo"', "targets.live.approvers: must be the id of a person"),
        ('["U02BO"]', '"U02BO"', "targets.live.approvers: must be a list of texts"),
        ('["U02BO"]', "[2]", "targets.live.approvers: must be a text in quotes."),
        ('"default"', '""', "targets.live.workspace_id: must not be empty."),
        ('app_id = "ONEX570DA89211721"\n', "", "targets.live.app_id: is missing: the app's id in the mPaaS console."),
        ("[targets.live]", "[targets.Live]", "targets.Live: a target's name is 1 to 32 small letters"),
        ("[targets.live]", "[target.live]", "broadcast.toml, targets: is missing: at least one target"),
        ("[targets.live]", "[targets.live", "is not TOML: "),
        ("[targets.live]", "[targets.live", "at line 5"),
        ("Asia/Shanghai", "Asia/Shanghia", "Did you mean Asia/Shanghai?"),
    ],
)
def test_a_complaint_says_where_what_is_wrong_and_what_is_allowed(
    directory: Path, was: str, instead: str, sentence: str
) -> None:
    (directory / "broadcast.toml").write_text(GOOD.replace(was, instead))
    assert sentence in "\n".join(complaints(ENVIRON, directory))


def test_a_target_that_is_no_table_is_told_so(directory: Path) -> None:
    (directory / "broadcast.toml").write_text('team_id = "T0123"\ntimezone = "UTC"\ntargets = {live = 1}\n')
    assert complaints(ENVIRON, directory) == ("broadcast.toml, targets.live: must be a table with keys of its own.",)


def test_a_missing_configuration_is_told_with_what_to_do(tmp_path: Path) -> None:
    assert "Copy broadcast.example.toml to it" in complaints(ENVIRON, tmp_path)[0]


def test_a_directory_or_rubbish_in_the_configurations_place_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "rubbish").write_bytes(b"team_id = '\xff'")
    assert "folder: cannot be read" in complaints({**ENVIRON, "BROADCAST_CONFIG": "folder"}, tmp_path)[0]
    assert "rubbish, byte 11: is not UTF-8" in complaints({**ENVIRON, "BROADCAST_CONFIG": "rubbish"}, tmp_path)[0]


def test_missing_credentials_name_the_target_that_wants_them(directory: Path) -> None:
    environ = {name: value for name, value in ENVIRON.items() if name != "MPAAS_SK_ENV"}
    assert complaints(environ, directory) == ("MPAAS_SK_ENV: is missing: broadcast.toml names it in targets.live.",)


def test_the_complaints_are_shown_as_a_list(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environ({}, directory=tmp_path)
    assert [line[:2] for line in str(refusal.value).splitlines()] == ["- ", "- ", "- "]


def test_a_refusal_carries_no_value_of_the_environment_in_its_chain(directory: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environ({**ENVIRON, "SLACK_BOT_TOKEN": "swapped-hidden"}, directory=directory)
    assert refusal.value.__cause__ is None
    assert "hidden" not in f"{refusal.value!r} {refusal.value.__context__!r}"


def test_no_secret_is_in_the_repr_and_every_secret_is_in_the_list_for_the_logs(directory: Path) -> None:
    settings = Settings.from_environ(ENVIRON | SEALED, directory=directory)
    assert "hidden" not in f"{settings!r} {settings}"
    assert set(settings.secrets()) == {*ENVIRON.values(), "hidden" * 8, "p%40ss-hidden", "p@ss-hidden"}


def test_a_test_with_the_keys_of_live_is_pointed_out(directory: Path) -> None:
    changes = [("live]", "trial]"), ('"live"', '"test"'), ("ONEX570DA89211721", "ONEXTEST"), ("C0123APPROVE", "C0TEST")]
    second = GOOD[GOOD.index("[") :]
    for was, instead in changes:
        second = second.replace(was, instead)
    (directory / "broadcast.toml").write_text(GOOD + second)
    assert ["'trial' (test) and 'live' (live)" in one for one in cautions_in(directory)] == [True]
    (directory / "broadcast.toml").write_text(
        GOOD + second + 'access_key_id_env = "T_AK"\naccess_key_secret_env = "T_SK"\n'
    )
    assert cautions_in(directory) == ()


def cautions_in(directory: Path) -> tuple[str, ...]:
    return Settings.from_environ({**ENVIRON, "T_AK": "other", "T_SK": "other"}, directory=directory).cautions()


def test_a_live_target_that_nobody_could_stop_in_time_is_a_caution(directory: Path) -> None:
    (directory / "broadcast.toml").write_text(GOOD + 'veto_window = "9s"\n')
    assert ["nobody can stop a push in that time" in one for one in cautions_in(directory)] == [True]
