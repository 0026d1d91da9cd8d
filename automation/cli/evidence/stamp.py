"""`temoin stamp`: have evidence stamped later that no authority confirmed when it was sealed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from automation.cli.shared.common import Lang, Trusted
from automation.text.catalogue import N_

_WORDS = {
    "stamped": N_("stamped"),
    "already": N_("stamped before by every authority"),
    "unanswered": N_("no good answer from any authority"),
    "refused": N_("not stamped, because it does not verify"),
}


def stamp(
    paths: Annotated[list[Path], typer.Argument(help="Bundles, runs or evidence folders.")],
    config: Annotated[Path | None, typer.Option(help="The configuration file, which names the authorities.")] = None,
    trust: Trusted = None,
    lang: Lang = None,
) -> None:
    """
    Ask the configured time-stamp authorities to confirm evidence now.

    Their time is today's: it proves that the evidence existed no later. Exit codes: 0 all stamped, 3 some not.
    """
    from automation.cli.shared.common import load_settings, words
    from automation.cli.shared.sealing import known_keys, sealer_of
    from automation.core.errors import ConfigurationError
    from automation.evidence.maintain.restamp import restamp
    from automation.evidence.verify.examine import bundles_under
    from automation.text.language import one_line

    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    if not settings.time_stamps:
        raise ConfigurationError(
            "no time-stamp authority is configured",
            "Name one or two in [evidence] of temoin.toml: time_stamps = [{ name, url, root }].",
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
