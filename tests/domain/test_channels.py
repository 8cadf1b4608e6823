"""Tests of counting and cutting text as each channel does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.channels import CHANNELS, Channel, Cut, OverLimit, clusters, cut, is_blank

BY_NAME = {channel.name: channel for channel in CHANNELS}

LIMITS = [
    ("Xiaomi", 50, 128, 1),
    ("Huawei", 40, 1024, 1),
    ("OPPO", 32, 200, 1),
    ("vivo", 40, 100, 2),
    ("Honor", 60, 4096, 2),
    ("HarmonyOS", 60, 4096, 2),
    ("iOS notification centre", 40, 110, 2),
    ("iOS banner", 40, 62, 2),
]


@pytest.mark.parametrize(("name", "title", "body", "wide"), LIMITS)
def test_limits_and_counting_are_those_of_the_help_page(name: str, title: int, body: int, wide: int) -> None:
    channel = BY_NAME[name]
    for limit in (title, body):
        for letter, width in (("a", 1), ("\u4e2d", wide), ("\uff01", wide)):
            fitting = letter * (limit // width)
            assert cut(fitting, limit, channel).is_whole
            assert not cut(fitting + letter, limit, channel).is_whole
    assert (channel.title_limit, channel.body_limit) == (title, body)


def test_every_channel_is_in_the_tests_and_only_apple_cuts() -> None:
    assert {row[0] for row in LIMITS} | {"mPaaS's own channel"} == BY_NAME.keys()
    assert [name for name, channel in BY_NAME.items() if channel.over_limit is OverLimit.CUTS] == [
        "iOS notification centre",
        "iOS banner",
    ]


def test_the_own_channel_takes_any_length() -> None:
    own = BY_NAME["mPaaS's own channel"]
    assert cut("x" * 10_000, own.body_limit, own) == Cut("x" * 10_000)


JOINING = "ab\u4e2d\u6587\u0301\u200d\U0001f468\U0001f3fb\U0001f1e9\U0001f1ea\ufe0f"


@given(st.text(alphabet=JOINING, max_size=40), st.integers(1, 20), st.sampled_from(CHANNELS))
def test_a_cut_loses_nothing_fits_and_could_not_be_longer(text: str, limit: int, channel: Channel) -> None:
    both = cut(text, limit, channel)
    assert both.shown + both.hidden == text
    assert channel.width(both.shown) <= limit
    if both.hidden:
        assert channel.width(both.shown + next(clusters(both.hidden))) > limit
        assert both.marked == both.shown + "\u2026"


@pytest.mark.parametrize(
    "character",
    [
        "e\u0301",
        "\U0001f44d\U0001f3fd",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f1e9\U0001f1ea",
        "\u2764\ufe0f",
        "1\ufe0f\u20e3",
        "\r\n",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_what_people_see_as_one_character_stays_whole(character: str) -> None:
    assert list(clusters(f"a{character}b{character}{character}")) == ["a", character, "b", character, character]


@given(st.text())
def test_clusters_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize(
    ("text", "blank"), [("", True), (" \n\u3000", True), ("\u200b\u202e", True), ("\u00a0.", False)]
)
def test_a_text_that_shows_nothing_is_blank(text: str, blank: bool) -> None:
    assert is_blank(text) is blank
