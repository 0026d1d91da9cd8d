"""How what is signed is written: canonical JSON, SHA-256 in hex, moments in UTC."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Self

import rfc8785
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, ValidationError

from automation.text.foreign import rule_of

Hex256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in lower-case hex."""


class NotCanonical(ValueError):
    """Bytes that are no JSON, or JSON written in another way than the canonical one."""


def moment(when: datetime) -> str:
    """A moment as every sealed file writes it: `2026-11-24T07:30:12.345Z`."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> datetime:
    """This moment, aware, UTC, to the millisecond that `moment` keeps."""
    when = datetime.now(UTC)
    return when.replace(microsecond=when.microsecond // 1000 * 1000)


def _in_utc(when: datetime) -> datetime:
    try:
        return when.astimezone(UTC)
    except OverflowError:
        raise ValueError("no moment that UTC can say") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc), PlainSerializer(moment, return_type=str)]
"""An aware moment; written by `moment`."""


class Record(BaseModel):
    """What a sealed file holds: closed, and written as canonical JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    @classmethod
    def decoded(cls, data: bytes) -> Self:
        """
        Read a record that `encoded` wrote, and only such: a key that is left out is not filled in.

        Raises:
            NotCanonical: it is no JSON, or written in another way.
            ValueError: it is of another shape; the text names the first key that is wrong.
        """
        try:
            record = cls.model_validate(parsed(data))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise ValueError(f"{'.'.join(map(str, first['loc']))}: {rule_of(first)}") from None
        if record.encoded() != data:
            raise ValueError("a key is missing, or a value is not in its usual form")
        return record

    def encoded(self) -> bytes:
        """The record as canonical JSON."""
        return canonical(self.model_dump(mode="json", by_alias=True))


def canonical(value: Any) -> bytes:
    """JSON in the one form of RFC 8785."""
    return rfc8785.dumps(value)


def parsed(data: bytes) -> Any:
    """
    What canonical JSON holds.

    Refusing every other spelling leaves no byte of a file free to change unseen.

    Raises:
        NotCanonical: it is no JSON, or not in the canonical form.
    """
    try:
        value = json.loads(data)
        same = canonical(value) == data
    except (ValueError, RecursionError) as error:  # rfc8785's own errors are ValueErrors
        raise NotCanonical(f"no canonical JSON: {type(error).__name__}") from None
    if not same:
        raise NotCanonical("JSON, but not in its canonical form")
    return value


def sha256(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hex, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
