"""One line of the ledger, the signed head, the end that the next line follows, and an end that a person keeps."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from automation.evidence.formats.signed import Hex256, Moment, Previous, Record, now, sha256

REMOVED = "removed"
"""The outcome in a line that says that a bundle was removed by intent."""
RUN = "run"
"""The outcome in a line that tells of a run document: `bundle` is its path, `envelope_sha256` its digest."""
NO_BUNDLE = frozenset({REMOVED, RUN})
"""Outcomes in lines that tell of no new bundle."""
LONGEST_LINE_BYTES = 4096
_KEPT_LINE = re.compile(r"temoin-head/1 ([1-9][0-9]{0,9}) ([0-9a-f]{64})(?![0-9a-f])(?:[ \t]+([0-9]+-[A-Za-z0-9-]+))?")
_CODE = re.compile(r"(?<![0-9A-Za-z-])([1-9][0-9]{0,9})[- ]([A-Za-z2-7]{5}(?:[- ][A-Za-z2-7]{5}){4})(?![0-9A-Za-z-])")
_CHARACTERS = 25
_STARTS = "temoin-head/"


class Removal(Record):
    """Why a bundle or the results of a run were removed by somebody's decision, and not because they were old."""

    reason: str = Field(min_length=1, max_length=500)
    person: str = Field(min_length=1, max_length=200)
    """Who decided it."""
    day: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    """When it was decided."""


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

    removal: Removal | None = None
    """Of a removal by somebody's decision: why. Left out of all other lines."""

    @model_serializer(mode="wrap")
    def _without_no_tokens(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Lines of before tokens and removals were named, and those without any, stay canonical."""
        plain: dict[str, Any] = serialize(self)
        return {key: value for key, value in plain.items() if value or key not in {"tokens", "removal"}}

    @cached_property
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
        *,
        removal: Removal | None = None,
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
            removal=removal,
        )


def read_line(raw: bytes) -> Line:
    """
    Read one line, without its line break.

    Raises:
        BadLine: it is none.
    """
    if len(raw) > LONGEST_LINE_BYTES:
        raise BadLine("a line is too long")
    try:
        return Line.decoded(raw)
    except ValueError as error:
        raise BadLine(str(error)) from None


@dataclass(frozen=True, slots=True)
class KeptHead:
    """
    What somebody kept of a ledger's end, in one line, where the ledger is not: mailed, printed, committed elsewhere.

        temoin-head/1 17 5f2c…(64 hexadecimal digits) 17-LZQ4A-…

    The short code at its end says the same for paper and telephone: the place, and the first 125 bits of the digest. So
    many, because who makes the ledger could otherwise search for two histories with one code.
    """

    sequence: int
    line_sha256: str
    """Empty where only the code was kept."""
    code: str

    def fits(self, digest: bytes) -> bool:
        """Whether a line at this place with this digest is the one."""
        if self.line_sha256:
            return digest.hex() == self.line_sha256
        return code_of(self.sequence, digest) == self.code

    def __str__(self) -> str:
        return f"temoin-head/1 {self.sequence} {self.line_sha256} {self.code}"


def kept(sequence: int, line_sha256: str) -> KeptHead:
    """The head of a ledger, to be kept."""
    return KeptHead(sequence, line_sha256, code_of(sequence, bytes.fromhex(line_sha256)))


def code_of(sequence: int, digest: bytes) -> str:
    """The short code of a place and a line's digest."""
    text = base64.b32encode(digest).decode()[:_CHARACTERS]
    return "-".join((str(sequence), *(text[at : at + 5] for at in range(0, _CHARACTERS, 5))))


def heads_in(text: str) -> tuple[KeptHead, ...]:
    """
    Every head in a text: whole lines where there are any, else short codes.

    A line whose parts do not agree was misread or changed: it is no head.
    """
    if _STARTS in text:
        whole = [(kept(int(number), digest), code) for number, digest, code in _KEPT_LINE.findall(text)]
        agree = len(whole) == text.count(_STARTS) and all(head.code == code.upper() for head, code in whole if code)
        return tuple(head for head, _ in whole) if agree else ()
    found = _CODE.findall(text)
    return tuple(KeptHead(int(number), "", f"{number}-{code.upper().replace(' ', '-')}") for number, code in found)
