"""Reading an IMAP mailbox, strictly read-only: EXAMINE and BODY.PEEK, and nothing else that could leave a trace."""

from __future__ import annotations

import imaplib
import re
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.core.errors import ConfigurationError, MailboxUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from imap_tools import BaseMailBox

    from automation.core.settings import MailboxSettings


_AT_ONCE = 200
"""How many headers one command asks for."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one message."""

    uid: str
    raw: bytes
    size_bytes: int
    """Of the whole message, as the server says."""


class Folder:
    """A folder that was opened for reading only."""

    def __init__(self, box: BaseMailBox, name: str) -> None:
        self._box, self.name = box, name

    def since(self, day: date) -> list[str]:
        """The uids of all messages that arrived on or after a day, oldest first."""
        from imap_tools import AND  # noqa: PLC0415 - slow to import

        with _asking(self.name):
            return sorted(self._box.uids(AND(date_gte=day), charset=None), key=int)

    def headers(self, uids: Sequence[str]) -> Iterator[Header]:
        """The headers of these messages; one that has gone meanwhile is left out."""
        for start in range(0, len(uids), _AT_ONCE):
            wanted = set(uids[start : start + _AT_ONCE])
            for uid, raw, size in self._fetch(sorted(wanted, key=int), "HEADER"):
                if uid in wanted:
                    yield Header(uid, raw, size)

    def message(self, uid: str) -> bytes | None:
        """One message as the server holds it; None where it has gone meanwhile."""
        return next((raw for found, raw, _ in self._fetch([uid], "") if found == uid), None)

    def _fetch(self, uids: Sequence[str], section: str) -> Iterator[tuple[str, bytes, int]]:
        """
        Ask for messages without marking them.

        imap_tools' own `fetch(mark_seen=False)` sends the same command, but hands over parsed messages, and a
        signature is over the bytes.
        """
        with _asking(self.name):
            status, data = self._box.client.uid("FETCH", ",".join(uids), f"(UID RFC822.SIZE BODY.PEEK[{section}])")
        if status != "OK":
            raise MailboxUnavailable(f"{self.name}: the messages of this folder cannot be read", "Try again later.")
        for number, item in enumerate(data):
            if not isinstance(item, tuple):
                continue
            after = data[number + 1] if number + 1 < len(data) else b""
            about = item[0] + (after if isinstance(after, bytes) else b"")  # servers put them before or after
            uid, size = re.search(rb"UID (\d+)", about), re.search(rb"RFC822\.SIZE (\d+)", about)
            if uid:
                yield uid[1].decode(), bytes(item[1]), int(size[1]) if size else 0


@contextmanager
def opened(settings: MailboxSettings) -> Iterator[Mailbox]:
    """
    Sign in, and out at the end.

    Raises:
        ConfigurationError: something is not set.
        MailboxUnavailable: the server does not answer, is not who it says, or does not let us in.
    """
    box = _connect(settings)
    from imap_tools import UnexpectedCommandStatusError  # noqa: PLC0415 - slow to import

    try:
        if settings.security == "starttls":
            if "STARTTLS" not in box.client.capabilities:
                raise MailboxUnavailable(
                    f"{settings.host} does not offer STARTTLS",
                    'Use security = "tls" in [mailbox], with the port for it.',
                )
            with _asking(str(settings.host)):
                box.client.starttls(_trust(settings))
        _sign_in(box, settings)
        yield Mailbox(box)
    finally:
        try:
            box.logout()
        except (UnexpectedCommandStatusError, imaplib.IMAP4.error, OSError):
            box.client.shutdown()


class Mailbox:
    """A mailbox that one is signed in to; it can open folders for reading, and nothing else."""

    def __init__(self, box: BaseMailBox) -> None:
        self._box = box

    def folder(self, name: str) -> Folder:
        """
        Open a folder for reading only.

        Raises:
            MailboxUnavailable: there is no such folder, or the server opens it for writing all the same.
        """
        from imap_tools import MailboxFolderSelectError  # noqa: PLC0415 - slow to import

        with _asking(name):
            try:
                self._box.folder.set(name, readonly=True)  # EXAMINE
            except MailboxFolderSelectError:
                raise MailboxUnavailable(
                    f"the mailbox has no folder {name}", "Correct `folders` in [mailbox]: as the server spells it."
                ) from None
        if "READ-ONLY" not in self._box.client.untagged_responses:
            raise MailboxUnavailable(
                f"the mail server does not open the folder {name} for reading only",
                "Témoin reads no mailbox that it could change; report this to whoever runs the server.",
            )
        return Folder(self._box, name)


def _connect(settings: MailboxSettings) -> BaseMailBox:
    from imap_tools import MailBox, MailBoxUnencrypted  # noqa: PLC0415 - slow to import

    if settings.host is None:
        raise ConfigurationError(
            "no mailbox is configured", 'Set host = "…" in [mailbox] of temoin.toml, and TEMOIN_MAILBOX__USERNAME.'
        )
    host, timeout = settings.host, settings.timeout_s
    port = settings.port or (993 if settings.security == "tls" else 143)
    with _asking(f"{host}:{port}"):
        if settings.security == "tls":
            return MailBox(host, port, timeout=timeout, ssl_context=_trust(settings))
        return MailBoxUnencrypted(host, port, timeout=timeout)  # until STARTTLS; nothing was sent by then


def _trust(settings: MailboxSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except OSError as error:
            raise ConfigurationError(
                f"{settings.ca_file}: no certificates can be read from it ({error.strerror or 'not PEM'})",
                "Correct `ca_file` in [mailbox].",
            ) from None
    return context


def _sign_in(box: BaseMailBox, settings: MailboxSettings) -> None:
    from imap_tools import UnexpectedCommandStatusError  # noqa: PLC0415 - slow to import

    name, password, token = (
        secret.get_secret_value() if secret else "" for secret in (settings.username, settings.password, settings.token)
    )
    if not name or not (password or token):
        raise ConfigurationError(
            "the mailbox has no secrets to sign in with",
            "Set TEMOIN_MAILBOX__USERNAME and TEMOIN_MAILBOX__PASSWORD (or …__TOKEN) in the environment or in .env.",
        )
    refused = MailboxUnavailable(
        f"{settings.host} does not accept the sign-in to the mailbox",
        "Check TEMOIN_MAILBOX__USERNAME and …__PASSWORD; many services want an app password or a token.",
    )
    with _asking(str(settings.host)):
        try:
            # `initial_folder` would open the inbox for writing.
            if token:
                box.xoauth2(name, token, initial_folder=None)
            elif (name + password).isascii():
                box.login(name, password, initial_folder=None)
            else:
                box.login_utf8(name, password, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except (UnexpectedCommandStatusError, imaplib.IMAP4.error):
            raise refused from None


@contextmanager
def _asking(what: str) -> Iterator[None]:
    """Turn whatever the network does into one error for a person, without anything that was sent."""
    from imap_tools import UnexpectedCommandStatusError  # noqa: PLC0415 - slow to import

    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise MailboxUnavailable(
            f"{what}: the server's certificate is not trusted ({error.verify_message})",
            "Correct `host` in [mailbox]; name the certificates of an authority of your own in `ca_file`.",
        ) from None
    except TimeoutError:
        raise MailboxUnavailable(f"{what}: the mail server does not answer in time", "Try again later.") from None
    except imaplib.IMAP4.abort:
        raise MailboxUnavailable(f"{what}: the mail server ended the connection", "Try again later.") from None
    except (imaplib.IMAP4.error, UnexpectedCommandStatusError):
        raise MailboxUnavailable(f"{what}: the mail server refuses what it is asked", "Try again later.") from None
    except OSError as error:
        raise MailboxUnavailable(
            f"{what}: the mail server cannot be reached ({error.strerror or type(error).__name__})",
            "Correct `host`, `port` and `security` in [mailbox], or try again later.",
        ) from None
