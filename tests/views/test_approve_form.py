from typing import Any

import pytest
from builders import a_content, a_request
from views.fill import fill, inputs_of, typed
from views.gallery import TEST, texts_of

from bot.errors import Refused
from bot.views import approve_form
from bot.views.ids import ButtonValue
from bot.views.inputs import errors


def answer(text: str | None) -> approve_form.Approval:
    return approve_form.parse(fill(approve_form.render(a_request()), {"typed_target": typed(text)}))


def test_the_dialog_repeats_target_platforms_and_first_words() -> None:
    view = approve_form.render(a_request())
    assert texts_of(view, "plain_text")[0] == "Push to ALL LIVE devices of live"
    assert "Service disruption\n\nPayments in Berlin are down. We are on it." in texts_of(view, "plain_text")
    assert "*Platforms*\nAndroid and iOS" in texts_of(view)
    assert view["submit"] == {"type": "plain_text", "text": "Approve LIVE push", "emoji": True}


@pytest.mark.parametrize("text", ["live", "Live", "  live "])
def test_the_target_s_name_must_be_typed_for_a_live_push(text: str) -> None:
    assert approve_form.check(answer(text), a_request()) == []


@pytest.mark.parametrize("text", [None, "", "yes", "liv", "live!", "test"])
def test_anything_else_is_not_the_target_s_name(text: str | None) -> None:
    problems = approve_form.check(answer(text), a_request())
    assert errors(problems, approve_form.render(a_request())) == {"typed_target": "Type live to approve a push to it."}


def test_a_test_push_needs_no_typing() -> None:
    request = a_request(content=a_content(destination=TEST))
    view = approve_form.render(request)
    assert inputs_of(view) == {}
    approval = approve_form.parse({**view, "state": {"values": {}}})
    assert approval.button == ButtonValue.of(request)
    assert approve_form.check(approval, request) == []


@pytest.mark.parametrize("changes", [{"revision": 2}, {"digest": "0" * 64}])
def test_a_dialog_of_an_older_revision_counts_for_nothing(changes: dict[str, Any]) -> None:
    (problem,) = approve_form.check(answer("live"), a_request(**changes))
    assert problem.code == "stale_button"


def test_a_dialog_of_another_app_is_refused() -> None:
    with pytest.raises(Refused):
        approve_form.parse({"private_metadata": "something"})
