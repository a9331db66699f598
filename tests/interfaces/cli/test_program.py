"""The program: help at once, one line for what went wrong, the exit code that says what kind it was."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from keyholder.interfaces.cli.main import main
from keyholder.interfaces.cli.program import Program
from tests.interfaces.cli.shell import PATIENCE, PROGRAM, environment, run, start

NOWHERE = "postgresql://keyholder:a-secret-password@127.0.0.1:1/keyholder"
COMMANDS = sorted(main.commands)


@pytest.mark.parametrize("arguments", [["--help"], ["check", "-h"], ["--version"], ["user", "--help"]], ids=" ".join)
def test_help_does_not_wait_for_django(arguments: list[str], tmp_path: Path) -> None:
    code = f"import sys; from keyholder.interfaces.cli.main import main\ntry: main({arguments})\nfinally: print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)  # noqa: S603 - our own
    assert (done.returncode, done.stdout.splitlines()[-1], list(tmp_path.iterdir())) == (0, "False", [])


@pytest.mark.parametrize("arguments", [["migrate"], ["export"]], ids=" ".join)
def test_a_command_loads_no_more_than_it_needs(arguments: list[str], migrated_database: str) -> None:
    """Half of the time of a short command is what it loads: nothing that colours lines of a log, seals, serves or proves a passkey."""
    code = f"import sys; from keyholder.interfaces.cli.main import main\ntry: main({arguments})\nfinally: print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment(migrated_database)
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "django" in loaded
    assert loaded.isdisjoint({"structlog", "rich", "pygments", "cryptography", "joserfc", "fido2", "segno", "uvicorn", "ruamel.yaml"})


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    command = main.commands[name]
    assert command.help
    assert command.get_short_help_str().endswith((".", "..."))
    assert all(option.help for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in COMMANDS
        if n
        not in {
            "serve",
            "bench",
            "user",
            "account",
            "audit",
            "key",
            "request",
            "asset",
            "invitation",
            "mail",
            "group",
            "organization",
            "resource",
        }
    ],
)
def test_every_command_that_prints_data_prints_json(name: str) -> None:
    assert "--json" in [opt for option in main.commands[name].params for opt in option.opts]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["fly"], "No such command 'fly'."),
        (["check", "--fly"], "check: No such option '--fly'."),
        (["apply"], "apply: Missing argument 'FILE'."),
        (["apply", "no-such-file.yaml"], "apply: Invalid value for 'FILE': 'no-such-file.yaml': No such file or directory"),
        (["apply", "-", "y"], "apply: Got unexpected extra argument (y)"),
        (["serve", "--port", "many"], "serve: Invalid value for '--port': 'many' is not a valid integer range."),
        (["serve", "--workers", "0"], "serve: Invalid value for '--workers': 0 is not in the range 1<=x<=64."),
        (["user", "fly"], "user: No such command 'fly'."),
        (["who", "--resource", "x\x1b[2J"], "who: Invalid value for '--resource': x\\u001b[2J is not TYPE:ID, as in account:100"),
    ],
    ids=str,
)
def test_a_slip_in_the_arguments_is_one_line(arguments: list[str], why: str) -> None:
    done = run(*arguments)
    assert (done.code, done.out, done.reasons) == (2, "", [why])


def test_the_command_line_speaks_english_whatever_the_machine_speaks(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip, a refusal and help; a script reads the same lines everywhere."""
    asked = (["fly"], ["user", "suspend", "nobody@acme.example"], ["user", "--help"])
    read = [run(*arguments) for arguments in asked]
    for variable in ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.setenv(variable, "ru_RU.UTF-8")
    assert [run(*arguments) for arguments in asked] == read
    assert read[0].reasons == ["No such command 'fly'."]


@pytest.mark.parametrize(
    "arguments",
    [
        ["migrate"],
        ["export"],
        ["check", "--user", "ben@acme.example", "--permission", "edit", "--resource", "view:1001"],
        ["check", "--questions", "-"],
        ["user", "create", "ben@acme.example"],
        ["serve", "--port", "0"],
        ["backup", "copy"],
        ["demo"],
    ],
    ids=" ".join,
)
def test_a_database_that_does_not_answer_is_three(arguments: list[str], tmp_path: Path) -> None:
    """R-LOG-2: and its password is nowhere in the message."""
    done = start(
        *arguments, database=NOWHERE, stdin=b'{"user": "b@c.example", "permission": "edit", "resource": "view:1"}', folder=tmp_path
    )
    assert (done.code, done.out, len(done.reasons)) == (3, "", 1)
    assert done.reasons[0].startswith("the database can't be reached: ")
    assert "a-secret-password" not in done.err


@pytest.mark.parametrize("name", ["missing.db", "no/such/folder/missing.db"])
def test_a_database_that_is_not_there_is_not_made_by_asking(name: str, tmp_path: Path) -> None:
    done = start("export", database=f"sqlite:///{tmp_path / name}")
    assert (done.code, done.out) == (3, "")
    assert done.reasons == ["the database is not migrated: run keyholder migrate"]
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_the_schema_is_three(other_database: str, tmp_path: Path) -> None:
    if other_database.startswith("sqlite"):
        Path(other_database.removeprefix("sqlite:///")).touch()
    assert start("export", database=other_database).reasons == ["the database is not migrated: run keyholder migrate"]


def test_a_file_that_is_no_database_is_three(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_text("this is a letter to Alice " * 100)
    done = start("export", database=f"sqlite:///{tmp_path / 'no.db'}")
    assert (done.code, done.out, len(done.reasons)) == (3, "", 1)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KEYHOLDER_DATABASE_URL", "mysql://x"),
        ("KEYHOLDER_DATABASE_URL", "sqlite://"),
        ("KEYHOLDER_DATABASE_URL", "postgresql://db.example:many/keyholder"),
        ("KEYHOLDER_DATABASE_URL", "postgresql://[::1/keyholder"),
        ("KEYHOLDER_SESSION_HOURS", "many"),
        ("KEYHOLDER_LOG_LEVEL", "loud"),
        ("KEYHOLDER_ACCOUNTS", "nobody"),
        ("KEYHOLDER_BLUEPRINTS", "/no/such/folder"),
    ],
)
def test_a_setting_that_cannot_be_used_is_bad_input(variable: str, value: str, tmp_path: Path) -> None:
    done = start("migrate", database=f"sqlite:///{tmp_path / 'x.db'}", others={variable: value})
    assert (done.code, done.out, len(done.reasons)) == (2, "", 1)


def test_postgresql_does_not_start_without_a_key() -> None:
    done = start("migrate", database=NOWHERE, others={"KEYHOLDER_SECRET_KEY": ""})
    assert (done.code, done.reasons) == (2, ["KEYHOLDER_SECRET_KEY: PostgreSQL needs it set, so that every server has the same"])


def test_a_reader_who_leaves_early_is_no_error(other_database: str) -> None:
    assert start("demo", database=other_database).code == 0
    with subprocess.Popen(  # noqa: S603 - our own program
        [*PROGRAM, "export"], env=environment(other_database), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(PATIENCE) in {0, 141}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_names_in_every_script_come_out_whole_whatever_the_machine_speaks(encoding: str, migrated_database: str) -> None:
    others = {"PYTHONIOENCODING": encoding, "LC_ALL": "C", "PYTHONUTF8": "0"}
    state = '{"version": 1, "users": [{"email": "dan@acme.example", "name": "Дан Ķērniņš"}]}'.encode()
    assert start("apply", "-", database=migrated_database, stdin=state, others=others).code == 0
    assert '"Дан Ķērniņš"' in start("export", database=migrated_database, others=others).out


def test_what_nobody_foresaw_is_one_line_too() -> None:
    @click.command(cls=click.Command)
    def broken() -> None:
        raise KeyError(*["a\nb"])

    group = Program(commands={"broken": broken})
    done = CliRunner().invoke(group, ["broken"])
    assert done.exit_code == 3
    assert done.stderr == "keyholder: this should not happen: KeyError: 'a\\nb'\n"


def test_an_interrupted_command_says_so() -> None:
    @click.command(cls=click.Command)
    def slow() -> None:
        raise KeyboardInterrupt

    done = CliRunner().invoke(Program(commands={"slow": slow}), ["slow"])
    assert (done.exit_code, done.stderr.strip()) == (130, "keyholder: interrupted")
