"""Whether what is added to an acceptance leaves it whole: in part, with exceptions, under a condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.reading.bearing import ALL_OF_IT, MARKS, folded_in

if TYPE_CHECKING:
    from automation.reading.bearing import Bearing

_NARROWS = re.compile(
    r"(?:^[^\w]*|[,;:(] | - )(?:(?:but|and|though|although|however|if|pero|y|ma|e|mais|et|aber|und) )*(?:this is )?"
    r"(?:(?:not )?only|except\w*|exclud\w+|solely|just|partly|partially|in part|at least|as far as|to the extent"
    r"|insofar|limited|apart from|with the exception|with (?:\w+ )?exceptions|not (?:for|in full|on)"
    r"|s[oó]lo|únicamente|salvo|excepto|parcialmente|en parte|soltanto|tranne|eccetto|parzialmente|in parte|almeno"
    r"|seulement|uniquement|sauf|hormis|partiellement|en partie|nur|außer|ausgenommen|teilweise|zum teil)\b"
    r"(?! (?:for )?(?:the future|going forward|from now on))"
)
"""How a sentence goes on after an acceptance that it narrows: ", but only for photos"."""
_EXCEPT_OTHERS = re.compile(
    r"^[^\w]*(?:except|excluding)(?: for)?"
    r"(?: (?:where|when|if|in cases where|what|anything|things|information|content|posts|photos)(?: that| which)?)?"
    r" (?:other (?:people|users|persons)|others|someone else|somebody else|another person)"
    r" (?:may |might |could |can )?(?:share|post|publish|upload|write)s?"
    r"(?: (?:information|content|posts|photos|things))? about you(?: on our (?:products|apps|services))?[^\w]*$"
)
"""What no objection ever covers, told as an exception: ", except where other people share information about you"."""
_NAMES_CONTENT = re.compile(
    r"\b(?:photos?|pictures?|images?|videos?|reels?|captions?|comments?|stor(?:y|ies)|messages?|chats?|accounts?|profiles?"
    r"|photographies|vidéos?|commentaires?|légendes?|comptes?|profils?|fotos?|vídeos?|comentarios?|cuentas?|perfil\w*"
    r"|foto|video|commenti|didascalie|profil[oi]|bilder|kommentare?|konto|konten|nachrichten|messaggi|mensajes)\b"
)
_HEAD_ENDS = re.compile(r"[,;:.]| - | (?:and|so|because|as|y|e|et|und|weil|porque|perché) ")


def is_whole(bearing: Bearing, rest: str) -> bool:
    """Whether what follows an acceptance leaves it whole."""
    end = _HEAD_ENDS.search(rest)
    head, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    return bearing.patterns["full"].sub("", head).strip(MARKS) == "" and not narrows(bearing, tail)


def narrows(bearing: Bearing, tail: str) -> bool:
    """Whether what a sentence adds to a decision takes some of it back, or makes it depend on something."""
    folded = folded_in(tail)
    if _EXCEPT_OTHERS.match(folded):
        return False
    apart = any(bearing.has(name, folded) for name in ("told", "elsewhere", "others", "general"))
    excepts = any(bearing.has("own", c) and bearing.has("negated", c) for c in bearing.clauses(folded)[:1])
    return (
        _NARROWS.search(folded) is not None
        or bearing.bears(tail)
        or bearing.has("waits", folded)
        or excepts
        or (bearing.has("condition", folded) and not apart)
    )


def is_of_content(bearing: Bearing, sentence: str) -> bool:
    """Whether a sentence names what people share, or says how far something goes: "Photos aren't included"."""
    folded = folded_in(sentence)
    named = _NAMES_CONTENT.search(folded) is not None or ALL_OF_IT.search(folded) is not None
    return named or any(bearing.has(name, folded) for name in ("scope", "decide", "effect", "partial", "pronoun"))
