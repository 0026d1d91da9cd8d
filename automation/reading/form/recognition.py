"""Is this the right form? Which of the known addresses answered, and with what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.domain.observations import Form, ProbeOutcome
from automation.domain.signals import Signal, SignalName
from automation.flow.objection_table import OTHER_SHAPE
from automation.reading.form.courtesy import without_courtesy
from automation.reading.form.explaining import explanations
from automation.reading.form.fields import FoundForm, asks, find_forms
from automation.reading.form.topics import TOPIC
from automation.reading.in_english import is_in_english
from automation.reading.threads.dates import find_date
from automation.reading.meanings import Meaning, Said
from automation.reading.replies import ReplyReading, read_text
from automation.text.normalizing import base_language, fold_label, quote, sentences

if TYPE_CHECKING:
    from automation.flow.objection_table import ObjectionTable
    from automation.page import Block, Node, PageView
    from automation.page.read_page import ReadPage
    from automation.text.labels import Phrase
    from automation.text.page_words import PageWords

_NOT_FOUND = frozenset({404, 410})
_PLACE = re.compile(r" \([^\W\d_][\w .'-]{1,40}\)")
"""Where the account is, in brackets: "Your region (Australia) is not one of them"."""


@dataclass(frozen=True, slots=True)
class FormPage:
    """What a page at one of the form's addresses turned out to be."""

    outcome: ProbeOutcome
    signals: tuple[Signal, ...]
    form: Form | None = None
    missing: tuple[str, ...] = ()


def read_form_page(visit: ReadPage, table: ObjectionTable, words: PageWords, *, login: bool) -> FormPage:
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
    view, words = visit.view, _in_its_language(visit.view, words)
    locale = words.locale
    found = list(find_forms(view, visit.surface, words, table))
    usable = [f for f in found if not f.covered or _only_cookies(view, words)]
    address_ids = _ids([visit.requested, *visit.redirects, visit.final], table.form_path)
    final_id = _ids([visit.final], table.form_path)
    stated = {f.form.form_id for f in usable if f.form.form_id}
    foreign = [i for i in (*stated, *final_id) if i not in table.form_ids]
    title = _title(view, words)
    signals = list(_page_texts(visit, words, usable))
    lookalike = _lookalike(view, words, usable)
    if foreign or lookalike:
        what = table.other_ids.get(foreign[0], foreign[0]) if foreign else (lookalike.text if lookalike else "")
        signals.append(SignalName.PAGE_OTHER_FORM.seen(visit.surface, quote=what))
        return FormPage(ProbeOutcome.OTHER_FORM, tuple(signals))
    missing: list[str] = []
    if not _can_compose(words):
        missing.extend(words.uncovered("form.title"))
    if not usable:
        missing.extend(words.uncovered("form.submit"))
    own = (stated | address_ids) & set(table.form_ids)
    if own:
        signals.append(SignalName.FORM_ID.seen(visit.surface, quote=min(own)))
    if title is not None:
        shown, phrase = title
        signals.append(
            SignalName.FORM_TITLE.seen(visit.surface, quote=quote(shown), locale=locale, source=phrase.source)
        )
    offered = any(s.name is SignalName.PAGE_NOT_OFFERED for s in signals)
    form: Form | None = None
    if own and title is not None and usable and visit.settled:
        if usable[0].form.shape == OTHER_SHAPE:
            signals.append(SignalName.FORM_UNFAMILIAR.seen(visit.surface))
        elif not are_copies([found.form for found in usable]) or _twins(usable[0].form):
            signals.append(SignalName.FORM_TWICE.seen(visit.surface))
        else:
            form = usable[0].form
            signals.append(SignalName.FORM_OPEN.seen(visit.surface, quote=form.submit or ""))
    if found and not usable:
        signals.append(SignalName.PAGE_COVERED.seen(visit.surface))
    if form is not None:
        outcome = ProbeOutcome.FORM
    elif offered:
        outcome = ProbeOutcome.NOT_OFFERED
    else:
        outcome = ProbeOutcome.UNRECOGNISED
    return FormPage(outcome, tuple(signals), form, tuple(missing))


def _in_its_language(view: PageView, words: PageWords) -> PageWords:
    """
    The words of a page; the English ones where its title or a refusal is English, and no language says otherwise.

    So where it declares none, or where its frame alone is in the declared one.
    """
    english = words.english
    if base_language(words.locale) == english.locale or not (
        _title(view, english) or _turns_down(view.blocks(), english)
    ):
        return words
    return english if not words.locale or is_in_english(view, words.locale) else words


def _ids(urls: list[str], pattern: str) -> set[str]:
    matches = (re.fullmatch(pattern, urlsplit(url).path) for url in urls)
    return {match[1] for match in matches if match}


def _title(view: PageView, words: PageWords) -> tuple[str, Phrase] | None:
    """The page's title in known words: whole, or made of known words for AI and for objecting."""
    names = words.names("form.title")
    headings = [h.name for h in view.headings() if not view.covered(h.index)]
    for text in (*headings, view.title, *(b.text for b in view.blocks() if len(b.text) <= 140)):
        phrase = names.get(fold_label(text.partition(" | ")[0]))
        if phrase is not None:
            return text, phrase
    for text in headings:
        topic, verb = words.find_word("ai.topic", text), words.find_word("object.words", text)
        if topic and verb and not _undoes(words, text):
            return text, verb
    return None


def _undoes(words: PageWords, text: str) -> bool:
    """Whether a title or label takes an objection back, or allows what it forbids."""
    near = words.with_english
    return any(near.find_word(key, text) is not None for key in ("withdrawal.words", "opposite.words"))


def _can_compose(words: PageWords) -> bool:
    return words.covered("ai.topic") and words.covered("object.words")


def _lookalike(view: PageView, words: PageWords, forms: list[FoundForm]) -> Phrase | None:
    """Words of a form about something else, in the headings or in the labels of the form's own fields."""
    cookies = {n.index for dialog in _cookie_dialogs(view, words) for n in view.within(dialog.index)}
    texts = [h.name for h in view.headings() if h.index not in cookies] + [view.title]
    texts += [field.label for found in forms for field in found.form.fields if field.role != TOPIC]
    near = words.with_english
    about = [near.find_word("lookalike.words", text) for text in texts]
    # A form that undoes an objection says so in its title, in a field, or on its button.
    texts += [found.form.submit or "" for found in forms]
    about += [near.find_word("opposite.words", text) or near.find_word("withdrawal.words", text) for text in texts]
    return next((phrase for phrase in about if phrase is not None), None)


def are_copies(forms: list[Form]) -> bool:
    """
    Whether all are one form, drawn more than once: whichever one reads, it says the same.

    Where both carry the same ids in their markup, the browser gives the labels of both to the first.
    """
    first, *others = forms
    return all(
        (form.form_id, form.submit, form.submit_enabled) == (first.form_id, first.submit, first.submit_enabled)
        and len(form.fields) == len(first.fields)
        and all(
            (field.kind, field.required, field.options) == (own.kind, own.required, own.options)
            and fold_label(field.label) in fold_label(own.label)
            for field, own in zip(form.fields, first.fields, strict=True)
        )
        for form in others
    )


def _twins(form: Form) -> bool:
    typed = [fold_label(f.label) for f in form.fields if f.kind not in {"radio", "checkbox"} and f.label]
    return len(typed) != len(set(typed))


def _only_cookies(view: PageView, words: PageWords) -> bool:
    """Whether what lies over the page is the cookie dialog, which says nothing about what is beneath."""
    modal = view.modal()
    return modal is not None and modal in _cookie_dialogs(view, words)


def _cookie_dialogs(view: PageView, words: PageWords) -> list[Node]:
    names = words.wherever_known("cookies.decline").names("cookies.decline")
    return [
        dialog
        for dialog in view.shown_nodes()
        if (dialog.role in {"dialog", "alertdialog"} or dialog.attributes.get("aria-modal") == "true")
        and any(fold_label(n.name) in names for n in view.within(dialog.index) if n.role == "button")
    ]


_PAGE_SIGNALS: Mapping[Meaning, SignalName] = {
    Meaning.ACCEPTED: SignalName.PAGE_ACCEPTED,
    Meaning.REFUSED: SignalName.PAGE_REFUSED,
    Meaning.PENDING: SignalName.PAGE_PENDING,
    Meaning.MORE_INFORMATION: SignalName.PAGE_PENDING,
}


def _page_texts(visit: ReadPage, words: PageWords, forms: list[FoundForm]) -> list[Signal]:
    """
    What the page itself says about an earlier objection, or about who may object.

    A promise beside an open form is an explanation, not an answer: it makes the page unclear and nothing more. That a
    request will be looked at does not even do that: it is about the form that is not sent yet. So is a page that asks
    for one thing after another, before it shows the control that sends them.
    """
    view = visit.view
    inside = {n.index for f in forms if view.nodes[f.root].role != "main" for n in view.within(f.root)}
    blocks = [b for b in view.blocks() if b.node not in inside]
    turned_down = _turns_down(blocks, words)
    signals = [
        SignalName.PAGE_NOT_OFFERED.seen(visit.surface, quote=quote(sentence), words=phrase)
        for sentence, phrase in turned_down
    ]
    reading = read_text(blocks, words)
    unsent = bool(forms) or asks(view, words)
    alone = not unsent or all(_is_status(view, b) for b in blocks if _speaks(b, reading))
    for said in reading.said:
        if alone:
            name = _PAGE_SIGNALS[said.meaning]
            signals.append(name.seen(visit.surface, quote=quote(said.sentence), words=said.phrase))
        elif not _is_to_come(said, words):
            signals.append(_unclear(visit.surface, said.sentence))
    told = {sentence for sentence, _ in turned_down}
    unclear = [sentence for sentence in reading.unclear if sentence not in told]
    signals.extend(_unclear(visit.surface, sentence) for sentence in unclear if not alone or not forms)
    if forms:
        signals.extend(_unclear(visit.surface, b.text) for b in view.blocks() if _closed(b, words))
        signals.extend(_unclear(visit.surface, sentence) for sentence in _speaks_of_earlier(blocks, words))
    return list(dict.fromkeys(signals))


def _turns_down(blocks: Sequence[Block], words: PageWords) -> list[tuple[str, Phrase]]:
    """Sentences that say who may not object, with the words that say so; not those with a condition of their own."""
    told = (s for block in blocks if not block.quoted for s in sentences(block.text.replace("\n", " ")))
    hits = ((s, words.find_sentence("page.not_offered", without_courtesy(_PLACE.sub("", s)))) for s in told)
    near = words.with_english
    return [
        (sentence, hit[0])
        for sentence, hit in hits
        if hit is not None
        if not (sentence.rstrip().endswith("?") or near.find_word("conditional.words", hit[1]))
    ]


def _closed(block: Block, words: PageWords) -> bool:
    """Whether a paragraph beside a form may say that it is not in use."""
    return words.with_english.find_word("page.closed", block.text) is not None


def _speaks_of_earlier(blocks: Sequence[Block], words: PageWords) -> list[str]:
    """Sentences beside a form that may say that an objection exists already; advice and explanations are left out."""
    near = words.with_english
    told = [sentence for block in blocks for sentence in sentences(block.text.replace("\n", " "))]
    explained = explanations(told)
    return [
        sentence
        for sentence in told
        if near.holds_sentence("page.prior", sentence) and not near.find_word("conditional.words", sentence)
        if sentence not in explained
    ]


def _is_to_come(said: Said, words: PageWords) -> bool:
    """Whether it tells what the service will do about a request that is not sent yet: look at it, and answer."""
    near, whole = words.with_english, said.whole or said.sentence
    if said.meaning not in {Meaning.PENDING, Meaning.MORE_INFORMATION} or find_date(whole, words.locale).dated:
        return False
    filed = near.find_word("page.filed", whole) is not None
    return not filed and near.find_sentence("page.to_come", said.sentence) is not None


def _unclear(surface: str, sentence: str) -> Signal:
    return SignalName.PAGE_UNCLEAR.seen(surface, quote=quote(sentence))


def _speaks(block: Block, reading: ReplyReading) -> bool:
    return any(said.sentence in block.text.replace("\n", " ") for said in reading.said)


def _is_status(view: PageView, block: Block) -> bool:
    around = [view.nodes[block.node], *view.ancestors(block.node)] if block.node >= 0 else []
    return any(n.role in {"status", "alert", "log"} for n in around)
