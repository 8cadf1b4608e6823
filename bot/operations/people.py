"""Who somebody is, as Slack tells it: whose account it is, full member or not, in which of the listed user groups.

Answers about groups are kept in the store for a minute (``usergroups.users.list`` is Tier 2, 20 calls a minute). An
answer that lasts (there is no such group) is told from one that passes, for each group by itself. Whatever Slack does
not answer counts against the person: the rules fail closed. Only a rule whose yes makes things safer may rest on less.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import logs
from bot.domain.content import UserId
from bot.domain.policy import UNPROVEN, Decision, Person, belongs
from bot.errors import Problem, Refused
from bot.store.store import RequestStore

GROUP_MEMORY = 60
"""Seconds for which a group's members, and that it is gone, are remembered."""

NO_ANSWER = (SlackClientError, HTTPException, OSError)
"""What slack_sdk raises when Slack refuses or cannot be reached (``URLError`` is an ``OSError``)."""

NO_SUCH_GROUP = frozenset({"no_such_subteam", "subteam_not_found", "plan_upgrade_required"})
"""Slack's words for a group that is not there, or is disabled, or cannot be in this workspace's plan
(docs.slack.dev/reference/methods/usergroups.users.list)."""

NO_SUCH_PERSON = frozenset({"user_not_found", "user_not_visible"})
"""Slack's words for somebody who is not there for this bot (docs.slack.dev/reference/methods/users.info)."""

Rule = Callable[[Person], Decision]


class Directory:
    """Look people up in Slack; ``home`` is the configured workspace or organisation ("": groups are asked for without).

    A token of an organisation has to say in which workspace a group is.
    """

    def __init__(self, slack: WebClient, store: RequestStore, *, home: str = "") -> None:
        self._slack = slack
        self._store = store
        self._home = home
        self._found_in: dict[str, str | None] = {}
        """The workspace in which each group was found last, which is asked first."""

    def person(self, user_id: str, *, team_id: str, groups: Iterable[str], fresh: bool = False) -> Person:
        """Describe somebody; raise Refused when Slack does not say who they are.

        ``team_id`` is the team of the payload's user, "" when there is no payload (then Slack's word is taken);
        ``groups`` are the user-group ids that matter, ``fresh`` asks Slack about them whatever is remembered.
        """
        person = self._described(Person(id=UserId(user_id), team_id=team_id))
        return self._in_groups(person, groups, fresh=fresh)

    def check(self, rule: Rule, user_id: str, *, team_id: str, groups: Iterable[str]) -> Person:
        """Hold somebody to a rule, with all that Slack says about them; raise Refused when it says no."""
        person = self.person(user_id, team_id=team_id, groups=groups)
        rule(person).insist()
        return person

    def permit(self, rule: Rule, user_id: str, *, team_id: str, groups: Iterable[str]) -> Person:
        """Hold somebody to a rule whose yes can only make things safer, and ask Slack no more than that yes needs.

        The signed payload's team and what a group was known to hold within the last day are enough for it. Raise
        Refused like ``check``.
        """
        person = self._remembered(user_id, team_id=team_id, groups=groups)
        if rule(person).code in UNPROVEN:
            person = self._described(person)
        if rule(person).code == "groups_unknown":
            person = self._in_groups(person, groups)
        if rule(person).allowed or person.groups_unknown or person.ids:
            rule(person).insist()
        else:
            rule(person := self._described(person)).insist()
        return person

    def members(self, group: str) -> frozenset[UserId] | None:
        """Ask Slack who is in a user group; None when it has no such group. Raise what ``NO_ANSWER`` lists."""
        for workspace in self._workspaces(group):
            try:
                answer = self._slack.usergroups_users_list(usergroup=group, team_id=workspace)
            except SlackApiError as refusal:
                if refusal.response.get("error") not in NO_SUCH_GROUP:
                    raise
            else:
                self._found_in[group] = workspace
                return frozenset(answer["users"])
        return None

    def _workspaces(self, group: str) -> Iterator[str | None]:
        """List where a group can be: in the configured workspace, or in each of the organisation's that has the app."""
        if not self._home.startswith("E"):
            yield self._home or None
            return
        if group in self._found_in:
            yield self._found_in[group]
        for page in self._slack.auth_teams_list(limit=100):
            yield from (str(team["id"]) for team in page["teams"])

    def _remembered(self, user_id: str, *, team_id: str, groups: Iterable[str]) -> Person:
        """Describe somebody by the signed payload and by what was known of groups a while ago."""
        asked = frozenset(groups)
        inside = frozenset(group for group in asked if user_id in (self._store.last_members(group) or ()))
        return Person(id=UserId(user_id), team_id=team_id, groups=inside, groups_unknown=asked - inside)

    def _described(self, person: Person) -> Person:
        """Add what Slack says about the account; raise Refused when it says nothing."""
        user = self._user(person.id)
        told = person.model_copy(
            update={
                "team_id": person.team_id or str(user.get("team_id") or ""),
                "ids": ids_of(user),
                "is_stranger": bool(user.get("is_stranger")),
                "is_guest": bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
                "is_deactivated": bool(user.get("deleted")),
                "is_bot": bool(user.get("is_bot")),
                "zone": str(user.get("tz") or ""),
                "locale": str(user.get("locale") or ""),
            }
        )
        self._log_outsider(told)
        return told

    def everybody(self, names: Iterable[str]) -> frozenset[UserId]:
        """Name the people behind user and user-group ids; a group that Slack does not show is left out."""
        found: set[UserId] = set()
        for name in names:
            try:
                in_group = self._known(name, fresh=False, ask=True) if groups_in([name]) else [UserId(name)]
                found.update(in_group or ())
            except NO_ANSWER as error:
                logs.write("group_not_shown", level=logging.WARNING, group=name, why=str(error))
        return frozenset(found)

    def _user(self, user_id: str) -> Mapping[str, Any]:
        try:
            answer = self._slack.users_info(user=user_id, include_locale=True)
        except NO_ANSWER as error:
            again = "Try again; if it stays so, `broadcast-bot doctor` tells why."
            code, sentence = "person_unknown", f"Slack did not say who you are, so nothing was done. {again}"
            if isinstance(error, SlackApiError) and error.response.get("error") in NO_SUCH_PERSON:
                code, sentence = "person_gone", "Slack has no account of yours that this bot can see."
            raise Refused(Problem("", code, sentence)) from error
        user: Mapping[str, Any] = answer["user"]
        return user

    def _log_outsider(self, person: Person) -> None:
        """Write down which ids were seen of somebody who does not belong, so that a wrong team_id can be found."""
        code = belongs(person, team_id=self._home).code if self._home else ""
        if code in UNPROVEN:
            logs.write(code, person=person.id, payload=person.team_id, slack=sorted(person.ids), team_id=self._home)

    def _in_groups(self, person: Person, groups: Iterable[str], *, fresh: bool = False) -> Person:
        """Add which of the groups they are in. A Slack that is silent is not waited for once more for each group."""
        inside, unknown, gone, silent = set[str](), set[str](), set[str](), False
        for group in sorted(groups):
            try:
                known = self._known(group, fresh=fresh, ask=not silent)
            except NO_ANSWER as error:
                silent = silent or not isinstance(error, SlackApiError)
                unknown.add(group)
            else:
                if known is None:
                    gone.add(group)
                elif person.id in known:
                    inside.add(group)
        sets = {"groups": inside, "groups_unknown": unknown, "groups_gone": gone}
        return person.model_copy(update={name: frozenset(found) for name, found in sets.items()})

    def _known(self, group: str, *, fresh: bool, ask: bool) -> frozenset[UserId] | None:
        """Give a group's members as remembered or as Slack says; None: there is no such group."""
        remembered = None if fresh else self._store.members(group)
        if remembered is not None:
            return remembered if remembered or not self._store.is_gone(group) else None
        if not ask:
            raise TimeoutError
        members = self.members(group)
        if members is not None:
            self._store.put_members(group, members, seconds=GROUP_MEMORY)
        elif self._store.put_gone(group, seconds=GROUP_MEMORY):
            logs.write("group_gone", level=logging.WARNING, group=group, why=f"Slack has no user group {group}.")
        return members


def ids_of(user: Mapping[str, Any]) -> frozenset[str]:
    """Collect the ids of every workspace and organisation that ``users.info`` names as somebody's own."""
    organisation = user.get("enterprise_user") or {}
    single = (user.get("team_id"), user.get("enterprise_id"), organisation.get("enterprise_id"))
    several = (*(user.get("teams") or ()), *(organisation.get("teams") or ()))
    return frozenset(str(name) for name in (*single, *several) if name)


def groups_in(names: Iterable[str]) -> frozenset[str]:
    """Pick the user-group ids (they begin with S) out of a list of people."""
    return frozenset(name for name in names if name.startswith("S"))


def groups_needed(user_id: str, *lists: frozenset[str]) -> frozenset[str]:
    """Pick the user-group ids that matter: none of a list that names the person anyway."""
    return groups_in(name for names in lists if user_id not in names for name in names)
