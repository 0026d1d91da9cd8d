"""The documentation's site: what is written out from the code, and how pages outside `docs/` get into it."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import typer.main

from automation import cli
from automation.app.report import SchemaDocument, schema_of
from automation.config.shape import LISTS, PLAIN_VARIABLES, SECRET_PARTS
from automation.core.results import ExitCode
from automation.flow.manifest import Surface
from tests.documents import ROOT

PICTURES = ROOT / "docs/pictures"


@pytest.fixture(scope="module", autouse=True)
def _on_the_path() -> Iterator[None]:
    """The site's programs import each other as MkDocs lets them: from their own folder."""
    sys.path.insert(0, str(ROOT / ".ci/site"))
    yield
    sys.path.remove(str(ROOT / ".ci/site"))


@pytest.fixture(scope="module")
def reference() -> dict[str, str]:
    """Path → page."""
    pages: dict[str, str] = importlib.import_module("reference").pages()
    return pages


@pytest.fixture
def hooks() -> ModuleType:
    """What MkDocs calls."""
    return importlib.import_module("hooks")


def test_every_command_and_option_is_in_the_reference(reference: dict[str, str]) -> None:
    """The page of commands has a section for each command that is not hidden, with all its options."""
    page = reference["reference/commands.md"]

    def look(command: Any, path: str) -> None:
        section = page.partition(f" {path} {{ #{path.replace(' ', '-')} }}\n")[2].partition("\n#")[0]
        assert section, path
        for parameter in command.params:
            if parameter.name != "help" and parameter.opts[0].startswith("-"):
                assert parameter.opts[0] in section, (path, parameter.opts)
        for name, inner in getattr(command, "commands", {}).items():
            if not inner.hidden:
                look(inner, f"{path} {name}")

    look(typer.main.get_command(cli.app), "temoin")


def test_every_setting_is_in_the_reference_with_its_meaning(reference: dict[str, str]) -> None:
    """Each variable and each key of a list of tables has a row, and none an empty one."""
    page = reference["reference/settings.md"].replace("<wbr>", "")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    for variable in PLAIN_VARIABLES:
        (row,) = [row for row in rows if f"<code>{variable}</code>" in row]
        assert len(row.split(" | ")[1].partition("<br>")[0]) > 10, row
    for table in LISTS.values():
        assert all(f"| `{key}` | " in page for key in table.model_fields)
    assert all(f"__{part}</code>" in page for part in SECRET_PARTS)


@pytest.mark.parametrize("document", SchemaDocument)
def test_every_key_of_a_result_is_in_the_reference(document: SchemaDocument, reference: dict[str, str]) -> None:
    """Each key of each kind of object that a command prints has a row, and the schema lies beside the page."""
    page, schema = reference[f"reference/{document}.md"], schema_of(document)
    for name, kind in schema["$defs"].items():
        section = page.partition(f"### {name} {{ #")[2].partition("\n### ")[0]
        assert all(f"`{key}`" in section for key in kind.get("properties", kind.get("enum", {}))), name
    (file,) = re.findall(r"\]\((\S+\.schema\.json)\)", page)
    assert json.loads(reference[f"reference/{file}"]) == schema


def test_the_reference_has_the_words_of_the_code(reference: dict[str, str]) -> None:
    """Meanings come from the docstrings: of keys, of members of closed sets, and of the files of flows."""
    assert "One sentence for a person." in reference["reference/run.md"]
    assert "- `refused`: The service said no." in reference["reference/run.md"]
    assert "Known addresses, tried in order." in reference["reference/flow-files.md"]


def test_every_exit_code_is_in_the_reference(reference: dict[str, str]) -> None:
    """The codes of a run are listed with their meaning, and those of commands that have their own."""
    page = reference["reference/exit-codes.md"]
    assert [int(code) for code in re.findall(r"^\| `(\d)` \| \w", page, re.MULTILINE)] == [int(c) for c in ExitCode]
    assert "`temoin verify`" in page
    assert "`temoin history diff`" in page


def test_the_files_of_a_flow_are_in_the_reference(reference: dict[str, str]) -> None:
    """Keys of manifest, site, guard and labels have rows."""
    page = reference["reference/flow-files.md"]
    for part in (
        "`max_age_days`",
        "`login_paths`",
        "`also_read`",
        "`sentences`",
        "`reveal`",
        *map("`{}`".format, Surface.model_fields),
    ):
        assert f"| {part} | " in page, part


def test_links_of_the_root_documents_lead_to_pages(hooks: ModuleType) -> None:
    """Links between documents at the root and those in `docs/` hold on the site, too."""
    text = "[a](docs/flows.md#x) [b](docs/decisions) [c](CHANGELOG.md) [d](docs/decisions/README.md) [e](https://e.example)"
    assert hooks._from_the_root(text) == (
        "[a](flows.md#x) [b](decisions/README.md) [c](changelog.md) [d](decisions/README.md) [e](https://e.example)"
    )


def test_what_a_command_needs_is_shown(hooks: ModuleType) -> None:
    """The comment before a block becomes a line that readers see, in the page's language."""
    page = SimpleNamespace(file=SimpleNamespace(src_uri="fr/a.md"), meta={"lang": "fr"})
    shown = hooks.on_page_markdown("<!-- needs: un compte -->\n```sh\n", page=page)
    assert shown == "*Demande\N{NO-BREAK SPACE}: un compte.*{ .needs }\n\n```sh\n"


def test_pictures_are_small_and_used() -> None:
    """No picture is larger than 200 kB, each is shown somewhere, in the language of the page that shows it."""
    texts = {path: path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]}
    for picture in PICTURES.glob("*.webp"):
        assert picture.stat().st_size <= 200_000
        shown_by = [path for path, text in texts.items() if f"pictures/{picture.name})" in text]
        assert shown_by, picture
        assert all((path.parent.name == "fr") == (picture.suffixes[0] == ".fr") for path in shown_by)
