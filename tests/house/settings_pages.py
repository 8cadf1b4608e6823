"""The pages about settings, made from the descriptions in ``bot.settings``; ``write_pages`` writes them."""

import json
from collections.abc import Iterator
from textwrap import wrap

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.domain.store_options import FORCED, OPTIONS
from bot.settings import Configuration, Environment, Target

COMMENT_WIDTH = 100
# The targets of the example: what stands in them instead of the descriptions' own examples. A test has its own app, its
# own channel and its own keys.
EXAMPLES: dict[str, dict[str, object]] = {
    "live": {},
    "test": {
        "environment": "test",
        "app_id": "ONEX0000000TEST",
        "platforms": ["android", "ios"],
        "approvals_channel": "C0123TRIAL",
        "approvers": ["U01ANA", "U02BO"],
        "veto_window": "0s",
        "access_key_id_env": "MPAAS_TEST_AK_ENV",
        "access_key_secret_env": "MPAAS_TEST_SK_ENV",
    },
}
OWN_VARIABLES = [name for own in EXAMPLES.values() for key, name in own.items() if key.startswith("access_key_")]


def plain(value: object) -> object:
    """Give a default as a person would write it; a hidden or missing one is empty."""
    return "" if isinstance(value, SecretStr) else list(value) if isinstance(value, tuple) else value


def example(field: FieldInfo) -> object:
    return plain(field.examples[0] if field.examples else field.default)


def env_example() -> str:
    """Render ``.env.example``: every variable, its meaning above it."""
    lines = ["# Copy to .env and fill in. An empty variable counts as one that is not set."]
    for name, field in Environment.model_fields.items():
        lines += ["", *(f"# {line}" for line in wrap(str(field.description), COMMENT_WIDTH))]
        told = plain(field.default) or ""
        # A value that is only the default stays commented out, so that a later default reaches everybody.
        lines.append(f"# {name}={told}" if told else f"{name}=")
    lines += ["", "# variables that broadcast.example.toml names in a target"]
    lines += [f"{name}=" for name in OWN_VARIABLES]
    return "\n".join([*lines, ""])


def toml_example() -> str:
    """Render ``broadcast.example.toml``: a live and a test target, the meaning of each key beside the first."""
    lines = ["# Copy to broadcast.toml. Every key is explained in docs/settings.md.", ""]
    for name, field in Configuration.model_fields.items():
        if name != "targets":
            lines += [f"# {field.description}", f"{name} = {json.dumps(example(field))}"]
    for target, own in EXAMPLES.items():
        lines += ["", f"[targets.{target}]"]
        for name, field in Target.model_fields.items():
            lines += [f"# {line}" for line in wrap(str(field.description), COMMENT_WIDTH) if not own]
            lines.append(f"{name} = {json.dumps(own.get(name, example(field)))}")
    return "\n".join([*lines, ""])


def rows(model: type[BaseModel]) -> Iterator[str]:
    """Render a table of all keys with their defaults; "required" where there is none."""
    yield "| name | meaning | default |"
    yield "|---|---|---|"
    for name, field in model.model_fields.items():
        default = plain(field.default)
        shown = "required" if field.is_required() else f"`{default}`" if default not in ("", []) else "empty"
        yield f"| `{name}` | {field.description} | {shown} |"


def redis_options() -> Iterator[str]:
    """Render what may stand behind the "?" of REDIS_URL, and what may not."""
    yield "`REDIS_URL` is `redis://USER:PASSWORD@HOST:PORT/DB`, `rediss://` for TLS, or `unix:///PATH`. In a password"
    yield "write `@` as `%40`, `:` as `%3A`, `/` as `%2F`, `#` as `%23`, `?` as `%3F` and `%` as `%25`. Behind a `?`"
    yield "may stand, as `NAME=VALUE` with `&` between them, and nothing else:"
    yield ""
    yield "| option | says | meaning |"
    yield "|---|---|---|"
    for name, option in OPTIONS.items():
        yield f"| `{name}` | {option.says}{'; with `rediss://`' if option.tls else ''} | {option.why} |"
    yield ""
    yield "Files are found from the folder of `broadcast.toml`, and tried at the start. What the bot sets itself is"
    yield "refused:"
    yield ""
    for why in dict.fromkeys(FORCED.values()):
        names = ", ".join(f"`{name}`" for name, reason in FORCED.items() if reason == why)
        yield f"- {names}: {why}"


def page() -> str:
    """Render ``docs/settings.md``."""
    top = [(name, field) for name, field in Configuration.model_fields.items() if name != "targets"]
    return "\n".join(
        [
            "# Settings",
            "",
            "<!-- Made by `make docs`; edit the descriptions in `bot/settings/`. -->",
            "",
            "All mistakes are reported together, each with its place and what is allowed; the exit status is then 2.",
            "",
            "## Environment",
            "",
            "Read once, at the start, also from a file `.env` in the working directory; the process's own variables",
            "win. An empty variable counts as one that is not set.",
            "",
            *rows(Environment),
            "",
            "Which of them are needed depends on what is started:",
            "",
            "| started | needs |",
            "|---|---|",
            "| `run`, `slack` | `SLACK_BOT_TOKEN`, `SLACK_APP_TOKEN` or `SLACK_SIGNING_SECRET`, each target's keys |",
            "| `slack --http` | `SLACK_BOT_TOKEN`, `SLACK_SIGNING_SECRET`, each target's keys |",
            "| `worker` | `SLACK_BOT_TOKEN`, each target's keys |",
            "| `list`, `show`, `settle`, `halt`, `resume`, `audit` | nothing of the above |",
            "| everything, when `REDIS_URL` is set | `BROADCAST_SEAL_KEY` |",
            "",
            "Credentials are taken as a pair: when neither `MPAAS_AK_ENV` nor `MPAAS_SK_ENV` is set, the two",
            "`ALIBABA_CLOUD_*` variables are read, and `ALIBABA_CLOUD_SECURITY_TOKEN` with them. A target that names",
            "variables of its own reads those and no others.",
            "",
            *redis_options(),
            "",
            "Values are read as they were meant, or refused with the reason:",
            "",
            "- Blanks and line ends around a value are not part of it, in secrets and paths too. A value with a line",
            "  end or a character that nobody sees inside is refused.",
            "- A value in quotes is refused: `docker --env-file` and Kubernetes keep them. In `.env` they are taken",
            "  off, as python-dotenv does; quotes that belong to a value stand between single quotes there, as in",
            "  `'\"value\"'`.",
            "- Nothing is put in the place of `${...}` in `.env`. Earlier versions did that, so a value that has it is",
            "  refused: write it out.",
            "- A name that stands twice in `.env` with two values, and a line there that is not `NAME=VALUE`, are",
            "  refused.",
            "- Files are UTF-8, with or without a byte order mark, with any line ends.",
            "- `~` is the home folder in paths. `BROADCAST_CONFIG` begins at the working directory,",
            "  `BROADCAST_DATA_DIR` at the configuration's folder.",
            "- What Kubernetes and Docker set for services (`BROADCAST_PORT`, `BROADCAST_SERVICE_HOST`, ...) is passed",
            "  over.",
            "",
            "Only `run`, `slack` and `worker` begin an embedded store and make its key. Every other verb acts on a",
            "store that is there, and names it.",
            "",
            "## `broadcast.toml`",
            "",
            *(f"- `{name}`: {field.description}, for example `{json.dumps(example(field))}`" for name, field in top),
            f"- `targets`: {Configuration.model_fields['targets'].description}",
            "",
            "Keys of a target:",
            "",
            *rows(Target),
            "",
            "Durations are written with their units: `90s`, `1h30m`, `2d`. `approval_expires` is from 1m to 30d,",
            "`veto_window` from 0s to 1h. A quorum that the listed people could never reach is",
            "refused.",
            "",
            "A test is kept apart from live: it may not reach the same app and workspace, nor be approved in the same",
            "channel. `doctor` warns when both use the same AccessKey.",
            "",
        ]
    )


PAGES = {".env.example": env_example, "broadcast.example.toml": toml_example, "docs/settings.md": page}
