"""Whose a file is, for sentences about files that somebody else may read or that this user may not."""

from pathlib import Path


def owner_of(path: Path) -> str:
    """Name the owner of a file (of a link itself, not of what it leads to), by number where there is no name.

    Raises OSError when that cannot be looked at.
    """
    about = path.lstat()
    try:
        return path.owner() if not path.is_symlink() else f"uid {about.st_uid}"
    except KeyError:
        return f"uid {about.st_uid}"


def why_refused(path: Path) -> str:
    """Say why the system lets this user not read ``path``: the end of a sentence that began with it."""
    for place in (path, *path.parents):
        try:
            return f"belongs to {owner_of(place)}" if place == path else f"{place} belongs to {owner_of(place)}"
        except OSError:
            continue
    raise AssertionError("unreachable: everybody may look at /")
