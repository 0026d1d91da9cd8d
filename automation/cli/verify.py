"""`temoin verify`, and what stamps and rejudges: is this evidence what it says it is, and what does it say today?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import chain
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import typer

import flows
from automation.app.evidence import VerifyText, chain_of, exit_code_of, kept_heads, preset_authority
from automation.app.setup import for_evidence, known_keys, looks_that_count, sealer_of, with_looks
from automation.app.verify_words import FAULTS
from automation.cli.options import Config, EvidenceHere, Lang, Strict, Trusted, as_json, say, words
from automation.cli.settings import load_settings, settings_and_words
from automation.core.errors import BundleError, ConfigurationError
from automation.core.verdicts import Rejudged
from automation.evidence.formats.ledger_line import kept
from automation.evidence.formats.names import FileKind, kind_at
from automation.evidence.formats.signed import moment
from automation.evidence.keys.presets import qualified
from automation.evidence.keys.trust import Trust
from automation.evidence.maintain.removal import restamp
from automation.evidence.verify.examine import bundles_under, examine
from automation.evidence.verify.findings import (
    BesideVerification,
    RunVerification,
    Verification,
    Verified,
    VerifyCode,
    worst,
)
from automation.evidence.verify.opened import Evidence, open_evidence
from automation.evidence.verify.reading import Budget
from automation.reports.comparison import rejudged_lines
from automation.reports.stored import open_stored
from automation.text.catalogue import N_
from automation.text.language import Language, one_line
from automation.text.redaction import Secrets
from automation.visit.conclusion import rejudge as judge_again
from flows import Found


def verify(
    paths: Annotated[list[Path], typer.Argument(help="Bundles, runs, evidence folders, or zip or tar files of them.")],
    trust: Trusted = None,
    allow_unstamped: Annotated[
        bool, typer.Option("--allow-unstamped", help="Accept what no authority ever stamped; not what lost its stamps.")
    ] = False,
    head: Annotated[
        list[str] | None,
        typer.Option(
            help="An end of the ledger that you kept (`temoin evidence head export`): its line, its code, or a file."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Make a finding of every file beside the evidence.")] = False,
    no_limits: Annotated[
        bool, typer.Option("--no-limits", help="Look at everything, however much it is and however long it takes.")
    ] = False,
    json: Annotated[bool, as_json("what was found")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show only what is not in order.")] = False,
    lang: Lang = None,
) -> None:
    """
    Verify evidence, offline.

    Exit codes: 0 valid, 1 altered or incomplete, 2 signer not trusted, 3 time stamp missing or bad, 4 chain broken,
    5 unreadable or of an unknown schema, 6 a part that cannot be proven alone, 7 more than one call looks at. Of
    several, the first in the order 1, 5, 2, 4, 6, 7, 3.
    """
    believed, secrets, heads = known_keys(None, trust), own_secrets(), kept_heads(head or ())
    budget = Budget(ends=not no_limits)
    found = chain.from_iterable(
        examine(path, believed, secrets, open_run=open_stored, heads=heads, strict=strict, budget=budget)
        for path in paths
    )
    judged = ((one, exit_code_of(one, allow_unstamped=allow_unstamped)) for one in found)
    if json:
        code = _as_json(judged, trust)
    else:
        code = _as_text(
            judged,
            VerifyText(words(lang, None), quiet, allow_unstamped, qualified(believed.authorities if believed else ())),
            own=trust is None and believed is not None,
        )
    raise typer.Exit(int(code))


def own_secrets() -> Secrets | None:
    """The secrets that this machine's configuration knows; without a usable one, step 8 says that it was left out."""
    try:
        return Secrets.of(own=load_settings(None).secret_values())
    except ConfigurationError:
        return None


def _as_json(judged: Iterable[tuple[Verified, VerifyCode]], trust: Path | None) -> VerifyCode:
    """Print one document, piece by piece, so that a thousand bundles need no more memory than one."""
    others: dict[str, list[dict[str, Any]]] = {"runs": [], "ledgers": [], "beside": []}
    codes: set[VerifyCode] = set()
    head = {"schema": "temoin.verification/1", "trust": str(trust) if trust else "own"}
    typer.echo(dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}") + ',\n  "bundles": [', nl=False)
    separator = "\n"
    for found, code in judged:
        codes.add(code)
        plain = {**_plain(found), "exit_code": int(code), "verdict": code.name.lower()}
        if isinstance(found, Verification):
            typer.echo(separator + dumps(plain, ensure_ascii=True), nl=False)
            separator = ",\n"
        else:
            others[{RunVerification: "runs", BesideVerification: "beside"}.get(type(found), "ledgers")].append(plain)
    code = worst(codes)
    tail = {**others, "exit_code": int(code), "verdict": code.name.lower()}
    typer.echo("\n  ],\n" + dumps(tail, ensure_ascii=True, indent=2).removeprefix("{\n"))
    return code


def _plain(found: Verified) -> dict[str, Any]:
    def said(value: Any) -> Any:
        if isinstance(value, datetime):
            return moment(value)
        if isinstance(value, dict):
            return {key: said(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [said(inner) for inner in value]
        return value

    plain: dict[str, Any] = said(asdict(found))
    plain.pop("own", None)
    if isinstance(found, Verification):
        for step, form in zip(found.steps, plain["steps"], strict=True):
            form["state"] = step.state.value
    return plain


def _as_text(judged: Iterable[tuple[Verified, VerifyCode]], speaker: VerifyText, *, own: bool) -> VerifyCode:
    codes: set[VerifyCode] = set()
    beside: list[BesideVerification] = []
    if own:
        hint = N_("No --trust: your own trust file. To others, only a file that came another way is convincing.")
        typer.echo(speaker.words.gettext(hint))
    for found, code in judged:
        codes.add(code)
        if isinstance(found, BesideVerification):
            beside.append(found)
            continue
        for line in speaker.said(found, code):
            typer.echo(one_line(line))
    for line in speaker.end(worst(codes), beside):
        typer.echo(one_line(line))
    return worst(codes)


def export(folder: EvidenceHere = None, config: Config = None) -> None:
    """Print the ledger's end in one line: mail it, commit it elsewhere, or write its short code down."""
    ledger = chain_of(folder, load_settings(config, for_signing_in=False) if folder is None else None)
    if ledger.findings or not ledger.digests:
        raise BundleError(
            f"{ledger.root}: the ledger is damaged or empty, so nothing is given out to be kept",
            "Run `temoin verify` on this folder.",
        )
    typer.echo(str(kept(len(ledger.digests), ledger.digests[-1].hex())))


def compare(
    head: Annotated[str, typer.Argument(help="What you kept: the line, its short code, or a file with one of them.")],
    folder: EvidenceHere = None,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """
    Compare the ledger with an end of it that you kept.

    Exit codes: 0 it is the same ledger, and nothing was cut off since; 4 it is another one, or was cut.
    """
    said = words(lang, None)
    heads = kept_heads((head,))
    ledger = chain_of(folder, load_settings(config, for_signing_in=False) if folder is None else None)
    wrong = [*ledger.findings, *filter(None, map(ledger.differs, heads))]
    for finding in wrong:
        text = said.gettext(FAULTS[finding.fault], where=finding.where, detail=finding.detail, why="")
        typer.echo(one_line(f"✗ {text}"))
    if wrong:
        raise typer.Exit(int(VerifyCode.CHAIN_BROKEN))
    more = len(ledger.digests) - max(one.sequence for one in heads)
    typer.echo(
        said.ngettext(
            "✓ The same ledger; %(num)s line has come since.",
            "✓ The same ledger; %(num)s lines have come since.",
            more,
            num=more,
        )
    )


_WORDS = {
    "stamped": N_("stamped"),
    "already": N_("stamped before by every authority"),
    "unanswered": N_("no good answer from any authority"),
    "refused": N_("not stamped, because it does not verify"),
}


def stamp(
    paths: Annotated[list[Path], typer.Argument(help="Bundles, runs or evidence folders.")],
    config: Config = None,
    preset: Annotated[
        str | None, typer.Option(help="An authority of Témoin's table, instead of those that are configured.")
    ] = None,
    root: Annotated[Path | None, typer.Option(help="Its root certificate, for the first use of --preset.")] = None,
    trust: Trusted = None,
    lang: Lang = None,
) -> None:
    """
    Ask the configured time-stamp authorities to confirm evidence now.

    Their time is today's: it proves that the evidence existed no later. Exit codes: 0 all stamped, 3 some not.
    """
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    if preset is not None:
        settings = replace(settings, time_stamps=(preset_authority(preset, root, settings),))
    if not settings.time_stamps:
        raise ConfigurationError(
            "no time-stamp authority is configured",
            "Name one or two in [evidence] of temoin.toml: time_stamps = [{ name, url, root }], or use --preset.",
        )
    missing = [path for path in paths if not path.is_dir()]
    if missing:
        raise ConfigurationError(f"{missing[0]}: there is no such folder", "Name bundles, runs or evidence folders.")
    sealer = sealer_of(settings, settings.output)
    believed, incomplete = known_keys(settings, trust), False
    for folder in (bundle for path in paths for bundle in bundles_under(path)):
        done = restamp(folder, sealer, believed)
        incomplete = incomplete or done.state in {"unanswered", "refused"}
        who = ", ".join(f"{stamp.authority} {stamp.at:%Y-%m-%d %H:%M:%S} UTC" for stamp in done.stamps)
        detail = " ".join(filter(None, (said.gettext(_WORDS[done.state]), who or done.detail)))
        typer.echo(one_line(said.gettext("%(what)s: %(text)s", what=folder, text=detail)))
    raise typer.Exit(3 if incomplete else 0)


def rejudge(
    paths: Annotated[list[Path], typer.Argument(help="Bundles, or folders that hold some.")],
    strict: Strict = False,
    config: Config = None,
    json: Annotated[bool, as_json("the answers")] = False,
    trust: Trusted = None,
    lang: Lang = None,
) -> None:
    """
    Judge stored visits again by today's rules. The evidence stays as it is.

    Exit codes: 0 the same answers, 1 today's rules answer otherwise.
    """
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    opened = _evidence(paths, said, known_keys(settings, trust))
    # All flows, with the looks beside the configuration; of the demo's evidence with those in its own folder.
    roots = {folder for path in paths for folder in (path.absolute(), *path.absolute().parents[:2])}
    demo = next((root for root in sorted(roots) if for_evidence(settings, root) is not settings), None)
    looks = looks_that_count(for_evidence(settings, demo) if demo else settings)
    known = with_looks(flows.find(settings.flow_paths), looks)
    found = [(evidence, _rejudged(evidence, known, strict=strict)) for evidence in opened]
    if json:
        typer.echo(dumps([_plain_rejudged(*one) for one in found], ensure_ascii=False, indent=2))
    else:
        for evidence, answer in found:
            typer.echo("\n".join(rejudged_lines(evidence.result, answer, said)))
    raise typer.Exit(1 if any(answer.changed for _, answer in found) else 0)


def _evidence(paths: list[Path], words: Language, trust: Trust | None) -> list[Evidence]:
    found = [bundle for path in paths for bundle in bundles_under(path)]
    bundles = [bundle for bundle in found if bundle in paths or kind_at(bundle) is FileKind.VISIT]
    if left_out := len(found) - len(bundles):
        said = words.ngettext(
            "Left out: %(num)s look into a mailbox, which is no visit.",
            "Left out: %(num)s looks into a mailbox, which are no visits.",
            left_out,
            num=left_out,
        )
        say(said)
    if not bundles:
        raise ConfigurationError(
            f"{', '.join(map(str, paths))}: there is no bundle of a check here",
            "Name a bundle, or the folder of a run.",
        )
    return [open_evidence(bundle, trust, any_stand_in=True) for bundle in bundles]


def _rejudged(evidence: Evidence, found: Found, *, strict: bool) -> Rejudged:
    if broken := found.broken.get(evidence.result.flow):
        raise broken
    flow = found.flows.get(evidence.result.flow)
    if flow is None:
        raise ConfigurationError(
            f"{evidence.folder}: there is no flow {evidence.result.flow} here",
            "Name its folder in `flow_paths`, or use the version of Témoin that has it.",
        )
    return judge_again(evidence.result, evidence.observation, flow, datetime.now(UTC).date(), strict=strict)


def _plain_rejudged(evidence: Evidence, answer: Rejudged) -> dict[str, Any]:
    return {
        "bundle": str(evidence.folder),
        "account": evidence.result.account,
        "flow": evidence.result.flow,
        "visited_at": evidence.result.finished_at.isoformat(),
        "judged": answer.judged,
        "changed": answer.changed,
        "revision": {"then": answer.revisions[0], "now": answer.revisions[1]},
        "then": {"verdict": answer.before.verdict, "reason": answer.before.reason, "because": answer.before.because},
        "now": {"verdict": answer.now.verdict, "reason": answer.now.reason, "because": answer.now.because},
        "basis": "looked_at" if answer.now.looks and answer.now.verdict.is_answer else "sourced",
        "looks": [look.source for look in answer.now.looks],
    }
