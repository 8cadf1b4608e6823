"""Who may do what: pure functions from a person and the rules to a decision with its reason.

Approvers are listed by name or by user group, never "whoever is in the channel"; the requester and the last editor
never count. What is not known (a group look-up that failed) is a no.
"""

from dataclasses import dataclass

from bot.domain.content import UserId
from bot.domain.request import BroadcastRequest
from bot.domain.target import Target
from bot.domain.value import Value
from bot.errors import Problem, Refused


class Person(Value):
    """Somebody who did something in Slack, as Slack describes them at that moment."""

    id: UserId
    team_id: str
    is_guest: bool = False
    is_deactivated: bool = False
    is_bot: bool = False
    groups: frozenset[str] | None = frozenset()
    """The listed user groups they are in; None: Slack could not be asked."""
    zone: str = ""
    """Their time zone (IANA name); empty: Slack does not say."""
    locale: str = ""


@dataclass(frozen=True)
class Decision:
    """Say whether something is allowed, by which rule, and why in a sentence for the person."""

    allowed: bool
    code: str = "allowed"
    because: str = ""

    def insist(self) -> None:
        """Raise Refused with the sentence unless it is allowed."""
        if not self.allowed:
            raise Refused(Problem("", self.code, self.because))


_YES = Decision(allowed=True)


def _no(code: str, because: str) -> Decision:
    return Decision(allowed=False, code=code, because=because)


def belongs(person: Person, *, team_id: str) -> Decision:
    """Let only full members of the configured team act at all; Slack lets anybody who sees a button press it."""
    if person.team_id != team_id:
        return _no("other_team", "Only people of this workspace can do that; your account belongs to another company.")
    if person.is_deactivated:
        return _no("deactivated", "A deactivated account cannot do that.")
    if person.is_bot:
        return _no("bot", "An app cannot do that; a person has to.")
    if person.is_guest:
        return _no("guest", "Guests cannot do that; ask a full member of this workspace.")
    return _YES


def _listed(person: Person, names: frozenset[str], *, code: str, because: str) -> Decision:
    if person.id in names:
        return _YES
    if person.groups is None:
        return _no(
            "groups_unknown", "Slack did not say who is in the listed user groups, so nothing was done. Try again."
        )
    return _YES if person.groups & names else _no(code, because)


def may_request(person: Person, target: Target, *, team_id: str) -> Decision:
    """Say whether the person may ask for, or edit, a push to the target."""
    insider = belongs(person, team_id=team_id)
    if not insider.allowed:
        return insider
    return _listed(
        person,
        target.requesters,
        code="not_requester",
        because=f"You are not listed as a requester of {target.name}. Its requesters are set in broadcast.toml.",
    )


def may_decide(person: Person, request: BroadcastRequest, target: Target, *, team_id: str) -> Decision:
    """Say whether the person may approve, reject or ask for changes: listed, and neither requester nor editor."""
    insider = belongs(person, team_id=team_id)
    if not insider.allowed:
        return insider
    if person.id == request.requester:
        return _no("own_request", "You asked for this push, so somebody else has to decide. You can withdraw it.")
    if person.id == request.editor:
        return _no("own_edit", "You edited this push last, so somebody else has to decide.")
    return may_approve_for(person, target)


def may_approve_for(person: Person, target: Target) -> Decision:
    """Say whether the person is one of the target's approvers."""
    return _listed(
        person,
        target.approvers,
        code="not_approver",
        because=f"You are not listed as an approver of {target.name}. Its approvers are set in broadcast.toml.",
    )


def may_take_back(person: Person, request: BroadcastRequest, target: Target, *, team_id: str) -> Decision:
    """Say whether the person may withdraw, stop or settle the request: its requester, or any approver of its target."""
    insider = belongs(person, team_id=team_id)
    if not insider.allowed:
        return insider
    if person.id == request.requester:
        return _YES
    listed = may_approve_for(person, target)
    if listed.allowed or listed.code == "groups_unknown":
        return listed
    return _no("not_involved", f"Only <@{request.requester}> or an approver of {target.name} can do that.")


def may_revise(person: Person, request: BroadcastRequest, target: Target, *, team_id: str) -> Decision:
    """Say whether the person may edit the request: its requester, if still a requester of the target."""
    if person.id != request.requester:
        return _no("not_requester_of_it", f"Only <@{request.requester}> can edit this request.")
    return may_request(person, target, team_id=team_id)


def may_halt(person: Person, targets: tuple[Target, ...], *, team_id: str) -> Decision:
    """Say whether the person may halt or resume all sending: an approver or a requester of some target."""
    insider = belongs(person, team_id=team_id)
    if not insider.allowed:
        return insider
    everybody = frozenset[str]().union(*(target.requesters | target.approvers for target in targets))
    return _listed(
        person,
        everybody,
        code="not_listed",
        because="Only requesters and approvers listed in broadcast.toml can halt or resume sending.",
    )
