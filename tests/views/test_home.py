from builders import a_content, a_request
from views.gallery import NOW, WEEKLY, Halt, labels_of, texts_of

from bot.domain.states import State
from bot.views import home


def drawn(**changes: object) -> dict[str, object]:
    nothing: dict[str, object] = {"waiting": [], "mine": [], "scheduled": [], "recent": [], "now": NOW}
    return home.render(**nothing | changes)  # type: ignore[arg-type]


def test_an_empty_home_says_so_and_offers_a_new_broadcast() -> None:
    view = drawn()
    assert labels_of(view) == ["New broadcast"]
    assert "Nothing waits for your decision." in texts_of(view)
    assert texts_of(view, "plain_text")[1:] == ["Waiting for me", "My requests", "Scheduled", "Recent"]


def test_each_request_has_a_button_to_its_details() -> None:
    view = drawn(waiting=[a_request()], recent=[a_request(State.SENT)])
    assert labels_of(view) == ["New broadcast", "Show details", "Show details"]


def test_what_waits_for_me_says_until_when() -> None:
    assert any("Approve until <!date^" in text for text in texts_of(drawn(waiting=[a_request()])))


def test_what_is_scheduled_says_when_it_goes_out_next() -> None:
    request = a_request(State.SCHEDULED, content=a_content(delivery=WEEKLY))
    assert any("2026-12-02 01:00 UTC" in text for text in texts_of(drawn(scheduled=[request])))


def test_long_lists_are_cut_and_counted() -> None:
    view = drawn(waiting=[a_request()] * 30, mine=[a_request()] * 30, scheduled=[], recent=[a_request()] * 30)
    assert texts_of(view).count("and 20 more; /broadcast list shows them") == 3
    assert len(view["blocks"]) <= 100  # type: ignore[arg-type]


def test_a_halt_and_a_missing_worker_stand_on_top() -> None:
    texts = texts_of(drawn(halted=Halt(), worker_alive=False))
    assert texts[0].startswith("*All sending is halted*")
    assert texts[1].startswith("*No worker is running:*")
