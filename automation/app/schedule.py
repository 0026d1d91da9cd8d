"""When a schedule runs: at a minute of its own, so that not everybody comes at the full hour."""

from __future__ import annotations

import hashlib
import json
import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from jinja2 import Environment, PackageLoader, StrictUndefined

from automation import __version__
from automation.app.notices import tell
from automation.config import Settings, secret_variable
from automation.config.installation import UNKNOWN_PLACE, requirement
from automation.core.accounts import SignInMethod
from automation.core.errors import ConfigurationError
from automation.session.vault_keys import recipient_from
from automation.text.catalogue import N_
from automation.text.language import Language, language

_MINUTES = tuple(minute for minute in range(1, 60, 2) if minute % 5)
"""Odd, and none that a person would choose."""
_HOURS = (3, 4, 5, 6)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


class Every(StrEnum):
    """How often. An objection stands still for months, and each visit is one more that a service may wonder about."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class When:
    """A time that comes back."""

    every: Every
    hour: int
    minute: int
    weekday: int
    """From 1, Monday, to 7, Sunday; counts for `week`."""
    day: int
    """Of the month, from 1 to 28; counts for `month`."""

    @property
    def crontab(self) -> str:
        """The five fields of cron."""
        day = str(self.day) if self.every is Every.MONTH else "*"
        weekday = str(self.weekday % 7) if self.every is Every.WEEK else "*"
        return f"{self.minute} {self.hour} {day} * {weekday}"

    @property
    def calendar(self) -> str:
        """As systemd's `OnCalendar=` writes it."""
        time = f"{self.hour:02}:{self.minute:02}:00"
        if self.every is Every.WEEK:
            return f"{(*_DAYS, 'Sat', 'Sun')[self.weekday - 1]} *-*-* {time}"
        return f"*-*-{self.day:02} {time}" if self.every is Every.MONTH else f"*-*-* {time}"


def usual_time(every: Every, names: Iterable[str]) -> When:
    """A time early in the morning of a working day; the same for accounts of the same names, another for others."""
    seed = int.from_bytes(hashlib.sha256("\n".join(sorted(names)).encode()).digest())
    seed, minute = divmod(seed, len(_MINUTES))
    seed, hour = divmod(seed, len(_HOURS))
    seed, weekday = divmod(seed, len(_DAYS))
    return When(every, _HOURS[hour], _MINUTES[minute], weekday + 1, seed % 28 + 1)


@dataclass(frozen=True, slots=True)
class Job:
    """One account's job at a CI service."""

    account: str
    passwords: tuple[str, ...] = ()
    """Variables with its name and password; empty: it has a saved session."""


@dataclass(frozen=True, slots=True)
class CiSchedule:
    """A schedule at a CI service."""

    jobs: tuple[Job, ...]
    when: When
    config: str
    """The configuration, as seen from the repository's root."""
    package: str
    """What pip installs, such as `temoin @ git+https://…` or `./temoin-0.1.0-py3-none-any.whl`."""
    version: str
    """Témoin's own, for the head of the file."""
    evidence_for: tuple[str, ...] = ()
    """Who may open the evidence: age or SSH recipients. Nobody: the evidence ends with the job."""
    keep_days: int = 7
    even_in_public: bool = False
    heartbeat: str = ""
    """An https address that is asked for after each run with a result; empty: none."""
    lang: str = "en"
    """In which the file speaks to people."""

    @property
    def recipients(self) -> str:
        """As words of a shell."""
        return " ".join(f"--for {shlex.quote(key)}" for key in self.evidence_for)

    @property
    def to_fill_in(self) -> bool:
        """Whether the user still has to say where the package is."""
        return "HOST/OWNER" in self.package

    @property
    def sessions(self) -> tuple[Job, ...]:
        """The jobs of accounts with a saved session."""
        return tuple(job for job in self.jobs if not job.passwords)

    @property
    def tests(self) -> tuple[Job, ...]:
        """The jobs of accounts that sign in with a password."""
        return tuple(job for job in self.jobs if job.passwords)


@dataclass(frozen=True, slots=True)
class Host:
    """A schedule on a machine of one's own."""

    when: When
    program: str
    """Témoin's program, as an absolute path."""
    folder: str
    """The configuration's folder, as an absolute path."""
    version: str
    arguments: tuple[str, ...] = field(default=())
    """Further words for the program, such as accounts."""
    heartbeat: str = ""
    lang: str = "en"
    """In which the file speaks to people."""


LABEL = "temoin.check"
"""The name of our agent in launchd."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
CODES_WITH_A_RESULT = "0|1|3"
"""Exit codes of a check that came to a result: as wanted, a finding, something still open."""


def github(service: CiSchedule) -> str:
    """A workflow file of GitHub, with its minute in UTC."""
    return _filled("github.yml", service, job=service)


def gitlab(service: CiSchedule) -> str:
    """A file for GitLab's CI; the time itself is set in GitLab."""
    return _filled("gitlab.yml", service, job=service)


def cron(host: Host) -> str:
    """Lines for a crontab: silent as long as all is as wanted, a mail otherwise."""
    return _filled("crontab", host, host=host, command=_words(host.program, "check", *host.arguments))


def systemd(host: Host) -> dict[str, str]:
    """Units of systemd: name → text."""
    command = " ".join(map(_unit_quoted, (host.program, "check", *host.arguments)))
    return {name: _filled(name, host, host=host, command=command) for name in ("temoin.service", "temoin.timer")}


def launchd(host: Host) -> str:
    """
    A property list for launchd on macOS, which starts the check as soon as a machine that slept is awake again.

    Source: launchd.plist(5). A day of the week is 1 for Monday to 7 for Sunday, as ours.
    """
    when = host.when
    time = {"Hour": when.hour, "Minute": when.minute}
    time |= {Every.WEEK: {"Weekday": when.weekday}, Every.MONTH: {"Day": when.day}}.get(when.every, {})
    call = [host.program, "check", *host.arguments]
    if host.heartbeat:  # asked for after a run with a result; the exit code stays the run's own
        curl = "curl -fsS --retry 3 -m 20 -o /dev/null"
        beat = f'beat=$1; shift; "$@"; code=$?; case $code in {CODES_WITH_A_RESULT}) {curl} "$beat" ;; esac; exit $code'
        call = ["/bin/sh", "-c", beat, "temoin", host.heartbeat, *call]
    text = plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": call,
            "WorkingDirectory": host.folder,
            "StartCalendarInterval": time,
            "ProcessType": "Background",
            "Umask": 0o077,
            "StandardOutPath": f"{host.folder}/temoin-schedule.log",
            "StandardErrorPath": f"{host.folder}/temoin-schedule.log",
        },
        sort_keys=False,
    ).decode()
    head, mark, rest = text.partition("<plist")
    return head + _filled("launchd.head", host, host=host, label=LABEL) + mark + rest


def task_scheduler(host: Host) -> str:
    """
    A task for Task Scheduler on Windows, in the form that `schtasks /create /xml` reads.

    Source: [MS-TSCH] 2.5, the schema of tasks; the order of a trigger's elements is fixed there.
    """
    when = host.when
    return _filled(
        "task.xml",
        host,
        host=host,
        start=f"2026-01-01T{when.hour:02}:{when.minute:02}:00",  # any day that has passed; only the time counts
        weekday=_WEEKDAYS[when.weekday - 1],
        months=_MONTHS,
        arguments=subprocess.list2cmdline(["check", *host.arguments]),
    )


def alarm(host: Host, older_than: str) -> str:
    """Lines for the crontab of another machine, which has a copy of the evidence: mail when results stop coming."""
    command = _words(host.program, "history", "stale", "--older-than", older_than, *host.arguments)
    return _filled("alarm.crontab", host, host=host, command=command)


def _filled(name: str, order: CiSchedule | Host, **values: Any) -> str:
    return _templates(order.lang).get_template(name).render(codes=CODES_WITH_A_RESULT, **values)


def _templates(lang: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("automation.app"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - YAML, shell and units have quoting of their own, below
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
        variable_start_string="[[",  # braces are GitHub's own
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
    )
    words = language(lang)
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["written"] = lambda command, version: words.gettext(
        "Written by `temoin schedule %(command)s` (Témoin %(version)s).", command=command, version=version
    )
    environment.filters |= {
        "yaml": lambda text: json.dumps(text, ensure_ascii=False),  # every JSON string is one of YAML
        "shell": shlex.quote,
        "said": lambda text: (
            '"' + re.sub(r'([\\"$`])', r"\\\1", text) + '"'
        ),  # in which typographic apostrophes are plain
        "cron": lambda text: _cron_escaped(shlex.quote(text)),
        "unit": _unit_quoted,
        "xml": escape,
        "specifier": lambda text: text.replace("%", "%%"),
    }
    return environment


def _words(*words: str) -> str:
    return " ".join(_cron_escaped(shlex.quote(word)) for word in words)


def _cron_escaped(text: str) -> str:
    """A bare % is a line feed to cron."""
    return text.replace("%", r"\%")


def _unit_quoted(text: str) -> str:
    """A word of systemd's `ExecStart=`: quoted, its specifiers and variables taken literally."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if plain != text or any(mark in text for mark in " \t'") else plain


_URL = re.compile(r"https://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~/?&=-]*)?")


def service_of(
    settings: Settings,
    words: Language,
    when: When,
    *,
    evidence_for: Sequence[str] = (),
    keep_days: int = 7,
    heartbeat: str | None = None,
    even_in_public: bool = False,
    package: str | None = None,
) -> CiSchedule:
    """
    A schedule at a CI service; options as in `CiSchedule`. No `package` is this Témoin, from where it was installed.

    Raises ConfigurationError: an option is wrong.
    """
    for recipient in evidence_for:
        recipient_from(recipient)
    if not evidence_for:
        lost = N_("Without --evidence-for the evidence ends with each run. Your public key:")
        tell(words.gettext(lost), "temoin account key show")
    package = package or requirement()
    if UNKNOWN_PLACE in package:
        fill_in = N_("Fill in %(place)s, or put a wheel (make build) into the repository:")
        tell(words.gettext(fill_in, place=UNKNOWN_PLACE), "--package ./temoin-….whl")
    jobs = tuple(
        Job(
            account.name,
            tuple(secret_variable(account.name, part) for part in ("username", "password", "totp_secret"))
            if account.sign_in is SignInMethod.PASSWORD
            else (),
        )
        for account in settings.accounts
    )
    return CiSchedule(
        jobs=jobs,
        when=when,
        config=(settings.config or Path("temoin.toml")).as_posix(),
        package=package,
        version=__version__,
        evidence_for=tuple(evidence_for),
        keep_days=keep_days,
        even_in_public=even_in_public,
        heartbeat=_address(heartbeat),
        lang=words.code,
    )


def host_of(
    settings: Settings, lang: str, when: When, accounts: Sequence[str] = (), heartbeat: str | None = None
) -> Host:
    """A schedule on this machine: of all accounts of a configuration, unless some are named; raises as `service_of`."""
    path = (settings.config or Path("temoin.toml")).absolute()
    beside = (Path(sys.executable).with_name(name) for name in ("temoin", "temoin.exe"))
    program = next((str(path) for path in beside if path.is_file()), shutil.which("temoin") or "temoin")
    named = () if path.name == "temoin.toml" else ("--config", path.name)
    return Host(
        when=when,
        program=program,
        folder=str(path.parent),
        version=__version__,
        arguments=(*accounts, *named),
        heartbeat=_address(heartbeat),
        lang=lang,
    )


def when_of(settings: Settings, every: Every, at: str | None = None) -> When:
    """
    When the accounts of a configuration are checked: at their usual time, or at a time of day that was given.

    Raises ConfigurationError: there is no account, so nothing would be checked; or that is no time of day.
    """
    if not settings.accounts:
        raise ConfigurationError(
            f"{settings.config or 'temoin.toml'}: there is no account, so nothing would be checked",
            "Add the accounts first, with `temoin account add` or `temoin ui`.",
        )
    when = usual_time(every, (account.name for account in settings.accounts))
    if at is None:
        return when
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if not match:
        raise ConfigurationError(f'"{at}" is no time of day', "Write hour and minute: --at 06:17.")
    return replace(when, hour=int(match[1]), minute=int(match[2]))


def _address(heartbeat: str | None) -> str:
    if heartbeat and not _URL.fullmatch(heartbeat):
        raise ConfigurationError("--heartbeat: this is no plain https address", "Copy it whole; it begins https://.")
    return heartbeat or ""
