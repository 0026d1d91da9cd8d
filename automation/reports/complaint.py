"""The complaint to a data protection authority about an objection without an answer, or refused: a letter to send."""

from __future__ import annotations

import html
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from automation.reports.case_names import CASE_NAMES
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from datetime import datetime

    from automation.domain.cases import Case
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
_OPENING = N_(
    "I hereby complain under article 77 of the General Data Protection Regulation (GDPR) about %(service)s, which has "
    "not dealt with my objection (article 21) to the use of my personal data for training artificial intelligence."
)
_FILED = N_("I filed the objection on %(day)s by the service's own form (number of the form: %(form)s).")
_REFERENCE = N_("The service gave it this number: %(reference)s.")
_LATE = N_(
    "Article 12(3) obliges the controller to answer without undue delay and at the latest within one month. That month "
    "ended on %(day)s. When this letter was made, on %(today)s, the last that is known of it was: %(state)s."
)
_REFUSED = N_("On %(day)s the service refused it. I hold that it has no compelling legitimate ground for that.")
_WISH = N_(
    "I ask the authority to order the controller to comply with my objection, and to tell me what comes of this "
    "complaint."
)
_EVIDENCE = N_("Evidence (sealed folders, each known by the SHA-256 of its seal, which I can hand over):")
_ACCOUNT = N_("The account is called %(account)s in this evidence.")
_PERSON = N_("[Your name, your address, and the name of the account at the service]")
_SIGNED = N_("[Place, date, signature]")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A letter, paragraph by paragraph; the person completes and sends it."""

    authority: Authority
    language: str
    title: str
    paragraphs: tuple[str, ...]
    evidence: tuple[str, ...]
    closing: tuple[str, ...]

    def as_text(self) -> str:
        """As plain text."""
        listed = "\n".join(f"- {line}" for line in self.evidence)
        return "\n\n".join((*self.paragraphs[:2], self.title, *self.paragraphs[2:], listed, *self.closing)) + "\n"

    def as_html(self) -> str:
        """As a page of its own, to be printed."""

        def paragraph(text: str) -> str:
            return f"<p>{html.escape(text)}</p>"

        listed = "".join(f"<li>{html.escape(line)}</li>" for line in self.evidence)
        return (
            f'<!doctype html><html lang="{self.language}"><meta charset="utf-8">'
            f"<title>{html.escape(self.title)}</title>"
            "<style>@page{size:A4;margin:25mm 22mm}body{font:11pt/1.5 serif}li{overflow-wrap:anywhere}"
            "h1{font-size:14pt}</style>"
            f"{''.join(map(paragraph, self.paragraphs[:2]))}<h1>{html.escape(self.title)}</h1>"
            f"{''.join(map(paragraph, self.paragraphs[2:]))}<ul>{listed}</ul>"
            f"{''.join(map(paragraph, self.closing))}</html>\n"
        )


def complaint(case: Case, authority: Authority, service: str, today: datetime, words: Language) -> Complaint:
    """
    Write the letter from what is on record, and from nothing else.

    Args:
        case: of which something was filed.
        authority: whom it goes to.
        service: as a person writes it.
        today: the day of the letter.
        words: of its language.
    """
    _ = words.gettext
    filed, last = case.filed_at, case.events[-1]
    paragraphs = [_(_PERSON), _NAMES[authority], _(_OPENING, service=service)]
    if filed is not None:
        paragraphs.append(_(_FILED, day=words.full_date(filed.date()), form=case.form_id))
    if case.reference:
        paragraphs.append(_(_REFERENCE, reference=case.reference))
    if last.state.is_decided:
        paragraphs.append(_(_REFUSED, day=words.full_date(last.at.date())))
    elif case.due is not None:
        paragraphs.append(
            _(
                _LATE,
                day=words.full_date(case.due.date()),
                today=words.full_date(today.date()),
                state=_(CASE_NAMES[case.state]),
            )
        )
    paragraphs += [_(_WISH), _(_ACCOUNT, account=case.account), _(_EVIDENCE)]
    evidence = tuple(
        f"{words.full_date(event.at.date())}: {_(CASE_NAMES[event.state])}"
        + (f", {event.bundle}, SHA-256 {event.seal}" if event.bundle else "")
        for event in case.events
        if event.bundle or event.source == "filing"
    )
    title = _("Complaint under article 77 of the GDPR: objection without an answer, %(service)s", service=service)
    if last.state.is_decided:
        title = _("Complaint under article 77 of the GDPR: objection refused, %(service)s", service=service)
    return Complaint(authority, words.code, title, tuple(paragraphs), evidence, (_(_SIGNED),))
