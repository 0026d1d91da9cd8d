"""The manual and `compose.yaml` say what is so."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from automation.cli.commands import COMMANDS
from automation.config.shape import PLAIN_VARIABLES, TABLE_KEYS
from automation.core.verdicts import Owner, Reason
from automation.fleet.claims import Rules

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "fleet.md").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_times_in_the_manual_are_those_of_the_rules() -> None:
    """Whoever changes a rule is reminded of the manual."""
    rules = Rules()
    assert (rules.heartbeat_s, rules.silent_s, rules.skew_s, rules.dispatch_s * 3) == (10, 45, 30, 15)
    assert (rules.cooling_s, rules.complaint_s, rules.complaint_most_s) == ((3600, 21_600), 900, 21_600)
    assert rules.visit_s + rules.upload_s == 15 * 60
    assert rules.lease_s == COMPOSE_GRACE_S
    for words in (
        "every 10 seconds",
        "45 seconds",
        "30 seconds off",
        "15 seconds bring",
        "1 hour, then 6",
        "15 minutes",
    ):
        assert words in MANUAL


COMPOSE_GRACE_S = int(COMPOSE["services"]["worker"]["stop_grace_period"].removesuffix("m")) * 60


def test_every_reason_that_waits_for_a_person_is_named() -> None:
    """The table says of each reason of the account's holder what follows."""
    for reason in Reason:
        if reason.owner is Owner.ACCOUNT_HOLDER or reason in {Reason.GUARD_BLOCKED, Reason.BROWSER_LOST}:
            assert f"`{reason.value}`" in MANUAL, reason


def test_commands_and_settings_exist() -> None:
    """What the manual calls and sets is there."""
    assert set(re.findall(r"temoin fleet ([a-z]+)", MANUAL)) <= set(COMMANDS["fleet"].commands)  # type: ignore[union-attr]
    for key in re.findall(r"^   ([a-z_]+) += ", MANUAL, re.MULTILINE):
        assert key in TABLE_KEYS["fleet"]
    for variable in re.findall(r"TEMOIN_FLEET__[A-Z_]+", MANUAL):
        assert variable in PLAIN_VARIABLES


def test_compose_gives_each_service_what_it_needs() -> None:
    """Its variables are known, the image has the fleet's packages, and workers wait for tables and bucket."""
    worker, migrate = COMPOSE["services"]["worker"], COMPOSE["services"]["migrate"]
    for service in (worker, migrate):
        assert {name for name in service["environment"] if name.startswith("TEMOIN_")} <= set(PLAIN_VARIABLES)
        assert "fleet" in service["build"]["args"]["EXTRAS"].split(",")
    assert set(worker["depends_on"]) == {"migrate", "bucket"}
    assert {volume.split(":")[0] for volume in worker["volumes"] if not volume.startswith(".")} <= set(
        COMPOSE["volumes"]
    )
    assert {"seccomp=temoin-seccomp.json", "no-new-privileges"} <= set(worker["security_opt"]), "the browser's sandbox"
    assert (worker["read_only"], worker["cap_drop"]) == (True, ["ALL"])
    assert not any("ports" in service for service in COMPOSE["services"].values()), "nothing is open to the outside"
