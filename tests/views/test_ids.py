import pytest
from builders import a_request
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.content import Platform
from bot.domain.request import request_id_from
from bot.errors import Refused
from bot.views.ids import Block, ButtonValue, base_of, suffix_of

values = st.builds(
    ButtonValue,
    st.integers(0, 2**40 - 1).map(request_id_from),
    st.integers(1, 999_999_999),
    st.text("0123456789abcdef", min_size=12, max_size=12),
    st.none() | st.sampled_from(Platform),
)


@given(value=values)
def test_a_button_s_value_is_read_as_it_was_written(value: ButtonValue) -> None:
    assert ButtonValue.read(str(value)) == value


def test_a_button_s_value_is_short_and_readable() -> None:
    request = a_request()
    assert str(ButtonValue.of(request)) == f"7K3M-Q2XD|1|{request.digest[:12]}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7K3M-Q2XD",
        "7K3M-Q2XD|1|a1b2c3d4e5f",
        "7K3M-Q2XD|1|a1b2c3d4e5f67",
        "7K3M-Q2XD|1|A1B2C3D4E5F6",
        "7K3M-Q2XD|0|a1b2c3d4e5f6",
        "7K3M-Q2XD|-1|a1b2c3d4e5f6",
        "7K3M-Q2XD|\u0661|a1b2c3d4e5f6",
        "7K3M-Q2XD|1|a1b2c3d4e5f6\n",
        "7k3m-q2xd|1|a1b2c3d4e5f6",
        "7K3M-Q2XO|1|a1b2c3d4e5f6",
        "7K3M-Q2XU|1|a1b2c3d4e5f6",
        "7K3MQ2XD|1|a1b2c3d4e5f6",
        "7K3M-Q2XD|1|a1b2c3d4e5f6|",
        "7K3M-Q2XD|1|a1b2c3d4e5f6|windows",
        "7K3M-Q2XD|1|a1b2c3d4e5f6|android|ios",
        "approve",
    ],
)
def test_any_other_value_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Refused, match="stale") as refusal:
        ButtonValue.read(text)
    assert refusal.value.code == "foreign_button"


def test_a_button_of_one_leg_says_which() -> None:
    assert ButtonValue.of(a_request(), Platform.IOS).leg is Platform.IOS
    assert str(ButtonValue.of(a_request(), Platform.IOS)).endswith("|ios")
    with pytest.raises(Refused, match="stale"):
        _ = ButtonValue.of(a_request()).leg


@given(text=st.text("7K3M-Q2XD|1abc", max_size=26))
def test_what_is_read_is_exactly_what_is_written_again(text: str) -> None:
    try:
        read = ButtonValue.read(text)
    except Refused:
        return
    assert str(read) == text


def test_a_block_id_carries_its_name_and_a_suffix_and_fits() -> None:
    block_id = Block.VALUES.of("0a1b2c3d", "city.name")
    assert (base_of(block_id), suffix_of(block_id)) == ("values", "0a1b2c3d.city.name")
    assert len(Block.PLATFORMS.of("x" * 300)) == 255
