"""Telling a flow's author what the guard refused a page, and which rule the service may need."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from automation.authoring.refused_reads import RefusedRead, RefusedReads
    from automation.text.language import Language


@asynccontextmanager
async def telling_refused(
    reads: RefusedReads, words: Language, say: Callable[[str], object], file: Path | None = None
) -> AsyncIterator[None]:  # fmt: skip
    """Say it at the end, whatever the end is: where a page did not show what it should, this may be why."""
    try:
        yield
    finally:
        tell_refused(reads, words, say, file)


def tell_refused(
    reads: RefusedReads, words: Language, say: Callable[[str], object], file: Path | None = None
) -> None:  # fmt: skip
    """
    Say for each page what it was refused, by name; then the rules to be added, once a person knows better.

    Args:
        reads: what was refused.
        words: of the person.
        say: prints a line.
        file: the service's `site.toml`, where the rules belong; None where that is not known.
    """
    _ = words.gettext
    where = str(file) if file else _("the service's site.toml")
    for page, found in reads.by_page.items():
        say(_("Refused to %(page)s, and perhaps a read that it needs:", page=page))
        for read, count in sorted(found.items(), key=lambda item: (item[0].host, item[0].path, item[0].operation)):
            say(f"  {_line(read, count, words)}")
    if reads.rules:
        say(_("To be added to %(file)s, if you know that these change nothing:", file=where))
        _say_tables(reads.rules, say)
    if reads.left_out:
        say(_("To be added to %(file)s, if you know that what the page shows does not come by these:", file=where))
        _say_tables(reads.left_out, say)


def _say_tables(tables: Mapping[str, tuple[str, ...]], say: Callable[[str], object]) -> None:
    for table, lines in tables.items():
        if table:
            say(f"  [{table}]")
        for line in lines:
            say(f"  {line}")


def _line(read: RefusedRead, count: int, words: Language) -> str:
    from automation.reports.terms import RULES

    reason = words.gettext(RULES.get(read.reason, read.reason))
    name = f" {read.operation}" if read.operation else ""
    name += f" ({', '.join(read.fields)})" if read.fields else ""
    times = f" ×{count}" if count > 1 else ""
    said = [reason] if read.rules else [reason, words.gettext("no rule lets it through")]
    return f"{read.method} {read.host}{read.path}{name}{times}: {'; '.join(said)}"
