"""
Sentences for a user that need no mark: texts of errors, problems and log lines, and the help of commands.

`make words` brings them into the catalogue through `extract`; `automation.text.language` finds them there again.
A text with values in it, `f"there is no {path}"`, becomes `there is no %(path)s`.
"""

from __future__ import annotations

import ast
import inspect
import re
from typing import IO, TYPE_CHECKING, Any

import typer
from babel.messages.extract import extract_python

from automation.cli import app
from automation.core import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

TOLD = frozenset({name for name, kind in vars(errors).items() if isinstance(kind, type)}) | {
    "DoctorFinding",
    "Notice",
    "Problem",
    "Wrong",
    "BadParameter",
    "UsageError",
}
"""Classes whose texts a user reads."""
AUDIT = "automation/authoring/audit.py"
"""Yields what `temoin flows check` tells."""
PARSED = ("/flow/", "/guard/policy.py", "/core/flows.py", "/keys/trust.py", "/storage/")
"""Where a ValueError is what pydantic, or a reader of lines, tells of a file that somebody wrote."""
_TEXTS = ("message", "remedy", "what", "detail")
_LOGGED = frozenset({"info", "success", "warning", "error"})
_TRIMMED = frozenset({"strip", "rstrip", "lstrip"})
_FIELD = re.compile(r"\{[^{}]*\}")
Found = tuple[int, str, str, list[str]]


def extract(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    """Everything that a user may read, as Babel wants it: line, function, message, comments."""
    yield from extract_python(file, keywords, tags, options)
    file.seek(0)
    tree = ast.parse(file.read())
    yield from _told(tree, TOLD | {"ValueError"} if any(part in file.name for part in PARSED) else TOLD)
    if file.name.endswith(AUDIT):
        yield from _audited(tree)
    if file.name.endswith("automation/cli/__init__.py"):
        yield from _help()


def _told(tree: ast.Module, classes: frozenset[str]) -> Iterator[Found]:
    """Texts of errors, problems and log lines."""
    for function, given in _functions(tree):
        for call in (node for node in _own(function) if isinstance(node, ast.Call)):
            for text in _texts_of(call, classes):
                for sentence in _sentences(text, given, set()):
                    if _is_sentence(sentence):
                        yield call.lineno, "", sentence, []


def _audited(tree: ast.Module) -> Iterator[Found]:
    """Texts that a function yields one by one."""
    for function, given in _functions(tree):
        for node in _own(function):
            if isinstance(node, ast.Yield) and isinstance(node.value, ast.JoinedStr | ast.Constant):
                for sentence in _sentences(node.value, given, set()):
                    if _is_sentence(sentence):
                        yield node.lineno, "", sentence, []


def _help() -> Iterator[Found]:
    """What `--help` shows of every command, as the program itself has it."""
    waiting: list[Any] = [typer.main.get_command(app)]
    while waiting:
        command = waiting.pop()
        waiting.extend(getattr(command, "commands", {}).values())
        for text in (command.help, command.short_help, command.epilog):
            for paragraph in inspect.cleandoc(text or "").split("\n\n"):
                if paragraph:
                    yield 1, "", " ".join(paragraph.split()), []
        for parameter in command.params:
            if text := getattr(parameter, "help", None):
                yield 1, "", " ".join(text.split()), []


def _functions(tree: ast.Module) -> Iterator[tuple[ast.AST, dict[str, list[ast.expr]]]]:
    """Each function, and the module itself, with what its names are given, by the module or by itself."""
    of_module: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):  # the module comes first
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            given = {name: list(values) for name, values in of_module.items()}
            for inner in _own(node):
                if isinstance(inner, ast.Assign | ast.AnnAssign) and inner.value is not None:
                    targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
                    for target in targets:
                        _note(target, inner.value, given)
            of_module = given if isinstance(node, ast.Module) else of_module
            yield node, given


def _note(target: ast.expr, value: ast.expr, given: dict[str, list[ast.expr]]) -> None:
    if isinstance(target, ast.Name):
        given.setdefault(target.id, []).append(value)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=False):
            _note(one, its, given)


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def _texts_of(call: ast.Call, classes: frozenset[str]) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in classes or name.lower() in {"problem", "finding"}:
        yield from call.args
        yield from (keyword.value for keyword in call.keywords if keyword.arg in _TEXTS)
    elif name in _LOGGED and isinstance(call.func, ast.Attribute) and _is_logger(call.func.value) and call.args:
        yield call.args[0]
    elif name == "__init__" and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        yield from call.args


def _is_logger(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "logger") or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_logger(node.func.value)
    )


def _sentences(node: ast.expr, given: dict[str, list[ast.expr]], seen: set[str]) -> Iterator[str]:
    """Every text that an expression can be, with `%(name)s` for the values in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield _named_fields(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield _template(node)
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and isinstance(
                part.value, ast.IfExp | ast.JoinedStr | ast.Constant
            ):
                yield from _sentences(part.value, given, seen)
    elif isinstance(node, ast.IfExp):
        yield from _sentences(node.body, given, seen)
        yield from _sentences(node.orelse, given, seen)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _sentences(value, given, seen)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TRIMMED:
        yield from _sentences(node.func.value, given, seen)
    elif isinstance(node, ast.Name) and node.id not in seen:
        for value in given.get(node.id, ()):
            yield from _sentences(value, given, seen | {node.id})


def _template(node: ast.JoinedStr) -> str:
    names: dict[str, int] = {}
    text = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("%", "%%")
        elif isinstance(part, ast.FormattedValue):
            name = _name(part.value)
            names[name] = names.get(name, 0) + 1
            text += f"%({name}{names[name] if names[name] > 1 else ''})s"
    return text


def _name(node: ast.expr) -> str:
    """What a value in a text is called: its name, the last part of it, or `value`."""
    if isinstance(node, ast.Name):
        return node.id.strip("_")
    if isinstance(node, ast.Attribute):
        return node.attr.strip("_")
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    return "value"


def _named_fields(text: str) -> str:
    """A text of the log with names for its fields: `%(value)s`, `%(value2)s` and so on."""
    first, *others = _FIELD.split(text.replace("%", "%%"))
    return first + "".join(f"%(value{n if n > 1 else ''})s{part}" for n, part in enumerate(others, 1))


def _is_sentence(text: str) -> bool:
    """Whether a user would read it: words, more than one."""
    literal = re.sub(r"%\(\w+\)s", "", text).strip()
    return " " in literal and sum(letter.isalpha() for letter in literal) > 4
