"""A JSON Schema as Markdown: one table for each kind of object, one list for each closed set of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the parts of one schema; `words` are meanings that the schema does not hold itself."""

    schema: Schema
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(Name of a definition, key or word of it) → what it means."""
    for_input: bool = True
    """Whether a person writes it: then "required" and what holds otherwise are said, and nothing of null."""

    def table(self, properties: Schema, required: list[str], of: str = "") -> str:
        """The keys of one object."""
        rows = ["| key | meaning |", "|---|---|"]
        for key, value in properties.items():
            meaning = self.words.get((of, key)) or " ".join(str(value.get("description", "")).split())
            rows.append(f"| `{key}` | {self.meaning(value, meaning, required=key in required)} |")
        return "\n".join(rows)

    def meaning(self, value: Schema, words: str, *, required: bool) -> str:
        """The cell of one key: its meaning, and below it what may stand there."""
        usual = "required" if required else _usual(value)
        about = "; ".join(part for part in (self.kind(value), usual if self.for_input else "") if part)
        return f"{cell(words)}<br>{about}" if words else about

    def definitions(self, *, but: frozenset[str] = frozenset()) -> str:
        """Everything that the tables refer to, each with its own heading."""
        return "\n\n".join(self.definition(name) for name in self.schema.get("$defs", {}) if name not in but)

    def definition(self, name: str) -> str:
        """One kind of object, or a closed set of words."""
        shape = self.schema["$defs"][name]
        about = " ".join(str(shape.get("description", "")).split())
        head = f"### {plain(name)} {{ #{anchor(name)} }}\n\n{about}"
        if "enum" in shape:
            words = [(word, self.words.get((name, str(word)), "")) for word in shape["enum"]]
            return head + "\n\n" + "\n".join(f"- `{word}`" + (f": {said}" if said else "") for word, said in words)
        return head + "\n\n" + self.table(shape.get("properties", {}), list(shape.get("required", [])), name)

    def kind(self, value: Schema) -> str:
        """What may stand there, in a few words."""
        match value:
            case {"$ref": ref}:
                name = ref.rpartition("/")[2]
                return f"[{plain(name)}](#{anchor(name)})"
            case {"anyOf": choices}:
                shown = [choice for choice in choices if not (self.for_input and choice.get("type") == "null")]
                return " or ".join(self.kind(choice) for choice in shown)
            case {"allOf": [only]}:
                return self.kind(only)
            case {"const": word}:
                return f"`{word}`"
            case {"enum": words}:
                return ", ".join(f"`{word}`" for word in words)
            case {"type": "array"}:
                return f"list of {self.kind(value.get('items', {}))}"
            case {"type": "object", "additionalProperties": dict(inner)}:
                return f"table: name → {self.kind(inner)}"
        return _plain_kind(value)


def _usual(value: Schema) -> str:
    """What holds where nothing is given."""
    usual = value.get("default")
    if usual is None or usual in ([], "") or isinstance(usual, dict):
        return ""
    if isinstance(usual, list):
        return "usually " + ", ".join(f"`{item}`" for item in usual)
    return f"usually `{str(usual).lower() if isinstance(usual, bool) else usual}`"


def _plain_kind(value: Schema) -> str:
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    formats = {"path": "path", "date": "date", "date-time": "moment (UTC)", "password": "secret text"}
    kind = formats.get(str(value.get("format")), words.get(str(value.get("type")), str(value.get("type", "anything"))))
    low, high = value.get("minimum", value.get("exclusiveMinimum")), value.get("maximum")
    if high is not None:
        return f"{kind}, {'above ' if 'exclusiveMinimum' in value else ''}{low} to {high}"
    return kind


def plain(name: str) -> str:
    """A definition's name without what only the code needs."""
    return name.strip("_").removesuffix("Table")


def anchor(name: str) -> str:
    """Where its heading is found."""
    return "kind-" + plain(name).lower()


def cell(text: str) -> str:
    """Text that may stand in a cell of a table."""
    return text.replace("|", "\\|").replace("<", "&lt;")
