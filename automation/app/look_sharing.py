"""
Looks for others: a file without personal data, signed with the installation's key, and taking such a file over.

Whoever imports one vouches for it with their name; each look says that it was imported.
"""

from __future__ import annotations

import base64
import binascii
import tomllib
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from automation.app.looks import Looks, Taken
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.core.looks import Look, Says
from automation.evidence.formats import dsse
from automation.evidence.keys.signing import SigningKey
from automation.evidence.keys.trust import key_id, public_key
from automation.flow.looks import SIGNATURE, KeptLook, looks_text, parse_looks, personal_in
from automation.reading.looks import refusal
from automation.storage.files import write_text


def export_looks(looks: Looks, settings: Settings, key: SigningKey, file: Path) -> int:
    """
    Write the looks that others can use, signed; how many there are.

    Raises ConfigurationError: as `looks_to_share`, and nothing is written; OutputError: the file cannot be written.
    """
    shared = looks_to_share(looks, settings)
    text = looks_text(map(KeptLook, shared))
    signature = base64.b64encode(key.sign(dsse.pae(dsse.LOOKS, text.encode()))).decode()
    write_text(file, f"{text}{SIGNATURE}key = '''\n{key.public}'''\nvalue = \"{signature}\"\n")
    return len(shared)


def looks_to_share(looks: Looks, settings: Settings) -> tuple[Look, ...]:
    """
    The looks that others can use: not those for one account or at stand-ins, without names and files.

    Raises ConfigurationError: one holds something that the configuration knows of accounts.
    """
    own = [kept for kept in looks.kept() if not kept.shipped]
    told = (kept.look for kept in own if kept.counts and kept.look.says is not Says.UNSURE)
    shared = [replace(look, by="", imported=False, files=()) for look in told if not (look.subject or look.stand_in)]
    accounts = [v for a in settings.accounts for v in (a.owner, a.page or "", a.identity or "", *a.name.split("-"))]
    known = (*accounts, *settings.secret_values(), *(kept.look.by for kept in own))
    for look in shared:
        if kind := personal_in(look, known):
            raise ConfigurationError(
                f"{look.id}: {kind} stands in this look, so nothing is exported",
                f"Look at it with `temoin look list`, then take it out with `temoin look revoke {look.id}`.",
            )
    return tuple(shared)


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
    here = [kept.look for kept in looks.kept() if kept.counts]
    given = [replace(kept.look, by=by.strip(), imported=True) for kept in parse_looks(text, file)]
    for look in given:
        if why := refusal(look, known=here):
            raise ConfigurationError(why, f"Revoke {look.id} if that one is wrong; nothing was imported.")
    known = {look.id for look in here if look.says is not Says.UNSURE}
    new = [look for look in given if look.id not in known]
    return looks.change(lambda known: (*known, *map(KeptLook, new)), looks=tuple(new)), signer


def _signed(file: Path) -> tuple[str, str]:
    """The text of an exported file, and the id of the key that signed it."""
    try:
        text, _, seal = file.read_text(encoding="utf-8").rpartition(SIGNATURE)
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
