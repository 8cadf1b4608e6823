"""What is kept beside requests: where messages were posted, who is in a user group, what a form could not carry.

All times here are real seconds of the server: a reservation waits for a call that is under way, an answer of Slack is
as fresh as it really is, and a draft is only thrown away to save room.
"""

import json
from collections.abc import Iterable

from bot.domain.content import RequestId, UserId
from bot.domain.value import Value
from bot.store.connection import answering
from bot.store.keys import LAST_MEMBERS_KEPT
from bot.store.room import Room


class Post(Value):
    """Where a message stands in Slack."""

    channel: str
    ts: str


class Keepsakes(Room):
    """Remember posts for as long as their request, members and drafts for a while."""

    def remember_post(
        self, request_id: RequestId, slot: str, *, channel: str, ts: str, gone: Post | None = None
    ) -> Post:
        """Remember where a message was posted; the first one wins, and the one that won is returned.

        ``gone`` is the post that is not there any more: this one takes its place, if no other did.
        """
        post, before = Post(channel=channel, ts=ts), gone.model_dump_json() if gone else ""
        with answering():
            kept = self._scripts.remember_post(request_id, slot=slot, post=post.model_dump_json(), gone=before)
        return Post.model_validate_json(kept)

    def reserve_post(self, request_id: RequestId, slot: str, *, by: str, seconds: int) -> bool:
        """Take the right to post a message, or keep it; False while somebody else has it."""
        key = self._keys.posting(request_id, slot)
        with answering():
            held = self._client.set(key, by, nx=True, get=True, ex=seconds)
            return held is None or (held == by and bool(self._client.expire(key, seconds)))

    def release_post(self, request_id: RequestId, slot: str, *, by: str) -> None:
        """Let others post a message: this one's post was refused."""
        key = self._keys.posting(request_id, slot)
        with answering():
            if self._client.get(key) == by:
                self._client.delete(key)

    def posts(self, request_id: RequestId) -> dict[str, Post]:
        """Say where a request's messages stand, by slot."""
        with answering():
            stored = self._client.hgetall(self._keys.posts(request_id))
        return {str(slot): Post.model_validate_json(text) for slot, text in stored.items()}

    def put_members(self, group: str, ids: Iterable[UserId], *, seconds: int) -> None:
        """Keep the members of a user group; an empty group is kept as such. For some uses they stay known for a day."""
        text = json.dumps(sorted(ids))
        with answering(), self._client.pipeline(transaction=False) as told:
            told.set(self._keys.members(group), text, ex=seconds)
            told.set(self._keys.last_members(group), text, ex=LAST_MEMBERS_KEPT)
            told.delete(self._keys.gone_group(group))
            told.execute()

    def members(self, group: str) -> frozenset[UserId] | None:
        """Say who is in a user group, nobody where it is gone, or None when that is not known (any more)."""
        return self._members(self._keys.members(group))

    def last_members(self, group: str) -> frozenset[UserId] | None:
        """Say who was in a user group when it was last known, within a day; None when it was not."""
        return self._members(self._keys.last_members(group))

    def _members(self, key: str) -> frozenset[UserId] | None:
        with answering():
            text = self._client.get(key)
        return None if text is None else frozenset(UserId(user) for user in json.loads(text))

    def put_gone(self, group: str, *, seconds: int) -> bool:
        """Keep that there is no such user group, and forget who was in it; return whether that is news."""
        with answering(), self._client.pipeline(transaction=False) as told:
            told.delete(self._keys.last_members(group))
            told.set(self._keys.members(group), "[]", ex=seconds)
            told.set(self._keys.gone_group(group), "gone", ex=seconds, get=True)
            return told.execute()[-1] is None

    def is_gone(self, group: str) -> bool:
        """Tell whether it is known that there is no such user group."""
        with answering():
            return bool(self._client.exists(self._keys.gone_group(group)))

    def keep_draft(self, key: str, text: str, *, seconds: int) -> None:
        """Keep what a form holds (JSON): Slack's ``private_metadata`` ends at 3,000 characters."""
        with answering():
            self._client.set(self._keys.draft(key), text, ex=seconds)

    def draft(self, key: str) -> str | None:
        """Read what a form holds, or None when it was dropped or is too old."""
        with answering():
            text = self._client.get(self._keys.draft(key))
        return None if text is None else str(text)

    def drop_draft(self, key: str) -> None:
        """Forget what a form held."""
        with answering():
            self._client.delete(self._keys.draft(key))
