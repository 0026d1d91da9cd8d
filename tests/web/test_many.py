"""Many accounts in the window: one page of the list after the other, counts of all, and never an old state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from automation.core.results import Result
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_json import to_json
from automation.reports.stored import open_stored
from automation.storage.sqlite import SqliteHistory
from automation.web.desk import CARDS_A_PAGE
from tests.builders import A_MOMENT, a_document, a_result
from tests.web.serving import Served, serving

MANY = 2 * CARDS_A_PAGE + 10
LATE = 7
"""Every so manieth account timed out."""


def results(day: int = 0, verdict: Verdict = Verdict.NOT_OBJECTED) -> list[Result]:
    """One result an account, ten accounts an owner."""
    found = []
    for number in range(MANY):
        reason = Reason.TIMEOUT if number % LATE == 0 and day == 0 else None
        moment = A_MOMENT + timedelta(days=day)
        one = a_result(f"account-{number:03}", verdict, reason=reason, bundle=None, finished_at=moment)
        found.append(replace(one, owner=f"Owner {number // 10}"))
    return found


def store(folder: Path, found: list[Result], day: int = 0) -> Path:
    """Write a run as `temoin check` does; its file."""
    moment = A_MOMENT + timedelta(days=day)
    run = folder / "temoin-evidence" / f"run-{day}"
    document = a_document(*found, id=run.name, started_at=moment, finished_at=moment, output=str(run))
    run.mkdir(parents=True, exist_ok=True)
    (run / "results.json").write_text(to_json(document))
    with SqliteHistory(folder / "temoin-evidence" / "history.sqlite3") as history:
        history.record(document)
    return run / "results.json"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration of many accounts, and one run."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    found = results()
    text = "".join(
        f'[[accounts]]\nname = "{one.account}"\nflow = "{one.flow}"\nowner = "{one.owner}"\n'
        f'identity = "10008345671{number:04}"\nexpect = "objected"\n\n'
        for number, one in enumerate(found)
    )
    (tmp_path / "temoin.toml").write_text(text)
    store(tmp_path, found)
    return tmp_path


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    """Its pages."""
    with serving(folder / "temoin.toml") as page:
        yield page


def shown(page: Served, path: str) -> list[str]:
    """The accounts whose cards a page of the list shows."""
    return re.findall(r'id="card-([^"]+)"', page.get(path).raise_for_status().text)


def test_each_account_is_on_one_page_of_the_list(served: Served) -> None:
    """In the order of the configuration, and a page that is not there is the nearest that is."""
    pages = [shown(served, f"?page={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [CARDS_A_PAGE, CARDS_A_PAGE, 10]
    assert [name for page in pages for name in page] == [f"account-{number:03}" for number in range(MANY)]
    assert shown(served, "") == shown(served, "?page=0") == shown(served, "?page=x") == pages[0]
    assert shown(served, "?page=99") == pages[2]
    assert 'href="' + served.door.root + '?page=3"' in served.get("?page=2").text


def test_the_counts_are_of_all_accounts_and_lead_to_those(served: Served) -> None:
    """The number beside "still open" is the number of cards that its link shows."""
    late = [f"account-{number:03}" for number in range(0, MANY, LATE)]
    text = served.get("").text
    counts = dict(re.findall(r'href="[^"]*\?of=(\w+)"[^>]*><b>(\d+)</b>', text))
    assert counts == {"finding": str(MANY - len(late)), "incomplete": str(len(late))}
    assert shown(served, "?of=incomplete") == late
    assert set(late).isdisjoint(shown(served, "?of=finding&page=2"))


def test_what_was_written_meanwhile_shows_at_once(served: Served, folder: Path) -> None:
    """A new run, an account that was taken out by hand and a run that was rewritten: the next request shows them."""
    assert "?of=ok" not in served.get("").text
    newer = store(folder, results(1, Verdict.OBJECTED), day=1)
    assert f"<b>{MANY}</b>" in served.get("?of=ok").text
    config = folder / "temoin.toml"
    config.write_text(config.read_text().partition('[[accounts]]\nname = "account-001"')[0])
    assert shown(served, "") == ["account-000"]
    newer.write_text("{}")
    assert "?of=incomplete" in served.get("").text, "the run before counts again"


def test_the_page_of_one_account_shows_its_newest_result(served: Served, folder: Path) -> None:
    """Read from its own place among many."""
    store(folder, results(1, Verdict.OBJECTED), day=1)
    assert "v-objected" in served.get(f"accounts/account-{MANY - 1:03}").raise_for_status().text


def test_an_index_reads_the_same_results(folder: Path) -> None:
    """Each entry names the outcome that the result has, and leads to the whole of it."""
    from automation.reports.stored import index_of

    stored = open_stored(folder / "temoin-evidence" / "run-0")
    whole = list(stored.results())
    found = list(index_of(stored))
    assert [one.read() for one in found] == whole
    assert [(one.account, one.flow, one.outcome) for one in found] == [(r.account, r.flow, r.outcome) for r in whole]
