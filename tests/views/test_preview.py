from builders import a_content, a_request, a_template
from views.gallery import TEST, WEEKLY, a_preview, texts_of

from bot.domain.content import Platform
from bot.errors import Problem
from bot.views import preview
from bot.views.request_form_state import Metadata


def test_each_platform_s_text_is_shown_plainly_once_for_channels_that_show_the_same() -> None:
    view = a_preview(a_content(platforms=tuple(Platform)))
    shown = [text for text in texts_of(view, "plain_text") if text.startswith("Service disruption\n")]
    assert shown == ["Service disruption\nPayments in Berlin are down. We are on it."]
    (heading,) = [text for text in texts_of(view) if text.startswith("*Shown by")]
    assert "Xiaomi" in heading
    assert "HarmonyOS" in heading


def test_what_a_platform_cuts_is_marked_and_named() -> None:
    content = a_content(template=a_template(body="word " * 40, variables=()), values={}, platforms=(Platform.IOS,))
    view = a_preview(content)
    assert any(text.startswith("*Cut by iOS banner") for text in texts_of(view))
    plain = texts_of(view, "plain_text")
    assert any(text.endswith("…") for text in plain)
    assert any(text.startswith("Cut: ") for text in plain)


def test_where_the_push_would_fail_is_said() -> None:
    content = a_content(template=a_template(title="t" * 70, variables=(), body="x"), values={})
    assert any(text.startswith("*The push fails at") for text in texts_of(a_preview(content)))


def test_live_and_test_differ_in_word_verb_and_button() -> None:
    live, test = a_preview(a_content()), a_preview(a_content(destination=TEST))
    assert texts_of(live, "plain_text")[0] == "Ask to push to ALL LIVE devices of live"
    assert texts_of(test, "plain_text")[0] == "Ask for a test push on test"
    assert (live["submit"]["text"], test["submit"]["text"]) == ("Ask for approval", "Ask for test approval")
    assert (live["title"]["text"], live["close"]["text"]) == ("Check before asking", "Back")


def test_a_recurring_push_shows_its_next_three_times() -> None:
    (times,) = [text for text in texts_of(a_preview(a_content(delivery=WEEKLY))) if text.startswith("*Next times*")]
    assert times.count("<!date^") == 3


def test_warnings_and_problems_stand_before_the_text_and_are_escaped() -> None:
    view = a_preview(a_content(), warnings=["Looks like a <test>."], problems=[Problem("", "x", "No <b>.")])
    texts = texts_of(view)
    assert texts[0] == "*Please look at this first:*\nNo &lt;b&gt;."
    assert "*Look at this before you ask:*\n• Looks like a &lt;test&gt;." in texts


def test_who_has_to_approve_and_how_long_it_can_be_stopped_is_said() -> None:
    assert texts_of(a_preview(a_content()))[-1] == (
        "Somebody else has to approve it. After the last approval it can still be stopped for 1 min."
    )
    assert texts_of(a_preview(a_content(), quorum=2, veto_window=0))[-1] == "2 other people have to approve it."


def test_a_later_submit_knows_what_was_previewed() -> None:
    assert Metadata.read(a_preview(a_content())).digest == "ab" * 32


def test_a_second_press_hears_that_nothing_was_asked_twice() -> None:
    request = a_request()
    now, already = preview.submitted(request), preview.submitted(request, already=True)
    assert texts_of(now)[0] == (
        "Request 7K3M-Q2XD is stored, and its card goes to the approvers; if Slack refuses it, you are told."
    )
    assert "nothing was asked twice" in texts_of(already)[0]
    assert "submit" not in now
