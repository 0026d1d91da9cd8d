"""Several clients, a folder each: their reports, the page before them, and what was given to whom."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from automation.compliance.pages import FileLink, table_page
from automation.config import CONFIG_NAME, Settings, load
from automation.core.policy import Policy
from automation.core.results import Result
from automation.reports.names import OUTCOME_NAMES, SETTLED
from automation.reports.saying import BY_PEOPLE, UNMEASURED, counts_of
from automation.reports.stored import NAME
from automation.storage.files import write_text
from automation.text.catalogue import N_
from automation.text.language import Language

_UNMEASURED = N_("Read, nothing expected")


@dataclass(frozen=True, slots=True)
class Client:
    """One client."""

    name: str
    """Of their folder."""
    settings: Settings


def clients_in(named: Sequence[Path], settings: Settings) -> tuple[Client, ...]:
    """
    The clients whose folders are named; none where one of them is a run, or a file.

    A client's folder has a `temoin.toml`, or is an evidence folder with runs, which then needs no configuration. Raises
    ConfigurationError: such a `temoin.toml` is wrong.
    """
    found = []
    for folder in named:
        if (folder / CONFIG_NAME).is_file():
            found.append(Client(folder.resolve().name, load(folder / CONFIG_NAME, for_signing_in=False)))
        elif any(folder.glob(f"*/{NAME}")):
            alone = replace(settings, accounts=(), authors=(), policy=Policy(), output=folder, history_path=None)
            found.append(Client(folder.resolve().name, alone))
        else:
            return ()
    return tuple(found)


def write_first_page(
    results: Mapping[str, Sequence[Result]], reports: Mapping[str, Path], folder: Path, words: Language
) -> Path:
    """A page that lists clients with their counts and leads to their reports; `reports` are files below `folder`."""
    kinds = {**{outcome.value: name for outcome, name in OUTCOME_NAMES.items()}, BY_PEOPLE: SETTLED}
    kinds[UNMEASURED] = _UNMEASURED
    rows: list[tuple[str | FileLink, ...]] = []
    for name, theirs in results.items():
        counts = counts_of(theirs)
        href = urllib.parse.quote(reports[name].relative_to(folder).as_posix())
        rows.append((FileLink(name, href), *(words.number(counts[kind]) for kind in kinds)))
    headings = [words.gettext("Client"), *map(words.gettext, kinds.values())]
    page = folder / f"clients.{words.code}.html"
    write_text(page, table_page(words.gettext("Clients"), headings, rows, words))
    return page
