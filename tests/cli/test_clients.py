"""`temoin report` for people who look after several clients: exceptions of today, folders, what was given to whom."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from automation.app.accounts import accept, add_from_csv
from automation.config import load
from automation.core.errors import ConfigurationError
from automation.core.policy import day_of
from automation.core.verdicts import Verdict
from automation.reports.as_json import from_json
from tests.builders import a_result
from tests.cli.test_report import CONFIG, a_stored_run
from tests.compliance.test_foreign import scubagoggles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Program

FORMATS = ("json", "csv", "markdown", "junit", "sarif", "ocsf", "oscal")
CONFIG_FILE = Path("temoin.toml")


def in_days(days: int) -> date:
    """A day as exceptions count."""
    return day_of(datetime.now(UTC)) + timedelta(days=days)


@pytest.fixture
def refused() -> None:
    """A stored answer that is a finding, and its configuration with a comment."""
    CONFIG_FILE.write_text(f"# mine\n{CONFIG}", encoding="utf-8")
    a_stored_run(1, a_result("a", Verdict.REFUSED))


@pytest.mark.usefixtures("refused")
def test_an_exception_counts_at_once_over_what_is_stored(temoin: Program) -> None:
    """In every format and the exit code, without a visit; and no more once it is taken out."""
    assert temoin("report", "--format", "json", "--exit-code").code == 1
    before = {form: temoin("report", "--format", form).out for form in FORMATS}
    accept(CONFIG_FILE, "a", Verdict.REFUSED, reason="Lived with.", owner="Lou", until=in_days(90))
    assert CONFIG_FILE.read_text().startswith("# mine\n"), "what others wrote stays"
    told = temoin("report", "--format", "json", "--exit-code")
    assert (told.code, from_json(told.out).run.exit_code) == (0, 0)
    assert all(temoin("report", "--format", form).out != before[form] for form in FORMATS)
    assert "<failure" not in temoin("report", "--format", "junit").out
    assert json.loads(temoin("report", "--format", "sarif").out)["runs"][0]["results"] == []
    assert "Lived with. (Lou)" in temoin("report", "--format", "csv").out
    assert temoin("report", "--output", "page.html").code == 0
    assert "Lived with." in Path("page.html").read_text(encoding="utf-8")
    CONFIG_FILE.write_text(CONFIG, encoding="utf-8")
    assert temoin("report", "--format", "json", "--exit-code").code == 1


@pytest.mark.usefixtures("refused")
@pytest.mark.parametrize(("days", "says"), [(30, "An exception runs out"), (31, None)])
def test_the_end_of_an_exception_is_told_before_it_comes(temoin: Program, days: int, says: str | None) -> None:
    """Thirty days before, at the head of the report; what is put in its place stands once."""
    for reason in ("Before.", "Now."):
        accept(CONFIG_FILE, "a", Verdict.REFUSED, reason=reason, owner="Lou", until=in_days(days))
    assert len(load(CONFIG_FILE, for_signing_in=False).policy.exemptions) == 1
    head = temoin("report", "--format", "markdown").out
    assert ("An exception runs out" in head) is (says is not None)
    with pytest.raises(ConfigurationError, match="is over"):
        accept(CONFIG_FILE, "a", Verdict.REFUSED, reason="x", owner="Lou", until=in_days(-1))


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """This machine in another time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    del os.environ["TZ"]
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_the_day_after_its_end_nothing_counts_in_any_time_zone(hour: int) -> None:
    """By no clock, neither UTC's nor the reader's own, is it later than the day that is counted by."""
    now = datetime(2026, 1, 31, hour, 59, tzinfo=UTC)
    assert day_of(now) == max(now.date(), now.astimezone().date())
    assert day_of(now) >= now.date()
    assert day_of(now) >= now.astimezone().date()


def test_a_policy_of_its_own_measures_what_is_stored(temoin: Program) -> None:
    """`--policy` measures every stored answer, of configured accounts or not; anything else in the file is refused."""
    a_stored_run(0, a_result("a", Verdict.REFUSED))
    policy = Path("policy.toml")
    policy.write_text('[policy]\nrefused = "ok"\n', encoding="utf-8")
    assert temoin("report", "--format", "json", "--exit-code").code == 1
    assert temoin("report", "--format", "json", "--exit-code", "--policy", "policy.toml").code == 0
    policy.write_text("strict = true\n", encoding="utf-8")
    temoin("report", "--policy", "policy.toml").ended(2, "policy.toml", "strict")


def test_a_folder_for_each_client(temoin: Program) -> None:
    """A report each, by its own configuration, and one page with their counts; equal names stay apart."""
    for client, verdict in (("dupont", Verdict.OBJECTED), ("whitfield", Verdict.REFUSED)):
        a_stored_run(0, a_result("a", verdict, owner=client.title()), root=Path(client) / "temoin-evidence")
        (Path(client) / "temoin.toml").write_text(CONFIG, encoding="utf-8")
    temoin("report", "dupont", "whitfield").ended(2, "--output")
    told = temoin("report", "dupont", "whitfield", "--output", "reports", "--exit-code")
    assert told.code == 1, told.err
    assert told.out.splitlines() == [
        "reports/dupont/Dupont_2026-11-25.en.html",
        "reports/whitfield/Whitfield_2026-11-25.en.html",
        "reports/clients.en.html",
    ]
    page = Path("reports/clients.en.html").read_text(encoding="utf-8")
    assert 'href="dupont/Dupont_2026-11-25.en.html"' in page
    alone = temoin("report", "whitfield/temoin-evidence", "--format", "json")
    assert [result.verdict for result in from_json(alone.out).results] == [Verdict.REFUSED]


def test_changes_since_the_last_report_to_a_client(temoin: Program) -> None:
    """A report is remembered as given; the next one to them tells what changed since, that to others what is new."""
    CONFIG_FILE.write_text(CONFIG, encoding="utf-8")
    a_stored_run(5, a_result("a", Verdict.PENDING))
    assert temoin("report", "--format", "csv", "--given-to", "Dupont").code == 0
    a_stored_run(3, a_result("a", Verdict.OBJECTED))
    a_stored_run(1, a_result("a", Verdict.OBJECTED))
    changed = {
        client: json.loads(temoin("report", "--format", "jsonl", "--given-to", client).out)["change"]["kind"]
        for client in ("Dupont", "Whitfield", "Dupont")
    }
    assert changed == {"Dupont": "still", "Whitfield": "still"}
    a_stored_run(0, a_result("a", Verdict.REFUSED))
    assert (
        json.loads(temoin("report", "--format", "jsonl", "--given-to", "Dupont").out)["change"]["kind"] == "regressed"
    )


@pytest.mark.usefixtures("refused")
def test_what_another_program_read_stands_in_the_report(temoin: Program) -> None:
    """It is taken in once, and reports name the program whose word it is."""
    Path("scuba.json").write_text(json.dumps(scubagoggles(**{"1_1": "Fail"})), encoding="utf-8")
    temoin("evidence", "import", "scubagoggles", "scuba.json").ended(0)
    assert "Read by ScubaGoggles 1.0.1" in temoin("report", "--format", "markdown").out.replace(
        "&#46;<!-- -->", "."
    ).replace("&#46;", ".")
    temoin("evidence", "import", "prowler", "scuba.json").ended(2, "Prowler")


def test_accounts_come_from_a_spreadsheet() -> None:
    """All rows or none: names are made where there are none, and a column that means nothing is refused."""
    table = Path("accounts.csv")
    table.write_text(
        "\ufeffowner;flow;identity;expect\nÉlan;facebook.ai_objection;1000000001;objected\nÉlan;facebook.ai_objection;1000000002;\n"
    )
    assert add_from_csv(CONFIG_FILE, table) == ("elan-facebook", "elan-facebook-2")
    accounts = load(CONFIG_FILE, for_signing_in=False).accounts
    assert [(a.owner, a.identity, a.expect) for a in accounts] == [
        ("Élan", "1000000001", Verdict.OBJECTED),
        ("Élan", "1000000002", None),
    ]
    before = CONFIG_FILE.read_text()
    for text in ("flow,identity,colour\n", "flow,identity,expect\nfacebook.ai_objection,3,maybe\n"):
        table.write_text(text)
        with pytest.raises(ConfigurationError):
            add_from_csv(CONFIG_FILE, table)
    assert CONFIG_FILE.read_text() == before
