"""Every finding of ``doctor``, right and wrong, found out from real answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import clock
import pytest
import redis
from builders import SEALER
from operations.bench import HASTY, Bench
from store.servers import running

from bot import wiring
from bot.health import Finding, examine
from bot.operations.context import Context
from bot.playground.cast import APPROVALS, BROADCASTS, ONCALL
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.store.connection import connect
from bot.store.keys import Keys
from bot.store.store import RequestStore


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        bench.store.beat("worker-1", role="worker", seconds=60)
        bench.store.beat("slack-1", role="slack", seconds=60)
        yield bench


def findings(bench: Bench, context: Context | None = None, *, app_token: str | None = None) -> list[Finding]:
    web = wiring.slack_client(bench.settings, timeout=2)
    token = bench.slack.app_token if app_token is None else app_token
    return list(examine(context or bench.context, web, app_token=token))


def wrong(bench: Bench, context: Context | None = None, **said: str) -> list[tuple[str, str]]:
    """List what is wrong: what about, and in which words."""
    return [(one.about, one.says) for one in findings(bench, context, **said) if not one.right]


def test_a_bot_that_is_set_up_right_has_nothing_wrong(bench: Bench) -> None:
    assert [(one.about, one.right, one.says) for one in findings(bench)] == [
        ("store", True, "answers, and forgets nothing that it was told"),
        ("audit trail", True, "0 entries; the seals of the newest 0 hold"),
        ("worker", True, "worker-1"),
        ("receiver", True, "slack-1"),
        ("Slack", True, "broadcast in Harbour"),
        ("clock", True, "agrees with Slack's"),
        ("Socket Mode", True, "the app token opens a connection"),
        ("live: channels", True, "#approvals"),
        ("live: groups", True, "S02ONCALL has 2 members"),
        ("live: mPaaS", True, "the key is accepted; 5 templates"),
    ]


def test_looking_changes_nothing_anywhere(bench: Bench) -> None:
    findings(bench)
    assert {entry.action for entry in bench.mpaas.journal.entries()} == {
        "ListTemplatePage",
        "QueryPushAnalysisTaskList",
    }
    assert bench.store.list_requests() == []
    assert bench.store.notices_waiting() == 0


def test_every_target_is_looked_at(bench: Bench) -> None:
    context = bench.context_with("live", "test", results_channel=BROADCASTS.id)
    about = [one.about for one in findings(bench, context)]
    assert about.count("live: channels") == 2
    assert about.count("test: channels") == about.count("test: mPaaS") == 1


def test_cautions_are_shown_and_are_no_failures(bench: Bench) -> None:
    web = wiring.slack_client(bench.settings, timeout=2)
    last = list(examine(bench.context, web, app_token="", cautions=("Be careful.",)))[-1]
    assert last == Finding("caution", right=True, says="Be careful.")


def test_without_an_app_token_socket_mode_is_not_asked_about(bench: Bench) -> None:
    assert "Socket Mode" not in [one.about for one in findings(bench, app_token="")]


# Store and worker --------------------------------------------------------------------------------------------------


def test_a_store_that_may_forget_is_told_with_what_to_change(bench: Bench, tmp_path: Path) -> None:
    with running(tmp_path / "server", {"appendonly": "no"}) as server, connect(server.url) as client:
        found = wrong(bench, replace(bench.context, store=RequestStore(client, sealer=SEALER, ahead=clock.ahead)))
    assert ("store", "The server keeps no append-only file, so a restart forgets: set appendonly yes.") in found
    assert ("worker", "No worker is alive: approved requests wait. Start one.") in found


def test_a_store_that_does_not_answer_is_told_once_for_each_question(bench: Bench) -> None:
    with connect("redis://127.0.0.1:1/0") as nowhere:
        found = wrong(bench, replace(bench.context, store=RequestStore(nowhere, sealer=SEALER, ahead=clock.ahead)))
    assert [about for about, _ in found] == ["store", "audit trail", "worker", "receiver"]
    assert all("The store did not do what it was asked" in says for _, says in found)


def test_a_trail_that_was_changed_is_told_with_what_to_do(bench: Bench, redis_client: redis.Redis) -> None:
    bench.submitted()
    (says,) = [one.says for one in findings(bench) if one.about == "audit trail"]
    assert says == "1 entries; the seals of the newest 1 hold"
    redis_client.xadd(Keys().audit, {"n": "2", "mac": "forged"})
    changed = "2 entries; the newest 2 were changed outside the bot, or sealed with another key"
    advice = "compare BROADCAST_SEAL_KEY with the bot's, then run `broadcast-bot audit verify`"
    assert wrong(bench) == [("audit trail", f"{changed}: {advice}")]


def test_a_clock_that_is_a_minute_off_is_told_for_the_store_and_for_mpaas(bench: Bench) -> None:
    context = replace(bench.context, machine_now=lambda: clock.now() + timedelta(minutes=1))
    found = dict(wrong(bench, context))
    assert "60 s apart" in found["store"]
    assert "s ahead of Slack's" in found["clock"]
    assert "Its clock and this machine's do not agree" in found["live: mPaaS"]


# Slack -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
def test_a_token_slack_does_not_take_is_told_in_slacks_word(bench: Bench, code: str) -> None:
    bench.slack.fault("auth.test", "error", code=code)
    assert wrong(bench) == [("Slack", f"Slack refused it: {code}.")]


def test_a_slack_that_cannot_be_reached_is_told_for_everything_that_needs_it(bench: Bench) -> None:
    bench.slack.stop()
    assert [about for about, _ in wrong(bench)] == ["Slack", "Socket Mode", "live: channels", "live: groups"]


def test_a_token_of_another_workspace_is_told(bench: Bench) -> None:
    found = wrong(bench, replace(bench.context, team_id="T0ANOTHER"))
    assert found == [("Slack", "The bot token belongs to team T0123456789, broadcast.toml says T0ANOTHER.")]


def test_scopes_that_are_missing_are_named(bench: Bench) -> None:
    cast = bench.slack.world.cast
    bench.slack.world.cast = replace(cast, scopes=cast.scopes - {"im:history", "commands"})
    assert wrong(bench) == [
        (
            "Slack",
            "The app lacks the scopes commands, im:history: add them in its settings and install it again.",
        )
    ]


def test_an_app_token_slack_does_not_take_is_told(bench: Bench) -> None:
    assert wrong(bench, app_token="xapp-wrong") == [("Socket Mode", "Slack refused it: invalid_auth.")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_archived": True}, "C0123APPROVE is archived."),
        ({"is_ext_shared": True}, "C0123APPROVE is shared with another company"),
        ({"members": frozenset()}, "The bot is not in C0123APPROVE: invite it there."),
        ({"members": frozenset(), "is_private": True}, "Slack refused it: channel_not_found."),
    ],
    ids=["archived", "shared", "not a member", "private and unknown"],
)
def test_a_channel_that_cannot_be_used_is_told_with_what_to_do(
    bench: Bench, change: dict[str, object], words: str
) -> None:
    bench.slack.world.channels[APPROVALS.id] = replace(APPROVALS, **change)  # type: ignore[arg-type]  # its own fields
    ((about, says),) = wrong(bench)
    assert about == "live: channels"
    assert says.startswith(words)


def test_a_channel_that_is_not_there_is_told(bench: Bench) -> None:
    del bench.slack.world.channels[APPROVALS.id]
    assert wrong(bench) == [("live: channels", "Slack refused it: channel_not_found.")]


def test_a_group_without_members_and_one_that_is_not_there_are_told(bench: Bench) -> None:
    bench.slack.world.groups[ONCALL.id] = replace(ONCALL, users=())
    assert wrong(bench) == [("live: groups", "S02ONCALL has no members.")]
    del bench.slack.world.groups[ONCALL.id]
    ((about, says),) = wrong(bench)
    assert (about, says.partition(",")[0]) == ("live: groups", "Slack has no user group S02ONCALL (any more)")


# mPaaS -------------------------------------------------------------------------------------------------------------


def refuse(bench: Bench) -> Context:
    bench.mpaas.refuse()
    return bench.context


def wrong_secret(bench: Bench) -> Context:
    return replace(bench.context, clients={"live": bench.client(HASTY, secret="wrong")})


def wrong_app(bench: Bench) -> Context:
    return bench.context_with(app_id="ONEXOTHER")


def broken(bench: Bench) -> Context:
    bench.mpaas.misbehave(Misbehaviour(kind="rubbish", times=None))
    return bench.context


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (refuse, "No connection to"),
        (wrong_secret, "Check the AccessKey id and secret of the target."),
        (wrong_app, "Check app_id, workspace_id and tenant_id"),
        (broken, "mPaaS answered HTTP 200, but"),
    ],
)
def test_an_mpaas_that_does_not_take_the_target_is_told_with_what_to_change(
    bench: Bench, prepare: Callable[[Bench], Context], words: str
) -> None:
    ((about, says),) = wrong(bench, prepare(bench))
    assert about == "live: mPaaS"
    assert words in says
