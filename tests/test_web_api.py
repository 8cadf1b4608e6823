"""The client of Slack's Web API; that it follows no redirect is tested in tests/hostile/test_endpoints.py."""

import math

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.slack.sim import SlackSim
from bot.web_api import Waiting, WebApi, seconds_asked


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": ["30"]}, 30),
        ({"retry-after": ["1", "9"]}, 1),
        ({"retry-after": []}, math.inf),
        ({"retry-after": ["soon"]}, math.inf),
        ({"retry-after": ["\u00b2"]}, math.inf),
        ({}, math.inf),
    ],
)
def test_how_long_slack_asks_to_wait_is_read_from_its_header(headers: dict[str, list[str]], seconds: float) -> None:
    assert seconds_asked(headers) == seconds


@pytest.mark.parametrize(("patience", "calls"), [(1.0, 2), (0.5, 1)])
def test_it_waits_once_and_only_as_long_as_it_has_patience(patience: float, calls: int) -> None:
    with SlackSim() as slack:
        client = WebApi(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[Waiting(patience)])
        slack.fault("auth.test", "ratelimited", seconds=1, times=2)
        with pytest.raises(SlackApiError, match="ratelimited"):
            client.auth_test()
        assert len(slack.journal("auth.test")) == calls


def test_it_calls_as_slack_sdk_does_what_slack_takes() -> None:
    with SlackSim() as slack:
        client = WebApi(token=slack.bot_token, base_url=slack.api_url)
        posted = client.chat_postMessage(channel="C0001GENERAL", text="Gr\u00fc\u00dfe \u4f60\u597d")
        assert slack.message("C0001GENERAL", posted["ts"]).text == "Gr\u00fc\u00dfe \u4f60\u597d"
        slack.fault("auth.test", "http_500")
        with pytest.raises(SlackApiError):
            client.auth_test()
