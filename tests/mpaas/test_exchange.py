"""One exchange over real TLS: certificates are checked, and the deadline holds below the encryption too.

What each fault over plain sockets leads to is in ``test_client.py``.
"""

import itertools
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from mpaas.loopback import DRIP, Behaviour, Loopback, answering
from pydantic import SecretStr

from bot.domain.outcome import Accepted, NotSent, SendOutcome, Unknown
from bot.mpaas.client import PushClient
from bot.mpaas.exchange import Timeouts
from bot.mpaas.signing import Credentials

_ACCEPTED = b'{"ResultCode": "OK", "PushResult": {"Success": true, "Data": "t1"}}'
_NOT_TLS = b"HTTP/1.1 400 this is not TLS\r\n\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a key and a certificate for localhost that nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    yield file
    file.unlink()


def _serving(certificate: Path, behaviour: Behaviour) -> Loopback:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return Loopback(behaviour, tls=context)


def _push(endpoint: str, *, tls: ssl.SSLContext | None = None, total: float = 8.0) -> SendOutcome:
    numbers = itertools.count()
    with PushClient(
        endpoint,
        Credentials("testid", SecretStr("testsecret")),
        app_id="ONEX",
        workspace_id="test",
        now=lambda: datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
        nonce=lambda: f"nonce-{next(numbers)}",
        timeouts=Timeouts(total=total),
        tls=tls,
        attempts=1,
    ) as client:
        return client.push_broadcast({"AppId": "ONEX"})


def _trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


def test_a_push_over_tls_is_accepted(certificate: Path) -> None:
    with _serving(certificate, answering(_ACCEPTED)) as mpaas:
        outcome = _push(f"https://localhost:{mpaas.port}", tls=_trusting(certificate))
    assert outcome == Accepted(task_id="t1")
    assert f"host: localhost:{mpaas.port}\r\n".encode() in mpaas.requests[0].lower()


def test_a_certificate_nobody_vouches_for_ends_the_call_before_anything_is_sent(certificate: Path) -> None:
    with _serving(certificate, answering(_ACCEPTED)) as mpaas:
        outcome = _push(f"https://localhost:{mpaas.port}")
    assert isinstance(outcome, NotSent)
    assert "certificate verify failed" in outcome.why
    assert mpaas.requests == []


def test_a_certificate_for_another_name_ends_the_call_before_anything_is_sent(certificate: Path) -> None:
    with _serving(certificate, answering(_ACCEPTED)) as mpaas:
        outcome = _push(f"https://127.0.0.1:{mpaas.port}", tls=_trusting(certificate))
    assert isinstance(outcome, NotSent)
    assert mpaas.requests == []


def test_a_port_that_speaks_no_tls_gets_nothing() -> None:
    with Loopback(answering(_NOT_TLS)) as mpaas:
        outcome = _push(f"https://localhost:{mpaas.port}", total=0.3)
    assert isinstance(outcome, NotSent)
    assert mpaas.requests == []


def test_the_deadline_cuts_a_dripping_connection_under_tls(certificate: Path) -> None:
    started = time.monotonic()
    with _serving(certificate, DRIP) as mpaas:
        outcome = _push(f"https://localhost:{mpaas.port}", tls=_trusting(certificate), total=0.8)
    assert outcome == Unknown(why="mPaaS did not answer in time; the request may have arrived.")
    assert time.monotonic() - started < 10  # the drip lasts 26 seconds
    assert len(mpaas.requests) == 1
