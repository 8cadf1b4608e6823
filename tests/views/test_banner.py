from views.gallery import Halt, texts_of

from bot.views.banner import banners
from bot.views.blocks import message


def texts(**changes: object) -> list[str]:
    halted = changes.pop("halted", None)
    drawn = message("x", banners(halted, **{"worker_alive": True, **changes}))  # type: ignore[arg-type]
    return [*texts_of(drawn)[:-1], *texts_of(drawn, "plain_text")]


def test_nothing_is_said_when_nothing_is_wrong() -> None:
    assert texts() == []


def test_a_halt_names_who_until_when_and_why() -> None:
    said = texts(halted=Halt())
    assert said[0].startswith("*All sending is halted* by <@U02BO>, until <!date^")
    assert said[1] == "Wrong price in the sale."


def test_a_halt_without_an_end_lasts_until_somebody_resumes() -> None:
    assert texts(halted=Halt(until=None, why="")) == ["*All sending is halted* by <@U02BO>, until somebody resumes it."]


def test_a_missing_worker_is_said_where_something_waits_for_it() -> None:
    assert texts(worker_alive=False) == ["*No worker is running:* nothing is sent until one is started."]
    assert texts(worker_alive=False, sending_matters=False) == []
