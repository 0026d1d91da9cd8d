"""Where this Témoin was installed from, and how it is installed elsewhere: one place says whether it is published."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from automation import __version__

PUBLISHED = False
"""
Whether package indexes have Témoin. Once they do, `True` turns every install line that is printed into one by name, and
`make install-lines` those in the documents.
"""
DirectUrl = Mapping[str, Any]
"""Where an installer says that it took this from (PEP 610); empty where it came from an index."""
UNKNOWN_PLACE = "git+https://HOST/OWNER/temoin@COMMIT"
"""Where nobody knows the address: HOST, OWNER and COMMIT are to be filled in."""


def requirement(*extras: str, origin: DirectUrl | None = None, published: bool = PUBLISHED) -> str:
    """
    What pip, uv or pipx is given to install this Témoin on another machine.

    An address with `HOST/OWNER` is to be filled in: a folder or a wheel of this machine means nothing elsewhere.

    Args:
        extras: what is to come with it.
        origin: where this one was installed from; None: as its installer wrote down.
        published: whether package indexes have it.
    """
    address = _address(_origin() if origin is None else origin)
    if address is None and published:
        return f"{_name(*extras)}=={__version__}"
    elsewhere = address if address and not address.startswith("file:") else UNKNOWN_PLACE
    return f"{_name(*extras)} @ {elsewhere}"


def ways_to_add(extra: str, *, origin: DirectUrl | None = None) -> tuple[str, ...]:
    """The commands of which one adds an extra to this installation; the first one where only one can be told."""
    origin = _origin() if origin is None else origin
    folder = _checkout(origin)
    if folder is not None:
        return (f"make -C {shlex.quote(str(folder))} extras EXTRAS={extra}",)
    address = _address(origin)
    name = f"{_name(extra)} @ {address}" if address else _name(extra)
    return tuple(
        f"{program} {shlex.quote(name)}" for program in ("pip install", "uv tool install", "pipx install --force")
    )


def _name(*extras: str) -> str:
    return f"temoin[{','.join(extras)}]" if extras else "temoin"


def _origin() -> DirectUrl:
    """What the installer wrote down."""
    try:
        text = distribution("temoin").read_text("direct_url.json")
    except PackageNotFoundError:
        return {}
    found: DirectUrl = json.loads(text) if text else {}
    return found


def _address(origin: DirectUrl) -> str | None:
    """The address of what was installed, as a requirement names it; None where it came from an index."""
    if not origin:
        return None
    parts = urlsplit(str(origin["url"]))
    user, _, host = parts.netloc.rpartition("@")
    # Before the host and in the query there may be a password; over SSH the user's name is part of the address.
    netloc = f"{user.partition(':')[0]}@{host}" if user and parts.scheme.endswith("ssh") else host
    plain = parts._replace(netloc=netloc, query="").geturl()
    vcs = origin.get("vcs_info")
    return f"{vcs['vcs']}+{plain}@{vcs['commit_id']}" if vcs else plain


def _checkout(origin: DirectUrl) -> Path | None:
    """The checkout that this runs from, where it was installed as `make env` does."""
    if not origin.get("dir_info", {}).get("editable"):
        return None
    folder = Path(unquote(urlsplit(str(origin["url"])).path))
    return folder if (folder / "Makefile").is_file() else None
