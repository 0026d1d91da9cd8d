"""
For whom an answer is: people object for a parent, too, and are told so in their own inbox.

An answer for somebody else's account says nothing of this one. To take it for the holder's is the worst fault; to take
the holder's for somebody else's the next. So another name only keeps an answer back; a case is passed over as somebody
else's where the service greets the holder, names the other person or excludes the holder's own account, and no sentence
of either side claims anything for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from automation.reading.inbox.addressee import greets_the_holder, is_somebody_else
from automation.reading.threads.authors import Speaker
from automation.reading.threads.turns import Turn, says_nobody_reads
from automation.reading.letter import letter_in
from automation.text.normalizing import fold, sentences, spell_out

if TYPE_CHECKING:
    from automation.text.page_words import PageWords

_RELATIVE = (
    r"(?:late |elderly |own )?(?:mother|father|mum|mom|dad|wife|husband|spouse|partner|son|daughter|brother|sister"
    r"|grandmother|grandfather|aunt|uncle|cousin|child|friend|colleague|client|neighbou?r|employee|ward)"
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*"
_PERSON = rf"(?-i:{_CAPITAL}(?: (?:(?:de|da|di|van|von|der|den|la|le|bin|el) )*{_CAPITAL}){{0,3}}?)"
_ADDRESS = r"[\w.-]*(?:@|\.com/|/)[\w.@/-]*\w|\"[^\"]{1,60}\""
_ACCOUNT = (
    rf"(?:the|this|that|his|her|their|your {_RELATIVE}(?:'s|’s)) (?:\w+ )?(?:account|profile)"
    rf"(?: (?:at |named |called |under )?\(?(?:{_ADDRESS})\)?)?"
)
_END = r"(?P<rest>\W*$|,? (?:will|has|have|is|was|and|going)\b.*)"
_BEHALF = re.compile(
    rf"\b(?:(?:on|in) behalf of|acting for|as (?:the )?(?:representative|guardian|attorney|agent) of)"
    rf" (?:your {_RELATIVE}(?:,? (?P<kin>{_PERSON}))?|(?P<who>{_PERSON}))"
    rf"(?:,? (?:for|regarding|concerning|and|on) {_ACCOUNT})?{_END}",
    re.IGNORECASE,
)
_FOR_KIN = re.compile(
    rf"\b(?:for|of|from|regarding|concerning|on) your {_RELATIVE}(?:,? (?P<kin>{_PERSON}))?"
    rf"(?:(?:'s?|’s?) (?:\w+ )?(?:account|profile)s?)?{_END}",
    re.IGNORECASE,
)
_FOR_AN_ACCOUNT = re.compile(
    r"\b(?:for|of|from|regarding|concerning|on) (?:the (?:\w+ )?(?:account|profile)(?: (?:at|named|called|under|of))?"
    rf" \(?(?:(?P<address>{_ADDRESS}))\)?|(?P<who>{_PERSON})(?:'s?|’s?) (?:\w+ )?(?:account|profile)s?){_END}",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?:(?:affected |concerned |objecting )?(?:account|profile)(?: (?:holder|owner|name|concerned|affected))?"
    r"|data subject|(?:objecting )?person(?: concerned)?|(?:submitted |filed |sent )?(?:for|on behalf of))"
    r"(?:: | - | – |:? ?\n)(?P<name>.{2,60})",
    re.IGNORECASE,
)
_IT = r"(?:it|this|that|(?:this|the|our|your|that) (?:objection(?: request)?|request|decision|answer|acceptance|reply))"
_OWN = r"(?:your (?:own )?(?:account|profile)|the (?:account|profile) (?:that )?you (?:are signed in to|write from))"
_EXCLUDES = re.compile(
    rf"(?:please note(?: that)? |note that |but |however,? )?(?:{_IT} (?:does not|do not|will not) (?:also )?"
    rf"(?:apply to|cover|concern|include|affect|extend to|count for|change anything for) {_OWN}"
    rf"|{_OWN} (?:is|was) (?:not (?:covered|included|affected|concerned|part of (?:it|this))|unaffected|unchanged)"
    rf"|nothing (?:changes|has changed|was changed) for {_OWN}"
    r"|(?:there is|we have|we hold) no objection for your own (?:account|profile)"
    r"|you have not objected for (?:yourself|your own (?:account|profile)))"
    r"(?: by (?:it|this))?(?:, (?:which|as it|because it) (?:is|was) not in the same accounts cent(?:re|er))?[.!]?"
)
_INVITES = re.compile(
    r"if you(?:'d| would)? (?:like|want|wish) to object (?:for yourself|for your own (?:account|profile)|yourself)"
    r"(?: too| as well)?, (?:please )?(?:use|fill in|submit|send|complete|open|visit|go to) [^,;]*"
)
_CLAIMS = re.compile(
    r"\b(?:your own|yours|yourself|you too|this (?:account|profile)|your (?:\w+ )?(?:accounts?|profiles?|information"
    r"|posts?|photos?|content|data|comments?)|too|also|both|either|as well|likewise|the same|for you(?: as)?"
    r"|accounts cent(?:re|er)|all (?:your|of your|accounts)|each)\b"
)
_CLAIMED = re.compile(
    rf"\b(?:mine|myself|me|both|us|our|ours|too|also|as well|my (?!{_RELATIVE}\b))\b|\bmy (?!{_RELATIVE}\b)"
    rf"|\bi (?:\w+ )?(?:object|oppose|disagree|refuse)\b(?! (?:on behalf of|for) (?:my {_RELATIVE}|her|him|them)\b)"
)
_MINE = re.compile(r"\b(?:to|with|from|tell|told|gave|give|asked|send|sent|contact|allows?|lets?|authori[sz]ed) me\b")


def is_for_another(sentence: str, holder: AbstractSet[str], service: AbstractSet[str]) -> bool:
    """
    Whether a sentence names somebody else, or somebody else's account, as whom an objection or answer is for.

    Args:
        sentence: of the service.
        holder: names of the account's holder, folded.
        service: the service's own names, folded.
    """
    return _represented(sentence, holder, service) or _of_an_account(sentence, holder, service)


def names_another_holder(turns: Sequence[Turn], holder: AbstractSet[str], service: AbstractSet[str]) -> str | None:
    """A line of the case that says whose account it is about, where that is somebody else: "Account: Rosa Meier"."""
    for turn in turns:
        for block in turn.blocks if turn.speaker is not Speaker.PERSON else ():
            for line in (block.text, *block.text.split("\n")):
                field = _FIELD.fullmatch(line.strip())
                if field is not None and is_somebody_else(field["name"].strip(" ."), holder, service):
                    return line
    return None


def is_anothers(turns: Sequence[Turn], holder: AbstractSet[str], words: PageWords) -> bool:
    """Whether all that a thread answers is for somebody else, and neither side claims anything for the holder."""
    letter, service = letter_in(words.locale), words.with_english.names("speaker.service").keys()
    told = list(_told(turns))
    answers = [s for s in told if is_for_another(s, holder, service) and (letter.acts(s) or letter.refers_to_it(s))]
    if not answers or not greets_the_holder(turns, holder):
        return False
    excluded = any(_EXCLUDES.fullmatch(_folded(s)) for s in told)
    if not excluded and not all(_represented(s, holder, service) for s in answers):
        return False
    others = (s for s in told if s not in answers and not says_nobody_reads(s, words.locale))
    asked = (s for turn in turns if turn.speaker is Speaker.PERSON for b in turn.blocks for s in sentences(b.text))
    return all(
        _EXCLUDES.fullmatch(_folded(s))
        or _INVITES.fullmatch(_folded(s).rstrip(".! "))
        or not (_claims(s) or (letter.decides(s) and letter.refers_to_it(s)))
        for s in others
    ) and not any(_CLAIMED.search(_MINE.sub(" ", _folded(s))) for s in asked)


def _represented(sentence: str, holder: AbstractSet[str], service: AbstractSet[str]) -> bool:
    """Whether a sentence answers on behalf of somebody else, or for a relative's account, and claims nothing more."""
    found = _BEHALF.search(sentence) or _FOR_KIN.search(sentence)
    if found is None or _claims(found["rest"]):
        return False
    name = found["kin"] or found.groupdict().get("who")
    return name is None or is_somebody_else(name, holder, service)


def _of_an_account(sentence: str, holder: AbstractSet[str], service: AbstractSet[str]) -> bool:
    """Whether a sentence answers for an account that it names, and nothing shows that this is the holder's own."""
    found = _FOR_AN_ACCOUNT.search(sentence)
    if found is None or _claims(found["rest"]):
        return False
    if found["who"] is not None:
        return is_somebody_else(found["who"], holder, service)
    return not any(all(part in fold(found["address"]) for part in name.split()) for name in holder)


def _claims(text: str) -> bool:
    return _CLAIMS.search(_folded(text)) is not None


def _told(turns: Sequence[Turn]) -> Iterator[str]:
    """What is not the person's, without the title; quoted or not, for a quotation may say what was decided before."""
    for turn in turns:
        for block in turn.blocks if turn.speaker is not Speaker.PERSON else ():
            if fold(block.text) != fold(turn.title):
                yield from sentences(block.text)


def _folded(sentence: str) -> str:
    return spell_out(fold(sentence)).strip()
