"""A company of many people, so that nobody has to do more than a person would: half of them ask, half approve."""

from dataclasses import replace

from bot.playground.bot_settings import Rules
from bot.playground.cast import APPROVALS, CAST, GENERAL, Cast, Person

SIZE = 240
"""People on each side."""

ASKING = tuple(Person(f"U1ASK{number:03d}", f"asker{number}", f"Asker {number}") for number in range(SIZE))
DECIDING = tuple(Person(f"U2DEC{number:03d}", f"decider{number}", f"Decider {number}") for number in range(SIZE))

_ALL = frozenset(person.id for person in (*ASKING, *DECIDING))

COMPANY: Cast = replace(
    CAST,
    people=(*CAST.people, *ASKING, *DECIDING),
    channels=tuple(
        replace(channel, members=channel.members | _ALL) if channel.id in {GENERAL.id, APPROVALS.id} else channel
        for channel in CAST.channels
    ),
)

RULES = Rules(veto="0s", requesters=tuple(one.id for one in ASKING), approvers=tuple(one.id for one in DECIDING))
"""The target ``live`` of this company: it sends at once after one approval."""
