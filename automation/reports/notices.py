"""What stands at the head of a report: its title, what must be read before anything else, what it proves and not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.core.results import Outcome
from automation.core.verdicts import Verdict
from automation.reports.advice import title_of
from automation.reports.background import NOTHING, Background
from automation.reports.names import VERDICT_NAMES
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from automation.core.flows import FlowGuide
    from automation.core.policy import Exemption, Statement
    from automation.core.records import BundleRef
    from automation.core.results import Result, RunDocument
    from automation.text.language import Language


_MOST_NAMED = 12
_STANDINGS = (
    ("in_order", N_("%(num)s in order")),
    ("settled", N_("%(num)s settled by a person")),
    ("to_do", N_("%(num)s to act on")),
    ("unmeasured", N_("%(num)s with nothing expected")),
    ("waiting", N_("%(num)s waiting for an answer")),
    ("open", N_("%(num)s to clear up")),
)
"""What can be said of an account in the sentence at the head, the best first."""
_UNVERIFIED = {
    "never": (
        N_("Not yet verified on the live site"),
        N_(
            "No person has compared these flows with the live site: %(flows)s. Look at the pictures before you rely on "
            "an answer."
        ),
    ),
    "stale": (
        N_("Verified on the live site too long ago"),
        N_("Services change their pages. Have these flows compared again: %(flows)s."),
    ),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning."""

    title: str
    text: str
    breach: bool = False
    """Whether the answers are not to be relied on at all."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What the evidence of a run proves, and what it does not; sentences that go on from those words."""

    proved: tuple[str, ...]
    not_proved: tuple[str, ...]


def title_of_run(document: RunDocument, words: Language) -> str:
    """The answer in one sentence: how many accounts are in order, to be acted on, waiting, and to be cleared up."""
    number = len(document.results)
    if not number:
        return words.gettext("AI training: no account was checked")
    standing = Counter(_standing(result) for result in document.results)
    parts = [words.gettext(said, num=words.number(standing[name])) for name, said in _STANDINGS if standing[name]]
    return words.ngettext(
        "%(accounts)s account: %(parts)s",
        "%(accounts)s accounts: %(parts)s",
        number,
        accounts=words.number(number),
        parts=", ".join(parts),
    )


def _standing(result: Result) -> str:
    if result.is_settled:
        return "settled"
    if result.outcome is Outcome.OK:
        return "unmeasured" if result.is_unmeasured else "in_order"
    if result.outcome is Outcome.FINDING:
        return "to_do"
    return "waiting" if result.verdict is Verdict.PENDING else "open"


def lead_of_run(document: RunDocument, words: Language) -> str:
    """When and for whom."""
    owners = len({result.owner for result in document.results})
    when = {"version": document.run.temoin, "start": words.moment(document.run.started_at)}
    if not owners:
        return words.gettext("Témoin %(version)s was started on %(start)s and had nothing to look at.") % when
    return words.ngettext(
        "On %(start)s, Témoin %(version)s read what the services say about these accounts, for %(num)s owner.",
        "On %(start)s, Témoin %(version)s read what the services say about these accounts, for %(num)s owners.",
        owners,
    ) % {**when, "num": words.number(owners)}


def notices_of(
    document: RunDocument, guides: Mapping[str, FlowGuide], words: Language, background: Background = NOTHING
) -> list[Notice]:
    """What must be read before anything else."""
    _, absent, notices = words.gettext, background.absent, list[Notice]()
    if any(result.guard.writes_let_through for result in document.results):
        text = _(
            "The guard let a request through that is no read. Do not rely on the answers concerned, and look at the "
            "account yourself."
        )
        notices.append(Notice(_("A write may have left the browser"), text, breach=True))
    if document.run.stand_in or any(result.environment.stand_in for result in document.results):
        text = _(
            "The pages came from a local stand-in of the service. Nothing in this report says anything about a real "
            "account or about the real service."
        )
        notices.append(Notice(_("This was a rehearsal, not a real account"), text))
    if absent:
        more = " …" if len(absent) > _MOST_NAMED else ""
        title = words.ngettext("%(num)s account was never checked", "%(num)s accounts were never checked", len(absent))
        text = _("The configuration names them, and no result says anything about them: %(names)s.")
        names = words.listing(absent[:_MOST_NAMED]) + more
        notices.append(Notice(title % {"num": words.number(len(absent))}, text % {"names": names}))
    for state, (title, text) in _UNVERIFIED.items():
        if titles := titles_of(document, state, guides, words):
            notices.append(Notice(_(title), _(text) % {"flows": titles}))
    return [*notices, *reminders_of(background, words)]


def reminders_of(background: Background, words: Language) -> Iterator[Notice]:
    """What rests on people's word or on other programs, and what runs out: exceptions of which thirty days are left."""
    _, day = words.gettext, background.day
    if day is None:
        return
    exempt = {account: found for account in background.rulings if (found := background.exemption(account))}
    kinds: tuple[tuple[str, str, Callable[[Exemption], bool]], ...] = (
        (N_("An exception is over"), N_("It counts no more: %(list)s."), lambda one: one.expired(day)),
        (N_("An exception runs out"), N_("Within thirty days: %(list)s."), lambda one: one.runs_out(day)),
        (
            N_("An answer is disputed"),
            N_("Its owner says that the answer itself is wrong: %(list)s."),
            lambda one: one.incorrect_result,
        ),
    )
    for title, text, concerns in kinds:
        if told := [_until(account, one, words) for account, one in exempt.items() if concerns(one)]:
            yield Notice(_(title), _(text, list=_some(told, words)))
    last = (answers[-1] for answers in background.answers.values() if answers)
    if said := [_said(answer, words) for answer in last if answer.stands(day)]:
        yield Notice(_("Said by a person, not read by Témoin"), _some(said, words))
    for tool in dict.fromkeys(reading.tool for reading in background.foreign):
        read = [f"{one.tenant}, {one.check}: {one.said}" for one in background.foreign if one.tool == tool]
        yield Notice(_("Read by %(tool)s, and no evidence of Témoin's", tool=tool), _some(read, words))


def _some(parts: list[str], words: Language) -> str:
    return words.clauses(parts[:_MOST_NAMED]) + (" …" if len(parts) > _MOST_NAMED else "")


def _said(answer: Statement, words: Language) -> str:
    verdict, day = words.gettext(VERDICT_NAMES[answer.verdict]), words.full_date(answer.until)
    values = {"account": answer.account, "verdict": verdict, "name": answer.by, "day": day}
    return words.gettext("%(account)s: %(verdict)s (%(name)s, until %(day)s)", **values)


def _until(account: str, exemption: Exemption, words: Language) -> str:
    values = {"account": account, "day": words.full_date(exemption.until), "name": exemption.owner}
    return words.gettext("%(account)s (until %(day)s, %(name)s)") % values


def titles_of(
    document: RunDocument, state: str, guides: Mapping[str, FlowGuide], words: Language, *, most: int = _MOST_NAMED
) -> str:
    """Titles of the flows that were `never` verified, or whose verification is `stale`; empty where there is none."""
    flows = sorted({result.flow for result in document.results if result.flow_verified.state == state})
    quoted = [words.quoted(title_of(guides.get(flow), flow, words)) for flow in flows]
    if len(quoted) <= most:
        return words.listing(quoted)
    return f"{', '.join(quoted[:most])} … ({words.number(len(quoted))})"


def claims_of(document: RunDocument, words: Language) -> Claims:
    """What the evidence proves depends on who signed and stamped it."""
    bundles = [result.bundle for result in document.results if result.bundle]
    return Claims(tuple(_proved(document, bundles, words)), tuple(_not_proved(bundles, words)))


def _proved(document: RunDocument, bundles: list[BundleRef], words: Language) -> Iterator[str]:
    _ = words.gettext
    yield _("that Témoin %(version)s received the pages in the evidence folders, between %(start)s and %(end)s;") % {
        "version": document.run.temoin,
        "start": words.moment(document.run.started_at),
        "end": words.moment(document.run.finished_at),
    }
    yield _("that each file is, byte for byte, the one whose SHA-256 stands in its folder's manifest;")
    if signers := sorted({bundle.signer for bundle in bundles if bundle.signer}):
        yield words.ngettext(
            "that the holder of the key with this digest signed the manifests: %(keys)s;",
            "that the holders of the keys with these digests signed the manifests: %(keys)s;",
            len(signers),
        ) % {"keys": words.listing([f"{key[:16]}…" for key in signers])}
    if bundles and all(bundle.stamped for bundle in bundles):
        stamps = sorted({name for bundle in bundles for name in bundle.stamped})
        yield _("that the folders existed in this form when these authorities stamped them: %(names)s;") % {
            "names": words.listing(stamps)
        }
    if not any(result.guard.writes_let_through for result in document.results):
        yield _("that the guard let no write through while the accounts were read.")


def _not_proved(bundles: list[BundleRef], words: Language) -> Iterator[str]:
    _ = words.gettext
    yield _("what the service's own database holds, or what the service does with the content;")
    yield _("anything about the time before or after the visit;")
    if not bundles or not all(bundle.signer for bundle in bundles):
        yield _(
            "who ran Témoin and when, to someone who does not trust that person: no third party signed or "
            "time-stamped the folders;"
        )
    elif not all(bundle.stamped for bundle in bundles):
        yield _(
            "when Témoin ran, to someone who does not trust that person's clock: not every folder was time-stamped "
            "by a third party;"
        )
    else:
        yield _("who holds the signing key: compare its digest with one that the signer gave you by another way;")
    yield _("what a bailiff's record would: no court officer was there.")
