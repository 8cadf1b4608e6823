"""What one person sees, as JSON: the names the page reads, and what is left out for whom."""

import json
from dataclasses import replace

from bot.playground.cast import ANA, APPROVALS, BO, BOT, CAST, CHEN, DANA, DEX, GENERAL, MARKETING, OLGA, PARTNERS
from bot.playground.page import picture
from bot.playground.slack import messages, modals
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import Message
from bot.views.manifest import manifest


def posted(slack: SlackSim, text: str, **facts: str) -> Message:
    said = Message(GENERAL.id, slack.world.next_ts(), BOT.id, text)
    return messages.post(slack.world, replace(said, **facts))


def test_the_opening_tells_who_and_what_there_is() -> None:
    shown = picture.opening(SlackSim(), CHEN.id)
    assert shown["me"] == CHEN.id
    assert shown["team"] == {"id": CAST.team_id, "name": "Harbour", "domain": "harbour"}
    assert shown["bot"]["id"] == BOT.id
    assert [person["id"] for person in shown["people"]] == [person.id for person in CAST.people]
    assert [group["handle"] for group in shown["groups"]] == ["marketing", "oncall"]
    assert json.loads(json.dumps(shown)) == shown


def test_a_person_is_shown_with_what_sets_them_apart() -> None:
    olga, dex, chen = (picture.person_shown(person) for person in (OLGA, DEX, CHEN))
    assert (olga["is_stranger"], olga["team_domain"], dex["deleted"]) == (True, "lighthouse", True)
    assert (chen["tz"], chen["locale"]) == ("Asia/Shanghai", "zh-CN")
    assert picture.person_shown(BOT)["is_bot"] is True


def test_a_group_is_shown_with_its_members() -> None:
    assert picture.group_shown(MARKETING)["users"] == [ANA.id, DANA.id]


def test_the_commands_and_shortcuts_are_those_of_the_manifest() -> None:
    features = manifest(socket_mode=True)["features"]
    assert {"slash_commands": picture.commands(), "shortcuts": picture.shortcuts()}.items() <= dict(features).items()
    assert "/broadcast" in [command["command"] for command in picture.commands()]


def test_a_direct_conversation_is_shown_with_the_other_one() -> None:
    slack = SlackSim()
    shown = picture.channel_shown(slack.world.direct_channel(ANA.id), ANA.id)
    assert (shown["is_im"], shown["with"]) == (True, BOT.id)
    partners = picture.channel_shown(PARTNERS, OLGA.id)
    assert (partners["name"], partners["is_ext_shared"], partners["with"]) == ("partners", True, None)


def test_a_message_is_shown_with_what_is_said_about_it() -> None:
    slack = SlackSim()
    root = posted(slack, "root")
    reply = replace(root, ts="2.000001", thread_ts=root.ts, edited={"user": BOT.id}, viewer=ANA.id)
    broadcast = replace(reply, extra={"subtype": "thread_broadcast"})
    assert picture.message_shown(root) | {"ts": "", "blocks": None} == {
        "channel": GENERAL.id,
        "ts": "",
        "user": BOT.id,
        "text": "root",
        "blocks": None,
        "thread_ts": None,
        "viewer": None,
        "edited": False,
        "in_channel_too": False,
    }
    shown = picture.message_shown(broadcast)
    assert (shown["thread_ts"], shown["edited"], shown["viewer"]) == (root.ts, True, ANA.id)
    assert (picture.message_shown(reply)["in_channel_too"], shown["in_channel_too"]) == (False, True)


def test_everything_in_a_channel_is_in_order_and_without_what_others_alone_see() -> None:
    slack = SlackSim()
    first, to_ana, last = posted(slack, "first"), posted(slack, "to Ana", viewer=ANA.id), posted(slack, "last")
    assert picture.everything_in(slack.world, ANA.id, GENERAL.id) == [first, to_ana, last]
    assert picture.everything_in(slack.world, BO.id, GENERAL.id) == [first, last]
    assert picture.everything_in(slack.world, BO.id, APPROVALS.id) == []


def test_a_message_is_found_by_those_who_may_see_it() -> None:
    slack = SlackSim()
    to_all, to_ana = posted(slack, "to all"), posted(slack, "to Ana", viewer=ANA.id)
    assert picture.find(slack.world, BO.id, GENERAL.id, to_all.ts) == to_all
    assert picture.find(slack.world, ANA.id, GENERAL.id, to_ana.ts) == to_ana
    assert picture.find(slack.world, BO.id, GENERAL.id, to_ana.ts) is None
    assert picture.find(slack.world, BO.id, APPROVALS.id, to_all.ts) is None


def test_a_form_is_shown_with_what_is_filled_in() -> None:
    slack = SlackSim()
    place = {"type": "plain_text_input", "action_id": "city", "initial_value": "Berlin"}
    asked = {"type": "input", "block_id": "where", "label": {"type": "plain_text", "text": "Where"}, "element": place}
    title, submit = ({"type": "plain_text", "text": text} for text in ("Title", "Send"))
    content = {"type": "modal", "callback_id": "form", "title": title, "submit": submit, "blocks": [asked]}
    view = modals.stack(slack.world, modals.checked_view(content), user=ANA.id, channel=None)
    shown = picture.forms(slack, ANA.id)["views"][0]
    assert (shown["id"], shown["hash"], shown["callback_id"]) == (view.id, view.hash, "form")
    assert (shown["title"], shown["submit"], shown["close"], shown["errors"]) == ("Title", "Send", "", {})
    assert shown["state"]["where"]["city"]["value"] == "Berlin"
    assert picture.forms(slack, BO.id) == {"views": [], "home": None}


def test_the_topmost_modal_is_the_last() -> None:
    slack = SlackSim()
    for title in ("below", "above"):
        content = {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": [{"type": "divider"}]}
        modals.stack(slack.world, modals.checked_view(content), user=ANA.id, channel=None)
    assert [view["title"] for view in picture.forms(slack, ANA.id)["views"]] == ["below", "above"]


def test_a_home_tab_is_shown_to_its_owner() -> None:
    slack = SlackSim()
    modals.publish(slack.world, ANA.id, {"type": "home", "blocks": [{"type": "divider"}]}, "")
    home = picture.forms(slack, ANA.id)["home"]
    assert (home["type"], home["title"], [block["type"] for block in home["blocks"]]) == ("home", "", ["divider"])
    assert picture.forms(slack, BO.id)["home"] is None
