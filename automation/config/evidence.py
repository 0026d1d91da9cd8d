"""The table `[evidence]`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from automation.config.parsing import ConfigTable, Wrong

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


def _host(value: str) -> str:
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
    time_server: Annotated[str, AfterValidator(_host)] | None = None
    egress_from: Annotated[str, AfterValidator(_echo)] | None = None
    operator: str = Field(default="", max_length=200)
    case: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def _differ(self) -> EvidenceTable:
        names = [authority.name for authority in self.time_stamps]
        if len(set(names)) < len(names):
            raise Wrong(f'two authorities are called "{names[0]}".', "Give each a name of its own.")
        return self
