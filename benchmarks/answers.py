"""How long Slack waits for an answer, against the least that Bolt needs: medians over one run, as ratios.

Run: ``make bench``. Real processes, real store (every commit synced to disk), simulated Slack and mPaaS on loopback.
"""

import statistics
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.doors import HttpDoor
from bot.playground.cast import ANA, APPROVALS, BO, GENERAL
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import Message
from bot.playground.stage import Stage

ROUNDS = 40
WALL = 3_000.0  # milliseconds: Slack's limit
ASK = "/broadcast outage city=Berlin time=18:00 --target live --to android,ios --audience attached --within 60d"


def floor() -> float:
    """Measure a Bolt app that does nothing, over the same HTTP."""
    with SlackSim() as slack:
        client = WebClient(token=slack.bot_token, base_url=slack.api_url)
        app = App(client=client, signing_secret=slack.signing_secret, process_before_response=True)

        @app.command("/nothing")
        def nothing(ack: Ack) -> None:
            ack()

        door = HttpDoor(app, host="127.0.0.1", port=0)
        door.open()
        slack.connect_http(f"http://127.0.0.1:{door.port}/slack/events")
        found = median(lambda: slack.command(ANA.id, GENERAL.id, "/nothing").milliseconds)
        door.close()
        return found


def median(measure: Callable[[], float]) -> float:
    """Take the median of some rounds, after one that does not count."""
    measure()
    return statistics.median(measure() for _ in range(ROUNDS))


class Rounds:
    """One request per round, and the answers on its way, in milliseconds."""

    def __init__(self, stage: Stage) -> None:
        self._slack = stage.slack
        names = ("help", "command to preview", "submit", "press Approve", "vote")
        self.found: dict[str, list[float]] = {name: [] for name in names}

    def play(self) -> None:
        """Ask for a push and approve it."""
        slack, found = self._slack, self.found
        known = {message.ts for message in self._cards()}
        found["help"].append(slack.command(ANA.id, GENERAL.id, "/broadcast help").milliseconds)
        found["command to preview"].append(slack.command(ANA.id, GENERAL.id, ASK).milliseconds)
        preview = slack.view(ANA.id)
        found["submit"].append(slack.submit(ANA.id, preview).milliseconds)
        slack.close(ANA.id, slack.view(ANA.id), clear=True)
        card = slack.wait_until(lambda: next((m for m in self._cards() if m.ts not in known), None), description="card")
        found["press Approve"].append(slack.press(BO.id, card, "approve").milliseconds)
        dialog = slack.view(BO.id)
        slack.type(BO.id, dialog, "input", "live", block_id="typed_target")
        found["vote"].append(slack.submit(BO.id, slack.view(BO.id)).milliseconds)

    def _cards(self) -> list[Message]:
        return self._slack.messages(APPROVALS.id, seen_by=BO.id)


def main() -> None:
    """Print the table."""
    least = floor()
    with Stage(veto="1h") as stage:
        rounds = Rounds(stage)
        for _ in range(ROUNDS):
            rounds.play()
    print(f"{'answer':<22} {'median ms':>10} {'x floor':>8} {'% of 3 s':>9}")
    print(f"{'Bolt that does nothing':<22} {least:>10.2f} {1:>8} {least / WALL:>9.2%}")
    for name, times in rounds.found.items():
        middle = statistics.median(times)
        print(f"{name:<22} {middle:>10.2f} {middle / least:>8.1f} {middle / WALL:>9.2%}")


if __name__ == "__main__":
    main()
