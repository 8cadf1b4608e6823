"""Where the store is, and who may begin one.

Only what starts the bot may. Everything else acts on a store that is there, and says where it looked when there is
none: a halt of a store that it made on the spot would stop nothing.
"""

from bot.errors import StoreUnavailable
from bot.settings import Settings
from bot.store.embedded_folder import Folder


def has_store(settings: Settings) -> bool:
    """Tell whether there is a store: with REDIS_URL there is, the embedded one has to have been begun."""
    return not settings.embedded or Folder(settings.data_dir).holds_a_store()


def sealed(settings: Settings, *, may_begin: bool = False) -> Settings:
    """Give the settings with their seal key; it is made only for a store that may begin and has not.

    Raises StoreUnavailable when there is no store here and none may begin: an operator's verb, in the wrong place,
    would act on nothing. Raises SettingsError when the key cannot be used.
    """
    begun = has_store(settings)
    if not begun and not may_begin:
        raise StoreUnavailable(no_store(settings))
    if may_begin and left_behind(settings):
        raise StoreUnavailable(_which(settings) if begun else no_store(settings))
    return settings.with_seal_key(may_make=not begun)


def no_store(settings: Settings) -> str:
    """Say that there is no store here, why it was looked for here, and what to do."""
    same = "Let REDIS_URL, BROADCAST_CONFIG and BROADCAST_DATA_DIR be what the running bot has."
    said = [f"There is no store in {settings.data_dir}: {settings.data_dir_origin}.", same, settings.overlooked]
    if left_behind(settings):
        there = settings.earlier_data_dir
        said.append(f"There is one in {there}: to go on with it, set BROADCAST_DATA_DIR={there}")
        said.append("(a relative path begins at the configuration's folder, no longer at the working directory).")
        said.append("A new one begins where BROADCAST_DATA_DIR is a whole path.")
    return " ".join(filter(None, said))


def _which(settings: Settings) -> str:
    return (
        f"There are two stores, one in {settings.data_dir} and one in {settings.earlier_data_dir}, where a relative "
        "path used to lead: set BROADCAST_DATA_DIR to the whole path of the one to go on with."
    )


def left_behind(settings: Settings) -> bool:
    """Tell whether there is a store where a relative path used to lead."""
    there = settings.earlier_data_dir
    try:
        return there != settings.data_dir and Folder(there).holds_a_store()
    except StoreUnavailable:  # where this user may not look, he has no store
        return False
