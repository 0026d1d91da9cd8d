"""`temoin diff`: what two pieces of evidence of one account say and show differently."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from automation.cli.shared.common import Lang, Trusted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from automation.evidence.verify.opened import Evidence
    from automation.reports.as_lines import Compared
    from automation.reports.comparison import PictureDifference

_OUTPUT = Path("temoin-diff")


def diff(
    before: Annotated[Path, typer.Argument(help="The earlier bundle.")],
    now: Annotated[Path, typer.Argument(help="The later bundle, of the same account.")],
    output: Annotated[Path, typer.Option(help="Folder for pictures of what differs; made when something does.")] = (
        _OUTPUT
    ),
    json: Annotated[bool, typer.Option("--json", help="Print the differences as JSON, and nothing else.")] = False,
    trust: Trusted = None,
    lang: Lang = None,
) -> None:
    """
    Compare two bundles: the answer, the form, switches, and the pictures of each step without what is masked.

    Exit codes: 0 no difference, 1 some.
    """
    from automation.cli.shared.common import words
    from automation.cli.shared.sealing import known_keys
    from automation.evidence.verify.opened import open_evidence
    from automation.reports.as_lines import Compared, compared_lines
    from automation.reports.comparison import compare_answers

    believed = known_keys(None, trust)
    first, second = open_evidence(before, believed), open_evidence(now, believed)
    pictures = dict(_pictures(first, second))
    found = Compared(
        compare_answers(first.result, second.result), pictures, _kept(output, pictures), _alone(first, second)
    )
    if json:
        typer.echo(_as_json(found))
    else:
        for line in compared_lines(found, words(lang, None)):
            typer.echo(line)
    raise typer.Exit(1 if found.differs else 0)


def _pictures(first: Evidence, second: Evidence) -> Iterator[tuple[str, PictureDifference]]:
    """Like with like: the same step, taken for the same time on its visit."""
    from automation.reports.comparison import compare_pictures

    theirs = _by_step(second)
    for step, path in _by_step(first).items():
        if step in theirs:
            masks = [*_masks(first, path), *_masks(second, theirs[step])]
            yield step, compare_pictures(first.read(path), second.read(theirs[step]), masks)


def _by_step(evidence: Evidence) -> dict[str, str]:
    """Name of a step (with a number from its second time on) → its picture."""
    found: dict[str, str] = {}
    for step in evidence.result.steps:
        if step.picture is not None:
            names = (step.name, *(f"{step.name}-{number}" for number in range(2, 100)))
            found[next(name for name in names if name not in found)] = step.picture
    return found


def _masks(evidence: Evidence, picture: str) -> Iterator[Any]:
    from automation.reports.comparison import PixelBox

    for redaction in evidence.redactions:
        if picture in redaction.pictures:
            for mask in redaction.masks:
                yield from (PixelBox(*box) for box in mask.boxes)


def _alone(first: Evidence, second: Evidence) -> tuple[str, ...]:
    """Steps that only one of them has a picture of."""
    return tuple(sorted(_by_step(first).keys() ^ _by_step(second).keys()))


def _kept(folder: Path, pictures: Mapping[str, PictureDifference]) -> dict[str, Path]:
    """Write the pictures of what differs; none where nothing does."""
    from automation.storage.files import write_whole

    if any(found.picture is not None for found in pictures.values()):
        folder.mkdir(parents=True, exist_ok=True)
    files = {step: folder / f"{step}.png" for step, found in pictures.items() if found.picture is not None}
    for step, path in files.items():
        write_whole(path, pictures[step].picture or b"", shared=True)
    return files


def _as_json(found: Compared) -> str:
    import json
    from dataclasses import asdict

    pictures = [
        {
            "step": step,
            "pixels": one.pixels,
            "of": one.of,
            "where": asdict(one.where) if one.where else None,
            "sizes": one.sizes,
            "file": str(found.files[step]) if step in found.files else None,
        }
        for step, one in found.pictures.items()
    ]
    answers = [asdict(one) for one in found.answers]
    document = {"answers": answers, "pictures": pictures, "only_in_one": found.only_in_one}
    return json.dumps(document, ensure_ascii=False, indent=2)
