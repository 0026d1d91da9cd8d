"""
Check that `README.md` says what is so.

Its copy of `temoin --help` is the program's, each `make` word and each command exists, its configuration is
accepted, its exit codes are those of the program, and its links lead to files.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def problems(readme: str, *, root: Path = ROOT) -> list[str]:
    """What is not so; empty when all is well."""
    blocks: dict[str, list[str]] = {}
    for kind, text in _BLOCK.findall(readme):
        blocks.setdefault(kind, []).append(text)
    shell = "\n".join(blocks.get("sh", []))
    return [
        *_help(blocks.get("text", [])),
        *_make_words(readme, (root / "Makefile").read_text(encoding="utf-8")),
        *_commands(shell),
        *_configurations(blocks.get("toml", []), shell),
        *_exit_codes(readme),
        *_links(readme, root),
    ]


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


def _help(texts: list[str]) -> list[str]:
    shown = _temoin("--help").stdout.strip()
    if any(text.strip() == shown for text in texts):
        return []
    return [f"its copy of `temoin --help` is old. This is what the program prints:\n{shown}"]


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
    from automation.errors import ConfigurationError  # noqa: PLC0415 - after the path is set

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
    from automation.domain.results import ExitCode  # noqa: PLC0415

    said = {int(code) for code in re.findall(r"^\| (\d) \|", readme, re.MULTILINE)}
    return [] if said == {int(code) for code in ExitCode} else ["its exit codes are not those of the program."]


def _links(readme: str, root: Path) -> list[str]:
    links = re.findall(r"\]\(([^)#:]+)\)", readme)
    return [f"its link to {link} leads nowhere." for link in links if not (root / link).exists()]


def main() -> int:
    """Say what is wrong, or that nothing is."""
    found = problems((ROOT / "README.md").read_text(encoding="utf-8"))
    for problem in found:
        sys.stderr.write(f"README.md: {problem}\n")
    if not found:
        sys.stdout.write("README.md says what is so.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
