"""Views in the simulated Slack, driven by the real slack_sdk: triggers, stacks, hashes, and each refusal once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playground.slack_bot import field_of, modal, refused, section, trigger
from slack_sdk import WebClient

from bot.playground.cast import ANA, BO, OLGA
from bot.playground.slack.sim import SlackSim

MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def sim() -> Iterator[SlackSim]:
    with SlackSim(now=lambda: MORNING) as running:
        yield running


@pytest.fixture
def web(sim: SlackSim) -> WebClient:
    return WebClient(sim.bot_token, base_url=sim.api_url)


HOME = {"type": "home", "blocks": [section()]}


def test_a_trigger_opens_one_view(sim: SlackSim, web: WebClient) -> None:
    trigger_id = trigger(sim)
    view = web.views_open(trigger_id=trigger_id, view=modal(section()))["view"]
    assert sim.view(ANA.id).id == view["id"] == view["root_view_id"]
    assert refused(web, "views.open", trigger_id=trigger_id, view=modal())["error"] == "exchanged_trigger_id"


def test_a_trigger_is_dead_after_three_seconds(sim: SlackSim, web: WebClient) -> None:
    young, old = trigger(sim), trigger(sim)
    sim.world.advance(timedelta(seconds=3))
    web.views_open(trigger_id=young, view=modal(section()))
    sim.world.advance(timedelta(microseconds=1))
    assert refused(web, "views.open", trigger_id=old, view=modal())["error"] == "expired_trigger_id"
    assert refused(web, "views.open", trigger_id="1.2.3", view=modal())["error"] == "invalid_trigger_id"


def test_a_refused_view_does_not_use_the_trigger_up(sim: SlackSim, web: WebClient) -> None:
    trigger_id = trigger(sim)
    answer = refused(web, "views.open", trigger_id=trigger_id, view=modal(field_of("nope")))
    assert answer["error"] == "invalid_arguments"
    assert "[json-pointer:/view/blocks/0/element/type]" in answer["response_metadata"]["messages"][0]
    web.views_open(trigger_id=trigger_id, view=modal(section()))


def test_a_view_update_is_guarded_by_the_hash(sim: SlackSim, web: WebClient) -> None:
    view = web.views_open(trigger_id=trigger(sim), view=modal(section("one")))["view"]
    place = {"view_id": view["id"], "hash": view["hash"]}
    web.views_update(**place, view=modal(section("two")))
    assert refused(web, "views.update", **place, view=modal(section("three")))["error"] == "hash_conflict"
    assert sim.view(ANA.id).blocks[0]["text"]["text"] == "two"


def test_a_view_that_is_not_open_is_not_found(sim: SlackSim, web: WebClient) -> None:
    view = web.views_open(trigger_id=trigger(sim), view=modal(section()))["view"]
    sim.close(ANA.id, sim.view(ANA.id))
    assert refused(web, "views.update", view_id=view["id"], view=modal(section()))["error"] == "not_found"


def test_the_fourth_view_is_refused(sim: SlackSim, web: WebClient) -> None:
    view = web.views_open(trigger_id=trigger(sim), view=modal(section()))["view"]["id"]
    for _ in range(2):
        view = web.views_push(trigger_id=trigger(sim, view=view), view=modal(section()))["view"]["id"]
    answer = refused(web, "views.push", trigger_id=trigger(sim, view=view), view=modal(section()))
    assert answer["error"] == "push_limit_reached"
    assert len(sim.views(ANA.id)) == 3


def test_a_push_needs_a_trigger_from_inside_a_modal(sim: SlackSim, web: WebClient) -> None:
    assert refused(web, "views.push", trigger_id=trigger(sim), view=modal())["error"] == "invalid_trigger_id"


def test_a_view_opened_from_inside_a_modal_lies_on_top_of_it(sim: SlackSim, web: WebClient) -> None:
    below = web.views_open(trigger_id=trigger(sim), view=modal(section()))["view"]["id"]
    above = web.views_open(trigger_id=trigger(sim, view=below), view=modal(section()))["view"]
    assert [view.id for view in sim.views(ANA.id)] == [below, above["id"]]
    assert (above["root_view_id"], above["previous_view_id"]) == (below, below)


def test_a_view_opened_from_elsewhere_takes_the_place_of_the_stack(sim: SlackSim, web: WebClient) -> None:
    web.views_open(trigger_id=trigger(sim), view=modal(section()))
    other = web.views_open(trigger_id=trigger(sim), view=modal(section()))["view"]["id"]
    assert [view.id for view in sim.views(ANA.id)] == [other]


def test_an_external_id_is_unique_among_open_views(sim: SlackSim, web: WebClient) -> None:
    web.views_open(trigger_id=trigger(sim), view=modal(section(), external_id="form-1"))
    view = modal(section(), external_id="form-1")
    assert refused(web, "views.open", trigger_id=trigger(sim, BO.id), view=view)["error"] == "duplicate_external_id"
    web.views_update(external_id="form-1", view=view)
    sim.close(ANA.id, sim.view(ANA.id))
    web.views_open(trigger_id=trigger(sim, BO.id), view=view)


def test_a_view_of_more_than_250_kb_is_refused(sim: SlackSim, web: WebClient) -> None:
    big = modal(*[section("x" * 2900, block_id=str(number)) for number in range(90)])
    assert refused(web, "views.open", trigger_id=trigger(sim), view=big)["error"] == "view_too_large"


def test_no_view_at_all_is_refused(sim: SlackSim, web: WebClient) -> None:
    answer = refused(web, "views.open", trigger_id=trigger(sim))
    assert answer["response_metadata"]["messages"] == ["[ERROR] must provide an object [json-pointer:/view]"]
    assert refused(web, "views.open", view=modal())["response_metadata"]["messages"] == [
        "[ERROR] missing required field: trigger_id"
    ]


def test_typed_words_survive_an_update_that_keeps_the_ids(sim: SlackSim, web: WebClient) -> None:
    web.views_open(trigger_id=trigger(sim), view=modal(field_of("plain_text_input", "title")))
    sim.type(ANA.id, sim.view(ANA.id), "title", "Sale")
    both = modal(field_of("plain_text_input", "title"), field_of("plain_text_input", "body"))
    web.views_update(view_id=sim.view(ANA.id).id, view=both)
    assert sim.view(ANA.id).state["title"]["title"]["value"] == "Sale"
    web.views_update(view_id=sim.view(ANA.id).id, view=modal(field_of("plain_text_input", "other")))
    assert list(sim.view(ANA.id).state) == ["other"]


def test_a_home_view_is_published_per_person(sim: SlackSim, web: WebClient) -> None:
    first = web.views_publish(user_id=ANA.id, view=HOME)["view"]
    web.views_publish(user_id=ANA.id, view=HOME | {"blocks": [section("new")]}, hash=first["hash"])
    home = sim.home(ANA.id)
    assert home is not None
    assert (home.id, home.blocks[0]["text"]["text"]) == (first["id"], "new")
    assert sim.home(BO.id) is None
    assert refused(web, "views.publish", user_id=ANA.id, view=HOME, hash=first["hash"])["error"] == "hash_conflict"
    assert refused(web, "views.publish", user_id="U404", view=HOME)["error"] == "invalid_arguments"
    assert refused(web, "views.publish", user_id=OLGA.id, view=HOME)["error"] == "not_enabled"
    assert refused(web, "views.publish", user_id=ANA.id, view=modal(section()))["error"] == "invalid_arguments"
