"""Our push and the vendor SDK's push of the same content: the same bytes, signatures each side accepts, one execution.

What the SDK is given is said here a second time, in its own field names and from the vendor's page, so that a mistake
of ``bot.mpaas.payload`` cannot hide in its test.
"""

import itertools
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import clock
import pytest
from alibabacloud_mpaas20201028.models import PushBroadcastRequest
from alibabacloud_tea_openapi.utils import Utils
from builders import a_content
from hypothesis import event, given, settings
from hypothesis import strategies as st
from mpaas.sdk import ALGORITHM, sdk_client, signed_by_the_sdk
from playground.mpaas_bench import APP, runtime
from pydantic import SecretStr
from strategies import contents

from bot.domain.content import Audience, Content, Destination, Environment, Platform
from bot.domain.delivery import Delivery, Now, Scheduled
from bot.domain.extras import EXTRAS, OWN_OPTION
from bot.domain.outcome import Accepted
from bot.mpaas import form
from bot.mpaas.client import PushClient
from bot.mpaas.payload import parameters
from bot.mpaas.signing import Credentials
from bot.playground.mpaas.results import App
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.mpaas.templates import Template

TENANT = "LZFPEFIM"
HERE = Destination(
    target="live", environment=Environment.LIVE, endpoint="mpaas.example", app_id=APP.app_id,
    workspace_id=APP.workspace_id, tenant_id=TENANT,
)  # fmt: skip
STARTED = clock.now()
_counter = itertools.count()


@pytest.fixture(scope="module")
def sim() -> Iterator[MpaasSim]:
    app = App(APP.app_id, APP.workspace_id, TENANT)
    sim = MpaasSim(apps=[app], access_keys={"testid": "testsecret"}, now=clock.now, templates=()).start()
    yield sim
    sim.stop()
    assert not sim.failures


@pytest.fixture(scope="module")
def ours(sim: MpaasSim) -> Iterator[PushClient]:
    credentials = Credentials("testid", SecretStr("testsecret"))
    with PushClient(
        sim.url,
        credentials,
        app_id=APP.app_id,
        workspace_id=APP.workspace_id,
        now=clock.now,
        nonce=lambda: f"ours-{next(_counter)}",
    ) as client:
        yield client


def told_to_the_sdk(content: Content, platform: Platform, *, msgkey: str, task_name: str) -> dict[str, Any]:
    """Say the content in the SDK's field names, as its user would from the vendor's page (help page 2871129)."""
    fields: dict[str, Any] = {
        "app_id": content.destination.app_id,
        "workspace_id": content.destination.workspace_id,
        "tenant_id": content.destination.tenant_id or None,
        "task_name": task_name,
        "delivery_type": {"android": 1, "ios": 2, "harmonyos": 7}[platform.value],
        "msgkey": msgkey,
        "expired_seconds": content.expires,
        "template_name": content.template.name,
        "template_key_value": _json(content.values) if content.values else None,
    }
    fields |= _audience(content.audience) | _strategy(content.delivery)
    return fields | {_snake(name): _extra(name, value) for name, value in content.extras.items()}


def _audience(audience: Audience) -> dict[str, Any]:
    status = audience.status.value
    fields: dict[str, Any] = {"push_status": {"attached": 0, "all": 1, "detached": 2}[status]}
    if audience.within:
        period = {"7d": 1, "15d": 2, "60d": 3, "ever": 4}[audience.within.value]
        sides = {"attached": ["bind"], "detached": ["un_bind"], "all": ["bind", "un_bind"]}[status]
        return fields | {"time_mode": 0} | {f"{side}_period": period for side in sides}
    fields["time_mode"] = 1
    for side, span in (("bind", audience.attached_between), ("un_bind", audience.detached_between)):
        if span:
            fields |= {f"{side}_start_time": _ms(span.start), f"{side}_end_time": _ms(span.end)}
    return fields


def _strategy(delivery: Delivery) -> dict[str, Any]:
    if isinstance(delivery, Now):
        return {"strategy_type": 0}
    if isinstance(delivery, Scheduled):
        return {"strategy_type": 1, "strategy_content": _json({"fixedTime": _ms(delivery.at)})}
    midnight = {
        name: datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Shanghai"))
        for name, day in (("startTime", delivery.first), ("endTime", delivery.last))
    }
    calendar = {
        **{name: _ms(moment) for name, moment in midnight.items()},
        "circleType": {"daily": 1, "weekly": 2, "monthly": 3}[delivery.cycle.value],
        "circleValue": list(delivery.on),
        "time": delivery.time.isoformat(timespec="seconds"),
    }
    return {"strategy_type": 2, "strategy_content": _json(calendar)}


def _extra(name: str, value: Any) -> Any:
    """Give maps as maps where the SDK takes maps, and as JSON texts where its model says text."""
    return _json(value) if name == "ExtendedParams" else value


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp()) * 1000


def _snake(wire_name: str) -> str:
    return {wire: field for field, wire in sdk_names().items()}[wire_name]


def sdk_names() -> dict[str, str]:
    """Give the SDK's field names with their wire names, by its own map; the map leaves out what is not said."""
    request = PushBroadcastRequest()
    names = {}
    for field in vars(request):
        ((wire, _),) = PushBroadcastRequest(**{field: "x"}).to_map().items()
        names[field] = wire
    return names


def accepted_by_the_simulator(content: Content) -> bool:
    """Leave out what the simulator refuses on purpose, because no vendor page confirms that mPaaS takes it."""
    extended = content.extras.get("ExtendedParams", {})
    vendor_template = content.extras.get("VendorTemplate", "{}")
    return not any(isinstance(value, dict | list) for value in extended.values()) and vendor_template.startswith("{")


def _shelve(sim: MpaasSim, content: Content) -> None:
    shown = content.template
    for old in sim.templates(APP.app_id, APP.workspace_id):
        sim.delete_template(APP.app_id, APP.workspace_id, old.name)
    sim.put_template(APP.app_id, APP.workspace_id, Template(shown.name, shown.title, shown.body, shown.uri))


def test_the_parameters_that_can_be_said_are_exactly_the_fields_of_the_sdk() -> None:
    assert {*EXTRAS, *OWN_OPTION} == set(sdk_names().values())
    assert len(EXTRAS) + len(OWN_OPTION) == len(sdk_names()) == 32


@given(contents(), st.sampled_from(Platform), st.sampled_from(["K7QX-3M9D-1-ios", "~ *'()", "\u7fa4\u53d1"]))
@settings(deadline=None, max_examples=40)
def test_the_body_has_the_bytes_the_sdk_writes_for_the_same_content(
    content: Content, platform: Platform, name: str
) -> None:
    told = told_to_the_sdk(content, platform, msgkey=name, task_name=f"{content.task} {name}")
    assert form.encode(parameters(content, platform, msgkey=name, task_name=f"{content.task} {name}")) == body_of(told)


def body_of(told: dict[str, Any]) -> bytes:
    """Make the SDK's body without a connection: its own map, its own JSON texts, its own form."""
    said = PushBroadcastRequest(**told).to_map()
    for name in {"NotifyLevel", "ThirdChannelCategory"} & set(said):
        said[name] = Utils.array_to_string_with_specified_style(said[name], name, "json")
    return Utils.to_form(Utils.parse_to_map(said)).encode()


@given(contents(now=STARTED, destination=HERE).filter(accepted_by_the_simulator), st.sampled_from(Platform))
@settings(deadline=None, max_examples=25)
def test_both_requests_are_accepted_and_executed_with_the_same_parameters(
    sim: MpaasSim, ours: PushClient, content: Content, platform: Platform
) -> None:
    event(content.delivery.kind)
    _shelve(sim, content)
    sim.journal.clear()
    msgkey, task_name = "K7QX-3M9D-1-x", f"{content.task} K7QX-3M9D-1-x".strip()
    told = told_to_the_sdk(content, platform, msgkey=msgkey, task_name=task_name)
    answer = sdk_client(sim.url).push_broadcast_with_options(PushBroadcastRequest(**told), runtime()).body
    assert (answer.result_code, answer.push_result.success) == ("OK", True)
    sent = parameters(content, platform, msgkey=msgkey, task_name=task_name)
    outcome = ours.push_broadcast(sent)
    assert isinstance(outcome, Accepted)
    theirs, mine = sim.journal.entries("PushBroadcast")
    assert (theirs.signature, mine.signature) == ("right", "right")
    assert theirs.executed
    assert mine.executed
    assert mine.body == theirs.body
    assert mine.parameters == theirs.parameters == sent
    headers = {name.lower(): value for name, value in mine.headers}
    assert signed_by_the_sdk(headers, mine.body) == headers["authorization"]
    assert headers["x-acs-content-sha256"] == Utils.hash(mine.body, ALGORITHM).hex()


def test_a_pass_through_body_given_to_the_sdk_as_text_goes_as_text_and_ours_goes_flattened_as_its_maps_do() -> None:
    """Both forms exist in the SDK; people say JSON, and the bot sends it as official clients send a map."""
    payload = {"hms": {"data": "d1"}}
    as_text = body_of({"transparent_message_payload": _json(payload)})
    as_map = body_of({"transparent_message_payload": payload})
    assert as_text == b"TransparentMessagePayload=%7B%22hms%22%3A%7B%22data%22%3A%22d1%22%7D%7D"
    assert as_map == form.encode(form.flatten("TransparentMessagePayload", payload))
    assert as_map == b"TransparentMessagePayload.hms.data=d1"


def test_an_empty_tenant_given_to_the_sdk_is_sent_as_nothing_and_ours_is_left_out() -> None:
    """In the configuration an empty tenant means that there is none."""
    content = a_content(destination=HERE.model_copy(update={"tenant_id": ""}))
    assert body_of({"tenant_id": ""}) == b"TenantId="
    assert "TenantId" not in parameters(content, Platform.IOS, msgkey="k", task_name="t")
