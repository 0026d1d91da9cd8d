"""The report as one HTML page: for the head of a company, for their client, and for whoever doubts it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shlex
from collections import Counter
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from automation.core.verdicts import Verdict
from automation.reports.advice import is_web
from automation.reports.background import FULL_UP_TO, NOTHING, Background, areas_of
from automation.reports.entries import households_of, matters_of, news_of, tasks_of
from automation.reports.messages import VERDICTS
from automation.reports.names import EXIT_CODES
from automation.reports.notices import claims_of, lead_of_run, notices_of, title_of_run
from automation.reports.pictures import Source, path_of
from automation.reports.saying import Saying, bdi, own_name
from automation.text.catalogue import LANGUAGES
from automation.text.language import fitted, language, writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from automation.core.flows import FlowGuide
    from automation.core.results import RunDocument
    from automation.text.language import Language

SORTABLE_FROM = 30
"""From so many accounts on, the page brings a small script that sorts and searches its table; all else needs none."""
_TEMPLATES = Path(__file__).parent / "templates"
TOKENS = _TEMPLATES / "tokens.css"
"""The colours and typefaces that all these pages share, as a style sheet."""
_SHORT_CODE = re.compile(r"[0-9]{1,10}(?:-[A-Z2-7]{5}){2,5}")
"""The end of a ledger as a QR code shows it."""
_BORDER = 4
"""Modules of white around a QR code, as ISO/IEC 18004 asks."""
_RING = '<circle cx="8" cy="8" r="6.5"/>'

DRAWINGS: Mapping[str, str] = {
    "objected": f'{_RING}<path d="M5 8.3l2.1 2.1L11.2 6"/>',
    "not_objected": f'{_RING}<path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"/>',
    "pending": f'{_RING}<path d="M8 4.4V8l2.4 1.8"/>',
    "refused": f'{_RING}<path d="M3.5 12.5l9-9"/>',
    "not_offered": '<circle cx="8" cy="8" r="6.5" stroke-dasharray="2.6 2.5"/><path d="M5.2 8h5.6"/>',
    "needs_human": '<circle cx="8" cy="5" r="2.7"/><path d="M2.8 14.3c.4-3 2.4-4.6 5.2-4.6s4.8 1.6 5.2 4.6"/>',
    "unknown": f'{_RING}<path d="M6.2 6.3c.2-1.1 1-1.7 1.9-1.7 1.1 0 1.9.7 1.9 1.6 0 1.5-1.9 1.4-1.9 3"/>'
    '<path d="M8.1 11.5v.1"/>',
    "ok": '<path d="M2.8 8.6l3.4 3.4 7-7.6"/>',
    "finding": '<path d="M8 2.2l6.3 11.3H1.7z"/><path d="M8 6.5v3M8 11.5v.1"/>',
    "incomplete": '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.2v3.9h3"/>',
}


def environment(folder: Path, words: Language, **known: object) -> Environment:
    """
    Templates of one language. Everything is escaped; a name that does not exist is an error, not a blank.

    Args:
        folder: where the templates lie.
        words: of the language.
        known: what templates may name beside the language, its sayings and the drawings.
    """
    made = Environment(
        loader=FileSystemLoader([folder, _TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext
    )
    made.globals.update(_filling(words))
    made.globals.update(
        language=words,
        say=Saying(words),
        bdi=bdi,
        path_of=path_of,
        shell=shlex.quote,
        is_web=is_web,
        drawings=[(name, Markup(drawing)) for name, drawing in DRAWINGS.items()],  # noqa: S704 - our own drawings
        **known,
    )
    return made


def _filling(words: Language) -> dict[str, Callable[..., Markup]]:
    """Jinja's own three make the sentence markup before they fill it, and so lose how a word joins a value."""

    def filled(text: str, values: Mapping[str, object]) -> Markup:
        return Markup(fitted(text, values)) % values  # noqa: S704 - a sentence of our own

    def gettext(sentence: str, /, **values: object) -> Markup:
        return filled(words.gettext(sentence), values)

    def ngettext(one: str, many: str, num: int, /, **values: object) -> Markup:
        return filled(words.ngettext(one, many, num), {"num": num, **values})

    def pgettext(context: str, sentence: str, /, **values: object) -> Markup:
        return filled(words.pgettext(context, sentence), values)

    return {"gettext": gettext, "ngettext": ngettext, "pgettext": pgettext}


def qr_svg(text: str, label: str) -> Markup:
    """
    An SVG element that shows a text as a QR code, black on white whatever the page's colours are.

    Args:
        text: short; capital letters, digits and hyphens make the smallest code.
        label: what it is, for those who do not see it.
    """
    code = segno.make_qr(text, error="m")
    width, height = code.symbol_size(scale=1, border=_BORDER)
    drawn = code.svg_inline(border=_BORDER, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)
    inner = drawn.partition(">")[2]  # its own first tag names no role and no label
    head = f'<svg class="qr" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
    return Markup(head + inner)  # noqa: S704 - drawn by the library from our own code


def pieces(
    document: RunDocument,
    guides: Mapping[str, FlowGuide],
    lang: str,
    source: Source,
    *,
    other_languages: Mapping[str, str],
    background: Background = NOTHING,
    printed: bool = False,
) -> Iterator[str]:
    """
    Write the page piece by piece, so that one over ten thousand accounts need not be held in memory.

    Args:
        document: the run; nothing else is read, neither files nor a clock.
        guides: flow id → what the flow tells its readers. A flow without a guide gets the general sentences.
        lang: language of the page, such as `fr`.
        source: where the evidence lies, as seen from where the page will lie.
        other_languages: language → relative address of the same report in it.
        background: what else is known of the accounts.
        printed: for paper: one picture an account, and no list of its files; the page says so.

    Returns:
        One page, to be written as UTF-8; it can be read without script.

    Raises:
        ConfigurationError: there is no report in that language.
    """
    words, end = language(lang), document.run.ledger_end
    in_full = len(document.results) <= FULL_UP_TO
    households = households_of(document, guides, words, background, source, in_full=in_full)
    entries = [entry for household in households for entry in household.members]
    verdicts = Counter(result.verdict for result in document.results)
    template = _environment(words.code).get_template("report.j2")
    made = template.generate(
        run=document.run,
        answers=json.dumps({result.account: result.verdict.value for result in document.results}, ensure_ascii=False),
        title=title_of_run(document, words),
        lead=lead_of_run(document, words),
        notices=notices_of(document, guides, words, background),
        claims=claims_of(document, words),
        counts=[(verdict, verdicts[verdict]) for verdict in Verdict],
        glossary=[(verdict, words.gettext(VERDICTS[verdict].meaning)) for verdict in Verdict],
        households=households,
        tasks=tasks_of(entries, words),
        news=news_of(entries),
        matters=matters_of(entries),
        has_past=bool(background.changes),
        compared=background.compared,
        areas=areas_of(background.days),
        in_full=in_full,
        outcomes_of=lambda shown: " ".join(sorted({entry.result.outcome for entry in shown})),
        verdicts_order={verdict: number for number, verdict in enumerate(Verdict)},
        sortable=len(document.results) >= SORTABLE_FROM,
        ledger_code=qr_svg(end, words.gettext("End of the ledger, as a QR code")) if _SHORT_CODE.fullmatch(end) else "",
        linked=source.linked,
        printed=printed,
        limits=sorted({e.service: e.not_covered for e in entries if e.not_covered}.items()) if printed else (),
        exit_meaning=words.gettext(EXIT_CODES.get(document.run.exit_code, "")),
        other_languages=[(code, path_of(href), own_name(code)) for code, href in sorted(other_languages.items())],
        stand_in=lambda result: document.run.stand_in or result.environment.stand_in,
    )
    thousands = iter(lambda: tuple(islice(made, 1000)), ())  # a template makes a piece of every few words
    return (writable("".join(some)) for some in thousands)


@lru_cache(maxsize=len(LANGUAGES))
def _environment(code: str) -> Environment:
    """Templates of one language, with the style and the script that stand in the page."""
    style = TOKENS.read_text(encoding="utf-8") + (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    return environment(
        _TEMPLATES,
        language(code),
        style=Markup(style),  # noqa: S704 - our own file
        style_digest=_digest(style),
        script=Markup(script),  # noqa: S704 - our own file
        script_digest=_digest(script),
    )


def _digest(text: str) -> str:
    """As a content security policy names what may run or apply."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
