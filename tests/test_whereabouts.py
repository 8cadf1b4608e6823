"""Where the store is, and who may begin one."""

from pathlib import Path

import pytest
from operations.bench import Bench
from pydantic import SecretStr

from bot import whereabouts
from bot.errors import SettingsError, StoreUnavailable
from bot.settings import Settings
from bot.store.embedded import EmbeddedValkey
from bot.store.store import RequestStore


@pytest.fixture
def settings(store: RequestStore, tmp_path: Path) -> Settings:
    """Give the settings of a bot with its own store, which has not begun."""
    with Bench(store, tmp_path):
        return Settings.from_environ({}, directory=tmp_path, needs=frozenset())


def test_a_key_is_made_for_a_store_that_may_begin(settings: Settings) -> None:
    with pytest.raises(StoreUnavailable, match="There is no store in"):
        whereabouts.sealed(settings)
    assert not settings.data_dir.exists()
    made = whereabouts.sealed(settings, may_begin=True)
    assert made.seal_key == whereabouts.sealed(settings, may_begin=True).seal_key
    assert not whereabouts.has_store(settings)


def test_a_key_that_is_gone_is_not_made_anew(settings: Settings) -> None:
    made = whereabouts.sealed(settings, may_begin=True)
    with EmbeddedValkey(settings.data_dir):
        assert whereabouts.sealed(settings).seal_key == made.seal_key
    (settings.data_dir / "seal.key").rename(settings.data_dir / "seal.key.away")
    for may_begin in (False, True):
        with pytest.raises(SettingsError, match=r"seal\.key: is not there, but the store beside it"):
            whereabouts.sealed(settings, may_begin=may_begin)


def test_a_store_by_its_address_is_somebody_elses_to_begin(settings: Settings) -> None:
    outside = settings.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1"), "seal_key": SecretStr("given")})
    assert whereabouts.has_store(outside)
    assert whereabouts.sealed(outside) is outside
