"""The vendor's SDK as the tests use it: its client on loopback, and its own signing code as a judge of ours."""

from collections.abc import Mapping

from alibabacloud_mpaas20201028.client import Client
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest

ALGORITHM = "ACS3-HMAC-SHA256"


def sdk_client(endpoint: str) -> Client:
    """Give the vendor's client for an ``http://127.0.0.1:PORT`` endpoint."""
    host = endpoint.removeprefix("http://")
    return Client(Config(access_key_id="testid", access_key_secret="testsecret", endpoint=host, protocol="http"))


def signed_by_the_sdk(headers: Mapping[str, str], body: bytes) -> str:
    """Give the Authorization that the SDK would put on a request with these headers (lower-case names) and body."""
    names = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    request = DaraRequest()
    request.method, request.pathname, request.query = "POST", "/", {}
    request.headers = {name: headers[name] for name in names}
    body_hash = Utils.hash(body, ALGORITHM).hex()
    return str(Utils.get_authorization(request, ALGORITHM, body_hash, "testid", "testsecret"))


def parts(raw: bytes) -> tuple[dict[str, str], bytes]:
    """Take a request's bytes apart: headers by lower-case name, and the body."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    return {name.lower(): value for name, _, value in lines}, body
