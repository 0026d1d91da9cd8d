"""The documents as a test sees them: their blocks of code, and what is said before each about running it."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from automation.guard.certificate import self_signed

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(
    r"(?:^ *<!-- (?P<mark>.+?) -->\n)?^ *```(?P<kind>[\w-]*)[^\n]*\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
_COMMAND = re.compile(r"^\s*(?:\$ |(?:sudo |\S*/)?(?:temoin|make|pip|pytest|docker|uv|uvx|pipx) (?!\[))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block."""

    page: Path
    line: int
    kind: str
    """Its language, such as `sh`."""
    mark: str
    """The comment on the line before, such as `needs: live account`; empty where there is none."""
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def mentions_commands(self) -> bool:
        """Whether a line of it begins like a command of a shell."""
        return _COMMAND.search(self.text) is not None


def pages() -> list[Path]:
    """README in both languages, the documents at the root, all of `docs/` and what agents are given."""
    roots = [ROOT / f"{name}.md" for name in ("README", "README.fr", "CONTRIBUTING", "SECURITY")]
    folders = (ROOT / "docs", ROOT / "skills")
    return [
        *(path for path in roots if path.is_file()),
        *(p for folder in folders for p in sorted(folder.rglob("*.md"))),
    ]


def blocks(*kinds: str) -> list[Block]:
    """Every block of these languages; of all where none is named."""
    found: list[Block] = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for match in _FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Block(page, line, match["kind"], match["mark"] or "", match["text"]))
    return [block for block in found if not kinds or block.kind in kinds]


def configurations() -> list[Block]:
    """The pieces of `temoin.toml`."""
    return [block for block in blocks("toml") if not block.mark.startswith("part of:")]


ACCOUNTS = next(b.text for b in configurations() if b.page.name == "README.md" and "[[accounts]]" in b.text)
"""README's accounts, which the other pages speak of."""


def write_configuration(folder: Path, texts: list[str]) -> None:
    """What a reader of a page would have in temoin.toml: its pieces, and README's accounts where it names none."""
    whole = ""
    for text in texts:
        with suppress(tomllib.TOMLDecodeError):  # a page may show two ways to write one table
            tomllib.loads(f"{whole}\n{text}")
            whole = f"{whole}\n{text}"
    if "[[accounts]]" not in whole:
        whole = f"{whole}\n{ACCOUNTS}"
    for root in re.findall(r'root\s*=\s*"([^"]+)"', whole):
        (folder / root).parent.mkdir(parents=True, exist_ok=True)
        (folder / root).write_bytes(self_signed("tsa.example.org").certificate_pem)
    for path in tomllib.loads(whole).get("flow_paths", ()):
        (folder / path).mkdir(parents=True, exist_ok=True)
    (folder / "temoin.toml").write_text(whole, encoding="utf-8")
    names = re.findall(r'^name\s*=\s*"([a-z0-9-]+)"', whole, re.MULTILINE)
    secrets = [(name.upper().replace("-", "_"), part) for name in names for part in ("USERNAME", "PASSWORD")]
    lines = [f"TEMOIN_SECRETS__{name}__{part}=made-up" for name, part in secrets if 'sign_in  = "password"' in whole]
    (folder / ".env").write_text("\n".join(lines), encoding="utf-8")
