from builders import a_content, a_line, a_request, a_template
from views.gallery import NOW, texts_of

from bot.domain.content import Platform
from bot.domain.states import State
from bot.playground.slack.blocks import check_view
from bot.views import details

WIRE = {
    Platform.ANDROID: {"TemplateKeyValue": '{"city":"<!channel>"}', "Msgkey": "7K3M-Q2XD-1-android"},
    Platform.IOS: {"Msgkey": "7K3M-Q2XD-1-ios"},
}


def drawn(**changes: object) -> dict[str, object]:
    parts = {"history": [a_line()], "wire": WIRE, "now": NOW} | changes
    return details.render(a_request(State.SENT), **parts)  # type: ignore[arg-type]


def test_every_parameter_of_the_call_is_shown_as_it_is_sent() -> None:
    plain = texts_of(drawn(), "plain_text")
    assert 'Msgkey = 7K3M-Q2XD-1-android\nTemplateKeyValue = {"city":"<!channel>"}' in plain
    assert "Msgkey = 7K3M-Q2XD-1-ios" in plain


def test_the_whole_text_is_shown_however_long() -> None:
    content = a_content(template=a_template(body="long " * 3000, variables=()), values={})
    view = details.render(a_request(content=content), history=[], wire={}, now=NOW)
    assert "".join(texts_of(view, "plain_text")).count("long ") == 3000


def test_the_history_names_what_happened_and_who() -> None:
    line = a_line(event="reject", actor="U02BO", after="rejected", detail="Not <now>.")
    assert any(
        text.endswith("· reject · <@U02BO> · rejected Not &lt;now&gt;.") for text in texts_of(drawn(history=[line]))
    )


def test_a_state_of_an_older_version_is_shown_by_its_name() -> None:
    assert any("· gone" in text for text in texts_of(drawn(history=[a_line(after="gone")])))


def test_a_long_history_shows_its_newest_lines_and_counts_the_others() -> None:
    lines = [a_line(version=number + 1, detail=f"line {number}") for number in range(100)]
    view = drawn(history=lines)
    text = "\n".join(texts_of(view))
    assert "40 older lines are left out" in text
    assert "line 99" in text
    assert "line 39\n" not in text


def test_the_largest_request_still_fits_into_a_modal() -> None:
    content = a_content(template=a_template(body="&" * 90_000, variables=()), values={})
    wire = {platform: {"TemplateKeyValue": "<" * 90_000} for platform in Platform}
    lines = [a_line(detail="<" * 500) for _ in range(200)]
    view = details.render(a_request(content=content), history=lines, wire=wire, now=NOW)
    assert check_view(view) == []
    assert len(str(view)) < 250_000


def test_the_whole_digest_is_there_to_compare() -> None:
    assert any(text == f"Digest {a_request(State.SENT).digest}" for text in texts_of(drawn(), "plain_text"))
