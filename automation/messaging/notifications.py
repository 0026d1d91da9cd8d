"""
Telling people about changes: one message a run, only when something changed, through Apprise.

A notifier that fails costs no check: what did not arrive is told as a sentence. Addresses are secrets and hold
passwords and tokens, so nothing here repeats more of one than what stands before its `://`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automation.config.installation import ways_to_add
from automation.core.cases import OVERDUE
from automation.reports.names import CASE_IN_SHORT, CHANGE_NAMES, VERDICT_NAMES
from automation.storage.changes import Change, ChangeKind
from automation.text.language import Language, language, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import SecretStr

    from automation.core.results import RunDocument
    from automation.core.settings import NotificationSettings

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
    words = language(lang)
    notice = compose(document, changes, lang, names=settings.names)
    if notice is None or not settings.urls:
        return ()
    with _quiet():
        try:
            import apprise  # noqa: F401, PLC0415 - an extra, and slow to import
        except ImportError:
            return (
                words.gettext(
                    "Nobody was told about the changes: notifications need a package. Install it: %(command)s",
                    command=ways_to_add("notify")[0],
                ),
            )
        arrived = await asyncio.gather(*(_tell(url, notice) for url in settings.urls), return_exceptions=True)
    return tuple(
        _undelivered(number, url, words, understood=told is not None)
        for number, (url, told) in enumerate(zip(settings.urls, arrived, strict=True), 1)
        if told is not True  # more than a hundred services' code: what one of them raises costs no check
    )


def compose(document: RunDocument, changes: Mapping[str, Change], lang: str, *, names: bool) -> Notification | None:
    """
    The message about a run's changes, by account, in a language that there is; None where there are none.

    Without `names` no account is named: changes of one kind are counted.
    """
    words = language(lang)
    told = {account: change for account, change in changes.items() if change.kind.is_news or change.form_changes}
    if not told:
        return None
    ordered = sorted(told.items(), key=lambda item: (_ORDER.index(item[1].kind), item[0]))
    late = {result.account for result in document.results if result.next_step == OVERDUE}
    said = [(account, _what(change, words, late=account in late)) for account, change in ordered]
    counts = Counter(what for _, what in said)
    lines = list(_named(said, words)) if names else [f"{number} × {what}" for what, number in counts.items()]
    if document.run.stand_in:
        lines += ["", words.gettext("These answers come from a local stand-in, not from the service.")]
    report = words.gettext("The report of this run shows the pictures and what to do next.")
    lines += ["", report, document.run.id]
    changed, checked = len(told), len(document.results)
    title = words.gettext(
        "Témoin: %(changes)s, %(accounts)s",
        changes=words.ngettext("%(num)s change", "%(num)s changes", changed, num=changed),
        accounts=words.ngettext("%(num)s account checked", "%(num)s accounts checked", checked, num=checked),
    )
    return Notification(title, "\n".join(lines))


def _named(said: Sequence[tuple[str, str]], words: Language) -> Iterator[str]:
    for account, what in said[:_MOST_NAMES]:
        yield f"{printable(account)}: {what}"
    if len(said) > _MOST_NAMES:
        left = len(said) - _MOST_NAMES
        yield words.ngettext("and %(num)s more", "and %(num)s more", left, num=left)


def _what(change: Change, words: Language, *, late: bool) -> str:
    """Such as `Worse: Objected → Not objected; the form is another`; `late`: an objection had no decision in time."""
    before = change.last_answer or change.previous
    now = words.gettext(VERDICT_NAMES[change.now.verdict])
    if before is not None and before.verdict is not change.now.verdict:
        now = f"{words.gettext(VERDICT_NAMES[before.verdict])} → {now}"
    elif late:
        now = words.gettext(CASE_IN_SHORT[OVERDUE])
    said = words.gettext("%(what)s: %(text)s", what=words.gettext(CHANGE_NAMES[change.kind]), text=now)
    return words.clauses((said, words.gettext("the form is another"))) if change.form_changes else said


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


def _undelivered(number: int, url: SecretStr, words: Language, *, understood: bool) -> str:
    """What to say of an address that nobody was told at."""
    if not understood:
        return words.gettext(
            "Address %(number)s of TEMOIN_NOTIFICATIONS__URLS is none that Apprise understands; nobody was told there.",
            number=number,
        )
    scheme = url.get_secret_value().partition("://")[0]
    return words.gettext(
        "The notification to address %(number)s of TEMOIN_NOTIFICATIONS__URLS (%(kind)s) did not arrive. "
        "Check the address and that its service answers.",
        number=number,
        kind=scheme if scheme.isalnum() and len(scheme) < 20 else "?",
    )


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
