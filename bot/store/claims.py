"""Claims: the one way in which a leg enters ``sending``, and so the one moment after which a push may go out.

A claim must survive the store. It is made on a connection of its own, is never repeated by the client library, and
counts only when it is known to be safe: on disk (``appendfsync always``) on a server without replicas, or confirmed by
every replica on a server with some; and never where it may be evicted, or where replicas were lost that
another server may have been made a primary of. All of that is asked again at every claim: a server can be set otherwise
while the bot runs. WAIT counts how many replicas have it, not which, so it has to be all of them. WAITAOF is not used:
under ``everysec`` it confirms what was not written (redis/redis#13793, still in Valkey 9.1).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import redis

from bot.domain.request import BroadcastRequest, Step
from bot.domain.states import State
from bot.errors import Conflict, EpochChanged, NotDurable, Problem, Refused, StoreUnfit, UnknownRequest
from bot.store.connection import answering, apart, facts
from bot.store.fitness import KEEPS_ALL
from bot.store.scripts import Reply, Verdict
from bot.store.switches import Halt
from bot.store.trail import Trail


class Claims(Trail):
    """Claim legs, and say which store this is."""

    def epoch(self) -> str:
        """Say which life of which store this is: ``run_id:master_replid``.

        It changes when the server restarts, when a replica is promoted, and after a restore. Raises StoreUnfit when the
        server hides it.
        """
        with answering():
            return epoch_in(facts(self._client, "server", "replication"))

    def moment(self) -> tuple[datetime, str]:
        """Say what time it is and which life of the store this is, in one question: somebody waits for the answer."""
        with answering():
            both = self._client.pipeline(transaction=False)
            both.time()
            both.execute_command("INFO", "server", "replication")  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
            time, about = both.execute()
            return self._moved(time), epoch_in(about)

    def claim(self, step: Step, *, commit_id: str, epoch: str) -> BroadcastRequest:
        """Commit a step that moves a leg into ``sending``; only what this returns may be sent.

        Raises Refused ("halted"), EpochChanged, Conflict, UnknownRequest or NotDurable, and StoreUnavailable when the
        answer was lost: then nothing is known, and nothing may be sent. After NotDurable the claim may stand in the
        store: whoever made it knows that it sent nothing, and reports that.
        """
        if step.request.state is not State.SENDING:
            raise ValueError(f"A claim leads to sending, not to {step.request.state.value}.")
        with answering(), apart(self._client) as line:
            replicas = confirmations_needed(line, step, epoch=epoch)
            reply, confirmed = self._scripts.claim(
                step,
                commit_id=commit_id,
                epoch=epoch,
                line=line,
                replicas=replicas,
                newest=lambda: self.head_under(step, commit_id=commit_id),
            )
        raise_unless_stored(reply, step)
        if confirmed < replicas:
            raise NotDurable(f"{confirmed} of {replicas} replicas confirmed the claim of {step.request.id} in time.")
        return step.request


def epoch_in(about: Mapping[str, Any]) -> str:
    """Read which life of which store this is from what INFO says; raise StoreUnfit when it is hidden."""
    try:
        return f"{about['run_id']}:{about['master_replid']}"
    except KeyError:  # pragma: no cover - no server here hides them; some managed ones do
        raise StoreUnfit("INFO hides run_id or master_replid: allow the bot's user to run INFO.") from None


def confirmations_needed(line: redis.Redis, step: Step, *, epoch: str) -> int:
    """Say how many replicas must confirm a claim: every one; 0 where the server's own disk is enough.

    Half of them would do if only the claim could be lost (two sides of a split cannot both confirm). But a replica that
    missed the claim may have missed the last vote too: promoted, it asks people for that vote again, in its own epoch,
    and a second claim would follow. Found by the model (``tests/model``); with every replica nobody can be promoted who
    does not know of the claim.

    Raises EpochChanged, and NotDurable when a claim could be forgotten here, or when the server does not say.
    """
    try:
        about = facts(line, "server", "replication", "memory")
    except redis.ResponseError:
        raise NotDurable(
            "The store hides INFO, so it is not known whether it keeps a claim: nothing is sent."
        ) from None
    if epoch_in(about) != epoch:  # the script asks again; here it comes before what may only have to wait
        raise _changed(step, epoch_in(about))
    policy = about.get("maxmemory_policy", "hidden")
    if policy != KEEPS_ALL:
        raise NotDurable(f"The store may throw records away (maxmemory-policy is {policy}): nothing is sent.")
    if replicas := int(about["connected_slaves"]):
        return replicas
    if int(about.get("repl_backlog_active", 0)):
        # Cut off, it could still answer some of us while the others approve on the replica that took its place.
        raise NotDurable("The store has lost its replicas: nothing is sent until one of them is back.")
    if not syncs_always(line):
        raise NotDurable("The store has no replica and does not write to disk before it answers: nothing is sent.")
    return 0


def syncs_always(line: redis.Redis) -> bool:
    """Tell whether what was answered is on disk; False also when the server does not say."""
    try:
        said = line.config_get("append*")
    except redis.ResponseError:
        return False
    return (said.get("appendonly"), said.get("appendfsync")) == ("yes", "always")


def raise_unless_stored(reply: Reply, step: Step) -> None:
    """Raise what a script's reply means, unless it means that the step is stored."""
    request = step.request
    match reply.verdict:
        case Verdict.OK | Verdict.REPEATED:
            return
        case Verdict.CONFLICT:
            raise Conflict(f"{request.id} is at version {reply.detail}, and version {request.version} was to follow.")
        case Verdict.MISSING:
            raise UnknownRequest(request.id)
        case Verdict.HALTED:
            raise _halted(Halt.model_validate_json(reply.detail))
        case Verdict.HEAD:
            raise AssertionError("unreachable: such a step is sealed anew")
        case Verdict.EPOCH:
            raise _changed(step, reply.detail)


def _changed(step: Step, now: str) -> EpochChanged:
    return EpochChanged(f"The store is not the one that {step.request.id} was approved in: it is now {now}.")


def _halted(halt: Halt) -> Refused:
    return Refused(Problem("", "halted", f"All sending is halted {halt.words}.", {"halt": halt.words}))
