"""`temoin look`: say once what a picture shows that Témoin could not settle by itself; it counts at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from automation.cli.group import group_with_default
from automation.cli.options import Config, Lang, Output

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.app.looks import Answer, Looks, Waiting
    from automation.config import Settings
    from automation.core.looks import Says
    from automation.text.language import Language

Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
LookBy = Annotated[str | None, typer.Option("--by", help="Who looked; asked for once in a terminal, and kept.")]

app = typer.Typer(
    cls=group_with_default("at"),
    help="Say once what a picture shows; it counts for all accounts that are shown it.",
    subcommand_metavar="[BUNDLE] | list | revoke | export | import",
)


@app.command("at")
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
        typer.Option(metavar="NAME", help="An account: go to the answer yourself, in a window that sends nothing."),
    ] = None,
    by: LookBy = None,
    config: Config = None,
    output: Output = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Go through what waits for a look, or say what one bundle shows."""
    from automation.cli.look import showing

    if live is not None:
        bundle = _seen_live(config, output, live, lang)
    settings, looks, words = _opened(config, output, lang, bundle)
    if bundle is not None and says is not None:
        _answer_all(looks, bundle, says, _name(by, words), words, as_json=json)
        return
    waiting = _of_bundle(looks, bundle) if bundle is not None else looks.waiting()
    if json:
        _print(showing.plain_waiting(one) for one in waiting)
        return
    if not waiting:
        typer.echo(words.gettext("Nothing waits for a look in %(folder)s.", folder=settings.output))
    elif not _is_terminal():
        for one in waiting:
            typer.echo("\n".join(showing.question_lines(one, words)))
        command = f"temoin look {waiting[0].visits[0].bundle} --says … --by …"
        typer.echo(words.gettext("To answer: %(command)s", command=command), err=True)
    else:
        _go_through(looks, waiting, by, words)


@app.command("list")
def list_looks(config: Config = None, output: Output = None, json: Json = False, lang: Lang = None) -> None:
    """List every look, those that were taken back too."""
    from automation.cli.look import showing

    _, looks, words = _opened(config, output, lang)
    kept = looks.kept()
    if json:
        _print(
            {
                **showing.plain_look(one.look),
                "revoked_by": one.revoked_by,
                "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
            }
            for one in kept
        )
        return
    for one in kept:
        typer.echo(showing.kept_line(one, words))
    if not kept:
        typer.echo(words.gettext("Nobody has looked at anything yet."))


@app.command("revoke")
def revoke(
    number: Annotated[str, typer.Argument(metavar="ID", help="The look's number, as `temoin look list` shows it.")],
    by: LookBy = None,
    config: Config = None,
    output: Output = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Take a look back: it stays in the list, and answers that rested on it are judged again without it."""
    from automation.cli.look import showing

    _, looks, words = _opened(config, output, lang)
    taken = looks.revoke(number, _name(by, words))
    if json:
        _print(showing.plain_taken(taken))
        return
    typer.echo(words.gettext("Revoked: %(number)s", number=number))
    typer.echo("\n".join(showing.taken_lines(taken, words)))


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where to write them.")],
    config: Config = None,
    output: Output = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Write the looks for others: without names, searched for personal data, and signed."""
    from automation.app.look_sharing import export_looks
    from automation.app.setup import keys_of

    settings, looks, words = _opened(config, output, lang)
    key = keys_of(settings).signing()
    count = export_looks(looks, settings, key, file)
    if json:
        _print({"file": str(file), "looks": count, "signer": key.id})
        return
    typer.echo(words.ngettext("%(num)s look exported", "%(num)s looks exported", count, num=count))


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A file that `temoin look export` wrote.")],
    by: LookBy = None,
    config: Config = None,
    output: Output = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Take over what others looked at; you vouch for it with your name."""
    from automation.app.look_sharing import import_looks
    from automation.cli.look import showing

    _, looks, words = _opened(config, output, lang)
    taken, signer = import_looks(looks, file, _name(by, words))
    if json:
        _print({**showing.plain_taken(taken), "signer": signer})
        return
    count = len(taken.looks)
    typer.echo(words.ngettext("%(num)s look imported", "%(num)s looks imported", count, num=count))
    typer.echo(words.gettext("Signed by the key %(key)s.", key=signer))
    typer.echo("\n".join(showing.taken_lines(taken, words)))


def _opened(
    config: Path | None, output: Path | None, lang: str | None, bundle: Path | None = None
) -> tuple[Settings, Looks, Language]:
    """The configuration, with the evidence folder that was named; its looks; the language."""
    from dataclasses import replace

    from automation.app.looks import looks_of
    from automation.app.setup import for_evidence
    from automation.cli.options import words
    from automation.cli.settings import load_settings

    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    settings = replace(settings, output=output) if output else settings
    root = bundle.absolute().parent.parent if bundle else settings.output
    settings = for_evidence(settings, root)
    return settings, looks_of(settings, said), said


def _seen_live(config: Path | None, output: Path | None, name: str, lang: str | None) -> Path:
    """The evidence of what the person at this terminal goes to, in a window with the account's session."""
    from dataclasses import replace

    from automation.app.interrupts import in_order, run_async
    from automation.app.live_looks import seen_live
    from automation.cli.check import telling
    from automation.cli.options import words
    from automation.cli.settings import load_settings
    from automation.core.errors import ConfigurationError

    if not _is_terminal():
        raise ConfigurationError("nobody can be asked what they see here", "Run it in a terminal, before a screen.")
    settings = load_settings(config, (name,))
    said = words(lang, settings)
    settings = replace(settings, output=output) if output else settings
    return seen_live(settings, _AtTerminal(said), telling(said), said, lambda work: run_async(in_order(work, said)))


class _AtTerminal:
    """The person at this terminal."""

    def __init__(self, words: Language) -> None:
        self._words = words

    async def sees(self) -> None:
        """Wait for the Enter key."""
        import asyncio

        _ = self._words.gettext
        typer.echo(_("A window has opened, from which nothing can be sent. Go to the answer in it."), err=True)
        question = _("This is what I see (Enter)")
        await asyncio.to_thread(typer.prompt, question, default="", show_default=False, err=True)


def _of_bundle(looks: Looks, bundle: Path) -> tuple[Waiting, ...]:
    from automation.app.looks import Waiting

    visit, questions = looks.questions(bundle)
    return tuple(Waiting(question, (visit,)) for question in questions)


def _answer_all(looks: Looks, bundle: Path, says: str, by: str, words: Language, *, as_json: bool) -> None:
    """One word about a whole bundle, as a script gives it."""
    from automation.app.looks import whole_answer
    from automation.cli.look import showing
    from automation.core.errors import ConfigurationError
    from automation.core.looks import Says

    if says not in set(Says):
        raise ConfigurationError(f'"{says}" is no answer', f"Use one of {', '.join(Says)}.")
    visit, questions = looks.questions(bundle)
    answers = whole_answer(questions, Says(says))
    if not answers:
        raise ConfigurationError("this answers nothing that is asked about it", f"See `temoin look {bundle}`.")
    taken = looks.take(visit, answers, by)
    if as_json:
        _print(showing.plain_taken(taken))
        return
    typer.echo("\n".join(showing.taken_lines(taken, words)))


def _go_through(looks: Looks, waiting: Iterable[Waiting], by: str | None, words: Language) -> None:
    """Ask one question after another, the oldest first; what an answer settled elsewhere is not asked again."""
    from automation.cli.look import showing

    name = _name(by, words)
    for one in waiting:
        if not _is_open(looks, one):
            continue
        typer.echo("\n" + "\n".join(showing.question_lines(one, words)), err=True)
        says = _chosen(one, words)
        answer: tuple[Answer, ...] = ((one.question, says, False),) if says else ()
        if not answer:
            continue
        preview = looks.preview(one.visits[0], answer, name)
        if preview.refusal:
            typer.echo(words.gettext("Not taken: %(why)s", why=words.said(preview.refusal)), err=True)
            continue
        typer.echo("\n".join(showing.preview_lines(preview, words)), err=True)
        if _agrees(words):
            typer.echo("\n".join(showing.taken_lines(looks.take(one.visits[0], answer, name), words)))


def _is_open(looks: Looks, waiting: Waiting) -> bool:
    """Whether a question was not settled by an answer given meanwhile."""
    from automation.core.errors import ConfigurationError

    try:
        _, questions = looks.questions(waiting.visits[0].bundle)
    except ConfigurationError:
        return False
    return any(question.key == waiting.question.key for question in questions)


def _chosen(waiting: Waiting, words: Language) -> Says | None:
    """The answer that the person chooses; None: later."""
    from automation.cli.look import showing

    question = waiting.question
    for number, says in enumerate(question.answers, 1):
        typer.echo(f"  {number}  {showing.said(question.kind, says, words)}", err=True)
    later = words.gettext("none of these: ask me later")
    typer.echo(f"  0  {later}", err=True)
    while True:
        answer: int = typer.prompt(words.gettext("Number"), type=int, err=True)
        if 0 <= answer <= len(question.answers):
            return question.answers[answer - 1] if answer else None


def _agrees(words: Language) -> bool:
    from automation.cli.terminal import agrees

    return agrees(words.gettext("Is that what you see?"), words)


def _name(by: str | None, words: Language) -> str:
    """
    The name of whoever looks: as given, as kept, or asked for once.

    Raises ConfigurationError: nobody is named, and nobody can be asked.
    """
    from automation.app.looks import keep_name, kept_name
    from automation.core.errors import ConfigurationError

    if by is not None or (kept := kept_name()):
        return by if by is not None else kept
    if not _is_terminal():
        raise ConfigurationError("nobody is named who looked", 'Give a name: --by "NAME".')
    name: str = typer.prompt(words.gettext("Your name, which stands beside the answer from now on"), err=True)
    keep_name(name)
    return name.strip()


def _is_terminal() -> bool:
    from automation.cli import terminal

    return terminal.is_terminal()


def _print(plain: Any) -> None:
    import json

    typer.echo(json.dumps(plain if isinstance(plain, dict) else list(plain), ensure_ascii=False, indent=2))
