"""
Forms of a page, each with the control that sends it, and the objection form among all that looks like it.

A form's fingerprint is over its structure alone: what is filled in leaves it as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from automation.core.looks import Shown, ShownKind
from automation.core.observations import Field, Form, ProbeOutcome
from automation.core.signals import Signal, SignalName
from automation.flow.control_table import OTHER_SHAPE, ObjectionTable
from automation.page import Node, PageView
from automation.page.read_page import ReadPage
from automation.reading.form_fields import (
    CHROME,
    SENDING,
    TOPIC,
    asks,
    can_be_filled,
    holds_field,
    input_type,
    is_field,
    is_said,
    read_field,
    read_hidden_field,
    shape_of,
)
from automation.reading.form_text import ANSWERED, FormText, PageText, is_in_english, not_offered
from automation.text.labels import Phrase
from automation.text.normalizing import base_language, fold, fold_label, quote
from automation.text.page_words import PageWords

_HOLDERS = frozenset({"form", "dialog", "alertdialog", "main"})
_UNDOING = ("opposite.words", "withdrawal.words")
"""Words of a title or label that takes an objection back, or allows what it forbids."""
_STEP_DOUBTS = (*_UNDOING, "lookalike.words", "elsewhere.words")
_NOT_FOUND = frozenset({404, 410})
_LONGEST_TITLE, _MOST_HIDDEN_WORDS, _LEVELS_TO_A_FIELD = 140, 60, 3


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form and where it stands in the page."""

    form: Form
    root: int
    """Index of the node that holds it."""
    submit: int | None
    """Index of the control that sends it; None where a later step shows it."""
    inputs: tuple[int, ...]
    """Index of the node of each of its fields, in their order."""
    covered: bool
    """Whether a person could not use it: something lies over it, or every field is disabled."""


def find_forms(view: PageView, surface: str, words: PageWords, table: ObjectionTable | None = None) -> list[FoundForm]:
    """
    Every form on the page that has at least one field and a control that would send it.

    A control sends a form when it is of type submit inside an HTML form, or when its name is one of the words
    of `form.submit` in the page's language. It may stand hidden in a later step of the same HTML form. Without the
    flow's table no id and no shape is told.
    """
    known = words.names("form.submit")
    page = _Forms(view, surface, words, table)
    outside = [n for n in view.shown_nodes() if not any(a.role in CHROME for a in view.ancestors(n.index))]
    found: dict[int, FoundForm] = {}
    for button in (n for n in outside if n.role == "button"):
        root = _holder(view, button) if sends(view, button) or fold_label(button.name) in known else None
        one = page.found(root, button) if root is not None and root not in found else None
        if root is not None and one is not None:
            found[root] = one
    for node in outside:
        if node.tag == "FORM" and node.index not in found and (one := page.first_step(node)) is not None:
            found[node.index] = one
    return list(found.values())


def sends(view: PageView, button: Node) -> bool:
    """Whether a control sends the HTML form that it stands in."""
    kind = button.attributes.get("type", "submit" if button.tag == "BUTTON" else "").lower()
    return kind in SENDING and any(a.tag == "FORM" for a in view.ancestors(button.index))


def _holder(view: PageView, button: Node) -> int | None:
    """The nearest element around the control that holds fields: a form, dialog or main part before all else."""
    lineage = list(view.ancestors(button.index))
    named = [node for node in lineage if node.tag == "FORM" or node.role in _HOLDERS]
    return next((node.index for node in (*named, *lineage) if holds_field(view, node.index)), None)


@dataclass(frozen=True, slots=True)
class _Forms:
    """The forms of one page."""

    view: PageView
    surface: str
    words: PageWords
    table: ObjectionTable | None

    def found(self, root: int, button: Node, later: tuple[Field, ...] = ()) -> FoundForm | None:
        """
        The form that an element holds, with the control that sends it or leads on.

        None where it has no field, or only one that is called as its button is: a site's search.
        """
        inputs = [node for node in self.view.within(root) if is_field(self.view, node)]
        fields = tuple(read_field(self.view, node, self.words) for node in inputs)
        called = fold_label(button.name)
        searches = len(fields) == 1 and fields[0].kind == "text" and called == fold_label(fields[0].label) != ""
        if not fields or searches:
            return None
        covered = all(n.properties.get("disabled") is True for n in inputs) or self.view.covered(button.index)
        form = self._form(root, button, fields, later)
        return FoundForm(form, root, button.index, tuple(node.index for node in inputs), covered)

    def _form(self, root: int, button: Node, fields: tuple[Field, ...], later: tuple[Field, ...]) -> Form:
        node, inside = self.view.nodes[root], list(self.view.within(root))
        hidden = {
            n.attributes.get("name", ""): n.attributes.get("value", "")
            for n in inside
            if n.tag == "INPUT" and input_type(n) == "hidden"
        }
        ids = (hidden[name] for name in (self.table.id_fields if self.table else ()) if hidden.get(name))
        shape = shape_of((*fields, *later), self.table.shapes, self.words.labels) if self.table else OTHER_SHAPE
        structure = [[f.kind, f.role, fold_label(f.label), f.required, sorted(map(fold, f.options))] for f in fields]
        told = json.dumps([structure, fold_label(button.name)], ensure_ascii=False)
        return Form(
            surface=self.surface,
            form_id=next(ids, None),
            heading=quote(_heading(self.view, root)),
            fields=fields,
            submit=quote(button.name) or None,
            submit_enabled=not (
                button.properties.get("disabled") is True
                or button.attributes.get("aria-disabled") == "true"
                or "disabled" in button.attributes
            ),
            shape=shape,
            fingerprint=hashlib.sha256(told.encode()).hexdigest(),
            dom="legacy" if node.tag == "FORM" and node.attributes.get("action") else "client",
            in_frame=node.document != 0,
        )

    def first_step(self, form: Node) -> FoundForm | None:
        """
        A form of which the first step alone is shown; None where what comes behind it is not plain.

        Every field is shown or is one to write in that the form is known to have, one button leads on and sends
        nothing, and what is hidden says little, holds the one control that sends, in known words, and no word of taking
        an objection back or of another matter: a later step might ask or say anything.
        """
        inside = list(self.view.within(form.index))
        buttons = list(filter(_is_button, inside))
        shown = [n for n in buttons if n.shown]
        sending = [n for n in buttons if not n.shown and input_type(n) in SENDING]
        later = self._later_fields(form, inside)
        if later is None or len(sending) != 1 or len(shown) != 1:
            return None
        text = " ".join(n.text for n in self.view.within(sending[0].index) if n.tag == "#text").strip()
        called = text or sending[0].attributes.get("value", "")
        rest = " ".join(n.text for n in inside if not n.shown and is_said(self.view, n))
        found = self.found(form.index, shown[0], later) if self._leads_on(shown[0], called, rest) else None
        return replace(found, form=replace(found.form, submit=quote(called)), submit=None) if found else None

    def _later_fields(self, form: Node, inside: Sequence[Node]) -> tuple[Field, ...] | None:
        """The fields of a form that are not shown; None where one of them is not known, or none is shown."""
        asked = [n for n in inside if can_be_filled(n)]
        hidden = [read_hidden_field(self.view, form, n, asked, self.words) for n in asked if not n.shown]
        later = tuple(field for field in hidden if field is not None)
        return later if len(later) == len(hidden) < len(asked) else None

    def _leads_on(self, button: Node, called: str, rest: str) -> bool:
        """Whether a button sends nothing and what comes behind it is plain: what sends it, and the other texts."""
        sends_nothing = input_type(button) == "button" and "disabled" not in button.attributes
        known = fold_label(called) in self.words.names("form.submit") and len(rest.split()) <= _MOST_HIDDEN_WORDS
        near, texts = self.words.with_english, (rest, called, button.name)
        return sends_nothing and known and not any(near.find_word(key, t) for key in _STEP_DOUBTS for t in texts)


def _heading(view: PageView, root: int) -> str:
    """The nearest heading of a form: inside it, then its own name or that of what holds it, then around it."""
    lineage = [view.nodes[root], *view.ancestors(root)]

    def headings(around: Node) -> list[str]:
        return [n.name for n in view.within(around.index) if n.shown and n.role == "heading" and n.name]

    names = [n.name for n in lineage if n.role in {"dialog", "form", "region"} and n.name]
    return next((told[0] for told in (headings(lineage[0]), names, *map(headings, lineage[1:])) if told), "")


def _is_button(node: Node) -> bool:
    return node.tag == "BUTTON" or node.role == "button" or (node.tag == "INPUT" and input_type(node) in SENDING)


def are_copies(forms: Sequence[Form]) -> bool:
    """Whether all are one form, drawn more than once; of equal ids, the first gets the labels of both."""
    first, *others = forms

    def drawn(form: Form) -> tuple[object, ...]:
        return form.form_id, form.submit, form.submit_enabled, [(f.kind, f.required, f.options) for f in form.fields]

    return all(
        drawn(form) == drawn(first)
        and all(fold_label(f.label) in fold_label(own.label) for f, own in zip(form.fields, first.fields, strict=True))
        for form in others
    )


# -- is it the objection form


@dataclass(frozen=True, slots=True)
class FormPage:
    """What a page at one of the form's addresses turned out to be."""

    outcome: ProbeOutcome
    signals: tuple[Signal, ...]
    form: Form | None = None
    missing: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    """Its forms, where a person can tell which of them is the right one; without a picture."""


def read_form_page(visit: ReadPage, table: ObjectionTable, words: PageWords, *, login: bool) -> FormPage:
    """
    Tell the objection form from all that looks like it.

    Three things must agree before a form counts as open: an id (in the address, on the way there, or in the
    form's hidden fields), its title in words that a source gives, and fields with a control that sends them.
    """
    if (unread := _unread(visit, login=login)) is not None:
        return FormPage(unread, ())
    view, surface, words = visit.view, visit.surface, _in_its_language(visit.view, words)
    cookies = _cookie_dialogs(view, words)
    found = find_forms(view, surface, words, table)
    usable = found if view.modal() in cookies else [each for each in found if not each.covered]
    title = _title(view, words)
    text = _text_of(view, words, usable).read(surface, title and title[0])
    own, foreign = _form_ids(visit, usable, table)
    other = table.other_ids.get(foreign[0], foreign[0]) if foreign else _lookalike(view, words, usable, cookies)
    if other is not None:
        signals = [*text.signals, SignalName.PAGE_OTHER_FORM.seen(surface, quote=other)]
        # An id that a source gives to another form leaves nothing to be asked.
        shown = () if set(foreign) & set(table.other_ids) else _shown(visit, words, usable, text)
        return FormPage(ProbeOutcome.OTHER_FORM, tuple(signals), shown=shown)
    state = _state(usable) if own and title is not None and visit.settled else None
    form = usable[0].form if state is SignalName.FORM_OPEN else None
    signals = [*text.signals, *_told(surface, words, own, title)]
    if state is not None:
        signals.append(state.seen(surface, quote=form.submit or "" if form else ""))
    if found and not usable:
        signals.append(SignalName.PAGE_COVERED.seen(surface))
    shown = _shown(visit, words, usable, text) if form is None or SignalName.PAGE_UNCLEAR in text.names else ()
    return FormPage(_outcome(form, text), tuple(signals), form, _missing(words, usable), shown)


def _unread(visit: ReadPage, *, login: bool) -> ProbeOutcome | None:
    if login or visit.status in _NOT_FOUND:
        return ProbeOutcome.LOGIN if login else ProbeOutcome.NOT_FOUND
    return ProbeOutcome.ERROR if visit.failed else None


def _outcome(form: Form | None, text: PageText) -> ProbeOutcome:
    refused = SignalName.PAGE_NOT_OFFERED in text.names
    return ProbeOutcome.FORM if form else ProbeOutcome.NOT_OFFERED if refused else ProbeOutcome.UNRECOGNISED


def _told(surface: str, words: PageWords, own: Sequence[str], title: tuple[str, Phrase] | None) -> Iterator[Signal]:
    """The form's id and title, where the page has them."""
    yield from (SignalName.FORM_ID.seen(surface, quote=one) for one in own[:1])
    if title is not None:
        name, source = quote(title[0]), title[1].source
        yield SignalName.FORM_TITLE.seen(surface, quote=name, locale=words.locale, source=source)


def _missing(words: PageWords, usable: Sequence[FoundForm]) -> tuple[str, ...]:
    """Keys by which the form could have been told in the page's language, had they words."""
    composed = words.covered("ai.topic") and words.covered("object.words")
    return words.uncovered(*(() if composed else ("form.title",)), *(() if usable else ("form.submit",)))


def _text_of(view: PageView, words: PageWords, forms: Sequence[FoundForm]) -> FormText:
    """The page with what its forms are called, and the elements around each field and what belongs to it alone."""
    fields = [field for found in forms for field in found.form.fields]
    texts = [text for field in fields for text in (field.label, *field.options)]
    called = frozenset(map(fold_label, (*texts, *(found.form.submit or "" for found in forms))))
    groups = frozenset(at for found in forms for index in found.inputs for at in _around_field(view, found, index))
    return FormText(view, words, bool(forms) or asks(view, words), called, groups)


def _around_field(view: PageView, found: FoundForm, field: int) -> Iterator[int]:
    others = [n for n in (*found.inputs, found.submit) if n is not None and n != field]
    for around in islice(view.ancestors(field), _LEVELS_TO_A_FIELD):
        if around.index == found.root or any(view.is_inside(n, around.index) for n in others):
            return
        yield around.index


def _form_ids(visit: ReadPage, usable: Sequence[FoundForm], table: ObjectionTable) -> tuple[list[str], list[str]]:
    """Ids that say that this is the form, and ids of other forms: of its hidden fields, its address, the way there."""

    def ids(*urls: str) -> set[str]:
        return {m[1] for url in urls if (m := re.fullmatch(table.form_path, urlsplit(url).path))}

    stated = {each.form.form_id for each in usable if each.form.form_id}
    way = ids(visit.requested, *visit.redirects, visit.final)
    foreign = [i for i in (*stated, *ids(visit.final)) if i not in table.form_ids]
    return sorted((stated | way) & set(table.form_ids)), foreign


def _state(usable: Sequence[FoundForm]) -> SignalName | None:
    """Whether forms of the right address and title are one of the documented ones, once; None where there are none."""
    if not usable:
        return None
    form = usable[0].form
    if form.shape == OTHER_SHAPE:
        return SignalName.FORM_UNFAMILIAR
    typed = [fold_label(f.label) for f in form.fields if f.kind not in {"radio", "checkbox"} and f.label]
    once = are_copies([each.form for each in usable]) and len(typed) == len(set(typed))
    return SignalName.FORM_OPEN if once else SignalName.FORM_TWICE


def _shown(visit: ReadPage, words: PageWords, usable: Sequence[FoundForm], text: PageText) -> tuple[Shown, ...]:
    """Each form, for a person to say which it is; none where the page is unfinished, or may answer by itself."""
    unclear = (signal.quote for signal in text.signals if signal.name is SignalName.PAGE_UNCLEAR)
    if not visit.settled or text.names & ANSWERED or not set(unclear) <= set(text.unclear):
        return ()
    address = urlsplit(visit.final)
    at = f"{address.scheme}://{address.netloc}{address.path}"
    title = quote(next(iter(_headings(visit.view)), visit.view.title))
    forms = (each.form for each in usable)
    lines = (
        (f.heading or title, *(field.label for field in f.fields), f.submit or "", at, *text.unclear) for f in forms
    )
    every = dict.fromkeys(tuple(filter(None, one)) for one in lines)
    return tuple(Shown(ShownKind.FORM, visit.surface, words.locale, one) for one in every)


def _in_its_language(view: PageView, words: PageWords) -> PageWords:
    """
    The words of a page; the English ones where its title or a refusal is English, and no language says otherwise.

    So where it declares none, or where its frame alone is in the declared one.
    """
    english = words.english
    if base_language(words.locale) == english.locale or not (_title(view, english) or any(not_offered(view, english))):
        return words
    return english if not words.locale or is_in_english(view, words.locale) else words


def _headings(view: PageView) -> list[str]:
    return [heading.name for heading in view.headings() if not view.covered(heading.index)]


def _title(view: PageView, words: PageWords) -> tuple[str, Phrase] | None:
    """The page's title in known words: whole, or made of known words for AI and for objecting."""
    names, headings = words.names("form.title"), _headings(view)
    for text in (*headings, view.title, *(b.text for b in view.blocks() if len(b.text) <= _LONGEST_TITLE)):
        phrase = names.get(fold_label(text.partition(" | ")[0]))
        if phrase is not None:
            return text, phrase
    for text in headings:
        topic, verb = words.find_word("ai.topic", text), words.find_word("object.words", text)
        if topic and verb and not any(words.with_english.find_word(key, text) for key in _UNDOING):
            return text, verb
    return None


def _lookalike(view: PageView, words: PageWords, forms: Sequence[FoundForm], cookies: Sequence[Node]) -> str | None:
    """Words of a form about something else, in the headings or in the labels of the form's own fields."""
    aside = {n.index for dialog in cookies for n in view.within(dialog.index)}
    texts = [*(h.name for h in view.headings() if h.index not in aside), view.title]
    texts += [field.label for found in forms for field in found.form.fields if field.role != TOPIC]
    undoing = [*texts, *(found.form.submit or "" for found in forms)]  # a title, a field or a button says so
    near = words.with_english
    about = [near.find_word("lookalike.words", text) for text in texts]
    about += [near.find_word(key, text) for text in undoing for key in _UNDOING]
    return next((phrase.text for phrase in about if phrase is not None), None)


def _cookie_dialogs(view: PageView, words: PageWords) -> list[Node]:
    """Dialogs on cookies, which say nothing about what is beneath."""
    names = words.wherever_known("cookies.decline").names("cookies.decline")
    return [
        dialog
        for dialog in view.shown_nodes()
        if (dialog.role in {"dialog", "alertdialog"} or dialog.attributes.get("aria-modal") == "true")
        and any(fold_label(n.name) in names for n in view.within(dialog.index) if n.role == "button")
    ]
