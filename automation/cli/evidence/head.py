"""`temoin head`: the end of the ledger in one line, to be kept where the evidence is not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.evidence.verify.chain import Chain

app = typer.Typer(
    help="Keep the end of the ledger elsewhere, and compare with it later.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def everything() -> None:
    """Keep the end of the ledger elsewhere, and compare with it later."""


@app.command("export")
def export(
    folder: Annotated[Path | None, typer.Argument(help="The evidence folder; usual: the configured one.")] = None,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
) -> None:
    """Print the ledger's end in one line: mail it, commit it elsewhere, or write its short code down."""
    from automation.cli.shared.common import load_settings
    from automation.core.errors import BundleError
    from automation.evidence.formats.ledger_line import kept

    chain = _chain(folder, load_settings(config, for_signing_in=False) if folder is None else None)
    if chain.findings or not chain.digests:
        raise BundleError(
            f"{chain.root}: the ledger is damaged or empty, so nothing is given out to be kept",
            "Run `temoin verify` on this folder.",
        )
    typer.echo(str(kept(len(chain.digests), chain.digests[-1].hex())))


@app.command("compare")
def compare(
    head: Annotated[str, typer.Argument(help="What you kept: the line, its short code, or a file with one of them.")],
    folder: Annotated[Path | None, typer.Argument(help="The evidence folder; usual: the configured one.")] = None,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    lang: Lang = None,
) -> None:
    """
    Compare the ledger with an end of it that you kept.

    Exit codes: 0 it is the same ledger, and nothing was cut off since; 4 it is another one, or was cut.
    """
    from automation.cli.evidence.verify_words import FAULTS
    from automation.cli.shared.common import load_settings, words
    from automation.cli.shared.kept_heads import kept_heads
    from automation.evidence.verify.findings import VerifyCode
    from automation.text.language import one_line

    said = words(lang, None)
    heads = kept_heads((head,))
    chain = _chain(folder, load_settings(config, for_signing_in=False) if folder is None else None)
    wrong = [*chain.findings, *filter(None, map(chain.differs, heads))]
    for finding in wrong:
        text = said.gettext(FAULTS[finding.fault], where=finding.where, detail=finding.detail, why="")
        typer.echo(one_line(f"✗ {text}"))
    if wrong:
        raise typer.Exit(int(VerifyCode.CHAIN_BROKEN))
    more = len(chain.digests) - max(one.sequence for one in heads)
    typer.echo(
        said.ngettext(
            "✓ The same ledger; %(num)s line has come since.",
            "✓ The same ledger; %(num)s lines have come since.",
            more,
            num=more,
        )
    )


def _chain(folder: Path | None, settings: Settings | None) -> Chain:
    from automation.cli.shared.places import data_folder
    from automation.core.errors import ConfigurationError
    from automation.evidence.keys.signing import Keys
    from automation.evidence.verify.chain_reading import read_chain
    from automation.evidence.verify.findings import Fault

    root = folder if folder is not None or settings is None else settings.output
    chain = read_chain(root, Keys(data_folder() / "keys").trust()) if root is not None else None
    if chain is None:
        raise ConfigurationError(f"{root}: there is no ledger here", "Name the evidence folder.")
    # Whose key signed it is `temoin verify`'s to say: a kept line says more than any signature.
    chain.findings = [finding for finding in chain.findings if finding.fault is not Fault.HEAD_NOT_TRUSTED]
    return chain
