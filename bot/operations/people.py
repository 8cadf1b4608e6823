"""Who somebody is, as Slack tells it: full member or not, and which of the listed user groups they are in.

Answers about groups are kept in the store for a minute (``usergroups.users.list`` is Tier 2, 20 calls a minute).
Whatever Slack does not answer counts against the person: the rules fail closed.
"""

import logging
from collections.abc import Iterable, Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot import logs
from bot.domain.content import UserId
from bot.domain.policy import Person
from bot.errors import Problem, Refused
from bot.store.store import RequestStore

GROUP_MEMORY = 60
"""Seconds for which a group's members are remembered."""

NO_ANSWER = (SlackClientError, HTTPException, OSError)
"""What slack_sdk raises when Slack refuses or cannot be reached (``URLError`` is an ``OSError``)."""


class Directory:
    """Look people up in Slack."""

    def __init__(self, slack: WebClient, store: RequestStore) -> None:
        self._slack = slack
        self._store = store

    def person(self, user_id: str, *, team_id: str, groups: Iterable[str], fresh: bool = False) -> Person:
        """Describe somebody; raise Refused when Slack does not say who they are.

        ``team_id`` is the team of the payload's user, "" when there is no payload (then Slack's word is taken);
        ``groups`` are the user-group ids that matter, ``fresh`` asks Slack about them whatever is remembered.
        """
        try:
            user = self._user(user_id)
        except NO_ANSWER as error:
            sentence = "Slack did not say who you are, so nothing was done. Try again."
            raise Refused(Problem("", "person_unknown", sentence)) from error
        return Person(
            id=UserId(user_id),
            team_id=team_id or str(user.get("team_id", "")),
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")),
            is_deactivated=bool(user.get("deleted")),
            is_bot=bool(user.get("is_bot")),
            groups=self._groups_of(user_id, groups, fresh=fresh),
            zone=str(user.get("tz") or ""),
            locale=str(user.get("locale") or ""),
        )

    def everybody(self, names: Iterable[str]) -> frozenset[UserId]:
        """Name the people behind user and user-group ids; a group that Slack does not show is left out."""
        found: set[UserId] = set()
        for name in names:
            try:
                found.update(map(UserId, self._members(name, fresh=False) if groups_in([name]) else [name]))
            except NO_ANSWER as error:
                logs.write("group_not_shown", level=logging.WARNING, group=name, why=str(error))
        return frozenset(found)

    def _user(self, user_id: str) -> Mapping[str, Any]:
        answer = self._slack.users_info(user=user_id, include_locale=True)
        user: Mapping[str, Any] = answer["user"]
        return user

    def _groups_of(self, user_id: str, groups: Iterable[str], *, fresh: bool) -> frozenset[str] | None:
        try:
            return frozenset(group for group in groups if user_id in self._members(group, fresh=fresh))
        except NO_ANSWER:
            return None

    def _members(self, group: str, *, fresh: bool) -> frozenset[str]:
        remembered = None if fresh else self._store.members(group)
        if remembered is not None:
            return remembered
        members = frozenset(self._slack.usergroups_users_list(usergroup=group)["users"])
        self._store.put_members(group, members, seconds=GROUP_MEMORY)
        return members


def groups_in(names: Iterable[str]) -> frozenset[str]:
    """Pick the user-group ids (they begin with S) out of a list of people."""
    return frozenset(name for name in names if name.startswith("S"))
