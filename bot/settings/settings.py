"""``Settings``: the environment and the configuration, checked together, frozen."""

import re
import tomllib
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, SecretStr, ValidationError

from bot.domain.store_address import read_address, secrets_of
from bot.errors import SettingsError
from bot.settings import complaints, store_files, text_files, values
from bot.settings.configuration import Configuration, Target
from bot.settings.egress import Egress, read_egress
from bot.settings.environment import (
    FROZEN,
    AccessKey,
    Environment,
    Need,
    Slack,
    access_key,
    doubted,
    missing,
    told,
)
from bot.settings.seal import seal_key_from

_SHORT_VETO: Final = 10
"""Seconds below which nobody reads a card and presses Stop."""

_ODD_QUOTES: Final = "\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\uff02\uff07"
"""What editors and chats make of quotes."""

EVERYTHING: Final[frozenset[Need]] = frozenset({"slack", "mpaas"})
"""What ``run`` needs: it listens to Slack and calls mPaaS."""


class Settings(BaseModel):
    """Hold everything that can be set. Secrets are hidden; an empty one was not given."""

    model_config = FROZEN

    slack: Slack
    redis_url: SecretStr
    data_dir: Path
    data_dir_origin: str
    """Why it is there: which variable and which configuration say so."""
    earlier_data_dir: Path
    """Where the versions looked that let every path begin at the working directory."""
    overlooked: str
    """What lies beside the configuration and is not read, as a sentence; empty when there is nothing."""
    seal_key: SecretStr
    egress: Egress
    config: Path
    team_id: str
    timezone: ZoneInfo
    targets: Mapping[str, Target]
    access_keys: Mapping[str, AccessKey]
    """By the target's name; empty when mPaaS was not needed."""

    @classmethod
    def from_environ(
        cls,
        environ: Mapping[str, str],
        *,
        directory: Path,
        needs: AbstractSet[Need] = EVERYTHING,
        doubts: Mapping[str, str] = MappingProxyType({}),
        why_no_server: Callable[[], str] = str,
    ) -> Self:
        """Read the environment and the configuration it names; raise ``SettingsError`` with every mistake at once.

        The configuration's path begins at ``directory``, every other at its folder. ``needs`` says what the process
        does, and so what it cannot do without: an operator's verbs nothing (``frozenset()``). ``doubts`` say why
        variables are not taken (``bot.settings.variables``), ``why_no_server`` why no embedded store could be started.
        """
        wrong: list[str] = []
        variables = _environment(environ, needs, doubts, wrong)
        path = _path("BROADCAST_CONFIG", directory, label := variables.BROADCAST_CONFIG, wrong)
        sure = not any(sentence.startswith("BROADCAST_CONFIG:") for sentence in wrong)
        configuration = _configuration(path, label, wrong) if sure else None
        redis_url = store_files.read_redis_url(variables.REDIS_URL, path.parent, wrong)
        data = _data(variables, directory, path, wrong)
        asked = configuration.targets if configuration and "mpaas" in needs else {}
        keys = _access_keys(asked, label, environ, doubts, wrong)
        egress = read_egress(variables, path.parent, wrong)
        wrong += filter(None, [why_no_server()] if needs and not variables.REDIS_URL else [])
        if wrong or configuration is None:
            raise SettingsError(*wrong)
        return cls(
            slack=_slack(variables),
            redis_url=redis_url,
            **data,
            seal_key=variables.BROADCAST_SEAL_KEY,
            egress=egress,
            config=path,
            team_id=configuration.team_id,
            timezone=configuration.timezone,
            targets=configuration.targets,
            access_keys=MappingProxyType(keys),
        )

    @property
    def embedded(self) -> bool:
        """Tell whether the bot runs its own store."""
        return not self.redis_url

    @property
    def store_place(self) -> str:
        """Say where the store is, without what is secret: "in /srv/bot/var" or "at redis://db.example:6379/0"."""
        address = self.redis_url.get_secret_value()
        return f"at {read_address(address).shown}" if address else f"in {self.data_dir}"

    def with_seal_key(self, *, may_make: bool = True) -> Self:
        """Give the same settings with a seal key: with the embedded store it is read from its file, or made there."""
        if self.seal_key:
            return self
        return self.model_copy(update={"seal_key": seal_key_from(self.data_dir, may_make=may_make)})

    def secrets(self) -> tuple[str, ...]:
        """List every value that must never be written anywhere: the logs take them out by these."""
        passwords = secrets_of(self.redis_url.get_secret_value()) if self.redis_url else ()
        keys = [part for key in self.access_keys.values() for part in (key.id, key.secret, key.security_token)]
        hidden = [self.slack.bot_token, self.slack.app_token, self.slack.signing_secret, self.seal_key, *keys]
        found = {*passwords, *(secret.get_secret_value() for secret in hidden)}
        found |= self.egress.secrets()
        return tuple(sorted(found - {""}))

    def cautions(self) -> tuple[str, ...]:
        """Say what is allowed and yet unwise, for ``doctor``: shared credentials, no time to stop a live push."""
        hasty = tuple(
            f"Target {name!r} (live) has a veto_window of {target.veto_window} s: nobody can stop a push in that time."
            for name, target in self.targets.items()
            if target.environment == "live" and target.veto_window < _SHORT_VETO
        )
        return hasty + tuple(
            f"Targets {test!r} (test) and {live!r} (live) use the same AccessKey: whoever can test can send to live."
            for test, low in self.targets.items()
            for live, high in self.targets.items()
            if low.environment == "test" and high.environment == "live"
            if test in self.access_keys and self.access_keys[test].id == self.access_keys[live].id
        )


def _environment(
    environ: Mapping[str, str], needs: AbstractSet[Need], doubts: Mapping[str, str], wrong: list[str]
) -> Environment:
    given = told(environ)
    refused = doubted(given, environ, doubts)
    wrong += refused.values()
    taken = {name: value for name, value in given.items() if name not in refused}
    try:
        variables = Environment.model_validate(taken)
    except ValidationError as error:
        wrong += complaints.of_validation(error, "", [Environment])
        bad = {str(details["loc"][0]) for details in error.errors()}
        variables = Environment.model_validate({name: value for name, value in taken.items() if name not in bad})
    wrong += missing(given.keys(), environ, needs)
    return variables


def _path(name: str, folder: Path, text: str, wrong: list[str]) -> Path:
    try:
        return values.path_in(folder, text)
    except ValueError as error:
        wrong.append(f"{name}: {error}.")
    return folder / str(Environment.model_fields[name].default)


def _data(variables: Environment, directory: Path, config: Path, wrong: list[str]) -> dict[str, Any]:
    return {
        "data_dir": _path("BROADCAST_DATA_DIR", config.parent, variables.BROADCAST_DATA_DIR, wrong),
        "data_dir_origin": _origin(variables, config),
        "earlier_data_dir": _path("BROADCAST_DATA_DIR", directory, variables.BROADCAST_DATA_DIR, []),
        "overlooked": _overlooked(directory, config.parent),
    }


def _origin(variables: Environment, config: Path) -> str:
    """Say which settings put the data where it is."""
    if "BROADCAST_DATA_DIR" not in variables.model_fields_set:
        said = f"BROADCAST_DATA_DIR is not set, which means {variables.BROADCAST_DATA_DIR}"
    else:
        said = f"BROADCAST_DATA_DIR is {variables.BROADCAST_DATA_DIR}"
    return f"{said}, and the configuration is {config}"


def _overlooked(directory: Path, folder: Path) -> str:
    beside = folder / ".env"
    if folder.resolve() == directory.resolve() or not beside.is_file():
        return ""
    return f"{beside} is not read, only the .env of the folder where this is run: run it in {folder}."


def _slack(variables: Environment) -> Slack:
    return Slack(
        bot_token=variables.SLACK_BOT_TOKEN,
        app_token=variables.SLACK_APP_TOKEN,
        signing_secret=variables.SLACK_SIGNING_SECRET,
        api_url=variables.SLACK_API_URL,
    )


def _configuration(path: Path, label: str, wrong: list[str]) -> Configuration | None:
    text = ""
    try:
        text = text_files.read(path)
        return Configuration.model_validate(tomllib.loads(text))
    except FileNotFoundError:
        advice = "Copy broadcast.example.toml to it, or set BROADCAST_CONFIG."
        wrong.append(f"{label}: there is no such file in {path.parent}. {advice}")
    except tomllib.TOMLDecodeError as error:
        wrong.append(f"{label}: is not TOML: {error}.{_odd_quotes(text, error)}")
    except ValidationError as error:
        wrong += complaints.of_validation(error, label, [Configuration, Target])
    except ValueError as error:
        wrong.append(f"{label}{error}")
    return None


def _odd_quotes(text: str, error: tomllib.TOMLDecodeError) -> str:
    """Say that the quotes are the wrong ones, where the line that TOML complained of has such."""
    line = re.search(r"line (\d+)", str(error))
    said = text.splitlines()[int(line[1]) - 1 : int(line[1])] if line else []
    odd = sorted(set("".join(said)) & set(_ODD_QUOTES))
    return f" The quotes {' '.join(odd)} are those of a text for people: TOML's are plain ones, \" or '." if odd else ""


def _access_keys(
    targets: Mapping[str, Target],
    label: str,
    environ: Mapping[str, str],
    doubts: Mapping[str, str],
    wrong: list[str],
) -> dict[str, AccessKey]:
    keys = {}
    for name, target in targets.items():
        names = [target.access_key_id_env, target.access_key_secret_env]
        refused = doubted([one for one in names if one not in Environment.model_fields], environ, doubts)
        wrong += [sentence for sentence in refused.values() if sentence not in wrong]
        key, absent = access_key(*names, environ=environ)
        wrong += [f"{variable}: is missing: {label} names it in targets.{name}." for variable in absent]
        if key is not None:
            keys[name] = key
    return keys
