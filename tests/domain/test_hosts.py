"""Which hosts have a public name; what has none is in the corpus of tests/hostile."""

import pytest

from bot.domain.hosts import LONGEST_NAME, is_public_name


@pytest.mark.parametrize(
    "host", ["mpaas.cn-hangzhou.aliyuncs.com", "a.b", "xn--mpas-moa.example", "1.example", "3com.com"]
)
def test_public_names_are_taken(host: str) -> None:
    assert is_public_name(host)


@pytest.mark.parametrize(
    "host", ["", "metadata", "a.localhost", "printer.local", "x.internal", "127.0.0.1", "1.0x7f", "a..b", "a.b.", "A.B"]
)
def test_what_is_none_is_not(host: str) -> None:
    assert not is_public_name(host)


def test_a_name_may_be_as_long_as_dns_takes() -> None:
    longest = f"{'a.' * ((LONGEST_NAME - 1) // 2)}a"
    assert is_public_name(longest)
    assert not is_public_name(f"{longest}a")
