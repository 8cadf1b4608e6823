"""Laws that every view and message keeps, whatever it shows: snapshots, ids, Slack's limits, and hostile texts."""

import json
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOON, a_content, a_leg, a_request, a_template
from hypothesis import given, settings
from hypothesis import strategies as st
from views import gallery
from views.gallery import Halt

from bot.domain.content import Platform
from bot.domain.evidence import Evidence
from bot.domain.outcome import Accepted, Declined, NotSent, Unknown
from bot.domain.request import BroadcastRequest, Remark
from bot.domain.states import LegState, State
from bot.playground.slack.blocks import check_blocks, check_view
from bot.views import home, messages
from bot.views.blocks import Message
from bot.views.ids import Action, Block, Callback, base_of

SNAPSHOTS = Path(__file__).parent / "snapshots"
EVERYTHING = gallery.everything()
LONGEST_CARD, MOST_BLOCKS = 8000, 50

OURS = re.compile(
    r"<@U0[0-9A-Z]+>|<!subteam\^S02ONCALL>|<!date\^[0-9]{10}\^\{date_short_pretty\} \{time\}\|[0-9: -]+ UTC>"
)
EVIL = (
    "<!channel>", "<!here>", "<@UEVIL>", "<!subteam^SEVIL>", "<#C0EVIL>", "<https://evil.example|https://bank.example>",
    "<!date^0^{date}|now>", "&lt;!channel&gt;", "&", "<", ">", "`", "```", "*bold*", "_", "~", "\n> quoted", "\u202e",
    "\u2066", "\u200f", "\x00", "\r\n", "\t", "\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "e\u0301\u0302",
    "\u5168\u89d2", "{who}", "%s", ":tada:", "#city#", '"', "\\",
)  # fmt: skip
hostile = st.lists(st.sampled_from(EVIL) | st.text(max_size=5), max_size=30).map("".join)
long_hostile = st.tuples(hostile, st.sampled_from([1, 1, 40])).map(lambda pair: pair[0][:200] * pair[1])


def plain(drawing: Message | Mapping[str, Any]) -> object:
    return {"text": drawing.text, "blocks": drawing.blocks} if isinstance(drawing, Message) else drawing


def complaints(drawing: Message | Mapping[str, Any]) -> list[object]:
    """Ask the simulator's checker what Slack would refuse."""
    if isinstance(drawing, Message):
        empty = [] if drawing.text.strip() else ["no fallback"]
        return [*check_blocks(drawing.blocks, "message"), *empty]
    return list(check_view(dict(drawing)))


@pytest.mark.parametrize("name", EVERYTHING)
def test_each_view_is_what_it_was(name: str) -> None:
    written = json.dumps(plain(EVERYTHING[name]), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    path = SNAPSHOTS / f"{name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(written, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == written


def test_every_snapshot_is_of_a_view() -> None:
    assert sorted(path.stem for path in SNAPSHOTS.glob("*.json")) == sorted(EVERYTHING)


@pytest.mark.parametrize("name", EVERYTHING)
def test_slack_would_take_each_view(name: str) -> None:
    assert complaints(EVERYTHING[name]) == []


def test_every_id_that_is_used_has_its_name() -> None:
    actions, callbacks, blocks = set(Action), set(Callback), set(Block)
    for drawing in EVERYTHING.values():
        for each in gallery.objects_in(gallery.blocks_of(drawing)):
            assert each.get("action_id", Action.INPUT) in actions
            assert base_of(each.get("block_id", Block.CARD)) in blocks
        assert isinstance(drawing, Message) or drawing["callback_id"] in callbacks


def test_every_named_action_is_in_some_view() -> None:
    used = {each.get("action_id") for it in EVERYTHING.values() for each in gallery.objects_in(gallery.blocks_of(it))}
    assert set(Action) - used == set()


def test_nothing_of_a_test_push_says_live() -> None:
    for name, drawing in EVERYTHING.items():
        if name.endswith("-test") and not name.startswith("form"):
            words = json.dumps(plain(drawing))
            assert "LIVE" not in words
            assert "ALL " not in words


def test_a_test_push_and_a_live_push_use_other_words_for_everything_that_is_pressed() -> None:
    for kind in ("preview", "approve_form"):
        live = EVERYTHING[f"{kind}-live" if kind == "preview" else f"{kind}-pending_approval"]
        test = EVERYTHING[f"{kind}-test"]
        assert isinstance(live, dict)
        assert isinstance(test, dict)
        assert live["submit"]["text"] != test["submit"]["text"]


def evidences(text: str) -> st.SearchStrategy[Evidence]:
    """Make what mPaaS could show of a leg, with the text in whatever mPaaS writes."""
    seen = st.just(Evidence(since=NOON, looked_at=NOON))
    return st.builds(
        lambda seen, ids, failure: seen.model_copy(update={"task_ids": ids, "failure": failure}),
        seen,
        st.sampled_from([(), (text,), (text, "4711", text, text)]),
        st.sampled_from(["", text]),
    )


def hostile_request(text: str, state: State, evidence: Evidence | None = None) -> BroadcastRequest:
    """Put the text wherever a person or another system can write something."""
    template = a_template(name=text or "x", title=text or "x", body=f"#city#{text}", uri=text, variables=("city",))
    blank = not (template.title.strip() and template.body.strip())
    template = a_template() if blank else template
    content = a_content(template=template, values={"city": f"{text}x"}, platforms=tuple(Platform), task=text[:60])
    outcomes = (
        (LegState.DECLINED, Declined(code=text, message=text)),
        (LegState.UNKNOWN, Unknown(why=text)),
        (LegState.ACCEPTED, Accepted(task_id=text)),
    )
    legs = tuple(
        a_leg(platform, leg_state, outcome=outcome, task_name=text, settled_by=text, evidence=evidence)
        for platform, (leg_state, outcome) in zip(Platform, outcomes, strict=True)
    )
    remark = Remark(by=text, at=NOON, why=text)
    return a_request(state, content=content, legs=legs, remark=remark, waiting_for="halted" * (state is State.APPROVED))


def assert_harmless(name: str, drawing: Message | Mapping[str, Any]) -> None:
    for text in gallery.texts_of(drawing):
        rest = OURS.sub("", text)
        assert "<" not in rest, (name, text)
        assert ">" not in rest, (name, text)
        assert re.search(r"&(?!amp;|lt;|gt;)", rest) is None, (name, text)
    assert complaints(drawing) == [], name


@settings(max_examples=20, deadline=None)
@given(text=long_hostile, state=st.sampled_from(list(State)), data=st.data())
def test_hostile_texts_are_shown_harmlessly_wherever_a_request_is_shown(
    text: str, state: State, data: st.DataObject
) -> None:
    request = hostile_request(text, state, data.draw(st.none() | evidences(text)))
    for name, drawing in gallery.drawings_of("hostile", request):
        assert_harmless(name, drawing)
    assert_harmless("preview", gallery.a_preview(request.content, warnings=[text] * 20))
    assert_harmless("listing", messages.listing([request] * 3, now=gallery.NOW))
    halted = Halt(by=text, why=text)
    shown = home.render(
        waiting=[request], mine=[], scheduled=[request], recent=[], now=gallery.NOW, worker_alive=False, halted=halted
    )
    assert_harmless("home", shown)


@settings(max_examples=30, deadline=None)
@given(text=long_hostile, state=st.sampled_from(list(State)), data=st.data())
def test_a_card_stays_under_the_length_that_slack_takes(text: str, state: State, data: st.DataObject) -> None:
    request = hostile_request(text, state, data.draw(st.none() | evidences(text)))
    hints = {text: text}
    many = [f"U0{number:09}" for number in range(30)]
    votes = tuple(request.votes) * 9
    card = gallery.a_card(
        request.model_copy(update={"votes": votes}),
        approvers=many,
        quorum=9,
        first=True,
        halted=Halt(by=text, why=text),
        worker_alive=False,
        hints=hints,
    )
    assert len(json.dumps(card.blocks, ensure_ascii=False)) <= LONGEST_CARD
    assert len(card.blocks) <= MOST_BLOCKS
    assert_harmless("card", card)


def test_the_exact_text_of_an_ordinary_push_is_whole_on_its_card() -> None:
    body = "Ünïcode, 全角 & <b>brackets</b> — *no* markup, :tada:\n" * 40
    request = a_request(content=a_content(template=a_template(body=body, variables=()), values={}))
    card = gallery.a_card(request, first=True)
    assert f"Service disruption\n\n{body}" == "".join(gallery.texts_of(card, "plain_text")[1:-5])


def test_a_text_that_is_cut_on_the_card_says_where_the_rest_is() -> None:
    request = a_request(content=a_content(template=a_template(body="x" * 20_000, variables=()), values={}))
    card = gallery.a_card(request)
    assert any("Show details" in text for text in gallery.texts_of(card))
    assert any(text.endswith("x…") for text in gallery.texts_of(card, "plain_text"))


def test_what_was_not_sent_is_never_called_sent() -> None:
    legs = tuple(a_leg(platform, LegState.NOT_SENT, outcome=NotSent(why="refused")) for platform in Platform)
    request = a_request(State.FAILED, legs=legs, content=a_content(platforms=tuple(Platform)))
    card = gallery.a_card(request, now=NOON + timedelta(hours=1))
    assert "failed, nothing was sent" in card.text
    assert not any("accepted" in text for text in gallery.texts_of(card))
