"""`temoin words`: say once what a sentence of a service means; from then on it counts for every account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import By, Config, Lang

if TYPE_CHECKING:
    from automation.flow.confirmed import ConfirmedSentence
    from automation.text.language import Language

app = typer.Typer(
    no_args_is_help=True,
    help="Say what a sentence of a service's answer means, where no source gives its words.",
)


@app.command("confirm")
def confirm(
    bundle: Annotated[Path, typer.Argument(help="The evidence of a check whose answer was not understood.")],
    sentence: Annotated[
        int | None, typer.Option(help="Number of the sentence that decides; asked for if left out.")
    ] = None,
    means: Annotated[
        str | None, typer.Option(help="accepted, refused, pending or more_information; asked for if left out.")
    ] = None,
    by: By = None,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """Show a service's answer as it was read, and note what its decisive sentence means."""
    from automation.cli.shared.common import load_settings, who_is_here, words
    from automation.cli.words.choosing import choose
    from automation.cli.words.confirming import flow_of, note, words_file
    from automation.evidence.verify.opened import open_evidence

    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    file = words_file(settings)
    evidence = open_evidence(bundle)
    flow_of(evidence, settings)  # whoever cannot confirm anything is told before they read and choose
    sentence_, means_ = choose(evidence, said, number=sentence, means=means)
    known = note(evidence, sentence_, means_, who=by or who_is_here(), settings=settings, words=said)
    typer.echo(_line(known, said))
    typer.echo(
        said.gettext(
            "Written to %(file)s. Judge stored answers again with: %(command)s",
            file=file,
            command=f"temoin rejudge {settings.output}",
        )
    )


@app.command("list")
def list_words(
    json: Annotated[bool, typer.Option("--json", help="Print the sentences as JSON, and nothing else.")] = False,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """List the sentences whose meaning people confirmed."""
    from automation.cli.shared.common import load_settings, words
    from automation.cli.words.confirming import in_folder, read_sentences

    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    sentences = [one for path in settings.flow_paths for one in read_sentences(in_folder(path))]
    if json:
        import json as format_

        typer.echo(format_.dumps([{"id": one.id, **one.model_dump(mode="json")} for one in sentences], indent=2))
        return
    for one in sentences:
        typer.echo(_line(one, said))
    if not sentences:
        typer.echo(said.gettext("No sentence is confirmed."))


@app.command("revoke")
def revoke(
    number: Annotated[str, typer.Argument(help="The sentence's number, as `temoin words list` shows it.")],
    config: Config = None,
    lang: Lang = None,
) -> None:
    """Take a meaning back: `temoin rejudge` then answers without it. Stored results keep what they rested on."""
    from automation.cli.shared.common import load_settings, words
    from automation.cli.words.confirming import revoke_in

    settings = load_settings(config, for_signing_in=False)
    revoke_in(settings, number)
    typer.echo(words(lang, settings).gettext("Revoked: %(number)s", number=number))


@app.command("export")
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to write them; stdout without it.")] = None,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """Write the sentences to be shared: without names, and searched for personal data."""
    from automation.cli.shared.common import load_settings, words
    from automation.cli.words.confirming import in_folder, read_sentences
    from automation.errors import ConfigurationError
    from automation.flow.confirmed import as_toml, exported, personal_in
    from automation.storage.files import write_text

    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    shared = exported(one for path in settings.flow_paths for one in read_sentences(in_folder(path)))
    accounts = [v for a in settings.accounts for v in (a.owner, a.page or "", a.identity or "", *a.name.split("-"))]
    known = [*accounts, *settings.secret_values()]
    for one in shared:
        if kind := personal_in(one, known):
            raise ConfigurationError(
                f"{one.id}: {kind} stands in this sentence, so nothing is exported",
                f"Look at it with `temoin words list`, then take it out with `temoin words revoke {one.id}`.",
            )
    if file is None:
        typer.echo(as_toml(shared), nl=False)
        return
    write_text(file, as_toml(shared))
    typer.echo(said.ngettext("%(num)s sentence exported", "%(num)s sentences exported", len(shared), num=len(shared)))


@app.command("import")
def import_words(
    file: Annotated[Path, typer.Argument(help="A file that `temoin words export` wrote.")],
    by: By = None,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """Take over sentences that somebody else confirmed; you vouch for them with your name."""
    from automation.cli.shared.common import load_settings, who_is_here, words
    from automation.cli.words.confirming import read_sentences, words_file, write_sentences
    from automation.errors import ConfigurationError

    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    target = words_file(settings)
    if not file.is_file():
        raise ConfigurationError(f"{file}: no such file", "Name a file that `temoin words export` wrote.")
    here = read_sentences(target)
    meanings = {(one.flow, one.text): one.means for one in here}
    new = []
    for one in read_sentences(file):
        known = meanings.get((one.flow, one.text))
        if known is not None and known != one.means:
            raise ConfigurationError(
                f"{one.id}: this sentence was confirmed here with another meaning ({known})",
                "Revoke the one that is wrong; nothing was imported.",
            )
        if known is None:
            new.append(one.model_copy(update={"who": by or who_is_here(), "imported": True}))
    write_sentences(target, [*here, *new])
    typer.echo(said.ngettext("%(num)s sentence imported", "%(num)s sentences imported", len(new), num=len(new)))


def _line(sentence: ConfirmedSentence, words: Language) -> str:
    """One sentence for a terminal: what it means, who says so, and since when."""
    from automation.cli.words.confirming import MEANINGS
    from automation.reading.meanings import Meaning
    from automation.text.language import printable

    said = words.gettext(
        "%(verdict)s, said by %(name)s on %(day)s: %(text)s",
        verdict=words.gettext(MEANINGS[Meaning(sentence.means)]),
        name=sentence.who or "–",
        day=words.full_date(sentence.when),
        text=words.quoted(sentence.text),
    )
    parts = [f"{sentence.id}  {sentence.flow}  {said}"]
    if sentence.imported:
        parts.append(words.gettext("imported"))
    return printable(words.clauses(parts))
