"""
The decision in a sentence: known words of a service, where they may start, and what makes them doubtful.

A wrong reading here is the worst fault of all, so it is narrow: known words count where a clause starts and nothing
before or after them quotes them, reports them, makes them depend on something, or takes them back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING

from automation.reading.letter import letter_in
from automation.reading.plain import undated, without_when
from automation.text.labels import Phrase
from automation.text.normalizing import fold, lines_apart, sentences

if TYPE_CHECKING:
    from automation.page import Block
    from automation.reading.letter import LetterGrammar
    from automation.text.page_words import PageWords


class Meaning(StrEnum):
    """What a sentence of a service says about an objection."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PENDING = "pending"
    MORE_INFORMATION = "more_information"


@dataclass(frozen=True, slots=True)
class Said:
    """One understood sentence."""

    meaning: Meaning
    sentence: str
    """From the known words on."""
    phrase: Phrase
    whole: str = ""
    """As it stands on the page."""


CAUTIONS = ("hedge.words", "negation.words", "withdrawal.words", "conditional.words")
"""Keys of words that may make an answer depend on something, narrow it or take it back."""
_GREETING = re.compile(
    r"(?i:hi|hello|hey|dear|good (?:morning|afternoon|evening)|bonjour|madame|monsieur|ch[eè]re?|hola|estimad[oa]"
    r"|querid[oa]|buen[oa]s (?:d[ií]as|tardes)|ciao|gentile|buongiorno|salve|hallo|guten (?:tag|morgen)"
    r"|sehr geehrte[rs]?|liebe[rs]?)"
    r"(?:,? (?:[A-ZÀ-Þ][\w.'’-]*|there|again|everyone|utente|usuari[oa]|signora?|se[ñn]or[a]?|cliente|nutzer(?:in)?"
    r"|@\w+)){0,4}"
    r"\s*[,:!.]\s+"
)
"""A greeting as it stands before the first sentence of a letter, with whom it greets."""
_RECEIPT = re.compile(
    r"(?:we|meta)(?: have|'ve)? (?:now |just )?(?:received|got)"
    r" your (?:own )?(?:objection(?: request)?|request(?: to object)?)"
    r"(?:(?:, and|,| and) (?:have |'ve )?(?:now |carefully )?(?:reviewed|examined|considered|assessed|read|looked at)"
    r" (?:it|your (?:request|objection|reasons|message))(?: carefully)?)?(?:, and|,| and) (?:now |therefore )?"
)
"""An acknowledgement, and that it was looked at, before the decision in the same sentence."""
_HARMLESS = re.compile(
    r"(?:as (?:you )?(?:requested|asked|wished|wanted)|as a result|therefore|thus|hence|accordingly|of course|gladly"
    r"|happily|after|following|upon|having|on the basis of|in (?:line|accordance|response|reply)|pursuant|under"
    r"|with immediate effect|from now on|going forward|as of (?:today|now)|dated|submitted|sent|received|filed"
    r"|reference|ref\b|case|number|no\.|#|which (?:you|we)|that you|comme|suite|après|donc|conformément|nach|daher"
    r"|somit|wie|tras|por tanto|por lo tanto|como|conforme|dopo|pertanto|quindi|come|ai sensi)(?!\w)"
)
"""How an insertion begins that says how or when a decision came about."""
_MORE_SCOPE = re.compile(r"(?: (?:on|of|from|in|for|with|sobre|de|su|di|auf|von|sur)(?: [^\W\d_]+){1,5})")
"""What a scope may go on with: "… of our models on your public posts"."""
_PROMISES_NOTHING = frozenset(Meaning) - {Meaning.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Hit:
    """Known words in a sentence."""

    said: Said
    hedged: bool
    """Whether what follows makes it depend on something, or takes it back."""


def decisions_in(
    sentence: str,
    starts: Sequence[str],
    letter: LetterGrammar | None,
    near: PageWords,
    wide: PageWords,
    key: str,
    *,
    survey: bool,
) -> list[Hit]:
    """
    The known words in a sentence.

    Args:
        sentence: as it stands on the page.
        starts: where it may start.
        letter: the grammar of the service's own letters; None where the writer is not known.
        near: the words of the page's language, and English.
        wide: the words of every language in which answers are known.
        key: first part of the keys.
        survey: whether it asks for an opinion, and so for no information.
    """
    if letter is None:
        return [hit for start in starts for hit in _meanings_at(start, wide, key, None)]
    starts = [start for start in starts if not fold(start).startswith('"')]
    unasked = _PROMISES_NOTHING - ({Meaning.MORE_INFORMATION} if survey else set())
    found = list[Hit]()
    for places, meanings in (
        (_with_leads(starts, letter), {Meaning.ACCEPTED, *unasked}),
        (_without_insertion(starts, letter, near), unasked),
        (_without_insertion(starts, letter, near, harmless=True), {Meaning.ACCEPTED}),
    ):
        if not found:
            plain = [hit for start in places for hit in _meanings_at(start, wide, key, letter)]
            found = [hit for hit in plain if hit.said.meaning in meanings]
    later = (place for start in starts for place in letter.decisions_may_start(start, plainly=False))
    scoped = _places(_without_scope(sentence, near, whole=True), letter, near)
    bare = _places(map(undated, starts), letter, near)
    shorter = _places(_without_scope(undated(sentence), near), letter, near)
    for places, meanings in (
        (later, unasked),
        (scoped, frozenset({Meaning.ACCEPTED})),
        (bare, unasked),
        (shorter, unasked),
        (_places(filter(None, [letter.said_once_more(sentence)]), letter, near), unasked),
    ):
        if not found:
            hits = [hit for start in places for hit in _meanings_at(start, wide, key, letter)]
            found = [hit for hit in hits if hit.said.meaning in meanings]
    return _without_receipt(sentence, found, letter)


def _without_receipt(sentence: str, found: list[Hit], letter: LetterGrammar) -> list[Hit]:
    """The decision alone, of a sentence that acknowledges the objection first: "We received it, and will honour it"."""
    receipt = _RECEIPT.match(fold(sentence)) if letter.acknowledges(sentence) else None
    rest = fold(sentence)[receipt.end() :] if receipt is not None else ""
    decided = (hit for hit in found if not hit.hedged and hit.said.meaning in {Meaning.ACCEPTED, Meaning.REFUSED})
    if not any(fold(hit.said.sentence) == rest for hit in decided):
        return found
    return [hit for hit in found if not (hit.hedged and hit.said.meaning is Meaning.PENDING)]


def _places(sentences: Iterable[str], letter: LetterGrammar, words: PageWords) -> Iterator[str]:
    for sentence in sentences:
        yield from _with_leads([sentence], letter)
        yield from _without_insertion([sentence], letter, words)


def _with_leads(starts: Sequence[str], letter: LetterGrammar) -> Iterator[str]:
    """The places where the decision of a service's own sentence may start."""
    yield from dict.fromkeys([*starts, *(letter.without_lead(start) for start in starts)])
    for start in starts:
        for place in letter.decisions_may_start(start):
            yield from dict.fromkeys([place, letter.without_lead(place)])


def _without_insertion(
    starts: Sequence[str], letter: LetterGrammar, words: PageWords, *, harmless: bool = False
) -> Iterator[str]:
    """
    A sentence without what is inserted between two marks: "We are unable, for the reasons below, to …".

    With `harmless`, only where that says how the decision came about: "in principle" would take half of it back.
    """
    for without, inserted in (pair for start in starts for pair in letter.without_insertion(start)):
        limits = letter.undoing(inserted) or letter.names_another(inserted) or letter.refers_to_it(inserted)
        limits = limits or (harmless and _HARMLESS.match(inserted) is None)
        if not limits and not any(words.find_word(caution, inserted) for caution in CAUTIONS):
            yield from dict.fromkeys([without, letter.without_lead(without)])


def _without_scope(sentence: str, words: PageWords, *, whole: bool = False) -> Iterator[str]:
    """
    A sentence without what the objection is to, where that is AI: "your objection [to … AI at Meta] is being reviewed".

    What is about AI may go on: "[to the training of our models on your public posts] is dismissed". Not for an
    acceptance (`whole`): what is left out could narrow it.
    """
    folded = fold(sentence)
    for phrase in (*words.find_words("ai.topic", folded), *words.find_words("ai.subject", folded)):
        starts = folded.find(fold(phrase.text))
        known = starts + len(fold(phrase.text))
        more = None if whole else _MORE_SCOPE.match(folded[known:])
        ends = (
            [known, *(known + end for end in range(1, more.end() + 1) if folded[known + end :][:1] in {"", " "})]
            if more
            else [known]
        )
        for gap, end in product(re.finditer(r" ", folded[: max(known - 1, 0)]), ends):
            before, inserted = folded[: gap.start()], folded[gap.start() : end]
            scoped = words.find_word("scope.words", inserted.split()[0]) and words.find_word(
                "objection.words", before.split()[-1] if before else ""
            )
            if whole and not _of_all(folded[gap.start() : starts], words):
                continue
            others = (*CAUTIONS, "elsewhere.words", "lookalike.words", "another.words")
            if scoped and not any(words.find_word(other, inserted) for other in others):
                yield f"{before}{folded[end:]}"


def _of_all(between: str, words: PageWords) -> bool:
    """Whether what stands between the objection and the words for AI names all that the person shares, or nothing."""
    said = between.strip()
    alone = words.find_word("scope.words", said) is not None and " " not in said
    found = words.find_sentence("reply.accepted_scope", said)
    return alone or (found is not None and found[1].strip(" .") == "")


def _meanings_at(start: str, words: PageWords, key: str, letter: LetterGrammar | None) -> list[Hit]:
    found = []
    for language in words.each():
        for meaning in Meaning:
            hit = language.find_sentence(f"{key}.{meaning}", start)
            if hit is None and letter is not None:
                hit = language.find_sentence(f"{key}.{meaning}_told", start)
            if hit is not None:
                phrase, rest = hit
                hedged = _hedged(meaning, rest, words.in_language(phrase.locale), letter)
                found.append(Hit(Said(meaning, start, phrase), hedged))
    return found


def _hedged(meaning: Meaning, rest: str, words: PageWords, letter: LetterGrammar | None) -> bool:
    """
    Whether what follows the known words makes them depend on something, narrows them or takes them back.

    After an acceptance nothing may follow but what it applies to, and that must be AI or the public information
    that sources name. The other meanings are held less tightly: they promise nothing.
    """
    if meaning is Meaning.ACCEPTED:
        said = rest.strip(" .!,;:")
        known = words.with_english.find_sentence("reply.accepted_for", said)
        narrowed = any(words.find_word(key, rest) for key in ("negation.words", "hedge.words"))
        about_ai = bool(words.find_word("scope.words", said.partition(" ")[0])) and bool(
            words.find_word("ai.topic", rest) or words.find_word("ai.words", rest)
        )
        if letter is not None and (letter.whole(rest) or letter.means(rest)):
            return False
        if letter is not None and about_ai and letter.names_another(rest if known is None else known[1]):
            return True
        if letter is not None and known is not None:
            narrowed = (
                any(map(letter.narrows, (rest, known[1]))) or _narrowed(rest, words) or not _GOES_ON.match(known[1])
            )
        return narrowed or not (said == "" or known is not None or about_ai)
    if letter is not None and meaning in {Meaning.PENDING, Meaning.MORE_INFORMATION}:
        # "… and we can't give a date" is no answer; "… and can't process it" is one.
        reasoned = rest if meaning is Meaning.PENDING else _REASONS.split(rest, maxsplit=1)[0]
        negated = words.find_word("negation.words", reasoned) is not None
        # "We got your objection and have granted it" tells of a decision, "… whether we grant it" of none.
        decided = (letter.decides(rest) or _TURNS_OUT.search(rest) is not None) and not letter.supposes(rest)
        if _of_what(rest, words) or (_FOR_WHAT.match(rest) and not words.find_word("ai.words", rest)):
            return True
        return decided or (negated and letter.acts(rest)) or letter.undoes(rest) or of_something_else(rest, words)
    if meaning is Meaning.REFUSED:
        if (letter or letter_in(words.locale)).not_yet(rest):
            return True
        before = _REASONS.split(rest, maxsplit=1)[0]
        if _asks_or_waits(rest, words) or _of_what(before, words):
            return True
        return any(words.find_word(key, before) for key in ("hedge.words", "withdrawal.words")) or of_something_else(
            before, words
        )
    return words.find_word("negation.words", rest) is not None or of_something_else(rest, words)


_TURNS_OUT = re.compile(
    r"(?: and| but|,)(?: we| it| they)?(?: have| has)? (?:decided|concluded|found|determined|closed)\b"
    r"|\b(?:stay|remain)s? in use\b|\bkeep (?:on )?using\b"
    r"|(?:,| and),?(?: so far,?| yet,?)? (?:find|see|saw)\b"
    r"|\bbut (?:our|the|we (?:are|do|did|have|will) not|there (?:is|are))\b(?!.{0,80}"
    r"\b(?:date|when|long|longer|time|days?|weeks?|delay\w*|volume|number|soon|yet|still|decided|finished|completed)\b)"
    r"|, which (?:is|are|was|were|does|do|has|have|will|can)\b"
    r"|\band (?:our|the) (?:\w+ ){1,3}(?:prevails?|overrides?|outweighs?|stands?|applies|apply)\b"
    r"|\band (?:(?:it|we|they|your \w+) )?(?:are|is|will|shall) (?:not|apply|be applied|stop|take|valid|closed"
    r"|(?:now |already )?(?:effective|active|in (?:force|effect|place)|complete))\b"
    r"|\band (?:(?:it|this) )?(?:now |already )?(?:applies|counts|takes effect|stands)\b"
    r"|\band (?:we )?have (?:now )?done so\b"
    r"|\bbut (?:it )?(?:is|was|has|does|cannot|could) not (?!yet\b|been (?:looked|reviewed|decided))"
    r"|^ (?:\w+ )?too late\b|^ (?:\w+ )?by (?:somebody|someone|another)\b"
    r"|\band (?:(?:it|we|they|your \w+) )?(?:has been |have been |has |have |was |were )?(?:now )?"
    r"(?:applied|stopped|removed|excluded|closed|taken|paused)\b|\band will close\b"
)
"""How a sentence about a review goes on that tells what came of it: "… and have decided to keep using your posts"."""
_OF_WHAT = re.compile(r" (?:de |d'|des |du |auf (?!grund)|di |del |para )")
"""How a request goes on that is named by what it asks for."""
_FOR_WHAT = re.compile(
    r" for (?!now\b|(?:a |the |further |our )?(?:review|assessment|examination|consideration|evaluation|decision)\b)"
)


def _of_what(rest: str, words: PageWords) -> bool:
    """Whether the request that was turned down is for something else: "votre demande [de copie]"."""
    said = re.split(r"[.,;:]", rest, maxsplit=1)[0]
    named = any(words.find_word(key, said) for key in ("ai.topic", "ai.words", "objection.words", "object.words"))
    return _OF_WHAT.match(rest) is not None and not named


def _asks_or_waits(rest: str, words: PageWords) -> bool:
    """Whether the same sentence goes on by what is still wanted or awaited: "…: your address is missing"."""
    clauses = [clause.strip() for clause in re.split(r"[.,;:]", rest)[1:]]
    keys = ("reply.more_information", "reply.pending")
    return any(words.with_english.find_sentence(key, clause) for key in keys for clause in clauses if clause)


def _narrowed(rest: str, words: PageWords) -> bool:
    """Whether the clause right after an acceptance narrows it."""
    clause = re.split(r"[,;:.]| and | so | because ", rest, maxsplit=1)[0]
    return any(words.find_word(key, clause) for key in ("negation.words", "hedge.words"))


_GOES_ON = re.compile(
    r"\s*(?:$|[.,;!)-]|(?:and|so|because|y|e|et|und|weil|porque|perché)\b|(?:from|as of|starting) (?:now|today)\b"
    r"|on (?!condition|the (?:day|condition)|\d))"
)
"""How a sentence may go on after what an acceptance applies to; not by what is left out of that: "except …"."""
_REASONS = re.compile(
    r"(?:^|[ ,;:-])(?:because|as|since|due to|given that|on the grounds|parce|car|en raison|étant donné|puisque|weil|da"
    r"|denn|aufgrund|porque|ya que|puesto que|dado que|debido a|perché|poiché|in quanto|dato che)\b|: "
)
"""What follows a refusal as its reason may say "not" and "if" as it likes."""


def holds_known_words(sentence: str, words: PageWords, key: str) -> bool:
    """Whether known words stand somewhere in a sentence that does not start with them."""
    return any(words.holds_sentence(f"{key}.{meaning}", sentence) for meaning in (Meaning.ACCEPTED, Meaning.REFUSED))


def of_something_else(rest: str, words: PageWords) -> bool:
    """Whether what follows names a subject ("to the removal of …") and that subject is not AI."""
    rest = without_when(rest)
    first = rest.strip().split(" ")[:1]
    named = bool(first) and words.find_word("scope.words", first[0]) is not None
    ours = ("ai.topic", "ai.words", "objection.words")
    return named and not any(words.find_word(key, rest) for key in ours)


def sentences_of(blocks: Iterable[Block]) -> Iterator[tuple[str, list[str], bool]]:
    """Each sentence, the places where it may start (a line break may or may not end one), and whether it is quoted."""
    for block in blocks:
        for sentence in (each for piece in lines_apart(block.text) for each in sentences(piece)):
            lines = sentence.split("\n")
            starts = [" ".join(lines[i:]) for i in range(len(lines))]
            whole = starts[0]
            yield (
                whole,
                [part for start in starts for part in _without_greeting(start)],
                block.quoted or whole.startswith(">"),
            )


def _without_greeting(sentence: str) -> list[str]:
    rest = without_greeting(sentence)
    return [sentence] if rest == sentence else [sentence, rest]


def without_greeting(sentence: str) -> str:
    """A sentence without the greeting that may stand before it."""
    return _GREETING.sub("", sentence, count=1) if _GREETING.match(sentence) else sentence
