"""A target as people and rules see it: where a push goes, and who decides about it. No credentials live here."""

from pydantic import Field

from bot.domain.content import ChannelId, Destination, Platform
from bot.domain.value import Value


class Target(Value):
    """Hold a target's rules; empty lists of people mean nobody."""

    destination: Destination
    platforms: tuple[Platform, ...]
    approvals_channel: ChannelId
    results_channel: ChannelId = ChannelId("")
    """Empty: the result goes where the request was made."""
    requesters: frozenset[str] = frozenset()
    """Slack user ids and user-group ids."""
    approvers: frozenset[str] = frozenset()
    quorum: int = Field(default=1, ge=1)
    approval_expires: int = 24 * 60 * 60
    """Seconds in which votes count."""
    veto_window: int = 60
    """Seconds between the last vote and the claim in which it can be stopped."""

    @property
    def name(self) -> str:
        """Name the target as the configuration does."""
        return self.destination.target
