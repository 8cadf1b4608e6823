"""Which hosts may be called over https: those with a public name. Pure; shared by the settings and the door to mPaaS.

Addresses of machines are none, however they are written: the metadata service of every cloud answers at one of them
(169.254.169.254, 100.100.100.200, fd00:ec2::254), and no public authority certifies it. Where a name leads is the
resolver's word; that its owner answers there is what the certificate proves.
"""

import re
from typing import Final

LONGEST_NAME: Final = 253  # RFC 1035 section 2.3.4
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)  # as the last label: an address, says the URL standard
_NEAR: Final = frozenset({"localhost", "local", "internal"})
"""Last labels of names that are answered on this machine or in this network alone."""


def is_public_name(host: str) -> bool:
    """Tell whether a host (small letters) is a name with a dot that public authorities can certify."""
    *labels, last = host.split(".")
    fits = bool(labels) and len(host) <= LONGEST_NAME and all(_LABEL.fullmatch(label) for label in (*labels, last))
    return fits and not _NUMBER.fullmatch(last) and last not in _NEAR
