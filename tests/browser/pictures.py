"""Take the pictures of the documents by playing the story in the page: ``python tests/browser/pictures.py [folder]``.

Not a test. The windows have always the same size and scale; ids and times are those of the day. A picture that grows
beyond ``BIGGEST`` is refused, so that the repository stays small.
"""

import base64
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from browser.acting import Actor
from browser.conftest import SWITCHES, program
from browser.windows import Windows
from playwright.sync_api import Page, expect, sync_playwright

from bot.playground.cast import ANA, APPROVALS, BO
from bot.playground.page.front import Front
from bot.playground.stage import Rules, Stage
from bot.playground.story import COMMAND

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = {"width": 1280, "height": 800}
SCALE = 1.5
BIGGEST = 300_000
"""Bytes of one picture."""
COLOURS = 256
"""Colours of one picture: half the size, and nobody sees it."""

# Cuts the colours of a picture into boxes, always the one with most pixels and spread; each box becomes its mean.
REDUCE = """async ([png, wanted]) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const part = (pixel, channel) => (pixel >>> (8 * channel)) & 255;
  const measured = (colours) => {
    const spreads = [0, 1, 2].map((channel) => {
      const values = colours.map(([pixel]) => part(pixel, channel));
      return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
    });
    const channel = spreads.indexOf(Math.max(...spreads));
    const count = colours.reduce((sum, [, some]) => sum + some, 0);
    return { colours, channel, weight: spreads[channel] ** 2 * Math.sqrt(count), count };
  };
  let boxes = [measured([...counts])];
  while (boxes.length < wanted) {
    boxes.sort((a, b) => a.weight - b.weight);
    if (!boxes.at(-1).weight) break;
    const { colours, channel, count } = boxes.pop();
    colours.sort(([a], [b]) => part(a, channel) - part(b, channel));
    let at = 0;
    for (let seen = 0; at < colours.length - 2 && (seen += colours[at][1]) < count / 2; at++);
    boxes.push(measured(colours.slice(0, at + 1)), measured(colours.slice(at + 1)));
  }
  const mean = ({ colours, count }, channel) =>
    Math.round(colours.reduce((sum, [pixel, some]) => sum + part(pixel, channel) * some, 0) / count);
  const place = new Map(boxes.flatMap(({ colours }, at) => colours.map(([pixel]) => [pixel, at])));
  const text = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return [image.width, image.height, boxes.flatMap((box) => [0, 1, 2].map((channel) => mean(box, channel))),
    text(Uint8Array.from(pixels, (pixel) => place.get(pixel)))];
}"""


class Camera:
    """Take pictures of windows into a folder; ``darkroom`` is a window that nobody looks at."""

    def __init__(self, folder: Path, darkroom: Page) -> None:
        self._folder, self._darkroom = folder, darkroom
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str, person: Actor) -> None:
        """Take a picture of a window; raises ValueError when it gets too big."""
        person.page.evaluate("() => document.fonts.ready")
        person.page.mouse.move(1, 1)  # what lies under the mouse looks different
        shot = base64.b64encode(person.page.screenshot(animations="disabled", caret="hide")).decode()
        width, height, palette, places = self._darkroom.evaluate(REDUCE, [shot, COLOURS])
        png = packed(width, height, bytes(palette), base64.b64decode(places))
        if len(png) > BIGGEST:
            raise ValueError(f"{name}.png has {len(png)} bytes; at most {BIGGEST} are wanted.")
        (self._folder / f"{name}.png").write_bytes(png)
        print(f"{name}.png: {len(png) // 1000} kB")  # noqa: T201 - a command line prints


def packed(width: int, height: int, palette: bytes, places: bytes) -> bytes:
    """Write a PNG of pixels that are places in a palette, packed as tightly as the format allows."""
    rows = b"".join(b"\0" + places[at : at + width] for at in range(0, width * height, width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


@contextmanager
def windows(stage: Stage) -> Iterator[tuple[Callable[[str], Actor], Page]]:
    """Open windows for pictures, and a darkroom; nothing may complain meanwhile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(SWITCHES))
        opened = Windows(browser, stage.slack.address)
        yield lambda person: Actor(opened.open(person, viewport=SIZE, device_scale_factor=SCALE)), browser.new_page()
        opened.close()
        browser.close()
    if opened.complaints:
        raise ValueError(f"The page complained: {opened.complaints}")


def ask(camera: Camera, ana: Actor) -> str:
    """Ana asks; return the request's id."""
    ana.says(COMMAND)
    expect(ana.view("preview")).to_contain_text("Berlin is back online")
    camera.take("preview", ana)
    return ana.asks_for_approval()


def approve(camera: Camera, bo: Actor, request: str) -> None:
    """Bo reads the card, and approves."""
    expect(bo.goes_to(APPROVALS).message(request)).to_contain_text("waiting for approval")
    camera.take("card", bo)
    dialog = bo.begins_to_approve(request)
    bo.types("live", "Type the target's name: live")
    camera.take("approve", bo)
    bo.presses("Approve LIVE push", dialog)
    expect(bo.message(request)).to_contain_text("can still be stopped")
    camera.take("stop", bo)


def arrive(camera: Camera, bo: Actor, request: str) -> None:
    """Let it arrive."""
    expect(bo.message(request)).to_contain_text("iOS: accepted by mPaaS")
    expect(bo.phone("ios")).to_contain_text("Berlin is back online")
    camera.take("playground", bo)
    bo.page.locator("[data-tab=log]").click()
    expect(bo.page.locator("[data-line]").last).to_be_visible()
    camera.take("log", bo)
    bo.page.locator("[data-tab=mpaas]").click()
    camera.take("mpaas", bo)


def lose(camera: Camera, ana: Actor, bo: Actor) -> None:
    """Let mPaaS lose an answer: the bot does not guess, looks at mPaaS, and asks people."""
    bo.page.locator("[data-tab=faults]").click()
    bo.page.locator('[data-fault="mpaas-lost"]').click()
    request = ana.asks()
    bo.approves(request)
    expect(bo.button("Record Android as sent", bo.message(request))).to_be_visible()
    camera.take("lost-answer", bo)


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with Stage(targets={"live": Rules(veto="5s")}) as stage, Front(stage), windows(stage) as (opened, darkroom):
        camera = Camera(folder, darkroom)
        ana, bo = opened(ANA.id), opened(BO.id)
        form = ana.says("/broadcast").view("request_form")
        ana.chooses("live", "Target").chooses("outage", "Template")
        camera.take("form", ana)
        ana.presses("Cancel", form)
        request = ask(camera, ana)
        approve(camera, bo, request)
        arrive(camera, bo, request)
        lose(camera, ana, bo)


if __name__ == "__main__":
    main()
