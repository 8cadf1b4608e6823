"""Secrets that are searched for wherever the bot writes: each of the right shape, and found nowhere by chance."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

BOT_TOKEN = "xoxb-1111111111-2222222222-CANARYbotTOKENabcdefghij"
APP_TOKEN = "xapp-1-A0CANARY-3333333333-CANARYappTOKENabcdefghij"
SIGNING_SECRET = "ca9a4f51c9119ec4e7ca9a4f51c9119e"
KEY_ID = "LTAI5tCANARYkeyIdABCDEF1"
KEY_SECRET = "CANARYsecret/of+the=Key&123456"
SECURITY_TOKEN = "CAISCANARYsecurity+Token/abc=="
SEAL_KEY = "CANARY seal key / 0123456789+abc"
REDIS_PASSWORD = "CANARYredis pass/word+%41&x"

EVERY = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, KEY_ID, KEY_SECRET, SECURITY_TOKEN, SEAL_KEY, REDIS_PASSWORD)


def spellings(secret: str) -> set[str]:
    """Give the ways in which a secret may stand in a text: plain, quoted, escaped, and in base64 inside of anything."""
    raw = secret.encode()
    plain = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1], raw.hex()}
    encoded = {
        way(b"\0" * before + raw).decode()[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        for before in range(3)
        for way in (b64encode, urlsafe_b64encode)
    }
    return plain | encoded


def found_in(text: str) -> list[str]:
    """Name the secrets that stand in a text in any spelling."""
    return [secret for secret in EVERY if any(spelling in text for spelling in spellings(secret))]
