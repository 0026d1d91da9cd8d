"""
Flows of a user's own, from a folder: the same checks, and a broken one that costs the others nothing.

Real: the files, the loader, the runner, the vault, a browser under guard, and the stand-in's server for what is read.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import flows as shipped
from automation.authoring.replica import Replica, load_site
from automation.core.accounts import Account, SignInMethod, subject
from automation.core.errors import FlowError
from automation.core.results import ExitCode
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Reason, Verdict
from automation.session.saved import SavedSession
from automation.visit import runner
from tests.builders import a_sealer, some_means
from tests.flow.made_up import write_setting

KEY = b"key of a test"
LINKEDIN = frozenset({"linkedin.ai_training"})
"""Of all that Témoin ships, one flow: the others would only take time."""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's folder with two new flows, both in order."""
    folder = tmp_path / "ours"
    for service in ("acme", "other"):
        write_setting(folder, service)
    return folder


def write(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A fault: other words in a file of the first flow; added where nothing is replaced."""

    def fault(own: Path) -> None:
        file = own / "acme" / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    return fault


def remove(name: str) -> Callable[[Path], None]:
    """A fault: a file of the first flow is not there."""
    return lambda own: (own / "acme" / name).unlink()


def add(name: str, data: bytes) -> Callable[[Path], None]:
    """A fault: a file that should not be there, or is something else."""
    return lambda own: (own / "acme" / name).write_bytes(data) and None


STATE = '\n[[states]]\nverdict = "objected"\nbecause = "of_ours"\nneeds = ["{}"]\nforbids = ["{}"]\n'
FAULTS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    # Name → fault, file that must be named, what must be said of it.
    "bad TOML": (write("ai_training/flow.toml", "[control]", "[control"), "flow.toml", "not valid TOML"),
    "no text": (add("ai_training/labels.toml", b"\xff\xfe\x00"), "labels.toml", "not written in UTF-8"),
    "unknown key": (write("ai_training/flow.toml", "[control]", "[control]\ncolour = 1"), "flow.toml", "control.colour"),
    "unknown table": (write("ai_training/flow.toml", "", "\n[submit]\nurl = 1\n"), "flow.toml", "submit"),
    "unknown verb": (write("ai_training/flow.toml", '"switch"', '"press"'), "flow.toml", "switch, checkbox"),
    "unknown key of the site": (write("site.toml", "", "\n[wait]\nlong = 1\n"), "site.toml", "wait"),
    "no guard's host": (write("site.toml", '"*.acme.example"', '"*"'), "site.toml", "hosts"),
    "no labels": (remove("ai_training/labels.toml"), "labels.toml", "No such file"),
    "no words for a label": (
        write("ai_training/labels.toml", "[[control.section.en]]", "[[control.other.en]]"),
        "flow.toml",
        "'control.section' has no words",
    ),
    "no manifest": (remove("ai_training/flow.toml"), "flow.toml", "No such file"),
    "no site": (remove("site.toml"), "site.toml", "No such file"),
    "another id": (write("ai_training/flow.toml", "acme.ai_training", "acme.ai"), "flow.toml", "the folders say"),
    "another host": (write("ai_training/flow.toml", "www.acme.example", "evil.example"), "flow.toml", "evil.example"),
    "a signal that nobody gives": (
        write("ai_training/flow.toml", "", STATE.format("control.trains", "control.unfed")),
        "flow.toml",
        "states.4.forbids (of_ours): a flow with [control] reads no signal 'control.unfed'",
    ),
    "a pattern for nothing": (
        write("ai_training/flow.toml", "", STATE.format("control.trains", "reply.*")), "flow.toml", "'reply.*'"
    ),
    "a signal of another kind of flow": (
        write("ai_training/flow.toml", "", STATE.format("reply.accepted", "control.trains")),
        "flow.toml",
        "states.4.needs (of_ours): a flow with [control] reads no signal 'reply.accepted'",
    ),
    "extends itself": (
        write("ai_training/labels.toml", "#", 'extends = ["labels.toml"]\n#'), "labels.toml", "extends itself"
    ),
    "extends a number": (write("ai_training/labels.toml", "#", "extends = 5\n#"), "labels.toml", "extends"),
    "code": (add("ai_training/flow.py", b"raise SystemExit(7)"), "flow.py", "no code of a flow is ever run"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_file_and_remedy_and_stays_alone(own: Path, name: str) -> None:
    """Whatever is wrong with one flow of a user's own, its file and the remedy are named, and the others are there."""
    fault, file, says = FAULTS[name]
    fault(own)
    found = shipped.find([own], LINKEDIN)
    assert set(found.flows) == {"linkedin.ai_training", "other.ai_training"}
    assert set(found.broken) == {"acme.ai_training"}
    error = found.broken["acme.ai_training"]
    assert str(own / "acme") in error.message
    assert file in error.message
    assert says in error.message
    assert error.remedy


def test_of_two_flows_of_one_id_neither_is_used(own: Path, tmp_path: Path) -> None:
    """Two folders that both have a flow of one id: both places are named, and no account is read by either."""
    shutil.copytree(own / "acme", tmp_path / "theirs" / "acme")
    found = shipped.find([own, tmp_path / "theirs"], LINKEDIN)
    assert set(found.flows) == {"linkedin.ai_training", "other.ai_training"}
    assert str(own / "acme") in found.broken["acme.ai_training"].message
    assert str(tmp_path / "theirs" / "acme") in found.broken["acme.ai_training"].message


@pytest.mark.parametrize(
    ("name", "meant", "written"),
    [
        ("ai_training/flow.toml", "revision", "revsion"),
        ("site.toml", "hosts", "hosst"),
        ("site.toml", "home", "homme"),
    ],
)
def test_a_misspelt_key_is_answered_with_the_one_that_is_near(own: Path, name: str, meant: str, written: str) -> None:
    """At the top of a file and in a table; the misspelt key is named before the one that is therefore missing."""
    write(name, f"\n{meant} =", f"\n{written} =")(own)
    error = shipped.find([own], LINKEDIN).broken["acme.ai_training"]
    assert f"{written}: no such key" in error.message
    assert error.remedy == f'Did you mean "{meant}"? Correct that key.'


def test_a_flow_with_the_id_of_one_that_comes_with_temoin_is_refused(own: Path) -> None:
    """Which of the two an account means cannot be known: neither is used, and the other settings are."""
    write_setting(own, "linkedin")
    found = shipped.find([own], {*LINKEDIN, "x.ai_training"})
    assert set(found.flows) == {"x.ai_training", "acme.ai_training", "other.ai_training"}
    assert "exists already" in found.broken["linkedin.ai_training"].message


def test_an_empty_folder_is_yet_to_be_filled(tmp_path: Path) -> None:
    """What is recorded or verified is written there: it is no fault before."""
    assert set(shipped.find([tmp_path], LINKEDIN).flows) == {"linkedin.ai_training"}


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("place", ["gone", "ours/acme"])
def test_a_folder_without_flows_is_refused(tmp_path: Path, place: str) -> None:
    """A folder that is not there or is one level too deep is a fault of the configuration, told at once."""
    with pytest.raises(FlowError) as caught:
        shipped.find([tmp_path / place])
    assert place in caught.value.message


async def _run(own: Path, tmp_path: Path) -> dict[str, tuple[Verdict, Reason | None]]:
    """One account of each of the two flows; the second has a saved session at its stand-in."""
    site = load_site("other", own)
    actor = next(a for a in site.cast if a.scenario == "protects")
    accounts = [
        Account("first", "acme.ai_training", "Atelier", "atelier-17", sign_in=SignInMethod.SESSION),
        Account("second", "other.ai_training", "Atelier", actor.identity, sign_in=SignInMethod.SESSION),
    ]
    means = some_means(tmp_path / "data")
    means.vault.store(
        SavedSession(
            "second", "other", subject(actor.identity, KEY), datetime(2026, 11, 20, tzinfo=UTC), None,
            site.storage_state(actor),
        )
    )  # fmt: skip
    found = shipped.find([own], LINKEDIN)
    async with Replica([site]) as replica:
        plan = runner.RunPlan(
            accounts=accounts,
            flows=found.flows,
            broken=found.broken,
            browser=BrowserSettings(replica_map=replica.replica_map, replica_spki=(replica.spki,), timeout_s=30.0),
            output=tmp_path / "evidence",
            identity_key=KEY,
            means=means,
            sealer=a_sealer(tmp_path / "evidence", tmp_path / "data"),
        )
        document = await runner.run(plan)
    assert document.run.exit_code == ExitCode.USAGE
    return {result.account: (result.verdict, result.reason) for result in document.results}


@pytest.mark.thorough  # that a broken flow costs the others nothing is tested without a browser as well
@pytest.mark.browser
def test_accounts_of_other_flows_are_read(own: Path, tmp_path: Path) -> None:
    """Beside an account of a broken flow, one of a flow in order gets its verdict, in the order of the accounts."""
    FAULTS["unknown key"][0](own)
    assert list(asyncio.run(_run(own, tmp_path)).items()) == [
        ("first", (Verdict.UNKNOWN, Reason.FLOW_BROKEN)),
        ("second", (Verdict.OBJECTED, None)),
    ]
