"""
Verifying a run as a whole: its results and reports are those that were sealed, and say what its bundles say.

Results and reports stand beside the bundles. What seals them is the run document, which is signed and has its own line
in the ledger. A run that ended early has none: then nothing seals its results, and they are no evidence.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from automation.core.errors import ConfigurationError
from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger_line import Head, kept
from automation.evidence.formats.result_file import answer_digest
from automation.evidence.formats.signed import Previous, RunDocumentSeal, sha256
from automation.evidence.keys.timestamps import BadStamp, check
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.chain import Chain, LedgerPosition, in_the_future, signs
from automation.evidence.verify.findings import Fault, Finding, RunVerification, Stamped, Verification
from automation.evidence.verify.opened import Agreement, compare_answer
from automation.evidence.verify.proofs import Times, fault_of, taken_away
from automation.evidence.verify.reading import Source, Stop

if TYPE_CHECKING:
    from automation.core.records import BundleRef
    from automation.core.results import Result, Run

_LARGEST_BYTES = 16_000_000
_LARGEST_FILE_BYTES = 4_000_000_000
"""Of results and reports; a file with a hole can claim any size."""
_REPORT_HEAD_BYTES = 4_000_000
_ANSWERS = re.compile(r'<meta name="temoin-answers" content="([^"]*)">')


class StoredRun(Protocol):
    """A `results.json`, opened."""

    @property
    def run(self) -> Run:
        """The run."""
        ...

    @property
    def results(self) -> Callable[[], Iterator[Result]]:
        """Reads the results one by one. Raises ConfigurationError where one cannot be read."""
        ...


Open = Callable[[Path], StoredRun]
"""Opens a `results.json`; raises ConfigurationError where it cannot be read."""


@dataclass(slots=True)
class RunFolder:
    """
    What seals a run, and what it seals beside the bundles.

    Attributes:
        source: the run's folder.
        chain: the ledger that it should be in, or the piece that it carries; None where there is neither.
        bundles: name → what was found of each bundle in it.
        trust: whom to believe.
    """

    source: Source
    chain: Chain | None
    bundles: Mapping[str, Verification]
    trust: Trust | None
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    signer: str = ""
    own: set[str] = field(default_factory=set)
    """Names of the files in its folder that are evidence."""
    head_at: datetime | None = None

    def verification(self, shown: str, open_run: Open | None) -> RunVerification:
        """
        All that is found of it.

        Args:
            shown: the path to name it by.
            open_run: reads the results; None leaves out comparing them with the bundles.

        Raises:
            BudgetReached: there is more than a call looks at.
        """
        name = self.source.folder.name
        if self.chain is None:
            self.findings.append(Finding(Fault.NOT_PROVABLE, name))
        document = self._document()
        if document is not None:
            self.own |= {names.RUN_DOCUMENT, *document.files}
            if not any(finding.fault is Fault.RUN_NOT_TRUSTED for finding in self.findings):
                self.source.budget.proven()
                self._contents(document)
                if open_run is not None:
                    self.findings += self._results(open_run, document)
        return RunVerification(
            path=shown,
            run=name,
            findings=tuple(self.findings),
            notes=tuple(self.notes),
            signer=self.signer,
            sealed_at=document.sealed_at if document else None,
            head_at=self.head_at,
            own=frozenset(self.own),
        )

    def _document(self) -> RunDocumentSeal | None:
        """The run document; that it is missing although the ledger tells of it, the ledger says."""
        folder, chain = self.source.folder, self.chain
        told = chain.runs.get(chain.relative(folder / names.RUN_DOCUMENT)) if chain else None
        try:
            data = self.source.read(names.RUN_DOCUMENT, _LARGEST_BYTES)
            envelope = dsse.opened(data, dsse.RUN)
            document = RunDocumentSeal.decoded(envelope.payload)
        except Stop as stop:
            if stop.finding.fault is not Fault.FILE_MISSING:
                self.findings.append(stop.finding)
            return None
        except ValueError as error:
            self.findings.append(Finding(Fault.RUN_DOCUMENT_MALFORMED, names.RUN_DOCUMENT, str(error)))
            return None
        if chain is not None:
            self._place(data, document, chain, told)
        self.head_at = self._head_kept(told) if document.is_first_form else self._end(data, document, told)
        proven = [self.head_at, chain.proven_at(told.sequence) if chain and told else None]
        proven_at = min((at for at in proven if at is not None), default=None)
        self.signer = envelope.key_id
        if not signs(envelope, self.trust, document.sealed_at, proven_at):
            self.findings.append(Finding(Fault.RUN_NOT_TRUSTED, names.RUN_DOCUMENT, envelope.key_id))
        self.findings += in_the_future(names.RUN_DOCUMENT, document.sealed_at)
        return document

    def _end(self, data: bytes, document: RunDocumentSeal, told: LedgerPosition | None) -> datetime | None:
        """The document's stamps, and the end of the ledger that it names; when an authority saw it at the latest."""
        stamps, files = self._stamps(data, names.RUN_TOKEN, names.run_token)
        self.findings += [*stamps.findings, *taken_away(self.source, names.run_token, stamps, told)]
        if told is None:
            lacking = (path for name in document.authorities if (path := names.run_token(name, "tsr")) not in files)
            self.findings += [Finding(Fault.TOKEN_NOT_ACCOUNTED, path) for path in lacking]
        self.findings += self._of_another_ledger(document.previous or Previous(), told)
        self.own |= files
        return stamps.proven_at

    def _of_another_ledger(self, before: Previous, told: LedgerPosition | None) -> Iterator[Finding]:
        """Where the ledger is not the one that the run was sealed in: cut, made anew, or another place in it."""
        if self.chain is None:
            return
        differs = self.chain.differs(kept(before.sequence, before.line_sha256)) if before.line_sha256 else None
        if differs is not None:
            yield differs
        elif told is not None:
            there = (told.sequence - 1, told.previous_envelope_sha256)
            if (before.sequence, before.envelope_sha256) != there:
                yield Finding(Fault.LINK_DIFFERS, names.RUN_DOCUMENT, str(told.sequence))

    def _head_kept(self, told: LedgerPosition | None) -> datetime | None:
        """
        In the first form: the ledger's end as it was after this run, of which no line tells.

        It must be there and be the run's own; the answer is when an authority saw it at the latest.
        """
        self.own.add(names.RUN_HEAD)
        try:
            data = self.source.read(names.RUN_HEAD)
            envelope = dsse.opened(data, dsse.LEDGER_HEAD)
            head = Head.decoded(envelope.payload)
        except Stop as stop:
            missing = stop.finding.fault is Fault.FILE_MISSING
            self.findings.append(Finding(Fault.HEAD_MISSING, names.RUN_HEAD) if missing else stop.finding)
            return None
        except ValueError:
            self.findings.append(Finding(Fault.RUN_DOCUMENT_DIFFERS, names.RUN_HEAD))
            return None
        stamps, files = self._stamps(data, names.HEAD_TOKEN, names.head_token)
        self.own |= files
        self.findings += stamps.findings
        if self.chain is not None and (differs := self.chain.differs(kept(head.sequence, head.line_sha256))):
            self.findings.append(differs)
        elif told is not None and head.sequence != told.sequence:
            self.findings.append(Finding(Fault.RUN_DOCUMENT_DIFFERS, names.RUN_HEAD))
        if not signs(envelope, self.trust, head.at, stamps.proven_at):
            self.findings.append(Finding(Fault.HEAD_NOT_TRUSTED, names.RUN_HEAD, envelope.key_id))
        asked = {name for bundle in self.bundles.values() for name in bundle.authorities}
        lacking = (path for name in sorted(asked) if (path := names.head_token(name, "tsr")) not in files)
        self.findings += [Finding(Fault.TOKEN_NOT_ACCOUNTED, path) for path in lacking]
        return stamps.proven_at

    def _stamps(
        self, data: bytes, pattern: re.Pattern[str], name: Callable[[str, str], str]
    ) -> tuple[Times, frozenset[str]]:
        """What the tokens in the run's folder prove of some data; and their names, with those of their requests."""
        entries = (pattern.fullmatch(path.name) for path in self.source.folder.iterdir())
        there = sorted({match[1] for match in entries if match is not None})
        stamped: list[Stamped] = []
        findings: list[Finding] = []
        for authority in there:
            try:
                request, response = (self.source.read(name(authority, suffix)) for suffix in ("tsq", "tsr"))
                pinned = self.trust.called(authority) if self.trust else ()
                stamped.append(Stamped(authority, check(data, request, response, pinned)))
            except Stop as stop:
                findings.append(stop.finding)
            except BadStamp as error:
                findings.append(Finding(fault_of(error, self.trust), name(authority, "tsr"), error.detail))
        files = frozenset(name(authority, suffix) for authority in there for suffix in ("tsq", "tsr"))
        return Times(None, tuple(stamped), tuple(findings)), files

    def _place(self, data: bytes, document: RunDocumentSeal, chain: Chain, told: LedgerPosition | None) -> None:
        """The document is the one of its line, and so is the piece of the ledger that the run carries."""
        folder = self.source.folder
        if told is not None:
            chain.met.add(told.sequence)
            if told.envelope_sha256 in chain.removed:
                self.findings.append(Finding(Fault.REMOVED_BUT_HERE, names.RUN_DOCUMENT))
        run = chain.relative(folder / names.RUN_DOCUMENT).split("/")[0]  # as the ledger calls it
        if told is None or told.envelope_sha256 != sha256(data) or document.run != run:
            self.findings.append(Finding(Fault.RUN_DOCUMENT_DIFFERS, names.RUN_DOCUMENT))
        if document.run != folder.absolute().name:
            self.notes.append("renamed")
        if not chain.is_whole:
            self.own |= {names.RUN_LEDGER, names.RUN_HEAD}
        elif not document.is_first_form:
            self.findings += self._piece(run, told, chain)

    def _piece(self, run: str, told: LedgerPosition | None, chain: Chain) -> Iterator[Finding]:
        """
        The piece of the ledger that the run carries: the ledger's own lines, from its first to its document's at least.

        Where a crash left half of it, that is no evidence, and lies beside. The head of the piece only has to be signed
        by a known key: that the lines stand, the ledger's own end says.
        """
        if not all(os.path.lexists(self.source.folder / name) for name in (names.RUN_LEDGER, names.RUN_HEAD)):
            return
        self.own |= {names.RUN_LEDGER, names.RUN_HEAD}
        try:
            data = self.source.read(names.RUN_LEDGER, _LARGEST_BYTES)
            envelope = dsse.opened(self.source.read(names.RUN_HEAD), dsse.LEDGER_HEAD)
            head = Head.decoded(envelope.payload)
        except Stop as stop:
            yield stop.finding
            return
        except ValueError:
            yield Finding(Fault.HEAD_DIFFERS, names.RUN_HEAD)
            return
        first = min(
            (
                place.sequence
                for place in (*chain.places.values(), *chain.runs.values())
                if place.bundle.startswith(f"{run}/")
            ),
            default=1,
        )
        *lines, rest = data.split(b"\n")
        end = first + len(lines) - 1
        same = chain.digests[first - 1 : end] == [hashlib.sha256(line).digest() for line in lines]
        if b"\r\n" in data:
            yield Finding(Fault.LINE_ENDS, names.RUN_LEDGER)
        elif rest or not same:
            yield Finding(Fault.TWO_HISTORIES, str(first), names.RUN_LEDGER)
        elif told is not None and told.sequence > end:
            yield Finding(Fault.RUN_DOCUMENT_DIFFERS, names.RUN_LEDGER)
        elif (head.sequence, head.line_sha256) != (end, chain.line_before(end + 1)):
            yield Finding(Fault.HEAD_DIFFERS, names.RUN_HEAD, f"{end} ≠ {head.sequence}")
        known = self.trust.find(envelope.key_id) if self.trust else None
        if known is None or not envelope.signed_by(known.key()):
            yield Finding(Fault.HEAD_NOT_TRUSTED, names.RUN_HEAD, envelope.key_id)

    def _contents(self, document: RunDocumentSeal) -> None:
        """Every sealed file and every bundle is as the document names it."""
        for name, digest in sorted(document.files.items()):
            self.findings += self._file(name, digest)
        self.findings += self._seen(document.files)
        for name in sorted(document.bundles.keys() | self.bundles.keys()):
            found = self.bundles.get(name)
            digest = document.bundles.get(name, "")
            if found is None:
                # The ledger tells whether it was removed by intent; a piece could be cut at its beginning.
                if self.chain is None or self.chain.relative(self.source.folder / name) not in self.chain.bundles:
                    self.findings.append(Finding(Fault.BUNDLE_MISSING, name, "-"))
            elif found.envelope_sha256 != digest:
                self.findings.append(Finding(Fault.BUNDLE_NOT_OF_RUN, name))

    def _seen(self, sealed: Mapping[str, str]) -> Iterator[Finding]:
        """What people added to the looks of the run: each is sealed under its digest, and nothing else lies here so."""
        folder = self.source.folder
        looks = self.source.read(names.LOOKS, _LARGEST_BYTES) if self._is_as_sealed(names.LOOKS, sealed) else b""
        named = {match[0] for match in names.SEEN.finditer(looks.decode(errors="replace"))}
        there = {path.name for path in folder.iterdir() if names.SEEN.fullmatch(path.name)}
        self.own |= there
        for name in sorted(named - {name for name, digest in sealed.items() if f"-{digest}." in name}):
            yield Finding(Fault.FILE_MISSING, name)
        for name in sorted(there - sealed.keys()):
            yield Finding(Fault.FILE_ADDED, name)

    def _is_as_sealed(self, name: str, sealed: Mapping[str, str]) -> bool:
        return name in sealed and not any(finding.where == name for finding in self.findings)

    def _file(self, name: str, digest: str) -> Iterator[Finding]:
        if not names.is_plain(name) or "/" in name:
            yield Finding(Fault.FILE_MISSING, name)
            return
        try:
            yield from filter(None, (self.source.differs(name, digest, _LARGEST_FILE_BYTES),))
        except Stop as stop:
            yield stop.finding  # of a link or a pipe: whatever stands in its place is named for itself

    def _results(self, open_run: Open, document: RunDocumentSeal) -> Iterator[Finding]:
        """Each result says what its bundle says, and so do the reports; every account with a bundle has its result."""
        answers: dict[str, str] = {}
        listed = frozenset(document.bundles.values())
        if not self._is_as_sealed(names.RESULTS, document.files):
            return  # it is gone, altered or cannot be read, which is said
        try:
            for result in open_run(self.source.folder / names.RESULTS).results():
                self.source.budget.spend("bytes", 0)
                found = "account_twice" if result.account in answers else self._result(result, listed)
                answers[result.account] = result.verdict.value
                if found is not None:
                    yield Finding(Fault.RESULTS_DIFFER, result.account, found)
        except ConfigurationError as error:
            yield Finding(Fault.FILE_UNREADABLE, names.RESULTS, error.message)
            return
        sealed = {one.account for one in self.bundles.values() if one.kind == names.FileKind.VISIT.value}
        for account in sorted(sealed - answers.keys()):
            yield Finding(Fault.RESULTS_DIFFER, account, "left_out")
        for name in sorted(filter(names.REPORT.fullmatch, document.files)):
            yield from self._report(name, answers)

    def _report(self, name: str, answers: Mapping[str, str]) -> Iterator[Finding]:
        """A report says what the results say: by the list of answers in its head."""
        try:
            with (self.source.folder / name).open("rb") as file:
                head = file.read(_REPORT_HEAD_BYTES).decode(errors="replace")
        except OSError:
            return  # that it is gone is said
        found = _ANSWERS.search(head)
        try:
            told = json.loads(html.unescape(found[1])) if found else None
        except ValueError:
            told = None
        if told != dict(answers):
            yield Finding(Fault.REPORT_DIFFERS, name)

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
        place = PurePosixPath(bundle.below(self.source.folder.absolute().name).path)
        named = names.BUNDLE.fullmatch(place.name)
        if len(place.parts) != 2 or named is None or named[1] != result.account:
            return "not_the_same"
        if compare_answer(self.source.folder, result, self.chain) is Agreement.OTHER:
            return "not_the_same"
        chain = self.chain
        if chain is None or not chain.is_whole:
            return None  # the piece that a run carries tells of no other run's bundles; its document seals the answer
        path = chain.relative(self.source.folder.absolute().parent / place)
        return None if (path, bundle.envelope_sha256) in chain.seals else "bundle_not_here"

    def _was_here(self, account: str, bundle: BundleRef, listed: Container[str]) -> bool:
        """Whether there was such a bundle. Whether it may be gone, the ledger says; without one, the run document."""
        name, seal = Path(bundle.path).name, bundle.envelope_sha256
        named = names.BUNDLE.fullmatch(name)
        if named is None or named[1] != account:
            return False
        if seal in listed:
            return True
        return self.chain is not None and (self.chain.relative(self.source.folder / name), seal) in self.chain.seals
