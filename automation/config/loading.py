"""One reading of `temoin.toml` and the variables: checked as a whole, every fault with its place."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from automation.config import problems as wrong
from automation.config.parsing import RawSources, is_json, parsed
from automation.config.problems import Problem, as_error, known_accounts
from automation.config.shape import (
    JSON_VARIABLES,
    PLAIN_VARIABLES,
    PREFIX,
    SECRET_PARTS,
    SECRET_VARIABLES,
    TABLES,
    AccountTable,
    Document,
)
from automation.config.source_lines import KeyPath, Variable, lines_of, read_text
from automation.config.tables import passwords_in, policy_of
from automation.config.values import AccountSecrets, People, Settings, outgoing_proxy, secret_variable
from automation.core.accounts import SignInMethod
from automation.core.errors import ConfigurationError
from automation.core.records import Authority, EvidenceSettings
from automation.core.settings import BrowserSettings, FleetSettings, MailboxSettings, NotificationSettings
from automation.text.catalogue import did_you_mean

_SECRET_VARIABLE = re.compile(rf"{PREFIX}SECRETS__([A-Z0-9]+(?:_[A-Z0-9]+)*)__({'|'.join(SECRET_PARTS)})")
_MIN_KEY_BYTES = 16


def is_secret(name: str) -> bool:
    """Whether a variable of this name holds a secret."""
    return name in SECRET_VARIABLES or name.startswith(f"{PREFIX}SECRETS__")


class Loading:
    """One reading: the parsed file, the variables, and where each key was set."""

    def __init__(self, path: Path | None, found: dict[str, Variable]) -> None:
        self.path = path
        self.variables = found
        self.table: dict[str, Any] = {}
        self.lines: dict[KeyPath, int] = {}
        if path is not None:
            text = read_text(path)
            self.table = parsed(text, path)
            self.lines = lines_of(text)
        self.set_by: dict[KeyPath, Variable] = {
            key: found[name] for name, key in PLAIN_VARIABLES.items() if name in found
        }

    def settings(self, names: Sequence[str], *, for_signing_in: bool = True) -> Settings:
        """
        Check everything and hand it over; `names` are the accounts to keep, empty for all.

        A missing password is a fault only `for_signing_in`.

        Raises ConfigurationError: what is wrong, nearest to the root of it first.
        """
        self._stop_at(wrong.misplaced(self.table, self.where))
        self._stop_at(self._variable_problems())
        document = self._document()
        self._stop_at(
            [
                *self._double_names(document),
                *self._browser_problems(document),
                *self._mailbox_problems(document),
                *wrong.exceptions(document, self.where),
            ]
        )
        self._stop_at([*self._path_problems(document), *self._key_problems(document)])
        chosen = self._chosen(document, names)
        secrets = self._secrets(document, chosen if for_signing_in else ())
        entries = {entry.name: number for number, entry in enumerate(document.accounts)}
        proxy, people = outgoing_proxy(), People(document.accounts)
        return Settings(
            accounts=people.accounts(chosen),
            browser=BrowserSettings(
                **{**dict(document.browser), "path": self._rooted(document.browser.path, "browser", "path")},
                proxy=proxy,
                headless_by_hand={("browser", "headless")} & {*self.lines, *self.set_by} != set(),
            ),
            fleet=FleetSettings(**dict(document.fleet)),
            mailbox=MailboxSettings(
                **{**dict(document.mailbox), "ca_file": self._rooted(document.mailbox.ca_file, "mailbox", "ca_file")}
            ),
            notifications=NotificationSettings(**dict(document.notifications)),
            secrets=secrets,
            identity_key=document.identity_key,
            vault_key=document.vault_key,
            signing_key=document.signing_key,
            time_stamps=self._authorities(document),
            evidence=EvidenceSettings(**document.evidence.model_dump(exclude={"time_stamps"})),
            policy=policy_of(document.policy, document.exceptions),
            output=self._output(document),
            reasons=document.objection.reason,
            history_path=self._rooted(document.history.path, "history", "path"),
            lang=document.lang,
            strict=document.strict,
            flow_paths=self._flow_paths(document),
            log_level=document.log_level,
            config=self.path,
            authors=people.accounts([entry for entry in document.accounts if entry.page]),
            places={name: self.where(("accounts", number, "flow")) for name, number in entries.items()},
            known_secrets=(
                *(SecretStr(v.value) for name, v in self.variables.items() if is_secret(name)),
                *document.notifications.urls,
                *passwords_in(document.fleet.database),
                *([SecretStr(proxy.password)] if proxy and proxy.password else []),
            ),
        )

    def where(self, key: KeyPath) -> str:
        """`temoin.toml:12`, or the variable that set the key; of a missing key, the table it belongs to."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.set_by:
                return self.set_by[key[:length]].where
            if key[:length] in self.lines:
                return f"{self.path}:{self.lines[key[:length]]}"
        return str(self.path or "configuration")

    def _written(self, key: KeyPath) -> object:
        if key in self.set_by:
            return self.set_by[key].value
        value: Any = self.table
        for part in key:
            value = value[part]
        return value

    def _stop_at(self, problems: list[Problem]) -> None:
        if problems:
            raise as_error(problems)

    def _variable_problems(self) -> list[Problem]:
        problems: list[Problem] = []
        for name, variable in self.variables.items():
            if name in JSON_VARIABLES and not is_json(variable.value, JSON_VARIABLES[name]):
                problems.append(wrong.not_json(name, variable.where))
            elif name not in PLAIN_VARIABLES and not _SECRET_VARIABLE.fullmatch(name):
                problems.append(wrong.unknown_variable(name, variable.where))
        return problems

    def _document(self) -> Document:
        table = {**self.table, **{name: dict(self.table.get(name, {})) for name in TABLES}}
        for *parents, key in self.set_by:  # a variable replaces a key as a whole: maps are not merged
            (table[str(parents[0])] if parents else table).pop(str(key), None)
        plain = {name.lower(): v.value for name, v in self.variables.items() if name in PLAIN_VARIABLES}
        secrets: dict[str, dict[str, str]] = {}
        for name, variable in self.variables.items():
            if match := _SECRET_VARIABLE.fullmatch(name):
                secrets.setdefault(match[1].lower(), {})[match[2].lower()] = variable.value
        try:
            return Document(given=RawSources(table=table, plain=plain, secrets=secrets))  # type: ignore[call-arg]
        except ValidationError as error:
            raise as_error(wrong.from_pydantic(error, self.where, self._written)) from None

    def _double_names(self, document: Document) -> list[Problem]:
        problems: list[Problem] = []
        first: dict[str, int] = {}
        for number, entry in enumerate(document.accounts):
            if entry.name in first:
                before = self.where(("accounts", first[entry.name], "name"))
                what = f'a second account is called "{entry.name}"; the first stands at {before}.'
                place = self.where(("accounts", number, "name"))
                problems.append(Problem(place, what, "Give each account a name of its own."))
            first.setdefault(entry.name, number)
        return problems

    def _browser_problems(self, document: Document) -> list[Problem]:
        browser = document.browser
        problems: list[Problem] = []
        if browser.replica_spki and not browser.replica_map:
            problems.append(
                Problem(
                    self.where(("browser", "replica_spki")),
                    "`replica_spki` stands alone, and it loosens certificate checks for real sites.",
                    "Set replica_map as well, or take replica_spki out.",
                )
            )
        if browser.path is not None and browser.channel is not None:
            what = "`path` and `channel` both choose a browser."
            problems.append(Problem(self.where(("browser", "channel")), what, "Keep one of them."))
        return problems

    def _mailbox_problems(self, document: Document) -> list[Problem]:
        names = [entry.name for entry in document.accounts]
        return [
            Problem(
                self.where(("mailbox", "addresses", name)),
                f'there is no account "{name}".',
                f"{did_you_mean(name, names)} {known_accounts(names)}".strip(),
            )
            for name in document.mailbox.addresses
            if name not in names
        ]

    def _path_problems(self, document: Document) -> list[Problem]:
        problems: list[Problem] = []
        for number, folder in enumerate(self._flow_paths(document)):
            place = self.where(("flow_paths", number))
            if not folder.is_dir():
                what = f"{folder} is no folder."
                problems.append(Problem(place, what, "Create it, correct the path, or take it out."))
            elif not os.access(folder, os.R_OK | os.X_OK):
                what = f"the folder {folder} cannot be read."
                problems.append(Problem(place, what, "Give yourself the right to read it."))
        output = self._output(document)
        if output.exists() and not output.is_dir():
            what = f"{output} is no folder, and evidence goes into one."
            problems.append(Problem(self.where(("output",)), what, "Name another folder."))
        return problems

    def _key_problems(self, document: Document) -> list[Problem]:
        key = document.identity_key
        if key is None or len(key.get_secret_value().encode()) >= _MIN_KEY_BYTES:
            return []
        what = f"the key is shorter than {_MIN_KEY_BYTES} bytes, so identities could be guessed."
        remedy = 'Make one with: python3 -c "import secrets; print(secrets.token_hex(32))"'
        return [Problem(self.where(("identity_key",)), what, remedy)]

    def _authorities(self, document: Document) -> tuple[Authority, ...]:
        """The time-stamp authorities, with the roots that their files hold."""
        authorities: list[Authority] = []
        problems: list[Problem] = []
        for number, entry in enumerate(document.evidence.time_stamps):
            root = self._rooted(entry.root, "evidence", "time_stamps") or entry.root
            try:
                pem = read_text(root)
            except ConfigurationError as error:
                pem, what = "", error.message
            else:
                what = f"{root}: there is no certificate in this file."
            if "-----BEGIN CERTIFICATE-----" not in pem:
                remedy = "Name the file with the authority's root certificate in PEM; the authority publishes it."
                problems.append(Problem(self.where(("evidence", "time_stamps", number, "root")), what, remedy))
            authorities.append(Authority(entry.name, entry.url, pem, entry.policy))
        self._stop_at(problems)
        return tuple(authorities)

    def _chosen(self, document: Document, names: Sequence[str]) -> list[AccountTable]:
        entries = {entry.name: entry for entry in document.accounts}
        unknown = [name for name in names if name not in entries]
        if unknown:
            remedy = f"{did_you_mean(unknown[0], entries)} {known_accounts(entries)}".strip()
            raise ConfigurationError(f'{self.path or "temoin.toml"}: there is no account "{unknown[0]}".', remedy)
        return [entries[name] for name in dict.fromkeys(names)] if names else list(document.accounts)

    def _secrets(self, document: Document, chosen: Collection[AccountTable]) -> dict[str, AccountSecrets]:
        complete: dict[str, AccountSecrets] = {}
        wanted = {entry.name for entry in chosen}
        missing: list[Problem] = []
        for number, entry in enumerate(document.accounts):
            given = document.secrets.get(entry.name.replace("-", "_"))
            if given is not None and given.username and given.password:
                complete[entry.name] = AccountSecrets(given.username, given.password, given.totp_secret)
            elif entry.sign_in is SignInMethod.PASSWORD and entry.name in wanted:
                parts = [p for p in ("username", "password") if given is None or not getattr(given, p)]
                names = " and ".join(secret_variable(entry.name, part) for part in parts)
                verb = "is" if len(parts) == 1 else "are"
                what = f'"{entry.name}" signs in by password, but {names} {verb} not set.'
                remedy = 'Set them in the environment or in .env, or use sign_in = "session".'
                missing.append(Problem(self.where(("accounts", number, "sign_in")), what, remedy))
        self._stop_at(missing)
        return complete

    def _flow_paths(self, document: Document) -> tuple[Path, ...]:
        return tuple(path for raw in document.flow_paths if (path := self._rooted(raw, "flow_paths")) is not None)

    def _output(self, document: Document) -> Path:
        """The evidence folder: beside `temoin.toml` also where that names none, unless a variable names one."""
        output = document.output.expanduser()
        return output if self.path is None or ("output",) in self.set_by else self.path.parent / output

    def _rooted(self, path: Path | None, *key: str) -> Path | None:
        """A path from `temoin.toml` starts at the folder of that file."""
        if path is None:
            return None
        path = path.expanduser()
        from_file = tuple(key) in self.lines and tuple(key) not in self.set_by
        return self.path.parent / path if self.path is not None and from_file else path
