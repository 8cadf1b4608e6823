from builders import a_request
from views.fill import fill, inputs_of, picked, typed
from views.gallery import NOW, found, texts_of

from bot.domain.content import Platform
from bot.domain.evidence import Evidence
from bot.domain.states import State
from bot.views import settle_form
from bot.views.ids import ButtonValue
from bot.views.inputs import errors

REQUEST = a_request(State.HELD)


def view_of(state: State = State.HELD) -> dict[str, object]:
    newest = Evidence(since=NOW, looked_at=NOW, task_ids=("4711",))
    return settle_form.render(a_request(state), now=NOW, found={Platform.IOS: newest})


def test_only_legs_that_nobody_knows_about_are_asked_for() -> None:
    assert set(inputs_of(view_of(State.OUTCOME_UNKNOWN))) == {"leg.ios", "task_id.ios"}
    assert set(inputs_of(view_of())) == {"leg.android", "task_id.android", "leg.ios", "task_id.ios"}


def test_the_dialog_says_what_to_look_for_and_what_was_found() -> None:
    android, ios = [text for text in texts_of(view_of()) if "held" in text]
    assert "Look in the mPaaS console for the task" in android
    assert "task 4711 of this name. It went out." in ios


def test_what_is_stored_is_shown_where_nothing_newer_is_known() -> None:
    view = settle_form.render(found(a_request(State.OUTCOME_UNKNOWN), task_ids=("4712",)), now=NOW)
    assert any("task 4712 of this name" in text for text in texts_of(view))


def test_each_answer_is_a_finding() -> None:
    changes = {"leg.android": picked("sent"), "task_id.android": typed(" 1001 "), "leg.ios": picked("unsent")}
    settlement = settle_form.parse(fill(view_of(), changes))
    assert settlement.button == ButtonValue.of(REQUEST)
    assert settlement.findings == (
        settle_form.Finding(Platform.ANDROID, sent=True, task_id="1001"),
        settle_form.Finding(Platform.IOS, sent=False),
    )


def test_one_leg_can_be_settled_before_the_other() -> None:
    filled = fill(view_of(), {"leg.ios": picked("unsent")})
    settlement = settle_form.parse(filled)
    assert [finding.platform for finding in settlement.findings] == [Platform.IOS]
    assert settle_form.check(settlement, filled) == []


def test_no_answer_at_all_is_a_problem() -> None:
    filled = fill(view_of())
    problems = settle_form.check(settle_form.parse(filled), filled)
    assert errors(problems, filled) == {"leg.android": "Say of at least one platform what you found."}


def test_what_did_not_go_out_has_no_task_id() -> None:
    filled = fill(view_of(), {"leg.ios": picked("unsent"), "task_id.ios": typed("1001")})
    problems = settle_form.check(settle_form.parse(filled), filled)
    assert errors(problems, filled) == {"task_id.ios": "A push that did not go out has no task id."}
