"""The service's answer as it was read, shown with its picture, and what the person says about it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from automation.domain.replies import Reply
from automation.errors import ConfigurationError
from automation.reading.inbox.kept import says_something, spoken
from automation.reading.replies import Meaning
from automation.text.catalogue import N_
from automation.text.language import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.evidence.verify.opened import Evidence
    from automation.text.language import Language


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence, and what a person says that it means."""

    reply: Reply
    sentence: str
    means: Meaning


def meanings() -> Mapping[str, str]:
    """What a sentence can mean, for people."""
    return {
        Meaning.ACCEPTED: N_("the objection is honoured"),
        Meaning.REFUSED: N_("the objection is refused"),
        Meaning.PENDING: N_("the objection was received and is not decided yet"),
        Meaning.MORE_INFORMATION: N_("the service asks for more information before it decides"),
    }


def choose(evidence: Evidence, words: Language, *, number: int | None, means: str | None) -> Choice:
    """
    Show every answer that is not understood, and ask what was not given.

    Raises:
        ConfigurationError: there is none; or something is missing and there is nobody to ask.
    """
    replies = [reply for reply in (evidence.observation.replies if evidence.observation else ()) if reply.turns]
    offered = [(reply, text) for reply in replies for text in spoken(reply) if says_something(text)]
    if not offered:
        raise ConfigurationError(
            f"{evidence.folder}: it holds no answer of a service whose words are unknown",
            "Name the evidence of a check that ended in `unknown` because of an answer; older evidence keeps no text.",
        )
    if number is None or means is None:
        _show(evidence, replies, words)
    chosen = number if number is not None else _asked(words.gettext("Which sentence decides?"), len(offered))
    if not 1 <= chosen <= len(offered):
        raise ConfigurationError(f"there is no sentence {chosen}", f"Choose 1 to {len(offered)}.")
    reply, sentence = offered[chosen - 1]
    return Choice(reply, sentence, _meaning(words, means))


def _show(evidence: Evidence, replies: list[Reply], words: Language) -> None:
    count = 0
    for reply in replies:
        typer.echo(words.gettext("The service's answer, names and numbers taken out:"), err=True)
        for text in spoken(reply):
            if says_something(text):
                count += 1
                typer.echo(printable(f"  {count}  {' '.join(text.split())}"), err=True)
        if reply.picture:
            typer.echo(words.gettext("Its picture: %(file)s", file=evidence.folder / reply.picture), err=True)


def _meaning(words: Language, means: str | None) -> Meaning:
    known = list(Meaning)
    if means is None:
        for number, meaning in enumerate(known, 1):
            typer.echo(f"  {number}  {words.gettext(meanings()[meaning])}", err=True)
        return known[_asked(words.gettext("What does it say?"), len(known)) - 1]
    if means not in {meaning.value for meaning in known}:
        raise ConfigurationError(f'"{means}" is no meaning', f"Use one of {', '.join(m.value for m in known)}.")
    return Meaning(means)


def _asked(question: str, last: int) -> int:
    if not sys.stdin.isatty():
        raise ConfigurationError(
            "there is nobody to ask: this is no terminal", "Give --sentence NUMBER, --means MEANING and --by NAME."
        )
    while True:
        answer: int = typer.prompt(f"{question} (1–{last})", type=int, err=True)
        if 1 <= answer <= last:
            return answer
