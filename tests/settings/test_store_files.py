"""Files that REDIS_URL names are found from the configuration's folder and tried before anything starts."""

import subprocess
from pathlib import Path

import pytest

from bot.domain.store_address import StoreAddress
from bot.settings.store_files import complaints, located


def certificate(folder: Path, *, pass_phrase: str = "") -> None:
    """Make ``cert.pem`` and ``key.pem`` of a server called localhost."""
    hidden = ["-passout", f"pass:{pass_phrase}"] if pass_phrase else ["-nodes"]
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", *hidden]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*words, *files, "-subj", "/CN=localhost"], check=True, capture_output=True)


def of(folder: Path, **names: str) -> list[str]:
    return list(complaints(located(StoreAddress("rediss", host="h", **names), folder)))  # type: ignore[arg-type]  # files


def test_a_relative_name_begins_at_the_folder_and_a_tilde_is_home(tmp_path: Path) -> None:
    there = located(StoreAddress("rediss", ssl_ca_certs="ca.pem", ssl_keyfile="~/key.pem"), tmp_path)
    assert there.ssl_ca_certs == str(tmp_path / "ca.pem")
    assert there.ssl_keyfile == str(Path.home() / "key.pem")
    assert there.ssl_certfile == ""


def test_files_that_are_right_are_taken(tmp_path: Path) -> None:
    certificate(tmp_path)
    assert of(tmp_path, ssl_ca_certs="cert.pem", ssl_certfile="cert.pem", ssl_keyfile="key.pem", ssl_ca_path=".") == []


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"ssl_ca_certs": "gone.pem"}, "ssl_ca_certs: cannot be read (No such file or directory)."),
        ({"ssl_ca_certs": "."}, "ssl_ca_certs: "),
        ({"ssl_ca_certs": "text.pem"}, "ssl_ca_certs: what is there is no PEM"),
        ({"ssl_ca_path": "cert.pem"}, "ssl_ca_path names no folder."),
        ({"ssl_certfile": "cert.pem"}, "ssl_certfile: what is there is no PEM"),
        ({"ssl_certfile": "cert.pem", "ssl_keyfile": "text.pem"}, "ssl_certfile, ssl_keyfile: what is there"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path, names: dict[str, str], words: str) -> None:
    certificate(tmp_path)
    (tmp_path / "text.pem").write_text("not a certificate")
    (complaint,) = of(tmp_path, **names)
    assert complaint.startswith(f"REDIS_URL: {words}")


def test_an_encrypted_key_is_refused_instead_of_asking_for_its_pass_phrase(tmp_path: Path) -> None:
    certificate(tmp_path, pass_phrase="hidden-phrase")
    (complaint,) = of(tmp_path, ssl_certfile="cert.pem", ssl_keyfile="key.pem")
    assert "encrypted" in complaint
