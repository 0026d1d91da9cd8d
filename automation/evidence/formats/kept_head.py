"""
A ledger's end in one line, for a person to keep where the ledger is not: mailed, printed, committed elsewhere.

    temoin-head/1 17 5f2c…(64 hexadecimal digits) 17-LZQ4A-…

The short code at its end says the same for paper and telephone: the place, and the first 125 bits of the digest. So
many, because who makes the ledger could otherwise search for two histories with one code.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

_LINE = re.compile(r"temoin-head/1 ([1-9][0-9]{0,9}) ([0-9a-f]{64})(?![0-9a-f])(?:[ \t]+([0-9]+-[A-Za-z0-9-]+))?")
_CODE = re.compile(r"(?<![0-9A-Za-z-])([1-9][0-9]{0,9})[- ]([A-Za-z2-7]{5}(?:[- ][A-Za-z2-7]{5}){4})(?![0-9A-Za-z-])")
_CHARACTERS = 25
_STARTS = "temoin-head/"


@dataclass(frozen=True, slots=True)
class KeptHead:
    """What somebody kept of a ledger's end."""

    sequence: int
    line_sha256: str
    """Empty where only the code was kept."""
    code: str

    def fits(self, digest: bytes) -> bool:
        """Whether a line at this place with this digest is the one."""
        if self.line_sha256:
            return digest.hex() == self.line_sha256
        return code_of(self.sequence, digest) == self.code

    def __str__(self) -> str:
        return f"temoin-head/1 {self.sequence} {self.line_sha256} {self.code}"


def kept(sequence: int, line_sha256: str) -> KeptHead:
    """The head of a ledger, to be kept."""
    return KeptHead(sequence, line_sha256, code_of(sequence, bytes.fromhex(line_sha256)))


def code_of(sequence: int, digest: bytes) -> str:
    """The short code of a place and a line's digest."""
    text = base64.b32encode(digest).decode()[:_CHARACTERS]
    return "-".join((str(sequence), *(text[at : at + 5] for at in range(0, _CHARACTERS, 5))))


def heads_in(text: str) -> tuple[KeptHead, ...]:
    """
    Every head in a text: whole lines where there are any, else short codes.

    A line whose parts do not agree was misread or changed: it is no head.
    """
    if _STARTS in text:
        whole = [(kept(int(number), digest), code) for number, digest, code in _LINE.findall(text)]
        agree = len(whole) == text.count(_STARTS) and all(head.code == code.upper() for head, code in whole if code)
        return tuple(head for head, _ in whole) if agree else ()
    found = _CODE.findall(text)
    return tuple(KeptHead(int(number), "", f"{number}-{code.upper().replace(' ', '-')}") for number, code in found)
