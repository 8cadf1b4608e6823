import pytest
from builders import a_request
from views.fill import fill, picked, typed

from bot.errors import Refused
from bot.views import reason_form
from bot.views.inputs import errors


@pytest.mark.parametrize("end", ["reject", "ask_changes"])
def test_a_no_says_whether_it_is_for_good_and_why(end: str) -> None:
    view = reason_form.render_reject(a_request())
    reason = reason_form.parse(fill(view, {"choice": picked(end), "reason": typed(" Too early. ")}))
    assert (reason.end, reason.why) == (end, "Too early.")
    assert reason_form.check(reason) == []


def test_a_no_without_choice_or_reason_is_asked_for_both() -> None:
    view = reason_form.render_reject(a_request())
    problems = reason_form.check(reason_form.parse(fill(view, {"reason": typed("  ")})))
    assert set(errors(problems, view)) == {"choice", "reason"}


def test_nothing_is_chosen_for_the_approver() -> None:
    view = reason_form.render_reject(a_request())
    assert "initial_option" not in str(view)


def test_a_withdrawal_needs_no_reason() -> None:
    reason = reason_form.parse(fill(reason_form.render_withdraw(a_request())))
    assert (reason.end, reason.why) == ("withdraw", "")
    assert reason_form.check(reason) == []


def test_a_dialog_of_another_app_is_refused() -> None:
    with pytest.raises(Refused):
        reason_form.parse({"private_metadata": ""})
