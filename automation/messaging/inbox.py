"""
One look into a mailbox: headers first, then whole messages, and only those that may answer an objection.

Nothing is ever changed in it: folders are examined, never selected, and messages are fetched without marking them.
Whatever a message says, it changes no check's verdict: this reports, and a person decides.
"""

from __future__ import annotations

import json
import re
import secrets as random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from loguru import logger

from automation import __version__
from automation.core.mail import (
    AnswerKind,
    FolderLook,
    InboxDocument,
    MailAdvice,
    MailAnswer,
    MailDoubt,
    Match,
    MatchBasis,
    Origin,
    Recipients,
    SenderTrust,
    Signature,
    SignatureReason,
    SignatureState,
)
from automation.core.results import ExitCode
from automation.core.settings import MailboxSettings
from automation.messaging.arrival import delivered_to
from automation.messaging.imap import Folder, Header, opened
from automation.messaging.keeping import Keeper, masked, masked_message, people_in, told
from automation.messaging.letters import Letter, read_letter
from automation.messaging.reading import Correspondent, Understood, names_subject, speaks_of_objecting, understand
from automation.messaging.signatures import TxtLookup, check_signature, look_up_txt
from automation.text.normalizing import fold, quote

if TYPE_CHECKING:
    from collections.abc import Collection

_LARGEST_BYTES = 2_000_000
"""An answer is a page of text; what is larger is not fetched."""
_MOST_OPENED = 1000
"""Whole messages a folder; a service's other mail, such as news of friends, is among them."""

Tell = Callable[[str, int, int], None]
"""Called with a folder's name, how many of its messages were opened, and how many are to be."""
_CLOCKS = timedelta(hours=1)
"""How far two machines' clocks may differ."""
_NOT_FETCHED = Signature(SignatureState.UNAVAILABLE, SignatureReason.NOT_FETCHED)
_TRUE_IN_PART = frozenset({SignatureReason.PARTIAL, SignatureReason.ALTERED_SINCE})
"""The service's signature is there and true of something: no forgery, and yet not to be believed as it stands."""
_ADVICE = {
    AnswerKind.ACCEPTED: MailAdvice.KEEP,
    AnswerKind.REFUSED: MailAdvice.OBJECT_AGAIN,
    AnswerKind.PENDING: MailAdvice.WAIT,
}


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
    that found no objection does not answer a later one. No source knows of a case number in these answers.

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
    """To whom a message was really sent, and to which addresses of any account the user's own server delivered it."""
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
    names = (re.escape(fold(name)) for name in addressee.names if len(name) > 3)
    return any(re.search(rf"(?<![^\W_]){name}(?![^\W_])", text) for name in names)


@dataclass(frozen=True, slots=True)
class InboxOrder:
    """What is looked for, and where."""

    settings: MailboxSettings
    addressees: Sequence[Addressee]
    services: Sequence[Correspondent]
    """Those of the addressees."""
    since: datetime
    """Aware; messages that arrived before that day are left alone."""
    output: Path
    """The evidence folder; this look gets a folder of its own in it."""
    keeper: Keeper = field(repr=False)
    """Seals what is found, in that evidence folder."""
    look_up: TxtLookup = look_up_txt


def read_inbox(order: InboxOrder, tell: Tell = lambda _folder, _done, _all: None) -> InboxDocument:
    """
    Look for the services' answers in a mailbox, without changing anything in it.

    Raises:
        ConfigurationError: the mailbox is not configured, cannot be reached, or the packages are missing.
        OutputError: what was found cannot be written.
        BundleError: what was found holds a secret, or the evidence does not prove itself.
    """
    before = order.keeper.sealer.open()
    started = datetime.now(UTC)
    run_id = f"inbox-{started:%Y%m%dT%H%M%SZ}-{random.token_hex(3)}"
    looks: list[FolderLook] = []
    found: dict[str, _Found] = {}
    with opened(order.settings) as mailbox:
        for name in order.settings.folders:
            look, here = _look_into(mailbox.folder(name), order, tell)
            looks.append(look)
            for one in here:
                found.setdefault(one.sha256, one)  # the same message may lie in two folders
            logger.info("{} messages in {}, {} opened, {} answers", look.messages, name, look.opened, len(here))
    ordered = sorted(found.values(), key=lambda one: one.answer.sent_at or order.since)
    files = {f"message-{number:02}.json": one for number, one in enumerate(ordered, 1)}
    answers = tuple(replace(one.answer, file=f"data/{name}") for name, one in files.items())
    names = tuple(addressee.account for addressee in order.addressees)
    certain = {answer.account: answer.kind for answer in answers if answer.certain}  # the newest stays
    document = InboxDocument(
        id=run_id,
        started_at=started,
        finished_at=datetime.now(UTC),
        temoin=__version__,
        since=order.since,
        accounts=names,
        folders=tuple(looks),
        answers=answers,
        unanswered=tuple(name for name in names if name not in certain),
        exit_code=int(_exit_code([certain.get(name) for name in names])),
        output=str(order.output / run_id),
    )
    return order.keeper.keep(document, {name: one.kept for name, one in files.items()}, before)


def _exit_code(kinds: Sequence[AnswerKind | None]) -> ExitCode:
    """0: a certain acceptance for every account. 1: a certain refusal. Else 3: something is open."""
    if AnswerKind.REFUSED in kinds:
        return ExitCode.FINDING
    return ExitCode.OK if kinds and set(kinds) == {AnswerKind.ACCEPTED} else ExitCode.INCOMPLETE


class _Found(NamedTuple):
    """A message that is an answer, or may be."""

    sha256: str
    answer: MailAnswer
    """Without its file."""
    kept: bytes
    """The message as evidence holds it, masked."""


def _look_into(folder: Folder, order: InboxOrder, tell: Tell) -> tuple[FolderLook, list[_Found]]:
    uids = folder.since(order.since.date())
    newest = uids[-order.settings.max_messages :]
    candidates = []
    for header in folder.headers(newest):
        letter = read_letter(header.raw)
        if any(_concerns(letter, service) for service in order.services):
            candidates.append(header)
    wanted = candidates[-_MOST_OPENED:]
    found = []
    for number, header in enumerate(wanted, 1):
        if (one := _open(folder, header, order)) is not None:
            found.append(one)
        tell(folder.name, number, len(wanted))
    return FolderLook(folder.name, len(uids), len(newest), len(candidates), len(wanted)), found


def _concerns(letter: Letter, service: Correspondent) -> bool:
    """Whether a message may come from a service or be about objecting, by its header alone."""
    return (
        service.standing(letter.domain) is not SenderTrust.UNKNOWN
        or service.names_itself(f"{letter.sender_name} {letter.subject}")
        or speaks_of_objecting(letter.subject, service.words())
    )


def _open(folder: Folder, header: Header, order: InboxOrder) -> _Found | None:
    """Fetch a message and read it; None where it has nothing to do with an objection."""
    whole = header.size_bytes <= _LARGEST_BYTES
    raw = folder.message(header.uid) if whole else header.raw
    if raw is None:
        return None
    letter = read_letter(raw)
    possible, named = _possible(letter, order.services)
    service, said = _understood(letter, possible)
    if service is None or said is None:
        return None
    ids = {one.id for one in possible}
    addressees = [addressee for addressee in order.addressees if addressee.service in ids]
    delivered = delivered_to(raw, order.settings.authserv_ids)
    matched = match(letter, addressees, product_named=named, delivered=delivered)
    signature = _NOT_FETCHED
    if whole:
        trusted = order.settings.authserv_ids
        signature = check_signature(raw, letter.domain, look_up=order.look_up, trusted=trusted)
    standing, people = service.standing(letter.domain), people_in(letter, service.labels)
    passes = signature.state is SignatureState.PASS
    verified = passes and standing.is_known and said.origin is Origin.DIRECT
    certain = verified and _is_certain(said, matched, signature)
    answer = MailAnswer(
        account=matched.account,
        match=matched,
        flows=tuple(dict.fromkeys(a.flow for a in addressees if a.account in matched.accounts)),
        kind=said.kind,
        why=said.why,
        assumed_words=said.assumed,
        origin=said.origin,
        standing=standing,
        sender_domain=letter.domain,
        signature=signature,
        verified=verified,
        certain=certain,
        advice=_advice(said, signature, standing, certain=certain),
        sent_at=letter.sent_at,
        folder=folder.name,
        subject=quote(masked(letter.subject, people)),
        signals=tuple(told(signal, people) for signal in said.signals),
        message_sha256=letter.sha256 if whole else "",
        file="",
        recipients=recipients_of(letter, order.addressees, delivered),
    )
    facts = {"folder": folder.name, "whole": whole, "signature": asdict(signature), "standing": standing}
    kept = json.dumps(masked_message(letter, facts, people), ensure_ascii=False, indent=2).encode() + b"\n"
    return _Found(letter.sha256, answer, kept)


def _possible(letter: Letter, services: Sequence[Correspondent]) -> tuple[list[Correspondent], bool]:
    """The services that a message can be from, and whether it names them: then those alone."""
    possible = [service for service in services if _concerns(letter, service)]
    texts = [letter.subject, *(block.text for version in letter.versions for block in version.own)]
    named = [service for service in possible if any(map(service.names_itself, texts))]
    return named or possible, bool(named)


def _understood(
    letter: Letter, services: Sequence[Correspondent]
) -> tuple[Correspondent, Understood] | tuple[None, None]:
    """The first service that a message can be from, and what it says in that one's words."""
    for service in services:
        said = understand(letter, service)
        unknown = service.standing(letter.domain) is SenderTrust.UNKNOWN
        if said is not None and (not unknown or names_subject(letter, service)):
            return service, said
    return None, None


def _is_certain(said: Understood, matched: Match, signature: Signature) -> bool:
    """
    Whether what was verified is understood, and for one account whose own address is signed.

    Without that address a true answer to somebody else, sent on, would pass for an answer to this account. Where the
    message names nobody, what it was delivered to counts only if it came straight from the service.
    """
    addressed = MatchBasis.ADDRESS in matched.by and signature.covers_recipients
    addressed = addressed or (MatchBasis.DELIVERY in matched.by and signature.straight)
    return said.kind is not AnswerKind.UNCLASSIFIED and addressed and matched.account is not None


def _advice(said: Understood, signature: Signature, standing: SenderTrust, *, certain: bool) -> MailAdvice:
    """What a person does next: first whether it can be believed at all, then what it says."""
    if said.origin is not Origin.DIRECT:
        return MailAdvice.ASK_FOR_ORIGINAL
    if signature.reason in _TRUE_IN_PART:
        return MailAdvice.ASK_THE_SERVICE
    imitates = standing is not SenderTrust.UNKNOWN
    if signature.state is SignatureState.FAIL or (signature.state is SignatureState.NONE and imitates):
        return MailAdvice.BEWARE
    if signature.state is SignatureState.UNAVAILABLE:
        late = signature.reason is SignatureReason.KEY_UNREACHABLE
        return MailAdvice.CHECK_LATER if late else MailAdvice.READ
    if signature.state is SignatureState.NONE or said.kind is AnswerKind.UNCLASSIFIED:
        return MailAdvice.READ
    if not standing.is_known:
        return MailAdvice.NAME_SENDER
    if not certain:
        return MailAdvice.CHOOSE_ACCOUNT
    return MailAdvice.ANSWER if said.why is MailDoubt.ASKS_FOR_MORE else _ADVICE[said.kind]
