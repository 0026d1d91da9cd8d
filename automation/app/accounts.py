"""
Changing `temoin.toml` and `.env` for a person who edits neither: comments, order and what others wrote meanwhile stay.

A change is made under a lock, to the file as it stands by then, and takes its place only once it loads.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import tomlkit
from filelock import FileLock, Timeout
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from automation.app.login import Wish, session_of
from automation.app.setup import cooldown, data_folder, identity_key, vault_key, vault_of
from automation.config import Settings, load
from automation.config.shape import LONGEST_CALLED, stands_in
from automation.config.source_lines import read_text
from automation.core.accounts import AccountKind, subject
from automation.core.errors import ConfigurationError, OutputError, VaultError
from automation.core.policy import day_of
from automation.core.verdicts import Verdict
from automation.session.newcomer import Newcomer
from automation.session.vault_keys import new_key
from automation.storage.files import write_whole

_PATIENCE_S = 10.0
_VARIABLE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=")


class Draft:
    """A `temoin.toml` that is being changed."""

    def __init__(self, text: str) -> None:
        self._document: Any = tomlkit.parse(text)

    def text(self) -> str:
        """The file as it is to be written."""
        return tomlkit.dumps(self._document)

    def add(self, name: str, values: Mapping[str, Any]) -> None:
        """Add a table to a list of tables, such as an account to `[[accounts]]`; what is None is left out."""
        given = {key: value for key, value in values.items() if value is not None}
        if name not in self._document:
            self._document.append(name, tomlkit.aot())
        entries = self._document[name]
        table = tomlkit.table() if isinstance(entries, AoT) else tomlkit.inline_table()
        table.update(given)
        if self.text().strip():
            table.trivia.indent = "\n"  # an empty line before it
        entries.append(table)

    def remove(self, table: str, **values: str) -> None:
        """Remove the entries of a list of tables whose keys have these values."""
        entries = self._document.get(table, [])
        for number in reversed(range(len(entries))):
            if all(entries[number].get(key) == value for key, value in values.items()):
                del entries[number]
        if table in self._document and not len(entries):
            self._document.pop(table)

    def change(self, name: str, key: str, value: str, values: Mapping[str, Any]) -> None:
        """Set keys of the entries of a list of tables whose key has this value; None takes a key out."""
        for entry in self._document.get(name, []):
            if entry.get(key) == value:
                _set(entry, values)

    def set_in(self, table: str, values: Mapping[str, Any]) -> None:
        """Set keys of a table, which is made where it is not there; None takes a key out."""
        if table not in self._document:
            self._document.add(table, tomlkit.table())
        _set(self._document[table], values)

    def set_at_top(self, key: str, value: Any) -> None:
        """Set a key outside of every table; None takes it out."""
        if value is None:
            self._document.pop(key, None)
        elif key in self._document:
            self._document[key] = value
        else:  # TOML counts what follows a table to that table, so a new key goes before all of them
            self._document = tomlkit.parse(f"{key} = {tomlkit.item(value).as_string()}\n{self.text()}")


def _set(table: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value


def fingerprint(path: Path) -> str:
    """A digest of a file as it stands; empty where there is none. Whoever edits shows by it which state they saw."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


@contextmanager
def editing(path: Path, *, seen: str | None = None) -> Iterator[Draft]:
    """
    Change a `temoin.toml`, which need not exist yet: yields the file as it stands now, to be changed in place.

    `seen` is the fingerprint of the file that the change was made for; None where it fits any state of it. Raises
    ConfigurationError: somebody changed it meanwhile, it is no TOML, or the change does not load, and the file is as it
    was; OutputError.
    """
    with locked(path):
        if seen is not None and seen != fingerprint(path):
            raise ConfigurationError(
                f"{path}: this file was changed meanwhile, and nothing was written over it",
                "Load the page again, and make your change anew.",
            )
        try:
            draft = Draft(read_text(path) if path.exists() else "")
        except TOMLKitError as error:
            raise ConfigurationError(f"{path}: this is not TOML ({error})", "Correct it by hand first.") from None
        yield draft
        _replace(path, draft.text())


def set_variables(path: Path, values: Mapping[str, str]) -> None:
    """
    Set variables in a `.env`, which only its owner may read from then on; every other line stays as it is.

    Raises ConfigurationError: another program is changing it, or it cannot be read; OutputError: it cannot be written.
    """
    with locked(path):
        lines = read_text(path).splitlines() if path.exists() else []
        kept = [line for line in lines if not ((match := _VARIABLE.match(line)) and match[1].upper() in values)]
        quoted = {name: value.replace("\\", "\\\\").replace("'", "\\'") for name, value in values.items()}
        made = [f"{name}='{value}'" for name, value in quoted.items()]
        write_whole(path, ("\n".join([*kept, *made]) + "\n").encode(), mode=0o600, shared=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """
    Keep other windows and programs of ours from changing a file at the same time.

    Raises ConfigurationError: another is changing it; OutputError: nothing can be written there.
    """
    # Among this user's own data: beside the file it would lie about in their folder, and in their repository.
    name = f"{hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:32]}.lock"
    lock = FileLock(data_folder() / "locks" / name, timeout=_PATIENCE_S)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire()
    except Timeout:
        raise ConfigurationError(f"{path}: another program is changing this file", "Try again in a moment.") from None
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error})", "Give yourself the right to write there."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _replace(path: Path, text: str) -> None:
    """Let the new text load, under another name beside the file, before it takes the file's place."""
    candidate = path.with_name(f".{os.getpid()}.{path.name}")
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    write_whole(candidate, text.encode(), mode=mode, shared=True)
    try:
        load(candidate, for_signing_in=False)
        candidate.replace(path)
    except ConfigurationError as error:
        there = str(candidate)
        raise ConfigurationError(error.message.replace(there, str(path)), error.remedy) from None
    finally:
        candidate.unlink(missing_ok=True)


def accept(
    config: Path,
    account: str,
    verdict: Verdict,
    *,
    reason: str,
    owner: str,
    until: date,
    remediation_date: date | None = None,
    incorrect_result: bool = False,
    seen: str | None = None,
) -> None:
    """
    Keep that somebody lives with an answer until a day: an exception, in place of the one about the same.

    Raises as `editing`; ConfigurationError also where reason or owner is empty, or the day is over.
    """
    if until < day_of(datetime.now(UTC)):
        raise ConfigurationError(f"{until} is over", "Give the last day on which it may count.")
    with editing(config, seen=seen) as draft:
        draft.remove("exceptions", account=account, verdict=verdict.value)
        entry = {
            "account": account,
            "verdict": verdict.value,
            "reason": reason,
            "owner": owner,
            "until": until,
            "remediation_date": remediation_date,
            "incorrect_result": incorrect_result or None,
        }
        draft.add("exceptions", entry)


_ACCOUNT_COLUMNS = ("name", "flow", "owner", "identity", "kind", "page", "expect", "region")


def add_from_csv(config: Path, file: Path) -> tuple[str, ...]:
    """
    Add the accounts of a CSV file, all or none; their names in the configuration.

    Its first line names columns: `flow` and `identity`, and of `_ACCOUNT_COLUMNS` what is wanted; commas or semicolons
    divide. Raises ConfigurationError: a column is unknown or missing, or the accounts do not load; OutputError.
    """
    lines = read_text(file).removeprefix("\ufeff").splitlines()
    rows = csv.DictReader(lines, delimiter=";" if lines and ";" in lines[0] else ",")
    columns = set(rows.fieldnames or ())
    if not {"flow", "identity"} <= columns <= set(_ACCOUNT_COLUMNS):
        raise ConfigurationError(
            f"{file}:1: these columns are no accounts: {', '.join(sorted(columns))}",
            f"Name flow and identity, and of these what you want: {', '.join(_ACCOUNT_COLUMNS)}.",
        )
    names: list[str] = []
    with editing(config) as draft:
        there = load(config if config.exists() else Path(os.devnull), for_signing_in=False).accounts
        for row in rows:
            given = {key: (row[key] or "").strip() or None for key in _ACCOUNT_COLUMNS if key in columns}
            wish = Wish(given["flow"] or "", given.get("owner") or "", AccountKind.PROFILE)
            taken = [*names, *(account.name for account in there)]
            names.append(given.get("name") or name_of(wish, taken, given["identity"] or ""))
            draft.add("accounts", {**given, "name": names[-1]})
    return tuple(names)


_LONGEST = 60


def rename(config: Path, name: str, called: str, *, seen: str | None = None) -> None:
    """
    Call an account by another name, in the window and in reports; its short name stays. Empty: by its short name.

    Raises as `editing`; ConfigurationError: there is no such account, or what it is called holds its identity.
    """
    load(config, accounts=(name,), for_signing_in=False)
    with editing(config, seen=seen) as draft:
        draft.change("accounts", "name", name, {"called": called.strip() or None})


def take_out(config: Path, name: str, *, seen: str | None = None) -> None:
    """
    Take an account out of the configuration, with its exceptions, and forget its session; its evidence stays.

    Raises as `editing`; ConfigurationError: there is no such account.
    """
    settings = load(config, accounts=(name,), for_signing_in=False)
    with editing(config, seen=seen) as draft:
        draft.remove("accounts", name=name)
        draft.remove("exceptions", account=name)
    vault_of(settings).forget(name)
    cooldown().succeeded(name)


def name_seen(newcomer: Newcomer) -> str:
    """What the service's pages call who has signed in; empty where that is nothing, or its number for the account."""
    seen = newcomer.names[0].strip()[:LONGEST_CALLED] if newcomer.names else ""
    return "" if stands_in(newcomer.identity, seen) else seen


def kept(wish: Wish, newcomer: Newcomer, config: Path, called: str = "") -> str:
    """
    Keep what the person confirmed: the account in the file, then its session. Its name in the configuration.

    An account that is there already under this flow keeps its entry, and gets the new session. `called` is what they
    say to call it; else the name that was seen. Raises ConfigurationError: the file is wrong, or owner, Page or that
    name hold what the service calls the account; VaultError, OutputError: the session cannot be kept, and the account
    is one that has to be signed in to.
    """
    called = called.strip()[:LONGEST_CALLED] or name_seen(newcomer)
    with editing(config) as draft:
        settings = load(config if config.exists() else Path(os.devnull), for_signing_in=False)
        there = {account.name: account for account in settings.accounts}
        known = [a.name for a in there.values() if (a.flow, a.identity) == (wish.flow, newcomer.identity)]
        name = known[0] if known else name_of(wish, there, newcomer.identity)
        if not known:
            entry = {
                "name": name,
                "flow": wish.flow,
                "owner": wish.owner,
                "called": called or None,
                "kind": wish.kind.value if wish.kind is not AccountKind.PROFILE else None,
                "page": wish.page if wish.kind is AccountKind.PAGE_ADMIN else None,
                "identity": newcomer.identity,
                "expect": Verdict.OBJECTED.value if wish.protected else None,
            }
            draft.add("accounts", entry)
        elif called and not there[name].called:
            draft.change("accounts", "name", name, {"called": called})
    vault = vault_of(settings)
    entries = load(config, accounts=(name,), for_signing_in=False).accounts[0].entries
    holder = vault.holder(entries)
    with vault.locked(holder):
        whose, service = subject(newcomer.identity, identity_key(settings)), wish.flow.partition(".")[0]
        vault.store(session_of(holder, service, whose, newcomer.signed_in))
    cooldown().succeeded(name)
    return name


def key_trouble(settings: Settings) -> VaultError | None:
    """Why this machine has no place for the key of saved sessions, where a private file would be one; else None."""
    try:
        vault_key(settings).is_made()
    except VaultError as error:
        if settings.vault_key:
            raise
        return error
    return None


def key_file(config: Path) -> Path:
    """Where the key of the sessions is kept on a machine without a keyring."""
    return config.with_name(".env")


def make_key(config: Path) -> None:
    """
    Make a key of the sessions and keep it beside the configuration, in a file that only this user may read.

    Raises OutputError: it cannot be written.
    """
    set_variables(key_file(config), {"TEMOIN_VAULT_KEY": new_key()[0]})


def name_of(wish: Wish, taken: Collection[str], identity: str = "") -> str:
    """
    A name for the configuration, such as `atelier-dupont-SERVICE`: from the owner and the service, and never taken.

    What the service calls the account must not stand in it, since the name is written into all evidence.
    """
    service = wish.flow.partition(".")[0].replace("_", "-")
    plain = unicodedata.normalize("NFKD", wish.owner).encode("ascii", "ignore").decode().lower()
    owner = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _LONGEST - len(service) - 4].strip("-")
    base = "-".join(filter(None, (owner, service)))
    if stands_in(identity, base):
        base = f"account-{service}"
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)
