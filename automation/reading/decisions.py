"""
The decision in a sentence: known words of a service, where they may start, and what makes them doubtful.

A wrong reading here is the worst fault of all, so it is narrow: known words count where a clause starts and nothing
before or after them quotes them, reports them, makes them depend on something, or takes them back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from automation.reading.hedging import hedged
from automation.reading.meanings import Hit, Meaning, Said
from automation.reading.plain import undated
from automation.text.normalizing import fold, lines_apart, sentences, spell_out

if TYPE_CHECKING:
    from automation.page import Block
    from automation.reading.letter import LetterGrammar
    from automation.text.page_words import PageWords


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
    starts = [start for start in starts if not fold(start).startswith(('"', "'"))]
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
    apart = _of_another_subject(sentence, near)
    found = [replace(hit, hedged=hit.hedged or apart or _led_narrowly(sentence, hit, letter)) for hit in found]
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
                doubtful = hedged(meaning, rest, words.in_language(phrase.locale), letter)
                found.append(Hit(Said(meaning, start, phrase), doubtful))
    return found


_AS_REGARDS = re.compile(
    r"^(?:as regards|as for|as to|with (?:regard|respect|reference) to|regarding|concerning|in respect of"
    r"|in relation to|on the (?:subject|matter|question|topic) of|when it comes to|so far as|re:?)"
    r" (?P<what>[^,:;]+)[,:]"
    r"|^(?:per quanto (?:riguarda|concerne)|en (?:cuanto a|lo que respecta a)|pour ce qui est de|en ce qui concerne"
    r"|quant|was|bezüglich|hinsichtlich) (?P<which>[^,:;]+)[,:]"
    r"|^(?:for|about|per|riguardo|circa|sobre|para|pour|concernant|für|zu[mr]?) (?P<matter>[^,:;]{2,40}):"
)
_OF_THE_LETTER = re.compile(
    r"\b(?:your|this|that|the) (?:\w+ ){0,2}(?:requests?|messages?|letters?|cases?|forms?|e-?mails?|mails?|enquir\w+"
    r"|inquir\w+|tickets?|questions?|submissions?|correspondence|matter|above|points?|concerns?)\b"
    r"|\b(?:richiesta|messaggio|modulo|solicitud|mensaje|formulario|demande|message|formulaire|anfrage|antrag|nachricht"
    r"|formular)\b|\b(?:following|these|those) reasons?\b|\b(?:records?|reference|clarity|avoidance)\b"
)


def _of_another_subject(sentence: str, words: PageWords) -> bool:
    """Whether a sentence says first what it is about, and that is no objection and no AI: "As regards cookies, …"."""
    led = _AS_REGARDS.match(fold(without_greeting(sentence)))
    what = next(filter(None, led.groups()), "") if led is not None else ""
    if not what or _OF_THE_LETTER.search(what) is not None:
        return False
    keys = ("objection.words", "object.words", "ai.topic", "ai.words", "ai.subject")
    return not any(words.find_word(key, what) for key in keys)


def _led_narrowly(sentence: str, hit: Hit, letter: LetterGrammar) -> bool:
    """Whether what stands before an acceptance narrows it: "For photos, …", "As long as the court hasn't ruled, …"."""
    whole, told = (spell_out(fold(text)).strip() for text in (sentence, hit.said.sentence))
    lead = whole.removesuffix(told).strip(" ,:;-") if whole.endswith(told) else ""
    return (
        hit.said.meaning is Meaning.ACCEPTED
        and lead != ""
        and _FOR_PART.match(lead) is not None
        and letter.narrows(f", {lead}")
    )


_FOR_PART = re.compile(
    r"(?:for|on|in|as long as|so long as|as soon as|as far as|until|unless|while|whilst|only|except|apart from|once"
    r"|when|if|should|provided)\b"
)


def holds_known_words(sentence: str, words: PageWords, key: str) -> bool:
    """Whether known words stand somewhere in a sentence that does not start with them."""
    return any(words.holds_sentence(f"{key}.{meaning}", sentence) for meaning in (Meaning.ACCEPTED, Meaning.REFUSED))


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
