"""
Print the house: rooms of `automation/`, their lines, modules and budgets, and what no budget allows anywhere.

`[tool.temoin.budgets]` in `pyproject.toml` holds the most lines of each room. It ends with 1 where a room is above its
budget, modules import each other in a circle (late and type-checking imports count), or a function is too complex
(boolean operators and comprehensions count, as radon counts them; ruff's C901 does not see them).
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
from radon.complexity import cc_visit
from radon.visitors import Function

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "automation"
COMPLEXITY = 20
"""The most branches of one function."""


def rooms() -> dict[str, list[Path]]:
    """The modules of each room, `__init__` included; a module beside the rooms is a room by its own name."""
    found: dict[str, list[Path]] = {}
    for path in sorted(HOUSE.rglob("*.py")):
        found.setdefault(path.relative_to(HOUSE).parts[0].removesuffix(".py"), []).append(path)
    return found


def lines(paths: list[Path]) -> int:
    """Lines of some modules, blank ones and comments included."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def circle() -> list[str]:
    """Modules that import each other in a circle, the first again at the end; empty where there is none."""
    graph = grimp.build_graph("automation")
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def too_complex() -> Iterator[str]:
    """Functions above `COMPLEXITY`, each with its place and number."""
    for path in sorted(HOUSE.rglob("*.py")):
        for block in cc_visit(path.read_text(encoding="utf-8")):
            if isinstance(block, Function) and block.complexity > COMPLEXITY:
                yield f"{path.relative_to(ROOT)}:{block.lineno} {block.name} ({block.complexity})"


def main() -> int:
    """Print, and say by the exit code whether all is kept."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    budgets: dict[str, int] = settings["tool"]["temoin"]["budgets"]
    faults = []
    print(f"{'room':<15}{'lines':>7}{'budget':>8}{'modules':>9}")
    for room, paths in rooms().items():
        count, budget = lines(paths), budgets.get(room, 0)
        print(f"{room:<15}{count:>7}{budget:>8}{len(paths):>9}")
        if count > budget:
            faults.append(f"{room} has {count} lines, {count - budget} more than its budget in pyproject.toml.")
    everything = [path for paths in rooms().values() for path in paths]
    print(f"{'all':<15}{lines(everything):>7}{sum(budgets.values()):>8}{len(everything):>9}")
    if found := circle():
        faults.append(f"Modules import each other in a circle: {' → '.join(found)}")
    faults += [f"More than {COMPLEXITY} branches: {found}" for found in too_complex()]
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
