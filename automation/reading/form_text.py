"""
The text of a form's page: what it says of an earlier objection or of who may object, and what a person says of it.

Known sentences mean what they mean, and known explanations are passed over. Whatever else may speak of an objection of
this person makes the page unclear; a look at its forms settles what holds no words of an answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from babel.core import get_global

from automation.core.looks import Look, Says, Shown, ShownKind, look_at
from automation.core.observations import Observation, ProbeOutcome
from automation.core.signals import Signal, SignalName, Way
from automation.page import Block, Node, PageView
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
TOLD_BESIDE = frozenset({*_SIGNALS.values(), SignalName.PAGE_UNCLEAR, SignalName.FORM_TWICE})
"""What a further address of the form may say beside the one where it is open."""
ANSWERED = frozenset({*_SIGNALS.values(), SignalName.PAGE_NOT_OFFERED, SignalName.PAGE_COVERED})
"""What no look at a form overrides."""
_LANDMARKS = (SignalName.FORM_ID, SignalName.FORM_TITLE)
_SETTLED = (*_LANDMARKS, SignalName.FORM_OPEN)
"""What a person says who calls a form the objection form; of its landmarks, what a source says stays as it is."""
_DOUBTS = frozenset({*_SETTLED, SignalName.FORM_UNFAMILIAR, SignalName.FORM_TWICE, SignalName.PAGE_OTHER_FORM})
"""What that takes the place of, beside the sentences that were shown with it."""
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
_MOST_WORDS_OF_A_STATUS, _WORDS_FOR_ONE, _MOST_WORDS_OF_A_LABEL = 6, 12, 3
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ENGLISH_CODE = "en"
_ENGLISH = frozenset(
    (
        "the", "your", "you", "this", "these", "that", "with", "our", "they", "their", "and", "from", "which", "where",
        "what", "have", "been", "please", "isn't", "aren't", "can't", "don't", "doesn't", "you've", "we've", "would",
    )
)  # fmt: skip
"""Small words that no neighbouring language has; of twelve words of an English sentence at least one is such a word."""


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


def _lineage(view: PageView, block: Block) -> list[Node]:
    """The element that holds a paragraph, and those around it."""
    return [view.nodes[block.node], *view.ancestors(block.node)] if block.node >= 0 else []


def _told(blocks: Sequence[Block]) -> list[tuple[Block, str]]:
    return [(block, text) for block in blocks for text in sentences(block.text.replace("\n", " "))]


def not_offered(view: PageView, words: PageWords) -> Iterator[tuple[str, Phrase]]:
    """Sentences that say who may not object, with the words that say so; not those with a condition of their own."""
    for block, sentence in _told(view.blocks()):
        said = _PLACE.sub("", sentence)
        courtesy = words.with_english.find_sentence("page.courtesy", said)
        hit = words.find_sentence("page.not_offered", courtesy[1] if courtesy is not None else said)
        if hit is None or block.quoted or sentence.rstrip().endswith("?"):
            continue
        if words.with_english.find_word("conditional.words", hit[1]) is None:
            yield sentence, hit[0]


@dataclass(frozen=True, slots=True)
class FormText:
    """A page, and what its forms say of themselves."""

    view: PageView
    words: PageWords
    unsent: bool = False
    """Whether something is still to be filled in and sent."""
    labels: frozenset[str] = field(default_factory=frozenset)
    """What fields, choices and buttons of its forms are called, folded."""
    field_groups: frozenset[int] = field(default_factory=frozenset)
    """Elements around one field and what belongs to it: its label, its help."""

    def read(self, surface: str, title: str | None) -> PageText:
        """
        Read what a page itself says about an earlier objection, or about who may object.

        Beside an open form, or fields that are still to be sent, an answer makes the page unclear and nothing more,
        save in a region for the page's state; a sentence on what will become of a request does not even do that.
        Elsewhere an answer counts, and nothing that is not known may stand beside it.

        Args:
            surface: of the flow.
            title: the form's, as the page shows it; None where it has none that is known.
        """
        turned_down = dict(not_offered(self.view, self.words))
        told = [(block, text) for block, text in _told(self.view.blocks()) if text != title and text not in turned_down]
        after = [*(sentence for _, sentence in told[1:]), ""]
        signals = [SignalName.PAGE_NOT_OFFERED.seen(surface, quote=quote(s), words=w) for s, w in turned_down.items()]
        doubts, unknown, answered = dict[str, Doubt](), list[str](), False
        for (block, sentence), following in zip(told, after, strict=False):
            known = read_sentence(sentence, self.words)
            if self._states(block, known):
                signals.append(_SIGNALS[known.meaning].seen(surface, quote=quote(sentence), words=known.phrase))
                answered = answered or not self.unsent
                continue
            doubts[sentence] = max(self._doubt(block, sentence, following), doubts.get(sentence, Doubt.NONE))
            if not known.known and not self._has_role(block, _PRESSED):
                unknown.append(sentence)
        for sentence in unknown if answered else ():
            doubts[sentence] = max(Doubt.NAMED, doubts[sentence])
        # Elsewhere "your request" is what some other page is about.
        near = answered or bool(turned_down) or self.unsent or title is not None
        return _text(surface, signals, doubts, Doubt.NAMED if near else Doubt.ANSWERED)

    def _doubt(self, block: Block, sentence: str, following: str) -> Doubt:
        """How much a sentence speaks of an objection that exists, by its words and by where it stands."""
        folded = fold_label(sentence).strip(_LABEL_MARKS)
        if folded and any(folded in label for label in self.labels):
            return Doubt.ANSWERED if self._is_answer(sentence, asked=True) else Doubt.NONE
        explained = self.words.with_english.find_sentence("page.explains", sentence)
        if explained is not None and not explained[1].strip(_LABEL_MARKS) and not _GOES_ON.match(fold(following)):
            return Doubt.NONE  # a known explanation, whole, and the next one does not go on about it
        if self.unsent and self._is_to_come(sentence):
            return Doubt.NONE
        doubt = self._doubt_of(sentence, unsent=self.unsent)
        if doubt is Doubt.NONE and not self._has_role(block, _PRESSED):
            state = self._has_role(block, _STATUS_ROLES) or self._is_status_line(block)
            doubt = Doubt.NAMED if state and self._names_objecting(sentence) else doubt
        # A question tells nothing, nor does the help beneath a field: "We'll write to you there about your request".
        grouped = any(n.index in self.field_groups for n in _lineage(self.view, block))
        return Doubt.NONE if doubt is Doubt.NAMED and (grouped or sentence.rstrip().endswith("?")) else doubt

    def _states(self, block: Block, known: Sentence) -> bool:
        """Whether a sentence is an answer that counts: not beside a form, save in a region for the page's state."""
        quoted = block.quoted or '"' in fold(known.text) or known.text.lstrip()[:1].islower()  # or a part of a sentence
        spoken = known.meaning is not None and not quoted
        return spoken and (not self.unsent or self._has_role(block, _STATUS_ROLES))

    def _has_role(self, block: Block, roles: Collection[str]) -> bool:
        return any(node.role in roles for node in _lineage(self.view, block))

    def _is_status_line(self, block: Block) -> bool:
        """Whether a paragraph is a short line without a full stop, and no heading: "Objection: received"."""
        ended = block.text.rstrip().endswith((".", "?", "!"))
        return not ended and len(block.text.split()) <= _MOST_WORDS_OF_A_STATUS and not self._has_role(block, _NAMING)

    def _doubt_of(self, sentence: str, *, unsent: bool) -> Doubt:
        """
        How much a sentence that is not known as a whole speaks of an objection that exists.

        The less may it say where no form stands beside it, and nothing is `unsent`.
        """
        near = self.words.with_english
        undone = near.find_word("withdrawal.words", sentence) is not None
        decisions = near.find_words("decision.words", sentence)
        decided = bool(decisions) and not unsent and (undone or near.find_word("negation.words", sentence) is not None)
        # "Your objection"; a noun alone names any: "L'opposition vaut à partir du jour où elle est accordée".
        named = any(" " in phrase.text for phrase in decisions)
        filed = near.find_word("page.filed", sentence) is not None or find_date(sentence, self.words.locale).dated
        is_there = filed and (named or self._names_objecting(sentence))
        if decided or is_there or self._is_answer(sentence, asked=False):
            return Doubt.ANSWERED
        return Doubt.NAMED if named or (not unsent and (undone or decisions)) else Doubt.NONE

    def _is_answer(self, sentence: str, *, asked: bool) -> bool:
        """Whether a sentence holds words of an answer, of an earlier objection, or of a form that is closed."""
        words, near = self.words, self.words.with_english
        every = words.wherever_known("reply.accepted").also(*words.languages)
        answers = (meaning for meaning in Meaning if not (asked and meaning is Meaning.MORE_INFORMATION))
        said = near.holds_sentence("page.prior", sentence) or near.find_word("page.closed", sentence) is not None
        return said or any(every.holds_sentence(f"reply.{meaning}", sentence) for meaning in answers)

    def _names_objecting(self, sentence: str) -> bool:
        near = self.words.with_english
        return any(near.find_word(key, sentence) is not None for key in ("objection.words", "object.words"))

    def _is_to_come(self, sentence: str) -> bool:
        """Whether a sentence supposes that somebody objected, or tells what becomes of what is still to be sent."""
        near, supposed = self.words.with_english, _IF.fullmatch(fold(sentence))
        if find_date(sentence, self.words.locale).dated:
            return False
        if supposed is not None:
            return self._doubt_of(supposed["main"], unsent=True) is Doubt.NONE
        if near.find_word("page.filed", sentence) or near.find_sentence("page.to_come", sentence) is None:
            return False
        coming = (Meaning.PENDING, Meaning.MORE_INFORMATION)
        hits = (near.find_sentence(f"reply.{meaning}", sentence) for meaning in coming)
        return any(hit is not None and _ADDS.search(hit[1]) is None for hit in hits)


def _text(surface: str, signals: Sequence[Signal], doubts: Mapping[str, Doubt], least: Doubt) -> PageText:
    unclear = {quote(sentence): doubt for sentence, doubt in doubts.items() if doubt >= least}
    told = (SignalName.PAGE_UNCLEAR.seen(surface, quote=sentence) for sentence in unclear)
    named = tuple(sentence for sentence, doubt in unclear.items() if doubt is Doubt.NAMED)
    return PageText(tuple(dict.fromkeys((*signals, *told))), named)


def is_in_english(view: PageView, locale: str) -> bool:
    """
    Whether a page that declares another language has text of its own, and all of it is English.

    Services leave pages untranslated, beneath a banner and a menu in the person's own language. One sentence in that
    language may say something else.
    """
    likely = str(get_global("likely_subtags").get(base_language(locale), ""))
    latin = "_Latn" in likely or not likely
    told = _told(view.blocks())
    return bool(told) and all(_is_english(fold(text), _declared(view, block), latin=latin) for block, text in told)


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
    around = (n.attributes for n in _lineage(view, block) if n.tag != "HTML")
    said = (attributes.get("lang", "") or attributes.get("xml:lang", "") for attributes in around)
    return base_language(next(filter(None, said), ""))


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
        closed = any(s.surface == surface and s.name in ANSWERED for s in observation.signals)
        login = any(p.surface == surface and p.outcome is ProbeOutcome.LOGIN for p in observation.probes)
        said = [(shown, look) for shown in forms if (look := look_at(shown, looks, observation.subject)) is not None]
        right = [each for each in said if each[1].says is Says.THIS_FORM]
        if len(said) == len(forms) and len(right) <= 1 and not (closed or login):
            observation = _looked_at(observation, *(right or said)[0])
    return observation


def _looked_at(observation: Observation, shown: Shown, look: Look) -> Observation:
    """The signals of a page once a person said which form it shows, and of the other pages what counts beside it."""
    is_right = look.says is Says.THIS_FORM
    others = {probe.surface for probe in observation.probes} - {shown.surface}

    def stays(signal: Signal) -> bool:
        if signal.surface != shown.surface:
            return not is_right or signal.surface not in others or signal.name in TOLD_BESIDE
        unclear = signal.name is SignalName.PAGE_UNCLEAR and signal.quote in shown.lines
        return not (unclear or signal.name in _DOUBTS)

    opened = any(s.name is SignalName.FORM_OPEN and s.surface in others for s in observation.signals)
    told = _SETTLED if is_right else () if opened else (SignalName.PAGE_OTHER_FORM,)
    before = {s.name: s for s in observation.signals if s.surface == shown.surface and s.name in _LANDMARKS}
    signals = [signal for signal in observation.signals if stays(signal)]
    for name in told:
        seen = name.seen(shown.surface, Way.LOOKED_AT, quote=shown.lines[0], picture=shown.picture)
        signals.append(before.get(name, seen.told_by(look)))
    missing = tuple(key for key in observation.missing if not (is_right and key.partition(":")[2].startswith("form.")))
    return replace(observation, signals=tuple(dict.fromkeys(signals)), missing=missing)
