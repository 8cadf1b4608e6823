"""Tests of letters and addresses that pass for others, and of ordinary texts, about which nothing is said."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.content import Template
from bot.domain.lookalikes import disguised_addresses, disguised_words, mixed_scripts, named
from bot.domain.preview import deceptions

ORDINARY = {
    "English": "Payments in Berlin are down; we are on it. See https://status.example.com/today?id=a@b",
    "Chinese": "\u652f\u4ed8\u670d\u52a1\u5df2\u6062\u590d\uff0c\u8bf7\u6253\u5f00 App 3.0 \u67e5\u770b\u3002",
    "Russian": "\u041f\u043b\u0430\u0442\u0435\u0436\u0438 \u0441\u043d\u043e\u0432\u0430 \u0440\u0430\u0431\u043e"
    "\u0442\u0430\u044e\u0442. \u041e\u0442\u043a\u0440\u043e\u0439\u0442\u0435 PayPal \u0438 \u0441\u043e\u0445"
    "\u0440\u0430\u043d\u0438\u0442\u0435 \u0441\u0432\u043e\u0435 \u043e\u0441\u0430",
    "Greek": "\u0397 \u03c0\u03bb\u03b7\u03c1\u03c9\u03bc\u03ae \u03ad\u03b3\u03b9\u03bd\u03b5 \u03bc\u03b5 Visa",
    "Arabic": "\u062a\u0645 \u0627\u0633\u062a\u0639\u0627\u062f\u0629 \u0627\u0644\u062e\u062f\u0645\u0629 App",
    "Hebrew": "\u05d4\u05e9\u05d9\u05e8\u05d5\u05ea \u05d7\u05d6\u05e8 \u05dc\u05e4\u05e2\u05d5\u05dc\u05d4 App",
    "Hindi": "\u0938\u0947\u0935\u093e \u092b\u093f\u0930 \u0938\u0947 \u091a\u093e\u0932\u0942 \u0939\u0948",
    "Persian": "\u0645\u06cc\u200c\u0634\u0648\u062f",
    "emoji": "Hooray \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f \U0001f44d\U0001f3fd \U0001f1e9\U0001f1ea",
    "symbols": "caf\u00e9 na\u00efve \u03b1 and \u03b2 waves, 5 \u03a9, 20 \u20ac",
    "Chinese host": "https://\u4f8b\u5b50.\u4e2d\u56fd/a",
    "app page": "myapp://orders/42?from=push",
}


def parts(text: str) -> dict[str, str]:
    return {"title": "Service disruption", "text": text, "address": ""}


@pytest.mark.parametrize("text", ORDINARY.values(), ids=ORDINARY)
def test_nothing_is_said_about_an_ordinary_text_in_any_language(text: str) -> None:
    assert deceptions(Template(name="t", title=text, body=text, variables=()), {}) == []


def test_words_of_letters_that_look_alike_are_pointed_out_with_their_code_points() -> None:
    (sentence,) = mixed_scripts(parts("Log in at p\u0430ypal now"))
    assert sentence == (
        'The text\'s word "p\u0430ypal" mixes Latin and Cyrillic letters that look alike: '
        "U+0430 CYRILLIC SMALL LETTER A."
    )


@pytest.mark.parametrize(
    "text", ["\u041f\u0440\u0438\u0432\u0435\u0442 world", "iPhone\u624b\u673a", "caf\u00e9 \u03b1"]
)
def test_several_scripts_in_several_words_are_fine(text: str) -> None:
    assert list(mixed_scripts(parts(text))) == []


@pytest.mark.parametrize(
    ("word", "script"),
    [
        ("\u0440\u0430\u0443\u0440\u0430\u04cf", "Cyrillic"),
        ("\u0421\u041e\u0421\u041e", "Cyrillic"),
        ("\u039d\u0399\u039a\u0395", "Greek"),
        ("\u13e2\u13aa\u13a9\u13e2\u13aa\u13de", "Cherokee"),
    ],
)
def test_a_whole_word_that_reads_as_latin_is_pointed_out(word: str, script: str) -> None:
    (sentence,) = disguised_words(parts(f"Log in at {word} now"))
    assert f"is written in {script} letters that read as Latin: U+" in sentence


@pytest.mark.parametrize(
    "text",
    [
        "\u0440\u0430\u0443\u0440\u0430\u04cf",  # nothing else: no reader expects Latin
        "\u0441\u043e\u0440 \u0438 PayPal",  # a Russian word, and another one that reads as nothing Latin
        "\u0430 sale",  # one letter
    ],
)
def test_a_word_is_left_alone_where_its_language_is_there_or_latin_is_not(text: str) -> None:
    assert list(disguised_words({"title": "", "text": text, "address": ""})) == []


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://bank.com@evil.com/login", 'leads to "evil.com": what stands before the @'),
        ("https://bank.com%2f@evil.com", 'leads to "evil.com"'),
        ("https://xn--80ak6aa92e.com", "U+0430 CYRILLIC SMALL LETTER A"),
        ("https://\u0430\u0440\u0440\u04cf\u0435.com", "whose letters are not Latin ones: U+0430"),
        ("https://bank.com\\@evil.com", "holds a backslash"),
        ("http://3232235777/", "by its number (3232235777)"),
        ("http://0xC0.0xA8.1.1/", "by its number (0xc0.0xa8.1.1)"),
        ("http://192.168.1.1:80/", "by its number"),
        ("https://[bank.com/", "is none that a browser takes"),
    ],
)
def test_an_address_that_leads_elsewhere_is_pointed_out_wherever_it_stands(address: str, says: str) -> None:
    for part in ("title", "text", "address"):
        found = list(disguised_addresses({"title": "", "text": "", "address": "", part: address}))
        assert any(sentence.startswith(f"The {part}'s link ") and says in sentence for sentence in found), found


def test_a_broken_punycode_name_is_left_as_it_is() -> None:
    assert list(disguised_addresses(parts("https://xn--\u00e4.com https://xn--99999999.com"))) == []


def test_many_letters_are_counted() -> None:
    assert named("\u0430\u0441\u0435\u043e\u0440").endswith(" and 2 more")


@given(st.text() | st.text(alphabet="\u0430\u0441a:/@\\.xn-[]%0", min_size=1).map(lambda text: f"https://{text}"))
@example("https://[::1")
@example("https://xn--")
def test_any_text_gets_sentences_only(text: str) -> None:
    said = {"title": text, "text": text, "address": text}
    for look in (mixed_scripts, disguised_words, disguised_addresses):
        assert all(sentence.startswith("The ") and sentence.endswith(".") for sentence in look(said))
