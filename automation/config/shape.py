"""The shape of the configuration, as pydantic reads it: `temoin.toml` below, the environment above."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from automation.config.parsing import ConfigTable, GivenValues, PlainVariables, RawSources, Wrong, not_blank
from automation.config.tables import (
    FLEET_SECRETS,
    MAIL_SECRETS,
    EvidenceTable,
    ExceptionTable,
    FleetTable,
    HistoryTable,
    MailboxTable,
    NotificationsTable,
    ObjectionTable,
    PolicyTable,
)
from automation.core.accounts import AccountKind, SignInMethod
from automation.core.verdicts import Verdict

PREFIX = "TEMOIN_"
EXPECTABLE = tuple(verdict for verdict in Verdict if verdict.is_answer)
ACCOUNT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CALLED = 80
"""Characters of what people call an account."""
_HOST_PATTERN = re.compile(r"(?=.*[a-z0-9*])[a-z0-9*.-]+")
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})")


def _name(value: str) -> str:
    if not ACCOUNT_NAME.fullmatch(value) or len(value) > 60:
        raise Wrong(
            f'"{value}" is no account name.',
            "Use at most 60 lower-case letters and digits, with single hyphens between: atelier-facebook.",
        )
    return value


def _region(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        raise Wrong(f'"{value}" is no country.', 'Give its two-letter code, such as "FR".')
    return value.upper()


def _digits(value: Any) -> Any:
    """The id of an account is text; a person may leave out the quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _replica_map(value: dict[str, str]) -> dict[str, str]:
    checked: dict[str, str] = {}
    for pattern, address in value.items():
        if not _HOST_PATTERN.fullmatch(pattern.lower()):
            raise Wrong(f'"{pattern}" is no host pattern.', "Write a host name; * stands for any part of it.")
        match = _ADDRESS.fullmatch(address)
        if not match or not 0 < int(match[2]) < 65536:
            raise Wrong(
                f'"{address}", the stand-in for {pattern}, is not host:port.',
                'Write an address and a port from 1 to 65535, such as "127.0.0.1:8443", without https://.',
            )
        checked[pattern.lower()] = address
    return checked


def _spki(value: str) -> str:
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != 32:
        raise Wrong(
            f'"{value}" is not the Base64 of a SHA-256.',
            "It has 44 characters and ends with =: the SHA-256 of the public key (SubjectPublicKeyInfo).",
        )
    return value


class BrowserTable(ConfigTable):
    """`[browser]`; each key is described at `automation.core.settings.BrowserSettings`."""

    path: Path | None = None
    channel: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] | None = None
    headless: bool = True
    replica_map: Annotated[dict[str, str], AfterValidator(_replica_map)] = Field(default_factory=dict)
    replica_spki: tuple[Annotated[str, AfterValidator(_spki)], ...] = ()
    slow_mo_ms: float = Field(default=0.0, ge=0, le=5000, allow_inf_nan=False)
    timeout_s: float = Field(default=15.0, gt=0, le=300, allow_inf_nan=False)
    one_tab: bool = False
    concurrency: int = Field(default=4, ge=1, le=16)
    per_service: int = Field(default=2, ge=1, le=16)
    gap_s: float = Field(default=2.0, ge=0, le=3600, allow_inf_nan=False)


def stands_in(identity: str, text: str) -> bool:
    """Whether evidence with this text would be refused for holding the identity (see `evidence.secrets.scan`)."""
    from automation.text.redaction import SHORTEST_FREE, SHORTEST_OWN  # noqa: PLC0415 - takes its time

    if len(identity) < SHORTEST_OWN:
        return False
    if identity.isascii() and text.isascii() and identity.lower() not in text.lower():
        return False  # the usual case, without a pattern that has to be compiled for each account
    alone = r"(?<![0-9A-Za-z])%s(?![0-9A-Za-z])" if len(identity) < SHORTEST_FREE else "%s"
    return re.search(alone % re.escape(identity), text, re.IGNORECASE) is not None


class AccountTable(ConfigTable):
    """One `[[accounts]]`; each key is described at `automation.core.accounts.Account`."""

    name: Annotated[str, AfterValidator(_name)]
    flow: Annotated[str, AfterValidator(not_blank)]
    owner: Annotated[str, AfterValidator(not_blank)] | None = None
    called: Annotated[str, AfterValidator(not_blank), Field(max_length=LONGEST_CALLED)] | None = None
    identity: Annotated[str, BeforeValidator(_digits), AfterValidator(not_blank)] = Field(repr=False)
    kind: AccountKind = AccountKind.PROFILE
    page: Annotated[str, AfterValidator(not_blank)] | None = None
    sign_in: SignInMethod = SignInMethod.SESSION
    expect: Verdict | None = None
    objects: tuple[Annotated[str, AfterValidator(not_blank)], ...] = ()
    region: Annotated[str, AfterValidator(_region)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> AccountTable:
        for key in ("name", "called", "owner", "page"):
            text = getattr(self, key)
            if text and stands_in(self.identity, text):
                raise Wrong(
                    f'`{key}` of "{self.name}" holds the account\'s identity, which must stand in no evidence.',
                    f"Choose another {key}: it is written into every result and report.",
                )
        if self.kind is AccountKind.PAGE_ADMIN and self.page is None:
            raise Wrong(
                f'"{self.name}" is a page_admin but names no page.',
                'Add page = "…" with the name of the Page, or set kind = "profile".',
            )
        if self.kind is not AccountKind.PAGE_ADMIN and self.page is not None:
            raise Wrong(
                f'"{self.name}" names a page but is no page_admin.', 'Set kind = "page_admin", or take the page out.'
            )
        if self.expect is not None and self.expect not in EXPECTABLE:
            raise Wrong(
                f'expect = "{self.expect}" is no answer that can be wanted.',
                f"Use one of {', '.join(EXPECTABLE)}, or leave expect out.",
            )
        return self


class SecretsOfAccount(ConfigTable):
    """What `TEMOIN_SECRETS__<ACCOUNT>__…` holds."""

    username: SecretStr | None = None
    password: SecretStr | None = None
    totp_secret: SecretStr | None = None


class Document(BaseSettings):
    """Everything that may be set. The environment wins over `temoin.toml`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        hide_input_in_errors=True,
        frozen=True,
    )

    accounts: tuple[AccountTable, ...] = ()
    browser: BrowserTable = Field(default_factory=BrowserTable)
    evidence: EvidenceTable = Field(default_factory=EvidenceTable)
    exceptions: tuple[ExceptionTable, ...] = ()
    fleet: FleetTable = Field(default_factory=FleetTable)
    history: HistoryTable = Field(default_factory=HistoryTable)
    objection: ObjectionTable = Field(default_factory=ObjectionTable)
    mailbox: MailboxTable = Field(default_factory=MailboxTable)
    notifications: NotificationsTable = Field(default_factory=NotificationsTable)
    policy: PolicyTable = Field(default_factory=PolicyTable)
    output: Path = Path("temoin-evidence")
    lang: Literal["en", "fr"] | None = None
    strict: bool = False
    flow_paths: tuple[Path, ...] = ()
    log_level: Literal["TRACE", "DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    identity_key: SecretStr | None = None
    vault_key: SecretStr | None = None
    signing_key: SecretStr | None = None
    secrets: dict[str, SecretsOfAccount] = Field(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Our own sources: the usual ones know no lines, and would read a password of digits as a number."""
        del env_settings, dotenv_settings, file_secret_settings
        given: RawSources = init_settings()["given"]
        return (
            PlainVariables(settings_cls, given.plain),
            GivenValues(settings_cls, {"secrets": given.secrets}),
            GivenValues(settings_cls, given.table),
        )


TABLES: dict[str, type[ConfigTable]] = {
    "browser": BrowserTable,
    "evidence": EvidenceTable,
    "fleet": FleetTable,
    "history": HistoryTable,
    "objection": ObjectionTable,
    "mailbox": MailboxTable,
    "notifications": NotificationsTable,
    "policy": PolicyTable,
}
NOT_IN_FILE = frozenset({"identity_key", "vault_key", "signing_key", "secrets"})
LISTS: dict[str, type[ConfigTable]] = {"accounts": AccountTable, "exceptions": ExceptionTable}
"""Lists of tables; they stand in `temoin.toml` alone."""
ONLY_IN_FILE = frozenset(LISTS)
SECRET_PARTS = tuple(name.upper() for name in SecretsOfAccount.model_fields)
TOP_KEYS = tuple(name for name in Document.model_fields if name not in NOT_IN_FILE)
ONLY_IN_ENVIRONMENT = MAIL_SECRETS | FLEET_SECRETS
"""Keys of tables that are secrets."""
TABLE_KEYS = {
    table: tuple(key for key in shape.model_fields if (table, key) not in ONLY_IN_ENVIRONMENT)
    for table, shape in TABLES.items()
}
"""Table → the keys that may stand in `temoin.toml`."""
PLAIN_VARIABLES: dict[str, tuple[str, ...]] = {
    **{
        f"{PREFIX}{name.upper()}": (name,)
        for name in Document.model_fields
        if name not in ONLY_IN_FILE | {"secrets"} | set(TABLES)
    },
    **{
        f"{PREFIX}{table.upper()}__{key.upper()}": (table, key)
        for table, shape in TABLES.items()
        for key in shape.model_fields
    },
}
"""Every variable but the secrets of accounts → the key it sets."""
SECRET_VARIABLES = frozenset(
    name
    for name, key in PLAIN_VARIABLES.items()
    if key in {("identity_key",), ("vault_key",), ("signing_key",)} or key in ONLY_IN_ENVIRONMENT
)
JSON_VARIABLES = {
    f"{PREFIX}FLOW_PATHS": list,
    f"{PREFIX}BROWSER__REPLICA_MAP": dict,
    f"{PREFIX}BROWSER__REPLICA_SPKI": list,
    f"{PREFIX}EVIDENCE__TIME_STAMPS": list,
    f"{PREFIX}FLEET__VISITS_PER_HOUR": dict,
    f"{PREFIX}MAILBOX__FOLDERS": list,
    f"{PREFIX}MAILBOX__SENDERS": dict,
    f"{PREFIX}MAILBOX__AUTHSERV_IDS": list,
    f"{PREFIX}MAILBOX__ADDRESSES": dict,
    f"{PREFIX}NOTIFICATIONS__URLS": list,
    f"{PREFIX}OBJECTION__REASON": dict,
}
