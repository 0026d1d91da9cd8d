"""
Hold the install lines of the documents to `automation/config/installation.py`, which says whether Témoin is published.

A block after `<!-- install: NAME -->` is written out from here; so is the default of `package` in
`templates/temoin.yml`. `--write` writes them; without it differences are faults.
"""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path

from automation import __version__
from automation.config import installation as distribution

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "templates" / "temoin.yml"
_BLOCK = re.compile(r"(?ms)^(<!-- install: ([\w ]+) -->\n```sh\n)(.*?)(^```$)")
_WORDS = {
    "en": {
        "or": "or:",
        "checkout": "in the checkout;",
        "locked": "in a checkout, as locked",
        "wheel": "elsewhere, from the wheel of `make build`",
    },
    "fr": {
        "or": "ou :",
        "checkout": "dans le dossier récupéré ;",
        "locked": "dans un dossier récupéré, versions verrouillées",
        "wheel": "ailleurs, avec le paquet de `make build`",
    },
}
"""Language → the comments beside the commands."""
_DEFAULT = re.compile(r"(?m)^(    package:\n)(?:      default: temoin\n)?")


def lines(name: str, *, lang: str = "en", published: bool = distribution.PUBLISHED) -> str:
    """The commands that install Témoin with an extra, or as a command for a whole machine (`the command`)."""
    words = _WORDS[lang]
    everywhere = name == "the command"
    extra = "" if everywhere else f"[{name}]"
    if published and everywhere:
        return f"uv tool install temoin    # {words['or']} pipx install temoin\n"
    if published:
        return f"pip install 'temoin{extra}'\n"
    if everywhere:
        return f"uv tool install .    # {words['checkout']} {words['or']} pipx install .\n"
    wheel = f"pip install 'dist/temoin-{__version__}-py3-none-any.whl{extra}'"
    checkout = f"make extras EXTRAS={name}"
    return f"{checkout:{len(wheel)}}    # {words['locked']}\n{wheel}    # {words['wheel']}\n"


def written(text: str, *, lang: str = "en", published: bool = distribution.PUBLISHED) -> str:
    """A document in this language with its install lines as they should be."""
    return _BLOCK.sub(lambda found: f"{found[1]}{lines(found[2], lang=lang, published=published)}{found[4]}", text)


def language(page: Path) -> str:
    """The language of a document, by its name or its folder."""
    return "fr" if page.stem.endswith(".fr") or page.parent.name == "fr" else "en"


def template(text: str, *, published: bool = distribution.PUBLISHED) -> str:
    """GitLab's component: what pip installs has to be named as long as no index has it."""
    return _DEFAULT.sub(rf"\g<1>{'      default: temoin' + chr(10) if published else ''}", text)


def main() -> int:
    """Write the lines or compare them."""
    pages = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    wrong = False
    for path, expected in [*((page, partial(written, lang=language(page))) for page in pages), (TEMPLATE, template)]:
        text = path.read_text(encoding="utf-8")
        if text == expected(text):
            continue
        if "--write" in sys.argv[1:]:
            path.write_text(expected(text), encoding="utf-8")
        else:
            sys.stderr.write(
                f"{path.relative_to(ROOT)}: its install lines are not those of automation/config/installation.py.\n"
            )
            wrong = True
    if wrong:
        sys.stderr.write("  → make install-lines\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
