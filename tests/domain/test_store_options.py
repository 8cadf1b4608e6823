"""What may be chosen of the store's connection and what may not are two lists that say why."""

import pytest

from bot.domain.store_options import FILES, FORCED, OPTIONS


def test_nothing_is_both_chosen_and_forced() -> None:
    assert OPTIONS.keys() & FORCED.keys() == set()


def test_every_option_says_what_it_may_say_and_what_for() -> None:
    assert all(option.says and option.why for option in OPTIONS.values())
    assert all(FORCED.values())


def test_files_are_for_tls_alone() -> None:
    assert [name for name in FILES if not OPTIONS[name].tls] == []


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("db", "7", 7),
        ("ssl_check_hostname", "False", False),
        ("ssl_check_hostname", "yes", True),
        ("ssl_cert_reqs", "Required", "required"),
        ("client_name", "broadcast-1", "broadcast-1"),
        ("ssl_ca_certs", "~/ca.pem", "~/ca.pem"),
    ],
)
def test_a_value_is_read_as_it_is_meant(name: str, text: str, value: object) -> None:
    assert OPTIONS[name].read(text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("db", "-1"),
        ("db", "\u0661"),
        ("db", "one"),
        ("ssl_check_hostname", "maybe"),
        ("ssl_cert_reqs", "none"),
        ("ssl_cert_reqs", "optional"),
        ("client_name", "two words"),
        ("ssl_ca_certs", "a\nb"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_and_not_repeated(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|has|can)\b") as refusal:
        OPTIONS[name].read(text)
    assert text == "none" or text not in str(refusal.value)
