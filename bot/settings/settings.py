"""``Settings``: the environment and the configuration, checked together, frozen."""

import tomllib
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, SecretStr, ValidationError

from bot.domain.store_address import read_address, secrets_of
from bot.errors import SettingsError
from bot.settings import complaints, store_files
from bot.settings.configuration import Configuration, Target
from bot.settings.egress import Egress, read_egress
from bot.settings.environment import FROZEN, NOTHING, AccessKey, Environment, Need, Slack, access_key, missing, told
from bot.settings.seal import seal_key_from

_SHORT_VETO: Final = 10
"""Seconds below which nobody reads a card and presses Stop."""

EVERYTHING: Final[frozenset[Need]] = frozenset({"slack", "mpaas"})
"""What ``run`` needs: it listens to Slack and calls mPaaS."""


class Settings(BaseModel):
    """Hold everything that can be set. Secrets are hidden; an empty one was not given."""

    model_config = FROZEN

    slack: Slack
    redis_url: SecretStr
    data_dir: Path
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
        why_no_server: Callable[[], str] = str,
    ) -> Self:
        """Read the environment and the configuration it names; raise ``SettingsError`` with every mistake at once.

        Relative paths begin at ``directory``. ``needs`` says what the process will do, and so which secrets it cannot
        do without; an operator's verbs need none of them (``frozenset()``). For the others ``why_no_server`` is asked,
        when there is no REDIS_URL, why no embedded store could be started here; "" when one can.
        """
        wrong: list[str] = []
        variables = _environment(environ, needs, wrong)
        label = variables.BROADCAST_CONFIG
        path = directory / label
        configuration = _configuration(path, label, wrong)
        redis_url = _redis_url(variables.REDIS_URL.get_secret_value(), path.parent, wrong)
        keys = _access_keys(configuration, label, environ, wrong) if configuration and "mpaas" in needs else {}
        egress = read_egress(variables, path.parent, wrong)
        if needs and not variables.REDIS_URL and (why := why_no_server()):
            wrong.append(why)
        if wrong or configuration is None:
            raise SettingsError(*wrong)
        return cls(
            slack=_slack(variables),
            redis_url=redis_url,
            data_dir=directory / variables.BROADCAST_DATA_DIR,
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

    def with_seal_key(self) -> Self:
        """Give the same settings with a seal key: with the embedded store it is read from its file, or made there."""
        return self if self.seal_key else self.model_copy(update={"seal_key": seal_key_from(self.data_dir)})

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


def _environment(environ: Mapping[str, str], needs: AbstractSet[Need], wrong: list[str]) -> Environment:
    given = told(environ)
    try:
        variables = Environment.model_validate(given)
    except ValidationError as error:
        wrong += complaints.of_validation(error, "", [Environment])
        bad = {str(details["loc"][0]) for details in error.errors()}
        variables = Environment.model_validate({name: value for name, value in given.items() if name not in bad})
    wrong += missing(given.keys(), environ, needs)
    return variables


def _slack(variables: Environment) -> Slack:
    return Slack(
        bot_token=variables.SLACK_BOT_TOKEN,
        app_token=variables.SLACK_APP_TOKEN,
        signing_secret=variables.SLACK_SIGNING_SECRET,
        api_url=variables.SLACK_API_URL,
    )


def _redis_url(text: str, folder: Path, wrong: list[str]) -> SecretStr:
    """Write the files that REDIS_URL names as whole paths, and try them."""
    if not text:
        return NOTHING
    try:
        address = store_files.located(read_address(text), folder)
    except ValueError as error:
        wrong.append(f"REDIS_URL: {error}.")
        return NOTHING
    wrong += store_files.complaints(address)
    return SecretStr(address.written() if address.tls else text)


def _configuration(path: Path, label: str, wrong: list[str]) -> Configuration | None:
    try:
        return Configuration.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        wrong.append(f"{label}: there is no such file. Copy broadcast.example.toml to it, or set BROADCAST_CONFIG.")
    except OSError as error:
        wrong.append(f"{label}: cannot be read ({error.strerror}).")
    except UnicodeDecodeError as error:
        wrong.append(f"{label}, byte {error.start}: is not UTF-8.")
    except tomllib.TOMLDecodeError as error:
        wrong.append(f"{label}: is not TOML: {error}.")
    except ValidationError as error:
        wrong += complaints.of_validation(error, label, [Configuration, Target])
    return None


def _access_keys(
    configuration: Configuration, label: str, environ: Mapping[str, str], wrong: list[str]
) -> dict[str, AccessKey]:
    keys = {}
    for name, target in configuration.targets.items():
        key, absent = access_key(target.access_key_id_env, target.access_key_secret_env, environ=environ)
        wrong += [f"{variable}: is missing: {label} names it in targets.{name}." for variable in absent]
        if key is not None:
            keys[name] = key
    return keys
