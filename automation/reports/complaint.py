"""The complaint to a data protection authority about an objection without an answer, or refused: a letter to send."""

from __future__ import annotations

import html
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from automation.core.cases import CaseState
from automation.reports.names import CASE_NAMES, CASE_SOURCES
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from automation.core.cases import Case, CaseEvent
    from automation.text.language import Language


class Authority(StrEnum):
    """Whom the letter is written to."""

    CNIL = "cnil"
    DPC = "dpc"

    @property
    def language(self) -> str:
        """The language that it works in."""
        return "fr" if self is Authority.CNIL else "en"


_NAMES = {
    Authority.CNIL: "Commission nationale de l'informatique et des libertés (CNIL)",
    Authority.DPC: "Data Protection Commission (DPC)",
}
_SUBJECT = N_("Subject: %(title)s")
_NO_ANSWER = N_("Complaint under article 77 of the GDPR: objection without an answer, %(service)s")
_NO_DECISION = N_("Complaint under article 77 of the GDPR: objection without a decision, %(service)s")
_REFUSAL = N_("Complaint under article 77 of the GDPR: objection refused, %(service)s")
_GREETING = N_("Dear Sir or Madam,")
_OPENING = N_(
    "I hereby complain under article 77 of the General Data Protection Regulation (GDPR) about %(service)s, which has "
    "not dealt with my objection (article 21) to the use of my personal data for training artificial intelligence."
)
_FILED = N_("I filed the objection on %(day)s by the service's own form (number of the form: %(form)s).")
_REFERENCE = N_("The service gave it this number: %(reference)s.")
_PROMISE = N_("The page that followed said: %(promise)s")
_LATE = N_(
    "Article 12(3) obliges the controller to answer without undue delay and at the latest within one month. That month "
    "ended on %(day)s. When this letter was made, on %(today)s, the last that is known of it was: %(state)s."
)
_REFUSED = N_("On %(day)s the service refused it. I hold that it has no compelling legitimate ground for that.")
_WISH = N_(
    "I ask the authority to order the controller to comply with my objection, and to tell me what comes of this "
    "complaint."
)
_EVIDENCE = N_(
    "Enclosure: what happened, with the evidence. It lies in sealed folders, each known by the SHA-256 of its seal, "
    "which I can hand over. The account is called %(account)s in it."
)
_FAREWELL = N_("Yours faithfully,")
_PERSON = N_("[Your name, your address, and the name of the account at the service]")
_PLACE, _SIGNATURE = N_("[Place], %(today)s"), N_("[Signature]")
_STYLE = """@page{size:A4;margin:22mm 25mm 20mm}
body{margin:0;font:10.5pt/1.5 "Liberation Serif","Times New Roman",serif;color:#111}
p{margin:0 0 3.2mm;text-align:left}
.sender{width:80mm;margin-bottom:9mm}.to{width:80mm;margin:0 0 9mm auto}.place{text-align:right;margin-bottom:7mm}
h1{font-size:11.5pt;line-height:1.35;margin:0 0 6mm}
table{border-collapse:collapse;width:100%;margin:1mm 0 6mm}tr{break-inside:avoid}
td{vertical-align:top;padding:1.6mm 0;border-top:.2mm solid #999}td:first-child{width:36mm;padding-right:4mm}
tr:last-child td{border-bottom:.2mm solid #999}
code{display:block;font:8pt/1.4 "Liberation Mono","Courier New",monospace;overflow-wrap:anywhere}
.sign{padding-bottom:14mm;break-inside:avoid}.enclosure{break-before:page;break-after:avoid}.blank{background:#f1ead2}"""


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of what is on record."""

    day: str
    what: str
    bundle: str
    """The sealed folder that shows it; empty where none does."""
    seal: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """A letter, part by part; the person completes and sends it."""

    language: str
    sender: str
    recipient: str
    place: str
    title: str
    subject: str
    paragraphs: tuple[str, ...]
    signature: str
    enclosure: str
    happened: tuple[Happened, ...]

    def as_text(self) -> str:
        """As plain text."""
        lines = []
        for one in self.happened:
            lines.append(f"- {one.day}, {one.what}")
            if one.bundle:
                lines += [f"  {one.bundle}", f"  SHA-256 {one.seal}"]
        opening = (self.sender, self.recipient, self.place, self.subject)
        return "\n\n".join((*opening, *self.paragraphs, self.signature, self.enclosure, "\n".join(lines))) + "\n"

    def as_html(self) -> str:
        """As a page of its own, to be printed."""
        rows = ""
        for one in self.happened:
            seal = f"<code>{html.escape(one.bundle)}</code><code>{html.escape(one.seal)}</code>" if one.bundle else ""
            rows += f"<tr><td>{html.escape(one.day)}</td><td>{html.escape(one.what)}{seal}</td></tr>"
        return (
            f'<!doctype html><html lang="{self.language}"><meta charset="utf-8">'
            f"<title>{html.escape(self.title)}</title><style>{_STYLE}</style>"
            f"{_paragraph(self.sender, 'sender')}{_paragraph(self.recipient, 'to')}{_paragraph(self.place, 'place')}"
            f"<h1>{html.escape(self.subject)}</h1>"
            f"{''.join(map(_paragraph, self.paragraphs))}{_paragraph(self.signature, 'sign')}"
            f"{_paragraph(self.enclosure, 'enclosure')}<table>{rows}</table></html>\n"
        )


def _paragraph(text: str, kind: str = "") -> str:
    marked = html.escape(text).replace("[", '<span class="blank">[').replace("]", "]</span>")
    return f'<p class="{kind}">{marked}</p>' if kind else f"<p>{html.escape(text)}</p>"


def complaint(case: Case, authority: Authority, service: str, today: datetime, words: Language) -> Complaint:
    """
    Write the letter from what is on record, and from nothing else.

    Args:
        case: refused, or without a decision in time.
        authority: whom it goes to.
        service: as a person writes it.
        today: the day of the letter.
        words: of its language.
    """
    _ = words.gettext
    unanswered = _NO_ANSWER if case.state is CaseState.FILED else _NO_DECISION
    title = _(_REFUSAL if case.state is CaseState.REFUSED else unanswered, service=service)
    return Complaint(
        language=words.code,
        sender=_(_PERSON),
        recipient=_NAMES[authority],
        place=_(_PLACE, today=words.full_date(today.date())),
        title=title,
        subject=_(_SUBJECT, title=title),
        paragraphs=tuple(_paragraphs(case, service, today, words)),
        signature=_(_SIGNATURE),
        enclosure=_(_EVIDENCE, account=case.account),
        happened=tuple(
            Happened(words.full_date(event.at.date()), _said(event, words), event.bundle, event.seal)
            for event in case.events
            if event.state is not CaseState.RELEASED
        ),
    )


def _said(event: CaseEvent, words: Language) -> str:
    said = f"{words.gettext(CASE_NAMES[event.state])} ({event.by or words.gettext(CASE_SOURCES[event.source])})"
    return words.gettext("%(what)s: %(text)s", what=said, text=words.quoted(event.note)) if event.note else said


def _paragraphs(case: Case, service: str, today: datetime, words: Language) -> Iterator[str]:
    _ = words.gettext
    yield _(_GREETING)
    yield _(_OPENING, service=service)
    if case.filed_at is not None:
        yield _(_FILED, day=words.full_date(case.filed_at.date()), form=case.form_id)
    if case.reference:
        yield _(_REFERENCE, reference=case.reference)
    if case.promise:
        yield _(_PROMISE, promise=words.quoted(case.promise))
    if case.state.is_decided:
        yield _(_REFUSED, day=words.full_date(case.events[-1].at.date()))
    elif case.due is not None:
        state = words.quoted(_(CASE_NAMES[case.state]))
        yield _(_LATE, day=words.full_date(case.due.date()), today=words.full_date(today.date()), state=state)
    yield _(_WISH)
    yield _(_FAREWELL)
