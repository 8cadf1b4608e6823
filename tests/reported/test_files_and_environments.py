"""What editors, Docker and Kubernetes make of variables and files is read as meant, or refused with the reason."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from operations.bench import Bench, nothing_of_ours

from bot.errors import SettingsError
from bot.settings import Need, Settings, Variables
from bot.settings.environment import missing
from bot.store.store import RequestStore

NOTHING: frozenset[Need] = frozenset()
SEALED = {"BROADCAST_SEAL_KEY": "a seal key for tests alone"}
# What the kubelet sets for Services of these names, and Docker for a link (Kubernetes: Service, environment variables).
SERVICES = (
    "BROADCAST",
    "BROADCAST_CONFIG",
    "BROADCAST_DATA",
    "BROADCAST_DATA_DIR",
    "REDIS",
    "SLACK",
    "SLACK_BOT_TOKEN",
)
PORTS = ("3000", "tcp://10.0.0.1:3000")


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


def read(bench: Bench, environ: Mapping[str, str], needs: frozenset[Need] = NOTHING) -> Settings:
    """Read settings as the command line does, from an environment and the .env beside it."""
    variables = Variables.of_dotenv(bench.folder / ".env").under(Variables.of_process(environ))
    return Settings.from_environ(variables.values, directory=bench.folder, needs=needs, doubts=variables.doubts)


def refused(bench: Bench, environ: Mapping[str, str], needs: frozenset[Need] = NOTHING) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refusal:
        read(bench, environ, needs)
    return refusal.value.complaints


def dotenv(bench: Bench, data: bytes) -> None:
    (bench.folder / ".env").write_bytes(data)


def rewrite(bench: Bench, was: str, instead: str) -> None:
    path = bench.folder / "broadcast.toml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, instead), encoding="utf-8")


# Kubernetes and Docker -----------------------------------------------------------------------------------------------


def of_a_service(name: str) -> dict[str, str]:
    host, address = "10.0.0.1", "tcp://10.0.0.1:3000"
    return {
        f"{name}_SERVICE_HOST": host,
        f"{name}_SERVICE_PORT": "3000",
        f"{name}_SERVICE_PORT_HTTP": "3000",
        f"{name}_PORT": address,
        f"{name}_PORT_3000_TCP": address,
        f"{name}_PORT_3000_TCP_PROTO": "tcp",
        f"{name}_PORT_3000_TCP_PORT": "3000",
        f"{name}_PORT_3000_TCP_ADDR": host,
        f"{name}_PORT_53_UDP": "udp://10.0.0.1:53",
        f"{name}_PORT_53_SCTP_ADDR": host,
        f"{name}_NAME": "/bot/redis",
        f"{name}_ENV_VERSION": "7",
    }


@pytest.mark.parametrize("name", SERVICES)
def test_the_variables_of_a_service_are_passed_over(bench: Bench, name: str) -> None:
    """A Service called broadcast set BROADCAST_PORT in every pod, and the bot did not start."""
    assert read(bench, SEALED | of_a_service(name)).team_id
    (slack,) = missing(set(), of_a_service(name), frozenset({"announce"}))
    assert "Did you mean" not in slack


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("BROADCAST_CONFG", "BROADCAST_CONFIG"), ("BROADCAST_DATADIR", "BROADCAST_DATA_DIR"), ("BROADCAST_PORT", "")],
)
def test_a_slip_of_the_pen_is_still_told(bench: Bench, slip: str, meant: str) -> None:
    """Somebody wrote such a name himself, with a value that no Service has."""
    (sentence,) = refused(bench, SEALED | {slip: "3000"})
    assert sentence.startswith(f"{slip}: there is no such variable. Did you mean {meant}")


VALUES = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_SIGNING_SECRET": "f" * 32,
    "SLACK_API_URL": "https://slack.com/api/",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "BROADCAST_CONFIG": "broadcast.toml",
    "BROADCAST_DATA_DIR": "var",
    "BROADCAST_SEAL_KEY": "a seal key for tests alone",
    "MPAAS_AK_ENV": "id",
    "MPAAS_SK_ENV": "secret",
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "id",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "token",
}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("quotes", ['""', "''", "``", "\u201c\u201d", "\u2018\u2019"])
def test_a_value_in_quotes_that_docker_keeps_is_refused(bench: Bench, name: str, quotes: str) -> None:
    """One process had its key from docker --env-file, with quotes, and raised alarms on healthy requests."""
    (sentence,) = refused(bench, VALUES | {name: f"{quotes[0]}{VALUES[name]}{quotes[1]}\n"})
    assert sentence.startswith(f"{name}: is in quotes, which docker --env-file and Kubernetes keep: write it without.")
    assert VALUES[name] not in sentence


def test_an_access_key_that_a_target_names_is_refused_in_quotes_too(bench: Bench) -> None:
    """The variable's name stands in broadcast.toml alone."""
    bench.configure(access_key_id_env="OWN_ID", access_key_secret_env="OWN_SECRET")
    whole = VALUES | {"OWN_ID": "id", "OWN_SECRET": '"secret"'}
    (sentence,) = refused(bench, whole, frozenset({"mpaas"}))
    assert sentence.startswith("OWN_SECRET: is in quotes")
    assert read(bench, whole | {"OWN_SECRET": "secret"}, frozenset({"mpaas"})).access_keys["live"]
    assert read(bench, whole).team_id  # nobody reads it


@pytest.mark.parametrize("name", VALUES)
def test_blanks_and_line_ends_around_a_value_are_not_meant(bench: Bench, name: str) -> None:
    """A Kubernetes secret was made from a file, which ends with a line."""
    needs: frozenset[Need] = frozenset({"slack", "mpaas"})
    assert read(bench, VALUES | {name: f" {VALUES[name]}\r\n"}, needs) == read(bench, VALUES, needs)


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("\n", "has more than one line"),
        ("\ufeff", "holds a character that nobody sees (U+FEFF)"),
        ("\u200b", "holds a character that nobody sees (U+200B)"),
        ("\udcff", "is not UTF-8"),
    ],
)
def test_what_nobody_sees_in_a_value_is_refused(bench: Bench, name: str, inside: str, sentence: str) -> None:
    """The file that a secret was made from had a byte order mark, or two lines."""
    (complaint,) = refused(bench, VALUES | {name: f"{VALUES[name]}{inside}{VALUES[name]}"})
    assert complaint.startswith(f"{name}: {sentence}.")


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=16))
def test_a_seal_key_is_taken_as_it_is_or_refused(key: str) -> None:
    """Whatever the key is, no two processes with the same text have two keys, however it reaches them."""
    given = Variables.of_process({"BROADCAST_SEAL_KEY": key})
    assert given.values["BROADCAST_SEAL_KEY"] == key
    assert bool(given.doubts) == any(key[0] + key[-1] == pair for pair in ['""', "''", "``", "“”", "‘’"])  # noqa: RUF001


# .env ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_dotenv_file_is_read_as_editors_save_it(bench: Bench, encoding: str, end: str) -> None:
    """Notepad put a byte order mark before the first name, which was then missing."""
    lines = ["BROADCAST_SEAL_KEY='a seal key # for tests'", "REDIS_URL=redis://127.0.0.1:1/0", ""]
    dotenv(bench, end.join(lines).encode(encoding))
    settings = read(bench, {})
    assert settings.seal_key.get_secret_value() == "a seal key # for tests"
    assert settings.store_place == "at redis://127.0.0.1:1/0"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("A=1\n".encode("utf-16"), '.env: is UTF-16, which some editors call "Unicode": save it as UTF-8.'),
        (b"A=1\nB=\xb1\xb1\n", ".env, byte 6: is not UTF-8, which begins to go wrong in line 2."),
        (b"A=1\nB=\0\n", ".env, line 2: holds a NUL character. Save the file as UTF-8, without it."),
        (b"A=1\n\nREDIS_URL: redis://x\n", ".env, line 3: is not NAME=VALUE, or a quote in it does not end."),
        (b"A=1\r\nB='2\r\n", ".env, line 2: is not NAME=VALUE, or a quote in it does not end."),
    ],
)
def test_a_dotenv_file_that_cannot_be_read_names_the_line(bench: Bench, data: bytes, complaint: str) -> None:
    """Such a line was passed over, and the variable was missing."""
    dotenv(bench, data)
    assert refused(bench, SEALED) == (complaint,)


def test_a_name_that_stands_twice_with_two_values_is_refused(bench: Bench) -> None:
    """The old token stood further down, and won in silence."""
    dotenv(
        bench, b"BROADCAST_SEAL_KEY=one key of enough letters\nX=1\nX=2\n\nBROADCAST_SEAL_KEY=and quite another key\n"
    )
    (sentence,) = refused(bench, {})
    assert sentence.startswith(
        "BROADCAST_SEAL_KEY: stands in .env with two values, in lines 1 and 5: keep one of them."
    )
    assert read(bench, SEALED).seal_key.get_secret_value() == SEALED["BROADCAST_SEAL_KEY"]  # the process's own wins


@pytest.mark.parametrize(
    "written", ["${OTHER}-and-a-long-tail", "'${OTHER}-and-a-long-tail'", '"$${x}-and-a-long-tail"']
)
def test_what_was_read_as_another_variable_is_not_read_otherwise_in_silence(bench: Bench, written: str) -> None:
    """A key with ${...} in it was shortened; read whole after an upgrade, it would break every seal."""
    dotenv(bench, f"BROADCAST_SEAL_KEY={written}\nSOMEBODY_ELSES=${{HOME}}\n".encode())
    (sentence,) = refused(bench, {})
    assert sentence.startswith("BROADCAST_SEAL_KEY: holds ${...} in .env, in whose place earlier versions put")
    assert "write out the value as it was until now" in sentence
    assert "long-tail" not in sentence


@pytest.mark.parametrize("written", ["pa$$word-and-a-long-tail", "$HOME-and-a-long-tail", "{x}-and-a-long-tail$"])
def test_other_dollars_are_what_they_always_were(bench: Bench, written: str) -> None:
    """Only ${...} was ever replaced."""
    dotenv(bench, f"BROADCAST_SEAL_KEY={written}\n".encode())
    assert read(bench, {}).seal_key.get_secret_value() == written


def test_a_key_that_was_sealed_with_its_quotes_can_be_kept(bench: Bench) -> None:
    """Every process had the quoted key until now: what is stored has that one's seal."""
    dotenv(bench, b"""BROADCAST_SEAL_KEY='"a seal key for tests alone"'\n""")
    assert read(bench, {}).seal_key.get_secret_value() == '"a seal key for tests alone"'


# broadcast.toml ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_configuration_is_read_as_editors_save_it(bench: Bench, encoding: str, end: bytes) -> None:
    """A byte order mark made the file "not TOML"."""
    path = bench.folder / "broadcast.toml"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.encode(encoding).replace(b"\n", end))
    assert read(bench, SEALED).targets.keys() == {"live"}


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("a = 1\n".encode("utf-16"), 'broadcast.toml: is UTF-16, which some editors call "Unicode": save it as UTF-8.'),
        (b"a = 1\n\0", "broadcast.toml, line 2: holds a NUL character. Save the file as UTF-8, without it."),
        (b"a = '\xb1'", "broadcast.toml, byte 5: is not UTF-8, which begins to go wrong in line 1."),
    ],
)
def test_a_configuration_that_is_no_text_names_its_place(bench: Bench, data: bytes, complaint: str) -> None:
    """An editor saved it in another encoding."""
    (bench.folder / "broadcast.toml").write_bytes(data)
    assert refused(bench, SEALED) == (complaint,)


def test_quotes_for_people_are_named_where_toml_wants_plain_ones(bench: Bench) -> None:
    """The line was pasted from a chat, which had made its quotes pretty."""
    rewrite(bench, '"Asia/Shanghai"', "\u201cAsia/Shanghai\u201d")
    (sentence,) = refused(bench, SEALED)
    assert sentence.startswith("broadcast.toml: is not TOML: ")
    assert "The quotes \u201c \u201d are those of a text for people" in sentence
    rewrite(bench, "\u201cAsia/Shanghai\u201d", "Asia/Shanghai")
    assert "The quotes" not in refused(bench, SEALED)[0]


def test_a_folder_in_the_configurations_place_is_told_with_how_it_came_there(bench: Bench) -> None:
    """The file that Docker should mount was missing on the host, so Docker made a folder."""
    (bench.folder / "broadcast.toml").unlink()
    (bench.folder / "broadcast.toml").mkdir()
    (sentence,) = refused(bench, SEALED)
    assert sentence == (
        "broadcast.toml: cannot be read, because it is a folder. "
        "Docker makes one where a file that it shall mount is missing."
    )


def test_a_configuration_that_is_not_there_is_told_with_where_it_was_sought(bench: Bench) -> None:
    """The operator stood in another folder than he thought."""
    (bench.folder / "broadcast.toml").unlink()
    (sentence,) = refused(bench, SEALED)
    assert sentence.startswith(f"broadcast.toml: there is no such file in {bench.folder}. ")


@pytest.mark.parametrize("said", ['"elsewhere.toml"', "~nobody/broadcast.toml"])
def test_a_path_that_is_not_taken_is_not_answered_with_another_file(bench: Bench, said: str) -> None:
    """The configuration's path was wrong, and the complaint was about the default one, or about nothing."""
    (sentence,) = refused(bench, SEALED | {"BROADCAST_CONFIG": said})
    assert sentence.startswith("BROADCAST_CONFIG: ")


def test_somebody_elses_dotenv_file_does_not_stop_who_needs_none_of_it(bench: Bench) -> None:
    """A newcomer prints the manifest in the folder of another project."""
    dotenv(bench, b"this is not ours\n")
    for verb, status in (("manifest", 0), ("list", 2)):
        command = [sys.executable, "-m", "bot", verb]
        environ = nothing_of_ours()
        ended = subprocess.run(command, cwd=bench.folder, env=environ, capture_output=True, timeout=60, check=False)
        assert ended.returncode == status


def test_the_process_is_told_all_of_it_by_the_command_line(bench: Bench) -> None:
    """The same sentences, through the command itself."""
    dotenv(bench, b"\xef\xbb\xbfBROADCAST_SEAL_KEY=a seal key for ${USER}\n")
    quoted = nothing_of_ours() | of_a_service("BROADCAST") | {"BROADCAST_DATA_DIR": '"var"'}
    command = [sys.executable, "-m", "bot", "list"]
    ended = subprocess.run(
        command, cwd=bench.folder, env=quoted, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert [line.split(",")[0] for line in ended.stderr.splitlines()] == [
        "broadcast-bot: the settings are not right:",
        "- BROADCAST_DATA_DIR: is in quotes",
        "- BROADCAST_SEAL_KEY: holds ${...} in .env",
    ]
