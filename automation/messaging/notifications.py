"""
Telling people about changes: one message a run, only when something changed, through Apprise.

A notifier that fails costs no check: what did not arrive is told as a sentence. Addresses are secrets and hold
passwords and tokens, so nothing here repeats more of one than what stands before its `://`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automation.config.installation import ways_to_add
from automation.domain.results import RunDocument
from automation.domain.settings.notifications import NotificationSettings
from automation.reports.names import CHANGE_NAMES, VERDICT_NAMES
from automation.storage.history.changes import Change, ChangeKind
from automation.text.language import Language, language, printable

if TYPE_CHECKING:
    from pydantic import SecretStr

_LONGEST_S = 60.0
"""How long one address may take; a run must end."""
_MOST_NAMES = 20
_LOUD = ("apprise", "urllib3", "requests")
"""Loggers that write addresses, or parts of them."""
_ORDER = (
    ChangeKind.REGRESSED,
    ChangeKind.BECAME_UNKNOWN,
    ChangeKind.CHANGED,
    ChangeKind.FIXED,
    ChangeKind.RECOVERED,
    ChangeKind.NEW,
    ChangeKind.STILL,
)
"""What matters most comes first; `still` is told only where the form is another."""

_WORDS: Mapping[str, tuple[str, str]] = {
    "one": ("Témoin: 1 change in {accounts} account(s)", "Témoin : 1 changement, {accounts} compte(s) vérifié(s)"),
    "many": (
        "Témoin: {changes} changes in {accounts} accounts",
        "Témoin : {changes} changements, {accounts} comptes vérifiés",
    ),
    "form": ("the form is another", "le formulaire a changé"),
    "more": ("and {number} more", "et {number} de plus"),
    "stand_in": (
        "These answers come from a local stand-in, not from the service.",
        "Ces réponses viennent d'une réplique locale, pas du service.",
    ),
    "report": (
        "The report of this run shows the pictures and what to do next.",
        "Le rapport de cette vérification montre les images et ce qu'il faut faire.",
    ),
    "not_installed": (
        "Nobody was told about the changes: notifications need a package. Install it: {command}",
        "Personne n'a été prévenu des changements : il manque un paquet. Installez-le : {command}",
    ),
    "no_address": (
        "Address {number} of TEMOIN_NOTIFICATIONS__URLS is none that Apprise understands; nobody was told there.",
        "L'adresse {number} de TEMOIN_NOTIFICATIONS__URLS n'est pas comprise par Apprise ; personne n'y a été prévenu.",
    ),
    "not_delivered": (
        (
            "The notification to address {number} of TEMOIN_NOTIFICATIONS__URLS ({kind}) did not arrive. "
            "Check the address and that its service answers."
        ),
        (
            "La notification à l'adresse {number} de TEMOIN_NOTIFICATIONS__URLS ({kind}) n'est pas arrivée. "
            "Vérifiez l'adresse et que son service répond."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Notification:
    """What is told."""

    title: str
    body: str


async def notify(
    settings: NotificationSettings, document: RunDocument, changes: Mapping[str, Change], lang: str
) -> tuple[str, ...]:
    """
    Tell everybody who is configured about the changes of a run; nobody where nothing changed.

    Args:
        settings: whom to tell, and whether accounts may be named.
        document: the run.
        changes: account → what its result changed, as the history says.
        lang: language of the message and of the returned sentences.

    Returns:
        One sentence for each address that could not be told; empty when all is well. Nothing is raised.
    """
    notice = compose(document, changes, lang, names=settings.names)
    if notice is None or not settings.urls:
        return ()
    with _quiet():
        try:
            import apprise  # noqa: F401, PLC0415 - an extra, and slow to import
        except ImportError:
            return (_say("not_installed", lang, command=ways_to_add("notify")[0]),)
        arrived = await asyncio.gather(*(_tell(url, notice) for url in settings.urls), return_exceptions=True)
    return tuple(
        _say("no_address" if told is None else "not_delivered", lang, number=number, kind=_kind(url))
        for number, (url, told) in enumerate(zip(settings.urls, arrived, strict=True), 1)
        if told is not True  # more than a hundred services' code: what one of them raises costs no check
    )


def compose(document: RunDocument, changes: Mapping[str, Change], lang: str, *, names: bool) -> Notification | None:
    """
    The message about a run's changes; None where there are none.

    Args:
        document: the run.
        changes: account → what its result changed.
        lang: `en` or `fr`.
        names: whether accounts may be named; without, changes of one kind are counted.

    Raises:
        ConfigurationError: there is no such language.
    """
    words = language(lang)
    told = {account: change for account, change in changes.items() if change.kind.is_news or change.form_changes}
    if not told:
        return None
    ordered = sorted(told.items(), key=lambda item: (_ORDER.index(item[1].kind), item[0]))
    lines = list(_named(ordered, words)) if names else list(_counted([change for _, change in ordered], words))
    if document.run.stand_in:
        lines += ["", _say("stand_in", lang)]
    lines += ["", _say("report", lang), document.run.id]
    title = _say("one" if len(told) == 1 else "many", lang, changes=len(told), accounts=len(document.results))
    return Notification(title, "\n".join(lines))


def _named(ordered: Sequence[tuple[str, Change]], words: Language) -> Iterator[str]:
    for account, change in ordered[:_MOST_NAMES]:
        yield f"{printable(account)}: {_what(change, words)}"
    if len(ordered) > _MOST_NAMES:
        yield _say("more", words.code, number=len(ordered) - _MOST_NAMES)


def _counted(ordered: Sequence[Change], words: Language) -> Iterator[str]:
    for what, number in Counter(_what(change, words) for change in ordered).items():
        yield f"{number} × {what}"


def _what(change: Change, words: Language) -> str:
    """Such as `Worse: Objected → Not objected; the form is another`."""
    before = change.last_answer or change.previous
    now = words.gettext(VERDICT_NAMES[change.now.verdict])
    if before is not None and before.verdict is not change.now.verdict:
        now = f"{words.gettext(VERDICT_NAMES[before.verdict])} → {now}"
    form = f"; {_say('form', words.code)}" if change.form_changes else ""
    return f"{words.gettext(CHANGE_NAMES[change.kind])}: {now}{form}"


async def _tell(url: SecretStr, notice: Notification) -> bool | None:
    """Tell one address; whether it arrived, and None where it is no address."""
    from apprise import Apprise, AppriseAsset, NotifyFormat, PersistentStoreMode  # noqa: PLC0415 - an extra

    asset = AppriseAsset(app_id="Témoin", secure_logging=True, storage_mode=PersistentStoreMode.MEMORY)
    service: Any = Apprise(asset=asset)
    if not service.add(url.get_secret_value()):
        return None
    async with asyncio.timeout(_LONGEST_S):
        return bool(
            await service.async_notify(
                title=notice.title, body=notice.body, body_format=NotifyFormat.TEXT, interpret_escapes=False
            )
        )


def _kind(url: SecretStr) -> str:
    scheme = url.get_secret_value().partition("://")[0]
    return scheme if scheme.isalnum() and len(scheme) < 20 else "?"


@contextmanager
def _quiet() -> Iterator[None]:
    """Let nothing that the services' loggers and those below them write get any further: they quote addresses."""
    loggers = [logging.getLogger(name) for name in _LOUD]
    before = [logger.propagate for logger in loggers]
    nowhere = logging.NullHandler()
    try:
        for logger in loggers:
            logger.propagate = False
            logger.addHandler(nowhere)
        yield
    finally:
        for logger, propagate in zip(loggers, before, strict=True):
            logger.propagate = propagate
            logger.removeHandler(nowhere)


def _say(key: str, lang: str, **values: object) -> str:
    english, french = _WORDS[key]
    return (french if language(lang).code == "fr" else english).format(**values)
