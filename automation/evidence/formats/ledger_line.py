"""One line of the ledger, the signed head, and the end that the next line follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from automation.evidence.formats.encoding import Hex256, Moment, Record, now, sha256
from automation.evidence.formats.statement import Previous

REMOVED = "removed"
"""The outcome in a line that says that a bundle was removed by intent."""
RUN = "run"
"""The outcome in a line that tells of a run document: `bundle` is its path, `envelope_sha256` its digest."""
NO_BUNDLE = frozenset({REMOVED, RUN})
"""Outcomes in lines that tell of no new bundle."""
_LONGEST_LINE_BYTES = 4096


class Line(Record):
    """One line of the ledger."""

    seq: int = Field(ge=1)
    bundle: str
    """The bundle's folder, relative to the ledger's, with forward slashes."""
    envelope_sha256: Hex256
    prev_sha256: Hex256 | None
    """SHA-256 of the line before, without its line break; None in the first."""
    gen_time: Moment | None
    """The earliest closing token's time; None where the bundle was not stamped when it was sealed."""
    outcome: str
    """`ok`, `finding`, `incomplete`, `removed`, or `run`."""
    at: Moment
    """When it was written, by this machine's clock."""
    tokens: Mapping[str, Hex256] = Field(default_factory=dict)
    """Authority → SHA-256 of its closing token, as it was when the bundle was sealed. Left out where there is none."""

    @model_serializer(mode="wrap")
    def _without_no_tokens(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Lines of before tokens were named, and those without any, stay canonical."""
        plain: dict[str, Any] = serialize(self)
        return {key: value for key, value in plain.items() if key != "tokens" or value}

    @property
    def digest(self) -> str:
        """SHA-256 of the line."""
        return sha256(self.encoded())


class Head(Record):
    """What the signed head says."""

    sequence: int = Field(ge=1)
    line_sha256: Hex256
    at: Moment
    schema_: Literal["temoin.ledger-head/1"] = Field(default="temoin.ledger-head/1", alias="schema")


class BadLine(ValueError):
    """Bytes that are no line of a ledger."""


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of the ledger."""

    previous: Previous = Previous()  # noqa: RUF009 - it is frozen
    at: datetime | None = None

    def follows(self, line: Line) -> bool:
        """Whether a line comes right after this end."""
        return (line.seq, line.prev_sha256) == (self.previous.sequence + 1, self.previous.line_sha256)

    def next(
        self,
        bundle: str,
        envelope_sha256: str,
        outcome: str,
        gen_time: datetime | None = None,
        tokens: Mapping[str, str] | None = None,
    ) -> Line:
        """The line that comes after."""
        return Line(
            seq=self.previous.sequence + 1,
            bundle=bundle,
            envelope_sha256=envelope_sha256,
            prev_sha256=self.previous.line_sha256,
            gen_time=gen_time,
            outcome=outcome,
            at=now(),
            tokens=tokens or {},
        )


def read_line(raw: bytes) -> Line:
    """
    Read one line, without its line break.

    Raises:
        BadLine: it is none.
    """
    if len(raw) > _LONGEST_LINE_BYTES:
        raise BadLine("a line is too long")
    try:
        return Line.decoded(raw)
    except ValueError as error:
        raise BadLine(str(error)) from None
