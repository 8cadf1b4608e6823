"""Who lives in the simulated workspace: people, user groups, channels and the bot itself.

Only the opening scene stands here; what happens to it later is kept in ``bot.playground.slack.world``.
"""

from dataclasses import dataclass

TEAM = "T0123456789"
OTHER_TEAM = "T0987654321"


@dataclass(frozen=True)
class Person:
    """Describe one member, as ``users.info`` would; ``tz`` is an IANA zone, ``locale`` an IETF tag."""

    id: str
    name: str
    real_name: str
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    team_id: str = TEAM
    team_domain: str = "harbour"
    is_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    is_bot: bool = False
    enterprise_id: str = ""
    """Their Enterprise organisation; ``users.info`` names it, and no ``team_id``."""
    teams: tuple[str, ...] = ()
    """The workspaces of the organisation that they are in."""


@dataclass(frozen=True)
class Group:
    """Describe one user group (``S...``) and its members' ids."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]
    disabled: bool = False


@dataclass(frozen=True)
class Channel:
    """Describe one conversation; ``members`` are user ids, the bot's included where it was invited."""

    id: str
    name: str
    members: frozenset[str]
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    is_im: bool = False
    is_mpim: bool = False


@dataclass(frozen=True)
class Cast:
    """Hold the opening scene: the workspace, the app, its people, groups and channels."""

    team_id: str
    team_domain: str
    team_name: str
    app_id: str
    bot_id: str
    bot: Person
    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    channels: tuple[Channel, ...]
    scopes: frozenset[str]
    enterprise_id: str = ""
    """The Enterprise organisation that the workspace is part of."""
    is_enterprise_install: bool = False
    """Whether the app was installed for the whole organisation."""


ANA = Person("U01ANA", "ana", "Ana Alves", tz="Europe/Berlin")
BO = Person("U02BO", "bo", "Bo Berg", tz="America/New_York")
CHEN = Person("U03CHEN", "chen", "Chen Chu", tz="Asia/Shanghai", locale="zh-CN")
DANA = Person("U04DANA", "dana", "Dana Diaz", tz="Europe/London", locale="en-GB")
GUS = Person("U05GUS", "gus", "Gus Guest", is_restricted=True)
OLGA = Person(
    "U06OLGA", "olga", "Olga Orlova", tz="Europe/Warsaw", team_id=OTHER_TEAM, team_domain="lighthouse", is_stranger=True
)
DEX = Person("U07DEX", "dex", "Dex Departed", deleted=True)
BOT = Person("U09BOT", "broadcast", "Broadcast", tz="UTC", is_bot=True)

MARKETING = Group("S01MARKETING", "marketing", "Marketing", (ANA.id, DANA.id))
ONCALL = Group("S02ONCALL", "oncall", "On call", (BO.id, CHEN.id))

_STAFF = frozenset({ANA.id, BO.id, CHEN.id, DANA.id})
GENERAL = Channel("C0001GENERAL", "general", _STAFF | {GUS.id, BOT.id})
BROADCASTS = Channel("C0002BROADCASTS", "broadcasts", _STAFF | {GUS.id, BOT.id})
APPROVALS = Channel("C0123APPROVE", "approvals", _STAFF | {GUS.id, BOT.id})
PARTNERS = Channel("C0004PARTNERS", "partners", _STAFF | {OLGA.id, BOT.id}, is_ext_shared=True)
RANDOM = Channel("C0005RANDOM", "random", _STAFF)
SECRET = Channel("C0006SECRET", "secret-plans", frozenset({ANA.id, BO.id}), is_private=True)
OLD = Channel("C0007OLD", "old-news", _STAFF | {BOT.id}, is_archived=True)

SCOPES = frozenset(
    {"channels:history", "channels:read", "chat:write", "commands", "groups:history", "groups:read"}
    | {"im:history", "im:read", "im:write", "usergroups:read", "users:read"}
)

CAST = Cast(
    team_id=TEAM,
    team_domain="harbour",
    team_name="Harbour",
    app_id="A0123456789",
    bot_id="B0123456789",
    bot=BOT,
    people=(ANA, BO, CHEN, DANA, GUS, OLGA, DEX),
    groups=(MARKETING, ONCALL),
    channels=(GENERAL, BROADCASTS, APPROVALS, PARTNERS, RANDOM, SECRET, OLD),
    scopes=SCOPES,
)
