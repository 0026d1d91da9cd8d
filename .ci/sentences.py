"""
Sentences for a user that need no mark: texts of errors and log lines, help of commands, and whatever reads as English.

`make words` brings them into the catalogue through `extract`; `automation.text.language` finds them there again.
A text with values in it, `f"there is no {path}"`, becomes `there is no %(path)s`. What reads as English and is for
nobody stands in `ELSEWHERE`, or ends its line with `# untold: why`; any other sentence without French fails a test.
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
"""Yields what `temoin flow check` tells."""
PARSED = ("/flow/", "/guard/policy.py", "/core/flows.py", "/keys/trust.py", "/storage/")
"""Where a ValueError is what pydantic, or a reader of lines, tells of a file that somebody wrote."""
ELSEWHERE = (
    # What services and letters say.
    "/reading/", "/messaging/letters.py", "/messaging/arrival.py",
    "/text/normalizing.py", "/text/names.py", "/text/named_accounts.py",
    # Files for authors of flows, which are English; agents and developers, whom other tools speak to in English.
    "/authoring/replica/", "/authoring/writing.py", "/authoring/flow_lists.py", "/mcp/", "/pytest_plugin/__init__.py",
    "/pytest_plugin/read_only.py",
    # What a record says in one language, and what ends as a rule of the guard's record.
    "/compliance/", "/browser/environment/", "/browser/capture/", "/evidence/maintain/wacz.py",
    "/guard/client_records.py", "/guard/request_heads.py", "/guard/bodies.py", "/guard/measuring.py",
    # A letter in the authority's language.
    "/reports/complaint.py",
)  # fmt: skip
"""Where English that is marked by nothing is for nobody that has chosen a language."""
UNTOLD = "# untold: "
"""Before the reason, at the end of a line whose English is for nobody."""
_INNER = re.compile(
    r"(re\.\w+|as_json|(TypeError|AssertionError|NotImplementedError|LookupError|KeyError|RuntimeError))\("
)
_QUIET = frozenset({"debug", "trace"})
_ENGLISH = re.compile(
    r"an?|and|are|as|at|be|been|before|but|by|can(not)?|did|do(es)?|for|from|had|has|have|if|in|into|is|its?|no|nobody|"
    r"none|not|nothing|of|on|only|or|so|than|that|the|their|them|then|there|these|they|this|those|to|was|were|what|when|"
    r"where|which|who|why|with|without"
)
"""Words of which every sentence has one."""
_CODE = re.compile(
    r"[<>{}\\|=^*@#]|\b(SELECT|INSERT|UPDATE|DELETE|CREATE|SET|DROP|ORDER)\b|\b[a-z]\.[a-z]|^--|^temoin "
)
_TEXTS = ("message", "remedy", "what", "detail")
_MARKS = frozenset({"_", "N_", "gettext", "ngettext", "pgettext"})
_LOGGED = frozenset({"info", "success", "warning", "error"})
_TRIMMED = frozenset({"strip", "rstrip", "lstrip"})
_VALUES = re.compile(r"%\(\w+\)s")
_FIELD = re.compile(r"\{[^{}]*\}")
Found = tuple[int, str, str, list[str]]


def extract(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    """Everything that a user may read, as Babel wants it: line, function, message, comments."""
    yield from extract_python(file, keywords, tags, options)
    file.seek(0)
    source = file.read().decode()
    tree = ast.parse(source)
    yield from _told(tree, TOLD | {"ValueError"} if any(part in file.name for part in PARSED) else TOLD)
    if file.name.endswith(AUDIT):
        yield from _audited(tree)
    if file.name.endswith("automation/cli/__init__.py"):
        yield from _help()
    if not any(part in file.name for part in ELSEWHERE):
        yield from english(tree, source)


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


def english(tree: ast.Module, source: str) -> Iterator[Found]:
    """Texts that read as English, wherever they stand: in a table, an argument, or put together."""
    lines = source.splitlines()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if _is_inner(node):
            continue
        text = _whole(node)
        if text is None:
            if isinstance(node, ast.Attribute) and node.attr in _TRIMMED:  # a headline with nothing to list below it
                head = (_whole(node.value) or "").partition("\n")[0]
                yield from ((node.lineno, "", one, []) for one in (head,) if _is_english(one))
            waiting.extend(ast.iter_child_nodes(node))
            continue
        waiting.extend(part.value for part in ast.walk(node) if isinstance(part, ast.FormattedValue))
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        untold = any(UNTOLD in line for line in lines[first - 1 : last])
        if not untold and _is_english(text):
            yield first, "", text, []


def _is_inner(node: ast.AST) -> bool:
    """Whether nobody reads it: a docstring, a pattern, a fault of ours, or what only a developer has logged."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Assert)
    quiet = isinstance(node.func, ast.Attribute) and node.func.attr in _QUIET
    marked = isinstance(node.func, ast.Name | ast.Attribute) and ast.unparse(node.func).rpartition(".")[2] in _MARKS
    return quiet or marked or _INNER.match(ast.unparse(node)) is not None


def _whole(node: ast.AST) -> str | None:
    """The text that a node is, with `%(name)s` for what it is given; None where it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("%", "%%")
    return _template(node) if isinstance(node, ast.JoinedStr) else None


def _is_english(text: str) -> bool:
    """Whether it reads as English: several words, one that every sentence has, and nothing that code has."""
    literal = _VALUES.sub("", text).strip()
    words = re.findall(r"[a-z']+", literal.lower())
    return " " in literal and len(words) > 1 and any(map(_ENGLISH.fullmatch, words)) and not _CODE.search(literal)


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
    literal = _VALUES.sub("", text).strip()
    return " " in literal and sum(letter.isalpha() for letter in literal) > 4
