"""A relay between a client and the store that loses an answer when it is told to: the server did what it was asked."""

from urllib.parse import unquote

from crash import relay
from crash.relay import DROP, PASS, Call, Deed, Plan, unix


class Losing(Plan):
    """Lose the answers to the next commands that contain a mark, one for each time it was given."""

    def __init__(self) -> None:
        self.marks: list[bytes] = []
        self.lost = 0

    def answered(self, call: Call, reply: bytes) -> Deed:  # noqa: ARG002 - only the command counts
        """Close the connection instead of answering, when it was told to."""
        mark = next((mark for mark in self.marks if mark in call.said), None)
        if mark is None:
            return PASS
        self.marks.remove(mark)
        self.lost += 1
        return DROP


class Relay(relay.Relay):
    """Pass everything on but what is to be lost; ``url`` is where clients connect.

    ``lose(b"EVALSHA", times=1)`` lets the next command that contains these bytes run at the server, and then closes
    the client's connection instead of answering.
    """

    def __init__(self, server_url: str) -> None:
        self._losing = Losing()
        super().__init__("store", unix(unquote(server_url.removeprefix("unix://"))), "resp", self._losing)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    @property
    def lost(self) -> int:
        return self._losing.lost

    def lose(self, mark: bytes, *, times: int = 1) -> None:
        self._losing.marks += [mark] * times

    def keep_all(self) -> None:
        self._losing.marks.clear()
