"""What the tests of values share: which rules refuse, in which words."""

from typing import Any

import pytest
from pydantic import ValidationError


def refusals(make: type, parts: dict[str, Any]) -> dict[str, str]:
    """Give the rules that refuse, each with its sentence."""
    with pytest.raises(ValidationError) as caught:
        make(**parts)
    return {details["type"]: details["msg"] for details in caught.value.errors()}
