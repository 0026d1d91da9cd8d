"""
Draw the rooms of `automation/` from the code's own imports, for CONTRIBUTING.md.

`python .ci/layout.py` compares the picture there with the code, `--write` draws it anew. The floors are those of the
contract in `pyproject.toml`; a room that stands on one uses only rooms below it.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "CONTRIBUTING.md"
BEGIN, END = "<!-- rooms: made by .ci/layout.py -->", "<!-- end of rooms -->"


def floors() -> list[list[str]]:
    """Rooms by floor, the highest first, as the contract lists them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    return [re.split(r"\s*[|:]\s*", layer) for layer in layers]


def picture() -> str:
    """The rooms as a table: floor, room, what it is for, and the rooms that its modules import."""
    graph = grimp.build_graph("automation")
    lines = ["| floor | room | what is inside | uses |", "|---|---|---|---|"]
    storeys = floors()
    for number, rooms in enumerate(storeys):
        for room in rooms:
            inside = {f"automation.{room}"} | graph.find_descendants(f"automation.{room}")
            imported = {found for module in inside for found in graph.find_modules_directly_imported_by(module)}
            used = {found.split(".")[1] for found in imported if found.count(".")} - {room}
            order = [name for storey in storeys for name in storey if name in used]
            uses = ", ".join(f"`{name}`" for name in order) or "-"
            lines.append(f"| {len(storeys) - number} | `{room}` | {_purpose(room)} | {uses} |")
    return "\n".join(lines)


def _purpose(room: str) -> str:
    """First sentence of a room's docstring."""
    path = ROOT / "automation" / room
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).replace("|", "\\|")


def main() -> None:
    """Compare, or write."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    drawn = f"{before}{BEGIN}\n\n{picture()}\n\n{END}{after}"
    if drawn == text:
        return
    if "--write" not in sys.argv:
        raise SystemExit("CONTRIBUTING.md: its picture of the rooms is not the code's. Run `make layout`.")
    PAGE.write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
