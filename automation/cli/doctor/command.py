"""`temoin doctor`: is everything there that a check needs? Says exactly what is missing and how to get it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.doctor.findings import DoctorFinding
from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from automation.browser.environment.machine import Machine
    from automation.cli.doctor.surroundings import Surroundings
    from automation.config import Settings
    from automation.core.errors import TemoinError
    from automation.core.settings.browser import BrowserSettings
    from automation.text.language import Language

OLDEST_PYTHON = (3, 11)
FREE_MB = 200
_SYSTEMS = {"linux": "Debian, Ubuntu", "darwin": "macOS", "win32": "Windows"}
_PYTHON = {
    "linux": "sudo apt-get install python3 python3-venv",
    "darwin": "brew install python",
    "win32": "winget install Python.Python.3.13",
}
_FONTS = {
    "linux": "sudo apt-get install fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji",
    "darwin": "brew install --cask font-noto-sans font-noto-sans-cjk",
    "win32": "Settings > System > Optional features > Supplemental fonts",
}
_SCRIPTS = {
    "latin": "Latn", "greek": "Grek", "cyrillic": "Cyrl", "arabic": "Arab", "hebrew": "Hebr", "devanagari": "Deva",
    "thai": "Thai", "chinese": "Hani", "japanese": "Jpan", "korean": "Kore", "emoji": "Zsye",
}  # fmt: skip
"""Writing system of `automation.browser.probe.SCRIPTS` → its code in ISO 15924."""
_TO_SIGN_IN = frozenset({"key", "screen"})
"""Without these nobody can sign in on this machine."""
_MARKS = {"ok": "✓", "missing": "✗", "note": "!"}


def doctor(
    ctx: typer.Context,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    get_browser: Annotated[
        bool, typer.Option("--get-browser", help="Offer to install a browser if none works; nothing else.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --get-browser: install without asking.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON, and nothing else.")] = False,
    lang: Lang = None,
) -> None:
    """Say what is missing on this machine, and how to get it."""
    from automation.cli.doctor.surroundings import Surroundings
    from automation.cli.shared.common import load_environment, words

    around = ctx.obj or Surroundings()
    if get_browser:
        settings = load_environment()
        _get_browser(settings.browser, around, words(lang, settings), yes=yes)
        return
    findings, said = examine(config, lang, around)
    if json:
        import json as form

        typer.echo(form.dumps({"findings": [asdict(f) for f in findings]}, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{_MARKS[finding.state]} {said.said(finding.found)}")
            if finding.remedy:
                typer.echo(f"    → {said.said(finding.remedy)}")
        typer.echo(_closing(findings, said))
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(2)


def examine(config: Path | None, lang: str | None, around: Surroundings) -> tuple[list[DoctorFinding], Language]:
    """Look at everything; the language goes with it, because only the configuration may say which."""
    from automation.cli.doctor.needs import means
    from automation.cli.shared.common import load_settings
    from automation.cli.shared.common import words as words_of
    from automation.core.errors import ConfigurationError

    try:
        settings = load_settings(config, warns=False)
        _known_flows(settings)
        words = words_of(lang, settings)
        configuration = _configured(settings, words)
    except ConfigurationError as error:
        settings = _as_far_as_readable(config)
        words = words_of(lang, settings)
        configuration = _missing("configuration", error)
    findings = [_python(around, words), *_browser(settings.browser, around, words)]
    findings += [_output(settings.output, around, words), configuration, *_nameless_lines(config, words)]
    findings += _open_to_others(config, words)
    return [*findings, *means(settings, around, words)], words


def _as_far_as_readable(config: Path | None) -> Settings:
    """The configuration without its passwords, else the environment alone; usual values where even that is wrong."""
    from functools import partial

    from automation.cli.shared.common import load_environment, load_settings
    from automation.config import Settings
    from automation.core.errors import ConfigurationError

    for read in (partial(load_settings, config, for_signing_in=False, warns=False), load_environment):
        with suppress(ConfigurationError):
            return read()
    return Settings()


def _get_browser(settings: BrowserSettings, around: Surroundings, words: Language, *, yes: bool) -> None:
    from functools import partial

    from automation.cli.doctor.get_browser import get_browser, working

    shell = around.shell(words, yes=yes)
    found = get_browser(settings, around.machine, shell, check=partial(working, start=around.start))
    where = f"{found.path} ({found.version})"
    typer.echo(words.gettext("A browser works: %(where)s", where=where))


def _missing(name: str, error: TemoinError) -> DoctorFinding:
    return DoctorFinding(name, "missing", error.message.rstrip(), error.remedy)


def _python(around: Surroundings, words: Language) -> DoctorFinding:
    import platform

    version = platform.python_version()
    if around.python >= OLDEST_PYTHON:
        return DoctorFinding("python", "ok", f"Python {version}")
    wanted = ".".join(map(str, OLDEST_PYTHON))
    said = words.gettext("Install Python %(version)s or newer.", version=wanted)
    return DoctorFinding("python", "missing", f"Python {version}", _how(said, _PYTHON, around.machine, words))


def _how(said: str, ways: Mapping[str, str], machine: Machine, words: Language) -> str:
    """A remedy with the way that this system has; all ways where it is none of the three."""
    here = {machine.system: ways[machine.system]} if machine.system in ways else ways
    told = (words.gettext("%(what)s: %(text)s", what=_SYSTEMS[system], text=way) for system, way in here.items())
    return "\n    ".join((said, *told))


def _browser(settings: BrowserSettings, around: Surroundings, words: Language) -> list[DoctorFinding]:
    """The browser, really started, and the fonts that it draws with."""
    from automation.browser.finder import find_browser
    from automation.core.errors import BrowserNotFound

    try:
        found = find_browser(settings, around.machine)
        probed = around.start(found, headless=settings.headless)
    except BrowserNotFound as error:
        return [_missing("browser", error)]
    what, remedy = f"Chromium {probed.version}", ""
    text = words.gettext("%(what)s: %(text)s", what=what, text=found.path)
    if not found.sandbox:
        text = words.gettext("%(browser)s, without its sandbox", browser=text)
        remedy = words.gettext("Run Témoin as an ordinary user: for root, Chromium demands --no-sandbox.")
    browser = DoctorFinding("browser", "ok" if found.sandbox else "note", text, remedy)
    return [browser, _fonts(probed.missing_scripts, around.machine, words)]


def _fonts(missing: tuple[str, ...], machine: Machine, words: Language) -> DoctorFinding:
    if not missing:
        return DoctorFinding("fonts", "ok", words.gettext("Fonts for every script"))
    found = words.gettext(
        "No fonts for: %(scripts)s", scripts=", ".join(words.script(_SCRIPTS[name]) for name in missing)
    )
    remedy = _how(words.gettext("Pictures will show boxes for these."), _FONTS, machine, words)
    return DoctorFinding("fonts", "missing" if "latin" in missing else "note", found, remedy)


def _output(folder: Path, around: Surroundings, words: Language) -> DoctorFinding:
    """Whether evidence can be written; nothing stays behind."""
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    try:
        free = around.free_bytes(there)
    except OSError as error:
        why = error.strerror or str(error)
        return DoctorFinding(
            "output",
            "missing",
            words.gettext("%(folder)s: cannot be written to (%(why)s)", folder=folder, why=why),
            words.gettext("Give yourself the right to write there, or name another folder with output."),
        )
    text = words.gettext("%(folder)s: %(size)s free", folder=folder, size=words.size(free))
    if free >= FREE_MB * 1_000_000:
        return DoctorFinding("output", "ok", text)
    return DoctorFinding("output", "note", text, words.gettext("Free some space: a check takes a few MB."))


def _known_flows(settings: Settings) -> None:
    import flows
    from automation.cli.shared.identities import require_identities
    from automation.config import check_flows

    known = flows.load(settings.flow_paths)
    check_flows(settings, known)
    require_identities(settings, known)


def _nameless_lines(config: Path | None, words: Language) -> Iterator[DoctorFinding]:
    from automation.cli.shared.nameless_lines import NAMELESS_LINE
    from automation.config import passed_over
    from automation.core.errors import ConfigurationError

    with suppress(ConfigurationError):  # a file that cannot be read is told as the configuration's fault
        for place, line in passed_over(config):
            found = words.gettext(NAMELESS_LINE, file=place, line=line)
            remedy = words.gettext("Write NAME=value, such as TEMOIN_VAULT_KEY=AGE-SECRET-KEY-1…")
            yield DoctorFinding("variables", "note", found, remedy)


def _open_to_others(config: Path | None, words: Language) -> Iterator[DoctorFinding]:
    """Files with secrets that other users of this machine may read."""
    import os
    import shlex
    import stat

    from automation.cli.shared.places import data_folder
    from automation.config import env_files

    if os.name == "nt":
        return
    for path in (*env_files(config), *sorted((data_folder() / "keys").glob("*.key"))):
        with suppress(OSError):
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                found = words.gettext("Others on this machine may read %(file)s", file=path)
                yield DoctorFinding("permissions", "note", found, f"chmod 600 {shlex.quote(str(path))}")


def _configured(settings: Settings, words: Language) -> DoctorFinding:
    if settings.config is None:
        text = words.gettext("No temoin.toml here")
        remedy = words.gettext("The demo needs none; for your accounts, `temoin ui` or `temoin init` writes it.")
        return DoctorFinding("configuration", "note", text, remedy)
    count = len(settings.accounts)
    accounts = words.ngettext("%(num)s account", "%(num)s accounts", count, num=count)
    text = words.gettext("%(what)s: %(text)s", what=settings.config, text=accounts)
    return DoctorFinding("configuration", "ok", text)


def _closing(findings: list[DoctorFinding], words: Language) -> str:
    missing = sum(finding.state == "missing" for finding in findings)
    if missing:
        return words.ngettext("%(num)s thing is missing.", "%(num)s things are missing.", missing, num=missing)
    lacking = [finding.name for finding in findings if finding.state == "note" and finding.name in _TO_SIGN_IN]
    if lacking:
        return words.gettext("The demo is ready. Accounts of yours need what is marked with ! first.")
    return words.gettext("Everything is ready.")
