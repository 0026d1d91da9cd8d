"""The stage of a demo: made-up accounts at stand-ins, through the whole check, and what should come of it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr

import flows
from automation.app.check import CheckDone, seal_documents, write_reports, write_results
from automation.app.setup import demo_sealer
from automation.authoring.replica import Actor, Replica, ReplicaSite, cast
from automation.config import AccountSecrets
from automation.core.accounts import Account, AccountKind, SignInMethod, subject
from automation.core.flows import FlowGuide
from automation.core.results import ExitCode, RunDocument
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Reason, Verdict
from automation.flow import Flow
from automation.session.means import Means
from automation.session.saved import SavedSession
from automation.session.vault import Cooldown, Vault
from automation.session.vault_keys import new_key, open_key
from automation.storage.files import write_text
from automation.text.language import Language
from automation.visit import runner
from automation.visit.runner import RunPlan, Tell

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
    return replace(
        part, account=replace(part.account, sign_in=SignInMethod.SESSION), session=site.storage_state(part.actor)
    )


def with_session(actor: Actor, site: ReplicaSite, *, name: str, owner: str = "") -> Part:
    """The part of somebody whose session was saved, at the stand-in of a setting that one control shows."""
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
    Check every part at its stand-in: the run, and how many writes reached the stand-ins.

    What is known of sessions is thrown away; the signing key stays beside the evidence, and is no other's.
    """
    with TemporaryDirectory() as nowhere:
        async with Replica(sites) as replica:
            shown = {"replica_map": replica.replica_map, "replica_spki": (replica.spki,)}
            plan = _plan(parts, flows, output, browser, shown, Path(nowhere))
            return await runner.run(plan, tell, stop), len(replica.writes)


def _plan(
    parts: Sequence[Part],
    flows: Mapping[str, Flow],
    output: Path,
    browser: BrowserSettings,
    shown: Mapping[str, Any],
    nowhere: Path,
) -> RunPlan:
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
        sealer=demo_sealer(output),
        credentials={part.account.name: _credentials(part.actor) for part in parts if part.session is None},
    )


def _credentials(actor: Actor) -> AccountSecrets:
    """A made-up account's name and password; no secret."""
    totp = SecretStr(actor.totp_secret) if actor.totp_secret else None
    return AccountSecrets(SecretStr(actor.username), SecretStr(actor.password), totp)


def played(
    document: RunDocument,
    parts: Sequence[Part],
    writes: int,
    guides: Mapping[str, FlowGuide],
    output: Path,
    words: Language,
) -> tuple[CheckDone, int]:
    """
    Write and seal what was played, and compare every answer with what its stand-in shows: the run, and the exit code.

    Its results are in the order of the parts. Accounts that were not seen to the end count as not done.
    """
    by_name = {result.account: result for result in document.results}
    document = replace(document, results=tuple(by_name[part.account.name] for part in parts))
    write_results(document)
    report = write_reports(document, guides, words.code)
    seal_documents(document, demo_sealer(output))
    seen = [
        (result, part.actor.expected)
        for result, part in zip(document.results, parts, strict=True)
        if result.reason is not Reason.INTERRUPTED
    ]
    wrong = [
        result.account
        for result, expected in seen
        if not expected.allows(result.verdict.value, result.reason.value if result.reason else None)
    ]
    lines = [words.gettext("Writes that reached the stand-in: %(writes)s", writes=writes)]
    if wrong:
        lines.append(words.gettext("NOT AS THE STAND-IN SHOWS: %(accounts)s", accounts=", ".join(wrong)))
    undone = ExitCode.OK if len(seen) == len(parts) else ExitCode.INCOMPLETE
    return CheckDone(document, None, report, tuple(lines)), int(ExitCode.FAULT if writes or wrong else undone)


_COMPANIES = (("Cabinet Arnaud", "a", "protects", "fr"), ("Studio Besson", "b", "trains", "en"))
"""Who has accounts everywhere, what ends their names, how the settings stand, and in which language if there is one."""


def parts_of(sites: dict[str, ReplicaSite], *, everybody: bool) -> Iterator[Part]:
    """
    The made-up accounts: with a saved session, or with a password where the service stops that.

    Unless it is `everybody`, as few as show each answer and each kind of account.
    """
    casts = ([actor for actor in cast(service) if actor.demo] for service in flows.ANSWERED)
    actors = list(filter(None, chain.from_iterable(zip_longest(*casts))))
    for actor in actors if everybody else _fewest(actors):
        part = with_password(actor)
        yield part if actor.is_stopped_signing_in else signed_in(part, sites[actor.service])
    for owner, suffix, scenario, locale in _COMPANIES:
        for service in [service for service in flows.DECLARED if service in sites]:
            site = sites[service]
            for flow in site.options["pages"]:
                found = [one for one in site.cast if one.flow == flow and one.scenario.endswith(scenario)]
                actor = next((one for one in found if one.locale == locale), found[0])
                setting = flow.partition(".")[2] if len(site.options["pages"]) > 1 else ""
                yield with_session(actor, site, name=f"{service}-{setting}-{suffix}", owner=owner)


_TOO = frozenset({"accepted_limited"})
"""Scenarios that the shortest demo plays, too: a letter with one sentence more than one that was looked at."""


def _fewest(actors: Sequence[Actor]) -> Iterator[Actor]:
    """Whoever is the first of an answer or of a kind of account, without those who add neither; and `_TOO`."""
    seen: set[str] = set()
    first = []
    for actor in actors:
        shows = {actor.verdict, actor.kind}
        if not shows <= seen:
            first.append(actor)
        seen |= shows
    shown = Counter(chain.from_iterable((actor.verdict, actor.kind) for actor in first))
    yield from (actor for actor in actors if actor.scenario in _TOO)
    for actor in first:
        if min(shown[actor.verdict], shown[actor.kind]) > 1:
            shown.subtract((actor.verdict, actor.kind))
        else:
            yield actor


def window_file(parts: Sequence[Part], output: Path) -> Path:
    """
    Write a configuration with the demo's accounts into its folder, for the window; the file.

    With it nothing reaches a service: every host is a stand-in that is gone.
    """
    text = 'output = "."\n\n[browser]\nreplica_map = { "*" = "127.0.0.1:9" }\n'
    for account in (part.account for part in parts):
        said: dict[str, object] = {
            "name": account.name,
            "flow": account.flow,
            "owner": account.owner,
            "identity": account.identity,
        }
        said |= {"kind": account.kind, "page": account.page, "expect": account.expect, "sign_in": "password"}
        lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items() if value)
        text += "\n[[accounts]]\n" + "".join(lines)
    file = output / "temoin.toml"
    write_text(file, text)
    return file


def length_of(part: Part) -> int:
    """Sorts visits: the shortest first, so that an answer is there soon; then the longest, so that none ends late."""
    if part.actor.is_stopped_signing_in:
        return 0
    return 1 if part.actor.verdict == "not_objected" else 2
