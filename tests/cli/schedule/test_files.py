"""
The ready files: right by the services' own schemas, without dangers, and quoted for whatever a name holds.

Real: GitHub's and GitLab's schemas, zizmor, shellcheck, cron's and systemd's own ways of reading, `sh`.
"""

from __future__ import annotations

import plistlib
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
import yaml

from automation.app import schedule
from automation.app.schedule import CiSchedule, Every, Host, Job, usual_time
from tests.cli.conftest import Program
from tests.cli.schedule.linting import gitlab_faults, scripts_of, shell_faults, workflow_faults

KEY = "age1407xwtv4cxgtk4xqsrma66cvkctl39c5m9ra9asky4vjwr76sd2qxwdtws"
KEYS = {"TEMOIN_VAULT_KEY", "TEMOIN_IDENTITY_KEY", "TEMOIN_SIGNING_KEY"}
PASSWORDS = ("TEMOIN_SECRETS__TEST_X__USERNAME", "TEMOIN_SECRETS__TEST_X__PASSWORD")
SERVICE = CiSchedule(
    jobs=(Job("atelier-facebook"), Job("2-instagram"), Job("test-x", PASSWORDS)),
    when=usual_time(Every.WEEK, ["atelier-facebook"]),
    config="ci/temoin.toml",
    package="temoin==0.1.0",
    version="0.1.0",
)
FULL = replace(SERVICE, evidence_for=(KEY, "ssh-ed25519 AAAAC3 lou's key"), heartbeat="https://hc.example/a?b=1&c=2")
SERVICES = {
    "plain": SERVICE,
    "full": FULL,
    "public": replace(FULL, even_in_public=True),
    "French": replace(FULL, lang="fr", package="temoin @ git+https://HOST/OWNER/temoin@COMMIT"),
    "only sessions": replace(FULL, jobs=SERVICE.jobs[:2]),
    "only passwords": replace(SERVICE, jobs=SERVICE.jobs[2:]),
}


def written(folder: Path, text: Callable[[CiSchedule], str]) -> list[Path]:
    """A file for every variant."""
    paths = []
    for name, service in SERVICES.items():
        paths.append(folder / f"{name}.yml")
        paths[-1].write_text(text(service), encoding="utf-8")
    return paths


@pytest.mark.thorough
def test_the_workflow_is_right_and_without_dangers(tmp_path: Path) -> None:
    """GitHub's schema, zizmor and shellcheck find nothing in any variant."""
    assert workflow_faults(*written(tmp_path, schedule.github)) == ""


@pytest.mark.thorough
def test_the_file_for_gitlab_is_right(tmp_path: Path) -> None:
    """GitLab's schema and shellcheck find nothing in any variant."""
    assert gitlab_faults(*written(tmp_path, schedule.gitlab)) == ""


@pytest.mark.thorough
def test_the_judges_judge(tmp_path: Path) -> None:
    """A workflow that is made worse is found, so that finding nothing means something."""
    text = schedule.github(SERVICE)
    worse = {
        "excessive-permissions": ("    permissions:\n      contents: read\n", "    permissions: write-all\n"),
        "unpinned-uses": ("@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2", "@v4"),
        "template-injection": ('temoin check "$ACCOUNT"', 'temoin check "${{ github.event.head_commit.message }}"'),
        "SC2086": ('temoin check "$ACCOUNT"', "temoin check $ACCOUNT"),
        "is not valid under any": ("runs-on:", "runs-in:"),
    }
    paths = []
    for words, (before, after) in worse.items():
        assert before in text
        paths.append(tmp_path / f"{words.replace(' ', '-')}.yml")
        paths[-1].write_text(text.replace(before, after), encoding="utf-8")
    found = workflow_faults(*paths)
    assert [words for words in worse if words not in found] == []


def test_a_workflow_gives_each_job_the_least() -> None:
    """
    Reading the repository is all it may; each account has its own lock; a job gets its own secrets and no other's.

    Sessions come from encrypted files; what is kept is encrypted and short-lived; nothing runs on a push.
    """
    text = schedule.github(FULL)
    file = yaml.safe_load(text)
    assert file["permissions"] == {}
    assert set(file[True]) == {"schedule", "workflow_dispatch"}, "`on` is a truth value in YAML 1.1"
    assert set(file["jobs"]) == {"check", "temoin-test-x"}
    for name, job in file["jobs"].items():
        assert job["permissions"] == {"contents": "read"}
        assert job["concurrency"]["cancel-in-progress"] is False
        account = "${{ matrix.account }}" if name == "check" else "test-x"
        assert job["concurrency"]["group"] == f"temoin-{account}"
        secrets = set(re.findall(r"secrets\.(\w+)", yaml.safe_dump(job)))
        assert secrets == (KEYS if name == "check" else {*KEYS, *PASSWORDS})
        upload = job["steps"][-1]
        assert upload["with"]["retention-days"] == 7
        assert upload["with"]["path"].endswith(".tar.age")
    assert file["jobs"]["check"]["strategy"]["matrix"] == {"account": ["atelier-facebook", "2-instagram"]}
    assert "upload-artifact" not in schedule.github(SERVICE), "evidence that nobody may open is not kept"


def test_a_file_for_gitlab_gives_each_job_its_lock() -> None:
    """Only a schedule starts it; one job an account at a time; what is kept is encrypted, or is the report."""
    file = yaml.safe_load(schedule.gitlab(FULL))
    common = file[".temoin"]
    assert common["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    assert common["resource_group"] == "temoin-$ACCOUNT"
    assert common["artifacts"]["paths"] == ["temoin-$ACCOUNT.tar.age"]
    assert common["artifacts"]["expire_in"] == "7 days"
    assert "paths" not in yaml.safe_load(schedule.gitlab(SERVICE))[".temoin"]["artifacts"]
    assert file["temoin"]["parallel"]["matrix"] == [{"ACCOUNT": ["atelier-facebook", "2-instagram"]}]
    assert file["temoin-test-x"]["variables"] == {"ACCOUNT": "test-x"}


@pytest.mark.parametrize("every", Every)
def test_no_time_is_a_round_one(every: Every) -> None:
    """The minute is odd and no multiple of five, the hour early, the day a working day; it depends on the accounts."""
    found = {usual_time(every, [f"account-{number}"]) for number in range(200)}
    assert all(when.minute % 2 and when.minute % 5 and 3 <= when.hour <= 6 and when.weekday <= 5 for when in found)
    assert all(1 <= when.day <= 28 for when in found)
    assert len({when.minute for when in found}) > 15
    assert usual_time(every, ["a", "b"]) == usual_time(every, ["b", "a"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze")
@pytest.mark.parametrize("every", Every)
def test_systemd_reads_the_time_as_cron_does(every: Every) -> None:
    """Both ways of writing it mean the same minute, hour and day."""
    when = usual_time(every, ["atelier"])
    answer = subprocess.run(
        ["systemd-analyze", "calendar", when.calendar],
        capture_output=True,
        text=True,
        check=True,
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
    )
    following = re.search(r"Next elapse: (\w{3}) \d{4}-\d\d-(\d\d) (\d\d):(\d\d):00", answer.stdout)
    assert following, answer.stdout
    minute, hour, day, _, weekday = when.crontab.split()
    assert (int(following[4]), int(following[3])) == (int(minute), int(hour))
    assert day in {"*", str(int(following[2]))}
    names = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
    assert weekday == "*" or following[1] == names[int(weekday)]


AWKWARD = 'a 100% "good" $HOME\'s folder'
"""What a person may call a folder; each of its marks means something to a shell, to cron or to systemd."""


def a_host(folder: Path, heartbeat: str = "") -> Host:
    """A program that says how it was called and ends with the code that lies beside it."""
    place = folder / AWKWARD
    place.mkdir()
    program = place / "temoin"
    program.write_text('#!/bin/sh\npwd > called\nprintf "%s|" "$@" >> called\necho "a table"\nexit "$(cat code)"\n')
    program.chmod(0o755)
    return Host(
        usual_time(Every.DAY, ["a"]), str(program), str(place), "0.1.0", ("atelier", "--config", "x%y.toml"), heartbeat
    )


@pytest.mark.parametrize(
    ("code", "said", "sent"),
    [(0, "", True), (1, "a table", True), (2, "a table", False), (3, "a table", True), (4, "a table", False)],
)
def test_cron_is_silent_until_something_is_wrong(code: int, said: str, sent: bool, tmp_path: Path) -> None:
    """
    The line does what it says in a real `sh`, after cron's own reading of %, in a folder with an awkward name.

    It prints only where not all is as wanted, and asks for the heartbeat only after a result.
    """
    host = a_host(tmp_path, "https://hc.example/a?b=1&c=2")
    (Path(host.folder) / "code").write_text(str(code))
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\necho "$*" > "$0.called"\n')
    curl.chmod(0o755)
    lines = [line for line in schedule.cron(host).splitlines() if not line.startswith("#")]
    fields = lines[-1].split(maxsplit=5)
    assert fields[:5] == host.when.crontab.split()
    assert not re.search(r"(?<!\\)%", fields[5]), "cron ends the command there"
    command = fields[5].replace(r"\%", "%")
    (tmp_path / "command").write_text(command)
    assert shell_faults(tmp_path / "command", shell="sh", besides="SC2148,SC2016") == "", "quoted on purpose"
    answer = subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": "/"},
    )
    assert answer.stdout.strip() == said
    called = (Path(host.folder) / "called").read_text()
    assert called == f"{host.folder}\ncheck|atelier|--config|x%y.toml|"
    assert curl.with_suffix(".called").exists() is sent
    assert not sent or "https://hc.example/a?b=1&c=2" in curl.with_suffix(".called").read_text()


def test_the_alarm_is_for_another_machine(tmp_path: Path) -> None:
    """It runs `temoin history stale` in the folder of the copy, and visits nobody."""
    line = schedule.alarm(replace(a_host(tmp_path), arguments=()), "10d").splitlines()[-1]
    (Path(tmp_path / AWKWARD) / "code").write_text("3")
    answer = subprocess.run(["/bin/sh", "-c", line.split(maxsplit=5)[5].replace(r"\%", "%")], check=False)
    assert answer.returncode == 3, "cron mails what it printed"
    assert (tmp_path / AWKWARD / "called").read_text().endswith("\nhistory|stale|--older-than|10d|")


def test_the_units_quote_for_systemd(tmp_path: Path) -> None:
    """Specifiers and variables in names stay what they are; the umask keeps evidence to its owner."""
    units = schedule.systemd(a_host(tmp_path, "https://hc.example/50%25"))
    service = units["temoin.service"]
    assert set(units) == {"temoin.service", "temoin.timer"}
    assert 'a 100%% \\"good\\" $$HOME\'s folder/temoin" check atelier --config "x%%y.toml"' in service
    assert 'a 100%% "good" $HOME\'s folder\n' in service, "a path alone is not quoted, only its specifiers are"
    assert "UMask=0077" in service
    assert "https://hc.example/50%%25" in service
    assert "OnCalendar=*-*-* " in units["temoin.timer"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze")
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_systemd_accepts_the_units(lang: str, tmp_path: Path) -> None:
    """Systemd itself has nothing to say against them."""
    host = replace(a_host(tmp_path, "https://hc.example/a"), folder="/", program="/bin/true", lang=lang)
    for name, text in schedule.systemd(host).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--user", *map(str, tmp_path.glob("temoin.*"))]
    answer = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    ours = [line for line in answer.stderr.splitlines() if str(tmp_path) in line or "temoin" in line]
    assert (answer.returncode, ours) == (0, [])


def test_scripts_are_found(tmp_path: Path) -> None:
    """What shellcheck is shown is all the shell there is."""
    path = tmp_path / "f.yml"
    path.write_text(schedule.github(SERVICE), encoding="utf-8")
    assert len(scripts_of(path)) == 8
    path.write_text(schedule.gitlab(SERVICE), encoding="utf-8")
    assert len(scripts_of(path)) == 2


ROOT = Path(__file__).resolve().parents[3]
ACTION, TEMPLATE = ROOT / "action.yml", ROOT / "templates" / "temoin.yml"


@pytest.mark.thorough
def test_the_action_is_right_and_without_dangers(tmp_path: Path) -> None:
    """GitHub's schema of actions, zizmor and shellcheck find nothing; zizmor is shown it where actions lie."""
    place = tmp_path / "action.yml"
    place.write_text(ACTION.read_text(encoding="utf-8"), encoding="utf-8")
    assert workflow_faults(place, action=True) == ""


@pytest.mark.thorough
def test_the_judges_see_the_action(tmp_path: Path) -> None:
    """An input that gets into a shell unquoted by an expression is found, so that finding nothing means something."""
    place = tmp_path / "action.yml"
    text = ACTION.read_text(encoding="utf-8")
    assert 'check "$ACCOUNT"' in text
    place.write_text(text.replace('check "$ACCOUNT"', "check ${{ inputs.account }}"), encoding="utf-8")
    assert "template-injection" in workflow_faults(place, action=True)


def test_no_word_from_outside_gets_into_a_shell() -> None:
    """Scripts of the action take every input from a variable."""
    for step in yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


@pytest.mark.thorough
def test_the_template_is_right(tmp_path: Path) -> None:
    """GitLab's schema and shellcheck find nothing once the inputs are put in; every input is declared and used."""
    head, body = yaml.safe_load_all(TEMPLATE.read_text(encoding="utf-8"))
    inputs = head["spec"]["inputs"]
    text = TEMPLATE.read_text(encoding="utf-8").partition("\n---\n")[2]
    assert set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", text)) == set(inputs)
    assert body["temoin"]["resource_group"] == "temoin-$ACCOUNT"
    values = {name: str(declared.get("default", "[one, two]")).lower() for name, declared in inputs.items()}
    for name, value in values.items():
        text = text.replace(f"$[[ inputs.{name} ]]", value)
    path = tmp_path / "temoin.yml"
    path.write_text(text, encoding="utf-8")
    assert gitlab_faults(path) == ""


def test_the_shell_of_the_workshop_is_right() -> None:
    """Shellcheck finds nothing in the programs that CI runs."""
    split_on_purpose = "SC2086"
    assert shell_faults(ROOT / ".ci" / "run", besides=split_on_purpose) == ""


NAMESPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
WINDOWS = Host(
    usual_time(Every.WEEK, ["a"]),
    r"C:\Bureau\Zoë & Co\temoin.exe",
    r"C:\Bureau\Zoë & Co\<comptes>",
    "0.1.0",
    ("atelier", "--config", 'my "own" file.toml'),
)


@pytest.mark.parametrize("every", Every)
def test_launchd_gets_the_time_and_the_program(every: Every, tmp_path: Path) -> None:
    """The list is one of Apple's, its time the schedule's, its words the program's; evidence is for its owner alone."""
    host = replace(a_host(tmp_path), when=usual_time(every, ["a"]))
    told = plistlib.loads(schedule.launchd(host).encode())
    when = {"Hour": host.when.hour, "Minute": host.when.minute}
    when |= {Every.WEEK: {"Weekday": host.when.weekday}, Every.MONTH: {"Day": host.when.day}}.get(every, {})
    assert told["StartCalendarInterval"] == when
    assert told["ProgramArguments"] == [host.program, "check", *host.arguments]
    assert (told["WorkingDirectory"], told["Umask"]) == (host.folder, 0o077)
    assert "RunAtLoad" not in told, "installing it checks nobody at once"
    assert "nobody has run it" in schedule.launchd(host)


@pytest.mark.parametrize(("code", "sent"), [(0, True), (1, True), (2, False), (3, True), (4, False)])
def test_what_launchd_starts_keeps_the_code(code: int, sent: bool, tmp_path: Path) -> None:
    """Run as launchd would: the program with its words, the heartbeat only after a result, the program's exit code."""
    host = a_host(tmp_path, "https://hc.example/a?b=1&c=2")
    (Path(host.folder) / "code").write_text(str(code))
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\necho "$*" > "$0.called"\n')
    curl.chmod(0o755)
    told = plistlib.loads(schedule.launchd(host).encode())
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    ended = subprocess.run(told["ProgramArguments"], cwd=told["WorkingDirectory"], env=environment, check=False)
    assert ended.returncode == code
    assert (Path(host.folder) / "called").read_text() == f"{host.folder}\ncheck|atelier|--config|x%y.toml|"
    assert curl.with_suffix(".called").exists() is sent
    assert not sent or curl.with_suffix(".called").read_text().endswith("https://hc.example/a?b=1&c=2\n")


@pytest.mark.parametrize("every", Every)
def test_a_task_follows_the_schema(every: Every) -> None:
    """Names, order and types of its elements are those of Microsoft's documentation, at the schedule's time."""
    schema = xmlschema.XMLSchema(Path(__file__).with_name("task.xsd"))
    host = replace(WINDOWS, when=usual_time(every, ["a"]))
    text = schedule.task_scheduler(host)
    schema.validate(text)
    assert not schema.is_valid(text.replace("<RandomDelay>PT20M</RandomDelay>", "").replace("Boundary", "Bound"))
    task = ElementTree.fromstring(text)
    start = task.findtext(".//t:StartBoundary", namespaces=NAMESPACE)
    assert start is not None
    assert start.endswith(f"T{host.when.hour:02}:{host.when.minute:02}:00")
    days = [re.sub(r"\{.*\}", "", day.tag) for day in task.findall(".//t:DaysOfWeek/*", NAMESPACE)]
    assert days == ([["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"][host.when.weekday - 1]] if days else [])
    assert bool(days) is (every is Every.WEEK)
    assert len(task.findall(".//t:Months/*", NAMESPACE)) == (12 if every is Every.MONTH else 0)


def test_a_task_quotes_for_windows() -> None:
    """Marks of XML and of a command line in names stay what they are; the task has no more rights than its user."""
    task = ElementTree.fromstring(schedule.task_scheduler(WINDOWS))
    said = {name: task.findtext(f".//t:{name}", namespaces=NAMESPACE) for name in ("Command", "WorkingDirectory")}
    assert said == {"Command": WINDOWS.program, "WorkingDirectory": WINDOWS.folder}
    arguments = task.findtext(".//t:Arguments", namespaces=NAMESPACE)
    assert arguments == r'check atelier --config "my \"own\" file.toml"'
    assert task.findtext(".//t:RunLevel", namespaces=NAMESPACE) == "LeastPrivilege"


@pytest.mark.parametrize("way", ["launchd", "task-scheduler"])
def test_it_is_said_that_nobody_tried_it(way: str, temoin: Program) -> None:
    """The file goes to stdout, and the warning beside it, where no pipe swallows it."""
    Path("temoin.toml").write_text(
        '[[accounts]]\nname = "a"\nflow = "facebook.ai_objection"\nowner = "o"\nidentity = "100083456712345"\n'
    )
    told = temoin("schedule", way)
    assert told.code == 0, told.err
    assert told.out.startswith("<?xml")
    assert "never run there" in told.err
