"""Texts and blocks are drawn as Slack draws them: mrkdwn with its marks, plain text with none, dates as it is there."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from bot.playground.cast import BO, OLGA

TREE = """
async ([rows, options]) => {
  const { parse } = await import("/assets/slack/mrkdwn.js");
  const facts = ({ id, range, url, seconds, format, label, fallback }) =>
    [id, range, url, seconds, format, label, fallback].filter(Boolean).map((fact) => ` ${fact}`).join("");
  const inline = (node) => {
    if (node.kind === "text") return node.text;
    if (node.kind === "emoji") return node.character;
    return `(${node.kind}${facts(node)}${node.children ? `: ${node.children.map(inline).join("")}` : ""})`;
  };
  const block = ({ kind, lines, blocks, children }) => {
    if (kind === "lines") return lines.map((line) => line.map(inline).join("")).join("\\n");
    return `[${kind} ${(blocks ?? children).map(blocks ? block : inline).join("")}]`;
  };
  return rows.map((source) => parse(source, options).map(block).join(""));
}
"""

MARKS = {
    "*bold*": "(bold: bold)",
    "_italic_": "(italic: italic)",
    "~strike~": "(strike: strike)",
    "*LIVE*: real people": "(bold: LIVE): real people",
    "all _of_ *these* ~marks~ `stand`": "all (italic: of) (bold: these) (strike: marks) (code: stand)",
    "_*both*_": "(italic: (bold: both))",
    "*a _b ~c~ d_ e*": "(bold: a (italic: b (strike: c) d) e)",
    "*_x*": "(bold: _x)",
    "_x *y_ z*": "(italic: x *y) z*",
    "(*x*)": "((bold: x))",
    "“*x*”": "“(bold: x)”",
    "snake_case_name": "snake_case_name",
    "2*3*4": "2*3*4",
    "x *y*z": "x *y*z",
    "x*y* z": "x*y* z",
    "*a <https://e.com/*b|c> d*": "(bold: a (link https://e.com/*b: c) d)",
    "* not bold *": "* not bold *",
    "*not closed": "*not closed",
    "**markdown**": "**markdown**",
    "__init__": "__init__",
    "*over\ntwo lines*": "*over\ntwo lines*",
    "*粗体* 和": "(bold: 粗体) 和",
    "这是*粗体*吗": "这是*粗体*吗",
    "\u200f*right to left*\u200f": "\u200f(bold: right to left)\u200f",
    "*ع* \u202eabc": "(bold: ع) \u202eabc",
    "*y*~ *y*! *y*# *y*$ *y*% *y*^ *y*) *y*- *y*+": (
        "(bold: y)~ (bold: y)! (bold: y)# (bold: y)$ (bold: y)% (bold: y)^ (bold: y)) (bold: y)- (bold: y)+"
    ),
    "*n*` *n*@ *n*& *n*( *n*_ *n*| *n*\\": "*n*` *n*@ *n*& *n*( *n*_ *n*| *n*\\",
    "*a `b*` c*": "(bold: a (code: b*) c)",
}
"""Which marks mean something; what may stand beside one was measured by pocka/slack-message-parser (issue 34)."""

CODE = {
    "`*not* _marked_`": "(code: *not* _marked_)",
    "`:tada:`": "(code: :tada:)",
    "a`b`": "a`b`",
    "` `": "` `",
    "`one`s": "(code: one)s",
    "`<https://e.com/1|abc>`": "(code: (link https://e.com/1: abc))",
    "`&lt;b&gt;`": "(code: <b>)",
    "```pre *x*```": "[pre pre *x*]",
    "```\nfirst\n\nlast\n```": "[pre first\n\nlast]",
    "before ```x``` after": "before [pre x]after",
    "a```b```c": "a```b```c",
    "``` ```": "``` ```",
    "```open": "```open",
}

QUOTES = {
    "> one\n> two\nthree": "[quote one\ntwo]three",
    "&gt; escaped, and a quote all the same": "[quote escaped, and a quote all the same]",
    "not > a quote": "not > a quote",
    ">>> all\nof\n\nthis": "[quote all\nof\n\nthis]",
    "> *bold*\n\nend": "[quote (bold: bold)]\nend",
    "> ```code\nlines```\nend": "[quote [pre code\nlines]]end",
    ">>>": "[quote >>]",
    ">:(": ">:(",
    "one\n\n\ntwo": "one\n\n\ntwo",
    "": "",
}

ENTITIES = {
    "a &amp; b": "a & b",
    "&lt;!channel&gt;": "<!channel>",
    "&amp;lt;!channel&amp;gt;": "&lt;!channel&gt;",
    "&quot; &#60;!channel&#62; &nbsp;": "&quot; &#60;!channel&#62; &nbsp;",
    "1 < 2 > 0 & so on": "1 < 2 > 0 & so on",
    "<b>html</b>": "<b>html</b>",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
}

TOKENS = {
    "<@U02BO> asks": "(user U02BO) asks",
    "<@W02BO|bo>": "(user W02BO bo)",
    "<@nobody>": "<@nobody>",
    "<#C0001GENERAL|general>": "(channel C0001GENERAL general)",
    "<!subteam^S02ONCALL|@oncall>": "(group S02ONCALL @oncall)",
    "<!here> <!channel> <!everyone>": "(everybody here) (everybody channel) (everybody everyone)",
    "<!everything>": "<!everything>",
    "@channel @here": "@channel @here",
    "*<@U02BO>*": "(bold: (user U02BO))",
    "<@U02\nBO>": "<@U02\nBO>",
    "<<@U02BO>>": "<(user U02BO)>",
    "<!date^1760000000^{date} at {time}|then>": "(date 1760000000 {date} at {time} then)",
    "<!date^1760000000^{date}^https://e.com/?a=1&amp;b=2|then>": (
        "(date https://e.com/?a=1&b=2 1760000000 {date} then)"
    ),
    "<!date^1760000000^{date}^javascript:alert(1)|then>": "(date 1760000000 {date} then)",
}

LINKS = {
    "<https://e.com/a_b*c*?x=1&amp;y=2>": "(link https://e.com/a_b*c*?x=1&y=2: https://e.com/a_b*c*?x=1&y=2)",
    "<https://evil.example|https://bank.example>": "(link https://evil.example: https://bank.example)",
    "<https://e.com|a *bold* label>": "(link https://e.com: a (bold: bold) label)",
    "<https://e.com|a &lt;b&gt; | c>": "(link https://e.com: a <b> | c)",
    "<mailto:ana@harbour.example|Ana>": "(link mailto:ana@harbour.example: Ana)",
    "<mailto:ana@harbour.example>": "(link mailto:ana@harbour.example: ana@harbour.example)",
    "<javascript:alert(1)|click>": "<javascript:alert(1)|click>",
    "<JavaScript:alert(1)>": "<JavaScript:alert(1)>",
    "<data:text/html,hi|click>": "<data:text/html,hi|click>",
    "<http://|click>": "<http://|click>",
    "<http://[|click>": "<http://[|click>",
    "<https://e.com/a b|click>": "<https://e.com/a b|click>",
    "<//e.com|click>": "<//e.com|click>",
}

BARE = {
    "see https://e.com/a?b=1&c=2.": "see (link https://e.com/a?b=1&c=2: https://e.com/a?b=1&c=2).",
    "(https://e.com/x)": "((link https://e.com/x: https://e.com/x))",
    "https://e.com&gt;x": "(link https://e.com: https://e.com)>x",
    "_see https://e.com/x_ y_": "(italic: see (link https://e.com/x: https://e.com/x)) y_",
    "_see https://e.com/x_y z_": "(italic: see (link https://e.com/x_y: https://e.com/x_y) z)",
    "*https://e.com/x_y_z*": "(bold: (link https://e.com/x_y_z: https://e.com/x_y_z))",
    "xhttps://e.com": "xhttps://e.com",
    "http:// and ftp://e.com and e.com": "http:// and ftp://e.com and e.com",
    "`https://e.com`": "(code: (link https://e.com: https://e.com))",
}
"""Addresses that become links by themselves, unless the text is verbatim."""

EMOJI = {
    "done :tada:": "done 🎉",
    "a:tada:b": "a🎉b",
    ":wave::skin-tone-3:": "👋🏼",
    ":+1::-1:": "👍👎",
    "no :such_emoji: here": "no :such_emoji: here",
    ":constructor: :__proto__:": ":constructor: :__proto__:",
    "at 10:30:45": "at 10:30:45",
    "_:white_check_mark: done_": "(italic: ✅ done)",
}


def test_mrkdwn_is_read_as_slack_reads_it(blank_page: Page) -> None:
    table = {**MARKS, **CODE, **QUOTES, **ENTITIES, **TOKENS, **LINKS, **EMOJI}
    trees = blank_page.evaluate(TREE, [list(table), {"verbatim": True}])
    assert dict(zip(table, trees, strict=True)) == table


def test_bare_addresses_become_links_unless_the_text_is_verbatim(blank_page: Page) -> None:
    assert dict(zip(BARE, blank_page.evaluate(TREE, [list(BARE), {}]), strict=True)) == BARE
    verbatim = blank_page.evaluate(TREE, [list(BARE), {"verbatim": True}])
    assert not any("(link" in tree for tree in verbatim)


def test_every_emoji_of_the_table_has_a_name_that_can_be_written_and_a_character(blank_page: Page) -> None:
    wrong, count = blank_page.evaluate(
        """async () => {
          const { emojiOf, EMOJI, NAMES } = await import("/assets/slack/emoji.js");
          const isWritable = (name) => `:${name}:`.match(new RegExp(`^${EMOJI.source}$`));
          const isEmoji = (name) => /^\\p{RGI_Emoji}$/v.test(emojiOf(name));
          return [NAMES.filter((name) => !isWritable(name) || !isEmoji(name)), NAMES.length];
        }"""
    )
    assert wrong == []
    assert count > 200


READERS = {
    "ana": {"tz": "Europe/Berlin", "locale": "en-US"},
    "chen": {"tz": "Asia/Shanghai", "locale": "zh-CN"},
    "dana": {"tz": "Europe/London", "locale": "en-GB"},
    "bo": {"tz": "America/New_York", "locale": "en-US"},
}
NOW = "2025-10-09T16:30:00+00:00"
"""A Thursday; in Shanghai it is Friday already."""
MOMENT = 1760027400
"""2025-10-09 16:30:00 UTC."""
HOUR, DAY = 3600, 86400

DATES = [
    ("ana", MOMENT, "{date_num} {time_secs}", "2025-10-09 6:30:00 PM"),
    ("chen", MOMENT, "{date_num} {time_secs}", "2025-10-10 00:30:00"),
    ("dana", MOMENT, "{time}", "17:30"),
    ("bo", MOMENT, "{time}", "12:30 PM"),
    ("ana", MOMENT, "{date}", "October 9th"),
    ("dana", MOMENT, "{date}", "9th October"),
    ("chen", MOMENT, "{date}", "10月10日"),
    ("ana", MOMENT + 12 * DAY, "{date}", "October 21st"),
    ("ana", MOMENT + 13 * DAY, "{date}", "October 22nd"),
    ("ana", MOMENT + 2 * DAY, "{date}", "October 11th"),
    ("ana", MOMENT, "{date_short}", "Oct 9"),
    ("ana", MOMENT, "{date_long}", "Thursday, October 9th"),
    ("chen", MOMENT, "{date_long}", "10月10日星期五"),
    ("ana", MOMENT + 200 * DAY, "{date}", "April 27th, 2026"),
    ("ana", MOMENT - 200 * DAY, "{date_short}", "Mar 23, 2025"),
    ("ana", MOMENT, "{date_long_full}", "October 9, 2025"),
    ("ana", MOMENT, "{date_slash}", "10/09/2025"),
    ("dana", MOMENT, "{date_slash}", "09/10/2025"),
    ("ana", MOMENT, "{date_short_pretty} at {time}", "Today at 6:30 PM"),
    ("ana", MOMENT, "on {date_short_pretty}", "on today"),
    ("ana", MOMENT + 6 * HOUR, "{date_pretty} {time}", "Tomorrow 12:30 AM"),
    ("chen", MOMENT + 6 * HOUR, "{date_pretty} {time}", "今天 06:30"),
    ("chen", MOMENT - 6 * HOUR, "{date_long_pretty}", "昨天"),
    ("ana", MOMENT - DAY, "{day_divider_pretty}", "Yesterday"),
    ("ana", MOMENT - 2 * DAY, "{date_short_pretty}", "Oct 7"),
    ("ana", MOMENT - 200 * DAY, "{day_divider_pretty}", "Sunday, March 23rd"),
    ("ana", MOMENT - 180, "{ago}", "3 minutes ago"),
    ("ana", MOMENT + 2 * DAY, "{ago}", "In 2 days"),
    ("chen", MOMENT - 4 * HOUR, "{ago}", "4小时前"),
    ("ana", MOMENT, "{date_num} {unheard_of}", "2025-10-09 {unheard_of}"),
    ("ana", 1743292800, "{date_num} {time}", "2025-03-30 1:00 AM"),
    ("ana", 1743292800 + HOUR, "{date_num} {time}", "2025-03-30 3:00 AM"),
    ("ana", MOMENT, "{unheard_of}", None),
    ("ana", MOMENT, "no token", None),
    ("ana", 1e17, "{date}", None),
]


def test_dates_are_written_where_the_reader_is_against_the_simulated_clock(blank_page: Page) -> None:
    written = blank_page.evaluate(
        """async ([rows, now]) => {
          const { formatDate } = await import("/assets/slack/dates.js");
          return rows.map(([person, at, format]) => formatDate(at, format, { person }, new Date(now)));
        }""",
        [[(READERS[who], at, form) for who, at, form, _ in DATES], NOW],
    )
    assert [(*row[:3], words) for row, words in zip(DATES, written, strict=True)] == DATES


def test_a_time_of_day_and_a_day_are_named_from_a_messages_ts(blank_page: Page) -> None:
    said = blank_page.evaluate(
        """async ([people, ts, now]) => {
          const { clockTime, dayName } = await import("/assets/slack/dates.js");
          const words = (person) => [clockTime(ts, { person }), dayName(ts, { person }, now), dayName(ts, { person })];
          return [...people.map(words), clockTime(new Date(now), {})];
        }""",
        [[READERS["ana"], READERS["chen"]], f"{MOMENT}.000200", NOW],
    )
    assert said == [
        ["6:30 PM", "Today", "Thursday, October 9th, 2025"],
        ["00:30", "今天", "2025年10月10日星期五"],
        "4:30 PM",
    ]


READER: dict[str, Any] = {
    "me": "U02BO",
    "person": {"id": "U02BO", "tz": "Asia/Shanghai", "locale": "en-US"},
    "people": [{"id": "U01ANA", "real_name": "Ana Alves"}, {"id": "U02BO", "real_name": "Bo Berg"}],
    "bot": {"id": "U09BOT", "real_name": "Broadcast"},
    "groups": [
        {"id": "S01MARKETING", "handle": "marketing", "users": ["U01ANA"]},
        {"id": "S02ONCALL", "handle": "oncall", "users": ["U02BO"]},
    ],
    "channels": [{"id": "C0001GENERAL", "name": "general", "is_im": False}],
}

DRAW = """
async ([module, name, props, reader, now]) => {
  const { h, render } = await import("preact");
  const contexts = await import("/assets/core/context.js");
  const { translate } = await import("/assets/core/words.js");
  const drawn = (await import(module))[name];
  const root = document.createElement("main");
  root.id = "page";
  document.body.replaceChildren(root);
  globalThis.gone = [];
  const known = { ...reader, t: (key, facts) => translate("en", key, facts) };
  const within = [
    [contexts.ReaderContext, known],
    [contexts.PageContext, { ...known, state: reader }],
    [contexts.ClockContext, new Date(now)],
    [contexts.FrameContext, { go: (place) => globalThis.gone.push(place) }],
  ];
  render(within.reduce((inner, [context, value]) => h(context.Provider, { value }, inner), h(drawn, props)), root);
}
"""


def draw(page: Page, text: str, *, kind: str = "mrkdwn", **more: Any) -> None:
    props = {"text": {"type": kind, "text": text, **more}}
    page.evaluate(DRAW, ["/assets/slack/text.js", "Text", props, READER, NOW])


def draw_blocks(page: Page, *blocks: dict[str, Any]) -> None:
    page.evaluate(DRAW, ["/assets/slack/blocks.js", "Blocks", {"blocks": blocks, "target": None}, READER, NOW])


def draw_home(page: Page, **state: Any) -> None:
    page.evaluate(DRAW, ["/assets/slack/home.js", "Home", {}, {**READER, "home": None, **state}, NOW])


def shown(page: Page) -> str:
    return page.locator("#page").inner_text()


def test_names_stand_in_place_of_ids_and_the_readers_own_are_marked(blank_page: Page) -> None:
    draw(
        blank_page,
        "<@U01ANA> <@U02BO> <@U404|ex> <@U405> <!subteam^S01MARKETING> <!subteam^S02ONCALL> <!subteam^S404|@gone> "
        "<!here> <#C0001GENERAL> <#C404|old> <#C405>",
    )
    names = "@Ana Alves @Bo Berg @ex @U405 @marketing @oncall @gone @here #general #old private channel"
    assert shown(blank_page) == names
    assert blank_page.locator(".msg-mention-mine").all_inner_texts() == ["@Bo Berg", "@oncall", "@here"]


def test_a_channel_of_the_readers_is_a_way_there_and_another_is_not(blank_page: Page) -> None:
    draw(blank_page, "<#C0001GENERAL> <#C404|old>")
    assert blank_page.get_by_role("button").all_inner_texts() == ["#general"]
    blank_page.get_by_role("button").click()
    assert blank_page.evaluate("gone") == [{"kind": "channel", "id": "C0001GENERAL"}]


def test_links_open_elsewhere_and_tell_nothing_of_this_page(blank_page: Page) -> None:
    draw(blank_page, "<https://e.com/?a=1&amp;b=2|a *link*> <mailto:a@e.com> <javascript:alert(1)|no>", verbatim=True)
    links = blank_page.get_by_role("link").all()
    assert [link.get_attribute("href") for link in links] == ["https://e.com/?a=1&b=2", "mailto:a@e.com"]
    assert {link.get_attribute("rel") for link in links} == {"noopener noreferrer"}
    assert {link.get_attribute("target") for link in links} == {"_blank"}
    assert shown(blank_page) == "a link a@e.com <javascript:alert(1)|no>"


def test_what_is_escaped_mentions_nobody_and_draws_no_html(blank_page: Page) -> None:
    draw(blank_page, "&lt;!channel&gt; &lt;@U02BO&gt; &lt;img src=x onerror=alert(1)&gt; <img src=x>")
    assert shown(blank_page) == "<!channel> <@U02BO> <img src=x onerror=alert(1)> <img src=x>"
    assert blank_page.locator("#page .msg-mention, #page img").count() == 0


def test_a_date_is_written_for_the_reader_and_falls_back_when_slack_does(blank_page: Page) -> None:
    draw(blank_page, f"<!date^{MOMENT}^{{date_short_pretty}} {{time}}|utc> <!date^{MOMENT}^{{_}}|as *it* is &amp; was>")
    assert shown(blank_page) == "Today 12:30 AM as *it* is &amp; was"
    assert blank_page.locator("#page b").count() == 0


def test_plain_text_stands_as_it_is_written(blank_page: Page) -> None:
    text = "*not* _marked_ <!channel> <@U02BO> &lt;b&gt; https://e.com\n\n  `two`  > :tada:"
    draw(blank_page, text, kind="plain_text", emoji=False)
    assert blank_page.locator("#page").evaluate("(it) => it.textContent") == text
    assert shown(blank_page) == text
    assert blank_page.locator("#page :is(a, b, i, code, blockquote, .msg-mention)").count() == 0


def test_plain_text_shows_emoji_unless_it_says_otherwise(blank_page: Page) -> None:
    for more, words in (({}, "🎉 :nope:"), ({"emoji": True}, "🎉 :nope:"), ({"emoji": False}, ":tada: :nope:")):
        draw(blank_page, ":tada: :nope:", kind="plain_text", **more)
        assert shown(blank_page) == words


def test_marks_that_reverse_the_writing_do_not_reach_out_of_their_text(blank_page: Page) -> None:
    draw(blank_page, "\u202eevil", kind="plain_text")
    style = "(it) => getComputedStyle(it).unicodeBidi"
    assert blank_page.locator("#page .msg-plain").evaluate(style) == "plaintext"
    draw(blank_page, "\u202eevil <@U01ANA>")
    assert blank_page.locator("#page .msg-mrkdwn").evaluate(style) == "plaintext"
    assert blank_page.locator("#page .msg-mention").evaluate(style) == "isolate"


def test_the_words_alone_can_be_had_of_any_text(blank_page: Page) -> None:
    texts = [
        {
            "type": "mrkdwn",
            "text": "*Bold* by <@U01ANA> in <#C0001GENERAL>\n> <https://e.com|there> :tada:\n```a\nb```",
        },
        {"type": "mrkdwn", "text": f"<!date^{MOMENT}^{{date_short_pretty}} {{time}}|utc> &lt;!here&gt; <!here> `x`"},
        {"type": "plain_text", "text": "*as* <@U01ANA> :tada:", "emoji": True},
        {"type": "plain_text", "text": ":tada:", "emoji": False},
        None,
    ]
    said = blank_page.evaluate(
        """async ([reader, now, texts]) => {
          const { plainText } = await import("/assets/slack/text.js");
          const page = { ...reader, state: { ...reader, now } };
          return texts.map((text) => [plainText(text, page), plainText(text, reader)]);
        }""",
        [READER, NOW, texts],
    )
    assert said == [
        ["Bold by @Ana Alves in #general\nthere 🎉\na\nb"] * 2,
        ["Today 12:30 AM <!here> @here x", "Oct 10, 2025 12:30 AM <!here> @here x"],
        ["*as* <@U01ANA> 🎉"] * 2,
        [":tada:"] * 2,
        [""] * 2,
    ]


def words(kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "text": text, **more}


def test_every_block_of_the_bots_shows_its_texts(blank_page: Page) -> None:
    draw_blocks(
        blank_page,
        {"type": "header", "text": words("plain_text", "A *head* & tail")},
        {"type": "section", "text": words("mrkdwn", "*Bold*\nsecond"), "fields": [words("mrkdwn", "*Where*\nhere")]},
        {"type": "divider"},
        {"type": "context", "elements": [words("mrkdwn", "_small_"), words("plain_text", "_print_")]},
    )
    assert [line for line in shown(blank_page).split("\n") if line] == [
        "A *head* & tail", "Bold", "second", "Where", "here", "small", "_print_",
    ]  # fmt: skip
    assert blank_page.get_by_role("heading").inner_text() == "A *head* & tail"
    assert blank_page.get_by_role("separator").count() == 1


def test_pictures_are_named_and_not_loaded(blank_page: Page) -> None:
    picture = {"type": "image", "image_url": "https://e.com/cat.png", "alt_text": "A cat"}
    draw_blocks(
        blank_page,
        {**picture, "title": words("plain_text", "Today")},
        {"type": "section", "text": words("mrkdwn", "x"), "accessory": picture},
        {"type": "context", "elements": [picture]},
    )
    assert blank_page.locator("#page img").count() == 0
    assert blank_page.get_by_role("img", name="A cat").count() == 2
    assert {"Today", "A cat", "https://e.com/cat.png"} <= set(shown(blank_page).split("\n"))


def test_rich_text_is_drawn_from_its_tree(blank_page: Page) -> None:
    text = {"type": "text", "text": "*x*", "style": {"bold": True, "italic": True}}
    parts = [
        text,
        {"type": "link", "url": "javascript:alert(1)", "text": "no"},
        {"type": "user", "user_id": "U02BO"},
        {"type": "usergroup", "usergroup_id": "S01MARKETING"},
        {"type": "broadcast", "range": "here"},
        {"type": "emoji", "name": "unheard_of", "unicode": "1f600"},
        {"type": "date", "timestamp": MOMENT, "format": "{date_num}", "fallback": "then"},
        {"type": "unheard_of"},
    ]
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "item"}]}
    draw_blocks(
        blank_page,
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": parts},
                {"type": "rich_text_list", "style": "ordered", "offset": 4, "elements": [item]},
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a\n  b"}]},
            ],
        },
    )
    line = blank_page.locator(".msg-rich-section")
    assert line.inner_text() == "*x*no@Bo Berg@marketing@here😀2025-10-10[unheard_of]"
    assert line.locator(":is(b, i) :is(b, i)").inner_text() == "*x*"
    assert blank_page.get_by_role("link").count() == 0
    assert blank_page.locator("ol").get_attribute("start") == "5"
    assert blank_page.locator("blockquote").inner_text() == "quoted"
    assert blank_page.locator("pre").inner_text() == "a\n  b"


def test_what_is_not_drawn_is_named(blank_page: Page) -> None:
    draw_blocks(blank_page, {"type": "video"}, {"type": "constructor"}, {"type": "markdown", "text": "# As *written*"})
    assert "“video”" in shown(blank_page)
    assert "“constructor”" in shown(blank_page)
    assert blank_page.locator("pre").inner_text() == "# As *written*"


def test_a_table_says_what_its_cells_hold(blank_page: Page) -> None:
    rows = [
        [words("raw_text", "Who"), words("raw_text", "How many")],
        [words("raw_text", "*Ana*"), {"type": "raw_number", "value": 3}],
    ]
    draw_blocks(blank_page, {"type": "table", "rows": rows})
    assert blank_page.get_by_role("columnheader").all_inner_texts() == ["Who", "How many"]
    assert blank_page.get_by_role("cell").all_inner_texts() == ["*Ana*", "3"]


def test_the_home_tab_shows_what_the_bot_publishes_when_it_hears_of_the_reader(open_page: Callable[..., Page]) -> None:
    page = open_page(BO.id)
    page.locator('[data-part="home"]').click()
    expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("heading", name="Waiting for me")).to_be_visible()


def test_the_home_tab_tells_a_stranger_what_the_simulator_says(open_page: Callable[..., Page]) -> None:
    page = open_page(OLGA.id, allow=("409",))
    draw_home(page, me=OLGA.id)
    expect(page.get_by_role("alert")).to_have_text("People of another company do not see this workspace's apps.")
    assert page.get_by_role("button").count() == 0


def test_the_home_tab_leads_to_the_messages_with_the_bot_where_there_are_any(blank_page: Page) -> None:
    draw_home(blank_page)
    blank_page.get_by_role("tab", name="Messages").click()
    expect(blank_page.get_by_role("tabpanel")).to_have_text("No messages between you and Broadcast yet.")
    draw_home(blank_page, channels=[{"id": "D01", "name": "", "is_im": True, "with": READER["bot"]["id"]}])
    blank_page.get_by_role("tab", name="Home").press("ArrowRight")
    blank_page.keyboard.press("Enter")
    assert blank_page.evaluate("gone") == [{"kind": "channel", "id": "D01"}]
