"""Every bad input that is tried, in one place: the tests of this folder take theirs from here, and nothing is listed
that no test takes. ``main`` prints how many distinct ones there are.
"""

from collections.abc import Mapping
from urllib.parse import quote

# Words that mean something to Slack ----------------------------------------------------------------------------------

TOKENS = (
    "<!channel>",
    "<!here>",
    "<!everyone>",
    "<!channel|channel>",
    "<@U0EVIL>",
    "<@W0EVIL>",
    "<@U0EVIL|bo>",
    "<@U02BO>",
    "<@U01ANA>",
    "<!subteam^S0EVIL>",
    "<!subteam^S02ONCALL>",
    "<!subteam^S0EVIL|@oncall>",
    "<#C0EVIL>",
    "<#C0EVIL|general>",
    "<https://evil.example>",
    "<https://evil.example|https://bank.example>",
    "<mailto:evil@example.com|write to us>",
    "<tel:+100|call us>",
    "<!date^0^{date_long}^https://evil.example|today>",
    "<!date^99999999999999^{time}|now>",
    "&lt;!channel&gt;",
    "&amp;lt;!channel&amp;gt;",
    "&#60;!channel&#62;",
    "`<!channel>`",
    "```<!here>```",
    "*<!channel>*",
    "\n<!channel>\n",
    "\r\n> <!here>",
    "\u2028<!channel>\u2029",
    "<\u200b!channel>",
    "<!chan\x00nel>",
    "\x1b[2J<!channel>",
    "\u202e>lennahc!<",
    "<<!channel>>",
    "<!channel",
    "!channel>",
    "<@U02BO><@U0EVIL><!here>",
    '"<!channel>"',
    "{who}<!channel>{target}",
    "%s%n<!channel>",
    "| <!channel> |",
    "#city#<!channel>",
)

# Letters and addresses that pass for others --------------------------------------------------------------------------

LOOKALIKES = (
    "p\u0430ypal",
    "\u0440\u0430\u0443\u0440\u0430\u04cf and more",
    "\u039d\u0399\u039a\u0395 shoes",
    "\u13e2\u13aa\u13a9\u13e2\u13aa\u13de now",
    "a\u202eb",
    "a\u202db",
    "a\u2066b\u2069",
    "a\u200eb",
    "a\u200fb",
    "a\u061cb",
    "pay\u200bpal",
    "pay\u00adpal",
    "pay\u2060pal",
    "\ufeffpay",
    "\u3164",
    "\ue000",
    "see https://bank.com@evil.com",
    "see https://bank.com%2f@evil.com",
    "see https://xn--80ak6aa92e.com",
    "see https://\u0430\u0440\u0440\u04cf\u0435.com",
    "see https://bank.com\\@evil.com",
    "see http://3232235777/",
    "see http://0300.0250.1.1/",
    "see http://0xc0a80101/",
    "see http://169.254.169.254/",
)

# Requests that are not Slack's ---------------------------------------------------------------------------------------

SIGNATURE, STAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"


def forged(at: str, right: str) -> dict[str, dict[str, str | None]]:
    """Say which headers are other ones than the right timestamp and signature; None leaves one out.

    Each is refused with 401 although the body is a right one.
    """
    return {
        "no signature": {SIGNATURE: None},
        "an empty signature": {SIGNATURE: ""},
        "no timestamp": {STAMP: None},
        "neither": {SIGNATURE: None, STAMP: None},
        "another version": {SIGNATURE: right.replace("v0=", "v1=")},
        "no version": {SIGNATURE: right.removeprefix("v0=")},
        "in capitals": {SIGNATURE: right.upper()},
        "one character short": {SIGNATURE: right[:-1]},
        "one character long": {SIGNATURE: f"{right}0"},
        "one character other": {SIGNATURE: right[:-1] + ("0" if right[-1] != "0" else "1")},
        "all zeros": {SIGNATURE: f"v0={'0' * 64}"},
        "the version alone": {SIGNATURE: "v0="},
        "letters outside ASCII": {SIGNATURE: "v0=\u00e9"},
        "two in one": {SIGNATURE: f"{right}, {right}"},
        "a very long one": {SIGNATURE: f"v0={'a' * 60_000}"},
        "a second earlier": {STAMP: str(int(at) - 1)},
        "a second later": {STAMP: str(int(at) + 1)},
        "a leading zero": {STAMP: f"0{at}"},
        "a sign": {STAMP: f"+{at}"},
        "an underscore": {STAMP: f"{at[:4]}_{at[4:]}"},
        "a fraction": {STAMP: f"{at}.0"},
        "an exponent": {STAMP: "1e9"},
        "a word": {STAMP: "now"},
        "not a number": {STAMP: "nan"},
        "infinity": {STAMP: "inf"},
        "Arabic digits": {STAMP: "\u00b9\u00b2\u00b3"},
        "5,000 digits": {STAMP: "9" * 5_000},
    }


FORGED = tuple(forged("1796040000", "v0=" + "a" * 64))

STALE_SECONDS = (-86_400, -3_600, -301, 301, 3_600, 86_400)
"""Rightly signed, but as far from now as this."""

DEEP = 100_000
LARGEST = 1_000_000

UNREADABLE: Mapping[str, tuple[str, bytes]] = {
    "no UTF-8": ("application/x-www-form-urlencoded", b"text=\xff\xfe"),
    "no UTF-8 in JSON": ("application/json", b'{"type": "\xc3\x28"}'),
    "half a surrogate": ("application/json", b'{"type": "\\ud800", "event": {"user": "\\udfff"}}'),
    "an overlong slash": ("application/x-www-form-urlencoded", b"command=\xc0\xaf"),
    "NUL bytes": ("application/x-www-form-urlencoded", b"\x00" * 1_000),
    "deep lists": ("application/json", b"[" * DEEP),
    "deep lists, closed": ("application/json", b"[" * DEEP + b"]" * DEEP),
    "deep objects": ("application/json", b'{"a":' * DEEP + b"1" + b"}" * DEEP),
    "a deep payload": ("application/x-www-form-urlencoded", b"payload=" + b"%5B" * DEEP + b"%5D" * DEEP),
    "a deep view": (
        "application/x-www-form-urlencoded",
        b"payload="
        + quote('{"type":"view_submission","view":{"state":' + '{"values":' * 500 + "1" + "}" * 502).encode(),
    ),
    "half an object": ("application/json", b'{"type":'),
    "a list": ("application/json", b"[1, 2]"),
    "a text": ("application/json", b'"hello"'),
    "a number": ("application/json", b"1e999"),
    "a number of 10,000 digits": ("application/json", b'{"type": ' + b"9" * 10_000 + b"}"),
    "null": ("application/json", b"null"),
    "not a number": ("application/json", b'{"type": NaN}'),
    "a payload of null": ("application/x-www-form-urlencoded", b"payload=null"),
    "a payload of a list": ("application/x-www-form-urlencoded", b"payload=%5B%5D"),
    "a payload of half an object": ("application/x-www-form-urlencoded", b"payload=%7B"),
    "an empty payload": ("application/x-www-form-urlencoded", b"payload="),
    "two payloads": ("application/x-www-form-urlencoded", b"payload=%7B%7D&payload=%7B%7D"),
    "two commands": ("application/x-www-form-urlencoded", b"command=%2Fbroadcast&command=%2Fother&text=list"),
    "two people": (
        "application/x-www-form-urlencoded",
        b"command=%2Fbroadcast&text=list&user_id=U06OLGA&user_id=U01ANA&team_id=T0987654321&team_id=T0123456789",
    ),
    "a command and a payload": (
        "application/x-www-form-urlencoded",
        b"command=%2Fbroadcast&text=list&payload=%7B%22type%22%3A%22block_actions%22%7D",
    ),
    "the same key twice": ("application/json", b'{"type":"event_callback","type":"url_verification"}'),
    "60,000 fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=b" % n for n in range(60_000))),
    "1 MB of text": ("application/x-www-form-urlencoded", b"command=%2Fbroadcast&text=" + b"x" * (LARGEST - 100)),
    "1 MB of ampersands": ("application/x-www-form-urlencoded", b"&" * (LARGEST - 1)),
    "1 MB of percent signs": ("application/x-www-form-urlencoded", b"%" * (LARGEST - 1)),
    "1 MB of JSON": ("application/json", b'{"type":"' + b"x" * (LARGEST - 100) + b'"}'),
    "another type": ("text/xml", b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'),
    "many parts": ("multipart/form-data; boundary=x", b"--x\r\n" * 1_000),
    "nothing at all": ("", b""),
}
"""Bodies that Slack never sends, rightly signed."""

TOO_LARGE = (LARGEST + 1, 10 * LARGEST, 2**31, 2**63, 10**30)
"""Announced lengths that are refused before a byte is read."""

# Endpoints -----------------------------------------------------------------------------------------------------------

ENDPOINTS = (
    "",
    " ",
    "http://mpaas.aliyuncs.com",
    "http://127.0.0.1",
    "http://127.0.0.2:80",
    "http://127.1:80",
    "http://0x7f000001:80",
    "http://0x7f.0.0.1:80",
    "http://2130706433:80",
    "http://017700000001:80",
    "http://0177.0.0.1:80",
    "http://127.0.0.1.:80",
    "http://0.0.0.0:80",
    "http://[::]:80",
    "http://[::ffff:127.0.0.1]:80",
    "http://[0:0:0:0:0:0:0:1]:80",
    "http://[::1%25lo]:80",
    "http://localhost.:80",
    "http://localhost.evil.example:80",
    "http://127.0.0.1.evil.example:80",
    "http://127.0.0.1:80@evil.example",
    "http://user@127.0.0.1:80",
    "http://127.0.0.1:80/path",
    "http://127.0.0.1:80?x",
    "http://127.0.0.1:80#x",
    "http:127.0.0.1:80",
    "http://127.0.0.1:",
    "http://127.0.0.1:0",
    "http://127.0.0.1:65536",
    "http://127.0.0.1:-1",
    "http://127.0.0.1:\u0661\u0662",
    "http://\uff11\uff12\uff17.0.0.1:80",
    "http://\u2460\u2461\u2466.0.0.1:80",
    "http://loc\u0430lhost:80",
    "169.254.169.254",
    "https://169.254.169.254",
    "https://169.254.169.254:443",
    "100.100.100.200",
    "https://100.100.100.200",
    "10.0.0.1",
    "192.168.1.1:8443",
    "https://127.0.0.1",
    "https://127.1",
    "https://2852039166",
    "https://0xa9fea9fe",
    "https://0xa9.0xfe.0xa9.0xfe",
    "https://0251.0376.0251.0376",
    "1.2.3",
    "https://[fd00:ec2::254]",
    "https://[fe80::1]",
    "https://[::1]",
    "metadata",
    "metadata.google.internal",
    "instance-data.ec2.internal",
    "evil.local",
    "https://user:secret@mpaas.aliyuncs.com",
    "https://mpaas.aliyuncs.com@evil.example",
    "https://mpaas.aliyuncs.com\\@evil.example",
    "https://mpaas.aliyuncs.com\\.evil.example",
    "https:///mpaas.aliyuncs.com",
    "https:mpaas.aliyuncs.com",
    "//mpaas.aliyuncs.com",
    "mpaas.aliyuncs.com.",
    "mpaas.aliyuncs.com..",
    ".mpaas.aliyuncs.com",
    "mpaas..aliyuncs.com",
    "-mpaas.aliyuncs.com",
    "mpaas.-aliyuncs.com",
    "mpaas-.aliyuncs.com",
    "mpaas_.aliyuncs.com",
    "mpaas aliyuncs.com",
    "mpaas.aliyuncs.com/path",
    "mpaas.aliyuncs.com?query",
    "mpaas.aliyuncs.com#part",
    "mpaas.aliyuncs.com:0",
    "mpaas.aliyuncs.com:65536",
    "mpaas.aliyuncs.com:99999999999",
    "mpaas.aliyuncs.com:https",
    "mpaas.aliyuncs.com\nHost: evil.example",
    "mpaas.aliyuncs.com\r\nX: y",
    "mpaas.aliyuncs.com\x00.evil.example",
    "mpaas.aliyuncs.com\t.evil.example",
    "mp\u00e4as.aliyuncs.com",
    "mpaas\u3002aliyuncs.com",
    "mpaas\uff0ealiyuncs.com",
    "mp\u0430as.aliyuncs.com",
    "mpaas.aliyuncs\u2024com",
    "mpaas.ali\u00adyuncs.com",
    "\u212apaas.aliyuncs.com",
    "ftp://mpaas.aliyuncs.com",
    "file:///etc/passwd",
    "unix:///run/mpaas.sock",
    "javascript:alert(1)",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "redis://127.0.0.1:6379",
    "a" * 64 + ".example",
    ".".join(["a" * 60] * 5),
)
"""Where mPaaS cannot be."""

# Other words people type ---------------------------------------------------------------------------------------------

PEOPLE = ("*:}{ FLUSHALL", "U" * 25, "", "u01ana", "U01ANA\r\nSET x y", "{broadcast}:halt", "\u0555" * 4)
"""Ids of people that Slack never makes: nothing in the store is named by them."""

GROUPS: Mapping[str, tuple[object, ...]] = {
    "words that mean something to Slack": TOKENS,
    "letters and addresses that pass for others": LOOKALIKES,
    "forged headers": FORGED,
    "stale signatures": STALE_SECONDS,
    "bodies that Slack never sends": tuple(UNREADABLE),
    "announced lengths": TOO_LARGE,
    "endpoints": ENDPOINTS,
    "people's ids": PEOPLE,
}


def distinct() -> int:
    """Count the distinct bad inputs."""
    return sum(len(set(group)) for group in GROUPS.values())


def main() -> None:
    """Print how many bad inputs of each kind are tried, and how many in all."""
    for name, group in GROUPS.items():
        print(f"{len(set(group)):>5}  {name}")
    print(f"{distinct():>5}  distinct bad inputs")


if __name__ == "__main__":
    main()
