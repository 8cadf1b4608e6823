"""One process does everything, and Slack calls it over HTTP: ``broadcast-bot run --http``."""

from stories.play import WHOM, Play

from bot.playground.stage import Stage


def test_one_process_over_signed_http_brings_a_push_from_the_slash_to_the_result() -> None:
    with Stage(processes=[("run", "--http", "0")], veto="0s") as stage:
        play = Play(stage)
        assert stage.slack.sockets == 0

        card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to all {WHOM}")
        play.bo.approves(card)

        card.will_say("Push to all devices of live: sent")
        assert play.executed(card) == {"android": 1, "ios": 1, "harmonyos": 1}
        play.law_one_holds()

        # Whoever does not know the signing secret is not heard.
        stage.slack.connect_http(stage.bots[0].logged("listening")[-1]["address"], "another secret")
        refused = stage.slack.command(play.ana.person.id, "C0001GENERAL", "/broadcast halt")
        assert not refused.acked
