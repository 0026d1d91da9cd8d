"""`temoin verify`: is this evidence what it says it is? Offline, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from automation.cli.evidence.verify_text import VerifyText
    from automation.evidence.keys.trust import Trust
    from automation.evidence.verify.findings import Verified, VerifyCode
    from automation.text.known_secrets import Secrets
    from automation.text.language import Language


def verify(
    paths: Annotated[list[Path], typer.Argument(help="Bundles, runs, evidence folders, or zip or tar files of them.")],
    trust: Annotated[
        Path | None, typer.Option(help="Whom to believe: a file of `temoin keys export-trust`. Usual: your own.")
    ] = None,
    allow_unstamped: Annotated[
        bool, typer.Option("--allow-unstamped", help="Accept what no authority ever stamped; not what lost its stamps.")
    ] = False,
    head: Annotated[
        list[str] | None,
        typer.Option(help="An end of the ledger that you kept (`temoin head export`): its line, its code, or a file."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Make a finding of every file beside the evidence.")] = False,
    no_limits: Annotated[
        bool, typer.Option("--no-limits", help="Look at everything, however much it is and however long it takes.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON, and nothing else.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show only what is not in order.")] = False,
    lang: Lang = None,
) -> None:
    """
    Verify evidence, offline.

    Exit codes: 0 valid, 1 altered or incomplete, 2 signer not trusted, 3 time stamp missing or bad, 4 chain broken,
    5 unreadable or of an unknown schema, 6 a part that cannot be proven alone, 7 more than one call looks at. Of
    several, the first in the order 1, 5, 2, 4, 6, 7, 3.
    """
    from automation.cli.evidence.verify_text import VerifyText
    from automation.cli.shared.common import words
    from automation.cli.shared.kept_heads import kept_heads
    from automation.cli.shared.sealing import known_keys
    from automation.evidence.verify.examine import examine
    from automation.evidence.verify.reading import Budget
    from automation.reports.stored import open_stored

    believed = known_keys(None, trust)
    secrets = _secrets()
    kept = kept_heads(head or ())
    budget = Budget(ends=not no_limits)
    results = (
        found
        for path in paths
        for found in examine(path, believed, secrets, open_run=open_stored, heads=kept, strict=strict, budget=budget)
    )
    code = (
        _as_json(results, trust, allow_unstamped)
        if json
        else _as_text(results, VerifyText(words(lang, None), quiet, allow_unstamped), trust, believed)
    )
    raise typer.Exit(int(code))


def verified_lines(path: Path, words: Language) -> tuple[bool, tuple[str, ...]]:
    """Whether evidence is in order by this machine's own trust file, unstamped or not; and what was found, in lines."""
    from automation.cli.evidence.verify_text import VerifyText
    from automation.cli.shared.sealing import known_keys
    from automation.evidence.verify.examine import examine
    from automation.reports.stored import open_stored
    from automation.text.language import one_line

    speaker, good = VerifyText(words, quiet=False, allow_unstamped=True), True
    lines: list[str] = []
    for found in examine(path, known_keys(None), _secrets(), open_run=open_stored):
        code = exit_code_of(found, allow_unstamped=True)
        good = good and not code
        lines += map(one_line, speaker.said(found, code))
    return good and bool(lines), tuple(lines)


def _secrets() -> Secrets | None:
    """The secrets that this machine's configuration knows; without a usable one, step 8 says that it was left out."""
    from automation.cli.shared.common import load_settings
    from automation.core.errors import ConfigurationError
    from automation.text.known_secrets import Secrets

    try:
        return Secrets.of(own=load_settings(None).secret_values())
    except ConfigurationError:
        return None


def exit_code_of(found: Verified, *, allow_unstamped: bool) -> VerifyCode:
    """
    What one thing alone would end the command with.

    Args:
        found: it.
        allow_unstamped: accept what nobody ever stamped.
    """
    from automation.evidence.verify.findings import Fault, worst

    accepted = {Fault.UNSTAMPED} if allow_unstamped else set()
    return worst(finding.fault.code for finding in found.findings if finding.fault not in accepted)


def _as_json(results: Iterable[Verified], trust: Path | None, allow_unstamped: bool) -> VerifyCode:
    """Print one document, piece by piece, so that a thousand bundles need no more memory than one."""
    import json

    from automation.evidence.verify.findings import BesideVerification, RunVerification, Verification, worst

    beside: list[dict[str, Any]] = []
    runs: list[dict[str, Any]] = []
    ledgers: list[dict[str, Any]] = []
    codes: set[VerifyCode] = set()
    head = {"schema": "temoin.verification/1", "trust": str(trust) if trust else "own"}
    typer.echo(json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}") + ',\n  "bundles": [', nl=False)
    separator = "\n"
    for found in results:
        code = exit_code_of(found, allow_unstamped=allow_unstamped)
        codes.add(code)
        plain = {**_plain(found), "exit_code": int(code), "verdict": code.name.lower()}
        if isinstance(found, Verification):
            typer.echo(separator + json.dumps(plain, ensure_ascii=True), nl=False)
            separator = ",\n"
        else:
            kinds = {RunVerification: runs, BesideVerification: beside}
            kinds.get(type(found), ledgers).append(plain)
    code = worst(codes)
    tail = {"runs": runs, "ledgers": ledgers, "beside": beside, "exit_code": int(code), "verdict": code.name.lower()}
    typer.echo("\n  ],\n" + json.dumps(tail, ensure_ascii=True, indent=2).removeprefix("{\n"))
    return code


def _plain(found: Verified) -> dict[str, Any]:
    from dataclasses import asdict
    from datetime import datetime

    from automation.evidence.formats.encoding import moment
    from automation.evidence.verify.findings import Verification

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


def _as_text(
    results: Iterable[Verified],
    speaker: VerifyText,
    path: Path | None,
    trust: Trust | None,
) -> VerifyCode:
    from automation.evidence.verify.findings import BesideVerification, worst
    from automation.text.language import one_line

    codes: set[VerifyCode] = set()
    beside: list[BesideVerification] = []
    if path is None and trust is not None:
        typer.echo(
            speaker.words.gettext(
                "No --trust: your own trust file. To others, only a file that came another way is convincing."
            )
        )
    for found in results:
        code = exit_code_of(found, allow_unstamped=speaker.allow_unstamped)
        codes.add(code)
        if isinstance(found, BesideVerification):
            beside.append(found)
            continue
        for line in speaker.said(found, code):
            typer.echo(one_line(line))
    for line in speaker.end(worst(codes), beside):
        typer.echo(one_line(line))
    return worst(codes)
