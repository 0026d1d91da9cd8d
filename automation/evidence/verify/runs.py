"""
Verifying a run as a whole: its results and reports are those that were sealed, and say what its bundles say.

Results and reports stand beside the bundles. What seals them is the run document, which is signed and has its own line
in the ledger. Runs that ended early, and those of before there were run documents, have none: then the results can only
be compared with the bundles, and the reports not at all.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from automation.domain.records import BundleRef
from automation.domain.results import Result, Run
from automation.errors import ConfigurationError
from automation.evidence.formats import dsse, names
from automation.evidence.formats.encoding import sha256
from automation.evidence.formats.result_file import answer_digest
from automation.evidence.formats.run_document import RunDocumentSeal
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.beside import told_apart
from automation.evidence.verify.chain import Chain, signs
from automation.evidence.verify.comparing import Agreement, compare_answer
from automation.evidence.verify.faults import Fault
from automation.evidence.verify.findings import Finding, RunVerification
from automation.evidence.verify.inventory import Stop, read
from automation.evidence.verify.run_ends import RunEnd, Told, run_end
from automation.storage.files import NotRegular, open_regular

_LARGEST_BYTES = 16_000_000
_LARGEST_FILE_BYTES = 4_000_000_000
"""Of results and reports; a file with a hole can claim any size."""


class RunFolder(Protocol):
    """A `results.json`, opened."""

    @property
    def run(self) -> Run:
        """The run."""
        ...

    @property
    def results(self) -> Callable[[], Iterator[Result]]:
        """Reads the results one by one. Raises ConfigurationError where one cannot be read."""
        ...


Open = Callable[[Path], RunFolder]
"""Opens a `results.json`; raises ConfigurationError where it cannot be read."""


@dataclass(frozen=True, slots=True)
class RunCheck:
    """What a verified bundle says, as far as the results of its run repeat it."""

    account: str
    kind: str
    envelope_sha256: str
    answer_sha256: str
    authorities: tuple[str, ...]
    """Those that were to stamp it."""


def verify_run(
    folder: Path,
    loose: Iterable[str],
    chain: Chain | None,
    bundles: Mapping[str, RunCheck],
    *,
    shown: str,
    trust: Trust | None,
    open_run: Open | None,
) -> RunVerification:
    """
    Verify what lies in a run's folder beside its bundles.

    Args:
        folder: the run's.
        loose: names of the files in it, and of unfinished folders.
        chain: the ledger that it should be in; None where there is none.
        bundles: name → what was found of each bundle in it.
        shown: the path to name it by.
        trust: whom to believe.
        open_run: reads the results; None leaves out comparing them with the bundles.
    """
    return _RunFolder(folder, chain, loose, bundles, trust).verification(shown, open_run)


@dataclass(slots=True)
class _RunFolder:
    folder: Path
    chain: Chain | None
    loose: Iterable[str]
    bundles: Mapping[str, RunCheck]
    trust: Trust | None
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unsealed: list[str] = field(default_factory=list)
    signer: str = ""
    end: RunEnd | None = None

    def verification(self, shown: str, open_run: Open | None) -> RunVerification:
        """All that is found of it."""
        document = self._document()
        if document is None:
            self.notes.append("run_unsealed")
            if self.chain is not None and not self.chain.tells_of(self.chain.relative(self.folder)):
                self.findings.append(Finding(Fault.RUN_NOT_IN_LEDGER, self.folder.name))
        else:
            self._contents(document)
        self._beside(document)
        if open_run is not None and (document is None or names.RESULTS in document.files):
            self.findings += self._results(open_run, document)
        return RunVerification(
            path=shown,
            run=self.folder.name,
            findings=tuple(self.findings),
            notes=tuple(self.notes),
            signer=self.signer,
            sealed_at=document.sealed_at if document else None,
            head_at=self.end.seen_at if self.end else None,
            unsealed=tuple(self.unsealed),
        )

    def _document(self) -> RunDocumentSeal | None:
        """The run document; that it is missing although the ledger tells of it, the ledger says."""
        path = self.folder / names.RUN_DOCUMENT
        told = self.chain.runs.get(self.chain.relative(path)) if self.chain else None
        if told and not path.exists():
            return None
        try:
            data = read(self.folder, names.RUN_DOCUMENT, _LARGEST_BYTES)
            envelope = dsse.opened(data, dsse.RUN)
            document = RunDocumentSeal.decoded(envelope.payload)
        except Stop as stop:
            if stop.finding.fault is not Fault.FILE_MISSING:
                self.findings.append(stop.finding)
            return None
        except ValueError as error:
            self.findings.append(Finding(Fault.RUN_DOCUMENT_MALFORMED, names.RUN_DOCUMENT, str(error)))
            return None
        if self.chain is not None:
            if told is not None:
                self.chain.met.add(told.sequence)
            if told is None or told.envelope_sha256 != sha256(data) or document.run != self.folder.name:
                self.findings.append(Finding(Fault.RUN_DOCUMENT_DIFFERS, names.RUN_DOCUMENT))
        elif document.run != self.folder.absolute().name:
            self.notes.append("renamed")
        asked = frozenset(name for bundle in self.bundles.values() for name in bundle.authorities)
        self.end = run_end(self.folder, data, document, Told(self.chain, told, self.trust, asked))
        self.findings += self.end.findings
        proven = [self.end.seen_at, self.chain.proven_at(told.sequence) if self.chain and told else None]
        proven_at = min((at for at in proven if at is not None), default=None)
        self.signer = envelope.key_id
        if not signs(envelope, self.trust, document.sealed_at, proven_at):
            self.findings.append(Finding(Fault.RUN_NOT_TRUSTED, names.RUN_DOCUMENT, envelope.key_id))
        return document

    def _contents(self, document: RunDocumentSeal) -> None:
        """Every sealed file and every bundle is as the document names it."""
        for name, digest in sorted(document.files.items()):
            self.findings += self._file(name, digest)
        for name in sorted(document.bundles.keys() | self.bundles.keys()):
            found = self.bundles.get(name)
            digest = document.bundles.get(name, "")
            if found is None:
                if self.chain is None:  # else the ledger tells whether it was removed by intent
                    self.findings.append(Finding(Fault.BUNDLE_MISSING, name, "-"))
            elif found.envelope_sha256 != digest:
                self.findings.append(Finding(Fault.BUNDLE_NOT_OF_RUN, name))

    def _beside(self, document: RunDocumentSeal | None) -> None:
        """What else lies here is told; what could be taken for something sealed is a finding, each report among it."""
        own = {names.RUN_DOCUMENT, *(document.files if document else (names.RESULTS,))}
        own |= self.end.files if self.end else set()
        added, unsealed = told_apart(self.folder, (name for name in self.loose if name not in own))
        self.findings += [Finding(Fault.FILE_ADDED, name) for name in added]
        self.unsealed += unsealed
        if self.chain is not None:
            self.findings += self.chain.unfinished_twins(self.folder, unsealed)

    def _file(self, name: str, digest: str) -> Iterator[Finding]:
        if not names.is_plain(name) or "/" in name:
            yield Finding(Fault.FILE_MISSING, name)
            return
        try:
            with open_regular(self.folder / name) as file:
                if os.fstat(file.fileno()).st_size > _LARGEST_FILE_BYTES:
                    yield Finding(Fault.TOO_LARGE, name, f"> {_LARGEST_FILE_BYTES} B")
                elif hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    yield Finding(Fault.FILE_ALTERED, name)
        except (FileNotFoundError, NotRegular):
            yield Finding(Fault.FILE_MISSING, name)  # whatever stands in its place is named for itself
        except OSError as error:
            yield Finding(Fault.FILE_UNREADABLE, name, error.strerror or "")

    def _results(self, open_run: Open, document: RunDocumentSeal | None) -> Iterator[Finding]:
        """Each result says what its bundle says, and every account with a bundle has its result."""
        path = self.folder / names.RESULTS
        try:
            open_regular(path).close()
        except FileNotFoundError:
            return
        except OSError as error:
            yield Finding(Fault.FILE_UNREADABLE, names.RESULTS, error.strerror or "")
            return
        accounts, listed = set(), frozenset(document.bundles.values() if document else ())
        try:
            for result in open_run(path).results():
                found = "account_twice" if result.account in accounts else self._result(result, listed)
                accounts.add(result.account)
                if found is not None:
                    yield Finding(Fault.RESULTS_DIFFER, result.account, found)
        except ConfigurationError as error:
            yield Finding(Fault.FILE_UNREADABLE, names.RESULTS, error.message)
            return
        sealed = {one.account for one in self.bundles.values() if one.kind == names.FileKind.VISIT.value}
        for account in sorted(sealed - accounts):
            yield Finding(Fault.RESULTS_DIFFER, account, "left_out")

    def _result(self, result: Result, listed: Container[str]) -> str | None:
        """Name of the sentence that says how it differs."""
        if result.bundle is None:
            return "no_bundle" if result.verdict.is_answer else None
        if result.judged_at is not None:
            return self._judged_again(result, result.bundle)
        found = self.bundles.get(Path(result.bundle.path).name)
        if found is None:
            return None if self._was_here(result.account, result.bundle, listed) else "bundle_not_here"
        same_seal = result.bundle.envelope_sha256 in {"", found.envelope_sha256}
        if not found.answer_sha256:
            return None  # the bundle cannot be read, which is said of it
        same = same_seal and (found.account, found.answer_sha256) == (result.account, answer_digest(result))
        return None if same else "not_the_same"

    def _judged_again(self, result: Result, bundle: BundleRef) -> str | None:
        """Of an answer that a look gave to the visit of another run: whether the visit is the one that was sealed."""
        place = PurePosixPath(bundle.below(self.folder.absolute().name).path)
        named = names.BUNDLE.fullmatch(place.name)
        if len(place.parts) != 2 or named is None or named[1] != result.account:
            return "not_the_same"
        if compare_answer(self.folder, result) is Agreement.OTHER:
            return "not_the_same"
        root = self.folder.absolute().parent
        sealed = (
            self.chain is not None and (self.chain.relative(root / place), bundle.envelope_sha256) in self.chain.seals
        )
        return None if sealed else "bundle_not_here"

    def _was_here(self, account: str, bundle: BundleRef, listed: Container[str]) -> bool:
        """Whether there was such a bundle. Whether it may be gone, the ledger says; without one, the run document."""
        name, seal = Path(bundle.path).name, bundle.envelope_sha256
        named = names.BUNDLE.fullmatch(name)
        if named is None or named[1] != account:
            return False
        if seal in listed:
            return True
        return self.chain is not None and (self.chain.relative(self.folder / name), seal) in self.chain.seals
