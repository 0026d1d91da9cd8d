"""`temoin rejudge`: stored visits judged again by today's rules, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from automation.cli.shared.common import STRICT, Lang, Trusted

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.core.verdicts import Rejudged
    from automation.evidence.keys.trust import Trust
    from automation.evidence.verify.opened import Evidence
    from automation.text.language import Language
    from flows import Found


def rejudge(
    paths: Annotated[list[Path], typer.Argument(help="Bundles, or folders that hold some.")],
    strict: Annotated[bool, typer.Option(help=STRICT)] = False,
    config: Annotated[Path | None, typer.Option(help="The configuration file, for flows of your own.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON, and nothing else.")] = False,
    trust: Trusted = None,
    lang: Lang = None,
) -> None:
    """
    Judge stored visits again by today's rules. The evidence stays as it is.

    Exit codes: 0 the same answers, 1 today's rules answer otherwise.
    """
    from automation.cli.shared.common import load_settings, words
    from automation.cli.shared.sealing import known_keys

    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    opened = _evidence(paths, said, known_keys(settings, trust))
    known = _flows(settings, paths)
    found = [(evidence, _rejudged(evidence, known, strict=strict)) for evidence in opened]
    if json:
        import json as format_

        typer.echo(format_.dumps([_plain(*one) for one in found], ensure_ascii=False, indent=2))
    else:
        from automation.reports.as_lines import rejudged_lines

        for evidence, answer in found:
            typer.echo("\n".join(rejudged_lines(evidence.result, answer, said)))
    raise typer.Exit(1 if any(answer.changed for _, answer in found) else 0)


def _evidence(paths: list[Path], words: Language, trust: Trust | None) -> list[Evidence]:
    from automation.core.errors import ConfigurationError
    from automation.evidence.formats.names import FileKind, kind_at
    from automation.evidence.verify.examine import bundles_under
    from automation.evidence.verify.opened import open_evidence

    found = [bundle for path in paths for bundle in bundles_under(path)]
    bundles = [bundle for bundle in found if bundle in paths or kind_at(bundle) is FileKind.VISIT]
    if left_out := len(found) - len(bundles):
        said = words.ngettext(
            "Left out: %(num)s look into a mailbox, which is no visit.",
            "Left out: %(num)s looks into a mailbox, which are no visits.",
            left_out,
            num=left_out,
        )
        typer.echo(said, err=True)
    if not bundles:
        raise ConfigurationError(
            f"{', '.join(map(str, paths))}: there is no bundle of a check here",
            "Name a bundle, or the folder of a run.",
        )
    return [open_evidence(bundle, trust) for bundle in bundles]


def _flows(settings: Settings, paths: list[Path]) -> Found:
    """All flows, with the looks beside the configuration; of the demo's evidence with those in its own folder."""
    import flows
    from automation.cli.shared.known_flows import looks_that_count, with_looks
    from automation.cli.shared.looking import for_evidence

    roots = {folder for path in paths for folder in (path.absolute(), *path.absolute().parents[:2])}
    demo = next((root for root in sorted(roots) if for_evidence(settings, root) is not settings), None)
    looks = looks_that_count(for_evidence(settings, demo) if demo else settings)
    return with_looks(flows.find(settings.flow_paths), looks)


def _rejudged(evidence: Evidence, found: Found, *, strict: bool) -> Rejudged:
    from datetime import UTC, datetime

    from automation.core.errors import ConfigurationError
    from automation.visit.conclusion import rejudge as judge_again

    if broken := found.broken.get(evidence.result.flow):
        raise broken
    flow = found.flows.get(evidence.result.flow)
    if flow is None:
        raise ConfigurationError(
            f"{evidence.folder}: there is no flow {evidence.result.flow} here",
            "Name its folder in `flow_paths`, or use the version of Témoin that has it.",
        )
    return judge_again(evidence.result, evidence.observation, flow, datetime.now(UTC).date(), strict=strict)


def _plain(evidence: Evidence, answer: Rejudged) -> dict[str, Any]:
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
