"""The seal key that the bot makes for itself when it runs with the embedded store.

It lies beside the store's data. Whoever can read it can forge votes, so a file that others may read is refused, not
repaired: nobody knows who has read it. No sentence here advises to do away with a key: without it, everything that is
stored counts as changed.
"""

import errno
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.errors import SettingsError
from bot.owners import owner_of, why_refused
from bot.settings.environment import SEAL_KEY_LENGTH

_NAME: Final = "seal.key"
_BYTES: Final = 32  # as long as the HMAC-SHA256 it keys
_READ_AT_MOST: Final = 4_096
_PUT_BACK: Final = "Put it back from a backup, or set BROADCAST_SEAL_KEY to what the running bot has."


def seal_key_from(data_dir: Path, *, may_make: bool = True) -> SecretStr:
    """Read the key in ``data_dir``, or make it there if that may be; raise ``SettingsError`` when it is not safe.

    Of several processes that start at once one makes the key and all read the same: the file gets its name only when
    it is complete, and never replaces another. It may not be made beside a store that was sealed with one already.
    """
    path = data_dir / _NAME
    try:
        if _is_missing(path):
            _begin(path, may_make=may_make)
        return SecretStr(_read(path))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {_why(path, error)}.") from error


def _is_missing(path: Path) -> bool:
    """Tell whether there is nothing; raise OSError when this user may not look, which is something else."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    return False


def _begin(path: Path, *, may_make: bool) -> None:
    """Make the first key; refuse where a store has had one."""
    if not may_make:
        raise SettingsError(
            f"{path}: is not there, but the store beside it was sealed with a key. Put the file back, from a backup or "
            "from where it was moved, or set BROADCAST_SEAL_KEY to what the running bot has."
        )
    try:
        _make(path)
    except OSError as error:
        why = f"{path.parent} is not a folder" if isinstance(error, FileExistsError) else error.strerror
        raise SettingsError(
            f"{path}: cannot be made ({why}). Let the bot write in that folder, or set BROADCAST_DATA_DIR "
            "to one where it can; a new store may also be given its key in BROADCAST_SEAL_KEY."
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


def _why(path: Path, error: OSError) -> str:
    if error.errno == errno.ELOOP:  # what O_NOFOLLOW says of a link
        return "it is a link, which is not followed; put the file itself there, or its content into BROADCAST_SEAL_KEY"
    if isinstance(error, PermissionError):
        return f"it {why_refused(path)}; run this as the user who runs the bot"
    return str(error.strerror)


def _read(path: Path) -> str:
    with os.fdopen(
        os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), encoding="ascii", errors="replace"
    ) as file:
        if complaint := _complaint(path, os.fstat(file.fileno())):
            raise SettingsError(f"{path}: {complaint}")
        key = file.read(_READ_AT_MOST).strip()
    if not key:
        raise SettingsError(f"{path}: is empty, so it does not hold a key. {_PUT_BACK}")
    if len(key) < SEAL_KEY_LENGTH or not key.isascii():
        raise SettingsError(f"{path}: does not hold a key of at least {SEAL_KEY_LENGTH} ASCII characters. {_PUT_BACK}")
    return key


def _complaint(path: Path, status: os.stat_result) -> str:
    """Say why a file is not taken for a key, one sentence for each cause."""
    mode = stat.S_IMODE(status.st_mode)
    if not stat.S_ISREG(status.st_mode):
        return "must be a plain file, and is something else. Put the key's file back there, or set BROADCAST_SEAL_KEY."
    if status.st_uid != os.geteuid():
        owner = owner_of(path)
        return f"belongs to {owner}, not to the user who runs this: run it as {owner}, who runs the bot."
    if mode & 0o077:
        return (
            f"must be a file that nobody else can read, and its mode is {mode:o}: chmod 600 {path}. Others may have "
            "read it, so change the key when that is convenient (docs/runbook.md). Where Kubernetes opens it at "
            "every start (fsGroup), give the key in BROADCAST_SEAL_KEY."
        )
    return ""
