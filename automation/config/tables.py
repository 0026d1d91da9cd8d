"""The tables of `temoin.toml` beside accounts and browser: evidence, fleet, mail, policy, history and objection."""

from __future__ import annotations

import ipaddress
import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from automation.config.parsing import ConfigTable, Wrong, not_blank
from automation.core.policy import Exemption, Policy
from automation.core.results import Outcome
from automation.core.verdicts import Verdict

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?")
_POLICY = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")


def _name(value: str) -> str:
    if not _NAME.fullmatch(value) or len(value) > 40:
        raise Wrong(
            f'"{value}" is no name for an authority: it becomes part of a file\'s name.',
            "Use at most 40 lower-case letters and digits, with single hyphens between.",
        )
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise Wrong(
            "this is no address of a time-stamp authority.",
            "Write it as https://tsa.example.org/path, without a name or password in it.",
        )
    return value


def _policy(value: str) -> str:
    if not _POLICY.fullmatch(value):
        raise Wrong(f'"{value}" is no object identifier.', 'Write it as numbers with dots, such as "1.2.3.4".')
    return value


class TimeStampTable(ConfigTable):
    """One authority in `time_stamps`; each key is described at `automation.core.records.Authority`."""

    name: Annotated[str, AfterValidator(_name)]
    url: Annotated[str, AfterValidator(_url)]
    root: Path
    """File with the root certificate, in PEM."""
    policy: Annotated[str, AfterValidator(_policy)] | None = None


def _recipient(value: str) -> str:
    if not _RECIPIENT.fullmatch(value.strip()):
        raise Wrong(
            "this is no age recipient.",
            "Write the public key of who may read the unmasked copy: age1 and 58 more letters, as age-keygen shows it.",
        )
    return value.strip()


def _time_server(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise Wrong(f'"{value}" is no time server.', "Write its name, such as ntp.example.org, without a port.")
    return value


def _echo(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise Wrong("this is no https address.", "Write one that answers with the caller's address and nothing else.")
    return value


class EvidenceTable(ConfigTable):
    """`[evidence]`; the single values are described at `automation.core.records.EvidenceSettings`."""

    time_stamps: tuple[TimeStampTable, ...] = Field(default=(), max_length=2)
    """Who confirms when the evidence was sealed: nobody, or one or two time-stamp authorities (RFC 3161)."""
    unmasked_for: Annotated[str, AfterValidator(_recipient)] | None = None
    time_server: Annotated[str, AfterValidator(_time_server)] | None = None
    egress_from: Annotated[str, AfterValidator(_echo)] | None = None
    operator: str = Field(default="", max_length=200)
    case: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def _differ(self) -> EvidenceTable:
        names = [authority.name for authority in self.time_stamps]
        if len(set(names)) < len(names):
            raise Wrong(f'two authorities are called "{names[0]}".', "Give each a name of its own.")
        return self


_POOL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _pool(value: str) -> str:
    if not _POOL.fullmatch(value) or len(value) > 40:
        raise Wrong(
            f'"{value}" is no name for a pool of workers.',
            "Use at most 40 lower-case letters and digits, with single hyphens between.",
        )
    return value


def _store(value: str) -> str:
    parts = urlsplit(not_blank(value))
    if parts.username or parts.password:
        raise Wrong(
            "this address holds a password, and temoin.toml is no place for one.",
            "Leave it out, and give it to the store's own variables, such as AWS_ACCESS_KEY_ID.",
        )
    return value.strip()


class FleetTable(ConfigTable):
    """`[fleet]`; each key is described at `automation.core.settings.FleetSettings`."""

    database: SecretStr | None = None
    store: Annotated[str, AfterValidator(_store)] | None = None
    pool: Annotated[str, AfterValidator(_pool)] = "main"
    every_hours: float = Field(default=24.0, ge=1, le=24 * 366, allow_inf_nan=False)
    visits_per_hour: dict[str, Annotated[float, Field(gt=0, le=36_000, allow_inf_nan=False)]] = Field(
        default_factory=dict
    )
    passwords: bool = False


FLEET_SECRETS = frozenset({("fleet", "database")})
"""Keys of the table that are secrets."""


def passwords_in(database: SecretStr | None) -> tuple[SecretStr, ...]:
    """What is secret in the database's address, apart from the whole: a driver may repeat a part of it."""
    try:
        password = urlsplit(database.get_secret_value()).password if database else None
    except ValueError:
        return ()
    return (SecretStr(password),) if password else ()


_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*")
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


def _domain(value: str) -> str:
    domain = value.strip().lower().removeprefix("@")
    if not _DOMAIN.fullmatch(domain):
        raise Wrong(f'"{value}" is no domain.', "Write what stands behind the @ of the sender: mail.example.org.")
    return domain


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value.strip()):
        raise Wrong("this is no e-mail address.", "Write it as name@example.org, without a name before it.")
    return value.strip()


_Address = Annotated[str, AfterValidator(_address)]


def _host(value: str) -> str:
    host = not_blank(value).strip("[]")
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", host):
        raise Wrong(f'"{value}" is no host.', "Write the server's name, such as imap.example.org, without imaps://.")
    return host


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine itself, so that what is sent to it passes no network."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class MailboxTable(ConfigTable):
    """`[mailbox]`; each key is described at `automation.core.settings.MailboxSettings`."""

    host: Annotated[str, AfterValidator(_host)] | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    ca_file: Path | None = None
    username: SecretStr | None = None
    password: SecretStr | None = None
    token: SecretStr | None = None
    folders: tuple[Annotated[str, AfterValidator(not_blank)], ...] = Field(default=("INBOX",), min_length=1)
    senders: dict[str, tuple[Annotated[str, AfterValidator(_domain)], ...]] = Field(default_factory=dict)
    authserv_ids: tuple[Annotated[str, AfterValidator(not_blank)], ...] = ()
    addresses: dict[str, _Address | Annotated[tuple[_Address, ...], Field(min_length=1)]] = Field(
        default_factory=dict, repr=False
    )
    max_messages: int = Field(default=5000, ge=1, le=100_000)
    timeout_s: float = Field(default=30.0, gt=0, le=300, allow_inf_nan=False)

    @model_validator(mode="after")
    def _fits(self) -> MailboxTable:
        if self.security == "none" and self.host is not None and not is_this_machine(self.host):
            raise Wrong(
                f'security = "none" would send the password to {self.host} for everyone to read.',
                'Use security = "tls" or "starttls"; "none" is only for a server on this machine.',
            )
        return self


class NotificationsTable(ConfigTable):
    """`[notifications]`; each key is described at `automation.core.settings.NotificationSettings`."""

    urls: tuple[SecretStr, ...] = ()
    names: bool = False


MAIL_SECRETS = frozenset(
    {("mailbox", "username"), ("mailbox", "password"), ("mailbox", "token"), ("notifications", "urls")}
)
"""Keys of tables that are secrets."""


_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def _date(value: Any) -> date:
    """A date as TOML writes one, or the same in quotes; pydantic would also take a number of seconds."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _ISO.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Wrong(f'"{value}" is no date.', "Write year, month and day, such as 2027-01-31.")


class PolicyTable(ConfigTable):
    """`[policy]`: what each verdict is worth; described at `automation.core.policy.Policy`."""

    objected: Outcome | None = None
    not_objected: Outcome | None = None
    pending: Outcome | None = None
    refused: Outcome | None = None
    not_offered: Outcome | None = None
    needs_human: Outcome | None = None
    unknown: Outcome | None = None
    answers: bool = True


class ExceptionTable(ConfigTable):
    """One `[[exceptions]]`; each key is described at `automation.core.policy.Exemption`."""

    account: Annotated[str, AfterValidator(not_blank)]
    verdict: Verdict
    reason: Annotated[str, AfterValidator(not_blank)]
    owner: Annotated[str, AfterValidator(not_blank)]
    until: Annotated[date, BeforeValidator(_date)]
    remediation_date: Annotated[date | None, BeforeValidator(_date)] = None
    incorrect_result: bool = False


def _reasons(value: dict[str, str]) -> dict[str, str]:
    for language, text in value.items():
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", language):
            raise Wrong(f'"{language}" is no language.', 'Write its code, such as fr or pt-BR: reason = { fr = "…" }.')
        not_blank(text)
    return value


class ObjectionTable(ConfigTable):
    """`[objection]`: what `temoin object file` puts into the form."""

    reason: Annotated[dict[str, str], AfterValidator(_reasons)] = Field(default_factory=dict)
    """Language of the form's page → the reason in your own words; without one that of the flow's guide is taken."""


class HistoryTable(ConfigTable):
    """`[history]`."""

    path: Path | None = None


def policy_of(table: PolicyTable, exceptions: tuple[ExceptionTable, ...]) -> Policy:
    """What both tables say, as the engine takes it."""
    worth = {verdict: getattr(table, verdict.value) for verdict in Verdict}
    return Policy(
        outcomes={verdict: outcome for verdict, outcome in worth.items() if outcome is not None},
        exemptions=tuple(Exemption(**dict(entry)) for entry in exceptions),
        answers_count=table.answers,
    )
