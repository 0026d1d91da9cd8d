"""What a person sees of a look in the terminal: the lines as they were read, the question, and what an answer does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from textwrap import shorten
from typing import Any

from automation.app.looks import Preview, Taken, Waiting
from automation.core.looks import Look, Says, ShownKind
from automation.core.verdicts import Judgement
from automation.flow.looks import KeptLook
from automation.reports.names import VERDICT_NAMES
from automation.text.catalogue import N_
from automation.text.language import Language, printable

QUESTIONS: Mapping[ShownKind, str] = {
    ShownKind.LETTER: N_("What does this answer of the service say?"),
    ShownKind.LIST: N_("Look through this list: which answer about this objection is in it?"),
    ShownKind.CONTROL: N_("How does this setting stand?"),
    ShownKind.FORM: N_("Is this the objection form?"),
}
_SAID: Mapping[Says, str] = {
    Says.ACCEPTED: N_("the objection is honoured"),
    Says.REFUSED: N_("the objection is refused"),
    Says.PENDING: N_("the objection was received and is not decided yet"),
    Says.MORE_INFORMATION: N_("the service asks for more information before it decides"),
    Says.PARTLY: N_("the objection is honoured in part"),
    Says.TAKEN_BACK: N_("an earlier acceptance no longer holds"),
    Says.NOTHING: N_("it is not about this objection"),
    Says.UNSURE: N_("I cannot tell"),
    Says.ON: N_("this is the setting, and it stands on"),
    Says.OFF: N_("this is the setting, and it stands off"),
    Says.THIS_FORM: N_("this is the objection form, and nothing on it says that I objected"),
    Says.OTHER_FORM: N_("this is another form"),
}
_SAID_OTHERWISE: Mapping[tuple[ShownKind, Says], str] = {
    (ShownKind.LIST, Says.NOTHING): N_("there is no answer about this objection in it"),
    (ShownKind.CONTROL, Says.ACCEPTED): N_("it stands so that content is kept out"),
    (ShownKind.CONTROL, Says.NOTHING): N_("it stands so that content is used"),
}


def said(kind: ShownKind, says: Says, words: Language) -> str:
    """What an answer says of a kind of thing."""
    return words.gettext(_SAID_OTHERWISE.get((kind, says), _SAID[says]))


def question_lines(waiting: Waiting, words: Language) -> Iterator[str]:
    """One question with what it is about; `+` marks what was not in the letter, list or form looked at before."""
    accounts = [visit.result.account for visit in waiting.visits]
    shown = words.ngettext(
        "%(num)s account is shown this: %(names)s",
        "%(num)s accounts are shown this: %(names)s",
        len(accounts),
        num=len(accounts),
        names=words.listing(accounts),
    )
    yield printable(shown)
    question, bundle = waiting.question, waiting.visits[0].bundle
    if question.picture:
        yield words.gettext("Its picture: %(file)s", file=bundle / question.picture)
    if any(line.new for line in question.lines):
        yield words.gettext("New since the last look is what stands after a +.")
    for line in question.lines:
        mark = "+" if line.new else " " if line.known else "?"
        yield printable(f"  {mark} {' '.join(line.text.split())}")
    yield words.gettext(QUESTIONS[question.kind])


def preview_lines(told: Preview, words: Language) -> Iterator[str]:
    """What to see again before a yes, and what the yes does."""
    for sentence in told.warnings:
        also = words.gettext("It also says: %(text)s", text=words.quoted(sentence))
        yield printable(f"! {also}")
    answers: dict[str, list[str]] = {}
    for change in told.changes:
        answers.setdefault(words.gettext(VERDICT_NAMES[change.after.verdict]), []).append(change.visit.result.account)
    for answer, accounts in answers.items():
        yield printable(
            words.ngettext(
                "With this, %(num)s account reads %(answer)s: %(names)s",
                "With this, %(num)s accounts read %(answer)s: %(names)s",
                len(accounts),
                num=len(accounts),
                answer=words.quoted(answer),
                names=words.listing(accounts),
            )
        )
    if told.left and not told.changes:
        yield words.ngettext(
            "Nothing changes before %(num)s other thing of this account is looked at.",
            "Nothing changes before %(num)s other things of this account are looked at.",
            told.left,
            num=told.left,
        )


def taken_lines(taken: Taken, words: Language) -> Iterator[str]:
    """What was kept, and where the new answers stand."""
    for look in taken.looks:
        yield look_line(look, words)
    yield from preview_lines(taken, words)
    for run in taken.runs:
        for result in run.results:
            name = words.gettext(VERDICT_NAMES[result.verdict])
            yield printable(words.gettext("%(what)s: %(text)s", what=result.account, text=name))
        yield words.gettext("Judged again and sealed: %(folder)s", folder=run.run.output)
    for why in taken.untouched.values():
        yield words.gettext("The look counts, but no new answer was written: %(why)s", why=words.said(why))


def quoted_in(look: Look) -> str:
    """How what was looked at begins."""
    return printable(
        look.sentence or shorten(" ".join(text for group in look.lines for text in group), 120, placeholder="…")
    )


def look_line(look: Look, words: Language) -> str:
    """One look: its number, its flow, and the rest of it."""
    return printable(f"{look.id}  {look.flow}  {look_words(look, words)}")


def look_words(look: Look, words: Language) -> str:
    """What was said of what, by whom and when."""
    told = words.gettext(
        "%(verdict)s, said by %(name)s on %(day)s: %(text)s",
        verdict=said(look.kind, look.says, words),
        name=look.by or "–",
        day=words.full_date(look.at),
        text=words.quoted(quoted_in(look)),
    )
    parts = [told, *[words.gettext("imported")] * look.imported]
    parts += [words.gettext("for one account only")] * bool(look.subject)
    parts += [words.gettext("at a stand-in")] * look.stand_in
    if number := len(look.files):
        parts.append(words.ngettext("%(num)s file", "%(num)s files", number, num=number))
    return printable(words.clauses(parts))


def kept_line(kept: KeptLook, words: Language) -> str:
    """The same with who took it back, where somebody did."""
    line = look_line(kept.look, words)
    if kept.revoked_at is None:
        return line
    back = words.gettext("revoked by %(name)s on %(day)s", name=kept.revoked_by, day=words.full_date(kept.revoked_at))
    return printable(words.clauses([line, back]))


def plain_waiting(waiting: Waiting) -> dict[str, Any]:
    """A question for programs, with its accounts."""
    question = waiting.question
    told = {key: getattr(question, key) for key in ("kind", "surface", "locale", "picture", "answers", "own")}
    lines = [asdict(line) for line in question.lines]
    bundles = [{"account": visit.result.account, "bundle": str(visit.bundle)} for visit in waiting.visits]
    return {**told, "lines": lines, "accounts": bundles}


def plain_taken(taken: Taken) -> dict[str, Any]:
    """What was done, for programs."""
    return {
        "looks": [plain_look(look) for look in taken.looks],
        "changes": [
            {"account": c.visit.result.account, "then": _plain_answer(c.before), "now": _plain_answer(c.after)}
            for c in taken.changes
        ],
        "warnings": list(taken.warnings),
        "runs": [run.run.output for run in taken.runs],
        "untouched": {str(root): why for root, why in taken.untouched.items()},
    }


def plain_look(look: Look) -> dict[str, Any]:
    """A look for programs."""
    return {
        "id": look.id, "kind": look.kind, "says": look.says, "flow": look.flow, "locale": look.locale,
        "lines": look.lines, "by": look.by, "at": look.at.isoformat(), "bundle": look.bundle, "picture": look.picture,
        "own": bool(look.subject), "stand_in": look.stand_in, "imported": look.imported, "files": look.files,
    }  # fmt: skip


def plain_kept(kept: KeptLook) -> dict[str, Any]:
    """The same with who took it back."""
    at = kept.revoked_at.isoformat() if kept.revoked_at else None
    return {**plain_look(kept.look), "revoked_by": kept.revoked_by, "revoked_at": at}


def _plain_answer(judgement: Judgement) -> dict[str, Any]:
    return {"verdict": judgement.verdict, "reason": judgement.reason, "because": judgement.because}
