"""
The text of a form's page: what it says of an earlier objection, or of who may object.

Known sentences mean what they mean, and known explanations are passed over. Whatever else may speak of an objection of
this person makes the page unclear.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from babel.core import get_global

from automation.core.signals import Signal, SignalName
from automation.page import Block, Node, PageView
from automation.reading.forms.fields import asks
from automation.reading.forms.finding import FoundForm
from automation.reading.letters.sentences import Meaning, Sentence, read_sentence
from automation.reading.threads.words import find_date
from automation.text.labels import Phrase
from automation.text.normalizing import base_language, fold, fold_label, quote, sentences
from automation.text.page_words import PageWords

_SIGNALS: Mapping[Meaning | None, SignalName] = {
    Meaning.ACCEPTED: SignalName.PAGE_ACCEPTED,
    Meaning.REFUSED: SignalName.PAGE_REFUSED,
    Meaning.PENDING: SignalName.PAGE_PENDING,
    Meaning.MORE_INFORMATION: SignalName.PAGE_PENDING,
}
_PLACE = re.compile(r" \([^\W\d_][\w .'-]{1,40}\)")
"""Where the account is, in brackets: "Your region (Australia) is not one of them"."""
_IF = re.compile(r"(?:if|si|s'|wenn|falls|se|als|jeśli|jeżeli|pokud|caso)\b[^,.!?]*, (?P<main>[^.!?]+)[.!]?")
"""A supposition and what follows from it. "When", "once" and "after" may tell of what happened, and are none."""
_GOES_ON = re.compile(r"(?:it|that|this|they|we|i)(?:'\w+)? ")
"""How a sentence begins that may say what became of the objection of which the one before it speaks."""
_ADDS = re.compile(r",|\b(?:which|that|who|qui|que|dont|che|cui)\b")
"""Behind what is to come: a clause that may tell of what was."""
_LABEL_MARKS = " *.:"
_STATUS_ROLES = frozenset({"status", "alert", "log"})
_PRESSED = frozenset({"link", "button", "menuitem", "tab"})
_NAMING = frozenset({"heading", "option", "combobox", "listbox"})
_MOST_WORDS_OF_A_STATUS = 6
_LEVELS_TO_A_FIELD = 3


class Doubt(IntEnum):
    """How much a sentence speaks of an objection that exists."""

    NONE = 0
    NAMED = 1
    """It names an objection or request of this person; a person who looks at the page can settle that."""
    ANSWERED = 2
    """It holds words of an answer, an earlier objection or a closed form; no look at a form settles that."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What the text of a page says."""

    signals: tuple[Signal, ...]
    unclear: tuple[str, ...] = ()
    """Sentences that only name an objection, as `page.unclear` quotes them."""

    @property
    def names(self) -> frozenset[SignalName]:
        """Names of its signals."""
        return frozenset(signal.name for signal in self.signals)


def read_page_text(
    view: PageView, surface: str, words: PageWords, forms: Sequence[FoundForm], title: str | None
) -> PageText:
    """
    Read what a page itself says about an earlier objection, or about who may object.

    Beside an open form, or fields that are still to be sent, an answer makes the page unclear and nothing more, save in
    a region for the page's state; a sentence on what will become of a request does not even do that. Elsewhere an
    answer counts, and nothing that is not known may stand beside it.

    Args:
        view: the page.
        surface: of the flow.
        words: the service's, in the page's language.
        forms: those of the page that can be used.
        title: the form's, as the page shows it; None where it has none that is known.
    """
    unsent = bool(forms) or asks(view, words)
    page = _Page(view, words, unsent, _field_texts(forms), _field_groups(view, forms))
    turned_down = dict(not_offered(view.blocks(), words))
    told = [(block, text) for block, text in _sentences(view) if text != title and text not in turned_down]
    following = [sentence for _, sentence in told[1:]]
    signals = [
        SignalName.PAGE_NOT_OFFERED.seen(surface, quote=quote(sentence), words=phrase)
        for sentence, phrase in turned_down.items()
    ]
    doubts: dict[str, Doubt] = {}
    unknown, answered = list[str](), False
    for (block, sentence), after in zip(told, [*following, ""], strict=False):
        known = read_sentence(sentence, words)
        if page.states(block, known):
            signals.append(_SIGNALS[known.meaning].seen(surface, quote=quote(sentence), words=known.phrase))
            answered = answered or not page.unsent
            continue
        doubts[sentence] = max(page.doubt(block, sentence, after), doubts.get(sentence, Doubt.NONE))
        if not known.known and not page.has_role(block, _PRESSED):
            unknown.append(sentence)
    for sentence in unknown if answered else ():
        doubts[sentence] = max(Doubt.NAMED, doubts[sentence])
    # Elsewhere "your request" is what some other page is about.
    least = Doubt.NAMED if answered or turned_down or unsent or title is not None else Doubt.ANSWERED
    return _text(surface, signals, {sentence: doubt for sentence, doubt in doubts.items() if doubt >= least})


def _text(surface: str, signals: Sequence[Signal], doubts: Mapping[str, Doubt]) -> PageText:
    unclear = [SignalName.PAGE_UNCLEAR.seen(surface, quote=quote(sentence)) for sentence in doubts]
    named = tuple(quote(sentence) for sentence, doubt in doubts.items() if doubt is Doubt.NAMED)
    return PageText(tuple(dict.fromkeys((*signals, *unclear))), named)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page, and what its forms say of themselves."""

    view: PageView
    words: PageWords
    unsent: bool
    """Whether something is still to be filled in and sent."""
    labels: frozenset[str]
    """What fields, choices and buttons are called, folded."""
    field_groups: frozenset[int]
    """Elements around one field and what belongs to it."""

    def doubt(self, block: Block, sentence: str, following: str) -> Doubt:
        """How much a sentence speaks of an objection that exists, by its words and by where it stands."""
        words = self.words
        if _is_label(sentence, self.labels):
            return _doubt(sentence, words, asked=True)
        if _is_explained(sentence, following, words) or (self.unsent and _is_to_come(sentence, words)):
            return Doubt.NONE
        doubt = _doubt(sentence, words, unsent=self.unsent)
        if doubt is Doubt.NONE and not self.has_role(block, _PRESSED):
            state = self.has_role(block, _STATUS_ROLES) or self._is_status_line(block)
            doubt = Doubt.NAMED if state and _names_objecting(sentence, words) else doubt
        # A question tells nothing, nor does the help beneath a field: "We'll write to you there about your request".
        helps = sentence.rstrip().endswith("?") or any(n.index in self.field_groups for n in self.lineage(block))
        return Doubt.NONE if doubt is Doubt.NAMED and helps else doubt

    def states(self, block: Block, known: Sentence) -> bool:
        """Whether a sentence is an answer that counts: not beside a form, save in a region for the page's state."""
        quoted = block.quoted or '"' in fold(known.text) or known.text.lstrip()[:1].islower()  # or a part of a sentence
        spoken = known.meaning is not None and not quoted
        return spoken and (not self.unsent or self.has_role(block, _STATUS_ROLES))

    def lineage(self, block: Block) -> list[Node]:
        """The element that holds a paragraph, and those around it."""
        return [self.view.nodes[block.node], *self.view.ancestors(block.node)] if block.node >= 0 else []

    def has_role(self, block: Block, roles: Collection[str]) -> bool:
        """Whether a paragraph stands in an element of one of these roles."""
        return any(node.role in roles for node in self.lineage(block))

    def _is_status_line(self, block: Block) -> bool:
        """Whether a paragraph is a short line without a full stop, and no heading: "Objection: received"."""
        ended = block.text.rstrip().endswith((".", "?", "!"))
        return not ended and len(block.text.split()) <= _MOST_WORDS_OF_A_STATUS and not self.has_role(block, _NAMING)


def _sentences(view: PageView) -> list[tuple[Block, str]]:
    return [(block, text) for block in view.blocks() for text in sentences(block.text.replace("\n", " "))]


def not_offered(blocks: Sequence[Block], words: PageWords) -> Iterator[tuple[str, Phrase]]:
    """Sentences that say who may not object, with the words that say so; not those with a condition of their own."""
    for block in blocks:
        for sentence in () if block.quoted else sentences(block.text.replace("\n", " ")):
            said = _PLACE.sub("", sentence)
            courtesy = words.with_english.find_sentence("page.courtesy", said)
            hit = words.find_sentence("page.not_offered", courtesy[1] if courtesy is not None else said)
            if hit is None or sentence.rstrip().endswith("?"):
                continue
            if words.with_english.find_word("conditional.words", hit[1]) is None:
                yield sentence, hit[0]


# -- what is doubted


def _doubt(sentence: str, words: PageWords, *, unsent: bool = True, asked: bool = False) -> Doubt:
    """
    How much a sentence that is not known as a whole speaks of an objection that exists.

    Args:
        sentence: one sentence of the page.
        words: the service's.
        unsent: whether a form stands beside it; the less may a sentence say where none does.
        asked: whether it is what a field asks for.
    """
    near = words.with_english
    if _is_answer(sentence, words, asked=asked):
        return Doubt.ANSWERED
    if asked:
        return Doubt.NONE
    undone = near.find_word("withdrawal.words", sentence) is not None
    decisions = near.find_words("decision.words", sentence)
    if decisions and not unsent and (undone or near.find_word("negation.words", sentence)):
        return Doubt.ANSWERED
    # "Your objection"; a noun alone names any: "L'opposition vaut à partir du jour où elle est accordée".
    named = any(" " in phrase.text for phrase in decisions)
    is_there = near.find_word("page.filed", sentence) is not None or find_date(sentence, words.locale).dated
    if is_there and (named or _names_objecting(sentence, words)):
        return Doubt.ANSWERED
    return Doubt.NAMED if named or (not unsent and (undone or decisions)) else Doubt.NONE


def _is_answer(sentence: str, words: PageWords, *, asked: bool) -> bool:
    """Whether a sentence holds words of an answer, of an earlier objection, or of a form that is closed."""
    near, every = words.with_english, words.wherever_known("reply.accepted").also(*words.languages)
    answers = [meaning for meaning in Meaning if not (asked and meaning is Meaning.MORE_INFORMATION)]
    if near.holds_sentence("page.prior", sentence) or near.find_word("page.closed", sentence) is not None:
        return True
    return any(every.holds_sentence(f"reply.{meaning}", sentence) for meaning in answers)


def _names_objecting(sentence: str, words: PageWords) -> bool:
    near = words.with_english
    return any(near.find_word(key, sentence) is not None for key in ("objection.words", "object.words"))


# -- what is explained


def _is_explained(sentence: str, following: str, words: PageWords) -> bool:
    """Whether a sentence is a known explanation, whole, and the next one does not go on about it."""
    known = words.with_english.find_sentence("page.explains", sentence)
    return known is not None and not known[1].strip(_LABEL_MARKS) and _GOES_ON.match(fold(following)) is None


def _is_to_come(sentence: str, words: PageWords) -> bool:
    """Whether a sentence supposes that somebody objected, or tells what becomes of what is still to be sent."""
    near = words.with_english
    if find_date(sentence, words.locale).dated:
        return False
    supposed = _IF.fullmatch(fold(sentence))
    if supposed is not None:
        return _doubt(supposed["main"], words) is Doubt.NONE
    if near.find_word("page.filed", sentence) or near.find_sentence("page.to_come", sentence) is None:
        return False
    hits = (near.find_sentence(f"reply.{meaning}", sentence) for meaning in (Meaning.PENDING, Meaning.MORE_INFORMATION))
    return any(hit is not None and _ADDS.search(hit[1]) is None for hit in hits)


def _field_texts(forms: Sequence[FoundForm]) -> frozenset[str]:
    """What the fields, choices and buttons of forms are called, folded."""
    fields = [field for found in forms for field in found.form.fields]
    texts = [text for field in fields for text in (field.label, *field.options)]
    return frozenset(fold_label(text) for text in (*texts, *(found.form.submit or "" for found in forms)))


def _is_label(sentence: str, labels: Collection[str]) -> bool:
    folded = fold_label(sentence).strip(_LABEL_MARKS)
    return bool(folded) and any(folded in label for label in labels)


def _field_groups(view: PageView, forms: Sequence[FoundForm]) -> frozenset[int]:
    """The elements around one field of a form and what belongs to it: its label, its help."""
    groups = set[int]()
    for found in forms:
        for index in found.inputs:
            for around in islice(view.ancestors(index), _LEVELS_TO_A_FIELD):
                others = [n for n in (*found.inputs, found.submit) if n is not None and n != index]
                if around.index == found.root or any(view.is_inside(n, around.index) for n in others):
                    break
                groups.add(around.index)
    return frozenset(groups)


# -- pages that are English in a frame of another language

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ENGLISH = frozenset(
    (
        "the", "your", "you", "this", "these", "that", "with", "our", "they", "their", "and", "from", "which", "where",
        "what", "have", "been", "please", "isn't", "aren't", "can't", "don't", "doesn't", "you've", "we've", "would",
    )
)  # fmt: skip
"""Small words that no neighbouring language has; of twelve words of an English sentence at least one is such a word."""
_ENGLISH_CODE = "en"
_WORDS_FOR_ONE = 12
_MOST_WORDS_OF_A_LABEL = 3


def is_in_english(view: PageView, locale: str) -> bool:
    """
    Whether a page that declares another language has text of its own, and all of it is English.

    Services leave pages untranslated, beneath a banner and a menu in the person's own language. One sentence in that
    language may say something else.
    """
    likely = str(get_global("likely_subtags").get(base_language(locale), ""))
    latin = "_Latn" in likely or not likely
    told = [(fold(sentence), _declared(view, block)) for block, sentence in _sentences(view)]
    return bool(told) and all(_is_english(sentence, declared, latin=latin) for sentence, declared in told)


def _is_english(text: str, declared: str, *, latin: bool) -> bool:
    """Whether a sentence is English: by its letters and words, and by what the page says of it, if it says so."""
    words = _WORD.findall(text)
    if declared not in {"", _ENGLISH_CODE} or not all(c.isascii() for c in text if c.isalpha()):
        return False
    if len(words) <= _MOST_WORDS_OF_A_LABEL:
        # A label has none of the small words. "Ontvangen" beneath a Dutch frame may be the answer.
        return not words or declared == _ENGLISH_CODE or not latin
    return sum(word in _ENGLISH for word in words) * _WORDS_FOR_ONE >= len(words)


def _declared(view: PageView, block: Block) -> str:
    """The language that an element around a paragraph declares; empty where only the page does."""
    around = [] if block.node < 0 else [view.nodes[block.node], *view.ancestors(block.node)]
    said = (n.attributes.get("lang", "") or n.attributes.get("xml:lang", "") for n in around if n.tag != "HTML")
    return base_language(next(filter(None, said), ""))
