"""Slack and mPaaS are reached the same way: they trust the same authorities, and go through the same proxy, or neither.

Servers speak real TLS with certificates of an authority that was made for the test; the proxy is a real one.
"""

import base64
import hashlib
import itertools
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import NamedTuple

import pytest
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from mpaas.loopback import DRIP, Behaviour, Loopback, answering
from operations.bench import ACCESS_KEY, Bench, bench_for_processes, nothing_of_ours
from pydantic import SecretStr
from reported.connect_proxy import ConnectProxy
from slack_bolt import Ack, BoltRequest
from slack_sdk import WebClient

from bot import wiring
from bot.cli import main
from bot.domain.outcome import Accepted, NotSent, SendOutcome, Unknown
from bot.doors import SocketDoor
from bot.errors import SettingsError
from bot.mpaas.client import PushClient
from bot.mpaas.exchange import Timeouts
from bot.mpaas.signing import Credentials
from bot.playground.bot_process import BotProcess
from bot.playground.cast import ANA, GENERAL, TEAM
from bot.settings import Settings
from bot.settings.egress import Egress, trusted
from bot.web_api import WebApi

SLACK, MPAAS = "slack.test", "mpaas.test"
ACCEPTED = answering(b'{"ResultCode": "OK", "PushResult": {"Success": true, "Data": "t1"}}')
PLEASED = answering(b'{"ok": true, "team_id": "T0123456789", "user_id": "U0BOT", "bot_id": "B0BOT"}')
_WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455
_HELLO = b'{"type": "hello", "num_connections": 1}'
PARAMETERS = {"AppId": "ONEXLIVE", "WorkspaceId": "default"}


class Authority(NamedTuple):
    """A private authority: its certificate, and a server's key and certificate that it vouches for."""

    ca_file: Path
    server: Path

    def tls(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server)
        return context

    def serving(self, *script: Behaviour) -> Loopback:
        return Loopback(*script, tls=self.tls())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, signer: ec.EllipticCurvePrivateKey, *, ca: bool
) -> x509.Certificate:
    named = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (subject, issuer)]
    names = x509.SubjectAlternativeName([x509.DNSName(name) for name in (SLACK, MPAAS, "localhost")])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder(named[1], named[0], key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(names, critical=False)
        .sign(signer, hashes.SHA256())
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("authority")
    root, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    made = Authority(folder / "authority.pem", folder / "server.pem")
    above = _certificate("The house's authority", root, "The house's authority", root, ca=True)
    below = _certificate("a server", own, "The house's authority", root, ca=False)
    made.ca_file.write_bytes(above.public_bytes(serialization.Encoding.PEM))
    made.server.write_bytes(_pem(own) + below.public_bytes(serialization.Encoding.PEM))
    return made


@pytest.fixture
def bench(redis_client: redis.Redis, tmp_path: Path) -> Iterator[Bench]:
    with bench_for_processes(redis_client, tmp_path) as bench:
        yield bench


def settings_of(bench: Bench, **environ: str) -> Settings:
    """Read the settings of a bot whose Slack and mPaaS have public names."""
    bench.configure(endpoint=MPAAS)
    given = bench.environ(SLACK_API_URL=f"https://{SLACK}/api/", **environ)
    return Settings.from_environ(given, directory=bench.folder)


def next_door(settings: Settings, slack: Loopback, mpaas: Loopback) -> Settings:
    """Point them at servers of this machine, which no settings could name by https."""
    target = settings.targets["live"].model_copy(update={"endpoint": f"https://localhost:{mpaas.port}"})
    there = settings.slack.model_copy(update={"api_url": f"https://localhost:{slack.port}/api/"})
    return settings.model_copy(update={"targets": {"live": target}, "slack": there})


def pushed(bench: Bench, settings: Settings) -> SendOutcome:
    """Push as the worker does, with the client that is made from the settings."""
    context = wiring.make_context(settings, bench.store)
    clients = (*context.clients.values(), *context.quick_clients.values())
    try:
        return context.clients["live"].push_broadcast(PARAMETERS)
    finally:
        for client in clients:
            client.close()


@contextmanager
def both(authority: Authority) -> Iterator[tuple[Loopback, Loopback, ConnectProxy]]:
    """Serve Slack and mPaaS by their public names, at the other end of a proxy."""
    with (
        authority.serving(PLEASED) as slack,
        authority.serving(ACCEPTED) as mpaas,
        ConnectProxy({f"{SLACK}:443": slack.port, f"{MPAAS}:443": mpaas.port}) as proxy,
    ):
        yield slack, mpaas, proxy


# Authorities ---------------------------------------------------------------------------------------------------------


def test_without_a_setting_neither_trusts_a_private_authority(bench: Bench, authority: Authority) -> None:
    """The company's own authority had signed both certificates; one of the two was believed, as the system knew it."""
    with authority.serving(PLEASED) as slack, authority.serving(ACCEPTED) as mpaas:
        settings = next_door(settings_of(bench), slack, mpaas)
        with pytest.raises(OSError, match="certificate verify failed"):
            wiring.slack_client(settings, timeout=2).auth_test()
        outcome = pushed(bench, settings)
    assert isinstance(outcome, NotSent)
    assert "certificate verify failed" in outcome.why
    assert (slack.requests, mpaas.requests) == ([], [])


def test_with_one_setting_both_trust_a_private_authority(bench: Bench, authority: Authority) -> None:
    """The company's own authority is named once, and believed for Slack and for mPaaS."""
    with authority.serving(PLEASED) as slack, authority.serving(ACCEPTED) as mpaas:
        settings = next_door(settings_of(bench, BROADCAST_CA_FILE=str(authority.ca_file)), slack, mpaas)
        assert wiring.slack_client(settings, timeout=2).auth_test()["ok"]
        assert pushed(bench, settings) == Accepted(task_id="t1")


def test_a_private_authority_is_trusted_beside_the_public_ones(authority: Authority) -> None:
    """Whoever names the house's authority still reaches Slack, which a public one vouches for."""
    public, with_ours = (trusted(file).cert_store_stats()["x509_ca"] for file in (None, authority.ca_file))
    assert with_ours == public + 1


def _authorities_of_a_process(tmp_path: Path, **environ: str) -> list[str]:
    script = "from bot.settings.egress import trusted\nfor one in trusted(None).get_ca_certs(): print(one['subject'])"
    command = [sys.executable, "-W", "error", "-c", script]
    whole = nothing_of_ours() | environ
    ended = subprocess.run(command, cwd=tmp_path, env=whole, capture_output=True, text=True, timeout=60, check=True)
    return ended.stdout.splitlines()


def test_a_system_without_authorities_has_those_of_certifi(tmp_path: Path) -> None:
    """In a slim container without ca-certificates Slack could not be reached, and mPaaS could."""
    (tmp_path / "none").mkdir()
    bare = _authorities_of_a_process(
        tmp_path, SSL_CERT_FILE=str(tmp_path / "missing.pem"), SSL_CERT_DIR=str(tmp_path / "none")
    )
    assert len(bare) > 50


def test_authorities_that_the_system_was_told_to_trust_count_for_both(tmp_path: Path, authority: Authority) -> None:
    """SSL_CERT_FILE, which OpenSSL reads, counted for Slack and not for mPaaS."""
    (tmp_path / "none").mkdir()
    told = _authorities_of_a_process(
        tmp_path, SSL_CERT_FILE=str(authority.ca_file), SSL_CERT_DIR=str(tmp_path / "none")
    )
    assert ["The house's authority" in one for one in told] == [True]


@pytest.fixture
def wrong_files(tmp_path: Path, authority: Authority) -> dict[str, str]:
    der = ssl.PEM_cert_to_DER_cert(authority.ca_file.read_text())
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.pem").touch()
    (tmp_path / "rubbish.pem").write_bytes(b"\xff\x00 certificates")
    (tmp_path / "authority.der").write_bytes(der)
    (tmp_path / "half.pem").write_text(authority.ca_file.read_text() + authority.ca_file.read_text()[:80])
    (tmp_path / "with-key.pem").write_bytes(authority.server.read_bytes())
    return {
        "missing.pem": "the file cannot be read (No such file or directory).",
        "folder": "must be a plain file.",
        "empty.pem": "the file must hold certificates as PEM, which begin with -----BEGIN CERTIFICATE-----.",
        "rubbish.pem": "the file must hold certificates as PEM",
        "authority.der": "the file must hold certificates as PEM",
        "half.pem": "the file must hold certificates as PEM",
        "with-key.pem": "the file holds a private key; give the authorities' certificates alone.",
    }


def test_a_wrong_file_of_authorities_is_told_in_a_sentence(bench: Bench, wrong_files: dict[str, str]) -> None:
    """A path that was misspelt, a file of another format, or the server's own key was given as the authority."""
    for name, sentence in wrong_files.items():
        with pytest.raises(SettingsError) as refusal:
            settings_of(bench, BROADCAST_CA_FILE=name)
        (complaint,) = refusal.value.complaints
        assert complaint.startswith(f"BROADCAST_CA_FILE: {sentence}"), name


def test_the_file_of_authorities_lies_beside_the_configuration(bench: Bench, authority: Authority) -> None:
    """The bot was started from another folder than the one its files lie in."""
    (bench.folder / "house.pem").write_bytes(authority.ca_file.read_bytes())
    bench.configure()
    given = bench.environ(BROADCAST_CA_FILE="house.pem")
    egress = Settings.from_environ(given, directory=bench.folder.parent).egress
    assert egress.ca_file == bench.folder / "house.pem"
    with pytest.raises(SettingsError, match="BROADCAST_CA_FILE: must be a path; before its first / only ~ alone"):
        settings_of(bench, BROADCAST_CA_FILE="~somebody/house.pem")


def test_a_pasted_certificate_or_key_is_refused_and_not_repeated(bench: Bench) -> None:
    """The file's content was pasted where its path belongs; it may be the key."""
    with pytest.raises(SettingsError, match="BROADCAST_CA_FILE: ") as refusal:
        settings_of(bench, BROADCAST_CA_FILE="-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n" * 200)
    assert "c2VjcmV0" not in str(refusal.value)


def test_a_wrong_file_of_authorities_is_reported_with_the_other_mistakes(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every mistake is told at once, also to an operator's verb, and ends with status 2."""
    bench.configure()
    assert main(["list"], bench.environ(BROADCAST_CA_FILE="gone.pem", HTTPS_PROXY="socks5://host:1")) == 2
    told = capsys.readouterr().err
    assert "BROADCAST_CA_FILE: " in told
    assert "HTTPS_PROXY: must begin with http://" in told


# Proxies: which way ---------------------------------------------------------------------------------------------------


def test_both_go_through_the_proxy(bench: Bench, authority: Authority) -> None:
    """Only Slack went through the mandatory proxy, and mPaaS could not be reached from that network at all."""
    with both(authority) as (slack, mpaas, proxy):
        settings = settings_of(bench, HTTPS_PROXY=proxy.url, BROADCAST_CA_FILE=str(authority.ca_file))
        assert wiring.slack_client(settings, timeout=2).auth_test()["ok"]
        assert pushed(bench, settings) == Accepted(task_id="t1")
    assert [line.split(" ")[:2] for line in proxy.asked] == [["CONNECT", f"{SLACK}:443"], ["CONNECT", f"{MPAAS}:443"]]
    assert slack.requests[0].startswith(b"POST /api/auth.test HTTP/1.1\r\n")
    assert mpaas.requests[0].startswith(b"POST / HTTP/1.1\r\n")


def test_the_proxy_is_told_its_password_and_nobody_else_is(bench: Bench, authority: Authority) -> None:
    """A proxy that asks for a password got none from one of the two; and the password is a secret."""
    with both(authority) as (slack, mpaas, proxy):
        url = f"http://ana:p%40ss%2Fword-hidden@127.0.0.1:{proxy.port}"
        settings = settings_of(bench, HTTPS_PROXY=url, BROADCAST_CA_FILE=str(authority.ca_file))
        assert wiring.slack_client(settings, timeout=2).auth_test()["ok"]
        assert pushed(bench, settings) == Accepted(task_id="t1")
    expected = "Basic " + base64.b64encode(b"ana:p@ss/word-hidden").decode()
    assert [f"proxy-authorization: {expected}".lower() in head.lower() for head in proxy.heads] == [True, True]
    assert all(b"proxy-authorization" not in raw.lower() for raw in (*slack.requests, *mpaas.requests))
    assert {"p%40ss%2Fword-hidden", "p@ss/word-hidden"} <= set(settings.secrets())
    assert "hidden" not in repr(settings)


def test_the_websocket_of_socket_mode_goes_through_the_proxy_and_trusts_the_same(
    bench: Bench, authority: Authority
) -> None:
    """The Web API was reached, and the WebSocket beside it was not, or with other authorities."""
    link = answering(f'{{"ok": true, "url": "wss://{SLACK}/link?ticket=1"}}'.encode())

    def upgrade(stream: socket.socket, _: Event) -> None:
        (key,) = re.findall(rb"Sec-WebSocket-Key: (\S+)", slack.requests[-1])
        agreed = base64.b64encode(hashlib.sha1(key + _WEBSOCKET).digest())  # noqa: S324 - RFC 6455 asks for it
        stream.sendall(b"HTTP/1.1 101 Switching\r\nSec-WebSocket-Accept: " + agreed + b"\r\n\r\n")
        stream.sendall(bytes([0x81, len(_HELLO)]) + _HELLO)  # one whole frame of text
        while stream.recv(4096):
            pass

    with (
        authority.serving(PLEASED, link, upgrade) as slack,
        ConnectProxy({f"{SLACK}:443": slack.port}) as proxy,
    ):
        settings = settings_of(bench, HTTPS_PROXY=proxy.url, BROADCAST_CA_FILE=str(authority.ca_file))
        door = SocketDoor(wiring.make_app(settings, bench.context), settings)
        door.open()
        door.close()
    assert slack.requests[2].startswith(b"GET /link?ticket=1 HTTP/1.1\r\n")
    assert {line.split(" ")[1] for line in proxy.asked} == {f"{SLACK}:443"}


def test_a_call_that_slack_asks_to_repeat_stays_in_the_tunnel(bench: Bench, authority: Authority) -> None:
    """After "too many requests" the call is made once more: as the first time, and not to the proxy in the clear."""
    busy = answering(b'{"ok": false, "error": "ratelimited"}', status=429, headers="Retry-After: 0\r\n")
    with authority.serving(busy, PLEASED) as slack, ConnectProxy({f"{SLACK}:443": slack.port}) as proxy:
        settings = settings_of(bench, HTTPS_PROXY=proxy.url, BROADCAST_CA_FILE=str(authority.ca_file))
        assert wiring.slack_client(settings, timeout=2).auth_test()["ok"]
    assert [raw.partition(b"\r\n")[0] for raw in slack.requests] == [b"POST /api/auth.test HTTP/1.1"] * 2
    assert [line.split(" ")[0] for line in proxy.asked] == ["CONNECT", "CONNECT"]


def test_a_proxy_that_ends_the_call_is_a_failure_of_slack_in_words(bench: Bench) -> None:
    """The proxy refuses Slack: whoever calls hears of an OSError, which every caller handles, and no password."""
    with ConnectProxy(answer=b"HTTP/1.1 403 Forbidden\r\n\r\n") as proxy:
        settings = settings_of(bench, HTTPS_PROXY=f"http://ana:hidden@127.0.0.1:{proxy.port}")
        with pytest.raises(OSError, match="403 Forbidden") as failure:
            wiring.slack_client(settings, timeout=2).auth_test()
    assert "hidden" not in str(failure.value)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"])
def test_what_is_on_this_machine_is_reached_without_the_proxy(bench: Bench, redis_url: str, name: str) -> None:
    """slack_sdk reads the environment by itself, so the simulated Slack on loopback was sought at the proxy."""
    bench.configure()
    with ConnectProxy(answer=b"HTTP/1.1 403 Forbidden\r\n\r\n") as proxy:
        environ = nothing_of_ours() | bench.environ(REDIS_URL=redis_url) | {name: proxy.url}
        command = [sys.executable, "-m", "bot", "doctor"]
        ended = subprocess.run(
            command, cwd=bench.folder, env=environ, capture_output=True, text=True, timeout=60, check=False
        )
    assert "ok    Slack: " in ended.stdout, ended.stdout + ended.stderr
    assert "ok    live: mPaaS" in ended.stdout
    assert proxy.asked == []


def test_a_bot_beside_its_simulated_slack_leaves_the_proxy_alone(bench: Bench, redis_url: str) -> None:
    """Socket Mode and every listener's own client looked for a proxy in the environment as well."""
    bench.configure()
    with ConnectProxy(answer=b"HTTP/1.1 403 Forbidden\r\n\r\n") as proxy:
        environ = nothing_of_ours() | bench.environ(REDIS_URL=redis_url, HTTPS_PROXY=proxy.url)
        process = BotProcess("slack", directory=bench.folder, environ=environ)
        try:
            process.ready()
            assert bench.slack.wait_until(lambda: bench.slack.sockets == 1, timeout=20)
            bench.slack.command(ANA.id, GENERAL.id, "/broadcast")
            assert bench.slack.views(ANA.id)
        finally:
            process.kill()
    assert proxy.asked == []


def test_listeners_call_slack_as_everybody_else_does(bench: Bench) -> None:
    """Bolt gives each listener a client of its own making, which follows redirects and looks for proxies itself."""
    app, clients = wiring.make_app(bench.settings, bench.context), list[WebClient]()

    def listen(ack: Ack, client: WebClient) -> None:
        clients.append(client)
        ack()

    app.command("/look")(listen)
    payload = {"command": "/look", "text": "", "user_id": ANA.id, "team_id": TEAM, "channel_id": GENERAL.id}
    assert app.dispatch(BoltRequest(body=payload, mode="socket_mode")).status == 200
    (client,) = clients
    assert isinstance(client, WebApi)
    assert client is not app.client
    assert client.ssl is bench.settings.egress.authorities()
    assert client.default_params == {"team_id": TEAM}


# Proxies: what is said ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("no_proxy", "slack", "mpaas"),
    [
        ("", True, True),
        ("slack.test", False, True),
        (".slack.test", False, True),
        ("*.slack.test", False, True),
        ("test", False, False),
        ("*", False, False),
        ("other.test, MPAAS.test", True, False),
        ("lack.test mpaas.test:443", True, False),
        ("slack.test:8443,.", True, True),
        ("127.0.0.1,10.0.0.0/8,localhost", True, True),
    ],
)
def test_hosts_of_no_proxy_are_called_straight(bench: Bench, no_proxy: str, *, slack: bool, mpaas: bool) -> None:
    """A name stands for itself and for all below it, and for no other that ends alike."""
    egress = settings_of(bench, HTTPS_PROXY="http://proxy:3128", NO_PROXY=no_proxy).egress
    through = [egress.proxy_to(f"https://{host}/") is not None for host in (SLACK, MPAAS)]
    assert through == [slack, mpaas]


@given(st.sampled_from(["http", "https"]), st.sampled_from(["127.0.0.1", "localhost", "[::1]"]), st.integers(1, 65535))
def test_no_address_of_this_machine_ever_goes_through_a_proxy(scheme: str, host: str, port: int) -> None:
    """Whatever is written in NO_PROXY: a simulator is called straight."""
    assert Egress(proxy=SecretStr("http://proxy:3128")).proxy_to(f"{scheme}://{host}:{port}/") is None


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({"HTTPS_PROXY": "http://one:1"}, "http://one:1"),
        ({"https_proxy": "two:2/"}, "http://two:2"),
        ({"HTTPS_PROXY": "http://one:1", "https_proxy": "http://two:2"}, "http://two:2"),
        ({"HTTPS_PROXY": "http://one:1", "https_proxy": " "}, "http://one:1"),
        ({"HTTPS_PROXY": "", "HTTP_PROXY": "http://three:3", "ALL_PROXY": "http://four:4"}, None),
        ({"https_proxy": "http://one:1", "no_proxy": "test", "NO_PROXY": "other"}, None),
        ({"https_proxy": "http://one:1", "no_proxy": "", "NO_PROXY": "test"}, None),
    ],
)
def test_a_proxy_is_read_as_other_tools_read_it(bench: Bench, environ: dict[str, str], proxy: str | None) -> None:
    """Small letters win, empty is unset, and only what is meant for https counts."""
    egress = settings_of(bench, **environ).egress
    assert [egress.proxy_to(f"https://{host}/") for host in (SLACK, MPAAS)] == [proxy, proxy]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("https://proxy:3128", "must begin with http://"),
        ("socks5://ana:hidden@proxy:1080", "must begin with http://"),
        ("http://proxy", "must name the proxy's host and port"),
        ("proxy", "must name the proxy's host and port"),
        ("http://:3128", "must name the proxy's host and port"),
        ("http://proxy:99999", "must be an address"),
        ("http://ana@proxy:3128", "must give both user and password"),
        ("http://ana:hid#den@proxy:3128", "must be an address"),
        ("http://proxy:3128/path", "must end with the port"),
        ("http://proxy:3128?hidden", "must end with the port"),
    ],
)
def test_a_proxy_that_cannot_be_one_is_told_in_a_sentence(bench: Bench, value: str, sentence: str) -> None:
    """What is no address of an HTTP proxy was taken, and every call failed much later; its password is not repeated."""
    with pytest.raises(SettingsError) as refusal:
        settings_of(bench, HTTPS_PROXY=value)
    (complaint,) = refusal.value.complaints
    assert complaint.startswith(f"HTTPS_PROXY: {sentence}")
    assert "hid" not in complaint


# Proxies: at most once ------------------------------------------------------------------------------------------------


def push_through(proxy: str, authority: Authority, *, total: float = 8.0, attempts: int = 1) -> SendOutcome:
    numbers = itertools.count()
    client = PushClient(
        MPAAS,
        Credentials(ACCESS_KEY[0], SecretStr(ACCESS_KEY[1])),
        app_id="ONEXLIVE",
        workspace_id="default",
        now=lambda: datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
        nonce=lambda: f"nonce-{next(numbers)}",
        timeouts=Timeouts(total=total),
        tls=trusted(authority.ca_file),
        proxy=proxy,
        attempts=attempts,
        pause=lambda _: None,
    )
    with closing(client):
        return client.push_broadcast(PARAMETERS)


def test_a_proxy_that_is_down_proves_that_nothing_was_sent(authority: Authority) -> None:
    """Nothing listens at the proxy's port: no way led to mPaaS."""
    with Loopback(listening=False) as nobody:
        outcome = push_through(f"http://127.0.0.1:{nobody.port}", authority)
    assert isinstance(outcome, NotSent)
    assert outcome.why.startswith(f"No connection to https://{MPAAS}/ through the proxy: ")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407 Proxy Authentication Required"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "403 Forbidden"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "502 Bad Gateway"),
        (b"HTTP/1.1 503 " + b"x" * 5000 + b"\r\n\r\n", "503 xxx"),
        (b"", "disconnected"),
        (b"not HTTP at all\r\n\r\n", ""),
    ],
)
def test_a_tunnel_that_was_never_opened_proves_that_nothing_was_sent(
    authority: Authority, answer: bytes, why: str
) -> None:
    """The proxy refuses, hangs up, or talks nonsense; each was tried again, and none was taken for a send."""
    with ConnectProxy(answer=answer) as proxy:
        outcome = push_through(proxy.url, authority, attempts=3)
    assert isinstance(outcome, NotSent)
    assert why in outcome.why
    assert len(outcome.why) < 300
    assert len(proxy.asked) == 3


def test_a_proxy_that_never_answers_proves_that_nothing_was_sent(authority: Authority) -> None:
    """The proxy took the connection and said nothing until the time was over."""
    with ConnectProxy(answer=None) as proxy:
        outcome = push_through(proxy.url, authority, total=0.4)
    assert isinstance(outcome, NotSent)


def test_somebody_else_at_the_end_of_the_tunnel_gets_nothing(authority: Authority) -> None:
    """The proxy opens what it carries, with a certificate of its own that nobody vouched for."""
    with authority.serving(ACCEPTED) as mpaas, ConnectProxy({f"{MPAAS}:443": mpaas.port}) as proxy:
        stranger = authority._replace(ca_file=None)  # type: ignore[arg-type]  # trusts the public ones alone
        outcome = push_through(proxy.url, stranger)
    assert isinstance(outcome, NotSent)
    assert "certificate verify failed" in outcome.why
    assert mpaas.requests == []


def test_a_tunnel_that_is_cut_after_the_request_leaves_the_outcome_unknown(authority: Authority) -> None:
    """The proxy ended the tunnel when the request was through: it went out, perhaps, and is not sent again."""
    tunnels: list[ConnectProxy] = []
    cutting = authority.serving(lambda *_: tunnels[0].hang_up())
    with cutting as mpaas, ConnectProxy({f"{MPAAS}:443": mpaas.port}) as proxy:
        tunnels.append(proxy)
        outcome = push_through(proxy.url, authority, attempts=3)
    assert isinstance(outcome, Unknown)
    assert (len(mpaas.requests), len(proxy.asked)) == (1, 1)


def test_the_deadline_cuts_a_dripping_answer_inside_the_tunnel(authority: Authority) -> None:
    """An answer that comes byte by byte through the proxy ends with the call's time, as one without proxy does."""
    started = time.monotonic()
    with authority.serving(DRIP) as mpaas, ConnectProxy({f"{MPAAS}:443": mpaas.port}) as proxy:
        outcome = push_through(proxy.url, authority, total=1.0)
        lasted = time.monotonic() - started
    assert outcome == Unknown(why="mPaaS did not answer in time; the request may have arrived.")
    assert lasted < 10
