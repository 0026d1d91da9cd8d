"""The stage of a demo: made-up accounts at stand-ins, through the whole check, and what should come of it."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

    from automation.authoring.replica import Actor, ReplicaSite  # noqa: TC004
    from automation.core.accounts import Account  # noqa: TC004 - nothing asks `Part` for its types
    from automation.core.results import RunDocument
    from automation.core.settings.browser import BrowserSettings
    from automation.evidence import Sealer
    from automation.flow import Flow
    from automation.text.language import Language
    from automation.visit.runner import RunPlan
    from automation.visit.side_by_side import Tell

_IDENTITY_KEY = b"the demo's accounts are made up"
_A_CORE, _MOST = 4, 8
"""A check mostly waits for its page to stand still, so one core carries four; more than eight want much memory."""


@dataclass(frozen=True, slots=True)
class Part:
    """One made-up account, and whose pages it is shown."""

    account: Account
    actor: Actor
    session: Mapping[str, Any] | None = None
    """What a saved session holds; None: it signs in with name and password."""


def with_password(actor: Actor) -> Part:
    """The part of somebody who signs in with name and password, as their stand-in describes."""
    from automation.core.accounts import Account, AccountKind, SignInMethod
    from automation.core.verdicts import Verdict

    account = Account(
        name=_plain(f"{actor.name.partition(' ')[0]}-{actor.service}"),
        flow=actor.flow,
        owner=actor.owner,
        identity=actor.identity,
        kind=AccountKind(actor.kind),
        page=actor.page,
        sign_in=SignInMethod.PASSWORD,
        expect=Verdict.OBJECTED,
    )
    return Part(account, actor)


def signed_in(part: Part, site: ReplicaSite) -> Part:
    """The same part with a session that was saved before, as most people check their accounts."""
    from dataclasses import replace

    from automation.core.accounts import SignInMethod

    return replace(
        part, account=replace(part.account, sign_in=SignInMethod.SESSION), session=site.storage_state(part.actor)
    )


def with_session(actor: Actor, site: ReplicaSite, *, name: str, owner: str = "") -> Part:
    """The part of somebody whose session was saved, at the stand-in of a setting that one control shows."""
    from automation.core.accounts import Account, SignInMethod
    from automation.core.verdicts import Verdict

    account = Account(
        name=_plain(name),
        flow=actor.flow,
        owner=owner or actor.owner,
        identity=actor.identity,
        sign_in=SignInMethod.SESSION,
        objects=site.options["pages"][actor.flow].given(actor.world.get("objects", ())),
        expect=Verdict.OBJECTED,
    )
    return Part(account, actor, site.storage_state(actor))


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")


async def perform(
    parts: Sequence[Part],
    sites: Sequence[ReplicaSite],
    flows: Mapping[str, Flow],
    output: Path,
    browser: BrowserSettings,
    tell: Tell,
    stop: asyncio.Event,
) -> tuple[RunDocument, int]:
    """
    Check every part at its stand-in.

    What is known of sessions is thrown away; the signing key stays beside the evidence, and is no other's.

    Returns:
        The run, and how many writes reached the stand-ins.
    """
    from tempfile import TemporaryDirectory

    from automation.authoring.replica import Replica
    from automation.visit import runner

    with TemporaryDirectory() as nowhere:
        async with Replica(sites) as replica:
            shown = {"replica_map": replica.replica_map, "replica_spki": (replica.spki,)}
            plan = _plan(parts, flows, output, browser, shown, Path(nowhere))
            return await runner.run(plan, tell, stop), len(replica.writes)


def sealer_in(output: Path) -> Sealer:
    """What seals in the demo's folder: with a key of its own there, and without time stamps."""
    from automation.evidence import Keys, Ledger, Sealer

    return Sealer(Keys(output.with_name(f"{output.name}-keys")), (), Ledger(output))


def _plan(
    parts: Sequence[Part],
    flows: Mapping[str, Flow],
    output: Path,
    browser: BrowserSettings,
    shown: Mapping[str, Any],
    nowhere: Path,
) -> RunPlan:
    from dataclasses import replace
    from datetime import UTC, datetime

    from pydantic import SecretStr

    from automation.core.accounts import subject
    from automation.session import Means
    from automation.session.vault import Cooldown, SavedSession, Vault, new_key, open_key
    from automation.visit.runner import RunPlan

    vault = Vault(nowhere / "sessions", open_key(SecretStr(new_key()[0])))  # no keyring is asked for a demo's sake
    for part in parts:
        if part.session is not None:
            whose, now = subject(part.account.identity, _IDENTITY_KEY), datetime.now(UTC)
            vault.store(SavedSession(part.account.name, part.account.service, whose, now, None, part.session))
    side_by_side = max(browser.concurrency, min(_MOST, _A_CORE * (os.cpu_count() or 1)))
    return RunPlan(
        accounts=[part.account for part in parts],
        flows=flows,
        browser=replace(browser, **shown, headless=True, concurrency=side_by_side),
        output=output,
        identity_key=_IDENTITY_KEY,
        means=Means(vault, Cooldown(nowhere / "cooldown")),
        sealer=sealer_in(output),
        credentials={part.account.name: _Credentials(part.actor) for part in parts if part.session is None},
    )


class _Credentials:
    """A made-up account's name and password; no secret."""

    def __init__(self, actor: Actor) -> None:
        from pydantic import SecretStr

        self.username = SecretStr(actor.username)
        self.password = SecretStr(actor.password)
        self.totp_secret = SecretStr(actor.totp_secret) if actor.totp_secret else None


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of a demo, measured against what its stand-ins show."""

    lines: tuple[str, ...]
    """For the end of what is printed."""
    code: int


def ending_of(document: RunDocument, parts: Sequence[Part], writes: int, words: Language) -> Ending:
    """Compare every answer with what the stand-in shows; accounts that were not seen to the end count as not done."""
    from automation.core.results import ExitCode
    from automation.core.verdicts import Reason

    played = [
        (result, part.actor.expected)
        for result, part in zip(document.results, parts, strict=True)
        if result.reason is not Reason.INTERRUPTED
    ]
    wrong = [
        result.account
        for result, expected in played
        if not expected.allows(result.verdict.value, result.reason.value if result.reason else None)
    ]
    lines = [words.gettext("Writes that reached the stand-in: %(writes)s", writes=writes)]
    if wrong:
        lines.append(words.gettext("NOT AS THE STAND-IN SHOWS: %(accounts)s", accounts=", ".join(wrong)))
    undone = ExitCode.OK if len(played) == len(parts) else ExitCode.INCOMPLETE
    return Ending(tuple(lines), int(ExitCode.FAULT if writes or wrong else undone))
