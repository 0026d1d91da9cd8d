"""
Looks: what waits for a person's eyes, what their word would change, and taking it, or taking it back.

A look is kept beside `temoin.toml`. From then on it counts in every check, and at once for what was checked: the newest
evidence of each account is judged again (see `automation.app.rejudging`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from automation.app.accounts import locked
from automation.app.cases import follow_check
from automation.app.check import answers_in_force, record
from automation.app.look_files import Given, copies_of, keep_files
from automation.app.rejudging import AnswerChange, LookMeans, Visit, changes_by, judge_again, newest_visits, visit_of
from automation.app.setup import (
    demo_sealer,
    history_path,
    is_demo,
    kept_looks,
    known_flows,
    looks_file,
    looks_files,
    sealer_of,
)
from automation.config import Settings
from automation.core.cases import OVERDUE
from automation.core.errors import ConfigurationError, TemoinError
from automation.core.looks import Look, Question, Says, ShownKind
from automation.core.policy import OutcomeReason, judge_outcome
from automation.core.results import Result, RunDocument
from automation.core.verdicts import Verdict
from automation.evidence.formats import names
from automation.evidence.verify.opened import Evidence, open_evidence
from automation.flow import Flow
from automation.flow.looks import KeptLook, looks_text, revoked, with_looks_of
from automation.reading import looks as reading
from automation.storage.books import CaseBook
from automation.storage.files import write_text
from automation.text.catalogue import N_
from automation.text.language import Language
from automation.visit.conclusion import looks_for, terms_of

NOTHING_TO_SEAL = N_("a file is sealed with a new answer, and this gives none yet: add it to the look that does")
NO_CHANGE = N_("it would change no answer: something else that was read keeps it back")
Answer = tuple[Question, Says, bool]
"""A question, what is said of it, and whether that holds for this account only."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One question, and every account that is shown the same."""

    question: Question
    visits: tuple[Visit, ...]
    """Oldest first; at least one."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an answer would do."""

    looks: tuple[Look, ...]
    changes: tuple[AnswerChange, ...]
    warnings: tuple[str, ...] = ()
    """Names of sentences, to be said after the answer was chosen."""
    refusal: str = ""
    """Name of the sentence that says why it is not taken; empty where it may be."""
    left: int = 0
    """How much else of the visit waits for a look then; until that is answered, the answer may stay what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Preview):
    """The same once it was done."""

    runs: tuple[RunDocument, ...]
    """The new answers, sealed."""
    untouched: Mapping[Path, str]
    """Evidence folders in which nothing could be written, and why; the look counts for them all the same."""


class Looks:
    """The looks of one configuration, with the means of this machine."""

    def __init__(self, means: LookMeans, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._means, self._now = means, now
        self.file = looks_file(means.settings.config)

    def kept(self) -> tuple[KeptLook, ...]:
        """All looks, those that were revoked among them. Raises FlowError: the file is wrong."""
        return kept_looks(self._means.settings)

    def waiting(self, visits: Iterable[Visit] | None = None) -> tuple[Waiting, ...]:
        """
        What waits for a look, oldest first; accounts that are shown the same are together.

        Of one day the shorter comes first: what stands in a longer letter beside it is then marked as new.

        Args:
            visits: the newest of some accounts; None for those of the evidence folder.
        """
        found: dict[tuple[object, ...], list[tuple[Question, Visit]]] = {}
        visits, flows = newest_visits(self._means.settings.output) if visits is None else visits, self._flows()
        for visit in sorted(visits, key=lambda visit: visit.result.finished_at):
            if visit.result.verdict is not Verdict.UNKNOWN or visit.result.flow not in flows:
                continue
            for question in open_questions(visit, flows[visit.result.flow]):
                alone = (visit.result.account, question.number) if question.own else ()
                key = (question.kind, question.key, visit.result.environment.stand_in, alone)
                found.setdefault(key, []).append((question, visit))
        waiting = [Waiting(every[0][0], tuple(visit for _, visit in every)) for every in found.values()]

        def order(one: Waiting) -> tuple[object, ...]:
            length = len(one.question.lines) if one.question.kind is ShownKind.LETTER else 0
            return one.visits[0].result.finished_at.date(), length

        return tuple(sorted(waiting, key=order))

    def questions(self, bundle: Path) -> tuple[Visit, tuple[Question, ...]]:
        """
        What can be asked about one bundle, wherever it lies.

        Raises ConfigurationError: it is none, not as it was sealed, without its flow here, or nothing of it is open.
        """
        visit = visit_of(bundle, self._means)
        if visit.result.flow not in self._means.flows:
            raise ConfigurationError(
                f"{bundle}: there is no flow {visit.result.flow} here",
                "Name its folder in `flow_paths`, or use the version of Témoin that has it.",
            )
        found = open_questions(visit, self._flows()[visit.result.flow])
        if not found:
            raise ConfigurationError(
                f"{bundle}: there is nothing in it that a look could settle",
                "Name the evidence of a check that ended in `unknown` because of what was shown.",
            )
        return visit, found

    def preview(self, visit: Visit, answers: Sequence[Answer], by: str) -> Preview:
        """
        What answers to questions about one visit would change. This alone decides whether they are taken.

        Raises ConfigurationError: the evidence is not as it was sealed, or nobody is named.
        """
        if not by.strip():
            raise ConfigurationError("nobody is named who looked", 'Give a name: --by "NAME".')
        evidence = open_evidence(visit.bundle, self._means.trust_of(visit.root), any_stand_in=True)
        flow, now = self._means.flows[visit.result.flow], self._flows()[visit.result.flow]
        looks = tuple(self._look(evidence, answer, by.strip()) for answer in answers)
        warned = tuple(dict.fromkeys(w for q, says, _ in answers for w in reading.warnings(q, says, flow.labels)))
        known = [kept.look for kept in self.kept() if kept.counts]
        strict, result = self._means.settings.strict, evidence.result
        for (question, *_), look in zip(answers, looks, strict=True):
            if refusal := reading.refusal(look, flow.labels, question, known=known, result=result, strict=strict):
                return Preview(looks, (), warned, refusal)
        changes = tuple(changes_by(self._visits(visit), self._means, known, (*known, *looks), self._now().date()))
        then = with_looks_of(self._means.flows, (*known, *looks))[evidence.result.flow]
        left = len(open_questions(visit, then))
        unsure = all(look.says is Says.UNSURE for look in looks)
        goes_on = 0 < left < len(open_questions(visit, now))
        return Preview(looks, changes, warned, "" if changes or unsure or goes_on else NO_CHANGE, left)

    def take(self, visit: Visit, answers: Sequence[Answer], by: str, files: Sequence[Given] = ()) -> Taken:
        """
        Keep what a person says, with the files that they add, and judge again.

        Raises ConfigurationError: it or a file may not be taken, the message the name of a sentence; FlowError,
        OutputError.
        """
        copies = copies_of(files, self._means.settings.secret_values())
        preview = self.preview(visit, answers, by)
        if refusal := preview.refusal or (NOTHING_TO_SEAL if copies and not preview.changes else ""):
            raise ConfigurationError(refusal)
        given = tuple(replace(look, files=tuple(copies)) for look in preview.looks)
        keep_files(looks_files(self._means.settings.config), copies)
        done = self.change(lambda known: (*known, *map(KeptLook, given)), (visit.root,), given, preview.changes)
        return replace(done, warnings=preview.warnings)

    def revoke(self, number: str, by: str) -> Taken:
        """
        Take a look back; answers that rested on it are judged again without it.

        Raises ConfigurationError: no look that counts has this number, or nobody is named; FlowError, OutputError.
        """
        if not by.strip():
            raise ConfigurationError("nobody is named who takes it back", 'Give a name: --by "NAME".')
        gone = tuple(kept.look for kept in self.kept() if kept.look.id == number and kept.counts)
        return self.change(lambda known: revoked(known, number, by=by.strip(), at=self._now()), (), gone)

    def change(
        self,
        edit: Callable[[tuple[KeptLook, ...]], tuple[KeptLook, ...]],
        roots: Iterable[Path] = (),
        looks: tuple[Look, ...] = (),
        changes: tuple[AnswerChange, ...] = (),
    ) -> Taken:
        """
        Change the file of looks under its lock by `edit`, and judge again in the evidence folder and in `roots`.

        The looks that were given or taken back, and what they were said to change, come back with what was done.
        """
        runs: list[RunDocument] = []
        untouched = {}
        folders = {root.resolve(): root for root in (*roots, self._means.settings.output) if root.is_dir()}
        with self._means.locked(self.file):
            known = edit(self.kept())
            write_text(self.file, looks_text(known))
            for root in folders.values():
                try:
                    runs += judge_again(root, self._means, known, self._now())
                except TemoinError as error:  # the look is kept all the same, and the next check answers by it
                    untouched[root] = error.message
        return Taken(looks, changes, runs=tuple(runs), untouched=untouched)

    def _flows(self) -> dict[str, Flow]:
        """The flows by which the looks count."""
        return with_looks_of(self._means.flows, (kept.look for kept in self.kept() if kept.counts))

    def _look(self, evidence: Evidence, answer: Answer, by: str) -> Look:
        question, says, own = answer
        picture = _picture(evidence, question)
        result, bundle = evidence.result, sha256((evidence.folder / names.MANIFEST).read_bytes()).hexdigest()
        subject = result.subject if own or question.is_own(says) else ""
        look = reading.look_of(question, says, flow=result.flow, by=by, at=self._now(), bundle=bundle, subject=subject)
        pictured = sha256(evidence.read(picture)).hexdigest() if picture else ""
        return replace(look, picture=pictured, stand_in=result.environment.stand_in)

    def _visits(self, visit: Visit) -> Iterable[Visit]:
        """What a look at a visit may change: the newest evidence of every account, and that which was looked at."""
        seen: set[Path] = set()
        for root in dict.fromkeys(path.resolve() for path in (self._means.settings.output, visit.root)):
            for one in newest_visits(root) if root.is_dir() else ():
                seen.add(one.bundle.resolve())
                yield one
        if visit.bundle.resolve() not in seen:
            yield visit


def open_questions(visit: Visit, flow: Flow) -> tuple[Question, ...]:
    """What a person can be asked about a visit, without comparing its seal; the flow has the looks that count."""
    observation = visit.observation()
    if observation is None:
        return ()
    terms = terms_of(visit.result, date.min, strict=False)
    return reading.questions_of(observation, flow.labels, looks_for(flow, observation, terms))


def whole_answer(questions: Sequence[Question], says: Says) -> list[Answer]:
    """
    One answer for all that is open of a visit, as a script gives it.

    Of several open letters the latest is the one that the answer is about. The others were read, and leave the answer
    alone here; elsewhere they may mean anything.

    Returns:
        What is said of each, and whether that holds for this account only.
    """
    letters, lists, controls, forms = ([each for each in questions if each.kind is kind] for kind in ShownKind)
    if says in {Says.THIS_FORM, Says.OTHER_FORM}:
        return [(form, says, False) for form in forms]
    if controls and not (letters or lists):
        return [(controls[0], says, len(controls) > 1)]
    if says is Says.NOTHING:
        read = [(each, says, len(letters) > 1 or each.is_own(says)) for each in (*letters, *lists)]
        return [*read, *((form, Says.THIS_FORM, True) for form in forms[:1])]
    if not letters:
        return [(place, says, True) for place in lists[:1]]
    last = max(letters, key=lambda letter: (letter.at or datetime.min, -letter.number))  # noqa: DTZ901 - naive like `at`
    own = len(letters) > 1 or last.is_own(says)
    return [(each, says, own) if each is last else (each, Says.NOTHING, True) for each in (*letters, *lists)]


def _picture(evidence: Evidence, question: Question) -> str | None:
    """Path in the bundle of the picture that shows what is asked about; None where there is none."""
    listed = {artifact.path for artifact in evidence.result.evidence}
    of_surface = (step.picture for step in reversed(evidence.result.steps) if step.surface == question.surface)
    return next((path for path in (question.picture, *of_surface) if path in listed), None)


def looks_of(settings: Settings, words: Language) -> Looks:
    """
    The looks of a configuration.

    Raises ConfigurationError: a folder of flows is not there, or what people filed cannot be read.
    """

    def remember(document: RunDocument, root: Path) -> None:
        if history_path(settings, root).exists():  # where there is none, nobody kept the visits either
            record(document, settings, root)
        follow_check(document, root, words)

    return Looks(
        LookMeans(
            settings=settings,
            flows=known_flows(settings.flow_paths).flows,
            sealer=lambda root: demo_sealer(root) if is_demo(root) else sealer_of(settings, root),
            locked=locked,
            ruled=lambda result, root: ruled(result, settings, root),
            remember=remember,
        )
    )


def ruled(result: Result, settings: Settings, root: Path) -> Result:
    """A result with what it is worth today, by the policy, by what people said and by the filed cases."""
    today = datetime.now(UTC).date()
    answers, cases = answers_in_force(settings, root, today), CaseBook(root).cases()
    ruling = judge_outcome(result, settings.policy, today, answers, cases)
    late = ruling.why is OutcomeReason.OVERDUE
    return replace(result, outcome=ruling.outcome, next_step=OVERDUE if late else result.next_step)
