"""Known secrets are taken out in every spelling; what only looks like one is tested with the logs."""

from base64 import b64encode

import pytest
from hostile import canaries
from hostile.canaries import found_in

from bot.redaction import Redactor


@pytest.mark.parametrize("secret", canaries.EVERY)
@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
def test_a_secret_would_be_found_in_every_spelling_and_is_taken_out_of_logs_in_each(secret: str, before: str) -> None:
    redact = Redactor(canaries.EVERY)
    inside = b64encode(f"{before}{secret}, and more".encode()).decode()
    for spelling in (*canaries.spellings(secret), inside):
        assert found_in(f"... {spelling} ...") == [secret]
        assert found_in(redact(f"... {spelling} ...")) == [], spelling
