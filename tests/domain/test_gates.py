"""Each gate alone, their order, and that an unknown fact never means go."""

from datetime import timedelta

import pytest
from builders import ANA, BO, NOON, a_content, a_destination, a_request, a_target, a_template

from bot.domain.delivery import Scheduled
from bot.domain.gates import GATES, SEND_WITHIN, Answer, Facts, Verdict, first_objection
from bot.domain.policy import Decision
from bot.domain.request import BroadcastRequest
from bot.domain.states import State

YES = Decision(allowed=True)
NO = Decision(allowed=False, code="not_approver", because="No longer listed.")
UNKNOWN = Decision(allowed=False, code="groups_unknown", because="Slack is silent.")


def approved(**changes: object) -> BroadcastRequest:
    return a_request(State.APPROVED, **({"veto_until": NOON} | changes))


def facts(request: BroadcastRequest, **changes: object) -> Facts:
    """Gather facts with which everything goes."""
    good: dict[str, object] = {
        "now": NOON + timedelta(seconds=1),
        "target": a_target(),
        "digest": request.digest,
        "voters": ((BO, YES),),
        "template": request.content.template,
    }
    return Facts(**(good | changes))  # type: ignore[arg-type]


def test_everything_in_order_goes() -> None:
    assert first_objection(approved(), facts(approved())).answer is Answer.GO


@pytest.mark.parametrize(
    ("changes", "answer", "code"),
    [
        ({"halt": "incident (by U1)"}, Answer.WAIT, "halted"),
        ({"target": None}, Answer.VOID, "target_changed"),
        ({"target": a_target(destination=a_destination(app_id="OTHER"))}, Answer.VOID, "target_changed"),
        ({"now": NOON + SEND_WITHIN + timedelta(seconds=1)}, Answer.EXPIRE, "too_late"),
        ({"digest": "0" * 64}, Answer.VOID, "digest_differs"),
        ({"voters": ()}, Answer.VOID, "approvals_gone"),
        ({"voters": ((BO, NO),)}, Answer.VOID, "approvals_gone"),
        ({"voters": ((ANA, YES),)}, Answer.VOID, "approvals_gone"),
        ({"voters": ((BO, YES), (BO, YES)), "target": a_target(quorum=2)}, Answer.VOID, "approvals_gone"),
        ({"voters": ((BO, UNKNOWN),)}, Answer.WAIT, "groups_unknown"),
        ({"preflight_failure": "no connection"}, Answer.WAIT, "mpaas_unreachable"),
        ({"clock_gap": timedelta(seconds=31)}, Answer.WAIT, "clock_off"),
        ({"clock_gap": None}, Answer.WAIT, "clock_off"),
        ({"template": None}, Answer.VOID, "template_changed"),
        ({"template": a_template(title="Another title")}, Answer.VOID, "template_changed"),
        ({"tasks_found": ("outage 7K3M-Q2XD-1-ios",)}, Answer.HOLD, "already_there"),
        ({"broken_seal": "A vote is forged."}, Answer.HOLD, "seal_broken"),
    ],
)
def test_each_gate_objects_to_its_fact(changes: dict[str, object], answer: Answer, code: str) -> None:
    verdict = first_objection(approved(), facts(approved(), **changes))
    assert (verdict.answer, verdict.code) == (answer, code)
    assert verdict.because


def test_a_scheduled_time_that_passed_is_never_now() -> None:
    request = approved(content=a_content(delivery=Scheduled(at=NOON)))
    verdict = first_objection(request, facts(request))
    assert (verdict.answer, verdict.code) == (Answer.EXPIRE, "time_passed")


def test_a_request_with_an_alarm_is_held_whatever_else_holds() -> None:
    request = approved(alarm="Its seal is broken.")
    verdict = first_objection(request, facts(request, halt="stop", now=NOON + timedelta(days=1)))
    assert verdict == Verdict(Answer.HOLD, "seal_broken", "Its seal is broken.")


def test_a_request_without_a_veto_window_never_goes() -> None:
    assert first_objection(approved(veto_until=None), facts(approved())).answer is Answer.EXPIRE


def test_the_first_objection_decides() -> None:
    verdict = first_objection(approved(), facts(approved(), halt="stop", tasks_found=("x",), digest="other"))
    assert verdict.code == "halted"


def test_facts_that_nobody_gathered_never_mean_go() -> None:
    assert first_objection(approved(), Facts(now=NOON)).answer is not Answer.GO


def test_there_is_a_case_for_every_gate() -> None:
    assert len(GATES) == 10
