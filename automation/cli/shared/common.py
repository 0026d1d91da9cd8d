"""What several commands share: the language, the configuration, the report files."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from automation.text.catalogue import LANGUAGES

if TYPE_CHECKING:
    from datetime import date

    from automation.config import Settings
    from automation.core.guides import FlowGuide
    from automation.core.results import RunDocument
    from automation.reports.background import Background
    from automation.reports.result_spool import ResultSpool
    from automation.text.language import Language

_Answer = TypeVar("_Answer")
STRICT = "Accept only flows compared with the live site lately, and no words that only a person confirmed."
Trusted = Annotated[
    Path | None, typer.Option("--trust", help="Whom to believe: a file of `temoin keys export-trust`. Usual: your own.")
]
Lang = Annotated[str | None, typer.Option("--lang", help="Language of texts: en or fr.")]
Config = Annotated[Path | None, typer.Option(help="The configuration file.")]
Output = Annotated[Path | None, typer.Option(help="The evidence folder, if it is another than the configured one.")]
By = Annotated[str | None, typer.Option(help="Who says so; without it, who is logged in at this machine.")]


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


given = CommonOptions()
"""Set anew by each call of the program."""


def language(chosen: str | None, settings: Settings | None) -> str:
    """
    The language for people: as chosen, as configured, or as the machine's locale says.

    Raises:
        ConfigurationError: a language that Témoin does not speak.
    """
    from automation.core.errors import ConfigurationError

    wanted = chosen or given.named or given.lang or (settings.lang if settings else None)
    if wanted is None:
        return _of_machine()
    if wanted not in LANGUAGES:
        raise ConfigurationError(f"unknown language '{wanted}'", "Use --lang en or --lang fr.")
    return wanted


def words(chosen: str | None, settings: Settings | None) -> Language:
    """
    The sentences, dates and numbers of the language for people; loads Babel.

    Raises:
        ConfigurationError: a language that Témoin does not speak.
    """
    from automation.text.language import language as words_of

    return words_of(language(chosen, settings))


def words_before_configuration() -> Language:
    """The same before any configuration was read, as for an error; never fails."""
    return words(language_before_configuration(), None)


def told(text: str) -> str:
    """An error's text in the user's language."""
    return text if language_before_configuration() == LANGUAGES[0] else words_before_configuration().said(text)


def language_before_configuration() -> str:
    """As named in the call, else as configured, else as the machine's locale says; never fails."""
    asked = (given.named, given.lang, given.configured)
    return next((code for code in asked if code in LANGUAGES), None) or _of_machine()


def _of_machine() -> str:
    from automation.text.catalogue import machine_language

    found = machine_language()
    return found if found in LANGUAGES else LANGUAGES[0]


def load_settings(
    config: Path | None, accounts: tuple[str, ...] = (), *, for_signing_in: bool = True, warns: bool = True
) -> Settings:
    """
    Read the configuration and set the log up with its secrets.

    A missing password is a fault only `for_signing_in`. It `warns` of lines of a `.env` that set nothing.

    Raises:
        ConfigurationError: anything is wrong with it.
    """
    from automation.cli.shared import logs
    from automation.cli.shared.nameless_lines import warn_of_nameless_lines
    from automation.config import load
    from automation.core.errors import ConfigurationError

    try:
        settings = load(config, accounts=accounts, for_signing_in=for_signing_in)
    except ConfigurationError:
        if warns:  # what is missing may stand in such a line
            warn_of_nameless_lines(config)
        raise
    verbose = given.verbose and settings.log_level != "TRACE"
    given.configured = settings.lang
    level = "DEBUG" if verbose else settings.log_level
    logs.configure(level, settings.secret_values(), said=said_in_log(language_before_configuration()))
    if warns:
        warn_of_nameless_lines(config)
    return settings


def said_in_log(code: str) -> Callable[[str], str] | None:
    """Puts messages of the log into a language, their verdict included; None for English."""
    if code == LANGUAGES[0]:
        return None
    from automation.core.verdicts import Verdict
    from automation.reports.names import VERDICT_NAMES
    from automation.text.language import language as words_of

    spoken = words_of(code)

    def said(text: str) -> str:
        first, space, rest = text.partition(" ")
        if first in {verdict.value for verdict in Verdict}:
            return f"{spoken.gettext(VERDICT_NAMES[Verdict(first)])}{space}{rest}"
        return spoken.said(text)

    return said


def where_the_program_is(remedy: str, words: Language) -> str:
    """How to call the program, where a remedy names a command of it that the shell would not find; else empty."""
    import os
    import shutil
    import sys

    program = Path(sys.argv[0])
    if "temoin " not in remedy or program.name != "temoin" or shutil.which("temoin"):
        return ""
    return words.gettext("Here `temoin` is %(program)s.", program=os.path.relpath(program))


def load_environment() -> Settings:
    """Read only what the environment says, as a command without accounts does; no file is looked at."""
    import os

    return load_settings(Path(os.devnull))


def who_is_here() -> str:
    """
    The name of whoever is logged in at this machine.

    Raises:
        ConfigurationError: the machine does not know.
    """
    import getpass

    from automation.core.errors import ConfigurationError

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise ConfigurationError("this machine does not say who you are", 'Give your name: --by "NAME".') from None


def day(text: str, option: str) -> date:
    """
    A day as a person writes it on the command line.

    Raises:
        ConfigurationError: it is none; the message names the option.
    """
    from datetime import datetime

    from automation.core.errors import ConfigurationError

    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise ConfigurationError(f'"{text}" is no day', f"Write year, month and day: {option} 2027-01-31.") from None


def run_async(work: Coroutine[Any, Any, _Answer]) -> _Answer:
    """Run the engine; Ctrl-C breaks it off within seconds, unless the work hears it by itself."""
    import asyncio

    from automation.cli.shared.interrupts import breakable

    return asyncio.run(breakable(work))


def write_results(document: RunDocument, spool: ResultSpool | None = None) -> None:
    """
    Write `results.json` into the run's folder, before anything is made of the results.

    Args:
        document: the run.
        spool: holds its results in full, where the document does not; it is closed.

    Raises:
        OutputError: it cannot be written.
    """
    from automation.reports.as_json import pieces
    from automation.reports.stored import NAME
    from automation.storage.files import write_text

    results = spool.in_full(document.results) if spool else document.results
    write_text(Path(document.run.output) / NAME, pieces(document.run, results))
    if spool:
        spool.close()


def write_reports(
    document: RunDocument, guides: Mapping[str, FlowGuide], lang: str, background: Background | None = None
) -> str:
    """
    Write the report in both languages into the run's folder; the path that the chosen one gets.

    A report gets its name with its seal (`seal_documents`): one without the other would be no evidence.

    Raises:
        OutputError: they cannot be written.
    """
    from automation.reports.as_html import pieces
    from automation.reports.background import NOTHING
    from automation.reports.pictures import Source
    from automation.storage.files import partial_of, write_text

    folder = Path(document.run.output)
    names = {code: f"report.{code}.html" for code in LANGUAGES}
    for code, name in names.items():
        others = {other: file for other, file in names.items() if other != code}
        page = pieces(document, guides, code, Source(""), other_languages=others, background=background or NOTHING)
        write_text(partial_of(folder / name), page)
    return str(folder / names[lang])
