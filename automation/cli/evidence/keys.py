"""`temoin keys`: the keys that seal evidence, and whom others should trust."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.evidence import identity_key, keys_backup
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from automation.evidence.keys.signing import Keys
    from automation.evidence.keys.trust import TrustedKey

app = typer.Typer(help="The keys that seal evidence.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(identity_key.app, name="identity")
app.command("backup")(keys_backup.backup)
app.command("restore")(keys_backup.restore)


def _say(sentence: str, **values: object) -> None:
    """Say something beside the output, in the language of whoever called."""
    from automation.cli.shared.common import words_before_configuration

    typer.echo(words_before_configuration().gettext(sentence, **values), err=True)


def _keys() -> Keys:
    from automation.cli.shared.common import load_environment
    from automation.cli.shared.sealing import keys_of

    return keys_of(load_environment())


def _stored() -> Keys:
    """The keys kept on this machine, whatever the environment says."""
    from automation.cli.shared.common import load_environment
    from automation.cli.shared.places import data_folder
    from automation.evidence.keys.signing import Keys

    load_environment()
    return Keys(data_folder() / "keys")


@app.command("new")
def new(
    for_ci: Annotated[
        bool,
        typer.Option("--for-ci", help="Make a key to sign elsewhere, and print it once; keep only its public half."),
    ] = False,
) -> None:
    """Make the key of this machine, unless it has one."""
    keys = _stored()
    if for_ci:
        key = keys.new_for_ci()
        typer.echo(f"TEMOIN_SIGNING_KEY={key.seed()}")
        _say(
            N_("Key %(key)s: keep the line above as a secret of your CI; it is shown only now."),
            key=key.id,
        )
        return
    before = keys.in_use()
    key = keys.new()
    typer.echo(key.id)
    if before:
        _say(N_("This machine has this key already."))
    else:
        _say(N_("Kept in the folder %(folder)s."), folder=keys.folder)


@app.command("list")
def list_keys(
    json: Annotated[bool, typer.Option("--json", help="Print the trust file instead.")] = False,
) -> None:
    """List the keys with the time for which each is good; the one in use is marked."""
    keys = _keys()
    trust = keys.trust()
    if json:
        typer.echo(trust.text(), nl=False)
        return
    in_use = keys.in_use()
    for key in trust.keys:
        facts = (*_times(key), key.note)
        typer.echo(f"{'*' if key.id == in_use else ' '} {key.id} " + ", ".join(filter(None, facts)))
    if not trust.keys:
        _say(N_("No key yet: the first check makes one, and so does `temoin keys new`."))


def _times(key: TrustedKey) -> Iterator[str]:
    """From when a key is good, until when, and from when it is not."""
    from automation.cli.shared.common import words_before_configuration

    said = words_before_configuration()
    told = (
        (key.since, N_("from %(moment)s")),
        (key.until, N_("until %(moment)s")),
        (key.revoked, N_("revoked from %(moment)s")),
    )
    yield from (said.gettext(text, moment=f"{at:%Y-%m-%d %H:%M} UTC") for at, text in told if at)


@app.command("rotate")
def rotate() -> None:
    """Put a new key in the place of the one in use; what that one sealed stays verifiable."""
    old, key = _stored().rotate()
    typer.echo(key.id)
    if old:
        _say(N_("%(key)s ends now; its private half is erased. Hand out the new trust file."), key=old)


@app.command("revoke")
def revoke(
    key: Annotated[str, typer.Argument(help="How the key's id begins, at least 8 characters.")],
    since: Annotated[
        str | None,
        typer.Option(help="From when on others may have had it: 2026-11-24 or 2026-11-24T07:30Z. Usual: now."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for those who read the trust file.")] = "",
) -> None:
    """Trust a key no longer: what an authority stamped before stands, all else of that key falls."""
    from automation.evidence.formats.encoding import moment

    revoked = _stored().revoke(key, _moment(since), reason[:500])
    typer.echo(revoked.id)
    at = moment(revoked.revoked) if revoked.revoked else ""
    _say(N_("Revoked from %(moment)s. Hand out the new trust file."), moment=at)


@app.command("export-trust")
def export_trust(
    output: Annotated[Path | None, typer.Option(help="The file to write; usual: standard output.")] = None,
) -> None:
    """Write the trust file that others verify with: public keys and the roots of authorities, nothing secret."""
    from automation.storage.files import write_text

    text = _keys().trust().text()
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_text(output, text)


def _moment(text: str | None) -> datetime:
    from datetime import UTC, datetime

    from automation.core.errors import ConfigurationError

    if text is None:
        return datetime.now(UTC)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"--since {text}: no date", "Write 2026-11-24 or 2026-11-24T07:30Z.") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
