"""`temoin look`: say once what a picture shows that Témoin could not settle by itself; it counts at once."""

from __future__ import annotations

import asyncio
import json as plain_json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from automation.app.interrupts import in_order, run_async
from automation.app.live_looks import seen_live
from automation.app.look_files import Given, read_files
from automation.app.look_sharing import export_looks, import_looks
from automation.app.looks import Looks, Taken, Waiting, looks_of, whole_answer
from automation.app.setup import for_evidence, keys_of
from automation.cli import terminal
from automation.cli.check import telling
from automation.cli.look import showing
from automation.cli.options import By, Config, Lang, Output, account_names, say
from automation.cli.settings import settings_and_words
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.core.looks import Says
from automation.text.language import Language

Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]


def look(
    bundle: Annotated[
        Path | None, typer.Argument(help="The evidence of a check; left out, what waits is gone through.")
    ] = None,
    says: Annotated[
        str | None,
        typer.Option(
            help="accepted, refused, pending, more_information, partly, taken_back, nothing, unsure, on, off, form, "
            "other_form; of a setting accepted and nothing mean that it keeps content out, or does not."
        ),
    ] = None,
    live: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=account_names,
            help="An account: go to the answer or the setting yourself, in a window that sends nothing.",
        ),
    ] = None,
    file: Annotated[
        list[Path] | None,
        typer.Option(
            help="A mail (.eml), PDF or photograph (PNG, JPEG) that shows it, of one account: copied and sealed with "
            "the answer. That it names other people is for you to answer for."
        ),
    ] = None,
    by: By = None,
    config: Config = None,
    output: Output = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Go through what waits for a look, or say what one bundle shows."""
    if file and bundle is None and live is None:
        raise ConfigurationError("a file belongs to one account's evidence", "Name the bundle, or use --live NAME.")
    files = read_files(file or ())
    if live is not None:
        bundle = _seen_live(config, output, live, lang)
    settings, looks, words = _opened(config, output, lang, bundle)
    if bundle is not None and says is not None:
        taken = _answer_all(looks, bundle, says, terminal.speaker(by, words), files)
        _tell(taken, words, as_json=json)
        return
    if bundle is None:
        waiting = looks.waiting()
    else:
        visit, questions = looks.questions(bundle)
        waiting = tuple(Waiting(question, (visit,)) for question in questions)
    if json:
        _print(showing.plain_waiting(one) for one in waiting)
    elif not waiting:
        typer.echo(words.gettext("Nothing waits for a look in %(folder)s.", folder=settings.output))
    elif not terminal.is_terminal():
        for one in waiting:
            _lines(showing.question_lines(one, words))
        command = f"temoin look {waiting[0].visits[0].bundle} --says … --by …"
        say(words.gettext("To answer: %(command)s", command=command))
    else:
        _go_through(looks, waiting, terminal.speaker(by, words), words, files)


def list_looks(config: Config = None, output: Output = None, json: Json = False, lang: Lang = None) -> None:
    """List every look, those that were taken back too."""
    _, looks, words = _opened(config, output, lang)
    kept = looks.kept()
    if json:
        _print(map(showing.plain_kept, kept))
        return
    _lines([showing.kept_line(one, words) for one in kept] or [words.gettext("Nobody has looked at anything yet.")])


def revoke(
    number: Annotated[str, typer.Argument(metavar="ID", help="The look's number, as `temoin look list` shows it.")],
    by: By = None,
    config: Config = None,
    output: Output = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Take a look back: it stays in the list, and answers that rested on it are judged again without it."""
    _, looks, words = _opened(config, output, lang)
    taken = looks.revoke(number, terminal.speaker(by, words))
    _tell(taken, words, words.gettext("Revoked: %(number)s", number=number), as_json=json)


def export(
    file: Annotated[Path, typer.Argument(help="Where to write them.")],
    config: Config = None,
    output: Output = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Write the looks for others: without names, searched for personal data, and signed."""
    settings, looks, words = _opened(config, output, lang)
    key = keys_of(settings).signing()
    count = export_looks(looks, settings, key, file)
    if json:
        _print({"file": str(file), "looks": count, "signer": key.id})
        return
    typer.echo(words.ngettext("%(num)s look exported", "%(num)s looks exported", count, num=count))


def import_file(
    file: Annotated[Path, typer.Argument(help="A file that `temoin look export` wrote.")],
    by: By = None,
    config: Config = None,
    output: Output = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Take over what others looked at; you vouch for it with your name."""
    _, looks, words = _opened(config, output, lang)
    taken, signer = import_looks(looks, file, terminal.speaker(by, words))
    count = len(taken.looks)
    first = words.ngettext("%(num)s look imported", "%(num)s looks imported", count, num=count)
    signed = words.gettext("Signed by the key %(key)s.", key=signer)
    _tell(taken, words, first, signed, as_json=json, signer=signer)


def _opened(
    config: Path | None, output: Path | None, lang: str | None, bundle: Path | None = None
) -> tuple[Settings, Looks, Language]:
    """The configuration, with the evidence folder that was named; its looks; the language."""
    settings, words = settings_and_words(config, lang=lang, for_signing_in=False)
    settings = replace(settings, output=output or settings.output)
    settings = for_evidence(settings, bundle.absolute().parent.parent if bundle else settings.output)
    return settings, looks_of(settings, words), words


def _seen_live(config: Path | None, output: Path | None, name: str, lang: str | None) -> Path:
    """The evidence of what the person at this terminal goes to, in a window with the account's session."""
    if not terminal.is_terminal():
        raise ConfigurationError("nobody can be asked what they see here", "Run it in a terminal, before a screen.")
    settings, words = settings_and_words(config, (name,), lang=lang)
    settings = replace(settings, output=output or settings.output)
    return seen_live(settings, _AtTerminal(words), telling(words), words, lambda work: run_async(in_order(work, words)))


class _AtTerminal:
    """The person at this terminal."""

    def __init__(self, words: Language) -> None:
        self._words = words

    async def sees(self) -> None:
        """Wait for the Enter key."""
        _ = self._words.gettext
        say(_("A window has opened, from which nothing can be sent. Go to the answer or the setting in it."))
        question = _("This is what I see (Enter)")
        await asyncio.to_thread(typer.prompt, question, default="", show_default=False, err=True)


def _answer_all(looks: Looks, bundle: Path, says: str, by: str, files: Sequence[Given]) -> Taken:
    """One word about a whole bundle, as a script gives it."""
    if says not in set(Says):
        raise ConfigurationError(f'"{says}" is no answer', f"Use one of {', '.join(Says)}.")
    visit, questions = looks.questions(bundle)
    answers = whole_answer(questions, Says(says))
    if not answers:
        raise ConfigurationError("this answers nothing that is asked about it", f"See `temoin look {bundle}`.")
    return looks.take(visit, answers, by, files)


def _go_through(
    looks: Looks, waiting: Iterable[Waiting], name: str, words: Language, files: Sequence[Given] = ()
) -> None:
    """Ask one question after another, the oldest first; what an answer settled elsewhere is not asked again."""
    settled: set[Path] = set()
    left = files
    for one in waiting:
        if settled.issuperset(visit.bundle for visit in one.visits) or not _is_open(looks, one):
            continue
        typer.echo(err=True)
        _lines(showing.question_lines(one, words), err=True)
        says = _chosen(one, words)
        if says is None:
            continue
        visit, answer = one.visits[0], ((one.question, says, False),)
        preview = looks.preview(visit, answer, name)
        if preview.refusal:
            say(words.gettext("Not taken: %(why)s", why=words.said(preview.refusal)))
            continue
        _lines(showing.preview_lines(preview, words), err=True)
        if terminal.agrees(words.gettext("Is that what you see?"), words):
            taken = looks.take(visit, answer, name, left if preview.changes else ())
            _tell(taken, words)
            settled |= {change.visit.bundle for change in taken.changes if change.after.verdict.is_answer}
            left = () if preview.changes else left
    if left:
        say(words.gettext("No new answer was given, so no file was copied."))


def _is_open(looks: Looks, waiting: Waiting) -> bool:
    """Whether a question was not settled by an answer given meanwhile."""
    try:
        _, questions = looks.questions(waiting.visits[0].bundle)
    except ConfigurationError:
        return False
    return any(question.key == waiting.question.key for question in questions)


def _chosen(waiting: Waiting, words: Language) -> Says | None:
    """The answer that the person chooses; None: later."""
    answers = waiting.question.answers
    told = [words.gettext("none of these: ask me later")]
    told += [showing.said(waiting.question.kind, says, words) for says in answers]
    _lines((f"  {number}  {told[number]}" for number in (*range(1, len(told)), 0)), err=True)
    while True:
        number: int = typer.prompt(words.gettext("Number"), type=int, err=True)
        if 0 <= number < len(told):
            return answers[number - 1] if number else None


def _tell(taken: Taken, words: Language, *first: str, as_json: bool = False, **more: str) -> None:
    """What was done, after these lines, or with these values for programs."""
    if as_json:
        _print({**showing.plain_taken(taken), **more})
        return
    _lines((*first, *showing.taken_lines(taken, words)))


def _lines(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        typer.echo(line, err=err)


def _print(plain: dict[str, Any] | Iterator[Any]) -> None:
    shown = plain if isinstance(plain, dict) else list(plain)
    typer.echo(plain_json.dumps(shown, ensure_ascii=False, indent=2))
