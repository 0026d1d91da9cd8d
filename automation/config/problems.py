"""What is wrong with a configuration, as one message for a person: place, fault, remedy; no secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from automation.config.parsing import Wrong
from automation.config.shape import (
    ACCOUNT_NAME,
    EXPECTABLE,
    JSON_VARIABLES,
    LISTS,
    ONLY_IN_ENVIRONMENT,
    PLAIN_VARIABLES,
    PREFIX,
    TABLE_KEYS,
    TOP_KEYS,
    Document,
)
from automation.config.source_lines import KeyPath
from automation.core.errors import ConfigurationError
from automation.text.catalogue import N_, did_you_mean, rule_of

_SECRET_WORDS = re.compile(
    r"passw|secret|totp|otp|token|(identity|vault|signing|api)_?key|credential|cookie", re.IGNORECASE
)
_LOGIN_WORDS = re.compile(r"user_?name|e_?mail|login", re.IGNORECASE)
_LATER = frozenset({"notify", "schedule", "storage"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    where: str
    """`temoin.toml:12` or the name of a variable."""
    what: str
    remedy: str


def as_error(problems: list[Problem]) -> ConfigurationError:
    """One error that names every problem."""
    if len(problems) == 1:
        return ConfigurationError(f"{problems[0].where}: {problems[0].what}", problems[0].remedy)
    listed = "\n".join(f"  {p.where}: {p.what}\n    → {p.remedy}" for p in problems)
    return ConfigurationError(f"{len(problems)} things in the configuration are wrong:\n{listed}")


def known_accounts(names: Iterable[str]) -> str:
    """Which accounts there are, as a sentence."""
    listed = ", ".join(names)
    return _ACCOUNTS % {"names": listed} if listed else _NO_ACCOUNT


_ACCOUNTS, _NO_ACCOUNT = N_("Known accounts: %(names)s."), N_("No account is known.")


def misplaced(table: dict[str, Any], where: Callable[[KeyPath], str]) -> list[Problem]:
    """Keys that no table has, secrets among them, and tables that are something else."""
    problems = [_unknown_at_top(key, value, where) for key, value in table.items() if key not in TOP_KEYS]
    for name, keys in TABLE_KEYS.items():
        inner = table.get(name, {})
        if not isinstance(inner, dict):
            problems.append(Problem(where((name,)), f"`{name}` is a table.", f"Write [{name}] on its own line."))
        else:
            problems += [_unknown((name, key), keys, where) for key in inner if key not in keys]
    for name, shape in LISTS.items():
        entries = table.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            remedy = f"Begin each of them with [[{name}]], in double brackets."
            problems.append(Problem(where((name,)), f"`{name}` is a list of tables.", remedy))
            continue
        keys = tuple(shape.model_fields)
        for number, entry in enumerate(entries):
            account = entry.get("name" if name == "accounts" else "account")
            problems += [_unknown((name, number, key), keys, where, account) for key in entry if key not in keys]
    return problems


_HEADS = (*(f"[{name}]" for name in TABLE_KEYS), *(f"[[{name}]]" for name in LISTS))
"""The lines that tables begin with."""


def _unknown_at_top(key: str, value: object, where: Callable[[KeyPath], str]) -> Problem:
    is_list = isinstance(value, list) and any(isinstance(entry, dict) for entry in value)
    if key in _LATER or _SECRET_WORDS.search(key) or not (is_list or isinstance(value, dict)):
        return _unknown((key,), TOP_KEYS, where)
    head = f"[[{key}]]" if is_list else f"[{key}]"
    remedy = f"{did_you_mean(head, _HEADS)} Known here: {', '.join(_HEADS)}.".strip()
    return Problem(where((key,)), f"unknown table `{head}`.", remedy)


def _unknown(path: KeyPath, known: tuple[str, ...], where: Callable[[KeyPath], str], account: object = None) -> Problem:
    key = str(path[-1])
    if path in ONLY_IN_ENVIRONMENT or _SECRET_WORDS.search(key) or _LOGIN_WORDS.search(key):
        variable = f"{PREFIX}{path[0]}__{key}".upper() if path in ONLY_IN_ENVIRONMENT else _variable_of(key, account)
        return Problem(
            where(path),
            f"`{key}` does not belong in this file: it is a secret.",
            f"Set {variable} in the environment or in .env and take it out here; "
            "if this file was ever shared or committed, change the secret at the service too.",
        )
    if key in _LATER:
        return Problem(where(path), f"this version of Témoin knows no `{key}` yet.", "Take it out.")
    homes = [f"[{name}]" for name, keys in TABLE_KEYS.items() if key in keys]
    homes += [f"[[{name}]]" for name, shape in LISTS.items() if key in shape.model_fields]
    if len(path) == 1 and homes:
        table = homes[0]
        return Problem(where(path), f"`{key}` belongs in {table}.", f"Move it below the line {table}.")
    if len(path) > 1 and key in TOP_KEYS:
        return Problem(where(path), f"`{key}` belongs at the top.", "Move it above the first line in brackets.")
    remedy = f"{did_you_mean(key, known)} Known here: {', '.join(known)}.".strip()
    return Problem(where(path), f"unknown key `{key}`.", remedy)


def _variable_of(key: str, account: object) -> str:
    part = "TOTP_SECRET" if "otp" in key.lower() else "USERNAME" if _LOGIN_WORDS.search(key) else "PASSWORD"
    known = isinstance(account, str) and ACCOUNT_NAME.fullmatch(account)
    of = str(account).upper().replace("-", "_") if known else "<ACCOUNT>"
    if "key" in key.lower():
        which = next((word for word in ("VAULT", "SIGNING") if word in key.upper()), "IDENTITY")
        return f"TEMOIN_{which}_KEY"
    return f"TEMOIN_SECRETS__{of}__{part}"


def exceptions(document: Document, where: Callable[[KeyPath], str]) -> list[Problem]:
    """Exceptions of accounts that do not exist, and two about the same."""
    names = [entry.name for entry in document.accounts]
    problems: list[Problem] = []
    first: dict[tuple[str, str], int] = {}
    for number, entry in enumerate(document.exceptions):
        about = (entry.account, entry.verdict)
        if entry.account not in names:
            remedy = f"{did_you_mean(entry.account, names)} {known_accounts(names)}".strip()
            what = f'there is no account "{entry.account}".'
            problems.append(Problem(where(("exceptions", number, "account")), what, remedy))
        elif about in first:
            before = where(("exceptions", first[about], "verdict"))
            what = f'another exception is about "{entry.verdict}" of {entry.account} too; it stands at {before}.'
            problems.append(Problem(where(("exceptions", number, "verdict")), what, "Keep one of them."))
        first.setdefault(about, number)
    return problems


def unknown_variable(name: str, where: str) -> Problem:
    """A variable with our prefix that sets nothing."""
    if name.startswith("TEMOIN_SECRETS__"):
        return Problem(
            where,
            "this is no secret of an account.",
            "The names are TEMOIN_SECRETS__<ACCOUNT>__USERNAME, …__PASSWORD and …__TOTP_SECRET, "
            "with the account's name in upper case and _ for each hyphen.",
        )
    close = get_close_matches(name, [*PLAIN_VARIABLES, "TEMOIN_SECRETS__"], n=1, cutoff=0.6)
    hint = f"Did you mean {close[0]}? " if close else ""
    return Problem(where, "unknown variable.", f"{hint}Rename or remove it; .env.example lists every variable.")


def not_json(name: str, where: str) -> Problem:
    """A variable that must hold a list or an object and does not."""
    example = '{"*.facebook.com": "127.0.0.1:8443"}' if JSON_VARIABLES[name] is dict else '["…", "…"]'
    return Problem(where, "the value is not JSON of the right form.", f"Write it as {example}.")


def from_pydantic(
    error: ValidationError, where: Callable[[KeyPath], str], value: Callable[[KeyPath], object]
) -> list[Problem]:
    """
    Problems of values, with none of pydantic's own text that could repeat an input.

    Args:
        error: what pydantic raised.
        where: key → place, the variable's if one set it.
        value: key → what stands there; asked only where the choice is closed, so that no secret is shown.
    """
    problems: dict[tuple[str, str], Problem] = {}
    for detail in error.errors(include_url=False, include_input=False):
        problem = _problem(detail, detail["loc"], where(detail["loc"]), value)
        problems.setdefault((problem.where, _key_in(detail["loc"])), problem)  # of two shapes of a value, one is enough
    return list(problems.values())


def _key_in(path: KeyPath) -> str:
    """The key that a path ends with; what pydantic calls one of several shapes is none."""
    return next((str(part) for part in reversed(path) if isinstance(part, str) and part.isidentifier()), "")


def _problem(detail: ErrorDetails, path: KeyPath, place: str, value: Callable[[KeyPath], object]) -> Problem:
    key = _key_in(path)
    wrong = detail.get("ctx", {}).get("error")
    if isinstance(wrong, Wrong):
        return Problem(place, wrong.what if path[-1:] != (key,) else f"`{key}`: {wrong.what}", wrong.remedy)
    kind = detail["type"]
    if kind == "missing" and path[0] == "accounts":
        return Problem(place, f"`{key}` is missing.", f'Add {key} = "…" to this account.')
    if kind == "missing" and path[0] == "exceptions":
        return Problem(place, f"`{key}` is missing.", f'Add {key} = "…" to this exception.')
    if kind == "missing":
        return Problem(place, f"`{key}` is missing.", f'Add {key} = "…" to this table.')
    if kind in {"enum", "literal_error"}:
        known = tuple(EXPECTABLE) if key == "expect" else tuple(re.findall(r"'([^']*)'", detail["msg"]))
        remedy = f"{did_you_mean(str(value(path)), known)} Use one of {', '.join(known)}.".strip()
        return Problem(place, f'unknown {key} "{value(path)}".', remedy)
    if kind in {"string_type", "string_unicode"}:
        return Problem(place, f"`{key}` must be text.", 'Write it in quotes, such as "…".')
    if kind.startswith("path"):
        return Problem(place, f"`{key}` must be a path.", 'Write it in quotes, such as "folder/file".')
    usual = "Correct it, or leave it out for the usual value."
    return Problem(place, f"`{key}` has a wrong value: {rule_of(detail)}.", usual)
