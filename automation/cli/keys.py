"""`temoin evidence key`: the keys that seal evidence, whom others should trust, and all of them in one file."""

from __future__ import annotations

import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from automation.app.keys import has_keys, no_key, put_back, sealed_keys
from automation.app.setup import data_folder, identity_key, keys_of
from automation.cli.options import Lang, say, words, words_before_configuration
from automation.cli.settings import NO_FILE, load_environment, settings_and_words
from automation.core.errors import ConfigurationError
from automation.evidence.formats.signed import moment
from automation.evidence.keys.signing import Keys
from automation.storage.files import write_text, write_whole
from automation.text.catalogue import N_
from automation.visit.order import HEX, keep_identity_key, key_from_text


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; keep it apart from this machine.")], lang: Lang = None
) -> None:
    """
    Save every key of this machine in one file, sealed with a passphrase that is asked for.

    What signs evidence, what seals the sessions, and what stands for accounts. `restore` puts them back.
    """
    settings, said = settings_and_words(NO_FILE, lang=lang)
    if not has_keys(settings):
        raise no_key()
    passphrase = typer.prompt(said.gettext("Passphrase"), hide_input=True, err=True)
    if typer.prompt(said.gettext("The same once more"), hide_input=True, err=True) != passphrase:
        raise ConfigurationError("the two passphrases differ", "Type the same one twice.")
    write_whole(file, sealed_keys(settings, passphrase), mode=0o600, shared=True)
    say(said.gettext("Saved in %(file)s. Without the passphrase nobody can open it.", file=file))


def restore(
    file: Annotated[Path, typer.Argument(help="What `temoin evidence key backup` wrote.")], lang: Lang = None
) -> None:
    """Put the keys of a backup back. A key that is here already and differs is not replaced: it is told, and stays."""
    settings, said = settings_and_words(NO_FILE, lang=lang)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read ({error.strerror})", "Name the backup.") from None
    passphrase = typer.prompt(said.gettext("Passphrase"), hide_input=True, err=True)
    restored, kept = put_back(data, passphrase, settings)
    say(said.gettext("Put back: %(files)s", files=", ".join(restored) or "–"))
    if kept:
        say(said.gettext("Another key is here already, and stays: %(files)s", files=", ".join(kept)))
        raise typer.Exit(3)


_SHORTEST_BYTES = 16


def show(lang: Lang = None) -> None:
    """Print it as a line for a CI service's secrets or a `.env`: it is the same as at your desk then."""
    settings = load_environment()
    given = settings.identity_key.get_secret_value() if settings.identity_key else ""
    typer.echo(f"TEMOIN_IDENTITY_KEY={given or HEX + identity_key(settings).hex()}")
    say(words(lang, settings).gettext("Keep it secret: with it, an account's digest could be tried out."))


def set_key(
    new: Annotated[bool, typer.Option("--new", help="Make a new one; without it, the key is read from stdin.")] = False,
    lang: Lang = None,
) -> None:
    """
    Keep a key on this machine, as from another one: temoin evidence key identity set < FILE.

    Sessions and results of the key before belong to other digests: sign in again, and the history begins anew.
    """
    settings = load_environment()
    line = "" if new else sys.stdin.readline()
    key = (
        secrets.token_bytes(32) if new else key_from_text(line.strip().removeprefix("TEMOIN_IDENTITY_KEY=").strip("'"))
    )
    if len(key) < _SHORTEST_BYTES:
        raise ConfigurationError(
            f"this is no key: it has fewer than {_SHORTEST_BYTES} letters",
            "Copy what `temoin evidence key identity show` prints, or use --new.",
        )
    say(words(lang, settings).gettext("Kept in %(file)s.", file=keep_identity_key(key, data_folder())))


def _say(sentence: str, **values: object) -> None:
    """Say something beside the output, in the language of whoever called."""
    say(words_before_configuration().gettext(sentence, **values))


def _stored() -> Keys:
    """The keys kept on this machine, whatever the environment says."""
    load_environment()
    return Keys(data_folder() / "keys")


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
        _say(N_("Key %(key)s: keep the line above as a secret of your CI; it is shown only now."), key=key.id)
        return
    before = keys.in_use()
    key = keys.new()
    typer.echo(key.id)
    if before:
        _say(N_("This machine has this key already."))
    else:
        _say(N_("Kept in the folder %(folder)s."), folder=keys.folder)


def list_keys(json: Annotated[bool, typer.Option("--json", help="Print the trust file instead.")] = False) -> None:
    """List the keys with the time for which each is good; the one in use is marked."""
    keys = keys_of(load_environment())
    trust = keys.trust()
    if json:
        typer.echo(trust.text(), nl=False)
        return
    in_use, said = keys.in_use(), words_before_configuration()
    times = (
        ("since", N_("from %(moment)s")),
        ("until", N_("until %(moment)s")),
        ("revoked", N_("revoked from %(moment)s")),
    )
    for key in trust.keys:
        moments = ((text, getattr(key, name)) for name, text in times)
        facts = [said.gettext(text, moment=f"{at:%Y-%m-%d %H:%M} UTC") for text, at in moments if at]
        typer.echo(f"{'*' if key.id == in_use else ' '} {key.id} " + ", ".join(filter(None, (*facts, key.note))))
    if not trust.keys:
        _say(N_("No key yet: the first check makes one, and so does `temoin evidence key new`."))


def rotate() -> None:
    """Put a new key in the place of the one in use; what that one sealed stays verifiable."""
    old, key = _stored().rotate()
    typer.echo(key.id)
    if old:
        _say(N_("%(key)s ends now; its private half is erased. Hand out the new trust file."), key=old)


def revoke(
    key: Annotated[str, typer.Argument(help="How the key's id begins, at least 8 characters.")],
    since: Annotated[
        str | None,
        typer.Option(help="From when on others may have had it: 2026-11-24 or 2026-11-24T07:30Z. Usual: now."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for those who read the trust file.")] = "",
) -> None:
    """Trust a key no longer: what an authority stamped before stands, all else of that key falls."""
    text = datetime.now(UTC).isoformat() if since is None else since
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"--since {text}: no date", "Write 2026-11-24 or 2026-11-24T07:30Z.") from None
    revoked = _stored().revoke(key, at if at.tzinfo else at.replace(tzinfo=UTC), reason[:500])
    typer.echo(revoked.id)
    moment_said = moment(revoked.revoked) if revoked.revoked else ""
    _say(N_("Revoked from %(moment)s. Hand out the new trust file."), moment=moment_said)


def export_trust(
    output: Annotated[Path | None, typer.Option(help="The file to write; usual: standard output.")] = None,
) -> None:
    """Write the trust file that others verify with: public keys and the roots of authorities, nothing secret."""
    text = keys_of(load_environment()).trust().text()
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_text(output, text)
