"""
What a careful reader says of a page that shows one made-up setting, however it is drawn, and what misleads a hasty one.

`pages/*.txt` hold a page a line: what is read (a meaning, or the fault that keeps it back), as what the setting is
declared, the page's title in brackets, and the page; above each group stands what it promises.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.reading.controls.settings import outlined, read

_LINE = re.compile(r"(?P<said>\w+) (?P<settings>\S+) (?:\[(?P<title>[^]]*)\] )?(?P<page><.*)")
TABLES = sorted((Path(__file__).parent / "pages").glob("*.txt"))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.stem))
def test_every_page_is_read_so(table: Path) -> None:
    """The state where structure and known words tell it; any doubt withholds it."""
    wrong = []
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        told = _LINE.fullmatch(line)
        assert told is not None, f"{table.name}:{number}"
        view = outlined(told["page"], told["title"] or "")
        said = {setting: read(view, setting) for setting in told["settings"].split(",")}
        wrong += [f"{table.name}:{number} {one}: {now}" for one, now in said.items() if now != told["said"]]
    assert wrong == []
