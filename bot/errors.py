"""The exception tree: what may interrupt the bot's work, and whose turn it is then.

::

    BotError
    |-- Refused               a rule said no: expected, shown to the person, not logged as a fault
    |   `-- IllegalTransition   the table of states has no such cell
    |-- Conflict              somebody committed first: operations reload and decide again
    |-- UnknownRequest        no request of that id is in the store
    |-- SealBroken          somebody changed a stored record outside the bot: nothing can be done with it
    |-- StoreUnavailable      Redis did not do what it was asked; nothing was recorded
    |   |-- StoreRefused        it answered, and said no: its operator has to look
    |   `-- AnswerLost          a commit left, and nobody knows whether it was recorded: to say it again is safe
    |-- StoreUnfit            Redis answers, but may forget: it must not hold a claim
    |-- SlackUnreached        Slack cannot reach this process: it ends, so that another takes its place
    |-- NotDurable            the claim is not known to be safe: do not send
    |-- EpochChanged          the store restarted, failed over or was restored since the request was made
    `-- SettingsError         everything that is wrong with the environment and the configuration, at once

Values, not exceptions, carry what must be handled in every case: see ``bot.domain.outcome``.
"""

import dataclasses
from dataclasses import dataclass


class BotError(Exception):
    """Be the root of everything the bot raises on purpose."""


NAMING_PEOPLE = frozenset({"illegal_transition", "not_involved", "not_requester_of_it"})
"""Codes of rules that name people by their ids, in sentences that hold no word from outside."""


@dataclass(frozen=True)
class Problem:
    """Say one thing that is wrong with what a person said.

    ``field`` is the draft's field it belongs to (the form shows it there; "" belongs to no field), ``code`` names the
    rule for tests and translations, ``sentence`` is English and complete, ``values`` are the parts it was made of.
    """

    field: str
    code: str
    sentence: str
    values: dict[str, str] = dataclasses.field(default_factory=dict, compare=False)

    @property
    def names_people(self) -> bool:
        """Tell whether ``<@ID>`` in its sentence is the rule's own word; in others somebody may have typed it."""
        return self.code in NAMING_PEOPLE


class Refused(BotError):
    """Refuse what a person asked for, with every reason at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems

    @property
    def code(self) -> str:
        """Name the first rule that refused."""
        return self.problems[0].code

    @property
    def names_people(self) -> bool:
        """Tell whether ``<@ID>`` in its sentences is the rules' own word."""
        return all(problem.names_people for problem in self.problems)

    @property
    def sentence(self) -> str:
        """Say why, in English, in full sentences."""
        return str(self)


class IllegalTransition(Refused):
    """Refuse an event that the table has no cell for; nothing was changed."""

    def __init__(self, state: str, event: str, sentence: str = "") -> None:
        super().__init__(
            Problem("", "illegal_transition", sentence or f"{event!r} is not possible in state {state!r}.")
        )
        self.state = state
        self.event = event


class Conflict(BotError):
    """Tell that somebody else committed first."""


class UnknownRequest(BotError):
    """Tell that the store holds no request of that id."""

    def __init__(self, request_id: str) -> None:
        super().__init__(f"There is no request {request_id}.")
        self.request_id = request_id


class SealBroken(BotError):
    """Tell that a stored record is not what the bot wrote, and what gives that away."""

    def __init__(self, request_id: str, why: str) -> None:
        super().__init__(
            f"The stored record of request {request_id} was changed outside the bot, so nothing can be done with it "
            f"and nothing will be sent. {why} Tell whoever runs this bot."
        )
        self.request_id = request_id
        self.why = why


class StoreUnavailable(BotError):
    """Tell that Redis did not do what it was asked; nothing was recorded."""


class StoreRefused(StoreUnavailable):
    """Tell that Redis answered, and said no: to ask again does not help before somebody has looked."""


class AnswerLost(StoreUnavailable):
    """Tell that a commit was said to Redis and its answer did not come in time: it may be recorded."""


class StoreUnfit(BotError):
    """Tell that Redis is set up so that it may forget what it was told, and what to change."""

    def __init__(self, *complaints: str) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


class SlackUnreached(BotError):
    """Tell that a process that listens to Slack is alive and deaf."""


class NotDurable(BotError):
    """Tell that a claim could not be confirmed as safely stored; it must not lead to a send."""


class EpochChanged(BotError):
    """Tell that the store is not the one that took the request; it may have forgotten a send."""


class SettingsError(BotError):
    """List every mistake in the environment and the configuration, one sentence each."""

    def __init__(self, *complaints: str) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints

    def __str__(self) -> str:
        return "\n".join(f"- {complaint}" for complaint in self.complaints)
