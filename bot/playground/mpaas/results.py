"""The simulated service's own way to say no, and the shapes of its answers.

The codes stand where they are raised; ``gateway`` has the failures in front of the service, with HTTP 4xx.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from bot.playground.http_server import Response

TEMPLATE_ACTIONS = frozenset({"ListTemplatePage", "GetTemplate", "CreateTemplate"})
"""The actions that answer with ``Success``, ``Code``, ``Msg``; all others with ``ResultCode``, ``ResultMessage``."""
PUSH_ACTIONS = frozenset({"PushBroadcast", "PushTemplate", "RevokePushTask"})
"""The actions whose result stands in ``PushResult``; the other push actions use ``ResultContent``."""


class Failure(Exception):
    """Carry a numeric result code (vendor page 2871134) and its sentence; it travels with HTTP 200."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class App:
    """Name an app and one workspace of it.

    With a tenant, the template actions need it and the others check it; with AccessKey ids, other keys get 8014.
    """

    app_id: str
    workspace_id: str
    tenant_id: str = ""
    access_key_ids: frozenset[str] = frozenset()


def invalid(what: str) -> Failure:
    """Return the failure for a parameter that is wrong: 3028, whose message is the page's "param is invalid"."""
    return Failure("3028", f"param is invalid: {what}")


def success(action: str, content: JsonValue, request_id: str) -> dict[str, JsonValue]:
    """Return the envelope of a success; for pushes ``content`` is the task id, else the result itself."""
    if action in TEMPLATE_ACTIONS:
        more = content if isinstance(content, dict) else {"Data": content}
        return {"RequestId": request_id, "Success": True, "Code": "100", "Msg": "", **more}
    envelope: dict[str, JsonValue] = {"RequestId": request_id, "ResultCode": "OK", "ResultMessage": ""}
    if action in PUSH_ACTIONS:
        return {**envelope, "PushResult": {"Success": True, "ResultMsg": "", "Data": content}}
    return {**envelope, "ResultContent": content}


def failed(action: str, failure: Failure, request_id: str) -> dict[str, JsonValue]:
    """Return the envelope of a business failure."""
    if action in TEMPLATE_ACTIONS:
        return {"RequestId": request_id, "Success": False, "Code": failure.code, "Msg": failure.message}
    envelope: dict[str, JsonValue] = {
        "RequestId": request_id,
        "ResultCode": failure.code,
        "ResultMessage": failure.message,
    }
    if action in PUSH_ACTIONS:
        return {**envelope, "PushResult": {"Success": False, "ResultMsg": failure.message, "Data": ""}}
    return envelope


def refused(
    status: int, code: str, message: str, *, request_id: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the gateway's answer to a request that it did not let through."""
    body: JsonValue = {
        "RequestId": request_id,
        "HostId": "mpaas.simulated.aliyuncs.com",
        "Code": code,
        "Message": message,
        "Recommend": f"https://api.alibabacloud.com/troubleshoot?q={code}&product=mPaaS",
    }
    return Response.of_json(body, status, headers=headers)
