"""
What is signed: an in-toto Statement over a bundle's two manifests and its result, and the document of a run.

All of it is written as canonical JSON, with SHA-256 in hex and moments in UTC. Source: in-toto Attestation Framework,
Statement layer v1. The predicate is ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from automation import __version__
from automation.evidence.formats.names import FileKind
from automation.text.catalogue import rule_of

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
            record = cls.model_validate(_json(data))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise ValueError(f"{'.'.join(map(str, first['loc']))}: {rule_of(first)}") from None
        if record.encoded() != data:
            raise ValueError("a key is missing, or a value is not in its usual form")
        return record

    def encoded(self) -> bytes:
        """The record as canonical JSON."""
        return canonical(self.model_dump(mode="json", by_alias=True))


_CANONICAL = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


def canonical(value: Any) -> bytes:
    """
    JSON in the one form of RFC 8785: of texts, whole numbers, true, false, null and what is made of them.

    Keys are sorted by code point, which is that form's order for all keys below U+E000; ours are ASCII.
    """
    return _CANONICAL.encode(value).encode()


def parsed(data: bytes) -> Any:
    """
    What canonical JSON holds.

    Refusing every other spelling leaves no byte of a file free to change unseen.

    Raises:
        NotCanonical: it is no JSON, or not in the canonical form.
    """
    value = _json(data)
    try:
        same = canonical(value) == data
    except ValueError:  # half a surrogate pair, or NaN
        same = False
    if not same:
        raise NotCanonical("JSON, but not in its canonical form")
    return value


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"no canonical JSON: {type(error).__name__}") from None


def sha256(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hex, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


TYPE: Literal["https://in-toto.io/Statement/v1"] = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Literal["urn:temoin.evidence:1"] = "urn:temoin.evidence:1"
_Kind = TypeVar("_Kind", bound=Record)


class UnknownStatement(ValueError):
    """Bytes that are no statement of a schema that this version reads."""


class Previous(Record):
    """The end of the ledger at some moment; nothing where the ledger was empty."""

    sequence: int = Field(default=0, ge=0)
    envelope_sha256: Hex256 | None = None
    """Of the last bundle that was sealed."""
    line_sha256: Hex256 | None = None
    """Of the ledger's last line, without its line break: that line holds the digest of the one before, and so on."""


class Opening(Record):
    """What the opening tokens stamp, made before the visit: `seal/opening.json`."""

    nonce: str = Field(pattern=r"^[0-9a-f]{32}$")
    """Random: nobody can have had a token over it before."""
    at: Moment
    """By this machine's clock."""
    previous: Previous
    schema_: Literal["temoin.opening/1"] = Field(default="temoin.opening/1", alias="schema")


class Subject(Record):
    """One file and its digest."""

    name: str
    digest: Mapping[Literal["sha256"], Hex256]


class Tool(Record):
    """What made the bundle."""

    name: Literal["temoin"] = "temoin"
    version: str
    commit: str | None
    """Of a checkout; None for an installed package."""


class Predicate(Record):
    """What is said of the subjects."""

    bundle: str
    """Name of the folder when it was sealed."""
    run: str
    account: str
    """Empty for a look into a mailbox, which concerns several."""
    kind: FileKind = FileKind.VISIT
    sequence: int = Field(ge=1)
    previous: Previous
    opening: Mapping[str, Hex256]
    """Every file in `seal/` that was there before the visit → its digest."""
    authorities: tuple[str, ...]
    """Those that were to stamp; empty where none is configured."""
    clock_offset_ms: int | None
    """How far this machine's clock was ahead of the first authority's at the opening; None where none answered."""
    opened_at: Moment
    sealed_at: Moment
    verdicts: Mapping[str, int]
    outcome: str
    masks: Mapping[str, int]
    """Rule → how many places it hid."""
    tool: Tool
    schema_: Literal["temoin.evidence/1"] = Field(default="temoin.evidence/1", alias="schema")

    @model_serializer(mode="wrap")
    def _without_the_usual_kind(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A visit does not say that it is one, as when there was nothing else: bundles of then stay canonical."""
        plain: dict[str, Any] = serialize(self)
        return {key: value for key, value in plain.items() if key != "kind" or value != FileKind.VISIT}


class SignedStatement(Record):
    """The whole of what is signed."""

    type_: Literal["https://in-toto.io/Statement/v1"] = Field(default=TYPE, alias="_type")
    subject: tuple[Subject, ...]
    predicate_type: Literal["urn:temoin.evidence:1"] = Field(default=PREDICATE_TYPE, alias="predicateType")
    predicate: Predicate

    def digests(self) -> dict[str, str]:
        """Name of each subject → its SHA-256."""
        return {subject.name: subject.digest["sha256"] for subject in self.subject}


class RunDocumentSeal(Record):
    """
    The run document: what seals the results and the reports of a run, which stand in none of its bundles.

    It is signed as a bundle's statement is, and has a line in the ledger, so that it cannot be taken away unseen. Since
    the second form it names the end of the ledger that it follows and the authorities that were to stamp it, and its
    line names the stamps that came. The first form had the ledger's end in a file of its own, of which no line told.
    """

    run: str
    """Name of the run's folder."""
    operator: str
    """Who made the run; empty where the configuration names nobody."""
    case: str
    """Number or name of the audit's case; empty where the configuration names none."""
    files: Mapping[str, Hex256]
    """Every sealed file of the run's own folder, by name → its SHA-256."""
    bundles: Mapping[str, Hex256]
    """Every bundle of the run, by the name of its folder → SHA-256 of its envelope."""
    sealed_at: Moment
    tool: Tool
    previous: Previous | None = None
    """The end of the ledger before the run's own line; None in the first form."""
    authorities: tuple[str, ...] = ()
    """Those that were to stamp it; empty where none is configured, and in the first form."""
    schema_: Literal["temoin.run-seal/1", "temoin.run-seal/2"] = Field(default="temoin.run-seal/2", alias="schema")

    @property
    def is_first_form(self) -> bool:
        """Whether the ledger's end after the run stands in a file of its own."""
        return self.previous is None

    @model_serializer(mode="wrap")
    def _as_it_was(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Documents of the first form stay canonical."""
        plain: dict[str, Any] = serialize(self)
        return plain if self.previous is not None else {k: v for k, v in plain.items() if k not in _SECOND_FORM}

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.schema_ == "temoin.run-seal/1") is not (self.previous is None):
            raise ValueError("a form that does not go with its schema")
        return self


_SECOND_FORM = frozenset({"previous", "authorities"})


def read_statement(payload: bytes) -> SignedStatement:
    """
    Read a statement.

    Raises:
        UnknownStatement: it is none of ours, or of a newer schema.
    """
    return _read(SignedStatement, payload)


def read_opening(data: bytes) -> Opening:
    """
    Read what the opening tokens stamp.

    Raises:
        UnknownStatement: it is not that.
    """
    return _read(Opening, data)


def _read(kind: type[_Kind], data: bytes) -> _Kind:
    try:
        return kind.decoded(data)
    except ValueError as error:
        raise UnknownStatement(str(error)) from None


@lru_cache(maxsize=1)
def tool() -> Tool:
    """This program."""
    return Tool(version=__version__, commit=_commit(Path(__file__).parents[3] / ".git"))


def _commit(git: Path) -> str | None:
    """The commit of a checkout, as git's own files say it."""
    try:
        head = (git / "HEAD").read_text(encoding="ascii").strip()
        reference = head.removeprefix("ref: ")
        if reference == head:
            return head
        loose = git / reference
        if loose.exists():
            return loose.read_text(encoding="ascii").strip()
        packed = (git / "packed-refs").read_text(encoding="ascii").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {reference}")), None)
    except (OSError, UnicodeDecodeError):
        return None
