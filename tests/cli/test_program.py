"""The frame of the command line: help that starts fast, and every error as a message and an exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from automation import __version__, cli
from automation.cli import options, settings
from automation.cli.commands import COMMANDS
from automation.core.errors import (
    BrowserNotFound,
    ConfigurationError,
    FlowError,
    GuardBreach,
    OutputError,
    SiteUnreachable,
)
from automation.core.results import ExitCode
from automation.text.catalogue import machine_language
from tests import json_schemas
from tests.cli.conftest import Program
from tests.turns import HANGING_S

SLOW = (
    "asyncio", "babel", "cryptography", "jinja2", "loguru", "playwright", "pydantic", "pydantic_settings", "rich",
    "starlette", "uvicorn",
)  # fmt: skip
CANARY = "canary-81 y"


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_imports_nothing_slow(argument: str) -> None:
    """Asking the program for help or its version imports no command, and none of the libraries that take their time."""
    code = (
        "import sys\nfrom automation.cli import main\n"
        f"try: main()\nfinally: print(sorted(set(sys.modules) & {set(SLOW)!r}), file=sys.stderr)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, argument], capture_output=True, text=True, check=False, timeout=HANGING_S
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr.strip() == "[]"


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    """The help of the program, which imports no command, has the first paragraph of each command's own help."""
    program = typer.main.get_command(cli.app)
    commands = {name: command for name, command in program.commands.items() if not command.hidden}  # type: ignore[attr-defined]
    own = {name: " ".join((command.help or "").split("\n\n")[0].split()) for name, command in commands.items()}
    shown = {name: place for name, place in COMMANDS.items() if not isinstance(place, str) and place.heading}
    assert own == {name: place.help for name, place in shown.items()}


def test_help_names_every_command_and_every_exit_code(temoin: Program) -> None:
    """The help lists the commands, what each does, and what the exit codes mean."""
    answer = temoin("--help")
    assert answer.code == 0
    for command in ("demo", "check", "doctor", "account", "flow"):
        assert f"\n  {command} " in answer.out
    assert "Exit codes: 0 as wanted, 1 a finding, 2 usage" in answer.out
    assert temoin("-h").out == answer.out


def test_version(temoin: Program) -> None:
    """The version is that of the package."""
    answer = temoin("--version")
    assert (answer.code, answer.out) == (0, f"temoin {__version__}\n")


def test_the_module_is_the_program() -> None:
    """`python -m automation` does what `temoin` does."""
    answer = subprocess.run(
        [sys.executable, "-m", "automation", "--version"],
        capture_output=True,
        text=True,
        check=False,
        timeout=HANGING_S,
    )
    assert answer.stdout == f"temoin {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "Did you mean 'check'"),
        (["check", "--jsno"], "--json"),
        (["check", "--config"], "--config"),
        (["demo", "extra"], "extra"),
        (["--lang", "de", "check"], "--lang en or --lang fr"),
        (["check", "--config", "gone.toml"], "gone.toml: there is no such file."),
        (["flow", "show", "nothing.here"], "nothing.here"),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], words: str, temoin: Program) -> None:
    """A wrong command, option, value or file ends in 2, says on stderr what was meant, and prints no result."""
    answer = temoin(*arguments)
    answer.ended(ExitCode.USAGE, words)
    assert "Traceback" not in answer.err
    assert answer.out == ""


def failing(error: BaseException) -> typer.Typer:
    """The program's frame with one command, which reads what configuration there is and fails."""
    program = typer.Typer(cls=type(typer.main.get_command(cli.app)), pretty_exceptions_enable=False)
    program.callback()(cli.everywhere)

    @program.command("fail")
    def fail() -> None:
        settings.load_settings(None)
        raise error

    return program


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigurationError("wrong", "mend it"), 2),
        (FlowError("wrong", "mend it"), 2),
        (BrowserNotFound("wrong", "mend it"), 2),
        (OutputError("wrong", "mend it"), 2),
        (GuardBreach("wrong", "mend it"), 4),
        (SiteUnreachable("wrong", "mend it"), 4),
    ],
)
def test_each_of_our_errors_has_its_exit_code(error: Exception, code: int, temoin: Program) -> None:
    """What Témoin raises becomes one message with its remedy, and the code that the manual gives."""
    answer = temoin("fail", app=failing(error))
    assert answer.code == code
    assert answer.err == "Error: wrong.\n  → mend it\n"
    assert answer.out == ""


def test_a_fault_of_ours_is_exit_code_4(temoin: Program) -> None:
    """An unexpected exception says so in a sentence and points to -v; with -v it shows where."""
    broken = failing(ZeroDivisionError("by nought"))
    answer = temoin("fail", app=broken)
    assert answer.code == ExitCode.FAULT
    assert answer.err.startswith("Internal fault in Témoin: ZeroDivisionError: by nought\n")
    assert "temoin -v" in answer.err
    assert "Traceback" not in answer.err
    temoin("-v", "fail", app=broken).ended(ExitCode.FAULT, "Traceback")


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (BrokenPipeError(32, "Broken pipe"), 4), (EOFError(), 4)]
)
def test_an_end_from_outside_is_never_taken_for_an_answer(error: BaseException, code: int, temoin: Program) -> None:
    """Ctrl-C ends in 130; a reader that went away ends in 4, not in 1, which would say: a finding."""
    assert temoin("fail", app=failing(error)).code == code


def test_no_secret_gets_into_an_error(temoin: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Once the secrets are known, no message and no traceback shows one, in either spelling."""
    (tmp_path / "temoin.toml").write_text('[[accounts]]\nname="a"\nflow="facebook.ai_objection"\nidentity="1"\n')
    monkeypatch.setenv("TEMOIN_SECRETS__A__USERNAME", "lou@example.org")
    monkeypatch.setenv("TEMOIN_SECRETS__A__PASSWORD", CANARY)

    broken = failing(ValueError(f"could not send {CANARY} or canary-81%20y"))
    for arguments in (["fail"], ["-v", "fail"]):
        answer = temoin(*arguments, app=broken)
        answer.ended(ExitCode.FAULT, "could not send [secret] or [secret]")
        assert "canary" not in answer.err


def test_errors_speak_french_too(temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--lang fr`, or a French locale, makes what the program itself says French."""
    assert temoin("--lang", "fr", "check", "--config", "gone.toml").err.startswith("Erreur\u00a0: gone.toml")
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert temoin("check", "--config", "gone.toml").err.startswith("Erreur\u00a0: gone.toml")
    broken = failing(ZeroDivisionError("par zéro"))
    assert "Erreur interne de Témoin\u00a0: ZeroDivisionError" in temoin("fail", app=broken).err


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "de_DE"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr"}, "fr"),
    ],
)
def test_the_locale_chooses_the_language(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual variables decide, strongest first, even where the system has no such locale installed."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert options.language(None, None) == language
    assert options.words_before_configuration().code == language


def test_without_any_locale_english_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that says nothing gets English."""
    monkeypatch.delenv("LANG")
    assert machine_language(lambda: (None, None)) is None
    assert machine_language(lambda: ("fr_FR", "UTF-8")) == "fr"
    assert options.language(None, None) == "en"


def test_the_exit_codes_here_are_those_of_the_results() -> None:
    """The two codes written out in the frame, to keep --help fast, are the same as everywhere."""
    assert (cli.USAGE, cli.FAULT) == (ExitCode.USAGE, ExitCode.FAULT)


@pytest.mark.parametrize(
    ("document", "keys"),
    [
        ("", {"schema", "run", "results"}),
        ("inbox", {"schema", "answers", "bundle"}),
        ("history", {"schema", "entries"}),
    ],
)
def test_schema_is_a_json_schema(document: str, keys: set[str], temoin: Program) -> None:
    """`temoin flow schema` prints a valid, closed JSON Schema (2020-12) of the document that was asked for."""
    answer = temoin("flow", "schema", *document.split())
    assert (answer.code, answer.err) == (0, "")
    schema = json.loads(answer.out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    json_schemas.be_a_schema(schema)
    assert keys <= set(schema["required"])
    assert schema["properties"]["schema"]["const"] == f"temoin.{document or 'run'}/1"
    assert not schema["additionalProperties"]
    assert temoin("flow", "schema", "nothing").code == 2
