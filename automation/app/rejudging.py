"""
Stored visits judged again after a look, and the new answers written as a sealed run of their own.

Such a run holds no bundle: its results name those of the visits, and differ from them only in what a judgement decides.
Its document is signed and has its line in the ledger, so that neither its answers nor the looks beside them can be
changed or taken away unseen.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from automation import __version__
from automation.app.look_files import seal_with
from automation.app.setup import looks_files
from automation.config import Settings
from automation.core.errors import BundleError, ConfigurationError, OutputError
from automation.core.looks import Look
from automation.core.observations import Observation
from automation.core.results import Result, Run, RunDocument, exit_code_of
from automation.core.verdicts import Judgement
from automation.evidence.formats import names
from automation.evidence.formats.ledger import LEDGER
from automation.evidence.formats.ledger_line import kept
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.opened import OBSERVATION, open_evidence, parse_observation
from automation.evidence.write.sealer import Sealer, seal_run
from automation.flow import Flow
from automation.flow.looks import KeptLook, looks_text, with_looks_of
from automation.reports.as_json import pieces
from automation.reports.stored import NAME, newest_of_each, open_all
from automation.storage.files import write_text, writing
from automation.visit.conclusion import Terms, conclude, judged_again, terms_of


@dataclass(frozen=True, slots=True)
class LookMeans:
    """With what looks are taken on this machine."""

    settings: Settings
    flows: Mapping[str, Flow]
    sealer: Callable[[Path], Sealer]
    """Of an evidence folder."""
    locked: Callable[[Path], AbstractContextManager[None]]
    """Keeps other programs of ours from changing a file at the same time."""
    ruled: Callable[[Result, Path], Result]
    """A result of an evidence folder with what it is worth by the policy, by what people said and by filed cases."""
    remember: Callable[[RunDocument, Path], None]
    """Keeps a run's results in the history of an evidence folder, and moves its cases."""

    def trust_of(self, root: Path) -> Trust | None:
        """Whom to believe of an evidence folder: the keys that seal in it on this machine."""
        own = self.sealer(root).keys.trust()
        return own if own.keys else None


@dataclass(frozen=True, slots=True)
class Visit:
    """The newest answer of one account, and the evidence that it is about."""

    result: Result
    bundle: Path
    root: Path
    """The evidence folder."""

    def observation(self) -> Observation | None:
        """What was read, without a look at its seal; None where the visit was stopped before, or it cannot be read."""
        try:
            return parse_observation((self.bundle / OBSERVATION).read_bytes())
        except (OSError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What looks make of one visit."""

    visit: Visit
    before: Judgement
    after: Judgement


def newest_visits(root: Path) -> Iterator[Visit]:
    """The newest answer of each account of an evidence folder that has evidence; what cannot be read is left out."""
    runs = tuple(open_all(sorted(root.glob(f"*/{NAME}"))))
    for stored, result in newest_of_each(runs):
        if result.bundle is not None:
            bundle = Path(os.path.normpath(stored.path.parent / result.bundle.path))
            yield Visit(result, bundle, root)


def visit_of(bundle: Path, means: LookMeans) -> Visit:
    """
    A bundle as the evidence of a visit, wherever it lies.

    Raises ConfigurationError: it is none, or not as it was sealed.
    """
    root = bundle.absolute().parent.parent
    return Visit(open_evidence(bundle, means.trust_of(root), any_stand_in=True).result, bundle, root)


def changes_by(
    visits: Iterable[Visit], means: LookMeans, before: Iterable[Look], after: Iterable[Look], today: date
) -> Iterator[AnswerChange]:
    """The visits that are answered otherwise with the looks `after` than with those `before`; each is judged twice."""
    now, then = with_looks_of(means.flows, before), with_looks_of(means.flows, after)
    for visit in visits:
        name = visit.result.flow
        if name not in now or now[name].looks == then[name].looks or (seen := visit.observation()) is None:
            continue
        terms = terms_of(visit.result, today, strict=means.settings.strict)
        one, other = conclude(now[name], seen, None, terms), conclude(then[name], seen, None, terms)
        if answer_of(one) != answer_of(other):
            yield AnswerChange(visit, one, other)


def answer_of(judgement: Judgement) -> tuple[object, ...]:
    """What makes two judgements one answer."""
    return judgement.verdict, judgement.reason, judgement.because_key


def judge_again(root: Path, means: LookMeans, looks: Iterable[KeptLook], at: datetime) -> tuple[RunDocument, ...]:
    """
    Judge the newest evidence of each account again, and write what is answered otherwise by the looks of now.

    An answer that neither rests on a look nor did so before is left as it is: that would be a change of the rules. The
    runs that were written come back, those of stand-ins apart. Raises BundleError, OutputError: this folder is not this
    machine's to write to; it is as it was.
    """
    counting = [one for one in looks if one.counts]
    flows = with_looks_of(means.flows, (one.look for one in counting))
    results: dict[bool, list[Result]] = {}
    trust = means.trust_of(root)
    for visit in newest_visits(root):
        if visit.result.flow in flows:
            terms = terms_of(visit.result, at.date(), strict=means.settings.strict)
            again = _again(visit, flows[visit.result.flow], terms, at, trust)
            if again is not None:
                again = means.ruled(again, root)
                results.setdefault(again.environment.stand_in, []).append(again)
    return tuple(_written(root, tuple(found), counting, means, at, stand_in=key) for key, found in results.items())


def _again(visit: Visit, flow: Flow, terms: Terms, at: datetime, trust: Trust | None) -> Result | None:
    """The new answer of a visit, where looks give or took one."""
    observation, result = visit.observation(), visit.result
    if observation is None:
        return None
    judgement = conclude(flow, observation, None, terms)
    by_looks = judgement.looks or result.looks
    stored = result.verdict, result.reason, result.because_key, result.looks
    if not by_looks or (*answer_of(judgement), judgement.looks) == stored:
        return None
    try:
        observation = open_evidence(visit.bundle, trust, any_stand_in=True).observation
    except ConfigurationError:  # what is not as it was sealed gets no answer
        return None
    if observation is None or result.bundle is None:
        return None
    path = f"../{visit.bundle.relative_to(visit.root).as_posix()}"
    moved = replace(result, bundle=replace(result.bundle, path=path))
    return judged_again(moved, observation, flow, terms, judgement, at)


def _written(
    root: Path,
    results: tuple[Result, ...],
    looks: Iterable[KeptLook],
    means: LookMeans,
    at: datetime,
    *,
    stand_in: bool,
) -> RunDocument:
    """Results as a sealed run; nothing is left of it where it cannot be sealed."""
    if not (root / LEDGER).is_file():
        raise BundleError(f"{root}: there is no ledger here, so nothing is written", "Name the whole evidence folder.")
    folder = root / _new_id(root, at)
    sealer, evidence = means.sealer(root), means.settings.evidence
    relied = {look.look for result in results for look in result.looks}
    document = RunDocument(
        run=Run(
            id=folder.name,
            started_at=at,
            finished_at=datetime.now(UTC),
            temoin=__version__,
            strict=means.settings.strict,
            exit_code=int(exit_code_of(results)),
            output=str(folder),
            stand_in=stand_in,
            operator=evidence.operator,
            case=evidence.case,
        ),
        results=results,
    )
    try:
        with sealer.ledger.locked(sealer.keys) as tip:  # nothing is written where the next line would be refused
            end = tip.previous
        code = kept(end.sequence, end.line_sha256).code if end.line_sha256 else ""
        document = replace(document, run=replace(document.run, ledger_end=code))
        with writing(folder):
            folder.mkdir()
        write_text(folder / NAME, pieces(document.run, document.results))
        behind = [one for one in looks if one.look.id in relied]
        write_text(folder / names.LOOKS, looks_text(replace(one, shipped=False) for one in behind))
        seal_with(folder, looks_files(means.settings.config), (name for one in behind for name in one.look.files))
        seal_run(folder, sealer, operator=evidence.operator, case=evidence.case)
    except (BundleError, OutputError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):  # the lock of a folder that may only be read
            raise OutputError(f"{root}: cannot be written ({error.strerror or error})", "Correct its rights.") from None
        raise
    means.remember(document, root)
    return document


def _new_id(root: Path, at: datetime) -> str:
    """A run's name that sorts after all that are there: the history orders answers of one moment by it."""
    stem = f"{at:%Y%m%dT%H%M%SZ}"
    last = max((path.name[-6:] for path in root.glob(f"{stem}-??????")), default="")
    return f"{stem}-{int(last, 16) + 1:06x}" if last else f"{stem}-0{secrets.token_hex(3)[1:]}"
