"""Everything that can be set: the environment and ``broadcast.toml`` become one frozen ``Settings`` value.

Here: which variables and keys there are, what they may say, and the sentences for what is wrong with them. All mistakes
are reported at once, as one ``bot.errors.SettingsError``. Nothing is read when a module is imported; the command line
says which environment and which ``.env``.

Not here: whether a token really works or a channel exists. That needs the network; ``doctor`` asks.

``docs/settings.md``, ``.env.example`` and ``broadcast.example.toml`` are made from the descriptions in these models.
"""

from bot.settings.configuration import Configuration, Target
from bot.settings.environment import AccessKey, Environment, Need, Slack
from bot.settings.seal import seal_key_from
from bot.settings.settings import Settings
from bot.settings.variables import Variables

__all__ = [
    "AccessKey",
    "Configuration",
    "Environment",
    "Need",
    "Settings",
    "Slack",
    "Target",
    "Variables",
    "seal_key_from",
]
