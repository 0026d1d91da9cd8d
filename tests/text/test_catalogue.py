"""The program's sentences: all marked, all translated, and the same in what they say."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

import automation
from automation.text.catalogue import FOLDER
from automation.visit.attended import desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog, Message

_PACKAGE = Path(automation.__file__).parent
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%(?!\()")
_MARKS = {"_", "N_", "gettext", "ngettext", "pgettext"}


@pytest.fixture(scope="module")
def said_in_code(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every sentence that the code and the templates mark, found the way a translator finds them."""
    template = tmp_path_factory.mktemp("words") / "messages.pot"
    options = ["-F", str(FOLDER / "babel.toml"), "-o", str(template)]
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(_PACKAGE.parent / ".ci"))  # where its extractor for errors and help lies
        CommandLineInterface().run(["pybabel", "-q", "extract", *options, str(_PACKAGE)])
    with template.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def french() -> Catalog:
    """The French catalogue as it is shipped."""
    with (FOLDER / "fr" / "LC_MESSAGES" / "temoin.po").open("rb") as file:
        return read_po(file, locale="fr")


def _messages(catalogue: Catalog) -> dict[tuple[str | None, str], Message]:
    ids = ((m.context, m.id[0] if isinstance(m.id, tuple) else m.id, m) for m in catalogue if m.id)
    return {(context, text): message for context, text, message in ids}


def test_every_sentence_has_its_french(said_in_code: Catalog, french: Catalog) -> None:
    """What the code says and what the catalogue holds are the same set, translated and not left in doubt."""
    said, known = _messages(said_in_code), _messages(french)
    assert len(said) > 200
    assert set(said) == set(known)
    assert not french.obsolete
    for message in known.values():
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy, message.id
        assert isinstance(message.id, tuple) == isinstance(message.string, tuple), message.id


def test_a_constant_with_a_text_is_found(said_in_code: Catalog) -> None:
    """A remedy that several errors share stands in a constant of its module, and is extracted as well."""
    assert desk._AT_YOUR_DESK in said_in_code


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('raise KindError("there is no %s" % name)', "there is no %%s"),
        ('raise NewKindError(f"{name}: it does not fit")', "%(name)s: it does not fit"),
        ('echo("Nothing was kept.")', "Nothing was kept."),
        ('TABLE = {Kind.A: "the page did not load"}', "the page did not load"),
        ('why = "it is empty" if new else "it is old"', "it is empty"),
        ('say("-> " + f"the list of {name}")', "the list of %(name)s"),
        ('raise Wrong(f"Not to be had.\\n  {tried}".rstrip())', "Not to be had."),
        ('KEY = "not run"  # untold: a key', ""),
        ('logger.debug("step {} is not there", step)', ""),
        ('"""What it is for."""', ""),
        ('connection.execute("SELECT a FROM b WHERE c IS NOT NULL")', ""),
    ],
)
def test_a_sentence_is_found_wherever_it_stands(code: str, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is raised, said or kept with: so none without its French passes. What nobody is told is left alone."""
    monkeypatch.syspath_prepend(str(_PACKAGE.parent / ".ci"))
    sentences = importlib.import_module("sentences")
    texts = [text for _, _, text, _ in sentences.english(ast.parse(code), code)]
    assert (found in texts) if found else texts == []


def test_no_page_speaks_past_the_catalogue() -> None:
    """Between its tags, and in what is read aloud of them, a page's template holds no word that is not looked up."""
    lost = [f"{file.name}: {text}" for file in sorted(_PACKAGE.rglob("*.j2")) for text in _bare(file)]
    assert lost == []


_TOKENS = re.compile(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{[{%#].*?[}%#]\}", re.DOTALL)
_UNREAD = re.compile(r"<(style|script|code|pre)\b.*?</\1>", re.DOTALL)
_NAMES = re.compile(r"Témoin|SHA-256|lang=\"\"|\S*example\.org\S*")
_READ_ALOUD = re.compile(r"""\b(?:alt|title|placeholder|aria-label)="([^"]*)\"""")


def _bare(file: Path) -> Iterator[str]:
    """Words of a template that stand in it as they are shown; names are the same in every language."""
    text = _UNREAD.sub(" ", _TOKENS.sub("", file.read_text(encoding="utf-8")))
    for shown in (*re.sub(r"<[^>]*>", "\n", text).splitlines(), *_READ_ALOUD.findall(text)):
        if re.search(r"[^\W\d_]{3}", _NAMES.sub("", shown)):
            yield shown.strip()


def test_no_template_is_left_out(said_in_code: Catalog) -> None:
    """Each template of a page, wherever it lies, is one of those that the extraction reads."""
    templates = sorted(_PACKAGE.rglob("*.j2"))
    assert {file.parent.parent.name for file in templates} >= {"reports", "web"}
    known = _messages(said_in_code)
    left_out = [
        (file.name, text)
        for file in templates
        for _, text, *_ in extract_from_file("jinja2.ext.babel_extract", file, options={"trimmed": "true"})
        if not any((text[0] if isinstance(text, tuple) else text) in key for key in known)
    ]
    assert left_out == []


def test_placeholders_agree(french: Catalog) -> None:
    """A translation fills in the same values as its original, in every form."""
    for message in _messages(french).values():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = sorted(_PLACEHOLDER.findall(ids[-1].replace("%%", "")))
        assert "" not in wanted, f"a bare % in {ids[-1]!r}"
        for string in strings:
            assert sorted(_PLACEHOLDER.findall(string.replace("%%", ""))) == wanted, message.id


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _MARKS:
            yield node


def test_every_marked_sentence_can_be_extracted() -> None:
    """Babel finds no sentence inside an f-string, nor one that is put together; neither stands in the code."""
    lost = []
    for file in sorted(_PACKAGE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        outer = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        inside = [call for node in outer for call in _calls(node) if isinstance(call.args[0], ast.Constant)]
        made = [call for call in _calls(tree) if call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)]
        lost += [f"{file.name}:{call.lineno}" for call in (*inside, *made)]
    assert lost == []


def test_no_module_outside_of_the_texts_speaks_a_language() -> None:
    """No sentence is chosen by comparing the language's code: that is the catalogue's work."""
    compared = re.compile(r"""(==|!=|\bin)\s*\(?["'](fr|en)["']|\bif french\b""")
    files = [file for file in sorted(_PACKAGE.rglob("*.py")) if file.parent != FOLDER.parent]
    assert [file.name for file in files if compared.search(file.read_text(encoding="utf-8"))] == []
