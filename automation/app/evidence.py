"""Ends of a ledger that a person kept, as they come: a line, a short code, a file with either."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path

from automation.app.setup import data_folder, keys_of, known_keys
from automation.app.verify_words import ARCHIVES, CODES, FAULTS, LIMITS, NOTES, RESULTS, STEPS
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.core.records import Authority
from automation.evidence.formats.ledger_line import KeptHead, heads_in
from automation.evidence.formats.signed import moment
from automation.evidence.keys.presets import PRESETS
from automation.evidence.keys.signing import Keys
from automation.evidence.keys.timestamps import DETAILS
from automation.evidence.verify.chain import Chain
from automation.evidence.verify.chain_reading import read_chain
from automation.evidence.verify.examine import examine
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
    worst,
)
from automation.evidence.verify.proofs import TOLERANCE_S
from automation.reports.stored import open_stored
from automation.text.language import Language, one_line, printable
from automation.text.redaction import Secrets

_LONGEST = 1_000_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""What `>` of a Windows shell begins a file with."""


def kept_heads(given: Iterable[str]) -> tuple[KeptHead, ...]:
    """The heads in texts and files. Raises ConfigurationError: one of them holds none, or cannot be read."""
    found: list[KeptHead] = []
    for text in given:
        heads = heads_in(text) or heads_in(_content(text))
        if not heads:
            raise ConfigurationError(
                f'"{text[:100]}" holds no end of a ledger',
                "Give the line that `temoin evidence head export` printed, its short code, or a file with one of them.",
            )
        found += heads
    return tuple(found)


def _content(name: str) -> str:
    path = Path(name)
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            data = file.read(_LONGEST)
        return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig", errors="replace")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{name[:100]}: cannot be read ({error})", "Name another file.") from None


def preset_authority(name: str, root: Path | None, settings: Settings) -> Authority:
    """
    An authority of the table, with its root certificate as it was named, or is pinned on this machine since before.

    Raises ConfigurationError: there is no such row, or no certificate, or another one than the table's.
    """
    if name not in PRESETS:
        raise ConfigurationError(f"unknown preset '{name}'", f"Use one of {', '.join(PRESETS)}.")
    preset = PRESETS[name]
    if root is not None:
        return preset.authority(content_of(root))
    pinned = keys_of(settings).trust().called(name)
    if not pinned:
        raise ConfigurationError(
            f"the root certificate of {name} is not here yet",
            f"Take it from {preset.root_from} and name it once: --root FILE.",
        )
    return preset.authority(pinned[-1].root.encode())


def chain_of(folder: Path | None, settings: Settings | None) -> Chain:
    """
    The ledger of an evidence folder, which was named or is the configured one.

    Raises ConfigurationError: there is none.
    """
    root = folder if folder is not None or settings is None else settings.output
    chain = read_chain(root, Keys(data_folder() / "keys").trust()) if root is not None else None
    if chain is None:
        raise ConfigurationError(f"{root}: there is no ledger here", "Name the evidence folder.")
    # Whose key signed it is `temoin verify`'s to say: a kept line says more than any signature.
    chain.findings = [finding for finding in chain.findings if finding.fault is not Fault.HEAD_NOT_TRUSTED]
    return chain


def verified_lines(path: Path, words: Language, secrets: Secrets | None) -> tuple[bool, tuple[str, ...]]:
    """
    Whether evidence is in order by this machine's own trust file, unstamped or not; and what was found, in lines.

    It is searched for the secrets; None: that step is left out, and says so.
    """
    speaker, good = VerifyText(words, quiet=False, allow_unstamped=True), True
    lines: list[str] = []
    for found in examine(path, known_keys(None), secrets, open_run=open_stored):
        code = exit_code_of(found, allow_unstamped=True)
        good = good and not code
        lines += map(one_line, speaker.said(found, code))
    return good and bool(lines), tuple(lines)


def exit_code_of(found: Verified, *, allow_unstamped: bool) -> VerifyCode:
    """What one thing alone would end the command with; what nobody ever stamped may be accepted."""
    accepted = {Fault.UNSTAMPED} if allow_unstamped else set()
    return worst(finding.fault.code for finding in found.findings if finding.fault not in accepted)


_MOST_NAMES = 5
_MARKS = {"ok": "✓", "failed": "✗", "not_checked": "·"}


class VerifyText:
    """Says what was found in one language."""

    def __init__(
        self, words: Language, quiet: bool, allow_unstamped: bool, qualified: Container[str] = frozenset()
    ) -> None:
        self.words, self.quiet, self.allow_unstamped = words, quiet, allow_unstamped
        self._qualified = qualified
        """Names of the authorities whose time is a qualified one."""

    def said(self, found: Verified, code: VerifyCode) -> Iterator[str]:
        """All about one thing that was verified; nothing of what is in order where it is quiet."""
        if isinstance(found, BesideVerification):
            return self.end(code, (found,))
        if self.quiet and not code:
            return iter(())
        if isinstance(found, Verification):
            return self._bundle(found, code)
        return self._run(found, code) if isinstance(found, RunVerification) else self._ledger(found, code)

    def _bundle(self, found: Verification, code: VerifyCode) -> Iterator[str]:
        """All about one bundle, or that there is none."""
        alone = {Fault.NOTHING_HERE, Fault.LIMIT_REACHED}
        if nothing := [finding for finding in found.findings if finding.fault in alone]:
            yield f"✗ {self.finding(nothing[0])}"
            return
        yield self._head(found.path, self.words.gettext(CODES[code]), code)
        for number, step in enumerate(found.steps, 1):
            if step.findings or not self.quiet:
                yield from self._step(number, step, found)

    def _ledger(self, found: LedgerVerification, code: VerifyCode) -> Iterator[str]:
        _ = self.words.gettext
        lines = self.words.ngettext("%(num)s line", "%(num)s lines", found.lines, num=found.lines)
        end = f"{lines}, {found.head_sha256[:16]}…" if found.head_sha256 else lines
        yield self._head(found.path, f"{_(CODES[code])} ({end})", code)
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
            values = {"path": one.path, "reason": one.reason, "person": one.person, "day": one.day}
            yield "      " + _("removed by decision: %(path)s (%(reason)s; %(person)s, %(day)s)", **values)

    def _run(self, found: RunVerification, code: VerifyCode) -> Iterator[str]:
        """All about a run's own documents."""
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
        for note in (*step.notes, *self._what_is_qualified(step, found)):
            yield f"      {self.words.gettext(NOTES[note])}"

    def _what_is_qualified(self, step: VerificationStep, found: Verification) -> Iterator[str]:
        """What a good stamp of a qualified authority makes of the bundle, and what it does not."""
        good = step.name is StepName.TIME and step.checked and not step.findings
        if good and any(stamp.authority in self._qualified for stamp in found.not_after):
            yield "qualified_time"

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


def content_of(path: Path) -> bytes:
    """A file that somebody named. Raises ConfigurationError: it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{path}: cannot be read ({error.strerror or error})", "Correct the path or its permissions."
        ) from None
