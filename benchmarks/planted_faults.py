"""
How many planted faults do the tests find, in the parts that keep a promise?

    .venv/bin/python benchmarks/planted_faults.py [--area judge,guard] [--faults 12] [--seed 1] [--only-quick]

Faults are small changes of the kind that people make: a comparison turned round, `and` for `or`, a condition negated, a
line left out. They are chosen by the seed, in a copy of the checkout, one at a time; the tests of the area that need no
browser run until the first that fails. Prints each fault that no test found, and the share found in each area.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
QUICK = "not thorough and not rare"
"""What `make test` runs; `thorough` is for `make check`, `rare` for `make test-all`."""


@dataclass(frozen=True)
class Area:
    """A part of the engine and the tests that have to find a fault in it."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = {
    "judge": Area(
        ("check/judge.py", "check/conclusion.py", "domain/states.py"),
        ("tests/visit", "tests/core", "tests/flows/test_contradictions.py", "tests/flows/test_stored.py"),
    ),
    "replies": Area(
        (
            "reading/one_sentence.py",
            "reading/replies.py",
            "reading/letter.py",
            "text/templates.py",
            "reading/inbox/turns.py",
            "reading/inbox/lines.py",
            "reading/inbox/owners.py",
        ),
        ("tests/reading", "tests/text", "tests/flows/test_stored.py"),
    ),
    "guard": Area(
        (
            "guard/decision.py",
            "guard/policy.py",
            "guard/bodies.py",
            "guard/patterns.py",
            "guard/graphql.py",
            "guard/spelling.py",
            "guard/overrides.py",
            "guard/departures.py",
        ),
        ("tests/guard",),
    ),
    "sealing": Area(
        ("evidence/write/sealer.py", "evidence/write/bag.py", "evidence/formats/dsse.py", "evidence/formats/ledger.py"),
        ("tests/evidence",),
    ),
    "verification": Area(
        (
            "evidence/verify/bundle.py",
            "evidence/verify/chain.py",
            "evidence/verify/examine.py",
            "evidence/verify/proofs.py",
            "evidence/verify/runs.py",
            "evidence/verify/places.py",
            "evidence/verify/links.py",
        ),
        ("tests/evidence",),
    ),
}


class Planter(ast.NodeTransformer):
    """Changes the one place whose number it was given; without a number it only counts the places."""

    def __init__(self, wanted: int | None = None) -> None:
        self.wanted = wanted
        self.count = 0
        self.planted = ""

    def _here(self, node: ast.AST, what: str) -> bool:
        number, self.count = self.count, self.count + 1
        if number == self.wanted:
            self.planted = f"line {getattr(node, 'lineno', '?')}: {what}"
        return number == self.wanted

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Docstrings, annotations and defaults stay."""
        node.body = [part for statement in node.body for part in self._kept(statement)]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]  # noqa: N815

    def _kept(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        if (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Call | ast.Await)
            and self._here(statement, f"left out: {ast.unparse(statement)[:60]}")
        ):
            yield ast.copy_location(ast.Pass(), statement)
            return
        yield self.visit(statement)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """`==` and `!=`, `in` and `not in`, `<` and `<=` change places."""
        swapped = {
            ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
            ast.IsNot: ast.Is, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
        }  # fmt: skip
        self.generic_visit(node)
        other = swapped.get(type(node.ops[0]))
        if other and self._here(node, ast.unparse(node)[:60]):
            node.ops[0] = other()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        """`and` and `or` change places."""
        self.generic_visit(node)
        if self._here(node, ast.unparse(node)[:60]):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """`not` goes."""
        self.generic_visit(node)
        return node.operand if isinstance(node.op, ast.Not) and self._here(node, ast.unparse(node)[:60]) else node

    def visit_If(self, node: ast.If) -> ast.AST:
        """A condition is turned round."""
        self.generic_visit(node)
        if ast.unparse(node.test) != "TYPE_CHECKING" and self._here(node, f"if {ast.unparse(node.test)[:60]}"):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """True for False and the other way round."""
        self.generic_visit(node)
        value = node.value
        if isinstance(value, ast.Constant) and isinstance(value.value, bool) and self._here(node, ast.unparse(node)):
            node.value = ast.Constant(not value.value)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Only the value may change."""
        if node.value is not None:
            node.value = self.visit(node.value)
        return node


def places_in(module: Path) -> int:
    """How many faults could be planted in a module."""
    planter = Planter()
    planter.visit(ast.parse(module.read_text(encoding="utf-8")))
    return planter.count


def plant(module: Path, number: int) -> str:
    """Plant one fault; what it is."""
    planter = Planter(number)
    tree = planter.visit(ast.parse(module.read_text(encoding="utf-8")))
    module.write_text(ast.unparse(ast.fix_missing_locations(tree)), encoding="utf-8")
    return planter.planted


def is_found(copy: Path, area: Area, quick: bool) -> bool:
    """Whether a test of the area fails, or does not end, on the copy."""
    words = ["-m", f"not installs and not live and not browser{' and ' + QUICK if quick else ''}"]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *words, *area.tests]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    try:
        ended = subprocess.run(command, cwd=copy, capture_output=True, timeout=300, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return True
    if ended.returncode not in {0, 1, 2}:
        raise SystemExit(ended.stdout.decode()[-2000:] + ended.stderr.decode()[-2000:])
    return ended.returncode != 0


def main() -> None:
    """Plant, test, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--area", default=",".join(AREAS))
    parser.add_argument("--faults", type=int, default=12, help="in each area")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only-quick", action="store_true", help="leave out the tests marked `thorough` or `rare`")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="temoin-faults-") as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "build", "__pycache__", ".*_cache"))
        total = 0
        for name in given.area.split(","):
            found = measure(copy, name, given)
            total += found
            print(f"{name:14} {found} of {given.faults} found", flush=True)
        print(f"together {total} of {given.faults * len(given.area.split(','))}")


def measure(copy: Path, name: str, given: argparse.Namespace) -> int:
    """How many of an area's faults are found."""
    area = AREAS[name]
    modules = [copy / "automation" / module for module in area.modules]
    places = [(module, number) for module in modules for number in range(places_in(module))]
    if is_found(copy, area, given.only_quick):
        raise SystemExit(f"the tests of {name} fail without any fault: {' '.join(area.tests)}")
    found = 0
    for module, number in random.Random(given.seed).sample(places, min(given.faults, len(places))):
        whole = module.read_text(encoding="utf-8")
        what = plant(module, number)
        try:
            if is_found(copy, area, given.only_quick):
                found += 1
            else:
                print(f"  not found: {module.relative_to(copy)} {what}", flush=True)
        finally:
            module.write_text(whole, encoding="utf-8")
    return found


if __name__ == "__main__":
    main()
