"""What verifying found, for a person: one language, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from automation.cli.evidence.verify_words import ARCHIVES, CODES, FAULTS, LIMITS, NOTES, RESULTS, STEPS
from automation.evidence.formats.encoding import moment
from automation.evidence.keys.timestamps import DETAILS
from automation.evidence.verify.findings import (
    BesideVerification,
    Fault,
    Finding,
    LedgerVerification,
    RunVerification,
    StepName,
    Verification,
    VerificationStep,
    Verified,
    VerifyCode,
)
from automation.evidence.verify.proofs import TOLERANCE_S
from automation.text.language import printable

if TYPE_CHECKING:
    from automation.text.language import Language

_MOST_NAMES = 5
_MARKS = {"ok": "✓", "failed": "✗", "not_checked": "·"}


class VerifyText:
    """Says what was found in one language."""

    def __init__(self, words: Language, quiet: bool, allow_unstamped: bool) -> None:
        self.words, self.quiet, self.allow_unstamped = words, quiet, allow_unstamped

    def said(self, found: Verified, code: VerifyCode) -> Iterator[str]:
        """All about one thing that was verified."""
        if isinstance(found, Verification):
            return self.lines(found, code)
        if isinstance(found, BesideVerification):
            return self.end(code, (found,))
        return self.run(found, code) if isinstance(found, RunVerification) else self.ledger(found, code)

    def lines(self, found: Verification, code: VerifyCode) -> Iterator[str]:
        """All about one bundle, or that there is none."""
        if self.quiet and not code:
            return
        alone = {Fault.NOTHING_HERE, Fault.LIMIT_REACHED}
        if nothing := [finding for finding in found.findings if finding.fault in alone]:
            yield f"✗ {self.finding(nothing[0])}"
            return
        yield self._head(found.path, self.words.gettext(CODES[code]), code)
        for number, step in enumerate(found.steps, 1):
            if not (self.quiet and not step.findings):
                yield from self._step(number, step, found)

    def ledger(self, found: LedgerVerification, code: VerifyCode) -> Iterator[str]:
        """All about one ledger."""
        if self.quiet and not code:
            return
        lines = self.words.ngettext("%(num)s line", "%(num)s lines", found.lines, num=found.lines)
        end = f"{lines}, {found.head_sha256[:16]}…" if found.head_sha256 else lines
        yield self._head(found.path, f"{self.words.gettext(CODES[code])} ({end})", code)
        yield from (f"      {self.finding(finding)}" for finding in found.findings)
        if found.removed:
            yield "      " + self.words.ngettext(
                "%(num)s bundle was removed by intent, and the ledger says so: %(names)s",
                "%(num)s bundles were removed by intent, and the ledger says so: %(names)s",
                found.removed,
                num=found.removed,
                names=_some(found.removed_bundles),
            )
        for one in found.removals:
            yield "      " + self.words.gettext(
                "removed by decision: %(path)s (%(reason)s; %(person)s, %(day)s)",
                path=one.path,
                reason=one.reason,
                person=one.person,
                day=one.day,
            )

    def run(self, found: RunVerification, code: VerifyCode) -> Iterator[str]:
        """All about a run's own documents."""
        if self.quiet and not code:
            return
        verdict = self.words.gettext(CODES[code])
        if found.head_at:
            at = self.words.gettext("an authority saw the run's end at %(at)s", at=moment(found.head_at))
            verdict = f"{verdict} ({at})"
        yield self._head(self.words.gettext("results and reports of %(path)s", path=found.path), verdict, code)
        yield from (f"      {self.finding(finding)}" for finding in found.findings)
        yield from (f"      {self.words.gettext(NOTES[note])}" for note in found.notes)

    def end(self, code: VerifyCode, beside: Sequence[BesideVerification]) -> Iterator[str]:
        """The last lines: what lies beside the evidence, once, and what the whole comes to."""
        files = [name for one in beside for name in one.files]
        left = [name for one in beside for name in one.left_by_desktop]
        if self.quiet and not code:
            return
        yield from (f"  {self.finding(finding)}" for one in beside for finding in one.findings)
        if left:
            yield self.words.gettext("left behind by a desktop: %(names)s", names=_some(left))
        verdict = self.words.gettext(CODES[code])
        if files:
            verdict = self.words.ngettext(
                "%(verdict)s, and %(num)s file beside it is not evidence: %(names)s",
                "%(verdict)s, and %(num)s files beside it are not evidence: %(names)s",
                len(files),
                num=len(files),
                verdict=verdict,
                names=_some(files),
            )
        yield f"{'✗' if code else '✓'} {verdict}"

    def finding(self, finding: Finding) -> str:
        """One fault, with nothing in it that could steer a terminal."""
        why = self.words.gettext({**ARCHIVES, **RESULTS, **LIMITS}.get(finding.detail, ""))
        detail = self.words.gettext(finding.detail) if finding.detail in DETAILS else finding.detail
        text = self.words.gettext(FAULTS[finding.fault], where=finding.where, detail=detail, why=why)
        return printable(text.strip())

    def _head(self, path: str, verdict: str, code: VerifyCode) -> str:
        said = self.words.gettext("%(what)s: %(text)s", what=path, text=verdict)
        return f"{'✗' if code else '✓'} {said}"

    def _step(self, number: int, step: VerificationStep, found: Verification) -> Iterator[str]:

        known = {
            StepName.SIGNATURE: f"{found.signer[:16]}…" if found.signer else "",
            StepName.TIME: self._times(found),
            StepName.CHAIN: self.words.gettext("no. %(number)s", number=found.sequence or "?"),
        }
        detail = known.get(step.name, "") if step.checked else ""
        accepted = self.allow_unstamped and {finding.fault for finding in step.findings} == {Fault.UNSTAMPED}
        mark = _MARKS["not_checked" if accepted else step.state.value]
        yield f"  {mark} {number} {self.words.gettext(STEPS[step.name])}" + (f" ({detail})" if detail else "")
        for finding in step.findings:
            yield f"      {self.finding(finding)}"
        for note in step.notes:
            yield f"      {self.words.gettext(NOTES[note])}"

    def _times(self, found: Verification) -> str:

        after = ", ".join(f"{stamp.authority} {moment(stamp.at)}" for stamp in found.not_after)
        before = moment(found.not_before) if found.not_before else ""
        between = " … ".join(filter(None, (before, after)))
        if found.clock_offset_ms is None:
            return between
        clock = self.words.gettext(
            "the clock was %(offset)s s off, ± %(tolerance)s s",
            offset=f"{found.clock_offset_ms / 1000:+.1f}",
            tolerance=f"{TOLERANCE_S:g}",
        )
        return "; ".join(filter(None, (between, clock)))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else "")
