"""How parameters become the bytes of a request body, exactly as the vendor's SDK writes them. Pure.

Which parameters there are, and what they mean, does not belong here: see ``bot.mpaas.payload``.
Source of the rules: ``alibabacloud_tea_openapi`` 0.4.6 (``Utils.to_form``) and ``darabonba-core`` 1.0.9
(``Form.to_form_string``); ``tests/mpaas/test_form.py`` compares the bytes.
"""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode


def encode(parameters: Mapping[str, str | int]) -> bytes:
    """Write a form body: keys in code point order, blanks as ``+``, ``~`` as it is, ``*`` escaped, text in UTF-8.

    Raises ValueError, with a sentence, for text that has no UTF-8 form (half of a surrogate pair).
    """
    pairs = [(name, str(parameters[name])) for name in sorted(parameters)]
    try:
        return urlencode(pairs).encode("ascii")
    except UnicodeEncodeError:
        raise ValueError("A parameter holds half of a character (a lone surrogate), which cannot be sent.") from None


def flatten(name: str, value: object) -> dict[str, str]:
    """Spread a map or list over dotted names: ``Payload.hms.data``, list items counted from 1, ``None`` left out.

    Booleans become ``True`` and ``False``, numbers their decimal text. ``TransparentMessagePayload`` is the one
    parameter of PushBroadcast that is sent like this.
    """
    return dict(_leaves(name, value))


def _leaves(name: str, value: object) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}", inner)
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value, start=1):
            yield from _leaves(f"{name}.{position}", inner)
    else:
        yield name, str(value)


def compact_json(value: object) -> str:
    """Write JSON without blanks and with every character as itself, as the SDK does for ``NotifyLevel``.

    Raises ValueError for what JSON cannot say (infinity, not-a-number) and TypeError for what is not data.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
