"""What a verification finds, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from automation.evidence.verify.faults import Fault, VerifyCode, worst


class StepName(StrEnum):
    """The steps, in their order."""

    CLOSED_WORLD = "take_inventory"
    HASHES = "hashes"
    STATEMENT = "statement"
    SIGNATURE = "signature"
    TIME = "time"
    CHAIN = "chain"
    SCHEMA = "schema"
    SECRETS = "secrets"


class StepState(StrEnum):
    """How a step ended."""

    OK = "ok"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and where it is."""

    fault: Fault
    where: str = ""
    """A file, a key, an authority or a line of the ledger; text of others, to be shown with care."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class VerificationStep:
    """One step of a verification."""

    name: StepName
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    """Names of sentences: why it was not checked, or what to know although it is in order."""
    checked: bool = True

    @property
    def state(self) -> StepState:
        """Failed where anything was found."""
        if self.findings:
            return StepState.FAILED
        return StepState.OK if self.checked else StepState.NOT_CHECKED


@dataclass(frozen=True, slots=True)
class Stamped:
    """One good closing token."""

    authority: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of one bundle."""

    path: str
    steps: tuple[VerificationStep, ...]
    account: str = ""
    kind: str = ""
    """`visit` or `inbox`, as the statement says; empty where it cannot be read."""
    sequence: int | None = None
    signer: str = ""
    """SHA-256 of the public key; empty where it is not known."""
    envelope_sha256: str = ""
    sealed_at: datetime | None = None
    """By the signer's own clock."""
    not_before: datetime | None = None
    """By the opening token."""
    not_after: tuple[Stamped, ...] = field(default=())
    """By the closing tokens."""
    clock_offset_ms: int | None = None
    """How far this machine's clock was ahead of the first authority's, as the statement says."""
    authorities: tuple[str, ...] = ()
    """Those that were to stamp it, as the statement says."""
    sealed_as: str = ""
    """Name of the folder when it was sealed."""
    run: str = ""
    previous_sha256: str = ""
    """The envelope's digest of the bundle sealed before; empty for the first."""
    answer_sha256: str = ""
    """Over what the result says; the results of the run must say the same. Empty where there is none to read."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Of all steps."""
        return tuple(finding for step in self.steps for finding in step.findings)

    @property
    def code(self) -> VerifyCode:
        """The exit code of this bundle."""
        return worst(finding.fault.code for finding in self.findings)


@dataclass(frozen=True, slots=True)
class LedgerVerification:
    """What was found of one ledger, apart from its bundles."""

    path: str
    lines: int
    removed: int
    findings: tuple[Finding, ...]
    head_at: datetime | None = None
    head_sha256: str = ""
    """The digest of the last line, to be compared with a copy of the head kept elsewhere."""
    unsealed: tuple[str, ...] = ()
    """Files below the ledger, by path, that belong to no bundle and no run; nothing was verified of them."""
    removed_bundles: tuple[str, ...] = ()
    """Paths of those that were removed by intent."""

    @property
    def code(self) -> VerifyCode:
        """The exit code of the ledger."""
        return worst(finding.fault.code for finding in self.findings)


@dataclass(frozen=True, slots=True)
class RunVerification:
    """What was found of one run's own documents: the results and the reports beside the bundles."""

    path: str
    run: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    """Names of sentences, as in a step."""
    signer: str = ""
    sealed_at: datetime | None = None
    """By the signer's own clock; None where nothing seals the run."""
    head_at: datetime | None = None
    """When an authority saw the run's end, and with it the ledger's as it was then; None where none did."""
    unsealed: tuple[str, ...] = ()
    """Files beside the sealed ones, by name; nothing was verified of them."""

    @property
    def code(self) -> VerifyCode:
        """The exit code of the run."""
        return worst(finding.fault.code for finding in self.findings)


Verified = Verification | LedgerVerification | RunVerification
"""One thing that was verified."""
