"""
Check that `README.md` and `README.fr.md` say what is so, and say the same.

Each `make` word and each command exists, the configuration is accepted, the exit codes are those of the program, and
the links lead to files. Both have the same sections, commands, configuration and verdicts, and lead to each other; the
English one is short.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENGLISH, FRENCH = "README.md", "README.fr.md"
MOST_WORDS = 900
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"\s*#.*")
_IN_FRENCH = re.compile(r"""\s*(?:ARGS="--lang fr"|--lang fr)""")


def problems(readme: str, *, root: Path = ROOT) -> list[str]:
    """What is not so; empty when all is well."""
    blocks = _blocks(readme)
    shell = "\n".join(blocks.get("sh", []))
    return [
        *_make_words(readme, (root / "Makefile").read_text(encoding="utf-8")),
        *_commands(shell),
        *_configurations(blocks.get("toml", []), shell),
        *_exit_codes(readme),
        *_links(readme, root),
    ]


def differences(english: str, french: str) -> list[str]:
    """What one of the two says and the other does not, in words that do not depend on the language."""
    found: list[str] = []
    for what, part in _PARTS.items():
        for number, (here, there) in enumerate(zip_longest(part(english), part(french)), 1):
            if here != there:
                found.append(f"its {what} number {number} is {there!r}, and {here!r} in {ENGLISH}.")
    found += [] if f"]({FRENCH})" in english else [f"{ENGLISH} does not lead to it."]
    found += [] if f"]({ENGLISH})" in french else [f"it does not lead to {ENGLISH}."]
    return found


def _blocks(readme: str) -> dict[str, list[str]]:
    blocks: dict[str, list[str]] = {}
    for kind, text in _BLOCK.findall(readme):
        blocks.setdefault(kind, []).append(text)
    return blocks


def _lines(text: str) -> list[str]:
    """The lines of a block without comments, and without the choice of the language."""
    return [line for line in (_IN_FRENCH.sub("", _COMMENT.sub("", line)) for line in text.splitlines()) if line]


def _levels(readme: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", _BLOCK.sub("", readme), re.MULTILINE)]


_PARTS: dict[str, Callable[[str], list[Any]]] = {
    "heading's level": _levels,
    "block of commands": lambda text: [_lines(block) for block in _blocks(text).get("sh", [])],
    "configuration": lambda text: [tomllib.loads(block) for block in _blocks(text).get("toml", [])],
    "first cell of a table": lambda text: re.findall(r"^\| (`\w+`|\d) \|", text, re.MULTILINE),
    "picture": lambda text: re.findall(r"^!\[[^]]*\]\(([^).]+)", text, re.MULTILINE),
}


def _temoin(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from automation.cli import main; main()"
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "80", "TERMINAL_WIDTH": "80"},
    )


def _make_words(readme: str, makefile: str) -> list[str]:
    known = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    said = set(re.findall(r"(?:`|^)make ([a-z-]+)", readme, re.MULTILINE))
    return [f"`make {word}` does not exist." for word in sorted(said - known)]


def _commands(shell: str) -> list[str]:
    found: list[str] = []
    for line in re.findall(r"^\S*temoin (.*)$", shell, re.MULTILINE):
        words = line.partition("#")[0].split()
        options = [word for word in words if word.startswith("-")]
        command = [word for word in words if not word.startswith("-")]
        answer = _temoin(*command, "--help")
        if answer.returncode:
            found.append(f"`temoin {' '.join(words)}` is no command.")
        found += [f"`temoin {line}`: no option {option}." for option in options if option not in answer.stdout]
    return found


def _configurations(texts: list[str], shell: str) -> list[str]:
    """Load every example as a person would who copies it, with a made-up value for each secret it needs."""
    sys.path.insert(0, str(ROOT))
    from automation.config import load  # noqa: PLC0415
    from automation.core.errors import ConfigurationError  # noqa: PLC0415 - after the path is set

    found = [] if texts else ["it shows no configuration."]
    names = sorted(set(re.findall(r"^name\s*=\s*\"([a-z0-9-]+)\"", "\n".join(texts), re.MULTILINE)))
    variables = [
        f"TEMOIN_SECRETS__{name.upper().replace('-', '_')}__{part}=made-up"
        for name in names
        for part in ("USERNAME", "PASSWORD")
    ]
    variables += [f"{name}=made-up" for name in re.findall(r"^(TEMOIN_\w+)=", shell, re.MULTILINE)]
    with tempfile.TemporaryDirectory() as folder:
        env_file = Path(folder) / ".env"
        env_file.write_text("\n".join(variables), encoding="utf-8")
        for text in texts:
            config = Path(folder) / "temoin.toml"
            config.write_text(text, encoding="utf-8")
            try:
                load(config, env_file)
            except ConfigurationError as error:
                found.append(f"one of its configurations is refused: {error}")
    return found


def _exit_codes(readme: str) -> list[str]:
    from automation.core.results import ExitCode  # noqa: PLC0415 - after the path is set

    said = re.search(r"\b0 [^.;]*?, 1 [^.;]*, 4 ", " ".join(readme.split()))
    codes = [int(code) for code in re.findall(r"(?:^|, )(\d) ", said[0])] if said else []
    return [] if codes == [int(code) for code in ExitCode] else ["its exit codes are not those of the program."]


def _links(readme: str, root: Path) -> list[str]:
    links = re.findall(r"\]\(([^)#:]+)\)", readme)
    return [f"its link to {link} leads nowhere." for link in links if not (root / link).exists()]


def main() -> int:
    """Say what is wrong, or that nothing is."""
    english, french = ((ROOT / name).read_text(encoding="utf-8") for name in (ENGLISH, FRENCH))
    found = {ENGLISH: problems(english), FRENCH: [*problems(french), *differences(english, french)]}
    if (words := len(english.split())) > MOST_WORDS:
        found[ENGLISH].append(f"it has {words} words; at most {MOST_WORDS} are wanted.")
    for name, of_page in found.items():
        for problem in of_page:
            sys.stderr.write(f"{name}: {problem}\n")
    if any(found.values()):
        return 1
    sys.stdout.write(f"{ENGLISH} and {FRENCH} say what is so.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
