"""Is this the right form? Which of the known addresses answered, and with what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.domain.observations import Form, ProbeOutcome, Signal, SignalKind, Wording
from automation.flow.objection_table import OTHER_SHAPE
from automation.reading.form.fields import FoundForm, find_forms
from automation.reading.replies import Meaning, ReplyReading, read_text
from automation.text.normalizing import fold_label, quote, sentences

if TYPE_CHECKING:
    from automation.flow.objection_table import ObjectionTable
    from automation.page import Block, PageView
    from automation.page.read_page import ReadPage
    from automation.text.labels import Labels, Phrase

_NOT_FOUND = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class FormPage:
    """What a page at one of the form's addresses turned out to be."""

    outcome: ProbeOutcome
    signals: tuple[Signal, ...]
    form: Form | None = None
    missing: tuple[str, ...] = ()


def read_form_page(visit: ReadPage, table: ObjectionTable, labels: Labels, locale: str, *, login: bool) -> FormPage:
    """
    Tell the objection form from all that looks like it.

    Three things must agree before a form counts as open: an id (in the address, on the way there, or in the
    form's hidden fields), its title in words that a source gives, and fields with a control that sends them.
    """
    if login:
        return FormPage(ProbeOutcome.LOGIN, ())
    if visit.status in _NOT_FOUND:
        return FormPage(ProbeOutcome.NOT_FOUND, ())
    if visit.failed:
        return FormPage(ProbeOutcome.ERROR, ())
    view = visit.view
    found = list(find_forms(view, visit.surface, labels, locale, table))
    usable = [f for f in found if not f.covered or _only_cookies(view, labels)]
    address_ids = _ids([visit.requested, *visit.redirects, visit.final], table.form_path)
    final_id = _ids([visit.final], table.form_path)
    stated = {f.form.form_id for f in usable if f.form.form_id}
    foreign = [i for i in (*stated, *final_id) if i not in table.form_ids]
    title = _title(view, labels, locale)
    signals = list(_page_texts(visit, labels, locale, usable))
    lookalike = _lookalike(view, labels, locale, usable)
    if foreign or lookalike:
        what = table.other_ids.get(foreign[0], foreign[0]) if foreign else (lookalike.text if lookalike else "")
        signals.append(Signal("page.other_form", SignalKind.DATA, visit.surface, "another form answered", what))
        return FormPage(ProbeOutcome.OTHER_FORM, tuple(signals))
    missing: list[str] = []
    if not labels.has("form.title", locale) and not _can_compose(labels, locale):
        missing.append(f"{locale or 'und'}:form.title")
    if not usable and not labels.has("form.submit", locale):
        missing.append(f"{locale or 'und'}:form.submit")
    own = (stated | address_ids) & set(table.form_ids)
    if own:
        signals.append(
            Signal(
                "form.id",
                SignalKind.DATA,
                visit.surface,
                "id in the address or the form's own data",
                min(own),
            )
        )
    if title is not None:
        words, phrase = title
        signals.append(
            Signal(
                "form.title", SignalKind.LANDMARK, visit.surface, "heading or title of the page", quote(words),
                Wording.SOURCED, locale, None, phrase.source,
            )
        )  # fmt: skip
    offered = any(s.name == "page.not_offered" for s in signals)
    form: Form | None = None
    if own and title is not None and usable and visit.settled:
        if usable[0].form.shape == OTHER_SHAPE:
            signals.append(Signal("form.unfamiliar", SignalKind.FORM, visit.surface, "fields that no source knows"))
        elif len(usable) > 1 or _twins(usable[0].form):
            signals.append(Signal("form.twice", SignalKind.FORM, visit.surface, "two forms or two like fields"))
        else:
            form = usable[0].form
            signals.append(
                Signal(
                    "form.open", SignalKind.FORM, visit.surface,
                    "fields and a control that sends them", form.submit or "",
                )
            )  # fmt: skip
    if found and not usable:
        signals.append(Signal("page.covered", SignalKind.LANDMARK, visit.surface, "something lies over the form"))
    if form is not None:
        outcome = ProbeOutcome.FORM
    elif offered:
        outcome = ProbeOutcome.NOT_OFFERED
    else:
        outcome = ProbeOutcome.UNRECOGNISED
    return FormPage(outcome, tuple(signals), form, tuple(missing))


def _ids(urls: list[str], pattern: str) -> set[str]:
    matches = (re.fullmatch(pattern, urlsplit(url).path) for url in urls)
    return {match[1] for match in matches if match}


def _title(view: PageView, labels: Labels, locale: str) -> tuple[str, Phrase] | None:
    """The page's title in known words: whole, or made of known words for AI and for objecting."""
    names = labels.names("form.title", locale)
    headings = [h.name for h in view.headings() if not view.covered(h.index)]
    for text in (*headings, view.title, *(b.text for b in view.blocks() if len(b.text) <= 140)):
        phrase = names.get(fold_label(text.partition(" | ")[0]))
        if phrase is not None:
            return text, phrase
    for text in headings:
        topic, verb = (
            labels.find_word("ai.topic", locale, text),
            labels.find_word("object.words", locale, text),
        )
        if topic and verb:
            return text, verb
    return None


def _can_compose(labels: Labels, locale: str) -> bool:
    return labels.has("ai.topic", locale) and labels.has("object.words", locale)


def _lookalike(view: PageView, labels: Labels, locale: str, forms: list[FoundForm]) -> Phrase | None:
    """Words of a form about something else, in the headings or in the labels of the form's own fields."""
    texts = [h.name for h in view.headings()] + [view.title]
    texts += [field.label for found in forms for field in found.form.fields]
    for text in texts:
        for loc in dict.fromkeys([locale, "en"]):
            phrase = labels.find_word("lookalike.words", loc, text)
            if phrase is not None:
                return phrase
    return None


def _twins(form: Form) -> bool:
    typed = [fold_label(f.label) for f in form.fields if f.kind not in {"radio", "checkbox"} and f.label]
    return len(typed) != len(set(typed))


def _only_cookies(view: PageView, labels: Labels) -> bool:
    """Whether what lies over the page is the cookie dialog, which says nothing about what is beneath."""
    modal = view.modal()
    if modal is None:
        return False
    names = {name for loc in labels.languages("cookies.decline") for name in labels.names("cookies.decline", loc)}
    return any(fold_label(n.name) in names for n in view.within(modal.index) if n.role == "button")


_PAGE_SIGNALS: Mapping[Meaning, str] = {
    Meaning.ACCEPTED: "page.accepted",
    Meaning.REFUSED: "page.refused",
    Meaning.PENDING: "page.pending",
    Meaning.MORE_INFORMATION: "page.pending",
}


def _page_texts(visit: ReadPage, labels: Labels, locale: str, forms: list[FoundForm]) -> list[Signal]:
    """
    What the page itself says about an earlier objection, or about who may object.

    A promise beside an open form is an explanation, not an answer: it makes the page unclear and nothing more.
    """
    view = visit.view
    inside = {n.index for f in forms if view.nodes[f.root].role != "main" for n in view.within(f.root)}
    blocks = [b for b in view.blocks() if b.node not in inside]
    signals = _not_offered(visit, labels, locale, blocks)
    reading = read_text(blocks, labels, locale)
    alone = not forms or all(_is_status(view, b) for b in blocks if _speaks(b, reading))
    for said in reading.said:
        if alone:
            signals.append(
                Signal(
                    _PAGE_SIGNALS[said.meaning], SignalKind.TEXT, visit.surface, "text of the page",
                    quote(said.sentence), said.phrase.wording, said.phrase.locale, None, said.phrase.source,
                )
            )  # fmt: skip
        else:
            signals.append(_unclear(visit.surface, said.sentence))
    signals.extend(_unclear(visit.surface, sentence) for sentence in reading.unclear if not alone or not forms)
    if forms:
        signals.extend(_unclear(visit.surface, b.text) for b in view.blocks() if _closed(b, labels, locale))
        signals.extend(_unclear(visit.surface, s) for b in blocks for s in _speaks_of_earlier(b, labels, locale))
    return list(dict.fromkeys(signals))


def _not_offered(visit: ReadPage, labels: Labels, locale: str, blocks: list[Block]) -> list[Signal]:
    found = []
    for block in blocks:
        if block.quoted:
            continue
        for sentence in sentences(block.text.replace("\n", " ")):
            hit = labels.find_sentence("page.not_offered", locale, sentence)
            if hit is not None:
                phrase = hit[0]
                found.append(
                    Signal(
                        "page.not_offered", SignalKind.TEXT, visit.surface, "text of the page", quote(sentence),
                        phrase.wording, phrase.locale, None, phrase.source,
                    )
                )  # fmt: skip
    return found


def _closed(block: Block, labels: Labels, locale: str) -> bool:
    """Whether a paragraph beside a form may say that it is not in use."""
    return any(labels.find_word("page.closed", loc, block.text) for loc in dict.fromkeys([locale, "en"]))


def _speaks_of_earlier(block: Block, labels: Labels, locale: str) -> list[str]:
    """Sentences beside a form that may say that an objection exists already; advice ("if you …") is left out."""
    near = list(dict.fromkeys([locale, "en"]))
    return [
        sentence
        for sentence in sentences(block.text.replace("\n", " "))
        if any(labels.holds_sentence("page.prior", loc, sentence) for loc in near)
        and not any(labels.find_word("conditional.words", loc, sentence) for loc in near)
    ]


def _unclear(surface: str, sentence: str) -> Signal:
    return Signal(
        "page.unclear",
        SignalKind.TEXT,
        surface,
        "text that may speak of an earlier objection",
        quote(sentence),
    )


def _speaks(block: Block, reading: ReplyReading) -> bool:
    return any(said.sentence in block.text.replace("\n", " ") for said in reading.said)


def _is_status(view: PageView, block: Block) -> bool:
    around = [view.nodes[block.node], *view.ancestors(block.node)] if block.node >= 0 else []
    return any(n.role in {"status", "alert", "log"} for n in around)
