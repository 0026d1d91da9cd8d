"""`temoin flows record`: a person walks to a setting and points at it; out come a flow and a stand-in of that page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from automation.authoring.recorder.recorded_tab import LiveReading
    from automation.authoring.recorder.storing import Room
    from automation.authoring.recorder.writing import Draft
    from automation.browser.capture import Masks
    from automation.cli.flows.record_window import Beginning, Window
    from automation.config import Settings
    from automation.domain.settings.browser import BrowserSettings
    from automation.domain.verdicts import Verdict
    from automation.flow import Flow
    from automation.text.labels import Labels
    from automation.text.language import Language

_MOST_STEPS = 4
"""How much may have to be opened before a setting shows."""


def record_flow(
    name: Annotated[str, typer.Argument(help="Service and setting, such as example.ai_training.")],
    into: Annotated[Path, typer.Option(help="Folder for flows of your own.")] = Path("flows-of-ours"),
    url: Annotated[str, typer.Option(help="Address to begin at; the service's own where it is known.")] = "",
    account: Annotated[str, typer.Option(help="Account of temoin.toml whose saved session is used.")] = "",
    sign_in: Annotated[
        list[str] | None, typer.Option("--sign-in", help="Path that the login form sends to; you sign in first.")
    ] = None,
    host: Annotated[list[str] | None, typer.Option(help="Further host that the pages need, such as a CDN's.")] = None,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    lang: Lang = None,
) -> None:
    """
    Record a setting that one control shows, from the live page, in a window of your own.

    You walk there and point at it. Nothing that the page sends gets out, your click on the setting does not reach the
    page, and nothing of your account is written.
    """
    from automation.authoring.recorder.storing import move_in, room
    from automation.cli.flows.new import require_name
    from automation.cli.shared.common import load_environment, load_settings, run_async
    from automation.cli.shared.common import words as words_of
    from automation.cli.shared.terminal import require_attendance, stopped
    from automation.config import CONFIG_NAME

    require_name(name)
    require_attendance("temoin flows record")
    with_file = bool(account) or config is not None or Path(CONFIG_NAME).is_file()
    settings = load_settings(config, (account,) if account else (), for_signing_in=False) if with_file else None
    settings = settings or load_environment()
    words = words_of(lang, settings)
    with stopped(words), room(into, name) as place:
        order = _order(place, settings, url=url, account=account, sign_in=sign_in or [], hosts=host or [])
        answer = run_async(_recorded(place, order, settings.browser, words))
        written = move_in(place)
    _tell_written(name, into, written, answer, words, shipped=_is_shipped(name))


def _order(
    place: Room, settings: Settings, *, url: str, account: str, sign_in: list[str], hosts: list[str]
) -> Beginning:  # fmt: skip
    from automation.cli.flows.record_window import Beginning
    from automation.cli.shared.common import identity_key, vault_of
    from automation.domain.accounts import subject
    from automation.errors import ConfigurationError
    from automation.flow.site import parse_site
    from automation.text.labels import read_tables

    known, labels = _known(place)
    begin = url or (known.guide.form_urls[0] if known else "")
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
    return Beginning(begin, site, labels, identity, state, signs_in=bool(sign_in))


def _known(place: Room) -> tuple[Flow | None, Labels]:
    """
    The flow of that name that is there already, in the folder or with Témoin, and its words.

    Raises:
        ConfigurationError: it is a form with an inbox, which is not recorded.
    """
    import flows
    from automation.errors import ConfigurationError
    from automation.flow import ControlTable, load_flow
    from automation.text.labels import Labels

    own = place.setting / "flow.toml"
    flow = load_flow(place.setting) if own.is_file() else flows.load().get(place.name)
    if flow is not None and not isinstance(flow.rule, ControlTable):
        raise ConfigurationError(
            f"{place.name} is a form that is answered in an inbox; only a setting that one control shows is recorded",
            "CONTRIBUTING.md says how such a flow is written.",
        )
    return flow, flow.labels if flow else Labels({})


def _write_site(place: Room, url: str, hosts: tuple[str, ...], sign_in: tuple[str, ...]) -> None:
    """
    The service's file, unless it is there.

    Raises:
        FlowError: there is no address to begin at.
    """
    from urllib.parse import urlsplit

    from automation.authoring.recorder.writing import known_site_toml, site_toml
    from automation.errors import FlowError

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
    import flows

    return name.partition(".")[0] in flows.SERVICES


async def _recorded(place: Room, order: Beginning, browser: BrowserSettings, words: Language) -> tuple[Verdict, Any]:
    """
    The whole recording, in its room; what the engine says of the live page.

    Raises:
        TemoinError: it cannot be made; nothing is written outside of the room.
    """
    from dataclasses import replace
    from functools import partial

    from playwright.async_api import async_playwright

    from automation.authoring.recorder.storing import refuse_faults, refuse_private, write_recording
    from automation.authoring.refused_reads import RefusedReads
    from automation.browser.pool import launched
    from automation.cli.flows.record_window import Window, draft_of, opened, signed_in
    from automation.cli.flows.refused import telling_refused
    from automation.guard import Guard, GuardPolicy, Phase

    guard = Guard(
        GuardPolicy.parse(order.site.tables), replica_map=dict(browser.replica_map) or None, proxy=browser.proxy
    )
    refused = RefusedReads(order.site.tables, lambda: order.url)
    async with async_playwright() as playwright:
        async with (
            launched(playwright, replace(browser, headless=False), guard),
            telling_refused(refused, words, partial(typer.echo, err=True)),
        ):
            state = await signed_in(guard, order.site, words) if order.signs_in else order.state
            async with opened(guard, Phase.CHECK, words, state=state) as (context, terminal):
                guard.on_refused = refused.note  # not before: signing in has its own list
                window = Window(context, terminal, guard, order.site, order.labels, order.identity)
                draft, masks, private = await draft_of(window, place.name, order.url)
                refuse_private(draft, masks)
                draft, flow, live = await _read(window, place, draft, browser.timeout_s)
                refuse_private(draft, masks)
                masks.include(live.masks)
                write_recording(place, draft, flow, live.seen, masks, order.identity, live.answer)
                _tell_guard(window)
                states = [state or {}, await context.storage_state()]
        refuse_faults(flow)
        _search(place, draft, masks, (order.identity, *private), states)
        await _try(playwright, flow, place, browser)
    return live.answer


async def _read(window: Window, place: Room, draft: Draft, timeout_s: float) -> tuple[Draft, Flow, LiveReading]:
    """
    Read the live page as a check would, asking for what has to be opened first as long as the setting does not show.

    Raises:
        CheckError: the page cannot be read. FlowError: it never shows.
    """
    from automation.authoring.recorder.recorded_tab import read_live
    from automation.authoring.recorder.storing import write_flow
    from automation.cli.flows.record_window import one_more_step
    from automation.errors import FlowError
    from automation.reader import SignedInAccount

    account = SignedInAccount(window.identity, draft.on.isoformat())
    for _ in range(_MOST_STEPS + 1):
        flow = write_flow(place, draft)
        page = await window.context.new_page()
        reading = await read_live(page, await window.context.new_cdp_session(page), flow, account, timeout_s)
        if reading.shows_the_setting:
            return draft, flow, reading
        draft = await one_more_step(window, draft, reading.reader)
    raise FlowError(
        f"after {_MOST_STEPS} steps the page still does not show the setting", "Give another address by --url."
    )


def _tell_guard(window: Window) -> None:
    record = window.guard.record()
    sent = record.writes_let_through
    said = window.terminal.words.gettext(
        "Writes let through: %(writes)s. You can close the window; the recording is tried now.", writes=sent
    )
    window.terminal.say(said)


def _search(
    place: Room, draft: Draft, masks: Masks, own: tuple[str, ...], states: list[Mapping[str, Any]]
) -> None:  # fmt: skip
    from automation.authoring.recorder.storing import refuse_secrets
    from automation.text.known_secrets import Secrets

    for state in states:
        known = Secrets.of(own=own, state=state, tokens=masks.tokens, public=(*draft.texts, draft.url, draft.name))
        refuse_secrets(place, known)


async def _try(playwright: Any, flow: Flow, place: Room, browser: BrowserSettings) -> None:
    """
    What `temoin flows test` would say, the recorded page among it.

    Raises:
        FlowError: a stand-in is not read as it should be; the recorded page not as the live one was.
    """
    from dataclasses import replace

    from automation.errors import FlowError
    from automation.replica import load_site
    from automation.replica.trial import try_flow

    plain = replace(browser, headless=True, replica_map={}, replica_spki=())
    [tried] = await try_flow(playwright, flow, load_site(place.service.name, place.folder), plain)
    for one in tried:
        if not one.right:
            raise FlowError(
                f"the stand-in is not read as it should be ({one.scenario}: {one.verdict}, {one.why})",
                "Nothing was written. Please report this with what kind of control it is.",
            )


def _tell_written(
    name: str, into: Path, written: list[Path], answer: tuple[Verdict, Any], words: Language, *, shipped: bool
) -> None:
    for path in written:
        typer.echo(path)
    verdict, reason = answer
    read = f"{verdict.value}{f' ({reason.value})' if reason else ''}"
    typer.echo("\n" + words.gettext("The page was read as: %(answer)s", answer=read), err=True)
    if shipped:
        typer.echo(
            words.gettext(
                "%(flow)s comes with Témoin: send this folder as it is, it holds nothing of the account.", flow=name
            ),
            err=True,
        )
        return
    typer.echo(f'flow_paths = ["{into}"]', err=True)
    typer.echo(f"temoin flows check --flow-path {into}\ntemoin flows test {name} --flow-path {into}", err=True)
