"""Reading the configuration for a command, and what a person gives as text: a day, who they are."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from automation.app import logs
from automation.app.notices import NAMELESS_LINE
from automation.cli.options import given, language_before_configuration, say, told, words
from automation.config import Settings, load, passed_over
from automation.core.errors import ConfigurationError
from automation.core.verdicts import Verdict
from automation.reports.names import VERDICT_NAMES
from automation.text.catalogue import LANGUAGES
from automation.text.language import Language
from automation.text.language import language as words_of


def load_settings(
    config: Path | None, accounts: tuple[str, ...] = (), *, for_signing_in: bool = True, warns: bool = True
) -> Settings:
    """
    Read the configuration and set the log up with its secrets. Raises ConfigurationError: anything is wrong with it.

    A missing password is a fault only `for_signing_in`. It `warns` of lines of a `.env` that set nothing.
    """
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


def configured(settings: Settings) -> Settings:
    """The same, which was read from a file. Raises ConfigurationError: there is none."""
    if settings.config is None:
        raise ConfigurationError(
            "there is no temoin.toml in this folder",
            "Make one with `temoin account add` or `temoin ui`, or name another with --config.",
        )
    return settings


def said_in_log(code: str) -> Callable[[str], str] | None:
    """Puts messages of the log into a language, their verdict included; None for English."""
    if code == LANGUAGES[0]:
        return None
    spoken = words_of(code)

    def said(text: str) -> str:
        first, space, rest = text.partition(" ")
        if first in {verdict.value for verdict in Verdict}:
            return f"{spoken.gettext(VERDICT_NAMES[Verdict(first)])}{space}{rest}"
        return spoken.said(text)

    return said


NO_FILE = Path(os.devnull)
"""A configuration that holds nothing: only the environment counts."""


def settings_and_words(
    config: Path | None, accounts: tuple[str, ...] = (), *, lang: str | None, for_signing_in: bool = True
) -> tuple[Settings, Language]:
    """The configuration as `load_settings` reads it, and the words of the language that the call or it asks for."""
    settings = load_settings(config, accounts, for_signing_in=for_signing_in)
    return settings, words(lang, settings)


def load_environment() -> Settings:
    """Read only what the environment says, as a command without accounts does; no file is looked at."""
    return load_settings(NO_FILE)


def who_is_here() -> str:
    """The name of whoever is logged in at this machine. Raises ConfigurationError: the machine does not know."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise ConfigurationError("this machine does not say who you are", 'Give your name: --by "NAME".') from None


def day(text: str, option: str, such_as: str = "2027-01-31") -> date:
    """
    A day as a person writes it on the command line.

    Raises ConfigurationError: it is none; the message names the option, with an example.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise ConfigurationError(f'"{text}" is no day', f"Write year, month and day: {option} {such_as}.") from None


def warn_of_nameless_lines(config: Path | None) -> None:
    """Name each once a call, on standard error; a file that cannot be read is told elsewhere."""
    with suppress(ConfigurationError):
        for place, line in passed_over(config):
            said = told(NAMELESS_LINE % {"file": place, "line": line})
            if said not in given.warned:
                given.warned.add(said)
                say(f"! {said}")
