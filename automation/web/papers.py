"""What is written from the evidence: the report, its PDF, whether a bundle is as it was sealed, and what people say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.text.language import Language
    from automation.web.desk import Desk


def verify(bundle: Path, words: Language) -> tuple[bool, tuple[str, ...]]:
    """Whether a bundle is what it says it is, and each step of finding out."""
    from automation.app.evidence import verified_lines
    from automation.cli.verify import own_secrets

    return verified_lines(bundle, words, own_secrets())


def answer(desk: Desk, account: str, verdict: str, seen: str, until: str) -> None:
    """
    Write down what a person saw.

    Raises:
        ConfigurationError: it is no answer, or says nothing.
    """
    from automation.cli.cases import recorded
    from automation.storage.books import AnswerBook

    recorded(AnswerBook(desk.settings(account).output), account, verdict, seen, until)


def pdf(desk: Desk, names: Sequence[str], lang: str) -> Path:
    """Write the report as a PDF; its path."""
    from automation.app.report import open_runs, subject_of, write_pdf
    from automation.app.setup import known_flows
    from automation.text.language import language

    settings = desk.settings()
    guides = {flow.id: flow.guide for flow in known_flows(settings.flow_paths).flows.values()}
    wanted = set(names) or {account.name for account in settings.accounts}
    subject = subject_of(open_runs((), settings, None), wanted, settings, None, language(lang), in_full=False)
    return Path(write_pdf(subject, guides, lang, None, settings))


def complaint(desk: Desk, account: str, to: str) -> Path:
    """
    Write the complaint about an account's objection as a PDF, in the authority's language; its path.

    Raises:
        ConfigurationError: there is nothing to complain about.
    """
    from datetime import UTC, datetime

    from automation.app.cases import complaint_of
    from automation.storage.books import CASES, CaseBook
    from automation.storage.files import write_whole

    settings = desk.settings()
    letter = complaint_of(CaseBook(settings.output).cases(), account, to, settings, None, datetime.now(UTC))
    file: Path = settings.output / CASES / f"complaint-{account}-{to}.pdf"
    write_whole(file, desk.around.prints(letter, settings))
    return file


def report(desk: Desk, names: Sequence[str], words: Language, root: str) -> tuple[str, ...]:
    """
    The report of these accounts, or of all, as a page; evidence lies below `root`, as seen from it.

    Raises:
        ConfigurationError: there are no results.
    """
    from automation.app.report import open_runs, subject_of
    from automation.app.setup import known_flows
    from automation.reports.as_html import pieces
    from automation.reports.pictures import Source

    settings = desk.settings()
    guides = {flow.id: flow.guide for flow in known_flows(settings.flow_paths).flows.values()}
    wanted = set(names) or {account.name for account in settings.accounts}
    subject = subject_of(open_runs((), settings, None), wanted, settings, None, words, in_full=False)
    below = subject.root.absolute().relative_to(settings.output.absolute()).as_posix()
    source = Source(f"{root}/{below}" if below != "." else root)
    return tuple(
        pieces(subject.document, guides, words.code, source, other_languages={}, background=subject.background)
    )
