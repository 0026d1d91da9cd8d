"""
Looks for others: a file without personal data, signed with the installation's key, and taking such a file over.

Whoever imports one vouches for it with their name; each look says that it was imported.
"""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from automation.app.looks import Looks, Taken
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.core.looks import Look, Says, ShownKind
from automation.evidence.formats import dsse
from automation.evidence.keys.signing import SigningKey
from automation.evidence.keys.trust import key_id, public_key
from automation.flow.looks import KeptLook, looks_text, parse_looks
from automation.storage.files import write_text
from automation.text.catalogue import N_
from automation.text.normalizing import fold

_MARK = "\n[signature]\n"
_SHORTEST_VALUE = 3
_OF_LETTERS = {N_("a number"): re.compile(r"\d"), N_("an address of a page"): re.compile(r"https?:|www\.")}
_OF_ALL = {N_("an e-mail address"): re.compile(r"\w@\w")}


def export_looks(looks: Looks, settings: Settings, key: SigningKey, file: Path) -> int:
    """
    Write the looks that others can use, signed: not those for one account or at stand-ins, and without names.

    How many there are. Raises ConfigurationError: one holds something that the configuration knows of accounts, and
    nothing is written; OutputError: the file cannot be written.
    """
    shared = [
        replace(kept.look, by="", imported=False)
        for kept in looks.kept()
        if kept.counts and not kept.look.subject and not kept.look.stand_in and kept.look.says is not Says.UNSURE
    ]
    accounts = [v for a in settings.accounts for v in (a.owner, a.page or "", a.identity or "", *a.name.split("-"))]
    known = (*accounts, *settings.secret_values(), *(kept.look.by for kept in looks.kept()))
    for look in shared:
        if kind := personal_in(look, known):
            raise ConfigurationError(
                f"{look.id}: {kind} stands in this look, so nothing is exported",
                f"Look at it with `temoin look list`, then take it out with `temoin look revoke {look.id}`.",
            )
    text = looks_text(map(KeptLook, shared))
    signature = base64.b64encode(key.sign(dsse.pae(dsse.LOOKS, text.encode()))).decode()
    write_text(file, f"{text}{_MARK}key = '''\n{key.public}'''\nvalue = \"{signature}\"\n")
    return len(shared)


def import_looks(looks: Looks, file: Path, by: str) -> tuple[Taken, str]:
    """
    Take over what others looked at, vouched for `by` somebody here; what is known is passed over.

    What was done, and the id of the key that signed the file. Raises ConfigurationError: it is no such file, it is not
    as it was signed, or somebody here said something else of the same, and nothing is taken; FlowError, OutputError:
    the file of looks is wrong, or cannot be written.
    """
    if not by.strip():
        raise ConfigurationError("nobody vouches for these looks", 'Give your name: --by "NAME".')
    text, signer = _signed(file)
    here = {kept.look.id: kept.look.says for kept in looks.kept() if kept.counts and kept.look.says is not Says.UNSURE}
    new = []
    for kept in parse_looks(text, file):
        if kept.look.id not in here:
            new.append(replace(kept.look, by=by.strip(), imported=True))
        elif here[kept.look.id] is not kept.look.says:
            raise ConfigurationError(
                f"{kept.look.id}: a look here says something else of the same ({here[kept.look.id]})",
                "Revoke the one that is wrong; nothing was imported.",
            )
    return looks.change(lambda known: (*known, *map(KeptLook, new)), looks=tuple(new)), signer


def personal_in(look: Look, known: Iterable[str]) -> str | None:
    """What kind of personal data a look to be shared holds, by what is `known` of the user's accounts; None: none."""
    lines = [fold(line) for group in look.lines for line in (*group, look.state)]
    patterns = {**_OF_ALL, **(_OF_LETTERS if look.kind is ShownKind.LETTER else {})}
    for kind, pattern in patterns.items():
        if any(pattern.search(line) for line in lines):
            return kind
    values = [fold(value) for value in known if len(value.strip()) >= _SHORTEST_VALUE]
    named = any(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", line) for value in values for line in lines)
    return N_("a name or number of one of the accounts") if named else None


def _signed(file: Path) -> tuple[str, str]:
    """The text of an exported file, and the id of the key that signed it."""
    try:
        text, _, seal = file.read_text(encoding="utf-8").rpartition(_MARK)
        found = tomllib.loads(seal)
        key = public_key(str(found["key"]))
        key.verify(base64.b64decode(str(found["value"]), validate=True), dsse.pae(dsse.LOOKS, text.encode()))
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be read ({error.strerror or error})", "Name a file that `temoin look export` wrote."
        ) from None
    except (ValueError, KeyError, InvalidSignature, binascii.Error):
        raise ConfigurationError(
            f"{file}: it is not as it was signed", "Take another copy of the file that `temoin look export` wrote."
        ) from None
    return text, key_id(key)
