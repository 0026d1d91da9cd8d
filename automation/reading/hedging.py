"""What follows known words in a sentence, and makes them depend on something, narrows them or takes them back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.reading.letter import letter_in
from automation.reading.meanings import Meaning
from automation.reading.plain import without_when

if TYPE_CHECKING:
    from automation.reading.letter import LetterGrammar
    from automation.text.page_words import PageWords


def hedged(meaning: Meaning, rest: str, words: PageWords, letter: LetterGrammar | None) -> bool:
    """
    Whether what follows the known words makes them depend on something, narrows them or takes them back.

    After an acceptance nothing may follow but what it applies to, and that must be AI or the public information
    that sources name. The other meanings are held less tightly: they promise nothing.
    """
    if meaning is Meaning.ACCEPTED:
        rest = _FROM_NOW.sub(" ", rest)
        said = rest.strip(" .!,;:")
        known = words.with_english.find_sentence("reply.accepted_for", said)
        narrowed = any(words.find_word(key, rest) for key in ("negation.words", "hedge.words"))
        about_ai = bool(words.find_word("scope.words", said.partition(" ")[0])) and bool(
            words.find_word("ai.topic", rest) or words.find_word("ai.words", rest)
        )
        if letter is not None and (letter.whole(rest) or letter.means(rest) or _replaces(rest, letter)):
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
        if _IF_ONE_WISHES.search(rest):
            return True  # "Please fill in the form if you want to object": nobody has, or not with this account
        if _of_what(rest, words) or (_FOR_WHAT.match(rest) and not words.find_word("ai.words", rest)):
            return True
        return decided or (negated and letter.acts(rest)) or letter.undoes(rest) or of_something_else(rest, words)
    if meaning is Meaning.REFUSED:
        if (letter or letter_in(words.locale)).not_yet(rest) or _FOR_SOME.match(rest) is not None:
            return True
        before = _CONSEQUENCE.split(_REASONS.split(rest, maxsplit=1)[0], maxsplit=1)[0]
        more = _AND_WE.match(before)
        if more is not None and words.find_sentence("reply.refused", more["clause"]) is not None:
            before = ""  # "It has not been upheld, and we won't honour it": the same once more
        if _asks_or_waits(rest, words) or _of_what(before, words):
            return True
        return any(words.find_word(key, before) for key in ("hedge.words", "withdrawal.words")) or of_something_else(
            before, words
        )
    return words.find_word("negation.words", rest) is not None or of_something_else(rest, words)


_FROM_NOW = re.compile(r"^ (?:going forward|from now on|from today(?: on)?) (?=for )")
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
_IF_ONE_WISHES = re.compile(r"\bif you (?:still |also )?(?:want|wish|would like) to object\b")
_OF_WHAT = re.compile(r" (?:de |d'|des |du |auf (?!grund)|di |del |para )")
"""How a request goes on that is named by what it asks for."""
_FOR_WHAT = re.compile(
    r" for (?!now\b|(?:a |the |further |our )?(?:review|assessment|examination|consideration|evaluation|decision)\b)"
)


_FOR_SOME = re.compile(
    r"\W*(?:for|on|in|as (?:to|regards)) (?:these|those|them|this part|that part|the rest|part|some of)\b"
)
"""How a refusal goes on that is one of a part: "We don't honour your objection for these."."""


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


def _replaces(rest: str, letter: LetterGrammar) -> bool:
    """Whether an acceptance goes on by saying that what was answered before no longer counts."""
    more = _AND_OURS.match(rest)
    return more is not None and letter.supersedes(more["clause"])


_AND_OURS = re.compile(
    r",? and (?:therefore |so )?(?P<clause>(?:our|the) (?:earlier|previous|last|first|other) [^,;:]+)$"
)
_AND_WE = re.compile(r",? and (?:therefore |so )?(?P<clause>(?:we|it|your) .*)")
_CONSEQUENCE = re.compile(
    r",? (?:so|therefore|which means)(?: that)? (?=your|we|our)"
    r"|,? and (?=your (?:\w+ )?(?:information|posts|photos|data|content) (?:may|will|can) (?:still|continue)\b)"
)
"""How a refusal goes on with what comes of it: "…, so your posts may be used"."""
_REASONS = re.compile(
    r"(?:^|[ ,;:-])(?:because|as|since|due to|given that|on the grounds|parce|car|en raison|étant donné|puisque|weil|da"
    r"|denn|aufgrund|porque|ya que|puesto que|dado que|debido a|perché|poiché|in quanto|dato che)\b|: "
)
"""What follows a refusal as its reason may say "not" and "if" as it likes."""


def of_something_else(rest: str, words: PageWords) -> bool:
    """Whether what follows names a subject ("to the removal of …") and that subject is not AI."""
    rest = without_when(rest)
    first = rest.strip().split(" ")[:1]
    named = bool(first) and words.find_word("scope.words", first[0]) is not None
    ours = ("ai.topic", "ai.words", "objection.words")
    return named and not any(words.find_word(key, rest) for key in ours)
