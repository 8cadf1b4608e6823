"""The way out to Slack and mPaaS: whose certificates are believed, and through which proxy; the same for both.

What stays on this machine is no business of a proxy, and what is not https is never given to one (decision 17).
"""

import ssl
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import certifi
from pydantic import BaseModel, SecretStr

from bot.domain.hosts import is_public_name
from bot.settings.environment import FROZEN, NOTHING, Environment
from bot.settings.values import path_in

_HTTPS = 443


class Egress(BaseModel):
    """Hold how https leaves: ``ca_file`` adds authorities, ``proxy`` carries all but what ``no_proxy`` names."""

    model_config = FROZEN

    ca_file: Path | None = None
    proxy: SecretStr = NOTHING
    no_proxy: tuple[str, ...] = ()

    def authorities(self) -> ssl.SSLContext:
        """Give the context with which every https connection checks whom it talks to."""
        return trusted(self.ca_file)

    def proxy_to(self, url: str) -> str | None:
        """Say through which proxy an address is called, password and all; None: straight."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _HTTPS
        straight = (
            parts.scheme != "https" or not is_public_name(host) or any(_names(one, host, port) for one in self.no_proxy)
        )
        return None if straight else self.proxy.get_secret_value() or None

    def secrets(self) -> frozenset[str]:
        """List the proxy's password, as it is written in its address and as it is."""
        password = urlsplit(self.proxy.get_secret_value()).password or ""
        return frozenset({password, unquote(password)})


def read_egress(variables: Environment, folder: Path, wrong: list[str]) -> Egress:
    """Read the way out, and add what is wrong with it to ``wrong``; a relative path begins at ``folder``."""
    ca_file = None
    try:
        ca_file = path_in(folder, variables.BROADCAST_CA_FILE) if variables.BROADCAST_CA_FILE else None
        trusted(ca_file)
    except ValueError as error:
        wrong.append(f"BROADCAST_CA_FILE: {error}.")
    return Egress(ca_file=ca_file, proxy=variables.HTTPS_PROXY, no_proxy=variables.NO_PROXY)


def _names(entry: str, host: str, port: int) -> bool:
    """Tell whether an entry of NO_PROXY (``*``, a name with all below it, perhaps with a port) means this host."""
    name, _, digits = entry.partition(":")
    fits = name in {"*", host} or host.endswith(f".{name}")
    return fits and digits in {"", str(port)}


@cache
def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Read the authorities, once for all connections because it takes long, and those of a file beside them.

    They are the system's, as OpenSSL finds them, or certifi's where the system has none (slim containers). Raise
    ValueError, with the end of a sentence, for a file that is none of certificates.
    """
    context = ssl.create_default_context()
    if not (context.cert_store_stats()["x509_ca"] or _has_files(ssl.get_default_verify_paths().capath)):
        context.load_verify_locations(cafile=certifi.where())
    if ca_file is not None:
        _check(ca_file)
        context.load_verify_locations(cafile=ca_file)
    return context


def _has_files(directory: str | None) -> bool:
    """Tell whether OpenSSL, which reads a directory only when it looks for somebody, will find any there."""
    with suppress(OSError):
        return directory is not None and any(Path(directory).iterdir())
    return False


def _check(ca_file: Path) -> None:
    """Say what is wrong with the file, but not its path: a secret may have been given in its place."""
    alone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if not stat.S_ISREG(ca_file.stat().st_mode):
            raise ValueError("must be a plain file")
        if b"PRIVATE KEY-----" in ca_file.read_bytes():
            raise ValueError("the file holds a private key; give the authorities' certificates alone")
        alone.load_verify_locations(cafile=ca_file)
    except ssl.SSLError:
        pass  # what it says of a file that is not PEM tells nobody what to do
    except OSError as error:
        raise ValueError(f"the file cannot be read ({error.strerror})") from None
    if not alone.cert_store_stats()["x509"]:
        raise ValueError("the file must hold certificates as PEM, which begin with -----BEGIN CERTIFICATE-----")
