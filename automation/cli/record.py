"""`temoin flow record`: a person walks to a setting and points at it; out come a flow and a stand-in of that page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from playwright.async_api import Playwright, async_playwright

import flows
from automation.app.interrupts import run_async
from automation.app.setup import identity_key, vault_key, vault_of
from automation.authoring import storing
from automation.authoring.live_page import LiveReading, read_live
from automation.authoring.refused_reads import RefusedReads
from automation.authoring.replica import load_site
from automation.authoring.replica.trial import try_flow
from automation.authoring.storing import Room, move_in, room
from automation.authoring.writing import Draft, FormDraft, known_site_toml, site_toml
from automation.browser.capture import Masks
from automation.browser.pool import launched
from automation.cli.options import Config, FlowName, Lang, account_names, say
from automation.cli.options import words as words_of
from automation.cli.record_asking import draft_of, form_draft_of, one_more_step
from automation.cli.record_window import Beginning, Window, opened, signed_in, telling_refused
from automation.cli.settings import load_environment, load_settings
from automation.cli.terminal import require_attendance, stopped
from automation.config import CONFIG_NAME, Settings
from automation.core.accounts import subject
from automation.core.errors import ConfigurationError, FlowError, VaultError
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Reason, Verdict
from automation.flow import Flow, load_flow
from automation.flow.control_table import ObjectionTable
from automation.flow.recorded_page import Recording
from automation.flow.site import parse_site
from automation.guard import Guard, GuardPolicy, Phase
from automation.text.catalogue import N_
from automation.text.labels import Labels, parse_labels, read_tables, shipped_folder
from automation.text.language import Language
from automation.text.redaction import Secrets
from automation.visit.reader import SignedInAccount

_MOST_STEPS = 4
"""How much may have to be opened before a setting shows."""
Answer = tuple[Verdict, Reason | None]
"""What the engine says of the live page."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What was written into the room."""

    flow: Flow
    public: tuple[str, ...]
    """Words and addresses that the files give on purpose."""
    masks: Masks
    own: tuple[str, ...] = field(repr=False)
    """What names the account."""
    answer: Answer
    recording: Recording
    draft: Draft | FormDraft


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of the page once its recording was tried."""

    answer: Answer
    alone: Verdict | None
    """What the recorded page shows by itself, where only what the guard refused the live one left that open."""
    lines_offered: bool
    """Whether there is a line of `site.toml` for everything that was refused."""


async def recorded(place: Room, order: Beginning, browser: BrowserSettings, words: Language) -> Recorded:
    """
    The whole recording, in its room; what the engine says of the live page, and of the recorded one.

    Raises TemoinError: it cannot be made; nothing is written outside of the room.
    """
    guard = Guard(
        GuardPolicy.parse(order.site.tables), replica_map=dict(browser.replica_map) or None, proxy=browser.proxy
    )
    refused = RefusedReads(order.site.tables, lambda: order.url)
    async with async_playwright() as playwright:
        async with (
            launched(playwright, replace(browser, headless=False), guard),
            telling_refused(refused, words, say, file_of_site(place)),
        ):
            state = await signed_in(guard, order.site, words) if order.signs_in else order.state
            async with opened(guard, Phase.CHECK, words, state=state) as (context, terminal):
                guard.on_refused = refused.note  # not before: signing in has its own list
                window = Window(context, terminal, guard, order.site, order.labels, order.identity)
                made = await (_form if order.is_form else _record_control)(window, place, order, browser.timeout_s)
                sent = guard.record().writes_let_through
                tried = words.gettext(
                    "Writes let through: %(writes)s. You can close the window; the recording is tried now.", writes=sent
                )
                terminal.say(tried)
                states = [state or {}, await context.storage_state()]
        storing.refuse_faults(made.flow)
        for one in states:
            known = Secrets.of(own=made.own, state=one, tokens=made.masks.tokens, public=made.public)
            storing.refuse_secrets(place, known)
        alone = await _try(playwright, made, place, browser, words)
    return Recorded(made.answer, alone, refused.have_lines)


def file_of_site(place: Room) -> Path:
    """The service's `site.toml` among the user's flows, once the recording is there."""
    return place.into / place.service.name / "site.toml"


async def _record_control(window: Window, place: Room, order: Beginning, timeout_s: float) -> _Made:
    """A setting that one control shows."""
    draft, masks, private = await draft_of(window, place.name, order.url)
    storing.refuse_private(draft, masks)
    draft, flow, live = await _read(window, place, draft, timeout_s)
    storing.refuse_private(draft, masks)
    masks.include(live.masks)
    recording = storing.write_recording(place, draft, flow, live, masks, order.identity)
    public = (*draft.texts, draft.url, draft.name)
    return _Made(flow, public, masks, (order.identity, *private), live.answer, recording, draft)


async def _read(window: Window, place: Room, draft: Draft, timeout_s: float) -> tuple[Draft, Flow, LiveReading]:
    """
    Read the live page as a check would, asking for what has to be opened first as long as the setting does not show.

    Raises CheckError: the page cannot be read; FlowError: it never shows.
    """
    account = SignedInAccount(window.identity, draft.on.isoformat())
    for _ in range(_MOST_STEPS + 1):
        flow = storing.write_flow(place, draft)
        page = await window.context.new_page()
        reading = await read_live(page, await window.context.new_cdp_session(page), flow, account, timeout_s)
        if reading.shows_the_setting:
            return draft, flow, reading
        draft = await one_more_step(window, draft, reading.reader)
    raise FlowError(
        f"after {_MOST_STEPS} steps the page still does not show the setting", "Give another address by --url."
    )


async def _form(window: Window, place: Room, order: Beginning, timeout_s: float) -> _Made:
    """A form that the service answers in an inbox."""
    draft, identity, masks, private = await form_draft_of(window, place.name, order.url, order.known)
    storing.refuse_private_words(draft, masks)
    shipped = order.known is not None and not (place.setting / "flow.toml").is_file()
    flow = storing.write_form(place, draft, shipped=shipped)
    window.terminal.say(window.terminal.words.gettext("The pages are read now, as a check does. Press nothing."))
    page = await window.context.new_page()
    account = SignedInAccount(identity, draft.on.isoformat())
    live = await read_live(page, await window.context.new_cdp_session(page), flow, account, timeout_s)
    masks.include(live.masks)
    storing.refuse_private_words(draft, masks)
    recording = storing.write_recording(place, draft, flow, live, masks, identity)
    public = (*draft.texts, draft.home, draft.form_url, draft.inbox_url, draft.name)
    return _Made(flow, public, masks, (identity, *private), live.answer, recording, draft)


async def _try(
    playwright: Playwright, made: _Made, place: Room, browser: BrowserSettings, words: Language
) -> Verdict | None:
    """
    What `temoin flow test` would say; the verdict of the recorded page by itself where the live one proved less.

    Pages alone may prove less than they did with the data that came with them, and more than where the guard refused
    requests of theirs: then the recording says so. Raises FlowError: a stand-in is not read as it should be.
    """
    plain = replace(browser, headless=True, replica_map={}, replica_spki=())
    alone, draft = None, made.draft
    [tried] = await try_flow(playwright, made.flow, load_site(place.service.name, place.folder), plain)
    for one in (one for one in tried if not one.right):
        is_open = one.verdict == Verdict.UNKNOWN.value
        if isinstance(draft, FormDraft):
            shows = is_open and one.scenario.startswith(_RECORDED)
        else:  # only what the guard refused the live page left it unproven
            refused = made.answer == (Verdict.UNKNOWN, Reason.GUARD_BLOCKED)
            shows = refused and one.scenario.endswith(f"{_RECORDED}{draft.stem}") and not is_open
        if not shows:
            raise FlowError(
                f"the stand-in is not read as it should be ({one.scenario}: {one.verdict}, {one.why})",
                "Nothing was written. Please report this with what kind of control or message it is.",
            )
        if isinstance(draft, FormDraft):
            reason = one.reason or ""
            storing.write_table(place, draft, storing.shown_alone(made.recording, one.verdict, reason))
            less = N_("Without the data that came with them, the recorded pages prove less: %(reason)s (%(why)s).")
            say(words.gettext(less, reason=reason, why=one.why))
        else:
            storing.write_table(place, draft, storing.shown_alone(made.recording, one.verdict))
            alone = Verdict(one.verdict)
    return alone


_RECORDED = "recorded_"


_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_BY_HAND = N_("Run it on a computer with a screen, or write the files by hand: docs/add-a-service.md.")


def record_flow(
    name: FlowName,
    into: Annotated[Path, typer.Option(help="Folder for flows of your own.")] = Path("flows-of-ours"),
    url: Annotated[str, typer.Option(help="Address to begin at; the service's own where it is known.")] = "",
    account: Annotated[
        str,
        typer.Option(help="Account of temoin.toml whose saved session is used.", autocompletion=account_names),
    ] = "",
    sign_in: Annotated[
        list[str] | None, typer.Option("--sign-in", help="Path that the login form sends to; you sign in first.")
    ] = None,
    host: Annotated[list[str] | None, typer.Option(help="Further host that the pages need, such as a CDN's.")] = None,
    form: Annotated[bool, typer.Option("--form", help="A form that the service answers in an inbox.")] = False,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """
    Record a setting from the live page, in a window of your own: one control, or a form with an inbox.

    You walk there and point at it. Nothing that the page sends gets out, your click on the setting does not reach the
    page, and nothing of your account is written.
    """
    require_name(name)
    require_attendance("temoin flow record", _BY_HAND)
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

    own = (place.setting / "flow.toml").is_file()
    known = load_flow(place.setting) if own else flows.load().get(place.name)
    answered = known is not None and isinstance(known.rule, ObjectionTable)
    if form and known is not None and not answered:
        raise ConfigurationError(
            f"{place.name} is a setting that one control shows, and no form", "Leave --form out, or take another name."
        )
    is_form = answered or form
    begin = url
    if not url and known is not None:  # where the setting is, or where a visit is at home
        rule = known.rule
        begin = known.surfaces[rule.home].urls[0] if isinstance(rule, ObjectionTable) else known.guide.form_urls[0]
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


def _write_site(place: Room, url: str, hosts: tuple[str, ...], sign_in: tuple[str, ...]) -> None:
    """The service's file, unless it is there. Raises FlowError: there is no address to begin at."""
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
    say("\n" + words.gettext("The page was read as: %(answer)s", answer=read))
    if found.alone and found.lines_offered:
        said = words.gettext(
            "The recorded page by itself shows %(answer)s: with the lines above in %(file)s, a check can read it.",
            answer=found.alone.value,
            file=site,
        )
        say(said)


def _tell_next(name: str, into: Path, settings: Settings, words: Language) -> None:
    if _is_shipped(name):
        send = N_("%(flow)s comes with Témoin: send this folder as it is, it holds nothing of the account.")
        say(words.gettext(send, flow=name))
        return
    say(f'flow_paths = ["{into}"]')
    say(f"temoin flow check --flow-path {into}\ntemoin flow test {name} --flow-path {into}")
    warn_without_key(settings, words)


def warn_without_key(settings: Settings, words: Language) -> None:
    """Say before anybody signs in that this machine could not keep the session, where it has no key for it."""
    try:
        vault_key(settings).is_made()
    except VaultError as error:
        say("! " + words.gettext("Before `temoin account login`: %(text)s", text=words.said(error.message)))
        say(f"  → {words.said(error.remedy)}")


def require_name(name: str) -> None:
    """Make sure that a name is that of a flow. Raises ConfigurationError: it is not."""
    if not _NAME.fullmatch(name):
        remedy = "Write service.setting in lower case: example.ai_training."
        raise ConfigurationError(f"'{name}' is no name of a flow", remedy)
