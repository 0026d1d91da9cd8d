"""`temoin object mail`: read the mailbox for the service's answer, without changing anything in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loguru import logger

import flows
from automation.app.cases import follow_inbox
from automation.app.setup import flows_for, history_path, sealer_of
from automation.config import Settings
from automation.core.accounts import Account
from automation.core.errors import ConfigurationError, HistoryError
from automation.core.mail import (
    AnswerKind,
    FolderLook,
    InboxDocument,
    MailAdvice,
    MailAnswer,
    MailDoubt,
    MatchBasis,
    Origin,
    SenderTrust,
    SignatureReason,
)
from automation.core.verdicts import Verdict
from automation.messaging.inbox import Addressee, InboxOrder, read_inbox
from automation.messaging.keeping import Keeper
from automation.messaging.reading import Correspondent
from automation.storage.sqlite import SqliteHistory
from automation.text.catalogue import N_
from automation.text.language import Language, printable
from automation.text.redaction import Redactor

MONTH = timedelta(days=31)
"""How long a service may take to answer, in EU law."""


def looked(settings: Settings, words: Language) -> tuple[str, ...]:
    """
    Look for the answers of the last month in the mailbox; what was found, line by line, without secrets.

    Raises ConfigurationError: no mailbox, or no account answered by mail; TemoinError: it cannot be read.
    """
    document = read_inbox(order_of(settings, datetime.now(UTC) - MONTH, settings.output))
    follow_inbox(document, settings.output)
    return tuple(map(Redactor(settings.secret_values()).redact, lines_of(document, words)))


def order_of(settings: Settings, since: datetime, output: Path) -> InboxOrder:
    """
    What is to be looked for in the mailbox of a configuration.

    Raises ConfigurationError: no account is answered by mail, or a sender's service is unknown.
    """
    known = flows_for(settings).flows
    services_known = sorted({folder.parent.name for folder in flows.folders(settings.flow_paths)})
    for name in settings.mailbox.senders:
        if name not in services_known:
            what = f'`senders` in [mailbox] names "{name}", which is no service'
            raise ConfigurationError(what, f"Known services: {', '.join(services_known)}.")
    by_mail = {name for name, flow in known.items() if flow.labels.languages("reply.accepted")}  # not a mere switch
    asked = [account for account in settings.accounts if account.flow in by_mail]
    if not asked:
        raise ConfigurationError(
            "there is no account whose service answers an objection",
            "Add an account with such a flow, as facebook.ai_objection, or name another account.",
        )
    nothing_before = _last_without_objection(settings, output, [account.name for account in asked])
    services = {account.service: known[account.flow] for account in asked}
    return InboxOrder(
        settings=settings.mailbox,
        addressees=[
            Addressee(
                account=account.name,
                flow=account.flow,
                service=account.service,
                addresses=tuple(_addresses(account, settings)),
                objection_after=nothing_before.get(account.name),
                names=tuple(name for name in (account.page, account.owner) if name and name != account.name),
            )
            for account in asked
        ],
        services=[
            Correspondent.of(flow.site, flow.labels_with_confirmed, settings.mailbox.senders.get(name, ()))
            for name, flow in services.items()
        ],
        since=since,
        output=output,
        keeper=Keeper(sealer_of(settings, output), settings.secret_values()),
    )


def _last_without_objection(settings: Settings, output: Path, accounts: list[str]) -> Mapping[str, datetime]:
    """Account → when a check of the service itself last found no objection; only accounts that had such a check."""
    path = history_path(settings, output)
    if not path.exists():
        return {}
    try:
        with SqliteHistory(path) as history:
            return {
                entry.account: entry.change.now.at  # the newest stays
                for account in accounts
                for entry in history.timeline(account)
                if entry.change.now.verdict is Verdict.NOT_OBJECTED and not entry.stand_in
            }
    except HistoryError as error:
        logger.warning("messages are matched without the history: {}", error.message)
        return {}


def _addresses(account: Account, settings: Settings) -> Iterator[str]:
    """The address that was given for an account, or the one it signs in with."""
    if account.name in settings.mailbox.addresses:
        given = settings.mailbox.addresses[account.name]
        yield from (given,) if isinstance(given, str) else given
    elif account.name in settings.secrets:
        name = settings.secrets[account.name].username.get_secret_value()
        if "@" in name:
            yield name


KINDS: Mapping[AnswerKind, str] = {
    AnswerKind.ACCEPTED: N_("accepted"),
    AnswerKind.REFUSED: N_("refused"),
    AnswerKind.PENDING: N_("not decided yet"),
    AnswerKind.UNCLASSIFIED: N_("answer received, not classified"),
}
WHY: Mapping[MailDoubt, str] = {
    MailDoubt.KNOWN_WORDS: N_("the words are known"),
    MailDoubt.ASKS_FOR_MORE: N_("more information is asked for"),
    MailDoubt.WORDS_NOT_KNOWN: N_("its words are in no source that Témoin has"),
    MailDoubt.NOT_PLAIN: N_("beside known words stand others that may take them back"),
    MailDoubt.ANOTHER_SUBJECT: N_("it speaks of another kind of request as well"),
    MailDoubt.NOT_ABOUT_OBJECTING: N_("nothing says that the request was an objection"),
    MailDoubt.NOT_ABOUT_AI: N_("nothing ties it to AI"),
    MailDoubt.NO_FRAME: N_("nothing shows that it is the service's answer and not help"),
    MailDoubt.ASSUMED_ACCEPTANCE: N_("an acceptance in words that no source gives"),
    MailDoubt.VERSIONS_DIFFER: N_("its formatted and its plain text do not say the same"),
    MailDoubt.FORWARDED: N_("a forwarded message is never the service's answer"),
    MailDoubt.QUOTED: N_("the words stand in a quotation"),
    MailDoubt.UNREADABLE: N_("too large, or without text"),
}
STANDINGS: Mapping[SenderTrust, str] = {
    SenderTrust.DECLARED: N_("a known sender of the service"),
    SenderTrust.OWN_HOST: N_("the service's own domain"),
    SenderTrust.RESEMBLING: N_("resembles the service's name; no source says that it is the service's"),
    SenderTrust.UNKNOWN: N_("not the service's, as far as is known"),
}
ORIGINS: Mapping[Origin, str] = {Origin.DIRECT: "", Origin.FORWARDED: N_("forwarded"), Origin.QUOTED: N_("quoted")}
SIGNATURES: Mapping[SignatureReason, str] = {
    SignatureReason.VALID: N_("signature valid"),
    SignatureReason.REPORTED: N_("signature found valid on arrival by %(by)s"),
    SignatureReason.NOT_SIGNED: N_("not signed"),
    SignatureReason.OTHER_DOMAIN: N_("signed by another domain, %(domain)s"),
    SignatureReason.SENDERS: N_("not exactly one sender"),
    SignatureReason.ALTERED: N_("signature wrong: altered or forged"),
    SignatureReason.ALTERED_SINCE: N_("signature found valid on arrival by %(by)s, and the message was changed since"),
    SignatureReason.REPEATED: N_("signature worthless: a header field stands twice"),
    SignatureReason.PARTIAL: N_("signature valid, but it leaves out a part"),
    SignatureReason.WEAK: N_("signature of a kind that does not count"),
    SignatureReason.EXPIRED: N_("signature has run out"),
    SignatureReason.NO_KEY: N_("the domain publishes no such key (any more)"),
    SignatureReason.KEY_UNREACHABLE: N_("the key could not be looked up"),
    SignatureReason.MALFORMED: N_("signature or header malformed"),
    SignatureReason.NOT_FETCHED: N_("too large to be fetched"),
}
BASES: Mapping[MatchBasis, str] = {
    MatchBasis.ADDRESS: N_("its address"),
    MatchBasis.DELIVERY: N_("the address that it was delivered to"),
    MatchBasis.NAME: N_("its name"),
    MatchBasis.PRODUCT: N_("the service's name"),
    MatchBasis.ONLY_ACCOUNT: N_("the only account of the service"),
    MatchBasis.TIME: N_("its date, later than the last check without objection"),
}
ADVICE: Mapping[MailAdvice, str] = {
    MailAdvice.KEEP: N_("Keep the message. Run `temoin check`: the service's own pages decide, not this message."),
    MailAdvice.OBJECT_AGAIN: N_(
        "Keep the message. Object again with a more detailed reason, or complain to your data protection authority."
    ),
    MailAdvice.WAIT: N_("Wait; if a month passes without a decision, write to the service."),
    MailAdvice.ANSWER: N_("Open the original and give the service what it asks for."),
    MailAdvice.READ: N_("Read the original in the mailbox and decide yourself what it says."),
    MailAdvice.NAME_SENDER: N_(
        "Find out on the service's own pages whether it writes from this domain. If so, add it to `senders` in "
        "[mailbox] and run this again."
    ),
    MailAdvice.BEWARE: N_("Take it for a forgery: follow no link in it, and open the service's site yourself."),
    MailAdvice.ASK_FOR_ORIGINAL: N_("Look for the original in the mailbox that the service wrote to."),
    MailAdvice.CHOOSE_ACCOUNT: N_(
        "Say under `addresses` in [mailbox] which address was given for which account, and run this again."
    ),
    MailAdvice.ASK_THE_SERVICE: N_(
        "It may be genuine, and yet somebody else can have written a part of it. Follow no link in it; run "
        "`temoin check`: the service's own pages decide."
    ),
    MailAdvice.CHECK_LATER: N_("Run this again when the network's name servers answer."),
}


def lines_of(document: InboxDocument, words: Language) -> Iterator[str]:
    """Where was looked, what each message says, who has no answer, and where the sealed copy lies."""
    _ = words.gettext
    for look in document.folders:
        yield _folder(look, words.day(f"{document.since:%Y-%m-%d}"), words)
    if not document.answers:
        yield _("No message speaks of an objection.")
    for answer in document.answers:
        yield ""
        yield from _answer(answer, words)
    yield ""
    if document.unanswered:
        yield _("No certain answer for: %(accounts)s", accounts=", ".join(document.unanswered))
    yield _("A message changes no verdict: `temoin check` reads the service itself.")
    if document.bundle is not None:
        if not document.bundle.stamped:
            yield _("Sealed; only this machine's clock says when. `temoin evidence stamp` can have it confirmed.")
        yield str(Path(document.output) / document.bundle.path)


def _folder(look: FolderLook, since: str, words: Language) -> str:
    values = {"folder": printable(look.folder), "messages": look.messages, "opened": look.opened}
    if look.complete:
        return words.ngettext(
            "%(folder)s: %(messages)s message since %(since)s, %(opened)s opened",
            "%(folder)s: %(messages)s messages since %(since)s, %(opened)s opened",
            look.messages,
            since=since,
            **values,
        )
    return words.gettext(
        "%(folder)s: not everything was looked at: %(looked_at)s of %(messages)s headers, %(opened)s of "
        "%(candidates)s messages. Choose a later --since, or raise `max_messages`.",
        looked_at=look.looked_at,
        candidates=look.candidates,
        **values,
    )


def _answer(answer: MailAnswer, words: Language) -> Iterator[str]:
    _, accounts, signed = words.gettext, ", ".join(answer.match.accounts), answer.signature
    one_of = _("one of %(accounts)s", accounts=accounts) if accounts else _("no account")
    kind, origin = _(KINDS[answer.kind]), _(ORIGINS[answer.origin])
    if answer.kind is not AnswerKind.UNCLASSIFIED and not answer.certain:
        kind = _("says “%(kind)s”, not certain", kind=kind)
    day = words.day(f"{answer.sent_at:%Y-%m-%d}") if answer.sent_at else "–"
    yield " · ".join((answer.account or one_of, f"{kind} ({origin})" if origin else kind, day))
    yield f"  {printable(answer.subject)}"
    yield f"  {words.clauses(_reasons(answer, words))}"
    sender = _(
        "from %(domain)s (%(standing)s); %(signature)s",
        domain=printable(answer.sender_domain) or "?",
        standing=_(STANDINGS[answer.standing]),
        signature=_(SIGNATURES[signed.reason], by=signed.by, domain=signed.domain),
    )
    yield f"  {printable(sender)}"
    yield f"  → {_(ADVICE[answer.advice])}"


def _reasons(answer: MailAnswer, words: Language) -> Iterator[str]:
    """Why it is read so, for whom, and to whom it was really sent where that is not the account itself."""
    _, sent = words.gettext, answer.recipients
    yield _(WHY[answer.why])
    if answer.assumed_words:
        yield _("the words are assumed: no source gives them")
    if answer.match.by:
        yield _("matched by %(bases)s", bases=words.listing([_(BASES[basis]) for basis in answer.match.by]))
    if sent.others and not sent.written_to:
        yield _("written to an address that was given for no account")
    elif not sent.written_to:
        yield _("it names no recipient")
    elif sent.written_to != (answer.account,):
        yield _("written to the address of %(accounts)s", accounts=words.listing(list(sent.written_to)))
    if sent.delivered_to and sent.delivered_to != sent.written_to:
        yield _("delivered to the address of %(accounts)s", accounts=words.listing(list(sent.delivered_to)))
