"""Stored results, read again: whatever their spelling, one at a time, and refused plainly where they are not whole."""

from __future__ import annotations

import gc
import json
import tracemalloc
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.app.known import last_answers_of
from automation.app.setup import sealer_of
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.core.looks import Basis, LookedAt, Says
from automation.core.results import Result, RunDocument
from automation.core.signals import SignalName
from automation.core.verdicts import Reason, Verdict
from automation.evidence.write.sealer import seal_run
from automation.reports.as_json import pieces, read_result, result_text, to_json
from automation.reports.background import FULL_UP_TO
from automation.reports.names import UNREAD
from automation.reports.saying import Saying
from automation.reports.stored import (
    NAME,
    SPOOL,
    ResultSpool,
    brief,
    index_of,
    last_known,
    lines_of,
    newest_of_each,
    one_run,
    open_stored,
)
from automation.text.language import language
from tests.builders import A_DIGEST, A_MOMENT, a_document, a_guard_record, a_result, a_signal
from tests.reports.pages import a_run_of, every_answer


def kept(folder: Path, document: RunDocument, text: str | None = None) -> Path:
    """The run's folder, with its results in it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(to_json(document) if text is None else text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("document", [every_answer(), a_document(results=())], ids=["every answer", "no result"])
@pytest.mark.parametrize("indent", [2, 4, None])
def test_results_come_back_as_they_were(tmp_path: Path, document: RunDocument, indent: int | None) -> None:
    """As Témoin spells them, as another program might, from the folder or from the file: equal results, twice."""
    text = to_json(document) if indent == 2 else json.dumps(json.loads(to_json(document)), indent=indent)
    folder = kept(tmp_path / "run", document, text)
    for place in (folder, folder / NAME):
        stored = open_stored(place)
        assert (stored.run, stored.path) == (document.run, folder / NAME)
        assert tuple(stored.results()) == tuple(stored.results()) == document.results


def test_odd_texts_come_back(tmp_path: Path) -> None:
    """Half surrogates, line separators and what looks like the file's own marks in a name change nothing."""
    names = ("\ud800", "a\u2028b\n    },\n", '"results": [', "\n  ]\n}")
    document = a_document(*(a_result(name, owner=name) for name in names), output='x"results": [\n')
    assert tuple(open_stored(kept(tmp_path, document)).results()) == document.results


def test_results_are_read_one_at_a_time(tmp_path: Path) -> None:
    """A file many times larger than the memory it takes to go through it."""
    answers = [a_result(f"account-{number}", list(Verdict)[number % 5]) for number in range(1500)]
    size = kept(tmp_path, a_document(*answers)).joinpath(NAME).stat().st_size
    stored = open_stored(tmp_path)
    tracemalloc.start()
    number = sum(1 for _ in stored.results())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert number == 1500
    assert size > 9_000_000
    assert most < 5_000_000


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text[: len(text) // 2], "in the middle|not JSON"),
        (lambda text: text[:-4], "in the middle"),
        (lambda text: text + "x", "in the middle"),
        (lambda text: text.replace("temoin.run/1", "temoin.run/9"), r'schema "temoin.run/9"; this version reads'),
        (lambda text: text.replace('"schema"', '"scheme"', 1), "schema null"),
        (lambda text: text.replace('"refused"', '"rejected"'), "do not follow temoin.run/1: 0.verdict"),
        (lambda text: text.replace('"owner"', '"possessor"', 1), "do not follow temoin.run/1: 0.owner"),
        (lambda _: "[]", "schema null"),
        (lambda _: "", "not JSON"),
        (lambda _: "no JSON", "not JSON"),
    ],
)
def test_what_is_not_whole_is_refused(tmp_path: Path, spoil: object, said: str) -> None:
    """Cut off, of another version, or not following the schema: one error with the file, what is wrong, what to do."""
    assert callable(spoil)
    kept(tmp_path, every_answer(), spoil(to_json(a_document(a_result("b", Verdict.REFUSED)))))
    with pytest.raises(ConfigurationError, match=said) as refused:
        list(open_stored(tmp_path).results())
    assert refused.value.message.startswith(str(tmp_path / NAME))
    assert refused.value.remedy


@pytest.mark.parametrize(
    "make", [lambda file: None, lambda file: file.mkdir(), lambda file: file.write_bytes(b"\xff{")]
)
def test_what_cannot_be_read_is_named(tmp_path: Path, make: object) -> None:
    """No file, a folder in its place, bytes that are no text: each one clear error."""
    assert callable(make)
    make(tmp_path / NAME)
    with pytest.raises(ConfigurationError, match=NAME):
        open_stored(tmp_path)


def test_an_account_is_shown_with_its_newest_answer(tmp_path: Path) -> None:
    """Over several runs, in whatever order they are given, each account comes once, from the last run that had it."""
    runs = {
        0: a_run_of(0, a_result("a", Verdict.OBJECTED)),
        3: a_run_of(3, a_result("a", Verdict.PENDING), a_result("b", reason=Reason.TIMEOUT)),
        9: a_run_of(9, a_result("a", Verdict.NOT_OBJECTED), a_result("c", Verdict.REFUSED)),
    }
    stored = [open_stored(kept(tmp_path / str(day), runs[day])) for day in (9, 0, 3)]
    found = [(one.run.id, result.account, result.verdict.value) for one, result in newest_of_each(stored)]
    assert found == [("run-0", "a", "objected"), ("run-3", "b", "unknown"), ("run-9", "c", "refused")]
    assert [result.account for _, result in newest_of_each(stored, {"c", "a"})] == ["a", "c"]
    run = one_run(stored, [result for _, result in newest_of_each(stored)], "evidence")
    assert (run.id, run.exit_code, run.output) == ("run-9 – run-0", 1, "evidence")
    assert run.finished_at - run.started_at == timedelta(days=9, minutes=12)


def test_one_run_stays_itself(tmp_path: Path) -> None:
    """A report over a single run keeps that run's id, times and exit code."""
    document = every_answer()
    assert one_run([open_stored(kept(tmp_path, document))], document.results, "x") == replace(document.run, output="x")


def test_what_is_left_out_for_thousands_decides_nothing() -> None:
    """The short form of a result keeps answer, reason, outcome, evidence folder and writes let through."""
    for result in every_answer().results:
        short = brief(result)
        for name in (
            "account",
            "owner",
            "page",
            "verdict",
            "reason",
            "outcome",
            "expect",
            "bundle",
            "probes",
            "missing",
        ):
            assert getattr(short, name) == getattr(result, name)
        assert short.guard.writes_let_through == result.guard.writes_let_through


def test_pieces_make_the_whole() -> None:
    """Written piece by piece, a run is the very text that it is when written at once, of valid JSON."""
    document = every_answer()
    assert "".join(pieces(document.run, iter(document.results))) == to_json(document)
    assert len(json.loads(to_json(document))["results"]) == len(document.results)


MANY = FULL_UP_TO + 1
_KB = 1024


def a_large_result(number: int) -> Result:
    """As large as that of a long visit."""
    one = a_result(f"account-{number:04}", reason=Reason.TIMEOUT if number % 3 == 0 else None)
    steps = [list(one.steps) for _ in range(4)]
    evidence = tuple(artifact for _ in range(12) for artifact in one.evidence)
    return a_result(
        one.account,
        one.verdict,
        reason=one.reason,
        form=one.form,
        steps=tuple(step for found in steps for step in found),
        evidence=evidence,
        because="a sentence\nover two lines, with \u2028 and \u201cquotes\u201d",
    )


@pytest.mark.parametrize("accounts", [3, MANY])
def test_what_is_written_in_the_end_is_what_came(tmp_path: Path, accounts: int) -> None:
    """To the letter, in the plan's order, whatever the order in which they came; the file of the meantime is gone."""
    spool, whole = ResultSpool(accounts), [a_large_result(number) for number in range(accounts)]
    held = {one.account: spool.keep(tmp_path, one) for one in reversed(whole)}
    assert (tmp_path / SPOOL).read_bytes().count(b"\n") == accounts
    never_looked_at = a_result("broken-flow", reason=Reason.FLOW_BROKEN)
    document = a_document(*(held[one.account] for one in whole), never_looked_at)
    wanted = RunDocument(document.run, (*whole, never_looked_at))
    assert "".join(pieces(document.run, spool.in_full(document.results))) == to_json(wanted)
    spool.close()
    assert not (tmp_path / SPOOL).exists()


def test_few_results_stay_as_they_are_and_many_keep_what_the_history_needs(tmp_path: Path) -> None:
    """A report in full needs all of a result; the history needs its form."""
    one = a_result("a", Verdict.NOT_OBJECTED)
    assert ResultSpool(FULL_UP_TO).keep(tmp_path, one) is one
    kept = ResultSpool(MANY).keep(tmp_path, one)
    assert (kept.verdict, kept.form, kept.bundle) == (one.verdict, one.form, one.bundle)
    assert kept.steps == ()


@pytest.mark.thorough
def test_a_run_grows_by_little_an_account(tmp_path: Path) -> None:
    """Of each result at most a third of its size stays in memory, and at most 16 kB."""
    spool = ResultSpool(MANY)

    def grown(keep: bool) -> float:
        held = []
        gc.collect()
        tracemalloc.start()
        for number in range(100):
            one = read_result(
                result_text(a_large_result(number)).encode()
            )  # as a check gives it: read from what was sealed
            held.append(spool.keep(tmp_path, one) if keep else one)
            del one
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size / len(held)

    whole, brief = grown(keep=False), grown(keep=True)
    assert brief < whole / 3, f"{brief / _KB:.0f} kB of {whole / _KB:.0f}"
    assert brief < 16 * _KB


ANSWER = a_result(verdict=Verdict.OBJECTED)
LOOKED = replace(ANSWER, looks=(LookedAt("aa11", Says.ACCEPTED, "Claire", A_MOMENT, A_DIGEST),), basis=Basis.LOOKED_AT)
STRICT = replace(a_result(reason=Reason.STALE_FLOW), signals=ANSWER.signals)


def unread(reason: Reason = Reason.LOGIN_REQUIRED, **changes: Any) -> Result:
    """A visit that ended before it had read anything."""
    return a_result(reason=reason, signals=(), **changes)


@pytest.mark.parametrize(
    ("newest_first", "stands"),
    [
        ((unread(), ANSWER), True),
        ((unread(Reason.INTERRUPTED), unread(Reason.TIMEOUT), ANSWER, a_result()), True),
        ((STRICT, ANSWER), True),
        ((unread(), LOOKED), True),
        ((ANSWER,), False),
        ((ANSWER, a_result()), False),
        ((unread(),), False),
        ((unread(), a_result(reason=Reason.NOT_RECOGNISED), ANSWER), False),
        ((a_result(reason=Reason.LOCALE_UNCOVERED), ANSWER), False),
        ((a_result(reason=Reason.TIMEOUT), ANSWER), False),
        ((unread(Reason.GUARD_BLOCKED), ANSWER), False),
        ((unread(Reason.IDENTITY_UNCONFIRMED), ANSWER), False),
        ((unread(guard=a_guard_record(writes_let_through=1)), ANSWER), False),
        ((replace(STRICT, signals=(a_signal(SignalName.PAGE_REFUSED),)), ANSWER), False),
        ((unread(), replace(STRICT, signals=(a_signal(SignalName.PAGE_REFUSED),)), ANSWER), False),
        ((unread(subject="another person"), ANSWER), False),
        ((unread(), replace(LOOKED, looks=(replace(LOOKED.looks[0], look="bb22"),))), False),
    ],
)
def test_the_last_answer_stands_only_while_nothing_is_read(
    tmp_path: Path, newest_first: tuple[Result, ...], stands: bool
) -> None:
    """
    A session, a network, a person or a fault that ended a visit early leaves it; whatever was read takes its place.

    So does a breach of the guard, another person's session, what `strict` read otherwise, and a look that was revoked.
    """
    runs = (open_stored(kept(tmp_path / str(at), a_document(one))) for at, one in enumerate(newest_first))
    line = lines_of(map(index_of, runs), {ANSWER.account: ANSWER.flow})[ANSWER.account]
    known = last_known(line, {"aa11"})
    assert (known is not None) is stands
    assert known is None or known.read().verdict is Verdict.OBJECTED


def test_every_reason_that_leaves_an_answer_has_its_words() -> None:
    """In both languages: what is said of it begins with the answer and its day, and ends with why there is none."""
    for reason in (one for one in Reason if one.reads_nothing or one is Reason.STALE_FLOW):
        for code in ("en", "fr"):
            said = Saying(language(code)).last_known(ANSWER, unread(reason))
            assert said.startswith(Saying(language(code)).verdict(Verdict.OBJECTED))
            assert said.endswith(language(code).gettext(UNREAD[reason]))


def test_an_answer_stands_only_as_it_was_sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a report repeats of an earlier run is what that run sealed; one that was changed since is left out."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    evidence, later = tmp_path / "evidence", A_MOMENT + timedelta(days=1)
    ended = replace(unread(), bundle=None, finished_at=later)
    settings = Settings(output=evidence, config=tmp_path / "temoin.toml")
    sealer = sealer_of(settings, evidence)
    for name, one in (("one", replace(ANSWER, bundle=None)), ("two", ended)):
        folder = kept(evidence / name, a_document(one, id=name, finished_at=one.finished_at))
        seal_run(folder, sealer)
    shown = {ended.account: (ended.flow, ended.finished_at)}
    assert last_answers_of(shown, evidence, settings)[ended.account].verdict is Verdict.OBJECTED
    altered = replace(ANSWER, bundle=None, verdict=Verdict.REFUSED)
    kept(evidence / "one", a_document(altered, id="one", finished_at=altered.finished_at))
    assert last_answers_of(shown, evidence, settings) == {}
