"""
The tools of `temoin mcp`, each a call of what the commands call.

What a tool returns is made of closed lists of codes, of moments, digests, paths and the names that accounts have in
`temoin.toml`, and of sentences of Témoin's own. Whatever a page or a letter says, it does not reach the model.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from mcp.server.elicitation import AcceptedElicitation, ElicitationResult
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from automation import __version__
from automation.app import check as checks
from automation.app.evidence import exit_code_of
from automation.app.report import open_runs, reports_beside, subject_of, write_pages
from automation.app.setup import history_path, known_flows, known_keys
from automation.cli.options import words
from automation.cli.settings import configured, load_settings
from automation.config import Settings
from automation.core.errors import TemoinError
from automation.core.results import Result
from automation.core.verdicts import Reason, Verdict
from automation.evidence.formats.signed import moment, sha256_of
from automation.evidence.verify.examine import examine
from automation.evidence.verify.findings import Verification, worst
from automation.reports.messages import REASONS, VERDICTS
from automation.reports.names import VERDICT_NAMES
from automation.reports.stored import open_stored
from automation.storage.history_rows import HistoryEntry
from automation.storage.sqlite import SqliteHistory
from automation.visit import runner

NOT_AGAIN_BEFORE = timedelta(minutes=15)
"""Between two visits of one account that agents ask for."""
MOST_ACCOUNTS = 20
"""Of one call."""
_INSTRUCTIONS = (
    "Témoin reads, and never changes, whether accounts keep their content out of AI training. Ask `status` first; "
    "`check` visits services and asks the person before. Signing in, objecting, looking and answering are acts of "
    "people: say which command they run in a terminal, and run none of these yourself. `unknown` is no answer; do not "
    "guess one."
)
Answer = dict[str, Any]
Names = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]],
    Field(min_length=1, max_length=MOST_ACCOUNTS, description="Names of accounts, as `list_accounts` gives them."),
]


@dataclass(slots=True)
class Desk:
    """What the tools of one server share."""

    config: Path | None
    visiting: asyncio.Task[list[Answer]] | None = None
    """The check that is under way, or was the last."""


Asked = Context[Desk, Any]


class Agreement(BaseModel):
    """What the person answers before accounts are checked."""

    agreed: bool = Field(default=False, title="Yes, check them now")


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong, by its kind alone: its sentence may quote what stands in a file."""
    try:
        yield
    except TemoinError as error:
        raise ToolError(f"{type(error).__name__}: `temoin doctor`, in a terminal, says what is wrong") from None


def _settings(ctx: Asked, accounts: tuple[str, ...] = (), *, for_signing_in: bool = False) -> Settings:
    """The configuration as it is now."""
    config = ctx.request_context.lifespan_context.config
    return configured(load_settings(config, accounts, for_signing_in=for_signing_in))


def _of_each(settings: Settings) -> dict[str, HistoryEntry]:
    """The newest stored result of each configured account at its flow."""
    path = history_path(settings)
    flows = {account.name: account.flow for account in settings.accounts}
    if not path.exists():
        return {}
    with SqliteHistory(path) as history:
        return {one.account: one for one in history.latest() if flows.get(one.account) == one.flow}


def list_accounts(ctx: Asked) -> Answer:
    """The configured accounts: their names, which setting of which service is read, and what is expected."""
    with _told():
        accounts = _settings(ctx).accounts
    listed = ({"account": a.name, "flow": a.flow, "kind": a.kind, "expect": a.expect} for a in accounts)
    return {"accounts": list(listed)}


def status(ctx: Asked) -> Answer:
    """Where each configured account stands by what is stored; nothing is visited. No verdict: never checked."""
    with _told():
        settings = _settings(ctx)
        newest = _of_each(settings)
    return {"accounts": [{"account": a.name, **_standing(newest.get(a.name))} for a in settings.accounts]}


def _standing(entry: HistoryEntry | None) -> Answer:
    if entry is None:
        return {"verdict": None}
    now, last = entry.change.now, entry.change.last_answer
    return {
        **_codes(now.verdict, now.reason), "outcome": now.outcome, "at": moment(now.at), "change": entry.change.kind,
        "last_answer": {"verdict": last.verdict, "at": moment(last.at)} if last else None,
        "bundle": entry.bundle, "manifest_sha256": entry.manifest_sha256, "stand_in": entry.stand_in,
    }  # fmt: skip


def _codes(verdict: Verdict, reason: Reason | None) -> Answer:
    return {"verdict": verdict, "reason": reason}


def _agreement(accounts: Names, ctx: Asked) -> Elicit[Agreement]:
    """The question to the person; only of accounts that are theirs, and may be visited now."""
    with _told():
        settings = _settings(ctx)
        newest = _of_each(settings)
    if not set(accounts) <= {account.name for account in settings.accounts}:
        raise ToolError("not_configured: `list_accounts` gives the accounts that can be checked")
    under_way = ctx.request_context.lifespan_context.visiting
    if under_way and not under_way.done():
        raise ToolError("under_way: one check at a time; ask `status` later")
    since = datetime.now(UTC) - NOT_AGAIN_BEFORE
    if early := [name for name in accounts if name in newest and newest[name].change.now.at > since]:
        again = max(newest[name].change.now.at for name in early) + NOT_AGAIN_BEFORE
        raise ToolError(f"too_soon: {', '.join(early)}; not before {moment(again)}")
    _ = words(None, settings).gettext
    return Elicit(_("Let Témoin visit these accounts now, read-only: %(names)s?", names=", ".join(accounts)), Agreement)


async def check(
    accounts: Names, answer: Annotated[ElicitationResult[Agreement], Resolve(_agreement)], ctx: Asked
) -> Answer:
    """
    Visit configured accounts, read-only, and seal the evidence; minutes. The person is asked before, by name.

    One call at a time, and no account twice within a quarter of an hour.
    """
    if not isinstance(answer, AcceptedElicitation) or not answer.data.agreed:
        raise ToolError("not_agreed: the person did not agree, so nothing was visited")
    desk = ctx.request_context.lifespan_context
    if desk.visiting and not desk.visiting.done():
        raise ToolError("under_way: one check at a time; ask `status` later")
    with _told():
        settings, stop = _settings(ctx, tuple(accounts), for_signing_in=True), asyncio.Event()
        desk.visiting = asyncio.create_task(_visit(settings, stop))
        try:
            return {"results": await asyncio.shield(desk.visiting)}
        finally:
            stop.set()  # who hangs up ends the visits in order: what was read is sealed


async def _visit(settings: Settings, stop: asyncio.Event) -> list[Answer]:
    said = words(None, settings)
    plan = checks.plan_of(settings, said, replace(settings.browser, concurrency=1))
    document = await runner.run(plan, lambda *_: None, stop)
    done = await asyncio.to_thread(checks.keep, document, None, plan, settings, said)
    folder = Path(done.document.run.output)
    return [_result(result, folder) for result in done.document.results]


def _result(result: Result, folder: Path) -> Answer:
    bundle = result.bundle
    return {
        "account": result.account, **_codes(result.verdict, result.reason), "outcome": result.outcome,
        "at": moment(result.finished_at), "bundle": str(folder / bundle.path) if bundle else None,
        "envelope_sha256": bundle.envelope_sha256 if bundle else None,
    }  # fmt: skip


def report(ctx: Asked) -> Answer:
    """Write the report on the newest stored answers, for people to read; its path and digest. Nothing is visited."""
    with _told():
        settings = _settings(ctx)
        said, wanted = words(None, settings), {account.name for account in settings.accounts}
        guides = {flow.id: flow.guide for flow in known_flows(settings.flow_paths).flows.values()}
        subject = subject_of(open_runs((), settings, None), wanted, settings, None, said, in_full=False)
        day = f"{subject.document.run.finished_at:%Y-%m-%d}"  # no owner in a name that an agent sees
        page = reports_beside(subject.root) / f"temoin_{day}.{said.code}.html"
        path = Path(write_pages(subject, guides, said.code, page, embed=False))
    return {"path": str(path), "sha256": sha256_of(path), "accounts": len(subject.document.results)}


def verify(
    ctx: Asked, path: Annotated[str, Field(description="A folder in the evidence folder; empty: all of it.")] = ""
) -> Answer:
    """
    Verify sealed evidence, offline: the exit code of `temoin verify`, and how often each fault was found.

    Only what lies in the configured evidence folder is looked at.
    """
    with _told():
        settings = _settings(ctx)
        root = settings.output.resolve()
        folder = (root / path).resolve()
        if not folder.is_relative_to(root):
            raise ToolError("elsewhere: only the configured evidence folder is looked at")
        found = list(examine(folder, known_keys(settings), None, open_run=open_stored))
    code = worst(exit_code_of(one, allow_unstamped=False) for one in found)
    faults = Counter(finding.fault.value for one in found for finding in one.findings)
    bundles = sum(isinstance(one, Verification) for one in found)
    return {"exit_code": int(code), "code": code.name.lower(), "bundles": bundles, "faults": dict(faults)}


def explain(ctx: Asked, verdict: Verdict, reason: Reason | None = None) -> Answer:
    """What a verdict and its reason mean in words, and what people do next."""
    with _told():
        said = words(None, _settings(ctx))
    message = REASONS[reason] if reason and not verdict.is_answer else VERDICTS[verdict]
    steps = [said.gettext(step, account="ACCOUNT") for step in message.steps]
    return {
        **_codes(verdict, reason), "name": said.gettext(VERDICT_NAMES[verdict]),
        "meaning": said.gettext(message.meaning), "steps": steps,
        "who_acts": reason.owner if reason else None, "is_answer": verdict.is_answer,
    }  # fmt: skip


def server_of(config: Path | None) -> MCPServer[Desk]:
    """The server for one configuration; it reads the file anew with every question."""

    @asynccontextmanager
    async def lifespan(_server: MCPServer[Desk]) -> AsyncIterator[Desk]:
        yield Desk(config)

    server = MCPServer[Desk](
        "temoin", instructions=_INSTRUCTIONS, version=__version__, lifespan=lifespan, log_level="WARNING"
    )
    for tool in (list_accounts, status, verify, explain):
        server.add_tool(tool, annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))
    server.add_tool(report, annotations=ToolAnnotations(destructive_hint=False, open_world_hint=False))
    server.add_tool(check, annotations=ToolAnnotations(destructive_hint=False, open_world_hint=True))
    return server
