"""Results as Markdown for the summary of a CI job: what changed first, and never more than a summary may hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.reports.advice import advise
from automation.reports.background import NOTHING, Background
from automation.reports.groups import most_urgent_first
from automation.reports.names import VERDICT_NAMES
from automation.reports.notices import notices_of, title_of_run
from automation.reports.saying import Saying, counts_of
from automation.reports.templating import SYMBOLS
from automation.text.catalogue import N_
from automation.text.language import language, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from automation.core.guides import FlowGuide
    from automation.core.results import Result, RunDocument
    from automation.text.language import Language

ROWS = 100
"""A reader of a summary reads no more; the page has all."""
MOST_BYTES = 900_000
"""GitHub refuses a summary of more than 1 MiB for a step, and other steps' words may stand before."""
_MARKS = re.compile(r"""([!"#$%&*+/<=>?@\[\\\]^_`{|}~]|[.:](?=\S))(?=(\S?))""")
"""ASCII's marks without those that mean nothing inside a line; a full stop or colon at the end of a word is one."""
_TITLES = (N_("Account"), N_("Owner"), N_("Answer"), N_("As wanted?"), N_("Change"), N_("Next"))
_LINKING = frozenset("@#:")


def render_markdown(
    document: RunDocument,
    guides: Mapping[str, FlowGuide],
    lang: str,
    background: Background = NOTHING,
    *,
    rows: int = ROWS,
) -> str:
    """
    Write a summary in GitHub's Markdown, changed accounts first, then by urgency, at most `rows` of them.

    Raises:
        ConfigurationError: there is no report in that language.
    """
    words = language(lang)
    parts = [f"## {escaped(title_of_run(document, words))}", _tally(document, words)]
    parts += [f"> **{escaped(notice.title)}** {escaped(notice.text)}" for notice in notices_of(document, guides, words)]
    ordered = _changed_first(document.results, background)
    shown = list(_within(ordered[:rows], guides, words, background))
    if shown:
        parts.append("\n".join((*_head(words), *shown)))
    left = len(ordered) - len(shown)
    if left:
        sentence = words.ngettext(
            "%(num)s more account stands in the report.", "%(num)s more accounts stand in the report.", left
        )
        parts.append(escaped(sentence % {"num": words.number(left)}))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """
    Text as Markdown that shows it and does nothing else: no markup, link, mention, reference or emoji.

    Every mark becomes its number, which no reader of Markdown takes for syntax; a comment after what GitHub links
    by itself keeps it from being one word with what follows.
    """
    return _MARKS.sub(_numbered, " ".join(printable(text).split()))


def _numbered(found: re.Match[str]) -> str:
    mark, more = found[1], bool(found[2])
    return f"&#{ord(mark)};" + ("<!-- -->" if more and mark in _LINKING else "")


def _foreign(text: str) -> str:
    """A name from outside: whatever direction it is written in, it turns nothing beside it."""
    return f"\u2068{escaped(text)}\u2069"


def _tally(document: RunDocument, words: Language) -> str:
    if not document.results:
        return escaped(words.gettext("No account was checked in this run."))
    return f"**{escaped(Saying(words).tally(counts_of(document.results)))}**"


def _changed_first(results: tuple[Result, ...], background: Background) -> list[Result]:
    return sorted(most_urgent_first(results), key=lambda result: not background.is_news(result.account))


def _head(words: Language) -> tuple[str, str]:
    titles = (words.gettext(title) for title in _TITLES)
    return f"| {' | '.join(titles)} |", "| --- | --- | --- | --- | --- | --- |"


def _within(
    results: list[Result], guides: Mapping[str, FlowGuide], words: Language, background: Background
) -> Iterator[str]:
    """Rows for as long as there is room for them."""
    room = MOST_BYTES
    say = Saying(words)
    for result in results:
        change = background.changes.get(result.account)
        symbol = SYMBOLS[result.verdict][0]
        cells = (
            _foreign(result.account),
            _foreign(result.owner),
            escaped(f"{symbol} {words.gettext(VERDICT_NAMES[result.verdict])}"),
            escaped(say.standing(result)),
            escaped(say.change(change)) if change else "–",
            escaped(advise(result, guides.get(result.flow), words).in_short),
        )
        row = f"| {' | '.join(cells)} |"
        room -= len(row.encode()) + 1
        if room < 0:
            return
        yield row
