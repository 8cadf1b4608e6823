"""The pages about settings name every setting, and the examples work; that they are up to date is in ``test_pages``."""

from pathlib import Path

import pytest
from dotenv import dotenv_values
from house.settings_pages import OWN_VARIABLES, PAGES

from bot.errors import SettingsError
from bot.settings import Configuration, Environment, Settings, Target


def test_the_example_configuration_is_accepted_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "broadcast.toml").write_text(PAGES["broadcast.example.toml"](), encoding="utf-8")
    settings = Settings.from_environ({}, directory=tmp_path, needs=frozenset())
    assert {name: target.environment for name, target in settings.targets.items()} == {"live": "live", "test": "test"}


def test_the_example_environment_names_every_variable_and_an_unfilled_one_is_missing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(PAGES[".env.example"](), encoding="utf-8")
    (tmp_path / "broadcast.toml").write_text(PAGES["broadcast.example.toml"](), encoding="utf-8")
    given = {name: value or "" for name, value in dotenv_values(tmp_path / ".env").items()}
    assert given.keys() <= {*Environment.model_fields, *OWN_VARIABLES}
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environ(given, directory=tmp_path)
    assert {sentence.partition(":")[0] for sentence in refusal.value.complaints} == {
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "MPAAS_AK_ENV",
        "MPAAS_SK_ENV",
        "MPAAS_TEST_AK_ENV",
        "MPAAS_TEST_SK_ENV",
    }


@pytest.mark.parametrize("model", [Environment, Configuration, Target])
def test_every_setting_says_what_it_means(model: type[Environment | Configuration | Target]) -> None:
    assert [name for name, field in model.model_fields.items() if not field.description] == []
    page = PAGES["docs/settings.md"]()
    assert [name for name in model.model_fields if f"`{name}`" not in page] == []
