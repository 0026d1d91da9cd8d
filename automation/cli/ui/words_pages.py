"""The pages on which a person says what a service's answer means, and sees which answers that lifts."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from automation.cli.ui import wording
from automation.cli.ui.archive import Latest
from automation.cli.ui.pages import account_of, source_of
from automation.cli.ui.view import Form, View
from automation.cli.words.confirming import MEANINGS, Sentence
from automation.errors import ConfigurationError
from automation.reading.meanings import Meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from starlette.responses import Response

    from automation.domain.replies import Reply
    from automation.flow import Flow

_NAME_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of an answer, as it can be chosen."""

    number: int
    """From 0 on, over all answers of the page."""
    text: str
    never: str
    """Why it can decide nothing, whatever it is said to mean; empty where it can."""
    not_as: tuple[tuple[str, str], ...]
    """What it cannot mean, and why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One conversation with a service."""

    lines: tuple[Line, ...]
    picture: str
    """Address; empty where there is none."""
    lang: str


def ask(view: View) -> Response:
    """The service's answer as it was read, with its picture, and the questions about it."""
    return _asked(view, Form(b""))


def confirm(view: View, form: Form) -> Response:
    """Write down what the person says, or tell why that cannot be."""
    name, number = account_of(view).name, form["sentence"]
    try:
        wording.note(view.desk, name, int(number) if number.isdecimal() else -1, form["means"], _who(form), view.words)
    except ConfigurationError as error:
        return _asked(view, form, error)
    return view.go("words", "confirmed")


def _who(form: Form) -> str:
    return form["who"][:_NAME_LIMIT]


def _asked(view: View, form: Form, refused: ConfigurationError | None = None) -> Response:
    one = account_of(view)
    evidence, flow, sentences = wording.opened(view.desk, one.name)
    settings = view.desk.settings()
    source = source_of(view, settings, Latest(evidence.result, evidence.folder.parent))

    def picture(reply: Reply) -> str:
        return (source.address_of(evidence.folder.name, reply.picture) if reply.picture else None) or ""

    shown = {
        "account": one,
        "service": flow.guide.service,
        "answers": tuple(_answers(view, sentences, flow, picture)),
        "meanings": [(meaning.value, view.words.gettext(said)) for meaning, said in MEANINGS.items()],
        "chosen": form["sentence"],
        "means": form["means"],
        "who": _who(form) or _somebody(),
        "refused": (view.words.said(refused.message), view.words.said(refused.remedy)) if refused else (),
    }
    return view.page("words.j2", shown, HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK)


def _somebody() -> str:
    """Whoever is logged in, as far as the machine knows."""
    from automation.cli.shared.common import who_is_here

    try:
        return who_is_here()
    except ConfigurationError:
        return ""


def _answers(
    view: View, sentences: Sequence[Sentence], flow: Flow, picture: Callable[[Reply], str]
) -> Iterator[Answer]:
    for replies in _by_reply(sentences):
        reply = replies[0][1].reply
        yield Answer(tuple(_line(view, n, one, flow) for n, one in replies), picture(reply), reply.locale)


def _by_reply(sentences: Sequence[Sentence]) -> Iterator[list[tuple[int, Sentence]]]:
    """Numbered sentences, those of one answer together."""
    group: list[tuple[int, Sentence]] = []
    for number, sentence in enumerate(sentences):
        if group and group[-1][1].reply is not sentence.reply:
            yield group
            group = []
        group.append((number, sentence))
    yield group


def _line(view: View, number: int, sentence: Sentence, flow: Flow) -> Line:
    refusals = {meaning: sentence.refusal(meaning, flow) for meaning in Meaning}
    why = {view.words.gettext(refusal.value) for refusal in refusals.values() if refusal}
    if None not in refusals.values():
        return Line(number, sentence.text, view.words.clauses(sorted(why)), ())
    refused = (
        (view.words.gettext(MEANINGS[meaning]), view.words.gettext(refusal.value))
        for meaning, refusal in refusals.items()
        if refusal
    )
    return Line(number, sentence.text, "", tuple(refused))


def confirmed(view: View) -> Response:
    """Every sentence whose meaning somebody confirmed, and the stored answers that have another one by them."""
    settings = view.desk.settings()
    said = [(one, view.words.gettext(MEANINGS[Meaning(one.means)])) for one in wording.said(settings)]
    lifted = wording.lifted(view.desk, settings)
    return view.page("confirmed.j2", {"sentences": said, "lifted": lifted})


def revoke(view: View, form: Form) -> Response:
    """Take a meaning back."""
    wording.revoke(view.desk, form["sentence"])
    return view.go("words", "revoked")
