"""Everything that can be set: the environment and ``broadcast.toml`` become one frozen ``Settings`` value.

Here: which variables and keys there are, what they may say, and the sentences for what is wrong with them. All mistakes
are reported at once, as one ``bot.errors.SettingsError``. Nothing is read when a module is imported, and ``.env`` is
not read here at all: the command line loads it and passes the environment in.

Not here: whether a token really works or a channel exists. That needs the network; ``doctor`` asks.

``docs/settings.md``, ``.env.example`` and ``broadcast.example.toml`` are made from the descriptions in these models.
"""

from bot.settings.configuration import Configuration, Target
from bot.settings.environment import AccessKey, Environment, Need, Slack
from bot.settings.seal import seal_key_from
from bot.settings.settings import Settings

__all__ = ["AccessKey", "Configuration", "Environment", "Need", "Settings", "Slack", "Target", "seal_key_from"]
