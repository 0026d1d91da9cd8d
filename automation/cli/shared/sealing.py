"""What commands share that seal evidence: the keys of this machine and the sealer of an evidence folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.core.results import RunDocument
    from automation.evidence.keys.signing import Keys
    from automation.evidence.keys.trust import Trust
    from automation.evidence.write.sealer import Sealer
    from automation.text.language import Language


def keys_of(settings: Settings) -> Keys:
    """
    The signing keys: the one from the environment, or those kept on this machine.

    Raises:
        ConfigurationError: the key from the environment is none.
    """
    from automation.cli.shared.places import data_folder
    from automation.evidence.keys.signing import Keys, key_from_seed

    given = key_from_seed(settings.signing_key.get_secret_value()) if settings.signing_key else None
    return Keys(data_folder() / "keys", given)


def known_keys(settings: Settings | None, named: Path | None = None) -> Trust | None:
    """
    Whom to believe before anything is made of evidence.

    Args:
        settings: hold the key from the environment, where there is one, and the authorities; None leaves both out.
        named: a trust file that somebody named; None for this machine's own.

    Returns:
        None where this machine knows no key.

    Raises:
        ConfigurationError: the trust file cannot be read.
    """
    from automation.cli.shared.places import data_folder
    from automation.evidence.keys.signing import Keys
    from automation.evidence.keys.trust import read_trust

    if named is not None:
        return read_trust(named)
    own = (keys_of(settings) if settings is not None else Keys(data_folder() / "keys")).trust()
    return own if own.keys else None


def sealer_of(settings: Settings, output: Path) -> Sealer:
    """
    What seals the bundles of an evidence folder; the authorities' roots are remembered for verifying.

    Raises:
        ConfigurationError: a key or a root certificate cannot be used.
        OutputError: the keys' folder cannot be written.
    """
    from automation.evidence.formats.ledger import Ledger
    from automation.evidence.keys.trust import pinned
    from automation.evidence.write.sealer import Sealer

    keys = keys_of(settings)
    keys.pin(pinned(authority) for authority in settings.time_stamps)
    return Sealer(keys, settings.time_stamps, Ledger(output))


def seal_documents(document: RunDocument, sealer: Sealer | None) -> None:
    """
    Seal the results and the reports of a run, which are written, and give the reports their names.

    What goes wrong here costs no check: it is told, and verifying says that nothing seals them.

    Args:
        document: the run.
        sealer: of the evidence folder; None leaves results and reports unsealed.
    """
    import typer

    from automation.cli.shared.common import told
    from automation.core.errors import TemoinError
    from automation.evidence.write.sealer import name_reports, seal_run

    folder = Path(document.run.output)
    try:
        if sealer is not None:
            seal_run(folder, sealer, operator=document.run.operator, case=document.run.case)
    except TemoinError as error:
        typer.echo(f"! {told(error.message)}", err=True)
    name_reports(folder)


def unstamped_notice(document: RunDocument, words: Language, *, asked: bool) -> tuple[str, ...]:
    """
    A line that says so where nothing but this machine's clock tells when evidence was sealed; else none.

    Args:
        document: a run.
        words: of the line.
        asked: whether an authority is configured.
    """
    bundles = [result.bundle for result in document.results if result.bundle]
    count = sum(not bundle.stamped for bundle in bundles)
    if not count:
        return ()
    if not asked:
        return (words.gettext("Not time-stamped: only this machine's clock says when (time_stamps in [evidence])."),)
    return (
        words.gettext(
            "Not time-stamped, for want of an answer: %(count)s of %(all)s. Later: temoin stamp",
            count=count,
            all=len(bundles),
        ),
    )
