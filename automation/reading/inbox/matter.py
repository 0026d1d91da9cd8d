"""What a thread is about: an objection to AI training, another form of the service, or another matter altogether."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.reading.threads.authors import Speaker
from automation.reading.replying import points_to_another_form
from automation.text.normalizing import base_language, fold, fold_label, sentences, spell_out

if TYPE_CHECKING:
    from automation.page import Block
    from automation.reading.threads.turns import Turn
    from automation.reading.letter import LetterGrammar
    from automation.text.labels import Phrase
    from automation.text.page_words import PageWords

_MOST_WORDS_OF_A_STATE = 3
_OF_RIGHTS = re.compile(
    r"\b(?:privacy|rights?|data|information|consent\w*|us(?:e|ing)|gdpr|rgpd|dsgvo|droits?|données|vie privée"
    r"|confidentialité|datenschutz\w*|rechte?|daten|nutzung|privacidad|derechos?|datos|uso|diritt[oi]|dati|riservatezza)\b"
)
"""What an objection to AI may be called by as well: "Privacy rights request"."""
_TITLE_WORD = re.compile(r"[^\W\d_]{3,}")
_JOINED = re.compile(r"\s*(?:[,;/&+]|\b(?:and|as well as|et|ainsi que|und|sowie|y|e|ed)\b)\s*")
_OF_SEVERAL = re.compile(
    r"\b(?:both|objections|requests|oppositions|deux|beide\w*|widersprüche\w*|ambas|oposiciones|entrambe|opposizioni)\b"
)
_FEWEST_LETTERS_OF_A_STEM = 3
_QUOTATION = re.compile(r'[“"„«‟][^“”"„»«‟]*[”"“»‟]')

_FORBIDS = re.compile(
    r"\b(?:do not|never|stop|no longer|refuse|not want)\b[^.!?]{0,60}"
    r"\b(?:us(?:e|es|ed|ing)|train\w*|feed\w*|learn\w*|develop\w*|improv\w*)\b"
)
"""A person's objection in words of their own: "Do not use my posts for AI"."""
_LEARNS = re.compile(
    r"\b(?:train(?:s|ed|ing)?|learning|learn from|models?|generators?|generati\w+|machines?|algorithms?|data ?sets?"
    r"|entraîn\w*|modèles?|apprentissage|entren\w*|modelos?|aprendizaje|trainier\w*|modelle\w*|maschine\w*"
    r"|addestr\w*|modelli|apprendimento)\b"
)
_SHARES = re.compile(
    r"\b(?:what(?:ever)? i|i) (?:\w+ )?(?:post|share|publish|write|upload)\w*"
    r"|\bmy (?:\w+ )?(?:\w+colou?rs|work|art\w*|drawings|paintings|texts?|songs?|recipes|writing)\b"
    r"|\bce que je (?:publie|partage|poste|écris)\b|\blo que (?:publico|comparto|escribo)\b"
    r"|\bwas ich (?:poste|teile|veröffentliche|schreibe)\b|\bciò che (?:pubblico|condivido|scrivo)\b"
)
_LEFT_OUT = re.compile(
    r"(?P<what>(?:information|data|content|what)(?: [\w'-]+){1,6}?) (?:is|are)(?: not|n't)"
    r" (?:part of|covered by|affected by|included in) (?:this|our|the|your) (?:decision|objection|answer|request)\.?"
)


def request_in(blocks: Sequence[Block], words: PageWords) -> Phrase | None:
    """
    Words for AI in a sentence or title that speaks of objecting, and names no other subject; a signature is none.

    What stands in quotation marks is spoken of: 'There is also an "Object to …" form. This isn't it.'
    """
    signatures = {phrase.text for phrase in words.phrases("reply.frame")}
    for sentence in (sentence for block in blocks for sentence in sentences(_QUOTATION.sub(" ", block.text))):
        named = (p for key in ("ai.topic", "ai.words") for p in words.find_words(key, sentence))
        ai = next((phrase for phrase in named if phrase.text not in signatures), None)
        other = words.find_word("elsewhere.words", sentence) or words.find_word("lookalike.words", sentence)
        if ai is not None and other is None and words.find_word("objection.words", sentence) is not None:
            return ai
    return None


def objects_to_ai(blocks: Sequence[Block], words: PageWords, letter: LetterGrammar) -> bool:
    """Whether sentences that name no other subject speak of AI and of objecting, be it one after the other."""
    texts = [
        sentence
        for block in blocks
        for sentence in sentences(block.text)
        if not any(words.find_word(f"{key}.words", sentence) for key in ("elsewhere", "lookalike", "another"))
    ]
    signatures = {phrase.text for phrase in words.phrases("reply.frame")}

    def speaks(key: str) -> bool:
        found = (phrase for text in texts for phrase in words.find_words(key, text))
        return any(phrase.text not in signatures and not letter.decides(phrase.text) for phrase in found)

    return (speaks("ai.topic") or speaks("ai.words")) and speaks("objection.words")


def request_by_person(title: str, own: Sequence[Block], words: PageWords, letter: LetterGrammar) -> Phrase | None:
    """
    Words for AI in what the person wrote, where it objects and names no other subject.

    Over all of its sentences: "I exercise my right to object. I don't want my posts to train your AI." That it objects
    the title may say: "Your objection request".
    """
    text = " ".join(_QUOTATION.sub(" ", block.text) for block in own)
    other = words.find_word("elsewhere.words", text) or words.find_word("lookalike.words", text)
    objects = words.find_word("objection.words", text) or words.find_word("object.words", text)
    if objects is None and not letter.objects_elsewhere(title) and not words.find_word("another.words", text):
        objects = words.find_word("objection.words", title)
    if other is not None or not (objects or _FORBIDS.search(spell_out(fold(text)))):
        return None
    return words.find_word("ai.topic", text) or words.find_word("ai.words", text)


def asks_not_to_feed(own: Sequence[Block], words: PageWords) -> bool:
    """
    Whether the person speaks, in one sentence, of what learns and of what they share: "stop feeding it my posts".

    The harm: an answer in no known words to an objection in no known words would be told as one about something else.
    """
    data = words.wherever_known("data.words")
    return any(
        _LEARNS.search(fold(sentence)) is not None
        and (data.find_word("data.words", sentence) is not None or _SHARES.search(fold(sentence)) is not None)
        for block in own
        for sentence in sentences(block.text)
    )


def titled_as_another_form(turns: Sequence[Turn], words: PageWords) -> bool:
    """Whether the thread's title says that it is about another request: erasure, third parties, a removed post."""
    title = next((turn.title for turn in turns if turn.title), "")
    if fold_label(title) in words.wherever_known("form.title").names("form.title"):
        return False
    parts = [(_names_another(part, words), names_it(("ai.topic", "ai.words"), part, words)) for part in _parts(title)]
    return any(other for other, _ in parts) and not any(ai and not other for other, ai in parts)


def _parts(title: str) -> list[str]:
    """What a title joins: "Your objection: AI and ads"."""
    return [part for part in _JOINED.split(fold(title)) if part.strip()]


def _names_another(text: str, words: PageWords) -> bool:
    return any(words.find_word(key, text) for key in ("elsewhere.words", "lookalike.words"))


def objects_to_more(blocks: Sequence[Block], words: PageWords) -> bool:
    """
    Whether a sentence about objecting names several objections or what feeds AI, and no other subject.

    "Both of your objections will be honoured", "your objection to our models learning from your posts": it may be about
    more than the title of its thread names.
    """
    feeding = words.wherever_known("feeding.words")
    return any(
        words.find_word("objection.words", sentence) is not None
        and (_OF_SEVERAL.search(fold(sentence)) or feeding.find_word("feeding.words", sentence) is not None)
        for block in blocks
        for sentence in sentences(block.text)
        if not _names_another(sentence, words)
    )


def names_it(keys: Sequence[str], text: str, words: PageWords) -> bool:
    """Whether a text holds words of these keys; a department that signs answers of every kind says nothing."""
    signatures = {phrase.text for phrase in words.phrases("reply.frame")}
    return any(phrase.text not in signatures for key in keys for phrase in words.find_words(key, text))


def names_another_matter(title: str, texts: Sequence[str], words: PageWords) -> bool:
    """
    Whether a title names another matter of the account, and neither AI nor objecting: a hacked account.

    Not where anybody (`texts`) speaks of what feeds AI: people object to "machine learning" and "your chatbot", and to
    two things at once.
    """
    speaking = ("ai.topic", "ai.words", "objection.words", "object.words")
    if not any(words.find_word(key, title) is not None for key in ("another.words", "matter.title")):
        return False
    if any(names_it([key], text, words.wherever_known(key)) for key in speaking for text in (title, *texts[:1])):
        return False
    feeding = words.wherever_known("feeding.words")
    return not any(feeding.find_word("feeding.words", text) for text in (title, *texts))


def names_another_form(blocks: Sequence[Block], words: PageWords) -> bool:
    """Whether the service names the number of another of its forms: some are answered in the same words."""
    return any(words.find_word("other.forms", block.text) for block in blocks)


def of_another_matter(
    theirs: Sequence[Block], own: Sequence[Block], words: PageWords, letter: LetterGrammar, *, titled: bool = False
) -> bool:
    """
    Whether a thread names another matter, and nothing in it but a signature speaks of AI or of objecting.

    Both sides count here: a person who objects asks for an answer. In a language without words for objecting the
    signature alone tells, so nothing is taken for another matter there. To object to a decision or a ban is another
    matter, too; under a title that names one (`titled`), what the service calls "your objection" is that. A verb of
    deciding ("honour") decides the other matter where its sentence names that.
    """
    told, asked = ([s for block in blocks for s in sentences(block.text)] for blocks in (theirs, own))
    texts = [*told, *asked]
    against = [text for text in texts if letter.objects_elsewhere(text)]
    excused = [*against, *(told if titled and against else ())]
    naming = [
        text
        for text in texts
        if text in against
        or any(words.find_word(f"{key}.words", text) for key in ("another", "elsewhere", "lookalike"))
    ]
    if not naming or base_language(words.locale) not in words.labels.languages("objection.words"):
        return False
    signatures = {phrase.text for phrase in words.phrases("reply.frame")}
    speaking = ("ai.topic", "ai.words", "objection.words", "object.words", "feeding.words")
    return not any(
        phrase.text not in signatures
        and not (text in naming and letter.decides(phrase.text))
        and not (text in excused and key in {"objection.words", "object.words"})
        for text in texts
        for key in speaking
        for phrase in words.wherever_known(key).find_words(key, text)
    )


def of_something_else(
    title: str, theirs: Sequence[Block], own: Sequence[Block], words: PageWords, letter: LetterGrammar
) -> bool:
    """
    Whether a thread's title and both of its sides speak neither of objecting nor of anything that AI could be given.

    A question about a feature of AI, say, or a request for a name to be changed. The title must say something of its
    own: an acknowledgement under "Your request" may be of any. Where AI is named, the person must ask something, and of
    a feature: "Count me out." is an objection without its word; what a feature is for ("See posts") the service may
    name then. In a language without such words nothing is taken for something else.
    """
    asked, told = "\n".join([title, *(block.text for block in own)]), "\n".join(block.text for block in theirs)

    def speaks(text: str, *keys: str) -> bool:
        return any(words.wherever_known(f"{key}.words").find_word(f"{key}.words", text) is not None for key in keys)

    known = base_language(words.locale) in words.labels.languages("data.words")
    plain = _own_words_of(title, words)
    both = f"{asked}\n{told}"
    if not known or not plain or speaks(both, "objection", "object") or speaks(asked, "data"):
        return False
    feature = speaks(asked, "feature") and "?" in asked and not speaks(both, "decision")
    of_theirs = any(letter.refers_to_it(sentence) for block in theirs for sentence in sentences(block.text))
    return feature and not of_theirs if speaks(both, "ai") else not speaks(told, "data")


def only_its_state(
    called: Sequence[str], answers: Sequence[str], theirs: Sequence[Block], own: Sequence[Block], words: PageWords
) -> bool:
    """
    Whether all that a thread says of its state is a word or three, and nothing in it speaks of AI or of objecting.

    "Action needed" beside a title of its own is the state of that matter; under "Your request" it may be of any. What
    feeds AI a title or the person may name in any words; mail of a service is "generated", too.

    Args:
        called: the thread's title, then what the list calls it.
        answers: what decides, as it stands on the page.
        theirs: the service's paragraphs.
        own: the person's.
        words: the service's.
    """
    if not answers or any(len(answer.split()) > _MOST_WORDS_OF_A_STATE or answer[-1:] in ".!?" for answer in answers):
        return False
    known = base_language(words.locale) in words.labels.languages("objection.words")
    if not known or not _own_words_of(called[0], words) or any(_OF_RIGHTS.search(fold(text)) for text in called):
        return False
    asked = [*called, *(block.text for block in own)]
    texts = [*asked, *(block.text for block in theirs)]
    speaking = [(key, texts) for key in ("objection.words", "object.words", "ai.topic", "ai.words", "ai.subject")]
    return not any(
        names_it([key], text, words.wherever_known(key))
        for key, among in (*speaking, ("feeding.words", asked), ("data.words", called))
        for text in among
    )


def speaks_of_nothing_here(
    called: Sequence[str], theirs: Sequence[Block], own: Sequence[Block], words: PageWords, letter: LetterGrammar
) -> bool:
    """
    Whether nothing in a thread, be it its title, speaks of AI, of objecting, of a use of information or of a decision.

    The name of a department that answers objections heads messages of any kind: "Someone logged in to your account".
    What is said must take up a word of the title: under "Your request", or "Good news", an answer may stand in any.
    """
    known = base_language(words.locale) in words.labels.languages("objection.words")
    if not known or any(_OF_RIGHTS.search(fold(text)) for text in called):
        return False
    said = [block for block in theirs if fold(block.text) not in {fold(text) for text in called}]
    asked, told = ([s for block in blocks for s in sentences(block.text)] for blocks in (own, said))
    told = [text for text in told if letter.part(text) not in {"greeting", "signature"}]
    if not any(_takes_up(text, word) for word in _own_words_of(called[0], words) for text in (*asked, *told)):
        return False
    told = [text for text in told if letter.part(text) != "do_not_reply"]  # "this inbox cannot accept messages"
    everywhere = ("objection.words", "object.words", "ai.topic", "ai.words", "ai.subject", "feeding.words")
    speaking = [(key, [*called, *asked, *told]) for key in everywhere]
    if any(
        names_it([key], text, words.wherever_known(key))
        for key, texts in (*speaking, ("data.words", asked))
        for text in texts
    ):
        return False
    tells = (letter.decides, letter.points_to_it, letter.brings_about, letter.speaks_of_use)
    return not any(one(text) for one in tells for text in (*called, *told))


def _takes_up(text: str, word: str) -> bool:
    """Whether a text other than the title holds a word, be it in another form: "login", "logged in"."""
    stem = word[: max(_FEWEST_LETTERS_OF_A_STEM, len(word) - 2)]
    return any(one.startswith(stem) for one in _TITLE_WORD.findall(fold(text)))


def _own_words_of(title: str, words: PageWords) -> list[str]:
    """The words of a title that say what it is about; "Your request" has none."""
    service = {word for name in words.names("speaker.service") for word in _TITLE_WORD.findall(name)}
    own = (word for word in _TITLE_WORD.findall(fold(title)) if word not in service)
    return [word for word in own if words.find_word("request.title", word) is None]


def of_its_title(title: str, answers: Sequence[str], blocks: Sequence[Block], words: PageWords) -> bool:
    """
    Whether each answer of a thread names the known matter that its title names, and nothing speaks of AI or objecting.

    "Verified badge": "We turned down your request for a verified badge." Under any other title ("Your request",
    "Confirm your identity", "Machine learning") an answer to an objection may stand.
    """
    named = {phrase.text for phrase in words.find_words("matter.title", title)}
    everything = "\n".join([title, *(block.text for block in blocks)])
    speaking = ("objection.words", "object.words", "ai.topic", "ai.words")
    if not named or not answers or any(words.wherever_known(key).find_word(key, everything) for key in speaking):
        return False
    return all(named & {phrase.text for phrase in words.find_words("matter.title", answer)} for answer in answers)


def of_general_news(title: str, blocks: Sequence[Block], words: PageWords, letter: LetterGrammar) -> bool:
    """
    Whether what the service sends of itself names AI, but no objection, no training and nothing of the person's.

    "Our terms for AI features change on 15 December." An answer to an objection speaks of it, of what the person
    shares, or of what is done with it. In a language without words for that nothing is taken for news.
    """
    about_ai = any(words.wherever_known(key).find_word(key, title) for key in ("ai.topic", "ai.words"))
    if about_ai or base_language(words.locale) not in words.labels.languages("training.words"):
        return False
    deciding = ("objection.words", "object.words", "decision.words")
    texts = [text for block in blocks for text in sentences(block.text) if letter.part(text) is None]
    return not any(
        letter.refers_to_it(text)
        or letter.speaks_of_it(text)
        or letter.negates(text)
        or letter.undoing(text)
        or words.find_word("training.words", text) is not None
        or any(words.wherever_known(key).find_word(key, text) for key in deciding)
        for text in texts
    )


def has_none_here(turns: Sequence[Turn], letter: LetterGrammar) -> bool:
    """
    Whether the service says plainly that this person has not objected, and nothing else in its messages refers to it.

    What it puts in quotation marks it explains, and does not say.
    """
    own = [block for turn in turns if turn.speaker is Speaker.SERVICE for block in turn.blocks if not block.quoted]
    texts = [sentence for block in own for sentence in sentences(_QUOTATION.sub(" ", block.text))]
    plain = [text for text in texts if letter.has_none_here(text)]
    others = [text for text in texts if text not in plain and not letter.is_frame(text)]
    return bool(plain) and not any(
        letter.refers_to_it(text) or (letter.speaks_of_it(text) and not letter.of_any(text)) for text in others
    )


def stated(blocks: Sequence[Block], letter: LetterGrammar) -> Iterator[Block]:
    """The blocks without what only speaks of a request that is not there: "if you would like to object"."""
    for block in blocks:
        stated_here = (s for s in sentences(block.text) if not points_to_another_form(s))
        kept = [sentence for sentence in stated_here if not letter.open_or_absent(sentence)]
        yield replace(block, text="\n\n".join(kept))


def leaves_out(sentence: str, words: PageWords) -> bool:
    """Whether a sentence begins with another subject and leaves it out: "What third parties give is not part …"."""
    left = _LEFT_OUT.fullmatch(fold(sentence).strip())
    return left is not None and words.find_word("elsewhere.words", left["what"]) is not None
