"""The seal key that the bot makes for itself when it runs with the embedded store.

It lies beside the store's data. Whoever can read it can forge votes, so a file that others may read is refused, not
repaired: nobody knows who has read it.
"""

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings.environment import SEAL_KEY_LENGTH

_NAME: Final = "seal.key"
_BYTES: Final = 32  # as long as the HMAC-SHA256 it keys
_READ_AT_MOST: Final = 4_096


def seal_key_from(data_dir: Path) -> SecretStr:
    """Read the key in ``data_dir``, or make it there; raise ``SettingsError`` when that is not safe.

    Of several processes that start at once one makes the key and all read the same: the file gets its name only when
    it is complete, and never replaces another.
    """
    path = data_dir / _NAME
    try:
        if not os.path.lexists(path):
            _make(path)
        return SecretStr(_read(path))
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be made or read ({error.strerror}). Set BROADCAST_SEAL_KEY instead."
        ) from error


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{_NAME}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(_BYTES)}\n")
            file.flush()
            os.fsync(descriptor)
        os.link(draft, path)  # fails when the name is taken, where a rename would replace the other's key
        _sync_directory(path.parent)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _sync_directory(directory: Path) -> None:
    """Make the new name survive a power failure: a lost key makes every stored vote worthless."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> str:
    with os.fdopen(
        os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), encoding="ascii", errors="replace"
    ) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077:
            raise SettingsError(
                f"{path}: must be a plain file that belongs to you and that nobody else can read. "
                "Others may have read this one: stop the bot, delete it, and ask for pending approvals again."
            )
        key = file.read(_READ_AT_MOST).strip()
    if len(key) < SEAL_KEY_LENGTH or not key.isascii():
        raise SettingsError(
            f"{path}: does not hold a key of at least {SEAL_KEY_LENGTH} characters. Restore it from a backup."
        )
    return key
