from views.fill import inputs_of
from views.gallery import FULL, a_form, labels_of, texts_of

from bot.domain.draft import Draft
from bot.domain.extras import EXTRAS, Kind


def test_the_button_opens_and_closes_the_folded_part() -> None:
    assert labels_of(a_form()) == ["Advanced"]
    assert labels_of(a_form(advanced=True)) == ["Hide Advanced"]


def test_what_is_set_behind_the_fold_is_named_while_it_is_closed() -> None:
    words = "Set under Advanced: Task name, Android channel, Vendor alert level and Xiaomi channel id"
    assert words in texts_of(a_form(FULL), "plain_text")
    assert not any("Set under" in text for text in texts_of(a_form(FULL, advanced=True), "plain_text"))


def test_every_other_parameter_of_the_push_has_its_input() -> None:
    inputs = inputs_of(a_form(advanced=True))
    for name, extra in EXTRAS.items():
        element = inputs[f"extras.{name}"]
        assert element["type"] == ("static_select" if extra.choices else "plain_text_input")
        assert element.get("multiline", False) is (extra.kind is Kind.JSON_OBJECT)


def test_each_input_of_a_parameter_says_its_wire_name() -> None:
    view = a_form(advanced=True)
    labels = {block["block_id"]: block["label"]["text"] for block in view["blocks"] if block["type"] == "input"}
    assert labels["extras.MiChannelId"] == "Xiaomi channel id (MiChannelId)"


def test_a_task_name_that_is_too_long_is_shown_for_correction() -> None:
    inputs = inputs_of(a_form(Draft(task="t" * 61), advanced=True))
    assert inputs["task"]["initial_value"] == "t" * 61
    assert "max_length" not in inputs["task"]
    assert inputs_of(a_form(advanced=True))["task"]["max_length"] == 60
