"""
What could be taken for something that Témoin seals: by its name as a person reads it, or by what stands in it.

A name is read as a glance reads it: without case, accents, unseen characters, punctuation and numbers, so that
`Report (1).html` and `ledger.jsonl.bak` are what they are copies of; with letters that look alike as one letter, and
letters of other scripts as wild cards. What stands in a file counts whatever its name.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from automation.evidence.formats import names
from automation.evidence.formats.ledger import FILES

HEAD_BYTES = 1 << 18
"""How much of a file says what it is."""
_LOOKS_LIKE = str.maketrans("01358|!$@l", "oiessiisai")
"""Signs and letters that pass for another letter, each to one of them."""
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_FOREIGN = "\u0080-\U0010ffff"
_OURS = re.compile(rb"t(?:\xc3\xa9|\xe9|e|e\xcc\x81)moin", re.IGNORECASE)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|body|svg|h1|table)\b", re.IGNORECASE)
_SEALED = re.compile(rb'"payloadType"\s*:\s*"application/vnd\.|"prev_sha256"\s*:')
_RUN = re.compile(r"\W*\d{8}\W?t\d{4,6}z?\W.*", re.ASCII)
_INSIDE = frozenset({"data", "pictures", "pages", "tls", "seal", "vault"})


def passes_by_name(name: str) -> bool:
    """Whether a person could take a file of this name for a ledger, results, a report or what seals a run."""
    if any(names.reads_like(name, known) for known in _KNOWN) or _is_token(name):
        return True
    return any(_contains(skeleton, word) for skeleton in _skeletons(name) for word in _WORDS)


def passes_for_a_run(name: str) -> bool:
    """Whether a person could take a folder of this name for a run's."""
    return _RUN.fullmatch(names.seen(name).replace("_", "-")) is not None


def passes_for_a_part(name: str) -> bool:
    """Whether a folder is called as one that only a bundle holds."""
    return names.seen(name) in _INSIDE


def passes_by_content(head: bytes) -> bool:
    """Whether a file that begins so says that it is a page of Témoin's, a ledger or a signed document."""
    plain = head.replace(b"\0", b"")  # UTF-16
    if _SEALED.search(plain):
        return plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"{", b"["))
    if not _PAGE.search(plain):
        return False
    return _OURS.search(html.unescape(plain.decode("latin-1")).encode("latin-1", "replace")) is not None


def _is_token(name: str) -> bool:
    shown = names.seen(name)
    return any(pattern.fullmatch(shown) for pattern in (names.RUN_TOKEN, names.HEAD_TOKEN))


def _skeletons(name: str) -> Iterator[str]:
    """A name as it is glanced at: once with its numbers as numbers, once as the letters that they look like."""
    shown = names.seen(name)
    for letters in (re.sub(r"[0-9]", "", shown), shown):
        yield _skeleton(letters)


def _skeleton(shown: str) -> str:
    plain = shown.translate(_LOOKS_LIKE)
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return "".join(letter for letter in plain if letter.isalpha())


def _contains(skeleton: str, word: str) -> bool:
    """Whether a word stands in a name, letters of other scripts read as any; at least half must be the same."""
    pattern = "".join(f"[{letter}{_FOREIGN}]" for letter in word)
    return any(
        sum(one == other for one, other in zip(match[1], word, strict=True)) * 2 >= len(word)
        for match in re.finditer(f"(?=({pattern}))", skeleton)
    )


_RUN_FILES = (names.RUN_DOCUMENT, names.RUN_HEAD, names.RESULTS, "run.json", "report.html", "report.en.html")
_KNOWN = (*sorted(FILES), *_RUN_FILES)
_WORDS = tuple(map(_skeleton, ("report", "rapport", "result", "ledger", "rundsse", "runhead")))
