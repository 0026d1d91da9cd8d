"""Do the names that a flow gives to its pages, reads and forms fit together, and has each of them words for people?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.flow.control_table import ControlTable
from automation.reading.form_fields import purposes
from automation.reports.names import EXPOSURES, FORM_SHAPES, SURFACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from automation.core.guides import Text
    from automation.flow.control_table import FormShape, ObjectionTable
    from automation.flow.manifest import Flow

_LANGUAGES = ("en", "fr")


def problems(flow: Flow) -> Iterator[str]:
    """What must be mended."""
    rule, guide = flow.rule, flow.guide
    own = {*flow.surfaces, *(step.name for step in flow.path)}
    shapes: tuple[FormShape, ...] = ()
    if not isinstance(rule, ControlTable):
        own.add(f"{rule.inbox}-item")  # the step at which one of its items is pictured
        shapes = rule.shapes
        yield from _shapes(shapes, purposes(flow.labels))
        yield from _reads(flow, rule)
    yield from _words("surfaces", own, guide.surfaces, SURFACES)
    yield from _words("shapes", [shape.name for shape in shapes], guide.shapes, FORM_SHAPES)
    yield from _words("exposure", [row.name for row in flow.exposure], guide.exposure, EXPOSURES)


def notes(flow: Flow) -> Iterator[str]:
    """What is worth knowing."""
    if isinstance(flow.rule, ControlTable):
        return
    asked = {purpose for shape in flow.rule.shapes for purpose in (*shape.needs, *shape.may)}
    for row in flow.exposure:
        if row.field and row.field not in asked:
            yield f"exposure {row.name}: no shape of the form asks for '{row.field}'"
    if flow.operations and not flow.site.reads.viewers:
        yield "reads.viewers: no answer says for whom it was read"


def _words(table: str, names: Iterable[str], said: Mapping[str, Text], engine: Mapping[str, str]) -> Iterator[str]:
    """Names without words in both languages, and words of names that nothing carries."""
    known = set(names)
    for name in sorted(known - set(engine)):
        for language in _LANGUAGES:
            if not said.get(name, {}).get(language):
                yield f"guide.{table}.{name} lacks '{language}'"
    for name in sorted(set(said) - known):
        yield f"guide.{table}.{name}: the flow has no such name"


def _shapes(shapes: tuple[FormShape, ...], known: Iterable[str]) -> Iterator[str]:
    """Shapes of fields that cannot be told, and shapes that an earlier one leaves nothing to."""
    fields = set(known)
    for number, shape in enumerate(shapes):
        for purpose in (*shape.needs, *shape.may):
            if purpose not in fields:
                yield f"shape {shape.name}: no words under 'field.{purpose}' tell that field"
        for earlier in shapes[:number]:
            if earlier.name == shape.name:
                yield f"shape {shape.name} stands there twice"
            elif _takes_all(earlier, shape):
                yield f"shape {shape.name} never fits: {earlier.name} stands before it and takes all of its forms"


def _takes_all(earlier: FormShape, later: FormShape) -> bool:
    fits = set(earlier.needs) <= set(later.needs) and {*later.needs, *later.may} <= {*earlier.needs, *earlier.may}
    return fits and set(earlier.optional) <= set(later.optional) and earlier.words.items() <= later.words.items()


def _reads(flow: Flow, rule: ObjectionTable) -> Iterator[str]:
    """Reads that no request can be told by."""
    reads = flow.site.reads
    by_body = bool(reads.name_headers or reads.name_fields)
    for name in rule.inbox_operations:
        if not by_body and name not in reads.paths:
            yield f"inbox_operations: nothing names '{name}': neither [reads] paths nor a field of [guard.operations]"
    seen: dict[str, str] = {}
    for name, pattern in reads.paths.items():
        if pattern in seen:
            yield f"reads.paths: '{name}' has the path of '{seen[pattern]}' and is never told"
        seen.setdefault(pattern, name)
