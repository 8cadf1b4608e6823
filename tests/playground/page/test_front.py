"""The page's way in: what is served, to whom, and that nothing of it is left when the front is."""

import base64
import hashlib
import http.client
import re
import socket
import threading
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playground.page.viewer import PATIENCE, Viewer

from bot.playground.cast import ANA, BO, GENERAL
from bot.playground.page.front import ASSETS, KINDS, Front, policy
from bot.playground.stage import Stage

FOLDER = Path(str(ASSETS))
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix.lstrip(".") in KINDS)


class Inline(HTMLParser):
    """Read a page: its inline scripts, and whatever its policy would forbid."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.forbidden: list[str] = []
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        self._within = tag if tag == "script" and "src" not in names else ""
        self.forbidden += [name for name in names if name == "style" or name.startswith("on")]
        self.forbidden += [tag] if tag == "style" else []

    def handle_data(self, data: str) -> None:
        if self._within:
            self.scripts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._within = "" if tag == self._within else self._within


def ask(front: Front, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    place = urlsplit(front.address)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_the_page_is_html_that_is_never_kept_and_never_framed(front: Front) -> None:
    status, headers, body = ask(front, "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert body == (FOLDER / "index.html").read_bytes()
    rules = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == "'self'"
    assert {rules[name] for name in ("frame-ancestors", "base-uri", "form-action", "object-src")} == {"'none'"}
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_the_policy_allows_the_pages_own_inline_script_and_no_other(front: Front) -> None:
    _, headers, body = ask(front, "/")
    page = Inline(body.decode())
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in page.scripts]
    allowed = re.findall(r"'sha256-([^']+)'", headers["Content-Security-Policy"])
    assert allowed == hashes != []
    assert page.forbidden == []


def test_the_policy_follows_the_html_that_it_is_written_for() -> None:
    script = b'{"imports": {}}\n'
    told = policy(b'<script src="/a.js"></script><script type="importmap">' + script + b"</script>")
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" in told
    assert told.count("sha256-") == 1


def test_every_file_is_served_with_its_type(front: Front) -> None:
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "html": "text/html"}
    for path in FILES:
        status, headers, body = ask(front, f"/assets/{path}")
        assert (status, headers["Content-Type"]) == (200, f"{types[path.rpartition('.')[2]]}; charset=utf-8")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert body == (FOLDER / path).read_bytes()


def test_a_page_can_ask_for_every_file_that_there_is() -> None:
    everything = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert sorted(path for path in everything - set(FILES) if not path.endswith(".LICENSE")) == []


def test_whatever_a_module_imports_is_served() -> None:
    wanted = {
        (path, name)
        for path in FILES
        if path.endswith(".js") and not path.startswith("vendor/")
        for name in re.findall(r'(?:from|import)\s+"(\.[^"]+)"', (FOLDER / path).read_text(encoding="utf-8"))
    }
    assert wanted
    assert [(path, name) for path, name in wanted if not (FOLDER / path).parent.joinpath(name).is_file()] == []


def test_nothing_else_is_served(front: Front) -> None:
    ways_out = (
        "../front.py",
        "../../page/front.py",
        "%2e%2e/front.py",
        "..%2ffront.py",
        "/etc/passwd",
        "style/../page.js",
    )
    no_files = ("page.js%00.css", ".gitignore", "style", "", "nothing.js")
    for path in [f"/assets/{name}" for name in ways_out + no_files] + ["/assets", "/nothing", "/live/x"]:
        status, headers, body = ask(front, path)
        assert (path, status, headers["Content-Type"]) == (path, 404, "application/json;charset=utf-8")
        assert b"import" not in body


def test_a_file_outside_cannot_be_reached_by_a_link(front: Front, tmp_path: Path) -> None:
    assert [path for path in FOLDER.rglob("*") if path.is_symlink()] == []
    (tmp_path / "x.js").write_text("1", encoding="utf-8")
    assert ask(front, f"/assets/{tmp_path}/x.js")[0] == 404


def test_only_get_is_taken(front: Front) -> None:
    for path in ("/", "/live?as=U01ANA", "/assets/page.js"):
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            status, headers, _ = ask(front, path, method)
            assert (path, method, status, headers["Allow"]) == (path, method, 405, "GET, HEAD")


def test_a_head_request_gets_the_headers_alone(front: Front) -> None:
    for path in ("/", "/live?as=U01ANA", "/assets/page.js"):
        status, headers, body = ask(front, path, "HEAD")
        assert (path, status, body) == (path, 200, b"")
        assert headers["Content-Type"]


@pytest.mark.parametrize("path", ["/", "/live?as=U01ANA", "/assets/page.js", "/_control/people"])
def test_pages_of_other_origins_and_other_hosts_get_nothing(front: Front, path: str) -> None:
    own = urlsplit(front.address).netloc
    assert ask(front, path, "HEAD" if path.startswith("/live") else "GET", Origin=f"http://{own}")[0] == 200
    strange = (
        {"Host": "evil.example"},
        {"Host": f"evil.example:{urlsplit(front.address).port}"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    )
    for headers in strange:
        status, _, body = ask(front, path, **headers)
        assert (status, b"This path" in body) == (403, True)


@pytest.mark.parametrize("user", ["", "U99NOBODY", "U09BOT"])
def test_a_stream_is_opened_for_people_alone(front: Front, user: str) -> None:
    status, _, body = ask(front, f"/live?as={user}")
    assert (status, b"There is no person" in body) == (404, True)


def test_a_stream_is_not_kept_anywhere(view: Callable[[str], Viewer]) -> None:
    headers = view(ANA.id).headers
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("text/event-stream", "no-store")


def test_what_backstage_can_do_can_be_asked_for(stage: Stage, view: Callable[[str], Viewer]) -> None:
    viewer, mpaas = view(ANA.id), {"environment": "live", "name": "hail", "title": "Hail", "content": "In #city#."}
    connection = http.client.HTTPConnection(urlsplit(stage.slack.address).netloc, timeout=PATIENCE)
    connection.request(
        "POST", "/_control/put_template", str(mpaas).replace("'", '"'), {"Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b'{"ok": true, "result": null}')
    connection.close()
    viewer.wait_for("mpaas", lambda one: "Hail" in str(one["mpaas"].get("templates")))


def test_one_line_of_the_log_can_be_read_whole(front: Front, stage: Stage) -> None:
    entry = stage.slack.world.note("call", "chat.x", sent={"a": "b" * 999}, answer={}, status=200, milliseconds=1.0)
    status, _, body = ask(front, f"/_control/entry?line=slack-{entry.seq}")
    assert (status, b"b" * 999 in body) == (200, True)
    assert ask(front, "/_control/entry?line=slack-999999")[0] == 409


def test_a_front_that_is_left_ends_its_streams_and_answers_no_more(stage: Stage) -> None:
    before = set(threading.enumerate())
    with Front(stage) as front:
        viewers = [Viewer(front.address, user.id) for user in (ANA, BO)]
        assert ask(front, "/")[0] == 200
    assert all(viewer.has_ended() for viewer in viewers)
    for viewer in viewers:
        viewer.close()
    left = set(threading.enumerate()) - before
    for thread in left:
        thread.join(PATIENCE)
    assert [thread.name for thread in left if thread.is_alive()] == []
    assert ask(front, "/")[0] == 404
    assert (stage.slack.world.on_change, stage.mpaas.journal.on_change, stage.on_change) == ([], [], [])


def test_a_window_that_is_closed_leaves_no_thread(front: Front, stage: Stage) -> None:
    before = set(threading.enumerate())
    viewers = [Viewer(front.address, ANA.id) for _ in range(5)]
    assert len(set(threading.enumerate()) - before) >= len(viewers)
    for viewer in viewers:
        viewer.close()
    left = set(threading.enumerate()) - before
    for thread in left:
        thread.join(PATIENCE)
    assert [thread.name for thread in left if thread.is_alive()] == []
    stage.slack.say(ANA.id, GENERAL.id, "Nobody looks.")


def test_a_window_that_reads_no_more_does_not_hold_up_the_others(front: Front, stage: Stage) -> None:
    place = urlsplit(front.address)
    with socket.create_connection((str(place.hostname), place.port), timeout=PATIENCE) as asleep:
        asleep.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        asleep.sendall(f"GET /live?as={ANA.id} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
        for _ in range(200):
            stage.slack.say(ANA.id, GENERAL.id, "long " * 5000)
        with Viewer(front.address, BO.id) as viewer:
            said = stage.slack.say(ANA.id, GENERAL.id, "short")
            viewer.wait_for("message", lambda one: one["message"]["ts"] == said.ts)
