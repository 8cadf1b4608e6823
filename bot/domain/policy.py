"""Who belongs here and may do what: pure functions from a person and the rules to a decision with its reason.

Approvers are listed by name or by user group, never "whoever is in the channel"; the requester and the last editor
never count. What is not known (a group look-up that failed) is a no, unless another answer is a yes already.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.content import UserId
from bot.domain.request import BroadcastRequest
from bot.domain.target import Target
from bot.domain.value import Value
from bot.errors import Problem, Refused


class Person(Value):
    """Somebody who did something in Slack, as Slack describes them at that moment."""

    id: UserId
    team_id: str
    """Their own workspace or organisation, as the signed payload names it; without a payload, as Slack does."""
    ids: frozenset[str] = frozenset()
    """Every workspace and organisation that ``users.info`` names as theirs; empty: none, or Slack was not asked."""
    is_stranger: bool = False
    """Whether Slack says outright that they are of another company."""
    is_guest: bool = False
    is_deactivated: bool = False
    is_bot: bool = False
    groups: frozenset[str] = frozenset()
    """The listed user groups they are in."""
    groups_unknown: frozenset[str] = frozenset()
    """The listed user groups of which Slack could not be asked; that passes."""
    groups_gone: frozenset[str] = frozenset()
    """The listed user groups that Slack does not have (any more); that stays, and they hold nobody."""
    zone: str = ""
    """Their time zone (IANA name); empty: Slack does not say."""
    locale: str = ""


@dataclass(frozen=True)
class Decision:
    """Say whether something is allowed, by which rule, and why in a sentence for the person."""

    allowed: bool
    code: str = "allowed"
    because: str = ""
    gone: str = ""
    """The user groups that count as empty because Slack does not have them, where that mattered."""

    def insist(self) -> None:
        """Raise Refused with the sentence unless it is allowed."""
        if not self.allowed:
            raise Refused(Problem("", self.code, self.because))


_YES = Decision(allowed=True)

PASSING = frozenset({"groups_unknown", "person_unknown"})
"""Codes of refusals that only say that Slack could not be asked just now."""

UNPROVEN = frozenset({"other_team", "team_unknown"})
"""Codes of refusals that say that somebody does not belong, by the ids seen so far."""


def _no(code: str, because: str) -> Decision:
    return Decision(allowed=False, code=code, because=because)


class Standing(StrEnum):
    """What somebody is to the configured workspace or organisation."""

    BELONGS = "belongs"
    GUEST = "guest"
    STRANGER = "stranger"
    """Of another company, or of another workspace."""
    UNKNOWN = "unknown"
    """Slack names neither theirs nor another one."""


def standing(person: Person, home: str) -> Standing:
    """Say what somebody is to ``home``: a workspace (T...) or an Enterprise organisation (E...).

    In an organisation a payload may name the organisation or another of the person's workspaces, and ``users.info`` may
    leave the workspace out; so one id that says ``home`` is enough, unless Slack says that they are a stranger.
    """
    named = (person.ids | {person.team_id}) - {""}
    if person.is_stranger or _is_contradicted(person, home):
        return Standing.STRANGER
    if home not in named:
        others = any(name[0] == home[0] for name in named)
        return Standing.STRANGER if others else Standing.UNKNOWN
    return Standing.GUEST if person.is_guest else Standing.BELONGS


def _is_contradicted(person: Person, home: str) -> bool:
    """Tell whether the payload names a team that Slack's description of the person leaves no room for."""
    claimed, organisations = person.team_id, {name for name in person.ids if name.startswith("E")}
    if claimed in {"", home} or claimed in person.ids or not person.ids:
        return False
    # Somebody in an organisation may have any number of workspaces, but nobody has two organisations.
    return bool(organisations) if claimed.startswith("E") else not organisations


def belongs(person: Person, *, team_id: str) -> Decision:
    """Let only full members of the configured team act at all; Slack lets anybody who sees a button press it."""
    what = standing(person, team_id)
    if what is Standing.UNKNOWN:
        kind = "organisation" if team_id.startswith("E") else "workspace"
        return _no("team_unknown", f"Only people of {team_id} can do that; Slack names no {kind} of your account.")
    if what is Standing.STRANGER:
        other = "your account belongs to another company, or to another workspace of it"
        return _no("other_team", f"Only people of this workspace can do that; {other}.")
    if person.is_deactivated:
        return _no("deactivated", "A deactivated account cannot do that.")
    if person.is_bot:
        return _no("bot", "An app cannot do that; a person has to.")
    if what is Standing.GUEST:
        return _no("guest", "Guests cannot do that; ask a full member of this workspace.")
    return _YES


def _listed(person: Person, names: frozenset[str], *, code: str, because: str) -> Decision:
    """Let somebody in who is listed, by id or in a group: one yes is enough, and what is unknown is asked for again."""
    if person.id in names or person.groups & names:
        return _YES
    if person.groups_unknown & names:
        again = "Try again; if it stays so, `broadcast-bot doctor` tells why."
        return _no(
            "groups_unknown", f"Slack did not say who is in the listed user groups, so nothing was done. {again}"
        )
    gone = ", ".join(sorted(person.groups_gone & names))
    return Decision(allowed=False, code=code, because=because + _told_gone(gone), gone=gone)


def _told_gone(gone: str) -> str:
    """Say which listed groups hold nobody any more, so that somebody mends it."""
    why = f" Slack has no such listed user group any more, or it is disabled: {gone}. broadcast.toml has to change."
    return why if gone else ""


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
    because = f"Only <@{request.requester}> or an approver of {target.name} can do that."
    return Decision(allowed=False, code="not_involved", because=because + _told_gone(listed.gone), gone=listed.gone)


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
