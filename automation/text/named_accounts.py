"""
Whose account a text speaks of, as services write it: `the account "…"`, `le compte de …`, `das Konto „…“`, `@…`.

Only for hiding them: what is taken for a name by mistake is hidden too, and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

_ACCOUNT = (
    r"(?:accounts?|profiles?|pages?|blogs?|channels?|companies|company|comptes?|profils?|soci[ée]t[ée]|konto|konten|seiten?|firma|"
    r"cuentas?|perfil(?:es)?|p[áa]ginas?|empresa|contas?|profil[oi]|pagin[ae]|azienda|gebruikers?|bedrijf|kont[oaem]|"
    r"stron[aęy]|profilu?|[úu][čc]et|[úu][čc]tu|str[áa]nk[auy]|user|member|utilisat(?:eur|rice)|nutzer(?:in)?|usuari[oa]|utente)"
)
_CALLED = (
    r"(?:named|called|nomm[ée]e?|appel[ée]e?|au nom de|namens|genannt|mit dem namen|llamad[oa]|con el nombre(?: de)?|"
    r"chamad[oa]|chiamat[oa]|di nome|genaamd|met de naam|o nazwie|s názvem|of|"
    r"belonging to|de|di|von|van|użytkownika|uživatele)"
)
_FOR = r"(?:for|pour|f[üu]r|para|per|voor|dla|pro|du|des|der|del|della|da|do|d['’])"
_GAP = r"[^\S\n]{1,3}"
_CAPITAL = r"(?-i:[^\W\d_a-zß-öø-ÿ])(?:[\w.-]|['’](?-i:[^\W\d_a-zß-öø-ÿ])){0,40}"
_PARTICLE = rf"(?:{_GAP}(?:de|da|di|du|del|della|den|der|dos|la|le|van|von|zu|y|et|und|and|&))?"
_WORDS = rf"{_CAPITAL}(?:{_PARTICLE}{_GAP}{_CAPITAL}){{0,4}}"
_BEFORE = rf"\b{_ACCOUNT}(?:{_GAP}(?:{_CALLED}|{_FOR}))?(?:{_GAP})?[,:]?(?:{_GAP})?"
_QUOTED = tuple(
    re.compile(
        rf"{_BEFORE}[{opens}](?:{_GAP})?(?P<name>[^\n{opens}{closes}]{{2,60}}?)(?:{_GAP})?[{closes}]", re.IGNORECASE
    )
    for opens, closes in (('"“”„«‹「『', '"“”»›」』'), ("'‘‚", "'’‘"))
)
_BARE = re.compile(rf"\b{_ACCOUNT}{_GAP}(?:(?P<called>{_CALLED}){_GAP}|{_FOR}{_GAP})?(?P<name>{_WORDS})", re.IGNORECASE)
_OWNED = re.compile(rf"(?<![\w.-])(?P<name>{_WORDS})['’]s{_GAP}(?:[^\W\d_]{{1,40}}{_GAP})?{_ACCOUNT}\b", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@./%-])@(?P<name>[A-Za-z0-9_](?:[\w.-]{0,28}\w))")
_WORD = re.compile(r"[^\W\d_]+")


def named_accounts(text: str, is_ordinary: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Where a text names somebody's account: starts and ends. No name is made of words that are `is_ordinary`."""
    for match in _HANDLE.finditer(text):
        if not is_ordinary(match["name"]):
            yield match.span("name")
    for match in chain.from_iterable(pattern.finditer(text) for pattern in _QUOTED):
        words = _WORD.findall(match["name"])
        named = any(word[0] != word[0].lower() or word.lower() == word.upper() for word in words)
        if named and not all(map(is_ordinary, words)):
            yield match.span("name")
    for pattern in (_BARE, _OWNED):
        for match in pattern.finditer(text):
            words = _WORD.findall(match["name"])
            alone = len(words) == 1 and not (pattern is _OWNED or match["called"])
            if not alone and not any(map(is_ordinary, words)):
                start, end = match.span("name")
                yield start, end - (len(match["name"]) - len(match["name"].rstrip(".-")))
