"""Templates as the domain knows them; no answer is never an empty shelf."""

from dataclasses import replace

import pytest
from operations.bench import LIVE, Bench

from bot.errors import Refused
from bot.mpaas.results import ReadFailed
from bot.operations import templates
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.templates import DEFAULT_TEMPLATES


def test_everything_that_decides_what_devices_show_is_taken_over(bench: Bench) -> None:
    sale = templates.read(bench.context.clients["live"], "december_sale")
    assert sale is not None
    assert (sale.title, sale.variables) == ("The December sale is on", ("discount", "until"))
    assert (sale.uri, sale.push_style, "sale.png" in sale.image_urls) == ("app://sale?from=push", "2", True)


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "x"},
        {"content": "x"},
        {"uri": "x"},
        {"action": "1"},
        {"push_style": "1"},
        {"icon_urls": '{"defaultUrl":"https://x.example/x"}'},
        {"image_urls": '{"defaultUrl":"https://x.example/x"}'},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_an_edit_of_anything_that_devices_show_is_another_fingerprint(bench: Bench, edit: dict[str, str]) -> None:
    client = bench.context.clients["live"]
    before = templates.read(client, "maintenance")
    maintenance = next(template for template in DEFAULT_TEMPLATES if template.name == "maintenance")
    bench.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, replace(maintenance, **edit))
    after = templates.read(client, "maintenance")
    assert before is not None
    assert after is not None
    assert before.fingerprint != after.fingerprint


def test_a_description_that_devices_never_see_changes_no_fingerprint(bench: Bench) -> None:
    client = bench.context.clients["live"]
    before = templates.read(client, "maintenance")
    maintenance = next(template for template in DEFAULT_TEMPLATES if template.name == "maintenance")
    bench.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, replace(maintenance, desc_info="For the night shift"))
    assert templates.read(client, "maintenance") == before


def test_a_template_that_is_not_there_is_none_and_one_that_cannot_be_read_is_not(bench: Bench) -> None:
    client = bench.context.clients["live"]
    assert templates.read(client, "no such template") is None
    bench.mpaas.misbehave(Misbehaviour(kind="result", code="9000", action="GetTemplate"))
    with pytest.raises(ReadFailed):
        templates.read(client, "outage")


def test_names_that_cannot_be_read_are_a_refusal_with_the_reason(bench: Bench) -> None:
    bench.mpaas.misbehave(Misbehaviour(kind="status", status=502, action="ListTemplatePage"))
    with pytest.raises(
        Refused, match=r"mPaaS did not show its templates: mPaaS answered HTTP 502 .* Try again\."
    ) as refused:
        templates.names(bench.context.clients["live"])
    assert refused.value.problems[0].field == "template"
    assert "gone out" not in refused.value.sentence  # nobody asked for a push
