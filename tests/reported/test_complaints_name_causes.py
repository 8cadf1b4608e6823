"""A complaint about files names the right cause, and no advice anywhere costs somebody a key, a store or a trail."""

import ast
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from house import tree

from bot.errors import SettingsError, StoreUnavailable
from bot.settings import seal_key_from, text_files
from bot.store.embedded import EmbeddedValkey
from bot.store.embedded_folder import Folder

ANOTHER = 65_534
"""The user id of somebody else: nobody's, on Linux."""

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a folder that every user may enter, as /srv is."""
    folder = Path(tempfile.mkdtemp(prefix="broadcast-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def as_another() -> Iterator[None]:
    """Be somebody else for the file system."""
    os.seteuid(ANOTHER)
    try:
        yield
    finally:
        os.seteuid(0)


def complaint(data: Path, *, may_make: bool = False) -> str:
    with pytest.raises(SettingsError) as refusal:
        seal_key_from(data, may_make=may_make)
    return str(refusal.value)


# The key -------------------------------------------------------------------------------------------------------------


@needs_root
def test_root_is_told_whose_the_key_is_and_as_whom_to_run(place: Path) -> None:
    """Root ran a verb beside the bot of another user, and was told to do away with the bot's key."""
    seal_key_from(place / "var")
    os.chown(place / "var" / "seal.key", ANOTHER, -1)
    assert complaint(place / "var") == (
        f"- {place / 'var' / 'seal.key'}: belongs to nobody, not to the user who runs this: "
        "run it as nobody, who runs the bot."
    )


@needs_root
@pytest.mark.parametrize("may_make", [False, True])
def test_who_may_not_read_the_key_is_told_whose_it_is(place: Path, *, may_make: bool) -> None:
    """An operator ran a verb beside root's bot: he has no other key to set, and none is to be made."""
    seal_key_from(place / "var")
    with as_another():
        in_a_closed_folder = complaint(place / "var", may_make=may_make)
    (place / "var").chmod(0o755)
    with as_another():
        in_an_open_one = complaint(place / "var", may_make=may_make)
    path = place / "var" / "seal.key"
    assert in_an_open_one == f"- {path}: cannot be read: it belongs to root; run this as the user who runs the bot."
    assert in_a_closed_folder.startswith(f"- {path}: cannot be read: it ")
    assert "belongs to root; run this as the user who runs the bot." in in_a_closed_folder


@pytest.mark.parametrize("mode", [0o640, 0o644, 0o660, 0o604])
def test_a_key_that_others_may_read_is_closed_and_changed_when_convenient(place: Path, mode: int) -> None:
    """A copy or a volume opened it: closing it is enough to start."""
    seal_key_from(place)
    (place / "seal.key").chmod(mode)
    said = complaint(place)
    assert f"its mode is {mode:o}: chmod 600 {place / 'seal.key'}." in said
    assert "Others may have read it, so change the key when that is convenient" in said
    (place / "seal.key").chmod(0o600)
    assert seal_key_from(place)


@pytest.mark.parametrize(
    ("content", "cause"),
    [(b"", "is empty, so it does not hold a key"), (b"\n", "is empty"), (b"short", "of at least 16 ASCII characters")],
)
def test_a_key_that_was_cut_is_put_back(place: Path, content: bytes, cause: str) -> None:
    """A disk was full when the file was copied."""
    path = place / "seal.key"
    path.write_bytes(content)
    path.chmod(0o600)
    said = complaint(place, may_make=True)
    assert cause in said
    assert "Put it back from a backup, or set BROADCAST_SEAL_KEY to what the running bot has." in said
    assert path.read_bytes() == content


def test_what_the_system_says_of_a_key_is_passed_on(place: Path) -> None:
    """Nothing else is known of it."""
    assert "seal.key: cannot be read: File name too long." in complaint(place / ("long" * 100))


def test_a_link_is_named_as_such(place: Path) -> None:
    """Kubernetes mounts the files of a secret as links."""
    seal_key_from(place / "secret")
    (place / "seal.key").symlink_to(place / "secret" / "seal.key")
    assert "cannot be read: it is a link, which is not followed; put the file itself there" in complaint(place)


@pytest.mark.parametrize("may_make", [False, True])
def test_a_key_that_is_gone_beside_its_store_is_put_back(place: Path, *, may_make: bool) -> None:
    """The data was restored without the key: a new one, made in silence, turned every record into an alarm."""
    seal_key_from(place)
    with EmbeddedValkey(place):
        (place / "seal.key").rename(place / "seal.key.away")
    begun = Folder(place).holds_a_store()
    said = complaint(place, may_make=may_make and not begun)
    assert (
        f"{place / 'seal.key'}: is not there, but the store beside it was sealed with a key. Put the file back" in said
    )
    assert not (place / "seal.key").exists()


# The folder ----------------------------------------------------------------------------------------------------------


def refused(data: Path) -> str:
    with pytest.raises(StoreUnavailable) as refusal:
        EmbeddedValkey(data).ensure()
    return str(refusal.value)


@needs_root
def test_the_store_of_another_user_is_named_as_his(place: Path) -> None:
    """Root ran a verb beside the bot of another user, and was told to give the store another folder."""
    data = place / "var"
    with EmbeddedValkey(data):
        pass
    os.chown(data, ANOTHER, -1)
    assert refused(data) == f"{data} holds the store of nobody: run this as nobody, who runs the bot."


@needs_root
def test_a_volume_that_is_lent_to_a_group_is_told_what_to_do(place: Path) -> None:
    """Kubernetes mounted a volume with fsGroup: it belongs to root, and to a group of the bot."""
    os.chown(place, ANOTHER, 2_000)
    place.chmod(0o2775)
    assert refused(place) == (
        f"{place} belongs to nobody and is open to a group, as Kubernetes mounts a volume (fsGroup): set "
        f"BROADCAST_DATA_DIR to a folder in it that the bot makes for itself alone, such as {place / 'var'}."
    )
    with EmbeddedValkey(place / "var"):
        assert Folder(place / "var").holds_a_store()


@needs_root
def test_an_empty_folder_of_another_user_is_named_as_his(place: Path) -> None:
    """Somebody made the folder for the bot and forgot to give it to the bot's user."""
    place.chmod(0o755)
    os.chown(place, ANOTHER, -1)
    assert refused(place) == (
        f"{place} belongs to nobody: give the embedded store a folder of its own, or run this as nobody."
    )


@needs_root
def test_who_may_not_enter_the_folder_is_told_whose_it_is(place: Path) -> None:
    """An operator without rights was told "Permission denied", and no word about who has them."""
    with EmbeddedValkey(place / "var"):
        pass
    with as_another(), pytest.raises(StoreUnavailable) as refusal:
        Folder(place / "var").holds_a_store()
    assert "cannot be used: it belongs to root, and the user who runs this may not use it" in str(refusal.value)


def test_data_that_is_gone_is_brought_back_or_left_alone(place: Path) -> None:
    """The sentence told which file to take away, so that an empty store would begin."""
    with EmbeddedValkey(place):
        pass
    for path in (place / "appendonlydir").iterdir():
        path.unlink()
    said = refused(place)
    assert "bring it back from a backup" in said
    assert "set BROADCAST_DATA_DIR to another folder" in said
    assert Folder(place).filled.exists()


def test_a_file_in_the_folders_place_is_named_as_one(place: Path) -> None:
    """The complaint was that the file exists."""
    (place / "var").touch()
    assert refused(place / "var") == f"{place / 'var'} is not a folder, so it cannot hold the embedded store."
    assert f"cannot be made ({place / 'var'} is not a folder)" in complaint(place / "var", may_make=True)


@needs_root
def test_a_configuration_that_may_not_be_read_names_its_owner(place: Path) -> None:
    """The file was made by root, and the bot runs as somebody else."""
    path = place / "broadcast.toml"
    path.touch(mode=0o600)
    with as_another(), pytest.raises(ValueError) as refusal:
        text_files.read(path)
    assert str(refusal.value) == (": cannot be read: belongs to root, and the user who runs this may not read it.")


# Everything that is said ---------------------------------------------------------------------------------------------

_DESTROYS = r"delete|remove|rm|erase|wipe|discard|drop|unlink|destroy|flushall|flushdb|reset|overwrite"
# A command: at the begin of a sentence or of a part of one, not behind "could", "was" or "it".
ADVICE = re.compile(
    rf"(?:^|[.:;,|(]\s*|\b(?:and|or|then|please|must|should|just)\s+)(?:{_DESTROYS})\s+[^.|;]*",
    re.IGNORECASE,
)
HARMLESS = {
    "remove the cause within 15 minutes of the window's end": "of a gate that is closed",
}


def sentences() -> Iterator[tuple[str, str]]:
    """Yield everything that somebody may read: strings of the product that are no docstrings, and the pages."""
    for path in tree.product():
        module = tree.parsed(path)
        told = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield tree.name_of(path), node.value
    for page in (tree.ROOT / "README.md", *(tree.ROOT / "docs").glob("*.md")):
        yield from ((page.name, line) for line in page.read_text(encoding="utf-8").splitlines())


def test_nothing_that_anybody_reads_advises_to_destroy() -> None:
    """A cure that destroys is worse than the complaint: every sentence and every page is looked through."""
    advice = {(where, found[0].strip(" .:;,|(")) for where, text in sentences() for found in ADVICE.finditer(text)}
    assert {(where, words) for where, words in advice if words not in HARMLESS} == set()


@pytest.mark.parametrize(
    "text", ["Stop the bot, delete it, and ask again.", "If nothing is needed, remove {} to begin.", "rm var/seal.key"]
)
def test_such_an_advice_would_be_found(text: str) -> None:
    """The rule above sees the sentences that there were."""
    assert ADVICE.search(text)
