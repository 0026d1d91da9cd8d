"""The service's answer as it was read, shown with its picture, and what the person at the terminal says about it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from automation.cli.words.confirming import MEANINGS, Sentence, sentences_of
from automation.errors import ConfigurationError
from automation.reading.meanings import Meaning
from automation.text.language import printable

if TYPE_CHECKING:
    from automation.evidence.verify.opened import Evidence
    from automation.text.language import Language


def choose(evidence: Evidence, words: Language, *, number: int | None, means: str | None) -> tuple[Sentence, Meaning]:
    """
    Show every answer that is not understood, and ask what was not given.

    Raises:
        ConfigurationError: there is none; or something is missing and there is nobody to ask.
    """
    offered = sentences_of(evidence)
    if number is None or means is None:
        _show(evidence, offered, words)
    chosen = number if number is not None else _asked(words.gettext("Which sentence decides?"), len(offered))
    if not 1 <= chosen <= len(offered):
        raise ConfigurationError(f"there is no sentence {chosen}", f"Choose 1 to {len(offered)}.")
    return offered[chosen - 1], _meaning(words, means)


def _show(evidence: Evidence, offered: tuple[Sentence, ...], words: Language) -> None:
    replies = dict.fromkeys(id(sentence.reply) for sentence in offered)
    for number, sentence in enumerate(offered, 1):
        if id(sentence.reply) in replies:
            del replies[id(sentence.reply)]
            typer.echo(words.gettext("The service's answer, names and numbers taken out:"), err=True)
            if sentence.reply.picture:
                typer.echo(
                    words.gettext("Its picture: %(file)s", file=evidence.folder / sentence.reply.picture), err=True
                )
        typer.echo(printable(f"  {number}  {' '.join(sentence.text.split())}"), err=True)


def _meaning(words: Language, means: str | None) -> Meaning:
    known = list(Meaning)
    if means is None:
        for number, meaning in enumerate(known, 1):
            typer.echo(f"  {number}  {words.gettext(MEANINGS[meaning])}", err=True)
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
