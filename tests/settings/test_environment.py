import pytest
from pydantic import ValidationError

from bot.settings import Environment, Need
from bot.settings.environment import access_key, missing, told

VENDOR = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "their id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "their secret"}
OURS = {"MPAAS_AK_ENV": "our id", "MPAAS_SK_ENV": "our secret"}


def pair(environ: dict[str, str], names: tuple[str, str] = ("MPAAS_AK_ENV", "MPAAS_SK_ENV")) -> tuple[str, str, str]:
    key, absent = access_key(*names, environ=environ)
    assert key is not None, absent
    return key.id.get_secret_value(), key.secret.get_secret_value(), key.security_token.get_secret_value()


def test_an_empty_variable_is_one_that_is_not_set_and_strangers_are_ignored() -> None:
    assert told({"SLACK_BOT_TOKEN": "  ", "REDIS_URL": "", "BROADCAST_DATA_DIR": " var \n", "PATH": "/bin"}) == {
        "BROADCAST_DATA_DIR": "var"
    }


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SLACK_BOT_TOKEN", "xapp-swapped-token", "must begin with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-swapped-token", "must begin with xapp-"),
        ("BROADCAST_SEAL_KEY", "short-seal-key", "at least 16 characters"),
        ("REDIS_URL", "mysql://:pass-word@db", "must begin with redis://"),
        ("SLACK_API_URL", "http://slack.example.com/api", "must be https"),
    ],
)
def test_a_wrong_variable_is_refused_without_repeating_a_secret(name: str, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence) as refusal:
        Environment.model_validate({name: value})
    assert value not in str(refusal.value)


def test_no_secret_is_in_the_repr() -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-hidden", "BROADCAST_SEAL_KEY": "h" * 40, "REDIS_URL": "redis://:hunter2@host"}
    shown = repr(Environment.model_validate(given))
    assert not any(value in shown for value in ["xoxb-hidden", "h" * 40, "hunter2"])


def test_the_vendors_names_are_read_when_ours_are_absent() -> None:
    assert pair(VENDOR) == ("their id", "their secret", "")
    assert pair({**VENDOR, "ALIBABA_CLOUD_SECURITY_TOKEN": "sts"}) == ("their id", "their secret", "sts")


def test_our_names_win_and_leave_the_vendors_token_alone() -> None:
    assert pair({**VENDOR, **OURS, "ALIBABA_CLOUD_SECURITY_TOKEN": "sts"}) == ("our id", "our secret", "")


def test_an_id_never_meets_a_secret_from_elsewhere() -> None:
    key, absent = access_key("MPAAS_AK_ENV", "MPAAS_SK_ENV", environ={**VENDOR, "MPAAS_AK_ENV": "our id"})
    assert (key, absent) == (None, ["MPAAS_SK_ENV"])


def test_a_targets_own_names_do_not_fall_back() -> None:
    assert access_key("TRIAL_AK", "TRIAL_SK", environ={**VENDOR, **OURS}) == (None, ["TRIAL_AK", "TRIAL_SK"])
    assert pair({"TRIAL_AK": "a", "TRIAL_SK": "b"}, ("TRIAL_AK", "TRIAL_SK")) == ("a", "b", "")


def test_without_any_credentials_ours_are_the_ones_asked_for() -> None:
    assert access_key("MPAAS_AK_ENV", "MPAAS_SK_ENV", environ={}) == (None, ["MPAAS_AK_ENV", "MPAAS_SK_ENV"])


@pytest.mark.parametrize(
    ("needs", "given", "asked_for"),
    [
        ({"slack"}, set(), ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ({"slack"}, {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}, []),
        ({"slack"}, {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}, []),
        ({"slack", "http"}, {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}, ["SLACK_SIGNING_SECRET"]),
        ({"announce"}, set(), ["SLACK_BOT_TOKEN"]),
        (set(), set(), []),
        (set(), {"REDIS_URL"}, ["BROADCAST_SEAL_KEY"]),
        (set(), {"REDIS_URL", "BROADCAST_SEAL_KEY"}, []),
    ],
)
def test_what_is_needed_depends_on_what_is_started(needs: set[Need], given: set[str], asked_for: list[str]) -> None:
    assert [sentence.partition(":")[0] for sentence in missing(given, {}, needs)] == asked_for


def test_a_misspelt_variable_is_found() -> None:
    environ = {"SLACK_BOT_TOKN": "xoxb-1", "BROADCAST_CONFG": "x.toml"}
    sentences = list(missing(set(), environ, {"slack"}))
    assert sentences[0].endswith("Did you mean SLACK_BOT_TOKN?")
    assert "Did you mean" not in sentences[1]
    assert sentences[2] == "BROADCAST_CONFG: there is no such variable. Did you mean BROADCAST_CONFIG?"
    assert "xoxb-1" not in "".join(sentences)
