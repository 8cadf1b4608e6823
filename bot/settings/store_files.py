"""The files that ``REDIS_URL`` names for TLS: found from the configuration's folder, and tried before anything starts.

redis-py opens them at the first connection, and again at each: a file that is wrong would be a store that "does not
answer", and an encrypted key would ask for its pass phrase on whatever terminal there is.
"""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.domain.store_address import StoreAddress, read_address
from bot.domain.store_options import FILES
from bot.settings.values import path_in


def read_redis_url(secret: SecretStr, folder: Path, wrong: list[str]) -> SecretStr:
    """Write the files that REDIS_URL names as whole paths, and try them; ``wrong`` gets what is the matter."""
    text = secret.get_secret_value()
    if not text:
        return secret
    try:
        address = located(read_address(text), folder)
    except ValueError as error:
        wrong.append(f"REDIS_URL: {error}.")
        return secret
    wrong += complaints(address)
    return SecretStr(address.written() if address.tls else text)


def located(address: StoreAddress, folder: Path) -> StoreAddress:
    """Give the address with whole paths; a relative one begins at ``folder``, ``~`` is home."""
    whole: dict[str, Any] = {name: str(path_in(folder, text)) for name in FILES if (text := getattr(address, name))}
    return replace(address, **whole)


def complaints(address: StoreAddress) -> Iterator[str]:
    """Say of each file why it cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if address.ssl_ca_certs:
        yield from _tried("ssl_ca_certs", lambda: context.load_verify_locations(cafile=address.ssl_ca_certs))
    if address.ssl_ca_path and not Path(address.ssl_ca_path).is_dir():
        yield "REDIS_URL: ssl_ca_path names no folder."
    if address.ssl_certfile:
        key = address.ssl_keyfile or None
        yield from _tried(
            "ssl_certfile, ssl_keyfile" if key else "ssl_certfile",
            lambda: context.load_cert_chain(address.ssl_certfile, key, password=lambda: ""),
        )


def _tried(names: str, load: Callable[[], None]) -> Iterator[str]:
    try:
        load()
    except ssl.SSLError:
        yield f"REDIS_URL: {names}: what is there is no PEM of that kind, or a key that is encrypted or of another one."
    except (OSError, ValueError) as error:
        yield f"REDIS_URL: {names}: cannot be read ({getattr(error, 'strerror', None) or error})."
