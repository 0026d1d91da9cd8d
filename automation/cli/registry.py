"""`temoin registry`: dates and looks that others share in a folder, such as a git repository; there is no server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from automation.app.looks import looks_of
from automation.app.registry import own_contributions, surveyed, use
from automation.app.setup import keys_of, registry_folder
from automation.cli.options import Config, Lang, Yes, as_json, say, words
from automation.cli.settings import settings_and_words
from automation.cli.terminal import agrees
from automation.core.errors import ConfigurationError
from automation.evidence.formats.signed import sha256
from automation.registry.contributions import Refusal, payload_of, withdrawal_envelope
from automation.registry.survey import SUFFIX, Survey
from automation.storage.files import write_whole
from automation.text.catalogue import N_
from automation.text.language import Language, one_line, printable

Registry = Annotated[Path, typer.Argument(metavar="FOLDER", help="The registry's folder.")]
Contributors = Annotated[
    Path | None,
    typer.Option("--trust", help="The contributors' keys, as a trust file that came another way. Usual: those in use."),
]
_REFUSALS: Mapping[Refusal, str] = {
    Refusal.UNREADABLE: N_("it cannot be read"),
    Refusal.TOO_LARGE: N_("larger than any contribution"),
    Refusal.NO_CONTRIBUTION: N_("no contribution that this version reads"),
    Refusal.STRANGER: N_("no contributor of the trust file signed it"),
    Refusal.SIGNATURE: N_("its signature does not hold"),
    Refusal.REVOKED: N_("its key was revoked, or had given way to another by then"),
    Refusal.EXPIRED: N_("too old to count"),
    Refusal.FUTURE: N_("it speaks of a day that has not come yet"),
    Refusal.PERSONAL: N_("it holds what tells of a person, or counts for one account alone"),
    Refusal.WITHDRAWN: N_("its author took it back"),
}
_OF_TIME = frozenset({Refusal.EXPIRED, Refusal.WITHDRAWN, Refusal.REVOKED})
"""What comes to every registry in time, and is no finding."""


def _today() -> date:
    return datetime.now(UTC).date()


def check(
    folder: Registry,
    trust: Contributors = None,
    json: Annotated[bool, as_json("the list")] = False,
    lang: Lang = None,
) -> None:
    """
    Say what of a registry counts here, and what does not; nothing is taken over.

    Exit codes: 0 in order, 1 something in it is no contribution of a contributor as it was signed.
    """
    said = words(lang, None)
    found, _ = surveyed(folder, trust, _today())
    if json:
        typer.echo(TypeAdapter(Survey).dump_json(found, indent=2).decode())
    for line in () if json else _lines(found, said):
        typer.echo(one_line(printable(line)))
    if found.unread or any(one.refusal not in _OF_TIME for one in found.refused):
        raise typer.Exit(1)


def take(folder: Registry, trust: Contributors = None, yes: Yes = False, lang: Lang = None) -> None:
    """
    Let a registry count on this machine, in the place of an earlier one, until the next `use`.

    What two people say independently counts; with `strict` nothing of it does.
    """
    said = words(lang, None)
    found, believed = surveyed(folder, trust, _today())
    for line in _lines(found, said):
        typer.echo(one_line(printable(line)))
    for known in believed.keys:
        typer.echo(one_line(printable(f"  {known.id[:16]}… {known.note}")))
    if not yes and not agrees(said.gettext("Do you believe these contributors?"), said):
        raise typer.Exit(2)
    use(found, believed, _today())
    typer.echo(registry_folder())


def contribute(
    folder: Registry,
    withdraw: Annotated[str | None, typer.Option(help="Take this contribution of yours back: its file's name.")] = None,
    config: Config = None,
    yes: Yes = False,
    lang: Lang = None,
) -> None:
    """
    Write what this machine could share into a registry's folder, signed; every byte is shown before.

    Looks without personal data, and your comparisons of flows with live pages, of which the month alone is told.
    """
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: there is no such folder", "Name the folder of a registry.")
    key = keys_of(settings).signing()
    if withdraw is not None:
        digest = withdraw.removesuffix(SUFFIX)
        if not (folder / f"{digest}{SUFFIX}").is_file() or Path(digest).name != digest:
            raise ConfigurationError(f"{withdraw}: there is no such contribution here", "Give the name of its file.")
        made = [withdrawal_envelope(digest, key)]
    else:
        made = list(own_contributions(looks_of(settings, said), settings, key))
    files = {folder / f"{sha256(data)}{SUFFIX}": data for data in made}
    new = {file: data for file, data in files.items() if not file.exists()}
    if not new:
        say(said.gettext("There is nothing new to contribute."))
        return
    written = said.gettext("as it is written")
    for file, data in new.items():
        typer.echo(f"--- {file.name}\n{payload_of(data).decode()}\n--- {written}\n{data.decode()}")
    question = said.ngettext("Write this %(num)s file?", "Write these %(num)s files?", len(new), num=len(new))
    if not yes and not agrees(question, said):
        raise typer.Exit(2)
    for file, data in new.items():
        write_whole(file, data)
        typer.echo(file)


def _lines(found: Survey, said: Language) -> Iterator[str]:
    """What a survey found: first what does not count, then what does."""
    for one in found.refused:
        why = said.gettext(_REFUSALS[one.refusal or Refusal.UNREADABLE])
        line = said.gettext("%(what)s: %(text)s", what=one.file, text=why)
        yield f"✗ {line}"
    if more := found.unread:
        text = said.ngettext("%(num)s file more than is read", "%(num)s files more than are read", more, num=more)
        yield f"✗ {text}"
    for flow, entry in found.live:
        yield f"✓ {flow}  {entry.date:%Y-%m}  {entry.locale}  {entry.kind}"
    for look in found.looks:
        yield f"✓ {look.id}  {look.flow}  {look.kind}: {look.says}  {look.by}"
    yield said.gettext(
        "Counting: %(looks)s looks and %(live)s comparisons. Said by one person only: %(alone)s. Contradicted: %(no)s.",
        looks=len(found.looks), live=len(found.live), alone=found.alone, no=found.contradicted,
    )  # fmt: skip
