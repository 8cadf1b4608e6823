"""A whole push through relays that pass everything on: nothing is different, and every call is seen."""

import pytest
from crash.relayed import RelayedStage
from stories.play import WHOM, Play

NAMES = {
    "slack>store": {"EVALSHA", "HMGET"},
    "worker>store": {"EVALSHA", "HMGET", "XREADGROUP", "TIME"},
    "slack>slack": {"auth.test", "views.open"},
    "worker>slack": {"chat.postMessage", "chat.update"},
    "bot>mpaas": {"GetTemplate", "PushBroadcast"},
}


@pytest.mark.parametrize("slack", [("slack",), ("slack", "--http", "0")])
def test_a_push_is_sent_through_relays_and_every_call_of_it_is_seen(slack: tuple[str, ...]) -> None:
    with RelayedStage(processes=(slack, ("worker",))) as stage:
        play = Play(stage)
        card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
        play.bo.approves(card)
        card.will_say("Push to all devices of live: sent")
        play.ana.hears(card, "was sent")
        assert play.executed(card) == {"android": 1, "ios": 1}
        play.law_one_holds()
        seen = {link: {call.name for call in relay.calls} for link, relay in stage.relays.items()}
    assert {link: unseen for link, names in NAMES.items() if (unseen := names - seen[link])} == {}
    assert bool(seen["slack<slack"]) == ("--http" in slack)
