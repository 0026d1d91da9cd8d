"""
The only reader of the environment: `temoin.toml`, `.env` and `TEMOIN_…` become plain, frozen data.

Every fault is one `ConfigurationError` with the line, what is wrong and what to do. Secrets come from the
environment or `.env` alone, and no message or `repr` holds one.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from automation.config.loading import Loading, is_secret
from automation.config.parsing import ConfigTable
from automation.config.problems import Problem, as_error
from automation.config.shape import PREFIX
from automation.config.source_lines import nameless_lines, read_text, variables
from automation.config.tables import ExceptionTable, PolicyTable, policy_of
from automation.config.values import AccountSecrets, Settings, secret_variable
from automation.core.errors import ConfigurationError
from automation.core.policy import Policy
from automation.core.settings import BrowserSettings
from automation.text.catalogue import did_you_mean, rule_of
from automation.text.redaction import Redactor

__all__ = [
    "AccountSecrets",
    "BrowserSettings",
    "Settings",
    "check_flows",
    "load",
    "load_policy",
    "mark_of",
    "passed_over",
    "secret_variable",
]

CONFIG_NAME = "temoin.toml"


def load(
    config: Path | None = None,
    env_file: Path | None = None,
    *,
    accounts: Sequence[str] = (),
    for_signing_in: bool = True,
) -> Settings:
    """
    Read the configuration.

    Args:
        config: the `temoin.toml`; None reads the one in this folder if there is one.
        env_file: the `.env`; None reads the one beside the configuration and the one in this folder.
            The environment wins over both.
        accounts: keep only these accounts, in this order; empty keeps all.
        for_signing_in: a missing password is a fault; what signs nobody in, such as a report, does not need one.

    Paths written in `temoin.toml` start at its folder, those in variables at the current folder. The evidence folder
    that nobody names lies beside `temoin.toml`.

    Raises:
        ConfigurationError: anything at all is wrong; the message names the place and the remedy.
    """
    path = config if config is not None else Path(CONFIG_NAME) if Path(CONFIG_NAME).exists() else None
    if path == Path(os.devnull):
        path = None  # no file: nothing lies beside it
    files = [env_file] if env_file is not None else env_files(path)
    found = variables(PREFIX, files)
    try:
        return Loading(path, found).settings(accounts, for_signing_in=for_signing_in)
    except ConfigurationError as error:
        clean = Redactor(variable.value for name, variable in found.items() if is_secret(name)).redact
        raise ConfigurationError(clean(error.message), clean(error.remedy)) from None


class _PolicyFile(ConfigTable):
    """A file with `[policy]` and `[[exceptions]]` alone."""

    policy: PolicyTable = PolicyTable()
    exceptions: tuple[ExceptionTable, ...] = ()


def load_policy(path: Path) -> Policy:
    """
    Read a policy that lies in a file of its own, with the tables that `temoin.toml` would have.

    Raises ConfigurationError: it cannot be read, or holds anything else.
    """
    try:
        found = _PolicyFile.model_validate(tomllib.loads(read_text(path)))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: this is not TOML ({error})", "Correct it.") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigurationError(
            f"{path}: {where}: {rule_of(first)}", "Give [policy] and [[exceptions]] as in temoin.toml, and no more."
        ) from None
    return policy_of(found.policy, found.exceptions)


def mark_of(config: Path) -> tuple[object, ...]:
    """
    What is another one as soon as `load` would read something else: the file's place and time, and the variables.

    Raises ConfigurationError: a `.env` cannot be read.
    """
    try:
        found = config.stat()
        file: tuple[object, ...] = (found.st_mtime_ns, found.st_size, found.st_ino)
    except OSError:
        file = ()
    values = variables(PREFIX, env_files(config)).values()
    return (*file, *sorted((variable.name, variable.value) for variable in values))


def passed_over(config: Path | None = None) -> tuple[tuple[Path, int], ...]:
    """
    Lines of the `.env` files that set nothing because they have no `NAME=`. What they hold, perhaps a key, is not told.

    Raises ConfigurationError: a `.env` cannot be read.
    """
    return tuple((path, line) for path in env_files(config) for line in nameless_lines(path))


def check_flows(settings: Settings, known: Iterable[str]) -> None:
    """
    Check that every account's flow exists.

    Raises ConfigurationError: it does not; the message names the line and the nearest known one.
    """
    ids = sorted(known)
    problems = [
        Problem(
            settings.places.get(account.name, account.name),
            f'unknown flow "{account.flow}".',
            f"{did_you_mean(account.flow, ids)} Known flows: {', '.join(ids)}.".strip(),
        )
        for account in settings.accounts
        if account.flow not in ids
    ]
    if problems:
        raise as_error(problems)


def env_files(config: Path | None) -> list[Path]:
    """The `.env` files that are read: beside the configuration, and in the working folder."""
    folders = [Path() if config is None else config.parent, Path()]
    candidates = [folder / ".env" for folder in folders]
    return [path for number, path in enumerate(candidates) if path.exists() and path not in candidates[:number]]
