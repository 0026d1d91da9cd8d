"""Options of several commands, and the language in which a call is answered. Imported by `--help`: it stays light."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from automation.core.errors import ConfigurationError, FlowError
from automation.text.catalogue import LANGUAGES, machine_language

if TYPE_CHECKING:  # pydantic and Babel: `--help` in English needs neither
    from automation.config import Settings
    from automation.text.language import Language


def account_names(ctx: typer.Context) -> list[str]:
    """The names in the call's configuration, for the shell to complete; none where it cannot be read."""
    from automation.config import load  # noqa: PLC0415 - pydantic

    try:
        return [account.name for account in load(ctx.params.get("config"), for_signing_in=False).accounts]
    except ConfigurationError:
        return []


def _flows(ctx: typer.Context) -> list[str]:
    """The same of the flows that are shipped, and of those in the folders that the call names."""
    from flows import folders  # noqa: PLC0415

    try:
        return [f"{folder.parent.name}.{folder.name}" for folder in folders(ctx.params.get("paths") or ())]
    except FlowError:
        return []


AccountName = Annotated[
    str, typer.Argument(help="The account, by its name in temoin.toml.", autocompletion=account_names)
]
OneAccount = Annotated[
    str | None, typer.Argument(help="The account, by its name in temoin.toml.", autocompletion=account_names)
]
SomeAccounts = Annotated[list[str], typer.Argument(help="Accounts, by their names.", autocompletion=account_names)]
AccountNames = Annotated[
    list[str] | None, typer.Argument(help="Accounts; all when none is named.", autocompletion=account_names)
]
By = Annotated[str | None, typer.Option("--by", help="Who says so; asked for once in a terminal, and kept.")]
Config = Annotated[Path | None, typer.Option(help="The configuration file.")]
EvidenceAt = Annotated[Path | None, typer.Option(help="The evidence folder; usual: the configured one.")]
EvidenceHere = Annotated[Path | None, typer.Argument(help="The evidence folder; usual: the configured one.")]
FlowName = Annotated[
    str, typer.Argument(help="Service and setting, such as example.ai_training.", autocompletion=_flows)
]
FlowNames = Annotated[
    list[str] | None, typer.Argument(help="Flows, such as linkedin.ai_training.", autocompletion=_flows)
]
FlowPaths = Annotated[list[Path] | None, typer.Option("--flow-path", help="Further folders with flows of your own.")]
KeyFile = Annotated[
    Path | None, typer.Option(help="The key to open it with, age or SSH; without it, this machine's own.")
]
Lang = Annotated[str | None, typer.Option("--lang", help="Language of texts: en or fr.")]
NewEvidence = Annotated[Path | None, typer.Option(help="Folder for the evidence and the report.")]
Output = Annotated[Path | None, typer.Option(help="The evidence folder, if it is another than the configured one.")]
Seen = Annotated[str, typer.Option(help="What you saw, in your words.")]
Strict = Annotated[
    bool,
    typer.Option(
        help="Accept only flows compared with the live site lately, and no words that only a person confirmed."
    ),
]
Trusted = Annotated[
    Path | None,
    typer.Option("--trust", help="Whom to believe: a file of `temoin evidence key export-trust`. Usual: your own."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Go on without asking.")]


def as_json(what: str) -> Any:
    """The option `--json` of a command, which prints nothing else then."""
    return typer.Option("--json", help=f"Print {what} as JSON, and nothing else.")  # untold: help is taken whole


def say(text: str) -> None:
    """Tell a person something, beside what programs read."""
    typer.echo(text, err=True)


@dataclass(slots=True)
class CommonOptions:
    """What was said before the command's name, for all commands."""

    lang: str | None = None
    verbose: bool = False
    named: str | None = None
    """What follows `--lang` anywhere in the call; known before options are read, and wherever a text is said."""
    configured: str | None = None
    """Of the configuration, once it was read."""
    warned: set[str] = field(default_factory=set)
    """Warnings that were said already: the configuration may be read several times."""

    def begin(self, named: str | None) -> None:
        """A new call of the program, with what follows `--lang` in it."""
        self.lang = self.configured = None
        self.verbose, self.named = False, named
        self.warned.clear()


given = CommonOptions()
"""Set anew by each call of the program."""


def language(chosen: str | None, settings: Settings | None) -> str:
    """
    The language for people: as chosen, as configured, or as the machine's locale says.

    Raises ConfigurationError: a language that Témoin does not speak.
    """
    wanted = chosen or given.named or given.lang or (settings.lang if settings else None)
    if wanted is None:
        return _of_machine()
    if wanted not in LANGUAGES:
        raise ConfigurationError(f"unknown language '{wanted}'", "Use --lang en or --lang fr.")
    return wanted


def words(chosen: str | None, settings: Settings | None) -> Language:
    """
    The sentences, dates and numbers of the language for people; loads Babel.

    Raises ConfigurationError: a language that Témoin does not speak.
    """
    from automation.text.language import language as words_of  # noqa: PLC0415 - loads Babel

    return words_of(language(chosen, settings))


def words_before_configuration() -> Language:
    """The same before any configuration was read, as for an error; never fails."""
    return words(language_before_configuration(), None)


def told(text: str) -> str:
    """An error's text in the user's language."""
    return text if language_before_configuration() == LANGUAGES[0] else words_before_configuration().said(text)


def tell_notice(text: str, remedy: str, mark: str) -> None:
    """Show a notice of `automation.app` on standard error."""
    typer.echo(f"{mark} {told(text)}" + (f"\n  → {told(remedy)}" if remedy else ""), err=True)


def language_before_configuration() -> str:
    """As named in the call, else as configured, else as the machine's locale says; never fails."""
    asked = (given.named, given.lang, given.configured)
    return next((code for code in asked if code in LANGUAGES), None) or _of_machine()


def _of_machine() -> str:
    found = machine_language()
    return found if found in LANGUAGES else LANGUAGES[0]


def where_the_program_is(remedy: str, words: Language) -> str:
    """How to call the program, where a remedy names a command of it that the shell would not find; else empty."""
    program = Path(sys.argv[0])
    if "temoin " not in remedy or program.name != "temoin" or shutil.which("temoin"):
        return ""
    return words.gettext("Here `temoin` is %(program)s.", program=os.path.relpath(program))
