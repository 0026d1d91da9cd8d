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
_PAGES = ("htm", "pdf", "mht", "svg", "webarchive")
_OURS = re.compile(rb"t(?:\xc3\xa9|\xe9|e|e\xcc\x81)moin", re.IGNORECASE)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|body|svg|h1|table)\b", re.IGNORECASE)
_SEALED = re.compile(
    rb'"payloadType"\s*:\s*"application/vnd\.|"prev_sha256"\s*:|"schema"\s*:\s*"temoin\.(?:run|result|ledger|evidence)\b'
)


def passes_by_name(name: str) -> bool:
    """Whether a person could take a file of this name for a ledger, results, a report or what seals a run."""
    for skeleton in _skeletons(name):
        if any(_contains(skeleton, known) for known in _KNOWN):
            return True
        found = _find(skeleton, _REPORT)
        if found is not None and any(_contains(skeleton[found:], page) for page in _PAGE_SKELETONS):
            return True
    return any(names.reads_like(name, known) for known in (*FILES, *_NAMES, "report.en.html", "report.html"))


def passes_by_content(head: bytes) -> bool:
    """Whether a file that begins so says that it is a page of Témoin's, a ledger, results or a sealed document."""
    plain = head.replace(b"\0", b"")  # UTF-16
    if _SEALED.search(plain):
        return plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"{", b"["))
    if not _PAGE.search(plain):
        return False
    return _OURS.search(html.unescape(plain.decode("latin-1")).encode("latin-1", "replace")) is not None


def _skeletons(name: str) -> Iterator[str]:
    """A name as it is glanced at: once with its numbers as numbers, once as the letters that they look like."""
    seen = names.seen(name)
    for letters in (re.sub(r"[0-9]", "", seen), seen):
        yield _skeleton(letters)


def _skeleton(seen: str) -> str:
    plain = seen.translate(_LOOKS_LIKE)
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return "".join(letter for letter in plain if letter.isalpha())


def _find(skeleton: str, known: str) -> int | None:
    """Where a known name ends in another, letters of other scripts read as any; at least half must be the same."""
    pattern = "".join(f"[{letter}{_FOREIGN}]" for letter in known)
    for match in re.finditer(f"(?=({pattern}))", skeleton):
        if sum(one == other for one, other in zip(match[1], known, strict=True)) * 2 >= len(known):
            return match.end(1)
    return None


def _contains(skeleton: str, known: str) -> bool:
    return _find(skeleton, known) is not None


_NAMES = (names.RUN_DOCUMENT, names.RUN_HEAD, names.RESULTS)
_KNOWN = tuple(_skeleton(name) for name in (*sorted(FILES), *_NAMES))
_REPORT = _skeleton("report")
_PAGE_SKELETONS = tuple(map(_skeleton, _PAGES))
