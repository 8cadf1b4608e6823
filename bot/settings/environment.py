"""The environment variables: their names are a contract, their values are taken apart here.

An empty variable counts as one that is not set, so that ``.env`` may list them all. Which of them are needed depends on
what is started: an operator's ``list`` needs no Slack token.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from bot.domain.words import meant
from bot.settings import values

Need = Literal["slack", "http", "announce", "mpaas"]
"""What a process does: listen to Slack ("http": on a port), only write to Slack, or call mPaaS."""

NOTHING: Final = SecretStr("")
_KEPT: Final = (
    " What is stored was sealed with one reading of it: write that one, the same for all processes; where quotes "
    "belong to it, in .env between single quotes."
)
# Fewer characters than these can be tried out; `openssl rand -hex 32`, which the message names, gives 64.
SEAL_KEY_LENGTH: Final = 16

FROZEN: Final = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
_OWN_PREFIX: Final = "BROADCAST_"
_SMALL: Final = {"HTTPS_PROXY": "https_proxy", "NO_PROXY": "no_proxy"}
"""Variables that are known in small letters too, which win, as they do for curl."""
# What Kubernetes and Docker's links set for a service whose name begins like a variable of ours; a port is an address
# there (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
_OF_A_SERVICE: Final = re.compile(
    r"\w+?_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|NAME|ENV_\w+)", re.ASCII
)


def _begins_with(prefix: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if not secret.get_secret_value().startswith(prefix):
            raise ValueError(f"must begin with {prefix}")
        return secret

    return AfterValidator(check)


def _proxy(secret: SecretStr) -> SecretStr:
    return SecretStr(values.proxy(secret.get_secret_value()))


def _redis(secret: SecretStr) -> SecretStr:
    values.redis(secret.get_secret_value())
    return secret


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < SEAL_KEY_LENGTH:
        raise ValueError(f"must have at least {SEAL_KEY_LENGTH} characters, made at random: openssl rand -hex 32")
    return secret


class Environment(BaseModel):
    """Hold the variables as they were given, each checked by itself."""

    model_config = FROZEN

    SLACK_BOT_TOKEN: Annotated[SecretStr, _begins_with("xoxb-")] = Field(
        NOTHING, description="the bot's token", examples=["xoxb-..."]
    )
    SLACK_APP_TOKEN: Annotated[SecretStr, _begins_with("xapp-")] = Field(
        NOTHING,
        description="the app-level token; when it is set, Slack is reached by Socket Mode",
        examples=["xapp-..."],
    )
    SLACK_SIGNING_SECRET: SecretStr = Field(
        NOTHING, description="the secret Slack signs its requests with; needed when Slack calls the bot over HTTP"
    )
    SLACK_API_URL: Annotated[str, AfterValidator(values.web_api)] = Field(
        "https://slack.com/api/", description="base of Slack's Web API; the name is the one the Slack CLI sets"
    )
    REDIS_URL: Annotated[SecretStr, AfterValidator(_redis)] = Field(
        NOTHING,
        description=(
            "Redis 7.2 or newer, or Valkey: redis://, rediss:// or unix://; empty: an embedded Valkey that keeps its "
            "data in BROADCAST_DATA_DIR"
        ),
        examples=["redis://127.0.0.1:6379/0"],
    )
    BROADCAST_CONFIG: str = Field(
        "broadcast.toml", description="path of the configuration; a relative one begins at the working directory"
    )
    BROADCAST_DATA_DIR: str = Field(
        "var",
        description=(
            "where the embedded store and the generated key live; a relative path begins at the configuration's folder"
        ),
    )
    BROADCAST_SEAL_KEY: Annotated[SecretStr, AfterValidator(_long_enough)] = Field(
        NOTHING,
        description=(
            "the secret that votes and stored requests are sealed with (openssl rand -hex 32), the same for all "
            "processes; with the embedded store it may be left out: it is made at the first start and kept in "
            "BROADCAST_DATA_DIR, readable by its owner alone"
        ),
    )
    BROADCAST_CA_FILE: str = Field(
        "",
        description=(
            "path of a file (PEM) with the certificates of a private authority, which is trusted for Slack and mPaaS "
            "beside the system's authorities (certifi's where the system has none); a relative path begins at the "
            "configuration's folder, ~ is the home folder"
        ),
    )
    HTTPS_PROXY: Annotated[SecretStr, AfterValidator(_proxy)] = Field(
        NOTHING,
        description=(
            "HTTP proxy through which Slack and mPaaS are called: http://HOST:PORT or http://USER:PASSWORD@HOST:PORT; "
            "https_proxy means the same and wins; the store and addresses on this machine are reached without it"
        ),
        examples=["http://proxy.example.com:3128"],
    )
    NO_PROXY: Annotated[tuple[str, ...], BeforeValidator(values.no_proxy)] = Field(
        (),
        description=(
            "hosts that are called without the proxy, with commas between: a name stands for all names below it too, "
            "* for every host; no_proxy means the same and wins; Slack's WebSocket goes the way of SLACK_API_URL"
        ),
        examples=["mpaas.cn-hangzhou.aliyuncs.com"],
    )
    MPAAS_AK_ENV: SecretStr = Field(NOTHING, description="AccessKey id for mPaaS; a target may name another variable")
    MPAAS_SK_ENV: SecretStr = Field(NOTHING, description="AccessKey secret that belongs to it")
    ALIBABA_CLOUD_ACCESS_KEY_ID: SecretStr = Field(
        NOTHING, description="AccessKey id, read when neither MPAAS_AK_ENV nor MPAAS_SK_ENV is set"
    )
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: SecretStr = Field(NOTHING, description="AccessKey secret that belongs to it")
    ALIBABA_CLOUD_SECURITY_TOKEN: SecretStr = Field(
        NOTHING, description="token of temporary credentials (STS), used with ALIBABA_CLOUD_ACCESS_KEY_ID"
    )


class Slack(BaseModel):
    """Hold what is needed to talk to Slack; secrets that were not needed may be empty."""

    model_config = FROZEN

    bot_token: SecretStr
    app_token: SecretStr
    signing_secret: SecretStr
    api_url: str

    @property
    def socket_mode(self) -> bool:
        """Tell whether Slack is reached by Socket Mode."""
        return bool(self.app_token)


class AccessKey(BaseModel):
    """Hold one target's credentials at Alibaba Cloud; ``security_token`` is empty for a permanent key."""

    model_config = FROZEN

    id: SecretStr
    secret: SecretStr
    security_token: SecretStr = NOTHING


def told(environ: Mapping[str, str]) -> dict[str, str]:
    """Pick the bot's own variables that say something, without the blanks that pasting leaves around them."""
    small = {name: environ[alias] for name, alias in _SMALL.items() if environ.get(alias, "").strip()}
    spelt = {**environ, **small}
    return {name: spelt[name].strip() for name in Environment.model_fields if spelt.get(name, "").strip()}


def doubted(names: Iterable[str], environ: Mapping[str, str], doubts: Mapping[str, str]) -> dict[str, str]:
    """Say of which variables the value is not taken, and why; ``doubts`` are those about how it was written."""
    said = {name: environ.get(name, "").strip() for name in names}
    found = {name: doubts.get(name) or _unseen(value) for name, value in said.items() if value}
    return {
        name: f"{name}: {why}.{_KEPT if name == 'BROADCAST_SEAL_KEY' else ''}" for name, why in found.items() if why
    }


def _unseen(value: str) -> str:
    """Say what stands inside a value that nobody sees and nobody means."""
    letter = next((letter for letter in value if not letter.isprintable()), "")
    if not letter:
        return ""
    if "\ud800" <= letter <= "\udfff":
        return "is not UTF-8"
    return "has more than one line" if letter in "\r\n" else f"holds a character that nobody sees (U+{ord(letter):04X})"


def missing(given: AbstractSet[str], environ: Mapping[str, str], needs: AbstractSet[Need]) -> Iterator[str]:
    """Say which variables are needed and not given, and which look like a slip of the pen."""
    if needs & {"slack", "http", "announce"} and "SLACK_BOT_TOKEN" not in given:
        yield _is_missing("SLACK_BOT_TOKEN", environ)
    if "http" in needs and "SLACK_SIGNING_SECRET" not in given:
        yield _is_missing("SLACK_SIGNING_SECRET", environ)
    elif "slack" in needs and not given & {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}:
        yield f"{_is_missing('SLACK_APP_TOKEN', environ)} Without it, SLACK_SIGNING_SECRET is needed, for HTTP."
    if "REDIS_URL" in given and "BROADCAST_SEAL_KEY" not in given:
        yield _is_missing("BROADCAST_SEAL_KEY", environ)
    for name in sorted(environ):
        if name.startswith(_OWN_PREFIX) and _may_be_a_slip(name, environ[name]):
            hint = meant(name, [known for known in Environment.model_fields if known.startswith(_OWN_PREFIX)])
            if hint:
                yield f"{name}: there is no such variable.{hint}"


def _is_missing(name: str, environ: Mapping[str, str]) -> str:
    known = Environment.model_fields
    # A stranger is offered for the one name it resembles most, not for every name that begins alike.
    strangers = [other for other, value in environ.items() if _may_be_a_slip(other, value)]
    slips = [other for other in strangers if get_close_matches(other, known, n=1) == [name]]
    return f"{name}: is missing: {known[name].description}.{meant(name, slips)}"


def _may_be_a_slip(name: str, value: str) -> bool:
    of_a_service = _OF_A_SERVICE.fullmatch(name) or (name.endswith("_PORT") and "://" in value)
    return name not in Environment.model_fields and not of_a_service


def access_key(
    id_variable: str, secret_variable: str, *, environ: Mapping[str, str]
) -> tuple[AccessKey | None, list[str]]:
    """Read one target's credentials: the key, or which variables are missing.

    A pair is taken whole: an id of the one source never meets a secret of the other.
    """
    names = [id_variable, secret_variable]
    token = ""
    if names == ["MPAAS_AK_ENV", "MPAAS_SK_ENV"] and not any(environ.get(name, "").strip() for name in names):
        vendors = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
        if any(environ.get(name, "").strip() for name in vendors):
            names, token = vendors, environ.get("ALIBABA_CLOUD_SECURITY_TOKEN", "").strip()
    pair = [environ.get(name, "").strip() for name in names]
    if not all(pair):
        return None, [name for name, value in zip(names, pair, strict=True) if not value]
    return AccessKey(id=SecretStr(pair[0]), secret=SecretStr(pair[1]), security_token=SecretStr(token)), []
