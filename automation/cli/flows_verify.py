"""`temoin flow verify`: a check, and a person who says what the page shows; what both agree on is written down."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from playwright.async_api import Error

from automation.app.check import plan_of
from automation.app.interrupts import run_async
from automation.app.login import guarded
from automation.app.setup import flow_of, identity_key, vault_of
from automation.authoring.flow_lists import NAME, with_entry
from automation.authoring.refused_reads import RefusedReads
from automation.cli.check import telling
from automation.cli.options import Config, Lang, account_names, say
from automation.cli.options import words as words_of
from automation.cli.record_window import opened, tell_refused
from automation.cli.settings import load_settings
from automation.cli.terminal import require_attendance, stopped
from automation.config import Settings
from automation.core.accounts import Account, SignInMethod, subject
from automation.core.errors import ConfigurationError
from automation.core.results import Result
from automation.core.verdicts import Verdict
from automation.flow import ControlTable, Flow
from automation.flow.manifest import VerifiedEntry
from automation.guard import Phase
from automation.storage.files import write_text
from automation.text.language import Language
from automation.visit import runner

_INCOMPLETE = 3


def verify_flow(
    what: Annotated[
        str,
        typer.Argument(help="An account of temoin.toml, or a flow that one account has.", autocompletion=account_names),
    ],
    into: Annotated[
        Path | None, typer.Option(help="One of your flow_paths, for a flow that comes with Témoin.")
    ] = None,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """
    Compare a flow with the live page: you say what you see, it is read, and where both agree it is written down.

    You are asked before anything is read.
    """
    require_attendance("temoin flow verify")
    settings = _one_account(what, config)
    words = words_of(lang, settings)
    flow = flow_of(settings.accounts[0], settings)
    file = _place(flow, settings, into)
    with stopped(words):
        seen, result = run_async(_compared(settings, flow, words))
    if result is None or seen is not result.verdict or result.bundle is None:
        _tell_differs(settings.accounts[0].name, result, seen, flow, words)
        raise typer.Exit(_INCOMPLETE)
    stand_in = result.environment.stand_in
    entry = VerifiedEntry(
        locale=result.locale,
        kind=result.kind,
        date=result.finished_at.date(),
        evidence=result.bundle.envelope_sha256,
        revision=flow.revision,
        stand_in=stand_in,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, with_entry(file, flow.id, entry))
    typer.echo(words.gettext("You and Témoin agree. Noted in %(file)s", file=file))
    if stand_in:
        counts = words.gettext(
            "This was a stand-in: it is noted as such and does not count as a comparison with the live site."
        )
        say(counts)


def _one_account(what: str, config: Path | None) -> Settings:
    """
    The configuration with the one account that is meant.

    Raises ConfigurationError: no account or several have that flow, or its session is not a saved one.
    """
    by_flow = "." in what
    settings = load_settings(config, () if by_flow else (what,), for_signing_in=False)
    chosen = [account for account in settings.accounts if not by_flow or account.flow == what]
    if not chosen:
        raise ConfigurationError(
            f"{what}: one account is needed, and there is none", "Add one with `temoin account add`."
        )
    if len(chosen) > 1:
        names = ", ".join(account.name for account in chosen)
        raise ConfigurationError(f"{what}: one account is needed, and there are: {names}", "Name the account.")
    if chosen[0].sign_in is not SignInMethod.SESSION:
        raise ConfigurationError(
            f"{chosen[0].name}: the window for comparing needs a saved session, so that nobody signs in twice",
            f'Set sign_in = "session" and run `temoin account login {chosen[0].name}`.',
        )
    return replace(settings, accounts=(chosen[0],))


def _place(flow: Flow, settings: Settings, into: Path | None) -> Path:
    """
    Where the comparison is written: the flow's own file, or `verified.toml` where the flow came with Témoin.

    Raises ConfigurationError: there is no folder of the user's own for the latter.
    """
    if any(flow.folder.resolve().is_relative_to(path.resolve()) for path in settings.flow_paths):
        return flow.folder / "flow.toml"
    own = [path for path in settings.flow_paths if into is None or path.resolve() == into.resolve()]
    if not own:
        raise ConfigurationError(
            f"{flow.id} comes with Témoin; your comparison needs a folder of your own, and flow_paths names none"
            if into is None
            else f"{flow.id} comes with Témoin, and flow_paths does not name {into}, where your comparison would go",
            'Make one and name it in temoin.toml: flow_paths = ["flows-of-ours"].',
        )
    return own[0] / NAME


async def _compared(settings: Settings, flow: Flow, words: Language) -> tuple[Verdict | None, Result | None]:
    """What the person sees, asked before anything is read; then what a check says. None of the answers: no check."""
    seen = await _seen_by_person(settings, settings.accounts[0], flow, words)
    if seen is None:
        return None, None
    document = await runner.run(
        plan_of(settings, words, replace(settings.browser, headless=False, concurrency=1), attended=telling(words))
    )
    return seen, document.results[0]


async def _seen_by_person(settings: Settings, account: Account, flow: Flow, words: Language) -> Verdict | None:
    """Show the pages in a guarded window, and ask which of the flow's answers they give; None for none of them."""
    vault = vault_of(settings)
    holder = vault.holder(account.entries)
    with vault.locked(holder):
        state = vault.load(holder, subject(account.identity, identity_key(settings))).storage_state
    going_to = ""
    refused = RefusedReads(flow.site.tables, lambda: going_to)
    sentences = {flow.guide.states[state.because][words.code]: state.verdict for state in flow.states}
    async with guarded(flow, replace(settings.browser, headless=False, concurrency=1)) as guard:
        guard.on_refused = refused.note
        async with opened(guard, Phase.CHECK, words, state=state) as (context, terminal):
            for url in _addresses(flow, account):
                page, going_to = await context.new_page(), url
                with suppress(Error):  # what does not come shows that in the window
                    await page.goto(url, wait_until="commit")
            chosen = await terminal.choose(
                words.gettext("Look at the window. Which of these does the service show for this account?"),
                (*sentences, words.gettext("none of these, or I cannot tell")),
            )
    tell_refused(refused, words, say)
    verdicts = list(sentences.values())
    return verdicts[chosen] if chosen < len(verdicts) else None


def _addresses(flow: Flow, account: Account) -> Sequence[str]:
    """The pages on which a person sees it."""
    rule = flow.rule
    if not isinstance(rule, ControlTable):
        return [flow.surfaces[name].urls[0] for name in (*rule.forms, rule.inbox)]
    if rule.objects is not None and account.objects:
        return [rule.objects.url.replace("{object}", one) if rule.objects.url else one for one in account.objects]
    return flow.surfaces[rule.surfaces[0]].urls[:1]


def _tell_differs(account: str, result: Result | None, seen: Verdict | None, flow: Flow, words: Language) -> None:
    reason = f" ({result.reason.value})" if result and result.reason else ""
    read = f"{result.verdict.value}{reason}" if result else "–"
    person = seen.value if seen else "–"
    where = f"temoin flow record {flow.id} --account {account} --into to-send"
    differs = words.gettext("Read: %(read)s. Seen by you: %(seen)s. Nothing was written.", read=read, seen=person)
    mend = words.gettext(
        "To have the flow corrected, record the page and send the folder; it holds nothing of the account:"
    )
    say(f"{differs}\n{mend}\n  {where}")
