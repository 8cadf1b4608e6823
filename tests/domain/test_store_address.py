"""An address of a store is read into values or refused in a sentence, and never repeated."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.store_address import DEFAULT_PORT, StoreAddress, read_address, secrets_of

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
PATHS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
ADDRESSES = st.builds(
    StoreAddress,
    scheme=st.sampled_from(["redis", "rediss"]),
    host=st.sampled_from(["127.0.0.1", "::1", "redis.example", "10.0.0.1"]),
    port=st.integers(1, 65_535),
    db=st.integers(0, 99_999),
    username=st.just("") | TEXTS,
    password=st.just("") | TEXTS,
    client_name=st.just("") | st.from_regex(r"\A[A-Za-z0-9._:-]{1,64}\Z"),
)
TLS = st.builds(
    dict,
    ssl_ca_certs=st.just("") | PATHS,
    ssl_certfile=PATHS,
    ssl_keyfile=st.just("") | PATHS,
    ssl_check_hostname=st.booleans(),
)


def refusal_of(text: str) -> str:
    """Give the sentence with which an address is refused; empty when it is read."""
    try:
        read_address(text)
    except ValueError as error:
        return str(error)
    return ""


@given(ADDRESSES, TLS)
def test_what_is_written_is_read_again(address: StoreAddress, tls: dict[str, object]) -> None:
    whole = replace(address, **tls) if address.tls else address  # type: ignore[arg-type]  # the strategy fits
    assert read_address(whole.written()) == whole


@given(PATHS, st.just("") | TEXTS)
def test_a_sockets_address_that_is_written_is_read_again(path: str, password: str) -> None:
    address = StoreAddress("unix", path=f"/{path}", password=password)
    assert read_address(address.written()) == address


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_whatever_stands_behind_the_scheme_is_read_or_refused_in_a_sentence(text: str) -> None:
    for scheme in ("redis", "rediss", "unix"):
        refusal = refusal_of(f"{scheme}://{text}")
        assert refusal == "" or refusal.startswith("must ")


@given(st.from_regex(r"\Asecret[a-z0-9/#?@%:&=+ ]{1,20}\Z"), st.sampled_from(["redis", "rediss", "unix"]))
def test_a_password_in_any_shape_is_not_repeated_in_a_refusal(password: str, scheme: str) -> None:
    assert "secret" not in refusal_of(f"{scheme}://:{password}@host:6379/0")


def test_the_port_and_the_database_have_their_usual_defaults() -> None:
    address = read_address("redis://host")
    assert (address.port, address.db, address.tls) == (DEFAULT_PORT, 0, False)


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("redis://host", set()),
        ("redis://bot:p%40ss@host", {"p%40ss", "p@ss"}),
        ("redis://:p[ss@host", {"p[ss"}),
        ("redis://perhaps-the-password@host", {"perhaps-the-password"}),
        ("redis://host?password=in%2Fquery", {"in/query"}),
        ("unix:///run/a:b@c.sock?password=p", {"p"}),
    ],
)
def test_what_is_secret_in_an_address_is_listed_for_the_logs(text: str, secrets: set[str]) -> None:
    assert secrets_of(text) == secrets
