"""What the code says of itself: the docstrings below the attributes of a class."""

from __future__ import annotations

import ast
import inspect
import textwrap


def of_attributes(kind: type) -> dict[str, str]:
    """Attribute or enum member → the words below it, those of base classes included, as one paragraph."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith(("automation.", "flows.")):
            found |= _own(base)
    return found


def _own(kind: type) -> dict[str, str]:
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    if not isinstance(body, ast.ClassDef):
        return {}
    found: dict[str, str] = {}
    for here, below in zip(body.body, body.body[1:], strict=False):
        name = _name(here)
        if name and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[name] = " ".join(str(below.value.value).split())
    return found


def _name(statement: ast.stmt) -> str:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""
