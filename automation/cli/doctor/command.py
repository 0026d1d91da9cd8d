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
    from collections.abc import Mapping

    from automation.browser.environment.machine import Machine
    from automation.config import Settings
    from automation.domain.settings.browser import BrowserSettings
    from automation.errors import TemoinError

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
_MARKS = {"ok": "✓", "missing": "✗", "note": "!"}


def doctor(
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    get_browser: Annotated[
        bool, typer.Option("--get-browser", help="Offer to install a browser if none works; nothing else.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --get-browser: install without asking.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON, and nothing else.")] = False,
    lang: Lang = None,
) -> None:
    """Say what is missing on this machine, and how to get it."""
    from automation.browser.environment.machine import ThisMachine
    from automation.cli.shared.common import language, load_environment

    if get_browser:
        settings = load_environment()
        _get_browser(settings.browser, ThisMachine(), language(lang, settings), yes=yes)
        return
    findings, french = examine(config, lang, ThisMachine())
    if json:
        import json as form

        typer.echo(form.dumps({"findings": [asdict(f) for f in findings]}, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{_MARKS[finding.state]} {finding.found}")
            if finding.remedy:
                typer.echo(f"    → {finding.remedy}")
        typer.echo(_closing(findings, french=french))
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(2)


def examine(config: Path | None, lang: str | None, machine: Machine) -> tuple[list[DoctorFinding], bool]:
    """Look at everything; whether to speak French goes with it, because only the configuration may say so."""
    from automation.cli.doctor.needs import means
    from automation.cli.shared.common import language, load_settings
    from automation.errors import ConfigurationError

    try:
        settings = load_settings(config)
        _known_flows(settings)
        french = language(lang, settings) == "fr"
        configuration = _configured(settings, french=french)
    except ConfigurationError as error:
        settings = _as_far_as_readable(config)
        french = language(lang, settings) == "fr"
        configuration = _missing("configuration", error)
    findings = [_python(machine, french=french), *_browser(settings.browser, machine, french=french)]
    findings += [_output(settings.output, french=french), configuration]
    return [*findings, *means(settings, machine, french=french)], french


def _as_far_as_readable(config: Path | None) -> Settings:
    """The configuration without its passwords, else the environment alone; usual values where even that is wrong."""
    from functools import partial

    from automation.cli.shared.common import load_environment, load_settings
    from automation.config import Settings
    from automation.errors import ConfigurationError

    for read in (partial(load_settings, config, for_signing_in=False), load_environment):
        with suppress(ConfigurationError):
            return read()
    return Settings()


def _get_browser(settings: BrowserSettings, machine: Machine, lang: str, *, yes: bool) -> None:
    from automation.cli.doctor.get_browser import get_browser
    from automation.cli.shared.installing import TerminalShell

    found = get_browser(settings, machine, TerminalShell(yes=yes, french=lang == "fr"))
    said = "Un navigateur fonctionne" if lang == "fr" else "A browser works"
    colon = " :" if lang == "fr" else ":"
    typer.echo(f"{said}{colon} {found.path} ({found.version})")


def _missing(name: str, error: TemoinError) -> DoctorFinding:
    return DoctorFinding(name, "missing", error.message.rstrip(), error.remedy)


def _python(machine: Machine, *, french: bool) -> DoctorFinding:
    import platform
    import sys

    version = platform.python_version()
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return DoctorFinding("python", "ok", f"Python {version}")
    wanted = ".".join(map(str, OLDEST_PYTHON))
    said = f"Installez Python {wanted} ou plus récent" if french else f"Install Python {wanted} or newer"
    return DoctorFinding("python", "missing", f"Python {version}", _how(said, _PYTHON, machine, french=french))


def _how(said: str, ways: Mapping[str, str], machine: Machine, *, french: bool) -> str:
    """A remedy with the way that this system has; all ways where it is none of the three."""
    colon = " :" if french else ":"
    here = {machine.system: ways[machine.system]} if machine.system in ways else ways
    return "\n    ".join((f"{said}.", *(f"{_SYSTEMS[system]}{colon} {way}" for system, way in here.items())))


def _browser(settings: BrowserSettings, machine: Machine, *, french: bool) -> list[DoctorFinding]:
    """The browser, really started, and the fonts that it draws with."""
    import asyncio

    from automation.browser.finder import find_browser
    from automation.browser.probe import probe
    from automation.errors import BrowserNotFound

    try:
        found = find_browser(settings, machine)
        probed = asyncio.run(probe(found, headless=settings.headless))
    except BrowserNotFound as error:
        return [_missing("browser", error)]
    text = f"Chromium {probed.version} : {found.path}" if french else f"Chromium {probed.version}: {found.path}"
    remedy = ""
    if not found.sandbox:
        text += ", sans bac à sable" if french else ", without its sandbox"
        remedy = (
            "Lancez Témoin sous un utilisateur ordinaire : pour root, Chromium exige --no-sandbox."
            if french
            else "Run Témoin as an ordinary user: for root, Chromium demands --no-sandbox."
        )
    browser = DoctorFinding("browser", "ok" if found.sandbox else "note", text, remedy)
    return [browser, _fonts(probed.missing_scripts, machine, french=french)]


def _fonts(missing: tuple[str, ...], machine: Machine, *, french: bool) -> DoctorFinding:
    if not missing:
        return DoctorFinding("fonts", "ok", "Polices pour toutes les écritures" if french else "Fonts for every script")
    listed = ", ".join(missing)
    found = f"Pas de police pour : {listed}" if french else f"No fonts for: {listed}"
    said = "Sur les captures, ces caractères seront des rectangles" if french else "Pictures will show boxes for these"
    remedy = _how(said, _FONTS, machine, french=french)
    return DoctorFinding("fonts", "missing" if "latin" in missing else "note", found, remedy)


def _output(folder: Path, *, french: bool) -> DoctorFinding:
    """Whether evidence can be written; nothing stays behind."""
    import shutil
    import tempfile

    there = folder.absolute()
    while not there.exists():
        there = there.parent
    try:
        with tempfile.TemporaryFile(dir=there):
            free_mb = shutil.disk_usage(there).free // 1_000_000
    except OSError as error:
        why = error.strerror or str(error)
        return DoctorFinding(
            "output",
            "missing",
            f"{folder} : écriture impossible ({why})" if french else f"{folder}: cannot be written to ({why})",
            "Donnez-vous le droit d'y écrire, ou choisissez un autre dossier avec output."
            if french
            else "Give yourself the right to write there, or name another folder with output.",
        )
    text = f"{folder} : {free_mb} Mo libres" if french else f"{folder}: {free_mb} MB free"
    if free_mb >= FREE_MB:
        return DoctorFinding("output", "ok", text)
    remedy = "Libérez de la place : une vérification prend quelques Mo." if french else "Free some space."
    return DoctorFinding("output", "note", text, remedy)


def _known_flows(settings: Settings) -> None:
    import flows
    from automation.config import check_flows

    check_flows(settings, flows.load(settings.flow_paths))


def _configured(settings: Settings, *, french: bool) -> DoctorFinding:
    if settings.config is None:
        text = "Pas de temoin.toml ici" if french else "No temoin.toml here"
        remedy = (
            "La démonstration n'en a pas besoin ; pour vos comptes, voyez README.md."
            if french
            else "The demo needs none; for your accounts see README.md."
        )
        return DoctorFinding("configuration", "note", text, remedy)
    count = len(settings.accounts)
    text = f"{settings.config} : {count} compte(s)" if french else f"{settings.config}: {count} account(s)"
    return DoctorFinding("configuration", "ok", text)


def _closing(findings: list[DoctorFinding], *, french: bool) -> str:
    missing = sum(finding.state == "missing" for finding in findings)
    if missing:
        return f"Il manque {missing} chose(s)." if french else f"{missing} thing(s) missing."
    return "Tout est prêt." if french else "Everything is ready."
