from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import values


@pytest.mark.parametrize(
    ("text", "length"),
    [("0s", 0), ("90s", 90), ("60m", 3_600), ("1h30m", 5_400), ("24h", 86_400), ("2d", 172_800), ("1d1h1m1s", 90_061)],
)
def test_a_duration_is_read_as_seconds(text: str, length: int) -> None:
    assert values.seconds(text) == length


@pytest.mark.parametrize("text", ["", "60", "1.5h", "h", "-5s", "1 month", "soon", 60, None, True])
def test_what_is_no_duration_is_refused_with_an_example(text: object) -> None:
    with pytest.raises(ValueError, match=r"90s|60s|30d"):
        values.seconds(text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("mpaas.cn-hangzhou.aliyuncs.com", "mpaas.cn-hangzhou.aliyuncs.com"),
        ("https://Mpaas.CN-Hangzhou.aliyuncs.com/", "mpaas.cn-hangzhou.aliyuncs.com"),
        ("mpaas.aliyuncs.com:443", "mpaas.aliyuncs.com"),
        ("mpaas.aliyuncs.com:8443", "mpaas.aliyuncs.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://LOCALHOST:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_every_endpoint_has_one_spelling(text: str, canonical: str) -> None:
    assert values.endpoint(text) == canonical
    assert values.endpoint(canonical) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "http://mpaas.cn-hangzhou.aliyuncs.com",
        "http://127.0.0.1.example.com",
        "http://localhost@example.com",
        "http://0.0.0.0:80",
        "http://192.168.0.1",
        "ftp://127.0.0.1",
        "https://user:pass@mpaas.aliyuncs.com",
        "https://mpaas.aliyuncs.com/api",
        "https://mpaas.aliyuncs.com?x=1",
        "https://mpaas.aliyuncs.com#x",
        "https://",
        "",
        "mpaas aliyuncs",
        "mpaas.aliyuncs.com:0",
        "mpaas.aliyuncs.com:99999",
        "mpaas.aliyuncs.com:port",
        "https://[::2",
        "мpaas.aliyuncs.com",
    ],
)
def test_an_endpoint_that_is_neither_https_nor_loopback_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        values.endpoint(text)


@given(st.text())
def test_no_text_makes_an_endpoint_that_is_plain_http_elsewhere(text: str) -> None:
    try:
        endpoint = values.endpoint(text)
    except ValueError:
        return
    assert "http://" not in endpoint or endpoint.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))


@pytest.mark.parametrize("text", ["https://slack.com/api", "https://slack.com/api/", "https://slack.com/api//"])
def test_the_web_api_ends_in_one_slash(text: str) -> None:
    assert values.web_api(text) == "https://slack.com/api/"


def test_the_web_api_may_be_a_simulator_on_this_machine() -> None:
    assert values.web_api("http://127.0.0.1:9000/api") == "http://127.0.0.1:9000/api/"
    with pytest.raises(ValueError, match="must be https"):
        values.web_api("http://slack.example.com/api/")


@pytest.mark.parametrize("text", ["redis://localhost", "rediss://:p@redis.example:6380/1", "unix:///run/redis.sock"])
def test_redis_may_be_tcp_tls_or_a_socket(text: str) -> None:
    assert values.redis(text) == text


@pytest.mark.parametrize("text", ["localhost:6379", "http://redis", "redis://", "redis:///0", "unix://redis.sock"])
def test_an_address_that_names_no_redis_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        values.redis(text)


@pytest.mark.parametrize(
    "text", ["redis://:hunter2/x@host", "redis://[hunter2]", "hunter2://host", "redis://h:hunter2"]
)
def test_a_bad_address_of_redis_is_not_repeated_because_it_may_hold_a_password(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must ") as refusal:
        values.redis(text)
    assert "hunter2" not in str(refusal.value)


def test_a_key_in_the_place_of_its_variables_name_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="not the key itself") as refusal:
        values.variable("LTAI5tExampleKeyId")
    assert "LTAI" not in str(refusal.value)


def test_a_misspelt_time_zone_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"not 'Asia/Shanghia'\. Did you mean Asia/Shanghai\?"):
        values.zone("Asia/Shanghia")


@pytest.mark.parametrize("text", ["", "../etc/passwd", "asia", "+08:00", 8, None])
def test_what_is_no_time_zone_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="must be a time zone's name"):
        values.zone(text)


@pytest.mark.parametrize("text", ["U01ANA", "W0123", "S01MARKETING"])
def test_people_and_groups_are_named_by_id(text: str) -> None:
    assert values.user_or_group(text) == text


@pytest.mark.parametrize("text", ["@ana", "ana", "u01ana", "B0123", "U", "", "<@U01ANA>", "U01ANA\n"])
def test_what_is_no_id_of_a_person_or_group_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be the id of a person"):
        values.user_or_group(text)


@pytest.mark.parametrize("text", ["#general", "general", "D0123", ""])
def test_a_channels_name_is_not_its_id(text: str) -> None:
    with pytest.raises(ValueError, match="must be a channel's id"):
        values.channel(text)


def test_no_results_channel_is_a_choice() -> None:
    assert values.optional_channel("") == ""
    assert values.optional_channel("C0123") == "C0123"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("var", Path("/srv/bot/var")),
        ("./var/", Path("/srv/bot/var")),
        ("../var", Path("/srv/bot/../var")),
        ("/data/var", Path("/data/var")),
        ("~", Path.home()),
        ("~/bot/var", Path.home() / "bot" / "var"),
        ("~//var", Path.home() / "var"),
        ("var~/x", Path("/srv/bot/var~/x")),
        ("./~", Path("/srv/bot/~")),
    ],
)
def test_a_path_begins_at_its_folder_and_a_tilde_is_home(text: str, path: Path) -> None:
    assert values.path_in(Path("/srv/bot"), text) == path


@pytest.mark.parametrize("text", ["~nobody", "~nobody/var", "~root", "~~"])
def test_another_persons_home_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="~NAME does not"):
        values.path_in(Path("/srv/bot"), text)


def test_a_path_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        values.path_in(Path("/srv/bot"), "var\0")
