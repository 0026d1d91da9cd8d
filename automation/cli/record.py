"""`temoin flows record`: a person walks to a setting and points at it; out come a flow and a stand-in of that page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

import flows
from automation.app.interrupts import run_async
from automation.app.setup import identity_key, vault_of
from automation.authoring.recorder.storing import Room, move_in, room
from automation.authoring.recorder.writing import known_site_toml, site_toml
from automation.cli.options import Lang
from automation.cli.options import words as words_of
from automation.cli.record_run import Recorded, file_of_site, recorded
from automation.cli.record_window import Beginning
from automation.cli.settings import load_environment, load_settings
from automation.cli.terminal import require_attendance, stopped
from automation.config import CONFIG_NAME, Settings
from automation.core.accounts import subject
from automation.core.errors import ConfigurationError, FlowError, VaultError
from automation.flow import Flow, load_flow
from automation.flow.objection_table import ObjectionTable
from automation.flow.site import parse_site
from automation.session.vault import open_key
from automation.text.catalogue import N_
from automation.text.labels import Labels, parse_labels, read_tables, shipped_folder
from automation.text.language import Language

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_BY_HAND = N_("Run it on a computer with a screen, or write the files by hand: docs/add-a-service.md.")


def record_flow(
    name: Annotated[str, typer.Argument(help="Service and setting, such as example.ai_training.")],
    into: Annotated[Path, typer.Option(help="Folder for flows of your own.")] = Path("flows-of-ours"),
    url: Annotated[str, typer.Option(help="Address to begin at; the service's own where it is known.")] = "",
    account: Annotated[str, typer.Option(help="Account of temoin.toml whose saved session is used.")] = "",
    sign_in: Annotated[
        list[str] | None, typer.Option("--sign-in", help="Path that the login form sends to; you sign in first.")
    ] = None,
    host: Annotated[list[str] | None, typer.Option(help="Further host that the pages need, such as a CDN's.")] = None,
    form: Annotated[bool, typer.Option("--form", help="A form that the service answers in an inbox.")] = False,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    lang: Lang = None,
) -> None:
    """
    Record a setting from the live page, in a window of your own: one control, or a form with an inbox.

    You walk there and point at it. Nothing that the page sends gets out, your click on the setting does not reach the
    page, and nothing of your account is written.
    """
    require_name(name)
    require_attendance("temoin flows record", _BY_HAND)
    with_file = bool(account) or config is not None or Path(CONFIG_NAME).is_file()
    settings = load_settings(config, (account,) if account else (), for_signing_in=False) if with_file else None
    settings = settings or load_environment()
    words = words_of(lang, settings)
    with stopped(words), room(into, name) as place:
        order = _order(place, settings, url=url, account=account, sign_in=sign_in or [], hosts=host or [], form=form)
        found = run_async(recorded(place, order, settings.browser, words))
        written = move_in(place)
    tell_written(written, found, file_of_site(place), words)
    _tell_next(name, into, settings, words)


def _order(
    place: Room, settings: Settings, *, url: str, account: str, sign_in: list[str], hosts: list[str], form: bool
) -> Beginning:  # fmt: skip

    known = _known(place)
    is_form = known is not None and isinstance(known.rule, ObjectionTable)
    if form and known is not None and not is_form:
        raise ConfigurationError(
            f"{place.name} is a setting that one control shows, and no form", "Leave --form out, or take another name."
        )
    is_form = is_form or form
    begin = url or _first_page(known)
    _write_site(place, begin, tuple(hosts), tuple(sign_in))
    file = place.service / "site.toml"
    site = parse_site(place.service.name, read_tables(file), str(file))
    identity, state = "", None
    if account:
        chosen = settings.accounts[0]
        if chosen.service != place.service.name:
            raise ConfigurationError(
                f"{account} is an account at {chosen.service}, and {place.name} is at {place.service.name}",
                "Name an account at that service, or use --sign-in.",
            )
        identity = chosen.identity
        state = vault_of(settings).load(account, subject(identity, identity_key(settings))).storage_state
    shared = shipped_folder() / "declared" / "answers.toml"
    labels = known.labels if known else parse_labels(read_tables(shared), str(shared)) if is_form else Labels({})
    return Beginning(begin, site, labels, identity, state, signs_in=bool(sign_in), known=known, is_form=is_form)


def _known(place: Room) -> Flow | None:
    """The flow of that name that is there already, in the folder or with Témoin."""
    own = place.setting / "flow.toml"
    return load_flow(place.setting) if own.is_file() else flows.load().get(place.name)


def _first_page(known: Flow | None) -> str:
    """Where a recording begins that is given no address: where the setting is, or where a visit is at home."""
    if known is None:
        return ""
    rule = known.rule
    return known.surfaces[rule.home].urls[0] if isinstance(rule, ObjectionTable) else known.guide.form_urls[0]


def _write_site(place: Room, url: str, hosts: tuple[str, ...], sign_in: tuple[str, ...]) -> None:
    """
    The service's file, unless it is there.

    Raises:
        FlowError: there is no address to begin at.
    """
    file = place.service / "site.toml"
    if file.is_file():
        return
    if _is_shipped(place.name):
        file.write_text(known_site_toml(place.service.name), encoding="utf-8")
        return
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if parts.scheme != "https" or "." not in host:
        raise FlowError(
            f"'{url}' is no address of a page", "Give one by --url, such as https://www.example.org/settings."
        )
    plain = parts._replace(query="", fragment="").geturl()
    title = place.service.name.replace("_", " ").title()
    file.write_text(site_toml(title, plain, (host, f"*.{host}", *hosts), sign_in), encoding="utf-8")


def _is_shipped(name: str) -> bool:
    return name.partition(".")[0] in flows.SERVICES


def tell_written(written: list[Path], found: Recorded, site: Path, words: Language) -> None:
    """Which files there are now, how the page was read, and whether the lines that were offered would be enough."""
    for path in written:
        typer.echo(path)
    verdict, reason = found.answer
    read = f"{verdict.value}{f' ({reason.value})' if reason else ''}"
    typer.echo("\n" + words.gettext("The page was read as: %(answer)s", answer=read), err=True)
    if found.alone and found.lines_offered:
        said = words.gettext(
            "The recorded page by itself shows %(answer)s: with the lines above in %(file)s, a check can read it.",
            answer=found.alone.value,
            file=site,
        )
        typer.echo(said, err=True)


def _tell_next(name: str, into: Path, settings: Settings, words: Language) -> None:
    if _is_shipped(name):
        typer.echo(
            words.gettext(
                "%(flow)s comes with Témoin: send this folder as it is, it holds nothing of the account.", flow=name
            ),
            err=True,
        )
        return
    typer.echo(f'flow_paths = ["{into}"]', err=True)
    typer.echo(f"temoin flows check --flow-path {into}\ntemoin flows test {name} --flow-path {into}", err=True)
    warn_without_key(settings, words)


def warn_without_key(settings: Settings, words: Language) -> None:
    """Say before anybody signs in that this machine could not keep the session, where it has no key for it."""
    try:
        open_key(settings.vault_key).is_made()
    except VaultError as error:
        typer.echo("! " + words.gettext("Before `temoin login`: %(text)s", text=words.said(error.message)), err=True)
        typer.echo(f"  → {words.said(error.remedy)}", err=True)


def require_name(name: str) -> None:
    """
    Make sure that a name is that of a flow.

    Raises:
        ConfigurationError: it is not.
    """
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"'{name}' is no name of a flow", "Write service.setting in lower case: example.ai_training."
        )
