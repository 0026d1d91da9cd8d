"""
The messages of `mail/`, as they arrive: signed by their sender's domain, then touched by whoever passed them on.

In a file, `DKIM-Signature: @sign …` stands where the sender's server put its signature: everything below is signed,
everything above was put there later. `@after` marks what was added to the text or the subject after that, and
`@here` the place at which a signature with a length ends.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from dkim import DKIM

from tests.messaging.mailbox.letters import Names, key, names

FOLDER = Path(__file__).with_name("mail")
_TAG = re.compile(r"@after (\[[^\]]+\] )")
_SIGN = re.compile(r"DKIM-Signature: @sign (.*)")
_NOT_SIGNED_HERE = "v=1; a=ed25519-sha256; c=relaxed/relaxed; d={d}; s=ed; h={h}; bh=" + "A" * 43 + "=; b=" + "B" * 86


@dataclass(frozen=True)
class Arrived:
    """One message, and what a careful person says of it."""

    name: str
    raw: bytes
    says: str
    """`accepted`, `refused`, `pending`, `unclear` or `nothing`."""
    account: str
    believe: bool
    genuine: bool
    new: bool = False
    """Whether it holds words that no source has."""


def arrived() -> list[Arrived]:
    """All messages, in the order of their names."""
    expected = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
    return [
        Arrived(name, _arrive((FOLDER / name).read_text(encoding="utf-8")), **said) for name, said in expected.items()
    ]


def published() -> Names:
    """Name servers that publish the keys of every sender in `mail/`; the selector `old` is gone."""
    return names(
        "facebook.com", "instagram.com", "evil.example", "facebook-privacy.example", "meta-mail.example",
        "atelier.example", "friend.example",
    )  # fmt: skip


def _arrive(text: str) -> bytes:
    head, _, body = text.partition("\n\n")
    fields = re.split(r"\n(?![ \t])", head)
    done: list[str] = []
    for field in reversed(fields):
        wanted = _SIGN.fullmatch(field)
        done.insert(0, _signature(wanted[1], done, body) if wanted else field)
    whole = "\n".join(done) + "\n\n" + body.replace("@after\n", "").replace("@here\n", "")
    return _TAG.sub(r"\1", whole).replace("\n", "\r\n").encode()


def _signature(tags: str, below: list[str], body: str) -> str:
    given = dict(tag.split("=", 1) for tag in tags.split())
    if "a" in given:
        return "DKIM-Signature: " + _NOT_SIGNED_HERE.format(**given)
    signed = body.partition("@after\n")[0]
    signed = signed.partition("@here\n")[0] if given.get("l") else signed.replace("@here\n", "")
    raw = _TAG.sub("", "\n".join(below) + "\n\n" + signed).replace("\n", "\r\n").encode()
    made: bytes = DKIM(raw).sign(
        given.get("s", "s1").encode(),
        given["d"].encode(),
        key(),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[name.encode() for name in given["h"].split(":")],
        length="l" in given,
    )
    return made.decode().replace("\r\n", "\n").rstrip("\n")
