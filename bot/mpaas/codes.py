"""The one table of mPaaS's answer codes: what each proves, where that is written, and what a person should change.

A code that has no row proves nothing, and the outcome stays ``Unknown``. To add one, give the page that documents it.
Reading answers does not belong here: see ``bot.mpaas.results``.
"""

import re
from dataclasses import dataclass
from enum import Enum, unique

_CODES = "help page 2871134, API result codes"
_TEMPLATE_API = "help page 2882067, template API"
_COMMON = "common error codes, help page 434846"
_SIGNATURE = "signature V3, help page 2593177, and common error codes, help page 434846"
_UNCONFIRMED = "usual at Alibaba Cloud's gateway (RAM and STS); on no mPaaS page that was read"

HTTP_OK = 200


@unique
class Proof(Enum):
    """Say what an answer with a code proves."""

    ACCEPTED = "the push was taken"
    REFUSED = "certainly not executed, and the same request will be refused again"
    THROTTLED = "certainly not executed, and the same request may be taken a moment later"
    NOTHING = "it may have been executed"


@unique
class Origin(Enum):
    """Say who gives a code: MPS itself (HTTP 200, seen also under 4xx), or the gateway before it (4xx only)."""

    SERVICE = "service"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one code: ``code`` may end in ``*``, which stands for the rest of the name."""

    code: str
    origin: Origin
    proof: Proof
    meaning: str
    hint: str
    source: str

    def counts_at(self, status: int) -> bool:
        """Tell whether the code says anything under this HTTP status; under 5xx none does."""
        return (400 <= status < 500) or (status == HTTP_OK and self.origin is Origin.SERVICE)  # noqa: PLR2004 - 4xx, RFC 9110


def find(code: str) -> Row | None:
    """Find the row of a code, an exact one first; None when no row speaks of it."""
    return _EXACT.get(code) or next((row for pattern, row in _PATTERNS if pattern.fullmatch(code)), None)


def _service(code: str, meaning: str, hint: str, source: str = _CODES, proof: Proof = Proof.REFUSED) -> Row:
    return Row(code, Origin.SERVICE, proof, meaning, hint, source)


def _gateway(code: str, meaning: str, hint: str, source: str = _COMMON, proof: Proof = Proof.REFUSED) -> Row:
    return Row(code, Origin.GATEWAY, proof, meaning, hint, source)


_APP = "Check app_id, workspace_id and tenant_id of the target in broadcast.toml."
_KEYS = "Check the AccessKey id and secret of the target."
_TEMPLATE = "Correct the template in the mPaaS console."
_CLOCK = "The clock of this machine is wrong by more than 15 minutes: set it (NTP), then ask for the push again."
_TOKEN = "The temporary credentials are no longer valid: renew the security token, then ask for the push again."  # noqa: S105 - a sentence
_OWNER = "The owner of the Alibaba Cloud account must settle this in the console."
_VERSION = "The endpoint does not know this call: check the endpoint of the target in broadcast.toml."
_RAM = "Let the RAM user of this AccessKey call mpaas:PushBroadcast (policy AliyunMPAASFullAccess)."
_LOOK = "It may have gone out: look for the task in the mPaaS console before anything is sent again."
_BOT = "The request was built wrongly, which is a fault of the bot: please report it."
_SHORTER = "Make title, body or values shorter: a whole message may have 2 KB."
_ANSWERS = (
    _service("OK", "taken", "Nothing to do.", "PushBroadcast, help page 2871129", Proof.ACCEPTED),
    _service("100", "SUCCESS", "Nothing to do.", proof=Proof.ACCEPTED),
)
_SERVICE = (
    _service("-1", "SIGNATURE_MISMATCH", _KEYS),
    _service("3001", "NEED_DELIVERYTOKEN", _BOT),
    _service("3002", "NEED_FILE", _BOT),
    _service("3003", "NEED_APPID_WORKSPACEID", _APP),
    _service("3007", "APPID_WRONG", _APP),
    _service("3008", "OS_TYPE_NOT_SUPPORTED", "Choose a platform that this app has."),
    _service("3009", "DELIVERY_TYPE_NOT_SUPPORTED", "Choose a platform that this app has."),
    _service("3012", "NEED_USERID", _BOT),
    _service("3019", "TASKNAME_NULL", "Give the push a task name."),
    _service("3020", "EXPIREDSECONDS_WRONG", "Choose another validity (ExpiredSeconds)."),
    _service("3021", "TOKEN_OR_USERID_NULL", _BOT),
    _service("3022", "TEMPLATE_NOT_EXIST", "Choose a template that exists in this app and workspace."),
    _service("3023", "TEMPLATEKV_NOT_ENOUGH", "Fill every placeholder of the template."),
    _service("3024", "PAYLOAD_NOT_ENOUGH", "Title and body must not be empty: correct the template or its values."),
    _service("3025", "NEED_TEMPLATE", "Choose a template."),
    _service("3026", "EXPIREDTIME_TOO_LONG", "Choose a shorter validity (ExpiredSeconds)."),
    _service("3028", "INVALID_PARAM", "One parameter is invalid: check the advanced ones first."),
    _service("3029", "SINGLE_PUSH_TARGET_TOO_MUCH", _BOT),
    _service("3030", "BROADCAST_ONLY_SUPPORT_BY_DEVICE", "Choose android, ios or harmonyos; users are no platform."),
    _service("3031", "REQUEST_SHOULD_BE_UTF8", _BOT),
    _service("3032", "REST_API_SWITCH_NOT_OPEN", "An administrator must open the push API in the mPaaS console."),
    _service("3033", "UNKNOWN_REST_SIGN_TYPE", _BOT),
    _service("3035", "EXTEND_PARAM_TO_MUCH", "Give at most 20 keys in ExtendedParams."),
    _service("3036", "TEMPLATE_ALREADY_EXIST", "Give the template another name."),
    _service("3037", "TEMPLATE_NAME_NULL", _TEMPLATE),
    _service("3038", "TEMPLATE_NAME_INVALID", _TEMPLATE),
    _service("3039", "TEMPLATE_CONTENT_INVALID", _TEMPLATE),
    _service("3040", "TEMPLATE_TITLE_INVALID", _TEMPLATE),
    _service("3041", "TEMPLATE_DESC_INFO_INVALID", _TEMPLATE),
    _service("3042", "TEMPLATE_URI_INVALID", _TEMPLATE),
    _service("3043", "SINGLE_PUSH_CONTENT_TOO_LONG", _SHORTER),
    _service("3044", "INVALID_EXTEND_PARAM", "Check ExtendedParams: reserved keys are not allowed there."),
    _service("3049", "MULTIPLE_INNER_EXTEND_PARAM_TO_MUCH", "Give fewer than 10 inner extension keys."),
    _service("3050", "MSG_PAYLOAD_TOO_LONG", _SHORTER),
    _service("8011", "FLOW_CONTROL_ERROR", "Too many calls at once: wait a minute.", _TEMPLATE_API, Proof.THROTTLED),
    _service("8012", "INVALID_INSTANCE_ID", _APP, f"{_TEMPLATE_API}; community question 502765"),
    _service("8013", "INVALID_TENANT_ID", _APP, _TEMPLATE_API),
    _service("8014", "ACCOUNT_NO_PERMISSION", "Let this Alibaba Cloud account use the app.", _TEMPLATE_API),
    _service("9000", "SYSTEM_ERROR", _LOOK, f"{_TEMPLATE_API}; community question 475945", Proof.NOTHING),
)
_GATEWAY = (
    _gateway("MissingParameter", "a parameter is missing", _BOT),
    _gateway("InvalidParameter", "a parameter is invalid", "One parameter is invalid: check the advanced ones first."),
    _gateway("InvalidAccessKeyId.NotFound", "no such AccessKey", _KEYS),
    _gateway("InvalidAccessKeyId.Inactive", "the AccessKey is switched off", _KEYS),
    _gateway("SignatureDoesNotMatch", "the signature does not match", _KEYS, _SIGNATURE),
    _gateway("IncompleteSignature", "the signature is incomplete", _BOT, _SIGNATURE),
    _gateway("InvalidSignatureMethod", "the signature method is unknown", _BOT, _SIGNATURE),
    _gateway("InvalidTimeStamp.Expired", "the time of the signature is too far off", _CLOCK, _SIGNATURE),
    _gateway("InvalidTimeStamp.Format", "the time of the signature is no time", _BOT, _SIGNATURE),
    _gateway("SignatureNonceUsed", "a copy of this request arrived before", _LOOK, _SIGNATURE, Proof.NOTHING),
    _gateway("InvalidSecurityToken.Expired", "the security token has expired", _TOKEN, _UNCONFIRMED),
    _gateway("InvalidSecurityToken.Malformed", "the security token is malformed", _TOKEN, _UNCONFIRMED),
    _gateway("InvalidSecurityToken.MismatchWithAccessKey", "token and AccessKey differ", _TOKEN, _UNCONFIRMED),
    _gateway("Forbidden.RAM", "RAM does not allow it", _RAM),
    _gateway("NoPermission", "RAM does not allow it", _RAM, _UNCONFIRMED),
    _gateway("Forbidden", "it is not allowed", _RAM, _UNCONFIRMED),
    _gateway("Forbidden.RiskControl", "risk control stopped it", _OWNER),
    _gateway("InsufficientBalance", "the account has no balance", _OWNER),
    _gateway("InvalidAction.NotFound", "no such action", _VERSION, _UNCONFIRMED),
    _gateway("InvalidApi.NotFound", "no such API", _VERSION),
    _gateway("InvalidVersion", "no such version", _VERSION, _UNCONFIRMED),
    _gateway("NoSuchVersion", "no such version", _VERSION),
    _gateway("InvalidProduct.NotFound", "no such product", _VERSION),
    _gateway("InvalidProtocol.NeedSsl", "https is needed", "Use an https endpoint."),
    _gateway("ServiceUnavailable", "the service is not available", _LOOK, proof=Proof.NOTHING),
    _gateway("InternalError", "the gateway failed", _LOOK, proof=Proof.NOTHING),
    _gateway("UnknownError", "the gateway failed", _LOOK, _UNCONFIRMED, Proof.NOTHING),
    _gateway("Throttling", "too many calls", "Too many calls at once: wait a minute.", proof=Proof.THROTTLED),
    _gateway("Throttling.*", "too many calls", "Too many calls at once: wait a minute.", proof=Proof.THROTTLED),
    _gateway("Missing*", "a parameter is missing", _BOT),
    _gateway("Invalid*", "a parameter is invalid", "One parameter is invalid: check the advanced ones first."),
)

ROWS: tuple[Row, ...] = (*_ANSWERS, *_SERVICE, *_GATEWAY)

_EXACT = {row.code: row for row in ROWS if not row.code.endswith("*")}
# The part for the star begins with a capital: "Missing{Name}" and "Invalid{Name}" are names of parameters.
_PATTERNS = [
    (re.compile(re.escape(row.code[:-1]) + r"[A-Z][A-Za-z0-9.]*"), row) for row in ROWS if row.code.endswith("*")
]
