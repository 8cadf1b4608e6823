"""What the page adds to each step of the story: from the moment the simulators changed to the moment it is drawn.

Run: ``make bench-page``, or ``.venv/bin/python benchmarks/page.py [rounds]``; needs Chromium and Playwright. Real
processes, a real browser with three windows open, everything on this machine and therefore on one clock. In the windows
an observer notes when something new was put into the document; the simulators note when they changed. Nothing is
asserted: a busy machine is no defect.
"""

import re
import shutil
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page, sync_playwright

from bot.playground.cast import ANA, APPROVALS, BO, CHEN, GENERAL, RANDOM
from bot.playground.page.front import Front
from bot.playground.slack import messages
from bot.playground.slack.world import Entry, Happening, Message
from bot.playground.stage import Rules, Stage
from bot.playground.story import COMMAND

ROUNDS = 20
MANY = 1_000
CLAIM = 50.0  # milliseconds
PATIENCE = 60.0
PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

# Notes the first moment of everything that is put into the document. It looks only where something has changed: looking
# everywhere would cost more than what is measured.
OBSERVE = """() => {
  const marked = "[data-view], main article[data-ts], [data-phone], [data-line]";
  window.drawn = {};
  const heading = (one) => one.querySelector("[role=heading]") ?? one.querySelector(".conv-said") ?? one;
  const names = {
    view: (one) => [`view ${one.dataset.id} ${one.dataset.view}`],
    ts: (one) => [`message ${one.dataset.ts}`, `title ${one.dataset.ts} ${heading(one).textContent.trim()}`],
    phone: (one) => [`phone ${one.dataset.phone} ${one.textContent.match(/Round \\d+/)?.[0]}`],
    line: (one) => [`line ${one.dataset.line}`],
  };
  const note = (one, at) => {
    for (const kind in names) if (kind in one.dataset) for (const name of names[kind](one)) window.drawn[name] ??= at;
  };
  const look = (roots) => {
    const at = performance.timeOrigin + performance.now();
    const found = new Set();
    for (const root of roots) {
      const element = root.nodeType === Node.ELEMENT_NODE ? root : root.parentElement;
      const around = element?.closest(marked);
      if (around) found.add(around);
      for (const one of element?.querySelectorAll(marked) ?? []) found.add(one);
    }
    for (const one of found) note(one, at);
  };
  const attributes = { attributes: true, attributeFilter: ["data-view"] };
  const changed = ({ target, addedNodes }) => {
    const around = target.closest?.(marked);
    return addedNodes.length ? [...addedNodes, ...(around ? [around] : [])] : [target];
  };
  new MutationObserver((all) => look(all.flatMap(changed)))
    .observe(document.body, { subtree: true, childList: true, characterData: true, ...attributes });
  look([document.body]);
}"""

SCROLL = """async () => {
  let box = document.querySelector("main article[data-ts]");
  const scrolls = (one) => one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY);
  while (!scrolls(box)) box = box.parentElement;
  const frames = [];
  let last = await new Promise(requestAnimationFrame);
  for (let step = 0; step < 120; step++) {
    box.scrollTop += step < 60 ? -400 : 400;
    const next = await new Promise(requestAnimationFrame);
    frames.push(next - last);
    last = next;
  }
  return frames;
}"""


@dataclass
class Found:
    """Hold milliseconds by step."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, step: str, changed: float, drawn: float) -> None:
        self.times[step].append(drawn - changed)

    def table(self) -> Iterator[str]:
        yield f"{'from the change to the document':<34} {'median ms':>10} {'slowest ms':>11} {'under 50 ms':>12}"
        for step, times in self.times.items():
            under = sum(time < CLAIM for time in times) / len(times)
            yield f"{step:<34} {statistics.median(times):>10.1f} {max(times):>11.1f} {under:>12.0%}"


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=PROGRAM, args=SWITCHES)
        yield chromium
        chromium.close()


def window(chromium: Browser, stage: Stage, person: str, place: str) -> Page:
    """Open a window of a person at a place, and observe it."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(
        """localStorage.setItem("broadcast-playground", '{"tour": "dismissed", "language": "en"}')"""
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{stage.slack.address}/?as={person}&at={place}")
    page.wait_for_selector(".frame[data-person]")
    page.evaluate(OBSERVE)
    return page


def drawn_at(page: Page, name: str) -> float:
    """Wait until something was drawn; return the moment in milliseconds of the clock."""
    page.wait_for_function("(name) => window.drawn[name]", arg=name, timeout=PATIENCE * 1000)
    return float(page.evaluate("(name) => window.drawn[name]", name))


def moment(happening: Happening) -> float:
    return happening.at.timestamp() * 1000


class Rounds:
    """Play the story again and again, and compare when it happened with when it was drawn."""

    def __init__(self, stage: Stage, ana: Page, bo: Page, chen: Page) -> None:
        self._stage, self._slack = stage, stage.slack
        self._ana, self._bo, self._chen = ana, bo, chen
        self._seq = 0
        self.found = Found()

    def play(self, number: int) -> None:
        """Ask, approve, send; every step is compared as soon as it has happened."""
        slack, self._seq = self._slack, self._slack.world.seq
        slack.command(ANA.id, GENERAL.id, COMMAND.replace("city=Berlin", f"'city=Round {number}'"))
        self._view("the preview of a command", self._ana, ANA.id, "preview")
        slack.submit(ANA.id, slack.view(ANA.id))
        self._view("the answer to a form", self._ana, ANA.id, "submitted")
        slack.close(ANA.id, slack.view(ANA.id), clear=True)
        posted = self._until("message_posted", APPROVALS.id)
        self.found.add("the card in #approvals", moment(posted), drawn_at(self._bo, f"message {posted.facts['ts']}"))
        card = slack.message(APPROVALS.id, str(posted.facts["ts"]))
        slack.press(BO.id, card, "approve")
        self._view("the dialog to approve", self._bo, BO.id, "approve_form")
        slack.type(BO.id, slack.view(BO.id), "input", "live", block_id="typed_target")
        slack.submit(BO.id, slack.view(BO.id))
        self._arrivals(number)
        result = self._until("message_posted", GENERAL.id)
        self.found.add("the result in #general", moment(result), drawn_at(self._ana, f"message {result.facts['ts']}"))
        self._card_changed(card)
        entry = slack.journal("view_submission")[-1]
        self.found.add(
            "a line of the log", entry.at.timestamp() * 1000, drawn_at(self._chen, f"line slack-{entry.seq}")
        )

    def _view(self, step: str, page: Page, user: str, name: str) -> None:
        slack = self._slack
        slack.wait_until(
            lambda: slack.views(user) and slack.views(user)[-1].content["callback_id"] == name, timeout=PATIENCE
        )
        view = slack.view(user)
        changes = [one for one in slack.happenings(self._seq) if one.facts.get("view") == view.id]
        last = [one for one in changes if one.kind in ("view_opened", "view_updated")][-1]
        self.found.add(step, moment(last), drawn_at(page, f"view {view.id} {name}"))

    def _until(self, kind: str, channel: str) -> Happening:
        def found() -> Happening | None:
            new = self._slack.happenings(self._seq)
            return next((one for one in new if one.kind == kind and one.facts["channel"] == channel), None)

        happening = self._slack.wait_until(found, timeout=PATIENCE)
        assert happening
        return happening

    def _arrivals(self, number: int) -> None:
        mpaas = self._stage.mpaas
        tasks = lambda: [one for one in mpaas.tasks() if re.search(rf"Round {number}\b", str(one.push.said))]  # noqa: E731
        mpaas.journal.wait(lambda _: len(tasks()) > 1, seconds=PATIENCE)
        arrived = next(task for task in tasks() if task.push.delivery_type == 1)
        drawn = drawn_at(self._bo, f"phone android Round {number}")
        self.found.add("the push on a phone", arrived.created_at.timestamp() * 1000, drawn)

    def _card_changed(self, card: Message) -> None:
        title = "Push to all devices of live: sent"

        def told() -> Entry | None:
            calls = (one for one in self._slack.journal("chat.update") if one.sent["ts"] == card.ts)
            return next((one for one in calls if title in str(one.sent["blocks"])), None)

        call = self._slack.wait_until(told, timeout=PATIENCE)
        assert call
        # A call is in the journal once it is done. The bot may draw the card again afterwards: those are other changes.
        before = [one for one in self._slack.happenings(self._seq) if one.seq < call.seq]
        changed = [one for one in before if one.kind == "message_changed" and one.facts["ts"] == card.ts][-1]
        self.found.add("the card as the record", moment(changed), drawn_at(self._bo, f"title {card.ts} {title}"))


def story(chromium: Browser, rounds: int) -> None:
    """Print what the page adds to every step."""
    with Stage(targets={"live": Rules(veto="0s")}) as stage, Front(stage):
        ana, bo = window(chromium, stage, ANA.id, GENERAL.id), window(chromium, stage, BO.id, APPROVALS.id)
        chen = window(chromium, stage, CHEN.id, RANDOM.id)
        chen.click("[data-tab=log]")
        played = Rounds(stage, ana, bo, chen)
        played.play(0)  # does not count: everything is loaded for the first time
        played.found = Found()
        for number in range(1, rounds + 1):
            played.play(number)
    print(*played.found.table(), sep="\n")


def crowd(chromium: Browser, rounds: int) -> None:
    """Print what a channel with many messages costs."""
    found = Found()
    with Stage(processes=()) as stage, Front(stage):
        slack = stage.slack
        for number in range(MANY):
            slack.say(BO.id, GENERAL.id, f"Message {number} with *some* `marks`, and <@{CHEN.id}> in it.")
        began = slack.world.now().timestamp() * 1000
        page = window(chromium, stage, ANA.id, GENERAL.id)
        last = list(slack.world.messages[GENERAL.id])[-1]
        opened = drawn_at(page, f"message {last}") - began
        for number in range(rounds):
            said = slack.say(BO.id, GENERAL.id, f"New {number}")
            found.add("a new message", float(said.ts) * 1000, drawn_at(page, f"message {said.ts}"))
            changed = slack.world.now().timestamp() * 1000
            messages.put_back(slack.world, replace(said, text=f"Changed {number}"))
            page.wait_for_function(
                "(text) => document.querySelector('main').textContent.includes(text)", arg=f"Changed {number}"
            )
            names = page.evaluate(
                "(ts) => Object.entries(window.drawn).filter(([name]) => name.startsWith(`title ${ts} `))", said.ts
            )
            found.add("a changed message", changed, max(at for _, at in names))
        frames = page.evaluate(SCROLL)
    print(f"\nA channel with {MANY} messages: opened and drawn in {opened:.0f} ms")
    print(*found.table(), sep="\n")
    print(f"scrolling: {statistics.median(frames):.1f} ms a frame, the longest {max(frames):.1f} ms, of {len(frames)}")


def main() -> None:
    """Print both tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with browser() as chromium:
        story(chromium, rounds)
        crowd(chromium, rounds)


if __name__ == "__main__":
    main()
