"""Block Kit's rich text and tables: blocks whose content is a tree.

Forms: docs.slack.dev/reference/block-kit/blocks/rich-text-block and .../table-block.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.slack.block_objects import identifier, web_address
from bot.playground.slack.schema import (
    Check,
    Complaint,
    anything,
    boolean,
    choice,
    integer,
    listing,
    shape,
    string,
    typed,
)

TABLE_ROWS = 100
TABLE_COLUMNS = 20
_TYPE: Mapping[str, Check] = {"type": anything}
_style: Check = shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)
_STYLED: Mapping[str, Check] = {"style": _style}

inline: Check = typed(
    {
        "text": shape({**_TYPE, "text": string()}, _STYLED),
        "link": shape({**_TYPE, "url": web_address}, {**_STYLED, "text": string(), "unsafe": boolean}),
        "user": shape({**_TYPE, "user_id": string()}, _STYLED),
        "usergroup": shape({**_TYPE, "usergroup_id": string()}, _STYLED),
        "channel": shape({**_TYPE, "channel_id": string()}, _STYLED),
        "broadcast": shape({**_TYPE, "range": choice("here", "channel", "everyone")}, _STYLED),
        "emoji": shape({**_TYPE, "name": string()}, {**_STYLED, "unicode": string(), "skin_tone": integer(1, 6)}),
        "color": shape({**_TYPE, "value": string()}, _STYLED),
        "date": shape(
            {**_TYPE, "timestamp": integer(0, 9_999_999_999), "format": string()},
            {**_STYLED, "url": web_address, "fallback": string()},
        ),
    }
)

_section: Check = shape({**_TYPE, "elements": listing(inline, least=0)})
_bordered: Check = shape(
    {**_TYPE, "elements": listing(inline, least=0)}, {"border": integer(0, 1), "language": string()}
)
_list: Check = shape(
    {
        **_TYPE,
        "style": choice("bullet", "ordered"),
        "elements": listing(typed({"rich_text_section": _section}), least=0),
    },
    {"indent": integer(0, 8), "offset": integer(0, 9_999), "border": integer(0, 1)},
)
rich_text: Check = shape(
    {
        **_TYPE,
        "elements": listing(
            typed(
                {
                    "rich_text_section": _section,
                    "rich_text_preformatted": _bordered,
                    "rich_text_quote": _bordered,
                    "rich_text_list": _list,
                }
            ),
            least=0,
        ),
    },
    {"block_id": identifier},
)

_cell: Check = typed(
    {
        "raw_text": shape({**_TYPE, "text": string(least=0)}),
        "raw_number": shape({**_TYPE, "value": anything}, {"text": string(least=0)}),
        "rich_text": rich_text,
    }
)
_column: Check = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _same_width(table: Any, pointer: str) -> Iterator[Complaint]:
    width = len(table["rows"][0])
    for index, row in enumerate(table["rows"]):
        if len(row) != width:
            yield Complaint(f"{pointer}/rows/{index}", "must have as many cells as the first row", {"type": "width"})


table: Check = shape(
    {**_TYPE, "rows": listing(listing(_cell, most=TABLE_COLUMNS), most=TABLE_ROWS)},
    {"block_id": identifier, "column_settings": listing(_column, most=TABLE_COLUMNS)},
    _same_width,
)
