"""Which account and which earlier objection a message can concern."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from automation.core.mail import Match, MatchBasis, Recipients
from automation.messaging.mailbox.letters import Letter
from automation.text.normalizing import fold

_CLOCKS = timedelta(hours=1)
"""How far two machines' clocks may differ."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """An account, as a message to it could name it."""

    account: str
    flow: str
    service: str
    addresses: tuple[str, ...] = field(default=(), repr=False)
    """E-mail addresses given for it, aliases of them, or the one that it signs in with."""
    names: tuple[str, ...] = field(default=(), repr=False)
    """Its owner's and its Page's name."""
    objection_after: datetime | None = None
    """When a check last found that it had no objection, where there was one; an objection was filed later. Aware."""


def match(
    letter: Letter, addressees: Sequence[Addressee], *, product_named: bool, delivered: Collection[str] = ()
) -> Match:
    """
    Narrow the accounts of a service down to those that a message can concern.

    An address decides before a name, because it was given by the account's holder. A message older than the last check
    that found no objection does not answer a later one. The sources know of no case number in these answers, so none is
    looked for.

    Args:
        letter: the message.
        addressees: all accounts of the service.
        product_named: whether the message names this service.
        delivered: to which addresses the user's own server delivered it; they decide where it names no recipient.
    """
    by: list[MatchBasis] = [MatchBasis.PRODUCT] if product_named else []
    left = [a for a in addressees if not _too_early(letter, a)]
    addressed = _holders(letter.recipients or delivered, left)
    if addressed:
        left = addressed
        by.append(MatchBasis.ADDRESS if letter.recipients else MatchBasis.DELIVERY)
    named = [a for a in left if _named(letter, a)]
    if named:
        left = named
        by.append(MatchBasis.NAME)
    if len(left) == 1 and len(addressees) == 1:
        by.append(MatchBasis.ONLY_ACCOUNT)
    objection_after = left[0].objection_after if len(left) == 1 else None
    if objection_after is not None and letter.sent_at is not None:
        by.append(MatchBasis.TIME)
    return Match(tuple(a.account for a in left), tuple(by), objection_after)


def recipients_of(letter: Letter, addressees: Sequence[Addressee], delivered: Collection[str]) -> Recipients:
    """
    To whom a message was really sent.

    Args:
        letter: the message.
        addressees: all accounts, of whatever service.
        delivered: to which addresses the user's own server delivered it.
    """
    known = {form for addressee in addressees for address in addressee.addresses for form in _forms(address)}
    return Recipients(
        tuple(a.account for a in _holders(letter.recipients, addressees)),
        tuple(a.account for a in _holders(delivered, addressees)),
        others=any(known.isdisjoint(_forms(address)) for address in letter.recipients),
    )


def _holders(addresses: Collection[str], addressees: Sequence[Addressee]) -> list[Addressee]:
    """Whose address is among these; one that was given letter by letter goes before one with a tag in it."""
    exact = {fold(address) for address in addresses}
    found = [a for a in addressees if any(fold(address) in exact for address in a.addresses)]
    if found:
        return found
    forms = {form for address in addresses for form in _forms(address)}
    return [a for a in addressees if any(fold(address) in forms for address in a.addresses)]


def _forms(address: str) -> frozenset[str]:
    """The address, and without its tag: mail to `lou+meta@…` arrives at `lou@…`."""
    local, at, domain = fold(address).rpartition("@")
    return frozenset({f"{local}{at}{domain}", f"{local.partition('+')[0] or local}{at}{domain}"})


def _too_early(letter: Letter, addressee: Addressee) -> bool:
    filed, sent = addressee.objection_after, letter.sent_at
    return filed is not None and sent is not None and sent < filed - _CLOCKS


def _named(letter: Letter, addressee: Addressee) -> bool:
    text = fold(" ".join(block.text for version in letter.versions for block in version.own))
    return any(_holds(text, fold(name)) for name in addressee.names if len(name) > 3)


def _holds(text: str, name: str) -> bool:
    at = text.find(name)
    while at != -1:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        at = text.find(name, at + 1)
    return False
