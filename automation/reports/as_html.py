"""The report as one HTML page: for the head of a company, for her client, and for whoever doubts it."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from automation.reports.advice import Advice, Words, advise, is_web, not_covered, title_of
from automation.reports.groups import by_owner
from automation.reports.icons import DRAWINGS
from automation.reports.language import LANGUAGES, language, writable
from automation.reports.messages import EXIT_CODES, VERDICTS
from automation.reports.pictures import Picture, folder_of, path_of, pictures_of
from automation.reports.saying import Saying, own_name
from automation.results import Outcome, Result
from automation.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.guides import FlowGuide
    from automation.reports.language import Language
    from automation.results import RunDocument

FULL_UP_TO = 400
"""With more accounts than this, forms, pictures and files stay in the evidence folders: no browser enjoys 100 MB."""
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One account as the page shows it."""

    result: Result
    anchor: str
    service: str
    title: str
    advice: Advice
    not_covered: tuple[Words, ...]
    root: str
    """Relative address of the evidence folder, ending in a slash."""
    pictures: tuple[Picture, ...]
    shown: Mapping[str, int]
    """Path of a picture → number of the step that shows it."""


@dataclass(frozen=True, slots=True)
class _Group:
    page: str | None
    entries: tuple[_Entry, ...]
    weakest: _Entry

    @property
    def has(self) -> str:
        """Outcomes below this heading, which goes when none of them is shown."""
        return " ".join(sorted({entry.result.outcome for entry in self.entries}))


@dataclass(frozen=True, slots=True)
class _Household:
    owner: str
    groups: tuple[_Group, ...]

    @property
    def has(self) -> str:
        """Outcomes below this heading."""
        return " ".join(sorted({entry.result.outcome for group in self.groups for entry in group.entries}))


@dataclass(frozen=True, slots=True)
class _Notice:
    title: str
    text: str
    breach: bool = False


def render(
    document: RunDocument,
    guides: Mapping[str, FlowGuide],
    lang: str,
    *,
    evidence_root: str,
    other_languages: Mapping[str, str],
) -> str:
    """
    Write the page.

    Args:
        document: the run; nothing else is read, neither files nor a clock.
        guides: flow id → what the flow tells its readers. A flow without a guide gets the general sentences.
        lang: language of the page, such as `fr`.
        evidence_root: relative address, from where the page will lie, of the folder that holds the evidence
            folders; empty when they lie beside it.
        other_languages: language → relative address of the same report in it.

    Returns:
        One page without script, to be written as UTF-8.

    Raises:
        ConfigurationError: there is no report in that language.
    """
    words = language(lang)
    in_full = len(document.results) <= FULL_UP_TO
    households = tuple(_households(document, guides, words, evidence_root, in_full=in_full))
    outcomes = Counter(result.outcome for result in document.results)
    verdicts = Counter(result.verdict for result in document.results)
    page = (
        _environment(words.code)
        .get_template("report.j2")
        .render(
            run=document.run,
            title=_title(document, words),
            lead=_lead(document, words),
            notices=_notices(document, guides, words),
            tally={outcome.value: outcomes[outcome] for outcome in Outcome},
            shares=_shares(outcomes),
            counts=[(verdict, verdicts[verdict]) for verdict in Verdict],
            glossary=[(verdict, words.gettext(VERDICTS[verdict].meaning)) for verdict in Verdict],
            households=households,
            in_full=in_full,
            writes=sum(result.guard.writes_let_through for result in document.results),
            exit_meaning=words.gettext(EXIT_CODES.get(document.run.exit_code, "")),
            other_languages=_others(other_languages),
            stand_in=lambda result: document.run.stand_in or result.environment.stand_in,
        )
    )
    return writable(page)


@lru_cache(maxsize=len(LANGUAGES))
def _environment(code: str) -> Environment:
    """Templates of one language. Everything is escaped; a name that does not exist is an error, not a blank."""
    words = language(code)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext
    )
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    environment.globals.update(
        language=words,
        style=Markup(style),  # noqa: S704 - our own file
        style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        drawings=[(name, Markup(drawing)) for name, drawing in DRAWINGS.items()],  # noqa: S704 - our own drawings
        is_web=is_web,
        say=Saying(words),
    )
    return environment


def _households(
    document: RunDocument, guides: Mapping[str, FlowGuide], words: Language, evidence_root: str, *, in_full: bool
) -> Iterator[_Household]:
    taken: set[str] = set()

    def entry(result: Result) -> _Entry:
        guide = guides.get(result.flow)
        root = folder_of(evidence_root, result.bundle.path) if result.bundle else ""
        pictures = pictures_of(result, root, words) if in_full else ()
        return _Entry(
            result=result,
            anchor=_anchor(result.account, taken),
            service=guide.service if guide else result.flow.partition(".")[0],
            title=title_of(guide, result.flow, words),
            advice=advise(result, guide, words),
            not_covered=not_covered(guide, words) if in_full else (),
            root=root,
            pictures=pictures,
            shown={p.step.picture: p.step.number for p in pictures if p.src and p.step.picture},
        )

    for household in by_owner(document.results):
        groups = []
        for group in household.groups:
            entries = tuple(entry(result) for result in group.results)
            weakest = entries[group.results.index(group.weakest)]
            groups.append(_Group(group.page, entries, weakest))
        yield _Household(household.owner, tuple(groups))


def _anchor(account: str, taken: set[str]) -> str:
    """An id for the account's section: its name where that makes one, else a number."""
    plain = account.isascii() and account.replace("-", "").isalnum()
    anchor = f"account-{account}" if plain else f"number-{len(taken) + 1}"
    if anchor in taken:
        anchor = f"number-{len(taken) + 1}"
    taken.add(anchor)
    return anchor


def _title(document: RunDocument, words: Language) -> str:
    number = len(document.results)
    if not number:
        return words.gettext("AI training: no account was checked")
    return words.ngettext(
        "AI training: where %(num)s account stands", "AI training: where %(num)s accounts stand", number
    ) % {"num": words.number(number)}


def _lead(document: RunDocument, words: Language) -> str:
    owners = len({result.owner for result in document.results})
    when = {"version": document.run.temoin, "start": words.moment(document.run.started_at)}
    if not owners:
        return words.gettext("Témoin %(version)s was started on %(start)s and had nothing to look at.") % when
    return words.ngettext(
        "On %(start)s, Témoin %(version)s read what the services say about these accounts, for %(num)s owner.",
        "On %(start)s, Témoin %(version)s read what the services say about these accounts, for %(num)s owners.",
        owners,
    ) % {**when, "num": words.number(owners)}


def _notices(document: RunDocument, guides: Mapping[str, FlowGuide], words: Language) -> list[_Notice]:
    """What must be read before anything else."""
    notices = []
    if any(result.guard.writes_let_through for result in document.results):
        notices.append(
            _Notice(
                words.gettext("A write may have left the browser"),
                words.gettext(
                    "The guard let a request through that is no read. Do not rely on the answers concerned, and look "
                    "at the account yourself."
                ),
                breach=True,
            )
        )
    if document.run.stand_in or any(result.environment.stand_in for result in document.results):
        notices.append(
            _Notice(
                words.gettext("This was a rehearsal, not a real account"),
                words.gettext(
                    "The pages came from a local stand-in of the service. Nothing in this report says anything about "
                    "a real account or about the real service."
                ),
            )
        )
    never = {result.flow for result in document.results if result.flow_verified.state == "never"}
    stale = {result.flow for result in document.results if result.flow_verified.state == "stale"}
    if never:
        titles = _titles(never, guides, words)
        notices.append(
            _Notice(
                words.gettext("Not yet verified on the live site"),
                words.gettext(
                    "No person has compared these flows with the live site: %(flows)s. Look at the pictures before "
                    "you rely on an answer."
                )
                % {"flows": titles},
            )
        )
    if stale:
        titles = _titles(stale, guides, words)
        notices.append(
            _Notice(
                words.gettext("Verified on the live site too long ago"),
                words.gettext("Services change their pages. Have these flows compared again: %(flows)s.")
                % {"flows": titles},
            )
        )
    return notices


def _titles(flows: set[str], guides: Mapping[str, FlowGuide], words: Language) -> str:
    return words.listing([words.quoted(title_of(guides.get(flow), flow, words)) for flow in sorted(flows)])


def _shares(outcomes: Counter[Outcome]) -> list[dict[str, Any]]:
    """Where each part of the bar begins and how wide it is, in hundredths."""
    total = sum(outcomes.values())
    shares, start = [], 0.0
    for outcome in (Outcome.OK, Outcome.FINDING, Outcome.INCOMPLETE):
        width = 100 * outcomes[outcome] / total if total else 0.0
        if width:
            shares.append({"name": outcome.value, "start": round(start, 3), "width": round(width, 3)})
        start += width
    return shares


def _others(other_languages: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"code": code, "href": path_of(href), "name": own_name(code)} for code, href in sorted(other_languages.items())
    ]
