"""`temoin evidence`: handing evidence on, pruning it, and removing it by a decision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from automation.app.evidence import content_of
from automation.app.rejudging import newest_visits
from automation.app.setup import keys_of, known_flows, known_keys, vault_key
from automation.app.unrecognised import parcel_of
from automation.app.verify_words import FAULTS
from automation.cli.options import (
    AccountName,
    By,
    Config,
    EvidenceAt,
    KeyFile,
    Lang,
    Trusted,
    Yes,
    account_names,
    say,
    words,
)
from automation.cli.settings import day, load_environment, load_settings, settings_and_words
from automation.cli.terminal import agrees, speaker
from automation.core.errors import ConfigurationError
from automation.evidence.formats import names
from automation.evidence.formats.ledger import LEDGER, Ledger
from automation.evidence.formats.ledger_line import Removal
from automation.evidence.keys.trust import Trust
from automation.evidence.maintain.packing import pack, pack_run, unpack
from automation.evidence.maintain.removal import parse_keep, plan, plan_removal, remove_decided
from automation.evidence.maintain.removal import prune as remove
from automation.evidence.maintain.wacz import wacz_of
from automation.evidence.verify.chain_reading import read_chain
from automation.evidence.verify.examine import examine
from automation.evidence.verify.findings import Fault
from automation.evidence.verify.opened import open_evidence
from automation.reports.stored import open_stored
from automation.session.vault_keys import identities_in, recipient_from
from automation.storage.files import write_whole, writing
from automation.text.catalogue import N_
from automation.text.language import Language
from automation.text.redaction import Secrets

_NOT_AS_LEFT = N_("%(file)s: the ledger is not as it was left; run `temoin verify` on this folder")


def pack_evidence(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write, such as run.zip or evidence.tar.age.")
    ],
    folder: Annotated[
        Path | None,
        typer.Argument(help="A run in its evidence folder; with --for the folder, usual: the configured one."),
    ] = None,
    recipients: Annotated[
        list[str] | None, typer.Option("--for", help="Who may open it: age1… or 'ssh-ed25519 …'; can be repeated.")
    ] = None,
    trust: Trusted = None,
    config: Config = None,
) -> None:
    """
    Put a run into one zip file that proves itself or, with --for, all evidence into one encrypted file.

    The zip holds the piece of the ledger that tells of the run; what lies beside the evidence stays where it is. The
    run is verified first, and nothing is written of one that is not in order.

    The encrypted file is to be kept by a CI service or sent on. Any age program opens it: age --decrypt -i KEY
    evidence.tar.age | tar -x
    """
    settings = load_settings(config, for_signing_in=False)
    said, believed = words(None, settings), known_keys(settings, trust)
    if recipients:
        _pack_all(folder or settings.output, output, recipients, believed, said)
    elif folder is None:
        raise ConfigurationError("no run is named", "Name its folder, or with --for who may open all of the evidence.")
    else:
        _pack_run(folder, output, believed, said)


def _pack_run(run: Path, output: Path, believed: Trust | None, words: Language) -> None:
    folder = run.absolute()
    for found in examine(folder, believed, open_run=open_stored):
        for finding in found.findings:
            if finding.fault is not Fault.UNSTAMPED:
                what = FAULTS[finding.fault] % {"where": finding.where, "detail": finding.detail, "why": ""}
                raise ConfigurationError(
                    f"{run}: not in order, so it is not handed on: {what}",
                    f"Run `temoin verify {run}`.",
                )
    count = pack_run(Ledger(folder.parent), folder.name, output)
    say(words.ngettext("%(num)s file in %(file)s", "%(num)s files in %(file)s", count, num=count, file=output))
    _say_what_is_unmasked(folder, words)


def _pack_all(root: Path, output: Path, recipients: Sequence[str], believed: Trust | None, words: Language) -> None:
    count = pack(root, output, [recipient_from(text) for text in recipients])
    if not count:
        raise ConfigurationError(f"{root}: there is no evidence here", "Run `temoin check` first.")
    said = words.ngettext(
        "%(num)s file, encrypted in %(file)s", "%(num)s files, encrypted in %(file)s", count, num=count, file=output
    )
    say(said)
    _say_what_is_unmasked(root, words)
    chain = read_chain(root, believed)
    if chain is not None and chain.findings:
        say(f"! {words.gettext(_NOT_AS_LEFT, file=chain.root / LEDGER)}")


def _say_what_is_unmasked(folder: Path, words: Language) -> None:
    """Mails and PDFs that people added to looks are sealed as they are: whoever hands them on is told."""
    added = [path for path in folder.rglob("seen-*") if names.SEEN.fullmatch(path.name)]
    if count := len({path.name for path in added if path.suffix in {".eml", ".pdf"}}):
        text = words.ngettext(
            "%(num)s mail or PDF that was added to a look is in it as it came: names in it are not masked.",
            "%(num)s mails or PDFs that were added to looks are in it as they came: names in them are not masked.",
            count,
            num=count,
        )
        say(f"! {text}")


def parcel(
    account: AccountName,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file; a name of its own, here.")] = None,
    pictures: Annotated[bool, typer.Option("--pictures", help="With the masked pictures of these pages.")] = False,
    yes: Yes = False,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """
    Write what shows why the pages of an account were not recognised, for those who maintain its flow.

    All of it is shown first: the order of the pages and the service's own words. You send the file yourself.
    """
    settings, said = settings_and_words(config, (account,), lang=lang, for_signing_in=False)
    known = known_flows(settings.flow_paths, {settings.accounts[0].flow}).flows
    visit = next((one for one in newest_visits(settings.output) if one.result.account == account), None)
    flow = known.get(visit.result.flow) if visit else None
    if visit is None or flow is None:
        raise ConfigurationError("there is no evidence of this account", "Check it first.")
    made = parcel_of(visit.result, visit.bundle, flow, settings.accounts[0], pictures=pictures)
    typer.echo(made.text)
    for name in made.pictures:
        typer.echo(visit.bundle / "data" / "pictures" / name)
    if not yes and not agrees(said.gettext("Write this into a file?"), said):
        raise typer.Exit(2)
    target = output or Path(f"temoin-{flow.id}.{made.suffix}")
    with writing(target):
        write_whole(target, made.content)
    typer.echo(target)


def remove_by_decision(
    reason: Annotated[str, typer.Option(help="Why, as `temoin verify` will show it: erasure asked for, Art. 17 GDPR.")],
    by: By = None,
    account: Annotated[str, typer.Option(help="All that tells of this account.", autocompletion=account_names)] = "",
    run: Annotated[str, typer.Option(help="This run, by the name of its folder.")] = "",
    decided: Annotated[str | None, typer.Option("--on", help="The day of the decision; usual: today (UTC).")] = None,
    output: EvidenceAt = None,
    config: Config = None,
    yes: Yes = False,
) -> None:
    """
    Remove one run, or all that tells of an account, by somebody's decision; a signed line says whose, when and why.

    Of an account its bundles go, and the results and reports of every run in which it stands. The history is made again
    without them by `temoin history rebuild`.
    """
    if bool(account) is bool(run):
        raise ConfigurationError("nothing, or too much, is meant", "Name either --account or --run.")
    settings = load_settings(config, for_signing_in=False)
    ledger, keys, said = Ledger(output or settings.output), keys_of(settings), words(None, settings)
    person = speaker(by, said)
    on = (day(decided, "--on") if decided else None) or datetime.now(UTC).date()
    if not 0 < len(reason) <= 500 or not 0 < len(person) <= 200:
        raise ConfigurationError("a reason or a person is empty or too long", "Say both in a few words.")
    planned = plan_removal(ledger, account=account, run=run, trust=keys.trust())
    for path in planned:
        typer.echo(path)
    if not planned:
        raise ConfigurationError(f"{ledger.root}: there is nothing of {account or run} here", "Correct the name.")
    with _removing(len(planned), said, yes=yes):
        remove_decided(ledger, keys, planned, Removal(reason=reason, person=person, day=on.isoformat()))


@contextmanager
def _removing(total: int, words: Language, *, yes: bool) -> Iterator[None]:
    """Ask first, and say afterwards how many are gone."""
    question = words.ngettext("Remove this %(num)s for good?", "Remove these %(num)s for good?", total, num=total)
    if not yes and not agrees(question, words):
        raise typer.Exit(2)
    yield
    say(words.ngettext("%(num)s removed.", "%(num)s removed.", total, num=total))


def prune(
    keep: Annotated[str, typer.Option(help="What stays: 90d for 90 days, or 12 for the newest 12 of each account.")],
    output: EvidenceAt = None,
    config: Config = None,
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
) -> None:
    """
    Remove old bundles; each leaves a line in the ledger that says so.

    The newest bundle of each account always stays. Unfinished folders of checks that died a day ago go, too.
    """
    wanted = parse_keep(keep)
    settings = load_settings(config, for_signing_in=False)
    root = output or settings.output
    if not root.is_dir():
        raise ConfigurationError(f"{root}: there is no such folder", "Name the evidence folder with --output.")
    ledger = Ledger(root)
    planned = plan(ledger, wanted, datetime.now(UTC))
    for path in (*planned.bundles, *planned.left_over):
        typer.echo(path)
    total = len(planned.bundles) + len(planned.left_over)
    said = words(None, settings)
    for path in planned.altered:
        text = said.gettext("%(path)s: not as it was sealed, so it stays, and what came after it", path=path)
        say(f"! {text}")
    if not total or dry_run:
        say(said.gettext("%(num)s to remove; nothing was removed.", num=total))
        return
    with _removing(total, said, yes=yes):
        remove(ledger, keys_of(settings), planned)


def unpack_evidence(
    file: Annotated[Path, typer.Argument(help="What `temoin evidence pack` wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to unpack into; new or empty.")],
    identity_file: KeyFile = None,
) -> None:
    """Open an encrypted evidence folder; `temoin verify` then checks what is in it."""
    settings = load_environment()
    named = identities_in(content_of(identity_file), str(identity_file)) if identity_file else ()
    unpack(file, output, named or (vault_key(settings).existing(),))
    typer.echo(output)


def export(
    bundle: Annotated[Path, typer.Argument(help="The bundle of a check.")],
    wacz: Annotated[Path, typer.Option(help="The web archive to write, such as visit.wacz.")],
    trust: Trusted = None,
    config: Config = None,
) -> None:
    """
    Write what a bundle keeps of its visit as a web archive (WACZ), to look at in ReplayWeb.page or pywb.

    A bundle that is not as it was sealed is refused, and nothing is written that holds a secret of the configuration.
    """
    if wacz.suffix != ".wacz":
        raise ConfigurationError(f"{wacz}: a web archive of this kind ends in .wacz", "Name the file so.")
    settings = load_settings(config, for_signing_in=False)
    secrets = Secrets.of(own=settings.secret_values())
    evidence = open_evidence(bundle, known_keys(settings, trust))
    envelope = hashlib.sha256(content_of(bundle / names.ENVELOPE)).hexdigest()
    archive = wacz_of(evidence, envelope, secrets)
    with writing(wacz):
        write_whole(wacz, archive)
    typer.echo(wacz)
