"""
A machine that has nothing of Témoin: the wheel is installed there, and CI jobs run their steps as they are written.

Real: the wheel, its installation from the locked versions, the program, the browser, bash, curl, the replica's server,
age. Not real: the services, GitHub and GitLab, whose steps are played one after the other.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyrage
import pytest
import yaml

from automation.authoring.replica import Actor, Replica
from automation.core.accounts import subject
from automation.session.saved import SavedSession
from automation.session.vault_keys import new_key, recipient_from, sealed
from tests.cli.test_check import SITES, actor_of, canaries, write_configuration
from tests.packaging.ci import Machine, play_github, surroundings
from tests.packaging.conftest import ROOT, Fresh, release

pytestmark = pytest.mark.rare

IDENTITY_KEY = "identity-key-of-a-ci-job-5f1c"
JOB = {"GITLAB_CI": "true", "ACCOUNT": "atelier", "TEMOIN_POLICY__UNKNOWN": "finding"}
HEARTBEAT = "https://heartbeat.example/abc"


@pytest.mark.browser
def test_the_wheel_plays_the_demo(fresh: Fresh, tmp_path: Path) -> None:
    """In an empty environment, `temoin demo` plays on the stand-ins that the wheel brings along, and writes nothing."""
    answer = fresh.temoin(tmp_path, "demo", "--json", "--at-most", "1")
    assert answer.returncode == 0, answer.stderr
    (result,) = json.loads(answer.stdout)["results"]
    assert (result["verdict"], result["guard"]["writes_let_through"]) == ("not_objected", 0)
    run = Path(json.loads(answer.stdout)["run"]["output"])
    assert (tmp_path / run / "report.fr.html").is_file()


def test_the_bill_of_materials_is_that_of_an_installation(fresh: Fresh, tmp_path: Path) -> None:
    """It lists what the wheel brought along in the locked versions, with licences, and nothing of the workshop."""
    release()["write_sbom"](fresh.folder, tmp_path / "bill.json")
    bill = json.loads((tmp_path / "bill.json").read_text())
    parts = {part["name"].lower(): part for part in bill["components"]}
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "temoin")
    assert {"playwright", "pydantic", "cryptography", "pyrage"} <= set(parts)
    assert not {"ruff", "mypy", "hypothesis", "pip-audit"} & set(parts)
    lock = (ROOT / "requirements" / "base.lock").read_text(encoding="utf-8")
    assert f"playwright=={parts['playwright']['version']} " in lock
    assert parts["playwright"]["licenses"]
    assert all(part["purl"].startswith("pkg:pypi/") for part in parts.values())


def prepare(machine: Machine, replica: Replica, actor: Actor, vault_key: str) -> None:
    """What a person committed: the configuration, and the session of her account, encrypted for the job."""
    write_configuration(machine.place, {"atelier": actor}, replica)
    path = machine.place / "temoin.toml"
    path.write_text(path.read_text().replace('sign_in = "password"', 'sign_in = "session"'))
    state = SITES["facebook"].storage_state(actor)
    saved = SavedSession(
        "atelier", "facebook", subject(actor.identity, IDENTITY_KEY.encode()), datetime.now(UTC), None, state
    )
    (machine.place / "sessions").mkdir()
    data = sealed(saved, recipient_from(str(pyrage.x25519.Identity.from_str(vault_key).to_public())), armored=True)
    (machine.place / "sessions" / "atelier.age").write_bytes(data)


def secrets(fresh: Fresh, folder: Path) -> dict[str, str]:
    """The three keys of a job, made by the program as the documentation says."""
    folder.mkdir()
    line = fresh.temoin(folder, "evidence", "key", "new", "--for-ci").stdout.strip()
    vault = fresh.temoin(folder, "account", "key", "new").stdout.strip()
    name, _, seed = line.partition("=")
    return {name: seed, "TEMOIN_VAULT_KEY": vault, "TEMOIN_IDENTITY_KEY": IDENTITY_KEY}


def read_evidence(fresh: Fresh, parcel: Path, key: str, folder: Path) -> dict[str, Any]:
    """Unpack what a job kept, as its holder does, and verify the bundle in it; the run's results."""
    (folder / "key.txt").write_text(key)
    unpacked = fresh.temoin(
        folder, "evidence", "unpack", str(parcel), "--output", "evidence", "--identity-file", "key.txt"
    )
    assert unpacked.returncode == 0, unpacked.stderr
    (results,) = (folder / "evidence").glob("*/results.json")
    document: dict[str, Any] = json.loads(results.read_text())
    assert (results.parent / document["results"][0]["bundle"]["path"] / "seal" / "envelope.dsse.json").is_file()
    return document


def schedule(fresh: Fresh, machine: Machine, kind: str, *options: str) -> dict[Any, Any]:
    """The file that the program writes for this folder."""
    answer = fresh.temoin(machine.place, "schedule", kind, "--package", str(fresh.wheel), *options)
    assert answer.returncode == 0, answer.stderr
    text: dict[Any, Any] = yaml.safe_load(answer.stdout)
    return text


@pytest.mark.browser
async def test_the_workflow_runs_from_end_to_end(fresh: Fresh, runner_programs: Path, tmp_path: Path) -> None:
    """
    Each step of the written workflow does what it says, on a runner that has nothing but Python and a browser.

    The repository is asked for first; the session is opened with the key alone; the summary tells; the evidence is
    encrypted and verifies; the heartbeat is sent; nothing is written to the service, and no secret is printed.
    """
    actor = actor_of("facebook", "accepted")
    keys = secrets(fresh, tmp_path / "desk")
    holder, recipient = new_key()
    context = {f"secrets.{name}": value for name, value in keys.items()}
    context |= {"matrix.account": "atelier", "github.token": "token-canary", "env.ACCOUNT": "atelier"}
    async with Replica([SITES["facebook"]]) as replica:
        with surroundings() as around:
            variables = {"GITHUB_API_URL": around.address, "GITHUB_REPOSITORY": "lou/atelier", "GITHUB_ACTIONS": "true"}
            machine = Machine(tmp_path / "runner", runner_programs, variables)
            prepare(machine, replica, actor, keys["TEMOIN_VAULT_KEY"])
            file = schedule(fresh, machine, "github", "--evidence-for", recipient, "--heartbeat", HEARTBEAT)
            job = file["jobs"]["check"]
            machine.variables |= {
                key: value.replace("${{ matrix.account }}", "atelier") for key, value in job["env"].items()
            }
            for step in job["steps"]:
                step["run"] = step.get("run", "").replace(HEARTBEAT, f"{around.address}/abc") or None
            steps = [{key: value for key, value in step.items() if value is not None} for step in job["steps"]]
            played = await play_github(steps, machine, context)
    assert set(played.outcomes.values()) == {"success"}, (played.outcomes, played.printed)
    assert around.asked == ["/repos/lou/atelier Bearer token-canary", "/abc"]
    assert "atelier" in played.summary
    assert "Objected" in played.summary
    document = read_evidence(fresh, played.artifacts["temoin-atelier"], holder, tmp_path)
    assert (document["results"][0]["verdict"], document["results"][0]["environment"]["ci"]) == ("objected", True)
    assert replica.writes == []
    assert replica.sign_in_tries[actor.username] == 0
    cookies = list(SITES["facebook"].session_cookies(actor).values())
    for canary in (*canaries(actor), *keys.values(), "token-canary", *cookies):
        assert canary not in played.printed
        assert canary not in played.summary


async def test_a_public_repository_is_refused(fresh: Fresh, runner_programs: Path, tmp_path: Path) -> None:
    """Where everybody can look, the first step ends the job; nothing is installed, opened or visited. Unless forced."""
    async with Replica([SITES["facebook"]]) as replica:
        with surroundings(private=False) as around:
            variables = {"GITHUB_API_URL": around.address, "GITHUB_REPOSITORY": "lou/atelier"}
            machine = Machine(tmp_path / "runner", runner_programs, variables)
            prepare(machine, replica, actor_of("facebook", "accepted"), new_key()[0])
            job = schedule(fresh, machine, "github")["jobs"]["check"]
            played = await play_github(job["steps"], machine, {"github.token": "t"})
    name, *others = played.outcomes
    assert (name, played.outcomes[name]) == ("Refuse in a public repository", "failure")
    assert {played.outcomes[other] for other in others} == {"skipped"}
    assert "This repository is public" in played.printed
    forced = schedule(fresh, machine, "github", "--even-in-public")["jobs"]["check"]
    assert "Refuse in a public repository" not in {step.get("name") for step in forced["steps"]}


@pytest.mark.browser
async def test_the_job_for_gitlab_runs_from_end_to_end(fresh: Fresh, runner_programs: Path, tmp_path: Path) -> None:
    """
    A finding fails the job; what comes after still writes the JUnit report and the encrypted evidence.

    The policy makes `unknown` a finding, too: how a busy machine reads a page is for other tests.
    """
    actor = actor_of("facebook", "refused")
    keys = secrets(fresh, tmp_path / "desk")
    holder, recipient = new_key()
    async with Replica([SITES["facebook"]]) as replica:
        machine = Machine(tmp_path / "runner", runner_programs, {**keys, **JOB})
        prepare(machine, replica, actor, keys["TEMOIN_VAULT_KEY"])
        common = schedule(fresh, machine, "gitlab", "--evidence-for", recipient)[".temoin"]
        machine.variables |= common["variables"]
        refused = await machine.run("\n".join(common["script"]), {"CI_PROJECT_VISIBILITY": "public"})
        ended = await machine.run("\n".join(common["script"]), {"CI_PROJECT_VISIBILITY": "private"})
        after = await machine.run("\n".join(common["after_script"]), {})
    assert (refused.returncode, "This project is public" in refused.stderr) == (1, True)
    assert ended.returncode == 1, ended.stderr
    assert after.returncode == 0, after.stderr
    report = ET.parse(machine.place / common["artifacts"]["reports"]["junit"].replace("$ACCOUNT", "atelier"))
    assert [case.get("name") for case in report.getroot().iter("testcase") if case.find("failure") is not None] == [
        "atelier"
    ]
    parcel = machine.place / common["artifacts"]["paths"][0].replace("$ACCOUNT", "atelier")
    result = read_evidence(fresh, parcel, holder, tmp_path)["results"][0]
    assert (result["outcome"], result["verdict"]) in {("finding", "refused"), ("finding", "unknown")}
    assert replica.writes == []


@pytest.mark.browser
async def test_the_action_runs_from_end_to_end(fresh: Fresh, runner_programs: Path, tmp_path: Path) -> None:
    """
    The action in this repository does the same as the written workflow; two may open its evidence.

    Not real: its installation, for which the fresh environment stands; the workflow's own test installs.
    """
    actor = actor_of("facebook", "accepted")
    keys = secrets(fresh, tmp_path / "desk")
    (holder, first), (_, second) = new_key(), new_key()
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    given = {name: str(declared.get("default", "")) for name, declared in action["inputs"].items()}
    given |= {"account": "atelier", "evidence-for": f"{first}\n{second}\n"}
    steps = [step for step in action["runs"]["steps"] if step.get("name") != "Install Témoin and a browser"]
    assert len(steps) == len(action["runs"]["steps"]) - 1
    async with Replica([SITES["facebook"]]) as replica:
        with surroundings() as around:
            variables = {**keys, "GITHUB_API_URL": around.address, "GITHUB_REPOSITORY": "lou/atelier"}
            machine = Machine(tmp_path / "runner", runner_programs, variables)
            (machine.temp / "temoin").symlink_to(fresh.folder)
            prepare(machine, replica, actor, keys["TEMOIN_VAULT_KEY"])
            given["heartbeat"] = f"{around.address}/abc"
            context = {f"inputs.{name}": value for name, value in given.items()} | {"github.token": "t"}
            played = await play_github(steps, machine, context)
    assert set(played.outcomes.values()) == {"success"}, (played.outcomes, played.printed)
    assert around.asked[-1] == "/abc"
    assert "Objected" in played.summary
    document = read_evidence(fresh, played.artifacts["temoin-atelier"], holder, tmp_path)
    assert document["results"][0]["verdict"] == "objected"
