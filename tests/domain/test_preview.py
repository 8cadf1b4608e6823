"""Tests of what devices will show and of what people are warned about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.content import Environment, Platform, Template
from bot.domain.preview import Shown, previews, substitute, warnings

LIVE, TEST = Environment.LIVE, Environment.TEST
EVERY = tuple(Platform)


def template(title: str = "Service disruption", body: str = "We are on it.", uri: str = "") -> Template:
    return Template(name="outage", title=title, body=body, uri=uri)


def warned(made: Template, *, platforms: tuple[Platform, ...] = EVERY, environment: Environment = LIVE) -> list[str]:
    return warnings(made, {}, platforms, environment=environment)


def test_placeholders_are_filled_in_title_text_and_address() -> None:
    made = template("#what#", "Hi #name#, #what#!", "app://#what#")
    assert substitute(made, {"what": "sale", "name": "Zhang San"}) == Shown("sale", "Hi Zhang San, sale!", "app://sale")


def test_a_value_is_never_searched_for_placeholders() -> None:
    assert substitute(template(body="#a# #b#"), {"a": "#b#", "b": "#a#"}).body == "#b# #a#"


def test_a_placeholder_without_a_value_stands_as_it_was() -> None:
    assert substitute(template(body="#a# #b#"), {"b": "1"}).body == "#a# 1"


def test_names_are_no_patterns_and_backslashes_are_text() -> None:
    assert substitute(template(body="#a.c# #abc#"), {"a.c": r"\1"}).body == r"\1 #abc#"


@given(st.text(), st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=3))
def test_a_text_without_placeholders_stays_as_it_is(text: str, values: dict[str, str]) -> None:
    plain = text.replace("#", "")
    assert substitute(template(body=plain), values).body == plain


def test_each_platform_is_shown_on_its_own_channels() -> None:
    seen = previews(template(), {}, (Platform.IOS, Platform.ANDROID))
    assert [(preview.platform.value, preview.channel.name) for preview in seen] == [
        ("android", "mPaaS's own channel"),
        ("android", "Xiaomi"),
        ("android", "Huawei"),
        ("android", "OPPO"),
        ("android", "vivo"),
        ("android", "Honor"),
        ("ios", "iOS notification centre"),
        ("ios", "iOS banner"),
    ]
    assert [preview.channel.name for preview in previews(template(), {}, (Platform.HARMONYOS,))] == ["HarmonyOS"]
    assert len(previews(template(), {}, (Platform.ANDROID,), own_channel_only=True)) == 1


def test_a_chinese_title_is_cut_by_apple_and_refused_by_vivo() -> None:
    title = "\u4e2d" * 21
    seen = {preview.channel.name: preview for preview in previews(template("#t#"), {"t": title}, EVERY)}
    assert seen["iOS banner"].title.marked == "\u4e2d" * 20 + "\u2026"
    assert (seen["iOS banner"].fits, seen["iOS banner"].is_refused) == (False, False)
    assert (seen["vivo"].fits, seen["vivo"].is_refused) == (False, True)
    assert (seen["OPPO"].fits, seen["OPPO"].is_refused) == (True, False)


def test_vendors_refuse_an_empty_text_and_the_own_channel_does_not() -> None:
    refused = {preview.channel.name: preview.is_refused for preview in previews(template(body=" "), {}, EVERY)}
    assert not refused.pop("mPaaS's own channel")
    assert all(refused.values())


def test_an_ordinary_push_gets_no_warning() -> None:
    assert warned(template()) == []


def test_who_refuses_and_who_cuts_a_long_text_is_said_with_the_limits() -> None:
    assert warned(template("w" * 41), platforms=(Platform.ANDROID, Platform.IOS)) == [
        (
            "The title is too long, so the push fails at Huawei (40), OPPO (32), vivo (40); "
            "a Chinese character counts two at vivo."
        ),
        (
            "The title is cut by iOS notification centre (40), iOS banner (40); "
            "a Chinese character counts two at iOS notification centre, iOS banner."
        ),
    ]


def test_the_longest_sentence_about_lengths_is_short_enough_to_be_read() -> None:
    assert max(map(len, warned(template("w" * 99, "w" * 9999)))) <= 220


@pytest.mark.parametrize("extras", [{"AndroidChannel": 1}, {"NotifyType": "transparent"}])
def test_vendors_have_no_say_when_only_the_own_channel_is_used(extras: dict[str, object]) -> None:
    found = warnings(template("w" * 41), {}, (Platform.ANDROID,), environment=LIVE, extras=extras)
    assert found == []


def test_a_message_over_two_kilobytes_fails_everywhere_but_on_harmonyos() -> None:
    long = template(body="\u4e2d" * 700)
    sentence = "The message has at least 2118 bytes; over 2048 it fails on every channel of android and ios."
    assert sentence in warned(long)
    assert warned(long, platforms=(Platform.HARMONYOS,)) == []


def test_extension_parameters_count_as_part_of_the_message() -> None:
    extras = {"ExtendedParams": {"k": "v" * 2048}}
    assert any("bytes" in sentence for sentence in warnings(template(), {}, EVERY, environment=LIVE, extras=extras))


def test_a_text_that_is_empty_once_it_is_filled_is_pointed_out() -> None:
    found = warnings(template("#t#"), {"t": "\u200b"}, EVERY, environment=LIVE)
    assert found[0].startswith("The title shows nothing")


@pytest.mark.parametrize("body", ["Just a test", '{"a": 1}'])
def test_tests_and_json_are_pointed_out_for_live_targets_only(body: str) -> None:
    assert len(warned(template(body=body))) == 1
    assert warned(template(body=body), environment=TEST) == []


def test_unfilled_placeholders_and_hidden_letters_are_pointed_out_for_every_target() -> None:
    odd = template("#t#", "a\u202eb", "app://p\u0430ge")
    for environment in Environment:
        assert [sentence.split(" ")[1] for sentence in warned(odd, environment=environment)] == [
            "title",
            "text",
            "address's",
        ]
