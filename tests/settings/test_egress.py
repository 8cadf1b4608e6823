"""The way out as a value; that both clients take it is tested in tests/reported/test_authorities_and_proxies.py."""

import ssl

from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.settings.egress import Egress, trusted
from bot.settings.values import no_proxy

PROXY = "http://ana:hidden@proxy:3128"
NAMES = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True), min_size=2, max_size=4).map(".".join)


@given(NAMES, NAMES)
def test_a_host_goes_straight_when_it_or_a_name_above_it_is_listed(host: str, entry: str) -> None:
    egress = Egress(proxy=SecretStr(PROXY), no_proxy=no_proxy(entry))
    straight = egress.proxy_to(f"https://a.{host}.com/") is None
    assert straight == f".a.{host}.com".endswith(f".{entry}")
    assert egress.proxy_to(f"https://{entry}/") is None


def test_without_a_proxy_everything_goes_straight() -> None:
    assert Egress().proxy_to("https://slack.com/api/") is None


def test_what_is_not_https_never_goes_through_a_proxy() -> None:
    assert Egress(proxy=SecretStr(PROXY)).proxy_to("http://slack.com/api/") is None


def test_the_way_out_shows_no_password() -> None:
    assert "hidden" not in repr(Egress(proxy=SecretStr(PROXY)))


def test_authorities_are_read_once_and_every_certificate_is_checked() -> None:
    context = Egress().authorities()
    assert context is trusted(None)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
