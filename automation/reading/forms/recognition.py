"""Is this the right form? Which known address answered, and with what; and what a person said of one in doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.core.looks import Look, Says, Shown, ShownKind
from automation.core.observations import Form, Observation, ProbeOutcome
from automation.core.signals import Signal, SignalName, Way
from automation.core.wording import Wording
from automation.flow.control_table import OTHER_SHAPE, ObjectionTable
from automation.reading.forms.fields import TOPIC
from automation.reading.forms.finding import FoundForm, are_copies, find_forms
from automation.reading.forms.page_text import PageText, is_in_english, not_offered, read_page_text
from automation.text.normalizing import base_language, fold_label, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from automation.page import Node, PageView
    from automation.page.read_page import ReadPage
    from automation.text.labels import Phrase
    from automation.text.page_words import PageWords

TOLD_BESIDE = frozenset(
    {
        SignalName.PAGE_UNCLEAR,
        SignalName.PAGE_ACCEPTED,
        SignalName.PAGE_REFUSED,
        SignalName.PAGE_PENDING,
        SignalName.FORM_TWICE,
    }
)
"""What a further address of the form may say beside the one where it is open."""
_SETTLED = (SignalName.FORM_ID, SignalName.FORM_TITLE, SignalName.FORM_OPEN)
"""What a person says who looks at a form and calls it the objection form."""
_LANDMARKS = frozenset({SignalName.FORM_ID, SignalName.FORM_TITLE})
"""Of these what a source says stays as it is."""
_DOUBTS = frozenset({*_SETTLED, SignalName.FORM_UNFAMILIAR, SignalName.FORM_TWICE, SignalName.PAGE_OTHER_FORM})
"""What that takes the place of, beside the sentences that were shown with it."""
_ANSWERED = frozenset(
    {
        SignalName.PAGE_ACCEPTED,
        SignalName.PAGE_REFUSED,
        SignalName.PAGE_PENDING,
        SignalName.PAGE_NOT_OFFERED,
        SignalName.PAGE_COVERED,
    }
)
"""What no look at a form overrides."""
_NOT_FOUND = frozenset({404, 410})
_UNDOING = ("opposite.words", "withdrawal.words")
"""Words of a title or label that takes an objection back, or allows what it forbids."""
_LONGEST_TITLE = 140


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
    unread = _unread(visit, login=login)
    if unread is not None:
        return FormPage(unread, ())
    view, surface, words = visit.view, visit.surface, _in_its_language(visit.view, words)
    found = find_forms(view, surface, words, table)
    usable = [each for each in found if not each.covered or _only_cookies(view, words)]
    title = _title(view, words)
    text = read_page_text(view, surface, words, usable, title[0] if title is not None else None)
    own, foreign = _form_ids(visit, usable, table)
    other = table.other_ids.get(foreign[0], foreign[0]) if foreign else _lookalike(view, words, usable)
    if other is not None:
        signals = [*text.signals, SignalName.PAGE_OTHER_FORM.seen(surface, quote=other)]
        # An id that a source gives to another form leaves nothing to be asked.
        shown = () if set(foreign) & set(table.other_ids) else _shown(visit, words, usable, text)
        return FormPage(ProbeOutcome.OTHER_FORM, tuple(signals), shown=shown)
    state = _state(usable) if own and title is not None and visit.settled else None
    form = usable[0].form if state is SignalName.FORM_OPEN else None
    signals = [*text.signals, *_landmarks(surface, words, own, title)]
    if state is not None:
        signals.append(state.seen(surface, quote=(form.submit or "") if form is not None else ""))
    if found and not usable:
        signals.append(SignalName.PAGE_COVERED.seen(surface))
    shown = _shown(visit, words, usable, text) if form is None or SignalName.PAGE_UNCLEAR in text.names else ()
    return FormPage(_outcome(form, text), tuple(signals), form, _missing(words, usable), shown)


def _landmarks(
    surface: str, words: PageWords, own: Sequence[str], title: tuple[str, Phrase] | None
) -> Iterator[Signal]:
    """The form's id and title, where the page has them."""
    if own:
        yield SignalName.FORM_ID.seen(surface, quote=own[0])
    if title is not None:
        shown, phrase = quote(title[0]), title[1]
        yield SignalName.FORM_TITLE.seen(surface, quote=shown, locale=words.locale, source=phrase.source)


def _unread(visit: ReadPage, *, login: bool) -> ProbeOutcome | None:
    if login:
        return ProbeOutcome.LOGIN
    if visit.status in _NOT_FOUND:
        return ProbeOutcome.NOT_FOUND
    return ProbeOutcome.ERROR if visit.failed else None


def _form_ids(visit: ReadPage, usable: Sequence[FoundForm], table: ObjectionTable) -> tuple[list[str], list[str]]:
    """Ids that say that this is the form, and ids of other forms: of its hidden fields, its address, the way there."""
    stated = {each.form.form_id for each in usable if each.form.form_id}
    way = _ids([visit.requested, *visit.redirects, visit.final], table.form_path)
    foreign = [i for i in (*stated, *_ids([visit.final], table.form_path)) if i not in table.form_ids]
    return sorted((stated | way) & set(table.form_ids)), foreign


def _outcome(form: Form | None, text: PageText) -> ProbeOutcome:
    if form is not None:
        return ProbeOutcome.FORM
    return ProbeOutcome.NOT_OFFERED if SignalName.PAGE_NOT_OFFERED in text.names else ProbeOutcome.UNRECOGNISED


def _state(usable: Sequence[FoundForm]) -> SignalName | None:
    """Whether forms of the right address and title are one of the documented ones, once; None where there are none."""
    if not usable:
        return None
    form = usable[0].form
    if form.shape == OTHER_SHAPE:
        return SignalName.FORM_UNFAMILIAR
    typed = [fold_label(f.label) for f in form.fields if f.kind not in {"radio", "checkbox"} and f.label]
    twins = len(typed) != len(set(typed))
    once = are_copies([each.form for each in usable]) and not twins
    return SignalName.FORM_OPEN if once else SignalName.FORM_TWICE


def _missing(words: PageWords, usable: Sequence[FoundForm]) -> tuple[str, ...]:
    """Keys by which the form could have been told in the page's language, had they words."""
    composed = words.covered("ai.topic") and words.covered("object.words")
    return words.uncovered(*(() if composed else ("form.title",)), *(() if usable else ("form.submit",)))


def _shown(visit: ReadPage, words: PageWords, usable: Sequence[FoundForm], text: PageText) -> tuple[Shown, ...]:
    """Each form, for a person to say which it is; none where the page is unfinished, or may answer by itself."""
    unclear = (signal.quote for signal in text.signals if signal.name is SignalName.PAGE_UNCLEAR)
    if not visit.settled or text.names & _ANSWERED or not set(unclear) <= set(text.unclear):
        return ()
    address = urlsplit(visit.final)
    page_title = next((h.name for h in visit.view.headings() if not visit.view.covered(h.index)), visit.view.title)
    forms = (
        (
            each.form.heading or quote(page_title),
            *(field.label for field in each.form.fields),
            each.form.submit or "",
            f"{address.scheme}://{address.netloc}{address.path}",
            *text.unclear,
        )
        for each in usable
    )
    every = dict.fromkeys(tuple(line for line in lines if line) for lines in forms)
    return tuple(Shown(ShownKind.FORM, visit.surface, words.locale, lines) for lines in every)


def _in_its_language(view: PageView, words: PageWords) -> PageWords:
    """
    The words of a page; the English ones where its title or a refusal is English, and no language says otherwise.

    So where it declares none, or where its frame alone is in the declared one.
    """
    english = words.english
    if base_language(words.locale) == english.locale or not (
        _title(view, english) or any(not_offered(view.blocks(), english))
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
    for text in (*headings, view.title, *(b.text for b in view.blocks() if len(b.text) <= _LONGEST_TITLE)):
        phrase = names.get(fold_label(text.partition(" | ")[0]))
        if phrase is not None:
            return text, phrase
    for text in headings:
        topic, verb = words.find_word("ai.topic", text), words.find_word("object.words", text)
        if topic and verb and not any(words.with_english.find_word(key, text) for key in _UNDOING):
            return text, verb
    return None


def _lookalike(view: PageView, words: PageWords, forms: Sequence[FoundForm]) -> str | None:
    """Words of a form about something else, in the headings or in the labels of the form's own fields."""
    cookies = {n.index for dialog in _cookie_dialogs(view, words) for n in view.within(dialog.index)}
    texts = [h.name for h in view.headings() if h.index not in cookies] + [view.title]
    texts += [field.label for found in forms for field in found.form.fields if field.role != TOPIC]
    near = words.with_english
    about = [near.find_word("lookalike.words", text) for text in texts]
    # A form that undoes an objection says so in its title, in a field, or on its button.
    texts += [found.form.submit or "" for found in forms]
    about += [near.find_word(key, text) for text in texts for key in _UNDOING]
    return next((phrase.text for phrase in about if phrase is not None), None)


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


# -- what people said of forms


def with_form_looks(observation: Observation, looks: Sequence[Look]) -> Observation:
    """
    An observation with what people said of the forms that it shows; without a look that fits it is what it was.

    A page's doubts are answered where every form on it was looked at and one of them is the objection form, or none is.
    What holds words of an answer stays, and so does whatever lies over a form.

    Args:
        observation: as it was read.
        looks: those that may count for this account's flow.
    """
    pages: dict[tuple[str, str | None], list[Shown]] = {}
    for shown in observation.shown:
        if shown.kind is ShownKind.FORM:
            pages.setdefault((shown.surface, shown.picture), []).append(shown)
    for (surface, _), forms in pages.items():
        closed = any(s.surface == surface and s.name in _ANSWERED for s in observation.signals)
        login = any(p.surface == surface and p.outcome is ProbeOutcome.LOGIN for p in observation.probes)
        said = [(shown, look) for shown in forms if (look := _look_at(shown, looks, observation.subject)) is not None]
        right = [each for each in said if each[1].says is Says.THIS_FORM]
        if len(said) == len(forms) and len(right) <= 1 and not (closed or login):
            observation = _looked_at(observation, *(right or said)[0])
    return observation


def _look_at(shown: Shown, looks: Sequence[Look], subject: str) -> Look | None:
    """The look that says what a form is; None where none does, or two people say different things of it."""
    newest: dict[str, Look] = {}
    for look in sorted(looks, key=lambda look: look.at):
        if look.kind is ShownKind.FORM and look.lines == (shown.lines,) and look.subject in {"", subject}:
            newest[look.by] = look
    said = {look.says for look in newest.values()}
    agreed = len(said) == 1 and said <= {Says.THIS_FORM, Says.OTHER_FORM}
    return max(newest.values(), key=lambda look: look.at) if agreed else None


def _looked_at(observation: Observation, shown: Shown, look: Look) -> Observation:
    """The signals of a page once a person said which form it shows, and of the other pages what counts beside it."""
    is_right = look.says is Says.THIS_FORM
    others = {probe.surface for probe in observation.probes} - {shown.surface}

    def stays(signal: Signal) -> bool:
        if signal.surface == shown.surface:
            return not (
                signal.name in _DOUBTS or (signal.name is SignalName.PAGE_UNCLEAR and signal.quote in shown.lines)
            )
        return not is_right or signal.surface not in others or signal.name in TOLD_BESIDE

    opened = any(s.name is SignalName.FORM_OPEN and s.surface in others for s in observation.signals)
    told = _SETTLED if is_right else () if opened else (SignalName.PAGE_OTHER_FORM,)
    before = {s.name: s for s in observation.signals if s.surface == shown.surface and s.name in _LANDMARKS}
    signals = [signal for signal in observation.signals if stays(signal)]
    for name in told:
        seen = name.seen(shown.surface, Way.LOOKED_AT, quote=shown.lines[0], picture=shown.picture)
        confirmed = replace(seen, wording=Wording.CONFIRMED, locale=look.locale, source=look.source)
        signals.append(before.get(name, confirmed))
    missing = tuple(key for key in observation.missing if not (is_right and key.partition(":")[2].startswith("form.")))
    return replace(observation, signals=tuple(dict.fromkeys(signals)), missing=missing)
