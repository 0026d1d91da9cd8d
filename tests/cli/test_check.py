"""
`temoin check --json` as CI runs it: a process of its own, its two outputs, its exit code, its files.

What is refused before anything starts is tested without another process.

Real: the program, its configuration, the browser, the guard, the replica's server. Not real: the services.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.authoring.replica import Actor, Replica, load_site
from automation.browser.finder import find_browser
from automation.core.results import ExitCode
from automation.core.settings import BrowserSettings
from automation.reports.as_json import schema
from automation.storage.books import CaseBook
from tests import json_schemas
from tests.canaries import files_below
from tests.cli.conftest import Program
from tests.turns import HANGING_S

SITES = {service: load_site(service) for service in ("facebook", "instagram")}
FILE_LIMIT_BYTES = 10_000
"""Below the size of any picture of a page."""
IDENTITY_KEY = "identity-key-canary-5f1c2b7d"


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process ended with."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one document on stdout; fails where there is anything else."""
        document: dict[str, Any] = json.loads(self.out)
        json_schemas.follow(document, schema())
        return document


def actor_of(service: str, scenario: str, locale: str = "en-GB") -> Actor:
    """The account of a scenario."""
    return next(a for a in SITES[service].cast if a.scenario == scenario and a.locale == locale)


CALLED = "Zélie Quenouille"
"""What every account is called; a report says so, and no evidence."""


def table_of(name: str, actor: Actor) -> str:
    """An account as temoin.toml has it, whose owner wants the objection."""
    return (
        f'[[accounts]]\nname = "{name}"\nflow = "{actor.flow}"\nowner = "{actor.owner}"\n'
        f'called = "{CALLED}"\nidentity = "{actor.identity}"\nsign_in = "password"\nexpect = "objected"\n'
    )


def secrets_of(name: str, actor: Actor) -> dict[str, str]:
    """The variables of an account."""
    prefix = f"TEMOIN_SECRETS__{name.upper().replace('-', '_')}__"
    found = {f"{prefix}USERNAME": actor.username, f"{prefix}PASSWORD": actor.password}
    return found | ({f"{prefix}TOTP_SECRET": actor.totp_secret} if actor.totp_secret else {})


def map_line(hosts: Mapping[str, str]) -> str:
    """The line of temoin.toml that says where hosts lead."""
    pairs = ", ".join(f'"{host}" = "{address}"' for host, address in hosts.items())
    return f"replica_map = {{ {pairs} }}\n"


def write_configuration(folder: Path, people: Mapping[str, Actor], replica: Replica | None, browser: str = "") -> None:
    """A temoin.toml with these accounts, mapped to a replica or, without one, to a port where nothing listens."""
    hosts = replica.replica_map if replica else {"*": "127.0.0.1:9"}
    table = f"[browser]\n{browser}timeout_s = 30.0\n{map_line(hosts)}"
    if replica:
        table += f'replica_spki = ["{replica.spki}"]\n'
    accounts = "\n".join(table_of(name, actor) for name, actor in people.items())
    (folder / "temoin.toml").write_text(f'output = "evidence"\n\n{table}\n{accounts}', encoding="utf-8")


async def temoin(
    folder: Path,
    people: Mapping[str, Actor],
    *arguments: str,
    before: tuple[str, ...] = (),
    preexec: Callable[[], None] | None = None,
) -> Ended:
    """Run the program in a folder, with the secrets of these accounts in its environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMOIN_")}
    environment |= {
        "LANG": "en_GB.UTF-8",
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TEMOIN_IDENTITY_KEY": IDENTITY_KEY,
    }
    for name, actor in people.items():
        environment |= secrets_of(name, actor)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "automation", *before, "check", "--json", "--config", str(folder / "temoin.toml"),
        *arguments, cwd=folder, env=environment, preexec_fn=preexec,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), HANGING_S)
    return Ended(process.returncode or 0, out.decode(), err.decode())


def canaries(*actors: Actor) -> list[str]:
    """What may appear nowhere."""
    found = [IDENTITY_KEY]
    for actor in actors:
        found += [actor.password, actor.identity, actor.username, *([actor.totp_secret] if actor.totp_secret else [])]
    return found


@pytest.mark.thorough
@pytest.mark.browser
async def test_one_document_on_stdout_and_a_finding(tmp_path: Path) -> None:
    """
    With -v stdout is still one document that fits the schema, a finding ends in 1, and no secret is printed.

    The evidence is where the document says; nothing reached the stand-in.
    """
    people = {"as-wanted": actor_of("facebook", "accepted"), "with-code": actor_of("facebook", "two_step")}
    async with Replica([SITES["facebook"]]) as replica:
        write_configuration(tmp_path, people, replica)
        ended = await temoin(tmp_path, people, before=("-v",))
    assert ended.code == ExitCode.FINDING, ended.err
    document = ended.document
    results = {result["account"]: result for result in document["results"]}
    assert {name: (r["verdict"], r["outcome"]) for name, r in results.items()} == {
        "as-wanted": ("objected", "ok"),
        "with-code": ("not_objected", "finding"),
    }
    assert document["run"]["exit_code"] == ExitCode.FINDING
    assert document["run"]["stand_in"] is True
    assert "DEBUG" in ended.err
    for canary in canaries(*people.values()):
        assert canary not in ended.out
        assert canary not in ended.err
    folder = Path(document["run"]["output"])
    assert folder.parent == tmp_path / "evidence"
    assert json.loads((folder / "results.json").read_text()) == document
    called = files_below(folder)
    assert {path for path, data in called.items() if CALLED.encode() in data} == {"report.en.html", "report.fr.html"}
    for result in results.values():
        assert result["guard"]["writes_let_through"] == 0
        assert (folder / result["bundle"]["path"] / "manifest-sha256.txt").is_file()
        _assert_the_way_is_told(folder / result["bundle"]["path"] / "data", replica)
    assert replica.writes == []


@pytest.mark.rare  # `test_cases.py` says the same of results that are there already
@pytest.mark.browser
async def test_an_objection_without_a_decision_in_time_is_a_finding(tmp_path: Path) -> None:
    """31 days after a filing, a pending account ends the check with 1 and a line that says what to do; a decided one not."""
    people = {"still-open": actor_of("facebook", "under_review"), "decided": actor_of("facebook", "accepted")}
    book, at = CaseBook(tmp_path / "evidence"), datetime.now(UTC) - timedelta(days=31)
    for name in people:
        book.leaving(book.begin(name, "facebook.ai_objection", "6359191084165019", by="anne", at=at), at)
    async with Replica([SITES["facebook"]]) as replica:
        write_configuration(tmp_path, people, replica)
        ended = await temoin(tmp_path, people)
    results = {result["account"]: result for result in ended.document["results"]}
    assert {name: result["outcome"] for name, result in results.items()} == {"still-open": "finding", "decided": "ok"}
    assert (ended.code, ended.document["run"]["exit_code"]) == (ExitCode.FINDING, ExitCode.FINDING), ended.err
    folder = Path(ended.document["run"]["output"])
    sealed = json.loads((folder / results["still-open"]["bundle"]["path"] / "data" / "result.json").read_text())
    assert (sealed["outcome"], sealed["next_step"]) == ("finding", "overdue")
    told = [line for line in ended.err.splitlines() if line.startswith("! ")]
    assert len(told) == 1
    assert "still-open, objection filed on" in told[0]
    assert "temoin object letter still-open" in told[0]
    report = (folder / "report.en.html").read_text()
    assert report.count("No decision on the objection within 30 days: remind the service") == 2, "to do, and the steps"
    assert "2 accounts: 1 in order, 1 to act on" in report
    assert replica.writes == []


def _assert_the_way_is_told(data: Path, replica: Replica) -> None:
    """How it was reached, what it gave and who showed which certificate is on record."""
    steps = [json.loads(line) for line in (data / "journal.jsonl").read_text().splitlines()]
    assert [step["what"] for step in steps if step["action"] == "ended"] == ["launch", "sign_in", "read"]
    pictures = [step["note"] for step in steps if step["action"] == "picture"]
    assert pictures == sorted(f"data/{path.relative_to(data)}" for path in data.glob("pictures/*.png")
                              if not path.stem.endswith("-form"))  # fmt: skip
    opened = [step for step in steps if step["action"] == "open"]
    assert all(step["after"].startswith("https://") and step["status"] == 200 for step in opened)
    network = json.loads((data / "network.json").read_text())
    kinds = Counter(body["kind"] == "document" for body in network["bodies"])
    assert kinds[True] >= len(opened)
    assert kinds[False], "reads that the flow looks at"
    shown = {server["host"]: server["second"] for server in network["servers"] if server["second"]}
    assert "www.facebook.com" in shown
    for host, second in shown.items():
        assert second["address"] == replica.replica_map["*.facebook.com"]
        assert second["agrees"] in {True, None}
        assert (data.parent / second["file"]).read_bytes() == replica.certificate_pem
        assert second["file"] == f"data/tls/{host}.pem"


@pytest.mark.browser
@pytest.mark.rare
async def test_all_as_wanted_is_0(tmp_path: Path) -> None:
    """A verdict that is what its owner wants ends in 0; only the account that was named is looked at."""
    people = {"as-wanted": actor_of("facebook", "accepted"), "left-alone": actor_of("facebook", "open")}
    async with Replica([SITES["facebook"]]) as replica:
        write_configuration(tmp_path, people, replica)
        ended = await temoin(tmp_path, people, "as-wanted")
    assert ended.code == ExitCode.OK, ended.err
    assert [result["verdict"] for result in ended.document["results"]] == ["objected"]
    assert dict(replica.sign_in_tries) == {people["as-wanted"].username: 1}


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_person_or_an_unreachable_host_is_3(tmp_path: Path) -> None:
    """
    A wrong password and a service that the map does not name both end in 3, without a verdict.

    With a map no other host can be reached, so the second account says honestly that it saw nothing.
    """
    people = {"refused": actor_of("facebook", "wrong_password"), "elsewhere": actor_of("instagram", "accepted")}
    async with Replica([SITES["facebook"]]) as replica:
        write_configuration(tmp_path, people, replica)
        everywhere = replica.replica_map
        mapped = {host: address for host, address in everywhere.items() if "instagram" not in host}
        configuration = tmp_path / "temoin.toml"
        text = configuration.read_text()
        assert map_line(everywhere) in text
        configuration.write_text(text.replace(map_line(everywhere), map_line(mapped)))
        ended = await temoin(tmp_path, people)
    assert ended.code == ExitCode.INCOMPLETE, ended.err
    refused, elsewhere = ended.document["results"]
    assert (refused["verdict"], refused["reason"]) == ("needs_human", "login_required")
    assert elsewhere["verdict"] in {"unknown", "needs_human"}
    assert elsewhere["reason"] == "timeout"
    assert elsewhere["signals"] == []
    assert replica.sign_in_tries[people["elsewhere"].username] == 0


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_full_disk_is_2_and_leaves_no_half_evidence(tmp_path: Path) -> None:
    """
    Where the evidence cannot be written there is no verdict: exit code 2, one message with its remedy, no bundle.

    The system itself refuses larger files to the program; the browser, started through a script, is let off.
    """
    people = {"as-wanted": actor_of("facebook", "accepted")}
    found = find_browser(BrowserSettings())
    assert found.path is not None
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\nulimit -S -f unlimited\nexec "{found.path}" "$@"\n')
    script.chmod(0o755)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT_BYTES, resource.RLIM_INFINITY))

    async with Replica([SITES["facebook"]]) as replica:
        write_configuration(tmp_path, people, replica, browser=f'path = "{script}"\n')
        ended = await temoin(tmp_path, people, preexec=limited)
    assert ended.code == ExitCode.USAGE, ended.err
    assert ended.out == ""
    assert ended.err.count("Error: ") == 1
    assert "cannot be written (File too large)" in ended.err
    assert "Free some space" in ended.err
    assert "Traceback" not in ended.err
    assert replica.sign_in_tries[people["as-wanted"].username] == 1
    (run,) = (path for path in (tmp_path / "evidence").iterdir() if path.is_dir())
    assert list(run.iterdir()) == []


async def test_without_accounts_nothing_was_checked(tmp_path: Path) -> None:
    """No account at all is incomplete, exit code 3, and still one valid document."""
    write_configuration(tmp_path, {}, None)
    ended = await temoin(tmp_path, {})
    assert ended.code == ExitCode.INCOMPLETE, ended.err
    assert ended.document["results"] == []


def test_a_missing_secret_is_2(tmp_path: Path, temoin: Program) -> None:
    """The variables that are not set are named, with the line of the account; nothing is started."""
    write_configuration(tmp_path, {"atelier": actor_of("facebook", "accepted")}, None)
    ended = temoin("check", "--json")
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert "TEMOIN_SECRETS__ATELIER__USERNAME and TEMOIN_SECRETS__ATELIER__PASSWORD are not set" in ended.err
    assert "temoin.toml:" in ended.err
    assert not (tmp_path / "evidence").exists()


@pytest.mark.parametrize(
    ("change", "arguments", "words"),
    [
        (("facebook.ai_objection", "facebook.ai_objections"), (), "facebook.ai_objection"),
        (('name = "atelier"', "name = atelier"), (), "this is not TOML"),
        (("", ""), ("atelyer",), 'there is no account "atelyer"'),
        (("expect =", "expects ="), (), "expects"),
    ],
)
def test_a_wrong_configuration_is_2(
    tmp_path: Path,
    temoin: Program,
    monkeypatch: pytest.MonkeyPatch,
    change: tuple[str, str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    """An unknown flow, broken TOML, an unknown account or key: the place, the fault, exit code 2, no output."""
    actor = actor_of("facebook", "accepted")
    for name, value in secrets_of("atelier", actor).items():
        monkeypatch.setenv(name, value)
    write_configuration(tmp_path, {"atelier": actor}, None)
    path = tmp_path / "temoin.toml"
    path.write_text(path.read_text().replace(*change))
    ended = temoin("check", "--json", *arguments)
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert words in ended.err
    assert "temoin.toml" in ended.err
    assert "→" in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "evidence").exists()


def test_no_configuration_is_said(tmp_path: Path, temoin: Program) -> None:
    """Without a `temoin.toml` nothing is checked, nothing is written, and the message says what to do."""
    ended = temoin("check")
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert "temoin.toml" in ended.err
    assert "--config" in ended.err
    assert list(tmp_path.iterdir()) == []
